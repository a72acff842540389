/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who no longer does a procedure often enough is no longer independent in it: at every moment
 * at least so many cases within the last so many days. The first moment at which that fails
 * ends the sign-off for good; later cases bring nothing back, three people do. A case more
 * never makes that moment earlier. Pure functions; any thread.
 */
#ifndef ENGINE_COMPETENCE_RECENCY_H
#define ENGINE_COMPETENCE_RECENCY_H

#include <stddef.h>
#include <stdint.h>

struct recency_rule {
    int cases; /* at least so many; 0 or less: none are asked for */
    int days;  /* within the last so many days */
};

#define RECENCY_NEVER 0

/* The first moment from ${from} on at which too few of ${count} cases, oldest first,
 * lie in the window that ends then; RECENCY_NEVER: the rule asks for none. Times are
 * milliseconds since 1970. A case exactly so many days ago still counts. */
int64_t recency_lapses(
    const struct recency_rule *rule, const int64_t *when, size_t count, int64_t from);

#endif
