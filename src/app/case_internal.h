/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the case share.
 *
 *   case_steps.c       the table: which step, from where, by whom, with what
 *   case_parameters.c  what was posted, read by that table
 *   case_look.c        the case as it stands, and whether its caller may do the step
 *   case_rules.c       where a step leads, its clock, what must be said together
 *   case_make.c        the same records without looking anything up: case_make.h
 *   case_first.c       who was first, for who comes second
 *   case_ladder.c      who is asked one after the other
 *   case_rungs.c       who is asked when those do not answer
 *   case_times.c       what is promised
 *   case_task.c        the Task after the step
 *   case_milestones.c  what of its course figures are made of
 *   case_words.c       the message or the opinion that the step writes
 *   case_bed.c         of a transfer: the bed that the step takes, and the one it frees
 *   case_way.c         of a transfer: is there another open way to move the patient?
 *   case.c             the way: look, write all in one transaction, answer
 */
#ifndef APP_CASE_INTERNAL_H
#define APP_CASE_INTERNAL_H

#include "app/app_internal.h"
#include "app/case.h"
#include "app/network.h"
#include "engine/clock/clock.h"
#include "view/reader.h"

#define CASE_SIDES_URL "https://belay.health/StructureDefinition/case-sides"
#define CASE_LADDER_URL "https://belay.health/StructureDefinition/case-ladder"

#define CASE_IN(state) (1u << (unsigned)(state))

/* ---- the table (case_steps.c) ---- */

enum case_side {
    CASE_ASKING = 1, /* clinicians of the patient's hospital */
    CASE_ASKED = 2,  /* those it was sent to */
    CASE_NODE = 4,   /* this node itself */
};

enum case_value {
    CASE_VALUE_TEXT,
    CASE_VALUE_CODE,
    CASE_VALUE_BOOLEAN,
    CASE_VALUE_ORGANIZATION,
    CASE_VALUE_LOCATION,
    CASE_VALUE_TIME,
    CASE_VALUE_ATTACHMENT, /* may be there several times */
    CASE_VALUE_ID,
};

struct case_parameter {
    const char *name;
    enum case_value value;
    bool required;
    const char *what;  /* for the sentence: "Say ${what}" */
    const char *codes; /* of a code: "yes no" */
    bool part;         /* it is a part of the message, under its name */
};

#define CASE_PARAMETERS_MAX 8

enum case_does { /* what only one step does */
    CASE_DOES_NO_MORE,
    CASE_DOES_SEND,
    CASE_DOES_ANSWER,
    CASE_DOES_OUTCOME,
    CASE_DOES_CLOSE,
    CASE_DOES_REROUTE,
    CASE_DOES_ESCALATE,
    CASE_DOES_EXPIRE,
    CASE_DOES_PROMISE, /* a bed */
    CASE_DOES_DEPART,
    CASE_DOES_ARRIVE,
    CASE_DOES_RETURN,
};

struct case_step {
    const char *name;    /* without the $ */
    const char *done;    /* "This case was ${done} by ..." */
    unsigned from;       /* a set of CASE_IN() */
    enum case_state to;  /* CASE_UNKNOWN: it stays where it is */
    unsigned who;        /* a set of enum case_side */
    const char *kind;    /* of the message that is written; NULL: none is */
    const char *of_kind; /* the kind of case that it is for; NULL: any */
    bool says;           /* a text or a file is needed */
    bool takes;          /* who does it has the case from then on */
    enum case_does does;
    void (*clock)(struct case_clock *c, utc_ms now); /* NULL: runs on */
    struct case_parameter parameters[CASE_PARAMETERS_MAX];
};

extern const struct case_step case_steps[];
extern const size_t case_step_count;

/* The step that ${name} ("$send") asks for; NULL: there is none. ${node}: those that the node
 * does itself are meant too. */
const struct case_step *case_step_named(struct str name, bool node);

/* What FHIR says of a case in ${state}. */
const char *case_task_status(enum case_state state);
const char *case_request_status(enum case_state state);
/* As in "Waiting for somebody to take it". */
const char *case_state_display(enum case_state state);

/* What is said of it to systems outside: a code of CASE_OUTSIDE_SYSTEM. NULL: nothing. */
#define CASE_OUTSIDE_SYSTEM                                                            \
    "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS"
