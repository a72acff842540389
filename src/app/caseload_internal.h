/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ServiceRequest/$caseload: how many cases, for coordinators and directors, who see no
 * patient. docs/NUMBERS.md says what somebody could try, and why it fails.
 *
 *   caseload.c          who may ask, what is asked
 *   caseload_count.c    the cases of a quarter, each as one value on every axis
 *   caseload_publish.c  the one publication of a quarter: tables, and what they hide
 *   caseload_write.c    the part of it that somebody is shown, as MeasureReport
 *
 * Everybody is shown a part of the SAME publication, which is made of all cases of the
 * node: so two questions, or two people's, have no difference to tell.
 */
#ifndef APP_CASELOAD_INTERNAL_H
#define APP_CASELOAD_INTERNAL_H

#include "app/app_internal.h"
#include "app/text_map.h"
#include "engine/numbers/suppress.h"
#include "view/reader.h"

enum caseload_axis_kind {
    CASELOAD_HOSPITAL, /* the patient's: rows of all tables */
    CASELOAD_DEPARTMENT,
    CASELOAD_KIND,
    CASELOAD_URGENCY,
    CASELOAD_STATUS,
    CASELOAD_MONTH,
    CASELOAD_AXES
};
#define CASELOAD_TABLES (CASELOAD_AXES - 1) /* table n: axis n + 1 */

/* A calendar quarter, in UTC. */
struct caseload_quarter {
    int64_t year;
    unsigned first_month;
    utc_ms from, until;
};

/* The calendar quarter ${value}, "2026-Q3", which must have ended by ${now}. E_INVALID. */
int caseload_period(
    struct str value, utc_ms now, struct caseload_quarter *ret, struct err *err);

/* What "by" calls an axis. */
const char *caseload_axis_name(enum caseload_axis_kind kind);

struct caseload_axis {
    struct str *codes;
    struct str *texts; /* filled by publishing: what people call it */
    size_t count, cap;
    struct text_map map;
};

struct caseload_case {
    uint32_t on[CASELOAD_AXES];
};

struct caseload {
    struct app_call *call;
    struct store_reader *snapshot;
    struct reader *reader; /* of nobody: only asked whose a patient is */
    struct arena *scratch;
    struct caseload_quarter quarter;
    struct caseload_axis axes[CASELOAD_AXES];
    struct caseload_case *cases;
    size_t count, cap;
    struct text_map by_id; /* cases by the id of their ServiceRequest */

    /* the publication */
    struct suppress shown;
    struct suppress_table tables[CASELOAD_TABLES];
    bool *mine; /* a hospital each: its row is for this caller */
    bool all;   /* all are */
};

/* Fill axes and cases. E_TOO_LARGE: LIMIT_CASELOAD_CASES, LIMIT_CASELOAD_AXIS. */
int caseload_count(struct caseload *c, struct err *err);

/* Order the axes, name what is on them, make the tables and decide what they hide. */
int caseload_publish(struct caseload *c, struct err *err);

/* Fill mine and all by the posts of the caller. */
int caseload_scope(struct caseload *c, struct err *err);

/* Write what ${c}'s caller is shown by ${axes} (${count}, at most two; of two the first is
 * CASELOAD_HOSPITAL). */
void caseload_write(
    struct caseload *c, const enum caseload_axis_kind *axes, size_t count);

#endif
