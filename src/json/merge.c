/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Three-way merge. At each place: what only one side changed is taken from it; what both
 * changed alike is taken once; objects that both changed are merged member by member;
 * all else is a conflict, where ours stands.
 */
#include "json/json_internal.h"
#include "json/patch.h"
#include "json/tree.h"

/* The way from the root to the place being merged. */
struct trail {
    const struct trail *up;
    struct str name;
};

struct merger {
    struct json_tree *tree;
    struct buf *conflicts;
    bool no_memory;
};

static bool same(const struct json *a, const struct json *b)
{
    return a == b || (a && b && json_equal(a, b));
}

static void write_trail(struct buf *b, const struct trail *t)
{
    if (!t->up)
        return;
    write_trail(b, t->up);
    json_pointer_add(b, t->name);
}

static struct json_node *copy(struct merger *m, const struct json *j)
{
    struct json_node *n = NULL;
    if (!j)
        return NULL;
    n = json_node_copy(m->tree, j);
    if (!n)
        m->no_memory = true;
    return n;
}

static struct json_node *merge(
    struct merger *m, const struct json_sides *t, const struct trail *trail);

static void merge_member(struct merger *m, struct json_node *into,
    const struct json_sides *t, const struct trail *trail, struct str name)
{
    struct trail here = {trail, name};
    struct json_sides inner = {
        json_getn(t->base, name), json_getn(t->ours, name), json_getn(t->theirs, name)};
    struct json_node *n = merge(m, &inner, &here);
    if (n && !json_node_set(m->tree, into, name, n))
        m->no_memory = true;
}

/* Ours in our order, then what is new on their side in theirs. */
static struct json_node *merge_objects(
    struct merger *m, const struct json_sides *t, const struct trail *trail)
{
    struct json_node *into = json_node_object(m->tree);
    struct json_each it = json_each(t->ours);
    if (!into) {
        m->no_memory = true;
        return NULL;
    }
    while (!m->no_memory && json_next(&it))
        merge_member(m, into, t, trail, it.name);
    it = json_each(t->theirs);
    while (!m->no_memory && json_next(&it))
        if (!json_getn(t->ours, it.name))
            merge_member(m, into, t, trail, it.name);
    return into;
}

/* Depth: that of the values, at most LIMIT_JSON_DEPTH. */
static struct json_node *merge(
    struct merger *m, const struct json_sides *t, const struct trail *trail)
{
    if (same(t->ours, t->theirs) || same(t->base, t->theirs))
        return copy(m, t->ours);
    if (same(t->base, t->ours))
        return copy(m, t->theirs);
    if (json_is_object(t->ours) && json_is_object(t->theirs))
        return merge_objects(m, t, trail);
    write_trail(m->conflicts, trail);
    buf_addc(m->conflicts, '\n');
    return copy(m, t->ours);
}

int json_merge3(struct arena *a, const struct json_sides *sides,
    const struct json **ret, struct buf *conflicts, struct err *err)
{
    struct merger m = {.conflicts = conflicts};
    struct trail root = {0};
    struct json_node *n = NULL;
    int r = json_tree_copy(a, NULL, &m.tree, err);
    if (r < 0)
        return r;
    n = merge(&m, sides, &root);
    if (m.no_memory || !n)
        return err_nomem(err);
    return json_node_freeze(a, n, ret, err);
}
