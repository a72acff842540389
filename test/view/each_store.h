/* SPDX-License-Identifier: Apache-2.0 */
/* One small node for a test program, opened afresh in memory or on disk. */
#ifndef TEST_VIEW_EACH_STORE_H
#define TEST_VIEW_EACH_STORE_H

#include "base/time.h"

#include "search_node.h"

static struct search_node node;

static inline int open_memory(void **state)
{
    (void)state;
    node_open(&node, STORE_MEMORY);
    return 0;
}

static inline int open_sqlite(void **state)
{
    (void)state;
    node_open(&node, STORE_SQLITE);
    return 0;
}

static inline int close_node(void **state)
{
    (void)state;
    node_close(&node);
    time_hold(0);
    return 0;
}

#endif
