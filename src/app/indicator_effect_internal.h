/* SPDX-License-Identifier: Apache-2.0 */
/* What $effect finds and what it writes. */
#ifndef APP_INDICATOR_EFFECT_INTERNAL_H
#define APP_INDICATOR_EFFECT_INTERNAL_H

#include "app/indicator_internal.h"
#include "engine/effect/effect.h"
#include "engine/effect/interval.h"

#define EFFECT_SPAN 1200 /* months between the first and the last, at most */

/* A department, or a hospital that is all of those who report for it. */
struct effect_unit {
    store_rid rid;
    bool assisted;    /* at any time */
    size_t reporters; /* its departments, or itself where it is one */
    double *sum;      /* a month each */
    size_t *known;    /* how many reporters are known */
    bool *own;        /* the hospital said it of itself: its departments do not count */
    struct effect_series series;
};

struct effect_reporter {
    store_rid rid;
    store_rid unit; /* 0: not of the question */
};

struct effect_year {
    int64_t year; /* 0: there is none of which all months are known */
    double value;
};

struct effect_found {
    struct indicator_run *run;
    const struct indicator_define *define;
    store_rid unit, hospital;
    bool whole;          /* the unit is the hospital itself */
    utc_ms began, ended; /* its pairings; UTC_MS_MAX, UTC_MS_MIN: there is none */
    int64_t start;       /* the first month that was assisted as a whole */
    int64_t first;       /* month of place 0 of each unit */
    size_t span;
    store_rid *paired; /* units with a pairing, at any time */
    size_t paired_count;
    struct effect_reporter *reporters;
    size_t reporter_count;
    struct effect_unit *units; /* the first is the one asked for */
    size_t unit_count;
    struct effect_year baseline, latest;
    struct effect_interrupted interrupted;
    struct effect_difference difference;
    struct effect_unit **compared; /* those that were not assisted */
    size_t compared_count;
};

/* Write the answer (indicator_effect_write.c). */
int indicator_effect_write(struct effect_found *f, struct err *err);

#endif
