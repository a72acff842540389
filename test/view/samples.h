/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of transaction bundles as they would be stored: references by urn:uuid become
 * Type/uuid, and every id of the bundle can be renumbered, for copies of all of it.
 */
#ifndef TEST_VIEW_SAMPLES_H
#define TEST_VIEW_SAMPLES_H

#include "fhir/definition.h"
#include "json/json.h"

struct sample {
    const struct fhir_type *type;
    char *text; /* JSON */
    size_t len;
    size_t *ids; /* where ids stand in the text */
    size_t id_count;
};

struct samples {
    struct sample *list;
    size_t count;
};

/* Add the records of ${bundle}. */
void samples_add(struct samples *s, const struct json *bundle);

/* Put ${copy} in place of the first digits of each id; 0 leaves them. */
void sample_renumber(struct sample *s, unsigned copy);

void samples_done(struct samples *s);

#endif
