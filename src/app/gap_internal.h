/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of technique gaps share.
 *
 *   gap.c        Task/$gap: one is opened; Task/ID/$gap: its plan, its owner, its equipment
 *   gap_look.c   what is known of one: from its record and from the network
 *   gap_prove.c  whether it is demonstrated
 *   gap_known.c  all gaps in memory, kept step by step as their records change
 *   gap_run.c    the node writes where it stands
 *   gap_list.c   Task/$gaps
 */
#ifndef APP_GAP_INTERNAL_H
#define APP_GAP_INTERNAL_H

#include "app/equipment_internal.h"
#include "app/gap.h"
#include "app/network_internal.h"

/* A gap, as it stands. */
struct gap_look {
    struct str service; /* "HealthcareService/ID" */
    struct str unit;    /* whose that is */
    uint32_t hospital;  /* or NETWORK_NOBODY */
    uint32_t thing;     /* of the catalogue */
    bool known;         /* the service names a thing of the catalogue */
    struct gap_facts facts;
    struct network_history history;
    enum gap_state state;
    int cases, needed; /* within a year, with known outcome, by local people */
};

/* Look at ${task} at ${now}. */
struct gap_looking {
    const struct seek *seek;
    const struct network *network;
    utc_ms now;
};
int gap_look(const struct gap_looking *g, const struct json *task, struct gap_look *ret,
    struct err *err);

/* Is it demonstrated, and by how many cases (gap_prove.c)? */
int gap_prove(const struct gap_looking *g, struct gap_look *l, struct err *err);

/* What its records say of it, and nothing of where it stands. */
int gap_read(const struct seek *s, const struct json *task, struct gap_look *ret,
    struct err *err);

/* gap_look() without the history of its region, of what ${l} says already: its unit, its thing and
 * what its record says. Reads no record. */
int gap_stand(const struct gap_looking *g, struct gap_look *l, struct err *err);

/* The Task that ${task} becomes where it stands as ${l} says since ${now}: its state, its days. */
void gap_put(
    struct json_out *o, const struct json *task, const struct gap_look *l, utc_ms now);

/* Tasks of gaps, the latest first, at most ${most}. */
int gap_all(const struct seek *s, size_t most, struct seek_list *ret, struct err *err);

/* ---- gap_known.c ---- */

#define GAP_REFERENCE_MAX 96

/* What is known of a gap's records, so that a look reads none of them. */
struct gap_known {
    store_rid rid;                   /* of the Task */
    char service[GAP_REFERENCE_MAX]; /* "HealthcareService/ID" */
    char unit[GAP_REFERENCE_MAX];    /* "": not known */
    uint32_t thing;
    bool known;             /* the service names a thing of the catalogue */
    bool planned, filled;   /* as gap_facts has them */
    enum gap_state written; /* GAP_STATES: none that is one */
};

struct gaps {
    pthread_mutex_t noting; /* guards pending and all; the last to be taken */
    store_rid pending[LIMIT_GAPS_PENDING];
    size_t pending_count;
    bool all;                /* more than there is room for, or nothing is known yet */
    pthread_mutex_t looking; /* guards what follows; held during a look */
    struct gap_known *list;  /* by base_malloc */
    size_t count, room;
    size_t next; /* where the next look begins */
    unsigned task_type, service_type;
};

/* With looking held: bring ${g} up to what the store of ${s} says. ${s->snapshot} is begun here,
 * behind taking what is pending; ${s->a} is emptied. */
int gaps_renew(struct gaps *g, struct seek *s, struct err *err);

/* Operations. */
int gap_open(struct equipment *e, struct err *err);
int gap_change(struct equipment *e, struct err *err);
/* The gap of this request, for gap_change(): e->device is its Task. */
int gap_load(struct equipment *e, struct err *err);
int gap_list(struct app_call *call, const struct rest *rest, struct err *err);

#endif
