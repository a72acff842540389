/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts that are told of several times, one after another. Each is a difference of two points:
 *
 *     January ├──────── 40 ────────┤ July
 *     January ├────────────── 43 ──────────┤ August      then July has 3, which nobody was to be told
 *
 * What follows from them is what lies between any two points that they tie together, in however many steps; and where there is
 * nothing between two points, there is nothing between any that lie in between. Where things count once however often they
 * happened, two counts that begin or end together leave what is in one alone, whatever else is told. Pure; any thread.
 */
#ifndef ENGINE_NUMBERS_GUARD_TIMES_H
#define ENGINE_NUMBERS_GUARD_TIMES_H

#include "base/arena.h"
#include "base/err.h"

#include "engine/numbers/suppress.h"

struct guard_time {
    int64_t from, until, count; /* from before until */
};

/* Would a count from 1 to SUPPRESS_SMALL - 1 follow if ${more} were told beside ${told}, that does not follow without it?
 * E_NOMEM. */
int guard_times(struct arena *a, const struct guard_time *told, size_t count,
    const struct guard_time *more, bool *ret, struct err *err);

#endif
