/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rows of all walkers in one order, as groups of one value. Where a row tells all that
 * counts (a date, each record having at most one, no further key) a group is gone through
 * in the order of the page, that of rids, and left when the page is full: newest first the
 * rows come the other way round, so the other end of a long group is sought. Otherwise a
 * group is gone through to its end, whatever its order, and sorted.
 */
#include <stdlib.h>

#include "view/search_walk_internal.h"

#define NEAR                                                                           \
    8 /* rows of a group that are stepped over before its other end is sought */

/* In the order of the page, whichever way a walker is going at the moment. */
static int compare(const struct search_walk *w, const struct search_sort_value *x,
    const struct search_sort_value *y)
{
    int order = memcmp(x->bytes, y->bytes, x->len < y->len ? x->len : y->len);

    if (order == 0)
        order = (int)x->len - (int)y->len;
    return w->key->down != w->b->back ? -order : order;
}

static bool same_value(
    const struct search_sort_value *x, const struct search_sort_value *y)
{
    return x->len == y->len && memcmp(x->bytes, y->bytes, x->len) == 0;
}

static struct search_walker *best_walker(struct search_walk *w)
{
    struct search_walker *best = NULL;
    size_t i;

    for (i = 0; i < w->count; i++)
        if (w->walkers[i].more &&
            (!best || compare(w, &w->walkers[i].value, &best->value) < 0))
            best = &w->walkers[i];
    return best;
}

/* ---- rows that do not tell all ---- */

int search_walk_offer(
    struct search_walk *w, uint64_t n, const struct search_sort_value *value)
{
    struct search_sort_value values[LIMIT_SORT_KEYS];
    struct search_item item = {.rid = search_rid(w->and->type, n), .values = values};
    bool found;
    int r = search_and_test_live(w->and, n, &found);

    if (r < 0 || !found)
        return r;
    r = search_sort_values(
        w->run, w->run->plan->types[0].sort, w->run->plan->sort_count, &item);
    if (r < 0)
        return r;
    /* of several values only the one it is sorted by counts */
    if (value ? values[0].missing || !same_value(&values[0], value)
              : !values[0].missing)
        return 0;
    return search_found_offer(w->run, w->f, w->b, &item);
}

static bool has_item(const struct search_found *f, store_rid rid)
{
    size_t i;

    for (i = 0; i < f->count; i++)
        if (f->items[i].rid == rid)
            return true;
    return false;
}

