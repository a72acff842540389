/* SPDX-License-Identifier: Apache-2.0 */
/* Reading facts: rows of one indicator, in the order in which they begin. */
#include <stdlib.h>

#include "base/limits.h"

#include "view/indicator_internal.h"

/* Rows on the way. Those that differ in their position alone are one fact, whose last row is kept
 * until another fact comes. */
struct walk {
    const struct indicator_request *rq;
    int (*take)(void *arg, const struct indicator_row *row, struct err *err);
    void *arg;
    size_t count;                     /* facts that were told */
    uint8_t group[INDICATOR_KEY_MAX]; /* the key without its position */
    size_t group_len;
    bool open; /* what is kept is this group's, and may yet be said otherwise */
    uint8_t said[INDICATOR_VALUE_MAX];
    size_t said_len;
    int64_t position;
    uint16_t goes[INDICATOR_ROW_VALUES]; /* a bit for each cell that a value goes to */
};

struct bytes {
    const uint8_t *at;
    const uint8_t *end;
};

static int unreadable(struct err *err)
{
    return err_set(err, E_CORRUPT, NULL, "A row of facts cannot be read.");
}

static void put_cell(struct walk *w, size_t value, unsigned cell)
{
    w->goes[value] |= (uint16_t)(1u << cell);
}

static void choose(struct walk *w)
{
    const struct indicator_define *d = w->rq->define;
    size_t amount = d->thing_count + d->stratum_count;

    for (unsigned i = 0; i < d->thing_count; i++)
        put_cell(w, i, i);
    if (w->rq->stratum < d->stratum_count)
        put_cell(w, d->thing_count + w->rq->stratum, INDICATOR_CELL_STRATUM);
    if (w->rq->filter < d->stratum_count)
        put_cell(w, d->thing_count + w->rq->filter, INDICATOR_CELL_FILTER);
    for (unsigned i = 0; i < INDICATOR_CELLS - INDICATOR_CELL_AMOUNT; i++)
        put_cell(w, amount + i, INDICATOR_CELL_AMOUNT + i);
}

/* The next value of a row. */
static int take_value(struct bytes *b, struct indicator_cell *ret, struct err *err)
{
    size_t left = (size_t)(b->end - b->at);
    unsigned tag = left ? *b->at : UINT8_MAX;
    size_t len = tag == INDICATOR_TAG_RID                ? 8
                 : tag == INDICATOR_TAG_TEXT && left > 1 ? b->at[1]
                                                         : 0;
    size_t head = tag == INDICATOR_TAG_TEXT ? 2 : 1;

    *ret = (struct indicator_cell){.rid = 0};
    if (tag > INDICATOR_TAG_TEXT || left < head + len)
        return unreadable(err);
    if (tag == INDICATOR_TAG_RID)
        ret->rid = (store_rid)search_get_be(b->at + head, 8);
    if (tag == INDICATOR_TAG_TEXT)
        ret->text = (struct str){(const char *)b->at + head, len};
    b->at += head + len;
    return 0;
}

static int take_values(
    const struct walk *w, struct bytes *b, struct indicator_row *row, struct err *err)
{
    size_t count = b->at < b->end ? *b->at++ : 0;
    int r = count == indicator_value_count(w->rq->define) ? 0 : unreadable(err);

    for (size_t i = 0; r == 0 && i < count; i++) {
        struct indicator_cell cell = {.rid = 0};

        r = take_value(b, &cell, err);
        for (unsigned left = w->goes[i]; left; left &= left - 1)
            row->cells[__builtin_ctz(left)] = cell;
    }
    return r;
}

/* Tell of the fact that is kept: no row says it otherwise. */
static int tell(struct walk *w, struct err *err)
{
    const uint8_t *from = w->group + INDICATOR_FROM_AT;
    struct bytes value = {w->said + 1, w->said + w->said_len};
    struct indicator_row row = {.position = w->position};
    uint64_t n = 0;
    int r = 0;

    if (!w->open)
        return 0;
    w->open = false;
    if (search_get_number(from + 8,
            w->group_len - INDICATOR_FROM_AT - 8 - INDICATOR_PART_BYTES, &n) == 0 ||
        value.end - value.at < 8)
        return unreadable(err);
    if (w->count++ == LIMIT_INDICATOR_FACTS)
        return err_set(err, E_TOO_LARGE, NULL,
            "There are more than %d facts in this figure.", LIMIT_INDICATOR_FACTS);
    row.record = store_rid_first(w->rq->define->type->number) | (store_rid)n;
    row.from = (utc_ms)INDICATOR_MOMENT(search_get_be(from, 8));
    row.until = (utc_ms)INDICATOR_MOMENT(search_get_be(value.at, 8));
    value.at += 8;
    r = take_values(w, &value, &row, err);
    return r == 0 ? w->take(w->arg, &row, err) : r;
}

/* Is ${row} of another fact than the one before? */
static bool is_other(const struct walk *w, const struct store_row *row)
{
    size_t len = row->key_len - 8;

    return len != w->group_len || memcmp(w->group, row->key, len) != 0;
}

