/* SPDX-License-Identifier: Apache-2.0 */
/* The memory driver's small named values. Their keys keep the NUL of the name. */
#include "store/driver_memory_internal.h"

static enum memory_tree tree_of(enum driver_space space)
{
    return space == DRIVER_SETTINGS ? MEMORY_SETTING : MEMORY_OWN;
}

static struct str key_of(const char *name)
{
    return (struct str){name, strlen(name) + 1};
}

int memory_value_get(struct driver_conn *c, enum driver_space space, const char *name,
    struct str *ret, struct err *err)
{
    const struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    int r = memory_read(c, &s, err);

    if (r < 0)
        return r;
    e = tree_get(&s->trees[tree_of(space)], key_of(name));
    if (!e)
        return err_set(err, E_NOT_FOUND, NULL, "There is no setting \"%s\".", name);
    *ret = tree_value(e);
    return 0;
}

int memory_value_put(struct driver_conn *c, enum driver_space space, const char *name,
    struct str value, struct err *err)
{
    struct memory_state *s = NULL;
    struct tree_entry *e = NULL;
    int r = memory_write(c, &s, err);

    if (r < 0)
        return r;
    if (!value.p) {
        r = tree_del(&s->trees[tree_of(space)], key_of(name));
        return r < 0 ? err_nomem(err) : 0;
    }
    e = tree_entry_new(key_of(name), value.len);
    if (e)
        memcpy(tree_entry_room(e), value.p, value.len);
    return memory_put(s, tree_of(space), e, err);
}

int memory_value_scan(struct driver_conn *c, enum driver_space space,
    const char *prefix,
    int (*visit)(void *arg, const char *name, struct str value, struct err *err),
    void *arg, struct err *err)
{
    const struct memory_state *s = NULL;
    const struct tree_entry *e = NULL;
    struct tree_walk walk;
    int r = memory_read(c, &s, err);

    if (r < 0)
        return r;
    e = tree_walk_from(&walk, &s->trees[tree_of(space)], str_of(prefix));
    for (; e && r == 0 && str_starts(tree_key(e), prefix); e = tree_walk_next(&walk))
        r = visit(arg, e->bytes, tree_value(e), err);
    return r;
}

int memory_write_now(struct driver_conn *c,
    int (*fill)(struct driver_conn *c, void *arg, struct err *err), void *arg,
    struct err *err)
{
    int r = memory_begin(c, err);

    if (r < 0)
        return r;
    r = fill(c, arg, err);
    if (r < 0)
        memory_rollback(c);
    else
        r = memory_commit(c, err);
    return r;
}

struct put_now {
    enum driver_space space;
    const char *name;
    struct str value;
};

static int put_now(struct driver_conn *c, void *arg, struct err *err)
{
    const struct put_now *p = arg;

    return memory_value_put(c, p->space, p->name, p->value, err);
}

int memory_value_put_now(struct driver_conn *c, enum driver_space space,
    const char *name, struct str value, struct err *err)
{
    struct put_now p = {space, name, value};

    return memory_write_now(c, put_now, &p, err);
}
