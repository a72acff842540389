/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is handed over when a post ends (docs/HANDOVER.md). Operations are in
 * handover_internal.h; here is what the node does itself: at the end of a post what nobody
 * has taken over falls to the head of the department, and how it stood is kept.
 */
#ifndef APP_HANDOVER_H
#define APP_HANDOVER_H

#include <stdatomic.h>

#include "app/app.h"

/*
 * Look at the posts that have ended by ${now}, until ${*stop} (may be NULL); ${ret} (may be
 * NULL): how many handovers were written. Cheap where it is not time to look again. Any thread
 * but the writer's; two at once do no harm. Errors are the store's; what single posts fail with
 * is logged.
 */
int handover_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err);

#endif
