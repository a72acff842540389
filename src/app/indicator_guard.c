/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people are not told of a figure whose small numbers could be somebody: strata and, where it is
 * small itself, the whole (engine/numbers/guard.h). What is kept in one year is kept in every
 * longer time that has the year in it, so that no two times can be subtracted.
 *
 * What is kept beside a small number follows the order of strata: here that of their names, and not of who came first, which
 * is another in every period, so that two questions would keep two different ones.
 */
#include "app/indicator_internal.h"
#include "engine/numbers/guard_levels.h"
#include "engine/numbers/guard_pairs.h"

#define PAIR '|' /* between the parts of a stratum: from|to, from|why|how far */

#define DAY ((utc_ms)24 * 60 * 60 * 1000)

/* ${facts} told apart in so many strata. */
struct apart {
    const struct indicator_fact *facts;
    size_t strata;
};

/* Their counts in ${period}, and of all. */
static int count_in(struct indicator_run *run, const struct apart *of,
    struct span period, int64_t (*counts)[GUARD_COUNTS], int64_t all[GUARD_COUNTS],
    struct err *err)
{
    const struct indicator_define *d = run->ask.define;
    bool proportion = d->scoring == INDICATOR_PROPORTION;
    struct indicator_question q = {
        .count = d->count == INDICATOR_DISTINCT ? INDICATOR_DISTINCT : INDICATOR_EVERY,
        .rule = d->rule,
        .period = period,
        .scoring = proportion ? INDICATOR_PROPORTION : INDICATOR_COHORT,
        .stratum_count = (uint32_t)of->strata,
        .ordered = !run->unordered};
    struct indicator_answer answer = {.figure = 0};
    int r = 0;

    arena_reset(run->scratch);
    r = indicator_compute(run->scratch, &q, of->facts, run->count, &answer, err);

    for (size_t i = 0; r == 0 && i <= of->strata; i++) {
        int64_t *to = i < of->strata ? counts[i] : all;
        int64_t count = i < of->strata ? answer.strata[i] : answer.figure;

        to[0] = proportion ? answer.measured[i].met : count;
        to[1] = count - to[0];
    }
    return r;
}

/* ---- order ---- */

static int rank_strata(struct indicator_run *run, struct err *err)
{
    size_t n = run->stratum_count;
    struct indicator_name *names = arena_array(run->of_answer, n + 1, sizeof(*names));

    run->rank = arena_array(run->of_answer, n + 1, sizeof(*run->rank));
    if (!names || !run->rank)
        return err_nomem(err);
    for (size_t i = 0; i < n; i++)
        names[i] = (struct indicator_name){
            indicator_cell_text(&run->strata[i]), run->strata[i].rid, (uint32_t)i};
    indicator_number_names(names, n, run->rank);
    return 0;
}

/* ---- within larger strata ---- */

/* The level ${from} in ${period}, to ${ret}; ${facts} has room for those of the run. */
static int count_level(struct indicator_run *run, const struct indicator_level *from,
    struct span period, struct indicator_fact *facts, struct guard_level *ret,
    struct err *err)
{
    struct arena *a = run->of_answer;
    int64_t all[GUARD_COUNTS];

    *ret = (struct guard_level){.strata = from->strata,
        .counts = arena_array(a, from->strata + 1, sizeof(*ret->counts)),
        .hidden = arena_array(a, from->strata + 1, sizeof(*ret->hidden))};
    if (!ret->counts || !ret->hidden)
        return err_nomem(err);
    for (size_t i = 0; i < run->count; i++) {
        facts[i] = run->facts[i];
        facts[i].stratum = from->of[facts[i].stratum];
    }
    return count_in(
        run, &(struct apart){facts, from->strata}, period, ret->counts, all, err);
}

/* What is hidden of each level in ${period}; ${last}: what was hidden in a year of it before stays so. */
static int guard_levels_in(struct indicator_run *run, struct indicator_levels *levels,
    struct span period, bool last, struct err *err)
{
    struct guard_level list[INDICATOR_LEVELS + 1];
    int64_t all[GUARD_COUNTS];
    bool total = false;
    int r = count_in(run, &(struct apart){run->facts, 0}, period, NULL, all, err);

    for (size_t l = 0; r == 0 && l < levels->count; l++) {
        const struct indicator_level *from = &levels->list[l];

        r = count_level(run, from, period, levels->facts, &list[l], err);
        list[l].within = l ? from->within : NULL;
        if (r == 0 && last)
            memcpy(list[l].hidden, from->hidden, from->strata * sizeof(bool));
    }
    if (r == 0)
        r = guard_levels(run->of_answer, list, levels->count, all, &total, err);
    run->kept = run->kept || total;
    for (size_t l = 0; r == 0 && l < levels->count; l++) {
        for (size_t i = 0; i < list[l].strata; i++)
            levels->list[l].hidden[i] = levels->list[l].hidden[i] || list[l].hidden[i];
    }
    return r;
}

/* ---- pairs ---- */

static struct str half_of(struct str pair, size_t half)
{
    struct str tail = pair;
    struct str head = str_cut(&tail, PAIR);

    head = half == 0 ? head : tail;
    return head.p ? head : STR("");
}

/* Number the halves of each stratum, before and behind its first PAIR, by their names. */
static int number_halves(struct indicator_run *run, uint32_t *of[GUARD_HALVES],
    struct guard_half halves[GUARD_HALVES], struct err *err)
{
    size_t n = run->stratum_count;
    struct indicator_name *names = arena_array(run->of_answer, n + 1, sizeof(*names));

