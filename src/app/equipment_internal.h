/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of equipment, gaps and money share (docs/EQUIPMENT.md).
 *
 *   equipment_rule.c    words, and what is counted from dates
 *   keeper.c            who may
 *   equipment.c         the way of every operation: look, write, answer; what was posted
 *   equipment_order.c   Device/$order
 *   equipment_step.c    Device/ID/$step: a step of its way is planned, late or done
 *   equipment_fault.c   Device/ID/$fault, $repaired
 *   equipment_put.c     their records
 *   equipment_list.c    Device/$equipment
 */
#ifndef APP_EQUIPMENT_INTERNAL_H
#define APP_EQUIPMENT_INTERNAL_H

#include "app/access_internal.h"
#include "app/change.h"
#include "app/equipment_rule.h"
#include "app/keeper.h"
#include "app/procedure_internal.h"
#include "app/seek.h"
#include "crypto/digest.h"

#define EQUIPMENT_ID_CHARS (2 * CRYPTO_DIGEST_BYTES)

/* An operation on its way; in the call's arena. */
struct equipment {
    struct app_call *call;
    const struct rest *rest;
    struct seek seek;
    const struct json *body;
    utc_ms now;
    struct store_record device_record;
    const struct json *device; /* NULL: of none yet */
    struct str unit;           /* "Organization/ID" whose it is */
    enum keeper keeper;        /* what the caller is to its hospital */
    struct change change;      /* the first that is written is answered */
    bool repeated; /* nothing is: it was done before, and is answered as it is */
};

/* ---- what was posted (equipment.c); E_INVALID names the parameter ---- */

/* A day or a time as it is written, and when it begins. ${*ret_text} p NULL: not given. */
struct equipment_when {
    struct str text;
    utc_ms at;
};
int equipment_take_when(const struct equipment *e, const struct json *parameter,
    const char *name, struct equipment_when *ret, struct err *err);

/* The same, which must not lie ahead; now (a time) or today (a day), where none is given. */
int equipment_take_past(const struct equipment *e, const char *name, bool day,
    struct equipment_when *ret, struct err *err);

/* A reference to a record of one of ${types} ("Practitioner Organization") that is here, as
 * "Type/ID"; p NULL: not given. */
int equipment_take_reference(struct equipment *e, const struct json *parameter,
    const char *types, const char *name, struct str *ret, struct err *err);

/* Refuse parameters whose name is not among ${names} ("step done due"). */
int equipment_take_only(const struct equipment *e, const char *names, struct err *err);

/* The id that the caller gave what is made, a random UUID, or a new one; NUL-terminated. */
int equipment_take_id(const struct equipment *e, struct str *ret, struct err *err);

/* ---- a second try ---- */

/* Something is made under ${id}, and ${record} is there: what came of the same call when its
 * answer was lost, where ${same}. Answers it, and marks ${e} repeated; else E_CONFLICT says
 * ${otherwise}. */
struct equipment_again {
    const struct store_record *record;
    bool same;
    const char *otherwise;
};
int equipment_repeat(
    struct equipment *e, const struct equipment_again *again, struct err *err);

/* Is the caller who ${reference}, a Reference in a record, names? */
bool equipment_by_caller(const struct equipment *e, const struct json *reference);

/* The notes of before and ${word} of the caller, now, which is not said twice in a row. */
void equipment_put_notes(struct json_out *o, const struct equipment *e,
    const struct json *before, struct str word);

/* ---- records ---- */

/* The id of the Task of a step of a device: it follows from the two. */
void equipment_step_id(
    struct str device, enum equipment_step step, char out[EQUIPMENT_ID_CHARS + 1]);

/* A step's or a fault's Task as it shall be written. */
struct equipment_task {
    const char *kind;        /* equipment-step or equipment-fault */
    const char *what_system; /* of what: the step, or what the fault does */
    const char *what;
    struct str id;
    struct str device; /* "Device/ID" */
    struct str owner;  /* p NULL: nobody answers for it yet */
    struct str due;    /* the day that was promised first; p NULL */
    struct str expected;
    struct str from; /* executionPeriod */
    struct str done;
    struct str description;
    struct str word;          /* of the caller, now; p NULL: none */
    const struct json *notes; /* of before; NULL */
    const struct str *people; /* who was trained */
    size_t people_count;
    const struct json *outputs;   /* of before; NULL */
    const struct json *requester; /* of before; NULL: the caller */
    const struct json *authored;
};
/* Fill what ${before}, a Task of ours, says already. */
void equipment_task_from(struct equipment_task *t, const struct json *before);
/* Plan its writing; ${before}: the version there is, or NULL. */
int equipment_put_task(struct equipment *e, const struct equipment_task *t,
    const struct store_record *before, struct err *err);

/* What becomes of a Device's service: a time begins at ${from}, or the open one ends at
 * ${until} (p NULL: neither). Plans its writing. */
int equipment_put_service(
    struct equipment *e, struct str from, struct str until, struct err *err);

/* ---- its faults ---- */

/* The Tasks of ${kind} of the device, newest first where they are faults. */
int equipment_tasks(const struct seek *s, struct str device, const char *kind,
    struct seek_list *ret, struct err *err);
bool equipment_is_open(const struct json *task);
bool equipment_stops(const struct json *fault);

/* Is it in service at the end of its times? */
bool equipment_serves(const struct json *device);

/* ---- operations: each fills e->change ---- */

int equipment_order(struct equipment *e, struct err *err);
int equipment_step(struct equipment *e, struct err *err);
int equipment_fault(struct equipment *e, struct err *err);
int equipment_repaired(struct equipment *e, struct err *err);
int equipment_list(struct app_call *call, const struct rest *rest, struct err *err);

#endif
