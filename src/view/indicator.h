/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts that figures are computed from (docs/INDICATORS.md). Each version of a record says
 * which facts it holds for which indicator; what it no longer says, or says otherwise, ends
 * what the version before said. So it is known at every position of the log what was known
 * there, and nothing is ever computed by going back. Rows follow from one change of one record.
 *
 *   indicator   indicator 1 | things 8 | from 8 | record n varnum | fact of the record 2 | position 8
 *               ->  0: it is said no more; 1: it is said, and then
 *                   until 8 | values 1 | each: 0 nothing, 1 rid 8, 2 length 1 and text
 *
 * things: where firsts are counted, a hash of what the fact is of, so that each thing's first is
 * found by one look, however many follow; else 0. The strata of such an indicator are those of its
 * things. indicator: its place in definitions/indicators.json; n: of a record of its type. Moments are
 * ordered as numbers. The values are the things, the strata, the amount or value, its currency, the three
 * that decide whether the fact counts, and whether it is of the numerator or its value is within its limit, in the order of the definition. Of rows that differ in their position alone, the last one at or
 * before a position is what was known there.
 */
#ifndef VIEW_INDICATOR_H
#define VIEW_INDICATOR_H

#include "view/indicator_define.h"

extern const struct store_view indicator_view;

/* Would all that ${resource} says be counted? E_TOO_LARGE: it says more at once than the view takes of one record, and
 * ${err} of which figure. Memory is ${a}'s. */
int indicator_check(struct arena *a, const struct fhir_type *type,
    const struct json *resource, struct err *err);

/* A reference to a record of ours, or a text; both empty: nothing was said. */
struct indicator_cell {
    store_rid rid; /* 0: it is a text */
    struct str text;
};

enum {
    INDICATOR_CELL_STRATUM = INDICATOR_THINGS,
    INDICATOR_CELL_FILTER,
    INDICATOR_CELL_AMOUNT,
    INDICATOR_CELL_CURRENCY,
    INDICATOR_CELL_ONLY, /* or of which part of the whole it is */
    INDICATOR_CELL_APART,
    INDICATOR_CELL_APART_FROM,
    INDICATOR_CELL_MET, /* "1": of the numerator, or within its limit; "0": over it */
    INDICATOR_CELLS
};

struct indicator_row {
    store_rid record;
    utc_ms from;      /* UTC_MS_MIN: not said */
    utc_ms until;     /* SPAN_OPEN: not said */
    int64_t position; /* of the version that said so */
    struct indicator_cell cells[INDICATOR_CELLS];
};

#define INDICATOR_NO_AXIS SIZE_MAX
#define INDICATOR_NOW INT64_MAX

struct indicator_request {
    const struct indicator_define *define;
    size_t index;  /* its place among all */
    utc_ms from;   /* only facts that begin at or after (UTC_MS_MIN: all) */
    utc_ms until;  /* and before */
    int64_t known; /* as was known at this position of the log; INDICATOR_NOW */
    size_t
        stratum; /* which of the definition's strata is wanted, or INDICATOR_NO_AXIS */
    size_t filter; /* and another */
};

struct indicator_rows {
    struct indicator_row *list; /* by begin, then record */
    size_t count;
};

/* Call ${take} with each fact of ${rq}, by begin, then record; where firsts are counted with the first of each thing alone,
 * in no order. Its texts live until ${take} returns; what that returns below 0 ends it. The store's errors; E_CORRUPT;
 * E_TOO_LARGE: more than LIMIT_INDICATOR_FACTS. */
int indicator_each(struct store_reader *r, const struct indicator_request *rq,
    int (*take)(void *arg, const struct indicator_row *row, struct err *err), void *arg,
    struct err *err);

/* The same as a list in ${a}, always in order. E_NOMEM, and as above. */
int indicator_rows(struct store_reader *r, struct arena *a,
    const struct indicator_request *rq, struct indicator_rows *ret, struct err *err);

#endif
