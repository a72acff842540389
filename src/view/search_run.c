/* SPDX-License-Identifier: Apache-2.0 */
/* A query run: matches in order, the page cut from them, totals, cursors. */
#include "view/search_filter_internal.h"

#define ESTIMATED_AFTER 5000 /* matches counted before a total is estimated */

/* ---- counting ---- */

static int type_and(
    struct search_run *run, size_t i, bool down, bool thorough, struct search_and **ret)
{
    const struct search_type_plan *t = &run->plan->types[i];

    return search_and_new(run,
        &(struct search_and_of){
            .type = t->type, .all = &t->all, .down = down, .thorough = thorough},
        ret);
}

/* All matches of one type; estimated from where ESTIMATED_AFTER was reached. */
static int count_type(struct search_run *run, size_t i, bool accurate, int64_t *total)
{
    struct search_and *and;
    uint64_t n = 0;
    int64_t count = 0;
    int r;

    if (search_filter_of(run))
        accurate = true; /* an estimate would speak of what is not counted */
    else if (run->plan->types[i].all.count == 0) {
        r = store_count(run->r, run->plan->types[i].type, &count, run->err);
        *total += count;
        return r;
    }
    r = type_and(run, i, false, accurate, &and);
    for (; r == 0; n++) {
        r = search_and_next(and, n, &n);
        if (r < 0 || n == SEARCH_END)
            break;
        count++;
        if (!accurate && count == ESTIMATED_AFTER) {
            count = (int64_t)((double)count * (double)and->top / (double)n);
            break;
        }
    }
    *total += count;
    return r;
}

static int count_all(struct search_run *run, bool accurate, int64_t *ret)
{
    int64_t total = 0;
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < run->plan->type_count; i++)
        r = count_type(run, i, accurate, &total);
    *ret = total;
    return r;
}

static bool unfiltered(const struct search_plan *plan)
{
    size_t i;

    for (i = 0; i < plan->type_count; i++)
        if (plan->types[i].all.count > 0)
            return false;
    return true;
}

/* What is known without counting again, or what was asked for. */
static int set_total(struct search_run *run, const struct search_boundary *b,
    const struct search_found *f, struct search_page *page)
{
    page->total = -1;
    if (run->q->total == SEARCH_TOTAL_NONE)
        return 0;
    if (!b->given && f->complete) {
        page->total = (int64_t)f->matches;
        return 0;
    }
    if (run->q->total == SEARCH_TOTAL_UNSET &&
        (!unfiltered(run->plan) || search_filter_of(run)))
        return 0;
    return count_all(run, run->q->total != SEARCH_TOTAL_ESTIMATE, &page->total);
}

/* ---- in rid order ---- */

static int found_plain(struct search_and *and, uint64_t from, struct search_found *f)
{
    uint64_t n = from;
    int r;

    for (;;) {
        r = search_and_next(and, n, &n);
        if (r < 0 || n == SEARCH_END)
            return r;
        f->items[f->count++] = (struct search_item){.rid = search_rid(and->type, n)};
        f->matches++;
        if (f->count == f->want) {
            f->complete = false;
            return 0;
        }
        if (and->down && n == 1)
            return 0;
        n = and->down ? n - 1 : n + 1;
    }
}

/* Where the page begins in a type; false: the boundary leaves nothing of it. */
static bool plain_from(
    const struct search_boundary *b, const struct search_and *and, uint64_t *ret)
{
    uint64_t n = (uint64_t)b->item.rid & SEARCH_N_MASK;

    if (!b->given || and->type != store_rid_type(b->item.rid)) {
        *ret = search_and_first(and);
        return true;
    }
    *ret = b->back ? n - 1 : n + 1;
    return !b->back || n > 1;
}

static int run_plain(struct search_run *run, const struct search_boundary *b,
    struct search_found *f, struct search_and **ands)
{
    size_t count = run->plan->type_count, i;
    int r = 0;

