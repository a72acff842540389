/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/indicator/indicator_internal.h"

#define DAY ((int64_t)24 * 60 * 60 * 1000)

/* A fact on its way into an order. */
struct place {
    uint32_t stratum;
    uint32_t thing;
    utc_ms from, until;
    size_t fact;
};

static int number_cmp(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

static int moment_cmp(utc_ms a, utc_ms b)
{
    return a < b ? -1 : a > b;
}

/* By stratum, thing, begin, then as they came. */
static int place_cmp(const void *one, const void *other)
{
    const struct place *a = one;
    const struct place *b = other;
    int order = number_cmp(a->stratum, b->stratum);

    if (order == 0)
        order = number_cmp(a->thing, b->thing);
    if (order == 0)
        order = moment_cmp(a->from, b->from);
    if (order == 0)
        order = a->fact < b->fact ? -1 : a->fact > b->fact;
    return order;
}

/* ---- which facts belong to the period ---- */

static bool begins_in(const struct indicator_fact *f, struct span period)
{
    return f->from != UTC_MS_MIN && span_holds(period, f->from);
}

/* It holds at some moment of ${period}; what is only a moment is as long as that. */
static bool overlaps(const struct indicator_fact *f, struct span period)
{
    if (f->from == f->until)
        return span_holds(period, f->from);
    return f->from < f->until &&
           !span_is_empty(span_meet((struct span){f->from, f->until}, period));
}

bool indicator_belongs(
    const struct indicator_question *q, const struct indicator_fact *f)
{
    struct span end = {q->period.until - 1, q->period.until};

    if (span_is_empty(q->period))
        return false;
    if (q->count == INDICATOR_FIRST) /* what came before decides what is the first */
        return f->from != UTC_MS_MIN && f->from < q->period.until;
    if (q->count == INDICATOR_DAYS)
        return f->from != UTC_MS_MIN && f->from < f->until && overlaps(f, q->period);
    switch (q->rule) {
    case INDICATOR_BEGINS:
        return begins_in(f, q->period);
    case INDICATOR_OVERLAPS:
        return overlaps(f, q->period);
    case INDICATOR_AT_END:
        return overlaps(f, end);
    case INDICATOR_RULES:
        break;
    }
    return false;
}

/* ---- what they come to ---- */

/* Those of one thing in one stratum begin at ${list} and are ${n}. */
static int64_t of_thing(const struct indicator_question *q,
    const struct indicator_fact *facts, const struct place *list, size_t n,
    bool *behind)
{
    struct span done = {q->period.from, q->period.from};
    int64_t sum = 0;

    if (q->count == INDICATOR_FIRST) {
        bool counts = begins_in(&facts[list[0].fact], q->period);

        if (behind && counts)
            behind[list[0].fact] = true;
        return counts;
    }
    for (size_t i = 0; i < n; i++) {
        struct span mine = span_meet((struct span){list[i].from, list[i].until},
            (struct span){done.until, q->period.until});

        if (behind)
            behind[list[i].fact] = true;
        if (q->count == INDICATOR_DAYS && !span_is_empty(mine)) {
            sum += mine.until - mine.from;
            done.until = mine.until;
        }
    }
    return q->count == INDICATOR_EVERY  ? (int64_t)n
           : q->count == INDICATOR_DAYS ? sum
                                        : 1;
}

/* ${list} is in order; figures to ${strata}, or the sum of all to ${*total}. */
static void add_up(const struct indicator_question *q,
    const struct indicator_fact *facts, const struct place *list, size_t n,
    struct indicator_answer *ret, bool strata)
{
    for (size_t i = 0, next = 0; i < n; i = next) {
        int64_t came = 0;

        while (next < n && list[next].thing == list[i].thing &&
               list[next].stratum == list[i].stratum)
            next++;
        came = of_thing(q, facts, list + i, next - i, strata ? NULL : ret->behind);
        if (!strata)
            ret->figure += came;
        else if (list[i].stratum < q->stratum_count)
            ret->strata[list[i].stratum] += came;
    }
}

/* What is a first for a thing is found over all strata, and then counts where it was. */
static void first_strata(const struct indicator_question *q,
    const struct indicator_fact *facts, size_t count, struct indicator_answer *ret)
{
    for (size_t i = 0; i < count; i++) {
        if (ret->behind[i] && facts[i].stratum < q->stratum_count)
            ret->strata[facts[i].stratum]++;
    }
}

static int sum_up(const struct indicator_question *q,
    const struct indicator_fact *facts, const struct place *list, size_t n,
    struct indicator_answer *ret, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        const struct indicator_fact *f = &facts[list[i].fact];

        ret->behind[list[i].fact] = true;
        if ((!f->beside &&
                __builtin_add_overflow(ret->figure, f->amount, &ret->figure)) ||
            (f->stratum < q->stratum_count &&
                __builtin_add_overflow(
                    ret->strata[f->stratum], f->amount, &ret->strata[f->stratum])))
            return err_set(err, E_TOO_LARGE, NULL, "The sum has too many digits.");
    }
    return 0;
}

