/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workers. Each takes a unit, prepares it beside the others, waits for its turn and gives
 * it to the store's writer, so that what is stored follows the order of the input. What
 * the writer gives back is accounted for by the next worker that is free.
 */
#include <string.h>

#include "app/load_internal.h"

/* ---- the queue ---- */

static struct load_unit *unit_new(struct app_load *l, const struct load_piece *piece)
{
    struct arena *a = arena_new();
    struct load_unit *u = a ? arena_alloc(a, sizeof(*u)) : NULL;

    if (u) {
        *u = (struct load_unit){.load = l,
            .arena = a,
            .file = arena_strndup(a, piece->file, strlen(piece->file)),
            .text = piece->text,
            .len = piece->len,
            .lines = piece->lines,
            .first_line = piece->first_line,
            .at = l->at};
    }
    if (!u || !u->file) {
        arena_free(a);
        return NULL;
    }
    return u;
}

void load_unit_free(struct load_unit *u)
{
    base_free(u->text);
    arena_free(u->arena);
}

int load_push(struct app_load *l, const struct load_piece *piece, struct err *err)
{
    struct load_unit *u = unit_new(l, piece);
    int r = 0;

    if (!u) {
        base_free(piece->text);
        return err_nomem(err);
    }
    pthread_mutex_lock(&l->lock);
    while (l->broken.code == E_OK && l->held > 0 &&
           (l->held + u->len > LOAD_HELD_BYTES || l->cut - l->ended >= LOAD_HELD_UNITS))
        pthread_cond_wait(&l->changed, &l->lock);
    if (l->broken.code != E_OK) {
        *err = l->broken;
        r = l->broken.code;
    } else {
        u->number = l->cut++;
        l->held += u->len;
        *l->waiting_last = u;
        l->waiting_last = &u->next;
        pthread_cond_broadcast(&l->changed);
    }
    pthread_mutex_unlock(&l->lock);
    if (r < 0)
        load_unit_free(u);
    return r;
}

/* ${u} is over: stored, refused or (strict) kept. */
static void unit_over(struct load_unit *u)
{
    struct app_load *l = u->load;
    bool keep = false;

    pthread_mutex_lock(&l->lock);
    l->ended++;
    l->held -= u->len;
    keep = l->options.strict && l->broken.code == E_OK && u->tx.count > 0;
    if (keep) {
        u->next = l->kept;
        l->kept = u;
        l->kept_writes += u->tx.count;
        if (l->kept_writes > LIMIT_STRICT_RECORDS)
            err_set(&l->broken, E_TOO_LARGE, NULL,
                "An import that is all or nothing may hold at most %d records. Import "
                "in "
                "parts, or without --strict.",
                LIMIT_STRICT_RECORDS);
    }
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
    if (!keep)
        load_unit_free(u);
}

/* ---- turns ---- */

static void wait_turn(struct load_unit *u)
{
    struct app_load *l = u->load;

    pthread_mutex_lock(&l->lock);
    while (l->turn != u->number)
        pthread_cond_wait(&l->changed, &l->lock);
    pthread_mutex_unlock(&l->lock);
}

/* Not of a unit: one that was submitted may be settled and freed already. */
static void pass_turn(struct app_load *l)
{
    pthread_mutex_lock(&l->lock);
    l->turn++;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
}

static struct load_unit *take_written(struct app_load *l)
{
    struct load_unit *u = l->written;

    if (u)
        l->written = u->next;
    return u;
}

static void settle(struct load_unit *u);

/* Wait until every unit before ${u} is over; the writer's answers to them are accounted
 * for here, since all other workers may be waiting too. Has the turn. */
static void wait_for_others(struct load_unit *u)
{
    struct app_load *l = u->load;

    pthread_mutex_lock(&l->lock);
    while (l->ended < u->number) {
        struct load_unit *other = take_written(l);

        if (other) {
            pthread_mutex_unlock(&l->lock);
            settle(other);
            pthread_mutex_lock(&l->lock);
        } else {
            pthread_cond_wait(&l->changed, &l->lock);
        }
    }
    pthread_mutex_unlock(&l->lock);
}

/* ---- the writer ---- */

