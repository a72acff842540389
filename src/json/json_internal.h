/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the json room share: yyjson's allocator over an arena, and the
 * writing of single values. */
#ifndef JSON_JSON_INTERNAL_H
#define JSON_JSON_INTERNAL_H

#include "json/json.h"

/* An allocator for yyjson that takes from ${a} and never frees. */
yyjson_alc json_alc(struct arena *a);

/* Append a value that is no container. A yyjson_mut_val starts with the fields of a
 * yyjson_val, so both kinds of tree are written by this one. */
void json_write_scalar(struct buf *b, const yyjson_val *v);

/* Equal as numbers: 1.0, 1 and 10e-1 are one. Both are JSON numbers. */
bool json_number_equal(struct str a, struct str b);

/* ---- JSON Pointer ---- */

/* Empty, or "/" and names in which '~' is followed by 0 or 1. */
bool json_pointer_valid(struct str pointer);

/* How many names it has. */
size_t json_pointer_depth(struct str pointer);

/* ${token} with its escapes resolved, in ${a} if it has any. False: no memory. */
bool json_pointer_unescape(struct arena *a, struct str token, struct str *ret);

/* An array index as the standard writes it: digits, no zero in front. */
bool json_pointer_index(struct str token, size_t *ret);

/* Append "/" and ${name} with escapes. */
void json_pointer_add(struct buf *b, struct str name);

/* An arena's slice without its const, for yyjson functions that only read. */
static inline char *json_unconst(const char *p)
{
    union {
        const char *c;
        char *v;
    } u = {.c = p};
    return u.v;
}

#endif
