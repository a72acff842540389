/* SPDX-License-Identifier: Apache-2.0 */
/* The rule for few cases. The continued fraction is evaluated by Lentz' method, which builds
 * it from the front and ends where another step changes nothing. */
#include "engine/competence/bayes.h"

#include <float.h>
#include <math.h>

#define STEPS_MAX 10000
#define TINY 1e-300

static double log_gamma(double x)
{
    int sign; /* lgamma() writes its sign into a global */

    return lgamma_r(x, &sign);
}

/* The partial numerator d_m of DLMF 8.17.23. */
static double numerator(int m, double x, double a, double b)
{
    int half = m / 2;
    double k = half;

    if (m % 2 == 0)
        return k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k));
    return -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1));
}

static double not_zero(double x)
{
    return fabs(x) < TINY ? TINY : x;
}

static double fraction(double x, double a, double b)
{
    double value = 1, above = 1, below = 0;

    for (int m = 1; m < STEPS_MAX; m++) {
        double d = numerator(m, x, a, b), change;

        below = 1 / not_zero(1 + d * below);
        above = not_zero(1 + d / above);
        change = above * below;
        value *= change;
        if (fabs(change - 1) < DBL_EPSILON)
            break;
    }
    return 1 / value;
}

double bayes_incomplete_beta(double x, double a, double b)
{
    double front;

    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    if (x > (a + 1) / (a + b + 2)) /* where the fraction converges slowly */
        return 1 - bayes_incomplete_beta(1 - x, b, a);
    front = exp(
        log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
    return front * fraction(x, a, b) / a;
}

double bayes_below(int cases, int failures, double rate)
{
    return bayes_incomplete_beta(rate, 0.5 + failures, 0.5 + cases - failures);
}

int bayes_cases(int failures, double rate, double confidence)
{
    int low = failures, high = BAYES_CASES_MAX; /* more successes only help */

    if (bayes_below(high, failures, rate) < confidence)
        return -1;
    while (low < high) {
        int middle = low + (high - low) / 2;

        if (bayes_below(middle, failures, rate) >= confidence)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}
