/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/numbers/guard_mix.h"

/* Strata from ${first} to before ${end}, or of them only those that are taken together. */
struct some {
    size_t first, end;
    bool together;
};

/* Do they have a small count, in a row or over all rows? */
static bool have_small(const struct guard_mix *g, struct some of)
{
    int64_t sums[GUARD_COUNTS] = {0};
    bool small = false;

    for (size_t row = 0; row < g->rows; row++) {
        int64_t all = 0;

        for (size_t i = of.first; i < of.end; i++) {
            const int64_t *counts = g->counts[row * g->strata + i];

            for (size_t k = 0; k < GUARD_COUNTS && (!of.together || g->together[i]);
                 k++) {
                all += counts[k];
                sums[k] += counts[k];
            }
        }
        small = small || guard_is_small(all);
    }
    for (size_t k = 0; k < GUARD_COUNTS; k++)
        small = small || guard_is_small(sums[k]);
    return small;
}

void guard_mix(const struct guard_mix *g)
{
    for (size_t i = 0; i < g->strata; i++)
        g->together[i] =
            g->together[i] || have_small(g, (struct some){i, i + 1, false});
    for (size_t i = 0;
         i < g->strata && have_small(g, (struct some){0, g->strata, true}); i++)
        g->together[i] = true;
}
