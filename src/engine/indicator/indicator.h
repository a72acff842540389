/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures from facts. A fact is something that was true of a thing from one moment until
 * another: a person was posted, two hospitals were paired, money was paid. An indicator says
 * how facts become a figure; the facts that make it up are told with it, so that a figure
 * can be led back to its records. Pure; any thread.
 */
#ifndef ENGINE_INDICATOR_INDICATOR_H
#define ENGINE_INDICATOR_INDICATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/time.h"

#include "engine/planning/span.h"

enum indicator_count {
    INDICATOR_DISTINCT, /* how many different things the facts are of */
    INDICATOR_EVERY,    /* how many facts */
    INDICATOR_FIRST,    /* how many things have their first fact of all in the period */
    INDICATOR_SUM,      /* what their amounts come to */
    INDICATOR_MEAN,     /* what they are on average, a half to the even one */
    INDICATOR_DAYS, /* how many days of the period they fill, a thing's own days once */
    INDICATOR_COUNTS
};

enum indicator_scoring {
    INDICATOR_COHORT,     /* a figure, as it is counted */
    INDICATOR_PROPORTION, /* of what is counted, how much is met */
    INDICATOR_VALUES,     /* each fact has a value: their middle and how they spread */
    INDICATOR_RATIO, /* of two or three figures; no facts of its own (indicator_ratio) */
    INDICATOR_SCORINGS
};

/* Which facts belong to a period. */
enum indicator_rule {
    INDICATOR_BEGINS,   /* those that begin in it */
    INDICATOR_OVERLAPS, /* those that hold at some moment of it */
    INDICATOR_AT_END,   /* those that hold at its last moment */
    INDICATOR_RULES
};

#define INDICATOR_NO_STRATUM UINT32_MAX

struct indicator_fact {
    utc_ms from;      /* UTC_MS_MIN: nobody knows when it began */
    utc_ms until;     /* not included; SPAN_OPEN: it goes on */
    uint32_t thing;   /* a number for each thing that is counted */
    uint32_t stratum; /* below stratum_count, or INDICATOR_NO_STRATUM */
    int64_t
        amount; /* of INDICATOR_SUM and INDICATOR_MEAN, or the value of INDICATOR_VALUES */
    bool limited; /* of INDICATOR_VALUES: there is a limit for it */
    bool met;     /* it is of the numerator, or within its limit */
    bool
        beside; /* of INDICATOR_SUM: another fact says it of the whole; it counts in its
                     stratum alone */
};

struct indicator_question {
    enum indicator_count count;
    enum indicator_rule rule; /* not asked by INDICATOR_FIRST and INDICATOR_DAYS */
    struct span period;
    uint32_t stratum_count;
    /* Of a proportion ${count} is DISTINCT (a thing is met by any of its facts), EVERY or DAYS (whose days are
     * whole in the numerator alone where they are met whole); of values EVERY. */
    enum indicator_scoring scoring;
    bool ordered; /* the facts come by begin: only those of the period are looked at */
};

/* Could ${f} make up the figure that ${q} asks for: is it of its period? Of firsts all that is known by its end. */
bool indicator_belongs(
    const struct indicator_question *q, const struct indicator_fact *f);

/* What a proportion or values have beside their number. */
struct indicator_measured {
    int64_t met;            /* the numerator; or of ${limited}, how many are within */
    int64_t limited;        /* values that have a limit */
    int64_t median, ninety; /* of values: nine of ten are ${ninety} or less */
};

struct indicator_answer {
    int64_t
        figure; /* of a proportion the denominator, of values how many; a mean of nothing: 0 */
    int64_t *strata; /* stratum_count figures; a thing of two strata counts in both */
    /* Of each stratum, and behind them of all; NULL of a cohort. */
    struct indicator_measured *measured;
    bool *behind; /* a fact each: does it make up the figure? */
};

/*
 * What ${facts} (${count}) come to. A fact that ends before it begins, or as it does, is none,
 * but where it begins and ends at one moment that moment counts. Memory from ${a}, as much as the largest
 * number of a thing wants. It takes time that grows with the facts alone where they come by begin. E_NOMEM;
 * E_TOO_LARGE: a sum over 63 bits.
 */
int indicator_compute(struct arena *a, const struct indicator_question *q,
    const struct indicator_fact *facts, size_t count, struct indicator_answer *ret,
    struct err *err);

/* Between what a proportion of ${met} of ${all} (more than 0) lies, with a confidence of 95 % (Wilson
 * 1927, without correction for continuity). */
struct indicator_interval {
    double low, high;
};
struct indicator_interval indicator_wilson(int64_t met, int64_t all);

/* ${numerator} for each ${per} of ${denominator}, all but ${per} in ten-thousandths, to four decimals, a half to the
 * even one. False: nothing is said, since the denominator is 0 or less, or a number too large. */
bool indicator_ratio(int64_t numerator, int64_t denominator, int64_t per, int64_t *ret);

/* Make ${*numerator} for each of ${*denominator} (more than 0) ${times} / ${of} (more than 0) as much, in numbers as small as
 * they can be. False: they are too large. */
bool indicator_times(
    int64_t *numerator, int64_t *denominator, int64_t times, int64_t of);

#endif
