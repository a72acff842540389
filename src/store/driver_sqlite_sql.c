/* SPDX-License-Identifier: Apache-2.0 */
/* The SQLite driver's statements, kept prepared a connection, and its errors. */
#include <errno.h>

#include "store/driver_sqlite_internal.h"
#include "store/fault.h"

#define VERSION_COLUMNS                                                                \
    "v.seq, v.rid, v.hash, v.hlc, v.actor, v.op, v.origin, v.origin_seq, v.parents, "  \
    "v.dictionary, v.body_hash"
#define CURRENT_FROM "FROM record r JOIN version v ON v.seq = abs(r.head) "

static const char *const sql_text[SQL_COUNT] = {
    [SQL_BEGIN_READ] = "BEGIN",
    [SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",
    [SQL_SAVEPOINT] = "SAVEPOINT one",
    [SQL_RELEASE] = "RELEASE one",
    [SQL_ROLLBACK_TO] = "ROLLBACK TO one",
    [SQL_LAST_SEQ] = "SELECT max(seq) FROM version",
    [SQL_VERSION_ADD] = "INSERT INTO version VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
    [SQL_TYPE_ADD] = "INSERT INTO type_seq VALUES (?,?)",
    [SQL_VERSION_GET] =
        "SELECT " VERSION_COLUMNS ", v.body FROM version v WHERE v.seq = ?",
    [SQL_VERSION_HEADER] = "SELECT " VERSION_COLUMNS " FROM version v WHERE v.seq = ?",
    [SQL_VERSION_LIST] =
        "SELECT seq, rid, hlc, op, parents, dictionary, body_hash, body "
        "FROM version WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2",
    [SQL_VERSION_BODY] =
        "UPDATE version SET dictionary = ?2, body_hash = ?3, body = ?4 WHERE seq = ?1",
    [SQL_RECORD_FIND] =
        "SELECT rid, id, head FROM record WHERE id = ? AND rid BETWEEN ? AND ?",
    [SQL_RECORD_GET] = "SELECT rid, id, head FROM record WHERE rid = ?",
    [SQL_CURRENT_FIND] =
        "SELECT r.rid, r.id, r.head, " VERSION_COLUMNS ", v.body " CURRENT_FROM
        "WHERE r.id = ? AND r.rid BETWEEN ? AND ?",
    [SQL_CURRENT_FIND_HEADER] =
        "SELECT r.rid, r.id, r.head, " VERSION_COLUMNS " " CURRENT_FROM
        "WHERE r.id = ? AND r.rid BETWEEN ? AND ?",
    [SQL_CURRENT_GET] = "SELECT r.rid, r.id, r.head, " VERSION_COLUMNS
                        ", v.body " CURRENT_FROM "WHERE r.rid = ?",
    [SQL_CURRENT_GET_HEADER] = "SELECT r.rid, r.id, r.head, " VERSION_COLUMNS
                               " " CURRENT_FROM "WHERE r.rid = ?",
    [SQL_RECORD_ADD] = "INSERT INTO record VALUES (?,?,?)",
    [SQL_RECORD_HEAD] = "UPDATE record SET head = ?2 WHERE rid = ?1",
    [SQL_RECORD_LAST] = "SELECT max(rid) FROM record WHERE rid BETWEEN ? AND ?",
    [SQL_RECORD_UP] =
        "SELECT rid FROM record WHERE rid > ?1 AND rid <= ?2 AND head > 0 "
        "ORDER BY rid LIMIT ?3",
    [SQL_RECORD_DOWN] = "SELECT rid FROM record WHERE rid < ?1 AND rid >= ?2 AND "
                        "head > 0 ORDER BY rid DESC LIMIT ?3",
    [SQL_RECORD_NEXT] =
        "SELECT rid, id, head FROM record WHERE rid > ? ORDER BY rid LIMIT 1",
    [SQL_PAST_ADD] = "INSERT INTO past VALUES (?,?)",
    [SQL_PAST_LIST] = "SELECT seq FROM past WHERE rid = ?1 AND seq < ?2 "
                      "ORDER BY seq DESC LIMIT ?3",
    [SQL_HEAD_ADD] = "INSERT INTO head VALUES (?,?)",
    [SQL_HEAD_REMOVE] = "DELETE FROM head WHERE rid = ? AND seq = ?",
    [SQL_HEAD_LIST] = "SELECT seq FROM head WHERE rid = ?1 AND seq < ?2 "
                      "ORDER BY seq DESC LIMIT ?3",
    [SQL_TYPE_LIST] = "SELECT seq FROM type_seq WHERE type = ?1 AND seq < ?2 "
                      "ORDER BY seq DESC LIMIT ?3",
    [SQL_TRAIL_ADD] = "INSERT INTO trail VALUES (?,?,?,?,?,?,?)",
    [SQL_TRAIL_UP] = "SELECT seq, count, log, time, hash, subjects, body FROM trail "
                     "WHERE seq >= ? ORDER BY seq LIMIT 1",
    [SQL_TRAIL_DOWN] = "SELECT seq, count, log, time, hash, subjects, body FROM trail "
                       "WHERE seq < ? ORDER BY seq DESC LIMIT 1",
    [SQL_TRAIL_OF_ADD] = "INSERT INTO trail_of VALUES (?,?)",
    [SQL_TRAIL_OF_LIST] = "SELECT seq FROM trail_of WHERE subject = ?1 AND seq < ?2 "
                          "ORDER BY seq DESC LIMIT ?3",
    [SQL_TRAIL_OF_COUNT] = "SELECT count(*) FROM trail_of",
    [SQL_SETTING_GET] = "SELECT value FROM setting WHERE name = ?",
    [SQL_SETTING_PUT] = "REPLACE INTO setting(name, value) VALUES (?,?)",
    [SQL_SETTING_DEL] = "DELETE FROM setting WHERE name = ?",
    [SQL_SETTING_SCAN] =
        "SELECT name, value FROM setting WHERE name >= ? ORDER BY name",
    [SQL_OWN_GET] = "SELECT value FROM own WHERE name = ?",
    [SQL_OWN_PUT] = "REPLACE INTO own(name, value) VALUES (?,?)",
    [SQL_OWN_DEL] = "DELETE FROM own WHERE name = ?",
    [SQL_OWN_SCAN] = "SELECT name, value FROM own WHERE name >= ? ORDER BY name",
};

int sqlite_error(struct driver_conn *c, int rc, struct err *err)
{
    const char *path = c->node->path;
    int errnum = 0;

    switch (rc & 0xff) {
    case SQLITE_NOMEM:
        return err_nomem(err);
    case SQLITE_FULL:
        return err_set(err, E_FULL, path,
            "No space is left for the database; free some and try again.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, E_BUSY, path,
            "Another process holds the database for writing; try again.");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return err_set(err, E_CORRUPT, path,
            "The database is damaged (%s); restore a backup.", sqlite3_errmsg(c->db));
    case SQLITE_CANTOPEN:
        return err_set(err, E_IO, path, "The database cannot be opened (%s).",
            sqlite3_errmsg(c->db));
    case SQLITE_IOERR:
        errnum = c->db ? sqlite3_system_errno(c->db) : 0;
        if (errnum == ENOSPC || errnum == EDQUOT)
            return err_set(err, E_FULL, path,
                "No space is left for the database; free some and try again.");
        return err_set(err, E_IO, path, "Reading or writing the database failed (%s).",
            sqlite3_errstr(rc));
    default:
        return err_set(
            err, E_IO, path, "The database refused (%s).", sqlite3_errmsg(c->db));
    }
}

int sqlite_prepare(
    struct driver_conn *c, const char *sql, sqlite3_stmt **ret, struct err *err)
{
    int rc = sqlite3_prepare_v3(c->db, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL);

    if (rc != SQLITE_OK) {
        *ret = NULL;
        return sqlite_error(c, rc, err);
    }
    return 0;
}

int sqlite_fetch(struct driver_conn *c, enum sqlite_statement which, sqlite3_stmt **ret,
    struct err *err)
{
    int r = 0;

    sqlite_settle(c);
    if (!c->kept[which])
        r = sqlite_prepare(c, sql_text[which], &c->kept[which], err);
    if (r == 0)
        *ret = c->kept[which];
    return r;
}

int sqlite_step(struct driver_conn *c, sqlite3_stmt *st, struct err *err)
{
    int rc = fault_step_due() ? SQLITE_IOERR : sqlite3_step(st);

    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE) {
        int code = sqlite_error(c, rc, err);
        sqlite3_reset(st);
        return code;
    }
    sqlite3_reset(st);
    return 0;
}

