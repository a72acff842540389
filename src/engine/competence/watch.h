/* SPDX-License-Identifier: Apache-2.0 */
/*
 * After the sign-off: do results stay as they should? A CUSUM of failures: a failure adds
 * ln(u / a), a success ln((1 - u) / (1 - a)), where a is the failure rate that is accepted
 * and u the one to be found; never below 0. Above the limit somebody looks at the cases. The
 * limit is exact: with the accepted rate the chart rises above it within the horizon with a
 * probability of alpha at most. Simulated limits of the literature are too low in the
 * second digit (2.696 for 5 %, doubled odds, 100 cases and 0.05 gives 0.057).
 *
 * Pure functions; any thread.
 */
#ifndef ENGINE_COMPETENCE_WATCH_H
#define ENGINE_COMPETENCE_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define WATCH_HORIZON_MAX 500

struct watch_rule {
    double accepted, alarming; /* failure rates, 0 < accepted < alarming < 1 */
    int horizon;               /* cases, 1 to WATCH_HORIZON_MAX */
    double alpha;              /* of a false alarm within the horizon */
    /* filled by watch_prepare() */
    double failure, success; /* what a case adds */
    double limit;            /* alarm when the score is above */
};

/* Fill the rest of ${rule}. E_INVALID, E_NOMEM. */
int watch_prepare(struct watch_rule *rule, struct err *err);

/* The score after each of ${count} cases into ${ret}, oldest first; after an alarm it begins
 * anew, as the cases behind it have been looked at. Gives the first alarm's case, counted
 * from 1, or 0. */
size_t watch_scores(
    const struct watch_rule *rule, const bool *failed, size_t count, double *ret);

/* Is a score above the limit, but for what rounding does? */
bool watch_is_alarm(const struct watch_rule *rule, double score);

/* The false alarms of a limit: the probability of rising above ${limit} within the horizon
 * at the accepted rate. E_NOMEM. */
int watch_false_alarm(
    const struct watch_rule *rule, double limit, double *ret, struct err *err);

/* The failure rate whose odds are ${ratio} times those of ${rate}. */
double watch_odds(double rate, double ratio);

/* What a case adds in a chart that is adjusted for risk (Steiner and others, 2000): its own
 * expected rate ${expected}, tested for odds of ${ratio} times (2 is doubled) against 1. */
double watch_risk_weight(double expected, double ratio, bool failed);

#endif
