/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes to views' rows, held back and then brought to the database in the order of
 * their keys: neighbours share pages, and a row that is put and taken back costs nothing.
 * Holding back must not be seen: whoever reads tables within the transaction flushes
 * first. Writer's thread.
 *
 * Two pointers run over the list: ${flushed} (the database has these) and ${count}.
 * Undoing a savepoint sets both back to what they were at its mark, since the database
 * forgot what was flushed after it.
 */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H

#include "store/driver.h"

enum row_kind { ROW_PUT, ROW_DEL, ROW_ADD };

struct row_op {
    uint64_t prefix; /* of the key, for a quick order */
    const char *key;
    const char *value;
    int64_t delta; /* of ROW_ADD */
    uint32_t order;
    uint32_t value_len;
    uint16_t key_len;
    uint8_t table;
    uint8_t kind;
};

struct rows {
    struct arena *bytes;
    struct row_op *ops;
    size_t count;
    size_t cap;
    size_t flushed;
};

struct rows_mark {
    size_t count;
    size_t flushed;
};

int rows_init(struct rows *rows);
void rows_done(struct rows *rows);

/* Hold ${op} back; key and value are copied. */
int rows_add(struct rows *rows, const struct row_op *op, struct err *err);

/* Bring what is held back to the database. */
int rows_flush(struct rows *rows, const struct driver *driver, struct driver_conn *conn,
    struct err *err);

/* Forget everything (after commit or rollback). */
void rows_clear(struct rows *rows);

/* By table, then key, then order. */
int row_op_cmp(const void *a, const void *b);
uint64_t row_prefix(const void *key, size_t len);

/*
 * What several changes of one key come to: start with {0}, add them in order, then do
 * it. ${value} belongs to who adds and must live until then.
 */
struct row_net {
    bool any;
    bool set;   /* put or deleted, so that what the table holds does not matter */
    bool there; /* with set: it is a put */
    struct str value;
    int64_t delta; /* added after that */
    bool added;
};
void row_net_add(struct row_net *net, const struct row_op *op);
int row_net_do(const struct row_net *net, const struct driver *driver,
    struct driver_conn *conn, unsigned table, struct str key, struct err *err);

#endif
