/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node's own compression dictionary: trained on a thread of its own from the first bodies
 * that were written, and once more when the node is in full use: the first bodies are hospitals
 * and people, and say little of cases and operations. Each is stored under a number; every
 * version says with which it was packed.
 *
 * What it gives up: the dictionary holds fragments of those first bodies, so erasing one
 * of them by law does not erase a fragment that many bodies share.
 */
#include <stdio.h>

#include "base/log.h"

#include "store/driver.h"
#include "store/internal.h"
#include "store/writer.h"

/* From how many bodies since the node was opened samples are taken, and of how many one. */
static const struct {
    uint64_t from;
    unsigned each;
} generations[] = {{0, 1}, {LIMIT_TRAIN_AGAIN, LIMIT_TRAIN_EACH}};

#define GENERATIONS (sizeof(generations) / sizeof(generations[0]))

int trainer_init(struct store *s)
{
    struct trainer *t = &s->trainer;

    *t = (struct trainer){0};
    buf_init(&t->samples, LIMIT_TRAIN_BYTES);
    return pthread_mutex_init(&t->lock, NULL) == 0 ? 0 : E_NOMEM;
}

struct dictionary_add {
    struct str bytes;
    unsigned number; /* given by the writer */
};

static int add_run(struct writer *w, void *arg, struct err *err)
{
    struct dictionary_add *add = arg;
    char name[32];

    for (add->number = 1; add->number < STORE_DICTIONARIES_MAX; add->number++) {
        if (!atomic_load(&w->store->dictionaries.slots[add->number]))
            break;
    }
    if (add->number == STORE_DICTIONARIES_MAX)
        return err_set(err, E_TOO_LARGE, NULL, "There are too many dictionaries.");
    snprintf(name, sizeof(name), "dictionary/%05u", add->number);
    return w->store->driver->value_put(w->conn, DRIVER_OWN, name, add->bytes, err);
}

static int dictionary_make(struct store *s, struct err *err)
{
    struct trainer *t = &s->trainer;
    struct dictionary_add add = {0};
    struct writer_job job = {.run = add_run, .arg = &add, .transaction = true};
    const struct zdict *unused = NULL;
    struct store_reader *reader = NULL;
    struct buf out;
    int r = 0;

    buf_init(&out, LIMIT_DICTIONARY_BYTES);
    r = zdict_train(
        &out, LIMIT_DICTIONARY_BYTES, t->samples.data, t->sizes, t->count, err);
    add.bytes = (struct str){out.data, out.len};
    if (r == 0)
        r = writer_run(s, &job, err);
    if (r == 0)
        r = reader_take(s, true, true, &reader, err);
    if (r == 0) {
        r = dictionary_get(s, reader->conn, add.number, &unused, err);
        store_read_end(reader);
    }
    /* only now, when every reader can find it */
    if (r == 0)
        atomic_store(&s->dictionaries.now, add.number);
    buf_done(&out);
    return r;
}

static void *trainer_main(void *arg)
{
    struct store *s = arg;
    struct trainer *t = &s->trainer;
    struct err err = {0};

    /* without a dictionary the node works as well, only larger */
    if (dictionary_make(s, &err) < 0 && err.code != E_BUSY)
        log_err("training a dictionary", &err);
    pthread_mutex_lock(&t->lock);
    buf_done(&t->samples);
    buf_init(&t->samples, LIMIT_TRAIN_BYTES);
    base_free(t->sizes);
    t->sizes = NULL;
    t->count = 0;
    t->training = false;
    if (++t->generation == GENERATIONS)
        atomic_store(&t->full, true);
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

/* Is the body that is met now a sample? */
static bool is_sample(struct trainer *t)
{
    uint64_t at = t->seen++;

    return !t->training && t->generation < GENERATIONS &&
           at >= generations[t->generation].from &&
           at % generations[t->generation].each == 0;
}

/* Keep ${body}; are there enough now? */
static bool take_sample(struct trainer *t, struct str body)
{
    if (!t->sizes)
        t->sizes = base_malloc(LIMIT_TRAIN_BODIES * sizeof(*t->sizes));
    if (!t->sizes) {
        atomic_store(&t->full, true);
        return false;
    }
    buf_add(&t->samples, body.p, body.len);
    if (t->samples.error == 0)
        t->sizes[t->count++] = body.len;
    t->training = t->samples.error || t->count == LIMIT_TRAIN_BODIES;
    return t->training;
}

void trainer_feed(struct store *s, struct str body)
{
    struct trainer *t = &s->trainer;
    bool start = false;

    if (atomic_load_explicit(&t->full, memory_order_relaxed) ||
        body.len > LIMIT_BLOB_INLINE || !s->writer)
        return;
    pthread_mutex_lock(&t->lock);
    if (!atomic_load(&t->full) && is_sample(t))
        start = take_sample(t, body);
    /* the thread before has said that it is done */
    if (start && t->started)
        pthread_join(t->thread, NULL);
    if (start) {
        t->started = thread_start(&t->thread, "dictionary", trainer_main, s, NULL) == 0;
        /* without a thread nobody would ever say that it is done */
        atomic_store(&t->full, !t->started);
    }
    pthread_mutex_unlock(&t->lock);
}

void trainer_stop(struct store *s)
{
    struct trainer *t = &s->trainer;
    bool started = false;

    pthread_mutex_lock(&t->lock);
    atomic_store(&t->full, true);
    started = t->started;
    t->started = false;
    pthread_mutex_unlock(&t->lock);
    if (started)
        pthread_join(t->thread, NULL);
}

void trainer_done(struct store *s)
{
    struct trainer *t = &s->trainer;

    trainer_stop(s);
    buf_done(&t->samples);
    base_free(t->sizes);
    pthread_mutex_destroy(&t->lock);
}

static int dictionary_visit(
    void *arg, const char *name, struct str value, struct err *err)
{
    unsigned *last = arg;
    int64_t number = 0;

    (void)value;
    if (!text_int(str_of(name + strlen("dictionary/")), 1, STORE_DICTIONARIES_MAX - 1,
            &number))
        return err_set(err, E_CORRUPT, NULL, "\"%s\" names no dictionary.", name);
    *last = (unsigned)number;
    return 0;
}

int dictionaries_load(struct store *s, struct driver_conn *conn, struct err *err)
{
    const struct zdict *unused = NULL;
    unsigned last = 0;
    int r = s->driver->value_scan(
        conn, DRIVER_OWN, "dictionary/", dictionary_visit, &last, err);

    for (unsigned i = 1; i <= last && r == 0; i++)
        r = dictionary_get(s, conn, i, &unused, err);
    if (r == 0 && last > 0) {
        atomic_store(&s->dictionaries.now, last);
        s->trainer.generation = last < GENERATIONS ? last : (unsigned)GENERATIONS;
        atomic_store(&s->trainer.full, last >= GENERATIONS);
    }
    return r;
}
