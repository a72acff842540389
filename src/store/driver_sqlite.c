/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite driver: opening, connections, snapshots, transactions. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"

#include "store/driver_sqlite_internal.h"
#include "store/fault.h"

#define BUSY_NAP_NS 200000L /* between looks at a lock another process holds */

static const char schema[] =
    "CREATE TABLE version(seq INTEGER PRIMARY KEY, rid, hash, hlc, actor, op, origin, "
    "  origin_seq, parents, dictionary, body_hash, body);"
    "CREATE TABLE record(rid INTEGER PRIMARY KEY, id, head);"
    "CREATE INDEX record_id ON record(id, head);"
    "CREATE TABLE past(rid, seq, PRIMARY KEY(rid, seq)) WITHOUT ROWID;"
    "CREATE TABLE head(rid, seq, PRIMARY KEY(rid, seq)) WITHOUT ROWID;"
    "CREATE TABLE type_seq(type, seq, PRIMARY KEY(type, seq)) WITHOUT ROWID;"
    "CREATE TABLE setting(name TEXT PRIMARY KEY, value);"
    "CREATE TABLE own(name TEXT PRIMARY KEY, value);";

/* Since form 2. The triggers are no wall against who can write the file; they make sure
 * that no mistake of this program's takes a row away. */
static const char schema_trail[] =
    "CREATE TABLE IF NOT EXISTS trail(seq INTEGER PRIMARY KEY, count, log, time, hash, "
    "  subjects, body);"
    "CREATE TABLE IF NOT EXISTS trail_of(subject, seq, PRIMARY KEY(subject, seq)) "
    "  WITHOUT ROWID;"
    "CREATE TRIGGER IF NOT EXISTS trail_keep BEFORE DELETE ON trail BEGIN "
    "  SELECT raise(ABORT, 'the trail is only added to'); END;"
    "CREATE TRIGGER IF NOT EXISTS trail_same BEFORE UPDATE ON trail BEGIN "
    "  SELECT raise(ABORT, 'the trail is only added to'); END;";

/* Once, before the library is used: its counters of memory cost a lock at each
 * allocation, and nobody reads them. */
static void library_configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

const int sqlite_looks_long = 25000; /* five seconds */
const int sqlite_looks_short = 250;  /* a twentieth of one */

/* A lock is held by a short transaction of another process: look again soon. */
int sqlite_busy(void *arg, int count)
{
    const int *looks = arg;
    struct timespec nap = {0, BUSY_NAP_NS};

    if (count >= *looks)
        return 0;
    nanosleep(&nap, NULL);
    return 1;
}

static int pages_left(void *arg, sqlite3 *db, const char *name, int pages)
{
    struct driver_node *n = arg;

    (void)db;
    (void)name;
    atomic_store_explicit(&n->wal_pages, pages, memory_order_relaxed);
    return SQLITE_OK;
}

static int conn_configure(struct driver_conn *c, struct err *err)
{
    const struct driver_options *o = &c->node->options;
    char sql[256];
    size_t cache = c->write ? o->cache_bytes : o->reader_cache_bytes;

    sqlite_patience(c, &sqlite_looks_long);
    sqlite3_wal_autocheckpoint(c->db, 0);
    sqlite3_extended_result_codes(c->db, 1);
    if (c->write)
        sqlite3_wal_hook(c->db, pages_left, c->node);
    /* secure_delete: what is deleted is overwritten, since it is about patients */
    snprintf(sql, sizeof(sql),
        "PRAGMA synchronous = %s; PRAGMA cache_size = -%zu; PRAGMA temp_store = "
        "MEMORY; "
        "PRAGMA secure_delete = ON; PRAGMA journal_size_limit = %u; "
        "PRAGMA query_only = %s;",
        o->no_sync ? "OFF" : "FULL", cache / 1024 + 1, LIMIT_LOG_BYTES,
        c->write ? "OFF" : "ON");
    return sqlite_exec(c, sql, err);
}

int sqlite_connect(
    struct driver_node *n, bool write, struct driver_conn **ret, struct err *err)
{
    struct driver_conn *c = base_malloc(sizeof(*c));
    int rc = SQLITE_OK;
    int r = 0;

    if (!c)
        return err_nomem(err);
    memset(c, 0, sizeof(*c));
    c->node = n;
    c->write = write;
    rc = sqlite3_open_v2(n->path, &c->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
        fault_files() ? sqlite_fault_vfs() : NULL);
    r = rc == SQLITE_OK ? conn_configure(c, err) : sqlite_error(c, rc, err);
    if (r < 0) {
        sqlite_disconnect(c);
        return r;
    }
    *ret = c;
    return 0;
}

