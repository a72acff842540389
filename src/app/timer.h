/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thread that looks when a clock runs out (app/due.h). It sleeps until the earliest one,
 * is stirred by changes, and wakes at least every LIMIT_TIMER_SECONDS whatever it thinks the
 * time is: the machine's clock may jump either way. It remembers nothing that counts.
 */
#ifndef APP_TIMER_H
#define APP_TIMER_H

#include "app/app.h"

struct timer;

/* Make it; it does not run yet. */
int timer_new(struct app *app, struct timer **ret, struct err *err);

/* Start it, when all else of ${app} is there. */
int timer_start(struct timer *t, struct err *err);

/* End it after the step under way; it may still be stirred. NULL is fine. */
void timer_stop(struct timer *t);

/* NULL is fine. */
void timer_free(struct timer *t);

/* Something it follows has changed, or the clock may have: look again soon. NULL is fine. Any
 * thread; never waits. */
void timer_stir(struct timer *t);

#endif
