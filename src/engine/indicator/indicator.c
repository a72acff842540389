/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "engine/indicator/indicator_internal.h"

#define DAY ((int64_t)24 * 60 * 60 * 1000)

/* A fact of the period on its way into an order. */
struct place {
    uint32_t stratum;
    uint32_t thing;
    size_t fact;
};

/* What is counted, and where it goes. */
struct counting {
    struct arena *a;
    const struct indicator_question *q;
    const struct indicator_fact *facts;
    size_t count;
    size_t first, end; /* of the facts that are looked at */
    size_t things;     /* numbers of things are below */
    bool met;          /* of what is met alone */
    struct indicator_answer *made;
};

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

static bool is_of(const struct counting *c, size_t fact)
{
    return (!c->met || c->facts[fact].met) && indicator_belongs(c->q, &c->facts[fact]);
}

static void add_one(const struct counting *c, size_t fact)
{
    uint32_t stratum = c->facts[fact].stratum;

    if (stratum < c->q->stratum_count)
        c->made->strata[stratum]++;
}

static void count_every(const struct counting *c)
{
    for (size_t i = c->first; i < c->end; i++) {
        if (!is_of(c, i))
            continue;
        c->made->behind[i] = true;
        c->made->figure++;
        add_one(c, i);
    }
}

/* Those of the period as they come, in ${ret}, which has room for all. */
static size_t list_places(const struct counting *c, struct place *ret)
{
    size_t n = 0;

    for (size_t i = c->first; i < c->end; i++) {
        const struct indicator_fact *f = &c->facts[i];

        if (is_of(c, i))
            ret[n++] = (struct place){f->stratum, f->thing, i};
    }
    return n;
}

static size_t key_of(const struct place *p, bool by_stratum)
{
    return by_stratum ? p->stratum : p->thing;
}

/* Put ${list} (${n}) in the order of their things, or strata, which are below ${keys}; those of
 * one stay as they come. By counting, since a figure of years is sorted once for each. */
static int sort_places(
    struct arena *a, struct place *list, size_t n, size_t keys, bool by_stratum)
{
    size_t *from = arena_array(a, keys + 1, sizeof(*from));
    struct place *sorted = arena_alloc_raw(a, (n + 1) * sizeof(*sorted));

    if (!from || !sorted)
        return E_NOMEM;
    for (size_t i = 0; i < n; i++)
        from[key_of(&list[i], by_stratum) + 1]++;
    for (size_t i = 0; i < keys; i++)
        from[i + 1] += from[i];
    for (size_t i = 0; i < n; i++)
        sorted[from[key_of(&list[i], by_stratum)]++] = list[i];
    memcpy(list, sorted, n * sizeof(*list));
    return 0;
}

/* Leave out what is of no stratum, and put the others in the order of theirs. */
static int sort_strata(const struct counting *c, struct place *list, size_t *n)
{
    size_t kept = 0;

    for (size_t i = 0; i < *n; i++) {
        if (list[i].stratum < c->q->stratum_count)
            list[kept++] = list[i];
    }
    *n = kept;
    return sort_places(c->a, list, kept, c->q->stratum_count, true);
}

/* Each thing once, and once in each stratum that it has a fact in. */
static int count_things(const struct counting *c)
{
    struct place *list = arena_alloc_raw(c->a, (c->end - c->first + 1) * sizeof(*list));
    uint32_t *seen = arena_array(c->a, c->things, sizeof(*seen));
    size_t n = 0;
    int r = list && seen ? 0 : E_NOMEM;

    if (r < 0)
        return r;
    n = list_places(c, list);
    for (size_t i = 0; i < n; i++) {
        c->made->behind[list[i].fact] = true;
        c->made->figure += seen[list[i].thing] == 0;
        seen[list[i].thing] = 1;
    }
    if (c->q->stratum_count == 0)
        return 0;
    memset(seen, 0, c->things * sizeof(*seen));
    r = sort_strata(c, list, &n);
    for (size_t i = 0; r == 0 && i < n; i++) {
        c->made->strata[list[i].stratum] += seen[list[i].thing] != list[i].stratum + 1;
        seen[list[i].thing] = list[i].stratum + 1;
    }
    return r;
}

