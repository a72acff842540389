/* SPDX-License-Identifier: Apache-2.0 */
/* One node for a test program, opened afresh for each test over each store. */
#ifndef TEST_APP_EACH_STORE_H
#define TEST_APP_EACH_STORE_H

#include "node.h"

static struct node node;

static int open_memory(void **state)
{
    (void)state;
    node_open(&node, true);
    return 0;
}

static int open_sqlite(void **state)
{
    (void)state;
    node_open(&node, false);
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    time_hold(0);
    node_close(&node);
    return 0;
}

#endif
