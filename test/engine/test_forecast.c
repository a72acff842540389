/* SPDX-License-Identifier: Apache-2.0 */
/* The dependence index, and the date of independence with its interval. */
#include <math.h>

#include "engine/capability/forecast.h"
#include "unit.h"

static void near(double found, double expected)
{
    if (fabs(found - expected) > expected * 1e-3)
        fail_msg("%f, not %f", found, expected);
}

static void the_index(void **state)
{
    (void)state;
    assert_true(forecast_dependence(0, 0) < 0);
    near(forecast_dependence(4, 1), 0.75);
    assert_true(forecast_dependence(4, 4) == 0);
    assert_true(forecast_dependence(4, 0) == 1);
}

/* The ends are those of the exact interval: of 10 counted 6.2213 to 15.4066 (Garwood). */
static void a_date_and_its_interval(void **state)
{
    struct forecast_counts counts = {.gained = 10, .days = 730, .remaining = 20};
    struct forecast f = forecast_independence(&counts);

    (void)state;
    assert_true(f.known);
    near(f.middle, 1460);
    near(f.soonest, 20 * 730 / 15.4066);
    near(f.latest, 20 * 730 / 6.2213);
    counts.lost = 1; /* 0.1054 to 3.8897 */
    f = forecast_independence(&counts);
    assert_true(f.known);
    near(f.middle, 20 * 730 / 9.0);
    near(f.soonest, 20 * 730 / (15.4066 - 0.10536));
    near(f.latest, 20 * 730 / (6.2213 - 3.8897));
}

static void what_cannot_be_told(void **state)
{
    struct forecast_counts counts = {.gained = 4, .days = 730, .remaining = 20};

    (void)state;
    assert_false(forecast_independence(&counts).known); /* too few */
    counts.gained = 6;
    assert_true(forecast_independence(&counts).known);
    counts.lost = 3;
    assert_false(forecast_independence(&counts).known); /* a standstill fits too */
    counts.remaining = 0;
    assert_true(forecast_independence(&counts).known);
    assert_true(forecast_independence(&counts).latest == 0);
    counts = (struct forecast_counts){.gained = 6, .days = 730, .remaining = 70};
    assert_true(forecast_independence(&counts).latest < 0); /* later than 30 years */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_index),
        cmocka_unit_test(a_date_and_its_interval),
        cmocka_unit_test(what_cannot_be_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
