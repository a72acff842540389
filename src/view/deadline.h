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

struct deadline_range {
    const struct deadline *after; /* behind this one; NULL: from the first */
    utc_ms until;                 /* due then or before */
    size_t most;                  /* how many are wanted */
};

/* What is due, the earliest first, into ${ret}, which holds ${range->most}; as many found:
 * there may be more behind the last. Errors are the store's. */
int deadline_due(struct store_reader *r, const struct deadline_range *range,
    struct deadline *ret, size_t *ret_count, struct err *err);

#endif
