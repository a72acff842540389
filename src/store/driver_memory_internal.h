/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the memory driver share. A node is one set of persistent maps
 * (driver_memory_tree.h); a transaction works on its own set and publishes it at commit;
 * a snapshot, a savepoint and an undo are sets held.
 *
 *   map       key                        value
 *   VERSION   seq, 8 bytes               struct driver_version, then the body
 *   RECORD    rid, 8 bytes               struct memory_record, then the id
 *   NAME      type, 8 bytes, then id     rid, 8 bytes
 *   PAST HEAD TYPE   rid or type, then seq, 8 bytes each     nothing
 *   SETTINGS OWN     name and a zero byte       the value
 *   TABLES + n       a view's rows
 */
#ifndef STORE_DRIVER_MEMORY_INTERNAL_H
#define STORE_DRIVER_MEMORY_INTERNAL_H

#include "store/driver.h"
#include "store/driver_memory_tree.h"
#include "store/internal.h"

enum memory_map {
    MEMORY_VERSION,
    MEMORY_RECORD,
    MEMORY_NAME,
    MEMORY_PAST,
    MEMORY_HEAD,
    MEMORY_TYPE,
    MEMORY_SETTINGS,
    MEMORY_OWN,
    MEMORY_TABLES,
    MEMORY_MAPS = MEMORY_TABLES + STORE_TABLES_MAX,
};

struct memory_set {
    struct tree *maps[MEMORY_MAPS];
};

struct memory_record {
    int64_t head;
    bool live;
};

struct driver_node {
    pthread_mutex_t lock; /* of now */
    struct memory_set now;
};

struct driver_conn {
    struct driver_node *node;
    struct memory_set set;   /* the snapshot, or the transaction's own */
    struct memory_set saved; /* at the savepoint */
    struct memory_set gone;  /* held until the next call, for what was handed out */
    char id[LIMIT_NAME_BYTES + 1];
};

struct driver_cursor {
    struct driver_conn *conn;
    unsigned map;
    enum driver_step step;
    struct tree_item *item; /* where it stands; NULL: at the end */
};

/* Change one map of the connection's set. */
int memory_put(struct driver_conn *c, unsigned map, struct str key, struct str value,
    struct err *err);
int memory_del(struct driver_conn *c, unsigned map, struct str key, struct err *err);

/* Keys of one or two numbers. */
struct memory_key {
    uint8_t bytes[16];
};
static inline struct str memory_key1(struct memory_key *k, int64_t a)
{
    bytes_put64(k->bytes, (uint64_t)a);
    return (struct str){(const char *)k->bytes, 8};
}
static inline struct str memory_key2(struct memory_key *k, int64_t a, int64_t b)
{
    bytes_put64(k->bytes, (uint64_t)a);
    bytes_put64(k->bytes + 8, (uint64_t)b);
    return (struct str){(const char *)k->bytes, 16};
}

/* ---- callbacks of driver_memory_log.c ---- */

int memory_last_seq(struct driver_conn *c, int64_t *ret, struct err *err);
int memory_version_add(
    struct driver_conn *c, const struct driver_version *v, struct err *err);
int memory_version_get(struct driver_conn *c, int64_t seq, bool body,
    struct driver_version *ret, struct err *err);
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

#endif
