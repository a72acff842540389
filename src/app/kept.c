/* SPDX-License-Identifier: Apache-2.0 */
#include "app/kept.h"

#include <string.h>

#include "base/arena.h"
#include "base/thread.h"

/* Of each value that is kept the memory is a user, and its position is guarded by the lock. */
struct kept_memory {
    pthread_mutex_t lock;
    struct reader_memory *changes;
    size_t places, bytes, most;
    struct kept_value *list[];
};

struct kept_memory *kept_memory_new(
    struct reader_memory *changes, size_t places, size_t most)
{
    size_t size = sizeof(struct kept_memory) + places * sizeof(struct kept_value *);
    struct kept_memory *m = base_malloc(size);

    if (!m)
        return NULL;
    memset(m, 0, size);
    m->changes = changes;
    m->places = places;
    m->most = most;
    pthread_mutex_init(&m->lock, NULL);
    return m;
}

void kept_release(struct kept_value *v)
{
    if (v && atomic_fetch_sub(&v->users, 1) == 1)
        v->done(v);
}

/* With lock held: what was at ${place}, to be released without it, since that may take a while. */
static struct kept_value *take_out(struct kept_memory *m, size_t place)
{
    struct kept_value *old = m->list[place];

    if (old)
        m->bytes -= old->bytes;
    m->list[place] = NULL;
    return old;
}

void kept_memory_free(struct kept_memory *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->places; i++)
        kept_release(take_out(m, i));
    pthread_mutex_destroy(&m->lock);
    base_free(m);
}

/* Has no record that ${v} follows from changed between ${after}, its position, and ${until}? */
static bool holds(const struct kept_memory *m, const struct kept_value *v,
    int64_t after, int64_t until)
{
    struct reader_changes which = {
        .after = after, .until = until, .type_count = v->type_count};
    store_rid none[1];
    size_t count = 0;

    memcpy(which.types, v->types, sizeof(v->types));
    return after == until || (after < until && reader_memory_changes(m->changes, &which,
                                                   none, 0, &count));
}

/* With lock held. What is at ${place}, for one more user. */
static struct kept_value *hold(
    struct kept_memory *m, size_t place, int64_t *ret_position)
{
    struct kept_value *v = m->list[place];

    if (!v)
        return NULL;
    atomic_fetch_add(&v->users, 1);
    *ret_position = v->position;
    return v;
}

/* With lock held. ${v}, which was asked about at ${position}, is good until there, or goes: what is to be released then. */
static struct kept_value *note(struct kept_memory *m, size_t place,
    struct kept_value *v, bool good, int64_t position)
{
    if (good && v->position < position)
        v->position = position;
    if (good || v->position >= position || m->list[place] != v)
        return NULL;
    return take_out(m, place);
}

struct kept_value *kept_get(struct kept_memory *m, size_t place, int64_t position)
{
    struct kept_value *v = NULL;
    struct kept_value *old = NULL;
    int64_t after = 0;
    bool good = false;

    if (!m->changes || place >= m->places || position < 0)
        return NULL;
    pthread_mutex_lock(&m->lock);
    v = hold(m, place, &after);
    pthread_mutex_unlock(&m->lock);
    if (!v)
        return NULL;
    good = holds(m, v, after, position);
    pthread_mutex_lock(&m->lock);
    old = note(m, place, v, good, position);
    pthread_mutex_unlock(&m->lock);
    kept_release(old);
    if (good)
        return v;
    kept_release(v);
    return NULL;
}

/* May ${v} be kept at ${place} at all? */
static bool fits(const struct kept_memory *m, size_t place, const struct kept_value *v)
{
    return m->changes && place < m->places && v->position >= 0 &&
           v->type_count <= READER_CHANGES_TYPES && v->bytes <= m->most;
}

void kept_put(struct kept_memory *m, size_t place, struct kept_value *v)
{
    struct kept_value *old = NULL;
    bool kept = false;

    atomic_init(&v->users, 1);
    if (!fits(m, place, v)) {
        kept_release(v);
        return;
    }
    pthread_mutex_lock(&m->lock);
    if (!m->list[place] || m->list[place]->position <= v->position) {
        old = take_out(m, place);
        kept = m->bytes + v->bytes <= m->most;
    }
    if (kept) {
        m->bytes += v->bytes;
        m->list[place] = v;
    }
    pthread_mutex_unlock(&m->lock);
    kept_release(old);
    if (!kept)
        kept_release(v);
}
