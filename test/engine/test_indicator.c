/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of facts, each computed by hand: operators, period rules, borders, strata. */
#include "engine/indicator/indicator.h"
#include "unit.h"

#define DAY ((utc_ms)24 * 60 * 60 * 1000)
#define OPEN SPAN_OPEN

/* Thing 1 twice in a row, thing 2 without an end, thing 3 only a moment. */
static const struct indicator_fact facts[] = {
    {0 * DAY, 10 * DAY, 1, 0, 100},
    {10 * DAY, 20 * DAY, 1, 1, 20},
    {15 * DAY, OPEN, 2, 1, 3},
    {18 * DAY, 18 * DAY, 3, INDICATOR_NO_STRATUM, 4000},
};

static struct arena *arena;

static struct indicator_answer ask(
    enum indicator_count count, enum indicator_rule rule, int from, int until)
{
    struct indicator_question q = {count, rule, {from * DAY, until * DAY}, 2};
    struct indicator_answer answer = {0};
    struct err err = {0};

    assert_int_equal(indicator_compute(arena, &q, facts, 4, &answer, &err), 0);
    return answer;
}

#define FIGURE(count, rule, from, until)                                               \
    ask(INDICATOR_##count, INDICATOR_##rule, from, until).figure

static void facts_belong_to_periods(void **state)
{
    (void)state;
    assert_int_equal(FIGURE(DISTINCT, OVERLAPS, 0, 30), 3);
    assert_int_equal(FIGURE(EVERY, OVERLAPS, 0, 30), 4);
    assert_int_equal(FIGURE(DISTINCT, OVERLAPS, 0, 10), 1);
    assert_int_equal(FIGURE(DISTINCT, OVERLAPS, 20, 30), 1); /* an end is not in it */
    assert_int_equal(FIGURE(EVERY, BEGINS, 0, 10), 1);
    assert_int_equal(FIGURE(EVERY, BEGINS, 10, 15), 1);
    assert_int_equal(FIGURE(EVERY, BEGINS, 10, 19), 3);
    assert_int_equal(FIGURE(DISTINCT, AT_END, 0, 20), 2);
    assert_int_equal(FIGURE(DISTINCT, AT_END, 0, 21), 1);
    assert_int_equal(FIGURE(DISTINCT, AT_END, 0, 18), 2); /* the moment is behind it */
    assert_int_equal(FIGURE(DISTINCT, OVERLAPS, 5, 5), 0);
}

static void firsts_are_of_all_time(void **state)
{
    (void)state;
    assert_int_equal(FIGURE(FIRST, BEGINS, 0, 30), 3);
    assert_int_equal(FIGURE(FIRST, BEGINS, 10, 30), 2); /* thing 1 was there before */
    assert_int_equal(FIGURE(FIRST, BEGINS, 16, 30), 1);
    assert_int_equal(ask(INDICATOR_FIRST, INDICATOR_BEGINS, 0, 30).strata[1], 1);
    assert_false(ask(INDICATOR_FIRST, INDICATOR_BEGINS, 0, 30).behind[1]);
}

static void sums_and_days(void **state)
{
    struct indicator_answer days;

    (void)state;
    assert_int_equal(FIGURE(SUM, BEGINS, 0, 30), 4123);
    assert_int_equal(FIGURE(SUM, BEGINS, 10, 18), 23);
    assert_int_equal(FIGURE(DAYS, OVERLAPS, 5, 20), 15 + 5);
    days = ask(INDICATOR_DAYS, INDICATOR_OVERLAPS, 5, 20);
    assert_int_equal(days.strata[0], 5);
    assert_int_equal(days.strata[1], 10 + 5);
}

static void strata_may_overlap(void **state)
{
    struct indicator_answer answer = ask(INDICATOR_DISTINCT, INDICATOR_OVERLAPS, 0, 30);

    (void)state;
    assert_int_equal(answer.strata[0], 1);
    assert_int_equal(answer.strata[1], 2);
    assert_int_equal(answer.figure, 3);
    for (int i = 0; i < 4; i++)
        assert_true(answer.behind[i]);
}

static void a_sum_too_large_is_told(void **state)
{
    static const struct indicator_fact large[] = {
        {0, 0, 1, 0, INT64_MAX}, {0, 0, 2, 0, 1}};
    struct indicator_question q = {INDICATOR_SUM, INDICATOR_BEGINS, {0, DAY}, 1};
    struct indicator_answer answer = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(
        indicator_compute(arena, &q, large, 2, &answer, &err), E_TOO_LARGE);
}

/* Days of a thing are those of the union of its facts, counted day by day. */
static void days_are_those_of_the_union(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct indicator_fact list[6];
        struct indicator_question q = {
            INDICATOR_DAYS, INDICATOR_OVERLAPS, {10 * DAY, 40 * DAY}, 0};
        struct indicator_answer answer = {0};
        struct err err = {0};
        int expected = 0;

        for (int i = 0; i < 6; i++) {
            int from = (int)(unit_random() % 50);

            list[i] = (struct indicator_fact){from * DAY,
                (from + (int)(unit_random() % 15)) * DAY, (uint32_t)(unit_random() % 2),
                0, 0};
        }
        for (uint32_t thing = 0; thing < 2; thing++) {
            for (int day = 10; day < 40; day++) {
                bool there = false;

                for (int i = 0; i < 6; i++)
                    there =
                        there || (list[i].thing == thing && list[i].from <= day * DAY &&
                                     day * DAY < list[i].until);
                expected += there;
            }
        }
        assert_int_equal(indicator_compute(arena, &q, list, 6, &answer, &err), 0);
        assert_int_equal(answer.figure, expected);
        arena_reset(arena);
    }
}

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    return arena ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_belong_to_periods),
        cmocka_unit_test(firsts_are_of_all_time),
        cmocka_unit_test(sums_and_days),
        cmocka_unit_test(strata_may_overlap),
        cmocka_unit_test(a_sum_too_large_is_told),
        cmocka_unit_test(days_are_those_of_the_union),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
