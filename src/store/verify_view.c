/* SPDX-License-Identifier: Apache-2.0 */
/* Checking views: what they would make of the log, sorted, beside what their tables
 * hold. */
#include <stdio.h>

#include "store/sorter.h"
#include "store/verify.h"
#include "store/views.h"

/* All records to the views; their rows to ${tx->sorter}. */
static int expected_make(struct verify *v, struct store_tx *tx, struct err *err)
{
    const struct driver *d = v->store->driver;
    uint32_t all = (1u << v->store->view_count) - 1;
    int r = 0;

    for (int64_t seq = 1; seq <= v->seq && r == 0; seq++) {
        struct driver_record record;
        struct driver_version row;
        struct str id = {0};
        verify_step(v);
        /* what is missing was reported by the pass over the log */
        if (d->version_get(v->reader->conn, seq, false, &row, NULL) < 0 ||
            d->record_get(v->reader->conn, row.rid, &record, NULL) < 0 ||
            record.head != seq)
            continue;
        id.p = arena_strndup(v->arena, record.id.p, record.id.len);
        id.len = record.id.len;
        if (!id.p)
            return err_nomem(err);
        r = views_replay_past(tx, all, &record, false, err);
        if (r == 0)
            r = d->version_get(v->reader->conn, seq, true, &row, err);
        if (r == 0 && record.live)
            r = views_replay(tx, all, v->arena, &row, id, err);
        if (r == E_CORRUPT || r == E_INVALID || r == E_NOT_FOUND) {
            char where[64];
            snprintf(where, sizeof(where), "version %lld", (long long)seq);
            verify_fault(v, where, "The views cannot be made of it: %s", err->text);
            r = 0;
        }
    }
    return r;
}

/* Merging two ordered sequences: what should be, and what is. */
struct compare {
    struct verify *v;
    struct sorter *sorter;
    struct sorted want;
    int have_want;
    struct driver_cursor *cursor;
    struct store_row is;
    int have_is;
};

/* The next row that should be: nets that come to nothing are none. */
static int want_next(struct compare *c, struct err *err)
{
    do {
        c->have_want = sorter_next(c->sorter, &c->want, err);
    } while (c->have_want == 1 &&
             ((c->want.net.set && !c->want.net.there && !c->want.net.added) ||
                 (c->want.net.added && c->want.net.delta == 0)));
    return c->have_want < 0 ? c->have_want : 0;
}

static void row_fault(
    struct compare *c, unsigned table, struct str key, const char *what)
{
    struct store *s = c->v->store;
    char hex[2 * 32 + 1];
    char where[ERR_PATH_MAX];
    size_t len = key.len < 32 ? key.len : 32;

    hex_encode((const uint8_t *)key.p, len, hex);
    snprintf(where, sizeof(where), "view %s, table %s, row %s%s",
        s->views[s->tables[table].view]->name, s->tables[table].name, hex,
        key.len > 32 ? "..." : "");
    verify_fault(c->v, where, "%s", what);
}

static bool value_same(const struct compare *c)
{
    uint8_t count[8];
    struct str want = c->want.net.value;

    if (c->want.net.added) {
        bytes_put64(count, (uint64_t)c->want.net.delta);
        want = (struct str){(const char *)count, 8};
    }
    return str_eq(want, (struct str){(const char *)c->is.value, c->is.value_len});
}

/* Which comes first, what should be (-1) or what is (1); 0: the same row. 2: neither is
 * left. */
static int compare_order(const struct compare *c, unsigned table)
{
    bool want = c->have_want == 1 && c->want.table == table;
    int order = 0;

    if (!want)
        return c->have_is == 1 ? 1 : 2;
    if (c->have_is != 1)
        return -1;
    order = str_cmp(c->want.key, (struct str){(const char *)c->is.key, c->is.key_len});
    return order < 0 ? -1 : order > 0;
}

static void compare_tell(struct compare *c, unsigned table, int order)
{
    struct str is = {(const char *)c->is.key, c->is.key_len};

    if (order < 0)
        row_fault(c, table, c->want.key, "The row is missing.");
    else if (order > 0)
        row_fault(c, table, is, "The row should not be there.");
    else if (!value_same(c))
        row_fault(c, table, is, "The row has another value than it should.");
}

static int table_compare(struct compare *c, unsigned table, struct err *err)
{
    const struct driver *d = c->v->store->driver;
    int r = d->cursor_open(c->v->reader->conn, table, &c->cursor, err);

    if (r < 0)
        return r;
    c->have_is = d->cursor_seek(c->cursor, STR(""), DRIVER_GE, &c->is, err);
    while (r == 0 && c->have_is >= 0) {
        int order = compare_order(c, table);
        if (order == 2)
            break;
        compare_tell(c, table, order);
        if (order >= 0)
            c->have_is = d->cursor_next(c->cursor, &c->is, err);
        if (order <= 0)
            r = want_next(c, err);
    }
    d->cursor_close(c->cursor);
    return c->have_is < 0 ? c->have_is : r;
}

int verify_views(struct verify *v, struct err *err)
{
    struct store_tx tx = {.store = v->store, .reader = v->reader};
    struct compare c = {.v = v};
    int r = sorter_new(v->store->path, 0, &c.sorter, err);

    if (r < 0)
        return r;
    tx.sorter = c.sorter;
    r = expected_make(v, &tx, err);
    if (r == 0)
        r = sorter_finish(c.sorter, err);
    if (r == 0)
        r = want_next(&c, err);
    for (unsigned i = 0; i < v->store->table_count && r == 0; i++)
        r = table_compare(&c, i, err);
    sorter_free(c.sorter);
    return r;
}
