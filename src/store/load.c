/* SPDX-License-Identifier: Apache-2.0 */
/* What the writer knows by heart: read from the database, kept with undo, thrown away
 * after a commit that failed. */
#include <stdio.h>
#include <stdlib.h>

#include "store/writer.h"

int writer_set(struct writer *w, int64_t *place, int64_t value, struct err *err)
{
    if (w->undo_count == w->undo_cap) {
        size_t cap = w->undo_cap ? 2 * w->undo_cap : 256;
        struct writer_undo *undo = base_realloc(w->undo, cap * sizeof(*undo));
        if (!undo)
            return err_nomem(err);
        w->undo = undo;
        w->undo_cap = cap;
    }
    w->undo[w->undo_count++] = (struct writer_undo){place, *place};
    *place = value;
    return 0;
}

int writer_count(struct writer *w, unsigned counter, int64_t by, struct err *err)
{
    if (by == 0)
        return 0;
    w->dirty[counter] = true;
    return writer_set(w, &w->counts[counter], w->counts[counter] + by, err);
}

struct writer_mark writer_mark(const struct writer *w)
{
    struct writer_mark mark = {.undo = w->undo_count,
        .rows = {w->rows.count, w->rows.flushed},
        .cache = {w->cache.put_count}};

    memcpy(mark.hash, w->hash, sizeof(mark.hash));
    return mark;
}

void writer_undo(struct writer *w, struct writer_mark mark)
{
    while (w->undo_count > mark.undo) {
        const struct writer_undo *u = &w->undo[--w->undo_count];
        *u->place = u->old;
    }
    memcpy(w->hash, mark.hash, sizeof(w->hash));
    w->rows.count = mark.rows.count;
    w->rows.flushed = mark.rows.flushed;
    rid_cache_undo(&w->cache, mark.cache);
}

void writer_forget(struct writer *w)
{
    for (size_t i = 0; i < w->actor_count; i++)
        base_free(w->actors[i]);
    base_free(w->actors);
    w->actors = NULL;
    w->actor_count = 0;
    w->undo_count = 0;
    if (w->rows.bytes)
        rows_clear(&w->rows);
    if (w->cache.entries)
        rid_cache_clear(&w->cache);
    memset(w->last_rid, 0, sizeof(w->last_rid));
    memset(w->counts, 0, sizeof(w->counts));
    memset(w->dirty, 0, sizeof(w->dirty));
    w->loaded = false;
}

static int count_visit(void *arg, const char *name, struct str value, struct err *err)
{
    struct writer *w = arg;
    long counter = strtol(name + strlen("count/"), NULL, 10);

    (void)err;
    if (counter >= 0 && counter < COUNT_ALL && value.len == 8)
        w->counts[counter] = (int64_t)bytes_get64((const uint8_t *)value.p);
    return 0;
}

/* Names come in the order of their numbers, from 1 without a gap. */
static int actor_visit(void *arg, const char *name, struct str value, struct err *err)
{
    struct writer *w = arg;
    char **actors = NULL;
    char *copy = NULL;

    (void)name;
    if ((w->actor_count & (w->actor_count + 1)) == 0) {
        actors = base_realloc(w->actors, 2 * (w->actor_count + 1) * sizeof(*actors));
        if (!actors)
            return err_nomem(err);
        w->actors = actors;
    }
    copy = base_malloc(value.len + 1);
    if (!copy)
        return err_nomem(err);
    memcpy(copy, value.p, value.len);
    copy[value.len] = '\0';
    w->actors[w->actor_count++] = copy;
    return 0;
}

/* The newest version, and the newest that this node wrote first. */
static int log_end_load(struct writer *w, struct err *err)
{
    const struct driver *d = w->store->driver;
    struct driver_version v;
    int r = d->last_seq(w->conn, &w->seq, err);

    w->hlc = 0;
    w->origin_seq = 0;
    memset(w->hash, 0, sizeof(w->hash));
    for (int64_t seq = w->seq; r == 0 && seq > 0; seq--) {
        r = d->version_get(w->conn, seq, false, &v, err);
        if (r < 0)
            return r;
        /* the clock must pass every version that was seen, whoever wrote it */
        if ((int64_t)v.hlc > w->hlc)
            w->hlc = (int64_t)v.hlc;
        if (v.origin == 0) {
            w->origin_seq = v.origin_seq;
            memcpy(w->hash, v.hash, sizeof(w->hash));
            break;
        }
    }
    return r;
}

int writer_load(struct writer *w, struct err *err)
{
    const struct driver *d = w->store->driver;
    int r = 0;

    writer_forget(w);
    r = d->read_begin(w->conn, err);
    if (r < 0)
        return r;
    r = log_end_load(w, err);
    if (r == 0)
        r = d->value_scan(w->conn, DRIVER_OWN, "count/", count_visit, w, err);
    if (r == 0)
        r = d->value_scan(w->conn, DRIVER_OWN, "actor/", actor_visit, w, err);
    d->read_end(w->conn);
    if (r < 0) {
        writer_forget(w);
        return r;
    }
    w->loaded = true;
    return 0;
}

int writer_counts_flush(struct writer *w, struct err *err)
{
    const struct driver *d = w->store->driver;
    char name[32];
    uint8_t value[8];
    int r = 0;

    for (unsigned i = 0; i < COUNT_ALL && r == 0; i++) {
        if (!w->dirty[i])
            continue;
        snprintf(name, sizeof(name), "count/%03u", i);
        bytes_put64(value, (uint64_t)w->counts[i]);
        r = d->value_put(
            w->conn, DRIVER_OWN, name, (struct str){(char *)value, 8}, err);
        w->dirty[i] = false;
    }
    return r;
}

int count_get(struct store *s, struct driver_conn *conn, unsigned counter, int64_t *ret,
    struct err *err)
{
    char name[32];
    struct str value = {0};
    int r = 0;

    snprintf(name, sizeof(name), "count/%03u", counter);
    r = s->driver->value_get(conn, DRIVER_OWN, name, &value, err);
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    *ret = 0;
    if (r == 0 && value.len == 8)
        *ret = (int64_t)bytes_get64((const uint8_t *)value.p);
    return 0;
}

int writer_actor(struct writer *w, struct str name, unsigned *ret, struct err *err)
{
    char key[32];
    int r = 0;

    if (name.len == 0) {
        *ret = 0;
        return 0;
    }
    if (name.len > LIMIT_NAME_BYTES)
        return err_set(err, E_TOO_LARGE, NULL, "The writer's name is too long.");
    /* newest first: who writes now wrote lately */
    for (size_t i = w->actor_count; i-- > 0;) {
        if (str_is(name, w->actors[i])) {
            *ret = (unsigned)i + 1;
            return 0;
        }
    }
    r = actor_visit(w, NULL, name, err);
    if (r < 0)
        return r;
    snprintf(key, sizeof(key), "actor/%010zu", w->actor_count);
    r = w->store->driver->value_put(w->conn, DRIVER_OWN, key, name, err);
    if (r < 0)
        return r;
    *ret = (unsigned)w->actor_count;
    return 0;
}
