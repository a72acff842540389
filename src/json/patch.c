/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Patch. The operations work on a changeable copy, so that a failure on the way
 * leaves nothing behind. A patch that copies a value into itself again and again doubles
 * it each time: copies are counted and depth is watched.
 */
#include "json/patch.h"

#include "base/limits.h"

#include "json/json_internal.h"
#include "json/tree.h"

struct patcher {
    struct arena *arena;
    struct json_tree *tree;
    size_t copied; /* values copied so far */
    size_t at;     /* number of the operation */
    struct err *err;
};

/* A place in the tree: a member or item, or the root (container NULL). */
struct place {
    struct json_node *container;
    struct str name;        /* in an object */
    size_t index;           /* in an array; its count for "-" */
    struct json_node *node; /* what is there; NULL: nothing yet */
};

static int fail_at(const struct patcher *p, int code, const char *member,
    struct str pointer, const char *what)
{
    char path[64];
    snprintf(path, sizeof(path), "[%zu].%s", p->at, member);
    return err_set(p->err, code, path, "Operation %zu of the patch: \"%.*s\" %s.",
        p->at, (int)(pointer.len > 200 ? 200 : pointer.len), pointer.p ? pointer.p : "",
        what);
}

static int fail_nomem(const struct patcher *p)
{
    return err_nomem(p->err);
}

/* ---- finding ---- */

/* The child of ${node} named by a pointer's ${token}. ${ret} is filled also when there
 * is no such child yet; E_INVALID when there can be none. */
static int step(const struct patcher *p, struct json_node *node, struct str token,
    struct place *ret)
{
    struct place to = {.container = node};
    if (json_node_kind(node) == JSON_OBJECT) {
        if (!json_pointer_unescape(p->arena, token, &to.name))
            return fail_nomem(p);
        to.node = json_node_get(node, to.name);
    } else if (json_node_kind(node) == JSON_ARRAY) {
        if (str_eq(token, STR("-")))
            to.index = json_node_count(node);
        else if (!json_pointer_index(token, &to.index))
            return E_INVALID;
        to.node = json_node_at(node, to.index);
    } else {
        return E_INVALID;
    }
    *ret = to;
    return 0;
}

/* The place ${pointer} names; its last step may lead to nothing yet. */
static int find(
    const struct patcher *p, const char *member, struct str pointer, struct place *ret)
{
    struct place at = {.node = json_tree_root(p->tree)};
    struct str rest = pointer;
    if (!json_pointer_valid(pointer))
        return fail_at(p, E_INVALID, member, pointer, "is not a JSON Pointer");
    str_cut(&rest, '/');
    while (rest.p) {
        struct str token = str_cut(&rest, '/');
        int r = at.node ? step(p, at.node, token, &at) : E_INVALID;
        if (r == E_INVALID)
            return fail_at(p, r, member, pointer, "leads nowhere in the record");
        if (r < 0)
            return r;
    }
    *ret = at;
    return 0;
}

/* As find, but something must be there. */
static int find_there(
    const struct patcher *p, const char *member, struct str pointer, struct place *ret)
{
    struct place at = {0};
    int r = find(p, member, pointer, &at);
    if (r < 0)
        return r;
    if (!at.node)
        return fail_at(p, E_INVALID, member, pointer, "does not exist in the record");
    *ret = at;
    return 0;
}

/* ---- changing ---- */

static size_t depth_of(const struct json_node *n)
{
    struct json_node_each it = json_node_each(n);
    size_t deepest = 0;
    while (json_node_next(&it)) {
        size_t d = depth_of(it.value);
        deepest = d > deepest ? d : deepest;
    }
    if (json_node_kind(n) != JSON_OBJECT && json_node_kind(n) != JSON_ARRAY)
        return 0;
    return deepest + 1;
}

/* Put ${node}, which is in no container, at ${pointer}. */
static int put(const struct patcher *p, struct str pointer, struct json_node *node)
{
    struct place to = {0};
    int r = find(p, "path", pointer, &to);
    if (r < 0)
        return r;
    if (json_pointer_depth(pointer) + depth_of(node) > LIMIT_JSON_DEPTH)
        return fail_at(
            p, E_TOO_LARGE, "path", pointer, "would nest the record too deeply");
    if (!to.container) {
        json_tree_set_root(p->tree, node);
        return 0;
    }
    if (json_node_kind(to.container) == JSON_OBJECT)
        return json_node_set(p->tree, to.container, to.name, node) ? 0 : fail_nomem(p);
    if (!json_node_insert(to.container, to.index, node))
        return fail_at(p, E_INVALID, "path", pointer, "is behind the end of the array");
    return 0;
}

static int take_out(const struct patcher *p, const char *member, struct str pointer,
    struct json_node **ret)
{
    struct place at = {0};
    int r = find_there(p, member, pointer, &at);
    if (r < 0)
        return r;
    if (!at.container)
        return fail_at(p, E_INVALID, member, pointer,
            "is the whole record and cannot be taken away");
    if (json_node_kind(at.container) == JSON_OBJECT)
        json_node_remove(at.container, at.name);
    else
        json_node_remove_at(at.container, at.index);
    *ret = at.node;
    return 0;
}

