/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Patch (RFC 6902) with JSON Pointer (RFC 6901), and three-way merge.
 */
#ifndef JSON_PATCH_H
#define JSON_PATCH_H

#include "json/json.h"

/*
 * Apply the operations in ${patch} (an array) to ${target}, all or none; ${ret} is a new
 * value in ${a}. E_INVALID: ${patch} is not a JSON Patch, or a path does not exist;
 * E_CONFLICT: a "test" did not hold; E_TOO_LARGE: over LIMIT_PATCH_OPS, or copies over
 * LIMIT_PATCH_VALUES. The error's path is "[operation].path".
 */
int json_patch(struct arena *a, const struct json *target, const struct json *patch,
    const struct json **ret, struct err *err);

/* The operations of a patch, when a program makes them. */
enum json_patch_verb {
    JSON_PATCH_ADD,
    JSON_PATCH_REMOVE,
    JSON_PATCH_REPLACE,
    JSON_PATCH_MOVE,
    JSON_PATCH_COPY,
    JSON_PATCH_TEST,
};

struct json_patch_op {
    enum json_patch_verb verb;
    struct str path;
    struct str from;          /* move, copy */
    const struct json *value; /* add, replace, test */
};

/* As json_patch, for ${count} operations. */
int json_patch_apply(struct arena *a, const struct json *target,
    const struct json_patch_op *ops, size_t count, const struct json **ret,
    struct err *err);

/* One value in three states; in a merge's inner places NULL: nothing is there. */
struct json_sides {
    const struct json *base; /* the common ancestor; NULL: none */
    const struct json *ours;
    const struct json *theirs;
};

/*
 * Merge two changes of one ancestor. Members of objects merge one by one; arrays merge
 * when only one side changed them; where both changed one place in different ways, the
 * value of ${ours} stands and its JSON Pointer is added to ${conflicts} (one a line).
 * A name that only one side has, or that one side removed, counts as a change of that
 * place. Without an ancestor all that differs is a conflict.
 */
int json_merge3(struct arena *a, const struct json_sides *sides,
    const struct json **ret, struct buf *conflicts, struct err *err);

#endif