/* What is a first for a thing is found over all strata, and then counts where it was. Of facts that
 * begin at one moment it is the one that came first. */
static int count_firsts(const struct counting *c)
{
    size_t *first = arena_array(c->a, c->things, sizeof(*first)); /* and one more */

    if (!first)
        return E_NOMEM;
    for (size_t i = c->first; i < c->end; i++) {
        size_t *of = &first[c->facts[i].thing];

        if (is_of(c, i) && (*of == 0 || c->facts[i].from < c->facts[*of - 1].from))
            *of = i + 1;
    }
    for (size_t i = 0; i < c->things; i++) {
        if (first[i] == 0 || !begins_in(&c->facts[first[i] - 1], c->q->period))
            continue;
        c->made->behind[first[i] - 1] = true;
        c->made->figure++;
        add_one(c, first[i] - 1);
    }
    return 0;
}

static int from_cmp(const void *one, const void *other)
{
    const struct span *a = one;
    const struct span *b = other;

    return a->from < b->from ? -1 : a->from > b->from;
}

/* How long the ${n} (at least 1) of one thing at ${list} fill the period; ${room} is for all. */
static int64_t days_of(
    const struct counting *c, const struct place *list, size_t n, struct span *room)
{
    utc_ms done = c->q->period.from;
    bool ordered = true;
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++) {
        const struct indicator_fact *f = &c->facts[list[i].fact];

        room[i] = (struct span){f->from, f->until};
        ordered = ordered && (i == 0 || room[i - 1].from <= room[i].from);
    }
    if (!ordered)
        qsort(room, n, sizeof(*room), from_cmp);
    for (size_t i = 0; i < n; i++) {
        struct span mine = span_meet(room[i], (struct span){done, c->q->period.until});

        if (span_is_empty(mine))
            continue;
        sum += mine.until - mine.from;
        done = mine.until;
    }
    return sum;
}

/* ${list} is in the order of things, and of strata where ${strata}. */
static void add_days(const struct counting *c, const struct place *list, size_t n,
    struct span *room, bool strata)
{
    for (size_t i = 0, next = 0; i < n; i = next) {
        int64_t came = 0;

        while (next < n && list[next].thing == list[i].thing &&
               (!strata || list[next].stratum == list[i].stratum))
            next++;
        came = days_of(c, list + i, next - i, room);
        if (strata)
            c->made->strata[list[i].stratum] += came;
        else
            c->made->figure += came;
    }
}

static int count_days(const struct counting *c)
{
    struct place *list = arena_alloc_raw(c->a, (c->end - c->first + 1) * sizeof(*list));
    struct span *room = arena_alloc_raw(c->a, (c->end - c->first + 1) * sizeof(*room));
    size_t n = 0;
    int r = list && room ? 0 : E_NOMEM;

    if (r < 0)
        return r;
    n = list_places(c, list);
    for (size_t i = 0; i < n; i++)
        c->made->behind[list[i].fact] = true;
    r = sort_places(c->a, list, n, c->things, false);
    if (r < 0)
        return r;
    add_days(c, list, n, room, false);
    if (c->q->stratum_count > 0)
        r = sort_strata(c, list, &n);
    if (r == 0 && c->q->stratum_count > 0)
        add_days(c, list, n, room, true);
    return r;
}

