/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ratio in a MeasureReport: both of its populations, each as its own report has it, with what it comes to where
 * that is an amount; and the score, where both are told and the denominator is more than 0, or why there is none.
 */
#include "base/money.h"

#include "app/indicator_ratio_internal.h"

#define AMOUNT_URL "https://belay.health/StructureDefinition/indicator-amount"

#define NO_SCORE_URL "https://belay.health/StructureDefinition/indicator-no-score"

/* Why a ratio has no score. */
struct no_score {
    const char *code, *text;
};

static bool is_amount(const struct indicator_part *part)
{
    return part->define->count == INDICATOR_SUM ||
           part->define->count == INDICATOR_MEAN;
}

static void put_amount(struct json_out *o, int64_t amount, struct str unit)
{
    char text[MONEY_CHARS];

    money_text(amount, text);
    json_name(o, "value");
    json_put_raw(o, str_of(text));
    json_member(o, "unit", unit);
}

static void put_half(struct json_out *o, const char *code,
    const struct indicator_part *part, const struct ratio_told *told, struct str unit)
{
    json_open(o, '{');
    if (is_amount(part) && told->known && !told->masked && unit.p) {
        json_name(o, "extension");
        json_open(o, '[');
        json_open(o, '{');
        json_name(o, "url");
        json_put_str(o, AMOUNT_URL);
        json_name(o, "valueQuantity");
        json_open(o, '{');
        put_amount(o, told->amount, unit);
        json_close(o, '}');
        json_close(o, '}');
        json_close(o, ']');
    }
    indicator_put_count(o, code, told->population, told->masked);
    json_close(o, '}');
}

/* What is not known of one is not what is not known of the other. */
static bool is_known(const struct indicator_run *run, uint32_t stratum)
{
    return stratum == INDICATOR_NO_STRATUM ||
           !str_is(run->strata[stratum].text, "unknown");
}

/* Of part of its records a figure is another one, and so is what it is set against. NULL: nothing stands against a score. */
static const struct no_score *why_none(const struct indicator_run *run,
    uint32_t stratum, const struct ratio_told *over, const struct ratio_told *under,
    struct str currency)
{
    static const struct no_score reasons[] = {
        {"masked", "Small numbers are not told, nor what they could be worked out "
                   "from."},
        {"not-known", "What is not known of one half is not what is not known of the "
                      "other."},
        {"parts-missing",
            "Of some places it is written down how many live there, and not how many "
            "of these are of this stratum: what happened there would count, and who "
            "lives there would not."},
        {"left-out", "Some of its records may not be read by who asks."},
        {"currencies", "Currencies are never added: ask of one."},
        {"nothing-below", "There is nothing to divide by: nobody wrote down how much "
                          "the denominator is here, or it is 0 or less."}};

    if (over->masked || under->masked)
        return &reasons[0];
    if (!is_known(run, stratum))
        return &reasons[1];
    if (over->parts_missing || under->parts_missing)
        return &reasons[2];
    if (run->left_out > 0)
        return &reasons[3];
    if (run->ask.define->currency.path && !currency.p)
        return &reasons[4];
    return over->known && under->known && under->amount > 0 ? NULL : &reasons[5];
}

static void put_no_score(struct json_out *o, const struct no_score *why)
{
    json_name(o, "extension");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "url", STR(NO_SCORE_URL));
    json_name(o, "extension");
    json_open(o, '[');
    json_open(o, '{');
    json_member(o, "url", STR("code"));
    json_member(o, "valueCode", str_of(why->code));
    json_close(o, '}');
    json_open(o, '{');
    json_member(o, "url", STR("text"));
    json_member(o, "valueString", str_of(why->text));
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
    json_close(o, ']');
}

int indicator_put_ratio(struct indicator_run *run, struct json_out *o, uint32_t stratum,
    struct str currency, struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    const struct indicator_part *halves = d->halves;
    struct ratio_told over = {.hidden = false}, under = {.hidden = false};
    const struct no_score *why = NULL;
    int64_t score = 0;
    int r = ratio_tell(run, INDICATOR_NUMERATOR, stratum, &over, err);

    if (r == 0)
        r = ratio_tell(run, INDICATOR_DENOMINATOR, stratum, &under, err);
    if (r < 0)
        return r;
    json_name(o, "population");
    json_open(o, '[');
    put_half(o, "numerator", &halves[INDICATOR_NUMERATOR], &over,
        d->currency.path ? currency : halves[INDICATOR_NUMERATOR].define->unit);
    put_half(o, "denominator", &halves[INDICATOR_DENOMINATOR], &under,
        halves[INDICATOR_DENOMINATOR].define->unit);
    json_close(o, ']');
    why = why_none(run, stratum, &over, &under, currency);
    if (why)
        put_no_score(o, why);
    if (why || !indicator_ratio(over.amount, under.amount, d->per, &score))
        return 0;
    json_name(o, "measureScore");
    json_open(o, '{');
    put_amount(o, score, d->currency.path ? currency : d->unit);
    json_close(o, '}');
    return 0;
}
