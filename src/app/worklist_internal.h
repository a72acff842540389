/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the worklist share. */
#ifndef APP_WORKLIST_INTERNAL_H
#define APP_WORKLIST_INTERNAL_H

#include "app/access_internal.h"
#include "app/app_internal.h"
#include "view/worklist.h"

/* One worklist on its way. */
struct worklist_answer {
    struct app_call *call;
    struct store_reader *snapshot;
    struct worklist_request rq;
    struct worklist list;
    store_rid me;
    struct str next; /* a sealed cursor; p NULL: this is the last page */
    bool total;
    utc_ms now;
    struct str hospital; /* the one named last, and its name */
    struct str hospital_name;
};

/* Append the answer as Parameters. Every record whose content goes into it is asked about
 * and noted for the trail. */
int worklist_write(struct worklist_answer *w, struct err *err);

#endif
