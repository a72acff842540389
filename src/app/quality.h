/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which records are worth a second look (engine/quality/quality.h), by hospital
 * (docs/QUALITY.md). A fact of each record of five types is kept in memory and made anew when the
 * record has changed, so that asking again reads what was written since and no more. Nothing is
 * stored: what is wrong is told as long as it is, and by no table of a view.
 */
#ifndef APP_QUALITY_H
#define APP_QUALITY_H

#include <stdatomic.h>

#include "app/app.h"

struct quality;

#define QUALITY_WARM_SECONDS 300 /* between two looks; each takes what was written */

/* NULL: no memory. */
struct quality *quality_new(struct app *app);
void quality_free(struct quality *q);

/* Take the facts into memory, before somebody asks and has to wait, until ${*stop} (may be NULL). Any thread but the
 * writer's. ${ret}: how many there are; may be NULL. The store's errors. */
int quality_warm_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err);

#endif
