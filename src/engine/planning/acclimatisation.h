/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first days of somebody who comes up to a height: days 0 to 3 after arrival without a
 * night on duty and without a duty alone, at 2,500 m and above. A proposal that follows what is
 * known of newcomers by air (WMS and CDC: acclimatisation takes 3 to 5 days and is worst asleep),
 * not a measured limit; so it has a version, which travels with what follows from it. It
 * judges nobody's fitness: a doctor does. Pure; any thread.
 */
#ifndef ENGINE_PLANNING_ACCLIMATISATION_H
#define ENGINE_PLANNING_ACCLIMATISATION_H

#include "engine/planning/span.h"

struct acclimatisation_rule {
    const char *version;
    double lowest_m;             /* from this height on */
    int days;                    /* the day of arrival included */
    int night_from, night_until; /* minutes of the place's day */
};

extern const struct acclimatisation_rule acclimatisation_rule_default;

enum acclimatisation_word {
    ACCLIMATISATION_COUNTS,
    ACCLIMATISATION_NIGHT,
    ACCLIMATISATION_SOLO,
};

/* "counts", "night" or "solo". */
const char *acclimatisation_code(enum acclimatisation_word word);

/*
 * The time that begins with the local day ${arrived} (counted from 1970), at a place
 * ${offset_minutes} before UTC and ${altitude_m} high; empty where the rule says nothing: it is
 * lower, or the height is not known (NAN).
 */
struct span acclimatisation_days(const struct acclimatisation_rule *rule,
    int64_t arrived, int offset_minutes, double altitude_m);

/* Does ${duty} count for somebody whose first days are ${days}? ${alone}: nobody else of the
 * department is on duty then. A duty counts as a whole or not at all. */
enum acclimatisation_word acclimatisation_judge(const struct acclimatisation_rule *rule,
    struct span days, struct span duty, int offset_minutes, bool alone);

#endif
