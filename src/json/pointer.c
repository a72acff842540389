/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Pointer (RFC 6901): the way to one place in a value. */
#include "base/limits.h"

#include "json/json_internal.h"

bool json_pointer_valid(struct str pointer)
{
    if (pointer.len == 0)
        return true;
    if (pointer.p[0] != '/')
        return false;
    for (size_t i = 0; i < pointer.len; i++) {
        if (pointer.p[i] != '~')
            continue;
        i++;
        if (i == pointer.len || (pointer.p[i] != '0' && pointer.p[i] != '1'))
            return false;
    }
    return true;
}

size_t json_pointer_depth(struct str pointer)
{
    size_t depth = 0;
    for (size_t i = 0; i < pointer.len; i++)
        depth += pointer.p[i] == '/';
    return depth;
}

bool json_pointer_unescape(struct arena *a, struct str token, struct str *ret)
{
    char *out = NULL;
    size_t n = 0;
    if (token.len == 0 || !memchr(token.p, '~', token.len)) {
        *ret = token;
        return true;
    }
    out = arena_alloc_raw(a, token.len);
    if (!out)
        return false;
    for (size_t i = 0; i < token.len; i++) {
        if (token.p[i] == '~')
            out[n++] = token.p[++i] == '1' ? '/' : '~';
        else
            out[n++] = token.p[i];
    }
    *ret = (struct str){out, n};
    return true;
}

bool json_pointer_index(struct str token, size_t *ret)
{
    int64_t i;
    if (token.len == 0 || token.p[0] < '0' || token.p[0] > '9' ||
        (token.p[0] == '0' && token.len > 1) || !text_int(token, 0, UINT32_MAX, &i))
        return false;
    *ret = (size_t)i;
    return true;
}

void json_pointer_add(struct buf *b, struct str name)
{
    buf_addc(b, '/');
    for (size_t i = 0; i < name.len; i++) {
        if (name.p[i] == '~')
            buf_add(b, "~0", 2);
        else if (name.p[i] == '/')
            buf_add(b, "~1", 2);
        else
            buf_addc(b, name.p[i]);
    }
}
