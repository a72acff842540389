/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parameters. Written: each call appends one parameter or part ${name} to the list that is open
 * in ${o}. Errors stay in ${o}'s buffer. Any thread with a json_out of its own. Read: texts are those of the JSON.
 */
#ifndef FHIR_PART_H
#define FHIR_PART_H

#include "base/time.h"

#include "json/json.h"

/* {"resourceType":"Parameters","parameter":[  until fhir_parameters_close() */
void fhir_parameters_open(struct json_out *o);
void fhir_parameters_close(struct json_out *o);

/* {"name":N,  and the value[x] follows, until json_close(o, '}') */
void fhir_part_open(struct json_out *o, const char *name);
/* {"name":N,"part":[  until fhir_parts_close() */
void fhir_parts_open(struct json_out *o, const char *name);
void fhir_parts_close(struct json_out *o);

/* A text as ${kind}, such as "valueString"; nothing where it is empty. */
void fhir_part_put(
    struct json_out *o, const char *name, const char *kind, struct str value);
void fhir_part_put_code(struct json_out *o, const char *name, const char *code);
void fhir_part_put_int(struct json_out *o, const char *name, long long value);
/* A decimal with four places. */
void fhir_part_put_real(struct json_out *o, const char *name, double value);
/* A decimal as it is written in ${text}. */
void fhir_part_put_decimal(struct json_out *o, const char *name, struct str text);
void fhir_part_put_flag(struct json_out *o, const char *name, bool value);
/* The day of ${at} in UTC. */
void fhir_part_put_day(struct json_out *o, const char *name, utc_ms at);
void fhir_part_put_instant(struct json_out *o, const char *name, utc_ms at);
/* Nothing where ${reference} is not there; no display where ${display} is not. */
void fhir_part_put_reference(
    struct json_out *o, const char *name, struct str reference, struct str display);

/* The first of ${list}, which is Parameters.parameter or a part's part, of this name; NULL: none. */
const struct json *fhir_part_find(const struct json *list, const char *name);
/* The text of the value[x] of ${part}, or of an extension, whatever its type; p NULL: it has none. */
struct str fhir_part_value(const struct json *part);

#endif
