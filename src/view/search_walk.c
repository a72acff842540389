/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sorting a large result: the rows of the sort slot are walked in order and each record
 * is asked whether it matches, so that a page costs about a page. Dates lie in several
 * classes and quantities under several units, each in order by itself: a merge. Rows of
 * one value are put in order by the other keys before they count.
 */
#include <math.h>

#include "view/search_walk_internal.h"

bool search_walk_possible(const struct search_plan *plan)
{
    const struct search_sort_key *key = plan->types[0].sort;

    if (plan->type_count != 1 || plan->sort_count == 0)
        return false;
    return key->what == SORT_UPDATED ||
           (key->what == SORT_SLOTS &&
               (key->kind == FHIR_SEARCH_DATE || key->kind == FHIR_SEARCH_STRING ||
                   key->kind == FHIR_SEARCH_NUMBER ||
                   key->kind == FHIR_SEARCH_QUANTITY));
}

/* Each record has at most one value in the slot: no list on the ways to it, and of
 * several ways only one can be taken. */
static bool single_valued(uint16_t number)
{
    const struct fhir_slot *slot = &fhir_slots[number];
    uint16_t choice = 0;
    unsigned i, j;

    for (i = 0; i < slot->count; i++) {
        const struct fhir_way *way = &fhir_ways[slot->first + i];
        const struct fhir_type *type = fhir_type_numbered(slot->type);
        const struct fhir_element *e = NULL;
        for (j = 0; j < way->count; j++) {
            const struct fhir_step *step = &fhir_steps[way->first + j];
            e = fhir_element_named(type, (struct str){step->name, step->name_len});
            if (!e || e->max != 1)
                return false;
            type = &fhir_types[e->type];
        }
        if (slot->count == 1)
            return true;
        if (!e || way->count != 1 || e->choice == 0 || (choice && choice != e->choice))
            return false;
        choice = e->choice;
    }
    return slot->count > 0;
}

const struct search_clause *search_walk_range(const struct search_plan *plan)
{
    const struct search_type_plan *t = &plan->types[0];
    size_t i;

    if (plan->type_count != 1 || plan->sort_count == 0 || t->sort->slot_count != 1)
        return NULL;
    if (t->sort->what != SORT_UPDATED &&
        (t->sort->kind != FHIR_SEARCH_DATE || !single_valued(t->sort->slots[0])))
        return NULL;
    for (i = 0; i < t->all.count; i++) {
        const struct search_clause *c = t->all.clauses[i];
        if (c->kind == CLAUSE_DATE && !c->negate && c->slot_count == 1 &&
            c->slots[0] == t->sort->slots[0])
            return c;
    }
    return NULL;
}

bool search_walk_single(const struct search_plan *plan)
{
    const struct search_sort_key *key = plan->types[0].sort;

    return plan->sort_count == 1 && key->slot_count == 1 &&
           (key->what == SORT_UPDATED ||
               (key->kind == FHIR_SEARCH_DATE && single_valued(key->slots[0])));
}

/* ---- one walker ---- */

/* Read value and n of a row; false: not a row of this walker. */
static bool read_row(
    const struct search_walk *w, struct search_walker *x, const struct store_row *row)
{
    const uint8_t *p = row->key + x->prefix_len;
    size_t len, used = 0;
    utc_ms lo, hi;
    double v;

    if (row->key_len <= x->prefix_len ||
        memcmp(row->key, x->prefix, x->prefix_len) != 0)
        return false;
    len = row->key_len - x->prefix_len;
    x->value.missing = false;
    x->value.len = 8;
    if (w->table == SEARCH_DATE) {
        used = search_get_date(p - 1, len + 1, &lo, &hi) - 1;
        x->group_len = x->prefix_len + used;
        if (used <= sizeof(x->group) - x->prefix_len)
            memcpy(x->group, row->key, x->group_len);
        search_put_be(x->value.bytes, (uint64_t)lo ^ 1ull << 63, 8);
        if (w->range && x->prefix[2] < DATE_UNTIL &&
            (w->down ? lo < x->lo : lo >= x->hi && x->hi != UTC_MS_MAX))
            return false;
    } else if (w->table == SEARCH_NUMBER) {
        used = search_get_double(p, len, &v);
        search_double_key(x->value.bytes, v);
        if (x->prefix[0] & 0x80)
            used += search_get_double(p + used, len - used, &v);
    } else {
        while (used < len && used < SEARCH_TEXT_MAX && p[used] > 1)
            used++;
        x->value.len = (uint8_t)used;
        memcpy(x->value.bytes, p, used++);
    }
    return used < len && search_get_number(p + used, len - used, &x->n) > 0;
}