static int take_row(struct walk *w, const struct store_row *row, struct err *err)
{
    size_t group_len = row->key_len - 8;
    int64_t position = 0;
    int r = 0;

    if (group_len > sizeof(w->group) || row->value_len == 0 ||
        row->value_len > sizeof(w->said))
        return unreadable(err);
    if (is_other(w, row)) {
        r = tell(w, err);
        memcpy(w->group, row->key, group_len);
        w->group_len = group_len;
    }
    position = (int64_t)search_get_be(row->key + group_len, 8);
    if (r < 0 || position > w->rq->known)
        return r;
    w->open = row->value[0] != 0; /* else it is said no more */
    if (w->open)
        memcpy(w->said, row->value, row->value_len);
    w->said_len = row->value_len;
    w->position = position;
    return 0;
}

/* Does ${row} begin before the end of what is asked? */
static bool is_before(const struct indicator_request *rq, const struct store_row *row)
{
    return (utc_ms)INDICATOR_MOMENT(search_get_be(row->key + INDICATOR_FROM_AT, 8)) <
           rq->until;
}

/* All facts that begin within the bounds. */
static int walk_all(struct walk *w, struct store_cursor *cursor, struct err *err)
{
    uint8_t key[INDICATOR_FROM_AT + 8] = {(uint8_t)w->rq->index};
    struct store_row row;
    int more = 0, r = 0;

    search_put_be(key + INDICATOR_FROM_AT, INDICATOR_MOMENT(w->rq->from), 8);
    more = store_cursor_seek(cursor, key, sizeof(key), &row, err);
    while (r == 0 && more == 1) {
        if (row.key_len < INDICATOR_KEY_LEAST)
            return unreadable(err);
        if (row.key[0] != w->rq->index || !is_before(w->rq, &row))
            break;
        r = take_row(w, &row, err);
        if (r == 0)
            more = store_cursor_next(cursor, &row, err);
    }
    return more < 0 ? more : r;
}

/* The first fact of each thing: once it is known, the next thing is sought. */
static int walk_firsts(struct walk *w, struct store_cursor *cursor, struct err *err)
{
    uint8_t key[INDICATOR_FROM_AT] = {(uint8_t)w->rq->index};
    struct store_row row;
    int more = store_cursor_seek(cursor, key, sizeof(key), &row, err);
    int r = 0;

    while (r == 0 && more == 1) {
        bool known = false;

        if (row.key_len < INDICATOR_KEY_LEAST)
            return unreadable(err);
        if (row.key[0] != w->rq->index)
            break;
        known = w->open && is_other(w, &row) &&
                memcmp(w->group, row.key, INDICATOR_FROM_AT) == 0;
        if (known || !is_before(w->rq, &row)) {
            uint64_t things = search_get_be(row.key + 1, 8);

            r = tell(w, err);
            if (things == UINT64_MAX)
                key[0]++;
            search_put_be(key + 1, things + 1, 8);
            more = store_cursor_seek(cursor, key, sizeof(key), &row, err);
            continue;
        }
        r = take_row(w, &row, err);
        if (r == 0)
            more = store_cursor_next(cursor, &row, err);
    }
    return more < 0 ? more : r;
}

int indicator_each(struct store_reader *r, const struct indicator_request *rq,
    int (*take)(void *arg, const struct indicator_row *row, struct err *err), void *arg,
    struct err *err)
{
    struct walk w = {.rq = rq, .take = take, .arg = arg};
    struct store_cursor *cursor = NULL;
    int code = store_cursor_open(r, indicator_first_table, &cursor, err);

    if (code < 0)
        return code;
    choose(&w);
    code = rq->define->count == INDICATOR_FIRST ? walk_firsts(&w, cursor, err)
                                                : walk_all(&w, cursor, err);
    store_cursor_close(cursor);
    return code == 0 ? tell(&w, err) : code;
}

/* ---- as a list ---- */

struct listing {
    struct arena *arena;
    struct indicator_rows found;
    size_t cap;
};

static int list_row(void *arg, const struct indicator_row *row, struct err *err)
{
    struct listing *l = arg;
    struct indicator_row *to = NULL;

    if (l->found.count == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 256;
        struct indicator_row *grown = arena_grow(
            l->arena, l->found.list, l->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown)
            return err_nomem(err);
        l->found.list = grown;
        l->cap = cap;
    }
    to = &l->found.list[l->found.count++];
    *to = *row;
    for (size_t i = 0; i < INDICATOR_CELLS; i++) {
        struct str text = row->cells[i].text;

        if (text.p)
            to->cells[i].text.p = arena_strndup(l->arena, text.p, text.len);
        if (text.p && !to->cells[i].text.p)
            return err_nomem(err);
    }
    return 0;
}

/* By begin, then record. */
static int row_cmp(const void *one, const void *other)
{
    const struct indicator_row *a = one;
    const struct indicator_row *b = other;

    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->record < b->record ? -1 : a->record > b->record;
}

int indicator_rows(struct store_reader *r, struct arena *a,
    const struct indicator_request *rq, struct indicator_rows *ret, struct err *err)
{
    struct listing l = {.arena = a};
    int code = indicator_each(r, rq, list_row, &l, err);

    if (code == 0 && rq->define->count == INDICATOR_FIRST && l.found.count > 1)
        qsort(l.found.list, l.found.count, sizeof(*l.found.list), row_cmp);
    if (code == 0)
        *ret = l.found;
    return code;
}
