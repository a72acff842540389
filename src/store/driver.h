/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a database must do for the store: a struct of callbacks, filled by driver_sqlite
 * and driver_memory (PostgreSQL to follow). A driver keeps rows and knows nothing of
 * hashes, compression, views' meaning, caches or threads' division of labour: all that is
 * written once, above.
 *
 * A node is an opened database. A connection is one party's access to it: one is the
 * writer's, the others read. A connection is used by one thread at a time; different
 * connections at once by different threads. Texts and bytes that a callback returns are
 * valid until the next call on the same connection.
 *
 * Every callback that returns int gives 0 or a negative enum err_code with ${err} filled,
 * unless it says more. E_FULL is told apart from E_IO, since it goes away by itself.
 */
#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H

#include "store/store.h"

struct driver_node;
struct driver_conn;
struct driver_cursor;

#define DRIVER_PARENTS_MAX 8

/* Where the body of a version is: packed in its row with the dictionary of this number
 * (0: none), or one of these. */
enum { DRIVER_BODY_NONE = -1, DRIVER_BODY_BLOB = -2, DRIVER_BODY_ERASED = -3 };

/* A row of the log. */
struct driver_version {
    int64_t seq;
    store_rid rid;
    uint8_t hash[STORE_HASH_BYTES];
    unsigned origin;    /* number of the node that wrote it first; 0: this one */
    int64_t origin_seq; /* the origin's count of its own versions, from 1 */
    uint64_t hlc;       /* milliseconds << 16 | counter */
    unsigned actor;     /* number */
    enum store_operation operation;
    int64_t parents[DRIVER_PARENTS_MAX]; /* seqs */
    unsigned parent_count;
    int dictionary;
    uint8_t
        body_hash[STORE_HASH_BYTES]; /* for BLOB and ERASED; else it follows from the
                                            body, and is not kept */
    struct str body;                 /* packed; only where dictionary >= 0 */
};

/* A question for what was written, the newest first: given before, a, out, limit. Of the first count of out
 * seq, rid, hlc, operation, parents, dictionary, body_hash and body are told, the rest is 0. */
struct driver_versions {
    int64_t before;  /* only below it */
    struct arena *a; /* bodies are copied here */
    struct driver_version *out;
    size_t limit;
    size_t count;
};

/* A row of the trail (store/trail.h). */
struct driver_block {
    int64_t seq; /* of its first entry */
    int64_t count;
    int64_t log;
    utc_ms time;
    uint8_t hash[STORE_HASH_BYTES];
    struct str subjects; /* packed */
    struct str body;
};

/* A name and what is current under it. */
struct driver_record {
    store_rid rid;
    struct str id;
    int64_t head; /* seq of the current version; 0: only mentioned so far */
    bool live;    /* it has a current version, and that is no delete */
};

/* A question for seqs or rids in order. Given: of, from, down, out, limit; the answer
 * is the first count of out. */
struct driver_list {
    int64_t of;   /* the rid or type number asked about */
    int64_t from; /* only above it, or below it where down; it itself is left out */
    bool down;
    int64_t *out;
    size_t limit;
    size_t count;
};

/* A question for a record and its current version: by rid, or where that is 0 by (type,
 * id). */
struct driver_current {
    store_rid rid;
    unsigned type;
    struct str id;
    bool body; /* version.body is wanted */
    struct driver_record record;
    struct driver_version version;
};

/* How far to tidy: what makes nobody wait; also let the log begin anew, which waits a
 * moment for readers; also leave no trace in it of what it held. */
enum driver_tidy { DRIVER_TIDY_SOME, DRIVER_TIDY_ALL, DRIVER_TIDY_WIPE };

enum driver_step { DRIVER_GE, DRIVER_LT }; /* first key >= given; last key < given */

/* The two sets of small named values: what callers keep, and what the store keeps. */
enum driver_space { DRIVER_SETTINGS, DRIVER_OWN };

struct driver_options {
    const char *path;
    bool create;
    bool read_only; /* connections do not write, but for value_put_now */
    bool no_sync;
    size_t cache_bytes;        /* the writer's */
    size_t reader_cache_bytes; /* each reader's */
};

