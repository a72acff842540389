/* SPDX-License-Identifier: Apache-2.0 */
/* When too few cases lie in the window. */
#include "engine/competence/recency.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

int64_t recency_lapses(
    const struct recency_rule *rule, const int64_t *when, size_t count, int64_t from)
{
    size_t needed = rule->cases > 0 ? (size_t)rule->cases : 0;
    int64_t window = rule->days * DAY_MS;
    int64_t at = from;
    size_t done = 0; /* cases until ${at} */

    if (needed == 0)
        return RECENCY_NEVER;
    for (;;) {
        int64_t oldest = 0; /* of the last that are needed */

        while (done < count && when[done] <= at)
            done++;
        if (done < needed)
            return at;
        oldest = when[done - needed];
        if (oldest + window < at)
            return at;
        at = oldest + window + 1; /* the first moment without it */
    }
}
