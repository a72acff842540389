/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is this JSON a resource as FHIR R4 (or our own definitions) allows it? Checks every
 * element: known names, JSON kinds, cardinalities, primitive formats, choice types (one
 * of a group), required bindings, types a reference may point to, contained resources
 * (no nesting, ids, each referred to), extensions (url, value or extensions, not both),
 * `_name` companions of primitives with null-padding in arrays, empty objects, arrays
 * and strings. What it does not check: invariants in FHIRPath beyond these, bindings
 * that need a terminology server, and whether a reference's target exists.
 */
#ifndef FHIR_VALIDATE_H
#define FHIR_VALIDATE_H

#include "base/arena.h"

#include "fhir/definition.h"
#include "json/json.h"

enum fhir_severity { FHIR_ERROR, FHIR_WARNING, FHIR_INFORMATION };

/* One problem, as an OperationOutcome issue says it. */
struct fhir_issue {
    enum fhir_severity severity;
    const char
        *code; /* FHIR issue type: "structure", "required", "value", "code-invalid" */
    const char *path; /* FHIRPath-like: Patient.name[0].given[1] */
    const char *text; /* one sentence */
};

struct fhir_issues {
    struct fhir_issue *list;
    size_t count;  /* kept, at most LIMIT_ISSUES */
    size_t errors; /* all errors met, kept or not */
    size_t cap_;
};

/* Add an issue (strings must live as long as the list). Over LIMIT_ISSUES it is counted
 * only. E_NOMEM. */
int fhir_issue_add(
    struct arena *a, struct fhir_issues *issues, struct fhir_issue issue);

/*
 * Check ${resource}. ${type}: the type it must be, or NULL for whatever its
 * resourceType says. Problems are added to ${issues}; ${ret_type} (may be NULL) is the
 * type found.
 * Returns 0 when there is no error; E_INVALID when there is (${err} carries the first).
 * E_NOMEM. Pure; any thread. Nothing is allocated for a valid resource.
 */
int fhir_validate(struct arena *a, const struct json *resource,
    const struct fhir_type *type, struct fhir_issues *issues,
    const struct fhir_type **ret_type, struct err *err);

/* True when ${text} has the lexical form of ${primitive} (regular expressions of R4,
 * with dates that exist). */
bool fhir_primitive_valid(enum fhir_primitive primitive, struct str text);

#endif
