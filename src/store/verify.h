/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of verify share: one run over one snapshot. */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store/driver.h"
#include "store/internal.h"

/* Faults told in one run; a node with more is no better known by more. */
#define VERIFY_FAULTS_MAX 1000

struct verify {
    struct store *store;
    struct store_reader *reader;
    struct arena *arena; /* emptied after each version or record */
    void (*report)(void *arg, const char *where, const char *what);
    void *report_arg;
    void (*progress)(void *arg, int64_t done, int64_t total);
    void *progress_arg;
    int64_t faults;
    int64_t total; /* steps: versions for the log, then versions for the views */
    int64_t done;
    int64_t seq;         /* newest */
    uint8_t *superseded; /* a bit a version: it is another's parent */
};

/* Report a fault at ${where} (from the printf). */
void verify_fault(struct verify *v, const char *where, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void verify_step(struct verify *v);

static inline bool verify_is_superseded(const struct verify *v, int64_t seq)
{
    return v->superseded[seq / 8] >> (seq % 8) & 1;
}

/* Invariants 1, 2 and 5; fills superseded. Negative only when it could not go on. */
int verify_log(struct verify *v, struct err *err);
/* Invariant 3, names and counters. */
int verify_records(struct verify *v, struct err *err);
/* The trail (store/trail.h). */
int verify_trail(struct verify *v, struct err *err);
/* Invariant 4. */
int verify_views(struct verify *v, struct err *err);

#endif
