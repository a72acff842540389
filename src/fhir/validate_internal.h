/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the validator share. Only validate*.c include it. */
#ifndef FHIR_VALIDATE_INTERNAL_H
#define FHIR_VALIDATE_INTERNAL_H

#include "fhir/validate.h"

/* Contained resources of one container whose use is watched; more are not asked to be
 * referred to. */
#define WATCHED_CONTAINED 256

/* A resource that may hold contained ones: `#id` means one of them. Lives on the stack
 * of the walk. */
struct check_scope {
    const struct json *contained; /* the array, or NULL */
    uint64_t referred[WATCHED_CONTAINED / 64];
    long inside; /* walking contained[inside]; -1: the container itself */
};

/* One run of the validator. */
struct check {
    struct arena *arena;
    struct fhir_issues *issues;
    struct err *err;
    struct check_scope *scope;
    size_t errors; /* met in this run */
    int failed;    /* 0, or E_NOMEM: stop */
};

/*
 * Where the walk is: a list through the stack, innermost first. A path is written from
 * it only when there is a problem to tell. An item of an array has no name of its own.
 */
struct place {
    const struct place *up;
    struct str name;
    long index; /* -1: none */
};

/* Note a problem at ${place}; ${code} is an issue type of FHIR. */
void check_problem(struct check *c, const struct place *place, const char *code,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* The element's JSON value against its primitive type, binding not included. */
void check_primitive(struct check *c, const struct fhir_type *type,
    const struct json *value, const struct place *place);

/* Why ${text} is not a narrative's div, as the end of a sentence; NULL if it is fine. */
const char *narrative_fault(struct str text);

/* A required binding of ${element} on its value, whatever its type. */
void check_binding(struct check *c, const struct fhir_element *element,
    const struct json *value, const struct place *place);

/* A Reference: its target's type, a contained target, its form. */
void check_reference(struct check *c, const struct fhir_element *element,
    const struct json *value, const struct place *place);

/* A text that may name a contained resource: `#id` or `#`. True when it does, and it is
 * there. */
bool check_mark_contained(struct check *c, struct str text);

/* Behind the walk of a container: ids of contained resources, each referred to. */
void check_contained(struct check *c, const struct place *place);

/* ${name} is no element of ${type}: say so, and what it may have meant. */
void check_unknown(struct check *c, const struct fhir_type *type, struct str name,
    const struct place *place);

static inline bool type_is(const struct fhir_type *type, const char *name)
{
    return type->name[0] == name[0] && strcmp(type->name, name) == 0;
}

/* How much of a client's text a message repeats. */
#define SHOWN_CHARS 64
#define SHOWN(s) (int)utf8_cut((s), SHOWN_CHARS).len, (s).p

#endif
