/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When too few cases end a sign-off: days by hand, and over random cases the same moment that
 * looking at every day finds; a case more never makes it earlier.
 */
#include <stdlib.h>

#include "engine/competence/recency.h"
#include "unit.h"

#define DAY ((int64_t)24 * 3600 * 1000)
#define MOST 30

static const struct recency_rule two_in_ten = {2, 10};

static void test_by_hand(void **state)
{
    const int64_t when[] = {90 * DAY, 95 * DAY, 104 * DAY, 104 * DAY, 130 * DAY};

    (void)state;
    /* the case of day 90 is too old a moment after day 100; then 95 and 104 carry it */
    assert_int_equal(recency_lapses(&two_in_ten, when, 2, 99 * DAY), 100 * DAY + 1);
    /* 104 comes after the gap */
    assert_int_equal(recency_lapses(&two_in_ten, when, 5, 99 * DAY), 100 * DAY + 1);
    assert_int_equal(recency_lapses(&two_in_ten, when, 5, 104 * DAY), 114 * DAY + 1);
    assert_int_equal(recency_lapses(&two_in_ten, when, 5, 120 * DAY), 120 * DAY);
    assert_int_equal(recency_lapses(&two_in_ten, NULL, 0, 120 * DAY), 120 * DAY);
    assert_int_equal(recency_lapses(&two_in_ten, when, 1, 91 * DAY), 91 * DAY);
}

static void test_nothing_asked(void **state)
{
    const struct recency_rule none = {0, 365};

    (void)state;
    assert_int_equal(recency_lapses(&none, NULL, 0, DAY), RECENCY_NEVER);
}

static int compare(const void *one, const void *other)
{
    const int64_t *a = one, *b = other;

    return *a < *b ? -1 : *a > *b;
}

static int within(
    const struct recency_rule *rule, const int64_t *when, size_t count, int64_t at)
{
    int found = 0;

    for (size_t i = 0; i < count; i++)
        found += when[i] <= at && at - when[i] <= rule->days * DAY;
    return found;
}

/* All cases are at quarters of a day, so one grows too old a moment after a quarter. */
static int64_t by_looking(
    const struct recency_rule *rule, const int64_t *when, size_t count, int64_t from)
{
    if (within(rule, when, count, from) < rule->cases)
        return from;
    for (int64_t at = from + 1;; at += DAY / 4) {
        if (within(rule, when, count, at) < rule->cases)
            return at;
    }
}

static void test_random(void **state)
{
    unsigned seed = 1;
    int later = 0;

    (void)state;
    for (int round = 0; round < 2000; round++) {
        const struct recency_rule rule = {
            1 + rand_r(&seed) % 5, 5 + rand_r(&seed) % 30};
        size_t count = (size_t)rand_r(&seed) % MOST;
        int64_t from = (20 + rand_r(&seed) % 40) * DAY;
        int64_t when[MOST + 1], found = 0, with_more = 0;

        for (size_t i = 0; i < count; i++)
            when[i] = rand_r(&seed) % 400 * (DAY / 4);
        qsort(when, count, sizeof(*when), compare);
        found = recency_lapses(&rule, when, count, from);
        assert_int_equal(found, by_looking(&rule, when, count, from));
        when[count] = rand_r(&seed) % 400 * (DAY / 4);
        qsort(when, count + 1, sizeof(*when), compare);
        with_more = recency_lapses(&rule, when, count + 1, from);
        assert_true(with_more >= found);
        later += with_more > found;
    }
    assert_true(later > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_nothing_asked),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
