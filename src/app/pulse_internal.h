/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the pulse of pairings share (docs/TEAMS.md, docs/adr/0071-the-pulse.md).
 *
 *   pulse.c         OrganizationAffiliation/$pulse, ID/$pulse and $waiting
 *   pulse_tie.c     who somebody is to a pairing
 *   pulse_read.c    a pairing with its goals, its months and what was answered
 *   pulse_events.c  what both sides did together, found in the records
 *   pulse_meetings.c  meetings about cases
 *   pulse_facts.h   the same of all pairings at once
 *   pulse_write.c   the answer as Parameters
 *   pulse_say.c     OrganizationAffiliation/ID/$answer and $goals
 *
 * Nothing of the numbers is stored. A PairingPulse, under the id of its pairing, keeps what
 * both sides answered to the month's question.
 */
#ifndef APP_PULSE_INTERNAL_H
#define APP_PULSE_INTERNAL_H

#include "app/app_internal.h"
#include "app/network.h"
#include "app/seek.h"
#include "app/text_map.h"
#include "engine/planning/pulse.h"

#define PULSE_GOAL_URL "https://belay.health/StructureDefinition/pairing-goal"
#define PULSE_ASSISTED_URL "https://belay.health/StructureDefinition/assisted-in"
#define PULSE_AFFILIATION_SYSTEM "https://belay.health/CodeSystem/affiliation"
#define PULSE_MONTHS 13 /* twelve that have ended, and this one */
#define PULSE_DAY_MS ((utc_ms)24 * 60 * 60 * 1000)

enum pulse_side { PULSE_HELPED, PULSE_HELPING, PULSE_SIDES };

/* What the caller is to a pairing. */
struct pulse_tie {
    bool sees;  /* its numbers and answers */
    bool exact; /* numbers as they are: the caller sees these patients anyway */
    bool sets;  /* goals, and what is assisted in */
    bool coordinates;
    bool answers[PULSE_SIDES]; /* speaks for that side */
};

/* A month in the time of the helped hospital. */
struct pulse_month {
    char text[16]; /* "2026-10" */
    struct span when;
};

/* A goal as it stands in the record. */
struct pulse_goal_row {
    struct pulse_goal goal;
    struct str procedure, display; /* p NULL: none */
    struct str from, until;        /* days; p NULL: not said */
};

/* A pairing on its way. Slices are of records and live as long as the seek's arena. */
struct pulse_pairing {
    struct str id;
    const struct json *record;
    struct store_record stored;
    struct str code;              /* of how one helps the other */
    struct str side[PULSE_SIDES]; /* "Organization/ID" */
    struct str hospital[PULSE_SIDES];
    struct span term;                        /* INT64_MIN, SPAN_OPEN: not said */
    int utc_offset;                          /* minutes; 0 where it is not known */
    struct pulse_month months[PULSE_MONTHS]; /* the last is this one */
    struct pulse_goal_row goals[LIMIT_PULSE_GOALS];
    size_t goal_count;
    struct str procedures[LIMIT_PULSE_GOALS]; /* that goals name: numbers of events */
    size_t procedure_count;
    const struct json *said; /* the PairingPulse; NULL: nobody has answered yet */
    struct store_record said_record;
    struct pulse_tie tie;

    /* events */
    bool counted;
    struct pulse_event *events;
    size_t event_count, event_cap;
    struct span *present;
    size_t present_count, present_cap;
    int quiet_days;
    bool quiet;
    int64_t quiet_since; /* INT64_MIN: never anything */
};

struct pulse_facts;
struct kept_value;

/* A call about pairings. */
struct pulse {
    struct app_call *call;
    struct seek seek;
    const struct network *network;
    utc_ms now;

    /* of all pairings at once (pulse_facts.h); NULL: each is looked for by itself */
    const struct pulse_facts *facts;
    struct pulse_facts *own; /* which were made for this call, */
    struct kept_value *held; /* or are kept */
    bool recalled;           /* it was looked whether they are */
    size_t pairings_found;   /* by themselves */
};

/* Take a snapshot for ${call}; pulse_end() gives it back, also after an error. */
int pulse_begin(struct pulse *p, struct app_call *call, struct err *err);
void pulse_end(struct pulse *p);

/* ---- pulse_tie.c ---- */

/* Fill ${pairing}'s tie; its sides and hospitals are known. */
int pulse_tie(struct pulse *p, struct pulse_pairing *pairing, struct err *err);

/* ---- pulse_read.c ---- */

/* Is ${record} a pairing of two that help each other, and not a team's term? Fill ${ret} but
 * for its tie and its events. ${*ret_is} false: it is none, or names no two organisations. */
int pulse_read(struct pulse *p, const struct json *record,
    const struct store_record *stored, struct pulse_pairing *ret, bool *ret_is,
    struct err *err);

/* What ${side} answered about the month ${month}; NULL: nothing. */
const struct json *pulse_said(
    const struct pulse_pairing *pairing, const char *month, enum pulse_side side);

/* The month that is asked about: the last that has ended, where the pairing was there in it;
 * NULL: none. */
const struct pulse_month *pulse_asked(const struct pulse_pairing *pairing);

const char *pulse_side_code(enum pulse_side side);

/* ---- pulse_events.c ---- */

/* Find what was done together, and whether it is quiet. */
int pulse_find(struct pulse *p, struct pulse_pairing *pairing, struct err *err);

/* Is ${request} a case that was sent; and from when until when is ${post} held, empty where it is not? */
bool pulse_is_case(const struct json *request);
struct span pulse_term(const struct json *post);

/* Of an operation of ${code}, the number of it that the goals of ${pairing} have; PULSE_NOTHING: none names it. */
uint32_t pulse_procedure(const struct pulse_pairing *pairing, struct str code);

/* Add to what ${pairing} did, where that is of its term and not ahead; an expert's visit with its presence. E_NOMEM. */
int pulse_add_event(struct pulse *p, struct pulse_pairing *pairing,
    struct pulse_event event, struct err *err);
int pulse_add_visit(
    struct pulse *p, struct pulse_pairing *pairing, struct span when, struct err *err);

/* ---- pulse_meetings.c ---- */

/* The cases of ${pairing}, as "ServiceRequest/ID". */
struct pulse_cases {
    const struct pulse_pairing *pairing;
    const struct str *names;
    size_t count;
    utc_ms since; /* the first month */
};

/* Call ${take} with the time of each meeting that was held about one of ${of}, once. What it
 * gives other than 0 ends it, and is given back. */
int pulse_meetings(struct pulse *p, const struct pulse_cases *of,
    int (*take)(void *arg, utc_ms at, struct err *err), void *arg, struct err *err);

/* Did the meeting ${appointment} take place, as far as it says? */
bool pulse_took_place(const struct json *appointment);

/* ---- pulse_write.c ---- */

/* {"name":"pairing", with all that the caller is told of it. */
void pulse_put(
    struct pulse *p, struct json_out *o, const struct pulse_pairing *pairing);

#endif
