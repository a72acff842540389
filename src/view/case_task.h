/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Task that says where a case stands, read: state, urgency, both sides, clocks
 * (docs/adr/0030-the-case.md). Pure; what cannot be read is as if it were not there. Views
 * follow from this alone.
 */
#ifndef VIEW_CASE_TASK_H
#define VIEW_CASE_TASK_H

#include "engine/clock/clock.h"

#define CASE_TASK_CODE "answer-case"
#define CASE_TASK_URL "https://belay.health/StructureDefinition/"
#define CASE_TASK_UNITS 16 /* units asked, and steps of a ladder, that are looked at */

enum case_task_state {
    CASE_TASK_NONE, /* not a state we know */
    CASE_TASK_SENT,
    CASE_TASK_ALLOCATED,
    CASE_TASK_INFORMATION_ASKED,
    CASE_TASK_ANSWERED,
    CASE_TASK_ACTED_ON,
    CASE_TASK_OUTCOME_KNOWN,
    CASE_TASK_CLOSED,
    CASE_TASK_DECLINED,
    CASE_TASK_WITHDRAWN,
    CASE_TASK_EXPIRED,
    CASE_TASK_BED_ACCEPTED, /* from here on of transfers; rows of views hold the number */
    CASE_TASK_ON_THE_WAY,
    CASE_TASK_ARRIVED,
    CASE_TASK_BACK_HOME,
    CASE_TASK_STATES
};

/* Whose word comes next. */
enum case_task_side { CASE_TASK_ASKING, CASE_TASK_ASKED, CASE_TASK_NOBODY };

struct case_task_step {
    struct str who; /* a reference */
    struct str as;  /* expert, backup, second-department, coordinator */
};

/* Slices are of the resource. */
struct case_task {
    enum case_task_state state;
    enum case_urgency urgency;
    struct case_clock clock; /* all 0: it has none */
    utc_ms authored, modified;
    struct str patient, request, requester, owner; /* references; p NULL: none */
    struct str asking;
    struct str asked[CASE_TASK_UNITS];
    size_t asked_count;
    struct case_task_step ladder[CASE_TASK_UNITS];
    size_t ladder_count;
};

/* Read ${task}; false: it is not the Task of a case. */
bool case_task_read(const struct json *task, struct case_task *ret);

/* The code of a state, and the state of a code (CASE_TASK_NONE: there is none such). */
const char *case_task_state_code(enum case_task_state state);
enum case_task_state case_task_state_of(struct str code);

/* emergency, urgent, routine. */
const char *case_task_urgency_word(enum case_urgency urgency);

enum case_task_side case_task_waits_for(enum case_task_state state);
static inline bool case_task_is_open(enum case_task_state state)
{
    return case_task_waits_for(state) != CASE_TASK_NOBODY;
}

/* The instant by which worklists order it: what is due next; where no clock runs, since when
 * it waits; of one that has ended, when it did. */
utc_ms case_task_due(const struct case_task *task);

#endif