void sqlite_disconnect(struct driver_conn *c)
{
    if (!c)
        return;
    sqlite_settle(c);
    for (unsigned i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(c->kept[i]);
    sqlite_tables_done(c);
    sqlite3_close(c->db);
    base_free(c);
}

/* An empty file only we may read: SQLite gives its log and index the same mode. */
static int file_make(const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0 && errno == EEXIST)
        return err_set(err, E_CONFLICT, path, "There is a database already.");
    if (fd < 0)
        return err_sys(err, errno, path, "The database cannot be made");
    close(fd);
    return 0;
}

static int schema_make(struct driver_conn *c, struct err *err)
{
    char sql[256];
    int r = 0;

    snprintf(sql, sizeof(sql),
        "PRAGMA page_size = %d; PRAGMA auto_vacuum = NONE; PRAGMA journal_mode = WAL; "
        "PRAGMA application_id = %d;",
        DATABASE_PAGE, DATABASE_APPLICATION);
    r = sqlite_exec(c, sql, err);
    if (r == 0)
        r = sqlite_exec(c, "BEGIN IMMEDIATE", err);
    if (r == 0)
        r = sqlite_exec(c, schema, err);
    if (r == 0)
        r = sqlite_exec(c, schema_trail, err);
    snprintf(sql, sizeof(sql), "PRAGMA user_version = %d; COMMIT;", DATABASE_SCHEMA);
    if (r == 0)
        r = sqlite_exec(c, sql, err);
    return r;
}

/* A single number that ${sql} asks for. */
static int ask(struct driver_conn *c, const char *sql, int *ret, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_prepare(c, sql, &st, err);

    if (r < 0)
        return r;
    r = sqlite_step(c, st, err);
    if (r == 1)
        *ret = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    return r < 0 ? r : 0;
}

/* Bring a database made by an earlier version of this program up to date. */
static int schema_renew(struct driver_conn *c, struct err *err)
{
    char sql[64];
    int r = sqlite_exec(c, "BEGIN IMMEDIATE", err);

    if (r == 0)
        r = sqlite_exec(c, schema_trail, err);
    snprintf(sql, sizeof(sql), "PRAGMA user_version = %d; COMMIT;", DATABASE_SCHEMA);
    if (r == 0)
        r = sqlite_exec(c, sql, err);
    if (r < 0 && !sqlite3_get_autocommit(c->db))
        sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
    return r;
}

static int schema_check(struct driver_conn *c, struct err *err)
{
    int application = 0;
    int version = 0;
    int r = ask(c, "PRAGMA application_id", &application, err);

    if (r == 0)
        r = ask(c, "PRAGMA user_version", &version, err);
    if (r < 0)
        return r;
    if (application != DATABASE_APPLICATION || version == 0)
        return err_set(err, E_CORRUPT, c->node->path,
            "The file is no node's database, or its making was cut short.");
    if (version > DATABASE_SCHEMA)
        return err_set(err, E_UNSUPPORTED, c->node->path,
            "The database was made by a newer version of this program; use that one.");
    return version < DATABASE_SCHEMA ? schema_renew(c, err) : 0;
}

/* What was written without syncing is made safe once, at the end. */
static void file_sync(const char *path)
{
    struct err err = {0};
    int fd = open(path, O_RDWR | O_CLOEXEC);

    if (fd < 0 || fsync(fd) < 0) {
        err_sys(&err, errno, path, "What was loaded cannot be made safe");
        log_err("closing", &err);
    }
    if (fd >= 0)
        close(fd);
}

static void sqlite_close(struct driver_node *n)
{
    if (!n)
        return;
    sqlite_disconnect(n->tidier);
    if (n->options.no_sync && n->path)
        file_sync(n->path);
    for (unsigned i = 0; i < STORE_TABLES_MAX; i++)
        free(n->names[i]);
    if (n->lock_made)
        pthread_mutex_destroy(&n->tidy_lock);
    free(n->path);
    base_free(n);
}

static int sqlite_open(
    const struct driver_options *options, struct driver_node **ret, struct err *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct driver_node *n = NULL;
    struct driver_conn *c = NULL;
    int r = 0;

    pthread_once(&once, library_configure);
    n = base_malloc(sizeof(*n));
    if (!n)
        return err_nomem(err);
    memset(n, 0, sizeof(*n));
    n->options = *options;
    n->options.path = NULL;
    if (asprintf(&n->path, "%s/%s", options->path, DATABASE_FILE) < 0) {
        n->path = NULL;
        r = err_nomem(err);
        goto out;
    }
    n->lock_made = pthread_mutex_init(&n->tidy_lock, NULL) == 0;
    if (!n->lock_made) {
        r = err_nomem(err);
        goto out;
    }
    if (options->create)
        r = file_make(n->path, err);
    else if (access(n->path, F_OK) < 0)
        r = err_set(err, E_NOT_FOUND, options->path, "There is no node here.");
    if (r == 0)
        r = sqlite_connect(n, true, &c, err);
    if (r == 0)
        r = options->create ? schema_make(c, err) : schema_check(c, err);
    /* kept by the node, so that the last connection is closed by sqlite_close alone */
    n->tidier = c;
out:
    if (r < 0)
        sqlite_close(n);
    else
        *ret = n;
    return r;
}

