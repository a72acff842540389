/* SPDX-License-Identifier: Apache-2.0 */
/* The persistent treap. */
#include "store/driver_memory_tree.h"

#include <stdatomic.h>

#include "base/arena.h"
#include "base/hash.h"

struct tree_item {
    atomic_uint held;
    uint32_t key_len;
    uint32_t value_len;
    char bytes[]; /* key, then value */
};

struct tree {
    atomic_uint held;
    uint64_t priority;
    struct tree_item *item;
    struct tree *left;
    struct tree *right;
};

struct str tree_item_key(const struct tree_item *item)
{
    return (struct str){item->bytes, item->key_len};
}

struct str tree_item_value(const struct tree_item *item)
{
    return (struct str){item->bytes + item->key_len, item->value_len};
}

void tree_item_hold(struct tree_item *item)
{
    atomic_fetch_add(&item->held, 1);
}

void tree_item_drop(struct tree_item *item)
{
    if (item && atomic_fetch_sub(&item->held, 1) == 1)
        base_free(item);
}

struct tree *tree_hold(struct tree *t)
{
    if (t)
        atomic_fetch_add(&t->held, 1);
    return t;
}

void tree_drop(struct tree *t)
{
    while (t && atomic_fetch_sub(&t->held, 1) == 1) {
        struct tree *right = t->right;
        tree_item_drop(t->item);
        tree_drop(t->left);
        base_free(t);
        t = right;
    }
}

static struct tree_item *item_new(struct str key, struct str value)
{
    struct tree_item *item = base_malloc(sizeof(*item) + key.len + value.len);

    if (!item)
        return NULL;
    atomic_init(&item->held, 1);
    item->key_len = (uint32_t)key.len;
    item->value_len = (uint32_t)value.len;
    if (key.len)
        memcpy(item->bytes, key.p, key.len);
    if (value.len)
        memcpy(item->bytes + key.len, value.p, value.len);
    return item;
}

/* A node of its own. Takes ${left} and ${right} over, also on failure; holds ${item}. */
static struct tree *node_new(
    struct tree_item *item, uint64_t priority, struct tree *left, struct tree *right)
{
    struct tree *t = base_malloc(sizeof(*t));

    if (!t) {
        tree_drop(left);
        tree_drop(right);
        return NULL;
    }
    atomic_init(&t->held, 1);
    tree_item_hold(item);
    t->item = item;
    t->priority = priority;
    t->left = left;
    t->right = right;
    return t;
}

/* ${t} is new and only ours; if its left (right) child outranks it, turn them round. The
 * child is new too, since it is what was just changed. */
static struct tree *lift(struct tree *t)
{
    struct tree *child = NULL;

    if (t->left && t->left->priority > t->priority) {
        child = t->left;
        t->left = child->right;
        child->right = t;
        return child;
    }
    if (t->right && t->right->priority > t->priority) {
        child = t->right;
        t->right = child->left;
        child->left = t;
        return child;
    }
    return t;
}

static struct tree *put(struct tree *t, struct tree_item *item, uint64_t priority)
{
    struct tree *below = NULL;
    struct tree *copy = NULL;
    int order = 0;

    if (!t)
        return node_new(item, priority, NULL, NULL);
    order = str_cmp(tree_item_key(item), tree_item_key(t->item));
    if (order == 0)
        return node_new(item, priority, tree_hold(t->left), tree_hold(t->right));
    below = put(order < 0 ? t->left : t->right, item, priority);
    if (!below)
        return NULL;
    if (order < 0)
        copy = node_new(t->item, t->priority, below, tree_hold(t->right));
    else
        copy = node_new(t->item, t->priority, tree_hold(t->left), below);
    return copy ? lift(copy) : NULL;
}

int tree_put(struct tree *t, struct str key, struct str value, struct tree **ret)
{
    struct tree_item *item = item_new(key, value);
    struct tree *made = NULL;

    if (!item)
        return E_NOMEM;
    made = put(t, item, hash64(key.p, key.len, 0));
    tree_item_drop(item);
    if (!made)
        return E_NOMEM;
    *ret = made;
    return 0;
}

/* Both below one root; ${*failed} is set when memory is out. */
static struct tree *join(struct tree *a, struct tree *b, bool *failed)
{
    struct tree *below = NULL;
    struct tree *t = NULL;

    if (!a || !b)
        return tree_hold(a ? a : b);
    if (a->priority > b->priority) {
        below = join(a->right, b, failed);
        t = node_new(a->item, a->priority, tree_hold(a->left), below);
    } else {
        below = join(a, b->left, failed);
        t = node_new(b->item, b->priority, below, tree_hold(b->right));
    }
    if (!t)
        *failed = true;
    return t;
}

static struct tree *del(struct tree *t, struct str key, bool *failed)
{
    struct tree *below = NULL;
    struct tree *copy = NULL;
    int order = str_cmp(key, tree_item_key(t->item));

    if (order == 0)
        return join(t->left, t->right, failed);
    below = del(order < 0 ? t->left : t->right, key, failed);
    if (*failed) {
        tree_drop(below);
        return NULL;
    }
    if (order < 0)
        copy = node_new(t->item, t->priority, below, tree_hold(t->right));
    else
        copy = node_new(t->item, t->priority, tree_hold(t->left), below);
    if (!copy)
        *failed = true;
    return copy;
}

int tree_del(struct tree *t, struct str key, struct tree **ret)
{
    bool failed = false;
    struct tree *made = NULL;

    if (!tree_get(t, key)) {
        *ret = tree_hold(t);
        return 0;
    }
    made = del(t, key, &failed);
    if (failed) {
        tree_drop(made);
        return E_NOMEM;
    }
    *ret = made;
    return 0;
}

struct tree_item *tree_get(struct tree *t, struct str key)
{
    struct tree_item *item = tree_ge(t, key);

    return item && str_eq(tree_item_key(item), key) ? item : NULL;
}

/* The first with key > ${key}, or >= where ${equal}. */
static struct tree_item *first(struct tree *t, struct str key, bool equal)
{
    struct tree_item *best = NULL;

    while (t) {
        int order = str_cmp(tree_item_key(t->item), key);
        if (order > 0 || (order == 0 && equal)) {
            best = t->item;
            t = t->left;
        } else {
            t = t->right;
        }
    }
    return best;
}

struct tree_item *tree_ge(struct tree *t, struct str key)
{
    return first(t, key, true);
}

struct tree_item *tree_gt(struct tree *t, struct str key)
{
    return first(t, key, false);
}

struct tree_item *tree_lt(struct tree *t, struct str key)
{
    struct tree_item *best = NULL;

    while (t) {
        if (str_cmp(tree_item_key(t->item), key) < 0) {
            best = t->item;
            t = t->right;
        } else {
            t = t->left;
        }
    }
    return best;
}

bool tree_check(const struct tree *t)
{
    if (!t)
        return true;
    if (t->left &&
        (t->left->priority > t->priority ||
            str_cmp(tree_item_key(t->left->item), tree_item_key(t->item)) >= 0))
        return false;
    if (t->right &&
        (t->right->priority > t->priority ||
            str_cmp(tree_item_key(t->right->item), tree_item_key(t->item)) <= 0))
        return false;
    return tree_check(t->left) && tree_check(t->right);
}
