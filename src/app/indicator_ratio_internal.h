/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A ratio of two figures, or of three: each is asked the very question that it would be asked singly, by the same caller,
 * and what they answer is multiplied and set against each other. So nothing is told of a ratio that its figures do not
 * tell.
 */
#ifndef APP_INDICATOR_RATIO_INTERNAL_H
#define APP_INDICATOR_RATIO_INTERNAL_H

#include "app/indicator_internal.h"

#define RATIO_NOWHERE (UINT32_MAX - 1) /* in strata below: the figure has no such one */

/* Of what a ratio is: its parts, and what the denominator was before. */
enum ratio_of {
    RATIO_NUMERATOR,
    RATIO_TIMES,
    RATIO_DENOMINATOR,
    RATIO_BEFORE,
    RATIO_OFS
};

struct ratio_figure {
    struct indicator_run run;
    uint32_t *
        strata; /* of each stratum of the ratio, its own; INDICATOR_NO_STRATUM: all of it */
    bool
        parts_missing; /* strata are parts of a whole, and of some of it nobody told them */
};

struct indicator_ratio {
    struct ratio_figure of[RATIO_OFS];
};

/* A figure as the caller is told it. */
struct ratio_told {
    bool hidden; /* even whether there is anything */
    bool masked;
    bool known; /* false: it is no number, as a sum of nothing */
    bool any;   /* there is something of it */
    bool
        parts_missing; /* some of it is not told apart, and so what is told may be too little */
    int64_t population; /* how many things */
    int64_t amount,
        of; /* what it comes to, in ${of}ths: of a share, what is met of all */
};

/* What is told of each part in ${stratum} of the ratio of ${run}, or of all; a part that it has not is 1. E_NOMEM. */
int ratio_tell(struct indicator_run *run, uint32_t stratum,
    struct ratio_told ret[INDICATOR_ROLES], struct err *err);

#endif
