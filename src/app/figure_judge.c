/* SPDX-License-Identifier: Apache-2.0 */
/* What was published against what was computed. */
#include "app/figure_ask.h"

static const char *const whys[] = {"told", "no-definition", "scope-in-words",
    "other-unit", "not-told", "partly-told", "steps", "nothing", "not-read",
    "currencies", "no-divisor"};
static const char *const verdicts[] = {"matches", "differs", "cannot"};

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
