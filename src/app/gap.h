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

/* What the node keeps in mind of gaps between two looks. ${type} and ${rid}: of a record that
 * changed; any thread, gaps may be NULL. */
struct gaps;
struct gaps *gaps_new(void);
void gaps_free(struct gaps *g);
void gaps_changed(struct gaps *g, unsigned type, store_rid rid);

/* Look at all gaps at ${now} and write where they stand, in the name of the node, where the
 * record says another state; until ${*stop} (may be NULL). At most LIMIT_GAP_WRITES are written:
 * the others at the next look, which begins with them. Any thread but the writer's; several looks
 * wait for each other. ${ret}: how many were written; may be NULL. E_TOO_LARGE: there are more
 * than LIMIT_GAPS. */
int gap_run(
    struct app *app, const atomic_bool *stop, utc_ms now, size_t *ret, struct err *err);

#endif
