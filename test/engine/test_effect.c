/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changed with assistance, held to figures computed another way: effect_figures.py prints them
 * (exact fractions, sums of 60 digits). The funnel is computed by hand beside each.
 */
#include <math.h>

#include "engine/effect/effect.h"
#include "engine/effect/funnel.h"
#include "engine/effect/regress.h"
#include "unit.h"

#define MONTH_0 24252 /* January 2021 */
#define MISSING (-1)

static struct arena *arena;

static void near(double value, double expected, double within)
{
    if (!(fabs(value - expected) <= within))
        fail_msg("%.12g is not %.12g", value, expected);
}

static void near_all(
    const struct effect_estimate *e, double value, double low, double high)
{
    near(e->value, value, 1e-9);
    near(e->low, low, 1e-7);
    near(e->high, high, 1e-7);
}

/* Months from ${first} on; MISSING ones are not known. */
static struct effect_series series_of(int64_t first, const int *values, size_t count)
{
    struct effect_month *list = arena_array(arena, count + 1, sizeof(*list));
    size_t n = 0;

    for (size_t i = 0; i < count; i++) {
        if (values[i] != MISSING)
            list[n++] = (struct effect_month){first + (int64_t)i, values[i]};
    }
    return (struct effect_series){list, n};
}

#define SERIES(first, values) series_of(first, values, sizeof(values) / sizeof(int))

static const int short_one[] = {100, 104, 99, 107, 103, MISSING, 110, 108, 106, 112,
    131, 128, 137, 140, 139, 151, 148, 155, 153, 166};
static const int long_one[] = {80, 84, 95, 102, 111, 118, 121, 117, 108, 99, 88, 83, 84,
    88, 120, 127, 139, 145, 150, 144, 136, 131, 119, 113, 118, 122, 131};
static const int beside_one[] = {50, 50, 52, 49, 51, 53, 52, 50, 54, 53, 52, 55, 56, 54,
    57, 58, 56, 59, 60, 58, 61, 60, 62, 63};
static const int beside_two[] = {200, 210, 190, 205, 199, 0, 208, 202, 207, 211, 205,
    199, 204, 210, 213, 207, 209, 212, 215, 211};

static int difference(const struct effect_series *series,
    const struct effect_series *others, size_t count, int64_t start,
    struct effect_difference *ret)
{
    return effect_difference(
        arena, series, &(struct effect_others){others, count}, start, ret, NULL);
}

/* ---- a series that is interrupted ---- */

static void a_jump_and_a_slope_are_found(void **state)
{
    struct effect_series series = SERIES(MONTH_0, short_one);
    struct effect_interrupted e;

    (void)state;
    assert_int_equal(effect_interrupted(arena, &series, MONTH_0 + 10, &e, NULL), 0);
    assert_int_equal(e.reason, EFFECT_TOLD);
    assert_int_equal(e.before, 9);
    assert_int_equal(e.after, 10);
    assert_int_equal(e.lag, 2);
    assert_false(e.seasonal);
    near(e.begin, 111.4729729730, 1e-9);
    near(e.trend, 1.0851351351, 1e-9);
    near_all(&e.level, 16.5270270270, 13.34756221, 19.70649184);
    near_all(&e.slope, 2.6481981982, 2.05532128, 3.24107512);
    near_all(&e.last, 40.3608108108, 34.89850123, 45.82312039);
}

static void the_season_is_taken_out(void **state)
{
    struct effect_series series = SERIES(MONTH_0, long_one);
    struct effect_interrupted e;

    (void)state;
    assert_int_equal(effect_interrupted(arena, &series, MONTH_0 + 14, &e, NULL), 0);
    assert_int_equal(e.reason, EFFECT_TOLD);
    assert_true(e.seasonal);
    near(e.begin, 103.0468990239, 1e-9);
    near(e.trend, 0.2921095125, 1e-9);
    near_all(&e.level, 21.3835795268, 19.58474563, 23.18241343);
    near_all(&e.slope, 0.7844969202, 0.53960855, 1.02938529);
    near_all(&e.last, 30.7975425691, 28.47073258, 33.12435256);
}

