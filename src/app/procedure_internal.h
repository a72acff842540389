/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of operations and their ratings share (docs/adr/0060-the-logbook.md).
 *
 *   procedure.c          what was posted, names, the way of a write
 *   procedure_record.c   Procedure/$record: an operation that was done
 *   procedure_behalf.c   for whom a visitor operated
 *   procedure_device.c   which devices it used
 *   procedure_follow.c   Procedure/ID/$follow-up: what became of it
 *   procedure_rate.c     Procedure/ID/$rate and $respond: a word on somebody's part
 *   procedure_step.c     steps of an operation in its rating
 *   procedure_import*.c  Procedure/$import: lines of an older logbook
 *   procedure_waiting.c  Procedure/$waiting: what waits for my rating, or to be asked after
 *   logbook*.c           Practitioner/ID/$logbook
 */
#ifndef APP_PROCEDURE_INTERNAL_H
#define APP_PROCEDURE_INTERNAL_H

#include "app/access_internal.h"
#include "app/seek.h"
#include "app/write_internal.h"
#include "fhir/put.h"
#include "view/logbook.h"
#include "view/reader.h"

/* Begin a write of ${rest}: by a person, alone, with Parameters as its body. */
int procedure_start(struct app_call *call, const struct rest *rest,
    const char *operation, struct writing **ret, struct err *err);

/* The same of an operation that makes a record: its id is the parameter id, which a device
 * chose so that it may ask again, or a new one; ${decide} prepares it (struct writing). */
int procedure_new(struct app_call *call, const struct rest *rest, const char *operation,
    int (*decide)(
        struct app_call *, const struct rest *, struct writing *, struct err *),
    struct writing **ret, struct err *err);

/* The same of an operation that writes the very record it is asked of: ${decide} prepares it
 * (struct writing). */
int procedure_change(struct app_call *call, const struct rest *rest,
    int (*decide)(
        struct app_call *, const struct rest *, struct writing *, struct err *),
    struct err *err);

/* Is ${operation} done by a person, alone? E_UNSUPPORTED, E_FORBIDDEN. */
int procedure_check(struct app_call *call, const char *operation, struct err *err);

/* A Location of ${hospital} ("Location/ID"), by which a record without a patient is its; p
 * NULL: none. */
int procedure_place(struct app_call *call, struct store_reader *snapshot,
    store_rid hospital, struct str *ret, struct err *err);

/* A text of LIMIT_WORD_BYTES at most; p NULL: it was not given. */
int procedure_word(
    const struct json *body, const char *name, struct str *ret, struct err *err);

/* Somebody's part in an operation. */
struct procedure_visit {
    struct str who; /* "Practitioner/ID" */
    store_rid hospital;
    struct str performed;
};

/* The team ("Organization/ID") that had posted them to that hospital as an expert then; p NULL:
 * none had, so that they were at home there. */
int procedure_behalf(const struct seek *s, struct reader *reader,
    const struct procedure_visit *visit, struct str *ret, struct err *err);

/* Where an operation was done, for what is asked about it. */
struct procedure_where {
    struct app_call *call;
    struct store_reader *snapshot;
    struct reader *reader;
    store_rid hospital;
};

struct procedure_devices {
    struct str list[LIMIT_PROCEDURE_DEVICES]; /* "Device/ID", each once */
    size_t count;
};

/* The devices that ${body} names in its parameters device, into ${ret}; none where it names none. Texts are of the call.
 * E_INVALID: one is not a Device of that hospital, or a patient's own; E_TOO_LARGE. */
int procedure_devices(const struct procedure_where *at, const struct json *body,
    struct procedure_devices *ret, struct err *err);

/* Append them as usedReference; nothing where there are none. */
void procedure_put_devices(struct json_out *o, const struct procedure_devices *devices);

/* The id of the Practitioner that ${reference} (a value) names. E_INVALID names ${name}: it is
 * none, or not one that is here. */
int procedure_person(struct app_call *call, struct store_reader *snapshot,
    const struct json *reference, const char *name, struct str *ret, struct err *err);

/* How ${reference}, a Practitioner or Organization, is called; p NULL: not known. */
struct str procedure_name(
    struct app_call *call, struct store_reader *snapshot, struct str reference);

/* The current version of a record, and its content. */
struct procedure_found {
    struct store_record rec; /* rid 0: it was never there */
    const struct json *json; /* NULL: it is not there */
};
/* E_NOT_FOUND without a sentence: it is not there. */
int procedure_load(struct app_call *call, struct store_reader *snapshot,
    const struct fhir_type *type, struct str id, struct procedure_found *ret,
    struct err *err);

/* Make ${b} what ${w} writes: checked by R4 and, where ${rules}, by the rules for writing. */
int procedure_take(struct app_call *call, struct writing *w, const struct buf *b,
    bool rules, struct err *err);

/* What ${body} says of single steps that ${of->whom} did in ${done}, on ${of->scale}: into
 * ${ret}, which holds LIMIT_OWN_STEPS. E_INVALID, E_TOO_LARGE. */
int procedure_steps_take(const struct json *body, const struct procedure *done,
    const struct procedure_rating *of, struct procedure_step_rating *ret,
    size_t *ret_count, struct err *err);

/* The same as components of an Observation. */
void procedure_steps_put(
    struct json_out *o, const struct procedure_step_rating *steps, size_t count);

/* The operations, each told by rest->word. */
int rest_procedure_record(
    struct app_call *call, const struct rest *rest, struct err *err);
int rest_procedure_follow(
    struct app_call *call, const struct rest *rest, struct err *err);
int rest_procedure_rate(
    struct app_call *call, const struct rest *rest, struct err *err);
int rest_procedure_respond(
    struct app_call *call, const struct rest *rest, struct err *err);

int rest_procedure_import(
    struct app_call *call, const struct rest *rest, struct err *err);

#endif
