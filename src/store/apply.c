/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One transaction: each write is checked against what is current, becomes a version of
 * the log, and is told to the views. A failed one is undone to its savepoint and the
 * group goes on.
 */
#include "store/apply.h"

/* Writes from which on a transaction starts with no rows held back, so that its own can
 * go to the tables while it runs. */
#define BIG 64

/* ---- names ---- */

static int rid_next(struct writer *w, unsigned type, store_rid *ret, struct err *err)
{
    int64_t *last = &w->last_rid[type];
    store_rid rid = 0;
    int r = 0;

    if (*last == 0) {
        r = w->store->driver->record_last(w->conn, type, &rid, err);
        /* below the first there is a valid 0 only for type 0 */
        *last = r == 0 ? rid : 0;
    }
    if (r == 0)
        r = writer_set(w, last, *last + 1, err);
    if (r == 0)
        *ret = *last;
    return r;
}

int apply_find(struct writer *w, unsigned type, struct str id,
    struct driver_record *ret, struct err *err)
{
    const struct driver *d = w->store->driver;
    store_rid rid = rid_cache_get(&w->cache, type, id);
    int r = 0;

    if (rid != 0)
        return d->record_get(w->conn, rid, ret, err);
    r = d->record_find(w->conn, type, id, ret, err);
    if (r == 0)
        rid_cache_put(&w->cache, ret->rid, id);
    return r;
}

int apply_intern(
    struct writer *w, unsigned type, struct str id, store_rid *ret, struct err *err)
{
    const struct driver *d = w->store->driver;
    struct driver_record record = {.id = id};
    store_rid rid = rid_cache_get(&w->cache, type, id);
    int r = 0;

    if (rid != 0) {
        *ret = rid;
        return 0;
    }
    r = d->record_find(w->conn, type, id, &record, err);
    if (r == E_NOT_FOUND) {
        r = rid_next(w, type, &rid, err);
        record = (struct driver_record){.rid = rid, .id = id};
        if (r == 0)
            r = d->record_add(w->conn, &record, err);
    }
    if (r < 0)
        return r;
    rid_cache_put(&w->cache, record.rid, id);
    *ret = record.rid;
    return 0;
}

int store_intern(
    struct store_tx *tx, unsigned type, struct str id, store_rid *ret, struct err *err)
{
    struct driver_record record;
    int r = 0;

    if (type > FHIR_TYPE_NUMBER_MAX)
        return err_set(err, E_BUG, NULL, "There is no type %u.", type);
    if (id.len == 0 || id.len > LIMIT_NAME_BYTES)
        return err_set(
            err, E_TOO_LARGE, NULL, "A reference names something too long to be kept.");
    if (tx->writer)
        return apply_intern(tx->writer, type, id, ret, err);
    r = tx->store->driver->record_find(tx->reader->conn, type, id, &record, err);
    if (r == 0)
        *ret = record.rid;
    return r;
}

/* ---- what is current ---- */

/* Load what is current of ${w->id} into ${now}. */
static int now_load(struct writer *writer, const struct store_write *w,
    struct apply_now *now, struct err *err)
{
    int r = apply_find(writer, w->type->number, w->id, &now->record, err);

    if (r == E_NOT_FOUND)
        return 0;
    if (r < 0)
        return r;
    now->known = true;
    now->record.id = w->id; /* the row's bytes do not stay */
    if (now->record.head == 0)
        return 0;
    r = writer->store->driver->version_get(
        writer->conn, now->record.head, false, &now->version, err);
    if (r == 0)
        vid_write(now->version.hash, now->vid);
    return r;
}

static int expect_check(
    const struct store_write *w, const struct apply_now *now, struct err *err)
{
    switch (w->expect) {
    case STORE_EXPECT_ABSENT:
        if (now->record.live)
            return err_set(err, w->expect_soft ? E_CONFLICT : E_PRECONDITION, NULL,
                "%s/%.*s exists already.", w->type->name, (int)w->id.len, w->id.p);
        return 0;
    case STORE_EXPECT_LIVE:
        if (now->record.live)
            return 0;
        if (now->record.head != 0)
            return err_set(err, E_GONE, NULL, "%s/%.*s was deleted.", w->type->name,
                (int)w->id.len, w->id.p);
        return err_set(err, E_NOT_FOUND, NULL, "There is no %s/%.*s.", w->type->name,
            (int)w->id.len, w->id.p);
    case STORE_EXPECT_VID:
        if (now->record.head != 0 && strcmp(now->vid, w->expect_vid) == 0)
            return 0;
        return err_set(err, w->expect_soft ? E_CONFLICT : E_PRECONDITION, NULL,
            "%s/%.*s is at version %s, not at %s.", w->type->name, (int)w->id.len,
            w->id.p, now->vid[0] ? now->vid : "none", w->expect_vid);
    case STORE_EXPECT_ANY:
        break;
    }
    return 0;
}

