/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decade's gaps in technique: what each hospital's departments shall be able to do and cannot,
 * and where that stands, evening by evening.
 *
 *   decade_gap.c        the part: what may have moved, and the evening's look
 *   decade_gap_list.c   what is listed when, and promised for when
 *   decade_gap_judge.c  whether a department can do a procedure: the network's evidence
 *   decade_gap_put.c    the records
 *
 * The node reads where a gap stands from its network (gap_look.c), and during a load there is none.
 * Here the same engine judges the same evidence, from what the decade has written until then, and
 * the same functions say what state follows and write it. test_decade_gap.c holds that the node's
 * own look afterwards finds nothing to write.
 */
#ifndef APP_DECADE_GAP_INTERNAL_H
#define APP_DECADE_GAP_INTERNAL_H

#include "app/catalogue.h"
#include "app/decade_clinic_internal.h"
#include "app/gap_internal.h"

#define GAP_DAY_MS ((utc_ms)24 * 60 * 60000)

/* One of the clinic's, by the same number. */
struct gap_line {
    struct decade_list known;    /* operations that were ever written under it */
    struct decade_list learners; /* all that it ever had */
    struct decade_list gaps;     /* that need it; none: it is not judged */
    uint32_t thing;
    bool dirty;
    bool late;       /* an operation was told today that was done earlier */
    bool mended;     /* and one that stood under it stands elsewhere */
    day_number next; /* on which it may change by itself */
    struct capability_answer answer;
    utc_ms first; /* done here for the first time; 0: never */
};

struct gap {
    uint32_t hospital, department;
    uint32_t thing;
    uint32_t lines[LIMIT_CATALOGUE_NEEDS];
    uint32_t line_count;
    bool lacks; /* one of its needs is done by no department here */
    bool dirty;
    uint32_t owner;
    day_number planned;     /* 0: no day is promised */
    bool said;              /* the hospital says that it does it now */
    struct gap_facts facts; /* as they were judged last */
    enum gap_state state;   /* as it is written */
    struct str text;        /* its Task, as it was written last */
};

struct gap_hospital {
    struct chance chance;         /* what it lists */
    bool *serves;                 /* a kind of device each */
    day_number until;             /* devices are looked at again until this day */
    uint32_t *lines;              /* a procedure each; DECADE_NONE */
    struct decade_list postings;  /* that are not over */
    struct decade_list illnesses; /* that it may list, in the order in which it does */
};

struct decade_gaps {
    struct decade *d;
    struct chance chance;
    struct chance says;    /* of what is filled: is it said? */
    struct arena *scratch; /* emptied after each judgement */
    struct gap_line *lines;
    uint32_t line_count;
    struct gap_hospital *hospitals;
    uint32_t hospital_count; /* assisted and county hospitals, which stand first */
    struct gap *list;
    uint32_t count, room;
    struct decade_list *tied; /* a department each: its apprenticeships */
    uint32_t learners_seen, postings_seen, apprenticeships_seen;
};

/* ---- decade_gap_judge.c ---- */

/* Judge the line ${at} at ${now} into its answer, first and next. */
int gap_line_judge(struct decade_gaps *g, uint32_t at, utc_ms now, struct err *err);

/* When too few operations of ${l} end what ${s} signed (network_signed.c); RECENCY_NEVER. E_NOMEM. */
int gap_lapses(struct decade_gaps *g, const struct clinic_learner *l,
    const struct clinic_sign_off *s, utc_ms *ret);

/* What follows for ${gap}, as gap_look() has it of a Task. */
struct gap_look gap_stands(const struct decade_gaps *g, const struct gap *gap);

/* ---- decade_gap_list.c ---- */

/* ${thing} at ${hospital} with the lines that it needs, of the department that begins last with
 * one; false: nobody there does one of them. */
bool gap_of(
    const struct decade_gaps *g, uint32_t hospital, uint32_t thing, struct gap *ret);
/* What each hospital may list, in its order. */
int gap_list_begin(struct decade_gaps *g, struct err *err);
/* This month's lists: who writes down what on which day. */
int gap_list_month(struct decade_gaps *g, struct err *err);

/* ---- decade_gap_put.c ---- */

/* Write the service and the Task of ${gap}, which is opened today. */
int gap_write_opened(struct decade_gaps *g, uint32_t gap, struct err *err);
/* The service of ${gap}: the hospital says that it does it now. */
void gap_write_said(struct decade_gaps *g, uint32_t gap);
/* The day that is promised now, as Task/ID/$gap writes it. */
int gap_write_planned(struct decade_gaps *g, uint32_t gap, struct err *err);
/* Where it stands since ${now}, as the node's look writes it. */
int gap_write_state(struct decade_gaps *g, uint32_t gap, const struct gap_look *look,
    utc_ms now, struct err *err);

#endif
