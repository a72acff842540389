/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done beside the steps of a case, and moves it nowhere: meetings of several
 * departments, and plans of rehabilitation (docs/adr/0033-mdt-and-plans.md). Operations on
 * the ServiceRequest, judged by the look of the case (case_look.c), that write records of
 * their own kinds.
 *
 *   beside_table.c      the operations: from where, by whom, with what
 *   beside_given.c      what was posted, read by that table
 *   beside.c            the way: look, write all in one transaction, answer
 *   beside_put.c        what their records have in common
 *   beside_make.c       the same records without looking anything up: beside_make.h
 *   mdt_call.c          a meeting is called: whom that asks
 *   mdt.c               the meeting: answers to it, its end
 *   mdt_minutes.c       what was decided, and who agrees
 *   plan.c              a plan of rehabilitation, and the one before it
 *   plan_follow.c       its sessions and what became of its goals
 */
#ifndef APP_BESIDE_INTERNAL_H
#define APP_BESIDE_INTERNAL_H

#include "app/case_internal.h"
#include "view/case_task.h"

/* What marks a record as one that these operations write, and nobody else. */
#define BESIDE_SYSTEM "https://belay.health/CodeSystem/case-record"

#define MDT_DEPARTMENT_URL "https://belay.health/StructureDefinition/mdt-department"
#define MDT_DECISION_URL "https://belay.health/StructureDefinition/mdt-decision"
#define MDT_MINUTES_URL "https://belay.health/StructureDefinition/mdt-minutes"
#define MDT_PRESENT_URL "https://belay.health/StructureDefinition/mdt-present"
#define MDT_REPLIED_URL "https://belay.health/StructureDefinition/mdt-replied"
#define MDT_WORD_URL "https://belay.health/StructureDefinition/mdt-word"
#define PLAN_ATTACHMENT_URL "https://belay.health/StructureDefinition/plan-attachment"
#define PLAN_SESSION_URL "https://belay.health/StructureDefinition/plan-session"

/* ---- the table (beside_table.c) ---- */

enum beside_value {
    BESIDE_TEXT,
    BESIDE_CODE,
    BESIDE_BOOLEAN,
    BESIDE_NUMBER, /* from 1 */
    BESIDE_INSTANT,
    BESIDE_DATE,
    BESIDE_UNIT,
    BESIDE_PERSON,
    BESIDE_ATTACHMENT,
    BESIDE_ID,
    BESIDE_PARTS,
};

struct beside_parameter {
    const char *name; /* NULL: there are no more */
    enum beside_value value;
    bool required;
    unsigned most;     /* how often it may be there; 0: once */
    const char *what;  /* for the sentence: "Say ${what}" */
    const char *codes; /* of a code: "yes no" */
    int64_t highest;   /* of a number */
    const struct beside_parameter *parts;
};

struct beside;

struct beside_step {
    struct case_step step; /* what case_look() asks; its parameters are not used */
    const struct beside_parameter *parameters;
    /* Fill writes, or set b->repeated and the record that is answered. */
    int (*plan)(struct beside *b, struct err *err);
};

/* The operation that ${name} ("$call-mdt") asks for; NULL: there is none. */
const struct beside_step *beside_step_named(struct str name);

/* ---- what was posted (beside_given.c) ---- */

/* Read the body of ${b}'s call by its table into ${b->given}. E_INVALID names the
 * parameter. */
int beside_given_read(struct beside *b, struct err *err);

/* The values of parameters named ${name} in ${list} ("parameter" or "part" of another). */
struct beside_values {
    struct json_each it;
    const char *name;
    const struct json *value; /* of BESIDE_PARTS: its list of parts */
};
struct beside_values beside_values(const struct json *list, const char *name);
bool beside_next(struct beside_values *values);
/* The first; NULL: there is none. */
const struct json *beside_value(const struct json *list, const char *name);
/* The same as a text, its ends trimmed; p NULL: there is none. */
struct str beside_text(const struct json *list, const char *name);
bool beside_true(const struct json *list, const char *name);
int64_t beside_number(const struct json *list, const char *name);

/* ---- on its way (beside.c) ---- */

#define BESIDE_WRITES (4 + 2 * LIMIT_PLAN_GOALS)

struct beside {
    struct case_doing d; /* the case as it stands, and who calls */
    const struct beside_step *step;
    const struct json *given; /* list of parameters */

    /* by the plan of the operation, anew after a lost race */
    bool repeated; /* nothing is left to be done: ${there} is answered */
    struct store_record there;
    struct store_write writes[BESIDE_WRITES];
    size_t write_count;
    struct store_transaction tx;
};