struct driver {
    const char *name;

    /* ---- node ---- */

    /* Open or make the database at options->path. E_NOT_FOUND, E_CONFLICT, E_CORRUPT. */
    int (*open)(const struct driver_options *options, struct driver_node **ret,
        struct err *err);
    void (*close)(struct driver_node *n);

    /* The writer's connection (one at a time), or one more reader. */
    int (*connect)(
        struct driver_node *n, bool write, struct driver_conn **ret, struct err *err);
    void (*disconnect)(struct driver_conn *c);

    /* Move what commits have left beside the main file into it. Any thread, beside all
     * other work. Returns the bytes that are left, or a negative enum err_code. */
    int64_t (*tidy)(struct driver_node *n, enum driver_tidy how, struct err *err);

    /* Bytes of commits that lie beside the main file. Any thread. */
    int64_t (*untidy)(struct driver_node *n);

    /* A consistent copy into the existing, empty folder ${to}. Any thread. */
    int (*backup)(struct driver_node *n, const char *to, struct err *err);

    /* ---- snapshots and transactions ---- */

    int (*read_begin)(struct driver_conn *c, struct err *err);
    void (*read_end)(struct driver_conn *c);

    int (*begin)(struct driver_conn *c, struct err *err);
    /* On failure the transaction is rolled back. */
    int (*commit)(struct driver_conn *c, struct err *err);
    void (*rollback)(struct driver_conn *c);
    /* One level within a transaction. */
    int (*savepoint)(struct driver_conn *c, struct err *err);
    int (*release)(struct driver_conn *c, struct err *err);
    /* Negative: the whole transaction is lost and must be rolled back. */
    int (*rollback_to)(struct driver_conn *c, struct err *err);

    /* ---- the log ---- */

    /* seq of the newest version; 0: none. */
    int (*last_seq)(struct driver_conn *c, int64_t *ret, struct err *err);
    int (*version_add)(
        struct driver_conn *c, const struct driver_version *v, struct err *err);
    /* E_NOT_FOUND. ${body} false: body stays empty. */
    int (*version_get)(struct driver_conn *c, int64_t seq, bool body,
        struct driver_version *ret, struct err *err);
    int (*version_list)(
        struct driver_conn *c, struct driver_versions *q, struct err *err);
    /* Replace dictionary, body_hash and body of ${v->seq}: to erase, or to pack better. */
    int (*version_body)(
        struct driver_conn *c, const struct driver_version *v, struct err *err);

    /* ---- records ---- */

    /* By name, or by rid. E_NOT_FOUND. */
    int (*record_find)(struct driver_conn *c, unsigned type, struct str id,
        struct driver_record *ret, struct err *err);
    int (*record_get)(struct driver_conn *c, store_rid rid, struct driver_record *ret,
        struct err *err);
    /* Both at once, the most common read. E_NOT_FOUND: no such name, or only mentioned. */
    int (*record_current)(
        struct driver_conn *c, struct driver_current *q, struct err *err);
    /* A new row; the pair (type, id) and rid are new. */
    int (*record_add)(
        struct driver_conn *c, const struct driver_record *record, struct err *err);
    /* Its new current version. */
    int (*record_head)(
        struct driver_conn *c, store_rid rid, int64_t head, bool live, struct err *err);
    /* The largest rid of ${type}; store_rid_first(type) when there is none. */
    int (*record_last)(
        struct driver_conn *c, unsigned type, store_rid *ret, struct err *err);
    /* Live records of type ${q->of}. */
    int (*record_list)(struct driver_conn *c, struct driver_list *q, struct err *err);
    /* The first row with rid > ${after}; E_NOT_FOUND at the end. */
    int (*record_next)(struct driver_conn *c, store_rid after,
        struct driver_record *ret, struct err *err);

    /* ---- versions that are not current ---- */

