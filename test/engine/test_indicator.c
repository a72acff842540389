/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of facts, each computed by hand: operators, period rules, borders, strata. */
#include "engine/indicator/indicator.h"
#include "unit.h"

#define DAY ((utc_ms)24 * 60 * 60 * 1000)
#define OPEN SPAN_OPEN

/* Thing 1 twice in a row, thing 2 without an end, thing 3 only a moment. */
static const struct indicator_fact facts[] = {
    {0 * DAY, 10 * DAY, 1, 0, 100, false, false},
    {10 * DAY, 20 * DAY, 1, 1, 20, false, false},
    {15 * DAY, OPEN, 2, 1, 3, false, false},
    {18 * DAY, 18 * DAY, 3, INDICATOR_NO_STRATUM, 4000, false, false},
};

static struct arena *arena;

static struct indicator_answer ask(
    enum indicator_count count, enum indicator_rule rule, int from, int until)
{
    struct indicator_question q = {
        count, rule, {from * DAY, until * DAY}, 2, INDICATOR_COHORT};
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
        {0, 0, 1, 0, INT64_MAX, false, false}, {0, 0, 2, 0, 1, false, false}};
    struct indicator_question q = {
        INDICATOR_SUM, INDICATOR_BEGINS, {0, DAY}, 1, INDICATOR_COHORT};
    struct indicator_answer answer = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(
        indicator_compute(arena, &q, large, 2, &answer, &err), E_TOO_LARGE);
}

/* By hand: 68.2, 70.6 and 71.1 come to 69.9666..., of which four decimals are kept; a half goes
 * to the even one; of nothing there is none. */
static void a_mean_weighs_each_the_same(void **state)
{
    static const struct indicator_fact years[] = {{0, 2 * DAY, 0, 0, 682000},
        {0, 2 * DAY, 1, 1, 706000}, {0, 2 * DAY, 2, 1, 711000}};
    static const struct indicator_fact halves[] = {{0, 2 * DAY, 0, 0, 2},
        {0, 2 * DAY, 1, 0, 3}, {0, 2 * DAY, 2, 1, 3}, {0, 2 * DAY, 3, 1, 4}};
    struct indicator_question q = {INDICATOR_MEAN, INDICATOR_AT_END, {0, DAY}, 3};
    struct indicator_answer answer = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(indicator_compute(arena, &q, years, 3, &answer, &err), 0);
    assert_int_equal(answer.figure, 699667);
    assert_int_equal(answer.strata[0], 682000);
    assert_int_equal(answer.strata[1], 708500);
    assert_int_equal(answer.strata[2], 0);
    assert_int_equal(indicator_compute(arena, &q, halves, 4, &answer, &err), 0);
    assert_int_equal(answer.strata[0], 2);
    assert_int_equal(answer.strata[1], 4);
    q.period = (struct span){5 * DAY, 6 * DAY};
    assert_int_equal(indicator_compute(arena, &q, years, 3, &answer, &err), 0);
    assert_int_equal(answer.figure, 0);
}

