/* SPDX-License-Identifier: Apache-2.0 */
/* Bulk load: while it runs, views' rows go to a sorter instead of the tables. */
#include "store/views.h"

static uint32_t all_views(const struct store *s)
{
    return s->view_count == 32 ? UINT32_MAX : (1u << s->view_count) - 1;
}

static int filled_put(struct writer *w, bool filled, struct err *err)
{
    const struct driver *d = w->store->driver;
    int r = d->begin(w->conn, err);

    if (r < 0)
        return r;
    r = views_set_filled(w->store, w->conn, all_views(w->store), filled, err);
    if (r == 0)
        return d->commit(w->conn, err);
    d->rollback(w->conn);
    return r;
}

static int begin_run(struct writer *w, void *arg, struct err *err)
{
    struct sorter *sorter = NULL;
    int r = 0;

    (void)arg;
    if (w->bulk)
        return err_set(err, E_BUSY, NULL, "A bulk load is under way already.");
    r = sorter_new(w->store->path, 0, &sorter, err);
    if (r == 0)
        r = filled_put(w, false, err);
    if (r < 0) {
        sorter_free(sorter);
        return r;
    }
    w->bulk = sorter;
    w->tx.sorter = sorter;
    return 0;
}

static int end_run(struct writer *w, void *arg, struct err *err)
{
    const struct fill_progress none = {0};
    bool lost = false;
    int r = 0;

    (void)arg;
    if (!w->bulk)
        return err_set(err, E_BUG, NULL, "No bulk load is under way.");
    lost = w->bulk_lost;
    w->tx.sorter = NULL;
    if (!lost)
        r = views_drain(w, w->bulk, NULL, err);
    if (r == 0 && !lost)
        r = filled_put(w, true, err);
    sorter_free(w->bulk);
    w->bulk = NULL;
    w->bulk_lost = false;
    /* rows of a transaction that failed cannot be taken out of the sorter again */
    if (r == 0 && lost)
        r = views_fill(w, all_views(w->store), &none, err);
    if (lost || r < 0)
        writer_forget(w);
    return r;
}

int store_bulk_begin(struct store *s, struct err *err)
{
    struct writer_job job = {.run = begin_run};

    return writer_run(s, &job, err);
}

int store_bulk_end(struct store *s, struct err *err)
{
    struct writer_job job = {.run = end_run};

    return writer_run(s, &job, err);
}
