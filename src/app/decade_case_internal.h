/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases of the decade: a doctor of a helped hospital asks the twin department over the wire.
 *
 *   decade_case.c        who asks whom, and what is planned: when each step is due
 *   decade_case_abroad.c cases of hospitals abroad, with the consent of each
 *   decade_transfer.c    transfers: who is sent where, beds
 *   decade_beside.c      meetings, plans of rehabilitation, watches beside cases
 *   decade_case_step.c   the steps of a day, by the operations' own builders (app/case_make.h)
 *   decade_case_put.c    patients, drafts, what is posted to a step
 *
 * Of the steps of one day the log holds where the case stood in the evening.
 */
#ifndef APP_DECADE_CASE_INTERNAL_H
#define APP_DECADE_CASE_INTERNAL_H

#include "app/case_make.h"
#include "app/decade_internal.h"

enum case_deed {
    DEED_SEND,
    DEED_ACCEPT,
    DEED_ASK_BACK,
    DEED_INFORM,
    DEED_REROUTE,
    DEED_ANSWER,
    DEED_ACT,
    DEED_OUTCOME,
    DEED_CLOSE,
    DEED_DECLINE,
    DEED_WITHDRAW,
    DEED_PROMISE, /* a bed; from here on of transfers */
    DEED_DEPART,
    DEED_ARRIVE,
    DEED_RETURN,
    DEED_ESCALATE, /* the node's own */
    DEED_EXPIRE,
};

#define CASE_DEEDS_MAX 12

/* One step that is planned: so many minutes after the case's first day began. */
struct case_plan {
    enum case_deed deed;
    uint32_t minute;
};

/* A text in d->arena that is written over: what a case's records are now. */
struct case_text {
    char *at;
    size_t len, room;
};

enum decade_case_kind { KIND_ADVICE, KIND_SECOND, KIND_TRANSFER };

enum case_intent { INTENT_NOT_SAID, INTENT_STAY, INTENT_TRANSFER };

struct decade_case {
    enum decade_case_kind kind;
    uint32_t patient_of;    /* the case whose patient it is: itself, or one before it */
    uint32_t asking, asked; /* departments */
    uint32_t elsewhere;     /* the department that it is sent on to; DECADE_NONE */
    uint32_t asker, answerer;
    day_number day; /* on which it is sent */
    day_number born;
    uint8_t country;  /* asked from there: of decade_countries, from 1; 0: from here */
    uint8_t urgency;  /* routine, urgent, stat */
    uint8_t intent;   /* enum case_intent */
    uint8_t missing;  /* of what is asked for */
    uint8_t why;      /* of a transfer: as in decade_case_put.c */
    uint32_t illness; /* of catalogue_illnesses; DECADE_NONE: none is named */
    uint8_t here;     /* yes, with help, no */
    uint8_t helpful;  /* yes, partly, no */
    uint8_t patient;  /* better, same, worse, died, unknown */
    uint8_t means;    /* of the journey: as in decade_case_put.c */
    bool told;        /* what became of it is told */
    bool answered;
    bool over;      /* no step is to come */
    uint32_t holds; /* of what is done beside it and not over */
    enum case_state state;
    bool plan_changed, avoided, female, tibetan;
    struct case_plan plan[CASE_DEEDS_MAX];
    uint32_t planned, done;
    uint32_t said;         /* messages and opinions so far */
    utc_ms next;           /* when the node looks again; 0: never */
    bool moved, asks_anew; /* today: the Task, the request */
    uint32_t bed;    /* of cases.beds, that is kept for the patient; DECADE_NONE */
    utc_ms expected; /* at the other place */
    uint32_t kept;   /* of cases.texts: the request and behind it the Task */
};

struct case_answerer {
    uint32_t department, person;
};

/* One of a hospital that takes patients in. */
struct case_place {
    uint32_t hospital;
    bool taken;
    struct case_text text; /* the Location as it is */
};

#define BESIDE_ACTS_MAX 10

enum beside_act {
    ACT_CALL, /* a meeting; then its minutes */
    ACT_MINUTES,
    ACT_PLAN, /* of rehabilitation; then sessions, and what became of the first goal */
    ACT_SESSION,
    ACT_GOAL,
    ACT_WATCH, /* then what is measured, until it ends */
    ACT_MEASURE,
    ACT_END,
};

/* What is done beside a case, one after the other. */
struct decade_beside {
    uint32_t of; /* case */
    struct {
        enum beside_act act;
        utc_ms at;
    } acts[BESIDE_ACTS_MAX];
    uint32_t count, done;
    utc_ms until;          /* of a watch */
    struct case_text text; /* the meeting, plan or watch as it is */
    struct case_text goal; /* of a plan: its first */
};

