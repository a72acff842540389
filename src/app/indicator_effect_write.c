/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What $effect tells, as Parameters: when assistance began, the baseline year, the level that changed and
 * the slope, the difference to those that were not assisted, each month as it was, as fitted and had
 * nothing changed; or a code why something cannot be told. With it goes in words what a figure does not show.
 */
#include "app/indicator_effect_internal.h"
#include "app/procedure_internal.h"
#include "fhir/part.h"

#define YEAR 12

static const struct {
    const char *code, *words;
} reasons[EFFECT_REASONS] = {
    [EFFECT_TOLD] = {"told", ""},
    [EFFECT_FEW_BEFORE] = {"few-before",
        "It cannot be told because fewer than 8 months before assistance are known."},
    [EFFECT_FEW_AFTER] = {"few-since",
        "It cannot be told because fewer than 8 months since assistance are known."},
    [EFFECT_NO_COMPARISON] = {"no-comparison",
        "It cannot be told because nothing that was not assisted is known for all of "
        "these months."},
    [EFFECT_NO_BASELINE] = {"no-baseline",
        "It cannot be told because there was nothing before, of which growth could be "
        "a part."},
    [EFFECT_ALIKE] = {"alike",
        "It cannot be told because what changed cannot be told apart from time "
        "itself."},
};

#define NOT_SHOWN                                                                      \
    "This does not show that assistance made the change. Whatever else began in "      \
    "those "                                                                           \
    "months, such as a new building, more people living there, another way of "        \
    "counting or of paying, would look the same; how many people the hospital serves " \
    "is not taken into account. Where departments went apart before already, the "     \
    "difference to them says little."

/* To four places; what is none there is 0 and not less than that. */
static void put_real(struct json_out *o, const char *name, double value)
{
    fhir_part_put_real(o, name, value > -0.00005 && value < 0 ? 0 : value);
}

static void put_month(struct json_out *o, const char *name, int64_t month)
{
    char text[16];

    snprintf(text, sizeof(text), "%04u-%02u", (unsigned)(month / YEAR) % 10000,
        (unsigned)(month % YEAR) + 1);
    fhir_part_put(o, name, "valueString", str_of(text));
}

static int put_unit(struct effect_found *f, struct json_out *o, const char *name,
    store_rid rid, struct err *err)
{
    struct str reference = {NULL, 0};
    int r = indicator_reference(f->run, rid, &reference, err);

    if (r == 0)
        fhir_part_put_reference(o, name, reference,
            procedure_name(f->run->call, f->run->snapshot, reference));
    return r;
}

static void put_estimate(
    struct json_out *o, const char *name, const struct effect_estimate *e)
{
    fhir_parts_open(o, name);
    put_real(o, "value", e->value);
    put_real(o, "low", e->low);
    put_real(o, "high", e->high);
    fhir_parts_close(o);
}

static void put_reason(struct json_out *o, enum effect_reason reason)
{
    fhir_part_put_code(o, "reason", reasons[reason].code);
    fhir_part_put(o, "why", "valueString", str_of(reasons[reason].words));
}

static void put_interrupted(struct json_out *o, const struct effect_interrupted *e)
{
    fhir_parts_open(o, "interrupted");
    put_reason(o, e->reason);
    fhir_part_put_int(o, "before", (long long)e->before);
    fhir_part_put_int(o, "since", (long long)e->after);
    if (e->reason == EFFECT_TOLD) {
        fhir_part_put_int(o, "lag", (long long)e->lag);
        fhir_part_put_flag(o, "seasonal", e->seasonal);
        put_real(o, "begin", e->begin);
        put_real(o, "trend", e->trend);
        put_estimate(o, "level", &e->level);
        put_estimate(o, "slope", &e->slope);
        put_estimate(o, "last", &e->last);
    }
    fhir_parts_close(o);
}

static int put_difference(struct effect_found *f, struct json_out *o, struct err *err)
{
    const struct effect_difference *d = &f->difference;
    int r = 0;

    fhir_parts_open(o, "difference");
    put_reason(o, d->reason);
    fhir_part_put_int(o, "compared", (long long)d->compared);
    fhir_part_put_int(o, "left-out", (long long)d->left_out);
    for (size_t i = 0; r == 0 && i < f->compared_count; i++) {
        if (d->taken[i])
            r = put_unit(f, o, "with", f->compared[i]->rid, err);
    }
    if (d->reason == EFFECT_TOLD) {
        fhir_part_put_int(o, "lag", (long long)d->lag);
        put_estimate(o, "grown", &d->grown);
        put_estimate(o, "apart", &d->apart);
    }
    fhir_parts_close(o);
    return r;
}

static void put_year(
    struct json_out *o, const char *name, const struct effect_year *year, bool count)
{
    struct interval between = interval_count(year->value);

    if (!year->year)
        return;
    fhir_parts_open(o, name);
    fhir_part_put_int(o, "year", (long long)year->year);
    put_real(o, "value", year->value);
    if (count) {
        put_real(o, "low", between.low);
        put_real(o, "high", between.high);
    }
    fhir_parts_close(o);
}

/* The baseline stands fixed; growth beside it is growth and no effect. */
static void put_years(struct effect_found *f, struct json_out *o)
{
    put_year(o, "baseline", &f->baseline, true);
    put_year(o, "latest", &f->latest, true);
    if (f->baseline.year && f->latest.year && f->baseline.value > 0)
        put_real(o, "growth", f->latest.value / f->baseline.value - 1);
}

static void put_months(struct effect_found *f, struct json_out *o)
{
    const struct effect_series *series = &f->units[0].series;
    bool told = f->began != UTC_MS_MAX && f->interrupted.reason == EFFECT_TOLD;

    for (size_t i = 0; i < series->count; i++) {
        fhir_parts_open(o, "month");
        put_month(o, "month", series->list[i].month);
        put_real(o, "value", series->list[i].value);
        if (told) {
            put_real(o, "fitted", f->interrupted.fitted[i]);
            put_real(o, "without", f->interrupted.without[i]);
        }
        fhir_parts_close(o);
    }
}

int indicator_effect_write(struct effect_found *f, struct err *err)
{
    struct json_out out = json_out(&f->run->call->answer);
    struct json_out *o = &out;
    int r = 0;

    fhir_parameters_open(o);
    fhir_part_put(o, "measure", "valueCanonical", f->define->url);
    r = put_unit(f, o, "unit", f->unit, err);
    if (r == 0)
        r = put_unit(f, o, "hospital", f->hospital, err);
    if (f->began == UTC_MS_MAX) {
        fhir_part_put_code(o, "reason", "no-pairing");
        fhir_part_put(o, "why", "valueString",
            STR("It cannot be told because no pairing says when assistance began."));
    } else {
        fhir_part_put_day(o, "began", f->began);
        if (f->ended != SPAN_OPEN)
            fhir_part_put_day(o, "ended", f->ended - 1);
        put_month(o, "first-month", f->start);
        put_years(f, o);
        put_interrupted(o, &f->interrupted);
        if (r == 0)
            r = put_difference(f, o, err);
    }
    put_months(f, o);
    fhir_part_put(o, "not-shown", "valueString", STR(NOT_SHOWN));
    fhir_parameters_close(o);
    return r;
}
