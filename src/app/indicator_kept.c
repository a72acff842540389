/* SPDX-License-Identifier: Apache-2.0 */
#include "app/indicator_kept.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"

#include "app/kept.h"

#define INDICATORS 256 /* their numbers are bytes (view/indicator.h) */

/* The memory's position of it moves on, that of the facts stays as it was put. */
struct holder {
    struct kept_value value; /* the first member */
    struct indicator_kept kept;
};

struct indicator_memory {
    struct kept_memory *kept; /* a place for each indicator */
};

struct indicator_memory *indicator_memory_new(struct reader_memory *changes)
{
    struct indicator_memory *m = base_malloc(sizeof(*m));

    if (!m)
        return NULL;
    m->kept = kept_memory_new(changes, INDICATORS, LIMIT_INDICATOR_KEPT);
    if (m->kept)
        return m;
    base_free(m);
    return NULL;
}

void indicator_memory_free(struct indicator_memory *m)
{
    if (!m)
        return;
    kept_memory_free(m->kept);
    base_free(m);
}

struct indicator_kept *indicator_kept_get(
    struct indicator_memory *m, size_t index, int64_t position)
{
    struct kept_value *v = kept_get(m->kept, index, position);

    return v ? &((struct holder *)v)->kept : NULL;
}

void indicator_kept_release(struct indicator_kept *k)
{
    if (k)
        kept_release((struct kept_value *)((char *)k - offsetof(struct holder, kept)));
}

static void done(struct kept_value *v)
{
    struct holder *h = (struct holder *)v;

    base_free(h->kept.facts);
    base_free(h);
}

static struct holder *copy(const struct indicator_kept *k)
{
    struct holder *h = base_malloc(sizeof(*h));
    size_t bytes = k->count * sizeof(*k->facts);

    if (!h)
        return NULL;
    *h = (struct holder){.kept = *k,
        .value = {.type_count = k->type_count,
            .position = k->position,
            .bytes = bytes + sizeof(*h),
            .done = done}};
    memcpy(h->value.types, k->types, sizeof(k->types));
    h->kept.facts = base_malloc(bytes ? bytes : 1);
    if (!h->kept.facts) {
        base_free(h);
        return NULL;
    }
    if (bytes)
        memcpy(h->kept.facts, k->facts, bytes);
    return h;
}

void indicator_kept_put(
    struct indicator_memory *m, size_t index, const struct indicator_kept *k)
{
    struct holder *h = NULL;

    if (k->position >= 0 && k->count <= LIMIT_INDICATOR_KEPT / sizeof(*k->facts))
        h = copy(k);
    if (h)
        kept_put(m->kept, index, &h->value);
}
