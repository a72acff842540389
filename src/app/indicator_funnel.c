/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Measure/ID/$funnel, of a proportion: each hospital's share in a period against how many it is of,
 * with the limits within which it would lie by chance. Parameters are those of $evaluate-measure, and mix: a stratum,
 * such as procedure or urgency, whose mix at each hospital is taken into account (engine/effect/funnel.h). Hospitals
 * whose numbers are not told are left out, and how many. No hospital is ranked.
 */
#include <stdlib.h>

#include "app/indicator_internal.h"
#include "app/procedure_internal.h"
#include "fhir/part.h"

#define NOT_SHOWN                                                                      \
    "This does not show which hospital is better. Patients differ, and so does what "  \
    "is "                                                                              \
    "written down; a hospital outside the limits is one to ask, and one within them "  \
    "may have luck. How many people each serves is not taken into account."

static int take_axis(struct indicator_run *run, struct err *err)
{
    const struct indicator_define *d = run->ask.define;

    bool grows = d->whole_first;

    if (run->ask.mix &&
        (grows || d->count != INDICATOR_EVERY || run->ask.filter != INDICATOR_NO_AXIS))
        return err_set(err, E_INVALID, "mix",
            "A mix is taken into account of shares of single cases, and of all "
            "strata.");
    if (!grows && (d->scoring != INDICATOR_PROPORTION || d->count == INDICATOR_DAYS))
        return err_set(err, E_INVALID, NULL,
            "$funnel is told of shares of what happened and of volumes, and %.*s is "
            "neither.",
            (int)d->id.len, d->id.p);
    for (size_t i = 0; i < d->stratum_count; i++) {
        if (str_is(d->strata[i].name, "hospital"))
            run->ask.axis = i;
    }
    if (run->ask.axis == INDICATOR_NO_AXIS)
        return err_set(err, E_INVALID, NULL, "%.*s is not told by hospital.",
            (int)d->id.len, d->id.p);
    return 0;
}

/* ---- hospitals ---- */

/* By their records, so that the order says nothing, nor hangs on what is kept. */
static int by_rid(const void *one, const void *other)
{
    const struct indicator_hospital *a = one, *b = other;

    return (a->rid > b->rid) - (a->rid < b->rid);
}

static int gather(
    struct indicator_run *run, struct indicator_hospitals *h, struct err *err)
{
    struct arena *a = run->call->arena;
    struct funnel_hospital *of = arena_array(a, run->stratum_count + 1, sizeof(*of));
    int r = 0;

    h->list = arena_array(a, run->stratum_count + 1, sizeof(*h->list));
    if (!h->list || !of)
        return err_nomem(err);
    if (run->ask.mix)
        r = indicator_expect(run, of, err);
    for (size_t i = 0; r == 0 && i < run->stratum_count; i++) {
        int64_t all = run->answer.strata[i];
        int64_t met = run->answer.measured[i].met;

        if (!indicator_is_named(run, (uint32_t)i) || !run->strata[i].rid)
            continue;
        if (indicator_is_kept(run, (uint32_t)i) ||
            (run->ask.mix && !(of[i].expected > 0))) {
            h->left_out++;
            continue;
        }
        h->list[h->count++] = (struct indicator_hospital){
            {met, all, of[i].expected, of[i].variance}, run->strata[i].rid};
    }
    if (h->count > 0)
        qsort(h->list, h->count, sizeof(*h->list), by_rid);
    return r;
}

/* ---- the answer ---- */

void indicator_open_funnel(const struct indicator_run *run, struct json_out *o)
{
    fhir_parameters_open(o);
    fhir_part_put(o, "measure", "valueCanonical", run->ask.define->url);
}

void indicator_put_middle(struct json_out *o, const struct err *why, const char *name,
    double middle, double dispersion)
{
    if (why->code == E_OK) {
        fhir_part_put_real(o, name, middle);
        fhir_part_put_real(o, "dispersion", dispersion);
        return;
    }
    fhir_part_put_code(o, "reason", "no-limits");
    fhir_part_put(o, "why", "valueString", str_of(why->text));
}

static void put_between(
    struct json_out *o, const char *low, const char *high, double from, double until)
{
    fhir_part_put_real(o, low, from);
    fhir_part_put_real(o, high, until);
}

