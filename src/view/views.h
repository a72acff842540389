/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The views of a node, in the order in which every program opens them: search is the first,
 * since the audit trail reads what it prepared.
 */
#ifndef VIEW_VIEWS_H
#define VIEW_VIEWS_H

#include "store/store.h"

#define VIEWS_COUNT 5

extern const struct store_view *const views_all[VIEWS_COUNT];

#endif
