/* SPDX-License-Identifier: Apache-2.0 */
/* One node for a test program, with the records that the program adds itself: group set-up
 * for a node in memory or on disk, and tear-down. */
#ifndef TEST_VIEW_FILLED_NODE_H
#define TEST_VIEW_FILLED_NODE_H

#include "search_node.h"

static struct search_node node;

/* The program's own records. */
static void add_records(void);

static inline int open_memory(void **state)
{
    (void)state;
    node_open(&node, STORE_MEMORY);
    add_records();
    return 0;
}

static inline int open_sqlite(void **state)
{
    (void)state;
    node_open(&node, STORE_SQLITE);
    add_records();
    return 0;
}

static inline int close_node(void **state)
{
    (void)state;
    node_close(&node);
    return 0;
}

#endif
