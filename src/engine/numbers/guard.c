/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/numbers/guard.h"

#define MOST_SMALL (SUPPRESS_SMALL - 1)

static int64_t sum_of(const int64_t *counts)
{
    int64_t sum = 0;

    for (size_t k = 0; k < GUARD_COUNTS; k++)
        sum += counts[k];
    return sum;
}

static bool has_small(const int64_t *counts)
{
    bool small = guard_is_small(sum_of(counts));

    for (size_t k = 0; k < GUARD_COUNTS; k++)
        small = small || guard_is_small(counts[k]);
    return small;
}

/* Can no small count among those that are hidden be worked out from what they come to? */
static bool is_open(const struct guard *g)
{
    int64_t sums[GUARD_COUNTS] = {0};
    int64_t n = 0;

    for (size_t i = 0; i < g->strata; i++) {
        if (!g->hidden[i] || sum_of(g->counts[i]) == 0)
            continue;
        n++;
        for (size_t k = 0; k < GUARD_COUNTS; k++)
            sums[k] += g->counts[i][k];
    }
    /* the others have one each, whatever this one has */
    if (n == 0)
        return true;
    if (n == 1 || sum_of(sums) < MOST_SMALL + n - 1)
        return false;
    for (size_t k = 0; k < GUARD_COUNTS; k++) {
        if (guard_is_small(sums[k]) && sums[k] < MOST_SMALL)
            return false;
    }
    return true;
}

void guard(struct guard *g)
{
    g->total = has_small(g->all);
    for (size_t i = 0; i < g->strata; i++)
        g->hidden[i] = g->hidden[i] || g->total || has_small(g->counts[i]);
    for (size_t i = 0; i < g->strata && !is_open(g); i++) {
        if (sum_of(g->counts[i]) > 0)
            g->hidden[i] = true;
    }
    g->withheld = !g->total && !is_open(g);
}
