/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A load's parts.
 *
 *   load.c         begin, end, faults, figures
 *   load_cut.c     bytes into units: one JSON value, or some lines of NDJSON
 *   load_work.c    workers, turns, what the writer says
 *   load_unit.c    a unit into writes
 *
 * A unit is owned by one thread at a time: the cutter, a worker, the writer (from
 * submit to done), a worker again, or (strict) the load until its end.
 */
#ifndef APP_LOAD_INTERNAL_H
#define APP_LOAD_INTERNAL_H

#include "app/bundle_internal.h"
#include "app/load.h"

#define LOAD_THREADS_MAX 64
#define LOAD_UNIT_BYTES ((size_t)256 << 10) /* lines are gathered up to this */
#define LOAD_HELD_BYTES                                                                \
    ((size_t)8 << 20) /* input of units under way: their memory is
                                               some ten times as much */
#define LOAD_HELD_UNITS (LIMIT_QUEUE_WRITES / 4)

struct load_unit {
    struct app_load *load;
    struct load_unit *next;
    int64_t number; /* from 0; the order of submission */
    struct arena *arena;
    const char *file;
    struct arena *scratch; /* for one record at a time, while preparing */
    char *text;            /* base_free; of a transaction to the end */
    size_t len;
    bool lines; /* NDJSON */
    int64_t first_line;
    utc_ms at; /* when it is written; 0: when it is */

    /* by load_unit_prepare */
    struct transaction *bundle; /* a transaction Bundle; else loose records: */
    struct store_write *writes;
    size_t write_count;
    size_t write_cap;
    const struct json *batch; /* a batch Bundle, to be done in its turn */
    struct store_transaction tx;
};

struct app_load {
    struct app *app;
    struct app_load_options options;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t changed;
    utc_ms at; /* of what is pushed from now on; the caller's thread alone */
    struct load_unit *waiting; /* cut, first to last */
    struct load_unit **waiting_last;
    struct load_unit *written; /* what the writer gave back */
    struct load_unit *kept;    /* strict: prepared, newest first */
    size_t kept_writes;
    size_t held;   /* bytes of input under way */
    int64_t cut;   /* units made */
    int64_t turn;  /* the unit that may be submitted next */
    int64_t ended; /* units that are over */
    bool closing;
    struct err broken; /* what ended the load; code E_OK: nothing */
    struct app_load_result result;
    pthread_t threads[LOAD_THREADS_MAX];
    unsigned thread_count;
    bool bulk_begun;
};

/* ---- load.c ---- */

/* Tell a fault. ${more}: one more of a part that is counted as failed already. */
void load_fault(struct app_load *l, const struct app_load_error *e, bool more);
/* The load cannot go on. */
void load_break(struct app_load *l, const struct err *err);
bool load_broken(struct app_load *l);

/* ---- load_work.c ---- */

/* Give ${text} (owned from now on, freed even on error) to the workers. Waits while
 * too much is under way. Negative: the load is broken. */
struct load_piece {
    const char *file;
    char *text;
    size_t len;
    bool lines;
    int64_t first_line;
};
int load_push(struct app_load *l, const struct load_piece *piece, struct err *err);

void *load_worker(void *arg);

void load_unit_free(struct load_unit *u);

/* ---- load_unit.c ---- */

/* Turn ${u} into writes, telling faults. Negative: it cannot be loaded (a fault was told)
 * or the load is broken. E_BUSY: a conditional reference may be fulfilled by units before
 * this one; call again (${again}) when they are over. */
int load_unit_prepare(struct load_unit *u, bool again, struct err *err);

/* Tell a fault of ${u} from ${err} and ${issues} (may be NULL). */
void load_unit_fault(struct load_unit *u, int64_t entry, const struct err *err,
    const struct fhir_issues *issues);

/* Do a batch Bundle. */
void load_unit_batch(struct load_unit *u);

/* Add what ${tx} wrote to the figures. */
void load_count(struct app_load *l, const struct store_transaction *tx);

#endif
