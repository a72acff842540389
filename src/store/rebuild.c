/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filling views from the log: every live record is told once, as new, in the order of
 * the log, and views of the past are told all its changes (past.c); the rows are sorted outside and written in key order. While it runs the
 * views are marked as not filled, so that a crash leads to filling them again.
 */
#include "store/views.h"

#define DRAIN_ROWS 20000 /* in one transaction */
#define PROGRESS_EVERY 1000

int views_replay(struct store_tx *tx, uint32_t mask, struct arena *a,
    const struct driver_version *v, struct str id, struct err *err)
{
    struct store *s = tx->store;
    const void *prepared[STORE_VIEWS_MAX] = {0};
    struct store_change change = {.rid = v->rid,
        .seq = v->seq,
        .position = v->seq,
        .type = store_rid_type(v->rid),
        .operation = STORE_CREATE,
        .updated = chain_time(v->hlc)};
    struct arena *scratch = NULL;
    int r = 0;

    for (unsigned i = 0; i < s->view_count;
         i++) { /* of other types they keep nothing */
        if (s->views[i]->past)
            mask &= ~(1u << i);
    }
    change.id = (struct str){arena_strndup(a, id.p, id.len), id.len};
    scratch = arena_new();
    if (!change.id.p || !scratch)
        r = err_nomem(err);
    if (r == 0)
        r = views_prepare_version(tx->reader, a, v, mask, prepared, err);
    for (unsigned i = 0; i < s->view_count && r == 0; i++) {
        if (!(mask >> i & 1))
            continue;
        change.prepared = prepared[i];
        r = s->views[i]->apply(tx, scratch, &change, err);
        arena_reset(scratch);
    }
    arena_free(scratch);
    arena_reset(a);
    return r;
}

/* Replay ${seq} if it is the current version of a record. */
static int replay_one(
    struct writer *w, struct store_tx *tx, uint32_t mask, int64_t seq, struct err *err)
{
    const struct driver *d = w->store->driver;
    struct driver_record record = {0};
    struct driver_version v = {0};
    struct str id = {0};
    int r = d->version_get(w->conn, seq, false, &v, err);

    if (r == E_NOT_FOUND)
        return err_set(err, E_CORRUPT, NULL, "Version %lld is missing from the log.",
            (long long)seq);
    if (r == 0)
        r = d->record_get(w->conn, v.rid, &record, err);
    if (r == 0 && record.head == seq)
        r = views_replay_past(tx, mask, &record, false, err);
    if (r < 0 || record.head != seq || !record.live)
        return r;
    r = d->record_get(w->conn, v.rid, &record, err); /* its name's bytes did not stay */
    if (r < 0)
        return r;
    id = (struct str){arena_strndup(w->old, record.id.p, record.id.len), record.id.len};
    if (!id.p)
        return err_nomem(err);
    r = d->version_get(w->conn, seq, true, &v, err);
    if (r == 0)
        r = views_replay(tx, mask, w->old, &v, id, err);
    return r;
}

/* E_CANCELLED: whoever watches wants no more of it. */
static int look(
    const struct store_fill_watch *watch, int64_t done, int64_t total, struct err *err)
{
    if (!watch || watch->look(watch->arg, done, total))
        return 0;
    return err_set(err, E_CANCELLED, NULL,
        "Filling the views was stopped; the next start fills them again.");
}

static int replay_all(struct writer *w, uint32_t mask, struct sorter *sorter,
    const struct fill_progress *progress, struct err *err)
{
    const struct driver *d = w->store->driver;
    struct store_tx tx = w->tx;
    int r = d->begin(w->conn, err);

    if (r < 0)
        return r;
    tx.sorter = sorter;
    for (int64_t seq = 1; seq <= w->seq && r == 0; seq++) {
        r = replay_one(w, &tx, mask, seq, err);
        if (seq % PROGRESS_EVERY != 0 && seq != w->seq)
            continue;
        if (progress->tell)
            progress->tell(progress->arg, seq, w->seq);
        if (r == 0)
            r = look(progress->watch, seq, w->seq, err);
    }
    /* a view may have met names it did not know */
    if (r == 0)
        return d->commit(w->conn, err);
    d->rollback(w->conn);
    return r;
}

static int views_empty(struct writer *w, uint32_t mask, struct err *err)
{
    struct store *s = w->store;
    int r = s->driver->begin(w->conn, err);

    if (r < 0)
        return r;
    r = views_set_filled(s, w->conn, mask, false, err);
    for (unsigned i = 0; i < s->table_count && r == 0; i++) {
        if (mask >> s->tables[i].view & 1)
            r = s->driver->table_clear(w->conn, i, err);
    }
    if (r == 0)
        return s->driver->commit(w->conn, err);
    s->driver->rollback(w->conn);
    return r;
}

int views_drain(struct writer *w, struct sorter *sorter,
    const struct store_fill_watch *watch, struct err *err)
{
    const struct driver *d = w->store->driver;
    struct sorted row;
    size_t n = 0;
    int more = 1;
    int r = sorter_finish(sorter, err);

    while (r == 0 && more == 1) {
        r = d->begin(w->conn, err);
        for (n = 0; r == 0 && n < DRAIN_ROWS; n++) {
            more = sorter_next(sorter, &row, err);
            if (more != 1)
                break;
            r = row_net_do(&row.net, d, w->conn, row.table, row.key, err);
        }
        if (more < 0)
            r = more;
        if (r == 0)
            r = d->commit(w->conn, err);
        else
            d->rollback(w->conn);
        if (r == 0)
            tidier_look(w);
        if (r == 0)
            r = look(watch, w->seq, w->seq, err);
    }
    return r;
}

int views_fill(struct writer *w, uint32_t mask, const struct fill_progress *progress,
    struct err *err)
{
    struct store *s = w->store;
    struct sorter *sorter = NULL;
    int r = sorter_new(s->path, 0, &sorter, err);

    if (r == 0)
        r = views_empty(w, mask, err);
    if (r == 0) {
        /* what was emptied stands in the log, where every look would pass it by */
        tidier_look(w);
        r = replay_all(w, mask, sorter, progress, err);
    }
    if (r == 0)
        r = views_drain(w, sorter, progress->watch, err);
    if (r == 0)
        r = s->driver->begin(w->conn, err);
    if (r == 0) {
        r = views_set_filled(s, w->conn, mask, true, err);
        if (r == 0)
            r = s->driver->commit(w->conn, err);
        else
            s->driver->rollback(w->conn);
    }
    sorter_free(sorter);
    arena_reset(w->old);
    return r;
}

struct rebuild {
    uint32_t mask;
    struct fill_progress progress;
};

static int rebuild_run(struct writer *w, void *arg, struct err *err)
{
    struct rebuild *b = arg;
    int r = views_fill(w, b->mask, &b->progress, err);

    /* what it learnt while it went was not kept with an undo list */
    writer_forget(w);
    return r;
}

int store_rebuild(struct store *s, const char *view,
    void (*progress)(void *arg, int64_t done, int64_t total), void *arg,
    struct err *err)
{
    struct rebuild b = {.progress = {progress, arg}};
    struct writer_job job = {.run = rebuild_run, .arg = &b};

    for (unsigned i = 0; i < s->view_count; i++) {
        if (!view || strcmp(view, s->views[i]->name) == 0)
            b.mask |= 1u << i;
    }
    if (view && b.mask == 0)
        return err_set(err, E_NOT_FOUND, view, "There is no view of this name.");
    return writer_run(s, &job, err);
}
