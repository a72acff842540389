/* SPDX-License-Identifier: Apache-2.0 */
/* The memory driver's trees: finding and walking. */
#include "store/driver_memory_tree_internal.h"

unsigned tree_leaf_place(const struct tree_node *n, struct str key)
{
    unsigned low = 0;
    unsigned high = n->count;

    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (str_cmp(tree_key(n->keys[middle]), key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

unsigned tree_branch_place(const struct tree_node *n, struct str key)
{
    unsigned low = 0;
    unsigned high = n->count;

    /* keys[0] counts as less than any */
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        if (str_cmp(tree_key(n->keys[middle]), key) <= 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

const struct tree_entry *tree_get(const struct tree *t, struct str key)
{
    const struct tree_node *n = t->root;
    unsigned at = 0;

    if (!n)
        return NULL;
    while (n->height > 0)
        n = n->children[tree_branch_place(n, key)];
    at = tree_leaf_place(n, key);
    if (at == n->count || !str_eq(tree_key(n->keys[at]), key))
        return NULL;
    return n->keys[at];
}

static const struct tree_entry *walk_end(struct tree_walk *w)
{
    w->levels = 0;
    return NULL;
}

/* Go down from ${n}, which is on level w->levels, along its first or last children. */
static const struct tree_entry *walk_edge(
    struct tree_walk *w, const struct tree_node *n, bool last)
{
    for (;;) {
        unsigned at = last ? n->count - 1u : 0;
        w->path[w->levels++] = (struct tree_place){n, at};
        if (n->height == 0)
            return n->keys[at];
        n = n->children[at];
    }
}

/* The place of ${key} in the leaf it belongs to; false: the tree is empty. */
static bool walk_down(struct tree_walk *w, const struct tree *t, struct str key)
{
    const struct tree_node *n = t->root;

    w->levels = 0;
    if (!n)
        return false;
    while (n->height > 0) {
        unsigned at = tree_branch_place(n, key);
        w->path[w->levels++] = (struct tree_place){n, at};
        n = n->children[at];
    }
    w->path[w->levels++] = (struct tree_place){n, tree_leaf_place(n, key)};
    return true;
}

const struct tree_entry *tree_walk_from(
    struct tree_walk *w, const struct tree *t, struct str key)
{
    struct tree_place *leaf = NULL;

    if (!walk_down(w, t, key))
        return NULL;
    leaf = &w->path[w->levels - 1];
    if (leaf->at < leaf->node->count)
        return leaf->node->keys[leaf->at];
    leaf->at--;
    return tree_walk_next(w);
}

const struct tree_entry *tree_walk_below(
    struct tree_walk *w, const struct tree *t, struct str key)
{
    if (!walk_down(w, t, key))
        return NULL;
    return tree_walk_prev(w);
}

const struct tree_entry *tree_walk_last(struct tree_walk *w, const struct tree *t)
{
    w->levels = 0;
    return t->root ? walk_edge(w, t->root, true) : NULL;
}

const struct tree_entry *tree_walk_next(struct tree_walk *w)
{
    unsigned level = w->levels;

    while (level > 0) {
        struct tree_place *p = &w->path[--level];
        if (p->at + 1u == p->node->count)
            continue;
        p->at++;
        w->levels = level + 1;
        if (p->node->height == 0)
            return p->node->keys[p->at];
        return walk_edge(w, p->node->children[p->at], false);
    }
    return walk_end(w);
}

const struct tree_entry *tree_walk_prev(struct tree_walk *w)
{
    unsigned level = w->levels;

    while (level > 0) {
        struct tree_place *p = &w->path[--level];
        if (p->at == 0)
            continue;
        p->at--;
        w->levels = level + 1;
        if (p->node->height == 0)
            return p->node->keys[p->at];
        return walk_edge(w, p->node->children[p->at], true);
    }
    return walk_end(w);
}

/* ---- checking ---- */

struct tree_sum {
    int64_t rows;
    int64_t bytes;
};

static bool between(
    struct str key, const struct tree_entry *low, const struct tree_entry *high)
{
    if (low && str_cmp(key, tree_key(low)) < 0)
        return false;
    return !high || str_cmp(key, tree_key(high)) < 0;
}

static bool node_check(const struct tree_node *n, const struct tree_entry *low,
    const struct tree_entry *high, struct tree_sum *sum);

/* The entry at ${i} of a leaf. */
static bool leaf_check(const struct tree_node *n, unsigned i,
    const struct tree_entry *low, const struct tree_entry *high, struct tree_sum *sum)
{
    const struct tree_entry *here = n->keys[i];
    const struct tree_entry *next = i + 1u < n->count ? n->keys[i + 1] : NULL;

    if (!here || !between(tree_key(here), low, high))
        return false;
    if (next && str_cmp(tree_key(here), tree_key(next)) >= 0)
        return false;
    sum->rows++;
    sum->bytes += (int64_t)(here->key_len + here->value_len);
    return true;
}

/* The child at ${i} of an inner node, and all below it. */
static bool child_check(const struct tree_node *n, unsigned i,
    const struct tree_entry *low, const struct tree_entry *high, struct tree_sum *sum)
{
    const struct tree_entry *here = n->keys[i];
    const struct tree_entry *next = i + 1u < n->count ? n->keys[i + 1] : NULL;

    if ((here == NULL) != (i == 0) || n->children[i]->height + 1 != n->height)
        return false;
    if (next && !between(tree_key(next), low, high))
        return false;
    return node_check(n->children[i], i ? here : low, next ? next : high, sum);
}

/* Invariants 1 to 3 of ${n}, whose keys are to be in [${low}, ${high}). */
static bool node_check(const struct tree_node *n, const struct tree_entry *low,
    const struct tree_entry *high, struct tree_sum *sum)
{
    bool sound = n->count > 0 && n->count <= TREE_WIDTH && atomic_load(&n->refs) > 0;

    for (unsigned i = 0; i < n->count && sound; i++)
        sound = n->height == 0 ? leaf_check(n, i, low, high, sum)
                               : child_check(n, i, low, high, sum);
    return sound;
}

bool tree_check(const struct tree *t)
{
    struct tree_sum sum = {0};

    if (t->root && t->root->height > 0 && t->root->count < 2)
        return false;
    if (t->root && !node_check(t->root, NULL, NULL, &sum))
        return false;
    return sum.rows == t->rows && sum.bytes == t->bytes;
}