int search_walker_at(
    struct search_walk *w, struct search_walker *x, const struct store_row *row, int r)
{
    x->more = r == 1 && read_row(w, x, row);
    return r < 0 ? r : 0;
}

int search_walker_advance(struct search_walk *w, struct search_walker *x)
{
    struct store_row row;
    int r = w->down ? store_cursor_prev(x->cursor, &row, w->run->err)
                    : store_cursor_next(x->cursor, &row, w->run->err);

    return search_walker_at(w, x, &row, r);
}

/* The start of the range or the boundary's value, whichever comes later on the way. */
static size_t start_date(
    const struct search_walk *w, const struct search_walker *x, uint8_t *key)
{
    const struct search_sort_value *v = w->started ? &w->start.values[0] : NULL;
    utc_ms at = w->range  ? (w->down ? x->hi : x->lo)
                : w->down ? UTC_MS_MAX
                          : UTC_MS_MIN;
    utc_ms edge = at;

    if (v && !v->missing)
        edge = (utc_ms)(search_get_be(v->bytes, 8) ^ 1ull << 63);
    if (w->down ? edge < at : edge > at)
        at = edge;
    if (x->prefix[2] >= DATE_UNTIL || (at == UTC_MS_MAX && w->down) || at == UTC_MS_MIN)
        return x->prefix_len;
    return 2 + search_date_start(key + 2, x->prefix[2], at);
}

/* The key where the walk begins: at the boundary's value, or at the end it starts from. */
static size_t start_key(
    struct search_walk *w, const struct search_walker *x, uint8_t *key)
{
    const struct search_sort_value *v = w->started ? &w->start.values[0] : NULL;
    size_t len = x->prefix_len;

    memcpy(key, x->prefix, len);
    if (w->table == SEARCH_DATE)
        len = start_date(w, x, key);
    else if (v && !v->missing && w->table == SEARCH_STRING) {
        memcpy(key + len, v->bytes, v->len);
        len += v->len;
        if (w->down)
            key[len++] = 1;
    } else if (v && !v->missing && w->table == SEARCH_NUMBER) {
        len += search_put_double(key + len, search_key_double(v->bytes));
    }
    if (w->down) {
        memset(key + len, 0xff, 10);
        len += 10;
    }
    return len;
}

static int add_walker(struct search_walk *w, const uint8_t *prefix, size_t len)
{
    uint8_t key[SEARCH_KEY_MAX];
    struct search_walker *x = &w->walkers[w->count];
    struct store_row row;
    size_t key_len;
    int r;

    if (w->count == SEARCH_WALKERS_MOST)
        return err_set(w->run->err, E_TOO_LARGE, "_sort",
            "The values to sort by have too many units.");
    memcpy(x->prefix, prefix, len);
    x->prefix_len = len;
    if (w->range)
        search_date_bounds(w->range, prefix[2], &x->lo, &x->hi);
    r = store_cursor_open(
        w->run->r, search_first_table + w->table, &x->cursor, w->run->err);
    if (r < 0)
        return r;
    w->count++;
    key_len = start_key(w, x, key);
    r = w->down ? store_cursor_seek_before(x->cursor, key, key_len, &row, w->run->err)
                : store_cursor_seek(x->cursor, key, key_len, &row, w->run->err);
    return search_walker_at(w, x, &row, r);
}

