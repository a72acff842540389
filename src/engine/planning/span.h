/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stretches of time, begin included and end not, in milliseconds: what of one is left when
 * others are taken away, and where two meet. Pure; any thread.
 */
#ifndef ENGINE_PLANNING_SPAN_H
#define ENGINE_PLANNING_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SPAN_OPEN INT64_MAX /* no end is known */

struct span {
    int64_t from, until;
};

static inline bool span_is_empty(struct span s)
{
    return s.from >= s.until;
}

/* What both have; empty: they do not meet. */
static inline struct span span_meet(struct span one, struct span other)
{
    return (struct span){one.from > other.from ? one.from : other.from,
        one.until < other.until ? one.until : other.until};
}

static inline bool span_holds(struct span s, int64_t at)
{
    return s.from <= at && at < s.until;
}

/* Sort ${list} by begin, then end. */
void span_sort(struct span *list, size_t count);

/*
 * What is left of ${whole} without ${list}, which is sorted, into ${ret}: ${count} + 1 at
 * most, in their order. Gives how many.
 */
size_t span_left(
    struct span whole, const struct span *list, size_t count, struct span *ret);

#endif