/* A line without noise is found exactly, whatever its numbers. */
static void a_line_is_found_exactly(void **state)
{
    (void)state;
    for (int round = 0; round < 200; round++) {
        int values[40];
        int begin = 1000 + (int)(unit_random() % 1000),
            trend = (int)(unit_random() % 9) - 4;
        int jump = (int)(unit_random() % 300), turn = (int)(unit_random() % 9) - 4;
        int start = 8 + (int)(unit_random() % 24);
        struct effect_series series;
        struct effect_interrupted e;

        for (int i = 0; i < 40; i++)
            values[i] = begin + trend * (i - start) +
                        (i >= start ? jump + turn * (i - start) : 0);
        series = SERIES(MONTH_0, values);
        assert_int_equal(
            effect_interrupted(arena, &series, MONTH_0 + start, &e, NULL), 0);
        near(e.begin, begin, 1e-6);
        near(e.trend, trend, 1e-6);
        near(e.level.value, jump, 1e-6);
        near(e.slope.value, turn, 1e-6);
        near(e.fitted[39], values[39], 1e-6);
        near(e.without[39], begin + trend * (39 - start), 1e-6);
        near(e.level.high - e.level.low, 0, 1e-5);
        arena_reset(arena);
    }
}

static void too_few_months_are_told(void **state)
{
    struct effect_series series = SERIES(MONTH_0, short_one);
    struct effect_series none = {NULL, 0};
    struct effect_interrupted e;
    struct effect_difference d;

    (void)state;
    assert_int_equal(effect_interrupted(arena, &series, MONTH_0 + 8, &e, NULL), 0);
    assert_int_equal(e.reason, EFFECT_FEW_BEFORE);
    assert_int_equal(effect_interrupted(arena, &series, MONTH_0 + 13, &e, NULL), 0);
    assert_int_equal(e.reason, EFFECT_FEW_AFTER);
    assert_int_equal(effect_interrupted(arena, &none, MONTH_0, &e, NULL), 0);
    assert_int_equal(e.reason, EFFECT_FEW_BEFORE);
    assert_int_equal(difference(&series, &series, 1, MONTH_0 + 5, &d), 0);
    assert_int_equal(d.reason, EFFECT_FEW_BEFORE);
}

static void terms_that_say_the_same_are_told(void **state)
{
    struct regress_row rows[10];
    struct regress_fit fit;

    (void)state;
    for (int i = 0; i < 10; i++)
        rows[i] = (struct regress_row){i, i * i, {1, i, 3 + 2 * i}};
    assert_false(regress(rows, 10, 3, &fit));
    assert_true(regress(rows, 10, 2, &fit));
    assert_false(regress(rows, 2, 2, &fit));
}

/* ---- beside others ---- */

static void growth_is_held_against_others(void **state)
{
    struct effect_series series = SERIES(MONTH_0, short_one);
    struct effect_series others[] = {SERIES(MONTH_0 - 2, beside_one),
        SERIES(MONTH_0, beside_two), SERIES(MONTH_0 + 1, beside_one)};
    struct effect_difference d;

    (void)state;
    assert_int_equal(difference(&series, others, 3, MONTH_0 + 10, &d), 0);
    assert_int_equal(d.reason, EFFECT_TOLD);
    assert_int_equal(d.compared, 2);
    assert_int_equal(d.left_out, 1); /* its first month is missing */
    near_all(&d.grown, 0.3079050743, 0.22544440, 0.39036575);
    near_all(&d.apart, 0.0535657881, 0.01950540, 0.08762618);
}

/* Who grows as all others do has no effect, however much that is. */
static void growing_as_all_do_is_no_effect(void **state)
{
    int ours[30], theirs[30];
    struct effect_series series, other;
    struct effect_difference d;

    (void)state;
    for (int i = 0; i < 30; i++) {
        ours[i] = 200 + 10 * i + 7 * (i % 3);
        theirs[i] = 2 * ours[i];
    }
    series = SERIES(MONTH_0, ours);
    other = SERIES(MONTH_0, theirs);
    assert_int_equal(difference(&series, &other, 1, MONTH_0 + 12, &d), 0);
    near(d.grown.value, 0, 1e-12);
    near(d.grown.high, 0, 1e-12);
}

static void what_has_no_comparison_is_told(void **state)
{
    struct effect_series series = SERIES(MONTH_0, short_one);
    struct effect_series late = SERIES(MONTH_0 + 3, beside_one);
    static const int nothing[20];
    struct effect_series zero = SERIES(MONTH_0, nothing);
    struct effect_difference d;

    (void)state;
    assert_int_equal(difference(&series, NULL, 0, MONTH_0 + 10, &d), 0);
    assert_int_equal(d.reason, EFFECT_NO_COMPARISON);
    assert_int_equal(difference(&series, &late, 1, MONTH_0 + 10, &d), 0);
    assert_int_equal(d.reason, EFFECT_NO_COMPARISON);
    assert_int_equal(d.left_out, 1);
    assert_int_equal(difference(&series, &zero, 1, MONTH_0 + 10, &d), 0);
    assert_int_equal(d.reason, EFFECT_NO_COMPARISON);
    assert_int_equal(difference(&zero, &series, 1, MONTH_0 + 10, &d), 0);
    assert_int_equal(d.reason, EFFECT_NO_BASELINE);
}

