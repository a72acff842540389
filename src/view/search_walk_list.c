/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A walk for somebody who may not see everything: what others' records the filter need not
 * be asked about is known from earlier walks, up to an edge. The page is looked for in that
 * list; where it ends, the walk goes on from the edge, and what is met there is learned.
 *
 *     top ──── list: what may be allowed ──── edge ─── rows of everybody ───►
 *
 * Whatever the list says, a record is asked about before it is given.
 */
#include "view/search_filter_internal.h"
#include "view/search_walk_internal.h"

/* What this walk passes, behind what was known. */
struct search_learning {
    struct search_shortlist list;
    int64_t *values;
    store_rid *rids;
    size_t cap;
    bool moved;
};

static int64_t value_of(const struct search_sort_value *v)
{
    return (int64_t)(search_get_be(v->bytes, 8) ^ 1ull << 63);
}

static struct search_sort_value bytes_of(int64_t value)
{
    struct search_sort_value v = {.len = 8};

    search_put_be(v.bytes, (uint64_t)value ^ 1ull << 63, 8);
    return v;
}

/* Does the record ${at} of the list come before ${start}, or is it that one? */
static bool is_before(const struct search_shortlist *list, size_t at, bool down,
    int64_t value, store_rid rid)
{
    if (list->values[at] != value)
        return (list->values[at] < value) != down;
    return list->rids[at] <= rid;
}

