/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A JSON value that can be changed: for patches, for giving ids and rewriting
 * references. Lives in an arena; order of members is kept; numbers keep their
 * characters. One thread.
 */
#ifndef JSON_TREE_H
#define JSON_TREE_H

#include "json/json.h"

struct json_tree; /* the document */
struct json_node; /* a changeable node of it */

/* A changeable deep copy of ${j}. E_NOMEM. */
int json_tree_copy(
    struct arena *a, const struct json *j, struct json_tree **ret, struct err *err);

/* The root, and making ${n} the root (NULL: the empty tree). */
struct json_node *json_tree_root(struct json_tree *t);
void json_tree_set_root(struct json_tree *t, struct json_node *n);

/* New nodes that are in no container yet; NULL when memory is out. */
struct json_node *json_node_copy(struct json_tree *t, const struct json *j);
struct json_node *json_node_text(struct json_tree *t, struct str s);
struct json_node *json_node_number(struct json_tree *t, struct str digits);
struct json_node *json_node_bool(struct json_tree *t, bool v);
struct json_node *json_node_object(struct json_tree *t);
struct json_node *json_node_array(struct json_tree *t);

enum json_kind json_node_kind(const struct json_node *n);
struct str json_node_str(const struct json_node *n);
size_t json_node_count(const struct json_node *n);
struct json_node *json_node_get(const struct json_node *n, struct str name);
struct json_node *json_node_at(const struct json_node *n, size_t i);
/* Name of the member at ${i} of an object; p NULL past the end. */
struct str json_node_name_at(const struct json_node *n, size_t i);
/*
 * Walk a container, each step in constant time (json_node_at counts from the start):
 *     struct json_node_each it = json_node_each(n);
 *     while (json_node_next(&it))
 *         ... it.value, and it.name for an object ...
 * The container must not change meanwhile.
 */
struct json_node_each {
    struct json_node *value;
    struct str name;
    size_t index;
    size_t left_;
    struct json_node *next_;
    bool object_;
};

struct json_node_each json_node_each(const struct json_node *n);
bool json_node_next(struct json_node_each *it);

/* Change a string node's text in place. False: no memory. */
bool json_node_set_text(struct json_tree *t, struct json_node *n, struct str s);

/* Set (replacing in place, else appending) or remove a member. False: no memory, or
 * (remove) no such member. */
bool json_node_set(struct json_tree *t, struct json_node *object, struct str name,
    struct json_node *v);
bool json_node_remove(struct json_node *object, struct str name);

/* Insert at ${i} (count = append), replace, remove, move in an array. False: index out
 * of range or no memory. */
bool json_node_insert(struct json_node *array, size_t i, struct json_node *v);
bool json_node_replace(struct json_node *array, size_t i, struct json_node *v);
bool json_node_remove_at(struct json_node *array, size_t i);

/* A deep copy of ${n} in the same tree; NULL when memory is out. */
struct json_node *json_node_clone(struct json_tree *t, const struct json_node *n);

/* Append as compact JSON. */
void json_node_write(struct buf *b, const struct json_node *n);

/* An immutable reading of ${n}'s present state, in the same arena. */
int json_node_freeze(struct arena *a, const struct json_node *n,
    const struct json **ret, struct err *err);

#endif
