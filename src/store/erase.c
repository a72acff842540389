/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Removing a body for good. Its hash stays in the version's row, so the chain still
 * verifies. A file goes when no other version names it.
 */
#include "store/driver.h"
#include "store/internal.h"
#include "store/views.h"

struct erase {
    unsigned type;
    struct str id;
    struct str vid;
    uint8_t hash[STORE_HASH_BYTES];
    bool file; /* the body was in a file that nobody names any more */
};

/* Does any version but ${but} name the file ${hash}? */
static int file_named(struct writer *w, const uint8_t hash[STORE_HASH_BYTES],
    int64_t but, bool *ret, struct err *err)
{
    struct driver_version v = {0};
    int r = 0;

    *ret = false;
    for (int64_t seq = 1; seq <= w->seq && r == 0 && !*ret; seq++) {
        if (seq == but)
            continue;
        r = w->store->driver->version_get(w->conn, seq, false, &v, err);
        *ret = r == 0 && v.dictionary == DRIVER_BODY_BLOB &&
               memcmp(v.body_hash, hash, STORE_HASH_BYTES) == 0;
    }
    return r;
}

/* Views of the past are told the record's changes, to take them back or to make them
 * anew. */
static int past_tell(
    struct writer *w, const struct driver_version *v, bool undo, struct err *err)
{
    const struct driver *d = w->store->driver;
    struct driver_record record;
    int r = d->record_get(w->conn, v->rid, &record, err);

    if (r == 0)
        r = views_replay_past(&w->tx, UINT32_MAX, &record, undo, err);
    if (r == 0 && !undo) {
        r = rows_flush(&w->rows, d, w->conn, err);
        rows_clear(&w->rows);
    }
    return r;
}

/* The version to be erased, unless it is what is shown now. */
static int erase_find(
    struct writer *w, const struct erase *e, struct driver_version *v, struct err *err)
{
    struct store_record record;
    struct driver_record row;
    int r = store_get_version(&w->reader, w->old, e->type, e->id, e->vid, &record, err);

    if (r == 0)
        r = w->store->driver->record_get(w->conn, record.rid, &row, err);
    if (r == 0 && row.live && row.head == record.seq)
        r = err_set(err, E_CONFLICT, NULL,
            "This version is the current one; delete the record first.");
    if (r == 0)
        r = w->store->driver->version_get(w->conn, record.seq, true, v, err);
    return r;
}

static int erase_run(struct writer *w, void *arg, struct err *err)
{
    struct erase *e = arg;
    const struct driver *d = w->store->driver;
    struct driver_version v = {0};
    unsigned counter = COUNT_BODY_BYTES;
    int64_t bytes = 0;
    bool named = false;
    int r = erase_find(w, e, &v, err);

    if (r < 0 || v.dictionary == DRIVER_BODY_ERASED || v.dictionary == DRIVER_BODY_NONE)
        goto out;
    bytes = (int64_t)v.body.len;
    if (v.dictionary == DRIVER_BODY_BLOB) {
        counter = COUNT_BLOB_BYTES;
        memcpy(e->hash, v.body_hash, sizeof(e->hash));
        r = blob_size(w->store, v.body_hash, &bytes, err);
        if (r == 0)
            r = file_named(w, v.body_hash, v.seq, &named, err);
        e->file = r == 0 && !named;
    } else {
        r = body_hash_of(&w->reader, w->old, &v, e->hash, err);
    }
    if (r == 0)
        r = past_tell(w, &v, true, err);
    memcpy(v.body_hash, e->hash, sizeof(v.body_hash));
    v.dictionary = DRIVER_BODY_ERASED;
    v.body = (struct str){NULL, 0};
    if (r == 0)
        r = d->version_body(w->conn, &v, err);
    if (r == 0)
        r = past_tell(w, &v, false, err);
    if (r == 0)
        r = writer_count(w, counter, -bytes, err);
    if (r == 0)
        r = writer_counts_flush(w, err);
out:
    arena_reset(w->old);
    return r;
}

int store_erase(
    struct store *s, unsigned type, struct str id, struct str vid, struct err *err)
{
    struct erase e = {.type = type, .id = id, .vid = vid};
    struct writer_job job = {.run = erase_run, .arg = &e, .transaction = true};
    int r = writer_run(s, &job, err);

    atomic_fetch_add(&s->erasures, 1);
    if (r == 0 && e.file)
        r = blob_remove(s, e.hash, err);
    /* the log beside the database still holds the row as it was */
    if (r == 0 && s->driver->tidy) {
        int64_t left = 0;
        pool_end_idle(s);
        left = s->driver->tidy(s->node, DRIVER_TIDY_WIPE, err);
        pool_end_stop(s);
        r = left < 0 ? (int)left : 0;
    }
    return r;
}

uint64_t store_erasures(const struct store *s)
{
    return atomic_load(&s->erasures);
}
