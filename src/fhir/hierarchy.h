/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which code is a kind of which: the code systems that the definitions hold in full, as
 * tables that are generated like those of definition.h. Read-only data; any thread.
 */
#ifndef FHIR_HIERARCHY_H
#define FHIR_HIERARCHY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#define FHIR_CONCEPTS_MOST 2048 /* of one system, that are a kind of one another */

/* One code system. A code that is not among its concepts stands alone. */
struct fhir_code_system {
    const char *url;
    uint32_t first;      /* fhir_concepts[first .. first+count), in order of bytes */
    uint32_t first_pair; /* fhir_kinds[first_pair .. first_pair+pair_count) */
    uint16_t count;
    uint16_t pair_count;
};

/* Concept ${child} is a kind of ${parent}; both count from the system's first. */
struct fhir_kind_of {
    uint16_t child;
    uint16_t parent;
};

extern const struct fhir_code_system fhir_code_systems[]; /* in order of url */
extern const uint16_t fhir_code_system_count;
extern const char *const fhir_concepts[];
extern const struct fhir_kind_of fhir_kinds[];

/* The system ${url}; NULL: it is not here in full. */
const struct fhir_code_system *fhir_code_system_named(struct str url);

/*
 * All codes of ${system} that are ${code} or a kind of it, at any remove (or, not ${below},
 * that ${code} is a kind of): mark them in ${ret}, which counts from the system's first,
 * and return how many there are. 0: ${code} is none of its concepts, so it stands alone.
 */
size_t fhir_code_line(const struct fhir_code_system *system, struct str code,
    bool below, bool ret[FHIR_CONCEPTS_MOST]);

#endif
