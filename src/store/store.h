/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store: an append-only log of record versions, the heads that follow from it, and
 * ordered tables in which views keep what they derive. Behind a struct of callbacks
 * (store/driver.h): sqlite and memory now, PostgreSQL to come; one test suite for all.
 *
 *     caller's thread            writer thread                readers (any thread)
 *     store_prepare  ─ queue ─►  savepoint a transaction      store_read_begin
 *     (parse, pack,              views apply in it            snapshot, never waits
 *      hash, rows)    ◄ done ─   one commit, one fsync        store_read_end
 *
 * What holds (store_verify checks it):
 *  1. seq grows by one a version; nothing in the log is changed or removed, except that
 *     a body may be erased.
 *  2. A version's hash is BLAKE2b-256 over its header, its parents' hashes, the hash of
 *     the version its origin wrote before, and its body's hash. vid is its first 16
 *     hexadecimal digits.
 *  3. Every record has at least one head; a version that is no head is a parent of
 *     another version of the record.
 *  4. The tables of a view equal what its apply() makes of the log from nothing.
 *  5. A version that is acknowledged is on the disk, with everything it names.
 *
 * Record ids (rid): (type number << STORE_RID_BITS) | n, n from 1 within the type. Type 0
 * stands for things outside: absolute URLs that records refer to. A rid is given at
 * the first mention, even when the record itself comes later or never.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/time.h"

#include "fhir/definition.h"
#include "json/json.h"

#define STORE_RID_BITS 40
#define STORE_VID_CHARS 16
#define STORE_HASH_BYTES 32
#define STORE_VIEWS_MAX 16
#define STORE_KEY_MAX 512 /* bytes of a table's key */

typedef int64_t store_rid;

static inline unsigned store_rid_type(store_rid rid)
{
    return (unsigned)(rid >> STORE_RID_BITS);
}

static inline store_rid store_rid_first(unsigned type)
{
    return (store_rid)type << STORE_RID_BITS;
}

struct store;
struct store_reader; /* a snapshot being read; also what a writer's transaction reads */
struct store_cursor;

enum store_operation { STORE_CREATE = 1, STORE_UPDATE = 2, STORE_DELETE = 3 };

/* A version's header and, where asked for, its body. */
struct store_record {
    store_rid rid;
    int64_t seq;
    unsigned type; /* number */
    struct str id;
    char vid[STORE_VID_CHARS + 1];
    utc_ms updated;
    enum store_operation operation;
    struct str actor;
    struct str
        body; /* compact JSON as given to store_prepare; empty: deleted or erased */
    bool erased;
};

/* ---- life ---- */

enum store_kind { STORE_SQLITE, STORE_MEMORY };

/*
 * Is told while store_open fills views again, by its thread: every thousand versions of the log
 * that were read (${done} of ${total}), and then, as ${done} is ${total}, every 20,000 rows that
 * are written. False: stop; store_open is E_CANCELLED, and the views stay marked as not filled, so
 * that the next opening fills them from the beginning.
 */
struct store_fill_watch {
    bool (*look)(void *arg, int64_t done, int64_t total);
    void *arg;
};

struct store_options {
    enum store_kind kind;
    const char *path;   /* folder of the node (sqlite) */
    bool create;        /* make it; E_CONFLICT if there is one */
    unsigned readers;   /* snapshots open at once; 0: 2 * processors + 2 */
    size_t cache_bytes; /* page cache of the writer; 0: a default that keeps to the
                            memory figure of docs/PERFORMANCE.md */
    bool no_sync;   /* for bulk import into a new node and for tests only: nothing is
                            safe before store_close */
    bool read_only; /* beside another process that writes: no lock is taken and no
                            writer started; store_submit and all that needs the writer is
                            E_BUSY, but store_setting_put works, as a short transaction of
                            its own. Give no views where no table is read: one that is
                            not filled for this program is E_CONFLICT */
    const struct store_fill_watch
        *fill_watch; /* used while opening; NULL: nobody looks */
};

/* A view (see below); registered before store_open. Static storage. */
struct store_view;

/* Open or make a store with ${views} (${count}, fixed from then on). The node's own name
 * (origin) is made at creation. E_NOT_FOUND: no node there; E_CORRUPT; E_BUSY: another
 * process has it open for writing (a lock file tells which); E_UNSUPPORTED: made by a
 * newer program; E_CANCELLED: ${fill_watch} stopped it. A view whose digest differs from the
 * stored one is filled again before this returns. A node that is written to with fewer views than it has keeps their
 * tables, but they count as not filled from then on. */
