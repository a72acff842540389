/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of apprenticeships share (docs/adr/0062-apprenticeships.md).
 *
 *   apprentice.c          the record as it stands, who may speak for whom, the way
 *   apprentice_propose.c  Apprenticeship/$propose: what two people and a department might agree on
 *   apprentice_agree.c    Apprenticeship/ID/$agree, $extend and $stop
 *   lineage*.c            Practitioner/ID/$lineage: who taught whom
 */
#ifndef APP_APPRENTICE_INTERNAL_H
#define APP_APPRENTICE_INTERNAL_H

#include "app/procedure_internal.h"
#include "app/seek.h"
#include "fhir/put.h"

/* For whom somebody speaks; an apprenticeship needs apprentice, master and a head. */
enum apprentice_voice {
    VOICE_APPRENTICE = 1,
    VOICE_MASTER = 2,
    VOICE_LEARNING = 4, /* head of the department that learns */
    VOICE_TEACHING = 8  /* head of the department that sends the master */
};

/* An Apprenticeship on its way through an operation. */
struct apprenticing {
    struct app_call *call;
    struct store_reader *snapshot;
    const struct json *before;     /* NULL: it is only proposed now */
    struct str apprentice, master; /* ids */
    struct str learning, teaching; /* ids of Organizations; p NULL: none */
    struct str status;
    struct str end;          /* of its period, as written; p NULL: none */
    struct str proposed_end; /* p NULL: none */
    unsigned mine;           /* the voices of the caller */
    bool leads;              /* the apprentice heads the learning department */
    utc_ms now;
};

/* Fill what follows from a->apprentice, master, learning and teaching: mine and leads. */
int apprentice_voices(struct apprenticing *a, struct err *err);

/* Do ${voices} suffice? Who heads the learning department cannot be apprentice and speak for
 * the department as well: the head of the other side does. */
bool apprentice_suffices(const struct apprenticing *a, unsigned voices);

/* The voices that have agreed: to the end ${until}, or (p NULL) to the apprenticeship. */
unsigned apprentice_agreed(const struct apprenticing *a, struct str until);

/* An agreement of the caller's for each of ${voices}, in the list that is open. */
void apprentice_put_agreements(struct json_out *o, const struct apprenticing *a,
    unsigned voices, struct str until);

/* The caller's word as an Annotation, in the list that is open. */
void apprentice_put_note(
    struct json_out *o, const struct apprenticing *a, struct str word);

/* "TYPE/ID" in the call's arena. E_NOMEM leaves p NULL. */
struct str apprentice_reference(
    const struct apprenticing *a, const char *type, struct str id);

/* A date of exactly one day; E_INVALID names ${name}. ${*ret} p NULL: it was not given. */
int apprentice_day(const struct json *body, const char *name, struct str *ret,
    utc_ms *ret_from, utc_ms *ret_until, struct err *err);

/* Has the period ended at a->now? */
bool apprentice_over(const struct apprenticing *a);

/* Could ${record}, an Apprenticeship, ever open what somebody learns: was it agreed to? */
bool apprentice_was_agreed(const struct json *record);

/* Apprenticeship/$independence (independence_internal.h). */
int rest_independence(struct app_call *call, const struct rest *rest, struct err *err);

/* The operations, each told by rest->word. */
int rest_apprentice_propose(
    struct app_call *call, const struct rest *rest, struct err *err);
int rest_apprentice_agree(
    struct app_call *call, const struct rest *rest, struct err *err);
int rest_apprentice_extend(
    struct app_call *call, const struct rest *rest, struct err *err);
int rest_apprentice_stop(
    struct app_call *call, const struct rest *rest, struct err *err);

#endif
