/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small node for tests of search: a store with the views of a node in memory or on disk,
 * records written as JSON with ' for ", queries written as in a URL. Every search goes
 * through all pages of a given size in both directions and is held against the brute
 * force of search_matches() over all records; a difference ends the test.
 */
#ifndef TEST_VIEW_SEARCH_NODE_H
#define TEST_VIEW_SEARCH_NODE_H

#include "view/search.h"

#define NODE_NOW 1767225600000LL /* 2026-01-01, what searches take for now */

struct search_node {
    struct store *store;
    struct store_reader *reader; /* a snapshot; made anew after a write */
    struct arena *arena;         /* emptied by each search */
    enum store_kind kind;
    int64_t writes; /* each a second after the one before */
    char path[64];
};

void node_open(struct search_node *n, enum store_kind kind);
void node_close(struct search_node *n);

/* Create or update. */
void node_put(struct search_node *n, const char *json);
void node_put_json(struct search_node *n, struct str json);
void node_delete(struct search_node *n, const char *type, const char *id);

/* Ids of the matches of "Type?query" or "?query" in order, with spaces between; what is
 * included follows after " +", with its type. Valid until the next search. */
const char *node_search(struct search_node *n, const char *query);

/* The same with a page size, without brute force where ${check} is false. */
const char *node_pages(
    struct search_node *n, const char *query, size_t size, bool check);

/* The error code and, in ${ret_path}, the parameter that a search is refused for. */
int node_refused(struct search_node *n, const char *query, char ret_path[256]);

/* One page, as search_run gives it. */
void node_page(struct search_node *n, const char *query, struct str cursor,
    struct search_page *ret);

/* Parse "Type?a=b&c=d" ("Patient/1/Observation?..." for a compartment). ${lenient}:
 * where problems go; NULL: any is an error. */
int node_parse(struct search_node *n, const char *query, struct str cursor,
    struct fhir_issues *lenient, struct search_query **ret, struct err *err);

/* The request that a query makes; memory from the node's arena. */
struct search_request node_request(struct search_node *n, const char *query);

/* A snapshot of now. */
struct store_reader *node_reader(struct search_node *n);

/* "'" becomes '"'. */
struct str node_json(struct arena *a, const char *text);

#define assert_search(node, query, expected)                                           \
    assert_string_equal(node_search(node, query), expected)

#endif
