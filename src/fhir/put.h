/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The datatypes that nearly every record has, written. Each is a member ${name} of the object
 * that is open in ${o}; ${name} NULL: the next element of the list that is open. A text
 * without bytes (p NULL) is left out. Errors stay in ${o}'s buffer. Any thread with a json_out of
 * its own.
 */
#ifndef FHIR_PUT_H
#define FHIR_PUT_H

#include "base/time.h"

#include "json/json.h"

void fhir_put_coding(
    struct json_out *o, const char *system, struct str code, struct str display);

/* A CodeableConcept of one coding. */
void fhir_put_concept(
    struct json_out *o, const char *name, const char *system, struct str code);

void fhir_put_reference(struct json_out *o, const char *name, struct str reference);
void fhir_put_reference_shown(
    struct json_out *o, const char *name, struct str reference, struct str display);

/* A list of references; nothing where there are none. */
void fhir_put_references(
    struct json_out *o, const char *name, const struct str *list, size_t count);

/* An instant or dateTime, in UTC. */
void fhir_put_time(struct json_out *o, const char *name, utc_ms at);

/* The members of ${record}, in their order, but those named in ${but}, which ends with NULL,
 * and an empty meta: for a next version, in which these are written anew. */
void fhir_put_but(
    struct json_out *o, const struct json *record, const char *const *but);

#endif
