/* SPDX-License-Identifier: Apache-2.0 */
/* A published figure beside what the events say, as it is told. */
#include "app/figure_ask.h"
#include "fhir/part.h"
#include "fhir/value.h"
#include "view/indicator_define.h"

static bool has_figure(const struct figure_computed *computed)
{
    return computed->why == FIGURE_TOLD || computed->why == FIGURE_PARTLY_TOLD;
}

int figure_tell(struct app_call *call, struct store_reader *snapshot,
    const struct figure_row *row, struct figure_told *ret, struct err *err)
{
    struct figure_computed compared = {.why = FIGURE_NOTHING};
    enum figure_why why = FIGURE_TOLD;
    int r = figure_question_of(call->arena, row, &ret->question, &why, err);

    ret->computed = (struct figure_computed){.why = why};
    ret->no_claim = (struct str){NULL, 0};
    ret->years = (struct figure_years){0};
    if (r == 0 && row->claim.dateless) {
        r = figure_last_year(call, &ret->question.until, err);
        ret->question.from = ret->question.until;
        if (r == 0 && why == FIGURE_TOLD)
            return figure_tell_years(call, snapshot, row, ret, err);
    }
    if (r == 0 && why != FIGURE_NO_DEFINITION && why != FIGURE_NOT_READ)
        r = figure_ask(call, snapshot, &ret->question, &ret->computed, err);
    compared = ret->computed;
    if (why != FIGURE_TOLD && has_figure(&compared))
        compared.why = why;
    ret->judged = figure_judge(&row->claim, &compared);
    return r;
}

static void put_question(struct json_out *o, const struct figure_question *q)
{
    const struct indicator_defines *all = NULL;
    const struct indicator_define *d =
        indicator_defines(&all, NULL) == 0 ? indicator_find(all, q->indicator) : NULL;
    bool at_end = d && d->rule == INDICATOR_AT_END && d->count != INDICATOR_DAYS;

    fhir_part_put(o, "asked", "valueCode", q->indicator);
    if (d)
        fhir_part_put(o, "counts", "valueString", d->unit);
    fhir_part_put_code(o, "rule", at_end ? "at-end" : "in");
    fhir_part_put(o, "stratum", "valueString", q->stratum);
    fhir_part_put(o, "from", "valueDate", q->from);
    fhir_part_put(o, "until", "valueDate", q->until);
    fhir_part_put(o, "base-from", "valueDate", q->base_from);
    fhir_part_put(o, "base-until", "valueDate", q->base_until);
}

/* ${value} with as many of four places behind its point as are not nought: steps and persons are whole. */
static void put_number(struct json_out *o, const char *name, double value)
{
    char text[40];
    int len = snprintf(text, sizeof(text), "%.4f", value);

    while (len > 0 && text[len - 1] == '0')
        len--;
    if (len > 0 && text[len - 1] == '.')
        len--;
    fhir_part_put_decimal(o, name, (struct str){text, (size_t)len});
}

/* One end of the interval of a share, in percent as its value is. */
static void put_end(struct json_out *o, const char *name, struct str share)
{
    char text[24];
    double end = 0;

    if (!share.p || !fhir_number(share, &end))
        return;
    snprintf(text, sizeof(text), "%.2f", end * 100);
    fhir_part_put(o, name, "valueString", str_of(text));
}

/* Of a share: how many of how many, and between what it lies. */
static void put_share(struct json_out *o, const struct json *report)
{
    const struct json *group = json_at(json_get(report, "group"), 0);
    const struct json *interval =
        json_at(json_get(json_get(group, "measureScore"), "extension"), 0);
    struct json_each it = json_each(json_get(interval, "extension"));

    if (!figure_population(group, "numerator").p)
        return;
    fhir_part_put(o, "met", "valueString", figure_population(group, "numerator"));
    fhir_part_put(o, "of", "valueString", figure_population(group, "denominator"));
    while (json_next(&it)) {
        struct str name = json_get_text(it.value, "url");
        struct str share = json_text(json_get(it.value, "valueDecimal"));

        if (str_is(name, "low") || str_is(name, "high"))
            put_end(o, str_is(name, "low") ? "low" : "high", share);
    }
}

/* Does ${report} say of its score that nobody saw it, but worked it out from what others did? */
static bool is_estimate(const struct json *report)
{
    const struct json *group = json_at(json_get(report, "group"), 0);
    struct json_each it =
        json_each(json_get(json_get(group, "measureScore"), "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), INDICATOR_ESTIMATE_URL))
            return json_kind(json_get(it.value, "valueBoolean")) == JSON_TRUE;
    }
    return false;
}

/* A figure that is masked is one to four. */
static void put_computed(
    struct json_out *o, const struct figure_computed *computed, bool growth)
{
    if (!has_figure(computed))
        return;
    fhir_part_put(
        o, "value", "valueString", computed->value.p ? computed->value : STR("1"));
    if (computed->high > computed->low)
        put_number(o, "at-most", computed->high);
    fhir_part_put(o, "unit", "valueString", computed->unit);
    if (is_estimate(computed->report))
        fhir_part_put_code(o, "kind", "estimate");
    if (!growth && str_is(computed->unit, "%"))
        put_share(o, computed->report);
}

static void put_years(struct json_out *o, const struct figure_years *years)
{
    char first[24], last[24];

    if (!years->first)
        return;
    snprintf(first, sizeof(first), "%lld", (long long)years->first);
    snprintf(last, sizeof(last), "%lld", (long long)years->last);
    fhir_part_put(o, "years", "valueString", years->fit);
    fhir_part_put(o, "looked-from", "valueDate", str_of(first));
    fhir_part_put(o, "looked-until", "valueDate", str_of(last));
}

void figure_put(struct json_out *o, const struct figure_told *told)
{
    const struct figure_judged *judged = &told->judged;

    put_question(o, &told->question);
    put_computed(o, &told->computed, told->question.base_until.p != NULL);
    fhir_part_put_code(o, "verdict", figure_verdict_code(judged->verdict));
    if (judged->verdict == FIGURE_DIFFERS || judged->verdict == FIGURE_FITS_NO_YEAR)
        put_number(o, "by", judged->by);
    put_years(o, &told->years);
    if (judged->verdict == FIGURE_CANNOT && judged->why != FIGURE_TOLD)
        fhir_part_put_code(o, "why", figure_why_code(judged->why));
    else
        fhir_part_put(o, "why", "valueCode", told->no_claim);
    fhir_part_put(o, "sentence", "valueString", told->computed.sentence);
}
