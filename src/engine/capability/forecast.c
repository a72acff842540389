/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/capability/forecast.h"

#include <math.h>

#define SHARE 0.8
#define HALVINGS 100

double forecast_dependence(int reached, int independent)
{
    return reached == 0 ? -1 : 1 - (double)independent / reached;
}

/* P(X <= ${count}) of a Poisson with ${mean}. */
static double below(int count, double mean)
{
    double term = exp(-mean), sum = term;

    for (int i = 1; i <= count; i++) {
        term *= mean / i;
        sum += term;
    }
    return sum;
}

/* The mean for which at most ${count} has the chance ${chance}: it falls as the mean grows. */
static double mean_for(int count, double chance)
{
    double low = 0, high = count + 10 * sqrt((double)count + 1) + 10;

    for (int i = 0; i < HALVINGS; i++) {
        double middle = (low + high) / 2;

        if (below(count, middle) > chance)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* The ends of the exact interval for the mean of a Poisson ${count}. */
static void interval(int count, double *ret_low, double *ret_high)
{
    double tail = (1 - SHARE) / 2;

    *ret_low = count == 0 ? 0 : mean_for(count - 1, 1 - tail);
    *ret_high = mean_for(count, tail);
}

struct forecast forecast_independence(const struct forecast_counts *counts)
{
    struct forecast f = {.known = counts->remaining == 0};
    double gained_low = 0, gained_high = 0, lost_low = 0, lost_high = 0;
    double work = (double)counts->remaining * counts->days;

    if (f.known || counts->gained < FORECAST_LEAST)
        return f;
    interval(counts->gained, &gained_low, &gained_high);
    interval(counts->lost, &lost_low, &lost_high);
    if (counts->lost == 0)
        lost_high = 0; /* none was lost: the rate is that of what was gained */
    if (gained_low <= lost_high)
        return f;
    f.known = true;
    f.soonest = work / (gained_high - lost_low);
    f.middle = work / (counts->gained - counts->lost);
    f.latest = work / (gained_low - lost_high);
    if (f.latest > FORECAST_MOST_DAYS)
        f.latest = -1;
    return f;
}
