/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeping the log beside the database short without making the writer wait. A thread of
 * its own moves commits into the main file while the writer goes on (tidy, not all). That
 * alone never ends the log, since the writer adds to it meanwhile; so when it has
 * grown to LIMIT_LOG_BYTES the writer itself moves the little that is left and lets
 * the log begin anew. A reader with an old snapshot can prevent that: then the log grows
 * by as much again before the next try.
 */
#include "base/log.h"

#include "store/writer.h"

static void *tidier_main(void *arg)
{
    struct writer *w = arg;
    struct store *s = w->store;
    struct err err = {0};

    pthread_mutex_lock(&w->tidy_lock);
    for (;;) {
        while (!w->tidy_wanted && !w->tidy_stop)
            pthread_cond_wait(&w->tidy_work, &w->tidy_lock);
        if (w->tidy_stop)
            break;
        pthread_mutex_unlock(&w->tidy_lock);
        if (s->driver->tidy(s->node, DRIVER_TIDY_SOME, &err) < 0)
            log_err("moving commits into the database", &err);
        pthread_mutex_lock(&w->tidy_lock);
        w->tidy_wanted = false;
    }
    pthread_mutex_unlock(&w->tidy_lock);
    return NULL;
}

int tidier_start(struct writer *w, struct err *err)
{
    int r = 0;

    if (!w->store->driver->tidy)
        return 0;
    r = thread_start(&w->tidier, "tidier", tidier_main, w, err);
    w->tidier_started = r == 0;
    return r;
}

void tidier_stop(struct writer *w)
{
    if (!w->tidier_started)
        return;
    pthread_mutex_lock(&w->tidy_lock);
    w->tidy_stop = true;
    pthread_cond_signal(&w->tidy_work);
    pthread_mutex_unlock(&w->tidy_lock);
    pthread_join(w->tidier, NULL);
    w->tidier_started = false;
}

void tidier_look(struct writer *w)
{
    struct store *s = w->store;
    struct err err = {0};
    int64_t bytes = 0;

    if (!s->driver->tidy)
        return;
    bytes = s->driver->untidy(s->node);
    if (bytes < w->log_after_restart)
        w->log_after_restart = 0; /* it began anew */
    if (bytes - w->log_after_restart > LIMIT_LOG_BYTES) {
        pool_end_idle(s);
        if (s->driver->tidy(s->node, DRIVER_TIDY_ALL, &err) < 0)
            log_err("ending the log beside the database", &err);
        pool_end_stop(s);
        w->log_after_restart = bytes;
        return;
    }
    if (bytes > LIMIT_LOG_TIDY && w->tidier_started) {
        pthread_mutex_lock(&w->tidy_lock);
        if (!w->tidy_wanted) {
            w->tidy_wanted = true;
            pthread_cond_signal(&w->tidy_work);
        }
        pthread_mutex_unlock(&w->tidy_lock);
    }
}
