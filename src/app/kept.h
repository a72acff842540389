/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A memory of values that follow from records, kept between questions (docs/adr/0109-facts-kept-between-questions.md): each holds as long as no
 * record has changed of the types that it follows from. A value has a place, by its number, and gives way to a newer one there; all
 * of them together have so many bytes and no more. What depends on who asks, on the time that is asked about or on
 * the clock is not for here. Any thread.
 */
#ifndef APP_KEPT_H
#define APP_KEPT_H

#include <stdatomic.h>

#include "view/reader_memory.h"

struct kept_memory;

/* What is kept: the first member of whatever it is. Whoever makes it fills it; once it is put, it is read only. */
struct kept_value {
    /* It follows from the records of these types as they were at ${position}, that of the snapshot they were read from. More types
     * than there is room for: it is not kept. */
    unsigned types[READER_CHANGES_TYPES];
    size_t type_count;
    int64_t position;
    size_t bytes;                       /* all of it */
    void (*done)(struct kept_value *v); /* frees it */
    atomic_uint users;                  /* the memory's own, as ${position} is then */
};

/* ${places} places and at most ${most} bytes; ${changes}, which may be NULL, tells what has changed: without it nothing is kept. It
 * outlives the memory. NULL: no memory. */
struct kept_memory *kept_memory_new(
    struct reader_memory *changes, size_t places, size_t most);
void kept_memory_free(
    struct kept_memory *m); /* NULL is fine; values that are held live on */

/* What is kept at ${place}, for a snapshot of ${position} (below 0: it has none), to be given back with kept_release(). NULL: nothing
 * is, or it holds no more. */
struct kept_value *kept_get(struct kept_memory *m, size_t place, int64_t position);
void kept_release(struct kept_value *v); /* NULL is fine */

/* Keep ${v} at ${place}, in place of what is there and is no newer, where there is room. It is the memory's in any case: whoever needs
 * it still asks for it, and what is not kept is freed at once. */
void kept_put(struct kept_memory *m, size_t place, struct kept_value *v);

#endif
