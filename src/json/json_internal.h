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
