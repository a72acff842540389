/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walk behind a CUSUM chart: from a score at or above 0 each case goes ${up} with
 * probability ${p_up}, else ${down}; a score below 0 becomes 0. How probable is it to rise
 * above a limit? Computed exactly, since simulations of some hundred rounds miss the third
 * digit that the limits are printed with: a score is its start plus i ups and j downs since
 * it last was 0, so that the states are pairs of small numbers and their probabilities are
 * carried on case by case.
 *
 * Cost: steps^2 / 2 rows of limit / up states.
 */
#ifndef ENGINE_COMPETENCE_WALK_INTERNAL_H
#define ENGINE_COMPETENCE_WALK_INTERNAL_H

#include "base/err.h"

/* Scores that differ by less are the same: sums of logarithms in another order. */
#define WALK_SAME 1e-9

struct walk {
    double up, down; /* up > 0 > down */
    double p_up;
};

/* From ${start} (at least 0) the probability, after each of ${steps} cases, of having been
 * above ${limit} (over 0): ret[0] after the first. E_NOMEM. */
int walk_crossing(const struct walk *walk, double start, double limit, int steps,
    double *ret, struct err *err);

/* The lowest limit that the walk from 0 rises above within ${steps} cases with a probability
 * of ${alpha} at most (0 < alpha < 1). It is itself a score that can be reached, and reaching
 * it is not enough. E_NOMEM. */
int walk_limit(
    const struct walk *walk, int steps, double alpha, double *ret, struct err *err);

#endif
