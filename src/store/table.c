/* SPDX-License-Identifier: Apache-2.0 */
/* Views' tables: cursors and rows. In the writer's transaction what is held back goes to
 * the tables before anybody looks. */
#include "store/driver.h"
#include "store/internal.h"
#include "store/sorter.h"
#include "store/writer.h"

struct store_cursor {
    struct store_reader *reader;
    struct driver_cursor *cursor;
};

static struct str key_of(const void *key, size_t len)
{
    return (struct str){key, len};
}

static int settle(struct store_reader *r, struct err *err)
{
    if (!r->writer)
        return 0;
    return rows_flush(&r->writer->rows, r->store->driver, r->conn, err);
}

int store_cursor_open(
    struct store_reader *r, unsigned table, struct store_cursor **ret, struct err *err)
{
    struct store_cursor *c = NULL;
    int code = 0;

    if (table >= r->store->table_count)
        return err_set(err, E_BUG, NULL, "There is no table %u.", table);
    c = base_malloc(sizeof(*c));
    if (!c)
        return err_nomem(err);
    c->reader = r;
    code = r->store->driver->cursor_open(r->conn, table, &c->cursor, err);
    if (code < 0) {
        base_free(c);
        return code;
    }
    *ret = c;
    return 0;
}

int store_cursor_seek(struct store_cursor *c, const void *key, size_t len,
    struct store_row *row, struct err *err)
{
    int code = settle(c->reader, err);

    if (code < 0)
        return code;
    return c->reader->store->driver->cursor_seek(
        c->cursor, key_of(key, len), DRIVER_GE, row, err);
}

int store_cursor_next(struct store_cursor *c, struct store_row *row, struct err *err)
{
    return c->reader->store->driver->cursor_next(c->cursor, row, err);
}

int store_cursor_seek_before(struct store_cursor *c, const void *key, size_t len,
    struct store_row *row, struct err *err)
{
    int code = settle(c->reader, err);

    if (code < 0)
        return code;
    return c->reader->store->driver->cursor_seek(
        c->cursor, key_of(key, len), DRIVER_LT, row, err);
}

int store_cursor_prev(struct store_cursor *c, struct store_row *row, struct err *err)
{
    return c->reader->store->driver->cursor_next(c->cursor, row, err);
}

void store_cursor_close(struct store_cursor *c)
{
    if (!c)
        return;
    c->reader->store->driver->cursor_close(c->cursor);
    base_free(c);
}

int store_row_get(struct store_reader *r, unsigned table, const void *key, size_t len,
    struct store_row *row, struct err *err)
{
    int code = 0;

    if (table >= r->store->table_count)
        return err_set(err, E_BUG, NULL, "There is no table %u.", table);
    code = settle(r, err);
    if (code < 0)
        return code;
    return r->store->driver->row_get(r->conn, table, key_of(key, len), row, err);
}

/* Hold ${op} back until it is worth while, or sort it. */
static int row_hold(struct store_tx *tx, const struct row_op *op, struct err *err)
{
    if (tx->sorter)
        return sorter_add(tx->sorter, op, err);
    return rows_add(&tx->writer->rows, op, err);
}

static int row_check(const struct store_tx *tx, unsigned table, size_t key_len,
    size_t value_len, struct err *err)
{
    if (table >= tx->store->table_count)
        return err_set(err, E_BUG, NULL, "There is no table %u.", table);
    if (key_len > STORE_KEY_MAX)
        return err_set(err, E_BUG, NULL, "A row's key is %zu bytes long, more than %d.",
            key_len, STORE_KEY_MAX);
    if (value_len > 0 && tx->store->tables[table].keys_only)
        return err_set(err, E_BUG, NULL, "Table \"%s\" has no values.",
            tx->store->tables[table].name);
    return 0;
}

/* NOLINTNEXTLINE(readability-function-size): the contract */
int store_put(struct store_tx *tx, unsigned table, const void *key, size_t key_len,
    const void *value, size_t value_len, struct err *err)
{
    struct row_op op = {.kind = ROW_PUT,
        .table = (uint8_t)table,
        .key = key,
        .key_len = (uint16_t)key_len,
        .value = value,
        .value_len = (uint32_t)value_len};
    int r = row_check(tx, table, key_len, value_len, err);

    return r < 0 ? r : row_hold(tx, &op, err);
}

int store_del(struct store_tx *tx, unsigned table, const void *key, size_t key_len,
    struct err *err)
{
    struct row_op op = {.kind = ROW_DEL,
        .table = (uint8_t)table,
        .key = key,
        .key_len = (uint16_t)key_len};
    int r = row_check(tx, table, key_len, 0, err);

    return r < 0 ? r : row_hold(tx, &op, err);
}

int store_add(struct store_tx *tx, unsigned table, const void *key, size_t key_len,
    int64_t by, struct err *err)
{
    struct row_op op = {.kind = ROW_ADD,
        .table = (uint8_t)table,
        .key = key,
        .key_len = (uint16_t)key_len,
        .delta = by};
    int r = row_check(tx, table, key_len, 8, err);

    return r < 0 ? r : row_hold(tx, &op, err);
}

struct store_reader *store_tx_reader(struct store_tx *tx)
{
    return tx->sorter ? NULL : tx->reader;
}
