/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the SQLite driver share: its node and connection, and how a
 * statement is fetched, stepped and blamed. The files: driver_sqlite.c (open, close,
 * transactions), _sql.c (statements, errors), _log.c (versions), _record.c, _value.c,
 * _table.c, _copy.c (backup, checkpoints), _vfs.c (faults for tests).
 *
 * One file, belay.db, in WAL mode:
 *
 *   version   seq → rid hash hlc actor op origin origin_seq parents dictionary
 *             body_hash body. op is the operation less one; origin_seq is NULL where it
 *             equals seq; parents is NULL, one seq, or a blob of 8 bytes each, high byte
 *             first: the usual values are those that take no byte
 *   record    rid → id head. id is 16 bytes for a UUID, else text; head is seq,
 *             -seq of a delete, or NULL when only mentioned
 *   past, head, type_seq    sets of (rid, seq), (rid, seq), (type, seq)
 *   trail     seq → count log time hash subjects body; triggers refuse to change or
 *             remove a row
 *   trail_of  set of (subject, seq)
 *   setting, own            name → value
 *   one table k → v without rowid for each table of a view
 */
#ifndef STORE_DRIVER_SQLITE_INTERNAL_H
#define STORE_DRIVER_SQLITE_INTERNAL_H

#include <stdatomic.h>

#include <sqlite3.h>

#include "base/id.h"
#include "base/thread.h"

#include "store/driver.h"
#include "store/internal.h"

#define DATABASE_FILE "belay.db"
#define DATABASE_SCHEMA 2
#define DATABASE_PAGE 2048
#define DATABASE_APPLICATION 0x62656c79 /* "bely" */
/* Statements of one kind kept for cursors on one table, a connection. */
#define CURSORS_KEPT 32

enum sqlite_statement {
    SQL_BEGIN_READ,
    SQL_BEGIN_WRITE,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_SAVEPOINT,
    SQL_RELEASE,
    SQL_ROLLBACK_TO,
    SQL_LAST_SEQ,
    SQL_VERSION_ADD,
    SQL_TYPE_ADD,
    SQL_VERSION_GET,
    SQL_VERSION_HEADER,
    SQL_VERSION_LIST,
    SQL_VERSION_BODY,
    SQL_RECORD_FIND,
    SQL_RECORD_GET,
    SQL_CURRENT_FIND,
    SQL_CURRENT_FIND_HEADER,
    SQL_CURRENT_GET,
    SQL_CURRENT_GET_HEADER,
    SQL_RECORD_ADD,
    SQL_RECORD_HEAD,
    SQL_RECORD_LAST,
    SQL_RECORD_UP,
    SQL_RECORD_DOWN,
    SQL_RECORD_NEXT,
    SQL_PAST_ADD,
    SQL_PAST_LIST,
    SQL_HEAD_ADD,
    SQL_HEAD_REMOVE,
    SQL_HEAD_LIST,
    SQL_TYPE_LIST,
    SQL_TRAIL_ADD,
    SQL_TRAIL_UP,
    SQL_TRAIL_DOWN,
    SQL_TRAIL_OF_ADD,
    SQL_TRAIL_OF_LIST,
    SQL_TRAIL_OF_COUNT,
    SQL_SETTING_GET,
    SQL_SETTING_PUT,
    SQL_SETTING_DEL,
    SQL_SETTING_SCAN,
    SQL_OWN_GET,
    SQL_OWN_PUT,
    SQL_OWN_DEL,
    SQL_OWN_SCAN,
    SQL_COUNT,
};

struct driver_node {
    char *path; /* of the database file */
    struct driver_options options;
    /* Tables of views, by number; written by the writer's thread before readers use
     * them. */
    char *names[STORE_TABLES_MAX];
    bool keys_only[STORE_TABLES_MAX];
    pthread_mutex_t tidy_lock; /* of tidier */
    struct driver_conn *tidier;
    atomic_long wal_pages; /* in the write-ahead log after the last commit */
    bool lock_made;
};

/* The statements of one view's table on one connection. */
struct sqlite_table {
    sqlite3_stmt *put;
    sqlite3_stmt *del;
    sqlite3_stmt *get;
    sqlite3_stmt *free[2][CURSORS_KEPT]; /* by enum driver_step */
    unsigned free_count[2];
};

struct driver_cursor {
    struct driver_conn *conn;
    unsigned table;
    enum driver_step step; /* of the last seek */
    bool at_end;
    sqlite3_stmt *statements[2]; /* by enum driver_step; made at the first seek */
};

