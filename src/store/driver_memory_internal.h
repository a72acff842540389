/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the memory driver share: its node and connection. The files:
 * driver_memory.c (opening, snapshots, transactions), _log.c (versions), _record.c,
 * _value.c, _table.c, _copy.c (backup); under them _tree.c and _walk.c, the ordered maps
 * everything is kept in.
 *
 * A state is all that a node holds at one moment: a tree for each kind of row, numbers
 * in keys being 8 bytes, high byte first.
 *
 *   MEMORY_VERSION   seq → struct memory_version, parents, body_hash if kept, body
 *   MEMORY_RECORD    rid → head (negative: deleted, 0: only mentioned), id
 *   MEMORY_NAME      type id → rid
 *   MEMORY_PAST, MEMORY_HEAD, MEMORY_TYPE    rid seq, rid seq, type seq → nothing
 *   MEMORY_TRAIL                             seq → struct memory_block, subjects, body
 *   MEMORY_TRAIL_OF                          subject seq → nothing
 *   MEMORY_SETTING, MEMORY_OWN               name with its NUL → value
 *   MEMORY_TABLE + n                         table n's rows
 *
 * The node points to the committed state, which never changes. A snapshot holds on to
 * it; a transaction works on a copy, which shares every tree until it changes it, and
 * becomes the committed one; a savepoint is a copy of the copy.
 */
#ifndef STORE_DRIVER_MEMORY_INTERNAL_H
#define STORE_DRIVER_MEMORY_INTERNAL_H

#include "base/arena.h"

#include "store/driver.h"
#include "store/driver_memory_tree.h"
#include "store/internal.h"

enum memory_tree {
    MEMORY_VERSION,
    MEMORY_RECORD,
    MEMORY_NAME,
    MEMORY_PAST,
    MEMORY_HEAD,
    MEMORY_TYPE,
    MEMORY_TRAIL,
    MEMORY_TRAIL_OF,
    MEMORY_SETTING,
    MEMORY_OWN,
    MEMORY_TABLE,
    MEMORY_TREES = MEMORY_TABLE + STORE_TABLES_MAX,
};

#define MEMORY_KEY 8 /* bytes of a number in a key */

struct memory_state {
    atomic_uint refs;
    struct tree trees[MEMORY_TREES];
    const char *names[STORE_TABLES_MAX]; /* the node's; NULL: the table is not open */
    bool keys_only[STORE_TABLES_MAX];
};

struct driver_node {
    pthread_mutex_t lock; /* of committed, writing */
    pthread_cond_t written;
    struct memory_state *committed;
    bool writing; /* a transaction is open */
    /* Names of tables as they were first opened, kept until the node is closed; who has
     * the transaction adds to them. */
    char *names[STORE_TABLES_MAX];
};

struct driver_conn {
    struct driver_node *node;
    bool write;
    bool in_transaction;
    struct memory_state *state;  /* the snapshot, or the transaction's; NULL: neither */
    struct memory_state *saved;  /* at the savepoint */
    struct memory_state *glance; /* the last look without a snapshot was at this */
};

struct driver_cursor {
    struct driver_conn *conn;
    unsigned table;
    enum driver_step step; /* of the last seek */
    struct tree seen;      /* the rows as they were at the last seek */
    struct tree_walk walk;
};

/* Asked by every callback that can fail: 0, or E_IO when a test wants it so. */
int memory_step(struct err *err);

/* What ${c} reads from: its snapshot or transaction, else what is committed now, kept
 * until the next call. */
int memory_read(
    struct driver_conn *c, const struct memory_state **ret, struct err *err);

/* What ${c} writes to: only in a transaction. */
int memory_write(struct driver_conn *c, struct memory_state **ret, struct err *err);

/* The committed state, to be given back. */
struct memory_state *memory_committed(struct driver_node *n);
void memory_state_unref(struct memory_state *s);

/* Begin and end a transaction on ${c}; also for value_put_now on a reader's. */
int memory_begin(struct driver_conn *c, struct err *err);
int memory_commit(struct driver_conn *c, struct err *err);
void memory_rollback(struct driver_conn *c);

static inline struct str memory_key(uint8_t room[MEMORY_KEY], int64_t number)
{
    bytes_put64(room, (uint64_t)number);
    return (struct str){(const char *)room, MEMORY_KEY};
}

static inline struct str memory_pair(
    uint8_t room[2 * MEMORY_KEY], int64_t first, int64_t second)
{
    bytes_put64(room, (uint64_t)first);
    bytes_put64(room + MEMORY_KEY, (uint64_t)second);
    return (struct str){(const char *)room, (size_t)2 * MEMORY_KEY};
}

/* Put ${e} (see tree_put) into ${tree}. */
int memory_put(struct memory_state *s, enum memory_tree tree, struct tree_entry *e,
    struct err *err);

/* The same for one whose key must be new, as a primary key's. */
int memory_add(struct memory_state *s, enum memory_tree tree, struct tree_entry *e,
    struct err *err);