int store_open(const struct store_options *options,
    const struct store_view *const *views, size_t count, struct store **ret,
    struct err *err);

/* Finish what is queued, then close. NULL is fine. */
void store_close(struct store *s);

/* ---- reading ---- */

/* Take a snapshot of everything committed so far. Waits only when all ${readers} are in use,
 * and then LIMIT_READER_WAIT_MS at most (reader.c says why). Readers are for one thread at a
 * time. */
int store_read_begin(struct store *s, struct store_reader **ret, struct err *err);
void store_read_end(struct store_reader *r);

/* The seq of the newest version in the snapshot; 0 when the log is empty. */
int store_seq(struct store_reader *r, int64_t *ret, struct err *err);

/* The same, for those who remember what they found in a snapshot: two snapshots of this
 * program's with one position hold the same records and views' rows, unless a bulk load or
 * a rebuild came between. -1: it has none, being the writer's own reader, or one beside
 * another process that writes. Asked again it costs nothing. */
int store_position(struct store_reader *r, int64_t *ret, struct err *err);

/* The rid of a record, whether it exists or was only mentioned. E_NOT_FOUND. */
int store_find(struct store_reader *r, unsigned type, struct str id, store_rid *ret,
    struct err *err);

/* The current version of a record by name; E_NOT_FOUND: never existed. A deleted one is
 * returned with operation STORE_DELETE. Memory from ${a}. */
int store_get(struct store_reader *r, struct arena *a, unsigned type, struct str id,
    struct store_record *ret, struct err *err);

/* The same by rid. ${body} false: header only. */
int store_get_rid(struct store_reader *r, struct arena *a, store_rid rid, bool body,
    struct store_record *ret, struct err *err);

/* A certain version; E_NOT_FOUND. */
int store_get_version(struct store_reader *r, struct arena *a, unsigned type,
    struct str id, struct str vid, struct store_record *ret, struct err *err);

/* The hash of the version at ${seq}, which all before it of its origin follow from. E_NOT_FOUND. */
int store_hash(struct store_reader *r, int64_t seq, uint8_t ret[STORE_HASH_BYTES],
    struct err *err);

/* Versions, newest first. */
struct store_history {
    store_rid rid;  /* of this record; 0: of any */
    unsigned type;  /* of this type; 0: of any */
    int64_t before; /* seq below this; 0: from the newest */
    utc_ms since;   /* updated at or after; 0: all */
    utc_ms until;   /* updated at or before; 0: all */
    size_t limit;
    bool body;
};
/* ${ret} (in ${a}) holds ${*ret_count} <= limit records. */
int store_history(struct store_reader *r, struct arena *a,
    const struct store_history *h, struct store_record **ret, size_t *ret_count,
    struct err *err);

/* A version in few words. */
struct store_version {
    store_rid rid;
    int64_t seq;
    int64_t parent;  /* the version that it follows; 0: none, -1: several */
    struct str body; /* empty: deleted or erased */
};
/* The versions of a type, newest first, to ${out}; bodies in ${a}. */
struct store_page {
    unsigned type;
    int64_t before; /* seq below this */
    size_t limit;   /* of ${out} */
};
int store_versions(struct store_reader *r, struct arena *a,
    const struct store_page *page, struct store_version *out, size_t *ret_count,
    struct err *err);

/* A version of the log whose body is still packed. */
struct store_entry {
    store_rid rid;
    int64_t seq;
    utc_ms updated;
    enum store_operation operation;
    int64_t parent; /* the version that it follows; 0: none, -1: several */
    const struct driver_version *packed_; /* the store's */
};
struct store_entries {
    struct store_entry *list;
    size_t count;
};
/* The versions of records of all types, without their names: those of ${page}, whose type is no matter, newest first, in
 * ${a}. For who looks at much of the log and wants few of its bodies. */
int store_log(struct store_reader *r, struct arena *a, const struct store_page *page,
    struct store_entries *ret, struct err *err);
/* The body of ${entry}, in ${a}, in the snapshot that it came from; empty: deleted or erased. */
int store_log_body(struct store_reader *r, struct arena *a,
    const struct store_entry *entry, struct str *ret, struct err *err);

/* From ${position} on, when a version arrived, the version ${seq} of a record was current:
 * mostly the one that arrived. */
