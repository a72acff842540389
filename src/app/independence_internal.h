/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Apprenticeship/$independence: how many cases, or days, until apprentices are
 * independent, by procedure and teaching department (docs/LOGBOOK.md, docs/NUMBERS.md).
 *
 *   independence.c        who may ask, what is asked, the groups
 *   independence_facts.c  the apprenticeships, and what is kept of them between questions
 *   independence_cases.c  what each apprentice did, when they were signed off and when they left
 *   independence_count.c  each apprentice in a procedure: from when, until when, how it ended
 *   independence_write.c  what may be told, as Parameters
 */
#ifndef APP_INDEPENDENCE_INTERNAL_H
#define APP_INDEPENDENCE_INTERNAL_H

#include "app/caseload_internal.h"
#include "app/kept.h"
#include "app/logbook_internal.h"
#include "app/seek.h"
#include "engine/competence/survival.h"

/* Of fewer nothing is told, and no curve goes on where fewer are still at risk. */
#define INDEPENDENCE_LEAST SUPPRESS_SMALL
/* Times are told in steps of so many, rounded up: who knows a colleague's day of signing does
 * not learn their number of cases. */
#define INDEPENDENCE_CASES 5
#define INDEPENDENCE_DAYS 30
/* Of the curve of all, at every so many steps how many are at risk. */
#define INDEPENDENCE_RISK 6

/* What the records say now of everybody who learns or learned a procedure, whatever is asked: it has no quarter in it. */
struct independence_learner {
    struct str person; /* "Practitioner/ID"; not in what is kept */
    struct str code;
    utc_ms from; /* of their first apprenticeship */
    utc_ms
        signed_at; /* the third signature of the first sign-off; UTC_MS_MAX: none was */
    utc_ms
        left_at; /* when the last of their posts ends; UTC_MS_MAX: one runs, or none is known */
    utc_ms *cases; /* as operator, from then on */
    size_t case_count;
};

/* An apprenticeship of theirs. */
struct independence_stay {
    size_t learner;
    struct str department;  /* that teaches: "Organization/ID" */
    store_rid hospitals[2]; /* of the two departments; 0: none is known */
    utc_ms from, until;
};

struct independence_facts {
    struct independence_learner *learners;
    struct independence_stay *stays;
    size_t learner_count, stay_count;
};

/* Somebody who learns one procedure; of several apprenticeships the first says where. */
struct independence_subject {
    const struct independence_learner *learner;
    struct str code;
    struct str department;
    store_rid hospitals[2];
    utc_ms from, until; /* of the apprenticeships together */
    bool counts;        /* was not independent before */
    bool ended;         /* the last apprenticeship has */
    bool dependent;     /* and they were not independent then */
    struct survival_subject survival;
};

struct independence_figures {
    struct app_call *call;
    struct seek seek;
    struct reader *reader; /* of nobody: only asked whose hospital a unit is of */
    struct caseload_quarter quarter;
    struct str period;
    struct str code; /* only this procedure; p NULL: all */
    bool days;       /* instead of cases */
    bool pooled;     /* all that is told as one curve too */
    bool all;        /* the caller may know of every department */
    store_rid *mine; /* else of these hospitals */
    size_t mine_count;
    struct kept_value *held; /* whose facts these are; NULL: the call's */
    struct independence_facts facts;
    struct independence_subject *list;
    size_t count;
    struct survival_subject *pool; /* of the groups that are told, as far as they are */
    size_t pool_count, pool_groups;
};

/* Find the facts, those that are kept where they hold still; what is held is to be given back. E_TOO_LARGE: more than
 * LIMIT_INDEPENDENCE learn what is asked about. */
int independence_facts(struct independence_figures *in, struct err *err);

/* Fill in what ${facts} do not say yet of their learners, whose person, code and begin are known. */
int independence_cases(
    struct independence_figures *in, struct independence_facts *facts, struct err *err);

/* Fill the list from the facts, in the order of code and department. */
int independence_count(struct independence_figures *in, struct err *err);

/* Append the answer. */
int independence_write(struct independence_figures *in, struct err *err);

#endif
