/* SPDX-License-Identifier: Apache-2.0 */
/* What the two files of shortlists share. */
#ifndef VIEW_READER_ORDER_INTERNAL_H
#define VIEW_READER_ORDER_INTERNAL_H

#include "view/reader_internal.h"

/* A READER_KEPT_ORDER: flags[0] whole, edge[0] the edge's value, edge[1] its rid, and two
 * sets of one length. */
enum reader_order_set { READER_ORDER_VALUES, READER_ORDER_RIDS };

/* Keep ${list}, true in this reader's snapshot; ${*ret} NULL: it is too long. */
int reader_order_new(struct reader *rd, const struct search_order *order,
    const struct search_shortlist *list, struct reader_kept **ret);

/* All that cases share of the type, along the order, if it is much and can be listed; else
 * ${*ret} stays (reader_order_whole.c). */
int reader_order_whole(
    struct reader *rd, const struct search_order *order, struct reader_kept **ret);

/* Earlier or later in the order: for qsort. */
struct reader_place {
    int64_t value;
    store_rid rid;
};
int reader_place_upwards(const void *x, const void *y);
int reader_place_downwards(const void *x, const void *y);

/* Bring ${*k}, which was true in an earlier snapshot, up to this reader's; NULL: it is better
 * begun anew. */
int reader_order_follow(
    struct reader *rd, const struct search_order *order, struct reader_kept **k);

#endif
