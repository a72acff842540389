/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of technique gaps share.
 *
 *   gap.c        Task/$gap: one is opened; Task/ID/$gap: its plan, its owner, its equipment
 *   gap_look.c   what is known of one: from its record and from the network
 *   gap_prove.c  whether it is demonstrated
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

/* All Tasks of gaps. */
int gap_all(const struct seek *s, struct seek_list *ret, struct err *err);

/* Operations. */
int gap_open(struct equipment *e, struct err *err);
int gap_change(struct equipment *e, struct err *err);
/* The gap of this request, for gap_change(): e->device is its Task. */
int gap_load(struct equipment *e, struct err *err);
int gap_list(struct app_call *call, const struct rest *rest, struct err *err);

#endif
