/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases or days until independence, for many people of whom some have not arrived: the
 * product-limit estimate of Kaplan and Meier, with Greenwood's variance on the log-log
 * scale (Kalbfleisch and Prentice) for its limits, and beside it the cumulative incidence
 * (Aalen and Johansen), which counts who left the service as what it is: not as somebody who
 * would have arrived later. Pure functions; any thread.
 */
#ifndef ENGINE_COMPETENCE_SURVIVAL_H
#define ENGINE_COMPETENCE_SURVIVAL_H

#include <stddef.h>

enum survival_end {
    SURVIVAL_CENSORED, /* was still under way: the expert left, the data end */
    SURVIVAL_EVENT,    /* independent */
    SURVIVAL_COMPETING /* left the service: cannot arrive any more */
};

struct survival_subject {
    double time; /* at least 0 */
    enum survival_end end;
};

/* At one time at which somebody arrived or left; between the steps nothing changes. */
struct survival_step {
    double time;
    size_t at_risk, events, competing; /* at risk: just before */
    double dependent;                  /* the share not yet arrived, leavers censored */
    double low, high;                  /* its 95 % limits; as it is while 0 or 1 */
    double arrived, left;              /* cumulative incidence of either */
};

/* Sort ${subjects} and write the steps into ${ret}, which has room for ${count}; how many
 * there are. Who is censored at a time counts as at risk at it. */
size_t survival_curve(
    struct survival_subject *subjects, size_t count, struct survival_step *ret);

/* How many of ${subjects}, as survival_curve() has sorted them, are at risk just before ${time}: those whose own time
 * is no earlier. */
size_t survival_at_risk(
    const struct survival_subject *subjects, size_t count, double time);

/* ${subject}, seen no longer than until ${time}: what came later is censored there. A group's curve that ends where too
 * few are at risk is so taken into a larger one; that moment follows from what was seen until then, so
 * the estimate stays what it is (censoring at a stopping time). */
struct survival_subject survival_seen_until(
    struct survival_subject subject, double time);

/* The first time at which half or fewer are dependent; NAN: never within the data. */
double survival_median(const struct survival_step *steps, size_t count);

#endif
