/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How reads become entries:
 *
 *   any thread: audit_note ─► seen lately? ─no─► filling  ─┐ once a second, or when half
 *               (one lock)                                 ▼ of it is used
 *   trail's thread:                               writing ─► patients ─► block ─► store
 *
 * While a block cannot be written, writing stays as it is and filling grows to its
 * ceiling; then audit_note refuses.
 */
#ifndef APP_AUDIT_INTERNAL_H
#define APP_AUDIT_INTERNAL_H

#include "app/app_internal.h"
#include "app/audit_code.h"

/* Some versions that one person got in one answer. */
struct audit_note {
    utc_ms time;
    uint32_t who;   /* index */
    uint32_t first; /* seen[first .. first+count) */
    uint32_t count;
    uint32_t kind;
    store_rid by; /* why it was open: struct access_why */
    uint8_t reason;
};

/* What was noted and is not written yet. */
struct audit_notes {
    struct arena *arena; /* the texts of who */
    struct audit_who *who;
    uint64_t *who_hash;
    size_t who_count;
    struct audit_note *notes;
    size_t note_count;
    struct app_seen *seen;
    size_t seen_count;
    struct audit_refusal *refusals; /* taken from the minute's */
    size_t refusal_count;
};

/* A pair that was noted: a set of four holds those whose hash leads there. */
struct audit_pair {
    uint64_t who;
    store_rid rid;
    uint32_t second; /* when it was noted */
};

/* One kind of refusal of this minute. */
struct audit_refusal {
    uint64_t hash;  /* of who, kind and status */
    int64_t minute; /* 0: the place is free */
    utc_ms time;    /* of the first that is not written */
    uint64_t times; /* not written yet */
    bool told;      /* one of this minute is written: the others wait for its end */
    enum audit_kind kind;
    int status;
    struct audit_who who;
    char text[5 * (LIMIT_TRAIL_TEXT + 1)]; /* of who */
};

struct audit {
    struct app *app;
    struct store_trail_source source;
    uint64_t seed; /* of hashes, so that nobody can make two persons look alike */

    pthread_mutex_t lock; /* of all down to closing */
    pthread_cond_t work;  /* for the thread */
    pthread_cond_t done;  /* a flush has ended */
    struct audit_notes filling;
    struct audit_pair *pairs;                                /* LIMIT_TRAIL_SEEN */
    struct audit_refusal refusals[LIMIT_TRAIL_REFUSALS + 1]; /* the last: all others */
    bool stuck;                                              /* the last flush failed */
    uint64_t asked; /* flushes wanted, and ended */
    uint64_t ended;
    int result; /* of the last one */
    struct err err;
    bool closing;

    struct audit_notes writing; /* the thread's */
    utc_ms complained;
    pthread_t thread;
    bool started;
    bool conds_made;
};

/* Forget what is noted, memory kept. */
void audit_notes_clear(struct audit_notes *n);

/* The thread (audit_write.c). */
void *audit_main(void *arg);

/* Tell that the operator copies records of a type out, and wait until it is kept. Nothing
 * is told of types that are not clinical. */
struct audit_exported {
    unsigned type;
    const store_rid *rids;
    size_t count;
};
int audit_export(struct app *app, struct store_reader *r,
    const struct audit_exported *exported, struct err *err);

/* The entries of a group of transactions, for the store's writer (audit_change.c). */
int audit_changes(void *arg, struct store_tx *tx, struct arena *a,
    const struct store_transaction *first, struct store_block *ret, struct err *err);

#endif
