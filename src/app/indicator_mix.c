/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each hospital of a funnel would have by the share of all, in each stratum of the mix that is asked about. Where small numbers
 * are kept, strata of which a hospital has few are taken together (engine/numbers/guard_mix.h), and those of one year are so
 * in every longer time that has the year in it.
 */
#include "app/indicator_internal.h"
#include "engine/numbers/guard_mix.h"

struct mix {
    struct indicator_run *run;
    struct guard_mix guard;
    size_t *row; /* of each hospital, by its number in the run */
};

static bool is_told(const struct indicator_run *run, uint32_t hospital)
{
    return run->strata[hospital].rid && indicator_is_named(run, hospital) &&
           !indicator_is_kept(run, hospital);
}

/* Those that are not told are the first row. */
static int mix_begin(struct indicator_run *run, struct mix *ret, struct err *err)
{
    struct arena *a = run->of_answer;

    *ret = (struct mix){.run = run,
        .guard = {.rows = 1, .strata = run->mix_count},
        .row = arena_array(a, run->stratum_count + 1, sizeof(*ret->row))};
    if (!ret->row)
        return err_nomem(err);
    for (uint32_t i = 0; i < run->stratum_count; i++)
        ret->row[i] = is_told(run, i) ? ret->guard.rows++ : 0;
    ret->guard.counts = arena_array(
        a, ret->guard.rows * (run->mix_count + 1), sizeof(*ret->guard.counts));
    ret->guard.together =
        arena_array(a, run->mix_count + 1, sizeof(*ret->guard.together));
    return ret->guard.counts && ret->guard.together ? 0 : err_nomem(err);
}

static void guard_period(const struct mix *m, struct span period)
{
    const struct indicator_run *run = m->run;
    size_t strata = m->guard.strata;

    memset(m->guard.counts, 0, m->guard.rows * strata * sizeof(*m->guard.counts));
    for (size_t i = 0; i < run->count; i++) {
        const struct indicator_fact *f = &run->facts[i];

        if (run->answer.behind[i] && span_holds(period, f->from))
            m->guard.counts[m->row[f->stratum] * strata + run->mixes[i]][!f->met]++;
    }
    guard_mix(&m->guard);
}

/* Which strata of the mix are taken together. */
static void guard_years(const struct mix *m)
{
    struct span period = m->run->ask.period;
    struct span year = {period.from, period.from};

    while (year.until < period.until) {
        year = indicator_year_at(year.until);
        guard_period(m, year);
    }
    guard_period(m, period);
}

/* The number of the stratum ${mix}; of those taken together that of the first. */
static uint32_t stratum_of(const struct mix *m, uint32_t mix)
{
    for (uint32_t i = 0; i < mix && m->guard.together[mix]; i++) {
        if (m->guard.together[i])
            return i;
    }
    return mix;
}

int indicator_expect(
    struct indicator_run *run, struct funnel_hospital *of, struct err *err)
{
    struct funnel_case *cases =
        arena_array(run->call->arena, run->count + 1, sizeof(*cases));
    struct mix m = {.run = run};
    size_t n = 0;
    int r = cases ? mix_begin(run, &m, err) : err_nomem(err);

    if (r < 0)
        return r;
    if (run->guarded)
        guard_years(&m);
    for (size_t i = 0; i < run->count; i++) {
        uint32_t hospital = run->facts[i].stratum;

        if (run->answer.behind[i] && run->strata[hospital].rid)
            cases[n++] = (struct funnel_case){
                hospital, stratum_of(&m, run->mixes[i]), run->facts[i].met};
    }
    return funnel_expect(run->call->arena, cases, n, run->mix_count, of, err);
}
