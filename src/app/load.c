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
        reader_memory_stop(app->memory); /* the index is filled afterwards */
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
        if (options->bulk && (!l->bulk_begun || store_bulk_end(app->store, NULL) == 0))
            app_follow(app);
        load_free(l);
        return r;
    }
    *ret = l;
    return 0;
}

void app_load_at(struct app_load *l, utc_ms at)
{
    l->at = at;
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

/* Which kept units write a type. */
struct type_writers {
    const struct load_unit *only; /* the one that does */
    bool several;
};

static bool others_write(const struct type_writers *all, const struct load_unit *u,
    const struct condition *c)
{
    const struct type_writers *w = c ? &all[c->type->number] : NULL;

    return w && (w->several || (w->only && w->only != u));
}

/* A condition is decided on what was stored before, so it must not be about what another
 * part of the same import brings: it would not be found, and made a second time. */
static int check_conditions(
    struct load_unit *u, const struct type_writers *all, struct err *err)
{
    const struct transaction *t = u->bundle;
    const struct condition *bad = NULL;
    size_t index = SIZE_MAX;

    for (size_t i = 0; t && i < t->count && !bad; i++) {
        if (others_write(all, u, t->entries[i].condition)) {
            bad = t->entries[i].condition;
            index = i;
        }
    }
    for (size_t i = 0; t && i < t->reference_count && !bad; i++) {
        if (others_write(all, u, &t->references[i].condition))
            bad = &t->references[i].condition;
    }
    if (!bad)
        return 0;
    err_set(err, E_INVALID, NULL,
        "This transaction searches for a %s, and another part of the import brings "
        "some, "
        "which cannot be found before the end. Import that part first by itself, or "
        "all "
        "without --strict.",
        bad->type->name);
    if (index != SIZE_MAX)
        bundle_err_place(err, index, ".request");
    load_unit_fault(u, 0, err, NULL);
    return E_INVALID;
}

static int check_kept(const struct app_load *l, struct err *err)
{
    struct type_writers all[FHIR_TYPE_NUMBER_MAX + 1] = {0};
    int r = 0;

    for (const struct load_unit *u = l->kept; u; u = u->next) {
        for (size_t i = 0; i < u->tx.count; i++) {
            struct type_writers *w = &all[u->tx.writes[i].type->number];

            w->several = w->several || (w->only && w->only != u);
            w->only = u;
        }
    }
    for (struct load_unit *u = l->kept; u && r == 0; u = u->next)
        r = check_conditions(u, all, err);
    return r;
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
        r = check_kept(l, err);
        if (r == 0)
            r = commit_kept(l, err);
        else
            *err = l->broken;
    }
    if (l->bulk_begun) {
        struct err own = {0};

        e = store_bulk_end(l->app->store, &own);
        if (r == 0 && e < 0) {
            *err = own;
            r = e;
        }
        if (e == 0)
            app_follow(l->app);
    }
    *ret = l->result;
    load_free(l);
    return r;
}
