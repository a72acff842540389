/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A patient under shared watch (docs/VITALS.md): what both sides of an open case agreed on is
 * a CarePlan of the case, and the node tells both when what was agreed comes about: NEWS2 has
 * risen, has reached a band, or nothing was measured in time. An alert is a Communication of
 * the case, whose id follows from what it tells of, so none is written twice.
 */
#ifndef APP_WATCH_H
#define APP_WATCH_H

#include <stdatomic.h>

#include "app/app.h"

struct store_event;
struct watches;

/* What has changed since the last look. All of it counts as changed at first, so that nothing
 * that happened while the node was off is missed. NULL: no memory. */
struct watches *watches_new(void);
void watches_free(struct watches *w);

/* A record has changed (writer's thread; cheap). True: a look is worth while. */
bool watches_changed(struct watches *w, const struct store_event *e);

struct watch_result {
    size_t alerts; /* written */
    size_t ended;  /* watches whose time is over, or whose case has ended */
};

/* Look at all watches at ${now}, until ${*stop} (may be NULL). Any thread but the writer's.
 * Errors are the store's; what single watches fail with is logged. */
int watch_run(struct app *app, const atomic_bool *stop, utc_ms now,
    struct watch_result *ret, struct err *err);

#endif
