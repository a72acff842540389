/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A batch: each entry is a call of its own, several under way at once so that the
 * store can commit them together. Entries of one phase do not wait for each other; the
 * next phase begins when all of them are done.
 */

#include "app/bundle_internal.h"

struct batch;

struct batch_item {
    struct app_call call;
    struct batch *batch;
    struct batch_item *next; /* in batch.woken */
};

struct batch {
    struct app_call *outer;
    const struct rest *rest;
    struct bundle_entry *entries;
    struct batch_item *items;
    size_t count;
    size_t under_way;
    pthread_mutex_t lock; /* guards woken */
    pthread_cond_t more;
    struct batch_item *woken;
};

static void wake_item(struct app_call *call)
{
    struct batch_item *item = call->owner;
    struct batch *batch = item->batch;

    pthread_mutex_lock(&batch->lock);
    item->next = batch->woken;
    batch->woken = item;
    pthread_cond_signal(&batch->more);
    pthread_mutex_unlock(&batch->lock);
}

/* The answer stays; what it was made from goes. */
static void item_end(struct batch_item *item)
{
    arena_free(item->call.arena);
    item->call.arena = NULL;
}

/* Finish one of those under way, waiting for it. */
static void finish_one(struct batch *batch)
{
    struct batch_item *item = NULL;

    pthread_mutex_lock(&batch->lock);
    while (!batch->woken)
        pthread_cond_wait(&batch->more, &batch->lock);
    item = batch->woken;
    batch->woken = item->next;
    pthread_mutex_unlock(&batch->lock);
    if (app_finish(&item->call) == APP_WAITING)
        return;
    item_end(item);
    batch->under_way--;
}

static void start_one(struct batch *batch, size_t i)
{
    struct batch_item *item = &batch->items[i];
    struct app_call *outer = batch->outer;
    struct app_call *call = &item->call;
    struct err err = {0};

    call->arena = arena_new();
    if (!call->arena) {
        err_nomem(&err);
        call_fail(call, 0, &err, NULL);
        return;
    }
    call->app = outer->app;
    call->caller = outer->caller;
    call->space = outer->space;
    call->base = outer->base;
    call->prefer = outer->prefer.p ? outer->prefer : STR("return=minimal");
    call->inner_ = true;
    call->wake = wake_item;
    call->owner = item;
    item->batch = batch;
    bundle_entry_call(&batch->entries[i], call);
    if (app_start(call) == APP_WAITING)
        batch->under_way++;
    else
        item_end(item);
}

static void run_phase(struct batch *batch, unsigned phase)
{
    for (size_t i = 0; i < batch->count; i++) {
        /* an entry that could not be read is answered already */
        if (batch->items[i].call.status != 0 ||
            bundle_phase(batch->entries[i].method) != phase)
            continue;
        while (batch->under_way >= LIMIT_BATCH_AT_ONCE)
            finish_one(batch);
        start_one(batch, i);
    }
    while (batch->under_way > 0)
        finish_one(batch);
}

static void read_entries(struct batch *batch, const struct json *bundle)
{
    struct json_each it = json_each(json_get(bundle, "entry"));

    while (json_next(&it)) {
        struct err err = {0};
        int r = bundle_entry_read(batch->outer->arena, it.value, it.index,
            batch->outer->base, &batch->entries[it.index], &err);

        if (r < 0)
            call_fail(&batch->items[it.index].call, 0, &err, NULL);
    }
}

static void write_answer(struct batch *batch)
{
    struct json_out o = json_out(&batch->outer->answer);

    bundle_open(&o, "batch-response");
    if (batch->count > 0) {
        json_name(&o, "entry");
        json_open(&o, '[');
        for (size_t i = 0; i < batch->count; i++)
            bundle_write_call(&o, &batch->items[i].call);
        json_close(&o, ']');
    }
    json_close(&o, '}');
    batch->outer->status = 200;
}

int batch_run(struct app_call *call, const struct rest *rest, const struct json *bundle,
    struct err *err)
{
    struct batch batch = {.outer = call, .rest = rest};

    batch.count = json_count(json_get(bundle, "entry"));
    batch.entries = arena_array(call->arena, batch.count, sizeof(*batch.entries));
    batch.items = arena_array(call->arena, batch.count, sizeof(*batch.items));
    if (!batch.entries || !batch.items)
        return err_nomem(err);
    pthread_mutex_init(&batch.lock, NULL);
    pthread_cond_init(&batch.more, NULL);
    read_entries(&batch, bundle);
    for (unsigned phase = 0; phase < BUNDLE_PHASES; phase++)
        run_phase(&batch, phase);
    write_answer(&batch);
    for (size_t i = 0; i < batch.count; i++)
        app_call_done(&batch.items[i].call);
    pthread_cond_destroy(&batch.more);
    pthread_mutex_destroy(&batch.lock);
    return 0;
}