/* How many records of the list come before ${rid} with ${value}, itself too. */
static size_t places_before(
    const struct search_shortlist *list, bool down, int64_t value, store_rid rid)
{
    size_t low = 0;
    size_t high = list->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (is_before(list, middle, down, value, rid))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- looking in the list ---- */

static int pass_listed(struct search_walk *w, size_t at)
{
    struct search_sort_value value = bytes_of(w->known->values[at]);

    return search_walk_pass(w, (uint64_t)w->known->rids[at] & SEARCH_N_MASK, &value);
}

/* Is the page's boundary where the list knows all? */
static bool within(const struct search_walk *w, int64_t value, store_rid rid)
{
    const struct search_shortlist *list = w->known;
    const struct search_shortlist edge = {.values = &value, .rids = &rid, .count = 1};

    return list->whole || (list->begun && is_before(&edge, 0, w->key->down,
                                              list->edge_value, list->edge));
}

static int look_back(struct search_walk *w)
{
    const struct search_sort_value *v = w->b->given ? &w->b->item.values[0] : NULL;
    size_t at = w->known->count;
    int r = 0;

    if (v && !v->missing) {
        if (!within(w, value_of(v), w->b->item.rid))
            return 0;
        at = places_before(w->known, w->key->down, value_of(v), w->b->item.rid);
        if (at > 0 && w->known->rids[at - 1] == w->b->item.rid &&
            w->known->values[at - 1] == value_of(v))
            at--; /* the boundary itself */
    } else if (!w->known->whole) {
        return 0;
    }
    while (r == 0 && at > 0 && w->f->count < w->f->want)
        r = pass_listed(w, --at);
    w->done = true;
    return r;
}

static int begin_learning(struct search_walk *w)
{
    const struct search_shortlist *known = w->known;
    struct search_learning *l = arena_alloc(w->run->a, sizeof(*l));

    if (!l)
        return err_nomem(w->run->err);
    l->cap = known->count + 64;
    l->values = arena_array(w->run->a, l->cap, sizeof(*l->values));
    l->rids = arena_array(w->run->a, l->cap, sizeof(*l->rids));
    if (!l->values || !l->rids)
        return err_nomem(w->run->err);
    l->list = *known;
    if (known->count) {
        memcpy(l->values, known->values, known->count * sizeof(*l->values));
        memcpy(l->rids, known->rids, known->count * sizeof(*l->rids));
    }
    w->learning = l;
    return 0;
}

static int look_on(struct search_walk *w)
{
    const struct search_shortlist *list = w->known;
    bool given = w->b->given;
    int64_t value = given ? value_of(&w->b->item.values[0]) : 0;
    size_t at = 0;
    int r = 0;

    if (given && !within(w, value, w->b->item.rid))
        return 0; /* behind the edge: what lies between is not known */
    if (given)
        at = places_before(list, w->key->down, value, w->b->item.rid);
    for (; r == 0 && at < list->count && w->f->count < w->f->want; at++)
        r = pass_listed(w, at);
    w->done = list->whole || w->f->count == w->f->want;
    if (r < 0 || w->done)
        return r;
    if (list->begun) {
        w->start_value = bytes_of(list->edge_value);
        w->start = (struct search_item){.rid = list->edge, .values = &w->start_value};
        w->started = true;
    }
    return list->count < LIMIT_READER_ORDER ? begin_learning(w) : 0;
}

static struct search_order order_of(unsigned type, const struct search_sort_key *key)
{
    return (struct search_order){.type = type,
        .slot = key->slots[0],
        .updated = key->what == SORT_UPDATED,
        .down = key->down};
}

int search_walk_whole(struct search_run *run, size_t *ret)
{
    const struct search_filter *filter = search_filter_of(run);
    const struct search_type_plan *t = &run->plan->types[0];
    const struct search_order order = order_of(t->type, t->sort);
    const struct search_shortlist *list = NULL;
    int r = 0;

    *ret = 0;
    if (filter && filter->shortlist && search_walk_single(run->plan) &&
        !search_walk_range(run->plan))
        r = filter->shortlist(filter->arg, &order, &list, run->err);
    if (r == 0 && list && list->whole)
        *ret = list->count;
    return r;
}

int search_walk_list(struct search_walk *w)
{
    const struct search_filter *filter = search_filter_of(w->run);
    int r = 0;

    w->order = order_of(w->and->type, w->key);
    if (!w->single || w->range || !filter || !filter->shortlist)
        return 0;
    r = filter->shortlist(filter->arg, &w->order, &w->known, w->run->err);
    if (r < 0 || !w->known)
        return r;
    return w->b->back ? look_back(w) : look_on(w);
}

/* ---- learning ---- */

static int learn(struct search_walk *w, store_rid rid, int64_t value)
{
    struct search_learning *l = w->learning;

    if (l->list.count == l->cap) {
        size_t cap = 2 * l->cap;
        int64_t *values = arena_grow(
            w->run->a, l->values, l->cap * sizeof(*values), cap * sizeof(*values));
        store_rid *rids =
            arena_grow(w->run->a, l->rids, l->cap * sizeof(*rids), cap * sizeof(*rids));

        if (!values || !rids)
            return err_nomem(w->run->err);
        l->values = values;
        l->rids = rids;
        l->cap = cap;
    }
    l->values[l->list.count] = value;
    l->rids[l->list.count++] = rid;
    return 0;
}

int search_walk_met(
    struct search_walk *w, uint64_t n, const struct search_sort_value *value, bool *ret)
{
    const struct search_filter *filter = search_filter_of(w->run);
    struct search_learning *l = w->learning;
    store_rid rid = search_rid(w->and->type, n);
    int r = 0;

    *ret = true;
    if (!w->known)
        return 0;
    r = filter->ever(filter->arg, rid, ret, w->run->err);
    if (r < 0 || !l)
        return r;
    if (l->list.count >= LIMIT_READER_ORDER) {
        search_walk_learned(w, false);
        return 0;
    }
    if (*ret)
        r = learn(w, rid, value_of(value));
    l->list.begun = l->moved = true;
    l->list.edge_value = value_of(value);
    l->list.edge = rid;
    return r;
}

void search_walk_learned(struct search_walk *w, bool whole)
{
    const struct search_filter *filter = search_filter_of(w->run);
    struct search_learning *l = w->learning;

    w->learning = NULL;
    if (!l || !(l->moved || whole))
        return;
    l->list.whole = whole;
    l->list.begun = true;
    l->list.values = l->values;
    l->list.rids = l->rids;
    filter->learned(filter->arg, &w->order, &l->list);
}
