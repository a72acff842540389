/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A step of a case of which all that the operation would look up is at hand: for records that
 * are made in bulk, while nothing can be read back. State, parameters, clock, ladder and
 * milestones follow from the table and the builders of the operations themselves
 * (case_internal.h); who may do it is not asked, and neither is whether a bed is free.
 */
#ifndef APP_CASE_MAKE_H
#define APP_CASE_MAKE_H

#include "base/limits.h"

#include "app/case.h"
#include "app/network.h"
#include "engine/clock/clock.h"

struct case_make {
    struct app *app;
    struct arena *arena; /* all that is returned lies in it */
    struct str id;       /* of the ServiceRequest and its Task */
    const char *step;    /* "$send"; of the node itself "$escalate" and "$expire" too */
    bool node;           /* the node itself does it: by is not read */
    struct str by;       /* "Practitioner/ID" */
    struct str display;  /* their name */
    utc_ms at;
    struct str parameters; /* a Parameters; p NULL: nothing was posted */
    struct str request;    /* the ServiceRequest as it stands */
    struct str task;       /* the Task as it stands; p NULL: it is a draft */
    struct str hospital;   /* "Organization/ID" of the patient's */
    struct str unit;       /* of $send and $reroute: the department that is asked */
    struct str rungs[LIMIT_CASE_LADDER]; /* of the same: the coordinators behind it */
    size_t rung_count;
    const struct case_times *times; /* of $send: what is promised */
    struct network_way way;         /* of $send: from hospital to unit */
    struct str bed;                 /* the Location that the step takes; p NULL: none */
    struct str
        bed_hospital;  /* whose it is, where another is taken than was; else p NULL */
    const char *reach; /* of it from home (app/network.h); NULL: not known */
};

struct case_made {
    struct str task;
    struct str request; /* p NULL: it stays as it is */
    struct str words;   /* the message or opinion; p NULL: none is written */
    struct str bed;     /* the Location that was taken, as it is now; p NULL: none */
    enum case_state state;
    utc_ms next; /* when the node looks again; 0: never */
};

/* E_CONFLICT: the case does not stand where the step begins, or its clock has not run out.
 * E_INVALID: of the parameters. */
int case_make(const struct case_make *m, struct case_made *ret, struct err *err);

/* ${text} of a record that was made, or of one that stands; p NULL: there is none, and ${*ret} is
 * NULL. */
int case_made_read(
    struct arena *a, struct str text, const struct json **ret, struct err *err);

#endif
