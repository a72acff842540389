/* SPDX-License-Identifier: Apache-2.0 */
/*
 * May a doctor be signed off as independent in a procedure? The engine lists each condition
 * as met, not met or not known, with the number that says so; people decide and sign, and
 * may sign against the list with a reason. Pure functions; any thread.
 */
#ifndef ENGINE_COMPETENCE_SIGN_OFF_H
#define ENGINE_COMPETENCE_SIGN_OFF_H

#include <stdint.h>

#include "engine/competence/curve.h"

/* The one scale that all others are mapped to; the original is kept with the record. */
enum independence {
    INDEPENDENCE_NOT_RATED,
    INDEPENDENCE_ASSISTS,      /* observes, assists */
    INDEPENDENCE_HELPED,       /* active help; Zwisch 1 and 2 */
    INDEPENDENCE_PASSIVE_HELP, /* Zwisch 3 */
    INDEPENDENCE_SUPERVISED,   /* supervision only; Zwisch 4, O-SCORE 4 */
    INDEPENDENCE_ALONE,        /* unsupervised; O-SCORE 5, eLogbook P */
    INDEPENDENCE_TEACHES       /* eLogbook T */
};

enum sign_off_outcome { OUTCOME_NOT_KNOWN, OUTCOME_GOOD, OUTCOME_FAILURE };

struct sign_off_case {
    int64_t when; /* milliseconds since 1970 */
    enum independence level;
    uint32_t assessor, rotation; /* any numbers that tell them apart; 0: none */
    enum sign_off_outcome outcome;
    bool serious_event_open;
};

/* Parameters of one procedure: a record with a source and a version somewhere. */
struct sign_off_rule {
    int volume;                      /* cases at least */
    int ratings;                     /* the last so many rated cases ... */
    enum independence level;         /* ... were all at least at this level */
    int assessors, rotations;        /* by so many different, in so many different */
    double outcome_share;            /* of the cases whose outcome is known, 0 to 1 */
    const struct curve_rule *curve;  /* prepared */
    double highest_rate, confidence; /* or: the failure rate is below with so much */
    int recent_cases, recent_days;   /* so many cases within the last so many days */
};

enum sign_off_condition {
    SIGN_OFF_VOLUME,    /* value cases, needed so many */
    SIGN_OFF_RATINGS,   /* value of the last ratings at the level, needed all */
    SIGN_OFF_ASSESSORS, /* value, needed */
    SIGN_OFF_ROTATIONS, /* value, needed */
    SIGN_OFF_CURVE,    /* value: the posterior in per cent; met by it or by the curve */
    SIGN_OFF_OUTCOMES, /* value per cent, needed per cent */
    SIGN_OFF_NO_EVENT, /* value open serious events, needed 0 */
    SIGN_OFF_RECENCY,  /* value cases, needed */
    SIGN_OFF_PLACE,    /* equipment, consumables, anaesthesia and team */
    SIGN_OFF_CONDITIONS
};

enum sign_off_answer { SIGN_OFF_NOT_KNOWN, SIGN_OFF_NOT_MET, SIGN_OFF_MET };

struct sign_off_line {
    enum sign_off_answer answer;
    int value, needed;
};

struct sign_off_list {
    struct sign_off_line lines[SIGN_OFF_CONDITIONS];
    struct curve_state curve; /* of the cases whose outcome is known */
    int more_cases; /* the least that could still meet volume, ratings and curve */
    bool all_met;
};

/* The list of ${count} cases, oldest first, at ${now}. ${place}: whether the hospital has
 * what the procedure needs, as somebody answered. ${expected}: cases still to be had, for
 * the curve's verdict. E_NOMEM. */
struct sign_off_question {
    const struct sign_off_case *cases;
    size_t count;
    enum sign_off_answer place;
    int expected;
    int64_t now;
};
int sign_off_list(const struct sign_off_rule *rule,
    const struct sign_off_question *question, struct sign_off_list *ret,
    struct err *err);

/* The scales that ratings come in. */
enum independence independence_of_zwisch(int zwisch);   /* 1 to 4, else not rated */
enum independence independence_of_o_score(int o_score); /* 1 to 5, else not rated */

#endif
