/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search values of a resource: every slot's ways walked, what they give turned into
 * typed values. The search view makes its rows from these, and the matcher compares
 * them, so that an index and a second look can never disagree.
 */
#ifndef FHIR_EXTRACT_H
#define FHIR_EXTRACT_H

#include "base/arena.h"

#include "fhir/definition.h"
#include "fhir/value.h"
#include "json/json.h"

/* One value found. Which fields are set depends on the slot's kind. */
struct fhir_value {
    uint16_t slot;
    enum fhir_search_kind kind;
    union {
        struct {
            struct str system; /* p NULL: none given */
            struct str code;   /* p NULL: none */
            struct str text;   /* display or CodeableConcept.text, for :text */
            struct str type_system, type_code; /* Identifier.type, for :of-type */
            bool text_only; /* carries only text: a CodeableConcept without coding */
        } token;
        struct {
            utc_ms lo, hi; /* [lo, hi); open ends: UTC_MS_MIN, UTC_MS_MAX */
        } date;
        struct {
            double lo, hi; /* the same for a plain number; -inf, +inf for open Range */
            struct str system; /* quantity */
            struct str code;
            struct str unit;
        } number;
        struct str string; /* not folded */
        struct str uri;
        struct {
            struct fhir_reference ref; /* of a literal reference; form NONE if only an
                                          identifier */
            struct str identifier_system; /* Reference.identifier, for :identifier */
            struct str identifier_value;
            struct str canonical_version; /* canonical: behind '|' */
        } reference;
        struct {
            double latitude, longitude;
        } position;
    } u;
};

struct fhir_values {
    struct fhir_value *list;
    size_t count;
    size_t cap_;
};

/*
 * All values of all indexed slots of ${resource}, whose type is ${type}, appended to
 * ${values} in slot order. Slices point into ${resource} or into ${a}. Values that cannot
 * be read (an odd date in an extension) are left out. ${base} as for
 * fhir_reference_parse. E_NOMEM. Pure; any thread; hot: no look-ups by name twice.
 */
int fhir_extract(struct arena *a, const struct json *resource,
    const struct fhir_type *type, struct str base, struct fhir_values *values,
    struct err *err);

/* The values of one slot only. */
int fhir_extract_slot(struct arena *a, const struct json *resource, uint16_t slot,
    struct str base, struct fhir_values *values, struct err *err);

/*
 * For composites: call ${visit} with each root value of ${slot} (a composite's own slot);
 * component values of a root come from fhir_extract_at(). A negative return ends the walk
 * and is returned.
 */
int fhir_extract_roots(const struct json *resource, uint16_t slot,
    int (*visit)(const struct json *root, void *arg), void *arg);
int fhir_extract_at(struct arena *a, const struct json *root, uint16_t slot,
    struct str base, struct fhir_values *values, struct err *err);

/*
 * Every Reference.reference text anywhere in ${resource}, contained resources and
 * extensions too, in document order: for rewriting urn:uuid references and for checks.
 * ${node} is the string's own node. A negative return ends the walk and is returned.
 */
int fhir_references(const struct json *resource,
    int (*visit)(struct str text, const struct json *node, void *arg), void *arg);

#endif
