/* SPDX-License-Identifier: Apache-2.0 */
/* Begin and end of a load. */
#include "app/load.h"

#include <string.h>

#include "app/load_internal.h"

void load_fault(struct app_load *l, const struct app_load_error *e, bool more)
{
    bool first = false;

    pthread_mutex_lock(&l->lock);
    first = l->broken.code == E_OK;
    if (!l->options.strict || first) {
        l->result.failed += !more;
        if (l->options.error)
            l->options.error(l->options.arg, e);
    }
    if (l->options.strict && first)
        err_set(&l->broken, E_INVALID, e->path,
            "The input has a fault, so nothing of it was stored: %s", e->text);
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
}

void load_break(struct app_load *l, const struct err *err)
{
    pthread_mutex_lock(&l->lock);
    if (l->broken.code == E_OK)
        l->broken = *err;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
}

bool load_broken(struct app_load *l)
{
    bool broken = false;

    pthread_mutex_lock(&l->lock);
    broken = l->broken.code != E_OK;
    pthread_mutex_unlock(&l->lock);
    return broken;
}

void load_count(struct app_load *l, const struct store_transaction *tx)
{
    pthread_mutex_lock(&l->lock);
    for (size_t i = 0; i < tx->count; i++) {
        const struct store_write *w = &tx->writes[i];

        if (w->unchanged)
            l->result.unchanged++;
        else if (w->done == STORE_DELETE)
            l->result.deleted++;
        else if (w->done == STORE_CREATE)
            l->result.created++;
        else
            l->result.updated++;
    }
    pthread_mutex_unlock(&l->lock);
}

static void end_threads(struct app_load *l)
{
    pthread_mutex_lock(&l->lock);
    l->closing = true;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
    for (unsigned i = 0; i < l->thread_count; i++)
        pthread_join(l->threads[i], NULL);
    l->thread_count = 0;
}

static void load_free(struct app_load *l)
{
    while (l->kept) {
        struct load_unit *u = l->kept;

        l->kept = u->next;
        load_unit_free(u);
    }
    pthread_cond_destroy(&l->changed);
    pthread_mutex_destroy(&l->lock);
    base_free(l);
}

int app_load_new(struct app *app, const struct app_load_options *options,
    struct app_load **ret, struct err *err)
{
    struct app_load *l = base_malloc(sizeof(*l));
    unsigned threads = options->threads ? options->threads : thread_cpus();
    int r = 0;

    if (!l)
        return err_nomem(err);
    memset(l, 0, sizeof(*l));
    l->app = app;
    l->options = *options;
    l->waiting_last = &l->waiting;
    pthread_mutex_init(&l->lock, NULL);
    pthread_cond_init(&l->changed, NULL);
    if (threads > LOAD_THREADS_MAX)
        threads = LOAD_THREADS_MAX;
    if (options->bulk) {
        r = store_bulk_begin(app->store, err);
        l->bulk_begun = r == 0;
    }
    while (r == 0 && l->thread_count < threads) {
        r = thread_start(&l->threads[l->thread_count], "load", load_worker, l, err);
        if (r == 0)
            l->thread_count++;
    }
    if (r < 0) {
        end_threads(l);
        if (l->bulk_begun)
            store_bulk_end(app->store, NULL);
        load_free(l);
        return r;
    }
    *ret = l;
    return 0;
}

void app_load_progress(struct app_load *l, struct app_load_result *ret)
{
    pthread_mutex_lock(&l->lock);
    *ret = l->result;
    pthread_mutex_unlock(&l->lock);
}

/* ---- strict: everything in one transaction, at the end ---- */

static int strict_guard(struct store_reader *r, void *arg, struct err *err)
{
    struct app_load *l = arg;
    int e = 0;

    for (struct load_unit *u = l->kept; u && e == 0; u = u->next) {
        if (u->tx.guard)
            e = u->tx.guard(r, u->tx.guard_arg, err);
    }
    return e;
}

/* The kept units are newest first: fill from the end. */
static void gather(const struct app_load *l, struct store_write *all)
{
    size_t at = l->kept_writes;

    for (const struct load_unit *u = l->kept; u; u = u->next) {
        at -= u->tx.count;
        memcpy(all + at, u->tx.writes, u->tx.count * sizeof(*all));
    }
}

static int commit_kept(struct app_load *l, struct err *err)
{
    struct store_transaction tx = {.count = l->kept_writes,
        .actor = l->options.actor,
        .guard = strict_guard,
        .guard_arg = l};
    int r = 0;

    if (l->kept_writes == 0)
        return 0;
    tx.writes = base_malloc(l->kept_writes * sizeof(*tx.writes));
    if (!tx.writes)
        return err_nomem(err);
    gather(l, tx.writes);
    if (l->options.bulk)
        tx.guard = NULL;
    r = store_commit(l->app->store, &tx, err);
    if (r == 0)
        load_count(l, &tx);
    base_free(tx.writes);
    return r;
}

int app_load_end(struct app_load *l, struct app_load_result *ret, struct err *err)
{
    int r = 0;
    int e = 0;

    *ret = (struct app_load_result){0};
    if (!l)
        return 0;
    end_threads(l);
    if (l->broken.code != E_OK) {
        *err = l->broken;
        r = l->broken.code;
    } else if (l->options.strict) {
        r = commit_kept(l, err);
    }
    if (l->bulk_begun) {
        struct err own = {0};

        e = store_bulk_end(l->app->store, &own);
        if (r == 0 && e < 0) {
            *err = own;
            r = e;
        }
    }
    *ret = l->result;
    load_free(l);
    return r;
}