    /* Past versions and further heads of a record, each a set of seqs. */
    int (*past_add)(struct driver_conn *c, store_rid rid, int64_t seq, struct err *err);
    int (*past_list)(struct driver_conn *c, struct driver_list *q, struct err *err);
    int (*head_add)(struct driver_conn *c, store_rid rid, int64_t seq, struct err *err);
    int (*head_remove)(
        struct driver_conn *c, store_rid rid, int64_t seq, struct err *err);
    int (*head_list)(struct driver_conn *c, struct driver_list *q, struct err *err);
    /* Versions of a type (version_add keeps them). These three lists go down only. */
    int (*type_list)(struct driver_conn *c, struct driver_list *q, struct err *err);

    /* ---- the trail: rows are added, and that is all ---- */

    int (*trail_add)(
        struct driver_conn *c, const struct driver_block *b, struct err *err);
    /* DRIVER_GE: the first row with this seq or a higher one; DRIVER_LT: the last with a
     * lower one. E_NOT_FOUND. */
    int (*trail_step)(struct driver_conn *c, int64_t seq, enum driver_step step,
        struct driver_block *ret, struct err *err);
    /* Blocks of a subject, a set of seqs; the list goes down only. */
    int (*trail_of_add)(
        struct driver_conn *c, store_rid subject, int64_t seq, struct err *err);
    int (*trail_of_list)(struct driver_conn *c, struct driver_list *q, struct err *err);
    /* Rows of all these sets together. */
    int (*trail_of_count)(struct driver_conn *c, int64_t *ret, struct err *err);

    /* ---- small values ---- */

    /* E_NOT_FOUND. */
    int (*value_get)(struct driver_conn *c, enum driver_space space, const char *name,
        struct str *ret, struct err *err);
    /* ${value} with p NULL removes. */
    int (*value_put)(struct driver_conn *c, enum driver_space space, const char *name,
        struct str value, struct err *err);
    /* Those whose name starts with ${prefix}, in byte order, until ${visit} returns
     * non-zero, which is then returned. ${visit} makes no call on ${c}. */
    int (*value_scan)(struct driver_conn *c, enum driver_space space,
        const char *prefix,
        int (*visit)(void *arg, const char *name, struct str value, struct err *err),
        void *arg, struct err *err);
    /* value_put as a transaction of its own, also on a reader's connection and beside
     * another process that writes; waits for it a few seconds, then E_BUSY. */
    int (*value_put_now)(struct driver_conn *c, enum driver_space space,
        const char *name, struct str value, struct err *err);
    /* The same for anything: what ${fill} writes on ${c} is a transaction of its own. */
    int (*write_now)(struct driver_conn *c,
        int (*fill)(struct driver_conn *c, void *arg, struct err *err), void *arg,
        struct err *err);

    /* ---- ordered tables ---- */

    /* Make the table if there is none. ${number} is its name from now on, for this node;
     * ${keys_only}: its rows have no values. Writer's connection, in a transaction
     * (read_only: no transaction, and E_NOT_FOUND if there is none). */
    int (*table_open)(struct driver_conn *c, unsigned number, const char *name,
        bool keys_only, struct err *err);
    /* Remove all rows. */
    int (*table_clear)(struct driver_conn *c, unsigned number, struct err *err);
    int (*row_put)(struct driver_conn *c, unsigned table, struct str key,
        struct str value, struct err *err);
    int (*row_del)(
        struct driver_conn *c, unsigned table, struct str key, struct err *err);
    /* 1 found, 0 not. */
    int (*row_get)(struct driver_conn *c, unsigned table, struct str key,
        struct store_row *ret, struct err *err);
    int (*table_size)(struct driver_conn *c, unsigned table, int64_t *ret_rows,
        int64_t *ret_bytes, struct err *err);

    /* Several cursors may be open on a connection; other calls do not disturb them.
     * seek and next: 1 a row, 0 the end. next goes on in the direction of the last seek. */
    int (*cursor_open)(struct driver_conn *c, unsigned table,
        struct driver_cursor **ret, struct err *err);
    int (*cursor_seek)(struct driver_cursor *cur, struct str key, enum driver_step step,
        struct store_row *row, struct err *err);
    int (*cursor_next)(
        struct driver_cursor *cur, struct store_row *row, struct err *err);
    void (*cursor_close)(struct driver_cursor *cur);
};

extern const struct driver driver_sqlite;
extern const struct driver driver_memory;

#endif
