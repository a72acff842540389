/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Least squares over months, with standard errors that hold though neighbouring months go together:
 * Newey and West (Econometrica 55, 1987, 703) with Bartlett's weights, times n / (n - k) for few months. Pairs
 * of months of which one is missing are left out of the sums, the others keep their distance (Datta and Du,
 * Federal Reserve IFDP 1060, 2012). Pure; any thread.
 */
#ifndef ENGINE_EFFECT_REGRESS_H
#define ENGINE_EFFECT_REGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REGRESS_TERMS 6

struct regress_row {
    int64_t month;
    double y;
    double x[REGRESS_TERMS];
};

struct regress_fit {
    double beta[REGRESS_TERMS];
    double cov[REGRESS_TERMS][REGRESS_TERMS];
    double freedom;
    size_t lag;
};

/* Fit ${rows} (${count}, by month, each month once) by their first ${terms} x. False: there are no more rows than
 * terms, or a term says what others say already. */
bool regress(const struct regress_row *rows, size_t count, size_t terms,
    struct regress_fit *ret);

/* The standard error of the sum of ${weights} times the terms of ${fit}. */
double regress_error(
    const struct regress_fit *fit, size_t terms, const double weights[REGRESS_TERMS]);

#endif
