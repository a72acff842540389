/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telling views that keep what was known when (store_view.past) the whole history of a
 * record from its log: what was current after each version arrived, as the writer told it
 * then. Which of several heads is current follows from their clocks and hashes alone, so
 * it can be worked out again.
 */
#include <stdlib.h>

#include "store/views.h"

/* A record being told again. */
struct history {
    struct store_tx *tx;
    struct arena *arena;   /* of all of it */
    struct arena *scratch; /* of one change */
    const struct driver_record *record;
    uint32_t mask;
    bool undo;
    int64_t *seqs;
    size_t count;
    struct driver_version heads[LIMIT_HEADS + 2];
    size_t head_count;
};

/* What was current at some time, as views prepared it. */
struct current {
    int64_t seq; /* 0: nothing */
    bool live;
    const void *prepared[STORE_VIEWS_MAX];
};

/* The views that keep a past of records of ${type}. */
static uint32_t views_of_past(const struct store *s, unsigned type)
{
    uint32_t mask = 0;

    for (unsigned i = 0; i < s->view_count; i++) {
        if (s->views[i]->past && s->views[i]->past(type))
            mask |= 1u << i;
    }
    return mask;
}

static int seq_add(struct history *h, const int64_t *list, size_t n, struct err *err)
{
    int64_t *grown = arena_grow(h->arena, h->seqs, h->count * sizeof(*grown),
        (h->count + n + 1) * sizeof(*grown));

    if (!grown)
        return err_nomem(err);
    h->seqs = grown;
    for (size_t i = 0; i < n; i++)
        h->seqs[h->count++] = list[i];
    return 0;
}

static int seq_cmp(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a;
    int64_t other = *(const int64_t *)b;

    return one < other ? -1 : one > other;
}

/* Every version of the record, the oldest first. */
static int seqs_find(struct history *h, struct err *err)
{
    struct driver_conn *conn = h->tx->reader->conn;
    const struct driver *d = h->tx->store->driver;
    int64_t page[LIMIT_HEADS];
    struct driver_list q = {.of = h->record->rid,
        .from = INT64_MAX,
        .down = true,
        .out = page,
        .limit = LIMIT_HEADS};
    int r = d->head_list(conn, &q, err);

    if (r == 0)
        r = seq_add(h, page, q.count, err);
    if (r == 0)
        r = seq_add(h, &h->record->head, h->record->head != 0, err);
    do {
        if (r == 0)
            r = d->past_list(conn, &q, err);
        if (r == 0)
            r = seq_add(h, page, q.count, err);
        if (r == 0 && q.count > 0)
            q.from = page[q.count - 1];
    } while (r == 0 && q.count > 0);
    if (r == 0 && h->count > 1)
        qsort(h->seqs, h->count, sizeof(*h->seqs), seq_cmp);
    return r;
}

/* ${v} has come: its parents are heads no more. ${*ret} is what is current then. */
static int heads_take(struct history *h, const struct driver_version *v,
    struct driver_version *ret, struct err *err)
{
    const struct driver_version *best = v;
    size_t left = 0;

    for (size_t i = 0; i < h->head_count; i++) {
        bool replaced = false;

        for (unsigned k = 0; k < v->parent_count; k++)
            replaced = replaced || v->parents[k] == h->heads[i].seq;
        if (!replaced)
            h->heads[left++] = h->heads[i];
    }
    if (left > LIMIT_HEADS)
        return err_set(err, E_CORRUPT, NULL, "A record has too many heads.");
    h->heads[left++] = *v;
    h->head_count = left;
    for (size_t i = 0; i < left; i++) {
        if (foreign_wins(&h->heads[i], best))
            best = &h->heads[i];
    }
    *ret = *best;
    return 0;
}

static int current_prepare(struct history *h, const struct driver_version *header,
    struct current *ret, struct err *err)
{
    struct driver_version v;
    int r = 0;

    *ret =
        (struct current){.seq = header->seq, .live = header->operation != STORE_DELETE};
    if (!ret->live)
        return 0;
    r = h->tx->store->driver->version_get(
        h->tx->reader->conn, header->seq, true, &v, err);
    if (r == 0 && v.dictionary != DRIVER_BODY_ERASED)
        r = views_prepare_version(
            h->tx->reader, h->arena, &v, h->mask, ret->prepared, err);
    return r;
}

static int history_tell(struct history *h, const struct driver_version *arrived,
    const struct current *before, const struct current *after, struct err *err)
{
    struct store *s = h->tx->store;
    struct store_change change = {.rid = h->record->rid,
        .seq = after->seq,
        .position = arrived->seq,
        .type = store_rid_type(h->record->rid),
        .id = h->record->id,
        .operation = !after->live   ? STORE_DELETE
                     : before->live ? STORE_UPDATE
                                    : STORE_CREATE,
        .updated = chain_time(arrived->hlc),
        .undo = h->undo};
    int r = 0;

    if (after->seq == before->seq || (!before->live && !after->live))
        return 0;
    for (unsigned i = 0; i < s->view_count && r == 0; i++) {
        if (!(h->mask >> i & 1))
            continue;
        change.prepared = after->live ? after->prepared[i] : NULL;
        change.old_prepared = before->live ? before->prepared[i] : NULL;
        r = s->views[i]->apply(h->tx, h->scratch, &change, err);
        arena_reset(h->scratch);
    }
    return r;
}

static int history_run(struct history *h, struct err *err)
{
    const struct driver *d = h->tx->store->driver;
    struct current before = {.seq = 0};
    int r = seqs_find(h, err);

    for (size_t i = 0; r == 0 && i < h->count; i++) {
        struct driver_version v, best = {0};
        struct current after = before;

        r = d->version_get(h->tx->reader->conn, h->seqs[i], false, &v, err);
        v.body = (struct str){NULL, 0};
        if (r == 0)
            r = heads_take(h, &v, &best, err);
        if (r == 0 && best.seq != before.seq)
            r = current_prepare(h, &best, &after, err);
        if (r == 0)
            r = history_tell(h, &v, &before, &after, err);
        before = after;
    }
    return r;
}

int views_replay_past(struct store_tx *tx, uint32_t mask,
    const struct driver_record *record, bool undo, struct err *err)
{
    struct history *h = NULL;
    struct driver_record mine = *record;
    struct arena *arena = NULL;
    int r = 0;

    mask &= views_of_past(tx->store, store_rid_type(record->rid));
    if (mask == 0)
        return 0;
    arena = arena_new();
    h = arena ? arena_alloc(arena, sizeof(*h)) : NULL;
    mine.id.p = h ? arena_strndup(arena, record->id.p, record->id.len) : NULL;
    if (!mine.id.p) {
        arena_free(arena);
        return err_nomem(err);
    }
    h->tx = tx;
    h->mask = mask;
    h->undo = undo;
    h->record = &mine;
    h->arena = arena;
    h->scratch = arena_new();
    r = h->scratch ? history_run(h, err) : err_nomem(err);
    arena_free(h->scratch);
    arena_free(arena);
    return r;
}