int sqlite_run(struct driver_conn *c, sqlite3_stmt *st, struct err *err)
{
    int r = sqlite_step(c, st, err);

    if (r == 1) {
        sqlite3_reset(st);
        return 0;
    }
    return r;
}

int sqlite_do(struct driver_conn *c, enum sqlite_statement which, struct err *err)
{
    sqlite3_stmt *st = NULL;
    int r = sqlite_fetch(c, which, &st, err);

    return r < 0 ? r : sqlite_run(c, st, err);
}

int sqlite_exec(struct driver_conn *c, const char *sql, struct err *err)
{
    int rc =
        fault_step_due() ? SQLITE_IOERR : sqlite3_exec(c->db, sql, NULL, NULL, NULL);

    return rc == SQLITE_OK ? 0 : sqlite_error(c, rc, err);
}

void sqlite_bind_id(sqlite3_stmt *st, int at, struct str id, uint8_t room[16])
{
    if (id_uuid_pack(id, room))
        sqlite3_bind_blob(st, at, room, 16, SQLITE_STATIC);
    else
        sqlite3_bind_text(st, at, id.p, (int)id.len, SQLITE_STATIC);
}

struct str sqlite_id(struct driver_conn *c, sqlite3_stmt *st, int column)
{
    struct str raw = sqlite_text(st, column);

    if (sqlite3_column_type(st, column) != SQLITE_BLOB || raw.len != 16)
        return raw;
    id_uuid_unpack((const uint8_t *)raw.p, c->id);
    return (struct str){c->id, ID_UUID_CHARS};
}