    f->complete = true;
    for (i = 0; r == 0 && i < count && f->count < f->want; i++) {
        size_t at = b->back ? count - 1 - i : i;
        unsigned type = run->plan->types[at].type;
        unsigned edge = b->given ? store_rid_type(b->item.rid) : type;
        uint64_t from;
        if (b->given && (b->back ? type > edge : type < edge))
            continue;
        r = type_and(run, at, b->back, false, &ands[at]);
        if (r < 0)
            return r;
        if (plain_from(b, ands[at], &from))
            r = found_plain(ands[at], from, f);
    }
    return r;
}

/* ---- sorted ---- */

/* Offer all matches of a type, at most ${most}. ${*ret_all} false: there were more. */
static int offer_type(struct search_run *run, const struct search_boundary *b,
    struct search_found *f, struct search_and *and, uint64_t most, bool *ret_all)
{
    struct search_sort_value values[LIMIT_SORT_KEYS];
    struct search_item item = {.values = values};
    const struct search_sort_key *keys = NULL;
    uint64_t n = 0;
    size_t i;
    int r;

    for (i = 0; i < run->plan->type_count; i++)
        if (run->plan->types[i].type == and->type)
            keys = run->plan->types[i].sort;
    for (*ret_all = true;; n++) {
        r = search_and_next(and, n, &n);
        if (r < 0 || n == SEARCH_END)
            return r;
        if (f->matches == most) {
            *ret_all = false;
            return 0;
        }
        f->matches++;
        item.rid = search_rid(and->type, n);
        r = search_sort_values(run, keys, run->plan->sort_count, &item);
        if (r == 0)
            r = search_found_offer(run, f, b, &item);
        if (r < 0)
            return r;
    }
}

/*
 * Is the index to be walked without looking how long the result is? Where nothing is to
 * be tested, where the range sorted by is all that is asked, and where the one stream
 * there is is long.
 */
static int walk_at_once(struct search_run *run, bool walk, uint64_t want,
    struct search_and **ands, bool *ret)
{
    const struct search_plan *plan = run->plan;
    size_t clauses = walk ? plan->types[0].all.count : 0;
    size_t list = 0;
    bool listed = false;
    int r = 0;

    *ret = false;
    if (walk && search_filter_of(run)) {
        r = type_and(run, 0, false, false, &ands[0]);
        listed = r == 0 && ands[0]->count > clauses;
    }
    if (r < 0 || !walk)
        return r;
    if (listed) {
        r = search_walk_whole(run, &list);
        if (r == 0)
            r = search_and_lists(ands[0], list, ret);
    }
    *ret = *ret ||
           (!listed && (unfiltered(plan) || (clauses == 1 && search_walk_range(plan))));
    if (r == 0 && !*ret && !ands[0])
        r = type_and(run, 0, false, false, &ands[0]);
    return r < 0 || *ret ? r : search_and_dense(ands[0], want, ret);
}

static int run_sorted(struct search_run *run, const struct search_boundary *b,
    struct search_found *f, struct search_and **ands)
{
    bool walk = search_walk_possible(run->plan), all = true, at_once = false;
    size_t i;
    int r = 0;

    r = walk_at_once(run, walk, f->want, ands, &at_once);
    f->complete = !at_once;
    for (i = 0; r == 0 && all && f->complete && i < run->plan->type_count; i++) {
        if (!ands[i])
            r = type_and(run, i, false, !walk, &ands[i]);
        if (r == 0)
            r = offer_type(run, b, f, ands[i],
                walk ? search_tuning.sorted_by_looking : UINT64_MAX, &all);
    }
    if (r < 0 || (all && f->complete))
        return r;
    f->complete = false;
    f->count = 0;
    if (!ands[0])
        r = type_and(run, 0, false, false, &ands[0]);
    return r < 0 ? r : search_walk(run, ands[0], b, f);
}

