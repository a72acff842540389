/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Apprenticeship/$independence: how many cases, or days, until apprentices are
 * independent, by procedure and teaching department (docs/LOGBOOK.md, docs/NUMBERS.md).
 *
 *   independence.c        who may ask, what is asked, the groups
 *   independence_count.c  each apprentice in a procedure: from when, until when, how it ended
 *   independence_write.c  what may be told, as Parameters
 */
#ifndef APP_INDEPENDENCE_INTERNAL_H
#define APP_INDEPENDENCE_INTERNAL_H

#include "app/caseload_internal.h"
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

/* Somebody who learns one procedure; of several apprenticeships the first says where. */
struct independence_subject {
    struct str person; /* "Practitioner/ID" */
    struct str code;
    struct str department;  /* that teaches: "Organization/ID" */
    store_rid hospitals[2]; /* of the two departments; 0: none is known */
    utc_ms from, until;     /* of the apprenticeships together */
    bool counts;            /* was not independent before */
    bool ended;             /* the last apprenticeship has */
    bool dependent;         /* and they were not independent then */
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
    struct independence_subject *list;
    size_t count, cap;
    struct survival_subject *pool; /* of the groups that are told, as far as they are */
    size_t pool_count, pool_groups;
    struct text_map map; /* "Practitioner/ID code": a place in the list */
};

/* Fill the list, in the order of code and department. E_TOO_LARGE. */
int independence_count(struct independence_figures *in, struct err *err);

/* Append the answer. */
int independence_write(struct independence_figures *in, struct err *err);

#endif
