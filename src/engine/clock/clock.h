/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The clock of a case: what was promised, what has happened, and when somebody has to look
 * again. It is kept in the case's Task (clock_task.c), so that a restart forgets nothing, and
 * it holds the times that were promised to it, so that new ones change no clock that runs.
 *
 *   sent ──── allocate-by ──────────── answer-by
 *     └ allocated ┘ └ paused ┘ answered ┘
 *
 * What holds:
 *  1. sent is set, and so are allocate_by and answer_by; allocate_by <= answer_by.
 *  2. paused_since is set only while the other side is asked for information; then next is
 *     not: a case that waits for the asker escalates to nobody.
 *  3. answered is set from the first answer on; then next is not.
 *  4. next, where it is set, is the instant from which the node has to look: allocate_by or
 *     answer_by, or after an escalation the time that the next one in turn is given. Who takes
 *     it late is given as long to answer as one who took it at the last moment.
 *
 * Pure: *now* is given. A time that lies before one of the clock's own (a machine's clock was
 * set back) never makes a span negative. Any thread.
 */
#ifndef ENGINE_CLOCK_CLOCK_H
#define ENGINE_CLOCK_CLOCK_H

#include <stdbool.h>

#include "base/time.h"

#include "json/json.h"

#define CASE_CLOCK_URL "https://belay.health/StructureDefinition/case-clock"
#define CASE_TIMES_URL "https://belay.health/StructureDefinition/case-times"

enum case_urgency { CASE_EMERGENCY, CASE_URGENT, CASE_ROUTINE, CASE_URGENCIES };

/* The urgency of a FHIR priority: stat, urgent or asap, anything else. */
enum case_urgency case_urgency_of(struct str priority);

/* Until somebody has taken a case, and until its first answer. */
struct case_times {
    int64_t allocate_seconds;
    int64_t answer_seconds;
};

/* Times by urgency: those of everybody, or of one pairing. */
struct case_rules {
    struct case_times by[CASE_URGENCIES];
};

/* Where nothing else was agreed: 5/15 minutes, 30 minutes/4 hours, 30 minutes/24 hours. */
extern const struct case_rules case_rules_usual;

/* What one pairing agreed on; where it says nothing its rules are the usual ones. */
struct case_agreed {
    bool is_said[CASE_URGENCIES];
    struct case_rules rules;
};

/* Read the extensions case-times of ${affiliation}, an OrganizationAffiliation
 * (clock_agreed.c). E_INVALID says what is wrong with them. */
int case_agreed_read(
    const struct json *affiliation, struct case_agreed *ret, struct err *err);

/* Instants in milliseconds; 0: not set. */
struct case_clock {
    utc_ms sent;
    utc_ms allocate_by;
    utc_ms allocated;
    utc_ms answer_by;
    utc_ms answered;
    utc_ms paused_since;
    int64_t paused_seconds;  /* the pauses that have ended */
    int64_t level;           /* how often it was escalated */
    utc_ms next;             /* when the node looks again; 0: never */
    struct case_times times; /* promised when it was sent */
};

/* It is sent now. */
void case_clock_send(struct case_clock *c, const struct case_times *times, utc_ms now);

/* Somebody has taken it. A second time changes nothing. */
void case_clock_allocate(struct case_clock *c, utc_ms now);

/* The asker is asked for information; who asks has taken the case. */
void case_clock_pause(struct case_clock *c, utc_ms now);

/* The information has come: answer_by moves by as long as was waited. */
void case_clock_resume(struct case_clock *c, utc_ms now);

/* The first answer is there. Ends a pause without moving answer_by: it was answered in
 * spite of it. */
void case_clock_answer(struct case_clock *c, utc_ms now);

/* It goes to somebody else, who is given the same times from now on; sent stays, and tells
 * how long the patient has waited. */
void case_clock_reroute(struct case_clock *c, utc_ms now);

/* A time has run out: nobody has it any more, and the next in turn is given as long as the
 * first to take it. What was promised stays as it was. */
void case_clock_escalate(struct case_clock *c, utc_ms now);

/* Everybody who could be was asked: it is kept open for a while, and expires when nobody has
 * taken it then. After case_clock_escalate(). */
void case_clock_last(struct case_clock *c, utc_ms now);

/* Nothing is waited for any more. */
void case_clock_stop(struct case_clock *c, utc_ms now);

/* ---- in a Task (clock_task.c) ---- */

/* The clock that ${task} holds. false: it has none, or one that cannot be read. */
bool case_clock_read(const struct json *task, struct case_clock *ret);

/* Append the extension of ${c}, an object, to ${o}. */
void case_clock_write(struct json_out *o, const struct case_clock *c);

#endif
