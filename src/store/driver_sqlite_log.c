/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite driver's log: rows of version. */
#include "store/driver_sqlite_internal.h"

int sqlite_last_seq(struct driver_conn *c, int64_t *ret, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, SQL_LAST_SEQ, &st, err);

    if (r < 0)
        return r;
    r = sqlite_step(c, st, err);
    if (r < 0)
        return r;
    *ret = r == 1 ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return 0;
}

static void parents_bind(
    sqlite3_stmt *st, int at, const struct driver_version *v, uint8_t *room)
{
    if (v->parent_count == 0) {
        sqlite3_bind_null(st, at);
        return;
    }
    if (v->parent_count == 1) {
        sqlite3_bind_int64(st, at, v->parents[0]);
        return;
    }
    for (unsigned i = 0; i < v->parent_count; i++)
        bytes_put64(room + 8 * (size_t)i, (uint64_t)v->parents[i]);
    sqlite3_bind_blob(st, at, room, (int)v->parent_count * 8, SQLITE_STATIC);
}

static void parents_read(sqlite3_stmt *st, int column, struct driver_version *ret)
{
    struct str raw;

    ret->parent_count = 0;
    switch (sqlite3_column_type(st, column)) {
    case SQLITE_INTEGER:
        ret->parents[0] = sqlite3_column_int64(st, column);
        ret->parent_count = 1;
        break;
    case SQLITE_BLOB:
        raw = sqlite_text(st, column);
        while (
            ret->parent_count < raw.len / 8 && ret->parent_count < DRIVER_PARENTS_MAX) {
            size_t at = 8 * (size_t)ret->parent_count;
            ret->parents[ret->parent_count++] =
                (int64_t)bytes_get64((const uint8_t *)raw.p + at);
        }
        break;
    default:
        break;
    }
}

/* body_hash and body; 0 is bound as the number of no dictionary. */
static void body_bind(sqlite3_stmt *st, int at, const struct driver_version *v)
{
    sqlite3_bind_int(st, at, v->dictionary);
    if (v->dictionary == DRIVER_BODY_BLOB || v->dictionary == DRIVER_BODY_ERASED)
        sqlite3_bind_blob(st, at + 1, v->body_hash, STORE_HASH_BYTES, SQLITE_STATIC);
    else
        sqlite3_bind_null(st, at + 1);
    if (v->dictionary >= 0)
        sqlite_bind_bytes(st, at + 2, v->body);
    else
        sqlite3_bind_null(st, at + 2);
}

int sqlite_version_add(
    struct driver_conn *c, const struct driver_version *v, struct err *err)
{
    uint8_t room[8 * DRIVER_PARENTS_MAX];
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, SQL_VERSION_ADD, &st, err);

    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, v->seq);
    sqlite3_bind_int64(st, 2, v->rid);
    sqlite3_bind_blob(st, 3, v->hash, STORE_HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_int64(st, 4, (int64_t)v->hlc);
    sqlite3_bind_int64(st, 5, v->actor);
    sqlite3_bind_int(st, 6, (int)v->operation - 1);
    sqlite3_bind_int64(st, 7, v->origin);
    if (v->origin_seq == v->seq)
        sqlite3_bind_null(st, 8);
    else
        sqlite3_bind_int64(st, 8, v->origin_seq);
    parents_bind(st, 9, v, room);
    body_bind(st, 10, v);
    r = sqlite_run(c, st, err);
    if (r == 0)
        r = sqlite_fetch(c, SQL_TYPE_ADD, &st, err);
    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, store_rid_type(v->rid));
    sqlite3_bind_int64(st, 2, v->seq);
    return sqlite_run(c, st, err);
}

void sqlite_version_read(
    sqlite3_stmt *st, int column, bool body, struct driver_version *ret)
{
    struct str raw;

    ret->seq = sqlite3_column_int64(st, column);
    ret->rid = sqlite3_column_int64(st, column + 1);
    raw = sqlite_text(st, column + 2);
    memset(ret->hash, 0, sizeof(ret->hash));
    memcpy(ret->hash, raw.p, raw.len < sizeof(ret->hash) ? raw.len : sizeof(ret->hash));
    ret->hlc = (uint64_t)sqlite3_column_int64(st, column + 3);
    ret->actor = (unsigned)sqlite3_column_int64(st, column + 4);
    ret->operation = (enum store_operation)(sqlite3_column_int(st, column + 5) + 1);
    ret->origin = (unsigned)sqlite3_column_int64(st, column + 6);
    ret->origin_seq = sqlite3_column_type(st, column + 7) == SQLITE_NULL
                          ? ret->seq
                          : sqlite3_column_int64(st, column + 7);
    parents_read(st, column + 8, ret);
    ret->dictionary = sqlite3_column_int(st, column + 9);
    memset(ret->body_hash, 0, sizeof(ret->body_hash));
    raw = sqlite_text(st, column + 10);
    if (raw.len == sizeof(ret->body_hash))
        memcpy(ret->body_hash, raw.p, sizeof(ret->body_hash));
    ret->body = (struct str){NULL, 0};
    if (body && ret->dictionary >= 0)
        ret->body = sqlite_text(st, column + 11);
}

int sqlite_version_get(struct driver_conn *c, int64_t seq, bool body,
    struct driver_version *ret, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, body ? SQL_VERSION_GET : SQL_VERSION_HEADER, &st, err);

    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, seq);
    r = sqlite_step(c, st, err);
    if (r < 0)
        return r;
    if (r == 0)
        return err_set(err, E_NOT_FOUND, NULL, "There is no version %lld in the log.",
            (long long)seq);
    sqlite_version_read(st, 0, body, ret);
    sqlite_hand_out(c, st);
    return 0;
}

/* A row of SQL_VERSION_LIST. */
static int listed_read(
    sqlite3_stmt *st, struct arena *a, struct driver_version *ret, struct err *err)
{
    struct str raw = {NULL, 0};

    *ret = (struct driver_version){.seq = sqlite3_column_int64(st, 0),
        .rid = sqlite3_column_int64(st, 1),
        .hlc = (uint64_t)sqlite3_column_int64(st, 2),
        .operation = (enum store_operation)(sqlite3_column_int(st, 3) + 1),
        .dictionary = sqlite3_column_int(st, 5)};
    parents_read(st, 4, ret);
    raw = sqlite_text(st, 6);
    if (raw.len == sizeof(ret->body_hash))
        memcpy(ret->body_hash, raw.p, sizeof(ret->body_hash));
    if (ret->dictionary < 0)
        return 0;
    raw = sqlite_text(st, 7);
    ret->body = (struct str){arena_strndup(a, raw.p, raw.len), raw.len};
    return ret->body.p ? 0 : err_nomem(err);
}

int sqlite_version_list(
    struct driver_conn *c, struct driver_versions *q, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, SQL_VERSION_LIST, &st, err);

    q->count = 0;
    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, q->before);
    sqlite3_bind_int64(st, 2, (int64_t)q->limit);
    while (q->count < q->limit) {
        r = sqlite_step(c, st, err);
        if (r <= 0)
            return r;
        r = listed_read(st, q->a, &q->out[q->count], err);
        if (r < 0)
            break;
        q->count++;
    }
    sqlite3_reset(st);
    return r < 0 ? r : 0;
}

int sqlite_version_body(
    struct driver_conn *c, const struct driver_version *v, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, SQL_VERSION_BODY, &st, err);

    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, v->seq);
    body_bind(st, 2, v);
    return sqlite_run(c, st, err);
}