/* ---- intervals ---- */

static void intervals_are_exact(void **state)
{
    static const struct {
        double count, low, high;
    } counts[] = {{0, 0, 3.68887945}, {1, 0.02531781, 5.57164339},
        {7, 2.81436305, 14.42267536}, {100, 81.36399125, 121.62679379},
        {9999, 9803.96226741, 10196.94182500}};
    static const double students[][2] = {
        {1, 12.70620474}, {7, 2.36462425}, {15, 2.13144955}, {100, 1.98397152}};

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        struct interval made = interval_count(counts[i].count);

        near(made.low, counts[i].low, 1e-7 * (1 + counts[i].low));
        near(made.high, counts[i].high, 1e-7 * counts[i].high);
    }
    for (size_t i = 0; i < 4; i++) {
        near(interval_student(students[i][0]), students[i][1], 2e-8);
    }
}

/* Where one way of the limits of a count gives over to the other they meet. */
static void limits_of_counts_meet(void **state)
{
    struct interval below = interval_count(INTERVAL_EXACT_MAX - 1);
    struct interval at = interval_count(INTERVAL_EXACT_MAX);

    (void)state;
    near(at.low - below.low, 1 - 0.0098, 0.01);
    near(at.high - below.high, 1 + 0.0098, 0.01);
}

/* ---- hospitals beside each other ---- */

/* 10, 20 and 15 of 100: 0.15 of all, distances squared 1.960784 (twice) and 0, their mean 1.307190; the
 * deviation sqrt(0.15 0.85 / 100 1.307190) = 0.0408248. */
static void limits_are_wider_where_hospitals_differ(void **state)
{
    static const struct funnel_hospital list[] = {{10, 100}, {20, 100}, {15, 100}};
    struct funnel f;

    (void)state;
    assert_int_equal(funnel_make(arena, list, 3, &f, NULL), 0);
    near(f.share, 0.15, 1e-12);
    near(f.dispersion, 1.307189542, 1e-9);
    near(f.rows[0].limits.low, 0.15 - 1.959963985 * 0.0408248290, 1e-9);
    near(f.rows[1].wide.high, 0.15 + 3.090232306 * 0.0408248290, 1e-9);
    near(f.rows[1].own.low, indicator_wilson(20, 100).low, 1e-12);
    for (int i = 0; i < 3; i++)
        assert_int_equal(f.rows[i].where, FUNNEL_WITHIN);
}

/*
 * Two strata, hard (8 of 20 met) and easy (4 of 40), and three hospitals: A has 10 hard and 10 easy of which 5 are met,
 * B 10 hard and 10 easy of which 5, C 20 easy of which 2. Crudely C does best; for its mix it does as all do:
 * E is 10 0.4 + 10 0.1 = 5 of A and B and 20 0.1 = 2 of C, V 10 0.24 + 10 0.09 = 3.3 and 1.8; each has O = E.
 */
static void the_mix_of_cases_is_taken_into_account(void **state)
{
    struct funnel_case cases[60];
    struct funnel_hospital list[3] = {{0}, {0}, {0}};
    struct funnel f;

    (void)state;
    for (uint32_t i = 0; i < 60; i++) {
        uint32_t hospital = i / 20;
        bool hard = hospital < 2 && i % 20 < 10;
        uint32_t nth = i % (hospital < 2 ? 10 : 20);

        cases[i] = (struct funnel_case){hospital, hard,
            nth < (hard              ? 4U
                      : hospital < 2 ? 1U
                                     : 2U)};
    }
    assert_int_equal(funnel_expect(arena, cases, 60, 2, list, NULL), 0);
    assert_int_equal(list[0].part, 5);
    assert_int_equal(list[2].whole, 20);
    near(list[0].expected, 5, 1e-12);
    near(list[0].variance, 3.3, 1e-12);
    near(list[2].expected, 2, 1e-12);
    near(list[2].variance, 1.8, 1e-12);
    assert_int_equal(funnel_make(arena, list, 3, &f, NULL), 0);
    near(f.share, 0.2, 1e-12);
    near(f.dispersion, 1, 1e-12);
    near(f.rows[2].share, 0.1, 1e-12);
    for (int i = 0; i < 3; i++)
        near(f.rows[i].adjusted, 0.2, 1e-12);
    near(f.rows[0].size, 25 / 3.3 * 4, 1e-9);
    /* 0.2 +- 3.09 0.2 sqrt(3.3) / 5 */
    near(f.rows[0].wide.high, 0.2 + 3.090232306 * 0.2 * 1.816590212 / 5, 1e-9);
}

