/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first question after the start, and after a change, shall be as fast as the next: the node asks for its figures itself, now and then,
 * so that what is kept of them (app/indicator_kept.h, app/map_days.h) is there when somebody asks.
 */
#ifndef APP_INDICATOR_WARM_H
#define APP_INDICATOR_WARM_H

#include <stdatomic.h>

#include "app/app.h"

#define INDICATOR_WARM_SECONDS                                                         \
    300 /* between two looks; one that finds nothing changed is short */

/* Ask for each figure of the years before ${now}, one after another from the last, then read what records of the network said earlier (networks_read_past()),
 * until ${*stop} (may be NULL). Nothing is written and nobody
 * is told. Any thread but the writer's. ${ret}: how many were asked for; may be NULL. The store's errors. */
int indicator_warm_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err);

#endif
