/* SPDX-License-Identifier: Apache-2.0 */
/* The first days at a height. */
#include "engine/planning/acclimatisation.h"

#define MINUTE_MS 60000LL
#define DAY_MS (24LL * 60 * MINUTE_MS)

const struct acclimatisation_rule acclimatisation_rule_default = {
    .version = "arrival-d0-d3/1",
    .lowest_m = 2500,
    .days = 4,
    .night_from = 22 * 60,
    .night_until = 6 * 60,
};

const char *acclimatisation_code(enum acclimatisation_word word)
{
    static const char *const codes[] = {[ACCLIMATISATION_COUNTS] = "counts",
        [ACCLIMATISATION_NIGHT] = "night",
        [ACCLIMATISATION_SOLO] = "solo"};

    return codes[word];
}

struct span acclimatisation_days(const struct acclimatisation_rule *rule,
    int64_t arrived, int offset_minutes, double altitude_m)
{
    int64_t from = arrived * DAY_MS - offset_minutes * MINUTE_MS;

    /* false for a height that is not known, too */
    if (!(altitude_m >= rule->lowest_m))
        return (struct span){0, 0};
    return (struct span){from, from + rule->days * DAY_MS};
}

/* Does ${duty} meet a night of the place? */
static bool meets_night(
    const struct acclimatisation_rule *rule, struct span duty, int offset_minutes)
{
    int64_t offset = offset_minutes * MINUTE_MS;
    int64_t first = (duty.from + offset) / DAY_MS - 1;

    for (int64_t day = first; day * DAY_MS - offset < duty.until; day++) {
        struct span night = {day * DAY_MS + rule->night_from * MINUTE_MS - offset,
            (day + 1) * DAY_MS + rule->night_until * MINUTE_MS - offset};

        if (!span_is_empty(span_meet(night, duty)))
            return true;
    }
    return false;
}

enum acclimatisation_word acclimatisation_judge(const struct acclimatisation_rule *rule,
    struct span days, struct span duty, int offset_minutes, bool alone)
{
    struct span within = span_meet(days, duty);

    if (span_is_empty(within))
        return ACCLIMATISATION_COUNTS;
    if (meets_night(rule, within, offset_minutes))
        return ACCLIMATISATION_NIGHT;
    return alone ? ACCLIMATISATION_SOLO : ACCLIMATISATION_COUNTS;
}
