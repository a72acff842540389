/* SPDX-License-Identifier: Apache-2.0 */
/* As of which position of the log a figure is known, and when that was. */
#include "app/indicator_internal.h"

/* The time of the version at or before ${position}. */
static int time_at(
    struct indicator_run *run, int64_t position, utc_ms *ret, struct err *err)
{
    struct store_history h = {.before = position + 1, .limit = 1};
    struct store_record *list = NULL;
    size_t n = 0;
    int r = store_history(run->snapshot, run->call->arena, &h, &list, &n, err);

    *ret = r == 0 && n > 0 ? list[0].updated : UTC_MS_MIN;
    return r;
}

int indicator_find_position(struct indicator_run *run, struct err *err)
{
    int64_t low = 0, high = 0;
    int r = 0;

    if (run->position_found)
        return 0;
    r = store_seq(run->snapshot, &high, err);
    if (run->ask.known.by_position)
        high = low = run->ask.known.position < high ? run->ask.known.position : high;
    while (r == 0 && run->ask.known.at != UTC_MS_MAX && low < high) {
        int64_t middle = low + (high - low + 1) / 2;
        utc_ms at = 0;

        r = time_at(run, middle, &at, err);
        if (at <= run->ask.known.at)
            low = middle;
        else
            high = middle - 1;
    }
    run->position = high;
    run->position_found = r == 0;
    return r;
}

int indicator_known_moment(struct indicator_run *run, utc_ms *ret, struct err *err)
{
    utc_ms now = call_now(run->call);

    if (run->ask.known.by_position)
        return time_at(run, run->position, ret, err);
    *ret = run->ask.known.at < now ? run->ask.known.at : now;
    return 0;
}
