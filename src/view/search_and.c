/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The intersection of a type's clauses. The stream with the fewest rows drives; streams
 * of rows that are about as short leap ahead of it in turn; the others are asked about
 * each candidate. What could only be had by collecting a large range is not collected
 * as long as something cheaper finds the page: all live records are tried one by one
 * first, and when that has gone on too long, the collection is made after all and drives
 * from where we are.
 */
#include "view/search_filter_internal.h"

struct search_tuning search_tuning = {
    .few_rows = 256,
    .first_budget = 64,
    .tried_first = 256,
    .range_budget = 4096,
    .tried_most = 4096,
    .leap_leaves = 4,
    .leap_ratio = 16384, /* a patient's rows lie together: one leap passes many */
    .leaves_merged = 16,
    .rows_collected = 8192,
    .leaves_tested = 8,
    .rows_tested = 65536,
    .rows_a_test = 4,
    .far_leaves = 128,
    .far_tried = 4096,
    .sorted_by_looking = 1000,
};

static const struct search_clause listed = {.kind = CLAUSE_ID, .name = "who may read"};

/* Does a clause hold of live records only? What has no row in the index may be deleted, and
 * so may what a case lists. */
static bool any_positive(const struct search_and *and)
{
    size_t i;

    for (i = 0; i < and->count; i++)
        if (!and->streams[i].clause->negate && and->streams[i].clause != &listed)
            return true;
    return false;
}

/* What the filter can list becomes one stream more: then it may drive. */
static int add_few(struct search_and *and, const struct search_filter *filter)
{
    struct search_run *run = and->run;
    struct search_stream *s = &and->streams[ and->count];
    const store_rid *list = NULL;
    size_t count = 0;
    int r =
        filter->few ? filter->few(filter->arg, and->type, &list, &count, run->err) : 0;

    if (r < 0 || !list)
        return r;
    s->clause = &listed;
    s->set = arena_alloc(run->a, sizeof(*s->set));
    if (!s->set)
        return err_nomem(run->err);
    rid_set_lend(s->set, and->top, list, count);
    s->set_exact = s->leaves_tried = s->counted = true;
    s->estimate = s->set->count;
    and->dead = !any_positive(and);
    and->order[ and->count++] = s;
    return r;
}

int search_and_new(
    struct search_run *run, const struct search_and_of *of, struct search_and **ret)
{
    struct search_and *and = arena_alloc(run->a, sizeof(*and));
    size_t i;
    int r;

    if (!and)
        return err_nomem(run->err);
    and->run = run;
    and->type = of->type;
    and->down = of->down;
    and->thorough = of->thorough;
    and->inner = of->inner;
    and->count = of->all->count;
    and->streams = arena_array(run->a, of->all->count + 1, sizeof(*and->streams));
    and->order =
        arena_array(run->a, of->all->count + 1, sizeof(struct search_stream *));
    if (!and->streams || !and->order)
        return err_nomem(run->err);
    for (i = 0; i < of->all->count; i++) {
        and->streams[i].clause = of->all->clauses[i];
        and->order[i] = &and->streams[i];
    }
    r = search_top(run, of->type, &and->top);
    if (r == 0 && !of->inner && search_filter_of(run))
        r = add_few(and, search_filter_of(run));
    *ret = and;
    return r;
}

uint64_t search_and_first(const struct search_and *and)
{
    return and->down ? SEARCH_N_MASK : 0;
}

/* ---- choosing ---- */

static bool is_far(const struct search_clause *c)
{
    return c->kind == CLAUSE_CHAIN || c->kind == CLAUSE_HAS;
}

/* Rows of the shortest stream that could drive; SEARCH_END: none could. */
static uint64_t shortest(const struct search_and *and)
{
    uint64_t best = SEARCH_END;
    size_t i;

    for (i = 0; i < and->count; i++)
        if (search_stream_drives(&and->streams[i]) && and->streams[i].estimate < best)
            best = and->streams[i].estimate;
    return best;
}

static int open_near(struct search_and *and, uint64_t from)
{
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < and->count; i++)
        if (!is_far(and->streams[i].clause))
            r = search_stream_open(and, &and->streams[i], from);
    return r;
}

/* Whether one candidate can be decided without a second look. */
static bool cheap_test(const struct search_clause *c)
{
    return c->kind == CLAUSE_DATE || c->kind == CLAUSE_NUMBER;
}

