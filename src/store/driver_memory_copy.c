/* SPDX-License-Identifier: Apache-2.0 */
/* The memory driver's backup: what is in memory becomes a node on disk, by way of the
 * SQLite driver. One transaction, so that a copy cut short is an empty node. */
#include "store/driver_memory_internal.h"

struct copy {
    const struct memory_state *from;
    const struct driver *driver;
    struct driver_conn *to;
    struct err *err;
};

/* Hand each entry of ${tree} to ${one}. */
static int copy_tree(const struct copy *k, unsigned tree,
    int (*one)(const struct copy *k, unsigned tree, const struct tree_entry *e))
{
    struct tree_walk walk;
    const struct tree_entry *e =
        tree_walk_from(&walk, &k->from->trees[tree], (struct str){NULL, 0});
    int r = 0;

    for (; e && r == 0; e = tree_walk_next(&walk))
        r = one(k, tree, e);
    return r;
}

static int copy_version(const struct copy *k, unsigned tree, const struct tree_entry *e)
{
    struct driver_version v;

    (void)tree;
    memory_version_read(e, true, &v);
    return k->driver->version_add(k->to, &v, k->err);
}

static int copy_record(const struct copy *k, unsigned tree, const struct tree_entry *e)
{
    struct driver_record record;

    (void)tree;
    memory_record_read(e, &record);
    return k->driver->record_add(k->to, &record, k->err);
}

static int copy_pair(const struct copy *k, unsigned tree, const struct tree_entry *e)
{
    const uint8_t *key = (const uint8_t *)e->bytes;
    store_rid rid = (store_rid)bytes_get64(key);
    int64_t seq = (int64_t)bytes_get64(key + MEMORY_KEY);

    if (tree == MEMORY_PAST)
        return k->driver->past_add(k->to, rid, seq, k->err);
    return k->driver->head_add(k->to, rid, seq, k->err);
}

static int copy_value(const struct copy *k, unsigned tree, const struct tree_entry *e)
{
    enum driver_space space = tree == MEMORY_SETTING ? DRIVER_SETTINGS : DRIVER_OWN;

    return k->driver->value_put(k->to, space, e->bytes, tree_value(e), k->err);
}

static int copy_row(const struct copy *k, unsigned tree, const struct tree_entry *e)
{
    return k->driver->row_put(
        k->to, tree - MEMORY_TABLE, tree_key(e), tree_value(e), k->err);
}

static int copy_tables(const struct copy *k)
{
    int r = 0;

    for (unsigned i = 0; i < STORE_TABLES_MAX && r == 0; i++) {
        if (!k->from->names[i])
            continue;
        r = k->driver->table_open(
            k->to, i, k->from->names[i], k->from->keys_only[i], k->err);
        if (r == 0)
            r = copy_tree(k, MEMORY_TABLE + i, copy_row);
    }
    return r;
}

/* MEMORY_NAME and MEMORY_TYPE follow from what version_add and record_add are told. */
static int copy_all(const struct copy *k)
{
    int r = copy_tree(k, MEMORY_VERSION, copy_version);

    if (r == 0)
        r = copy_tree(k, MEMORY_RECORD, copy_record);
    if (r == 0)
        r = copy_tree(k, MEMORY_PAST, copy_pair);
    if (r == 0)
        r = copy_tree(k, MEMORY_HEAD, copy_pair);
    if (r == 0)
        r = copy_tree(k, MEMORY_SETTING, copy_value);
    if (r == 0)
        r = copy_tree(k, MEMORY_OWN, copy_value);
    return r == 0 ? copy_tables(k) : r;
}

int memory_backup(struct driver_node *n, const char *to, struct err *err)
{
    struct driver_options options = {.path = to, .create = true};
    struct memory_state *from = memory_committed(n);
    struct copy k = {.from = from, .driver = &driver_sqlite, .err = err};
    struct driver_node *node = NULL;
    int r = k.driver->open(&options, &node, err);

    if (r == 0)
        r = k.driver->connect(node, true, &k.to, err);
    if (r == 0)
        r = k.driver->begin(k.to, err);
    if (r == 0) {
        r = copy_all(&k);
        if (r == 0)
            r = k.driver->commit(k.to, err);
        else
            k.driver->rollback(k.to);
    }
    if (k.to)
        k.driver->disconnect(k.to);
    k.driver->close(node);
    memory_state_unref(from);
    return r;
}