/* Days of a thing are those of the union of its facts, counted day by day. */
static void days_are_those_of_the_union(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct indicator_fact list[6];
        struct indicator_question q = {INDICATOR_DAYS, INDICATOR_OVERLAPS,
            {10 * DAY, 40 * DAY}, 0, INDICATOR_COHORT};
        struct indicator_answer answer = {0};
        struct err err = {0};
        int expected = 0;

        for (int i = 0; i < 6; i++) {
            int from = (int)(unit_random() % 50);

            list[i] = (struct indicator_fact){from * DAY,
                (from + (int)(unit_random() % 15)) * DAY, (uint32_t)(unit_random() % 2),
                0, 0, false, false};
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

/* ---- proportions and values ---- */

/* The same facts, of which those of things 1 (the second) and 3 are met. */
static void numerators_are_of_things_or_of_facts(void **state)
{
    struct indicator_question q = {
        INDICATOR_DISTINCT, INDICATOR_OVERLAPS, {0, 30 * DAY}, 2, INDICATOR_PROPORTION};
    struct indicator_fact list[4];
    struct indicator_answer answer = {0};
    struct err err = {0};

    (void)state;
    memcpy(list, facts, sizeof(list));
    list[1].met = list[3].met = true;
    assert_int_equal(indicator_compute(arena, &q, list, 4, &answer, &err), 0);
    assert_int_equal(answer.figure, 3);
    assert_int_equal(answer.measured[2].met, 2);
    assert_int_equal(answer.measured[0].met, 0);
    assert_int_equal(answer.measured[1].met, 1);
    q.count = INDICATOR_EVERY;
    q.period = (struct span){0, 15 * DAY};
    assert_int_equal(indicator_compute(arena, &q, list, 4, &answer, &err), 0);
    assert_int_equal(answer.figure, 2);
    assert_int_equal(answer.measured[2].met, 1);
}

/* Thing 1 works 36 hours of four days, thing 2 half a day of one: five days, of which one is met whole in the first,
 * and none of the second alone; both together come to two. */
static void days_are_met_whole(void **state)
{
    static const struct indicator_fact list[] = {
        {0, 3 * DAY / 2, 1, 0, 0, false, true},
        {3 * DAY / 2, OPEN, 1, 0, 0, false, false},
        {3 * DAY, 7 * DAY / 2, 2, 1, 0, false, false},
        {7 * DAY / 2, 4 * DAY, 2, 1, 0, false, true},
    };
    struct indicator_question q = {
        INDICATOR_DAYS, INDICATOR_OVERLAPS, {0, 4 * DAY}, 2, INDICATOR_PROPORTION};
    struct indicator_answer answer = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(indicator_compute(arena, &q, list, 4, &answer, &err), 0);
    assert_int_equal(answer.figure, 5);
    assert_int_equal(answer.strata[0], 4);
    assert_int_equal(answer.strata[1], 1);
    assert_int_equal(answer.measured[2].met, 2);
    assert_int_equal(answer.measured[0].met, 1);
    assert_int_equal(answer.measured[1].met, 0);
}

static bool is_near(double a, double b, double by)
{
    return a - b <= by && b - a <= by;
}

/* 15/148, 0/20, 1/29 and 81/263 and their intervals are those of Newcombe, Statistics in Medicine 17 (1998), table I. */
static void wilson_is_as_published(void **state)
{
    static const struct {
        int met, all;
        double low, high;
    } known[] = {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605},
        {0, 20, 0.0000, 0.1611}, {1, 29, 0.0061, 0.1718}};

    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct indicator_interval is = indicator_wilson(known[i].met, known[i].all);
        struct indicator_interval rest =
            indicator_wilson(known[i].all - known[i].met, known[i].all);

        assert_true(is_near(is.low, known[i].low, 0.00005));
        assert_true(is_near(is.high, known[i].high, 0.00005));
        assert_true(is_near(is.low, 1 - rest.high, 1e-12));
        assert_true(is_near(is.high, 1 - rest.low, 1e-12));
    }
}

/* Values 1 to 10 and one of 100 that is of no stratum; those up to 4 have the limit 3. */
static void values_spread(void **state)
{
    struct indicator_question q = {
        INDICATOR_EVERY, INDICATOR_BEGINS, {0, DAY}, 2, INDICATOR_VALUES};
    struct indicator_fact list[12] = {
        {0, 0, 0, INDICATOR_NO_STRATUM, 100, false, false}, {DAY, DAY, 0, 0, 7, 0, 0}};
    struct indicator_answer answer = {0};
    struct err err = {0};

    (void)state;
    for (int i = 0; i < 10; i++)
        list[i + 2] = (struct indicator_fact){
            0, 0, 0, (uint32_t)i % 2, i + 1, i + 1 <= 4, i + 1 <= 3};
    assert_int_equal(indicator_compute(arena, &q, list, 12, &answer, &err), 0);
    assert_int_equal(answer.figure, 11);
    assert_int_equal(answer.measured[2].median, 6);
    assert_int_equal(answer.measured[2].ninety, 10); /* 10 of 11 are 10 or less */
    assert_int_equal(answer.measured[2].limited, 4);
    assert_int_equal(answer.measured[2].met, 3);
    assert_int_equal(answer.measured[0].median, 5); /* 1 3 5 7 9 */
    assert_int_equal(answer.measured[0].ninety, 9);
    assert_int_equal(answer.measured[1].median, 6); /* 2 4 6 8 10 */
    assert_int_equal(indicator_compute(arena, &q, list + 2, 10, &answer, &err), 0);
    assert_int_equal(answer.measured[2].median, 5); /* halfway from 5 to 6, not over */
    assert_int_equal(answer.measured[2].ninety, 9); /* 9 of 10 */
    assert_int_equal(indicator_compute(arena, &q, list, 0, &answer, &err), 0);
    assert_int_equal(answer.figure, 0);
    assert_int_equal(answer.measured[2].median, 0);
}