struct store_moment {
    int64_t position, seq;
    utc_ms updated; /* of the version that arrived */
    bool live;      /* it is no delete */
};
/* All of them of ${rid}, the oldest first, in ${a}: of the last one at or before a position
 * is what the record was when the log ended there. E_NOT_FOUND: there is no such rid. */
int store_moments(struct store_reader *r, struct arena *a, store_rid rid,
    struct store_moment **ret, size_t *ret_count, struct err *err);

/* Records of a type that exist and are not deleted: how many, and their rids in order
 * from ${after} (exclusive; 0: from the first), at most ${limit}; or descending from
 * ${before} with store_rids_before (0: from the last). */
int store_count(struct store_reader *r, unsigned type, int64_t *ret, struct err *err);
int store_rids(struct store_reader *r, unsigned type, store_rid after, store_rid *out,
    size_t limit, size_t *ret_count, struct err *err);
int store_rids_before(struct store_reader *r, unsigned type, store_rid before,
    store_rid *out, size_t limit, size_t *ret_count, struct err *err);

/* True when ${rid} exists and is not deleted; cheap. */
int store_live(struct store_reader *r, store_rid rid, bool *ret, struct err *err);

/* The name of a rid (a URL for type 0), in ${a}. */
int store_name(struct store_reader *r, struct arena *a, store_rid rid,
    struct str *ret_id, struct err *err);

/* ---- ordered tables ---- */

/*
 * A cursor over a table's rows in the byte order of their keys. After a step that
 * returned 1, key and value (valid until the next step) are set; 0 is the end.
 * Cursors end with their reader; close them before.
 */
struct store_row {
    const uint8_t *key;
    size_t key_len;
    const uint8_t *value;
    size_t value_len;
};

/* ${table} is a number that the view's tables[] entry received (store_view.first_table
 * plus its index). */
int store_cursor_open(
    struct store_reader *r, unsigned table, struct store_cursor **ret, struct err *err);
/* The first row with key >= ${key}. */
int store_cursor_seek(struct store_cursor *c, const void *key, size_t len,
    struct store_row *row, struct err *err);
int store_cursor_next(struct store_cursor *c, struct store_row *row, struct err *err);
/* The last row with key < ${key}; then store_cursor_prev goes on downwards. */
int store_cursor_seek_before(struct store_cursor *c, const void *key, size_t len,
    struct store_row *row, struct err *err);
int store_cursor_prev(struct store_cursor *c, struct store_row *row, struct err *err);
void store_cursor_close(struct store_cursor *c);

/* One row by its whole key: 1 found, 0 not. The value is valid until the next call. */
int store_row_get(struct store_reader *r, unsigned table, const void *key, size_t len,
    struct store_row *row, struct err *err);

/* ---- views ---- */

/* What happened to one record, told to each view inside the writer's transaction. */
struct store_change {
    store_rid rid;
    int64_t seq;
    unsigned type;
    struct str id;
    enum store_operation operation;
    utc_ms updated;
    int64_t position; /* of the version that arrived: mostly seq; another where an older
                         head of the record became current by it */
    bool undo; /* only views of the past: take back the rows that this change made */
    const void *prepared; /* what this view's prepare() made; NULL for a delete */
    const void
        *old_prepared; /* the same of the version that was current, or NULL if the
                                 record is new or was deleted */
};

struct store_tx; /* the writer's transaction, as views see it */

struct store_view {
    const char *name;
    const char *digest;        /* of definitions and code that shape its rows */
    const char *const *tables; /* names, unique in the program */
    unsigned table_count;
    unsigned *first_table; /* store_open writes the number of tables[0] here */
    uint64_t keys_only;    /* bit i: rows of tables[i] never have a value, which saves a
                              byte a row */

    /* Work out the rows of ${resource} on the caller's thread; any thread, pure. The
     * result lives in ${a} until the transaction is done and points nowhere else:
     * ${resource} goes before. */
    int (*prepare)(struct arena *a, const struct fhir_type *type,
        const struct json *resource, utc_ms updated_hint, const void **ret,
        struct err *err);

    /* Bring the tables from before to after ${change}. Writer thread. ${a} is emptied
     * after each change. */
    int (*apply)(struct store_tx *tx, struct arena *a,
        const struct store_change *change, struct err *err);

    /*
     * Does it keep what was known when of records of ${type}? Then it is told every
     * change of such a record when it is filled again, in their order, and not only what
     * is current; of other types nothing. When a body is erased, its record's changes are
     * told backwards first (undo) and then without it. Rows must follow from one change
     * alone and name its position. NULL: it keeps no past.
     */
    bool (*past)(unsigned type);
};

