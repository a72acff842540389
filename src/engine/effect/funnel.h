/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hospitals beside each other (Spiegelhalter, Stat Med 24, 2005, 1185): the share that each has, against
 * how many it is of, and between which limits a share would lie by chance if all were alike. Limits of 95 %
 * and 99.8 %. Where hospitals differ more than chance alone has it, limits are wider by the root of the
 * dispersion: the mean of the squared distances, of which the outer tenths count as the last within.
 * No ranks are made. Pure; any thread.
 *
 * Case mix, by indirect standardisation (Breslow and Day 1987, II, 2.3, of proportions): with p_s the share of all in
 * the stratum s, a hospital with n_s in each would by the share of all have E = sum n_s p_s, with the variance
 * V = sum n_s p_s (1 - p_s). Its O stands against that: z = (O - E) / sqrt(V), its adjusted share is that of all times
 * O / E, and limits lie around the share of all by z sqrt(V) / E of it. Without strata E = n p and V = n p (1 - p).
 *
 * Growth: of the counts x before and y since, log(y / x) - log(all y / all x) has the variance 1/x + 1/y (Spiegelhalter
 * 2005, 3.4, of two Poisson counts); limits, dispersion and what is outside follow in the same way.
 */
#ifndef ENGINE_EFFECT_FUNNEL_H
#define ENGINE_EFFECT_FUNNEL_H

#include "base/arena.h"
#include "base/err.h"

#include "engine/effect/interval.h"
#include "engine/indicator/indicator.h"

struct funnel_hospital {
    int64_t part, whole;       /* 0 <= part <= whole, whole above 0 */
    double expected, variance; /* by funnel_expect(); both 0: by the share of all */
};

/* One of those that a share is of. */
struct funnel_case {
    uint32_t hospital, stratum;
    bool met;
};

enum funnel_where { FUNNEL_WITHIN, FUNNEL_ABOVE, FUNNEL_BELOW };

struct funnel_row {
    double share;
    double expected; /* how many by the share of all, in each stratum */
    double adjusted; /* the share for the mix of its cases; ${share} without strata */
    double size; /* of how many a share without strata has limits as narrow; ${whole} */
    struct indicator_interval own; /* of its share alone, by Wilson */
    struct interval limits;        /* of 95 % */
    struct interval wide;          /* of 99.8 % */
    enum funnel_where where;       /* of the wide limits */
};

struct funnel {
    double share;      /* of all */
    double dispersion; /* 1: no more than chance; limits are wider by its root */
    struct funnel_row *rows;
};

/* What ${list} (hospitals by number) is expected to have by ${cases} of ${strata} strata; part and whole are counted too. E_NOMEM. */
int funnel_expect(struct arena *a, const struct funnel_case *cases, size_t count,
    size_t strata, struct funnel_hospital *list, struct err *err);

/* Memory from ${a}. E_NOMEM; E_INVALID: fewer than three hospitals, or all or none of all, of which no limits can be told. */
int funnel_make(struct arena *a, const struct funnel_hospital *list, size_t count,
    struct funnel *ret, struct err *err);

struct funnel_grower {
    double before, since; /* both above 0 */
};

struct funnel_grown {
    double growth;
    double
        size; /* before, of a hospital that grew as all did and has limits as narrow */
    struct interval limits, wide;
    enum funnel_where where;
};

struct funnel_growth {
    double growth; /* of all: 0.1 is ten in a hundred more */
    double dispersion;
    struct funnel_grown *rows;
};

/* The same. E_INVALID: fewer than three. */
int funnel_grow(struct arena *a, const struct funnel_grower *list, size_t count,
    struct funnel_growth *ret, struct err *err);

#endif
