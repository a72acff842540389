/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Arenas as a list of blocks with a bump pointer in the newest:
 *
 *   blocks -> [head|used.....|at     free     end] -> [head|used....|lost] -> ...
 *
 * Blocks double up to LIMIT_ARENA_BLOCK. What needs more than half of that gets a block
 * of its own behind the newest, so that the room left there is not lost.
 * A reset keeps the largest block that is not over the limit: after its first requests
 * a worker allocates without asking malloc at all. Under the address sanitiser memory
 * that is not handed out is poisoned, so that use after a reset is found.
 */
#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena_internal.h"
#include "base/limits.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define poison(p, n) __asan_poison_memory_region((p), (n))
#define unpoison(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define poison(p, n) ((void)(p), (void)(n))
#define unpoison(p, n) ((void)(p), (void)(n))
#endif

#define ARENA_ALIGN ((size_t)16)
#define ARENA_FIRST ((size_t)8 << 10)

struct block {
    struct block *next;
    size_t size; /* bytes in data */
    size_t used; /* of the newest block: see arena.at */
    _Alignas(ARENA_ALIGN) char data[];
};

struct cleanup {
    struct cleanup *next;
    void (*fn)(void *);
    void *arg;
};

struct arena {
    char *at;   /* the next free byte of the newest block */
    char *end;  /* behind its last byte */
    char *last; /* the newest allocation there, for arena_grow */
    struct block *blocks;
    struct cleanup *cleanups;
};

struct arena *arena_new(void)
{
    struct arena *a = base_malloc(sizeof(*a));

    if (a)
        *a = (struct arena){0};
    return a;
}

static void run_cleanups(struct arena *a)
{
    while (a->cleanups) {
        struct cleanup *c = a->cleanups;

        a->cleanups = c->next;
        c->fn(c->arg);
    }
}

static void block_free(struct block *b)
{
    unpoison(b->data, b->size);
    base_free(b);
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    run_cleanups(a);
    while (a->blocks) {
        struct block *b = a->blocks;

        a->blocks = b->next;
        block_free(b);
    }
    base_free(a);
}

/* Make ${b} the block that is bumped; NULL: none. */
static void use_block(struct arena *a, struct block *b)
{
    a->at = b ? b->data + b->used : NULL;
    a->end = b ? b->data + b->size : NULL;
    a->last = NULL;
}

void arena_reset(struct arena *a)
{
    struct block *keep = NULL;
    struct block *b = NULL;

    run_cleanups(a);
    b = a->blocks;
    while (b) {
        struct block *next = b->next;

        if (b->size > LIMIT_ARENA_BLOCK || (keep && keep->size >= b->size)) {
            block_free(b);
        } else {
            if (keep)
                block_free(keep);
            keep = b;
        }
        b = next;
    }
    if (keep) {
        keep->next = NULL;
        keep->used = 0;
        poison(keep->data, keep->size);
    }
    a->blocks = keep;
    use_block(a, keep);
    assert(arena_check(a));
}

static struct block *block_new(size_t size)
{
    struct block *b = NULL;

    if (size > SIZE_MAX - sizeof(*b))
        return NULL;
    b = base_malloc(sizeof(*b) + size);
    if (!b)
        return NULL;
    *b = (struct block){.size = size};
    poison(b->data, b->size);
    return b;
}

/* The slow path: ${size}, a multiple of ARENA_ALIGN, does not fit the newest block. */
static __attribute__((noinline)) void *alloc_block(struct arena *a, size_t size)
{
    size_t want = a->blocks ? a->blocks->size * 2 : ARENA_FIRST;
    struct block *b = NULL;

    if (a->blocks && size > LIMIT_ARENA_BLOCK / 2) {
        b = block_new(size);
        if (!b)
            return NULL;
        b->used = size;
        b->next = a->blocks->next;
        a->blocks->next = b;
        unpoison(b->data, size);
        return b->data;
    }
    while (want < size && want < LIMIT_ARENA_BLOCK)
        want *= 2;
    if (want > LIMIT_ARENA_BLOCK)
        want = LIMIT_ARENA_BLOCK;
    b = block_new(size > want ? size : want);
    if (!b)
        return NULL;
    if (a->blocks)
        a->blocks->used = (size_t)(a->at - a->blocks->data);
    b->next = a->blocks;
    a->blocks = b;
    use_block(a, b);
    a->last = a->at;
    a->at += size;
    unpoison(a->last, size);
    return a->last;
}

