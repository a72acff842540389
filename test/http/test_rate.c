/* SPDX-License-Identifier: Apache-2.0 */
/* How much may come at once, how much lasting, and that slow connections end. */
#include <sys/socket.h>
#include <unistd.h>

#include "base/time.h"

#include "http/http_internal.h"
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

/* Whether the other end of ${fd} still holds its side open. */
static bool is_open(int fd)
{
    char byte;

    return recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) != 0;
}

static void slow_links_end(void **state)
{
    utc_ms begun = 1700000000000;
    utc_ms fixed = (LIMIT_CONNECTION_SECONDS + LIMIT_REQUEST_SECONDS) * 1000;
    struct http_links links;
    struct http_link link = {0};
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    http_links_init(&links);
    link.socket = ends[0];
    links.first = &link;
    /* a body of ten seconds' worth has ten seconds more, one that came whole or not */
    http_link_allow(&link, begun, 10 * LIMIT_REQUEST_RATE);
    http_links_sweep(&links, begun + fixed + 10000);
    assert_true(is_open(ends[1]));
    http_links_sweep(&links, begun + fixed + 10001);
    assert_false(is_open(ends[1]));
    http_links_done(&links);
    close(ends[0]);
    close(ends[1]);
}

static void streams_stay(void **state)
{
    struct http_links links;
    struct http_link link = {0};
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    http_links_init(&links);
    link.socket = ends[0];
    links.first = &link; /* its deadline is 0: there is none */
    http_links_sweep(&links, INT64_MAX);
    assert_true(is_open(ends[1]));
    http_links_done(&links);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(burst_then_rate),
        cmocka_unit_test(refused_tells_when),
        cmocka_unit_test(counters_apart),
        cmocka_unit_test(slow_links_end),
        cmocka_unit_test(streams_stay),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
