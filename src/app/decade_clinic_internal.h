/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decade's clinic: who learns which procedure under whom, every operation, what was said
 * of it and what became of it, and who is signed off.
 *
 *   decade_technique.c      what can be learnt, with its numbers
 *   decade_clinic.c         the part: which department does what from when, month by month
 *   decade_clinic_learn.c   who learns, how far they are, the apprenticeships
 *   decade_operation.c      an operation: who does it, how it goes, what is found later
 *   decade_operation_put.c  the records of it
 *   decade_sign.c           sign-offs; decade_sign_put.c: their records
 *
 * A *line* is one procedure at one department.
 */
#ifndef APP_DECADE_CLINIC_INTERNAL_H
#define APP_DECADE_CLINIC_INTERNAL_H

#include <stdio.h>
#include <string.h>

#include "app/decade_internal.h"
#include "app/procedure_rule.h"

/* ---- decade_technique.c ---- */

#define DECADE_TECHNIQUES 158

struct decade_technique {
    const char *code;      /* of the catalogue */
    const char *specialty; /* of decade_specialties */
    uint8_t year;          /* 20yy */
    uint8_t volume;        /* a year, at a hospital of middle size */
    uint8_t county;        /* the same at a county hospital; 0: never */
    uint8_t hard;          /* 1 to 3 */
};
extern const struct decade_technique decade_techniques[DECADE_TECHNIQUES];

/* ---- what is kept ---- */

#define CLINIC_LEARNERS 3 /* of one line at a time */

/* Somebody on the way to doing one procedure alone. */
struct clinic_learner {
    uint32_t person;
    uint32_t line;
    uint32_t distance; /* from mastery, millionths: falls with each case */
    uint16_t slow;     /* a case takes 1/slow of the distance */
    uint32_t cases;    /* as operator */
    struct clinic_case *list;
    uint32_t room;
    day_number signed_from, signed_until; /* 0: not signed off */
    uint32_t sign_off; /* the one that counts, or that waits; 0: none */
    bool waiting;      /* for signatures */
    bool lapsed; /* too few operations: counts no more, whatever the period says */
};

/* The conditions of a sign-off on a day. */
struct clinic_judged {
    const struct procedure_rule *rule;
    struct sign_off_list list;
    uint32_t thing;   /* the procedure, of the catalogue */
    uint32_t present; /* which of the devices that it needs served there: a bit each */
    day_number day;
};

enum clinic_sign_off_status {
    CLINIC_PROPOSED,
    CLINIC_SIGNED,
    CLINIC_REFUSED,
    CLINIC_WITHDRAWN
};

struct clinic_sign_off {
    uint32_t learner;
    uint32_t renews; /* the number of another, from 1; 0: none */
    uint32_t proposer;
    uint32_t signers[3]; /* master, head of department, quality office */
    day_number proposed;
    day_number days[3]; /* of the signatures; 0: not given */
    uint32_t unmet[3];  /* bits by enum sign_off_condition */
    bool lent[3];       /* equipment was missing then */
    uint32_t signatures;
    enum clinic_sign_off_status status;
    day_number from;  /* counts since; 0: does not yet */
    day_number until; /* the last day for which it was signed */
    day_number stops; /* the last day on which it counts: renewed or withdrawn before */
    day_number ended;
    uint32_t ender; /* which of the signers */
    bool reckoned;  /* when it lapses */
    utc_ms lapses;  /* too few operations, if nobody adds any; RECENCY_NEVER */
    utc_ms told;    /* since when it has lapsed, as it is written; 0: has not */
    struct clinic_judged judged;
};

/* One case as operator: what a sign-off is judged by. */
struct clinic_case {
    uint32_t operation;
    uint8_t level;     /* enum independence; 0: nobody rated it */
    uint32_t assessor; /* person; DECADE_NONE */
    uint32_t rotation; /* the number of an Apprenticeship; 0: none */
};

struct clinic_line {
    uint16_t technique;
    uint32_t department;
    day_number since; /* the first one may be done */
    uint32_t volume;  /* thousandths a year */
    uint32_t done;
    uint32_t learners[CLINIC_LEARNERS]; /* indexes; DECADE_NONE */
    uint32_t learner_count;
};

enum clinic_flag {
    CLINIC_NO_PATIENT = 1,
    CLINIC_REVIEWED = 2,
    CLINIC_WRONG = 4,        /* something else was written down first */
    CLINIC_KNOWN = 8,        /* written, as decade_gap.c has noted */
    CLINIC_KNOWN_WRONG = 16, /* the same, as something else */
    CLINIC_RATED = 32,       /* who operated, by who supervised */
    CLINIC_ASSISTANT_RATED = 64,
};

