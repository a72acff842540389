/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims: published figures, laid beside each other and beside what was computed.
 *
 * A claim says one value of one measure, of one scope, for one period, in one unit, and how
 * exact it means to be. One without a period is held against no other of another time. What it allows is an interval of values:
 *
 *   "5,536"         5536                      exactly
 *   "over 2,000"    above 2000, no end        a floor says nothing of how far above
 *   "nearly 200"    180 up to 200             CLAIM_NEARLY below, never above
 *   "about 4,000"   3600 up to 4400           CLAIM_ABOUT to both sides
 *
 * The widths of "nearly" and "about" are a convention of ours: wide enough that an honest
 * rounding is never called a contradiction. What contradicts whatever reading is chosen is
 * told, and nothing else.
 *
 * Invariants (test/engine/test_claim.c):
 *  1. Order does not matter: the same claims in any order give the same contradictions.
 *  2. A claim alone contradicts nobody but itself (its own verb, its own exchange rate).
 *  3. Claims of different measures, or scopes, never contradict each other.
 *
 * Pure functions; any thread.
 */
#ifndef ENGINE_CLAIM_CLAIM_H
#define ENGINE_CLAIM_CLAIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#define CLAIM_NEARLY 0.10
#define CLAIM_ABOUT 0.10
/* An exchange rate implied by two rounded amounts may lie so far outside the yearly ones. */
#define CLAIM_RATE_SLACK 0.03

enum claim_bound { CLAIM_EXACT, CLAIM_OVER, CLAIM_NEAR, CLAIM_ROUND, CLAIM_BOUNDS };

/* What the wording says of the value before it. */
enum claim_trend { CLAIM_NO_TREND, CLAIM_ROSE, CLAIM_FELL, CLAIM_TRENDS };

struct claim {
    struct str id;      /* by which it is told; unique in its list */
    struct str measure; /* such as "experts-deployed" */
    struct str unit;    /* such as "persons", "person-courses", "CNY" */
    struct str
        scope; /* whose figure: the very same text is the same scope; empty: not said */
    int64_t from;  /* first moment of the period in ms since 1970 */
    int64_t until; /* the moment after its last; a stock on a day: from == until */
    bool dateless; /* no time was published: from and until say nothing */
    bool total;    /* what happened in the period: a longer one cannot have less */
    double value;
    enum claim_bound bound;
    enum claim_trend trend;
    bool has_before; /* the wording also says the value it came from */
    double before;
    struct str other_unit; /* the same amount in another currency; p NULL: none */
    double other;
};

/* How much of ${currency} one unit of ${base} bought, on the average of ${year}. */
struct claim_rate {
    struct str base, currency;
    int year;
    double rate;
};

enum claim_fault {
    CLAIM_MORE_IS_LESS, /* a total of ${other}'s period, which holds ${one}'s, yet less */
    CLAIM_TWO_VALUES,   /* two values of one period, of which not both can be */
    CLAIM_VERB_IS_WRONG, /* ${one} came before, ${other} says rose or fell against it */
    CLAIM_OWN_VERB_WRONG, /* ${one} == ${other}: its two values deny its verb */
    CLAIM_TWO_UNITS,      /* one name and scope, counted in two units */
    CLAIM_RATE_IMPOSSIBLE, /* ${one} == ${other}: no year of its period had such a rate */
    CLAIM_FAULTS
};

struct claim_contradiction {
    enum claim_fault fault;
    size_t one, other;      /* places in the list */
    double rate;            /* of CLAIM_RATE_IMPOSSIBLE: implied */
    double lowest, highest; /* of it: of the years of the period */
};

struct claim_contradictions {
    struct claim_contradiction *list; /* by fault, then by the ids of one and other */
    size_t count;
};

/*
 * What looks like a contradiction to whoever reads the numbers alone, and is none as far as anybody
 * can tell: ${other} speaks of a later time and says less, and the words for their scopes differ.
 */
struct claim_notice {
    size_t one, other; /* places in the list; ${one} is the earlier */
};

struct claim_notices {
    struct claim_notice *list; /* by the ids of one and other */
    size_t count;
};

/* What is compared. */
struct claim_set {
    const struct claim *claims;
    size_t count;
    const struct claim_rate *rates; /* the yearly averages that are known */
    size_t rate_count;
};

enum claim_verdict { CLAIM_MATCHES, CLAIM_DIFFERS };

/* Whether ${value} is among what ${claim} allows; ${by} is how far it is from the nearest value
 * that would be: negative where it is too low, 0 where it matches. For a floor that is
 * met exactly, 0 as well: it differs all the same. */
enum claim_verdict claim_judge(const struct claim *claim, double value, double *by);

/* All contradictions among the claims of ${set}, in ${ret}, with memory from ${a}. Two currencies
 * of which a year of the period is not known are not judged. A verb is held against the claims
 * just before it, and two units are told once, by the first ids that use them. Takes count²
 * comparisons; fails only for want of memory. */
int claim_contradictions(struct arena *a, const struct claim_set *set,
    struct claim_contradictions *ret, struct err *err);

/*
 * All notices among the claims of ${set}, in ${ret}, with memory from ${a}. Of a later time is what ends
 * later and, if it is a total, begins no later. It says less where what it says, a floor as its number
 * alone, is below all that the earlier one allows. What is a contradiction is no notice, since its scope
 * is the same. Takes count² comparisons; fails only for want of memory.
 */
int claim_notices(struct arena *a, const struct claim_set *set,
    struct claim_notices *ret, struct err *err);

/* The code of each as it is written and read; NULL and the count where there is none. */
const char *claim_bound_code(enum claim_bound bound);
enum claim_bound claim_bound_of(struct str code);
const char *claim_trend_code(enum claim_trend trend);
enum claim_trend claim_trend_of(struct str code);
const char *claim_fault_code(enum claim_fault fault);

#endif
