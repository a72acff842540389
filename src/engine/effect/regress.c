/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/effect/regress.h"

#include <math.h>
#include <string.h>

#define ALIKE 1e-9 /* what is left of a term whose size was 1 */

typedef double matrix[REGRESS_TERMS][REGRESS_TERMS];

/* How many months go together: the whole part of 4 (n / 100)^(2/9), the rule of Newey and West (Review of
 * Economic Studies 61, 1994, 631) as programs of statistics have it. */
static size_t regress_lag(size_t count)
{
    return (size_t)floor(4 * pow((double)count / 100, 2.0 / 9));
}

/* ${a} = ${l} times its transpose; false: ${a}, whose diagonal is 1, has no inverse. */
static bool cholesky(matrix a, size_t k, matrix l)
{
    memset(l, 0, sizeof(matrix));
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j <= i; j++) {
            double sum = a[i][j];

            for (size_t m = 0; m < j; m++)
                sum -= l[i][m] * l[j][m];
            if (i == j && sum < ALIKE)
                return false;
            l[i][j] = i == j ? sqrt(sum) : sum / l[j][j];
        }
    }
    return true;
}

/* Solve ${l} ${l}' z = ${b}, in place. */
static void solve(matrix l, size_t k, double b[REGRESS_TERMS])
{
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < i; j++)
            b[i] -= l[i][j] * b[j];
        b[i] /= l[i][i];
    }
    for (size_t i = k; i-- > 0;) {
        for (size_t j = i + 1; j < k; j++)
            b[i] -= l[j][i] * b[j];
        b[i] /= l[i][i];
    }
}

/* The inverse of X'X, its terms made of one size first. */
static bool invert(const struct regress_row *rows, size_t count, size_t k, matrix ret)
{
    double size[REGRESS_TERMS] = {0};
    matrix a = {{0}};
    matrix l;

    for (size_t i = 0; i < k; i++) {
        for (size_t r = 0; r < count; r++)
            size[i] += rows[r].x[i] * rows[r].x[i];
        size[i] = sqrt(size[i]);
        if (!(size[i] > 0))
            return false;
    }
    for (size_t r = 0; r < count; r++) {
        for (size_t i = 0; i < k; i++) {
            for (size_t j = 0; j < k; j++)
                a[i][j] += rows[r].x[i] / size[i] * (rows[r].x[j] / size[j]);
        }
    }
    if (!cholesky(a, k, l))
        return false;
    for (size_t j = 0; j < k; j++) {
        double column[REGRESS_TERMS] = {0};

        column[j] = 1;
        solve(l, k, column);
        for (size_t i = 0; i < k; i++)
            ret[i][j] = column[i] / size[i] / size[j];
    }
    return true;
}

/* What ${row} is away from ${beta}. */
static double rest(
    const struct regress_row *row, size_t k, const double beta[REGRESS_TERMS])
{
    double fitted = 0;

    for (size_t i = 0; i < k; i++)
        fitted += row->x[i] * beta[i];
    return row->y - fitted;
}

/* The middle of the sandwich: every two rows that are at most ${lag} months apart. */
static void middle(const struct regress_row *rows, size_t count, size_t k,
    const struct regress_fit *fit, matrix ret)
{
    memset(ret, 0, sizeof(matrix));
    for (size_t r = 0; r < count; r++) {
        double mine = rest(&rows[r], k, fit->beta);

        for (size_t s = r + 1; s-- > 0;) {
            int64_t apart = rows[r].month - rows[s].month;
            double weight = 0;

            if (apart > (int64_t)fit->lag)
                break;
            weight = (1 - (double)apart / ((double)fit->lag + 1)) * mine *
                     rest(&rows[s], k, fit->beta);
            for (size_t i = 0; i < k; i++) {
                for (size_t j = 0; j < k; j++)
                    ret[i][j] +=
                        weight * (rows[r].x[i] * rows[s].x[j] +
                                     (r == s ? 0 : rows[s].x[i] * rows[r].x[j]));
            }
        }
    }
}

static void sandwich(matrix inverse, matrix meat, size_t k, double scale, matrix ret)
{
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++) {
            double sum = 0;

            for (size_t m = 0; m < k; m++) {
                for (size_t n = 0; n < k; n++)
                    sum += inverse[i][m] * meat[m][n] * inverse[n][j];
            }
            ret[i][j] = sum * scale;
        }
    }
}

bool regress(
    const struct regress_row *rows, size_t count, size_t terms, struct regress_fit *ret)
{
    struct regress_fit fit = {.lag = regress_lag(count)};
    matrix inverse = {{0}};
    matrix meat;

    if (count <= terms || !invert(rows, count, terms, inverse))
        return false;
    for (size_t r = 0; r < count; r++) {
        for (size_t i = 0; i < terms; i++) {
            for (size_t j = 0; j < terms; j++)
                fit.beta[i] += inverse[i][j] * rows[r].x[j] * rows[r].y;
        }
    }
    fit.freedom = (double)(count - terms);
    middle(rows, count, terms, &fit, meat);
    sandwich(inverse, meat, terms, (double)count / fit.freedom, fit.cov);
    *ret = fit;
    return true;
}

double regress_error(
    const struct regress_fit *fit, size_t terms, const double weights[REGRESS_TERMS])
{
    double sum = 0;

    for (size_t i = 0; i < terms; i++) {
        for (size_t j = 0; j < terms; j++)
            sum += weights[i] * fit->cov[i][j] * weights[j];
    }
    return sqrt(fmax(0, sum));
}
