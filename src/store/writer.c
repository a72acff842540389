/* SPDX-License-Identifier: Apache-2.0 */
/* The writer's thread and its queue. */
#include "store/writer.h"

/* Who waits in store_commit. */
struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool done;
};

/* Take what has queued up, but not more than one commit should hold. */
static struct store_transaction *queue_take(struct writer *w)
{
    struct store_transaction *first = w->first;
    struct store_transaction *last = first;
    size_t records = first->count;
    size_t n = 1;

    /* who wants to see the state it leaves is the last of its commit */
    while (last->next_ && !last->snapshot && n < LIMIT_GROUP_WRITES &&
           records + last->next_->count <= LIMIT_GROUP_RECORDS) {
        last = last->next_;
        records += last->count;
        n++;
    }
    w->first = last->next_;
    if (!w->first)
        w->last = NULL;
    last->next_ = NULL;
    w->queued -= n;
    return first;
}

static void job_do(struct writer *w, struct writer_job *job)
{
    const struct driver *d = w->store->driver;
    struct err *err = &job->err;
    int r = w->loaded ? 0 : writer_load(w, err);

    if (r == 0 && job->transaction)
        r = d->begin(w->conn, err);
    if (r == 0) {
        r = job->run(w, job->arg, err);
        if (job->transaction && r == 0)
            r = d->commit(w->conn, err);
        else if (job->transaction)
            d->rollback(w->conn);
        if (r < 0 && job->transaction)
            writer_forget(w);
        if (r == 0) {
            w->undo_count = 0;
            atomic_fetch_add(&w->store->generation, 1);
        }
    }
    pthread_mutex_lock(&w->lock);
    job->result = r;
    job->done = true;
    pthread_cond_broadcast(&w->job_done);
    pthread_mutex_unlock(&w->lock);
}

static void *writer_main(void *arg)
{
    struct writer *w = arg;

    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (!w->first && !w->jobs && !w->closing)
            pthread_cond_wait(&w->work, &w->lock);
        if (w->jobs) {
            struct writer_job *job = w->jobs;
            w->jobs = job->next;
            pthread_mutex_unlock(&w->lock);
            job_do(w, job);
        } else if (w->first) {
            struct store_transaction *group = queue_take(w);
            pthread_mutex_unlock(&w->lock);
            writer_group(w, group);
        } else {
            break;
        }
        pthread_mutex_lock(&w->lock);
    }
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

int store_submit(struct store *s, struct store_transaction *t, struct err *err)
{
    struct writer *w = s->writer;
    int r = 0;

    if (!w)
        return err_set(err, E_BUSY, s->path, "The node was opened for reading only.");
    t->next_ = NULL;
    t->result = 0;
    t->failed = SIZE_MAX;
    t->err = (struct err){0};
    pthread_mutex_lock(&w->lock);
    if (w->closing || w->queued >= LIMIT_QUEUE_WRITES) {
        r = E_BUSY;
    } else {
        if (w->last)
            w->last->next_ = t;
        else
            w->first = t;
        w->last = t;
        w->queued++;
        pthread_cond_signal(&w->work);
    }
    pthread_mutex_unlock(&w->lock);
    if (r < 0)
        return err_set(
            err, r, NULL, "The node cannot take more writes now; try again.");
    return 0;
}

int store_commit(struct store *s, struct store_transaction *t, struct err *err)
{
    struct waiter waiter = {.done = false};
    int r = 0;

    pthread_mutex_init(&waiter.lock, NULL);
    pthread_cond_init(&waiter.woken, NULL);
    t->waiter_ = &waiter;
    r = store_submit(s, t, err);
    if (r == 0) {
        pthread_mutex_lock(&waiter.lock);
        while (!waiter.done)
            pthread_cond_wait(&waiter.woken, &waiter.lock);
        pthread_mutex_unlock(&waiter.lock);
        r = t->result;
        if (r < 0 && err)
            *err = t->err;
    }
    t->waiter_ = NULL;
    pthread_cond_destroy(&waiter.woken);
    pthread_mutex_destroy(&waiter.lock);
    return r;
}

