/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite driver's trail: rows of trail and trail_of, added and never changed. */
#include "store/driver_sqlite_internal.h"

int sqlite_trail_add(
    struct driver_conn *c, const struct driver_block *b, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, SQL_TRAIL_ADD, &st, err);

    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, b->seq);
    sqlite3_bind_int64(st, 2, b->count);
    sqlite3_bind_int64(st, 3, b->log);
    sqlite3_bind_int64(st, 4, b->time);
    sqlite3_bind_blob(st, 5, b->hash, STORE_HASH_BYTES, SQLITE_STATIC);
    sqlite_bind_bytes(st, 6, b->subjects);
    sqlite_bind_bytes(st, 7, b->body);
    return sqlite_run(c, st, err);
}

int sqlite_trail_step(struct driver_conn *c, int64_t seq, enum driver_step step,
    struct driver_block *ret, struct err *err)
{
    sqlite3_stmt *st = NULL;
    struct str hash;
    int r =
        sqlite_fetch(c, step == DRIVER_GE ? SQL_TRAIL_UP : SQL_TRAIL_DOWN, &st, err);

    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, seq);
    r = sqlite_step(c, st, err);
    if (r < 0)
        return r;
    if (r == 0)
        return err_set(err, E_NOT_FOUND, NULL, "The trail has no such block.");
    *ret = (struct driver_block){.seq = sqlite3_column_int64(st, 0),
        .count = sqlite3_column_int64(st, 1),
        .log = sqlite3_column_int64(st, 2),
        .time = sqlite3_column_int64(st, 3),
        .subjects = sqlite_text(st, 5),
        .body = sqlite_text(st, 6)};
    hash = sqlite_text(st, 4);
    if (hash.len == sizeof(ret->hash))
        memcpy(ret->hash, hash.p, hash.len);
    sqlite_hand_out(c, st);
    return 0;
}

int sqlite_trail_of_add(
    struct driver_conn *c, store_rid subject, int64_t seq, struct err *err)
{
    return sqlite_pair_run(c, SQL_TRAIL_OF_ADD, subject, seq, err);
}

int sqlite_trail_of_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    return sqlite_numbers(c, SQL_TRAIL_OF_LIST, q->of, q->from, q, err);
}

int sqlite_trail_of_count(struct driver_conn *c, int64_t *ret, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, SQL_TRAIL_OF_COUNT, &st, err);

    if (r == 0)
        r = sqlite_step(c, st, err);
    if (r < 0)
        return r;
    *ret = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return 0;
}
