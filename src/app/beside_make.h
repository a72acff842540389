/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is done beside the steps of a case, where all that the operation would look up is at hand:
 * for records that are made in bulk (app/case_make.h is the same of the steps). Parameters,
 * the states from which it is done, and the records are the operation's own. Who is invited to a
 * meeting must see the case already: nothing is opened to anybody here.
 */
#ifndef APP_BESIDE_MAKE_H
#define APP_BESIDE_MAKE_H

#include "base/limits.h"

#include "app/app.h"

struct beside_make {
    struct app *app;
    struct arena *arena; /* all that is returned lies in it */
    struct str id;       /* of the ServiceRequest and its Task */
    /* $call-mdt, $mdt-minutes, $plan, $session, $goal, $watch, $end-watch */
    const char *step;
    bool node;     /* of $end-watch: the node ends it, with its time or its case */
    struct str by; /* "Practitioner/ID" */
    struct str display;
    utc_ms at;
    struct str parameters; /* a Parameters */
    struct str request;    /* the ServiceRequest as it stands */
    struct str task;       /* the Task as it stands */
    const char *refused;   /* of $watch: why NEWS2 is refused; NULL: it is not */
    /* The meeting, plan, goal or watch that is meant, as it stands; p NULL: none is. */
    struct str before;
};

#define BESIDE_MADE_MAX (1 + LIMIT_PLAN_GOALS)

struct beside_made {
    /* Written anew; the first is the one that is answered. */
    struct str records[BESIDE_MADE_MAX];
    size_t count;
    struct str changed; /* before, after it; p NULL: it stays */
    struct str task;    /* p NULL: it stays */
};

/* E_CONFLICT: the case does not stand where it is done. E_INVALID: of the parameters. */
int beside_make(const struct beside_make *m, struct beside_made *ret, struct err *err);

#endif
