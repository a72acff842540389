/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of routing share: one way of treating the patient while it is weighed. */
#ifndef ENGINE_ROUTING_ROUTING_INTERNAL_H
#define ENGINE_ROUTING_ROUTING_INTERNAL_H

#include "engine/routing/routing.h"

#define ROUTING_MINUTE_MS ((int64_t)60 * 1000)
#define ROUTING_DAY_MS ((int64_t)24 * 3600 * 1000)

struct routing_weighing {
    const struct routing_network *network;
    const struct routing_rules *rules;
    const struct routing_question *question;
    const struct routing_capability *row;
    const struct routing_hospital *hospital;
    const struct routing_person *person; /* NULL: nobody named */
    struct travel_time way;              /* zeroes here */
    int limit;                           /* minutes until somebody must act; 0: none */
    int wait;   /* minutes until the person is on duty; or not known */
    int answer; /* minutes until the twin answers, of a guided one; or not known */
    uint32_t apprentice; /* who would gain a case; or nobody */
    struct routing_option *option;
};

/* Fill w->option of w->row as ${kind}: its reasons, whether it is safe, and its minutes.
 * The rest of ${w} up to row must be set (routing_weigh.c). */
void routing_weigh(struct routing_weighing *w, enum routing_kind kind);

#endif