/*
 * Writing a view's rows. put replaces a row with the same key. Rows may be held back and
 * sorted before they go to the tables; store_tx_reader sees them all the same, but each
 * look at a table through it makes them go at once: a view that writes without looking
 * is much faster.
 */
int store_put(struct store_tx *tx, unsigned table, const void *key, size_t key_len,
    const void *value, size_t value_len, struct err *err);
int store_del(struct store_tx *tx, unsigned table, const void *key, size_t key_len,
    struct err *err);

/* Add ${by} to the count that is the value of the row: 8 bytes, high byte first. A row
 * that is not there counts 0, and one that comes to 0 goes. */
int store_add(struct store_tx *tx, unsigned table, const void *key, size_t key_len,
    int64_t by, struct err *err);

/* The rid of (type, id), given now if there is none yet. E_TOO_LARGE: an id longer than
 * LIMIT_NAME_BYTES. */
int store_intern(
    struct store_tx *tx, unsigned type, struct str id, store_rid *ret, struct err *err);

/* To read what the transaction has done so far. NULL in a bulk load and while a view is
 * filled again: a view's rows must follow from the change alone. */
struct store_reader *store_tx_reader(struct store_tx *tx);

/* ---- writing ---- */

enum store_expect {
    STORE_EXPECT_ANY,
    STORE_EXPECT_ABSENT, /* never existed or is deleted; else E_PRECONDITION, or
                            E_CONFLICT where expect_soft */
    STORE_EXPECT_LIVE,   /* exists; else E_NOT_FOUND or E_GONE */
    STORE_EXPECT_VID,    /* its current version is expect_vid; else E_PRECONDITION, or
                            E_CONFLICT where expect_soft */
};

struct store_write {
    /* given */
    const struct fhir_type *type;
    struct str id;
    enum store_operation operation;
    const struct json *resource; /* NULL for a delete; only read by store_prepare */
    struct str body;             /* its compact JSON */
    enum store_expect expect;
    char expect_vid[STORE_VID_CHARS + 1];
    bool expect_soft;
    /* by store_prepare */
    const void *prepared[STORE_VIEWS_MAX];
    struct str packed;
    uint8_t body_hash[STORE_HASH_BYTES];
    unsigned dictionary;
    /* by the writer */
    store_rid rid;
    int64_t seq;
    char vid[STORE_VID_CHARS + 1];
    utc_ms updated;
    enum store_operation done; /* what it came to: CREATE for a PUT of a new record */
    /* Identical to the current version, or a delete of what is not there: no new version
     * was made; rid, seq, vid and updated are the current one's, or 0. */
    bool unchanged;
    /* the store's: what store_prepare found current, so that the writer need not */
    const void *old_prepared_[STORE_VIEWS_MAX];
    int64_t old_seq_;                     /* 0: not looked */
    bool same_;                           /* body equals that of old_seq_ */
    const struct store_foreign *foreign_; /* made elsewhere: store/foreign.h */
    bool merge_; /* follow all heads of the record, not the current one alone */
};

struct store_transaction {
    struct store_write *writes;
    size_t count;
    struct str actor; /* who: "Practitioner/x" or a program's name */
    utc_ms at; /* when: 0: now. Never earlier than what is in the log: the clock of a
                  node goes forwards alone, whatever is said here */
    /* Called by the writer before the first write, inside the transaction, to make sure
     * that what was read before still holds. Negative: nothing is written. May be NULL. */
    int (*guard)(struct store_reader *r, void *arg, struct err *err);
    void *guard_arg;
    /* Called on the writer's thread once the transaction is on disk or has failed; must
     * not block. May be NULL. */
    void (*done)(struct store_transaction *t, void *arg);
    void *done_arg;
    /* A reader of the caller's, or NULL. Once the transaction is on the disk it is made to
     * see exactly the state that it left: nothing that was written later. Lent to the
     * writer until the end; snapshot_result negative: it could not be, and must be given
     * back without another look. */
    struct store_reader *snapshot;
    int snapshot_result;
    /* result */
    int result;    /* 0 or the error */
    size_t failed; /* which write, where result is of one; else SIZE_MAX */
    struct err err;
    struct store_transaction *next_; /* the queue's */
    void *waiter_;                   /* store_commit's */
    const void *who; /* for who tells of changes (store/trail.h); may be NULL */
};