/* ${sum} / ${n}, a half to the even one. */
static int64_t mean_of(int64_t sum, int64_t n)
{
    int64_t whole = n ? sum / n : 0;
    int64_t twice = n ? 2 * (sum % n < 0 ? -(sum % n) : sum % n) : 0;

    if (n && (twice > n || (twice == n && whole % 2 != 0)))
        whole += sum < 0 ? -1 : 1;
    return whole;
}

/* Sums become means. */
static void to_means(const struct indicator_question *q,
    const struct indicator_fact *facts, size_t count, int64_t *counts,
    struct indicator_answer *ret)
{
    int64_t all = 0;

    for (size_t i = 0; i < count; i++) {
        if (!ret->behind[i])
            continue;
        all++;
        if (facts[i].stratum < q->stratum_count)
            counts[facts[i].stratum]++;
    }
    ret->figure = mean_of(ret->figure, all);
    for (uint32_t i = 0; i < q->stratum_count; i++)
        ret->strata[i] = mean_of(ret->strata[i], counts[i]);
}

/* Milliseconds become days; what is left of a day is a day, but none that is met whole. */
static void to_days(
    const struct indicator_question *q, bool met, struct indicator_answer *ret)
{
    int64_t more = met ? 0 : DAY - 1;

    ret->figure = (ret->figure + more) / DAY;
    for (uint32_t i = 0; i < q->stratum_count; i++)
        ret->strata[i] = (ret->strata[i] + more) / DAY;
}

/* What is counted. */
struct counted {
    const struct indicator_fact *facts;
    size_t count;
    bool met; /* of what is met alone */
};

static int count_up(struct arena *a, const struct indicator_question *q,
    const struct counted *of, struct indicator_answer *ret, struct err *err)
{
    const struct indicator_fact *facts = of->facts;
    size_t count = of->count;
    struct indicator_answer made = {
        .strata = arena_array(a, (size_t)q->stratum_count + 1, sizeof(*made.strata)),
        .behind = arena_array(a, count + 1, sizeof(*made.behind))};
    struct place *list = arena_array(a, count + 1, sizeof(*list));
    int64_t *counts = arena_array(a, (size_t)q->stratum_count + 1, sizeof(*counts));
    size_t n = 0;
    int r = 0;

    if (!made.strata || !made.behind || !list || !counts)
        return err_nomem(err);
    for (size_t i = 0; i < count; i++) {
        if (indicator_belongs(q, &facts[i]) && (!of->met || facts[i].met))
            list[n++] =
                (struct place){0, facts[i].thing, facts[i].from, facts[i].until, i};
    }
    if (q->count == INDICATOR_SUM || q->count == INDICATOR_MEAN) {
        r = sum_up(q, facts, list, n, &made, err);
        if (r == 0 && q->count == INDICATOR_MEAN)
            to_means(q, facts, count, counts, &made);
        *ret = made;
        return r;
    }
    qsort(list, n, sizeof(*list), place_cmp);
    add_up(q, facts, list, n, &made, false);
    if (q->count == INDICATOR_FIRST) {
        first_strata(q, facts, count, &made);
    } else if (q->stratum_count > 0) {
        for (size_t i = 0; i < n; i++)
            list[i].stratum = facts[list[i].fact].stratum;
        qsort(list, n, sizeof(*list), place_cmp);
        add_up(q, facts, list, n, &made, true);
    }
    if (q->count == INDICATOR_DAYS)
        to_days(q, of->met, &made);
    *ret = made;
    return 0;
}

/* The numerators of ${made}, whose denominators are counted. */
static int count_met(struct arena *a, const struct indicator_question *q,
    const struct indicator_fact *facts, size_t count, struct indicator_answer *made,
    struct err *err)
{
    struct indicator_answer met = {.figure = 0};
    int r = count_up(a, q, &(struct counted){facts, count, true}, &met, err);

    for (uint32_t i = 0; r == 0 && i < q->stratum_count; i++)
        made->measured[i].met = met.strata[i];
    if (r == 0)
        made->measured[q->stratum_count].met = met.figure;
    return r;
}

int indicator_compute(struct arena *a, const struct indicator_question *q,
    const struct indicator_fact *facts, size_t count, struct indicator_answer *ret,
    struct err *err)
{
    struct indicator_answer made = {.figure = 0};
    int r = count_up(a, q, &(struct counted){facts, count, false}, &made, err);

    if (r == 0 && q->scoring != INDICATOR_COHORT) {
        made.measured =
            arena_array(a, (size_t)q->stratum_count + 1, sizeof(*made.measured));
        if (!made.measured)
            return err_nomem(err);
        r = q->scoring == INDICATOR_PROPORTION
                ? count_met(a, q, facts, count, &made, err)
                : indicator_spread(a, q, facts, count, &made, err);
    }
    if (r == 0)
        *ret = made;
    return r;
}
