/* SPDX-License-Identifier: Apache-2.0 */
/* What the two files of figures share. */
#ifndef ENGINE_INDICATOR_INDICATOR_INTERNAL_H
#define ENGINE_INDICATOR_INDICATOR_INTERNAL_H

#include "engine/indicator/indicator.h"

/* How the values of ${facts} spread, to ${made->measured}, which is there. E_NOMEM. */
int indicator_spread(struct arena *a, const struct indicator_question *q,
    const struct indicator_fact *facts, size_t count, struct indicator_answer *made,
    struct err *err);

#endif
