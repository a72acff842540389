/* SPDX-License-Identifier: Apache-2.0 */
/* Random _filters together with what they must find, worked out another way. */
#ifndef TEST_VIEW_RANDOM_FILTER_H
#define TEST_VIEW_RANDOM_FILTER_H

#include "search_node.h"

/*
 * Write a filter on records of ${type} to ${b} and return what it must find: bit i stands
 * for the record with the id i. Conditions are asked one by one as ordinary parameters,
 * brackets by the ids that are in them, and "and", "or" and "not" are done on the bits.
 */
uint64_t random_filter(
    struct search_node *n, struct buf *b, const char *type, unsigned depth);

/* The ids that a query finds, as bits. */
uint64_t filter_ids(struct search_node *n, const char *query);

/* A type that filters are made for. */
const char *random_filter_type(void);

#endif
