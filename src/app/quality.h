/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which records are worth a second look (engine/quality/quality.h), by hospital
 * (docs/QUALITY.md). A fact of each record of five types is kept in memory and made anew when the
 * record has changed, so that asking again reads what was written since and no more. Nothing is
 * stored: what is wrong is told as long as it is, and by no table of a view.
 */
#ifndef APP_QUALITY_H
#define APP_QUALITY_H

#include "app/app.h"

struct quality;

/* NULL: no memory. */
struct quality *quality_new(struct app *app);
void quality_free(struct quality *q);

#endif
