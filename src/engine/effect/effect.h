/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changed with a department's assistance, from its months before and since. Growth alone is no
 * effect: a department that grew before goes on growing. So two things are told, each with an interval
 * of 95 %, or why it cannot be told:
 *
 *   interrupted   Y(t) = b0 + b1 t + b2 D(t) + b3 t D(t), t in months since assistance began and D 1 from
 *                 then on: how far the level jumped, and by how much a month the slope changed
 *                 (Wagner et al., J Clin Pharm Ther 27, 2002, 299). With a year and more on either side a sine
 *                 and a cosine of twelve months take out the season (Bernal et al., Int J Epidemiol 46, 2017, 348).
 *   difference    how much more the department grew than departments of the same hospitals that were not
 *                 assisted, each in parts of its own mean before; and whether they went together before
 *
 * EFFECT_MONTHS months on either side are the least (Penfold and Zhang, Acad Pediatr 13, 2013, S38). Pure; any
 * thread.
 */
#ifndef ENGINE_EFFECT_EFFECT_H
#define ENGINE_EFFECT_EFFECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

#define EFFECT_MONTHS 8 /* known, on either side */

enum effect_reason {
    EFFECT_TOLD,
    EFFECT_FEW_BEFORE,    /* too few months before */
    EFFECT_FEW_AFTER,     /* or since */
    EFFECT_NO_COMPARISON, /* nothing to compare with has all these months */
    EFFECT_NO_BASELINE,   /* there was nothing before, of which parts could be told */
    EFFECT_ALIKE,         /* what happened cannot be told apart from time itself */
    EFFECT_REASONS
};

struct effect_month {
    int64_t month; /* year * 12 + month - 1 */
    double value;
};

/* Months that are known, each once, in order. */
struct effect_series {
    const struct effect_month *list;
    size_t count;
};

struct effect_estimate {
    double value, low, high;
};

struct effect_interrupted {
    enum effect_reason reason;
    size_t before, after; /* months known */
    size_t lag;           /* months that go together */
    bool seasonal;
    double begin, trend; /* the line before: at the first assisted month, and a month */
    struct effect_estimate level, slope;
    struct effect_estimate last; /* the last month against the line before, gone on */
    /* A month each, where it is told: as fitted, and had the line before gone on. */
    double *fitted, *without;
};

struct effect_difference {
    enum effect_reason reason;
    size_t before, after;
    size_t compared, left_out; /* departments; left out: of which months are missing */
    bool *taken;               /* of the others, each: is it compared with? */
    size_t lag;
    struct effect_estimate grown; /* in parts of the mean before */
    struct effect_estimate apart; /* how they went apart before, a year */
};

/* ${start}: the first month with assistance. Memory from ${a}. E_NOMEM. */
int effect_interrupted(struct arena *a, const struct effect_series *series,
    int64_t start, struct effect_interrupted *ret, struct err *err);

/* Departments that were not assisted. */
struct effect_others {
    const struct effect_series *list;
    size_t count;
};

int effect_difference(struct arena *a, const struct effect_series *series,
    const struct effect_others *others, int64_t start, struct effect_difference *ret,
    struct err *err);

#endif
