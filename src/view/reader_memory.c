/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts in pages of records whose numbers lie together, found by a table of sets of four.
 *
 * They are read without a lock. ${turn} is odd while anything is forgotten and never the
 * same again: who reads it, then a fact, and then the same even turn, has read a fact of
 * the position that was read in between. For that, a turn is made odd before anything of
 * it is undone, and what is undone is stored with release order: who sees it sees the odd
 * turn too. New facts are added under the lock, and only of the position the memory is at.
 */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"

#include "fhir/definition.h"
#include "view/reader_memory_internal.h"

#define PAGE_BITS 10
#define PAGE_FACTS (1u << PAGE_BITS)
#define WAYS 4u
#define SETS (LIMIT_READER_PAGES / WAYS)

struct reader_memory *reader_memory_new(void)
{
    struct reader_memory *m = base_malloc(sizeof(*m));

    if (!m)
        return NULL;
    memset(m, 0, sizeof(*m));
    m->pages = base_malloc(LIMIT_READER_PAGES * sizeof(*m->pages));
    if (!m->pages) {
        base_free(m);
        return NULL;
    }
    memset(m->pages, 0, LIMIT_READER_PAGES * sizeof(*m->pages));
    pthread_mutex_init(&m->lock, NULL);
    atomic_store(&m->position, -1);
    m->stopped = true;
    m->organization = fhir_resource_named(STR("Organization"))->number;
    return m;
}

void reader_memory_free(struct reader_memory *m)
{
    if (!m)
        return;
    reader_kept_forget(m);
    for (size_t i = 0; i < LIMIT_READER_PAGES; i++)
        base_free(atomic_load(&m->pages[i].facts));
    base_free(m->pages);
    pthread_mutex_destroy(&m->lock);
    base_free(m);
}

/* ---- pages ---- */

static uint64_t key_of(enum reader_plane plane, store_rid rid)
{
    return (uint64_t)plane << 62 | (uint64_t)rid >> PAGE_BITS;
}

static struct reader_page *set_of(const struct reader_memory *m, uint64_t key)
{
    uint64_t h = key * 0x9e3779b97f4a7c15ull;

    return &m->pages[(h >> 40) % SETS * WAYS];
}

static struct reader_page *page_of(const struct reader_memory *m, uint64_t key)
{
    struct reader_page *set = set_of(m, key);

    for (unsigned i = 0; i < WAYS; i++) {
        if (atomic_load_explicit(&set[i].key, memory_order_acquire) == key)
            return &set[i];
    }
    return NULL;
}

static atomic_ullong *place_of(const struct reader_page *page, store_rid rid)
{
    return atomic_load_explicit(&page->facts, memory_order_acquire) +
           ((uint64_t)rid & (PAGE_FACTS - 1));
}

bool reader_memory_is_at(const struct reader_memory *m, int64_t position)
{
    return m && position >= 0 && atomic_load(&m->position) == position;
}

reader_fact reader_memory_look(const struct reader_memory *m, int64_t position,
    enum reader_plane plane, store_rid rid)
{
    unsigned long long turn = atomic_load_explicit(&m->turn, memory_order_acquire);
    const struct reader_page *page = NULL;
    reader_fact fact = 0;

    if (turn & 1 ||
        atomic_load_explicit(&m->position, memory_order_acquire) != position)
        return 0;
    page = page_of(m, key_of(plane, rid));
    if (!page)
        return 0;
    fact = atomic_load_explicit(place_of(page, rid), memory_order_acquire);
    return atomic_load_explicit(&m->turn, memory_order_relaxed) == turn ? fact : 0;
}

/* ---- changing; the lock is held ---- */

static void begin_turn(struct reader_memory *m)
{
    atomic_fetch_add_explicit(&m->turn, 1, memory_order_acq_rel);
}

static void end_turn(struct reader_memory *m)
{
    atomic_fetch_add_explicit(&m->turn, 1, memory_order_release);
}

static void forget_page(struct reader_page *page)
{
    atomic_store_explicit(&page->key, 0, memory_order_release);
}

static void forget_fact(struct reader_memory *m, enum reader_plane plane, store_rid rid)
{
    struct reader_page *page = page_of(m, key_of(plane, rid));

    if (page)
        atomic_store_explicit(place_of(page, rid), 0, memory_order_release);
}

static void forget_plane(struct reader_memory *m, enum reader_plane plane)
{
    for (size_t i = 0; i < LIMIT_READER_PAGES; i++) {
        if (atomic_load(&m->pages[i].key) >> 62 == (uint64_t)plane)
            forget_page(&m->pages[i]);
    }
}

