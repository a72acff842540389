/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the store's tests share: a node in a temporary folder or in memory, a view that
 * exercises every way of writing rows, and short words for writing and reading.
 *
 * The view "sample" reads of a resource
 *     "tags": ["a", ...]     table sample_tag: tag, 0, rid (keys only)
 *     "name": "..."          table sample_name: rid -> name
 *     "tags" again           table sample_count: tag -> how many records (store_add)
 *     "ref": "Patient/x"     table sample_ref: target's rid, rid (keys only, store_intern)
 *     "look": true           apply looks for the row it has just put
 *     "fail": true           prepare works, apply fails
 */
#ifndef TEST_STORE_NODE_H
#define TEST_STORE_NODE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

#include "store/store.h"

enum { SAMPLE_TAG, SAMPLE_NAME, SAMPLE_COUNT, SAMPLE_REF };
extern unsigned sample_first; /* number of the view's first table */
extern struct store_view sample_view;

/* Keeps of each change "before>after" of the name, 0 or 1 in front: was or is it there. */
extern const struct store_view past_view;
extern unsigned past_first;

struct node {
    enum store_kind kind;
    char path[64]; /* of the folder; "" in memory */
    struct store *store;
    struct arena *arena; /* emptied by node_tidy */
};

/* A new node with the view; fails the test when it cannot be made. */
void node_make(struct node *n, enum store_kind kind);
/* Close and open again (sqlite). */
void node_reopen(struct node *n);
/* Close, and remove the folder. */
void node_remove(struct node *n);
/* Remove a folder and what is in it. */
void folder_remove(const char *path);

/* The JSON of a Patient: members after the id are ${rest}, such as ",\"name\":\"x\"". */
struct str patient(struct arena *a, const char *id, const char *rest);

/* Prepare one write. ${body} with p NULL: a delete. */
int node_write(struct node *n, struct store_write *w, const char *id, struct str body,
    struct err *err);

/* Prepare and commit one write of a Patient; the write's result in ${ret} (may be NULL). */
int node_put(struct node *n, const char *id, const char *rest, struct store_write *ret);
int node_delete(struct node *n, const char *id, struct store_write *ret);
int node_commit(
    struct node *n, struct store_write *writes, size_t count, struct err *err);

/* The body of the current version, or "" when deleted, or NULL when there is none; in the
 * node's arena. */
const char *node_body(struct node *n, const char *id);

/* store_verify: 0, or how many faults were told. Prints them when ${loud}. */
int node_verify(struct node *n, bool loud);

/* Every row of the view's tables as text, one line a row; in the node's arena. */
char *node_rows(struct node *n);
/* What past_view keeps, "position:before>after " a change, by record; the same. */
char *node_past(struct node *n);

extern const struct fhir_type *patient_type;

/* ---- tests that run over each driver ---- */

extern enum store_kind node_kind; /* by the first argument: sqlite or memory */
void node_arguments(int argc, char **argv);
/* A new node of that kind as the state of a test. */
int node_setup(void **state);
int node_teardown(void **state);
#define NODE_TEST(name) cmocka_unit_test_setup_teardown(name, node_setup, node_teardown)

#define MUST(call) assert_int_equal((call), 0)

#endif
