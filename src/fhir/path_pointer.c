/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "fhir/path_internal.h"

/* Put ${n} bytes to ${at}; behind them. */
static char *put(char *at, const char *bytes, size_t n)
{
    memcpy(at, bytes, n);
    return at + n;
}

const char *fhir_path_below(
    struct arena *a, const char *parent, struct str name, long index)
{
    char number[24] = "";
    size_t above = parent ? strlen(parent) : 0;
    size_t len = 0;
    char *pointer = NULL;
    char *at = NULL;

    if (!parent)
        return NULL;
    if (index >= 0)
        len = (size_t)snprintf(number, sizeof(number), "/%ld", index);
    /* no arena_printf: this is done for each value that an expression meets */
    pointer = arena_alloc_raw(a, above + 1 + name.len + len + 1);
    if (!pointer)
        return NULL;
    at = put(pointer, parent, above);
    *at++ = '/';
    at = put(at, name.p, name.len);
    at = put(at, number, len);
    *at = '\0';
    return pointer;
}