    for (size_t h = 0; h < GUARD_HALVES; h++) {
        of[h] = arena_array(run->of_answer, n + 1, sizeof(*of[h]));
        halves[h] = (struct guard_half){.of = of[h]};
        if (!of[h] || !names)
            return err_nomem(err);
        for (size_t i = 0; i < n; i++)
            names[i] = (struct indicator_name){
                half_of(run->strata[i].text, h), 0, run->rank[i]};
        halves[h].count = indicator_number_names(names, n, of[h]);
    }
    return 0;
}

static bool is_paired(const struct indicator_run *run)
{
    bool paired = false;

    for (size_t i = 0; i < run->stratum_count; i++)
        paired = paired || (run->strata[i].text.p && memchr(run->strata[i].text.p, PAIR,
                                                         run->strata[i].text.len));
    return paired;
}

static int guard_all(struct indicator_run *run, struct guard *g, struct err *err)
{
    struct guard_half halves[GUARD_HALVES];
    uint32_t *of[GUARD_HALVES];
    int r = 0;

    run->paired = is_paired(run);
    if (!run->paired) {
        guard(g);
        return 0;
    }
    r = number_halves(run, of, halves, err);
    r = r == 0 ? guard_pairs(run->of_answer, g, halves, err) : r;
    g->withheld = false; /* what is hidden is named neither way */
    return r;
}

static int guard_span(
    struct indicator_run *run, struct span period, struct guard *g, struct err *err)
{
    size_t n = run->stratum_count;
    int64_t(*counts)[GUARD_COUNTS] =
        arena_array(run->of_answer, n + 1, sizeof(*counts));
    int r = counts ? count_in(run, &(struct apart){run->facts, n}, period, counts,
                         g->all, err)
                   : err_nomem(err);

    for (size_t i = 0; r == 0 && i < n; i++)
        memcpy(g->counts[run->rank[i]], counts[i], sizeof(*counts));
    r = r == 0 ? guard_all(run, g, err) : r;
    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++)
        run->hidden[i] = run->hidden[i] || g->hidden[run->rank[i]];
    run->withheld = run->withheld || g->withheld;
    run->kept = run->kept || g->total;
    return 0;
}

struct span indicator_year_at(utc_ms from)
{
    int64_t year = 0;
    unsigned month = 0, day = 0;

    time_date(from / DAY, &year, &month, &day);
    return (struct span){from, time_days(year + 1, month, day) * DAY};
}

/* No axis contains the one that is asked about. */
static int guard_alone(struct indicator_run *run, struct err *err)
{
    struct arena *a = run->of_answer;
    struct guard g = {.strata = run->stratum_count,
        .counts = arena_array(a, run->stratum_count + 1, sizeof(*g.counts)),
        .hidden = arena_array(a, run->stratum_count + 1, sizeof(*g.hidden))};
    struct span year = {run->ask.period.from, run->ask.period.from};
    int r = 0;

    if (!g.counts || !g.hidden)
        return err_nomem(err);
    while (r == 0 && year.until < run->ask.period.until) {
        year = indicator_year_at(year.until);
        memset(g.hidden, 0, run->stratum_count * sizeof(*g.hidden));
        r = guard_span(run, year, &g, err);
    }
    if (r < 0)
        return r;
    for (size_t i = 0; i < run->stratum_count; i++)
        g.hidden[run->rank[i]] = run->hidden[i];
    return guard_span(run, run->ask.period, &g, err);
}

static int guard_within(
    struct indicator_run *run, struct indicator_levels *levels, struct err *err)
{
    struct span year = {run->ask.period.from, run->ask.period.from};
    int r = 0;

    levels->facts =
        arena_alloc_raw(run->of_answer, (run->count + 1) * sizeof(*levels->facts));
    if (!levels->facts)
        return err_nomem(err);
    while (r == 0 && year.until < run->ask.period.until) {
        year = indicator_year_at(year.until);
        r = guard_levels_in(run, levels, year, false, err);
    }
    if (r == 0)
        r = guard_levels_in(run, levels, run->ask.period, true, err);
    for (size_t i = 0; i < run->stratum_count; i++)
        run->hidden[i] = levels->list[levels->count - 1].hidden[run->rank[i]];
    run->paired = true; /* what is hidden is not named: it may be empty */
    return r;
}

int indicator_guard(struct indicator_run *run, struct err *err)
{
    struct indicator_levels levels = {.count = 0};
    int r = rank_strata(run, err);

    r = r == 0 ? indicator_levels(run, &levels, err) : r;
    run->hidden =
        arena_array(run->of_answer, run->stratum_count + 1, sizeof(*run->hidden));
    run->kept = run->withheld = run->paired = false;
    if (r == 0 && !run->hidden)
        return err_nomem(err);
    if (r < 0 || levels.count == 0 || levels.apart) {
        r = r == 0 ? guard_alone(run, err) : r;
        run->withheld = run->withheld || levels.apart;
        return r;
    }
    return guard_within(run, &levels, err);
}

bool indicator_is_kept(const struct indicator_run *run, uint32_t stratum)
{
    if (!run->guarded)
        return false;
    return run->kept || (stratum != INDICATOR_NO_STRATUM && run->hidden[stratum]);
}

bool indicator_is_named(const struct indicator_run *run, uint32_t stratum)
{
    return run->answer.strata[stratum] != 0 && !run->withheld &&
           !(run->paired && indicator_is_kept(run, stratum));
}

bool indicator_is_one_year(const struct indicator_run *run)
{
    return indicator_year_at(run->ask.period.from).until >= run->ask.period.until;
}
