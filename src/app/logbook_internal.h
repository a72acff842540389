/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the logbook share. */
#ifndef APP_LOGBOOK_INTERNAL_H
#define APP_LOGBOOK_INTERNAL_H

#include "app/procedure_internal.h"
#include "app/procedure_rule.h"

#define LOGBOOK_EXPECTED_DAYS 90

/* An Apprenticeship of the person. */
struct logbook_rotation {
    store_rid record;
    store_rid master;
    utc_ms from, until;
};

/* One procedure of somebody's logbook. */
struct logbook_line {
    struct str code;
    const struct procedure_rule *rule;
    int by_function[FUNCTION_NONE];
    int imported; /* of an older logbook, in any function: they count nowhere else */
    int rated;
    int last_level; /* enum independence; 0: never rated */
    int known, failures;
    int expected; /* cases to be had: as many as in the last LOGBOOK_EXPECTED_DAYS */
    bool *failed; /* of the cases as operator with known outcome, oldest first */
    utc_ms *when;
    double *scores;
    size_t score_count;
    struct sign_off_list list;
    size_t *rows; /* of the cases as operator, oldest first: places in the cases */
    size_t row_count;
    bool operated; /* the list and the curve are of cases as operator */
};

/* A logbook on its way. */
struct logbook_answer {
    struct app_call *call;
    struct store_reader *snapshot;
    struct str person; /* "Practitioner/ID" */
    store_rid rid;
    struct logbook_cases cases;
    struct logbook_ratings ratings;
    struct logbook_rotation *rotations;
    size_t rotation_count;
    struct logbook_line *lines;
    size_t line_count;
    struct str code; /* only of this procedure; p NULL: of all */
    size_t from, to; /* the rows of this page: places in cases */
    struct str next; /* a sealed cursor; p NULL: this is the last page */
    utc_ms now;
    enum sign_off_answer place; /* of the one procedure that is asked about */
};

/* Read the cases, ratings and rotations of ${l}, of whom rid and person are known. */
int logbook_read(struct logbook_answer *l, struct err *err);

/* The rating of the strictest assessor of ${c}; NULL: there is none. */
const struct logbook_rating *logbook_rating_of(
    const struct logbook_answer *l, const struct logbook_case *c);

/* Work out the lines of ${l}, whose cases, ratings and rotations are read. */
int logbook_judge(struct logbook_answer *l, struct err *err);

/* The same of one line, whose code is known. */
int logbook_judge_line(
    struct logbook_answer *l, struct logbook_line *line, struct err *err);

/* Append the answer as Parameters. */
int logbook_write(struct logbook_answer *l, struct err *err);

/* Procedure/$waiting. */
int rest_waiting(struct app_call *call, const struct rest *rest, struct err *err);

/* ---- parts of Parameters ---- */

/* {"name":"procedure", with its curve, conditions and rule. */
void logbook_put_line(struct json_out *o, const struct logbook_line *line);
/* The Practitioner or Organization ${rid}, with its name. */
int logbook_put_who(struct app_call *call, struct store_reader *snapshot,
    struct json_out *o, const char *name, store_rid rid, struct err *err);

#endif
