/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory by lifetime: an arena is filled while one request, job or import entry is
 * served and emptied in one step. Nothing allocated from it is freed singly.
 * Not for two threads at once.
 *
 * Invariants (arena_check): 1. the bytes used of each block are at most its size;
 * 2. blocks kept after a reset add up to at most LIMIT_ARENA_BLOCK.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/err.h"

struct arena;

/* A new arena, or NULL when memory is out. */
struct arena *arena_new(void);

/* Free ${a} and all it holds, after its cleanups. NULL is fine. */
void arena_free(struct arena *a);

/* Run the cleanups, newest first, and make all memory of ${a} free for use again. */
void arena_reset(struct arena *a);

/* ${size} bytes aligned for any type, zeroed; NULL when memory is out. Size 0 gives a
 * valid pointer. */
void *arena_alloc(struct arena *a, size_t size);

/* As arena_alloc, not zeroed. */
void *arena_alloc_raw(struct arena *a, size_t size);

/* ${count} * ${size} zeroed bytes; NULL when memory is out or the product overflows. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* Grow an array: a copy of ${old} (${old_size} bytes; may be NULL with 0) in
 * ${new_size} bytes. In place when ${old} was the last allocation. NULL: no memory. */
void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size);

/* A copy of ${len} bytes with a NUL behind it; NULL when memory is out. */
char *arena_strndup(struct arena *a, const char *s, size_t len);

/* printf into the arena; NULL when memory is out. */
char *arena_printf(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Call ${fn}(${arg}) when the arena is reset or freed. E_NOMEM: not registered. */
int arena_cleanup(struct arena *a, void (*fn)(void *), void *arg);

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *a);

/* True when the invariants hold. */
int arena_check(const struct arena *a);

/*
 * For fault tests: the ${n}-th allocation from now on (1 = the next), over all arenas
 * and buffers of the process, fails once; 0 turns it off. Returns how many allocations
 * were counted since the last call; while it is off none is. Not for use while other threads run.
 */
unsigned long base_fail_alloc(unsigned long n);

/* malloc, realloc and free of the program: they take part in base_fail_alloc. */
void *base_malloc(size_t size);
void *base_realloc(void *p, size_t size);
void base_free(void *p);

#endif
