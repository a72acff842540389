/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strata that are pairs, such as from where to where, of a figure that is also told by either half alone:
 *
 *              to Lhasa   to Xigaze   together
 *   Nyalam          20           3         23   hidden: 3, and so 20: it would be 23 less 20
 *   Tingri          12          31         43   and so 12 and 31: each column has its sum too
 *   Gyantse         14           0         14
 *   together        46          34         80
 *
 * Beside what guard() keeps of all pairs:
 *  1. What is hidden of the halves (guard() of their sums, in the order of their numbers, which is the same whatever
 *     stands in the other half) hides each pair with that half.
 *  2. Within each half that is told, guard() holds of its pairs: none follows from that sum and the others.
 *
 * Not kept: what follows only from several sums of both halves together. Pairs that are hidden are not to be named.
 * Pure; any thread.
 */
#ifndef ENGINE_NUMBERS_GUARD_PAIRS_H
#define ENGINE_NUMBERS_GUARD_PAIRS_H

#include "base/arena.h"

#include "engine/numbers/guard.h"

#define GUARD_HALVES 2

struct guard_half {
    const uint32_t *of; /* of each pair, from 0 */
    size_t count;       /* how many there are */
};

/* Decide on ${g}, whose strata are pairs of ${halves}; ${a}: what is needed meanwhile. E_NOMEM. */
int guard_pairs(struct arena *a, struct guard *g,
    const struct guard_half halves[GUARD_HALVES], struct err *err);

#endif
