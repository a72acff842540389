/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strata that shares are standardised by (engine/effect/funnel.h). Who knows the share of each stratum solves what a
 * hospital is expected to have, and the variance of that, for how many of its cases are of which stratum:
 *
 *            routine   urgent   stat
 *   Lhasa         20       12      3      small: stat is taken together with the next,
 *   Nagqu         31        6      9      in whose order there is nothing of the counts
 *
 * What holds of the strata that are told apart, and of those taken together as one:
 *  1. In each row they have nothing, or SUPPRESS_SMALL or more.
 *  2. Over all rows neither count of them is small.
 *
 * A row is a hospital that is told of; those that are not are one row. Pure; any thread.
 */
#ifndef ENGINE_NUMBERS_GUARD_MIX_H
#define ENGINE_NUMBERS_GUARD_MIX_H

#include "engine/numbers/guard.h"

struct guard_mix {
    size_t rows, strata;
    int64_t (*counts)[GUARD_COUNTS]; /* row after row, of each stratum */
    bool *together; /* answer, a stratum each; those that are true stay so */
};

void guard_mix(const struct guard_mix *g);

#endif
