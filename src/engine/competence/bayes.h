/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a few cases say of a failure rate: with Jeffreys' prior the rate, after f failures
 * among n cases, is distributed as Beta(1/2 + f, 1/2 + n - f). Pure functions; any thread.
 */
#ifndef ENGINE_COMPETENCE_BAYES_H
#define ENGINE_COMPETENCE_BAYES_H

/* More cases are never asked for. */
#define BAYES_CASES_MAX 100000

/* The probability that the failure rate is below ${rate} (0 to 1), after ${failures} among
 * ${cases} (0 <= failures <= cases). */
double bayes_below(int cases, int failures, double rate);

/* The smallest number of cases with ${failures} among them after which the rate is below
 * ${rate} with a probability of ${confidence} at least; -1: BAYES_CASES_MAX are too few. */
int bayes_cases(int failures, double rate, double confidence);

/* The regularised incomplete beta function I_x(a, b), a and b above 0: continued fraction
 * DLMF 8.17.22, to 14 digits or so. */
double bayes_incomplete_beta(double x, double a, double b);

#endif
