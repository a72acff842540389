/* SPDX-License-Identifier: Apache-2.0 */
/* A node with years of the decade in it. */
#ifndef TEST_APP_DECADE_H
#define TEST_APP_DECADE_H

#include "app/decade.h"
#include "node.h"

/* Into ${n}, which is open and whose clock is held at app_decade_begin(). */
static inline void decade_make(struct node *n, const struct app_decade_options *how)
{
    struct app_decade_result result = {0};
    struct err err = {0};

    if (app_decade_make(n->app, how, &result, &err) < 0)
        fail_msg("%s: %s", err.path, err.text);
    assert_true(result.records > 0 && result.versions >= result.records);
    time_hold(0);
}

static inline void open_decade(
    struct node *n, bool memory, const struct app_decade_options *how)
{
    time_hold(app_decade_begin());
    node_open(n, memory);
    decade_make(n, how);
}

#endif
