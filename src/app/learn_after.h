/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether what was learnt was used becomes part of the Enrolment, 3, 6 and 12 months after return, so that a figure needs that
 * record alone (docs/LEARNING.md). It is judged as everywhere (learn_use.c), from the return until then; of who never agreed to it
 * nothing is written.
 */
#ifndef APP_LEARN_AFTER_H
#define APP_LEARN_AFTER_H

#include <stdatomic.h>

#include "app/app.h"

struct json;
struct json_out;

/* Look at all enrolments at ${now} and write, in the name of the node, what they do not say yet, or say otherwise; until ${*stop}
 * (may be NULL). Any thread but the writer's. ${ret}: how many were written; may be NULL. */
int learn_after_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err);

/* ${enrolment} into ${o} as a look at ${now} leaves it. For who makes records while there is no log to look into: E_BUG, where an
 * aim is a procedure. */
int learn_after_put(struct json_out *o, struct app *app, const struct json *enrolment,
    utc_ms now, struct err *err);

#endif
