/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writer: the one thread that writes, its queue, and what it knows by heart.
 *
 *     queue ─► group ─► begin ─► for each transaction: savepoint, guard, writes, views
 *                                (a failed one is undone alone)
 *                       rows, counters ─► commit (one fsync) ─► events, done
 *
 * Everything learnt since the last commit (rids, counters, the clock) is undone with the
 * savepoint through an undo list, and read again from the database after a commit
 * that failed.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "store/driver.h"
#include "store/internal.h"
#include "store/rid_cache.h"
#include "store/rows.h"
#include "store/sorter.h"

/* Running counters kept with the log: live records of type n at n, then these. */
enum {
    COUNT_DELETED = FHIR_TYPE_NUMBER_MAX + 1,
    COUNT_BODY_BYTES,
    COUNT_BLOB_BYTES,
    COUNT_ALL,
};

/* Work for the writer's thread other than a transaction of records. */
struct writer_job {
    int (*run)(struct writer *w, void *arg, struct err *err);
    void *arg;
    bool transaction; /* run within a transaction, committed after it */
    int result;
    struct err err;
    bool done;
    struct writer_job *next;
};

struct writer_undo {
    int64_t *place;
    int64_t old;
};

/* What must be as before when a savepoint is undone. */
struct writer_mark {
    uint8_t hash[STORE_HASH_BYTES];
    size_t undo;
    struct rows_mark rows;
    struct rid_cache_mark cache;
};

struct store_tx {
    struct store *store;
    struct writer *writer;
    struct sorter *sorter;       /* rows go there: bulk load, rebuild, verify */
    struct store_reader *reader; /* for look-ups of names where there is no writer */
};

struct writer {
    struct store *store;
    pthread_t thread;
    bool started;

    pthread_mutex_t lock; /* of the queue: down to closing */
    pthread_cond_t work;
    pthread_cond_t job_done;
    struct store_transaction *first;
    struct store_transaction *last;
    size_t queued;
    struct writer_job *jobs;
    bool closing;

    struct driver_conn *conn;
    struct store_reader reader;
    struct store_tx tx;
    struct arena *scratch; /* emptied after each change */
    struct arena *old;     /* the old version's values; emptied after each write */
    struct rows rows;
    struct rid_cache cache;
    bool loaded; /* what follows is what the database says */
    int64_t seq;
    int64_t hlc;
    int64_t origin_seq;
    uint8_t hash[STORE_HASH_BYTES];             /* of this node's newest version */
    int64_t last_rid[FHIR_TYPE_NUMBER_MAX + 1]; /* 0: not asked yet */
    int64_t counts[COUNT_ALL];
    bool dirty[COUNT_ALL];
    char **actors; /* by number - 1 */
    size_t actor_count;
    struct writer_undo *undo;
    size_t undo_count;
    size_t undo_cap;
    bool views_checked; /* views that are not ours were marked as not filled */
    struct sorter *bulk;
    bool bulk_lost; /* it holds rows of a transaction that failed */
    int64_t log_after_restart;

    /* the checkpointer's thread (tidy.c) */
    pthread_t tidier;
    bool tidier_started;
    pthread_mutex_t tidy_lock; /* of tidy_wanted, tidy_stop */
    pthread_cond_t tidy_work;
    bool tidy_wanted;
    bool tidy_stop;
    bool locks_made;
};

/* Make the writer and its connection, so that a view can be filled; then its threads. */
int writer_start(struct store *s, struct err *err);
int writer_go(struct store *s, struct err *err);
void writer_stop(struct store *s);

/* ${t} is at its end: tell its owner, whose it is again. */
void writer_finish(struct store_transaction *t);

/* Run ${job} on the writer's thread and wait. Its result. */
int writer_run(struct store *s, struct writer_job *job, struct err *err);

/* Set ${*place}, to be undone with the savepoint. */
int writer_set(struct writer *w, int64_t *place, int64_t value, struct err *err);
int writer_count(struct writer *w, unsigned counter, int64_t by, struct err *err);

struct writer_mark writer_mark(const struct writer *w);
void writer_undo(struct writer *w, struct writer_mark mark);

/* Read what the writer knows by heart from the database (load.c). */
int writer_load(struct writer *w, struct err *err);
void writer_forget(struct writer *w);
/* Write the counters that changed. */
int writer_counts_flush(struct writer *w, struct err *err);
/* The number of ${name}, given now if it is new. */
int writer_actor(struct writer *w, struct str name, unsigned *ret, struct err *err);

/* One transaction within the open one (apply.c): 0, or the error in ${t}. Returns
 * negative only when the whole group is lost. */
int writer_apply(struct writer *w, struct store_transaction *t, struct err *err);

/* Let the trail tell of the group's changes (trail.c); negative: the group is lost. */
int trail_group(
    struct writer *w, const struct store_transaction *first, struct err *err);

/* A group of transactions (group.c), from begin to done. */
void writer_group(struct writer *w, struct store_transaction *first);

/* Tell the views of one change; ${prepared} and ${old} by view, or NULL. */
int writer_tell(struct writer *w, const struct store_change *change,
    const void *const *prepared, const void *const *old, struct err *err);

/* Mark the views of this node that this program does not have as not filled (views.c). */
int views_disown(struct writer *w, struct err *err);

/* Look whether the log beside the database should be moved in (tidy.c). */
int tidier_start(struct writer *w, struct err *err);
void tidier_stop(struct writer *w);
void tidier_look(struct writer *w);

#endif