/* A page for ${key}: a free one of its set, or another's. NULL: no memory. */
static struct reader_page *make_page(struct reader_memory *m, uint64_t key)
{
    struct reader_page *set = set_of(m, key);
    struct reader_page *page = &set[m->victim++ % WAYS];
    atomic_ullong *facts = NULL;

    for (unsigned i = 0; i < WAYS; i++) {
        if (atomic_load(&set[i].key) == 0)
            page = &set[i];
    }
    facts = atomic_load(&page->facts);
    begin_turn(m);
    forget_page(page);
    if (!facts) {
        facts = base_malloc(PAGE_FACTS * sizeof(*facts));
        atomic_store_explicit(&page->facts, facts, memory_order_release);
    }
    for (size_t i = 0; facts && i < PAGE_FACTS; i++)
        atomic_store_explicit(&facts[i], 0, memory_order_release);
    if (facts)
        atomic_store_explicit(&page->key, key, memory_order_release);
    end_turn(m);
    return facts ? page : NULL;
}

void reader_memory_note(struct reader_memory *m, int64_t position,
    enum reader_plane plane, store_rid rid, reader_fact fact)
{
    uint64_t key = key_of(plane, rid);
    struct reader_page *page = NULL;

    pthread_mutex_lock(&m->lock);
    if (reader_memory_is_at(m, position)) {
        page = page_of(m, key);
        page = page ? page : make_page(m, key);
        if (page)
            atomic_store_explicit(place_of(page, rid), fact, memory_order_release);
    }
    pthread_mutex_unlock(&m->lock);
}

/* ---- following the log ---- */

static void forget_all(struct reader_memory *m, int64_t position)
{
    begin_turn(m);
    atomic_store(&m->position, position);
    for (size_t i = 0; i < LIMIT_READER_PAGES; i++)
        forget_page(&m->pages[i]);
    end_turn(m);
    reader_kept_forget(m);
    memset(m->changed, 0, sizeof(m->changed));
    m->change_count = 0;
    m->changes_after = position;
}

void reader_memory_start(struct reader_memory *m, int64_t position)
{
    if (!m)
        return;
    pthread_mutex_lock(&m->lock);
    m->stopped = false;
    forget_all(m, position > m->told ? position : m->told);
    pthread_mutex_unlock(&m->lock);
}

void reader_memory_stop(struct reader_memory *m)
{
    if (!m)
        return;
    pthread_mutex_lock(&m->lock);
    m->stopped = true;
    forget_all(m, -1);
    pthread_mutex_unlock(&m->lock);
}

/* The lock is held. */
static void note_change(struct reader_memory *m, const struct store_event *e)
{
    size_t at = m->change_count++ % LIMIT_READER_CHANGES;

    if (m->change_count > LIMIT_READER_CHANGES)
        m->changes_after = m->changes[at].position;
    m->changes[at].position = e->seq;
    m->changes[at].rid = e->rid;
}

static bool is_of(const struct reader_changes *which, store_rid rid)
{
    for (size_t i = 0; i < which->type_count; i++) {
        if (store_rid_type(rid) == which->types[i])
            return true;
    }
    return false;
}

bool reader_memory_changes(struct reader_memory *m, const struct reader_changes *which,
    store_rid *ret, size_t most, size_t *ret_count)
{
    size_t count = 0;
    bool all = false;

    pthread_mutex_lock(&m->lock);
    all = which->after >= m->changes_after && which->until <= atomic_load(&m->position);
    for (uint64_t i = m->change_count; all && i > 0; i--) {
        size_t at = (i - 1) % LIMIT_READER_CHANGES;

        if (m->changes[at].position <= which->after)
            break;
        if (m->changes[at].position > which->until || !is_of(which, m->changes[at].rid))
            continue;
        all = count < most;
        if (all)
            ret[count++] = m->changes[at].rid;
    }
    pthread_mutex_unlock(&m->lock);
    *ret_count = count;
    return all;
}

void reader_memory_changed(struct reader_memory *m, const struct store_event *e)
{
    if (!m)
        return;
    pthread_mutex_lock(&m->lock);
    m->told = e->seq;
    if (!m->stopped) {
        begin_turn(m);
        atomic_store_explicit(&m->position, e->seq, memory_order_release);
        forget_fact(m, READER_OF_PERFORMER, e->rid);
        forget_fact(m, READER_OF_RECORD, e->rid);
        forget_fact(m, READER_OF_PATIENT, e->rid);
        forget_fact(m, READER_OF_CASE, e->rid);
        if (e->type == m->organization)
            forget_plane(m, READER_OF_PATIENT);
        m->changed[e->type] = e->seq;
        note_change(m, e);
        end_turn(m);
    }
    pthread_mutex_unlock(&m->lock);
}
