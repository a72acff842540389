/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ServiceRequest/$route: who can treat this patient, nearest to home first, and why.
 *
 *   route.c         who may ask, and what is asked
 *   route_write.c   the answer, as Parameters
 *   route_text.c    a reason as a sentence
 */
#ifndef APP_ROUTE_INTERNAL_H
#define APP_ROUTE_INTERNAL_H

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
    bool *named; /* an actor each: may this caller know? */
};

/* Write the answer of ${rt}. */
int route_write(struct route *rt, struct err *err);

/* Append ${reason} as one English sentence. */
void route_sentence(
    struct buf *b, const struct route *rt, const struct routing_reason *reason);

/* The actor ${person} as this caller may know it; NULL: not at all. */
const struct network_actor *route_actor(const struct route *rt, uint32_t person);

#endif
