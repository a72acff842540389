/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Strata of which some lie within others, asked about one after the other: who has both tables may subtract
 * hospitals from their province.
 *
 *   by province        by hospital
 *   Beijing    43        B1    40      told with Beijing, B2 would be the difference: B1 is hidden with it,
 *                        B2     3      though over both provinces B2 and S1 would do
 *   Shanghai   19        S1     7
 *                        S2    12
 *   all        62
 *
 * Of each level that which contains is decided before what it contains: strata of one that is told are guarded
 * beside its counts, as the whole of their own, and of one that is hidden nothing is told. What holds for whoever has the
 * tables of all levels and subtracts: no stratum that is told has a small count, and each small count of one
 * that is hidden may be 1, 2, 3 or 4. Of the first level what is hidden may be named, as guard.h says; of the others it
 * must not be: it may be empty. Axes of which
 * neither contains the other share their sum alone, and for any counts of one and of the other that come to the same there
 * are cases that have both: they are guarded each by itself (guard.h). Pure; any thread.
 */
#ifndef ENGINE_NUMBERS_GUARD_LEVELS_H
#define ENGINE_NUMBERS_GUARD_LEVELS_H

#include "base/arena.h"
#include "base/err.h"

#include "engine/numbers/guard.h"

struct guard_level {
    size_t strata;
    int64_t (*counts)[GUARD_COUNTS]; /* of each */
    const uint32_t
        *within;  /* of each, the stratum of the level before; NULL: the whole */
    bool *hidden; /* answer, of each; those that are true stay so */
};

/* Decide on ${list} (${count}), what contains first, of which all come to ${all}. ${*ret_total}: nothing is told at all. Scratch
 * from ${a}. E_NOMEM. */
int guard_levels(struct arena *a, struct guard_level *list, size_t count,
    const int64_t all[GUARD_COUNTS], bool *ret_total, struct err *err);

#endif