struct cases {
    struct decade *d;
    struct chance chance;
    struct arena *arena; /* of one step */
    struct decade_case *list;
    uint32_t count, room;
    struct case_answerer *answerers;
    uint32_t answerer_count, answerer_room;
    struct case_text (
        *texts)[2]; /* of open cases; those of ended ones are used again */
    uint32_t text_count, text_room;
    uint32_t *free_texts;
    uint32_t free_count, free_room;
    struct case_place *beds;
    uint32_t bed_count, bed_room;
    struct chance moves; /* of transfers */
    struct decade_beside *besides;
    uint32_t beside_count, beside_room;
    struct chance beside;
};

struct cases *cases_of(const struct decade *d);

/* ---- decade_case.c ---- */

/* Who answers for ${department} at home, the same for all ten years; DECADE_NONE: no memory. */
uint32_t case_answerer_of(struct cases *c, uint32_t department, struct err *err);

/* Plan ${deed} so many minutes after the step that is planned last. */
void case_then(
    struct cases *c, struct decade_case *one, enum case_deed deed, int32_t minutes);

/* So long as half of them take less than ${median}, with a long tail. */
int32_t case_spread(struct chance *c, int32_t median);

/* Chosen: of a thousand of the mean, by month. */
extern const uint16_t case_season[12];

/* What is asked, planned and begun of ${one}: both departments, who asks, country and day are there. */
int case_ask(struct cases *c, struct decade_case *one, uint32_t year, struct err *err);

/* Write ${one} with its patient, unless that one is there, and begin it. */
int case_open(struct cases *c, struct decade_case *one, struct err *err);

/* ---- decade_case_abroad.c ---- */

/* Those of this month, of hospitals abroad; ${year} from 2015 on. */
int cases_abroad_month(struct cases *c, uint32_t year, struct err *err);

/* The consent of the patient of the case ${at} to its crossing the border. */
void case_consent_write(struct cases *c, uint32_t at);

/* ---- decade_transfer.c ---- */

/* Those of this month that nobody asked about before; ${year} from 2015 on. */
int transfers_month(struct cases *c, uint32_t year, unsigned month, struct err *err);

/* A deed: the patient of the case of[0], of whom the answer did not say that they could stay, is sent
 * away. */
int transfer_after(struct decade *d, const uint32_t of[4], struct err *err);

/* How far the patient of ${one} goes, as network_reach() has it. */
const char *transfer_reach(const struct decade *d, const struct decade_case *one);

/* A free bed of ${hospital}, written where there is none yet; DECADE_NONE: no memory. */
uint32_t transfer_bed(struct cases *c, uint32_t hospital, struct err *err);
const char *transfer_bed_id(uint32_t bed, char out[PERSON_ID_MAX]);

/* ---- decade_beside.c ---- */

/* The case ${at} was answered ${when}: what is done beside it, if anything is. */
int beside_begin(struct cases *c, uint32_t at, utc_ms when, struct err *err);

/* ---- decade_case_step.c ---- */

/* Its texts may be used for another where no step and nothing beside it is to come. */
int case_let_go(struct cases *c, struct decade_case *one, struct err *err);

#define CASE_REQUEST 0
#define CASE_TASK 1
/* The request or the Task as it stands; p NULL: there is none yet. */
struct str case_text_of(const struct cases *c, const struct decade_case *one, int of);

/* Who does something today for the side that asks, or that is asked: where who did it so far has left,
 * a colleague of the department; DECADE_NONE. */
uint32_t case_doer(struct cases *c, const struct decade_case *one, bool asks);

/* "Practitioner/ID" and the name of ${person}, in c->arena. */
struct str case_reference(struct cases *c, uint32_t person);
struct str case_display(struct cases *c, uint32_t person);

/* ${text} goes into the log of today. */
void case_line(struct decade *d, struct str text);

/* Keep ${text} in ${t}, in the place of what was there. */
int case_text_keep(
    struct cases *c, struct case_text *t, struct str text, struct err *err);

struct network_way case_way_between(
    const struct decade *d, uint32_t from, uint32_t to, utc_ms at);

/* Begin the case ${at}, whose patient and plan are there: its steps of today, and when the next
 * are due. */
int case_begin(struct cases *c, uint32_t at, struct err *err);

/* ---- decade_case_put.c ---- */

#define CASE_ID_MAX 24
const char *case_id(uint32_t at, char out[CASE_ID_MAX]);

void case_patient_write(struct cases *c, uint32_t at);
void case_draft_put(struct cases *c, uint32_t at, struct buf *b);
/* A Parameters; nothing where the step has none. */
void case_parameters_put(
    struct cases *c, uint32_t at, enum case_deed deed, struct buf *b);
const char *case_deed_name(enum case_deed deed);
/* A part of what is posted: a text as ${kind}, and a reference. */
void put_part(
    struct json_out *o, const char *name, const char *kind, const char *value);
void put_part_reference(
    struct json_out *o, const char *name, const char *type, const char *id);

#endif
