/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An ordered map from bytes to bytes that can be remembered at the cost of one pointer:
 * a B+-tree whose nodes are shared by reference count and never changed while shared.
 *
 *     then ─► root ─► a b c          a change copies the nodes on its way down that
 *                     │ │            somebody else also holds; the others stay shared.
 *     now  ─► root'─► a b'c          What only this tree holds is changed in place.
 *
 * A tree is changed by one thread at a time. Trees that share nodes may be read, changed
 * and cleared by different threads at once: only the counts are shared, and they are
 * atomic. Every step of a change leaves the tree whole, so that when memory runs out in
 * the middle it holds what it held before.
 *
 * Invariants (tree_check):
 *  1. the keys of a leaf ascend in byte order, a shorter one before a longer;
 *  2. every key under the i-th child of a branch is >= the branch's i-th key, which
 *     the first child does not have, and < the next one;
 *  3. all leaves are equally deep, no node is empty, and a root that is a branch has two
 *     children or more;
 *  4. rows and bytes are the number of entries and the length of their keys and values.
 */
#ifndef STORE_DRIVER_MEMORY_TREE_H
#define STORE_DRIVER_MEMORY_TREE_H

#include <stdatomic.h>

#include "base/text.h"

#define TREE_WIDTH 32 /* entries or children of a node */
#define TREE_LEVELS 24

/* A key and its value, shared like a node; fixed once it is in a tree. */
struct tree_entry {
    atomic_uint refs;
    uint32_t key_len;
    size_t value_len;
    char bytes[]; /* key, value */
};

struct tree_node;

/* {0} is an empty one. */
struct tree {
    struct tree_node *root;
    int64_t rows;
    int64_t bytes;
};

static inline struct str tree_key(const struct tree_entry *e)
{
    return (struct str){e->bytes, e->key_len};
}

static inline struct str tree_value(const struct tree_entry *e)
{
    return (struct str){e->bytes + e->key_len, e->value_len};
}

/* An entry for tree_put, with room for a value that the caller writes through
 * tree_entry_room; NULL: no memory. */
struct tree_entry *tree_entry_new(struct str key, size_t value_len);

static inline char *tree_entry_room(struct tree_entry *e)
{
    return e->bytes + e->key_len;
}

/* Give up an entry that was not put into a tree. NULL is fine. */
void tree_entry_free(struct tree_entry *e);

/* Make the empty tree ${to} the same as ${from}. Cannot fail. */
void tree_share(struct tree *to, const struct tree *from);

/* Let go of all; ${t} is empty then. */
void tree_clear(struct tree *t);

/* Put ${e} in place of the entry with the same key, if there is one. ${e} is the tree's,
 * and gone on failure; NULL stands for an entry there was no memory for. E_NOMEM. */
int tree_put(struct tree *t, struct tree_entry *e);

/* 1: taken out, 0: not there, E_NOMEM. ${key} may be the tree's own. */
int tree_del(struct tree *t, struct str key);

/* The entry of ${key} or NULL. It lives as long as a tree holds it. */
const struct tree_entry *tree_get(const struct tree *t, struct str key);

/* True when the invariants hold. */
bool tree_check(const struct tree *t);

/* ---- walking ---- */

/* A place in a tree that is not changed meanwhile: what may be is shared first. */
struct tree_walk {
    unsigned levels; /* 0: at no entry */
    struct tree_place {
        const struct tree_node *node;
        unsigned at;
    } path[TREE_LEVELS]; /* from the root to the leaf */
};

/* The first entry with a key >= ${key}, or the last one with a key < ${key}; NULL: none. */
const struct tree_entry *tree_walk_from(
    struct tree_walk *w, const struct tree *t, struct str key);
const struct tree_entry *tree_walk_below(
    struct tree_walk *w, const struct tree *t, struct str key);

/* The last entry of all. */
const struct tree_entry *tree_walk_last(struct tree_walk *w, const struct tree *t);

/* The entry after, or before, the one that was returned last; NULL: none, and none
 * from then on. */
const struct tree_entry *tree_walk_next(struct tree_walk *w);
const struct tree_entry *tree_walk_prev(struct tree_walk *w);

#endif
