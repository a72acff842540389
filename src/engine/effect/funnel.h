/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hospitals beside each other (Spiegelhalter, Stat Med 24, 2005, 1185): the share that each has, against
 * how many it is of, and between which limits a share would lie by chance if all were alike. Limits of 95 %
 * and 99.7 %. Where hospitals differ more than chance alone has it, limits are wider by the root of the
 * dispersion: the mean of the squared distances, of which the outer tenths count as the last within.
 * No ranks are made. Pure; any thread.
 */
#ifndef ENGINE_EFFECT_FUNNEL_H
#define ENGINE_EFFECT_FUNNEL_H

#include "base/arena.h"
#include "base/err.h"

#include "engine/effect/interval.h"
#include "engine/indicator/indicator.h"

struct funnel_hospital {
    int64_t part, whole; /* 0 <= part <= whole, whole above 0 */
};

enum funnel_where { FUNNEL_WITHIN, FUNNEL_ABOVE, FUNNEL_BELOW };

struct funnel_row {
    double share;
    struct indicator_interval own; /* of its share alone, by Wilson */
    struct interval limits;        /* of 95 % */
    struct interval wide;          /* of 99.7 % */
    enum funnel_where where;       /* of the wide limits */
};

struct funnel {
    double share;      /* of all */
    double dispersion; /* 1: no more than chance; limits are wider by its root */
    struct funnel_row *rows;
};

/* Memory from ${a}. E_NOMEM; E_INVALID: fewer than three hospitals, or all or none of all, of which no limits can be told. */
int funnel_make(struct arena *a, const struct funnel_hospital *list, size_t count,
    struct funnel *ret, struct err *err);

#endif
