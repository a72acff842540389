/* SPDX-License-Identifier: Apache-2.0 */
/* Group commit: transactions that came at the same time share one commit. */
#include "store/writer.h"

/* Views that this program does not have do not follow what it writes. Said once, before
 * its first commit. */
static int views_check(struct writer *w, struct err *err)
{
    int r = 0;

    if (w->views_checked)
        return 0;
    r = views_disown(w, err);
    if (r == 0)
        w->views_checked = true;
    return r;
}

/* Apply all; negative: the whole group is lost. */
static int group_apply(
    struct writer *w, struct store_transaction *first, struct err *err)
{
    int r = views_check(w, err);

    for (struct store_transaction *t = first; t && r == 0; t = t->next_)
        r = writer_apply(w, t, err);
    if (r == 0)
        r = rows_flush(&w->rows, w->store->driver, w->conn, err);
    if (r == 0)
        r = trail_group(w, first, err);
    if (r == 0)
        r = writer_counts_flush(w, err);
    return r;
}

static void group_tell(struct store *s, const struct store_transaction *first)
{
    for (const struct store_transaction *t = first; t && s->listener; t = t->next_) {
        if (t->result < 0)
            continue;
        for (size_t i = 0; i < t->count; i++) {
            const struct store_write *w = &t->writes[i];
            struct store_event e = {.rid = w->rid,
                .type = w->type->number,
                .id = w->id,
                .vid = w->vid,
                .seq = w->seq,
                .updated = w->updated,
                .operation = w->done};
            if (!w->unchanged)
                s->listener(&e, s->listener_arg);
        }
    }
}

static void group_fail(
    struct store_transaction *first, int result, const struct err *err)
{
    for (struct store_transaction *t = first; t; t = t->next_) {
        if (t->result < 0)
            continue;
        t->result = result;
        t->failed = SIZE_MAX;
        t->err = *err;
    }
}

/* Let the last of the group, if it asked, see what is committed now. */
static void group_show(struct store_transaction *first)
{
    for (struct store_transaction *t = first; t; t = t->next_) {
        if (t->snapshot && t->result == 0)
            t->snapshot_result = reader_renew(t->snapshot, &t->err);
    }
}

void writer_group(struct writer *w, struct store_transaction *first)
{
    const struct driver *d = w->store->driver;
    struct store_transaction *next = NULL;
    struct err err = {0};
    int r = w->loaded ? 0 : writer_load(w, &err);

    if (r == 0)
        r = d->begin(w->conn, &err);
    if (r == 0) {
        r = group_apply(w, first, &err);
        if (r == 0)
            r = d->commit(w->conn, &err);
        else
            d->rollback(w->conn);
    }
    if (r == 0) {
        atomic_fetch_add(&w->store->generation, 1);
        atomic_fetch_add(&w->store->commits, 1);
        rows_clear(&w->rows);
        rid_cache_keep(&w->cache);
        w->undo_count = 0;
        group_show(first);
        group_tell(w->store, first);
    } else {
        w->bulk_lost = w->bulk_lost || w->bulk;
        writer_forget(w);
        group_fail(first, r, &err);
    }
    for (struct store_transaction *t = first; t; t = next) {
        next = t->next_;
        if (t->result == 0)
            atomic_fetch_add(&w->store->transactions, 1);
        writer_finish(t);
    }
    tidier_look(w);
}

void store_listen(
    struct store *s, void (*fn)(const struct store_event *e, void *arg), void *arg)
{
    s->listener = fn;
    s->listener_arg = arg;
}