/* Whatever the values are: half of them and nine of ten are at most what is told. */
static void values_spread_at_random(void **state)
{
    (void)state;
    for (int round = 0; round < 300; round++) {
        struct indicator_question q = {
            INDICATOR_EVERY, INDICATOR_BEGINS, {0, DAY}, 0, INDICATOR_VALUES};
        struct indicator_fact list[40];
        struct indicator_answer answer = {0};
        struct err err = {0};
        size_t n = 1 + unit_random() % 40, below = 0, above = 0, ninety = 0, less = 0;

        for (size_t i = 0; i < n; i++)
            list[i] = (struct indicator_fact){.amount = (int64_t)(unit_random() % 30)};
        assert_int_equal(indicator_compute(arena, &q, list, n, &answer, &err), 0);
        for (size_t i = 0; i < n; i++) {
            below += list[i].amount <= answer.measured[0].median;
            above += list[i].amount >= answer.measured[0].median;
            ninety += list[i].amount <= answer.measured[0].ninety;
            less += list[i].amount < answer.measured[0].ninety;
        }
        assert_true(below * 2 >= n && above * 2 >= n);
        assert_true(ninety * 10 >= n * 9 && less * 10 < n * 9);
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

/* In ten-thousandths: 1 / 3, 2 / 3, 1 / 8 of a ten-thousandth up and down to the even one. */
static void one_figure_for_each_of_another(void **state)
{
    int64_t made = -1;

    (void)state;
    assert_true(indicator_ratio(10000, 30000, 1, &made));
    assert_int_equal(made, 3333);
    assert_true(indicator_ratio(-20000, 30000, 1, &made));
    assert_int_equal(made, -6667);
    assert_true(indicator_ratio(120000, 3000000000, 1000, &made));
    assert_int_equal(made, 400);
    assert_true(indicator_ratio(5, 100000, 1, &made)); /* 0.5 */
    assert_int_equal(made, 0);
    assert_true(indicator_ratio(15, 100000, 1, &made)); /* 1.5 */
    assert_int_equal(made, 2);
    assert_true(indicator_ratio(0, 1, 1, &made));
    assert_int_equal(made, 0);
    /* 9.2 * 10^14 for one is just told, and no more */
    assert_true(indicator_ratio(INT64_MAX / 10000, 1, 1, &made));
    assert_int_equal(made, INT64_MAX / 10000 * 10000);
    made = 7;
    assert_false(indicator_ratio(INT64_MAX / 1000, 1, 1, &made));
    assert_false(indicator_ratio(INT64_MAX, 1, 2, &made));
    assert_false(indicator_ratio(INT64_MIN, 1, 1, &made));
    assert_false(indicator_ratio(1, 0, 1, &made));
    assert_false(indicator_ratio(1, -10000, 1, &made));
    assert_false(indicator_ratio(1, INT64_MAX, 1, &made));
    assert_int_equal(made, 7);
}

/* 2 of 365 days' worth, times 332 of 365: 664 / 133,225; what divides both is taken out first. */
static void one_figure_times_another(void **state)
{
    int64_t over = 2, under = 365, made = 0;

    (void)state;
    assert_true(indicator_times(&over, &under, 332, 365));
    assert_int_equal(over, 664);
    assert_int_equal(under, 133225);
    assert_true(indicator_ratio(over, under, 365, &made));
    assert_int_equal(made, 18192); /* 1.81917... */
    over = INT64_MAX - 1;          /* even */
    under = 10000;
    assert_true(indicator_times(&over, &under, 10000, INT64_MAX - 1));
    assert_int_equal(over, 1);
    assert_int_equal(under, 1);
    over = -6;
    under = 4;
    assert_true(indicator_times(&over, &under, 0, 7));
    assert_int_equal(over, 0);
    over = INT64_MAX;
    under = 3;
    assert_false(indicator_times(&over, &under, 2, 1));
    assert_false(indicator_times(&over, &under, 1, 0));
    assert_false(indicator_times(&over, &under, INT64_MIN, 1));
    under = 0;
    assert_false(indicator_times(&over, &under, 1, 1));
    assert_int_equal(over, INT64_MAX);
    assert_int_equal(under, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_figure_for_each_of_another),
        cmocka_unit_test(one_figure_times_another),
        cmocka_unit_test(facts_belong_to_periods),
        cmocka_unit_test(firsts_are_of_all_time),
        cmocka_unit_test(sums_and_days),
        cmocka_unit_test(strata_may_overlap),
        cmocka_unit_test(a_sum_too_large_is_told),
        cmocka_unit_test(a_mean_weighs_each_the_same),
        cmocka_unit_test(days_are_those_of_the_union),
        cmocka_unit_test(numerators_are_of_things_or_of_facts),
        cmocka_unit_test(days_are_met_whole),
        cmocka_unit_test(wilson_is_as_published),
        cmocka_unit_test(values_spread),
        cmocka_unit_test(values_spread_at_random),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
