/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calendar arithmetic. Years are counted from March, so that the leap day is the last
 * of its year, and in eras of 400 years, which all have 146,097 days.
 */
#include "base/time.h"

#include <stdatomic.h>
#include <time.h>

#define DAY_MS 86400000
#define ERA_DAYS 146097
#define CENTURY_DAYS 36524 /* the first three of an era; the fourth has one more */
#define FOUR_YEARS_DAYS 1461
#define EPOCH_DAY 719468 /* 1970-01-01 counted from 0000-03-01 */

static atomic_int_fast64_t held;
static atomic_int_fast64_t moved;

utc_ms time_machine(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    return (utc_ms)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

utc_ms time_now(void)
{
    utc_ms hold = atomic_load_explicit(&held, memory_order_relaxed);

    return hold ? hold
                : time_machine() + atomic_load_explicit(&moved, memory_order_relaxed);
}

void time_move(utc_ms ms)
{
    atomic_store(&moved, ms);
}

utc_ms time_elsewhere(utc_ms now)
{
    return now - atomic_load_explicit(&moved, memory_order_relaxed);
}

void time_hold(utc_ms ms)
{
    atomic_store(&held, ms);
}

uint64_t time_monotonic_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

/* Division that rounds down, for a positive divisor. */
static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int64_t time_days(int64_t year, unsigned month, unsigned day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = floor_div(y, 400);
    int64_t in_era = y - era * 400;
    int64_t from_march = month <= 2 ? month + 9 : month - 3;
    /* months from March on have 31 30 31 30 31 days, twice, then 31 and February */
    int64_t before = (from_march * 153 + 2) / 5;

    return era * ERA_DAYS + in_era * 365 + in_era / 4 - in_era / 100 + before + day -
           1 - EPOCH_DAY;
}

void time_date(int64_t days, int64_t *ret_year, unsigned *ret_month, unsigned *ret_day)
{
    int64_t from_zero = days + EPOCH_DAY;
    int64_t era = floor_div(from_zero, ERA_DAYS);
    int64_t left = from_zero - era * ERA_DAYS;
    int64_t century = left / CENTURY_DAYS - (left == ERA_DAYS - 1);
    int64_t fours = 0;
    int64_t year = 0;
    int64_t month = 0;

    left -= century * CENTURY_DAYS;
    fours = left / FOUR_YEARS_DAYS;
    left -= fours * FOUR_YEARS_DAYS;
    year = left / 365 - (left == FOUR_YEARS_DAYS - 1);
    left -= year * 365;
    month = (left * 5 + 2) / 153;
    *ret_day = (unsigned)(left - (month * 153 + 2) / 5) + 1;
    *ret_month = (unsigned)(month < 10 ? month + 3 : month - 9);
    *ret_year = era * 400 + century * 100 + fours * 4 + year + (month >= 10);
}

unsigned time_month_days(int64_t year, unsigned month)
{
    static const unsigned char days[] = {
        31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return month == 2 && leap ? 29 : days[month - 1];
}

/* ${count} decimal digits of ${v}; returns what is behind them. */
static char *put_digits(char *p, uint64_t v, unsigned count)
{
    for (unsigned i = count; i-- > 0; v /= 10)
        p[i] = (char)('0' + v % 10);
    return p + count;
}

/* A year as ISO 8601 writes it: four digits, or a sign and as many as it takes. */
static char *put_year(char *p, int64_t year)
{
    uint64_t v = year < 0 ? (uint64_t)-year : (uint64_t)year;
    unsigned count = 4;

    if (year < 0)
        *p++ = '-';
    else if (year > 9999)
        *p++ = '+';
    for (uint64_t rest = v / 10000; rest > 0; rest /= 10)
        count++;
    return put_digits(p, v, count);
}

static char *put_clock(char *p, int64_t in_day)
{
    p = put_digits(p, (uint64_t)(in_day / 3600000), 2);
    *p++ = ':';
    p = put_digits(p, (uint64_t)(in_day / 60000 % 60), 2);
    *p++ = ':';
    return put_digits(p, (uint64_t)(in_day / 1000 % 60), 2);
}

/* Milliseconds since midnight, before 1970 too. */
static int64_t in_its_day(utc_ms ms)
{
    int64_t rest = ms % DAY_MS;

    return rest < 0 ? rest + DAY_MS : rest;
}

size_t time_iso(utc_ms ms, char *out)
{
    int64_t days = floor_div(ms, DAY_MS);
    int64_t in_day = in_its_day(ms);
    int64_t year = 0;
    unsigned month = 0;
    unsigned day = 0;
    char *p = out;

    time_date(days, &year, &month, &day);
    p = put_year(p, year);
    *p++ = '-';
    p = put_digits(p, month, 2);
    *p++ = '-';
    p = put_digits(p, day, 2);
    *p++ = 'T';
    p = put_clock(p, in_day);
    *p++ = '.';
    p = put_digits(p, (uint64_t)(in_day % 1000), 3);
    *p++ = 'Z';
    *p = '\0';
    return (size_t)(p - out);
}

static const char weekdays[] = "ThuFriSatSunMonTueWed"; /* 1970-01-01 was a Thursday */
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static char *put_word(char *p, const char *three)
{
    memcpy(p, three, 3);
    return p + 3;
}

size_t time_http(utc_ms ms, char *out)
{
    int64_t days = floor_div(ms, DAY_MS);
    int64_t year = 0;
    unsigned month = 0;
    unsigned day = 0;
    char *p = out;

    time_date(days, &year, &month, &day);
    if (year < 0 || year > 9999) { /* the form has four digits for the year */
        *out = '\0';
        return 0;
    }
    p = put_word(p, weekdays + (days - floor_div(days, 7) * 7) * 3);
    *p++ = ',';
    *p++ = ' ';
    p = put_digits(p, day, 2);
    *p++ = ' ';
    p = put_word(p, months + (size_t)(month - 1) * 3);
    *p++ = ' ';
    p = put_digits(p, (uint64_t)year, 4);
    *p++ = ' ';
    p = put_clock(p, in_its_day(ms));
    memcpy(p, " GMT", 5);
    return (size_t)(p - out) + 4;
}

static int64_t number_at(const char *p, size_t count)
{
    int64_t v = 0;

    for (size_t i = 0; i < count; i++) {
        if (p[i] < '0' || p[i] > '9')
            return -1;
        v = v * 10 + (p[i] - '0');
    }
    return v;
}

bool time_http_parse(struct str s, utc_ms *ret)
{
    char again[TIME_ISO_MAX];
    unsigned month = 1;
    utc_ms ms = 0;

    /* 0----5--8---12---17--20-23-26
     * Sat, 31 Jan 2026 12:00:00 GMT */
    if (s.len != 29)
        return false;
    while (month <= 12 && memcmp(s.p + 8, months + (size_t)(month - 1) * 3, 3) != 0)
        month++;
    if (month > 12)
        return false;
    ms = time_days(number_at(s.p + 12, 4), month, (unsigned)number_at(s.p + 5, 2)) *
         DAY_MS;
    ms += number_at(s.p + 17, 2) * 3600000 + number_at(s.p + 20, 2) * 60000;
    ms += number_at(s.p + 23, 2) * 1000;
    /* whatever is wrong with it, it is then not the text of this time */
    if (time_http(ms, again) != s.len || memcmp(again, s.p, s.len) != 0)
        return false;
    *ret = ms;
    return true;
}
