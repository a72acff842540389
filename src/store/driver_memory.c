/* SPDX-License-Identifier: Apache-2.0 */
/* The memory driver: for tests, and proof that the store does not lean on SQLite. Its
 * data end with it. */
#include "store/driver_memory_internal.h"
#include "store/fault.h"

static void set_hold(struct memory_set *to, const struct memory_set *from)
{
    for (unsigned i = 0; i < MEMORY_MAPS; i++)
        to->maps[i] = tree_hold(from->maps[i]);
}

static void set_drop(struct memory_set *set)
{
    for (unsigned i = 0; i < MEMORY_MAPS; i++) {
        tree_drop(set->maps[i]);
        set->maps[i] = NULL;
    }
}

/* ---- node, connections, transactions ---- */

static int memory_open(
    const struct driver_options *options, struct driver_node **ret, struct err *err)
{
    struct driver_node *n = base_malloc(sizeof(*n));

    (void)options;
    if (!n)
        return err_nomem(err);
    memset(n, 0, sizeof(*n));
    pthread_mutex_init(&n->lock, NULL);
    *ret = n;
    return 0;
}

static void memory_close(struct driver_node *n)
{
    if (!n)
        return;
    set_drop(&n->now);
    pthread_mutex_destroy(&n->lock);
    base_free(n);
}

static int memory_connect(
    struct driver_node *n, bool write, struct driver_conn **ret, struct err *err)
{
    struct driver_conn *c = base_malloc(sizeof(*c));

    (void)write;
    if (!c)
        return err_nomem(err);
    memset(c, 0, sizeof(*c));
    c->node = n;
    *ret = c;
    return 0;
}

static void memory_read_end(struct driver_conn *c)
{
    set_drop(&c->set);
    set_drop(&c->saved);
    set_drop(&c->gone);
}

static void memory_disconnect(struct driver_conn *c)
{
    if (!c)
        return;
    memory_read_end(c);
    base_free(c);
}

static int memory_read_begin(struct driver_conn *c, struct err *err)
{
    (void)err;
    set_drop(&c->set);
    pthread_mutex_lock(&c->node->lock);
    set_hold(&c->set, &c->node->now);
    pthread_mutex_unlock(&c->node->lock);
    return 0;
}

static int memory_begin(struct driver_conn *c, struct err *err)
{
    if (fault_step_due())
        return err_set(err, E_IO, NULL, "A fault on purpose.");
    return memory_read_begin(c, err);
}

static void memory_rollback(struct driver_conn *c)
{
    memory_read_end(c);
}

static int memory_commit(struct driver_conn *c, struct err *err)
{
    struct memory_set old;

    if (fault_step_due()) {
        memory_rollback(c);
        return err_set(err, E_IO, NULL, "A fault on purpose.");
    }
    pthread_mutex_lock(&c->node->lock);
    old = c->node->now;
    set_hold(&c->node->now, &c->set);
    pthread_mutex_unlock(&c->node->lock);
    set_drop(&old);
    memory_read_end(c);
    return 0;
}

static int memory_savepoint(struct driver_conn *c, struct err *err)
{
    (void)err;
    set_drop(&c->saved);
    set_hold(&c->saved, &c->set);
    return 0;
}

static int memory_release(struct driver_conn *c, struct err *err)
{
    (void)err;
    set_drop(&c->saved);
    return 0;
}

static int memory_rollback_to(struct driver_conn *c, struct err *err)
{
    (void)err;
    set_drop(&c->set);
    c->set = c->saved;
    memset(&c->saved, 0, sizeof(c->saved));
    return 0;
}

/* Put ${made} in the place of map ${map}; the old one stays until the next change, for
 * bytes of it that were handed out. */
static int memory_swap(struct driver_conn *c, unsigned map, struct tree *made)
{
    tree_drop(c->gone.maps[map]);
    c->gone.maps[map] = c->set.maps[map];
    c->set.maps[map] = made;
    return 0;
}

