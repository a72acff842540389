/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telling views that keep what was known when (store_view.past) the whole history of a
 * record from its log: what was current after each version arrived (moments.c), as the
 * writer told it then.
 */
#include "store/views.h"

/* A record being told again. */
struct history {
    struct store_tx *tx;
    struct arena *arena;   /* of all of it */
    struct arena *scratch; /* of one change */
    const struct driver_record *record;
    uint32_t mask;
    bool undo;
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

static int current_prepare(struct history *h, const struct store_moment *moment,
    struct current *ret, struct err *err)
{
    struct driver_version v;
    int r = 0;

    *ret = (struct current){.seq = moment->seq, .live = moment->live};
    if (!ret->live)
        return 0;
    r = h->tx->store->driver->version_get(
        h->tx->reader->conn, moment->seq, true, &v, err);
    if (r == 0 && v.dictionary != DRIVER_BODY_ERASED)
        r = views_prepare_version(
            h->tx->reader, h->arena, &v, h->mask, ret->prepared, err);
    return r;
}

static int history_tell(struct history *h, const struct store_moment *moment,
    const struct current *before, const struct current *after, struct err *err)
{
    struct store *s = h->tx->store;
    struct store_change change = {.rid = h->record->rid,
        .seq = after->seq,
        .position = moment->position,
        .type = store_rid_type(h->record->rid),
        .id = h->record->id,
        .operation = !after->live   ? STORE_DELETE
                     : before->live ? STORE_UPDATE
                                    : STORE_CREATE,
        .updated = moment->updated,
        .undo = h->undo};
    int r = 0;

    if (!before->live && !after->live)
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
    struct current before = {.seq = 0};
    struct store_moment *list = NULL;
    size_t count = 0;
    int r = store_moments(h->tx->reader, h->arena, h->record->rid, &list, &count, err);

    for (size_t i = 0; r == 0 && i < count; i++) {
        struct current after = before;

        r = current_prepare(h, &list[i], &after, err);
        if (r == 0)
            r = history_tell(h, &list[i], &before, &after, err);
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
