/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small world for tests of who may read: records in a node and beside it as JSON, people
 * with the posts that their PractitionerRoles give them now, and the rules once more,
 * plainly, over the JSON alone. The two know nothing of each other.
 */
#ifndef TEST_VIEW_READER_WORLD_H
#define TEST_VIEW_READER_WORLD_H

#include "search_node.h"
#include "view/reader.h"

#define WORLD_MOST 4000

struct world {
    struct search_node node;
    struct arena *arena;
    const struct json *records[WORLD_MOST]; /* current; NULL: taken out */
    size_t count;
    utc_ms now; /* NODE_NOW until it is set otherwise */
};

void world_open(struct world *w, enum store_kind kind);
void world_close(struct world *w);
/* Put a record, with ' for ". */
void world_put(struct world *w, const char *text);
/* The record named "Type/id"; NULL: none. */
const struct json *world_find(const struct world *w, struct str name);
/* "Type/id" of a record. */
const char *world_name(struct world *w, const struct json *record);
store_rid world_rid(struct world *w, const char *name);

/* Who "Practitioner/ID" is now; memory from the node's arena. ${grant}: a patient opened by
 * break-glass until ${until}, or NULL. */
struct reader_who world_who(
    struct world *w, const char *practitioner, const char *grant, utc_ms until);

/* What the rules come to, by brute force: one of reader_reason_word's words. */
const char *world_judge(
    struct world *w, const struct reader_who *who, const struct json *record);
/* The same of what ${person} ("Practitioner/ID") learns: reader_learner(). */
const char *world_judge_learner(
    struct world *w, const struct reader_who *who, struct str person);

#endif
