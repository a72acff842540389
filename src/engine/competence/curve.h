/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Has an apprentice's learning curve arrived? The LC-CUSUM of Biau and Porcher: the score
 * begins at 0; a success adds ln((1 - a) / (1 - u)), a failure ln(a / u), where u is a
 * failure rate that is inadequate and a one that is adequate; it never falls below 0. Above
 * the limit the cases speak for adequacy. The limit is such that somebody inadequate rises
 * above it within the horizon with a probability of alpha at most, computed exactly.
 *
 * A statistic never certifies anybody: this is one of the conditions that people look at
 * when they sign (sign_off.h). Where so few cases cannot decide, it says so.
 *
 * Pure functions; any thread.
 */
#ifndef ENGINE_COMPETENCE_CURVE_H
#define ENGINE_COMPETENCE_CURVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Cases a limit may be calibrated for: more take seconds and nobody's term holds them. */
#define CURVE_HORIZON_MAX 500

/* Probability with which somebody adequate should have arrived in "so many more". Ours. */
#define CURVE_POWER 0.8

struct curve_rule {
    double inadequate, adequate; /* failure rates, 0 < adequate < inadequate < 1 */
    int horizon;                 /* cases, 1 to CURVE_HORIZON_MAX */
    double alpha;                /* 0 to 1, exclusive */
    /* filled by curve_prepare() */
    double success, failure; /* what a case adds */
    double limit;            /* arrived when the score is above */
};

enum curve_verdict {
    CURVE_ARRIVED,
    CURVE_ON_THE_WAY, /* the cases to be expected suffice, if they are done adequately */
    CURVE_UNDECIDABLE /* they do not: no verdict at this volume */
};

struct curve_state {
    double score;
    int cases, failures;
    int arrived_at; /* the case that did it, counted from 1; 0: none within the horizon */
    int straight;   /* successes in a row that would do it from here; 0 if arrived */
    int needed; /* more cases until an adequate one has arrived with CURVE_POWER; 0 if
                       arrived, -1 if CURVE_HORIZON_MAX are not enough */
    enum curve_verdict verdict;
};

/* Fill the rest of ${rule}. E_INVALID with a sentence when its numbers make no sense,
 * E_NOMEM. Takes milliseconds for a horizon of 100: keep the result. */
int curve_prepare(struct curve_rule *rule, struct err *err);

/* How a curve stands after ${count} cases, ${failed} each true or false, oldest first.
 * Cases after the horizon do not make anybody arrive. ${expected}: how many more cases are
 * to be had, for the verdict. E_NOMEM. */
int curve_state(const struct curve_rule *rule, const bool *failed, size_t count,
    int expected, struct curve_state *ret, struct err *err);

/* The score after each of ${count} cases, for a chart; ${ret} has room for as many. */
void curve_scores(
    const struct curve_rule *rule, const bool *failed, size_t count, double *ret);

/* The probability that somebody whose failure rate is ${rate} arrives within ${cases} (1 to
 * CURVE_HORIZON_MAX). E_NOMEM. */
int curve_power(const struct curve_rule *rule, double rate, int cases, double *ret,
    struct err *err);

#endif