/* How many rows of a range may be read before it is given up. */
static uint64_t range_budget(
    const struct search_and *and, const struct search_clause *c, uint64_t best)
{
    uint64_t price =
        cheap_test(c) ? 4 : 32; /* rows that a test on a candidate is worth */

    if (!and->settled && cheap_test(c))
        return search_tuning.first_budget;
    if (best == SEARCH_END)
        return and->thorough ? 0 : search_tuning.range_budget;
    if (best > UINT64_MAX / price)
        return search_tuning.range_budget;
    if (!and->thorough && best * price > search_tuning.range_budget)
        return search_tuning.range_budget;
    return best * price;
}

static int open_ranges(struct search_and *and)
{
    bool done;
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < and->count; i++) {
        struct search_stream *s = &and->streams[i];
        uint64_t best = shortest(and);
        if (is_far(s->clause) || s->set || s->leaves_known ||
            s->clause->kind == CLAUSE_COMPOSITE || search_any_drives(s))
            continue;
        if (best <= (cheap_test(s->clause) ? search_tuning.few_rows : 16))
            continue;
        r = search_stream_collect(and, s, range_budget(and, s->clause, best), &done);
    }
    return r;
}

/* Is it less work to read all edges of the far records once than to ask of each candidate
 * where it leads? Few leaves leap by themselves. */
static bool worth_collecting(const struct search_stream *s, uint64_t best)
{
    return s->leaves_known && !s->set && s->leaf_count > search_tuning.leap_leaves &&
           s->estimate <= search_tuning.rows_collected &&
           s->estimate / search_tuning.rows_a_test <= best;
}

static uint64_t far_budget(const struct search_and *and, uint64_t best)
{
    if (!and->settled)
        return search_tuning.few_rows;
    return and->thorough && best > search_tuning.range_budget
               ? 0
               : search_tuning.range_budget;
}

static int open_far_sides(struct search_and *and, uint64_t from)
{
    bool done;
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < and->count; i++) {
        struct search_stream *s = &and->streams[i];
        uint64_t best = shortest(and);
        if (!is_far(s->clause) || best <= 16)
            continue;
        r = search_stream_open(and, s, from);
        if (r == 0 && s->clause->kind == CLAUSE_HAS)
            r = search_stream_collect(and, s, far_budget(and, best), &done);
        else if (r == 0 && worth_collecting(s, best))
            r = search_stream_collect(and, s, 0, &done);
    }
    return r;
}

/* What asking about one candidate costs, in seeks. */
static unsigned price(const struct search_stream *s)
{
    if (s->set && s->set_exact)
        return 0;
    if (is_far(s->clause))
        return 4;
    if (s->clause->kind == CLAUSE_ANY)
        return 11; /* of the dearest, were it alone */
    if (s->clause->look || s->clause->kind == CLAUSE_COMPOSITE)
        return 12;
    if (s->leaves_known && s->leaf_count <= 2)
        return 1;
    if (cheap_test(s->clause))
        return 2;
    return s->leaves_known ? 8 : 10;
}

/* Driver first, then by price. */
static void put_in_order(struct search_and *and)
{
    size_t driver = and->count, placed = 0, first, i, j;

    for (i = 0; i < and->count; i++)
        if (search_stream_drives(&and->streams[i]) &&
            (driver == and->count || and->streams[i].estimate < and->streams[driver]
                                                                    .estimate))
            driver = i;
    and->has_driver = driver < and->count;
    if (and->has_driver)
        and->order[placed++] = &and->streams[driver];
    first = placed;
    for (i = 0; i < and->count; i++) {
        struct search_stream *s = &and->streams[i];
        if (i == driver)
            continue;
        for (j = placed++; j > first && price(s) < price(and->order[j - 1]); j--)
            and->order[j] = and->order[j - 1];
        and->order[j] = s;
    }
    and->tried = 0;
}

static int open_and(struct search_and *and, uint64_t from)
{
    int r;

    if (and->opened)
        return 0;
    and->opened = true;
    and->settled = and->thorough;
    r = open_near(and, from);
    if (r == 0)
        r = open_ranges(and);
    if (r == 0)
        r = open_far_sides(and, from);
    put_in_order(and);
    return r;
}

/* The page was not full soon: ranges are worth more reading. */
static int settle(struct search_and *and, uint64_t from)
{
    int r;

    and->settled = true;
    r = open_ranges(and);
    if (r == 0)
        r = open_far_sides(and, from);
    put_in_order(and);
    return r;
}