struct driver_conn {
    struct driver_node *node;
    sqlite3 *db;
    bool write;
    sqlite3_stmt *kept[SQL_COUNT];
    sqlite3_stmt *pending; /* whose columns were handed out; reset by the next call */
    struct sqlite_table tables[STORE_TABLES_MAX];
    char id[ID_UUID_CHARS + 1];
};

/* The statement ${which}, reset and without bindings that matter; the one whose columns
 * were handed out before is done with. */
int sqlite_fetch(struct driver_conn *c, enum sqlite_statement which, sqlite3_stmt **ret,
    struct err *err);

/* Prepare ${sql} to be kept. */
int sqlite_prepare(
    struct driver_conn *c, const char *sql, sqlite3_stmt **ret, struct err *err);

/* 1: a row, 0: done, negative: failed. After 0 or a failure the statement is reset. After
 * a row the caller resets it or leaves it with sqlite_hand_out. */
int sqlite_step(struct driver_conn *c, sqlite3_stmt *st, struct err *err);

/* sqlite_step for a statement that gives no row. */
int sqlite_run(struct driver_conn *c, sqlite3_stmt *st, struct err *err);

/* sqlite_fetch and sqlite_run for a statement without parameters. */
int sqlite_do(struct driver_conn *c, enum sqlite_statement which, struct err *err);

/* Run ${sql} (several statements allowed), not kept. */
int sqlite_exec(struct driver_conn *c, const char *sql, struct err *err);

/* ${st}'s columns go to the caller: reset it at the next call. */
static inline void sqlite_hand_out(struct driver_conn *c, sqlite3_stmt *st)
{
    c->pending = st;
}

/* Done with the columns that were handed out. */
static inline void sqlite_settle(struct driver_conn *c)
{
    if (c->pending)
        sqlite3_reset(c->pending);
    c->pending = NULL;
}

/* The error code and sentence for SQLite's ${rc}. */
int sqlite_error(struct driver_conn *c, int rc, struct err *err);

/* A connection, with the pragmas it needs. */
int sqlite_connect(
    struct driver_node *n, bool write, struct driver_conn **ret, struct err *err);
void sqlite_disconnect(struct driver_conn *c);

static inline struct str sqlite_text(sqlite3_stmt *st, int column)
{
    const void *p = sqlite3_column_blob(st, column);
    return (struct str){p ? p : "", (size_t)sqlite3_column_bytes(st, column)};
}

static inline void sqlite_bind_bytes(sqlite3_stmt *st, int at, struct str s)
{
    sqlite3_bind_blob(st, at, s.p ? s.p : "", (int)s.len, SQLITE_STATIC);
}

/* An id as record keeps it: 16 bytes for a UUID (in ${room}), else its text. */
void sqlite_bind_id(sqlite3_stmt *st, int at, struct str id, uint8_t room[16]);
struct str sqlite_id(struct driver_conn *c, sqlite3_stmt *st, int column);

/* The columns of version, in the order of SQLITE_VERSION_COLUMNS, from ${column} on. */
void sqlite_version_read(
    sqlite3_stmt *st, int column, bool body, struct driver_version *ret);

/* Answer ${q} by ${which}, whose parameters are three numbers (the last is the limit) and
 * whose rows are one; run ${which}, whose parameters are two (driver_sqlite_record.c). */
int sqlite_numbers(struct driver_conn *c, enum sqlite_statement which, int64_t first,
    int64_t second, struct driver_list *q, struct err *err);
int sqlite_pair_run(struct driver_conn *c, enum sqlite_statement which, store_rid rid,
    int64_t seq, struct err *err);

/* ---- callbacks, by file ---- */

int sqlite_trail_add(
    struct driver_conn *c, const struct driver_block *b, struct err *err);
int sqlite_trail_step(struct driver_conn *c, int64_t seq, enum driver_step step,
    struct driver_block *ret, struct err *err);
int sqlite_trail_of_add(
    struct driver_conn *c, store_rid subject, int64_t seq, struct err *err);
int sqlite_trail_of_list(struct driver_conn *c, struct driver_list *q, struct err *err);
int sqlite_trail_of_count(struct driver_conn *c, int64_t *ret, struct err *err);

int sqlite_last_seq(struct driver_conn *c, int64_t *ret, struct err *err);
int sqlite_version_add(
    struct driver_conn *c, const struct driver_version *v, struct err *err);
