/* SPDX-License-Identifier: Apache-2.0 */
/* What the two files of worklists share: the form of rows. */
#ifndef VIEW_WORKLIST_INTERNAL_H
#define VIEW_WORKLIST_INTERNAL_H

#include "view/search_rows.h"
#include "view/worklist.h"

#define WORKLIST_N_MASK ((1ull << STORE_RID_BITS) - 1)
#define WORKLIST_KEY_MAX (SEARCH_NUMBER_BYTES + 1 + WORKLIST_PLACE_MAX)

extern unsigned worklist_first_table;

/* unit | side. */
size_t worklist_prefix(uint8_t *out, store_rid unit, enum case_task_side side);

static inline enum worklist_group worklist_group_of(
    enum case_task_state state, enum case_task_side side)
{
    enum case_task_side waits = case_task_waits_for(state);

    if (waits == CASE_TASK_NOBODY)
        return WORKLIST_ENDED;
    return waits == side ? WORKLIST_WAITS : WORKLIST_OPEN;
}

#endif