/* Only exclusions: collect one, so that all records it has can be stepped over. */
static int collect_absent(struct search_and *and)
{
    bool done;
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && !and->absent && i < and->count; i++) {
        struct search_stream *s = &and->streams[i];
        if (!s->set)
            r = search_stream_collect(and, s, 0, &done);
        if (s->set && s->set_exact)
            and->absent = s;
    }
    return r;
}

/* Nothing drives and many were tried: collect the first range there is. */
static int collect_driver(struct search_and *and)
{
    bool done = false;
    size_t i;
    int r = 0;

    for (i = 0; i < and->count; i++) {
        struct search_stream *s = &and->streams[i];
        if (s->clause->negate || s->set || s->leaves_known || search_any_drives(s))
            continue;
        r = search_stream_collect(and, s, 0, &done);
        if (r < 0 || done)
            break;
    }
    if (r == 0 && done)
        put_in_order(and);
    else if (r == 0)
        r = collect_absent(and);
    and->tried = 0;
    return r;
}

/* ---- all live records ---- */

/* The batch from ${from} on. */
static int read_live(struct search_and *and, uint64_t from)
{
    struct search_run *run = and->run;
    store_rid at = search_rid(and->type, from);
    store_rid batch[64];
    size_t count = 0, i;
    int r;

    if (and->down)
        r = store_rids_before(run->r, and->type, from >= SEARCH_N_MASK ? 0 : at + 1,
            batch, 64, &count, run->err);
    else
        r = store_rids(
            run->r, and->type, from <= 1 ? 0 : at - 1, batch, 64, &count, run->err);
    if (r < 0)
        return r;
    for (i = 0; i < count; i++)
        and->all[i] = (uint64_t)batch[i] & SEARCH_N_MASK;
    and->all_at = 0;
    and->all_count = count;
    and->all_done = count < 64;
    return 0;
}

static int next_live(struct search_and *and, uint64_t from, uint64_t *ret)
{
    int r = 0;

    if (and->down ? from > and->all_from : from < and->all_from) {
        and->all_at = and->all_count = 0; /* asked about what is behind us */
        and->all_done = false;
    }
    and->all_from = from;
    while (r == 0) {
        while (and->all_at < and->all_count &&
               (and->down ? and->all[ and->all_at] > from
                          : and->all[ and->all_at] < from))
            and->all_at++;
        if (and->all_at < and->all_count || and->all_done) {
            *ret = and->all_at < and->all_count ? and->all[ and->all_at] : SEARCH_END;
            return 0;
        }
        r = read_live(and, from);
    }
    return r;
}

/* The next that the exclusion leaves. */
static int next_absent(struct search_and *and, uint64_t from, uint64_t *ret)
{
    bool live = false;
    int r = 0;

    for (; r == 0 && !live; from += and->down ? UINT64_MAX : 1) {
        from = rid_set_absent(and->absent->set, from, and->down);
        if (from == 0 && !and->down)
            continue;
        if (from == 0 || from > and->top) {
            *ret = SEARCH_END;
            return 0;
        }
        r = store_live(and->run->r, search_rid(and->type, from), &live, and->run->err);
        *ret = from;
    }
    return r;
}

/* ---- going on ---- */

static bool leaps(const struct search_and *and, const struct search_stream *s)
{
    if (s->clause->negate)
        return false;
    if (s->set)
        return true;
    return s->leaves_known && s->leaf_count <= search_tuning.leap_leaves &&
           s->estimate / search_tuning.leap_ratio <= and->order[0]->estimate;
}

/* What the stream gives needs no test. */
static bool exact(const struct search_stream *s)
{
    if (s->set)
        return s->set_exact;
    return !s->clause->look && s->clause->kind != CLAUSE_COMPOSITE;
}

/* As agree, of one stream; ${given}: the stream itself gave ${n}. */
static int agree_one(struct search_and *and, struct search_stream *s, bool given,
    uint64_t n, uint64_t *ret_next)
{
    bool found = true;
    int r;

    if (!given && and->has_driver && leaps(and, s)) {
        r = search_stream_next(and, s, n, ret_next);
        if (r < 0)
            return r;
        if (*ret_next != n)
            return 0;
        given = true;
    }
    if (given && exact(s))
        return 1;
    r = search_stream_test(and, s, n, &found);
    if (r < 0)
        return r;
    if (!found)
        *ret_next = and->down ? n - 1 : n + 1;
    return found;
}

