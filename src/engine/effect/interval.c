/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/effect/interval.h"

#include <math.h>

#include "engine/competence/bayes.h"

#define TAIL 0.025
#define TURNS 200
#define TERMS 100000

/* ---- Poisson ---- */

static double log_gamma(double x)
{
    int sign; /* lgamma() writes its sign into a global */

    return lgamma_r(x, &sign);
}

/* The regularised lower incomplete gamma function P(a, x): its series where x is below a + 1,
 * else 1 less the continued fraction of Q(a, x) (DLMF 8.11.4, 8.9.2). */
static double gamma_below(double a, double x)
{
    double scale = x > 0 ? exp(a * log(x) - x - log_gamma(a)) : 0;
    double sum = 1 / a, term = 1 / a;
    double b = x + 1 - a, c = 1e300, d = 1 / b, h = 1 / b;

    if (x <= 0)
        return 0;
    if (x < a + 1) {
        for (int n = 1; n < TERMS && term > sum * 1e-16; n++) {
            term *= x / (a + n);
            sum += term;
        }
        return sum * scale;
    }
    for (int n = 1; n < TERMS; n++) {
        double f = -n * (n - a);

        b += 2;
        d = 1 / (f * d + b);
        c = b + f / c;
        h *= d * c;
        if (fabs(d * c - 1) < 1e-15)
            break;
    }
    return 1 - scale * h;
}

/* Where P(${a}, x) is ${p}. */
static double gamma_quantile(double a, double p)
{
    double low = 0, high = a + 10 * sqrt(a) + 10;

    for (int i = 0; i < TURNS && high - low > 1e-12 * high; i++) {
        double middle = (low + high) / 2;

        if (gamma_below(a, middle) < p)
            low = middle;
        else
            high = middle;
    }
    return (low + high) / 2;
}

/* Byar's limit of ${count}, below (${side} -1) or above it (1). */
static double byar(double count, int side)
{
    double at = count + (side > 0);
    double root = 1 - 1 / (9 * at) + side * INTERVAL_NORMAL / (3 * sqrt(at));

    return at * root * root * root;
}

struct interval interval_count(double count)
{
    if (count >= INTERVAL_EXACT_MAX)
        return (struct interval){byar(count, -1), byar(count, 1)};
    return (struct interval){count > 0 ? gamma_quantile(count, TAIL) : 0,
        gamma_quantile(count + 1, 1 - TAIL)};
}

/* ---- Student ---- */

double interval_student(double freedom)
{
    double low = 0, high = 1000;

    for (int i = 0; i < TURNS && high - low > 1e-13 * high; i++) {
        double t = (low + high) / 2;

        /* both tails beyond t */
        if (bayes_incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5) >
            2 * TAIL)
            low = t;
        else
            high = t;
    }
    return (low + high) / 2;
}
