/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The case: asked, taken, answered, acted on, closed (docs/CASES.md). Every step is an
 * operation on the ServiceRequest that asks; where the case stands is in the Task of the same
 * id. People and programs ask for steps by POST (app_start); here is what is for callers in
 * this program.
 */
#ifndef APP_CASE_H
#define APP_CASE_H

#include "app/app.h"

#define CASE_STATE_SYSTEM "https://belay.health/CodeSystem/case-state"
#define CASE_KIND_SYSTEM "https://belay.health/CodeSystem/case-kind"
#define CASE_MESSAGE_SYSTEM "https://belay.health/CodeSystem/message-kind"
#define CASE_OUTPUT_SYSTEM "https://belay.health/CodeSystem/case-output"
#define CASE_TASK_SYSTEM "https://belay.health/CodeSystem/task"

enum case_state {
    CASE_UNKNOWN, /* no case, or one that another program wrote */
    CASE_DRAFT,
    CASE_SENT,
    CASE_ALLOCATED,
    CASE_INFORMATION_ASKED,
    CASE_ANSWERED,
    CASE_ACTED_ON,
    CASE_OUTCOME_KNOWN,
    CASE_CLOSED,
    CASE_DECLINED,
    CASE_WITHDRAWN,
    CASE_EXPIRED,
    /* of a transfer (docs/adr/0032-transfers.md) */
    CASE_BED_ACCEPTED,
    CASE_ON_THE_WAY,
    CASE_ARRIVED,
    CASE_BACK_HOME,
    CASE_STATES
};

/* The code of Task.businessStatus; "draft" and "unknown" are not among them. */
const char *case_state_code(enum case_state state);

/* Where ${task}, the Task of a case, stands; CASE_UNKNOWN: it is none. */
enum case_state case_state_of(const struct json *task);

/* What the node does itself when a clock has run out. */
enum case_own_step {
    CASE_ESCALATE, /* the next of the ladder is asked too, and nobody has taken it */
    CASE_EXPIRE,   /* nobody is asked any more */
};

/*
 * Do ${step} with the case of the ServiceRequest ${id} at ${now}, in the name of "belay". Waits
 * until it is on the disk; not on the writer's thread. E_CONFLICT: somebody was quicker, or
 * its clock has not run out at ${now}. E_NOT_FOUND.
 */
int case_by_node(struct app *app, struct str id, enum case_own_step step, utc_ms now,
    struct err *err);

#endif