struct case_outside {
    const char *code;
    const char *display;
};
const struct case_outside *case_state_outside(enum case_state state);

/* ---- what was posted (case_parameters.c) ---- */

struct case_given {
    const struct json *values[CASE_PARAMETERS_MAX]; /* valueX, by place in the table */
    const struct json *attachments[LIMIT_CASE_ATTACHMENTS];
    size_t attachment_count;
    char digest[17]; /* of all of it */
};

/* Read the body of ${call} as the Parameters of ${step}. E_INVALID names the parameter. */
int case_parameters_read(struct app_call *call, const struct case_step *step,
    struct case_given *ret, struct err *err);

/* The value of the parameter ${name}, as text; p NULL: it was not given. */
struct str case_given_text(
    const struct case_step *step, const struct case_given *given, const char *name);
bool case_given_true(
    const struct case_step *step, const struct case_given *given, const char *name);
const struct json *case_given_value(
    const struct case_step *step, const struct case_given *given, const char *name);

/* Is ${code} one of ${codes}, "yes no"? */
bool case_code_listed(struct str code, const char *codes);

/* ---- the case as it stands (case_look.c) ---- */

struct case_rung {
    struct str who; /* a reference */
    const char *as;
};

/* A Location of the kind `bd`, as it stands. */
struct case_bed {
    struct store_record record;
    const struct json *json; /* NULL: none */
};

#define CASE_WRITES_MAX 5

/* One step on its way. */
struct case_doing {
    struct app_call *call;
    const struct rest *rest;
    const struct case_step *step;
    struct case_given given;
    utc_ms now;
    unsigned tries;

    /* by case_look(), anew after a lost race */
    struct store_reader *snapshot;
    struct reader *reader;
    struct reader *own_reader; /* where access has none */
    struct store_record request_record;
    struct store_record task_record; /* rid 0: there is none yet */
    const struct json *request;
    const struct json *task; /* NULL: there is none yet */
    enum case_state state;
    struct case_clock clock;
    bool asking;
    bool asked;
    bool repeated;      /* it was done already, by the same person */
    struct str display; /* the name of who calls; p NULL: not known */

    /* what it comes to */
    enum case_state to;
    struct str hospital;                /* of the patient; p NULL: none is known */
    struct str units[LIMIT_CASE_UNITS]; /* who is asked from here on */
    size_t unit_count;
    const struct network *network; /* of a case that is sent; NULL: none is held */
    struct network_way way;        /* to the first of them, of a case that is sent */
    struct case_bed bed;           /* that is taken; json NULL: none */
    struct str bed_hospital;       /* whose it is; p NULL: no other is taken than was */
    const char *reach;         /* of it, from home (app/network.h); NULL: not known */
    struct case_bed old_bed;   /* that is freed */
    struct search_query *ways; /* of a step that opens a way; NULL: of any other */
    struct case_rung ladder[LIMIT_CASE_LADDER]; /* by $send */
    size_t ladder_count;
    const struct json *request_after; /* NULL: it stays as it is */
    struct str words_id;              /* of the message or opinion; p NULL: none */

    /* the writing */
    struct store_write writes[CASE_WRITES_MAX]; /* Task; request; words; beds */
    size_t write_count;
    struct store_transaction tx;
};

/* Look at the case and judge. E_NOT_FOUND, E_FORBIDDEN, E_CONFLICT with who was first. Sets
 * ${d->repeated} where nothing is left to be done. Between call_read_begin() and
 * call_read_end(). */
int case_look(struct case_doing *d, struct err *err);

/* The type ${name} of R4. */
const struct fhir_type *case_type(const char *name);

/* ---- the rules of a step (case_rules.c) ---- */

/* Where the step leads from where the case stands. */
enum case_state case_leads_to(const struct case_doing *d);

/* Let the clock of a case that runs do what the step does to it. */
void case_clock_run(struct case_doing *d);

/* E_INVALID: of what was given something is missing, or does not go together. */
int case_given_check(const struct case_doing *d, struct err *err);

/* ---- who was first (case_first.c) ---- */