static int replace(struct patcher *p, struct str pointer, struct json_node *node)
{
    struct place at = {0};
    int r = find_there(p, "path", pointer, &at);
    if (r < 0)
        return r;
    if (at.container && json_node_kind(at.container) == JSON_ARRAY) {
        json_node_remove_at(at.container, at.index);
    }
    return put(p, pointer, node);
}

static int count_copied(struct patcher *p, size_t values)
{
    p->copied += values;
    if (p->copied > LIMIT_PATCH_VALUES)
        return err_set(p->err, E_TOO_LARGE, NULL,
            "The patch copies more than %d values.", LIMIT_PATCH_VALUES);
    return 0;
}

static size_t count_json(const struct json *j)
{
    struct json_each it = json_each(j);
    size_t n = 1;
    while (json_next(&it))
        n += count_json(it.value);
    return n;
}

static size_t count_node(const struct json_node *n)
{
    struct json_node_each it = json_node_each(n);
    size_t sum = 1;
    while (json_node_next(&it))
        sum += count_node(it.value);
    return sum;
}

/* ---- operations ---- */

static int do_value(struct patcher *p, const struct json_patch_op *op)
{
    struct json_node *node = NULL;
    int r = count_copied(p, count_json(op->value));
    if (r < 0)
        return r;
    node = json_node_copy(p->tree, op->value);
    if (!node)
        return fail_nomem(p);
    return op->verb == JSON_PATCH_ADD ? put(p, op->path, node)
                                      : replace(p, op->path, node);
}

static bool is_inside(struct str path, struct str from)
{
    return path.len > from.len && path.p[from.len] == '/' &&
           memcmp(path.p, from.p, from.len) == 0;
}

static int do_move(struct patcher *p, const struct json_patch_op *op)
{
    struct json_node *node = NULL;
    struct place at = {0};
    int r = find_there(p, "from", op->from, &at);
    if (r < 0 || str_eq(op->from, op->path))
        return r;
    if (op->from.len == 0 || is_inside(op->path, op->from))
        return fail_at(
            p, E_INVALID, "path", op->path, "lies inside of what is to be moved");
    r = take_out(p, "from", op->from, &node);
    return r < 0 ? r : put(p, op->path, node);
}

static int do_copy(struct patcher *p, const struct json_patch_op *op)
{
    struct json_node *node = NULL;
    struct place at = {0};
    int r = find_there(p, "from", op->from, &at);
    if (r == 0)
        r = count_copied(p, count_node(at.node));
    if (r < 0)
        return r;
    node = json_node_clone(p->tree, at.node);
    return node ? put(p, op->path, node) : fail_nomem(p);
}

/* RFC 6902, 4.6: members in any order, numbers by their value. */
static bool node_equals(const struct json_node *n, const struct json *j)
{
    struct json_node_each it = json_node_each(n);
    struct json_each other = json_each(j);
    enum json_kind kind = json_node_kind(n);
    if (kind != json_kind(j) || json_node_count(n) != json_count(j))
        return false;
    if (kind == JSON_NUMBER)
        return json_number_equal(json_node_str(n), json_text(j));
    if (kind == JSON_STRING)
        return str_eq(json_node_str(n), json_text(j));
    while (json_node_next(&it) && json_next(&other)) {
        const struct json *twin = other.value;
        if (kind == JSON_OBJECT && !str_eq(it.name, other.name))
            twin = json_getn(j, it.name);
        if (!twin || !node_equals(it.value, twin))
            return false;
    }
    return true;
}

static int do_test(const struct patcher *p, const struct json_patch_op *op)
{
    struct place at = {0};
    int r = find_there(p, "path", op->path, &at);
    if (r < 0)
        return r;
    if (!node_equals(at.node, op->value))
        return fail_at(p, E_CONFLICT, "path", op->path, "is not what the test expects");
    return 0;
}

static int do_op(struct patcher *p, const struct json_patch_op *op)
{
    struct json_node *removed = NULL;
    switch (op->verb) {
    case JSON_PATCH_ADD:
    case JSON_PATCH_REPLACE:
        return do_value(p, op);
    case JSON_PATCH_REMOVE:
        return take_out(p, "path", op->path, &removed);
    case JSON_PATCH_MOVE:
        return do_move(p, op);
    case JSON_PATCH_COPY:
        return do_copy(p, op);
    case JSON_PATCH_TEST:
        return do_test(p, op);
    }
    return E_BUG;
}

int json_patch_apply(struct arena *a, const struct json *target,
    const struct json_patch_op *ops, size_t count, const struct json **ret,
    struct err *err)
{
    struct patcher p = {.arena = a, .err = err};
    int r;
    if (count > LIMIT_PATCH_OPS)
        return err_set(err, E_TOO_LARGE, NULL,
            "The patch has %zu operations; at most %d are allowed.", count,
            LIMIT_PATCH_OPS);
    r = json_tree_copy(a, target, &p.tree, err);
    for (; r == 0 && p.at < count; p.at++)
        r = do_op(&p, &ops[p.at]);
    if (r < 0)
        return r;
    return json_node_freeze(a, json_tree_root(p.tree), ret, err);
}
