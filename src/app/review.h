/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The weekly review of closed cases (docs/REVIEW.md). When a week has ended (Monday, 00:00
 * UTC) the node draws, for each hospital that answered, one of the cases that were closed in
 * it, and two people to rate it who do not know whose it is. What was drawn is a record, whose
 * id follows from week and hospital: nothing is drawn twice, and weeks in which the node was
 * off are made up for.
 */
#ifndef APP_REVIEW_H
#define APP_REVIEW_H

#include <stdatomic.h>

#include "app/app.h"

/*
 * Draw what is due at ${now}, until ${*stop} (may be NULL); ${ret} (may be NULL): how many
 * reviews were made. Cheap where nothing is due. Any thread but the writer's; two at once do
 * no harm. Errors are the store's; what single draws fail with is logged.
 */
int review_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err);

#endif
