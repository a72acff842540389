/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Technique gaps (docs/EQUIPMENT.md): something that a hospital shall be able to do and cannot
 * yet, from the day it was opened until local people have demonstrated it. Where a gap stands
 * follows from records: nobody types it in, and what lapses is open again.
 */
#ifndef APP_GAP_H
#define APP_GAP_H

#include <stdatomic.h>

#include "app/app.h"

#define GAP_STATE_SYSTEM "https://belay.health/CodeSystem/gap-state"

/* In their order; a later one holds whatever the ones before say. */
enum gap_state {
    GAP_OPENED,
    GAP_PLANNED,    /* a day is promised */
    GAP_EQUIPPED,   /* what it needs is in service */
    GAP_FIRST_CASE, /* it was done here at least once */
    GAP_LAPSED,     /* it was filled, and is demonstrated no more */
    GAP_FILLED,     /* demonstrated, as engine/capability has it */
    GAP_STATES
};
const char *gap_state_code(enum gap_state state);

/* What is known of a gap. */
struct gap_facts {
    bool planned;
    bool equipped;
    bool done;         /* at least one case here */
    bool demonstrated; /* now */
    bool was_filled;   /* once, as its record says */
};
/* Where it stands. Pure. */
enum gap_state gap_judge(const struct gap_facts *facts);

/* Look at all gaps at ${now} and write where they stand, in the name of the node, where the
 * record says another state; until ${*stop} (may be NULL). Any thread but the writer's.
 * ${ret}: how many were written; may be NULL. */
int gap_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err);

#endif