/* ---- the page ---- */

static void turn(struct search_found *f)
{
    size_t i;

    for (i = 0; i < f->count / 2; i++) {
        struct search_item item = f->items[i];
        f->items[i] = f->items[f->count - 1 - i];
        f->items[f->count - 1 - i] = item;
    }
}

/* Cut to the page, and say how to go on from its edges. */
static int set_page(struct search_run *run, const struct search_boundary *b,
    struct search_found *f, struct search_page *page)
{
    bool more = f->count == f->want;
    size_t i;
    int r = 0;

    if (more)
        f->count--;
    if (b->back)
        turn(f);
    page->hits = arena_array(run->a, f->count + 1, sizeof(*page->hits));
    if (!page->hits)
        return err_nomem(run->err);
    for (i = 0; i < f->count; i++)
        page->hits[i].rid = f->items[i].rid;
    page->count = page->matches = f->count;
    if (f->count ==
        0) /* all behind or before the edge has gone meanwhile: turn round */
        return b->given ? search_cursor_write(run, &b->item, !b->back,
                              b->back ? &page->next : &page->previous)
                        : 0;
    if (b->back || more)
        r = search_cursor_write(run, &f->items[f->count - 1], false, &page->next);
    if (r == 0 && b->given && (!b->back || more))
        r = search_cursor_write(run, &f->items[0], true, &page->previous);
    return r;
}

static int run_page(struct search_run *run, struct search_page *page)
{
    struct search_and **ands =
        arena_array(run->a, run->plan->type_count + 1, sizeof(struct search_and *));
    struct search_found f = {.want = run->q->count + 1};
    struct search_boundary b;
    int r;

    f.items = arena_array(run->a, f.want + 1, sizeof(*f.items));
    if (!ands || !f.items)
        return err_nomem(run->err);
    r = search_cursor_read(run, &b);
    if (r == 0 && run->plan->sort_count && run->plan->type_count)
        r = run_sorted(run, &b, &f, ands);
    else if (r == 0)
        r = run_plain(run, &b, &f, ands);
    if (r == 0)
        r = set_total(run, &b, &f, page);
    if (r == 0)
        r = set_page(run, &b, &f, page);
    if (r == 0 && run->plan->include_count)
        r = search_includes(run, page);
    if (r == 0 && run->q->explain && !search_filter_of(run))
        r = search_explain(run, ands, run->plan->type_count,
            !run->plan->sort_count ? "by record"
            : f.complete           ? "all matches sorted"
                                   : "sort index walked",
            &page->explain);
    return r;
}

int search_run(struct store_reader *r, struct arena *a, const struct search_query *q,
    struct search_page *ret, struct err *err)
{
    struct search_page page = {.total = -1};
    struct search_run run;
    int e = search_run_init(&run, r, a, q, err);

    if (e == 0 && q->plan_->counting)
        e = count_all(&run, q->total != SEARCH_TOTAL_ESTIMATE, &page.total);
    else if (e == 0)
        e = run_page(&run, &page);
    search_run_done(&run);
    if (e == 0)
        *ret = page;
    return e;
}

int search_match_few(struct store_reader *r, struct arena *a,
    const struct search_query *q, store_rid ret[2], size_t *ret_count, struct err *err)
{
    struct search_run run;
    struct search_and *and;
    size_t count = 0, i;
    uint64_t n;
    int e = search_run_init(&run, r, a, q, err);

    for (i = 0; e == 0 && count < 2 && i < q->plan_->type_count; i++) {
        e = type_and(&run, i, false, false, &and);
        for (n = 0; e == 0 && count < 2; n++) {
            e = search_and_next(and, n, &n);
            if (e < 0 || n == SEARCH_END)
                break;
            ret[count++] = search_rid(and->type, n);
        }
    }
    search_run_done(&run);
    if (e == 0)
        *ret_count = count;
    return e;
}