/* An operation, so that what is found out later can be written. */
struct clinic_operation {
    uint32_t line;
    uint32_t patient;
    uint32_t people[3]; /* operator, supervisor, assistant; DECADE_NONE */
    uint32_t recorder;
    uint32_t device; /* that it names as used; DECADE_NONE */
    day_number day;
    uint16_t minute;
    uint8_t results[LOOKS]; /* enum procedure_result, as found so far */
    uint8_t truth;          /* what became of it */
    uint8_t flags;
    day_number looked[LOOKS + 1]; /* on which day each was found, and reviewed */
    uint32_t lookers[LOOKS + 1];
};

/* Who is apprenticed to whom here; one posting's worth. */
struct clinic_apprenticeship {
    uint32_t apprentice; /* person */
    uint32_t posting;
    uint32_t serial;
    day_number from, until;
    uint16_t goals[4]; /* techniques */
    uint8_t goal_count;
};

struct clinic {
    struct decade *d;
    struct chance plan;  /* what is begun when */
    struct chance way;   /* who and how */
    struct chance paper; /* what is written late, wrongly or never */
    struct chance sign;
    struct chance means; /* which device is named */
    struct clinic_line *lines;
    uint32_t line_count, line_room;
    struct clinic_learner *learners;
    uint32_t learner_count, learner_room;
    struct clinic_operation *operations;
    uint32_t operation_count, operation_room;
    struct clinic_apprenticeship *apprenticeships;
    uint32_t apprenticeship_count, apprenticeship_room;
    uint32_t patients;
    struct clinic_sign_off *sign_offs;
    uint32_t sign_off_count, sign_off_room;
};

/* What d->parts keeps of the clinic. */
struct clinic *clinic_of(const struct decade *d);

/* ---- decade_clinic_learn.c ---- */

/* Does ${person} work at ${department} today? */
bool clinic_is_there(const struct clinic *c, uint32_t person, uint32_t department);

/* Bring the learners of the line ${at} up to as many as its volume teaches. */
int clinic_learners(struct clinic *c, uint32_t at, struct err *err);

/* One case more. */
void clinic_learnt(struct clinic_learner *l);

/* What is left to mastery, in percent. */
uint32_t clinic_distance(const struct clinic_learner *l);

/* The number of the Apprenticeship under which ${l} learns from ${posting} today, made if there
 * is none; 0: the expert has enough apprentices, or leaves soon. */
int clinic_apprenticed(struct clinic *c, const struct clinic_learner *l,
    uint32_t posting, uint32_t *ret, struct err *err);

/* Does it name ${technique}? */
bool clinic_aims_at(const struct clinic_apprenticeship *a, uint16_t technique);

/* ---- decade_operation.c ---- */

/* A deed: one operation of the line of[0] today, if somebody can do it. */
int clinic_operate(struct decade *d, const uint32_t of[4], struct err *err);

/* ---- decade_operation_put.c ---- */

struct clinic_rating {
    uint32_t operation;
    enum procedure_function rated; /* who operated, or who assisted */
    uint32_t value;                /* on the O-SCORE */
    uint32_t distance;             /* from mastery, in percent */
    uint32_t difficulty;           /* 1 to 3 */
};

const char *operation_id(uint32_t operation, char out[PERSON_ID_MAX]);

/* ${known}: it is written already, and only chance goes on. */
void clinic_patient_write(
    struct clinic *c, uint32_t patient, uint32_t department, bool known);
void clinic_operation_write(struct clinic *c, uint32_t operation);
/* The line under which ${one} stands in its record. */
uint32_t clinic_line_written(
    const struct clinic *c, const struct clinic_operation *one);
/* Whose word it is: who supervised, else who operated. */
uint32_t clinic_teacher(const struct clinic_operation *one);
void clinic_rating_write(struct clinic *c, const struct clinic_rating *rating);

/* ---- decade_gap.c: what was written may move a gap ---- */

int clinic_gap_operation(struct clinic *c, uint32_t operation, struct err *err);
void clinic_gap_line(struct clinic *c, uint32_t line);

/* ---- decade_sign_put.c ---- */

/* Is ${p}, a visiting expert, signed off in ${t} at home? */
bool clinic_brought(const struct decade_person *p, const struct decade_technique *t);

/* ---- decade_sign.c ---- */

/* Who may be signed off, whose time is over, who is to be looked at: once a month. */
int clinic_sign_month(struct clinic *c, struct err *err);

#endif
