/* SPDX-License-Identifier: Apache-2.0 */
/* What was published against what was computed. */
#include "app/figure_ask.h"

static const char *const whys[] = {"told", "no-definition", "scope-in-words",
    "other-unit", "not-told", "partly-told", "steps", "nothing", "not-read",
    "currencies", "no-time", "no-divisor"};
static const char *const verdicts[] = {
    "matches", "differs", "fits-years", "fits-no-year", "cannot"};

/* Why no verdict is told, to whoever reads it on a terminal or in a workbook; also of the codes of data/report.json. */
static const struct {
    const char *code, *text;
} why_texts[] = {
    {"no-definition", "there is no definition of it here"},
    {"scope-in-words", "whose figure was published stands in words alone"},
    {"other-unit", "what was published counts something else"},
    {"not-told", "it may not be told to whoever asked"},
    {"partly-told", "whoever asked may not read all of what it is made of"},
    {"steps", "it is told in steps of five, and some of them match"},
    {"nothing", "no record says anything of it"},
    {"not-read", "what was published cannot be read as a figure"},
    {"currencies", "it is in several currencies, which are never added"},
    {"no-divisor", "what it is divided by is nought or less"},
    {"no-figure", "nothing was published of it"},
    {"no-number", "published without a number"},
    {"no-time", "published without a time"},
    {"no-number-or-time", "published without a number and without a time"},
};

const char *figure_why_text(struct str code)
{
    for (size_t i = 0; i < sizeof(why_texts) / sizeof(why_texts[0]); i++) {
        if (str_is(code, why_texts[i].code))
            return why_texts[i].text;
    }
    return "";
}

const char *figure_why_code(enum figure_why why)
{
    return why < FIGURE_WHYS ? whys[why] : NULL;
}

const char *figure_verdict_code(enum figure_verdict verdict)
{
    return verdict <= FIGURE_CANNOT ? verdicts[verdict] : NULL;
}

struct figure_judged figure_judge(
    const struct claim *claim, const struct figure_computed *computed)
{
    double by_low = 0, by_high = 0;
    enum claim_verdict low = CLAIM_DIFFERS, high = CLAIM_DIFFERS;

    if (computed->why != FIGURE_TOLD)
        return (struct figure_judged){FIGURE_CANNOT, 0, computed->why};
    low = claim_judge(claim, computed->low, &by_low);
    high = claim_judge(claim, computed->high, &by_high);
    if (low == CLAIM_MATCHES && high == CLAIM_MATCHES)
        return (struct figure_judged){FIGURE_MATCHES, 0, FIGURE_TOLD};
    /* in steps: whatever it is, it must be on one side */
    if (low != high || (by_low < 0) != (by_high < 0))
        return (struct figure_judged){FIGURE_CANNOT, 0, FIGURE_STEPS};
    return (struct figure_judged){
        FIGURE_DIFFERS, by_low < 0 ? by_high : by_low, FIGURE_TOLD};
}
