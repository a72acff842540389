/* SPDX-License-Identifier: Apache-2.0 */
/* The memory driver's ordered tables. A cursor goes over the rows as they were at its
 * last seek, whatever is written meanwhile. */
#include "store/driver_memory_internal.h"

static int table_check(const struct memory_state *s, unsigned number, struct err *err)
{
    if (number < STORE_TABLES_MAX && s->names[number])
        return 0;
    return err_set(err, E_BUG, NULL, "Table %u is not open.", number);
}

/* The tree of table ${number} for reading. */
static int table_read(
    struct driver_conn *c, unsigned number, const struct tree **ret, struct err *err)
{
    const struct memory_state *s = NULL;
    int r = memory_read(c, &s, err);

    if (r == 0)
        r = table_check(s, number, err);
    if (r == 0)
        *ret = &s->trees[MEMORY_TABLE + number];
    return r;
}

static int table_write(
    struct driver_conn *c, unsigned number, struct memory_state **ret, struct err *err)
{
    int r = memory_write(c, ret, err);

    return r < 0 ? r : table_check(*ret, number, err);
}

int memory_table_open(struct driver_conn *c, unsigned number, const char *name,
    bool keys_only, struct err *err)
{
    const struct memory_state *now = NULL;
    struct memory_state *s = NULL;
    char **kept = NULL;
    int r = memory_read(c, &now, err);

    if (r < 0)
        return r;
    if (number >= STORE_TABLES_MAX)
        return err_set(err, E_BUG, NULL, "There are no %u tables.", number);
    if (now->names[number])
        return 0;
    if (!c->write)
        return err_set(err, E_NOT_FOUND, NULL, "The node has no table \"%s\".", name);
    r = memory_write(c, &s, err);
    if (r < 0)
        return r;
    kept = &c->node->names[number];
    if (!*kept) {
        *kept = base_malloc(strlen(name) + 1);
        if (!*kept)
            return err_nomem(err);
        memcpy(*kept, name, strlen(name) + 1);
    }
    s->names[number] = *kept;
    s->keys_only[number] = keys_only;
    return 0;
}

int memory_table_clear(struct driver_conn *c, unsigned number, struct err *err)
{
    struct memory_state *s = NULL;
    int r = table_write(c, number, &s, err);

    if (r == 0)
        tree_clear(&s->trees[MEMORY_TABLE + number]);
    return r;
}

int memory_row_put(struct driver_conn *c, unsigned table, struct str key,
    struct str value, struct err *err)
{
    struct memory_state *s = NULL;
    struct tree_entry *e = NULL;
    int r = table_write(c, table, &s, err);

    if (r < 0)
        return r;
    if (s->keys_only[table])
        value.len = 0;
    e = tree_entry_new(key, value.len);
    if (e && value.len)
        memcpy(tree_entry_room(e), value.p, value.len);
    return memory_put(s, MEMORY_TABLE + table, e, err);
}

int memory_row_del(
    struct driver_conn *c, unsigned table, struct str key, struct err *err)
{
    struct memory_state *s = NULL;
    int r = table_write(c, table, &s, err);

    if (r < 0)
        return r;
    return tree_del(&s->trees[MEMORY_TABLE + table], key) < 0 ? err_nomem(err) : 0;
}

static void row_read(const struct tree_entry *e, struct store_row *ret)
{
    *ret = (struct store_row){
        .key = (const uint8_t *)e->bytes,
        .key_len = e->key_len,
        .value = (const uint8_t *)e->bytes + e->key_len,
        .value_len = e->value_len,
    };
}

int memory_row_get(struct driver_conn *c, unsigned table, struct str key,
    struct store_row *ret, struct err *err)
{
    const struct tree *t = NULL;
    const struct tree_entry *e = NULL;
    int r = table_read(c, table, &t, err);

    if (r < 0)
        return r;
    e = tree_get(t, key);
    if (!e)
        return 0;
    row_read(e, ret);
    return 1;
}

int memory_table_size(struct driver_conn *c, unsigned table, int64_t *ret_rows,
    int64_t *ret_bytes, struct err *err)
{
    const struct tree *t = NULL;
    int r = table_read(c, table, &t, err);

    if (r < 0 || !t)
        return r;
    *ret_rows = t->rows;
    *ret_bytes = t->bytes;
    return 0;
}

int memory_cursor_open(
    struct driver_conn *c, unsigned table, struct driver_cursor **ret, struct err *err)
{
    struct driver_cursor *cur = base_malloc(sizeof(*cur));

    if (!cur)
        return err_nomem(err);
    memset(cur, 0, sizeof(*cur));
    cur->conn = c;
    cur->table = table;
    *ret = cur;
    return 0;
}

int memory_cursor_seek(struct driver_cursor *cur, struct str key, enum driver_step step,
    struct store_row *row, struct err *err)
{
    const struct tree_entry *e = NULL;
    const struct tree *t = NULL;
    struct tree before = cur->seen;
    int r = table_read(cur->conn, cur->table, &t, err);

    if (r < 0)
        return r;
    tree_share(&cur->seen, t);
    cur->step = step;
    if (step == DRIVER_GE)
        e = tree_walk_from(&cur->walk, &cur->seen, key);
    else
        e = tree_walk_below(&cur->walk, &cur->seen, key);
    tree_clear(&before); /* not earlier: ${key} may be the row of the last step */
    if (!e)
        return 0;
    row_read(e, row);
    return 1;
}

int memory_cursor_next(
    struct driver_cursor *cur, struct store_row *row, struct err *err)
{
    const struct tree_entry *e = NULL;
    int r = memory_step(err);

    if (r < 0)
        return r;
    if (cur->step == DRIVER_GE)
        e = tree_walk_next(&cur->walk);
    else
        e = tree_walk_prev(&cur->walk);
    if (!e)
        return 0;
    row_read(e, row);
    return 1;
}

void memory_cursor_close(struct driver_cursor *cur)
{
    tree_clear(&cur->seen);
    base_free(cur);
}
