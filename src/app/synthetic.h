/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is everything in this node invented? A node that was made so (app/decade.h) says it with every
 * answer, and its pages on every page, so that nobody takes a figure of it for a fact. There is no
 * way back: real records do not belong into such a node.
 *
 *   setting      value
 *   synthetic    "yes"
 */
#ifndef APP_SYNTHETIC_H
#define APP_SYNTHETIC_H

#include "app/app.h"

/* Any thread. */
bool synthetic_is(const struct app *app);

/* From now on it is. */
int synthetic_say(struct app *app, struct err *err);

/* Read the setting, once, while opening. */
int synthetic_load(struct app *app, struct err *err);

#endif