/* On the writer's thread. */
static void written(struct store_transaction *t, void *arg)
{
    struct load_unit *u = arg;
    struct app_load *l = u->load;

    (void)t;
    pthread_mutex_lock(&l->lock);
    u->next = l->written;
    l->written = u;
    pthread_cond_broadcast(&l->changed);
    pthread_mutex_unlock(&l->lock);
}

static void set_transaction(struct load_unit *u)
{
    if (u->bundle) {
        u->tx = u->bundle->tx;
    } else {
        u->tx = (struct store_transaction){.writes = u->writes,
            .count = u->write_count,
            .actor = u->load->options.actor};
    }
    u->tx.at = u->at;
    u->tx.done = written;
    u->tx.done_arg = u;
}

/* Plan and write a transaction that lost a race until it wins. */
static int try_again(struct load_unit *u, struct err *err)
{
    int r = 0;

    for (int i = 0; i < LIMIT_RACE_TRIES; i++) {
        r = load_unit_prepare(u, true, err);
        if (r < 0)
            return r;
        u->tx = u->bundle->tx;
        u->tx.at = u->at;
        if (u->tx.count == 0)
            return 0;
        r = store_commit(u->load->app->store, &u->tx, err);
        u->bundle->tx = u->tx;
        if (r == 0 || !transaction_raced(u->bundle))
            break;
    }
    return r;
}

/* What the writer made of ${u}. */
static void settle(struct load_unit *u)
{
    struct app_load *l = u->load;
    struct err err = u->tx.err;
    int r = u->tx.result;

    if (r < 0 && u->bundle) {
        u->bundle->tx = u->tx;
        if (transaction_raced(u->bundle))
            r = try_again(u, &err);
        else
            r = transaction_error(u->bundle, &err);
    }
    if (r == 0)
        load_count(l, &u->tx);
    else if (err_class(r) == ERR_CALLER)
        load_unit_fault(u, 0, &err, NULL);
    else
        load_break(l, &err);
    u->tx.count = 0;
    unit_over(u);
}

/* ---- a unit ---- */

static void submit(struct load_unit *u)
{
    struct app_load *l = u->load;
    struct err err = {0};

    set_transaction(u);
    if (u->tx.count == 0 || l->options.strict) {
        pass_turn(l);
        unit_over(u);
        return;
    }
    if (store_submit(l->app->store, &u->tx, &err) == 0) {
        pass_turn(l);
        return;
    }
    load_break(l, &err);
    u->tx.count = 0;
    pass_turn(l);
    unit_over(u);
}

static void skip(struct load_unit *u)
{
    wait_turn(u);
    pass_turn(u->load);
    unit_over(u);
}

static void do_unit(struct load_unit *u)
{
    struct err err = {0};
    int r = load_broken(u->load) ? E_CANCELLED : load_unit_prepare(u, false, &err);

    if (r == E_BUSY) {
        wait_turn(u);
        wait_for_others(u);
        err = (struct err){0};
        r = load_unit_prepare(u, true, &err);
    }
    if (r < 0) {
        u->write_count = 0;
        if (r != E_CANCELLED && err_class(r) != ERR_CALLER)
            load_break(u->load, &err);
        skip(u);
        return;
    }
    wait_turn(u);
    if (u->batch && !load_broken(u->load)) {
        wait_for_others(u);
        load_unit_batch(u);
        pass_turn(u->load);
        unit_over(u);
    } else {
        submit(u);
    }
}

/* The next to do: what came back from the writer first. False: all is done. */
static bool next(struct app_load *l, struct load_unit **ret, bool *ret_written)
{
    struct load_unit *u = NULL;

    pthread_mutex_lock(&l->lock);
    for (;;) {
        u = take_written(l);
        *ret_written = u != NULL;
        if (!u && l->waiting) {
            u = l->waiting;
            l->waiting = u->next;
            if (!l->waiting)
                l->waiting_last = &l->waiting;
            u->next = NULL;
        }
        if (u || (l->closing && l->ended == l->cut))
            break;
        pthread_cond_wait(&l->changed, &l->lock);
    }
    pthread_mutex_unlock(&l->lock);
    *ret = u;
    return u != NULL;
}

void *load_worker(void *arg)
{
    struct app_load *l = arg;
    struct load_unit *u = NULL;
    bool was_written = false;

    while (next(l, &u, &was_written)) {
        if (was_written)
            settle(u);
        else
            do_unit(u);
    }
    return NULL;
}
