/* SPDX-License-Identifier: Apache-2.0 */
/* Reading facts: rows of one indicator, in the order in which they begin. */
#include <stdlib.h>

#include "base/limits.h"

#include "view/indicator_internal.h"

/* Rows on the way. Those that differ in their position alone are one fact. */
struct walk {
    const struct indicator_request *rq;
    struct arena *arena;
    struct indicator_rows found;
    size_t cap;
    uint8_t group[INDICATOR_KEY_MAX]; /* the key without its position */
    size_t group_len;
    bool open; /* the last of found is this group's, and may yet be said otherwise */
    size_t wanted[INDICATOR_CELLS]; /* which value goes there; SIZE_MAX: none */
};

struct bytes {
    const uint8_t *at;
    const uint8_t *end;
};

static int unreadable(struct err *err)
{
    return err_set(err, E_CORRUPT, NULL, "A row of facts cannot be read.");
}

static void choose(struct walk *w)
{
    const struct indicator_define *d = w->rq->define;

    for (size_t i = 0; i < INDICATOR_CELLS; i++)
        w->wanted[i] = SIZE_MAX;
    for (size_t i = 0; i < d->thing_count; i++)
        w->wanted[i] = i;
    if (w->rq->stratum < d->stratum_count)
        w->wanted[INDICATOR_CELL_STRATUM] = d->thing_count + w->rq->stratum;
    if (w->rq->filter < d->stratum_count)
        w->wanted[INDICATOR_CELL_FILTER] = d->thing_count + w->rq->filter;
    w->wanted[INDICATOR_CELL_AMOUNT] = d->thing_count + d->stratum_count;
    w->wanted[INDICATOR_CELL_CURRENCY] = d->thing_count + d->stratum_count + 1;
    w->wanted[INDICATOR_CELL_ONLY] = d->thing_count + d->stratum_count + 2;
    w->wanted[INDICATOR_CELL_APART] = d->thing_count + d->stratum_count + 3;
    w->wanted[INDICATOR_CELL_APART_FROM] = d->thing_count + d->stratum_count + 4;
    w->wanted[INDICATOR_CELL_MET] = d->thing_count + d->stratum_count + 5;
}

/* The next value of a row; with ${a} NULL it is only passed over. */
static int take_value(
    struct bytes *b, struct arena *a, struct indicator_cell *ret, struct err *err)
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
    if (tag == INDICATOR_TAG_TEXT && a) {
        ret->text =
            (struct str){arena_strndup(a, (const char *)b->at + head, len), len};
        if (!ret->text.p)
            return err_nomem(err);
    }
    b->at += head + len;
    return 0;
}

static int take_values(
    struct walk *w, struct bytes *b, struct indicator_row *row, struct err *err)
{
    size_t count = b->at < b->end ? *b->at++ : 0;
    int r = count == indicator_value_count(w->rq->define) ? 0 : unreadable(err);

    for (size_t i = 0; r == 0 && i < count; i++) {
        struct indicator_cell cell;
        bool any = false;

        for (size_t k = 0; k < INDICATOR_CELLS; k++)
            any = any || w->wanted[k] == i;
        r = take_value(b, any ? w->arena : NULL, &cell, err);
        for (size_t k = 0; any && k < INDICATOR_CELLS; k++) {
            if (w->wanted[k] == i)
                row->cells[k] = cell;
        }
    }
    return r;
}

/* A place for this group's fact: the one it has, or a new one. */
static struct indicator_row *room(struct walk *w, struct err *err)
{
    if (w->open)
        return &w->found.list[w->found.count - 1];
    if (w->found.count == LIMIT_INDICATOR_FACTS) {
        err_set(err, E_TOO_LARGE, NULL, "There are more than %d facts in this figure.",
            LIMIT_INDICATOR_FACTS);
        return NULL;
    }
    if (w->found.count == w->cap) {
        size_t cap = w->cap ? w->cap * 2 : 256;
        struct indicator_row *grown = arena_grow(
            w->arena, w->found.list, w->cap * sizeof(*grown), cap * sizeof(*grown));

        if (!grown) {
            err_nomem(err);
            return NULL;
        }
        w->found.list = grown;
        w->cap = cap;
    }
    w->open = true;
    return &w->found.list[w->found.count++];
}

/* Is ${row} of another fact than the one before? */
static bool is_other(const struct walk *w, const struct store_row *row)
{
    size_t len = row->key_len - 8;

    return len != w->group_len || memcmp(w->group, row->key, len) != 0;
}

static int take_row(struct walk *w, const struct store_row *row, struct err *err)
{
    const uint8_t *from = row->key + INDICATOR_FROM_AT;
    size_t group_len = row->key_len - 8;
    struct bytes value = {row->value, row->value + row->value_len};
    struct indicator_row *fact = NULL;
    int64_t position = 0;
    uint64_t n = 0;

    if (group_len > sizeof(w->group) || row->value_len == 0 ||
        search_get_number(from + 8,
            group_len - INDICATOR_FROM_AT - 8 - INDICATOR_PART_BYTES, &n) == 0)
        return unreadable(err);
    if (is_other(w, row)) {
        memcpy(w->group, row->key, group_len);
        w->group_len = group_len;
        w->open = false;
    }
    position = (int64_t)search_get_be(row->key + group_len, 8);
    if (position > w->rq->known)
        return 0;
    if (*value.at++ == 0) { /* it is said no more */
        w->found.count -= w->open;
        w->open = false;
        return 0;
    }
    fact = room(w, err);
    if (!fact)
        return err->code;
    if (value.end - value.at < 8)
        return unreadable(err);
    *fact = (struct indicator_row){.position = position,
        .record = store_rid_first(w->rq->define->type->number) | (store_rid)n,
        .from = (utc_ms)INDICATOR_MOMENT(search_get_be(from, 8)),
        .until = (utc_ms)INDICATOR_MOMENT(search_get_be(value.at, 8))};
    value.at += 8;
    return take_values(w, &value, fact, err);
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

            w->open = false;
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
    struct walk w = {.rq = rq, .arena = a};
    struct store_cursor *cursor = NULL;
    bool firsts = rq->define->count == INDICATOR_FIRST;
    int code = store_cursor_open(r, indicator_first_table, &cursor, err);

    if (code < 0)
        return code;
    choose(&w);
    code = firsts ? walk_firsts(&w, cursor, err) : walk_all(&w, cursor, err);
    store_cursor_close(cursor);
    if (code == 0 && firsts && w.found.count > 1)
        qsort(w.found.list, w.found.count, sizeof(*w.found.list), row_cmp);
    if (code == 0)
        *ret = w.found;
    return code;
}
