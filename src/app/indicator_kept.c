/* SPDX-License-Identifier: Apache-2.0 */
#include "app/indicator_kept.h"

#include <stdatomic.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/thread.h"

#define INDICATORS 256 /* their numbers are bytes (view/indicator.h) */

/* Read only once it is made, but for its position, which the memory's lock guards. */
struct holder {
    struct indicator_kept kept; /* the first member */
    atomic_uint users;
    size_t bytes;
};

struct indicator_memory {
    pthread_mutex_t lock;
    struct reader_memory *changes;
    struct holder *list[INDICATORS]; /* each with a user for the memory itself */
    size_t bytes;
};

struct indicator_memory *indicator_memory_new(struct reader_memory *changes)
{
    struct indicator_memory *m = base_malloc(sizeof(*m));

    if (!m)
        return NULL;
    memset(m, 0, sizeof(*m));
    m->changes = changes;
    pthread_mutex_init(&m->lock, NULL);
    return m;
}

static void release(struct holder *h)
{
    if (!h || atomic_fetch_sub(&h->users, 1) > 1)
        return;
    base_free(h->kept.facts);
    base_free(h);
}

void indicator_kept_release(struct indicator_kept *k)
{
    release((struct holder *)k);
}

/* With lock held. */
static void drop(struct indicator_memory *m, size_t index)
{
    if (m->list[index])
        m->bytes -= m->list[index]->bytes;
    release(m->list[index]);
    m->list[index] = NULL;
}

void indicator_memory_free(struct indicator_memory *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < INDICATORS; i++)
        drop(m, i);
    pthread_mutex_destroy(&m->lock);
    base_free(m);
}

/* Has no record that ${k} follows from changed between ${after}, its position, and ${until}? */
static bool holds(const struct indicator_memory *m, const struct indicator_kept *k,
    int64_t after, int64_t until)
{
    struct reader_changes which = {
        .after = after, .until = until, .type_count = k->type_count};
    store_rid none[1];
    size_t count = 0;

    memcpy(which.types, k->types, sizeof(k->types));
    return after == until || (after < until && reader_memory_changes(m->changes, &which,
                                                   none, 0, &count));
}

struct indicator_kept *indicator_kept_get(
    struct indicator_memory *m, size_t index, int64_t position)
{
    struct holder *h = NULL;
    int64_t after = 0;
    bool good = false;

    if (!m->changes || index >= INDICATORS || position < 0)
        return NULL;
    pthread_mutex_lock(&m->lock);
    h = m->list[index];
    if (h) {
        atomic_fetch_add(&h->users, 1);
        after = h->kept.position;
    }
    pthread_mutex_unlock(&m->lock);
    if (!h)
        return NULL;
    good = holds(m, &h->kept, after, position);
    pthread_mutex_lock(&m->lock);
    if (good && h->kept.position < position)
        h->kept.position = position;
    if (!good && after < position && m->list[index] == h)
        drop(m, index);
    pthread_mutex_unlock(&m->lock);
    if (good)
        return &h->kept;
    release(h);
    return NULL;
}

static struct holder *copy(const struct indicator_kept *k)
{
    struct holder *h = base_malloc(sizeof(*h));
    size_t bytes = k->count * sizeof(*k->facts);

    if (!h)
        return NULL;
    *h = (struct holder){.kept = *k, .bytes = bytes + sizeof(*h)};
    atomic_init(&h->users, 1);
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

    if (!m->changes || index >= INDICATORS || k->position < 0 ||
        k->count > LIMIT_INDICATOR_KEPT / sizeof(*k->facts))
        return;
    h = copy(k);
    if (!h)
        return;
    pthread_mutex_lock(&m->lock);
    if (!m->list[index] || m->list[index]->kept.position < k->position) {
        drop(m, index);
        if (m->bytes + h->bytes <= LIMIT_INDICATOR_KEPT) {
            m->bytes += h->bytes;
            m->list[index] = h;
            h = NULL;
        }
    }
    pthread_mutex_unlock(&m->lock);
    release(h);
}
