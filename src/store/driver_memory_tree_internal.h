/* SPDX-License-Identifier: Apache-2.0 */
/* The node of a tree, for the two files that know it: driver_memory_tree.c (changing)
 * and driver_memory_walk.c (reading). */
#ifndef STORE_DRIVER_MEMORY_TREE_INTERNAL_H
#define STORE_DRIVER_MEMORY_TREE_INTERNAL_H

#include "store/driver_memory_tree.h"

struct tree_node {
    atomic_uint refs; /* trees and nodes that hold it */
    unsigned short count;
    unsigned short height; /* 0: a leaf */
    /* A leaf's entries; a branch's separators, which have a key only: keys[i] is the
     * least that may be under children[i], keys[0] is NULL. */
    struct tree_entry *keys[TREE_WIDTH];
    struct tree_node *children[]; /* TREE_WIDTH of them in a branch, none in a leaf */
};

/* The first of a leaf's entries whose key is >= ${key}; count when there is none. */
unsigned tree_leaf_place(const struct tree_node *n, struct str key);

/* The child of a branch under which ${key} belongs. */
unsigned tree_branch_place(const struct tree_node *n, struct str key);

#endif