int sqlite_version_get(struct driver_conn *c, int64_t seq, bool body,
    struct driver_version *ret, struct err *err);
int sqlite_version_list(
    struct driver_conn *c, struct driver_versions *q, struct err *err);
int sqlite_version_body(
    struct driver_conn *c, const struct driver_version *v, struct err *err);

int sqlite_record_find(struct driver_conn *c, unsigned type, struct str id,
    struct driver_record *ret, struct err *err);
int sqlite_record_get(
    struct driver_conn *c, store_rid rid, struct driver_record *ret, struct err *err);
int sqlite_record_current(
    struct driver_conn *c, struct driver_current *q, struct err *err);
int sqlite_record_add(
    struct driver_conn *c, const struct driver_record *record, struct err *err);
int sqlite_record_head(
    struct driver_conn *c, store_rid rid, int64_t head, bool live, struct err *err);
int sqlite_record_last(
    struct driver_conn *c, unsigned type, store_rid *ret, struct err *err);
int sqlite_record_list(struct driver_conn *c, struct driver_list *q, struct err *err);
int sqlite_record_next(
    struct driver_conn *c, store_rid after, struct driver_record *ret, struct err *err);
int sqlite_past_add(struct driver_conn *c, store_rid rid, int64_t seq, struct err *err);
int sqlite_past_list(struct driver_conn *c, struct driver_list *q, struct err *err);
int sqlite_head_add(struct driver_conn *c, store_rid rid, int64_t seq, struct err *err);
int sqlite_head_remove(
    struct driver_conn *c, store_rid rid, int64_t seq, struct err *err);
int sqlite_head_list(struct driver_conn *c, struct driver_list *q, struct err *err);
int sqlite_type_list(struct driver_conn *c, struct driver_list *q, struct err *err);

int sqlite_value_get(struct driver_conn *c, enum driver_space space, const char *name,
    struct str *ret, struct err *err);
int sqlite_value_put(struct driver_conn *c, enum driver_space space, const char *name,
    struct str value, struct err *err);
int sqlite_value_scan(struct driver_conn *c, enum driver_space space,
    const char *prefix,
    int (*visit)(void *arg, const char *name, struct str value, struct err *err),
    void *arg, struct err *err);
int sqlite_write_now(struct driver_conn *c,
    int (*fill)(struct driver_conn *c, void *arg, struct err *err), void *arg,
    struct err *err);
int sqlite_value_put_now(struct driver_conn *c, enum driver_space space,
    const char *name, struct str value, struct err *err);

int sqlite_table_open(struct driver_conn *c, unsigned number, const char *name,
    bool keys_only, struct err *err);
int sqlite_table_clear(struct driver_conn *c, unsigned number, struct err *err);
int sqlite_row_put(struct driver_conn *c, unsigned table, struct str key,
    struct str value, struct err *err);
int sqlite_row_del(
    struct driver_conn *c, unsigned table, struct str key, struct err *err);
int sqlite_row_get(struct driver_conn *c, unsigned table, struct str key,
    struct store_row *ret, struct err *err);
int sqlite_table_size(struct driver_conn *c, unsigned table, int64_t *ret_rows,
    int64_t *ret_bytes, struct err *err);
int sqlite_cursor_open(
    struct driver_conn *c, unsigned table, struct driver_cursor **ret, struct err *err);
int sqlite_cursor_seek(struct driver_cursor *cur, struct str key, enum driver_step step,
    struct store_row *row, struct err *err);
int sqlite_cursor_next(
    struct driver_cursor *cur, struct store_row *row, struct err *err);
void sqlite_cursor_close(struct driver_cursor *cur);
void sqlite_tables_done(struct driver_conn *c);

/* How often a lock that another holds is looked at, 5,000 times a second: the arg of
 * sqlite_busy. */
extern const int sqlite_looks_long;
extern const int sqlite_looks_short;
int sqlite_busy(void *arg, int count);
static inline void sqlite_patience(struct driver_conn *c, const int *looks)
{
    union {
        const int *given;
        void *arg;
    } u = {.given = looks};
    sqlite3_busy_handler(c->db, sqlite_busy, u.arg);
}

/* The file layer that fails on purpose (fault.h). */
const char *sqlite_fault_vfs(void);

int64_t sqlite_tidy(struct driver_node *n, enum driver_tidy how, struct err *err);
int64_t sqlite_untidy(struct driver_node *n);
int sqlite_backup(struct driver_node *n, const char *to, struct err *err);

#endif
