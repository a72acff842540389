/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing with linear probing; doubled when half full. */
#include "app/number_map.h"

#define FIRST_CAP 64

struct number_map_slot {
    uint64_t key; /* 0: free */
    uint32_t value;
};

/* The finisher of splitmix64 (Steele, Lea, Flood 2014): every bit of ${key} moves all. */
static size_t mix(uint64_t key)
{
    key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9u;
    key = (key ^ (key >> 27)) * 0x94d049bb133111ebu;
    return (size_t)(key ^ (key >> 31));
}

static struct number_map_slot *find(const struct number_map *m, uint64_t key)
{
    size_t at = mix(key) & (m->cap - 1);

    while (m->slots[at].key && m->slots[at].key != key)
        at = (at + 1) & (m->cap - 1);
    return &m->slots[at];
}

static bool grow(struct arena *a, struct number_map *m)
{
    struct number_map more = {
        .cap = m->cap ? m->cap * 2 : FIRST_CAP, .count = m->count};

    more.slots = arena_array(a, more.cap, sizeof(*more.slots));
    if (!more.slots)
        return false;
    for (size_t i = 0; i < m->cap; i++) {
        if (m->slots[i].key)
            *find(&more, m->slots[i].key) = m->slots[i];
    }
    *m = more;
    return true;
}

bool number_map_take(
    struct arena *a, struct number_map *m, uint64_t key, uint32_t value, uint32_t *ret)
{
    struct number_map_slot *slot = NULL;

    if (m->count * 2 >= m->cap && !grow(a, m))
        return false;
    slot = find(m, key);
    if (!slot->key) {
        *slot = (struct number_map_slot){key, value};
        m->count++;
    }
    *ret = slot->value;
    return true;
}

bool number_map_get(const struct number_map *m, uint64_t key, uint32_t *ret)
{
    const struct number_map_slot *slot = m->cap && key ? find(m, key) : NULL;

    if (!slot || !slot->key)
        return false;
    *ret = slot->value;
    return true;
}
