/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who learns what, from the apprenticeships that were agreed to, and how it ended by the end
 * of the quarter:
 *
 *   independent   the third signature of the first sign-off in the procedure
 *   left          every post of theirs has ended: the competing end
 *   under way     censored: at the end of the last apprenticeship, or of the quarter
 *
 * Nothing that happened after the quarter is looked at, so that what is told of it stands.
 */
#include <stdlib.h>

#include "app/independence_internal.h"

#define DAY_MS ((utc_ms)24 * 3600 * 1000)

/* ---- who learns what ---- */

/* More of somebody who is there: ${stay} says where, if it is the first. */
static void merge(struct independence_subject *s, const struct independence_stay *stay)
{
    if (stay->until > s->until)
        s->until = stay->until;
    if (stay->from >= s->from)
        return;
    s->from = stay->from;
    s->department = stay->department;
    memcpy(s->hospitals, stay->hospitals, sizeof(s->hospitals));
}

/* ${places}: of each learner the subject, counted from 1. */
static void add(struct independence_figures *in, size_t *places,
    const struct independence_stay *stay)
{
    const struct independence_learner *l = &in->facts.learners[stay->learner];
    size_t *place = &places[stay->learner];

    if (stay->from >= in->quarter.until || (in->code.p && !str_eq(l->code, in->code)))
        return;
    if (*place) {
        merge(&in->list[*place - 1], stay);
        return;
    }
    in->list[in->count] = (struct independence_subject){.learner = l,
        .code = l->code,
        .department = stay->department,
        .hospitals = {stay->hospitals[0], stay->hospitals[1]},
        .from = stay->from,
        .until = stay->until};
    *place = ++in->count;
}

static int add_all(struct independence_figures *in, struct err *err)
{
    const struct independence_facts *facts = &in->facts;
    struct arena *a = in->call->arena;
    size_t *places = arena_array(a, facts->learner_count + 1, sizeof(*places));

    in->list = arena_array(a, facts->learner_count + 1, sizeof(*in->list));
    if (!places || !in->list)
        return err_nomem(err);
    for (size_t i = 0; i < facts->stay_count; i++)
        add(in, places, &facts->stays[i]);
    return 0;
}

/* ---- how it ended ---- */

/* Cases as operator from ${s->from} up to and with ${end}. */
static double cases_until(const struct independence_subject *s, utc_ms end)
{
    const struct independence_learner *l = s->learner;
    size_t count = 0;

    for (size_t i = 0; i < l->case_count; i++)
        count += l->cases[i] >= s->from && l->cases[i] <= end;
    return (double)count;
}

static double rounded_up(double value, int step)
{
    long long whole = (long long)value;

    whole = (whole + step - 1) / step * step;
    return (double)whole;
}

static double time_of(
    const struct independence_figures *in, struct independence_subject *s, utc_ms last)
{
    utc_ms days = (last - s->from + DAY_MS - 1) / DAY_MS;

    return in->days ? rounded_up((double)days, INDEPENDENCE_DAYS)
                    : rounded_up(cases_until(s, last), INDEPENDENCE_CASES);
}

static void settle(
    const struct independence_figures *in, struct independence_subject *s)
{
    utc_ms last = s->until < in->quarter.until ? s->until : in->quarter.until;
    utc_ms by_sign = s->learner->signed_at;
    utc_ms by_leaving = s->learner->left_at;

    s->counts = by_sign >= s->from;
    s->ended = s->until <= in->quarter.until;
    s->dependent = s->ended && by_sign > s->until;
    s->survival.end = SURVIVAL_CENSORED;
    if (by_sign < in->quarter.until) {
        s->survival.end = SURVIVAL_EVENT;
        last = by_sign;
    } else if (by_leaving <= last) {
        s->survival.end = SURVIVAL_COMPETING;
        last = by_leaving > s->from ? by_leaving : s->from;
    }
    s->survival.time = time_of(in, s, last);
}

static int compare(const void *one, const void *other)
{
    const struct independence_subject *a = one, *b = other;
    int by_code = str_cmp(a->code, b->code);

    return by_code != 0 ? by_code : str_cmp(a->department, b->department);
}

int independence_count(struct independence_figures *in, struct err *err)
{
    size_t counted = 0;
    int r = add_all(in, err);

    for (size_t i = 0; r == 0 && i < in->count; i++) {
        settle(in, &in->list[i]);
        if (in->list[i].counts)
            in->list[counted++] = in->list[i];
    }
    in->count = counted;
    if (r == 0 && counted > 0)
        qsort(in->list, counted, sizeof(*in->list), compare);
    return r;
}
