/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/planning/pulse.h"

#include <string.h>

#define DAY_MS (24LL * 3600 * 1000)

static const char *const codes[PULSE_COUNTS] = {
    "contacts", "cases", "operations", "visits", "procedure"};

const char *pulse_count_code(enum pulse_count what)
{
    return codes[what];
}

enum pulse_count pulse_count_of(const char *code, size_t length)
{
    int at = 0;

    while (at < PULSE_COUNTS &&
           (strlen(codes[at]) != length || strncmp(codes[at], code, length) != 0))
        at++;
    return (enum pulse_count)at;
}

static bool is_counted(
    const struct pulse_event *event, enum pulse_count what, uint32_t procedure)
{
    switch (what) {
    case PULSE_CONTACTS:
        return event->kind != PULSE_VISIT;
    case PULSE_CASES:
        return event->kind == PULSE_CASE;
    case PULSE_OPERATIONS:
        return event->kind == PULSE_OPERATION;
    case PULSE_VISITS:
        return event->kind == PULSE_VISIT;
    case PULSE_PROCEDURE:
        return event->kind == PULSE_OPERATION && procedure != PULSE_NOTHING &&
               event->procedure == procedure;
    case PULSE_COUNTS:
        break;
    }
    return false;
}

uint32_t pulse_count(const struct pulse_event *events, size_t count, struct span when,
    enum pulse_count what, uint32_t procedure)
{
    uint32_t found = 0;

    for (size_t i = 0; i < count; i++)
        found +=
            span_holds(when, events[i].at) && is_counted(&events[i], what, procedure);
    return found;
}

struct pulse_shown pulse_show(uint32_t count, bool exact)
{
    if (exact || count == 0)
        return (struct pulse_shown){count, count};
    if (count < PULSE_SMALL)
        return (struct pulse_shown){1, PULSE_SMALL - 1};
    count -= count % PULSE_SMALL;
    return (struct pulse_shown){count, count + PULSE_SMALL - 1};
}

enum pulse_verdict pulse_judge(struct pulse_shown shown, int64_t target)
{
    if ((int64_t)shown.least >= target)
        return PULSE_MET;
    return (int64_t)shown.most < target ? PULSE_NOT_MET : PULSE_NOT_TOLD;
}

int pulse_quiet_days(const struct pulse_goal *goals, size_t count, int64_t now)
{
    int64_t least = 0;

    for (size_t i = 0; i < count; i++) {
        int64_t days = 0;

        if (!span_holds(goals[i].when, now) || goals[i].target < 1)
            continue;
        /* half as long again as the interval, rounded up */
        days = ((goals[i].yearly ? 365LL : 30LL) * 3 + goals[i].target * 2 - 1) /
               (goals[i].target * 2);
        if (least == 0 || days < least)
            least = days;
    }
    if (least == 0)
        return PULSE_USUAL_DAYS;
    if (least < PULSE_LEAST_DAYS)
        return PULSE_LEAST_DAYS;
    return least > PULSE_MOST_DAYS ? PULSE_MOST_DAYS : (int)least;
}

bool pulse_is_quiet(const struct pulse_quiet *q, int64_t *ret_since)
{
    int64_t last = q->begun;

    for (size_t i = 0; i < q->event_count; i++) {
        if (q->events[i].at <= q->now && q->events[i].at > last)
            last = q->events[i].at;
    }
    for (size_t i = 0; i < q->present_count; i++) {
        const struct span *s = &q->present[i];

        if (span_is_empty(*s) || s->from > q->now)
            continue;
        if (s->until > q->now)
            last = q->now;
        else if (s->until > last)
            last = s->until;
    }
    *ret_since = last;
    return last == INT64_MIN || q->now - last > q->days * DAY_MS;
}
