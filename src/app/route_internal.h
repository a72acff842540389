/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ServiceRequest/$route: who can treat this patient, nearest to home first, and why.
 *
 *   route.c         who may ask, and what is asked
 *   route_write.c   the answer, as Parameters
 *   route_times.c   how soon departments answer
 *   route_text.c    a reason as a sentence
 */
#ifndef APP_ROUTE_INTERNAL_H
#define APP_ROUTE_INTERNAL_H

#include "app/answer_times.h"
#include "app/app_internal.h"
#include "app/catalogue.h"
#include "app/network.h"

struct route {
    struct app_call *call;
    const struct rest *rest;
    struct store_reader *snapshot;
    const struct network *network;
    struct search_pair *pairs; /* what is asked, from query and body */
    size_t pair_count;
    uint32_t things[LIMIT_ROUTE_CODES];
    struct network_question question;
    bool placed;    /* question.asked.hospital is told */
    bool urgent;    /* question.asked.urgency is told */
    bool in_season; /* question.asked.season is told */
    size_t most;    /* options that are written */
    struct network_answer answer;
    struct answer_time *times; /* of the unit of each option that is written */
    bool *named;               /* an actor each: may this caller know? */
};

/* How soon ${unit} answers what the route ${arg} asks: network_question.pace. */
int route_pace(void *arg, struct str unit, struct network_pace *ret, struct err *err);

/* Fill times. */
int route_times(struct route *rt, struct err *err);

/* Write the answer of ${rt}. */
int route_write(struct route *rt, struct err *err);

/* Append ${reason} as one English sentence. */
void route_sentence(
    struct buf *b, const struct route *rt, const struct routing_reason *reason);

/* The actor ${person} as this caller may know it; NULL: not at all. */
const struct network_actor *route_actor(const struct route *rt, uint32_t person);

#endif
