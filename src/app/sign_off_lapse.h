/* SPDX-License-Identifier: Apache-2.0 */
/*
 * That too few cases have ended a sign-off becomes part of the qualification that it wrote, so that a figure of a past day needs
 * that record alone (docs/SIGNOFF.md). Whether it has ended is worked out as everywhere
 * (network_signed.c); what an operation that is told late undoes, is taken off again.
 */
#ifndef APP_SIGN_OFF_LAPSE_H
#define APP_SIGN_OFF_LAPSE_H

#include <stdatomic.h>

#include "app/app.h"

struct json_out;

/* Look at all sign-offs at ${now} and write, in the name of the node, when those that lapsed did so, where their record does not
 * say that; until ${*stop} (may be NULL). Any thread but the writer's. ${ret}: how many people's; may be NULL. */
int sign_off_lapse_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err);

/* That a sign-off lapsed at ${lapsed}: one of the extensions of the qualification that it wrote. */
void sign_off_lapse_put(struct json_out *o, utc_ms lapsed);

#endif
