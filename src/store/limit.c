/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of nothing in particular, as fast as SQLite takes them. */
#include "store/limit.h"

#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "base/hash.h"
#include "base/time.h"

#define ROW_MAX 256
#define BODY_MAX 65536

struct limit_run {
    sqlite3 *db;
    sqlite3_stmt *body;
    sqlite3_stmt *row;
    const struct store_limit_load *load;
    int64_t rows; /* written */
};

static int failed(struct limit_run *run, struct err *err)
{
    return err_set(err,
        (sqlite3_errcode(run->db) & 0xff) == SQLITE_FULL ? E_FULL : E_IO, NULL,
        "SQLite failed: %s.", sqlite3_errmsg(run->db));
}

static int exec(struct limit_run *run, const char *sql, struct err *err)
{
    return sqlite3_exec(run->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
                                                                     : failed(run, err);
}

static int prepare(struct limit_run *run, const char *path, struct err *err)
{
    int r;

    if (sqlite3_open(path, &run->db) != SQLITE_OK)
        return failed(run, err);
    r = exec(run,
        "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
        "PRAGMA cache_size = -262144; PRAGMA wal_autocheckpoint = 50000;"
        "CREATE TABLE body(id INTEGER PRIMARY KEY, bytes BLOB);"
        "CREATE TABLE entry(key BLOB PRIMARY KEY) WITHOUT ROWID;",
        err);
    if (r < 0)
        return r;
    if (sqlite3_prepare_v2(run->db, "INSERT INTO body VALUES (?,?)", -1, &run->body,
            NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(
            run->db, "INSERT INTO entry VALUES (?)", -1, &run->row, NULL) != SQLITE_OK)
        return failed(run, err);
    return 0;
}

static int step(struct limit_run *run, sqlite3_stmt *statement, struct err *err)
{
    int rc = sqlite3_step(statement);

    sqlite3_reset(statement);
    return rc == SQLITE_DONE ? 0 : failed(run, err);
}

/* One record's body, and the index rows that are due by then. */
static int add(struct limit_run *run, int64_t id, struct err *err)
{
    static const char body[BODY_MAX];
    uint8_t key[ROW_MAX] = {0};
    int64_t due = (int64_t)(run->load->rows * (double)(id + 1));
    int size = (int)(run->load->row_bytes < 16        ? 16
                     : run->load->row_bytes > ROW_MAX ? ROW_MAX
                                                      : run->load->row_bytes);
    int r;

    sqlite3_bind_int64(run->body, 1, id + 1);
    sqlite3_bind_blob(run->body, 2, body,
        (int)(run->load->body_bytes < BODY_MAX ? run->load->body_bytes : BODY_MAX),
        SQLITE_STATIC);
    r = step(run, run->body, err);
    for (; r == 0 && run->rows < due; run->rows++) {
        uint64_t number = (uint64_t)run->rows;
        uint64_t place =
            run->load->sorted ? number : hash64(&number, sizeof(number), 1);

        for (int i = 0; i < 8; i++) {
            key[i] = (uint8_t)(place >> (56 - 8 * i));
            key[8 + i] = (uint8_t)(number >> (56 - 8 * i));
        }
        sqlite3_bind_blob(run->row, 1, key, size, SQLITE_STATIC);
        r = step(run, run->row, err);
    }
    return r;
}

static int fill(struct limit_run *run, struct err *err)
{
    const struct store_limit_load *load = run->load;
    int r = 0;

    for (int64_t id = 0; r == 0 && id < load->records; id++) {
        if (id % load->records_a_time == 0)
            r = exec(run, "BEGIN", err);
        if (r == 0)
            r = add(run, id, err);
        if (r == 0 && (id + 1) % load->records_a_time == 0)
            r = exec(run, "COMMIT", err);
    }
    if (r == 0 && load->records % load->records_a_time != 0)
        r = exec(run, "COMMIT", err);
    return r;
}

int store_limit(const char *path, const struct store_limit_load *load,
    double *ret_seconds, struct err *err)
{
    struct limit_run run = {.load = load};
    uint64_t begun;
    int r = prepare(&run, path, err);

    begun = time_monotonic_ns();
    if (r == 0)
        r = fill(&run, err);
    if (r == 0)
        *ret_seconds = (double)(time_monotonic_ns() - begun) / 1e9;
    sqlite3_finalize(run.body);
    sqlite3_finalize(run.row);
    sqlite3_close(run.db);
    return r;
}