/* The version of an entry of MEMORY_VERSION, its body too if ${body}. */
void memory_version_read(
    const struct tree_entry *e, bool body, struct driver_version *ret);

/* The record of an entry of MEMORY_RECORD. */
void memory_record_read(const struct tree_entry *e, struct driver_record *ret);

/* ---- callbacks, by file ---- */

int memory_trail_add(
    struct driver_conn *c, const struct driver_block *b, struct err *err);
int memory_trail_step(struct driver_conn *c, int64_t seq, enum driver_step step,
    struct driver_block *ret, struct err *err);
int memory_trail_of_add(
    struct driver_conn *c, store_rid subject, int64_t seq, struct err *err);
int memory_trail_of_list(struct driver_conn *c, struct driver_list *q, struct err *err);
int memory_trail_of_count(struct driver_conn *c, int64_t *ret, struct err *err);

/* Sets of pairs of numbers, kept in ${tree} (driver_memory_record.c). The list is of the
 * second numbers of pairs that begin with q->of, downwards from below q->from. */
int memory_pair_add(struct driver_conn *c, enum memory_tree tree, int64_t first,
    int64_t second, struct err *err);
int memory_pair_list(struct driver_conn *c, enum memory_tree tree,
    struct driver_list *q, struct err *err);

int memory_last_seq(struct driver_conn *c, int64_t *ret, struct err *err);
int memory_version_add(
    struct driver_conn *c, const struct driver_version *v, struct err *err);
int memory_version_get(struct driver_conn *c, int64_t seq, bool body,
    struct driver_version *ret, struct err *err);
int memory_version_list(
    struct driver_conn *c, struct driver_versions *q, struct err *err);
int memory_version_body(
    struct driver_conn *c, const struct driver_version *v, struct err *err);

int memory_record_find(struct driver_conn *c, unsigned type, struct str id,
    struct driver_record *ret, struct err *err);
int memory_record_get(
    struct driver_conn *c, store_rid rid, struct driver_record *ret, struct err *err);
int memory_record_current(
    struct driver_conn *c, struct driver_current *q, struct err *err);
int memory_record_add(
    struct driver_conn *c, const struct driver_record *record, struct err *err);
int memory_record_head(
    struct driver_conn *c, store_rid rid, int64_t head, bool live, struct err *err);
int memory_record_last(
    struct driver_conn *c, unsigned type, store_rid *ret, struct err *err);
int memory_record_list(struct driver_conn *c, struct driver_list *q, struct err *err);
int memory_record_next(
    struct driver_conn *c, store_rid after, struct driver_record *ret, struct err *err);
int memory_past_add(struct driver_conn *c, store_rid rid, int64_t seq, struct err *err);
int memory_past_list(struct driver_conn *c, struct driver_list *q, struct err *err);
int memory_head_add(struct driver_conn *c, store_rid rid, int64_t seq, struct err *err);
int memory_head_remove(
    struct driver_conn *c, store_rid rid, int64_t seq, struct err *err);
int memory_head_list(struct driver_conn *c, struct driver_list *q, struct err *err);
int memory_type_list(struct driver_conn *c, struct driver_list *q, struct err *err);

int memory_value_get(struct driver_conn *c, enum driver_space space, const char *name,
    struct str *ret, struct err *err);
int memory_value_put(struct driver_conn *c, enum driver_space space, const char *name,
    struct str value, struct err *err);
int memory_value_scan(struct driver_conn *c, enum driver_space space,
    const char *prefix,
    int (*visit)(void *arg, const char *name, struct str value, struct err *err),
    void *arg, struct err *err);
int memory_write_now(struct driver_conn *c,
    int (*fill)(struct driver_conn *c, void *arg, struct err *err), void *arg,
    struct err *err);
int memory_value_put_now(struct driver_conn *c, enum driver_space space,
    const char *name, struct str value, struct err *err);

int memory_table_open(struct driver_conn *c, unsigned number, const char *name,
    bool keys_only, struct err *err);
int memory_table_clear(struct driver_conn *c, unsigned number, struct err *err);
int memory_row_put(struct driver_conn *c, unsigned table, struct str key,
    struct str value, struct err *err);
int memory_row_del(
    struct driver_conn *c, unsigned table, struct str key, struct err *err);
int memory_row_get(struct driver_conn *c, unsigned table, struct str key,
    struct store_row *ret, struct err *err);
int memory_table_size(struct driver_conn *c, unsigned table, int64_t *ret_rows,
    int64_t *ret_bytes, struct err *err);
int memory_cursor_open(
    struct driver_conn *c, unsigned table, struct driver_cursor **ret, struct err *err);
int memory_cursor_seek(struct driver_cursor *cur, struct str key, enum driver_step step,
    struct store_row *row, struct err *err);
int memory_cursor_next(
    struct driver_cursor *cur, struct store_row *row, struct err *err);
void memory_cursor_close(struct driver_cursor *cur);

int memory_backup(struct driver_node *n, const char *to, struct err *err);

#endif