/* End whatever transaction is open. Some failures end it by themselves; and ending must
 * not fail, even where a test wants the step to. */
static void sqlite_rollback(struct driver_conn *c)
{
    sqlite_settle(c);
    if (sqlite3_get_autocommit(c->db))
        return;
    if (sqlite_do(c, SQL_ROLLBACK, NULL) < 0 && !sqlite3_get_autocommit(c->db))
        sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
}

static int sqlite_read_begin(struct driver_conn *c, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_do(c, SQL_BEGIN_READ, err);

    if (r < 0)
        return r;
    /* the snapshot is taken by the first look, not by BEGIN */
    r = sqlite_fetch(c, SQL_LAST_SEQ, &st, err);
    if (r == 0)
        r = sqlite_run(c, st, err);
    if (r < 0)
        sqlite_rollback(c);
    return r;
}

static void sqlite_read_end(struct driver_conn *c)
{
    sqlite_rollback(c);
}

static int sqlite_begin(struct driver_conn *c, struct err *err)
{
    return sqlite_do(c, SQL_BEGIN_WRITE, err);
}

static int sqlite_commit(struct driver_conn *c, struct err *err)
{
    int r = sqlite_do(c, SQL_COMMIT, err);

    if (r < 0)
        sqlite_rollback(c);
    return r;
}

static int sqlite_savepoint(struct driver_conn *c, struct err *err)
{
    return sqlite_do(c, SQL_SAVEPOINT, err);
}

static int sqlite_release(struct driver_conn *c, struct err *err)
{
    return sqlite_do(c, SQL_RELEASE, err);
}

static int sqlite_rollback_to(struct driver_conn *c, struct err *err)
{
    int r = 0;

    sqlite_settle(c);
    if (sqlite3_get_autocommit(c->db))
        return err_set(err, E_IO, c->node->path,
            "The database gave up the whole group of transactions.");
    r = sqlite_do(c, SQL_ROLLBACK_TO, err);
    return r < 0 ? r : sqlite_do(c, SQL_RELEASE, err);
}

const struct driver driver_sqlite = {
    .name = "sqlite",
    .open = sqlite_open,
    .close = sqlite_close,
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .tidy = sqlite_tidy,
    .untidy = sqlite_untidy,
    .backup = sqlite_backup,
    .read_begin = sqlite_read_begin,
    .read_end = sqlite_read_end,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .savepoint = sqlite_savepoint,
    .release = sqlite_release,
    .rollback_to = sqlite_rollback_to,
    .last_seq = sqlite_last_seq,
    .version_add = sqlite_version_add,
    .version_get = sqlite_version_get,
    .version_list = sqlite_version_list,
    .version_body = sqlite_version_body,
    .record_find = sqlite_record_find,
    .record_get = sqlite_record_get,
    .record_current = sqlite_record_current,
    .record_add = sqlite_record_add,
    .record_head = sqlite_record_head,
    .record_last = sqlite_record_last,
    .record_list = sqlite_record_list,
    .record_next = sqlite_record_next,
    .past_add = sqlite_past_add,
    .past_list = sqlite_past_list,
    .head_add = sqlite_head_add,
    .head_remove = sqlite_head_remove,
    .head_list = sqlite_head_list,
    .type_list = sqlite_type_list,
    .trail_add = sqlite_trail_add,
    .trail_step = sqlite_trail_step,
    .trail_of_add = sqlite_trail_of_add,
    .trail_of_list = sqlite_trail_of_list,
    .trail_of_count = sqlite_trail_of_count,
    .value_get = sqlite_value_get,
    .value_put = sqlite_value_put,
    .value_scan = sqlite_value_scan,
    .value_put_now = sqlite_value_put_now,
    .write_now = sqlite_write_now,
    .table_open = sqlite_table_open,
    .table_clear = sqlite_table_clear,
    .row_put = sqlite_row_put,
    .row_del = sqlite_row_del,
    .row_get = sqlite_row_get,
    .table_size = sqlite_table_size,
    .cursor_open = sqlite_cursor_open,
    .cursor_seek = sqlite_cursor_seek,
    .cursor_next = sqlite_cursor_next,
    .cursor_close = sqlite_cursor_close,
};
