/* SPDX-License-Identifier: Apache-2.0 */
/* What the two files of facts share: the form of rows. */
#ifndef VIEW_INDICATOR_INTERNAL_H
#define VIEW_INDICATOR_INTERNAL_H

#include "view/indicator.h"
#include "view/search_rows.h"

enum indicator_tag { INDICATOR_TAG_NONE, INDICATOR_TAG_RID, INDICATOR_TAG_TEXT };

#define INDICATOR_TEXT_MAX 160 /* bytes of a value that are kept */
#define INDICATOR_PARTS_MAX 64 /* facts of one record for one indicator */
#define INDICATOR_MOMENT(ms) ((uint64_t)(ms) ^ 1ull << 63)
#define INDICATOR_FROM_AT 9 /* in the key, behind indicator and things */
#define INDICATOR_KEY_LEAST (INDICATOR_FROM_AT + 8 + 1 + 1 + 8)
#define INDICATOR_N(rid) ((uint64_t)(rid) & ((1ull << STORE_RID_BITS) - 1))
#define INDICATOR_KEY_MAX (1 + 8 + 8 + SEARCH_NUMBER_BYTES + 1 + 8)
#define INDICATOR_VALUE_MAX                                                            \
    (1 + 8 + 1 + INDICATOR_ROW_VALUES * (2 + INDICATOR_TEXT_MAX))

extern unsigned indicator_first_table;

/* The values of a fact of ${d}, in their order; how many. */
size_t indicator_value_count(const struct indicator_define *d);

#endif