void indicator_put_limits(struct json_out *o, const struct interval *limits,
    const struct interval *wide, enum funnel_where where)
{
    static const char *const words[] = {
        [FUNNEL_WITHIN] = "within", [FUNNEL_ABOVE] = "above", [FUNNEL_BELOW] = "below"};

    put_between(o, "limit-low", "limit-high", limits->low, limits->high);
    put_between(o, "wide-low", "wide-high", wide->low, wide->high);
    fhir_part_put_code(o, "where", words[where]);
}

int indicator_put_hospital(
    struct indicator_run *run, struct json_out *o, store_rid hospital, struct err *err)
{
    struct str reference = {NULL, 0};
    int r = indicator_reference(run, hospital, &reference, err);

    if (r == 0)
        fhir_part_put_reference(o, "reference", reference,
            procedure_name(run->call, run->snapshot, reference));
    return r;
}

static int put_hospital(struct indicator_run *run, struct json_out *o,
    const struct indicator_hospital *h, const struct funnel_row *row, struct err *err)
{
    int r = 0;

    fhir_parts_open(o, "hospital");
    r = indicator_put_hospital(run, o, h->rid, err);
    fhir_part_put_int(o, "numerator", h->of.part);
    fhir_part_put_int(o, "denominator", h->of.whole);
    fhir_part_put_real(o, "share", row->share);
    fhir_part_put_real(o, "size", row->size);
    if (run->ask.mix) {
        fhir_part_put_real(o, "expected", row->expected);
        fhir_part_put_real(o, "adjusted", row->adjusted);
    }
    put_between(o, "low", "high", row->own.low, row->own.high);
    indicator_put_limits(o, &row->limits, &row->wide, row->where);
    fhir_parts_close(o);
    return r;
}

static int make(struct indicator_run *run, const struct indicator_hospitals *h,
    struct funnel *ret, struct err *err)
{
    struct arena *a = run->call->arena;
    struct funnel_hospital *list = arena_array(a, h->count + 1, sizeof(*list));

    if (!list)
        return err_nomem(err);
    for (size_t i = 0; i < h->count; i++)
        list[i] = h->list[i].of;
    return funnel_make(a, list, h->count, ret, err);
}

static int write_all(
    struct indicator_run *run, const struct indicator_hospitals *h, struct err *err)
{
    struct json_out out = json_out(&run->call->answer);
    struct json_out *o = &out;
    struct funnel f = {.share = 0};
    struct err why = {.code = E_OK};
    int told = make(run, h, &f, &why);
    int r = told == E_INVALID ? 0 : told;

    if (r < 0)
        return err_nomem(err);
    indicator_open_funnel(run, o);
    fhir_part_put_int(o, "left-out", (long long)h->left_out);
    indicator_put_middle(o, &why, "share", f.share, f.dispersion);
    for (size_t i = 0; r == 0 && told == 0 && i < h->count; i++)
        r = put_hospital(run, o, &h->list[i], &f.rows[i], err);
    fhir_part_put(o, "not-shown", "valueString", STR(NOT_SHOWN));
    fhir_parameters_close(o);
    return r;
}

/* What is told of hospitals, as it is kept or found in the records. */
static int find(
    struct indicator_run *run, struct indicator_hospitals *ret, struct err *err)
{
    int r = indicator_disclose(run, err);

    if (r < 0 || indicator_told_get(run, ret))
        return r;
    r = indicator_gather(run, err);
    if (r == 0)
        r = indicator_settle(run, err);
    if (r == 0)
        r = gather(run, ret, err);
    if (r == 0)
        indicator_told_put(run, ret);
    return r;
}

int indicator_funnel(
    struct indicator_run *run, const struct rest *rest, struct err *err)
{
    struct indicator_hospitals h = {.count = 0};
    int r = indicator_take(run, rest, err);

    if (r == 0)
        r = take_axis(run, err);
    if (r == 0 && run->ask.define->whole_first) {
        r = indicator_figure(run, err);
        return r == 0 ? indicator_growth(run, err) : r;
    }
    if (r == 0)
        r = find(run, &h, err);
    return r == 0 ? write_all(run, &h, err) : r;
}
