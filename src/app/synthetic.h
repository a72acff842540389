/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is everything in this node invented? A node that was made so (app/decade.h) says it with every
 * answer, and its pages on every page, so that nobody takes a figure of it for a fact. There is no
 * way back: real records do not belong into such a node.
 *
 *   setting            value
 *   synthetic          "yes"
 *   synthetic-clock    how far its clock is moved, in milliseconds
 *
 * Its time goes on where its records end: today it would be a programme in which nothing has been done
 * for years. Clocks of others are not moved with it (time_elsewhere()).
 */
#ifndef APP_SYNTHETIC_H
#define APP_SYNTHETIC_H

#include "app/app.h"

/* Any thread. */
bool synthetic_is(const struct app *app);

/* From now on it is. */
int synthetic_say(struct app *app, struct err *err);

/* Whenever ${app} is opened from now on, it is as long after ${at} as it is after now. */
int synthetic_go_on(struct app *app, utc_ms at, struct err *err);

/* Read the settings and move the clock of this process, once, while opening. */
int synthetic_load(struct app *app, struct err *err);

#endif
