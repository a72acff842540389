/* SPDX-License-Identifier: Apache-2.0 */
/* Checking a node against its invariants: one snapshot, three passes. */
#include "store/verify.h"

#include <stdarg.h>
#include <stdio.h>

#include "store/trail.h"

#define PROGRESS_EVERY 1000

void verify_fault(struct verify *v, const char *where, const char *fmt, ...)
{
    char text[ERR_TEXT_MAX];
    va_list ap;

    if (v->faults++ >= VERIFY_FAULTS_MAX)
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    if (v->report)
        v->report(v->report_arg, where, text);
}

void verify_step(struct verify *v)
{
    v->done++;
    if (v->progress && (v->done % PROGRESS_EVERY == 0 || v->done == v->total))
        v->progress(v->progress_arg, v->done, v->total);
}

static int passes(struct verify *v, struct err *err)
{
    int r = store_seq(v->reader, &v->seq, err);

    if (r < 0)
        return r;
    v->total = v->store->view_count > 0 ? 2 * v->seq : v->seq;
    v->superseded = base_malloc((size_t)v->seq / 8 + 1);
    if (!v->superseded)
        return err_nomem(err);
    memset(v->superseded, 0, (size_t)v->seq / 8 + 1);
    r = verify_log(v, err);
    if (r == 0)
        r = verify_records(v, err);
    if (r == 0)
        r = verify_trail(v, err);
    if (r == 0 && v->store->view_count > 0)
        r = verify_views(v, err);
    return r;
}

int store_verify(struct store *s,
    void (*report)(void *arg, const char *where, const char *what), void *arg,
    void (*progress)(void *arg, int64_t done, int64_t total), struct err *err)
{
    struct verify v = {.store = s,
        .report = report,
        .report_arg = arg,
        .progress = progress,
        .progress_arg = arg};
    int r = 0;

    v.arena = arena_new();
    r = v.arena ? reader_take(s, true, true, &v.reader, err) : err_nomem(err);
    if (r == 0) {
        r = passes(&v, err);
        store_read_end(v.reader);
    }
    base_free(v.superseded);
    arena_free(v.arena);
    if (r == 0 && v.faults > 0)
        r = err_set(
            err, E_CORRUPT, s->path, "%lld faults were found.", (long long)v.faults);
    return r;
}

int store_trail_verify(struct store *s, struct arena *a,
    void (*report)(void *arg, const char *where, const char *what), void *arg,
    struct str *ret_head, struct err *err)
{
    struct verify v = {.store = s, .arena = a, .report = report, .report_arg = arg};
    int r = reader_take(s, true, true, &v.reader, err);

    if (r < 0)
        return r;
    r = store_seq(v.reader, &v.seq, err);
    if (r == 0)
        r = verify_trail(&v, err);
    if (r == 0 && v.faults == 0)
        r = store_trail_head(v.reader, a, ret_head, err);
    store_read_end(v.reader);
    if (r == 0 && v.faults > 0)
        r = err_set(err, E_CORRUPT, s->path, "%lld faults were found in the trail.",
            (long long)v.faults);
    return r;
}
