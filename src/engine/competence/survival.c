/* SPDX-License-Identifier: Apache-2.0 */
/* The product-limit estimate and the cumulative incidence. */
#include "engine/competence/survival.h"

#include <math.h>
#include <stdlib.h>

#define NORMAL_975 1.959963984540054 /* quantile of the standard normal distribution */

struct sums {
    double dependent, variance; /* of Kaplan and Meier; Greenwood's sum */
    double free;                /* of both ends, for the incidence */
    double arrived, left;
};

static int compare(const void *one, const void *other)
{
    const struct survival_subject *a = one, *b = other;

    return a->time < b->time ? -1 : a->time > b->time;
}

static void set_limits(struct survival_step *step, double variance)
{
    double s = step->dependent, half;

    step->low = step->high = s;
    if (!(s > 0 && s < 1))
        return;
    half = NORMAL_975 * sqrt(variance) / fabs(log(s));
    step->low = pow(s, exp(half));
    step->high = pow(s, exp(-half));
}

static void take(struct sums *sums, struct survival_step *step)
{
    double n = (double)step->at_risk, d = (double)step->events,
           c = (double)step->competing;

    sums->arrived += sums->free * d / n;
    sums->left += sums->free * c / n;
    sums->free *= 1 - (d + c) / n;
    sums->dependent *= 1 - d / n;
    if (n > d)
        sums->variance += d / (n * (n - d));
    step->dependent = sums->dependent;
    step->arrived = sums->arrived;
    step->left = sums->left;
    set_limits(step, sums->variance);
}

size_t survival_curve(
    struct survival_subject *subjects, size_t count, struct survival_step *ret)
{
    struct sums sums = {.dependent = 1, .free = 1};
    size_t steps = 0;

    if (count > 0)
        qsort(subjects, count, sizeof(*subjects), compare);
    for (size_t i = 0, next; i < count; i = next) {
        struct survival_step step = {.time = subjects[i].time, .at_risk = count - i};

        for (next = i; next < count && subjects[next].time <= step.time; next++) {
            step.events += subjects[next].end == SURVIVAL_EVENT;
            step.competing += subjects[next].end == SURVIVAL_COMPETING;
        }
        if (step.events + step.competing == 0)
            continue;
        take(&sums, &step);
        ret[steps++] = step;
    }
    return steps;
}

size_t survival_at_risk(
    const struct survival_subject *subjects, size_t count, double time)
{
    size_t before = 0;

    while (before < count && subjects[before].time < time)
        before++;
    return count - before;
}

struct survival_subject survival_seen_until(
    struct survival_subject subject, double time)
{
    return subject.time > time ? (struct survival_subject){time, SURVIVAL_CENSORED}
                               : subject;
}

double survival_median(const struct survival_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (steps[i].dependent <= 0.5)
            return steps[i].time;
    return (double)NAN;
}