/* A walker for each ${len} bytes that rows of the slot begin with. */
static int add_walkers(struct search_walk *w, unsigned slot, size_t len)
{
    uint8_t key[8] = {0};
    struct store_cursor *cursor;
    struct store_row row = {0};
    size_t i;
    int r;

    search_put_be(key, slot, 2);
    if (len == 2)
        return add_walker(w, key, 2);
    r = search_cursor(w->run, w->table, w, &cursor);
    if (r == 0)
        r = store_cursor_seek(cursor, key, 2, &row, w->run->err);
    while (r == 1 && row.key_len > len && memcmp(row.key, key, 2) == 0) {
        memcpy(key, row.key, len);
        r = add_walker(w, key, len);
        if (r < 0)
            return r;
        for (i = len; i > 2 && ++key[i - 1] == 0; i--)
            ;
        if (i == 2)
            return 0;
        r = store_cursor_seek(cursor, key, len, &row, w->run->err);
    }
    return r < 0 ? r : 0;
}

static int open_walkers(struct search_walk *w)
{
    size_t i;
    int r = 0;

    for (i = 0; r == 0 && i < w->key->slot_count; i++) {
        uint16_t slot = w->key->slots[i];
        if (w->table == SEARCH_DATE) {
            r = add_walkers(w, slot, 3);
        } else if (w->table == SEARCH_NUMBER) {
            size_t len = fhir_slots[slot].kind == FHIR_SEARCH_QUANTITY ? 7 : 2;
            r = add_walkers(w, slot, len);
            if (r == 0)
                r = add_walkers(w, slot | SEARCH_RANGE_SLOT, len);
        } else {
            r = add_walkers(w, slot, 2);
        }
    }
    return r;
}

/* ---- those without a value ---- */

/* Those without a value, in rid order; with further keys all of them must be seen. */
static int walk_missing(struct search_walk *w)
{
    const struct search_plan *plan = w->run->plan;
    struct search_and *all;
    uint64_t n;
    int r = search_and_new(w->run,
        &(struct search_and_of){
            .type = w->and->type, .all = &plan->types[0].all, .down = w->b->back},
        &all);

    if (r < 0)
        return r;
    n = search_and_first(all);
    if (w->b->given && w->b->item.values[0].missing && plan->sort_count == 1)
        n = (uint64_t)w->b->item.rid & SEARCH_N_MASK;
    for (;;) {
        r = search_and_next(all, n, &n);
        if (r < 0 || n == SEARCH_END)
            return r;
        r = search_walk_offer(w, n, NULL);
        if (r < 0 || (plan->sort_count == 1 && w->f->count == w->f->want))
            return r;
        if (w->b->back && n == 1)
            return 0;
        n = w->b->back ? n - 1 : n + 1;
    }
}

/* Those with a value. */
static int walk_values(struct search_walk *w)
{
    int r = search_walk_list(w);

    if (r == 0 && !w->done)
        r = open_walkers(w);
    return r < 0 || w->done ? r : search_walk_rows(w);
}

int search_walk(struct search_run *run, struct search_and *and,
    const struct search_boundary *b, struct search_found *f)
{
    const struct search_sort_key *key = run->plan->types[0].sort;
    struct search_walk w = {.run = run, .and = and, .b = b, .f = f, .key = key};
    bool missing = b->given && b->item.values[0].missing;
    size_t i;
    int r = 0;

    w.table = key->what == SORT_UPDATED || key->kind == FHIR_SEARCH_DATE ? SEARCH_DATE
              : key->kind == FHIR_SEARCH_STRING                          ? SEARCH_STRING
                                                : SEARCH_NUMBER;
    w.down = key->down != b->back;
    w.range = search_walk_range(run->plan);
    w.single = search_walk_single(run->plan);
    w.started = b->given;
    w.start = b->item;
    w.walkers = arena_array(run->a, SEARCH_WALKERS_MOST, sizeof(*w.walkers));
    if (!w.walkers)
        return err_nomem(run->err);
    if (b->back && !w.range && (missing || !b->given))
        r = walk_missing(&w);
    if (r == 0 && f->count < f->want && (b->back || !missing))
        r = walk_values(&w);
    if (r == 0 && f->count < f->want && !b->back && !w.range && key->what == SORT_SLOTS)
        r = walk_missing(&w);
    for (i = 0; i < w.count; i++)
        store_cursor_close(w.walkers[i].cursor);
    return r;
}
