/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ratio in a MeasureReport: each of its populations, as its own report has it, with what it comes to where
 * that is an amount or the score that multiplies; and the score, where all are told and the denominator is more than 0, or
 * why there is none.
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

/* ${amount}, in ten-thousandths, beside the number of things that come to it. */
static void put_beside(struct json_out *o, int64_t amount, struct str unit)
{
    json_name(o, "extension");
    json_open(o, '[');
    json_open(o, '{');
    json_name(o, "url");
    json_put_str(o, AMOUNT_URL);
    json_name(o, "valueQuantity");
    json_open(o, '{');
    put_amount(o, amount, unit);
    json_close(o, '}');
    json_close(o, '}');
    json_close(o, ']');
}

static void put_part(struct json_out *o, enum indicator_role role,
    const struct indicator_part *part, const struct ratio_told *told, struct str unit,
    const char *list)
{
    static const char *const codes[INDICATOR_ROLES] = {
        [INDICATOR_NUMERATOR] = "numerator",
        [INDICATOR_TIMES] = "measure-observation",
        [INDICATOR_DENOMINATOR] = "denominator"};
    bool factor = role == INDICATOR_TIMES;
    int64_t amount = told->amount;

    json_open(o, '{');
    if ((factor || is_amount(part)) && told->known && !told->masked && unit.p &&
        (!factor || indicator_ratio(told->amount, told->of, 1, &amount)))
        put_beside(o, amount, unit);
    indicator_put_counted(o, codes[role], told->population, told->masked, list);
    json_close(o, '}');
}

/* Of what the amount of a part is. */
static struct str unit_of(
    const struct indicator_define *d, enum indicator_role role, struct str currency)
{
    const struct indicator_define *of = d->parts[role].define;

    if (role == INDICATOR_NUMERATOR && d->currency.path)
        return currency;
    return of->scoring == INDICATOR_PROPORTION ? STR("share") : of->unit;
}

/* What is not known of one is not what is not known of the other. */
static bool is_known(const struct indicator_run *run, uint32_t stratum)
{
    return stratum == INDICATOR_NO_STRATUM ||
           !str_is(run->strata[stratum].text, "unknown");
}

/* Of part of its records a figure is another one, and so is what it is multiplied with or set against. NULL: nothing stands
 * against a score. */
static const struct no_score *why_none(const struct indicator_run *run,
    uint32_t stratum, const struct ratio_told told[INDICATOR_ROLES],
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
                          "the denominator is here, or it is 0 or less."},
        {"nothing-to-multiply", "There is nothing to multiply with: there was none of "
                                "which it would be the middle or the share."}};
    bool masked = false, missing = false;

    for (int i = 0; i < INDICATOR_ROLES; i++) {
        masked = masked || told[i].masked;
        missing = missing || told[i].parts_missing;
    }
    if (masked)
        return &reasons[0];
    if (!is_known(run, stratum))
        return &reasons[1];
    if (missing)
        return &reasons[2];
    if (run->left_out > 0)
        return &reasons[3];
    if (run->ask.define->currency.path && !currency.p)
        return &reasons[4];
    if (!told[INDICATOR_NUMERATOR].known || !told[INDICATOR_DENOMINATOR].known ||
        told[INDICATOR_DENOMINATOR].amount <= 0)
        return &reasons[5];
    return told[INDICATOR_TIMES].known ? NULL : &reasons[6];
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

/* What the parts come to; false: the numbers are too large. */
static bool score_of(const struct indicator_run *run,
    const struct ratio_told told[INDICATOR_ROLES], int64_t *ret)
{
    const struct ratio_told *times = &told[INDICATOR_TIMES];
    int64_t over = told[INDICATOR_NUMERATOR].amount;
    int64_t under = told[INDICATOR_DENOMINATOR].amount;

    return indicator_times(&over, &under, times->amount, times->of) &&
           indicator_ratio(over, under, run->ask.define->per, ret);
}

static void put_score(const struct indicator_define *d, struct json_out *o,
    int64_t score, struct str currency)
{
    json_name(o, "measureScore");
    json_open(o, '{');
    if (d->estimate) {
        json_name(o, "extension");
        json_open(o, '[');
        json_open(o, '{');
        json_name(o, "url");
        json_put_str(o, INDICATOR_ESTIMATE_URL);
        json_name(o, "valueBoolean");
        json_put_bool(o, true);
        json_close(o, '}');
        json_close(o, ']');
    }
    put_amount(o, score, d->currency.path ? currency : d->unit);
    json_close(o, '}');
}

int indicator_put_ratio(struct indicator_run *run, struct json_out *o, uint32_t stratum,
    struct str currency, struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    struct ratio_told told[INDICATOR_ROLES];
    bool listed = run->ask.subjects && stratum == INDICATOR_NO_STRATUM;
    const struct no_score *why = NULL;
    int64_t score = 0;
    int r = ratio_tell(run, stratum, told, err);

    if (r < 0)
        return r;
    json_name(o, "population");
    json_open(o, '[');
    for (int i = 0; i < INDICATOR_ROLES; i++) {
        enum indicator_role role = (enum indicator_role)i;

        if (d->parts[i].define)
            put_part(o, role, &d->parts[i], &told[i], unit_of(d, role, currency),
                listed && role == INDICATOR_NUMERATOR ? "#" INDICATOR_MET : NULL);
    }
    json_close(o, ']');
    why = why_none(run, stratum, told, currency);
    if (why)
        put_no_score(o, why);
    else if (score_of(run, told, &score))
        put_score(d, o, score, currency);
    return 0;
}
