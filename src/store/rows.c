/* SPDX-License-Identifier: Apache-2.0 */
/* Rows held back, sorted, netted and flushed. */
#include "store/rows.h"

#include <stdlib.h>

#include "store/internal.h"

int rows_init(struct rows *rows)
{
    *rows = (struct rows){0};
    rows->bytes = arena_new();
    return rows->bytes ? 0 : E_NOMEM;
}

void rows_done(struct rows *rows)
{
    arena_free(rows->bytes);
    base_free(rows->ops);
    *rows = (struct rows){0};
}

uint64_t row_prefix(const void *key, size_t len)
{
    uint8_t first[8] = {0};

    memcpy(first, key, len < 8 ? len : 8);
    return bytes_get64(first);
}

int rows_add(struct rows *rows, const struct row_op *op, struct err *err)
{
    struct row_op *at = NULL;

    if (rows->count == rows->cap) {
        size_t cap = rows->cap ? 2 * rows->cap : 256;
        struct row_op *ops = base_realloc(rows->ops, cap * sizeof(*ops));
        if (!ops)
            return err_nomem(err);
        rows->ops = ops;
        rows->cap = cap;
    }
    at = &rows->ops[rows->count];
    *at = *op;
    at->key = arena_strndup(rows->bytes, op->key, op->key_len);
    at->value =
        op->value_len ? arena_strndup(rows->bytes, op->value, op->value_len) : "";
    if (!at->key || !at->value)
        return err_nomem(err);
    at->prefix = row_prefix(op->key, op->key_len);
    at->order = (uint32_t)rows->count;
    rows->count++;
    return 0;
}

int row_op_cmp(const void *a, const void *b)
{
    const struct row_op *x = a;
    const struct row_op *y = b;
    size_t len = 0;
    int r = 0;

    if (x->table != y->table)
        return x->table < y->table ? -1 : 1;
    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    len = x->key_len < y->key_len ? x->key_len : y->key_len;
    r = memcmp(x->key, y->key, len);
    if (r == 0 && x->key_len != y->key_len)
        r = x->key_len < y->key_len ? -1 : 1;
    if (r == 0)
        r = x->order < y->order ? -1 : 1;
    return r;
}

static bool same_key(const struct row_op *x, const struct row_op *y)
{
    return x->table == y->table && x->key_len == y->key_len &&
           memcmp(x->key, y->key, x->key_len) == 0;
}

void row_net_add(struct row_net *net, const struct row_op *op)
{
    net->any = true;
    if (op->kind == ROW_ADD) {
        net->delta += op->delta;
        net->added = true;
        return;
    }
    net->set = true;
    net->there = op->kind == ROW_PUT;
    net->value = (struct str){op->value, op->value_len};
    net->delta = 0;
    net->added = false;
}

/* A count in a row: 8 bytes, high byte first; a row that is not there counts 0. */
static int count_do(const struct row_net *net, const struct driver *driver,
    struct driver_conn *conn, unsigned table, struct str key, struct err *err)
{
    struct store_row row = {0};
    uint8_t bytes[8];
    uint64_t count = 0;
    int r = 0;

    if (net->set) {
        if (net->there && net->value.len == 8)
            count = bytes_get64((const uint8_t *)net->value.p);
    } else {
        r = driver->row_get(conn, table, key, &row, err);
        if (r < 0)
            return r;
        if (r == 1 && row.value_len == 8)
            count = bytes_get64(row.value);
    }
    count += (uint64_t)net->delta;
    if (count == 0)
        return driver->row_del(conn, table, key, err);
    bytes_put64(bytes, count);
    return driver->row_put(conn, table, key, (struct str){(char *)bytes, 8}, err);
}

int row_net_do(const struct row_net *net, const struct driver *driver,
    struct driver_conn *conn, unsigned table, struct str key, struct err *err)
{
    if (net->added)
        return net->delta == 0 && !net->set
                   ? 0
                   : count_do(net, driver, conn, table, key, err);
    if (!net->there)
        return driver->row_del(conn, table, key, err);
    return driver->row_put(conn, table, key, net->value, err);
}

int rows_flush(struct rows *rows, const struct driver *driver, struct driver_conn *conn,
    struct err *err)
{
    struct row_op *ops = NULL;
    size_t count = rows->count - rows->flushed;
    int r = 0;

    if (count == 0)
        return 0;
    /* sorted aside: an undo needs the list in the order it was made */
    ops = base_malloc(count * sizeof(*ops));
    if (!ops)
        return err_nomem(err);
    memcpy(ops, rows->ops + rows->flushed, count * sizeof(*ops));
    qsort(ops, count, sizeof(*ops), row_op_cmp);
    for (size_t i = 0; i < count && r == 0;) {
        struct row_net net = {0};
        const struct row_op *first = &ops[i];
        for (; i < count && same_key(first, &ops[i]); i++)
            row_net_add(&net, &ops[i]);
        r = row_net_do(&net, driver, conn, first->table,
            (struct str){first->key, first->key_len}, err);
    }
    base_free(ops);
    if (r == 0)
        rows->flushed = rows->count;
    return r;
}

void rows_clear(struct rows *rows)
{
    arena_reset(rows->bytes);
    rows->count = 0;
    rows->flushed = 0;
}
