/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may be told of how long independence takes. A procedure is told by departments, each
 * with INDEPENDENCE_LEAST people at least; only where none has so many is it told of all
 * departments together, if they have. Never both: a sum beside its parts gives the hidden
 * part away, at each point of the curve. A curve ends where fewer are at risk.
 *
 * Pooled, those groups that are told make one curve, each as far as it is told and then censored: nothing of
 * the others is in it, so that nothing of them can be worked out.
 *
 * That somebody became independent, or left, is in the directory; after how many cases is
 * theirs. So times are steps of five cases, or of 30 days.
 */
#include <math.h>
#include <stdio.h>

#include "app/independence_internal.h"
#include "fhir/part.h"

struct group {
    const struct independence_subject *list;
    size_t count;
};

static bool is_mine(const struct independence_figures *in, const struct group *g)
{
    for (size_t i = 0; i < g->count; i++) {
        for (size_t k = 0; k < in->mine_count; k++) {
            if (in->mine[k] == g->list[i].hospitals[0] ||
                in->mine[k] == g->list[i].hospitals[1])
                return true;
        }
    }
    return in->all;
}

static void put_count(struct json_out *o, const char *name, size_t count)
{
    fhir_part_put_int(o, name, (long long)count);
}

static void put_masked(struct json_out *o, const char *name)
{
    fhir_part_put(o, name, "valueCode", STR("masked"));
}

/* ---- a group ---- */

static void put_step(struct json_out *o, const struct survival_step *step)
{
    fhir_parts_open(o, "step");
    put_count(o, "at", (size_t)step->time);
    put_count(o, "at-risk", step->at_risk);
    fhir_part_put_real(o, "dependent", step->dependent);
    fhir_part_put_real(o, "low", step->low);
    fhir_part_put_real(o, "high", step->high);
    fhir_part_put_real(o, "arrived", step->arrived);
    fhir_part_put_real(o, "left", step->left);
    fhir_parts_close(o);
}

/* Of those whose apprenticeship has ended, how many were not independent then. */
static void put_ended(struct json_out *o, const struct group *g)
{
    size_t ended = 0;
    size_t dependent = 0;

    for (size_t i = 0; i < g->count; i++) {
        ended += g->list[i].ended;
        dependent += g->list[i].dependent;
    }
    if (ended > 0 && ended < INDEPENDENCE_LEAST) {
        put_masked(o, "ended");
        return;
    }
    put_count(o, "ended", ended);
    put_count(o, "dependent-at-end", dependent);
}

/* The curve of ${subjects}, INDEPENDENCE_LEAST at least, which are sorted; ${*ret_last}: until when it is told. */
static int put_curve(struct independence_figures *in, struct json_out *o,
    struct survival_subject *subjects, size_t count, double *ret_last, struct err *err)
{
    struct survival_step *steps = arena_array(in->call->arena, count, sizeof(*steps));
    size_t all = 0;
    size_t told = 0;
    double median = 0;

    if (!steps)
        return err_nomem(err);
    all = survival_curve(subjects, count, steps);
    while (told < all && steps[told].at_risk >= INDEPENDENCE_LEAST)
        put_step(o, &steps[told++]);
    median = survival_median(steps, told);
    if (!isnan(median))
        put_count(o, "median", (size_t)median);
    /* up to where nothing happened and enough were there still */
    *ret_last = subjects[count - INDEPENDENCE_LEAST].time;
    put_count(o, "known-to", (size_t)*ret_last);
    return 0;
}

static int put_group_curve(struct independence_figures *in, struct json_out *o,
    const struct group *g, struct err *err)
{
    struct survival_subject *subjects =
        arena_array(in->call->arena, g->count, sizeof(*subjects));
    double last = 0;
    int r = subjects ? 0 : err_nomem(err);

    for (size_t i = 0; r == 0 && i < g->count; i++)
        subjects[i] = g->list[i].survival;
    if (r == 0)
        r = put_curve(in, o, subjects, g->count, &last, err);
    for (size_t i = 0; r == 0 && in->pooled && i < g->count; i++)
        in->pool[in->pool_count++] = survival_seen_until(subjects[i], last);
    in->pool_groups += r == 0;
    return r;
}

