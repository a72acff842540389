/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and closing a store. */
#include "store/store.h"

#include "base/id.h"

#include "store/driver.h"
#include "store/views.h"

#define DEFAULT_CACHE_BYTES (16u << 20)
#define DEFAULT_READER_CACHE_BYTES (8u << 20)

/* How far store_new came, so that store_close undoes just that. */
enum { MADE_CODECS = 1, MADE_POOL = 2, MADE_ACTORS = 4, MADE_TRAINER = 8 };

static int parts_make(struct store *s, unsigned readers, struct err *err)
{
    if (codecs_init(s) < 0)
        return err_nomem(err);
    s->made |= MADE_CODECS;
    if (pool_init(s, readers) < 0)
        return err_nomem(err);
    s->made |= MADE_POOL;
    if (actors_init(s) < 0)
        return err_nomem(err);
    s->made |= MADE_ACTORS;
    if (trainer_init(s) < 0)
        return err_nomem(err);
    s->made |= MADE_TRAINER;
    return 0;
}

static int node_open(struct store *s, const struct store_options *o, struct err *err)
{
    struct driver_options d = {.path = o->path,
        .create = o->create,
        .read_only = o->read_only,
        .no_sync = o->no_sync,
        .cache_bytes = o->cache_bytes ? o->cache_bytes : DEFAULT_CACHE_BYTES,
        .reader_cache_bytes = DEFAULT_READER_CACHE_BYTES};
    int r = 0;

    s->read_only = o->read_only;
    s->no_sync = o->no_sync;
    s->lock_fd = -1;
    if (o->kind == STORE_MEMORY) {
        s->driver = &driver_memory;
        d.create = true;
    } else {
        s->driver = &driver_sqlite;
        r = folder_open(s, o, err);
    }
    return r < 0 ? r : s->driver->open(&d, &s->node, err);
}

/* The node's name: made with the node, 16 random bytes. */
static int origin_load(
    struct store *s, struct driver_conn *conn, bool make, struct err *err)
{
    struct str value = {0};
    int r = s->driver->value_get(conn, DRIVER_OWN, "origin", &value, err);

    if (r == E_NOT_FOUND && make) {
        id_random(s->origin, sizeof(s->origin));
        value = (struct str){(const char *)s->origin, sizeof(s->origin)};
        return s->driver->value_put(conn, DRIVER_OWN, "origin", value, err);
    }
    if (r == E_NOT_FOUND || (r == 0 && value.len != sizeof(s->origin)))
        return err_set(err, E_CORRUPT, s->path,
            "The node has no name: its making was cut short; make it anew.");
    if (r == 0)
        memcpy(s->origin, value.p, sizeof(s->origin));
    return r;
}

/* What a writing store needs before its threads start. */
static int writer_open(
    struct store *s, bool create, const struct store_fill_watch *watch, struct err *err)
{
    const struct fill_progress progress = {.watch = watch};
    struct driver_conn *conn = NULL;
    uint32_t stale = 0;
    int r = writer_start(s, err);

    if (r < 0)
        return r;
    conn = s->writer->conn;
    r = s->driver->begin(conn, err);
    if (r < 0)
        return r;
    r = origin_load(s, conn, create || !s->path, err);
    if (r == 0)
        r = dictionaries_load(s, conn, err);
    if (r == 0)
        r = views_open(s, conn, &stale, err);
    /* nothing is all there is to fill in a new node */
    if (r == 0 && stale && (create || !s->path)) {
        r = views_set_filled(s, conn, stale, true, err);
        stale = 0;
    }
    if (r == 0)
        r = s->driver->commit(conn, err);
    else
        s->driver->rollback(conn);
    if (r == 0 && stale) {
        r = writer_load(s->writer, err);
        if (r == 0)
            r = views_fill(s->writer, stale, &progress, err);
    }
    return r < 0 ? r : writer_go(s, err);
}

static int reader_open(struct store *s, struct err *err)
{
    struct store_reader *r = NULL;
    uint32_t stale = 0;
    int code = reader_take(s, true, true, &r, err);

    if (code < 0)
        return code;
    code = origin_load(s, r->conn, false, err);
    if (code == 0)
        code = dictionaries_load(s, r->conn, err);
    if (code == 0)
        code = views_open(s, r->conn, &stale, err);
    if (code == 0 && stale)
        code = err_set(err, E_CONFLICT, s->path,
            "The views of this node are not filled, or by another version of the "
            "program; "
            "run \"belay rebuild\" first.");
    store_read_end(r);
    return code;
}

int store_open(const struct store_options *options,
    const struct store_view *const *views, size_t count, struct store **ret,
    struct err *err)
{
    struct store *s = base_malloc(sizeof(*s));
    unsigned readers = options->readers ? options->readers : 2 * thread_cpus() + 2;
    int r = 0;

    if (!s)
        return err_nomem(err);
    memset(s, 0, sizeof(*s));
    s->lock_fd = -1;
    atomic_store(&s->generation, 1);
    r = parts_make(s, readers, err);
    if (r == 0)
        r = node_open(s, options, err);
    if (r == 0)
        r = views_register(s, views, count, err);
    if (r == 0)
        r = s->read_only ? reader_open(s, err)
                         : writer_open(s, options->create, options->fill_watch, err);
    if (r < 0) {
        store_close(s);
        return r;
    }
    *ret = s;
    return 0;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    /* who trains a dictionary waits for the writer */
    if (s->made & MADE_TRAINER)
        trainer_stop(s);
    writer_stop(s);
    if (s->made & MADE_TRAINER)
        trainer_done(s);
    if (s->made & MADE_POOL)
        pool_done(s);
    if (s->made & MADE_ACTORS)
        actors_done(s);
    if (s->made & MADE_CODECS)
        codecs_done(s);
    if (s->driver)
        s->driver->close(s->node);
    folder_close(s);
    base_free(s);
}