/* A record that is there, read. */
struct beside_record {
    const struct fhir_type *type;
    struct str id;
    struct store_record rec;
    const struct json *json; /* NULL: there is none */
};

/* The current version of ${type}/${id}; json NULL where there is none. */
int beside_load(struct beside *b, const char *type, struct str id,
    struct beside_record *ret, struct err *err);

/* Is ${ret} there already, made by the same call? Then it is answered, and
 * ${b->repeated} set. E_CONFLICT: another record has the id. */
int beside_is_there(struct beside *b, const char *type, struct str id, struct err *err);

/* Write ${text} as ${id} of ${type}: a new record, where ${before} is NULL or not there;
 * else the version after it. The first that is planned is answered. */
int beside_plan(struct beside *b, const char *type, struct str id,
    const struct beside_record *before, const struct buf *text, struct err *err);

/* ---- what records have in common (beside_put.c) ---- */

bool beside_is_about(
    const struct beside *b, const struct json *references); /* names our case */
bool beside_has_mark(const struct json *resource, const char *code);

void beside_put_head(
    struct json_out *o, const char *type, struct str id); /* opens the record */
void beside_put_mark(struct json_out *o, const char *name, const char *code, bool list);
void beside_put_case(
    struct json_out *o, const struct beside *b); /* a Reference to it */
void beside_put_me(struct json_out *o, const char *name, const struct beside *b);
void beside_put_subject(struct json_out *o, const struct beside *b);
/* {"url":U, and the value follows; json_close(o, '}') */
void beside_open_extension(struct json_out *o, const char *url);
void beside_put_extension_text(
    struct json_out *o, const char *url, const char *member, struct str text);

struct str beside_reference(struct beside *b, const char *type, struct str id);
struct str beside_id_of(const struct beside *b, struct str reference, const char *type);
struct str beside_new_id(struct beside *b);

/* ---- meetings ---- */

int mdt_call(struct beside *b, struct err *err);
int mdt_reply(struct beside *b, struct err *err);
int mdt_cancel(struct beside *b, struct err *err);
int mdt_minutes(struct beside *b, struct err *err);
int mdt_agree(struct beside *b, struct err *err);

/* The meeting that the parameter ${meeting} names, of this case. */
int mdt_load(struct beside *b, struct beside_record *ret, struct err *err);
bool mdt_is_caller(const struct beside *b, const struct json *meeting);
/* Who of ${meeting}'s participants ${person} is; NULL: none. */
const struct json *mdt_participant(const struct json *meeting, struct str person);
bool mdt_was_present(const struct json *participant);

/* Append the meeting that is called; its minutes, and the meeting that has them. */
void mdt_meeting_put(struct buf *out, const struct beside *b);
void mdt_minutes_put(
    struct buf *out, struct beside *b, const struct beside_record *meeting);
void mdt_held_put(struct buf *out, struct beside *b, const struct json *meeting);

/* ---- plans ---- */

struct plan_names {
    struct str goal_ids[LIMIT_PLAN_GOALS];
    struct str goals[LIMIT_PLAN_GOALS]; /* as references */
    size_t count;
    struct str before; /* the plan it replaces; p NULL: none */
};

/* Append the plan, one of its goals, the Task that names the plan. */
void plan_put(struct buf *out, struct beside *b, const struct plan_names *names);
void plan_goal_put(
    struct buf *out, const struct beside *b, struct str id, const struct json *parts);
void plan_task_put(struct buf *out, struct beside *b);

/* The ${number}th kind of session of ${plan}; NULL: it has fewer. Append one that was reported, and a
 * goal of which was said what became. */
const struct json *plan_session_find(const struct json *plan, int64_t number);
void plan_session_put(struct buf *out, struct beside *b,
    const struct beside_record *plan, const struct json *session);
void plan_judged_put(struct buf *out, const struct beside *b, const struct json *goal);

int plan_make(struct beside *b, struct err *err);
int plan_session(struct beside *b, struct err *err);
int plan_goal(struct beside *b, struct err *err);

/* ---- watches (watch.c) ---- */

int watch_begin(struct beside *b, struct err *err);
int watch_end(struct beside *b, struct err *err);
int watch_seen(struct beside *b, struct err *err);

/* ---- procedures that were guided (guided.c) ---- */

int guided_slot(struct beside *b, struct err *err);
int guided_record(struct beside *b, struct err *err);

/* The plan that is followed now, of the Task; json NULL: there is none. */
int plan_load(struct beside *b, struct beside_record *ret, struct err *err);

#endif