/* Is the body the same as the current one's? */
static int same_body(struct writer *writer, const struct store_write *w,
    const struct apply_now *now, bool *ret, struct err *err)
{
    uint8_t hash[STORE_HASH_BYTES];
    struct driver_version v;
    int r = 0;

    *ret = false;
    if (!now->record.live || w->operation == STORE_DELETE || w->merge_)
        return 0;
    if (w->old_seq_ == now->record.head) {
        *ret = w->same_;
        return 0;
    }
    r = writer->store->driver->version_get(
        writer->conn, now->record.head, true, &v, err);
    if (r == 0)
        r = body_hash_of(&writer->reader, writer->old, &v, hash, err);
    if (r == 0)
        *ret = memcmp(hash, w->body_hash, sizeof(hash)) == 0;
    return r;
}

/* ${w} makes no new version. */
static void unchanged(struct store_write *w, const struct apply_now *now)
{
    w->unchanged = true;
    w->done = w->operation == STORE_DELETE ? STORE_DELETE : STORE_UPDATE;
    w->rid = now->record.rid;
    w->seq = now->record.head;
    w->updated = now->record.head ? chain_time(now->version.hlc) : 0;
    memcpy(w->vid, now->vid, sizeof(w->vid));
}

/* ---- the new version ---- */

/* Number, clock and hash of the next version this node writes. */
static int version_seal(struct writer *writer, const struct apply_write *aw,
    struct driver_version *v, struct err *err)
{
    const struct store_write *w = aw->write;
    uint8_t parents[DRIVER_PARENTS_MAX][STORE_HASH_BYTES];
    struct driver_version parent;
    struct chain_header header = {.origin = writer->store->origin,
        .previous = writer->hash,
        .type = w->type->number,
        .id = w->id,
        .operation = v->operation,
        .actor = aw->actor_name,
        .parents = (const uint8_t(*)[STORE_HASH_BYTES])parents,
        .parent_count = v->parent_count,
        .body_hash = w->body_hash};
    int r = 0;

    memcpy(parents[0], aw->now.version.hash, sizeof(parents[0]));
    for (unsigned i = 1; i < v->parent_count && r == 0; i++) {
        r = writer->store->driver->version_get(
            writer->conn, v->parents[i], false, &parent, err);
        memcpy(parents[i], parent.hash, sizeof(parents[i]));
    }
    if (r < 0)
        return r;
    v->hlc = chain_clock((uint64_t)writer->hlc, aw->at ? aw->at : time_now());
    v->seq = writer->seq + 1;
    v->origin_seq = writer->origin_seq + 1;
    header.hlc = v->hlc;
    header.origin_seq = v->origin_seq;
    chain_hash(&header, v->hash);
    r = writer_set(writer, &writer->seq, v->seq, err);
    if (r == 0)
        r = writer_set(writer, &writer->origin_seq, v->origin_seq, err);
    if (r == 0)
        r = writer_set(writer, &writer->hlc, (int64_t)v->hlc, err);
    memcpy(writer->hash, v->hash, sizeof(writer->hash));
    return r;
}

void apply_body(
    const struct store *s, const struct store_write *w, struct driver_version *v)
{
    memcpy(v->body_hash, w->body_hash, sizeof(v->body_hash));
    if (w->operation == STORE_DELETE) {
        v->dictionary = DRIVER_BODY_NONE;
    } else if (s->path && w->packed.len > LIMIT_BLOB_INLINE) {
        v->dictionary = DRIVER_BODY_BLOB;
    } else {
        v->dictionary = (int)w->dictionary;
        v->body = w->packed;
    }
}

