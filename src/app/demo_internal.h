/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What tools/demo/generate.mjs makes of data/demo when the program is built: transaction
 * Bundles, with marks where a time belongs that follows the clock.
 *
 *   "@minutes-38"        the instant 38 minutes ago
 *   "@days-2"            the day two days ago
 *   "@years-31-05-18"    born on a 18 May, 31 years old today
 *   "@years-58"          the year 58 years ago
 */
#ifndef APP_DEMO_INTERNAL_H
#define APP_DEMO_INTERNAL_H

#include "app/demo.h"

struct demo_part {
    const unsigned char *text;
    size_t len;
    bool once;      /* earlier states of cases: only for a node that never had them */
    bool programme; /* of our own types */
};
extern const struct demo_part demo_parts[];
extern const size_t demo_part_count;

/* Append ${text} to ${b}, each mark replaced by its time as of ${now}. E_BUG: a mark that
 * is none of those above. */
int demo_put_times(struct buf *b, struct str text, utc_ms now, struct err *err);

#endif
