/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite driver's small named values: setting and own. */
#include "store/driver_sqlite_internal.h"

static void name_bind(sqlite3_stmt *st, const char *name)
{
    sqlite3_bind_text(st, 1, name, -1, SQLITE_STATIC);
}

int sqlite_value_get(struct driver_conn *c, enum driver_space space, const char *name,
    struct str *ret, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = 0;

    r = sqlite_fetch(
        c, space == DRIVER_SETTINGS ? SQL_SETTING_GET : SQL_OWN_GET, &st, err);
    if (r < 0)
        return r;
    name_bind(st, name);
    r = sqlite_step(c, st, err);
    if (r < 0)
        return r;
    if (r == 0)
        return err_set(err, E_NOT_FOUND, NULL, "There is no setting \"%s\".", name);
    *ret = sqlite_text(st, 0);
    sqlite_hand_out(c, st);
    return 0;
}

int sqlite_value_put(struct driver_conn *c, enum driver_space space, const char *name,
    struct str value, struct err *err)
{
    bool setting = space == DRIVER_SETTINGS;
    sqlite3_stmt *st = NULL;
    int r = 0;

    if (value.p)
        r = sqlite_fetch(c, setting ? SQL_SETTING_PUT : SQL_OWN_PUT, &st, err);
    else
        r = sqlite_fetch(c, setting ? SQL_SETTING_DEL : SQL_OWN_DEL, &st, err);
    if (r < 0)
        return r;
    name_bind(st, name);
    if (value.p)
        sqlite_bind_bytes(st, 2, value);
    return sqlite_run(c, st, err);
}

int sqlite_value_scan(struct driver_conn *c, enum driver_space space,
    const char *prefix,
    int (*visit)(void *arg, const char *name, struct str value, struct err *err),
    void *arg, struct err *err)
{
    size_t len = strlen(prefix);
    sqlite3_stmt *st = NULL;
    const char *name = NULL;
    int r = 0;

    r = sqlite_fetch(
        c, space == DRIVER_SETTINGS ? SQL_SETTING_SCAN : SQL_OWN_SCAN, &st, err);
    if (r < 0)
        return r;
    name_bind(st, prefix);
    while ((r = sqlite_step(c, st, err)) == 1) {
        name = (const char *)sqlite3_column_text(st, 0);
        if (!name || strncmp(name, prefix, len) != 0) {
            r = name ? 0 : err_nomem(err);
            break;
        }
        r = visit(arg, name, sqlite_text(st, 1), err);
        if (r != 0)
            break;
    }
    sqlite3_reset(st);
    return r;
}

int sqlite_write_now(struct driver_conn *c,
    int (*fill)(struct driver_conn *c, void *arg, struct err *err), void *arg,
    struct err *err)
{
    int r = sqlite_exec(c, "PRAGMA query_only = OFF", err);

    if (r == 0)
        r = sqlite_do(c, SQL_BEGIN_WRITE, err);
    if (r < 0)
        return r;
    r = fill(c, arg, err);
    sqlite_settle(c);
    if (r == 0)
        r = sqlite_do(c, SQL_COMMIT, err);
    if (r < 0 && !sqlite3_get_autocommit(c->db))
        (void)sqlite_do(c, SQL_ROLLBACK, NULL);
    if (sqlite_exec(c, "PRAGMA query_only = ON", r == 0 ? err : NULL) < 0 && r == 0)
        r = E_IO;
    return r;
}

struct put_now {
    enum driver_space space;
    const char *name;
    struct str value;
};

static int put_now(struct driver_conn *c, void *arg, struct err *err)
{
    const struct put_now *p = arg;

    return sqlite_value_put(c, p->space, p->name, p->value, err);
}

int sqlite_value_put_now(struct driver_conn *c, enum driver_space space,
    const char *name, struct str value, struct err *err)
{
    struct put_now p = {space, name, value};

    return sqlite_write_now(c, put_now, &p, err);
}
