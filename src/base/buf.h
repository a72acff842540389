/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing byte buffer born with a ceiling. An append that cannot be done (memory,
 * ceiling) marks the buffer as failed and does nothing; later appends do nothing
 * either, so that a writer checks once, at the end, with buf_error().
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

#include "base/err.h"

struct arena;
struct str;

struct buf {
    char *data; /* never NUL-terminated by itself; see buf_cstr */
    size_t len;
    size_t cap;
    size_t max; /* ceiling in bytes */
    int error;  /* 0, E_NOMEM or E_TOO_LARGE */
};

/* An empty buffer that may grow to ${max} bytes. Allocates nothing. */
void buf_init(struct buf *b, size_t max);

/* Free what ${b} holds; it is then as after buf_init. */
void buf_done(struct buf *b);

/* Length 0, memory kept, error cleared. */
void buf_clear(struct buf *b);

void buf_add(struct buf *b, const void *data, size_t len);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void buf_addv(struct buf *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
void buf_add_u64(struct buf *b, unsigned long long v);

/* Room for ${len} more bytes; NULL (and the buffer failed) when there is none. The
 * caller writes there and adds what it wrote to b->len. */
char *buf_reserve(struct buf *b, size_t len);

/* The content with a NUL behind it (not counted); "" for an empty one, NULL if failed. */
const char *buf_cstr(struct buf *b);

/* 0, or the error with a sentence naming ${what}. */
int buf_error(const struct buf *b, const char *what, struct err *err);

/* A copy of the content in ${a}; what cannot be is told as by buf_error() and leaves ${ret}. */
int buf_keep(const struct buf *b, struct arena *a, const char *what, struct str *ret,
    struct err *err);

/* Hand the memory over: the caller frees ${*ret_data} with base_free(). NULL if empty. */
void buf_detach(struct buf *b, char **ret_data, size_t *ret_len);

#endif
