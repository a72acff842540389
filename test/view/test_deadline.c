/* SPDX-License-Identifier: Apache-2.0 */
/* What is due until when: after each kind of change, after a rebuild, after faults. */
#include "case_sample.h"
#include "each_store.h"
#include "store/fault.h"
#include "view/deadline.h"

#define T 1767225600000LL /* 2026-01-01 */

static struct case_sample sent(int id, utc_ms next)
{
    return (struct case_sample){.id = id,
        .state = CASE_TASK_SENT,
        .urgency = CASE_ROUTINE,
        .due = T,
        .next = next,
        .asking = 1,
        .asked = {2},
        .asked_count = 1};
}

static void put(int id, utc_ms next)
{
    struct case_sample s = sent(id, next);

    sample_put(&node, &s);
}

/* Ids of what is due at ${until}, at most ${most} of them, with spaces between. */
static const char *due(utc_ms until, size_t most)
{
    static char text[1000];
    struct deadline list[16];
    struct err err = {0};
    size_t count = 99;
    size_t all = 0;

    text[0] = '\0';
    /* one by one, each behind the one before */
    while (all < most && count > 0) {
        const struct deadline_range one = {all ? &list[all - 1] : NULL, until, 1};

        assert_int_equal(
            deadline_due(node_reader(&node), &one, &list[all], &count, &err), 0);
        all += count;
    }
    /* and together */
    count = 99;
    assert_int_equal(
        deadline_due(node_reader(&node), &(struct deadline_range){NULL, until, most},
            list, &count, &err),
        0);
    assert_int_equal(count, all);
    for (size_t i = 0; i < count; i++) {
        struct str id = {0};

        assert_true(list[i].when <= until);
        assert_true(i == 0 || list[i].when >= list[i - 1].when);
        assert_int_equal(
            store_name(node.reader, node.arena, list[i].task, &id, &err), 0);
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%.*s",
            i ? " " : "", (int)id.len, id.p);
    }
    return text;
}

static void test_order(void **state)
{
    (void)state;
    assert_string_equal(due(INT64_MAX, 16), "");
    put(1, T + 3000);
    put(2, T + 1000);
    put(3, T + 2000);
    put(4, 0);
    put(5, T - 1);
    assert_string_equal(due(T - 2, 16), "");
    assert_string_equal(due(T - 1, 16), "c5");
    assert_string_equal(due(T + 2000, 16), "c5 c2 c3");
    assert_string_equal(due(INT64_MAX, 16), "c5 c2 c3 c1");
    assert_string_equal(due(INT64_MAX, 2), "c5 c2");
    assert_string_equal(due(INT64_MAX, 0), "");
    /* two at one instant: both, by their age */
    put(6, T + 1000);
    assert_string_equal(due(T + 1000, 16), "c5 c2 c6");
    sample_verify(&node);
}

static void test_changes(void **state)
{
    struct case_sample other = sent(3, T + 1);

    (void)state;
    put(1, T + 1);
    put(2, T + 2);
    put(1, T + 3);
    assert_string_equal(due(INT64_MAX, 16), "c2 c1");
    put(1, T + 3); /* the same again */
    assert_string_equal(due(INT64_MAX, 16), "c2 c1");
    put(2, 0);
    assert_string_equal(due(INT64_MAX, 16), "c1");
    put(2, T);
    assert_string_equal(due(INT64_MAX, 16), "c2 c1");
    node_delete(&node, "Task", "c2");
    assert_string_equal(due(INT64_MAX, 16), "c1");
    put(2, T);
    assert_string_equal(due(INT64_MAX, 16), "c2 c1");
    /* a Task of another kind with the same extension */
    other.state = CASE_TASK_NONE;
    sample_put(&node, &other);
    assert_string_equal(due(INT64_MAX, 16), "c2 c1");
    sample_verify(&node);
    sample_rebuild(&node, &deadline_view);
    assert_string_equal(due(INT64_MAX, 16), "c2 c1");
    sample_verify(&node);
}

