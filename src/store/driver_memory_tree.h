/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A persistent ordered map from bytes to bytes: changing it makes a new one that shares
 * all but the changed path with the old, so a snapshot is a pointer and an undo is the
 * pointer from before. A treap (Seidel, Aragon 1996) whose priorities are hashes of the
 * keys, so equal maps have equal shapes. Nodes and items are counted; counts are atomic
 * because snapshots end on other threads.
 *
 * Invariants (tree_check): 1. keys ascend from left to right; 2. no child has a higher
 * priority than its parent.
 */
#ifndef STORE_DRIVER_MEMORY_TREE_H
#define STORE_DRIVER_MEMORY_TREE_H

#include <stdbool.h>

#include "base/text.h"

struct tree; /* a node with what is below it; NULL is the empty map */

/* A row; lives as long as somebody holds it. */
struct tree_item;
struct str tree_item_key(const struct tree_item *item);
struct str tree_item_value(const struct tree_item *item);
void tree_item_hold(struct tree_item *item);
void tree_item_drop(struct tree_item *item);

struct tree *tree_hold(struct tree *t);
void tree_drop(struct tree *t);

/* ${t} with the row added, replaced or removed, in ${*ret}; ${t} itself stays as it is and
 * the caller's. E_NOMEM. */
int tree_put(struct tree *t, struct str key, struct str value, struct tree **ret);
int tree_del(struct tree *t, struct str key, struct tree **ret);

/* The row with this key; the first at or above, the first above, the last below it. NULL:
 * none. Valid while ${t} is. */
struct tree_item *tree_get(struct tree *t, struct str key);
struct tree_item *tree_ge(struct tree *t, struct str key);
struct tree_item *tree_gt(struct tree *t, struct str key);
struct tree_item *tree_lt(struct tree *t, struct str key);

/* True when the invariants hold. */
bool tree_check(const struct tree *t);

#endif