int apply_count(struct writer *writer, const struct store_write *w, unsigned type,
    bool was_live, bool is_live, struct err *err)
{
    int by = (int)is_live - (int)was_live;
    bool file = writer->store->path && w->packed.len > LIMIT_BLOB_INLINE;
    int r = writer_count(writer, type, by, err);

    if (r == 0 && w->operation == STORE_DELETE && was_live)
        r = writer_count(writer, COUNT_DELETED, 1, err);
    if (r == 0 && w->operation != STORE_DELETE)
        r = writer_count(writer, file ? COUNT_BLOB_BYTES : COUNT_BODY_BYTES,
            (int64_t)w->packed.len, err);
    return r;
}

/* What the new version follows: what is current, and for a merge all other heads. */
static int parents_set(struct writer *writer, const struct apply_write *aw,
    struct driver_version *v, struct err *err)
{
    struct driver_list q = {.of = aw->now.record.rid,
        .from = INT64_MAX,
        .down = true,
        .out = v->parents + 1,
        .limit = DRIVER_PARENTS_MAX - 1};
    int r = 0;

    if (aw->now.record.head == 0)
        return 0;
    v->parents[0] = aw->now.record.head;
    v->parent_count = 1;
    if (!aw->write->merge_)
        return 0;
    r = writer->store->driver->head_list(writer->conn, &q, err);
    v->parent_count += (unsigned)q.count;
    return r;
}

/* The record's row and sets after ${v} became its current version. */
static int record_move(
    struct writer *writer, const struct driver_version *v, struct err *err)
{
    const struct driver *d = writer->store->driver;
    bool live = v->operation != STORE_DELETE;
    int r = 0;

    r = d->record_head(writer->conn, v->rid, v->seq, live, err);
    for (unsigned i = 0; i < v->parent_count && r == 0; i++) {
        r = d->past_add(writer->conn, v->rid, v->parents[i], err);
        if (r == 0 && i > 0)
            r = d->head_remove(writer->conn, v->rid, v->parents[i], err);
    }
    return r;
}

/* A name that was never met: its row is made with the head it gets. */
static int record_new(struct writer *writer, const struct store_write *w,
    struct driver_version *v, struct err *err)
{
    struct driver_record record = {
        .id = w->id, .head = writer->seq + 1, .live = w->operation != STORE_DELETE};
    int r = rid_next(writer, w->type->number, &record.rid, err);

    if (r == 0)
        r = writer->store->driver->record_add(writer->conn, &record, err);
    if (r == 0)
        rid_cache_put(&writer->cache, record.rid, w->id);
    v->rid = record.rid;
    return r;
}

static int version_write(struct writer *writer, struct apply_write *aw,
    struct driver_version *v, struct err *err)
{
    struct store_write *w = aw->write;
    struct apply_now *now = &aw->now;
    int r = 0;

    v->actor = aw->actor;
    v->operation = w->operation == STORE_DELETE ? STORE_DELETE
                   : now->record.live           ? STORE_UPDATE
                                                : STORE_CREATE;
    r = parents_set(writer, aw, v, err);
    apply_body(writer->store, w, v);
    v->rid = now->record.rid;
    if (r == 0 && !now->known)
        r = record_new(writer, w, v, err);
    if (r == 0)
        r = version_seal(writer, aw, v, err);
    if (r == 0)
        r = writer->store->driver->version_add(writer->conn, v, err);
    if (r == 0 && now->known)
        r = record_move(writer, v, err);
    if (r == 0)
        r = apply_count(writer, w, w->type->number, now->record.live,
            v->operation != STORE_DELETE, err);
    return r;
}

/* ---- views ---- */

/* The prepared values of the version that was current: from store_prepare where it saw
 * the same version, else made here. NULL: it was not live. */
static int old_values(struct writer *writer, const struct apply_write *aw,
    const void **room, const void *const **ret, struct err *err)
{
    const struct store_write *w = aw->write;
    struct driver_version v;
    int r = 0;

    *ret = NULL;
    if (!aw->now.record.live)
        return 0;
    if (w->old_seq_ == aw->now.record.head) {
        *ret = w->old_prepared_;
        return 0;
    }
    r = writer->store->driver->version_get(
        writer->conn, aw->now.record.head, true, &v, err);
    if (r == 0)
        r = views_prepare_version(
            &writer->reader, writer->old, &v, UINT32_MAX, room, err);
    if (r == 0)
        *ret = room;
    return r;
}

