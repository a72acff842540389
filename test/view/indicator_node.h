/* SPDX-License-Identifier: Apache-2.0 */
/* What tests of facts over random histories share, beside the node in memory and on disk. */
#ifndef TEST_VIEW_INDICATOR_NODE_H
#define TEST_VIEW_INDICATOR_NODE_H

#include "each_store.h"
#include "unit.h"

#define DAY ((utc_ms)24 * 60 * 60 * 1000)
#define DAY_0 1577836800000LL /* 2020-01-01 */

/* 0 to ${below} - 1. */
static inline int any(int below)
{
    return (int)(unit_random() % (uint64_t)below);
}

/* The last position of the log. */
static inline int64_t position_now(void)
{
    int64_t seq = 0;
    struct err err = {0};

    assert_int_equal(store_seq(node_reader(&node), &seq, &err), 0);
    return seq;
}

/* What ${compare_all} looks at stands, and is the same when it is made again from the log. */
static inline void compare_rebuilt(void (*compare_all)(void))
{
    struct err err = {0};

    compare_all();
    assert_int_equal(store_verify(node.store, NULL, NULL, NULL, &err), 0);
    assert_int_equal(store_rebuild(node.store, "indicator", NULL, NULL, &err), 0);
    compare_all();
}

#endif
