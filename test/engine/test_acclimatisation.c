/* SPDX-License-Identifier: Apache-2.0 */
/* Which duties count in the first days at a height. */
#include <math.h>

#include "engine/planning/acclimatisation.h"
#include "unit.h"

#define HOUR 3600000LL
#define DAY (24 * HOUR)
#define LHASA 480 /* minutes before UTC */
#define ARRIVED 20000

static const struct acclimatisation_rule *const rule = &acclimatisation_rule_default;

/* From ${from} to ${until}, hours of the place's day ${day} after arrival. */
static struct span duty(int day, int from, int until)
{
    int64_t begin = (ARRIVED + day) * DAY - LHASA * 60000LL;

    return (struct span){begin + from * HOUR, begin + until * HOUR};
}

static enum acclimatisation_word judge(struct span one, bool alone)
{
    return acclimatisation_judge(
        rule, acclimatisation_days(rule, ARRIVED, LHASA, 3658), one, LHASA, alone);
}

static void test_days(void **state)
{
    struct span days = acclimatisation_days(rule, ARRIVED, LHASA, 2500);

    (void)state;
    assert_int_equal(days.from, ARRIVED * DAY - 8 * HOUR);
    assert_int_equal(days.until - days.from, 4 * DAY); /* days 0, 1, 2 and 3 */
    assert_true(span_is_empty(acclimatisation_days(rule, ARRIVED, LHASA, 2499)));
    assert_true(span_is_empty(acclimatisation_days(rule, ARRIVED, LHASA, (double)NAN)));
}

static void test_nights(void **state)
{
    (void)state;
    assert_int_equal(judge(duty(0, 20, 32), false), ACCLIMATISATION_NIGHT);
    assert_int_equal(judge(duty(3, 18, 23), false), ACCLIMATISATION_NIGHT);
    assert_int_equal(judge(duty(1, 5, 13), false), ACCLIMATISATION_NIGHT);
    assert_int_equal(judge(duty(1, 0, 24), false), ACCLIMATISATION_NIGHT);
    assert_int_equal(judge(duty(1, 6, 22), false), ACCLIMATISATION_COUNTS);
    assert_int_equal(judge(duty(4, 20, 32), false), ACCLIMATISATION_COUNTS);
    assert_int_equal(judge(duty(-1, 8, 17), false), ACCLIMATISATION_COUNTS);
}

static void test_alone(void **state)
{
    (void)state;
    assert_int_equal(judge(duty(2, 8, 17), true), ACCLIMATISATION_SOLO);
    assert_int_equal(judge(duty(2, 8, 17), false), ACCLIMATISATION_COUNTS);
    assert_int_equal(judge(duty(4, 8, 17), true), ACCLIMATISATION_COUNTS);
    assert_string_equal(acclimatisation_code(judge(duty(2, 20, 30), true)), "night");
    assert_string_equal(acclimatisation_code(ACCLIMATISATION_SOLO), "solo");
    assert_string_equal(rule->version, "arrival-d0-d3/1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),
        cmocka_unit_test(test_nights),
        cmocka_unit_test(test_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