/* The step that brought a case to where it stands; name p NULL: none is told. */
struct case_last {
    struct str name;
    struct str by; /* a reference; p NULL: no person */
    struct str program;
    struct str at;
    struct str digest;
};
struct case_last case_last_step(const struct json *task);

/* The name of a Practitioner; p NULL: none is known. */
struct str case_person_name(struct case_doing *d, struct str reference);

/* E_CONFLICT: the step does not begin where the case stands. */
int case_refuse_state(struct case_doing *d, struct err *err);

/* Of a case that is not shown to the caller. E_CONFLICT, with who did it: it was, until its
 * last step, of LIMIT_CASE_GONE_SECONDS at most ago, and the caller's side could still have done ${d->step}. 0: nothing
 * of it may be told. */
int case_refuse_gone(struct case_doing *d, struct err *err);

/* ---- who is asked (case_ladder.c) ---- */

/* May the case go where ${d->request_after} sends it? Fills units, and of a case that is sent
 * the ladder. Steps that send nothing are let through. */
int case_sending_check(struct case_doing *d, struct err *err);

/* Begin the ladder: whom the request names from here on, then the departments they stand for. */
void case_ladder_make(struct case_doing *d);

/* Whom the ladder of ${task} names at ${level}, from 0; p NULL: nobody. */
struct str case_ladder_rung(const struct json *task, int64_t level);

/* Add ${who} as the next rung, unless they are on the ladder or it is full. */
void case_ladder_add(struct case_doing *d, struct str who, const char *as);

/* The rungs behind whom the request names (case_rungs.c). */
int case_rungs_add(struct case_doing *d, struct err *err);

/* What is promised to a case that is sent to ${d->units} (case_times.c). */
int case_times_find(struct case_doing *d, struct case_times *ret, struct err *err);

/* ---- what is written ---- */

/* Append the Task after the step (case_task.c). */
void case_task_put(struct buf *b, const struct case_doing *d);

/* Of a case that is sent: hold the network, before its snapshot is taken; how far it is to whom
 * it is sent, to ${d->way}; and let go (case_milestones.c). */
int case_network_take(struct case_doing *d, struct err *err);
void case_way_find(struct case_doing *d);
void case_network_release(struct case_doing *d);

/* Append the milestones after the step, where the case has some; and is ${url} theirs? */
void case_milestones_put(struct json_out *o, const struct case_doing *d);
bool case_milestones_is(struct str url);

/* Append the ServiceRequest after the step; false: it stays as it is. */
bool case_request_put(struct buf *b, const struct case_doing *d);

/* Append the message or the opinion (case_words.c); its type, NULL: none is written. */
const struct fhir_type *case_words_put(struct buf *b, const struct case_doing *d);

/* Make ${b} the record of ${w}, checked and prepared (case.c). */
int case_write_prepare(struct case_doing *d, struct store_write *w, const struct buf *b,
    const struct json **ret, struct err *err);

/* ---- transfers ---- */

/* Is the case of the kind ${kind}? */
bool case_is_of(const struct json *request, const char *kind);

/* Which bed the step takes, and which it frees (case_bed.c). E_INVALID: it is no bed of those
 * who are asked. E_CONFLICT: it is not free. */
int case_beds_find(struct case_doing *d, struct err *err);

/* Add the writes of both, each under the condition that it is what was looked at. */
int case_beds_write(struct case_doing *d, struct err *err);

/* Append Task.location after the step, where there is one. */
void case_bed_put(struct json_out *o, const struct case_doing *d);

/* E_CONFLICT: another transfer of the patient is open (case_way.c); named to whom it is
 * shown. Fills ${d->ways} where the step opens a way. */
int case_ways_check(struct case_doing *d, struct err *err);

/* The same inside the writer's transaction, in few words. */
int case_ways_hold(struct store_reader *r, const struct case_doing *d, struct err *err);

/* The first ${most} bytes of ${text}, no character cut through (case_task.c). */
struct str case_text_cut(struct str text, size_t most);

/* Answer ${rec}, unless the caller wants none (case.c). */
void case_answer(const struct case_doing *d, const struct store_record *rec);

/* After case_look(): what it held is given back (case.c). */
void case_look_end(struct case_doing *d);

#endif
