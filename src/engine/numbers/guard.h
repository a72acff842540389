/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which strata of one figure may be told beside their sum, so that a small number (1 to
 * SUPPRESS_SMALL - 1) is neither seen nor worked out by subtraction. Each stratum has one count
 * or several that come to it (of a proportion: those of the numerator, and the rest), and is told
 * whole or not at all.
 *
 *              in time   late          what may be hidden beside what is small:
 *   Lhasa           12     31          hidden with Ngari, or Ngari would be the difference
 *   Nagqu           40     38
 *   Ngari            2      9          hidden: 2 is small
 *   all             54     78
 *
 * What holds for whoever knows all that is told, and subtracts:
 *  1. Where the sum, or one of its counts, is small, nothing is told.
 *  2. No stratum that is told has a small count.
 *  3. A small count of a stratum that is hidden may be 1, 2, 3 or 4: for each there are counts of the
 *     hidden strata, none of them empty where they are named, that come to the same sums.
 *
 * Strata must not overlap, and empty ones are told to be empty. Which others are hidden follows the order of the strata, which must
 * therefore say nothing about the counts; who knows this algorithm can sometimes rule out a value. Pure; any thread.
 */
#ifndef ENGINE_NUMBERS_GUARD_H
#define ENGINE_NUMBERS_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/numbers/suppress.h"

#define GUARD_COUNTS 2

struct guard {
    size_t strata;
    int64_t (*counts)[GUARD_COUNTS]; /* of each stratum; none below 0 */
    int64_t all[GUARD_COUNTS];       /* of the whole, as it is told */
    bool *hidden; /* answer, a stratum each; those that are true stay so */
    bool total;   /* answer: nothing is told */
    bool
        withheld; /* answer: strata are not even named, since so many share so little */
};

static inline bool guard_is_small(int64_t count)
{
    return count > 0 && count < SUPPRESS_SMALL;
}

/* Decide on ${g}; strata of which ${g->hidden} is true already are hidden for another reason. */
void guard(struct guard *g);

#endif
