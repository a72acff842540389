/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the node does itself when a clock of a case has run out: it asks the next of the
 * case's ladder, and when that has ended and nobody took it in time, it ends the case. What is
 * due is read from the view (view/deadline.h) each time, so nothing is forgotten by a restart
 * and nothing is done twice: each step is written under the condition that the case is still
 * what was looked at, and a person's step that came first wins.
 */
#ifndef APP_DUE_H
#define APP_DUE_H

#include <stdatomic.h>

#include "app/app.h"
#include "app/case.h"

struct case_task;

/* What is done with the case of ${task} when its clock runs out: somebody else is asked while
 * there is somebody, and once where there is nobody, so that the case says so. Who has it and
 * does not answer has it no longer. Pure. */
enum case_own_step due_step_of(const struct case_task *task);

struct due_result {
    size_t done;   /* steps */
    size_t failed; /* that could not be done, and are tried again */
    utc_ms next;   /* when the next clock runs out; 0: none runs */
};

/* Do all that is due now, until ${*stop} (may be NULL). Any thread but the writer's; two at
 * once do no harm. Errors are the store's; what single cases fail with is logged. */
int due_run(
    struct app *app, const atomic_bool *stop, struct due_result *ret, struct err *err);

#endif
