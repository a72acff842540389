/* SPDX-License-Identifier: Apache-2.0 */
/* Time: against the C library over random dates, and day by day around the edges. */
#include <time.h>

#include "base/time.h"

#include "unit.h"

static void every_day_of_1200_years_follows_the_one_before(void **state)
{
    int64_t year = 1400;
    unsigned month = 1;
    unsigned day = 1;

    (void)state;
    for (int64_t days = time_days(1400, 1, 1); days < time_days(2600, 1, 1); days++) {
        int64_t y = 0;
        unsigned m = 0;
        unsigned d = 0;

        time_date(days, &y, &m, &d);
        if (y != year || m != month || d != day || time_days(y, m, d) != days)
            fail_msg("day %lld", (long long)days);
        if (++day > time_month_days(year, month)) {
            day = 1;
            if (++month > 12) {
                month = 1;
                year++;
            }
        }
    }
    assert_int_equal(time_days(1970, 1, 1), 0);
    assert_int_equal(time_days(2000, 3, 1), 11017);
}

static void far_years_round_trip(void **state)
{
    (void)state;
    for (int i = 0; i < 300000; i++) {
        int64_t days = unit_between(-200000000000, 200000000000);
        int64_t y = 0;
        unsigned m = 0;
        unsigned d = 0;

        time_date(days, &y, &m, &d);
        if (m < 1 || m > 12 || d < 1 || d > time_month_days(y, m) ||
            time_days(y, m, d) != days)
            fail_msg("day %lld", (long long)days);
    }
}

static void iso_is_what_the_library_writes(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        /* years 0 to 9999 */
        utc_ms ms = unit_between(-62167219200000, 253402300799999);
        time_t seconds = (time_t)((ms - ((ms % 1000) + 1000) % 1000) / 1000);
        char want[64];
        char got[TIME_ISO_MAX];
        struct tm tm;

        gmtime_r(&seconds, &tm);
        snprintf(want, sizeof(want), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
            tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
            tm.tm_sec, (int)(((ms % 1000) + 1000) % 1000));
        if (time_iso(ms, got) != strlen(want) || strcmp(got, want) != 0)
            fail_msg("%lld: %s, not %s", (long long)ms, got, want);
    }
}

static void iso_of_the_ends_fits(void **state)
{
    char out[TIME_ISO_MAX];

    (void)state;
    assert_true(time_iso(INT64_MAX, out) < TIME_ISO_MAX);
    assert_string_equal(out, "+292278994-08-17T07:12:55.807Z");
    assert_true(time_iso(INT64_MIN, out) < TIME_ISO_MAX);
    assert_string_equal(out, "-292275055-05-16T16:47:04.192Z");
    assert_int_equal(time_http(INT64_MAX, out), 0);
    assert_string_equal(out, "");
}

static void http_is_what_the_library_writes_and_is_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < 200000; i++) {
        utc_ms ms = unit_between(-62167219200, 253402300799) * 1000;
        time_t seconds = (time_t)(ms / 1000);
        char want[64];
        char got[TIME_ISO_MAX];
        utc_ms back = 1;
        struct tm tm;

        gmtime_r(&seconds, &tm);
        strftime(want, sizeof(want), "%a, %d %b ", &tm);
        snprintf(want + 12, sizeof(want) - 12, "%04d %02d:%02d:%02d GMT",
            tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
        if (time_http(ms, got) != 29 || strcmp(got, want) != 0)
            fail_msg("%lld: %s, not %s", (long long)ms, got, want);
        if (!time_http_parse(str_of(got), &back) || back != ms)
            fail_msg("%s is read as %lld", got, (long long)back);
    }
}

static void http_refuses(void **state)
{
    static const char *const bad[] = {
        "",
        "Sat, 31 Jan 2026 12:00:00 GM",
        "Sun, 31 Jan 2026 12:00:00 GMT", /* it was a Saturday */
        "Sat, 31 Jan 2026 12:00:00 CET",
        "Sat, 32 Jan 2026 12:00:00 GMT",
        "Sat, 31 Jan 2026 24:00:00 GMT",
        "Sat, 31 Jan 2026 12:60:00 GMT",
        "Sat, 31 jan 2026 12:00:00 GMT",
        "Sat, xx Jan 2026 12:00:00 GMT",
        "Sat, 31 Jan 2026 12:00:0x GMT",
        "Sat, -1 Jan 2026 12:00:00 GMT",
        "Saturday, 31-Jan-26 12:00:00 GMT",
    };
    utc_ms ms = 7;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(time_http_parse(str_of(bad[i]), &ms));
    assert_int_equal(ms, 7);
    assert_true(time_http_parse(STR("Sat, 31 Jan 2026 12:00:00 GMT"), &ms));
}

static void clocks(void **state)
{
    uint64_t before = time_monotonic_ns();
    utc_ms now = time_now();

    (void)state;
    assert_true(now > time_days(2020, 1, 1) * 86400000);
    assert_true(time_monotonic_ns() >= before);
    time_hold(1234);
    assert_int_equal(time_now(), 1234);
    time_hold(0);
    assert_true(time_now() >= now);
}

static void a_clock_that_is_moved_leaves_others_where_they_are(void **state)
{
    const utc_ms year = (utc_ms)365 * 86400000;
    utc_ms before = time_machine();
    utc_ms now = 0;

    (void)state;
    time_move(-year);
    now = time_now();
    assert_true(now >= before - year);
    assert_true(now <= time_machine() - year);
    assert_int_equal(time_elsewhere(now), now + year);
    time_hold(1234);
    assert_int_equal(time_now(), 1234);
    time_hold(0);
    time_move(0);
    assert_int_equal(time_elsewhere(now), now);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_1200_years_follows_the_one_before),
        cmocka_unit_test(far_years_round_trip),
        cmocka_unit_test(iso_is_what_the_library_writes),
        cmocka_unit_test(iso_of_the_ends_fits),
        cmocka_unit_test(http_is_what_the_library_writes_and_is_read_back),
        cmocka_unit_test(http_refuses),
        cmocka_unit_test(clocks),
        cmocka_unit_test(a_clock_that_is_moved_leaves_others_where_they_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
