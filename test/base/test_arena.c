/* SPDX-License-Identifier: Apache-2.0 */
/* Arenas: alignment, zeroing, growth in place, what a reset keeps, faults. */
#include "base/arena.h"
#include "base/limits.h"

#include "unit.h"

static void allocations_are_aligned_zeroed_and_apart(void **state)
{
    struct arena *a = arena_new();
    unsigned char *before = NULL;
    size_t before_size = 0;

    (void)state;
    for (int i = 0; i < 5000; i++) {
        size_t size = (size_t)unit_between(0, 300);
        unsigned char *p = arena_alloc(a, size);

        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t k = 0; k < size; k++)
            assert_int_equal(p[k], 0);
        memset(p, 0xA5, size);
        for (size_t k = 0; k < before_size; k++)
            assert_int_equal(before[k], 0xA5);
        before = p;
        before_size = size;
        assert_true(arena_check(a));
    }
    arena_reset(a);
    /* the same memory again, and zero again */
    before = arena_alloc(a, 4096);
    for (size_t k = 0; k < 4096; k++)
        assert_int_equal(before[k], 0);
    arena_free(a);
    arena_free(NULL);
}

static void big_allocations_leave_room_for_small_ones(void **state)
{
    struct arena *a = arena_new();
    char *small = arena_alloc(a, 16);
    char *big = arena_alloc(a, 10 * LIMIT_ARENA_BLOCK);

    (void)state;
    assert_non_null(big);
    memset(big, 1, 10 * LIMIT_ARENA_BLOCK);
    assert_ptr_equal(arena_alloc(a, 16), small + 16);
    assert_true(arena_used(a) >= 10 * LIMIT_ARENA_BLOCK + 32);
    arena_free(a);
}

/* Memory that arena ${a} hands out until it must ask malloc for more. */
static size_t kept_after_reset(struct arena *a)
{
    size_t got = 0;

    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    base_fail_alloc(~0ul);
    for (;;) {
        base_fail_alloc(2); /* the first is counted by the arena, a second by malloc */
        if (!arena_alloc_raw(a, 16))
            break;
        got += 16;
    }
    base_fail_alloc(0);
    return got;
}

static void reset_keeps_at_most_the_limit(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_non_null(arena_alloc(a, 100));
    for (int i = 0; i < 100; i++)
        assert_non_null(arena_alloc(a, 100000));
    assert_int_equal(kept_after_reset(a), LIMIT_ARENA_BLOCK);
    arena_free(a);

    /* one block over the limit is not kept */
    a = arena_new();
    assert_non_null(arena_alloc(a, LIMIT_ARENA_BLOCK + 1));
    assert_int_equal(kept_after_reset(a), 0);
    arena_free(a);

    a = arena_new();
    assert_non_null(arena_alloc(a, LIMIT_ARENA_BLOCK));
    assert_int_equal(kept_after_reset(a), LIMIT_ARENA_BLOCK);
    arena_free(a);
}

static void a_warm_arena_does_not_ask_malloc(void **state)
{
    struct arena *a = arena_new();
    unsigned long counted = 0;

    (void)state;
    for (int round = 0; round < 3; round++) {
        arena_reset(a);
        base_fail_alloc(~0ul);
        for (int i = 0; i < 1000; i++)
            assert_non_null(arena_alloc(a, 500));
        counted = base_fail_alloc(0);
    }
    /* by the third round the block that is kept holds all: only arena_alloc counts */
    assert_int_equal(counted, 1000);
    arena_free(a);
}

static void arrays_do_not_overflow(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_null(arena_array(a, SIZE_MAX / 2, 3));
    assert_null(arena_array(a, SIZE_MAX, 1));
    assert_null(arena_alloc(a, SIZE_MAX));
    assert_null(arena_alloc_raw(a, SIZE_MAX - 15));
    assert_non_null(arena_array(a, 0, 8));
    assert_non_null(arena_array(a, 3, 8));
    assert_true(arena_check(a));
    arena_free(a);
}

static void grow_keeps_the_content(void **state)
{
    struct arena *a = arena_new();
    char *p = NULL;
    char *moved = NULL;

    (void)state;
    p = arena_grow(a, NULL, 0, 16);
    memcpy(p, "0123456789abcdef", 16);
    assert_ptr_equal(arena_grow(a, p, 16, 4000), p); /* last: in place */
    p[3999] = 'z';
    assert_non_null(arena_alloc(a, 1));
    moved = arena_grow(a, p, 4000, 5000); /* no longer last */
    assert_ptr_not_equal(moved, p);
    assert_memory_equal(moved, p, 4000);
    assert_ptr_equal(arena_grow(a, moved, 5000, 10), moved);
    /* over the end of the block */
    p = arena_grow(a, moved, 5000, 50000);
    assert_memory_equal(p, "0123456789abcdef", 16);
    assert_true(arena_check(a));
    arena_free(a);
}

static void texts(void **state)
{
    struct arena *a = arena_new();
    char long_text[3000];

    (void)state;
    memset(long_text, 'x', sizeof(long_text));
    long_text[sizeof(long_text) - 1] = '\0';
    assert_string_equal(arena_strndup(a, "abcdef", 3), "abc");
    assert_string_equal(arena_strndup(a, NULL, 0), "");
    assert_string_equal(arena_printf(a, "%d-%s", 7, "b"), "7-b");
    assert_string_equal(arena_printf(a, "%s", long_text), long_text);
    arena_free(a);
}

struct order {
    int seen[4];
    int count;
};

struct note {
    struct order *order;
    int number;
};

static void take_note(void *arg)
{
    struct note *n = arg;

    n->order->seen[n->order->count++] = n->number;
}

static void cleanups_run_once_newest_first(void **state)
{
    struct arena *a = arena_new();
    struct order order = {0};

    (void)state;
    for (int i = 1; i <= 3; i++) {
        struct note *n = arena_alloc(a, sizeof(*n));

        *n = (struct note){&order, i};
        assert_int_equal(arena_cleanup(a, take_note, n), 0);
    }
    arena_reset(a);
    assert_int_equal(order.count, 3);
    assert_int_equal(order.seen[0], 3);
    assert_int_equal(order.seen[2], 1);
    arena_free(a);
    assert_int_equal(order.count, 3);
}

static int use_everything(void *arg)
{
    struct arena *a = arena_new();
    struct order order = {0};
    struct note n = {&order, 1};
    char *p = NULL;
    int r = E_NOMEM;

    (void)arg;
    if (!a)
        return E_NOMEM;
    p = arena_alloc(a, 100);
    if (!p)
        goto out;
    p = arena_grow(a, p, 100, 200);
    if (!p)
        goto out;
    if (!arena_alloc(a, 3 * LIMIT_ARENA_BLOCK) || !arena_printf(a, "%d", 1) ||
        !arena_strndup(a, "x", 1) || !arena_array(a, 10, 10000))
        goto out;
    r = arena_cleanup(a, take_note, &n);
out:
    assert_true(arena_check(a));
    arena_free(a);
    assert_int_equal(order.count, r == 0);
    return r;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(unit_fault_loop(use_everything, NULL) >= 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(allocations_are_aligned_zeroed_and_apart),
        cmocka_unit_test(big_allocations_leave_room_for_small_ones),
        cmocka_unit_test(reset_keeps_at_most_the_limit),
        cmocka_unit_test(a_warm_arena_does_not_ask_malloc),
        cmocka_unit_test(arrays_do_not_overflow),
        cmocka_unit_test(grow_keeps_the_content),
        cmocka_unit_test(texts),
        cmocka_unit_test(cleanups_run_once_newest_first),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
