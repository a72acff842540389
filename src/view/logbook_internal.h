/* SPDX-License-Identifier: Apache-2.0 */
/* What the two files of logbooks share: the form of rows. */
#ifndef VIEW_LOGBOOK_INTERNAL_H
#define VIEW_LOGBOOK_INTERNAL_H

#include "view/logbook.h"
#include "view/search_rows.h"

enum logbook_table {
    LOGBOOK_CASES,
    LOGBOOK_RATINGS,
    LOGBOOK_OPEN,
    LOGBOOK_EVENTS,
    LOGBOOK_TABLES
};

#define LOGBOOK_N(rid) ((uint64_t)(rid) & ((1ull << STORE_RID_BITS) - 1))
#define LOGBOOK_KEY_MAX (4 * SEARCH_NUMBER_BYTES)
#define LOGBOOK_VALUE_MAX                                                              \
    (6 + SEARCH_NUMBER_BYTES + LIMIT_PROCEDURE_PARTS * (SEARCH_NUMBER_BYTES + 1) +     \
        LIMIT_OWN_STEPS * (2 + LIMIT_STEP_BYTES) + LIMIT_PROCEDURE_CODE)
#define LOGBOOK_REVIEWED 1u
#define LOGBOOK_IMPORTED 2u

extern unsigned logbook_first_table;

#endif
