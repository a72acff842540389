/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Intervals of 95 % for what is counted; of shares: indicator_wilson(). Pure; any thread.
 *
 *   a count    Garwood (1936), the exact limits of a Poisson mean, by quantiles of the gamma
 *              distribution; from INTERVAL_EXACT_MAX on Byar's approximation of them (Breslow and Day
 *              1987, II, 2.10), which is the same there to six digits
 *   a mean     by Student's distribution
 */
#ifndef ENGINE_EFFECT_INTERVAL_H
#define ENGINE_EFFECT_INTERVAL_H

#define INTERVAL_NORMAL 1.959963984540054   /* 97.5 % of the normal distribution */
#define INTERVAL_NORMAL_3 3.090232306167813 /* 99.9 % of it */
#define INTERVAL_EXACT_MAX 10000

struct interval {
    double low, high;
};

/* Of the mean behind the count ${count} (0 or more). */
struct interval interval_count(double count);

/* The quantile 97.5 % of Student's distribution with ${freedom} degrees, above 0. */
double interval_student(double freedom);

#endif
