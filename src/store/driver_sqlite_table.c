/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SQLite driver's ordered tables. A view's table is k BLOB PRIMARY KEY without
 * rowid, with v BLOB unless its rows are keys only: then the primary key's tree is all
 * there is, and a row costs its key and four to six bytes.
 */
#include <stdio.h>

#include "base/arena.h"

#include "store/driver_sqlite_internal.h"

#define SQL_MAX 256

static int named(const struct driver_node *n, unsigned number, char *sql,
    const char *before, const char *after)
{
    int len = snprintf(sql, SQL_MAX, "%s\"%s\"%s", before, n->names[number], after);

    return len < SQL_MAX ? 0 : E_BUG;
}

/* Prepare ${*st} if it is not yet: ${before} "table" ${after}. */
static int table_statement(struct driver_conn *c, unsigned number, sqlite3_stmt **st,
    const char *const around[2], struct err *err)
{
    char sql[SQL_MAX];

    if (*st)
        return 0;
    if (!c->node->names[number] ||
        named(c->node, number, sql, around[0], around[1]) < 0)
        return err_set(err, E_BUG, NULL, "Table %u is not open.", number);
    return sqlite_prepare(c, sql, st, err);
}

static int table_exists(struct driver_conn *c, const char *name, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_prepare(
        c, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", &st, err);

    if (r < 0)
        return r;
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
    r = sqlite_step(c, st, err);
    sqlite3_finalize(st);
    return r;
}

int sqlite_table_open(struct driver_conn *c, unsigned number, const char *name,
    bool keys_only, struct err *err)
{
    char sql[SQL_MAX];
    int r = 0;

    if (!c->node->names[number]) {
        c->node->names[number] = strdup(name);
        if (!c->node->names[number])
            return err_nomem(err);
        c->node->keys_only[number] = keys_only;
    }
    r = table_exists(c, name, err);
    if (r != 0)
        return r < 0 ? r : 0;
    if (!c->write)
        return err_set(err, E_NOT_FOUND, NULL, "The node has no table \"%s\".", name);
    if (named(c->node, number, sql, "CREATE TABLE ",
            keys_only ? "(k BLOB PRIMARY KEY) WITHOUT ROWID"
                      : "(k BLOB PRIMARY KEY, v BLOB) WITHOUT ROWID") < 0)
        return err_set(err, E_BUG, NULL, "The table name \"%s\" is too long.", name);
    return sqlite_exec(c, sql, err);
}

int sqlite_table_clear(struct driver_conn *c, unsigned number, struct err *err)
{
    char sql[SQL_MAX];

    if (named(c->node, number, sql, "DELETE FROM ", "") < 0)
        return err_set(err, E_BUG, NULL, "Table %u is not open.", number);
    return sqlite_exec(c, sql, err);
}

int sqlite_row_put(struct driver_conn *c, unsigned table, struct str key,
    struct str value, struct err *err)
{
    static const char *const keys[2] = {"INSERT OR IGNORE INTO ", " VALUES (?)"};
    static const char *const pairs[2] = {"REPLACE INTO ", " VALUES (?,?)"};
    bool keys_only = c->node->keys_only[table];
    sqlite3_stmt *st = NULL;
    int r = 0;

    r = table_statement(c, table, &c->tables[table].put, keys_only ? keys : pairs, err);
    if (r < 0)
        return r;
    st = c->tables[table].put;
    sqlite_bind_bytes(st, 1, key);
    if (!keys_only) {
        if (value.len)
            sqlite_bind_bytes(st, 2, value);
        else
            sqlite3_bind_null(st, 2);
    }
    return sqlite_run(c, st, err);
}

int sqlite_row_del(
    struct driver_conn *c, unsigned table, struct str key, struct err *err)
{
    static const char *const around[2] = {"DELETE FROM ", " WHERE k = ?"};
    int r = table_statement(c, table, &c->tables[table].del, around, err);

    if (r < 0)
        return r;
    sqlite_bind_bytes(c->tables[table].del, 1, key);
    return sqlite_run(c, c->tables[table].del, err);
}

static void row_read(
    struct driver_conn *c, unsigned table, sqlite3_stmt *st, struct store_row *ret)
{
    struct str key = sqlite_text(st, 0);
    struct str value = {NULL, 0};

    if (!c->node->keys_only[table])
        value = sqlite_text(st, 1);
    ret->key = (const uint8_t *)key.p;
    ret->key_len = key.len;
    ret->value = (const uint8_t *)value.p;
    ret->value_len = value.len;
}

int sqlite_row_get(struct driver_conn *c, unsigned table, struct str key,
    struct store_row *ret, struct err *err)
{
    static const char *const keys[2] = {"SELECT k FROM ", " WHERE k = ?"};
    static const char *const pairs[2] = {"SELECT k, v FROM ", " WHERE k = ?"};
    sqlite3_stmt *st = NULL;
    int r = 0;

    sqlite_settle(c);
    r = table_statement(
        c, table, &c->tables[table].get, c->node->keys_only[table] ? keys : pairs, err);
    if (r < 0)
        return r;
    st = c->tables[table].get;
    sqlite_bind_bytes(st, 1, key);
    r = sqlite_step(c, st, err);
    if (r != 1)
        return r;
    row_read(c, table, st, ret);
    sqlite_hand_out(c, st);
    return 1;
}

int sqlite_table_size(struct driver_conn *c, unsigned table, int64_t *ret_rows,
    int64_t *ret_bytes, struct err *err)
{
    static const char *const keys[2] = {"SELECT count(*), sum(length(k)) FROM ", ""};
    static const char *const pairs[2] = {
        "SELECT count(*), sum(length(k) + ifnull(length(v), 0)) FROM ", ""};
    sqlite3_stmt *st = NULL;
    int r = 0;

    r = table_statement(c, table, &st, c->node->keys_only[table] ? keys : pairs, err);
    if (r < 0)
        return r;
    r = sqlite_step(c, st, err);
    if (r == 1) {
        *ret_rows = sqlite3_column_int64(st, 0);
        *ret_bytes = sqlite3_column_int64(st, 1);
        r = 0;
    }
    sqlite3_finalize(st);
    return r;
}

int sqlite_cursor_open(
    struct driver_conn *c, unsigned table, struct driver_cursor **ret, struct err *err)
{
    struct driver_cursor *cur = base_malloc(sizeof(*cur));

    if (!cur)
        return err_nomem(err);
    *cur = (struct driver_cursor){.conn = c, .table = table, .at_end = true};
    *ret = cur;
    return 0;
}

/* The cursor's own statement for ${step}: one that an earlier cursor left, or a new one. */
static int cursor_statement(
    struct driver_cursor *cur, enum driver_step step, struct err *err)
{
    static const char *const around[2][2][2] = {
        {{"SELECT k, v FROM ", " WHERE k >= ? ORDER BY k"},
            {"SELECT k, v FROM ", " WHERE k < ? ORDER BY k DESC"}},
        {{"SELECT k FROM ", " WHERE k >= ? ORDER BY k"},
            {"SELECT k FROM ", " WHERE k < ? ORDER BY k DESC"}},
    };
    struct sqlite_table *t = &cur->conn->tables[cur->table];
    bool keys_only = cur->conn->node->keys_only[cur->table];

    if (cur->statements[step])
        return 0;
    if (t->free_count[step] > 0) {
        cur->statements[step] = t->free[step][--t->free_count[step]];
        return 0;
    }
    return table_statement(
        cur->conn, cur->table, &cur->statements[step], around[keys_only][step], err);
}

static int cursor_step(
    struct driver_cursor *cur, struct store_row *row, struct err *err)
{
    sqlite3_stmt *st = cur->statements[cur->step];
    int r = sqlite_step(cur->conn, st, err);

    cur->at_end = r != 1;
    if (r == 1)
        row_read(cur->conn, cur->table, st, row);
    return r;
}

int sqlite_cursor_seek(struct driver_cursor *cur, struct str key, enum driver_step step,
    struct store_row *row, struct err *err)
{
    int r = cursor_statement(cur, step, err);

    if (r < 0)
        return r;
    if (!cur->at_end)
        sqlite3_reset(cur->statements[cur->step]);
    cur->step = step;
    sqlite_bind_bytes(cur->statements[step], 1, key);
    return cursor_step(cur, row, err);
}

int sqlite_cursor_next(
    struct driver_cursor *cur, struct store_row *row, struct err *err)
{
    if (cur->at_end)
        return 0;
    return cursor_step(cur, row, err);
}

void sqlite_cursor_close(struct driver_cursor *cur)
{
    struct sqlite_table *t = &cur->conn->tables[cur->table];

    for (unsigned step = 0; step < 2; step++) {
        sqlite3_stmt *st = cur->statements[step];
        if (!st)
            continue;
        sqlite3_reset(st);
        if (t->free_count[step] < CURSORS_KEPT)
            t->free[step][t->free_count[step]++] = st;
        else
            sqlite3_finalize(st);
    }
    base_free(cur);
}

void sqlite_tables_done(struct driver_conn *c)
{
    for (unsigned i = 0; i < STORE_TABLES_MAX; i++) {
        struct sqlite_table *t = &c->tables[i];
        sqlite3_finalize(t->put);
        sqlite3_finalize(t->del);
        sqlite3_finalize(t->get);
        for (unsigned step = 0; step < 2; step++) {
            while (t->free_count[step] > 0)
                sqlite3_finalize(t->free[step][--t->free_count[step]]);
        }
    }
}