int memory_put(struct driver_conn *c, unsigned map, struct str key, struct str value,
    struct err *err)
{
    struct tree *made = NULL;

    if (fault_step_due())
        return err_set(err, E_IO, NULL, "A fault on purpose.");
    if (tree_put(c->set.maps[map], key, value, &made) < 0)
        return err_nomem(err);
    return memory_swap(c, map, made);
}

int memory_del(struct driver_conn *c, unsigned map, struct str key, struct err *err)
{
    struct tree *made = NULL;

    if (fault_step_due())
        return err_set(err, E_IO, NULL, "A fault on purpose.");
    if (tree_del(c->set.maps[map], key, &made) < 0)
        return err_nomem(err);
    return memory_swap(c, map, made);
}

/* ---- small values ---- */

static unsigned space_map(enum driver_space space)
{
    return space == DRIVER_SETTINGS ? MEMORY_SETTINGS : MEMORY_OWN;
}

/* With its zero byte, so that a scan can hand out the name as a string. */
static struct str name_key(const char *name)
{
    return (struct str){name, strlen(name) + 1};
}

static int memory_value_get(struct driver_conn *c, enum driver_space space,
    const char *name, struct str *ret, struct err *err)
{
    struct tree_item *item = tree_get(c->set.maps[space_map(space)], name_key(name));

    if (!item)
        return err_set(err, E_NOT_FOUND, NULL, "There is no setting \"%s\".", name);
    *ret = tree_item_value(item);
    return 0;
}

static int memory_value_put(struct driver_conn *c, enum driver_space space,
    const char *name, struct str value, struct err *err)
{
    if (!value.p)
        return memory_del(c, space_map(space), name_key(name), err);
    return memory_put(c, space_map(space), name_key(name), value, err);
}

static int memory_value_scan(struct driver_conn *c, enum driver_space space,
    const char *prefix,
    int (*visit)(void *arg, const char *name, struct str value, struct err *err),
    void *arg, struct err *err)
{
    struct tree *t = c->set.maps[space_map(space)];
    struct tree_item *item = tree_ge(t, str_of(prefix));
    int r = 0;

    while (item && r == 0 && str_starts(tree_item_key(item), prefix)) {
        r = visit(arg, tree_item_key(item).p, tree_item_value(item), err);
        item = tree_gt(t, tree_item_key(item));
    }
    return r;
}

/* ---- tables ---- */

static int memory_table_open(struct driver_conn *c, unsigned number, const char *name,
    bool keys_only, struct err *err)
{
    (void)c;
    (void)number;
    (void)name;
    (void)keys_only;
    (void)err;
    return 0;
}

static int memory_table_clear(struct driver_conn *c, unsigned number, struct err *err)
{
    (void)err;
    return memory_swap(c, MEMORY_TABLES + number, NULL);
}

static int memory_row_put(struct driver_conn *c, unsigned table, struct str key,
    struct str value, struct err *err)
{
    return memory_put(c, MEMORY_TABLES + table, key, value, err);
}

static int memory_row_del(
    struct driver_conn *c, unsigned table, struct str key, struct err *err)
{
    return memory_del(c, MEMORY_TABLES + table, key, err);
}

static void row_read(const struct tree_item *item, struct store_row *ret)
{
    struct str key = tree_item_key(item);
    struct str value = tree_item_value(item);

    ret->key = (const uint8_t *)key.p;
    ret->key_len = key.len;
    ret->value = (const uint8_t *)value.p;
    ret->value_len = value.len;
}

static int memory_row_get(struct driver_conn *c, unsigned table, struct str key,
    struct store_row *ret, struct err *err)
{
    struct tree_item *item = tree_get(c->set.maps[MEMORY_TABLES + table], key);

    (void)err;
    if (!item)
        return 0;
    row_read(item, ret);
    return 1;
}