/* Do the work of ${w} that needs no lock: pack, hash, views' rows; for an update or a
 * delete also the rows of the version that is current now, if a reader is free. Memory
 * from ${a}, to be kept until the transaction is done. Any thread. E_TOO_LARGE: over
 * LIMIT_RECORD_BYTES or LIMIT_ID_CHARS. */
int store_prepare(
    struct store *s, struct arena *a, struct store_write *w, struct err *err);

/* Queue ${t}; done() tells the end, on the writer's thread. E_BUSY: the queue is full or
 * the store closes (done() is then not called). All or nothing: a failed write
 * undoes the whole transaction. */
int store_submit(struct store *s, struct store_transaction *t, struct err *err);

/* The same, waiting for the end. Not from the writer's thread. */
int store_commit(struct store *s, struct store_transaction *t, struct err *err);

/* Tell ${fn} of each committed change, on the writer's thread, after the commit and
 * before done(); must not block. One listener. */
struct store_event {
    store_rid rid;
    unsigned type;
    struct str id;
    const char *vid;
    int64_t seq;
    utc_ms updated;
    enum store_operation operation;
};
void store_listen(
    struct store *s, void (*fn)(const struct store_event *e, void *arg), void *arg);

/* ---- bulk load ---- */

/*
 * Many new records at once: the log is written in big transactions, the views' rows are
 * sorted outside and written in key order at the end. Until store_bulk_end the views are
 * marked as not filled; a crash in between is repaired at the next open by filling them
 * again. Every transaction between begin and end takes part, whoever commits it: the
 * loader keeps others out.
 */
int store_bulk_begin(struct store *s, struct err *err);
int store_bulk_end(struct store *s, struct err *err);

/* ---- keeping house ---- */

/* Fill ${view} (NULL: all) again from the log. ${progress} may be NULL. */
int store_rebuild(struct store *s, const char *view,
    void (*progress)(void *arg, int64_t done, int64_t total), void *arg,
    struct err *err);

/* Check invariants 1 to 4; ${report} gets a sentence and a place for each fault.
 * 0: sound; E_CORRUPT: faults were reported. */
int store_verify(struct store *s,
    void (*report)(void *arg, const char *where, const char *what), void *arg,
    void (*progress)(void *arg, int64_t done, int64_t total), struct err *err);

/* A consistent copy into the new folder ${to} while serving. */
int store_backup(struct store *s, const char *to, struct err *err);

/* Remove the body of a version for good (law); the chain still verifies. E_CONFLICT: it
 * is the current version of a record that is not deleted; delete that first. */
int store_erase(
    struct store *s, unsigned type, struct str id, struct str vid, struct err *err);

/* How many times that was done since the node was opened, begun or through: who remembers
 * bodies that are not current forgets them when it has grown. Take it before the snapshot. */
uint64_t store_erasures(const struct store *s);

struct store_stats {
    int64_t records[FHIR_TYPE_NUMBER_MAX + 1]; /* live, by type number */
    int64_t deleted;
    int64_t versions;
    int64_t body_bytes;   /* packed, in the log */
    int64_t blob_bytes;   /* packed, in files of their own */
    int64_t file_bytes;   /* all files of the node */
    int64_t commits;      /* since open */
    int64_t transactions; /* since open */
};
int store_stats(struct store *s, struct store_stats *ret, struct err *err);

/* Rows and bytes (keys and values) of each table; ${visit} is called for each. */
int store_table_stats(struct store *s,
    void (*visit)(
        void *arg, const char *view, const char *table, int64_t rows, int64_t bytes),
    void *arg, struct err *err);

/* Small settings of the node itself (not records): keys, tokens. NULL-terminated name;
 * the value is bytes. store_setting_get: E_NOT_FOUND; it sees what another process put. It
 * takes a reader for itself, so do not call it from many threads that hold one each.
 * Setting goes through the writer; ${value} with p NULL removes. E_TOO_LARGE: over
 * LIMIT_SETTING_BYTES. */
int store_setting_get(struct store *s, struct arena *a, const char *name,
    struct str *ret, struct err *err);
int store_setting_put(
    struct store *s, const char *name, struct str value, struct err *err);
/* All settings whose name starts with ${prefix}. */
int store_setting_each(struct store *s, struct arena *a, const char *prefix,
    int (*visit)(void *arg, const char *name, struct str value, struct err *err),
    void *arg, struct err *err);

#endif
