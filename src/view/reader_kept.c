/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of persons: read-only lists, counted by their users, in a hash table. */
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/limits.h"

#include "view/reader_memory_internal.h"

static uint64_t hash_of(const struct reader_kept_key *key)
{
    return hash64(key->who.p, key->who.len,
        (uint64_t)key->order << 32 | (uint64_t)key->kind << 16 | key->type);
}

static struct reader_kept **bucket(struct reader_memory *m, uint64_t hash)
{
    return &m->buckets[hash % READER_KEPT_BUCKETS];
}

static bool is_same(const struct reader_kept *a, const struct reader_kept *b)
{
    return a->hash == b->hash && a->kind == b->kind && a->type == b->type &&
           a->order == b->order && str_eq(a->who, b->who);
}

static bool holds(const struct reader_memory *m, const struct reader_kept *k,
    const struct reader_kept_key *key)
{
    const size_t most = sizeof(key->types) / sizeof(key->types[0]);

    for (size_t i = 0; i < most; i++) {
        if (key->types[i] && m->changed[key->types[i]] > atomic_load(&k->position))
            return false;
    }
    return true;
}

void reader_kept_release(struct reader_kept *k)
{
    if (k && atomic_fetch_sub(&k->users, 1) == 1)
        base_free(k);
}

void reader_kept_confirm(struct reader_kept *k, int64_t position)
{
    long long before = atomic_load(&k->position);

    while (before < position &&
           !atomic_compare_exchange_weak(&k->position, &before, position))
        continue;
}

/* Take the one at ${at} out; the lock is held. */
static void drop(struct reader_memory *m, struct reader_kept **at)
{
    struct reader_kept *k = *at;

    *at = k->next;
    m->kept_bytes -= k->bytes;
    reader_kept_release(k);
}

void reader_kept_forget(struct reader_memory *m)
{
    for (size_t i = 0; i < READER_KEPT_BUCKETS; i++) {
        while (m->buckets[i])
            drop(m, &m->buckets[i]);
    }
}

struct reader_kept *reader_kept_get(
    struct reader_memory *m, const struct reader_kept_key *key)
{
    const struct reader_kept wanted = {.hash = hash_of(key),
        .kind = key->kind,
        .type = key->type,
        .order = key->order,
        .who = key->who};
    struct reader_kept *found = NULL;

    pthread_mutex_lock(&m->lock);
    if (reader_memory_is_at(m, key->position))
        found = *bucket(m, wanted.hash);
    while (found && !is_same(found, &wanted))
        found = found->next;
    if (found && !holds(m, found, key))
        found = NULL;
    if (found)
        atomic_fetch_add(&found->users, 1);
    pthread_mutex_unlock(&m->lock);
    return found;
}

struct reader_kept *reader_kept_new(const struct reader_kept_key *key, size_t count)
{
    size_t bytes =
        sizeof(struct reader_kept) + count * sizeof(store_rid) + key->who.len;
    struct reader_kept *k =
        count <= LIMIT_READER_KEPT_ONE / sizeof(store_rid) ? base_malloc(bytes) : NULL;
    char *who = NULL;

    if (!k)
        return NULL;
    memset(k, 0, sizeof(*k));
    atomic_store(&k->users, 1);
    k->kind = key->kind;
    k->type = key->type;
    k->order = key->order;
    atomic_store(&k->position, key->position);
    k->bytes = bytes;
    k->hash = hash_of(key);
    k->set[0] = (store_rid *)(void *)(k + 1);
    who = (char *)(k->set[0] + count);
    memcpy(who, key->who.p, key->who.len);
    k->who = (struct str){who, key->who.len};
    return k;
}

void reader_kept_put(struct reader_memory *m, struct reader_kept *k)
{
    struct reader_kept **at = NULL;

    pthread_mutex_lock(&m->lock);
    if (reader_memory_is_at(m, atomic_load(&k->position))) {
        for (at = bucket(m, k->hash); *at && !is_same(*at, k); at = &(*at)->next)
            continue;
        if (*at)
            drop(m, at);
        while (m->kept_bytes + k->bytes > LIMIT_READER_KEPT) {
            at = &m->buckets[m->kept_hand++ % READER_KEPT_BUCKETS];
            while (*at)
                drop(m, at);
        }
        at = bucket(m, k->hash);
        k->next = *at;
        *at = k;
        m->kept_bytes += k->bytes;
        atomic_fetch_add(&k->users, 1);
    }
    pthread_mutex_unlock(&m->lock);
}