int writer_tell(struct writer *w, const struct store_change *change,
    const void *const *prepared, const void *const *old, struct err *err)
{
    int r = 0;

    for (unsigned i = 0; i < w->store->view_count && r == 0; i++) {
        struct store_change one = *change;
        one.prepared = prepared ? prepared[i] : NULL;
        one.old_prepared = old ? old[i] : NULL;
        r = w->store->views[i]->apply(&w->tx, w->scratch, &one, err);
        arena_reset(w->scratch);
    }
    return r;
}

static int write_apply(struct writer *writer, struct apply_write *aw, struct err *err)
{
    const void *room[STORE_VIEWS_MAX];
    const void *const *old = NULL;
    struct store_write *w = aw->write;
    struct driver_version v = {0};
    struct store_change change;
    bool same = false;
    int r = 0;

    if (w->foreign_)
        return foreign_apply(writer, aw, err);
    r = now_load(writer, w, &aw->now, err);
    if (r == 0)
        r = expect_check(w, &aw->now, err);
    if (r == 0)
        r = same_body(writer, w, &aw->now, &same, err);
    if (r < 0)
        return r;
    if (same || (w->operation == STORE_DELETE && !aw->now.record.live)) {
        unchanged(w, &aw->now);
        return 0;
    }
    r = old_values(writer, aw, room, &old, err);
    if (r == 0)
        r = version_write(writer, aw, &v, err);
    if (r < 0)
        return r;
    w->unchanged = false;
    w->rid = v.rid;
    w->seq = v.seq;
    w->updated = chain_time(v.hlc);
    w->done = v.operation;
    vid_write(v.hash, w->vid);
    change = (struct store_change){.rid = v.rid,
        .seq = v.seq,
        .position = v.seq,
        .type = w->type->number,
        .id = w->id,
        .operation = v.operation,
        .updated = w->updated};
    return writer_tell(
        writer, &change, v.operation == STORE_DELETE ? NULL : w->prepared, old, err);
}

/* ---- the transaction ---- */

/* Bring rows to the tables when they are many. What was held back before the savepoint
 * must stay in the list for an undo; without such, the list can be emptied. */
static int rows_relieve(struct writer *w, struct writer_mark *mark, struct err *err)
{
    int r = 0;

    if (arena_used(w->rows.bytes) <= LIMIT_ROWS_HELD)
        return 0;
    r = rows_flush(&w->rows, w->store->driver, w->conn, err);
    if (r == 0 && mark->rows.count == mark->rows.flushed) {
        rows_clear(&w->rows);
        mark->rows = (struct rows_mark){0};
    }
    return r;
}

static int writes_apply(struct writer *w, struct store_transaction *t, unsigned actor,
    struct writer_mark *mark, struct err *err)
{
    int r = 0;

    if (t->guard)
        r = t->guard(&w->reader, t->guard_arg, err);
    for (size_t i = 0; i < t->count && r == 0; i++) {
        struct apply_write aw = {.write = &t->writes[i],
            .actor = actor,
            .actor_name = t->actor,
            .at = t->at};
        r = write_apply(w, &aw, err);
        arena_reset(w->old);
        if (r < 0)
            t->failed = i;
        if (r == 0)
            r = rows_relieve(w, mark, err);
    }
    return r;
}

int writer_apply(struct writer *w, struct store_transaction *t, struct err *err)
{
    const struct driver *d = w->store->driver;
    struct writer_mark mark;
    unsigned actor = 0;
    int r = writer_actor(w, t->actor, &actor, &t->err);

    if (r == E_TOO_LARGE) {
        t->result = r;
        return 0;
    }
    if (r == 0 && (t->count > BIG || arena_used(w->rows.bytes) > LIMIT_ROWS_HELD / 2)) {
        r = rows_flush(&w->rows, d, w->conn, &t->err);
        if (r == 0)
            rows_clear(&w->rows);
    }
    if (r == 0)
        r = d->savepoint(w->conn, &t->err);
    if (r < 0) {
        *err = t->err;
        return r;
    }
    mark = writer_mark(w);
    r = writes_apply(w, t, actor, &mark, &t->err);
    if (r == 0) {
        r = d->release(w->conn, err);
        return r;
    }
    t->result = r;
    w->bulk_lost = w->bulk_lost || w->bulk;
    writer_undo(w, mark);
    if (d->rollback_to(w->conn, err) < 0) {
        *err = t->err;
        return t->result;
    }
    return 0;
}
