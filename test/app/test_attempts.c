/* SPDX-License-Identifier: Apache-2.0 */
/* Waits after wrong passwords, by a clock of the test's own. */
#include "base/limits.h"

#include "app/attempts.h"
#include "unit.h"

#define SECOND ((utc_ms)1000)
#define START ((utc_ms)1700000000000)

static struct attempts *attempts;

static int begin(void **state)
{
    (void)state;
    attempts = attempts_new();
    return attempts ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    attempts_free(attempts);
    return 0;
}

static utc_ms wrong(const char *account, const char *address, utc_ms now)
{
    struct attempt try = {ATTEMPT_PASSWORD, str_of(account), str_of(address)};

    return attempts_begin(attempts, &try, now);
}

static void right(const char *account, const char *address, utc_ms now)
{
    struct attempt try = {ATTEMPT_PASSWORD, str_of(account), str_of(address)};

    attempts_right(attempts, &try, now);
}

static void test_pair(void **state)
{
    utc_ms now = START;
    utc_ms expected = SECOND;

    (void)state;
    for (int i = 0; i < LIMIT_TRIES_PAIR; i++)
        assert_int_equal(wrong("pema", "10.0.0.1", now), 0);
    for (int i = 0; i < 15; i++) {
        assert_int_equal(wrong("pema", "10.0.0.1", now), expected);
        assert_int_equal(wrong("pema", "10.0.0.1", now + expected - 1), 1);
        now += expected;
        assert_int_equal(wrong("pema", "10.0.0.1", now), 0);
        expected *= 2;
        if (expected > LIMIT_TRIES_PAIR_SECONDS * SECOND)
            expected = LIMIT_TRIES_PAIR_SECONDS * SECOND;
    }
    /* nobody else is held up by it */
    assert_int_equal(wrong("tashi", "10.0.0.1", now), 0);
    /* and after a quiet day it is forgotten */
    now += (utc_ms)LIMIT_TRIES_HOURS * 3600 * SECOND;
    for (int i = 0; i < LIMIT_TRIES_PAIR; i++)
        assert_int_equal(wrong("pema", "10.0.0.1", now), 0);
    assert_true(wrong("pema", "10.0.0.1", now) > 0);
}

static void test_right_clears(void **state)
{
    utc_ms now = START;

    (void)state;
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < LIMIT_TRIES_PAIR; i++)
            assert_int_equal(wrong("pema", "10.0.0.1", now), 0);
        right("pema", "10.0.0.1", now);
    }
    assert_int_equal(wrong("pema", "10.0.0.1", now), 0);
}

/* Many addresses guess one account: they wait, a little; the owner does not. */
static void test_account(void **state)
{
    utc_ms now = START;
    char address[32];
    utc_ms longest = 0;

    (void)state;
    assert_int_equal(wrong("pema", "10.0.0.1", now), 0);
    right("pema", "10.0.0.1", now);
    for (int i = 0; i < 1000; i++) {
        snprintf(address, sizeof(address), "192.0.2.%d", i);
        utc_ms wait = wrong("pema", address, now);

        assert_true(i >= LIMIT_TRIES_ACCOUNT || wait == 0);
        if (wait > longest)
            longest = wait;
        now += wait;
    }
    assert_int_equal(longest, LIMIT_TRIES_ACCOUNT_SECONDS * SECOND);
    assert_true(
        wrong("pema", "198.51.100.1", now) <= LIMIT_TRIES_ACCOUNT_SECONDS * SECOND);
    assert_int_equal(wrong("pema", "10.0.0.1", now), 0);
}

/* Wrong codes wait wherever they come from, apart from passwords. */
static void test_code(void **state)
{
    struct attempt try = {ATTEMPT_CODE, STR("pema"), STR("10.0.0.1")};

    (void)state;
    for (int i = 0; i < LIMIT_TRIES_CODE; i++)
        assert_int_equal(attempts_begin(attempts, &try, START), 0);
    try.address = STR("192.0.2.1");
    assert_int_equal(attempts_begin(attempts, &try, START), SECOND);
    assert_int_equal(wrong("pema", "192.0.2.1", START), 0);
    attempts_right(attempts, &try, START);
    assert_int_equal(attempts_begin(attempts, &try, START), 0);
}

/* More names than there are counters: it goes on, and the newest still count. */
static void test_bounded(void **state)
{
    char name[32];

    (void)state;
    for (unsigned i = 0; i < LIMIT_TRIES_TRACKED; i++) {
        snprintf(name, sizeof(name), "n%u", i);
        assert_int_equal(wrong(name, "10.0.0.1", START + i), 0);
    }
    for (int i = 0; i < LIMIT_TRIES_PAIR; i++)
        assert_int_equal(wrong("pema", "10.0.0.1", START + LIMIT_TRIES_TRACKED), 0);
    assert_int_equal(wrong("pema", "10.0.0.1", START + LIMIT_TRIES_TRACKED), SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_pair, begin, end),
        cmocka_unit_test_setup_teardown(test_right_clears, begin, end),
        cmocka_unit_test_setup_teardown(test_account, begin, end),
        cmocka_unit_test_setup_teardown(test_code, begin, end),
        cmocka_unit_test_setup_teardown(test_bounded, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
