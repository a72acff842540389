/* SPDX-License-Identifier: Apache-2.0 */
/*
 * FHIRPath (N1) as FHIRPath Patch and our own definitions need it: member access, [n],
 * where(), exists(), empty(), first(), last(), tail(), count(), not(), ofType(), as, is,
 * resolve() is T, extension(), &, |, and or, = != < > <= >=, in, literals, %resource,
 * $this. Anything else of FHIRPath is refused with the position of the word not known.
 *
 * A choice is named without its type (Observation.value). resolve() finds contained
 * resources; of any other it knows the type alone. The extensions of a primitive, which
 * JSON keeps in a companion member, are not reached.
 */
#ifndef FHIR_PATH_H
#define FHIR_PATH_H

#include "base/arena.h"

#include "fhir/definition.h"
#include "json/json.h"

struct fhir_path; /* a parsed expression */

/* Parse ${text}. E_INVALID with the column; E_TOO_LARGE over LIMIT_PATH_CHARS or
 * LIMIT_PATH_DEPTH. The result lives in ${a}. Any thread. */
int fhir_path_parse(
    struct arena *a, struct str text, const struct fhir_path **ret, struct err *err);

/* What an expression gives: nodes of the resource, or values computed (then ${pointer}
 * is NULL). */
struct fhir_path_item {
    const struct json *value;
    const char *pointer; /* JSON Pointer from the resource to the node */
    uint16_t type;       /* index in fhir_types, 0 if not known */
};

struct fhir_path_result {
    struct fhir_path_item *items;
    size_t count;
};

/* Evaluate on ${resource}. E_INVALID: a function met input it cannot take; E_TOO_LARGE:
 * over LIMIT_PATH_NODES or LIMIT_PATH_STEPS. */
int fhir_path_evaluate(struct arena *a, const struct fhir_path *path,
    const struct json *resource, struct fhir_path_result *ret, struct err *err);

/* The same, beginning at ${focus}, which an expression gave of ${resource} (NULL: at that);
 * %resource is ${resource} all the same. */
int fhir_path_evaluate_on(struct arena *a, const struct fhir_path *path,
    const struct json *resource, const struct fhir_path_item *focus,
    struct fhir_path_result *ret, struct err *err);

/*
 * FHIRPath Patch: apply ${parameters} (a Parameters resource with `operation` parts: add,
 * insert, delete, replace, move) to ${target}, all or none. A value made of parts becomes
 * an object; a delete that would leave a list or an object empty takes it along.
 * E_INVALID: an operation is not understood or its path does not lead to one place
 * (delete: or none); E_TOO_LARGE: over a limit. The error's path names the operation.
 */
int fhir_path_patch(struct arena *a, const struct json *target,
    const struct json *parameters, const struct json **ret, struct err *err);

#endif