static int memory_table_size(struct driver_conn *c, unsigned table, int64_t *ret_rows,
    int64_t *ret_bytes, struct err *err)
{
    struct tree *t = c->set.maps[MEMORY_TABLES + table];
    struct tree_item *item = tree_ge(t, STR(""));

    (void)err;
    *ret_rows = 0;
    *ret_bytes = 0;
    for (; item; item = tree_gt(t, tree_item_key(item))) {
        ++*ret_rows;
        *ret_bytes += (int64_t)(tree_item_key(item).len + tree_item_value(item).len);
    }
    return 0;
}

static int memory_cursor_open(
    struct driver_conn *c, unsigned table, struct driver_cursor **ret, struct err *err)
{
    struct driver_cursor *cur = base_malloc(sizeof(*cur));

    if (!cur)
        return err_nomem(err);
    *cur = (struct driver_cursor){.conn = c, .map = MEMORY_TABLES + table};
    *ret = cur;
    return 0;
}

/* Stand on ${item}, which may be NULL. */
static int cursor_stand(
    struct driver_cursor *cur, struct tree_item *item, struct store_row *row)
{
    if (item)
        tree_item_hold(item);
    tree_item_drop(cur->item);
    cur->item = item;
    if (!item)
        return 0;
    row_read(item, row);
    return 1;
}

static int memory_cursor_seek(struct driver_cursor *cur, struct str key,
    enum driver_step step, struct store_row *row, struct err *err)
{
    struct tree *t = cur->conn->set.maps[cur->map];

    (void)err;
    cur->step = step;
    return cursor_stand(
        cur, step == DRIVER_GE ? tree_ge(t, key) : tree_lt(t, key), row);
}

static int memory_cursor_next(
    struct driver_cursor *cur, struct store_row *row, struct err *err)
{
    struct tree *t = cur->conn->set.maps[cur->map];
    struct str key;

    (void)err;
    if (!cur->item)
        return 0;
    key = tree_item_key(cur->item);
    return cursor_stand(
        cur, cur->step == DRIVER_GE ? tree_gt(t, key) : tree_lt(t, key), row);
}

static void memory_cursor_close(struct driver_cursor *cur)
{
    tree_item_drop(cur->item);
    base_free(cur);
}

const struct driver driver_memory = {
    .name = "memory",
    .open = memory_open,
    .close = memory_close,
    .connect = memory_connect,
    .disconnect = memory_disconnect,
    .read_begin = memory_read_begin,
    .read_end = memory_read_end,
    .begin = memory_begin,
    .commit = memory_commit,
    .rollback = memory_rollback,
    .savepoint = memory_savepoint,
    .release = memory_release,
    .rollback_to = memory_rollback_to,
    .last_seq = memory_last_seq,
    .version_add = memory_version_add,
    .version_get = memory_version_get,
    .version_body = memory_version_body,
    .record_find = memory_record_find,
    .record_get = memory_record_get,
    .record_current = memory_record_current,
    .record_add = memory_record_add,
    .record_head = memory_record_head,
    .record_last = memory_record_last,
    .record_list = memory_record_list,
    .record_next = memory_record_next,
    .past_add = memory_past_add,
    .past_list = memory_past_list,
    .head_add = memory_head_add,
    .head_remove = memory_head_remove,
    .head_list = memory_head_list,
    .type_list = memory_type_list,
    .value_get = memory_value_get,
    .value_put = memory_value_put,
    .value_scan = memory_value_scan,
    .table_open = memory_table_open,
    .table_clear = memory_table_clear,
    .row_put = memory_row_put,
    .row_del = memory_row_del,
    .row_get = memory_row_get,
    .table_size = memory_table_size,
    .cursor_open = memory_cursor_open,
    .cursor_seek = memory_cursor_seek,
    .cursor_next = memory_cursor_next,
    .cursor_close = memory_cursor_close,
};
