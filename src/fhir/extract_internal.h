/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of extraction share: how one JSON value found by a way is read, and
 * the plan by which all ways of a type are walked at once. */
#ifndef FHIR_EXTRACT_INTERNAL_H
#define FHIR_EXTRACT_INTERNAL_H

#include "fhir/extract.h"

/* How a value is read: by the slot's kind and the type the way gives. */
enum fhir_reader {
    READ_NOTHING, /* a type that gives no such value */
    READ_TOKEN_TEXT,
    READ_TOKEN_CODING,
    READ_TOKEN_CONCEPT,
    READ_TOKEN_IDENTIFIER,
    READ_TOKEN_CONTACT,
    READ_DATE_TEXT,
    READ_DATE_PERIOD,
    READ_DATE_TIMING,
    READ_STRING_TEXT,
    READ_STRING_NAME,
    READ_STRING_ADDRESS,
    READ_STRING_CONCEPT,
    READ_STRING_ANNOTATION,
    READ_NUMBER,
    READ_NUMBER_RANGE,
    READ_QUANTITY,
    READ_QUANTITY_MONEY,
    READ_QUANTITY_RANGE,
    READ_URI,
    READ_REFERENCE,
    READ_REFERENCE_URI,
    READ_REFERENCE_RESOURCE,
    READ_POSITION,
};

/* The reader for what ${way} gives to ${slot}. */
enum fhir_reader fhir_reader_of(
    const struct fhir_slot *slot, const struct fhir_way *way);

/* Where values go while one extraction runs. */
struct fhir_extraction {
    struct arena *arena;
    struct str base;
    struct fhir_values *values;
    uint16_t slot;
    bool no_memory;
};

/* Read ${j} by ${reader}: none, one or several values are added. */
void fhir_read_value(
    struct fhir_extraction *x, enum fhir_reader reader, const struct json *j);

/* Add the token of whether the record's subject has died. */
void fhir_read_deceased(struct fhir_extraction *x, bool deceased);

/* ---- plans ---- */

#define PLAN_NONE 0xffff
#define PLAN_BUCKETS 16

/* What a node gives: its value belongs to a slot. */
struct plan_gift {
    uint16_t slot; /* counted from the type's first */
    uint16_t next; /* index of the node's next gift, or PLAN_NONE */
    enum fhir_reader reader;
};

/* A step from a node to a child. */
struct plan_edge {
    const struct fhir_step *step;
    uint16_t child;
    uint16_t next; /* in the bucket, or PLAN_NONE */
};

struct plan_node {
    uint16_t buckets[PLAN_BUCKETS]; /* by plan_bucket of the member's name */
    uint16_t gifts;                 /* the first, or PLAN_NONE */
    bool has_edges;
};

/*
 * All ways of a type as a tree: common first steps are walked once. Node 0 is the
 * resource. Immutable once made; any thread.
 */
struct plan {
    struct plan_node *nodes;
    struct plan_edge *edges;
    struct plan_gift *gifts;
    uint16_t node_count, edge_count, gift_count;
};

/* Spread names over buckets. */
static inline unsigned plan_bucket(const char *name, size_t len)
{
    if (len == 0)
        return 0;
    return ((unsigned)len + (unsigned char)name[0] * 3u +
               (unsigned char)name[len - 1] * 5u) %
           PLAN_BUCKETS;
}

/* The plan of resource type ${number}, made when first asked for and kept; NULL when
 * memory is out. */
const struct plan *fhir_plan_of(unsigned number);

#endif
