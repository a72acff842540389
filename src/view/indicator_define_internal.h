/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that read definitions share. */
#ifndef VIEW_INDICATOR_DEFINE_INTERNAL_H
#define VIEW_INDICATOR_DEFINE_INTERNAL_H

#include "view/indicator_define.h"

/* E_BUG: ${define} cannot be used for its ${what}. */
int indicator_unusable(
    const struct indicator_define *define, const char *what, struct err *err);

/* Which part of the ratio ${define} the population ${population} with ${code} is. E_BUG. */
int indicator_part_read(struct indicator_define *define, const struct json *population,
    struct str code, struct err *err);

/* Find the indicators that the ratios of ${all} are of, and whether they can be set against each other: any
 * stratum and any year that is told of one is told of the other, and who is told what is what the more careful of them says. E_BUG. */
int indicator_ratios_link(struct indicator_defines *all, struct err *err);

#endif
