/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much of what a hospital can do hangs on its twins, and when that may end.
 *
 *   dependence index  D = 1 - independent / reached
 *     reached      what can be treated at the hospital in any way: level above none
 *     independent  of these, what local people do alone
 *
 *   forecast     the rate at which procedures became independent in a time that has passed,
 *                gained less lost, taken as going on as it did. Both counts are taken as of
 *                Poisson: with an exact interval of 80 % each; the forecast's ends are what
 *                the least and the greatest rate make of it. It is not known where so few
 *                were gained that anything could be said, or where the least rate is none.
 *
 * A forecast draws a line through what was; it knows nothing of plans. Pure; any thread.
 */
#ifndef ENGINE_CAPABILITY_FORECAST_H
#define ENGINE_CAPABILITY_FORECAST_H

#include <stdbool.h>

#define FORECAST_LEAST 5         /* gained: with fewer nothing is said */
#define FORECAST_MOST_DAYS 10957 /* 30 years: what is later is not told as a date */

struct forecast_counts {
    int gained, lost; /* procedures, within days */
    int days;
    int remaining; /* procedures that are done with help now */
};

struct forecast {
    bool known;
    double soonest, middle, latest; /* days from now; latest < 0: no end is known */
};

/* -1: nothing is reached, so there is none. */
double forecast_dependence(int reached, int independent);

struct forecast forecast_independence(const struct forecast_counts *counts);

#endif