static int walk_groups(struct search_walk *w)
{
    struct search_sort_value group = {.missing = true};
    struct search_walker *x;
    int r;

    while ((x = best_walker(w)) != NULL) {
        if (group.missing || !same_value(&group, &x->value)) {
            if (w->f->count == w->f->want)
                return 0;
            group = x->value;
        }
        /* one record may have one value twice, in two units or slots */
        if (!has_item(w->f, search_rid(w->and->type, x->n))) {
            r = search_walk_offer(w, x->n, &group);
            if (r < 0)
                return r;
        }
        r = search_walker_advance(w, x);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- rows that tell all, in the order of the page ---- */

static bool full(const struct search_walk *w)
{
    return w->f->count == w->f->want;
}

/* Is what comes at ${n} in the group of ${value} beyond where rows begin to count? */
static bool beyond(
    const struct search_walk *w, uint64_t n, const struct search_sort_value *value)
{
    store_rid rid = search_rid(w->and->type, n);
    int order = 0;

    if (!w->started)
        return true;
    if (w->start.values[0].missing) /* these come last of all */
        return w->b->back;
    order = compare(w, value, &w->start.values[0]);
    if (order == 0)
        order = rid < w->start.rid ? -1 : rid > w->start.rid;
    else
        return order > 0;
    return w->b->back ? order < 0 : order > 0;
}

int search_walk_pass(
    struct search_walk *w, uint64_t n, const struct search_sort_value *value)
{
    struct search_found *f = w->f;
    struct search_item *item = &f->items[f->count];
    bool found = false;
    int r = search_and_test_live(w->and, n, &found);

    if (r < 0 || !found)
        return r;
    *item = (struct search_item){.rid = search_rid(w->and->type, n),
        .values = arena_alloc_raw(w->run->a, sizeof(*item->values))};
    if (!item->values)
        return err_nomem(w->run->err);
    item->values[0] = *value;
    f->count++;
    return 0;
}

/* The next row. */
static int pass(
    struct search_walk *w, uint64_t n, const struct search_sort_value *value)
{
    bool ask = beyond(w, n, value);
    int r = ask ? search_walk_met(w, n, value, &ask) : 0;

    return r < 0 || !ask ? r : search_walk_pass(w, n, value);
}

static int number_order(const void *x, const void *y)
{
    const uint64_t *a = x, *b = y;

    return *a < *b ? -1 : *a > *b;
}

struct gathered {
    uint64_t *list;
    size_t count, cap;
};

/* What is left of the group at ${x}, at most ${most} rows. */
static int gather(
    struct search_walk *w, struct search_walker *x, size_t most, struct gathered *g)
{
    struct search_sort_value value = x->value;
    int r = 0;

    while (r == 0 && x->more && same_value(&value, &x->value) && g->count < most) {
        if (g->count == g->cap) {
            size_t cap = g->cap ? 4 * g->cap : 64;
            uint64_t *grown = arena_grow(
                w->run->a, g->list, g->cap * sizeof(*g->list), cap * sizeof(*g->list));

            if (!grown)
                return err_nomem(w->run->err);
            g->list = grown;
            g->cap = cap;
        }
        g->list[g->count++] = x->n;
        r = search_walker_advance(w, x);
    }
    return r;
}

static int pass_gathered(struct search_walk *w, const struct gathered *g,
    const struct search_sort_value *value)
{
    int r = 0;

    if (g->count)
        qsort(g->list, g->count, sizeof(*g->list), number_order);
    for (size_t i = 0; r == 0 && !full(w) && i < g->count; i++)
        r = pass(w, g->list[w->b->back ? g->count - 1 - i : i], value);
    return r;
}

/* A group that several walkers have rows of, or whose rows are not in the order of n. */
static int pass_mixed(struct search_walk *w, const struct search_sort_value *value)
{
    struct gathered g = {NULL, 0, 0};
    int r = 0;

    for (size_t i = 0; r == 0 && i < w->count; i++) {
        struct search_walker *x = &w->walkers[i];

        if (x->more && same_value(&x->value, value))
            r = gather(w, x, SIZE_MAX, &g);
    }
    return r < 0 ? r : pass_gathered(w, &g, value);
}

static bool holds_boundary(const struct search_walk *w, const struct search_walker *x)
{
    return w->started && !w->start.values[0].missing &&
           same_value(&w->start.values[0], &x->value);
}

enum group_place { GROUP_START, GROUP_BOUNDARY, GROUP_END };

/* ${up}: to the first row at or behind ${place}; else to the last before it. */
static int seek_group(
    struct search_walk *w, struct search_walker *x, enum group_place place, bool up)
{
    uint8_t key[sizeof(x->group) + SEARCH_NUMBER_BYTES + 1];
    size_t len = x->group_len;
    struct store_row row;
    int r = 0;

    memcpy(key, x->group, len);
    if (place == GROUP_BOUNDARY) {
        len += search_put_number(key + len, (uint64_t)w->start.rid & SEARCH_N_MASK);
    } else if (place == GROUP_END) {
        memset(key + len, 0xff, SEARCH_NUMBER_BYTES + 1);
        len += SEARCH_NUMBER_BYTES + 1;
    }
    r = up ? store_cursor_seek(x->cursor, key, len, &row, w->run->err)
           : store_cursor_seek_before(x->cursor, key, len, &row, w->run->err);
    return search_walker_at(w, x, &row, r);
}

/* A group whose rows come against the order of the page: from its other end. */
static int pass_against(struct search_walk *w, struct search_walker *x)
{
    struct search_sort_value value = x->value;
    struct search_walker group = *x;
    struct gathered g = {NULL, 0, 0};
    int r = gather(w, x, NEAR, &g);

    if (r < 0 || !x->more || !same_value(&x->value, &value))
        return r < 0 ? r : pass_gathered(w, &g, &value);
    w->down = !w->down;
    r = seek_group(w, x,
        holds_boundary(w, x) ? GROUP_BOUNDARY
        : w->down            ? GROUP_END
                             : GROUP_START,
        !w->down);
    while (r == 0 && !full(w) && x->more && same_value(&x->value, &value)) {
        r = pass(w, x->n, &value);
        if (r == 0)
            r = search_walker_advance(w, x);
    }
    w->down = !w->down;
    if (r < 0 || full(w))
        return r;
    memcpy(x->group, group.group, group.group_len);
    x->group_len = group.group_len;
    return seek_group(w, x, w->down ? GROUP_START : GROUP_END, !w->down);
}

/* Rows of one group that lie in the order of n. */
static bool by_number(const struct search_walker *x)
{
    return (x->prefix[2] >= DATE_YEAR && x->prefix[2] <= DATE_MILLI) ||
           x->prefix[2] == DATE_FROM;
}

static int walk_single(struct search_walk *w)
{
    struct search_walker *x = NULL;
    int r = 0;

    while (r == 0 && !full(w) && (x = best_walker(w)) != NULL) {
        size_t sharing = 0;

        for (size_t i = 0; i < w->count; i++)
            sharing +=
                w->walkers[i].more && same_value(&w->walkers[i].value, &x->value);
        if (sharing > 1 || !by_number(x)) {
            struct search_sort_value value = x->value;
            r = pass_mixed(w, &value);
        } else if (w->down != w->b->back) {
            r = pass_against(w, x);
        } else {
            struct search_sort_value value = x->value;
            r = pass(w, x->n, &value);
            if (r == 0)
                r = search_walker_advance(w, x);
        }
    }
    if (r == 0)
        search_walk_learned(w, !full(w));
    return r;
}

int search_walk_rows(struct search_walk *w)
{
    return w->single ? walk_single(w) : walk_groups(w);
}
