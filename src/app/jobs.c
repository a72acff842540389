/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A few threads and two queues, for work too long for a thread that serves connections.
 * An item is handed over whole and owns itself until it has run. Of heavy items, which
 * need much memory, one runs at a time.
 */
#include "app/app_internal.h"

#define JOBS_THREADS_MAX 16

struct jobs_queue {
    struct jobs_item *first;
    struct jobs_item **last;
};

struct jobs {
    pthread_mutex_t lock; /* guards all below but threads */
    pthread_cond_t more;
    struct jobs_queue light;
    struct jobs_queue heavy;
    bool heavy_runs;
    unsigned waiting;
    bool ending;
    pthread_t threads[JOBS_THREADS_MAX];
    unsigned thread_count;
};

static struct jobs_item *pop(struct jobs_queue *q)
{
    struct jobs_item *item = q->first;

    if (item) {
        q->first = item->next;
        if (!q->first)
            q->last = &q->first;
    }
    return item;
}

/* The next item that may run; NULL: none, now. */
static struct jobs_item *choose(struct jobs *j)
{
    struct jobs_item *item = NULL;

    if (!j->heavy_runs)
        item = pop(&j->heavy);
    j->heavy_runs |= item != NULL;
    return item ? item : pop(&j->light);
}

static struct jobs_item *take(struct jobs *j)
{
    struct jobs_item *item = NULL;

    pthread_mutex_lock(&j->lock);
    while ((item = choose(j)) == NULL && !(j->ending && j->waiting == 0))
        pthread_cond_wait(&j->more, &j->lock);
    if (item)
        j->waiting--;
    pthread_mutex_unlock(&j->lock);
    return item;
}

static void heavy_ended(struct jobs *j)
{
    pthread_mutex_lock(&j->lock);
    j->heavy_runs = false;
    pthread_cond_broadcast(&j->more);
    pthread_mutex_unlock(&j->lock);
}

static void *work(void *arg)
{
    struct jobs *j = arg;
    struct jobs_item *item = NULL;

    while ((item = take(j)) != NULL) {
        bool heavy = item->heavy;

        item->run(item->arg);
        if (heavy)
            heavy_ended(j);
    }
    return NULL;
}

int jobs_new(unsigned threads, struct jobs **ret, struct err *err)
{
    struct jobs *j = base_malloc(sizeof(*j));
    int r = 0;

    if (!j)
        return err_nomem(err);
    *j = (struct jobs){0};
    j->light.last = &j->light.first;
    j->heavy.last = &j->heavy.first;
    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->more, NULL);
    if (threads < 1)
        threads = 1;
    if (threads > JOBS_THREADS_MAX)
        threads = JOBS_THREADS_MAX;
    while (r == 0 && j->thread_count < threads) {
        r = thread_start(&j->threads[j->thread_count], "job", work, j, err);
        if (r == 0)
            j->thread_count++;
    }
    if (r < 0) {
        jobs_free(j);
        return r;
    }
    *ret = j;
    return 0;
}

void jobs_free(struct jobs *j)
{
    if (!j)
        return;
    pthread_mutex_lock(&j->lock);
    j->ending = true;
    pthread_cond_broadcast(&j->more);
    pthread_mutex_unlock(&j->lock);
    for (unsigned i = 0; i < j->thread_count; i++)
        pthread_join(j->threads[i], NULL);
    pthread_cond_destroy(&j->more);
    pthread_mutex_destroy(&j->lock);
    base_free(j);
}

int jobs_push(struct jobs *j, struct jobs_item *item, struct err *err)
{
    struct jobs_queue *q = item->heavy ? &j->heavy : &j->light;
    bool full = false;

    item->next = NULL;
    pthread_mutex_lock(&j->lock);
    full = j->waiting >= LIMIT_QUEUE_JOBS || j->ending;
    if (!full) {
        *q->last = item;
        q->last = &item->next;
        j->waiting++;
        pthread_cond_signal(&j->more);
    }
    pthread_mutex_unlock(&j->lock);
    if (full)
        return err_set(
            err, E_BUSY, NULL, "Too many long requests are waiting already.");
    return 0;
}