static int sum_up(const struct counting *c, struct err *err)
{
    for (size_t i = c->first; i < c->end; i++) {
        const struct indicator_fact *f = &c->facts[i];

        if (!is_of(c, i))
            continue;
        c->made->behind[i] = true;
        if ((!f->beside &&
                __builtin_add_overflow(c->made->figure, f->amount, &c->made->figure)) ||
            (f->stratum < c->q->stratum_count &&
                __builtin_add_overflow(c->made->strata[f->stratum], f->amount,
                    &c->made->strata[f->stratum])))
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
static int to_means(const struct counting *c)
{
    uint32_t strata = c->q->stratum_count;
    int64_t *counts = arena_array(c->a, (size_t)strata + 1, sizeof(*counts));
    int64_t all = 0;

    if (!counts)
        return E_NOMEM;
    for (size_t i = c->first; i < c->end; i++) {
        if (!c->made->behind[i])
            continue;
        all++;
        if (c->facts[i].stratum < strata)
            counts[c->facts[i].stratum]++;
    }
    c->made->figure = mean_of(c->made->figure, all);
    for (uint32_t i = 0; i < strata; i++)
        c->made->strata[i] = mean_of(c->made->strata[i], counts[i]);
    return 0;
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

static int count_as(const struct counting *c, struct err *err)
{
    int r = 0;

    switch (c->q->count) {
    case INDICATOR_DISTINCT:
        r = count_things(c);
        break;
    case INDICATOR_EVERY:
        count_every(c);
        break;
    case INDICATOR_FIRST:
        r = count_firsts(c);
        break;
    case INDICATOR_SUM:
    case INDICATOR_MEAN:
        r = sum_up(c, err);
        if (r < 0)
            return r;
        if (c->q->count == INDICATOR_MEAN)
            r = to_means(c);
        break;
    case INDICATOR_DAYS:
        r = count_days(c);
        to_days(c->q, c->met, c->made);
        break;
    case INDICATOR_COUNTS:
        break;
    }
    return r < 0 ? err_nomem(err) : 0;
}

/* The first of ${facts}, which come by begin, that does not begin before ${at}. */
static size_t first_from(const struct indicator_fact *facts, size_t count, utc_ms at)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (facts[middle].from < at)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Which facts can belong to the period at all. */
static void choose(struct counting *c)
{
    const struct span *period = &c->q->period;

    c->first = 0;
    c->end = c->count;
    if (c->q->ordered)
        c->end = first_from(c->facts, c->count, period->until);
    if (c->q->ordered && c->q->rule == INDICATOR_BEGINS &&
        c->q->count != INDICATOR_FIRST && c->q->count != INDICATOR_DAYS)
        c->first = first_from(c->facts, c->end, period->from);
    c->things = 1;
    for (size_t i = c->first; i < c->end; i++) {
        if (c->facts[i].thing >= c->things)
            c->things = (size_t)c->facts[i].thing + 1;
    }
}

static int count_up(struct counting *c, struct indicator_answer *ret, struct err *err)
{
    struct indicator_answer made = {
        .strata =
            arena_array(c->a, (size_t)c->q->stratum_count + 1, sizeof(*made.strata)),
        .behind = arena_array(c->a, c->count + 1, sizeof(*made.behind))};
    int r = 0;

    if (!made.strata || !made.behind)
        return err_nomem(err);
    c->made = &made;
    r = count_as(c, err);
    c->made = NULL;
    *ret = made;
    return r;
}

/* The numerators of ${made}, whose denominators are counted. */
static int count_met(struct counting *c, struct indicator_answer *made, struct err *err)
{
    struct indicator_answer met = {.figure = 0};
    int r = 0;

    c->met = true;
    r = count_up(c, &met, err);
    for (uint32_t i = 0; r == 0 && i < c->q->stratum_count; i++)
        made->measured[i].met = met.strata[i];
    if (r == 0)
        made->measured[c->q->stratum_count].met = met.figure;
    return r;
}

int indicator_compute(struct arena *a, const struct indicator_question *q,
    const struct indicator_fact *facts, size_t count, struct indicator_answer *ret,
    struct err *err)
{
    struct indicator_answer made = {.figure = 0};
    struct counting c = {.a = a, .q = q, .facts = facts, .count = count};
    int r = 0;

    choose(&c);
    r = count_up(&c, &made, err);

    if (r == 0 && q->scoring != INDICATOR_COHORT) {
        made.measured =
            arena_array(a, (size_t)q->stratum_count + 1, sizeof(*made.measured));
        if (!made.measured)
            return err_nomem(err);
        r = q->scoring == INDICATOR_PROPORTION
                ? count_met(&c, &made, err)
                : indicator_spread(a, q, facts + c.first, c.end - c.first, &made, err);
    }
    if (r == 0)
        *ret = made;
    return r;
}
