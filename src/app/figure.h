/* SPDX-License-Identifier: Apache-2.0 */
/* Figures that were published (docs/FIGURES.md). */
#ifndef APP_FIGURE_H
#define APP_FIGURE_H

#include "app/access_internal.h"
#include "app/app_internal.h"
#include "app/seek.h"
#include "engine/claim/claim.h"

/* Yearly averages of exchange rates that published amounts are held against. */
extern const struct claim_rate figure_rates[];
extern const size_t figure_rate_count;

/* Read ${figure}, a PublishedFigure of ${id}, as what engine/claim compares; its texts are
 * those of ${figure}. E_INVALID: a number or a day in it cannot be read. */
int figure_read(
    const struct json *figure, struct str id, struct claim *ret, struct err *err);

struct figure_row {
    struct str id;
    const struct json *json;
    struct claim claim;
    struct str problem; /* why it cannot be compared; p NULL: it can be */
};

struct figure_rows {
    struct figure_row *list; /* by what they are of, the end of their time, and id */
    size_t count;
};

/* Those of ${measure} (p NULL: all) that stand and that ${call}'s caller may read, in its arena; what is told
 * is noted as seen. E_TOO_LARGE: more than LIMIT_FIGURES. */
int figure_rows(struct app_call *call, const struct seek *seek, struct str measure,
    struct figure_rows *ret, struct err *err);

/* May the caller write a PublishedFigure, and does it say what can be compared? Coordinators
 * and the programme; others E_FORBIDDEN. */
int figure_check(struct access *a, const struct access_write *write, struct err *err);

#endif
