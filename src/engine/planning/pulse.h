/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pulse of a pairing: what two sides did together, month by month, against the goals that
 * they set, and whether it has gone quiet (docs/TEAMS.md).
 *
 * Quiet, rule pairing-quiet/1: the last thing done together is longer ago than one and a half
 * times the interval that the most frequent goal promises, PULSE_LEAST_DAYS at least and
 * PULSE_MOST_DAYS at most; PULSE_USUAL_DAYS where no goal says how often. While somebody of
 * the helping side is posted at the helped one, it is not quiet. What is ahead does not count.
 *
 * Pure; any thread.
 */
#ifndef ENGINE_PLANNING_PULSE_H
#define ENGINE_PLANNING_PULSE_H

#include "engine/planning/span.h"

#define PULSE_RULE "pairing-quiet/1"
#define PULSE_LEAST_DAYS 30
#define PULSE_USUAL_DAYS 45
#define PULSE_MOST_DAYS 183
#define PULSE_NOTHING UINT32_MAX /* no procedure */
#define PULSE_SMALL 5 /* from here on counts are shown to who sees no patient */

enum pulse_event_kind { PULSE_CASE, PULSE_MEETING, PULSE_OPERATION, PULSE_VISIT };

struct pulse_event {
    int64_t at;
    enum pulse_event_kind kind;
    uint32_t procedure; /* of an operation: a number of the caller's; PULSE_NOTHING */
};

/* What is counted: contacts are cases, meetings and operations together. */
enum pulse_count {
    PULSE_CONTACTS,
    PULSE_CASES,
    PULSE_OPERATIONS,
    PULSE_VISITS,
    PULSE_PROCEDURE, /* operations of one kind */
    PULSE_COUNTS
};

struct pulse_goal {
    enum pulse_count what;
    uint32_t procedure; /* where it is PULSE_PROCEDURE */
    int64_t target;     /* 1 or more */
    bool yearly;        /* else monthly */
    struct span when;   /* it holds in */
};

/* The code of what is counted; PULSE_COUNTS: ${code} is none (${length} bytes). */
const char *pulse_count_code(enum pulse_count what);
enum pulse_count pulse_count_of(const char *code, size_t length);

/* How many of ${what} (and ${procedure}) there are in ${when}. */
uint32_t pulse_count(const struct pulse_event *events, size_t count, struct span when,
    enum pulse_count what, uint32_t procedure);

/* Between what two numbers the true one is, as somebody is told it: ${exact} as it is; else 0 is
 * told, 1 to 4 is hidden, and more is told in steps of five. Visits are no patients'. */
struct pulse_shown {
    uint32_t least, most;
};
struct pulse_shown pulse_show(uint32_t count, bool exact);

enum pulse_verdict { PULSE_MET, PULSE_NOT_MET, PULSE_NOT_TOLD };

/* Follows from what is shown alone, so that setting a goal tells nobody a number. */
enum pulse_verdict pulse_judge(struct pulse_shown shown, int64_t target);

/* After how many days it is quiet, by those of ${goals} that hold at ${now}. */
int pulse_quiet_days(const struct pulse_goal *goals, size_t count, int64_t now);

struct pulse_quiet {
    const struct pulse_event *events;
    size_t event_count;
    const struct span *present; /* somebody of the helping side is posted there */
    size_t present_count;
    int64_t begun; /* the pairing; INT64_MIN: not said */
    int64_t now;
    int days;
};

/* Is it quiet at ${q->now}? ${ret_since}: the last that was done, or the begin; INT64_MIN:
 * never anything. */
bool pulse_is_quiet(const struct pulse_quiet *q, int64_t *ret_since);

#endif
