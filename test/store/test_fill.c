/* SPDX-License-Identifier: Apache-2.0 */
/* Views that are filled again while a node is opened: whoever watches stops it, and the next opening fills them. */
#include "node.h"

/* Stops at the look ${arg}, counted down. */
static bool look_down(void *arg, int64_t done, int64_t total)
{
    int *left = arg;

    assert_true(done <= total && total > 0);
    return --*left > 0;
}

static void filling_is_stopped(void **state)
{
    struct node node;
    struct node *n = &node;
    const struct store_view *views[] = {&sample_view};
    const char *digest = sample_view.digest;
    const char *rows = NULL;
    struct store *other = NULL;
    struct err err = {0};
    int stopped = 0;
    int left = 0;
    int r = 0;

    (void)state;
    node_make(n, STORE_SQLITE);
    MUST(node_put(n, "a", ",\"tags\":[\"x\",\"y\"],\"name\":\"n\"", NULL));
    rows = node_rows(n);
    store_close(n->store);
    n->store = NULL;
    sample_view.digest = "2";
    for (int at = 1; !n->store; at++) {
        const struct store_fill_watch watch = {.look = look_down, .arg = &left};
        struct store_options o = {.path = n->path, .fill_watch = &watch};
        struct store_options beside = {.path = n->path, .read_only = true};

        left = at;
        r = store_open(&o, views, 1, &n->store, &err);
        assert_true(r == 0 || r == E_CANCELLED);
        stopped += r == E_CANCELLED;
        /* what is half filled is read by nobody */
        if (r == E_CANCELLED)
            assert_int_equal(store_open(&beside, views, 1, &other, &err), E_CONFLICT);
    }
    assert_int_equal(stopped, 2); /* while reading the log, and while writing rows */
    assert_string_equal(node_rows(n), rows);
    assert_int_equal(node_verify(n, true), 0);
    sample_view.digest = digest;
    node_reopen(n);
    node_remove(n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(filling_is_stopped)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