void *arena_alloc_raw(struct arena *a, size_t size)
{
    size_t need = (size + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);

    if (__builtin_expect(size > SIZE_MAX / 2, 0) || base_fault_due())
        return NULL;
    if (need == 0)
        need = ARENA_ALIGN;
    if (__builtin_expect(need > (size_t)(a->end - a->at), 0))
        return alloc_block(a, need);
    a->last = a->at;
    a->at += need;
    unpoison(a->last, need);
    return a->last;
}

void *arena_alloc(struct arena *a, size_t size)
{
    void *p = arena_alloc_raw(a, size);

    if (p)
        memset(p, 0, size);
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t total = 0;

    if (__builtin_mul_overflow(count, size, &total))
        return NULL;
    return arena_alloc(a, total);
}

/* Move the end of the newest allocation, if ${old} is that and there is room. */
static bool grow_in_place(struct arena *a, char *old, size_t new_size)
{
    size_t need = (new_size + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);

    if (!old || old != a->last || new_size > SIZE_MAX / 2 ||
        need > (size_t)(a->end - old))
        return false;
    if (old + need > a->at) {
        a->at = old + need;
        unpoison(old, need);
    }
    return true;
}

void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size)
{
    void *p = NULL;

    if (old && new_size <= old_size)
        return old;
    if (old && old == a->last) {
        if (base_fault_due())
            return NULL;
        if (grow_in_place(a, old, new_size))
            return old;
    }
    p = arena_alloc_raw(a, new_size);
    if (p && old)
        memcpy(p, old, old_size);
    return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
    char *p = len < SIZE_MAX ? arena_alloc_raw(a, len + 1) : NULL;

    if (!p)
        return NULL;
    if (len > 0)
        memcpy(p, s, len);
    p[len] = '\0';
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    char *p = NULL;
    va_list ap;
    int len = 0;

    va_start(ap, fmt);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (len < 0)
        return NULL;
    p = arena_alloc_raw(a, (size_t)len + 1);
    if (!p)
        return NULL;
    va_start(ap, fmt);
    vsnprintf(p, (size_t)len + 1, fmt, ap);
    va_end(ap);
    return p;
}

int arena_cleanup(struct arena *a, void (*fn)(void *), void *arg)
{
    struct cleanup *c = arena_alloc_raw(a, sizeof(*c));

    if (!c)
        return E_NOMEM;
    *c = (struct cleanup){a->cleanups, fn, arg};
    a->cleanups = c;
    return 0;
}

size_t arena_used(const struct arena *a)
{
    size_t used = 0;

    if (!a->blocks)
        return 0;
    for (const struct block *b = a->blocks->next; b; b = b->next)
        used += b->used;
    return used + (size_t)(a->at - a->blocks->data);
}

int arena_check(const struct arena *a)
{
    const struct block *b = a->blocks;

    if (!b)
        return a->at == NULL && a->end == NULL && a->cleanups == NULL;
    if (a->at < b->data || a->at > a->end || a->end != b->data + b->size)
        return 0;
    if (a->last && (a->last < b->data || a->last >= a->at))
        return 0;
    if (a->at == b->data && !b->next && b->size > LIMIT_ARENA_BLOCK)
        return 0;
    for (b = b->next; b; b = b->next) {
        if (b->used > b->size)
            return 0;
    }
    return 1;
}
