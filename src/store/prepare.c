/* SPDX-License-Identifier: Apache-2.0 */
/* Work on a write that needs no lock, on the caller's thread. */
#include "store/driver.h"
#include "store/internal.h"

/* A resource as views see it. */
struct subject {
    const struct fhir_type *type;
    const struct json *resource;
    utc_ms updated;
    uint32_t views; /* by which it is to be seen */
};

static int views_prepare(struct store *s, struct arena *a, const struct subject *what,
    const void **prepared, struct err *err)
{
    int r = 0;

    for (unsigned i = 0; i < s->view_count && r == 0; i++) {
        prepared[i] = NULL;
        if (!(what->views >> i & 1))
            continue;
        r = s->views[i]->prepare(
            a, what->type, what->resource, what->updated, &prepared[i], err);
    }
    return r;
}

int views_prepare_version(struct store_reader *r, struct arena *a,
    const struct driver_version *v, uint32_t mask, const void **prepared,
    struct err *err)
{
    struct subject what = {.type = fhir_type_numbered(store_rid_type(v->rid)),
        .updated = chain_time(v->hlc),
        .views = mask};
    struct arena *scratch = NULL;
    struct str body = {0};
    int code = 0;

    if (r->store->view_count == 0)
        return 0;
    if (!what.type)
        return err_set(err, E_CORRUPT, NULL, "There is no type with the number %u.",
            store_rid_type(v->rid));
    scratch = arena_new();
    if (!scratch)
        return err_nomem(err);
    code = body_unpack(r, scratch, v, &body, err);
    if (code == 0)
        code = json_read_trusted(scratch, body, &what.resource, err);
    if (code == 0)
        code = views_prepare(r->store, a, &what, prepared, err);
    arena_free(scratch);
    return code;
}

/* What is current now, if a reader is free: a caller that holds one already must not
 * wait for a second. The writer looks again whether it still is. */
static int old_look(
    struct store *s, struct arena *a, struct store_write *w, struct err *err)
{
    struct driver_current q = {.type = w->type->number, .id = w->id, .body = true};
    uint8_t hash[STORE_HASH_BYTES];
    struct store_reader *reader = NULL;
    int r = reader_take(s, false, false, &reader, NULL);

    if (r < 0)
        return r == E_NOMEM ? err_nomem(err) : 0;
    r = s->driver->record_current(reader->conn, &q, err);
    if (r == 0 && q.record.live) {
        r = body_hash_of(reader, a, &q.version, hash, err);
        w->same_ = r == 0 && w->operation != STORE_DELETE &&
                   memcmp(hash, w->body_hash, sizeof(hash)) == 0;
        /* the row's bytes did not stay */
        if (r == 0)
            r = s->driver->record_current(reader->conn, &q, err);
        if (r == 0)
            r = views_prepare_version(
                reader, a, &q.version, UINT32_MAX, w->old_prepared_, err);
        if (r == 0)
            w->old_seq_ = q.version.seq;
    }
    store_read_end(reader);
    return r == E_NOT_FOUND ? 0 : r;
}

int store_prepare(
    struct store *s, struct arena *a, struct store_write *w, struct err *err)
{
    struct subject what = {w->type, w->resource, time_now(), UINT32_MAX};
    int r = 0;

    w->old_seq_ = 0;
    w->same_ = false;
    memset(w->prepared, 0, sizeof(w->prepared));
    memset(w->body_hash, 0, sizeof(w->body_hash));
    if (w->id.len == 0 || w->id.len > LIMIT_ID_CHARS)
        return err_set(
            err, E_TOO_LARGE, NULL, "An id has 1 to %d characters.", LIMIT_ID_CHARS);
    if (w->operation != STORE_DELETE) {
        if (w->body.len > LIMIT_RECORD_BYTES)
            return err_set(err, E_TOO_LARGE, NULL,
                "The record has %zu bytes; at most %u are kept.", w->body.len,
                LIMIT_RECORD_BYTES);
        r = body_pack(s, a, w, err);
        if (r == 0)
            r = views_prepare(s, a, &what, w->prepared, err);
        if (r == 0)
            trainer_feed(s, w->body);
    }
    if (r == 0 && w->operation != STORE_CREATE)
        r = old_look(s, a, w, err);
    return r;
}
