/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases by who has to do with them. A Task of a case (view/case_task.h) has one row at the
 * hospital that asks and, while it is open, one at each unit that is asked: when it has
 * ended it is no longer theirs to read. The rest of a row's key, the place, is the order in
 * which a worklist shows cases; it is the same at every unit of one side.
 *
 *   worklist   unit n varnum | side 1 | place  ->  what filters ask
 *   place      group 1 | urgency 1 (ended: 0) | instant 8 (ended: the newest first) |
 *              n of the Task varnum
 *   value      state 1 | urgency 1 | requester n varnum | owner n varnum | asking n varnum |
 *              how many are asked 1 | n varnum of each
 *
 * n is that of an Organization (units) or a Practitioner (persons); 0: none here. A reader
 * of several units meets a case once, at the place that comes first.
 */
#ifndef VIEW_WORKLIST_H
#define VIEW_WORKLIST_H

#include "store/store.h"
#include "view/case_task.h"
#include "view/search.h"

extern const struct store_view worklist_view;

enum worklist_group {
    WORKLIST_WAITS, /* the next word is this side's */
    WORKLIST_OPEN,  /* it is the other side's */
    WORKLIST_ENDED,
    WORKLIST_GROUPS
};

#define WORKLIST_PLACE_MAX 24 /* bytes of a place */

struct worklist_request {
    /* units as whose people cases are looked at: rids of Organizations, none twice */
    const store_rid *asking;
    size_t asking_count;
    const store_rid *asked;
    size_t asked_count;
    unsigned groups;    /* bits by enum worklist_group */
    unsigned states;    /* bits by enum case_task_state */
    unsigned urgencies; /* bits by enum case_urgency */
    store_rid mine; /* only what this person asked or has to answer; 0: everybody's */
    const struct search_filter
        *filter;       /* asked about each row; NULL: all may be seen */
    struct str after;  /* a place: what comes behind; p NULL: all */
    size_t most;       /* rows wanted */
    size_t count_most; /* count on, up to so many rows in all; 0: do not count */
};

struct worklist_row {
    store_rid task;
    enum worklist_group group;
    enum case_task_side side; /* as whose case it is shown */
    uint8_t place[WORKLIST_PLACE_MAX];
    size_t place_len;
};

struct worklist {
    struct worklist_row *rows;
    size_t count;
    bool more;    /* there are rows behind these */
    size_t total; /* with count_most: rows from the beginning, never more than that */
};

/* The rows of ${rq} in their order, in ${a}. Errors are the store's and the filter's.
 * ${rq->count_most} counts without regard to ${rq->after}. */
int worklist_read(struct store_reader *r, struct arena *a,
    const struct worklist_request *rq, struct worklist *ret, struct err *err);

#endif
