/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of record numbers, and lists of rids without doubles. */
#include <stdlib.h>

#include "base/hash.h"

#include "view/search_internal.h"

void rid_set_init(struct rid_set *s, struct arena *a, uint64_t top)
{
    *s = (struct rid_set){.a = a, .top = top};
}

void rid_set_lend(struct rid_set *s, uint64_t top, const store_rid *list, size_t count)
{
    while (count > 0 && ((uint64_t)list[count - 1] & SEARCH_N_MASK) > top)
        count--; /* no live record has it */
    *s = (struct rid_set){.top = top, .lent = list, .count = count};
}

static uint64_t at_place(const struct rid_set *s, size_t i)
{
    return s->lent ? (uint64_t)s->lent[i] & SEARCH_N_MASK : s->list[i];
}

static int to_bits(struct rid_set *s, struct err *err)
{
    size_t i;

    s->bits = arena_array(s->a, s->top / 64 + 1, sizeof(*s->bits));
    if (!s->bits)
        return err_nomem(err);
    for (i = 0; i < s->count; i++)
        s->bits[s->list[i] / 64] |= 1ull << s->list[i] % 64;
    return 0;
}

int rid_set_add(struct rid_set *s, uint64_t n, struct err *err)
{
    int r;

    if (n > s->top)
        return 0; /* no live record has it */
    if (s->bits) {
        s->bits[n / 64] |= 1ull << n % 64;
        return 0;
    }
    if (s->count && s->list[s->count - 1] == n)
        return 0;
    if (s->count == s->cap) {
        size_t cap = s->cap ? s->cap * 2 : 64;
        uint64_t *grown;
        if (cap > s->top / 64 + 64) {
            r = to_bits(s, err);
            return r < 0 ? r : rid_set_add(s, n, err);
        }
        grown =
            arena_grow(s->a, s->list, s->cap * sizeof(*grown), cap * sizeof(*grown));
        if (!grown)
            return err_nomem(err);
        s->list = grown;
        s->cap = cap;
    }
    s->list[s->count++] = n;
    return 0;
}

static int number_order(const void *x, const void *y)
{
    const uint64_t *a = x, *b = y;

    return *a < *b ? -1 : *a > *b;
}

void rid_set_finish(struct rid_set *s)
{
    size_t kept = 0, i;
    bool ordered = true;

    if (s->bits) {
        for (s->count = 0, i = 0; i <= s->top / 64; i++)
            s->count += (size_t)__builtin_popcountll(s->bits[i]);
        return;
    }
    for (i = 1; i < s->count; i++)
        ordered &= s->list[i - 1] <= s->list[i];
    if (!ordered)
        qsort(s->list, s->count, sizeof(*s->list), number_order);
    for (i = 0; i < s->count; i++)
        if (kept == 0 || s->list[kept - 1] != s->list[i])
            s->list[kept++] = s->list[i];
    s->count = kept;
}

/* The index of the first element >= n. */
static size_t lower_bound(const struct rid_set *s, uint64_t n)
{
    size_t lo = 0, hi = s->count;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (at_place(s, mid) < n)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

bool rid_set_has(const struct rid_set *s, uint64_t n)
{
    size_t i;

    if (n > s->top)
        return false;
    if (s->bits)
        return s->bits[n / 64] >> n % 64 & 1;
    i = lower_bound(s, n);
    return i < s->count && at_place(s, i) == n;
}

static uint64_t bits_up(const struct rid_set *s, uint64_t from)
{
    uint64_t word = from / 64, bits;

    if (from > s->top)
        return SEARCH_END;
    bits = s->bits[word] & UINT64_MAX << from % 64;
    while (!bits) {
        if (++word > s->top / 64)
            return SEARCH_END;
        bits = s->bits[word];
    }
    return word * 64 + (uint64_t)__builtin_ctzll(bits);
}

static uint64_t bits_down(const struct rid_set *s, uint64_t from)
{
    uint64_t word, bits;

    if (from > s->top)
        from = s->top;
    word = from / 64;
    bits = s->bits[word] & UINT64_MAX >> (63 - from % 64);
    while (!bits) {
        if (word-- == 0)
            return SEARCH_END;
        bits = s->bits[word];
    }
    return word * 64 + 63 - (uint64_t)__builtin_clzll(bits);
}

uint64_t rid_set_next(const struct rid_set *s, uint64_t from, bool down)
{
    size_t i;

    if (s->bits)
        return down ? bits_down(s, from) : bits_up(s, from);
    i = lower_bound(s, from);
    if (!down)
        return i < s->count ? at_place(s, i) : SEARCH_END;
    if (i < s->count && at_place(s, i) == from)
        return from;
    return i > 0 ? at_place(s, i - 1) : SEARCH_END;
}

uint64_t rid_set_absent(const struct rid_set *s, uint64_t from, bool down)
{
    if (down && from > s->top)
        from = s->top;
    if (s->bits && !down) /* word by word where all are there */
        while (from <= s->top && from % 64 == 0 && s->bits[from / 64] == UINT64_MAX)
            from += 64;
    while (from && from <= s->top && rid_set_has(s, from)) {
        from += down ? UINT64_MAX : 1;
        if (s->bits && !down)
            while (from <= s->top && from % 64 == 0 && s->bits[from / 64] == UINT64_MAX)
                from += 64;
    }
    return from;
}

static int list_grow(struct rid_list *l, struct err *err)
{
    size_t cap = l->cap ? l->cap * 2 : 64, i;
    store_rid *list =
        arena_grow(l->a, l->list, l->cap * sizeof(*list), cap * sizeof(*list));
    uint32_t *slots = arena_array(l->a, cap * 2, sizeof(*slots));

    if (!list || !slots)
        return err_nomem(err);
    l->list = list;
    l->cap = cap;
    l->slots = slots;
    l->slot_cap = cap * 2;
    for (i = 0; i < l->count; i++) {
        size_t at = hash64(&list[i], sizeof(list[i]), 0) % l->slot_cap;
        while (slots[at])
            at = (at + 1) % l->slot_cap;
        slots[at] = (uint32_t)i + 1;
    }
    return 0;
}

int rid_list_add(struct rid_list *l, store_rid rid, struct err *err)
{
    size_t at;
    int r;

    if (l->count == l->cap) {
        r = list_grow(l, err);
        if (r < 0)
            return r;
    }
    at = hash64(&rid, sizeof(rid), 0) % l->slot_cap;
    for (; l->slots[at]; at = (at + 1) % l->slot_cap)
        if (l->list[l->slots[at] - 1] == rid)
            return 0;
    l->list[l->count++] = rid;
    l->slots[at] = (uint32_t)l->count;
    return 1;
}
