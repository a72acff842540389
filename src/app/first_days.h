/* SPDX-License-Identifier: Apache-2.0 */
/* Nights and duties alone in the first days at a height are not planned (docs/TEAMS.md). */
#ifndef APP_FIRST_DAYS_H
#define APP_FIRST_DAYS_H

#include "app/access.h"

/*
 * E_INVALID with a sentence: ${after}, a PractitionerRole that somebody writes in the place of
 * ${before} (NULL: a new one), plans a duty for somebody's first days at a height that does not count
 * (engine/planning/acclimatisation.h), that is not over and that ${before} did not plan already. What
 * leaves hours, leave, term, place, role and person as they were is no plan: the day on which
 * somebody has come is told as it was, whatever follows from it. ${together}: other posts are written
 * by the same transaction, so nobody is said to be alone. Of any other type: 0.
 */
int first_days_check(struct app_call *call, const struct access_write *write,
    const struct json *before, bool together, struct err *err);

#endif
