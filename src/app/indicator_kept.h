/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of figures, kept between questions (docs/adr/0109-facts-kept-between-questions.md). Of a figure that is told as a whole, as known
 * now, and alike to whoever may ask, all facts are kept as the engine takes them; they hold as long as no record has changed
 * that they follow from. What a figure comes to is counted anew each time: nothing here depends on who asks, on
 * the time that is asked about or on the clock. Any thread.
 */
#ifndef APP_INDICATOR_KEPT_H
#define APP_INDICATOR_KEPT_H

#include "engine/indicator/indicator.h"
#include "view/indicator.h"
#include "view/reader_memory.h"

struct indicator_memory;

/* Facts of an indicator, by begin where ${ordered}. */
struct indicator_kept {
    struct indicator_fact *facts;
    size_t count;
    size_t thing_count;
    bool ordered;
    /* They follow from the records of these types as they were at ${position}. */
    unsigned types[READER_CHANGES_TYPES];
    size_t type_count;
    int64_t position;
};

/* At most LIMIT_INDICATOR_KEPT in all; ${changes}, which may be NULL, tells what has changed. NULL: no memory. */
struct indicator_memory *indicator_memory_new(struct reader_memory *changes);
void indicator_memory_free(struct indicator_memory *m); /* NULL is fine */

/* The facts of the indicator ${index} in a snapshot of ${position}, to be given back with indicator_kept_release(). NULL:
 * they are not kept, or hold no more. */
struct indicator_kept *indicator_kept_get(
    struct indicator_memory *m, size_t index, int64_t position);
void indicator_kept_release(struct indicator_kept *k); /* NULL is fine */

/* Keep a copy of ${k} as those of ${index}, in place of older ones, where there is room. */
void indicator_kept_put(
    struct indicator_memory *m, size_t index, const struct indicator_kept *k);

/* Of which stratum of an axis each fact is, kept beside the facts: both are gathered in the order of the view's rows, so that the fact at
 * a place is of the stratum there. */
struct indicator_kept_part {
    uint32_t *of; /* a fact each: below ${cell_count}, or INDICATOR_NO_STRATUM */
    size_t count;
    struct indicator_cell *cells; /* what the strata are called */
    size_t cell_count;
    unsigned types[READER_CHANGES_TYPES];
    size_t type_count;
    int64_t position;
};

/* The same as above, of the axis ${axis} (below INDICATOR_STRATA) of the indicator ${index}. */
struct indicator_kept_part *indicator_kept_part_get(
    struct indicator_memory *m, size_t index, size_t axis, int64_t position);
void indicator_kept_part_release(struct indicator_kept_part *p); /* NULL is fine */
void indicator_kept_part_put(struct indicator_memory *m, size_t index, size_t axis,
    const struct indicator_kept_part *p);

#endif
