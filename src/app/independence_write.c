/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What may be told of how long independence takes. A procedure is told by departments, each
 * with INDEPENDENCE_LEAST people at least; only where none has so many is it told of all
 * departments together, if they have. Never both: a sum beside its parts gives the hidden
 * part away, at each point of the curve. A curve ends where fewer are at risk.
 *
 * That somebody became independent, or left, is in the directory; after how many cases is
 * theirs. So times are steps of five cases, or of 30 days.
 */
#include <math.h>
#include <stdio.h>

#include "app/independence_internal.h"

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

static void put_int(struct json_out *o, const char *name, size_t value)
{
    logbook_open_part(o, name);
    json_name(o, "valueInteger");
    json_put_int(o, (long long)value);
    json_close(o, '}');
}

static void put_real(struct json_out *o, const char *name, double value)
{
    char text[40];
    int len = snprintf(text, sizeof(text), "%.4f", value);

    logbook_open_part(o, name);
    json_name(o, "valueDecimal");
    json_put_raw(o, (struct str){text, (size_t)len});
    json_close(o, '}');
}

static void put_masked(struct json_out *o, const char *name)
{
    logbook_put(o, name, "valueCode", STR("masked"));
}

/* ---- a group ---- */

static void put_step(struct json_out *o, const struct survival_step *step)
{
    logbook_open_parts(o, "step");
    put_int(o, "at", (size_t)step->time);
    put_int(o, "at-risk", step->at_risk);
    put_real(o, "dependent", step->dependent);
    put_real(o, "low", step->low);
    put_real(o, "high", step->high);
    put_real(o, "arrived", step->arrived);
    put_real(o, "left", step->left);
    logbook_close_parts(o);
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
    put_int(o, "ended", ended);
    put_int(o, "dependent-at-end", dependent);
}

static int put_curve(struct independence_figures *in, struct json_out *o,
    const struct group *g, struct err *err)
{
    struct arena *a = in->call->arena;
    struct survival_subject *subjects = arena_array(a, g->count, sizeof(*subjects));
    struct survival_step *steps = arena_array(a, g->count, sizeof(*steps));
    size_t all = 0;
    size_t told = 0;
    double median = 0;
    double last = 0;

    if (!subjects || !steps)
        return err_nomem(err);
    for (size_t i = 0; i < g->count; i++) {
        subjects[i] = g->list[i].survival;
        last = fmax(last, subjects[i].time);
    }
    all = survival_curve(subjects, g->count, steps);
    while (told < all && steps[told].at_risk >= INDEPENDENCE_LEAST)
        put_step(o, &steps[told++]);
    median = survival_median(steps, told);
    if (!isnan(median))
        put_int(o, "median", (size_t)median);
    /* up to where nothing happened and enough were there still */
    if (g->count >= INDEPENDENCE_LEAST)
        last = subjects[g->count - INDEPENDENCE_LEAST].time;
    put_int(o, "known-to", (size_t)last);
    return 0;
}

static int put_group(struct independence_figures *in, struct json_out *o,
    const struct group *g, bool together, struct err *err)
{
    bool small = g->count < INDEPENDENCE_LEAST;
    int r = 0;

    logbook_open_parts(o, "group");
    logbook_put(o, "procedure", "valueCode", g->list[0].code);
    if (!together) {
        struct str unit = g->list[0].department;

        logbook_open_part(o, "department");
        fhir_put_reference_shown(o, "valueReference", unit,
            procedure_name(in->call, in->seek.snapshot, unit));
        json_close(o, '}');
    }
    if (small) {
        put_masked(o, "persons");
    } else {
        put_int(o, "persons", g->count);
        put_ended(o, g);
        r = put_curve(in, o, g, err);
    }
    logbook_close_parts(o);
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

int independence_write(struct independence_figures *in, struct err *err)
{
    struct json_out o = json_out(&in->call->answer);
    int r = 0;

    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Parameters"));
    json_name(&o, "parameter");
    json_open(&o, '[');
    logbook_put(&o, "period", "valueString", in->period);
    logbook_put(&o, "clock", "valueCode", in->days ? STR("days") : STR("cases"));
    put_int(&o, "steps-of", in->days ? INDEPENDENCE_DAYS : INDEPENDENCE_CASES);
    put_int(&o, "least", INDEPENDENCE_LEAST);
    for (size_t at = 0; r == 0 && at < in->count;) {
        struct group g = {&in->list[at], 0};

        while (at + g.count < in->count && str_eq(g.list[g.count].code, g.list[0].code))
            g.count++;
        at += g.count;
        r = put_procedure(in, &o, &g, err);
    }
    json_close(&o, ']');
    json_close(&o, '}');
    return r;
}
