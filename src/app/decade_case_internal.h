/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases of the decade: a doctor of a helped hospital asks the twin department over the wire.
 *
 *   decade_case.c        who asks whom, and what is planned: when each step is due
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

enum case_intent { INTENT_NOT_SAID, INTENT_STAY, INTENT_TRANSFER };

struct decade_case {
    uint32_t asking, asked; /* departments */
    uint32_t elsewhere;     /* the department that it is sent on to; DECADE_NONE */
    uint32_t asker, answerer;
    day_number day; /* on which it is sent */
    day_number born;
    uint8_t urgency; /* routine, urgent, stat */
    uint8_t intent;  /* enum case_intent */
    uint8_t missing; /* of what is asked for */
    uint8_t here;    /* yes, with help, no */
    uint8_t helpful; /* yes, partly, no */
    uint8_t patient; /* better, same, worse, died, unknown */
    bool second;     /* a second opinion */
    bool told;       /* what became of it is told */
    bool plan_changed, avoided, female, tibetan;
    struct case_plan plan[CASE_DEEDS_MAX];
    uint32_t planned, done;
    uint32_t said;         /* messages and opinions so far */
    utc_ms next;           /* when the node looks again; 0: never */
    bool moved, asks_anew; /* today: the Task, the request */
    uint32_t kept;         /* of cases.texts: the request and behind it the Task */
};

struct case_answerer {
    uint32_t department, person;
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
};

struct cases *cases_of(const struct decade *d);

/* ---- decade_case.c ---- */

/* Who answers for ${department} at home, the same for all ten years; DECADE_NONE: no memory. */
uint32_t case_answerer_of(struct cases *c, uint32_t department, struct err *err);

/* ---- decade_case_step.c ---- */

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

#endif
