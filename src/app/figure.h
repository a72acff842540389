/* SPDX-License-Identifier: Apache-2.0 */
/* Figures that were published (docs/FIGURES.md). */
#ifndef APP_FIGURE_H
#define APP_FIGURE_H

#include "app/access_internal.h"
#include "app/app_internal.h"
#include "engine/claim/claim.h"

/* Yearly averages of exchange rates that published amounts are held against. */
extern const struct claim_rate figure_rates[];
extern const size_t figure_rate_count;

/* Read ${figure}, a PublishedFigure of ${id}, as what engine/claim compares; its texts are
 * those of ${figure}. E_INVALID: a number or a day in it cannot be read. */
int figure_read(
    const struct json *figure, struct str id, struct claim *ret, struct err *err);

/* May the caller write a PublishedFigure, and does it say what can be compared? Coordinators
 * and the programme; others E_FORBIDDEN. */
int figure_check(struct access *a, const struct access_write *write, struct err *err);

#endif