void writer_finish(struct store_transaction *t)
{
    /* read first: once told, the transaction is its owner's again */
    struct waiter *waiter = t->waiter_;

    if (t->done)
        t->done(t, t->done_arg);
    if (!waiter)
        return;
    /* signalled with the lock held: the waiter's memory ends when it has it */
    pthread_mutex_lock(&waiter->lock);
    waiter->done = true;
    pthread_cond_signal(&waiter->woken);
    pthread_mutex_unlock(&waiter->lock);
}

int writer_run(struct store *s, struct writer_job *job, struct err *err)
{
    struct writer *w = s->writer;

    if (!w)
        return err_set(err, E_BUSY, s->path, "The node was opened for reading only.");
    job->done = false;
    job->next = NULL;
    job->err = (struct err){0};
    pthread_mutex_lock(&w->lock);
    if (w->closing) {
        pthread_mutex_unlock(&w->lock);
        return err_set(err, E_BUSY, NULL, "The node is closing.");
    }
    struct writer_job **at = &w->jobs;
    while (*at)
        at = &(*at)->next;
    *at = job;
    pthread_cond_signal(&w->work);
    while (!job->done)
        pthread_cond_wait(&w->job_done, &w->lock);
    pthread_mutex_unlock(&w->lock);
    if (job->result < 0 && err)
        *err = job->err;
    return job->result;
}

static int locks_make(struct writer *w)
{
    if (pthread_mutex_init(&w->lock, NULL) != 0)
        return E_NOMEM;
    pthread_cond_init(&w->work, NULL);
    pthread_cond_init(&w->job_done, NULL);
    pthread_mutex_init(&w->tidy_lock, NULL);
    pthread_cond_init(&w->tidy_work, NULL);
    w->locks_made = true;
    return 0;
}

int writer_start(struct store *s, struct err *err)
{
    struct writer *w = base_malloc(sizeof(*w));
    int r = 0;

    if (!w)
        return err_nomem(err);
    memset(w, 0, sizeof(*w));
    w->store = s;
    s->writer = w;
    w->scratch = arena_new();
    w->old = arena_new();
    if (!w->scratch || !w->old || locks_make(w) < 0 || rows_init(&w->rows) < 0 ||
        rid_cache_init(&w->cache) < 0)
        return err_nomem(err);
    r = s->driver->connect(s->node, true, &w->conn, err);
    if (r == 0)
        r = zcodec_new(&w->reader.codec, err);
    if (r < 0)
        return r;
    w->reader.store = s;
    w->reader.conn = w->conn;
    w->reader.writer = w;
    w->tx = (struct store_tx){.store = s, .writer = w, .reader = &w->reader};
    return 0;
}

int writer_go(struct store *s, struct err *err)
{
    struct writer *w = s->writer;
    int r = writer_load(w, err);

    if (r == 0)
        r = thread_start(&w->thread, "writer", writer_main, w, err);
    if (r < 0)
        return r;
    w->started = true;
    return tidier_start(w, err);
}

void writer_stop(struct store *s)
{
    struct writer *w = s->writer;

    if (!w)
        return;
    if (w->started) {
        pthread_mutex_lock(&w->lock);
        w->closing = true;
        pthread_cond_broadcast(&w->work);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->thread, NULL);
    }
    tidier_stop(w);
    writer_forget(w);
    sorter_free(w->bulk);
    zcodec_free(w->reader.codec);
    if (w->conn)
        s->driver->disconnect(w->conn);
    rid_cache_done(&w->cache);
    if (w->rows.bytes)
        rows_done(&w->rows);
    base_free(w->undo);
    arena_free(w->scratch);
    arena_free(w->old);
    if (w->locks_made) {
        pthread_cond_destroy(&w->work);
        pthread_cond_destroy(&w->job_done);
        pthread_mutex_destroy(&w->lock);
        pthread_cond_destroy(&w->tidy_work);
        pthread_mutex_destroy(&w->tidy_lock);
    }
    base_free(w);
    s->writer = NULL;
}
