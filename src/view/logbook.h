/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who did what: each person's operations, newest first, what was said of them, and the
 * operations of which nobody knows yet what became. Rows follow from one record alone, so
 * that operations and ratings may arrive in any order; whoever reads joins them.
 *
 *   logbook         person n varnum | instant 8, the newest first | procedure n varnum
 *                   ->  function 1 | results 2 | 1 reviewed, 2 imported | department n varnum |
 *                       how many took part 1 | (n varnum, function 1) of each |
 *                       own steps 1 | (function 1, length 1, text) of each | code
 *   logbook_rating  person n varnum | procedure n varnum | assessor n varnum |
 *                   observation n varnum
 *                   ->  level 1 | scale 1 | original 1 | performance 1 | difficulty 1 |
 *                       answered 1 | instant 8 |
 *                       steps that were rated 1 | (original 1, length 1, text) of each
 *   logbook_open    department n varnum | due 8 | procedure n varnum  ->  what is missing 1
 *   logbook_event   department n varnum | instant 8 | procedure n varnum  ->  0
 *                   something serious that nobody has reviewed
 *
 * n is that of a Practitioner, Procedure, Observation or Organization; 0: none.
 */
#ifndef VIEW_LOGBOOK_H
#define VIEW_LOGBOOK_H

#include "store/store.h"
#include "view/procedure.h"

extern const struct store_view logbook_view;

struct logbook_part {
    store_rid who;
    enum procedure_function function;
};

struct logbook_step {
    enum procedure_function function;
    struct str step;
};

struct logbook_case {
    store_rid procedure;
    utc_ms when;
    enum procedure_function function; /* of whose logbook it is */
    enum procedure_result results[LOOKS];
    bool reviewed;
    bool imported;
    store_rid department; /* 0: not said */
    const struct logbook_part *parts;
    size_t part_count;
    const struct logbook_step *steps; /* of whose logbook it is */
    size_t step_count;
    struct str code;
};

struct logbook_cases {
    struct logbook_case *list; /* the newest first */
    size_t count;
    bool more; /* older ones were not read */
};

struct logbook_request {
    store_rid person;
    utc_ms since;        /* only operations at or after; 0: all */
    store_rid procedure; /* only ratings in this one; 0: in all */
    bool imported;       /* operations of an older logbook too: they count nowhere */
    size_t most;
};

/* The operations of ${rq}, in ${a}. The store's errors; E_CORRUPT. */
int logbook_cases(struct store_reader *r, struct arena *a,
    const struct logbook_request *rq, struct logbook_cases *ret, struct err *err);

struct logbook_rating {
    store_rid procedure;
    store_rid assessor;
    store_rid observation;
    utc_ms when;
    int level; /* enum independence */
    enum rating_scale scale;
    int original;
    int performance;
    int difficulty;
    bool answered;
    const struct procedure_step_rating *steps;
    size_t step_count;
};

struct logbook_ratings {
    struct logbook_rating *list; /* in order of procedures */
    size_t count;
};

/* What was said of a person. */
int logbook_ratings(struct store_reader *r, struct arena *a,
    const struct logbook_request *rq, struct logbook_ratings *ret, struct err *err);

struct logbook_open {
    store_rid procedure;
    utc_ms due;
    enum procedure_look missing;
};

struct logbook_opens {
    struct logbook_open *list; /* due first */
    size_t count;
};

/* Operations of ${department} that somebody has to ask after, ${most} at most. */
int logbook_open(struct store_reader *r, struct arena *a, store_rid department,
    size_t most, struct logbook_opens *ret, struct err *err);

struct logbook_event {
    store_rid procedure;
    utc_ms when;
};

struct logbook_events {
    struct logbook_event *list; /* the oldest first */
    size_t count;
};

/* Operations of ${department} after which something serious happened that waits for its
 * review, ${most} at most. */
int logbook_events(struct store_reader *r, struct arena *a, store_rid department,
    size_t most, struct logbook_events *ret, struct err *err);

#endif
