/* SPDX-License-Identifier: Apache-2.0 */
/* Of what random records and random queries are made, so that they meet. */
#ifndef TEST_VIEW_RANDOM_WORDS_H
#define TEST_VIEW_RANDOM_WORDS_H

#include <stdbool.h>

#include "base/buf.h"

#include "unit.h"

#define IDS 24 /* ids of each type */

static inline int64_t pick(int64_t count)
{
    return unit_between(0, count - 1);
}

static inline bool maybe(void)
{
    return pick(2) == 0;
}

#define one_of(list) ((list)[pick((int64_t)(sizeof(list) / sizeof((list)[0])))])

extern const char *const words[11];
extern const char *const dates[13];
extern const char *const numbers[12];
extern const char *const codes[6];
extern const char *const systems[2];
extern const char *const units[3];
extern const char *const uris[5];
/* the node's own addresses: see search_node.c */
extern const char *const homes[2];

/* A random query on a type that random records have. */
void random_query(struct buf *b);

#endif
