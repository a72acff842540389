/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the records say of all pairings at once (docs/adr/0111-the-pulse-of-all-pairings.md): where units are, who holds which post, which cases
 * were sent, which meetings were held about them and who operated where. Each kind of record is looked through once, whatever the number of
 * pairings; what it comes to is kept between questions, since nothing in it depends on who asks.
 *
 *   pulse_take.c    the facts, from the records
 *   pulse_facts.c   what is kept of them
 *   pulse_among.c   what a pairing did, from the facts
 *
 * Invariants, which pulse_among.c relies on:
 *   1. every number of a unit is below unit_count or PULSE_NONE, of a person below person_count, of a case below sent_count;
 *   2. done is in the order of its procedures.
 */
#ifndef APP_PULSE_FACTS_H
#define APP_PULSE_FACTS_H

#include "app/kept.h"
#include "app/number_map.h"
#include "app/pulse_internal.h"

#define PULSE_NONE UINT32_MAX

struct pulse_unit {
    struct str name;   /* "Organization/ID" */
    struct str part;   /* of which it is part, as it is written; p NULL: of none */
    uint32_t above;    /* the same, where it is there */
    uint32_t hospital; /* at the top */
    uint32_t leader;   /* of a team; PULSE_NONE: nobody is named */
};

/* A team at a hospital that it helps. */
struct pulse_led {
    uint32_t host, leader;
    uint32_t body; /* the hospital that sent it */
    struct span when;
};

struct pulse_post {
    uint32_t person, unit;
    uint32_t team; /* the hospital of the team; PULSE_NONE: there is no team */
    bool expert;
    struct span when;
};

struct pulse_sent {
    uint32_t hospital;  /* the patient's */
    utc_ms from, until; /* what is said of when it was written */
    uint32_t *to;
    size_t to_count;
};

struct pulse_met {
    utc_ms at;
    uint32_t *about; /* cases */
    size_t about_count;
};

struct pulse_done {
    store_rid procedure;
    uint32_t person, unit;
    utc_ms when;
    struct str code;
};

/* Read only once it is made; everything is in its arena. */
struct pulse_facts {
    struct kept_value value; /* the first member */
    atomic_uint shares;      /* the memory's, and that of whoever made it */
    struct arena *arena;
    utc_ms since;              /* cases, meetings and operations from then on */
    struct text_map unit_of;   /* by name */
    struct number_map unit_at; /* by rid */
    struct pulse_unit *units;
    struct text_map person_of; /* "Practitioner/ID", as it is written */
    struct str *people;
    struct pulse_post *posts;
    struct text_map sent_of; /* "ServiceRequest/ID" */
    struct pulse_sent *sent;
    struct pulse_met *met;
    struct pulse_done *done;
    struct pulse_led *led;
    size_t unit_count, unit_cap, person_count, person_cap, post_count, post_cap;
    size_t sent_count, sent_cap, met_count, met_cap, done_count, done_cap;
    size_t led_count, led_cap;
};

/* ---- pulse_facts.c ---- */

/* Find the facts for ${p}, from the month that ${pairing} shows first: those that are kept, or, once more than a few pairings
 * were looked for, new ones. ${p->facts} NULL then: each of the few is looked for by itself. The store's errors. */
int pulse_facts_find(
    struct pulse *p, const struct pulse_pairing *pairing, struct err *err);

/* The same, where they are kept: nothing is looked for. */
void pulse_facts_recall(struct pulse *p, const struct pulse_pairing *pairing);

/* Give back what ${p} has of them. */
void pulse_facts_done(struct pulse *p);

/* ---- pulse_take.c ---- */

/* Fill ${f}, whose arena and since are set. */
int pulse_take(struct pulse *p, struct pulse_facts *f, struct err *err);

/* ---- pulse_among.c ---- */

/* Find what was done together, as pulse_find() does it for one. E_NOMEM. */
int pulse_find_among(struct pulse *p, struct pulse_pairing *pairing, struct err *err);

/* Does the caller lead a team of the helping hospital of ${pairing} that is at the helped one now? E_NOMEM. */
int pulse_leads_among(
    struct pulse *p, const struct pulse_pairing *pairing, bool *ret, struct err *err);

#endif
