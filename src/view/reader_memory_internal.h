/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of readers as the files of the reader use it. */
#ifndef VIEW_READER_MEMORY_INTERNAL_H
#define VIEW_READER_MEMORY_INTERNAL_H

#include <stdatomic.h>

#include "base/limits.h"
#include "base/text.h"
#include "base/thread.h"

#include "view/reader_memory.h"

/* ---- facts of single records: a number each ---- */

enum reader_plane {
    READER_OF_PERFORMER, /* to what unit a request was sent */
    READER_OF_RECORD,    /* whose patient it is about */
    READER_OF_PATIENT,   /* a patient's hospital */
    READER_OF_CASE,      /* whether a request asks for something now, and for whom */
};

/* A fact: what kind it is of, and the number of a record within its type. 0: not known. */
typedef uint64_t reader_fact;
#define READER_FACT_SHIFT 56
#define READER_FACT(kind, rid)                                                         \
    ((reader_fact)(kind) << READER_FACT_SHIFT |                                        \
        ((uint64_t)(rid) & ((1ull << STORE_RID_BITS) - 1)))

static inline unsigned reader_fact_kind(reader_fact f)
{
    return (unsigned)(f >> READER_FACT_SHIFT);
}
static inline uint64_t reader_fact_number(reader_fact f)
{
    return f & ((1ull << STORE_RID_BITS) - 1);
}

/* Is the memory at ${position}? It may move on at any time. */
bool reader_memory_is_at(const struct reader_memory *m, int64_t position);

/* The fact of ${rid} as of ${position}; 0: not known. Any thread, no lock. */
reader_fact reader_memory_look(const struct reader_memory *m, int64_t position,
    enum reader_plane plane, store_rid rid);

/* Remember what was found in a snapshot of ${position}. Any thread. */
void reader_memory_note(struct reader_memory *m, int64_t position,
    enum reader_plane plane, store_rid rid, reader_fact fact);

/* ---- what is kept of a person: lists of rids ---- */

enum reader_kept_kind {
    READER_KEPT_RIGHTS,
    READER_KEPT_CIRCLE,
    READER_KEPT_LIST,
    READER_KEPT_ORDER,
};

#define READER_KEPT_SETS 7

/* Read-only once it is put, but for its position; freed with its last user. */
struct reader_kept {
    atomic_uint users;
    enum reader_kept_kind kind;
    unsigned type;         /* of a list */
    unsigned order;        /* of a list along an order: which */
    atomic_llong position; /* of a snapshot it holds in */
    struct reader_kept *next;
    uint64_t hash;
    size_t bytes;
    struct str who; /* the person, with posts, as text */
    store_rid person;
    bool flags[2];
    int64_t edge[2];
    size_t count[READER_KEPT_SETS];
    store_rid *set[READER_KEPT_SETS];
};

/* What is asked for: of whom, and found in which snapshot. It holds as long as no record of
 * ${types} (numbers; 0 is none) changes. */
struct reader_kept_key {
    enum reader_kept_kind kind;
    unsigned type;
    unsigned order;
    struct str who;
    int64_t position;
    unsigned types[8];
};

/* What is kept and still holds, to be given back with reader_kept_release(); NULL: nothing. */
struct reader_kept *reader_kept_get(
    struct reader_memory *m, const struct reader_kept_key *key);

/* Room for ${count} rids in all; NULL: too many, or no memory. It has one user. */
struct reader_kept *reader_kept_new(const struct reader_kept_key *key, size_t count);

/* Keep ${k} for others too, unless the memory has moved on. */
void reader_kept_put(struct reader_memory *m, struct reader_kept *k);

/* ${k} was found to hold at ${position} as well. */
void reader_kept_confirm(struct reader_kept *k, int64_t position);

/* NULL is fine. */
void reader_kept_release(struct reader_kept *k);

/* ---- within the memory (reader_memory.c, reader_kept.c) ---- */

#define READER_KEPT_BUCKETS 512u

struct reader_page {
    atomic_ullong key; /* 0: free */
    _Atomic(atomic_ullong *) facts;
};

struct reader_memory {
    pthread_mutex_t lock; /* for all that changes anything below */
    atomic_ullong turn;   /* odd: facts are being forgotten; else as when it was read */
    atomic_llong position; /* -1: of no use */
    bool stopped;
    int64_t told; /* of the last change that was told */
    unsigned organization;
    int64_t changed[FHIR_TYPE_NUMBER_MAX + 1]; /* position of a type's last change */
    struct {
        int64_t position;
        store_rid rid;
    } changes[LIMIT_READER_CHANGES]; /* the last, each in its place modulo the size */
    uint64_t change_count;
    int64_t changes_after; /* all later ones are there */
    unsigned victim;
    struct reader_page *pages;
    struct reader_kept *buckets[READER_KEPT_BUCKETS];
    size_t kept_bytes;
    unsigned kept_hand;
};

/* Forget all persons; the lock is held. */
void reader_kept_forget(struct reader_memory *m);

#endif
