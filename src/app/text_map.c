/* SPDX-License-Identifier: Apache-2.0 */
/* Open addressing with linear probing; doubled when half full. */
#include "app/text_map.h"

#include "base/hash.h"

#define FIRST_CAP 64

struct text_map_slot {
    uint64_t hash;
    struct str text; /* p NULL: free */
    size_t value;
};

static struct text_map_slot *find(
    const struct text_map *m, struct str text, uint64_t hash)
{
    size_t at = (size_t)hash & (m->cap - 1);

    while (m->slots[at].text.p &&
           (m->slots[at].hash != hash || !str_eq(m->slots[at].text, text)))
        at = (at + 1) & (m->cap - 1);
    return &m->slots[at];
}

static bool grow(struct arena *a, struct text_map *m)
{
    struct text_map more = {.cap = m->cap ? m->cap * 2 : FIRST_CAP, .count = m->count};

    more.slots = arena_array(a, more.cap, sizeof(*more.slots));
    if (!more.slots)
        return false;
    for (size_t i = 0; i < m->cap; i++) {
        if (m->slots[i].text.p)
            *find(&more, m->slots[i].text, m->slots[i].hash) = m->slots[i];
    }
    *m = more;
    return true;
}

int text_map_put(
    struct arena *a, struct text_map *m, struct str text, size_t value, size_t *ret_old)
{
    uint64_t hash = hash64(text.p, text.len, 0);
    struct text_map_slot *slot = NULL;

    if (m->count * 2 >= m->cap && !grow(a, m))
        return E_NOMEM;
    slot = find(m, text, hash);
    if (slot->text.p) {
        if (ret_old)
            *ret_old = slot->value;
        return 0;
    }
    *slot = (struct text_map_slot){hash, text, value};
    m->count++;
    return 1;
}

bool text_map_get(const struct text_map *m, struct str text, size_t *ret)
{
    const struct text_map_slot *slot = NULL;

    if (m->cap == 0 || !text.p)
        return false;
    slot = find(m, text, hash64(text.p, text.len, 0));
    if (!slot->text.p)
        return false;
    *ret = slot->value;
    return true;
}
