/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite driver's records: names, heads, and the sets of versions beside them. */
#include "store/driver_sqlite_internal.h"

static void record_read(
    struct driver_conn *c, sqlite3_stmt *st, struct driver_record *ret)
{
    int64_t head = sqlite3_column_int64(st, 2);

    ret->rid = sqlite3_column_int64(st, 0);
    ret->id = sqlite_id(c, st, 1);
    ret->head = head < 0 ? -head : head;
    ret->live = head > 0;
}

static void name_bind(sqlite3_stmt *st, unsigned type, struct str id, uint8_t room[16])
{
    sqlite_bind_id(st, 1, id, room);
    sqlite3_bind_int64(st, 2, store_rid_first(type));
    sqlite3_bind_int64(st, 3, store_rid_first(type + 1) - 1);
}

static int not_found(struct err *err)
{
    return err_set(err, E_NOT_FOUND, NULL, "There is no such record.");
}

int sqlite_record_find(struct driver_conn *c, unsigned type, struct str id,
    struct driver_record *ret, struct err *err)
{
    uint8_t room[16];
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, SQL_RECORD_FIND, &st, err);

    if (r < 0)
        return r;
    name_bind(st, type, id, room);
    r = sqlite_step(c, st, err);
    if (r <= 0)
        return r < 0 ? r : not_found(err);
    record_read(c, st, ret);
    sqlite_hand_out(c, st);
    return 0;
}

/* The row that ${which} gives for ${rid}. */
static int record_by(struct driver_conn *c, enum sqlite_statement which, store_rid rid,
    struct driver_record *ret, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, which, &st, err);

    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, rid);
    r = sqlite_step(c, st, err);
    if (r <= 0)
        return r < 0 ? r : not_found(err);
    record_read(c, st, ret);
    sqlite_hand_out(c, st);
    return 0;
}

int sqlite_record_get(
    struct driver_conn *c, store_rid rid, struct driver_record *ret, struct err *err)
{
    return record_by(c, SQL_RECORD_GET, rid, ret, err);
}

int sqlite_record_current(
    struct driver_conn *c, struct driver_current *q, struct err *err)
{
    enum sqlite_statement which = q->body ? SQL_CURRENT_FIND : SQL_CURRENT_FIND_HEADER;
    uint8_t room[16];
    sqlite3_stmt *st = NULL;
    int r = 0;

    if (q->rid != 0)
        which = q->body ? SQL_CURRENT_GET : SQL_CURRENT_GET_HEADER;
    r = sqlite_fetch(c, which, &st, err);
    if (r < 0)
        return r;
    if (q->rid != 0)
        sqlite3_bind_int64(st, 1, q->rid);
    else
        name_bind(st, q->type, q->id, room);
    r = sqlite_step(c, st, err);
    if (r <= 0)
        return r < 0 ? r : not_found(err);
    record_read(c, st, &q->record);
    sqlite_version_read(st, 3, q->body, &q->version);
    sqlite_hand_out(c, st);
    return 0;
}

static int64_t head_of(int64_t head, bool live)
{
    return live ? head : -head;
}

int sqlite_record_add(
    struct driver_conn *c, const struct driver_record *record, struct err *err)
{
    uint8_t room[16];
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, SQL_RECORD_ADD, &st, err);

    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, record->rid);
    sqlite_bind_id(st, 2, record->id, room);
    if (record->head == 0)
        sqlite3_bind_null(st, 3);
    else
        sqlite3_bind_int64(st, 3, head_of(record->head, record->live));
    return sqlite_run(c, st, err);
}

int sqlite_record_head(
    struct driver_conn *c, store_rid rid, int64_t head, bool live, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, SQL_RECORD_HEAD, &st, err);

    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, rid);
    sqlite3_bind_int64(st, 2, head_of(head, live));
    return sqlite_run(c, st, err);
}

int sqlite_record_last(
    struct driver_conn *c, unsigned type, store_rid *ret, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, SQL_RECORD_LAST, &st, err);

    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, store_rid_first(type));
    sqlite3_bind_int64(st, 2, store_rid_first(type + 1) - 1);
    r = sqlite_step(c, st, err);
    if (r < 0)
        return r;
    *ret = store_rid_first(type);
    if (r == 1 && sqlite3_column_type(st, 0) != SQLITE_NULL)
        *ret = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return 0;
}

int sqlite_numbers(struct driver_conn *c, enum sqlite_statement which, int64_t first,
    int64_t second, struct driver_list *q, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, which, &st, err);

    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, first);
    sqlite3_bind_int64(st, 2, second);
    sqlite3_bind_int64(st, 3, (int64_t)q->limit);
    q->count = 0;
    while (q->count < q->limit) {
        r = sqlite_step(c, st, err);
        if (r < 0)
            return r;
        if (r == 0)
            break;
        q->out[q->count++] = sqlite3_column_int64(st, 0);
    }
    sqlite3_reset(st);
    return 0;
}

int sqlite_record_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    store_rid first = store_rid_first((unsigned)q->of);
    store_rid last = store_rid_first((unsigned)q->of + 1) - 1;

    if (q->down)
        return sqlite_numbers(c, SQL_RECORD_DOWN, q->from, first, q, err);
    return sqlite_numbers(c, SQL_RECORD_UP, q->from, last, q, err);
}

int sqlite_record_next(
    struct driver_conn *c, store_rid after, struct driver_record *ret, struct err *err)
{
    return record_by(c, SQL_RECORD_NEXT, after, ret, err);
}

int sqlite_pair_run(struct driver_conn *c, enum sqlite_statement which, store_rid rid,
    int64_t seq, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, which, &st, err);

    if (r < 0)
        return r;
    sqlite3_bind_int64(st, 1, rid);
    sqlite3_bind_int64(st, 2, seq);
    return sqlite_run(c, st, err);
}

int sqlite_past_add(struct driver_conn *c, store_rid rid, int64_t seq, struct err *err)
{
    return sqlite_pair_run(c, SQL_PAST_ADD, rid, seq, err);
}

int sqlite_head_add(struct driver_conn *c, store_rid rid, int64_t seq, struct err *err)
{
    return sqlite_pair_run(c, SQL_HEAD_ADD, rid, seq, err);
}

int sqlite_head_remove(
    struct driver_conn *c, store_rid rid, int64_t seq, struct err *err)
{
    return sqlite_pair_run(c, SQL_HEAD_REMOVE, rid, seq, err);
}

int sqlite_past_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    return sqlite_numbers(c, SQL_PAST_LIST, q->of, q->from, q, err);
}

int sqlite_head_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    return sqlite_numbers(c, SQL_HEAD_LIST, q->of, q->from, q, err);
}

int sqlite_type_list(struct driver_conn *c, struct driver_list *q, struct err *err)
{
    return sqlite_numbers(c, SQL_TYPE_LIST, q->of, q->from, q, err);
}
