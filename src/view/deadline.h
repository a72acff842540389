/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When the node must look at a case again: one row a Task whose clock says so, in order of
 * time, so that "what is due until T" is one range scan. It follows from the current Task
 * alone (view/case_task.h), so a restart, a rebuild or a copy from another node forgets
 * nothing.
 *
 *   deadline   instant 8 (big-endian ms) | n of the Task varnum
 */
#ifndef VIEW_DEADLINE_H
#define VIEW_DEADLINE_H

#include "store/store.h"

extern const struct store_view deadline_view;

struct deadline {
    utc_ms when;
    store_rid task;
};

/* What is due at ${until} or before, the earliest first, into ${ret}, which holds ${most};
 * ${*ret_count} == ${most}: there may be more, behind ${after} (NULL: from the first), which
 * may be one that was given. Errors are the store's. */
int deadline_due(struct store_reader *r, const struct deadline *after, utc_ms until,
    struct deadline *ret, size_t most, size_t *ret_count, struct err *err);

#endif
