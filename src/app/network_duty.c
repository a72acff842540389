/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Weekly hours in the time of a place become the duty that is on or comes next. The place's
 * distance from UTC is a fact of its record; a place that moves its clocks in summer has to
 * say so by a change of that fact.
 */
#include "app/network_internal.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define DAY_MS ((int64_t)24 * 60 * MINUTE_MS)
#define DAYS_AHEAD 14
#define EPOCH_WEEKDAY 3 /* 1970-01-01 was a Thursday; Monday is 0 */

/* ${duty} without what lies in a time away at its begin. */
static void leave_out(
    const struct network_post *post, struct capability_interval *duty, int64_t at)
{
    for (size_t i = 0; i < post->away_count; i++) {
        const struct capability_interval *away = &post->away[i];
        int64_t begin = duty->from > at ? duty->from : at;
        int64_t end = away->until ? away->until : INT64_MAX;

        if (away->from <= begin && begin < end)
            duty->from = end;
        else if (away->from > begin && away->from < duty->until)
            duty->until = away->from;
    }
}

/* The duty that begins on day ${day}, counted from 1970 in the place's time. */
static bool duty_of_day(const struct network_hours *h, int64_t day, int64_t offset_ms,
    struct capability_interval *ret)
{
    int64_t weekday = (day + EPOCH_WEEKDAY) % 7;
    int64_t until = h->until > h->from ? h->until : h->until + DAY_MS / MINUTE_MS;

    if (!(h->days & 1u << (weekday < 0 ? weekday + 7 : weekday)))
        return false;
    ret->from = day * DAY_MS + h->from * MINUTE_MS - offset_ms;
    ret->until = day * DAY_MS + until * MINUTE_MS - offset_ms;
    return true;
}

bool network_duty(const struct network_post *post, int utc_offset, int64_t at,
    struct capability_interval *ret)
{
    int64_t offset_ms = utc_offset * MINUTE_MS;
    int64_t today = 0;
    bool found = false;

    if (utc_offset == NETWORK_NO_OFFSET)
        return false;
    today = (at + offset_ms) / DAY_MS;
    for (int64_t day = today - 1; day <= today + DAYS_AHEAD && !found; day++) {
        for (size_t i = 0; i < post->hours_count; i++) {
            struct capability_interval duty = {0, 0};

            if (!duty_of_day(&post->hours[i], day, offset_ms, &duty))
                continue;
            leave_out(post, &duty, at);
            if (duty.until <= at || duty.from >= duty.until ||
                (found && duty.from >= ret->from))
                continue;
            *ret = duty;
            found = true;
        }
    }
    return found;
}
