/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time: milliseconds since 1970-01-01T00:00:00Z as int64_t, proleptic Gregorian, no
 * leap seconds. The wall clock is read in one place so that it can be held.
 */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdint.h>

#include "base/text.h"

typedef int64_t utc_ms;

/* Before and after all that is: the open ends of an interval. */
#define UTC_MS_MIN INT64_MIN
#define UTC_MS_MAX INT64_MAX

/* Now. Any thread. */
utc_ms time_now(void);

/* Hold time_now() at ${ms}; 0 lets it run again. For tests, and for a node that is made as of a
 * time long past (app/decade.h). */
void time_hold(utc_ms ms);

/* The machine's clock, neither held nor moved. */
utc_ms time_machine(void);

/* From now on time_now() is the machine's clock and ${ms}: for a node that goes on from a day long past
 * (app/synthetic.h). It holds for the process. */
void time_move(utc_ms ms);

/* What the clocks of others (phones that make codes, servers that sign) show at ${now} of ours. */
utc_ms time_elsewhere(utc_ms now);

/* Nanoseconds of a clock that never jumps, for measuring. */
uint64_t time_monotonic_ns(void);

/* Days since 1970-01-01 of a date. Month 1..12, day 1..31, any year. */
int64_t time_days(int64_t year, unsigned month, unsigned day);

/* The date of a day number. */
void time_date(int64_t days, int64_t *ret_year, unsigned *ret_month, unsigned *ret_day);

/* Days in a month. */
unsigned time_month_days(int64_t year, unsigned month);

#define TIME_ISO_MAX 32
/* "2026-01-31T12:00:00.000Z" into ${out} (TIME_ISO_MAX bytes); its length. */
size_t time_iso(utc_ms ms, char *out);

/* "Sat, 31 Jan 2026 12:00:00 GMT" into ${out} (TIME_ISO_MAX bytes); its length. */
size_t time_http(utc_ms ms, char *out);

/* Read the form of time_http. */
bool time_http_parse(struct str s, utc_ms *ret);

#endif
