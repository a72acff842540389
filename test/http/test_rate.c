/* SPDX-License-Identifier: Apache-2.0 */
/* How much may come at once, and how much lasting. */
#include "http/rate.h"
#include "unit.h"

#define SECOND 1000000000ull

static struct http_rates rates;

static int setup(void **state)
{
    (void)state;
    return http_rates_init(&rates, NULL);
}

static int teardown(void **state)
{
    (void)state;
    http_rates_done(&rates);
    return 0;
}

static unsigned taken(unsigned counter, unsigned per_second, uint64_t now)
{
    unsigned count = 0;

    while (http_rates_take(&rates, counter, per_second, now) == 0)
        count++;
    return count;
}

static void burst_then_rate(void **state)
{
    uint64_t now = 1000 * SECOND;

    (void)state;
    assert_int_equal(taken(1, 5, now), 5 * LIMIT_RATE_BURST);
    assert_int_equal(taken(1, 5, now), 0);
    assert_int_equal(taken(1, 5, now + SECOND), 5);
    assert_int_equal(taken(1, 5, now + 3 * SECOND), 10);
    assert_int_equal(taken(1, 5, now + 1000 * SECOND), 5 * LIMIT_RATE_BURST);
    assert_int_equal(taken(2, 1, now), LIMIT_RATE_BURST);
    assert_int_equal(
        taken(3, LIMIT_RATE_MOST, now), LIMIT_RATE_MOST * LIMIT_RATE_BURST);
}

static void refused_tells_when(void **state)
{
    uint64_t now = 1000 * SECOND;
    unsigned wait;

    (void)state;
    taken(4, 1, now);
    wait = http_rates_take(&rates, 4, 1, now);
    assert_int_equal(wait, 2); /* a whole second, and one more for the rounding */
    assert_int_equal(http_rates_take(&rates, 4, 1, now + wait * SECOND), 0);
}

static void counters_apart(void **state)
{
    struct http_peer one = {.bytes = {[10] = 0xff, [11] = 0xff, [12] = 192, [15] = 1}};
    struct http_peer six = {.bytes = {0x20, 0x01, [7] = 1, [15] = 1}};
    struct http_peer same = six;
    struct http_rates other;
    unsigned different = 0;

    (void)state;
    same.bytes[9] = 77; /* within what one customer has */
    assert_int_equal(
        http_rates_of_peer(&rates, &six), http_rates_of_peer(&rates, &same));
    assert_int_equal(http_rates_init(&other, NULL), 0);
    for (unsigned i = 0; i < 64; i++) {
        one.bytes[15] = (uint8_t)i;
        assert_true(http_rates_of_peer(&rates, &one) < LIMIT_RATE_TRACKED);
        different +=
            http_rates_of_peer(&rates, &one) != http_rates_of_peer(&other, &one);
    }
    assert_true(different > 32); /* the seed decides */
    assert_true(http_rates_of_person(&rates, STR("Dr Tsering")) < LIMIT_RATE_TRACKED);
    assert_true(
        http_rates_of_person(&rates, (struct str){NULL, 0}) < LIMIT_RATE_TRACKED);
    http_rates_done(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(burst_then_rate),
        cmocka_unit_test(refused_tells_when),
        cmocka_unit_test(counters_apart),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