/* 100 to 110, 200 to 220, and 400 to 880: all grew by 510 of 700. The squared distances are
 * 9.72 0.2033.. and the like; what is widened by them holds the third, which made them. */
static void growth_is_set_against_size(void **state)
{
    static const struct funnel_grower list[] = {{100, 110}, {200, 220}, {400, 880}};
    struct funnel_growth g;
    double times = 1210.0 / 700;
    double sum = 0;

    (void)state;
    assert_int_equal(funnel_grow(arena, list, 3, &g, NULL), 0);
    near(g.growth, 0.7285714286, 1e-9);
    for (int i = 0; i < 3; i++) {
        double distance = log(list[i].since / list[i].before / times);

        sum += distance * distance / (1 / list[i].before + 1 / list[i].since);
    }
    near(g.dispersion, sum / 3, 1e-9);
    near(g.rows[0].size, (1 + 1 / times) / (1.0 / 100 + 1.0 / 110), 1e-9);
    near(g.rows[0].growth, 0.1, 1e-12);
    near(g.rows[0].limits.high,
        times * exp(1.959963985 * sqrt(sum / 3 * (1.0 / 100 + 1.0 / 110))) - 1, 1e-7);
    assert_int_equal(g.rows[0].where, FUNNEL_WITHIN);
    assert_int_equal(funnel_grow(arena, list, 2, &g, NULL), E_INVALID);
}

/* Nine alike and one on either side: the outer ones do not widen the limits that tell them,
 * 0.5 +- 1.96 0.05. */
static void who_stands_out_is_told(void **state)
{
    struct funnel_hospital list[11] = {{90, 100}, {10, 100}};
    struct funnel f;

    (void)state;
    for (int i = 2; i < 11; i++)
        list[i] = (struct funnel_hospital){50, 100};
    assert_int_equal(funnel_make(arena, list, 11, &f, NULL), 0);
    near(f.dispersion, 1, 1e-12);
    near(f.rows[2].limits.high, 0.5979981992, 1e-9);
    assert_int_equal(f.rows[0].where, FUNNEL_ABOVE);
    assert_int_equal(f.rows[1].where, FUNNEL_BELOW);
    assert_int_equal(f.rows[2].where, FUNNEL_WITHIN);
}

static void a_funnel_of_nothing_is_none(void **state)
{
    static const struct funnel_hospital two[] = {{1, 10}, {2, 10}};
    static const struct funnel_hospital none[] = {{0, 10}, {0, 10}, {0, 10}};
    static const struct funnel_hospital all[] = {{10, 10}, {10, 10}, {10, 10}};
    struct funnel f;

    (void)state;
    assert_int_equal(funnel_make(arena, two, 2, &f, NULL), E_INVALID);
    assert_int_equal(funnel_make(arena, none, 3, &f, NULL), E_INVALID);
    assert_int_equal(funnel_make(arena, all, 3, &f, NULL), E_INVALID);
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
        cmocka_unit_test(a_jump_and_a_slope_are_found),
        cmocka_unit_test(the_season_is_taken_out),
        cmocka_unit_test(a_line_is_found_exactly),
        cmocka_unit_test(too_few_months_are_told),
        cmocka_unit_test(terms_that_say_the_same_are_told),
        cmocka_unit_test(growth_is_held_against_others),
        cmocka_unit_test(growing_as_all_do_is_no_effect),
        cmocka_unit_test(what_has_no_comparison_is_told),
        cmocka_unit_test(intervals_are_exact),
        cmocka_unit_test(limits_of_counts_meet),
        cmocka_unit_test(limits_are_wider_where_hospitals_differ),
        cmocka_unit_test(the_mix_of_cases_is_taken_into_account),
        cmocka_unit_test(growth_is_set_against_size),
        cmocka_unit_test(who_stands_out_is_told),
        cmocka_unit_test(a_funnel_of_nothing_is_none),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
