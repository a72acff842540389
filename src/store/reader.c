/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Readers and their pool. A snapshot costs more to take than a record costs to read, so
 * a reader that is given back keeps its snapshot while nothing is committed, and the
 * next who takes it reads on. The newest given back is the first taken: its pages are
 * warm, and the others' memory is never touched when one is enough.
 *
 * Who waits for a reader while holding another can wait for ever: when all do so, nobody gives
 * one back. Callers should not (they hand on the snapshot they have); if it happens, whoever
 * has waited LIMIT_READER_WAIT_MS gets one beyond the pool's size, which goes again when it is
 * given back. So a slow moment costs memory for a while, and never stands still.
 */
#include <errno.h>

#include "store/driver.h"
#include "store/internal.h"
#include "store/writer.h"

/* One whose waits end by a clock that nobody sets. */
static int cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t how;
    int r = pthread_condattr_init(&how);

    if (r != 0)
        return r;
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    r = pthread_cond_init(cond, &how);
    pthread_condattr_destroy(&how);
    return r;
}

int pool_init(struct store *s, unsigned max)
{
    struct pool *p = &s->pool;

    *p = (struct pool){.max = max};
    if (pthread_mutex_init(&p->lock, NULL) != 0)
        return E_NOMEM;
    if (cond_init(&p->freed) != 0) {
        pthread_mutex_destroy(&p->lock);
        return E_NOMEM;
    }
    return 0;
}

static void reader_free(struct store_reader *r)
{
    if (r->open)
        r->store->driver->read_end(r->conn);
    zcodec_free(r->codec);
    r->store->driver->disconnect(r->conn);
    base_free(r);
}

void pool_done(struct store *s)
{
    struct pool *p = &s->pool;

    while (p->idle) {
        struct store_reader *r = p->idle;
        p->idle = r->next;
        reader_free(r);
    }
    pthread_cond_destroy(&p->freed);
    pthread_mutex_destroy(&p->lock);
}

static void end_snapshot(struct store_reader *r)
{
    r->store->driver->read_end(r->conn);
    r->open = false;
}

/* A connection of its own, with the views' tables known to it. */
static int reader_new(struct store *s, struct store_reader **ret, struct err *err)
{
    struct store_reader *r = base_malloc(sizeof(*r));
    int code = 0;

    if (!r)
        return err_nomem(err);
    *r = (struct store_reader){.store = s};
    code = s->driver->connect(s->node, false, &r->conn, err);
    if (code == 0)
        code = zcodec_new(&r->codec, err);
    if (code < 0) {
        if (r->conn)
            s->driver->disconnect(r->conn);
        base_free(r);
        return code;
    }
    *ret = r;
    return 0;
}

/* Wait until one is given back; false: too long. With the lock. */
static bool wait_freed(struct pool *p)
{
    struct timespec until;
    int r = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += LIMIT_READER_WAIT_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    p->waiting++;
    while (!p->idle && p->made >= p->max && r != ETIMEDOUT)
        r = pthread_cond_timedwait(&p->freed, &p->lock, &until);
    p->waiting--;
    return p->idle || p->made < p->max;
}

/* An idle reader, or the right to make one, which counts as made already. */
static int pool_take(struct pool *p, bool wait, struct store_reader **ret)
{
    bool beyond = false;
    int r = 0;

    *ret = NULL;
    pthread_mutex_lock(&p->lock);
    if (!p->idle && p->made >= p->max && wait)
        beyond = !wait_freed(p);
    if (p->idle) {
        *ret = p->idle;
        p->idle = p->idle->next;
    } else if (p->made < p->max || beyond) {
        p->made++;
    } else {
        r = E_BUSY;
    }
    pthread_mutex_unlock(&p->lock);
    return r;
}

/* Give back ${r}, or with NULL the right to make one. */
static void pool_give(struct pool *p, struct store_reader *r)
{
    struct store_reader *surplus = NULL;

    pthread_mutex_lock(&p->lock);
    if (r && p->made > p->max && !p->waiting) {
        surplus = r;
        p->made--;
    } else if (r) {
        if (r->open && p->ending)
            end_snapshot(r);
        r->next = p->idle;
        p->idle = r;
    } else {
        p->made--;
    }
    if (p->waiting)
        pthread_cond_signal(&p->freed);
    pthread_mutex_unlock(&p->lock);
    if (surplus)
        reader_free(surplus);
}

static int reader_open(struct store_reader *r, bool fresh, struct err *err)
{
    struct store *s = r->store;
    uint64_t now = atomic_load(&s->generation);
    int code = 0;

    if (r->open && r->generation == now && !fresh)
        return 0;
    if (r->open)
        end_snapshot(r);
    /* the number is read before the snapshot is taken: it may be too old, never too
     * new */
    code = s->driver->read_begin(r->conn, err);
    if (code < 0)
        return code;
    r->open = true;
    r->placed = false;
    r->generation = now;
    return 0;
}

int reader_renew(struct store_reader *r, struct err *err)
{
    return reader_open(r, true, err);
}

int reader_take(
    struct store *s, bool fresh, bool wait, struct store_reader **ret, struct err *err)
{
    struct store_reader *r = NULL;
    int code = pool_take(&s->pool, wait, &r);

    if (code < 0)
        return err_set(err, code, NULL, "All readers are in use.");
    if (!r) {
        code = reader_new(s, &r, err);
        if (code < 0) {
            pool_give(&s->pool, NULL);
            return code;
        }
    }
    /* another process may write where this one does not */
    code = reader_open(r, fresh || s->read_only, err);
    if (code < 0) {
        pool_give(&s->pool, r);
        return code;
    }
    *ret = r;
    return 0;
}

int store_read_begin(struct store *s, struct store_reader **ret, struct err *err)
{
    return reader_take(s, false, true, ret, err);
}

void store_read_end(struct store_reader *r)
{
    struct store *s = NULL;

    if (!r || r->writer)
        return;
    s = r->store;
    if (r->open && (s->read_only || r->generation != atomic_load(&s->generation)))
        end_snapshot(r);
    pool_give(&s->pool, r);
}

void pool_end_idle(struct store *s)
{
    struct pool *p = &s->pool;

    pthread_mutex_lock(&p->lock);
    p->ending++;
    for (struct store_reader *r = p->idle; r; r = r->next) {
        if (r->open)
            end_snapshot(r);
    }
    pthread_mutex_unlock(&p->lock);
}

void pool_end_stop(struct store *s)
{
    pthread_mutex_lock(&s->pool.lock);
    s->pool.ending--;
    pthread_mutex_unlock(&s->pool.lock);
}
