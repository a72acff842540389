/* SPDX-License-Identifier: Apache-2.0 */
/* The expected saturation: the model's table to its last printed digit, the band, the days
 * since the ascent, and when nothing is said. */
#include <math.h>

#include "engine/vitals/altitude.h"
#include "unit.h"

static const struct row {
    int altitude_m, pressure, oxygen;
    double settled, arrived;
} table[] = {
    {1500, 641, 124, 96.7, 95.6},
    {2500, 570, 109, 94.9, 93.0},
    {3000, 537, 103, 93.6, 91.2},
    {3500, 505, 96, 92.0, 89.0},
    {3658, 496, 94, 91.4, 88.2},
    {4000, 475, 90, 90.0, 86.2},
    {4500, 447, 84, 87.5, 82.8},
    {5000, 420, 78, 84.5, 78.6},
};

static struct altitude_answer ask(double altitude_m, int days, double saturation)
{
    struct altitude_question question = {.altitude_m = altitude_m,
        .days_since_ascent = days,
        .age_years = 40,
        .saturation = saturation};

    return altitude_saturation(&question);
}

static void the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        double m = table[i].altitude_m;
        struct altitude_answer settled = ask(m, 400, ALTITUDE_NOT_KNOWN),
                               arrived = ask(m, 1, ALTITUDE_NOT_KNOWN);

        assert_int_equal((int)lround(altitude_pressure(m)), table[i].pressure);
        assert_int_equal((int)lround(altitude_inspired_oxygen(m)), table[i].oxygen);
        assert_int_equal(
            lround(settled.middle_low * 10), lround(table[i].settled * 10));
        assert_int_equal(
            lround(arrived.middle_low * 10), lround(table[i].arrived * 10));
        assert_true(settled.middle_low == settled.middle_high);
        assert_true(arrived.middle_low == arrived.middle_high);
        assert_true(isnan(settled.deviation) && !settled.below);
    }
}

static void days_since_the_ascent(void **state)
{
    double arrived = ask(3658, 0, ALTITUDE_NOT_KNOWN).middle_low;
    double settled = ask(3658, ALTITUDE_SETTLED_DAYS, ALTITUDE_NOT_KNOWN).middle_high;

    (void)state;
    for (int days = 4; days < ALTITUDE_SETTLED_DAYS; days++) {
        struct altitude_answer between = ask(3658, days, 90);

        assert_int_equal(between.stay, ALTITUDE_BETWEEN);
        assert_true(between.middle_low == arrived && between.middle_high == settled);
        assert_true(between.deviation == 0);
    }
    assert_int_equal(ask(3658, -1, 90).stay, ALTITUDE_BETWEEN);
    assert_int_equal(ask(3658, 3, 90).stay, ALTITUDE_ARRIVED);
    assert_int_equal(ask(3658, 14, 90).stay, ALTITUDE_SETTLED);
}

static void measured_against_the_band(void **state)
{
    struct altitude_answer answer = ask(3658, 1, 88);

    (void)state;
    assert_true(fabs(answer.deviation) < 0.5 && !answer.below);
    answer = ask(3658, 1, 80);
    assert_true(answer.below && answer.deviation < -8 && answer.deviation > -8.5);
    answer = ask(3658, 365, 97);
    assert_true(!answer.below && answer.deviation > 5);
    answer = ask(0, 365, 91); /* at the sea the same number is far too low */
    assert_true(answer.below);
}

static void when_nothing_is_said(void **state)
{
    struct altitude_question question = {
        .altitude_m = 3658, .age_years = 40, .saturation = 88};

    (void)state;
    question.on_oxygen = true;
    assert_int_equal(altitude_saturation(&question).refusal, ALTITUDE_ON_OXYGEN);
    question.on_oxygen = false;
    question.age_years = 0.5;
    assert_int_equal(altitude_saturation(&question).refusal, ALTITUDE_INFANT);
    question.age_years = ALTITUDE_NOT_KNOWN;
    assert_int_equal(altitude_saturation(&question).refusal, ALTITUDE_ANSWERED);
    assert_int_equal(ask(ALTITUDE_NOT_KNOWN, 1, 88).refusal, ALTITUDE_OUT_OF_RANGE);
    assert_int_equal(ask(-1, 1, 88).refusal, ALTITUDE_OUT_OF_RANGE);
    assert_int_equal(ask(5501, 1, 88).refusal, ALTITUDE_OUT_OF_RANGE);
}

static void higher_is_never_more(void **state)
{
    (void)state;
    for (int m = 10; m <= ALTITUDE_HIGHEST_M; m += 10) {
        for (int days = 0; days <= 20; days += 5) {
            struct altitude_answer lower = ask(m - 10, days, ALTITUDE_NOT_KNOWN);
            struct altitude_answer higher = ask(m, days, ALTITUDE_NOT_KNOWN);

            assert_true(higher.middle_low < lower.middle_low);
            assert_true(higher.middle_low <= higher.middle_high);
            assert_true(lower.middle_high <= 100);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table),
        cmocka_unit_test(days_since_the_ascent),
        cmocka_unit_test(measured_against_the_band),
        cmocka_unit_test(when_nothing_is_said),
        cmocka_unit_test(higher_is_never_more),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