/* The streams agree on ${n}: is it for this reader too? As agree(). */
static int permit(struct search_and *and, uint64_t n, uint64_t *ret_next)
{
    bool allowed = true;
    int r = 0;

    if (and->dead)
        r = store_live(and->run->r, search_rid(and->type, n), &allowed, and->run->err);
    if (r == 0 && allowed && !and->inner)
        r = search_allows(and->run, search_rid(and->type, n), &allowed);
    if (r == 0 && !allowed)
        *ret_next = and->down ? n - 1 : n + 1;
    return r < 0 ? r : allowed;
}

/*
 * Hold ${n}, which the driver gave if there is one, against the streams. 1: all agree;
 * 0: one does not, and nothing can before ${*ret_next}.
 */
static int agree(struct search_and *and, uint64_t n, uint64_t *ret_next)
{
    size_t i;
    int r = 1;

    for (i = 0; r == 1 && i < and->count; i++)
        r = agree_one(and, and->order[i], i == 0 && and->has_driver, n, ret_next);
    return r == 1 ? permit(and, n, ret_next) : r;
}

/* After a candidate that failed: is this still the way to go on? */
static int reconsider(struct search_and *and, uint64_t from)
{
    if (!and->settled && and->tried > search_tuning.tried_first)
        return settle(and, from);
    if (!and->has_driver && !and->absent && and->tried > search_tuning.tried_most)
        return collect_driver(and);
    return 0;
}

int search_and_next(struct search_and *and, uint64_t from, uint64_t *ret)
{
    uint64_t n = 0;
    int r = open_and(and, from);

    while (r == 0) {
        r = and->has_driver ? search_stream_next(and, and->order[0], from, &n)
            : and->absent   ? next_absent(and, from, &n)
                            : next_live(and, from, &n);
        if (r < 0)
            return r;
        if (n == SEARCH_END || n == 0) {
            *ret = SEARCH_END;
            return 0;
        }
        and->tried++;
        r = agree(and, n, &from);
        if (r < 0)
            return r;
        if (r == 1) {
            *ret = n;
            return 0;
        }
        if (from == SEARCH_END || from == 0) {
            *ret = SEARCH_END;
            return 0;
        }
        if (and->count > 0)
            r = reconsider(and, from);
    }
    return r;
}

int search_and_test_live(struct search_and *and, uint64_t n, bool *ret)
{
    bool found = true;
    size_t i;
    int r = open_and(and, 0);

    for (i = 0; r == 0 && found && i < and->count; i++)
        r = search_stream_test(and, and->order[i], n, &found);
    if (r == 0 && found && !and->inner)
        r = search_allows(and->run, search_rid(and->type, n), &found);
    *ret = found;
    return r;
}

int search_and_test(struct search_and *and, uint64_t n, bool *ret)
{
    bool live = true;
    int r = open_and(and, 0);

    /* a record that was deleted has no rows, so "not in the index" is no answer */
    if (r == 0 && !any_positive(and))
        r = store_live(and->run->r, search_rid(and->type, n), &live, and->run->err);
    if (r == 0 && live)
        return search_and_test_live(and, n, ret);
    *ret = false;
    return r;
}

int search_and_rows(struct search_and *and, uint64_t *ret)
{
    int r = open_and(and, 0);

    *ret = and->has_driver ? and->order[0]->estimate : and->top;
    return r;
}

int search_and_lists(struct search_and *and, uint64_t list, bool *ret)
{
    const struct search_stream *s = and->streams;
    int r = open_and(and, 0);

    /* the last stream is the list itself */
    *ret =
        r == 0 && list > search_tuning.sorted_by_looking &&
        (and->count == 1 ||
            (and->count == 2 && search_stream_drives(s) && !s->clause->look &&
                s->clause->kind != CLAUSE_COMPOSITE &&
                s->estimate * list / (and->top + 1) > search_tuning.sorted_by_looking));
    return r;
}

int search_and_dense(struct search_and *and, uint64_t want, bool *ret)
{
    const struct search_stream *s = and->streams;
    int r = open_and(and, 0);

    *ret = r == 0 && and->count == 1 && search_stream_drives(s) && !s->clause->look &&
           s->clause->kind != CLAUSE_COMPOSITE &&
           s->estimate > search_tuning.sorted_by_looking &&
           want * and->top / s->estimate < s->estimate;
    return r;
}
