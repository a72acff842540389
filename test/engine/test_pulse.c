/* SPDX-License-Identifier: Apache-2.0 */
/* The pulse of a pairing: what is counted, what is shown of it, and when it is quiet. */
#include <stdlib.h>

#include "engine/planning/pulse.h"
#include "unit.h"

#define DAY 86400000LL
#define ROUNDS 2000

static const struct span always = {INT64_MIN, SPAN_OPEN};

static void test_counts(void **state)
{
    const struct pulse_event events[] = {{5, PULSE_CASE, PULSE_NOTHING},
        {10, PULSE_CASE, PULSE_NOTHING}, {10, PULSE_MEETING, PULSE_NOTHING},
        {12, PULSE_OPERATION, 3}, {13, PULSE_OPERATION, 4},
        {14, PULSE_VISIT, PULSE_NOTHING}, {20, PULSE_CASE, PULSE_NOTHING}};
    const struct span when = {10, 20}; /* begin included, end not */
    const uint32_t expected[] = {4, 1, 2, 1, 1};

    (void)state;
    for (int what = 0; what < PULSE_COUNTS; what++)
        assert_int_equal(
            pulse_count(events, 7, when, (enum pulse_count)what, 3), expected[what]);
    assert_int_equal(pulse_count(events, 7, when, PULSE_PROCEDURE, PULSE_NOTHING), 0);
}

static void test_codes(void **state)
{
    (void)state;
    for (int what = 0; what < PULSE_COUNTS; what++) {
        const char *code = pulse_count_code((enum pulse_count)what);

        assert_int_equal(pulse_count_of(code, strlen(code)), what);
        assert_int_equal(pulse_count_of(code, strlen(code) - 1), PULSE_COUNTS);
    }
    assert_int_equal(pulse_count_of("", 0), PULSE_COUNTS);
}

/* The true number is within what is told, and no less than five numbers look alike. */
static void test_shown(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 100; n++) {
        struct pulse_shown exact = pulse_show(n, true);
        struct pulse_shown shown = pulse_show(n, false);

        assert_int_equal(exact.least, n);
        assert_int_equal(exact.most, n);
        assert_true(shown.least <= n && n <= shown.most);
        if (n > 0)
            assert_true(shown.most - shown.least >= PULSE_SMALL - 2);
        for (uint32_t other = shown.least; other <= shown.most; other++)
            assert_int_equal(pulse_show(other, false).least, shown.least);
    }
}

/* Whatever the target, the verdict is the same for all numbers that look alike. */
static void test_judged(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 60; n++) {
        struct pulse_shown shown = pulse_show(n, false);

        for (int64_t target = 1; target < 60; target++) {
            enum pulse_verdict verdict = pulse_judge(shown, target);

            if (verdict == PULSE_MET)
                assert_true(n >= target);
            if (verdict == PULSE_NOT_MET)
                assert_true(n < target);
            for (uint32_t other = shown.least; other <= shown.most; other++)
                assert_int_equal(
                    pulse_judge(pulse_show(other, false), target), verdict);
        }
    }
    assert_int_equal(pulse_judge(pulse_show(7, true), 7), PULSE_MET);
    assert_int_equal(pulse_judge(pulse_show(6, true), 7), PULSE_NOT_MET);
    assert_int_equal(pulse_judge(pulse_show(6, false), 7), PULSE_NOT_TOLD);
}

static int days_of(int64_t target, bool yearly)
{
    const struct pulse_goal goal = {
        .what = PULSE_CASES, .target = target, .yearly = yearly, .when = always};

    return pulse_quiet_days(&goal, 1, 0);
}

static void test_quiet_days(void **state)
{
    const struct pulse_goal two[] = {
        {.what = PULSE_VISITS, .target = 4, .yearly = true, .when = always},
        {.what = PULSE_CASES, .target = 1, .yearly = false, .when = {0, 100}}};

    (void)state;
    assert_int_equal(pulse_quiet_days(NULL, 0, 0), PULSE_USUAL_DAYS);
    assert_int_equal(days_of(1, false), 45);
    assert_int_equal(
        days_of(2, false), PULSE_LEAST_DAYS); /* not the 23 days it makes */
    assert_int_equal(days_of(8, false), PULSE_LEAST_DAYS);
    assert_int_equal(days_of(12, true), 46);
    assert_int_equal(days_of(4, true), 137);
    assert_int_equal(days_of(1, true), PULSE_MOST_DAYS);
    assert_int_equal(pulse_quiet_days(two, 2, 50), 45);
    assert_int_equal(pulse_quiet_days(two, 2, 100), 137); /* the other has ended */
}

static void test_quiet(void **state)
{
    const struct pulse_event events[] = {{10 * DAY, PULSE_CASE, PULSE_NOTHING},
        {90 * DAY, PULSE_MEETING, PULSE_NOTHING}};
    struct span present = {20 * DAY, 30 * DAY};
    struct pulse_quiet q = {
        .events = events, .event_count = 2, .begun = INT64_MIN, .days = 45};
    int64_t since = 0;

    (void)state;
    q.now = 55 * DAY;
    assert_false(pulse_is_quiet(&q, &since));
    assert_int_equal(since, 10 * DAY);
    q.now++;
    assert_true(pulse_is_quiet(&q, &since)); /* the meeting ahead does not count */
    q.present = &present;
    q.present_count = 1;
    assert_false(pulse_is_quiet(&q, &since));
    assert_int_equal(since, 30 * DAY);
    q.now = 80 * DAY;
    assert_true(pulse_is_quiet(&q, &since));
    present.until = SPAN_OPEN;
    assert_false(pulse_is_quiet(&q, &since));
    q.now = 5 * DAY;
    assert_true(pulse_is_quiet(&q, &since)); /* nothing ever, and no begin is known */
    assert_int_equal(since, INT64_MIN);
    q.begun = 0;
    assert_false(pulse_is_quiet(&q, &since));
}

/* Nothing that is done makes it quieter. */
static void test_quiet_at_random(void **state)
{
    (void)state;
    srandom(11);
    for (int round = 0; round < ROUNDS; round++) {
        struct pulse_event events[8];
        struct pulse_quiet q = {.events = events, .begun = 0, .days = 45};
        bool before = true;

        q.now = (random() % 400) * DAY;
        for (size_t i = 0; i < 8; i++) {
            int64_t since = 0;
            bool quiet = false;

            events[i] =
                (struct pulse_event){(random() % 400) * DAY, PULSE_CASE, PULSE_NOTHING};
            q.event_count = i + 1;
            quiet = pulse_is_quiet(&q, &since);
            assert_true(before || !quiet);
            assert_true(since <= q.now);
            before = quiet;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_counts),
        cmocka_unit_test(test_codes), cmocka_unit_test(test_shown),
        cmocka_unit_test(test_judged), cmocka_unit_test(test_quiet_days),
        cmocka_unit_test(test_quiet), cmocka_unit_test(test_quiet_at_random)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
