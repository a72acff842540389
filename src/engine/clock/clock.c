/* SPDX-License-Identifier: Apache-2.0 */
/* What each step does to the clock of a case. */
#include "engine/clock/clock.h"

#define SECOND ((utc_ms)1000)
#define MINUTE ((int64_t)60) /* seconds */
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

/* How long a case that nobody takes is kept open: so many times what was promised for its
 * answer, within these bounds, and never less than the first from the last who was asked. */
#define KEPT_TIMES 20
#define KEPT_LEAST DAY
#define KEPT_MOST (14 * DAY)

const struct case_rules case_rules_usual = {
    .by = {
        [CASE_EMERGENCY] = {.allocate_seconds = 5 * MINUTE,
            .answer_seconds = 15 * MINUTE},
        [CASE_URGENT] = {.allocate_seconds = 30 * MINUTE, .answer_seconds = 4 * HOUR},
        [CASE_ROUTINE] = {.allocate_seconds = 30 * MINUTE, .answer_seconds = 24 * HOUR},
    }};

enum case_urgency case_urgency_of(struct str priority)
{
    if (str_is(priority, "stat"))
        return CASE_EMERGENCY;
    return str_is(priority, "urgent") || str_is(priority, "asap") ? CASE_URGENT
                                                                  : CASE_ROUTINE;
}

/* The times run from ${now}. */
static void promise(struct case_clock *c, utc_ms now)
{
    c->allocate_by = now + c->times.allocate_seconds * SECOND;
    c->answer_by = now + c->times.answer_seconds * SECOND;
    if (c->answer_by < c->allocate_by)
        c->answer_by = c->allocate_by;
    c->next = c->allocate_by;
}

/* The pause, if there is one, is over; how long it was. */
static utc_ms end_pause(struct case_clock *c, utc_ms now)
{
    utc_ms waited =
        c->paused_since && now > c->paused_since ? now - c->paused_since : 0;

    c->paused_since = 0;
    c->paused_seconds += waited / SECOND;
    return waited;
}

void case_clock_send(struct case_clock *c, const struct case_times *times, utc_ms now)
{
    *c = (struct case_clock){.sent = now, .times = *times};
    promise(c, now);
}

static utc_ms later(utc_ms a, utc_ms b)
{
    return a > b ? a : b;
}

/* What is left for the answer when the first to be asked takes it at the last moment. */
static int64_t span_of_answer(const struct case_clock *c)
{
    int64_t span = c->times.answer_seconds - c->times.allocate_seconds;

    return span > 0 ? span : c->times.allocate_seconds;
}

void case_clock_allocate(struct case_clock *c, utc_ms now)
{
    if (c->allocated)
        return;
    c->allocated = now;
    c->next = later(c->answer_by, now + span_of_answer(c) * SECOND);
}

void case_clock_pause(struct case_clock *c, utc_ms now)
{
    case_clock_allocate(c, now);
    if (!c->paused_since)
        c->paused_since = now;
    c->next = 0;
}

void case_clock_resume(struct case_clock *c, utc_ms now)
{
    c->answer_by += end_pause(c, now);
    c->next = c->answer_by > now ? c->answer_by : now + span_of_answer(c) * SECOND;
    if (c->answered)
        c->next = 0;
}

void case_clock_answer(struct case_clock *c, utc_ms now)
{
    case_clock_allocate(c, now);
    end_pause(c, now);
    if (!c->answered)
        c->answered = now;
    c->next = 0;
}

void case_clock_reroute(struct case_clock *c, utc_ms now)
{
    end_pause(c, now);
    c->allocated = 0;
    c->level = 0;
    promise(c, now);
}

void case_clock_escalate(struct case_clock *c, utc_ms now)
{
    c->allocated = 0;
    c->level++;
    c->next = now + c->times.allocate_seconds * SECOND;
}

void case_clock_last(struct case_clock *c, utc_ms now)
{
    int64_t kept = KEPT_TIMES * c->times.answer_seconds;

    if (kept < KEPT_LEAST)
        kept = KEPT_LEAST;
    if (kept > KEPT_MOST)
        kept = KEPT_MOST;
    c->next = later(c->sent + kept * SECOND, now + KEPT_LEAST * SECOND);
}

void case_clock_stop(struct case_clock *c, utc_ms now)
{
    end_pause(c, now);
    c->next = 0;
}
