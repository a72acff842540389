/* SPDX-License-Identifier: Apache-2.0 */
#include "app/timer.h"

#include <stdatomic.h>
#include <time.h>

#include "base/log.h"

#include "app/app_internal.h"
#include "app/due.h"
#include "app/gap.h"
#include "app/handover.h"
#include "app/indicator_warm.h"
#include "app/learn_after.h"
#include "app/quality.h"
#include "app/review.h"
#include "app/sign_off_lapse.h"
#include "app/watch.h"

struct timer {
    struct app *app;
    pthread_t thread;
    pthread_mutex_t lock; /* of stirred */
    pthread_cond_t news;
    bool stirred;
    bool started;
    atomic_bool ending;
};

static struct timespec in_ms(int64_t ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += (time_t)(ms / 1000);
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

/* Until ${ms} have passed, or it is stirred. */
static void wait_for(struct timer *t, int64_t ms)
{
    struct timespec until = in_ms(ms);

    pthread_mutex_lock(&t->lock);
    while (!t->stirred && !atomic_load(&t->ending)) {
        if (pthread_cond_timedwait(&t->news, &t->lock, &until) != 0)
            break;
    }
    t->stirred = false;
    pthread_mutex_unlock(&t->lock);
}

/* How long to sleep after a look. */
static int64_t pause_after(const struct due_result *result)
{
    int64_t longest = (int64_t)LIMIT_TIMER_SECONDS * 1000;
    int64_t left = result->next ? result->next - time_now() : longest;

    if (left > longest)
        return longest;
    return left < 1 ? 1 : left;
}

/* What is looked at seldom: records grow old slowly, and each look reads many. What people wait for after a start is first. */
static const struct look {
    int (*run)(struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret,
        struct err *err);
    int64_t seconds; /* between two looks */
    const char *what;
} looks[] = {
    {indicator_warm_run, INDICATOR_WARM_SECONDS, "keeping figures at hand"},
    {gap_run, LIMIT_GAP_SECONDS, "looking at technique gaps"},
    {sign_off_lapse_run, LIMIT_GAP_SECONDS, "looking which sign-offs have lapsed"},
    {learn_after_run, LIMIT_LEARNT_SECONDS, "looking whether what was learnt is used"},
    {quality_warm_run, QUALITY_WARM_SECONDS, "keeping the quality of data at hand"},
};
#define LOOKS_SELDOM (sizeof(looks) / sizeof(looks[0]))

/* ${last}: when each was made last. */
static void look_seldom(struct timer *t, utc_ms *last)
{
    for (size_t i = 0; i < LOOKS_SELDOM && !atomic_load(&t->ending); i++) {
        utc_ms now = time_now();
        struct err err = {0};

        if (now < last[i] + looks[i].seconds * 1000)
            continue;
        last[i] = now;
        if (looks[i].run(t->app, &t->ending, now, NULL, &err) < 0)
            log_err(looks[i].what, &err);
    }
}

static void *run(void *arg)
{
    struct timer *t = arg;
    utc_ms last[LOOKS_SELDOM] = {0};

    while (!atomic_load(&t->ending)) {
        struct due_result result = {.next = 0};
        struct err err = {0};

        if (due_run(t->app, &t->ending, &result, &err) < 0)
            log_err("looking which clocks have run out", &err);
        if (watch_run(t->app, &t->ending, time_now(), NULL, &err) < 0)
            log_err("looking at watches", &err);
        look_seldom(t, last);
        if (review_run(t->app, &t->ending, time_now(), NULL, &err) < 0)
            log_err("drawing cases for review", &err);
        if (handover_run(t->app, &t->ending, time_now(), NULL, &err) < 0)
            log_err("looking which posts have ended", &err);
        wait_for(t, pause_after(&result));
    }
    return NULL;
}

int timer_new(struct app *app, struct timer **ret, struct err *err)
{
    struct timer *t = base_malloc(sizeof(*t));
    pthread_condattr_t clock;

    if (!t)
        return err_nomem(err);
    *t = (struct timer){.app = app};
    pthread_mutex_init(&t->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&t->news, &clock);
    pthread_condattr_destroy(&clock);
    *ret = t;
    return 0;
}

int timer_start(struct timer *t, struct err *err)
{
    int r = thread_start(&t->thread, "clocks", run, t, err);

    t->started = r == 0;
    return r;
}

void timer_stir(struct timer *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->stirred = true;
    pthread_cond_signal(&t->news);
    pthread_mutex_unlock(&t->lock);
}

void timer_stop(struct timer *t)
{
    if (!t || !t->started)
        return;
    atomic_store(&t->ending, true);
    timer_stir(t);
    pthread_join(t->thread, NULL);
    t->started = false;
}

void timer_free(struct timer *t)
{
    if (!t)
        return;
    timer_stop(t);
    pthread_cond_destroy(&t->news);
    pthread_mutex_destroy(&t->lock);
    base_free(t);
}
