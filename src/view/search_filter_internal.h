/* SPDX-License-Identifier: Apache-2.0 */
/* Asking the filter of a search, if it has one, about one record. */
#ifndef VIEW_SEARCH_FILTER_INTERNAL_H
#define VIEW_SEARCH_FILTER_INTERNAL_H

#include "view/search_internal.h"

static inline const struct search_filter *search_filter_of(const struct search_run *run)
{
    return run->plan ? run->plan->request.filter : NULL;
}

/* Without a filter: true, at the price of a look at two pointers. */
static inline int search_allows(struct search_run *run, store_rid rid, bool *ret)
{
    const struct search_filter *filter = search_filter_of(run);

    *ret = true;
    return filter ? filter->allows(filter->arg, rid, ret, run->err) : 0;
}

#endif
