/* SPDX-License-Identifier: Apache-2.0 */
/* The node of tests of facts over random histories, in memory and on disk. */
#ifndef TEST_VIEW_INDICATOR_NODE_H
#define TEST_VIEW_INDICATOR_NODE_H

#include "search_node.h"
#include "unit.h"

static struct search_node node;

/* 0 to ${below} - 1. */
static inline int any(int below)
{
    return (int)(unit_random() % (uint64_t)below);
}

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
    return 0;
}

#endif