static int put_group(struct independence_figures *in, struct json_out *o,
    const struct group *g, bool together, struct err *err)
{
    bool small = g->count < INDEPENDENCE_LEAST;
    int r = 0;

    fhir_parts_open(o, "group");
    fhir_part_put(o, "procedure", "valueCode", g->list[0].code);
    if (!together) {
        struct str unit = g->list[0].department;

        fhir_part_open(o, "department");
        fhir_put_reference_shown(o, "valueReference", unit,
            procedure_name(in->call, in->seek.snapshot, unit));
        json_close(o, '}');
    }
    if (small) {
        put_masked(o, "persons");
    } else {
        put_count(o, "persons", g->count);
        put_ended(o, g);
        r = put_group_curve(in, o, g, err);
    }
    fhir_parts_close(o);
    return r;
}

/* ---- a procedure ---- */

/* How many from ${g->list} on are of the same department. */
static struct group next_group(const struct group *of, size_t from)
{
    struct group g = {&of->list[from], 0};

    while (from + g.count < of->count &&
           str_eq(g.list[g.count].department, g.list[0].department))
        g.count++;
    return g;
}

static int put_procedure(struct independence_figures *in, struct json_out *o,
    const struct group *all, struct err *err)
{
    size_t groups = 0;
    size_t large = 0;
    int r = 0;

    for (size_t at = 0; at < all->count;) {
        struct group g = next_group(all, at);

        groups++;
        large += g.count >= INDEPENDENCE_LEAST;
        at += g.count;
    }
    if (large == 0 && groups > 1 && all->count >= INDEPENDENCE_LEAST)
        return is_mine(in, all) ? put_group(in, o, all, true, err) : 0;
    for (size_t at = 0; r == 0 && at < all->count;) {
        struct group g = next_group(all, at);

        at += g.count;
        if (is_mine(in, &g))
            r = put_group(in, o, &g, false, err);
    }
    return r;
}

/* ---- all that is told, as one ---- */

static void put_risk(struct json_out *o, size_t at, size_t count)
{
    fhir_parts_open(o, "risk");
    put_count(o, "at", at);
    put_count(o, "at-risk", count);
    fhir_parts_close(o);
}

static int put_pooled(
    struct independence_figures *in, struct json_out *o, struct err *err)
{
    size_t step = in->days ? INDEPENDENCE_DAYS : INDEPENDENCE_CASES;
    size_t risk = in->pool_count;
    double last = 0;
    int r = 0;

    if (!in->pooled || in->pool_count < INDEPENDENCE_LEAST)
        return 0;
    fhir_parts_open(o, "pooled");
    put_count(o, "persons", in->pool_count);
    put_count(o, "groups", in->pool_groups);
    r = put_curve(in, o, in->pool, in->pool_count, &last, err);
    for (size_t at = 0; r == 0 && risk >= INDEPENDENCE_LEAST;
         at += step * INDEPENDENCE_RISK) {
        risk = survival_at_risk(in->pool, in->pool_count, (double)at);
        if (risk >= INDEPENDENCE_LEAST)
            put_risk(o, at, risk);
    }
    fhir_parts_close(o);
    return r;
}

int independence_write(struct independence_figures *in, struct err *err)
{
    struct json_out o = json_out(&in->call->answer);
    int r = 0;

    in->pool = arena_array(in->call->arena, in->count + 1, sizeof(*in->pool));
    if (!in->pool)
        return err_nomem(err);
    fhir_parameters_open(&o);
    fhir_part_put(&o, "period", "valueString", in->period);
    fhir_part_put(&o, "clock", "valueCode", in->days ? STR("days") : STR("cases"));
    put_count(&o, "steps-of", in->days ? INDEPENDENCE_DAYS : INDEPENDENCE_CASES);
    put_count(&o, "least", INDEPENDENCE_LEAST);
    for (size_t at = 0; r == 0 && at < in->count;) {
        struct group g = {&in->list[at], 0};

        while (at + g.count < in->count && str_eq(g.list[g.count].code, g.list[0].code))
            g.count++;
        at += g.count;
        r = put_procedure(in, &o, &g, err);
    }
    if (r == 0)
        r = put_pooled(in, &o, err);
    fhir_parameters_close(&o);
    return r;
}