/* An instant is one instant in whatever zone it is written, and daylight saving is part of
 * the offset. */
static void test_zones(void **state)
{
    struct case_sample s = sent(1, 0);

    (void)state;
    s.next_text = "2026-01-01T08:00:00.000+08:00"; /* T */
    sample_put(&node, &s);
    s = sent(2, 0);
    s.next_text = "2025-12-31T19:00:00-05:00"; /* T */
    sample_put(&node, &s);
    s = sent(3, 0);
    s.next_text = "2026-01-01T00:00:00.001Z";
    sample_put(&node, &s);
    s = sent(4, 0);
    s.next_text = "2026-01-01T01:59:59.999+02:00";
    sample_put(&node, &s);
    assert_string_equal(due(T - 1, 16), "c4");
    assert_string_equal(due(T, 16), "c4 c1 c2");
    assert_string_equal(due(T + 1, 16), "c4 c1 c2 c3");
    /* 02:30 happens twice when summer time ends */
    s = sent(5, 0);
    s.next_text = "2026-10-25T02:30:00+02:00";
    sample_put(&node, &s);
    s = sent(6, 0);
    s.next_text = "2026-10-25T02:30:00+01:00";
    sample_put(&node, &s);
    assert_string_equal(due(INT64_MAX, 16), "c4 c1 c2 c3 c5 c6");
    /* what is no instant is none */
    s = sent(1, 0);
    s.next_text = "tomorrow";
    sample_put(&node, &s);
    assert_string_equal(due(T, 16), "c4 c2");
    sample_verify(&node);
}

/* One try at moving c1 with a fault armed; what was counted. */
static unsigned long try_put(
    unsigned long (*arm)(unsigned long), unsigned long n, utc_ms next, int *ret)
{
    struct case_sample s = sent(1, next);
    struct arena *a = arena_new();
    struct buf b;
    struct store_write w = {.operation = STORE_UPDATE, .id = STR("c1")};
    struct store_transaction t = {.writes = &w, .count = 1, .actor = STR("test")};
    struct err err = {0};
    unsigned long counted = 0;

    buf_init(&b, 1 << 16);
    w.body = sample_task(&b, &s);
    w.type = fhir_resource_named(STR("Task"));
    assert_int_equal(json_read(a, w.body, 1 << 16, &w.resource, &err), 0);
    arm(n);
    *ret = store_prepare(node.store, a, &w, &err);
    if (*ret == 0)
        *ret = store_commit(node.store, &t, &err);
    counted = arm(0);
    buf_done(&b);
    arena_free(a);
    return counted;
}

/* Every step, or allocation, fails in turn: the row is where it was, or where it shall be. */
static void faults(unsigned long (*arm)(unsigned long))
{
    unsigned long counted = 0;
    unsigned long refused = 0;
    unsigned long k = 0;
    utc_ms was = T;

    put(1, was);
    do {
        utc_ms next = T + 1 + (utc_ms)++k;
        char expected[40];
        int r = 0;

        if (node.reader)
            store_read_end(node.reader);
        node.reader = NULL;
        counted = try_put(arm, k, next, &r);
        refused += r < 0;
        if (strcmp(due(next, 16), "c1") == 0 && *due(next - 1, 16) == '\0')
            was = next;
        else
            assert_true(r < 0);
        snprintf(expected, sizeof(expected), "c1");
        assert_string_equal(due(was, 16), expected);
        assert_string_equal(due(was - 1, 16), "");
        assert_string_equal(due(INT64_MAX, 16), expected);
    } while (counted >= k && k < 5000);
    printf("%lu tries, %lu refused\n", k, refused);
    assert_true(refused > 3);
    sample_verify(&node);
    sample_rebuild(&node, &deadline_view);
}

static void test_steps_fail(void **state)
{
    (void)state;
    faults(store_fail_step);
}

static void test_memory_out(void **state)
{
    (void)state;
    faults(base_fail_alloc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_order, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_order, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_changes, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_changes, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_zones, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_steps_fail, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_memory_out, open_sqlite, close_node),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
