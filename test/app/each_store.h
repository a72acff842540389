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

/* The main of a program whose TESTS(open) lists its tests: over each store, or over the one
 * that BELAY_STORE names. */
#define MAIN_OVER_EACH_STORE(name)                                                     \
    int main(void)                                                                     \
    {                                                                                  \
        const struct CMUnitTest memory[] = {TESTS(open_memory)};                       \
        const struct CMUnitTest sqlite[] = {TESTS(open_sqlite)};                       \
        const char *which = getenv("BELAY_STORE");                                     \
        int failed = 0;                                                                \
                                                                                       \
        if (!which || strcmp(which, "memory") == 0)                                    \
            failed +=                                                                  \
                cmocka_run_group_tests_name(name ", memory", memory, NULL, NULL);      \
        if (!which || strcmp(which, "sqlite") == 0)                                    \
            failed +=                                                                  \
                cmocka_run_group_tests_name(name ", sqlite", sqlite, NULL, NULL);      \
        return failed;                                                                 \
    }

#endif
