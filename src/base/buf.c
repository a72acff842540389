/* SPDX-License-Identifier: Apache-2.0 */
/* Byte buffers: doubling growth under the ceiling each was born with. */
#include "base/buf.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define BUF_FIRST 256

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

void buf_done(struct buf *b)
{
    base_free(b->data);
    buf_init(b, b->max);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->error = 0;
}

static bool set_capacity(struct buf *b, size_t cap)
{
    char *p = base_realloc(b->data, cap);

    if (!p) {
        b->error = E_NOMEM;
        return false;
    }
    b->data = p;
    b->cap = cap;
    return true;
}

/* Room for ${len} more bytes, which do not fit the capacity. */
static __attribute__((noinline)) bool make_room(struct buf *b, size_t len)
{
    size_t need = 0;
    size_t cap = b->cap < BUF_FIRST ? BUF_FIRST : b->cap;

    if (b->error)
        return false;
    if (__builtin_add_overflow(b->len, len, &need) || need > b->max) {
        b->error = E_TOO_LARGE;
        return false;
    }
    while (cap < need && cap <= SIZE_MAX / 2)
        cap *= 2;
    if (cap > b->max)
        cap = b->max;
    return set_capacity(b, cap < need ? need : cap);
}

/* buf_cstr() may leave one byte of capacity over the ceiling; it is not for content. */
static inline bool has_room(const struct buf *b, size_t len)
{
    size_t cap = b->cap < b->max ? b->cap : b->max;

    return !b->error && len <= cap - b->len;
}

char *buf_reserve(struct buf *b, size_t len)
{
    static char nothing[1];

    if (!has_room(b, len) && !make_room(b, len))
        return NULL;
    return b->data ? b->data + b->len : nothing;
}

void buf_add(struct buf *b, const void *data, size_t len)
{
    if (len == 0 || (!has_room(b, len) && !make_room(b, len)))
        return;
    memcpy(b->data + b->len, data, len);
    b->len += len;
}

void buf_adds(struct buf *b, const char *s)
{
    buf_add(b, s, strlen(s));
}

void buf_addc(struct buf *b, char c)
{
    if (!has_room(b, 1) && !make_room(b, 1))
        return;
    b->data[b->len++] = c;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    buf_addv(b, fmt, ap);
    va_end(ap);
}

void buf_addv(struct buf *b, const char *fmt, va_list ap)
{
    char small[256];
    char *p = NULL;
    va_list again;
    int len = 0;

    if (b->error)
        return;
    va_copy(again, ap);
    len = vsnprintf(small, sizeof(small), fmt, ap);
    if (len < 0) {
        b->error = E_NOMEM;
    } else if ((size_t)len < sizeof(small)) {
        buf_add(b, small, (size_t)len);
    } else {
        /* one byte more for the NUL, which may lie beyond the ceiling */
        p = base_malloc((size_t)len + 1);
        if (p) {
            vsnprintf(p, (size_t)len + 1, fmt, again);
            buf_add(b, p, (size_t)len);
        } else {
            b->error = E_NOMEM;
        }
        base_free(p);
    }
    va_end(again);
}

void buf_add_u64(struct buf *b, unsigned long long v)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    buf_add(b, digits + at, sizeof(digits) - at);
}

const char *buf_cstr(struct buf *b)
{
    if (b->error)
        return NULL;
    if (b->len == 0)
        return "";
    if (b->len == b->cap && !set_capacity(b, b->len + 1))
        return NULL;
    b->data[b->len] = '\0';
    return b->data;
}

int buf_error(const struct buf *b, const char *what, struct err *err)
{
    if (!b->error)
        return 0;
    if (b->error == E_NOMEM)
        return err_nomem(err);
    assert(b->error == E_TOO_LARGE);
    return err_set(err, E_TOO_LARGE, NULL,
        "%s would be larger than the limit of %zu bytes.", what, b->max);
}

int buf_keep(const struct buf *b, struct arena *a, const char *what, struct str *ret,
    struct err *err)
{
    int r = buf_error(b, what, err);
    char *copy = r == 0 ? arena_strndup(a, b->data ? b->data : "", b->len) : NULL;

    if (r == 0 && !copy)
        r = err_nomem(err);
    if (r == 0)
        *ret = (struct str){copy, b->len};
    return r;
}

void buf_detach(struct buf *b, char **ret_data, size_t *ret_len)
{
    if (b->error || b->len == 0) {
        *ret_data = NULL;
        *ret_len = 0;
        buf_done(b);
        return;
    }
    *ret_data = b->data;
    *ret_len = b->len;
    buf_init(b, b->max);
}
