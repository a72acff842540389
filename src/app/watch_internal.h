/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the watch share.
 *
 *   watch.c        the operations: $watch, $end-watch, $acknowledge
 *   watch_look.c   the node's look: what was agreed has come about
 *   watch_judge.c  which alert a set of vital signs is worth; pure
 */
#ifndef APP_WATCH_INTERNAL_H
#define APP_WATCH_INTERNAL_H

#include "app/beside_internal.h"
#include "app/watch.h"
#include "engine/vitals/news2.h"

#define WATCH_URL "https://belay.health/StructureDefinition/watch"
#define WATCH_ALERT_URL "https://belay.health/StructureDefinition/watch-alert"
#define WATCH_SEEN_URL "https://belay.health/StructureDefinition/watch-seen"

#define WATCH_RISE_UNLESS_SAID 2

enum watch_band { WATCH_SINGLE_3, WATCH_5, WATCH_7 };

/* What was agreed. */
struct watch_terms {
    utc_ms from;
    utc_ms until;
    int64_t every; /* minutes */
    int64_t rise;  /* points */
    enum watch_band band;
};

const char *watch_band_code(enum watch_band band);

/* The terms that ${plan}, a CarePlan with the mark, holds; false: it holds none. */
bool watch_terms_read(const struct json *plan, struct watch_terms *ret);

/* What was posted to $watch. E_INVALID (watch.c). */
int watch_terms_given(const struct beside *b, struct watch_terms *ret, struct err *err);

/* Append the CarePlan ${id} of ${terms}, and as it is when it is ended. ${refused}: why NEWS2 is
 * refused for the patient; NULL: it is not. */
void watch_put(struct buf *out, const struct beside *b, struct str id,
    const struct watch_terms *terms, const char *refused);
void watch_ended_put(struct buf *out, const struct beside *b, const struct json *plan);

/* The same as the node ends it, with its time or with its case. */
void watch_over_put(struct buf *out, const struct json *plan);

enum watch_reason { WATCH_NOTHING, WATCH_ROSE, WATCH_REACHED, WATCH_OVERDUE };

const char *watch_reason_code(enum watch_reason reason);

/*
 * What the newest score is worth; ${before} NULL: there is none before it. Reached: it is in
 * the agreed band and the one before was not. Rose: the signs known both times give as many
 * points more as agreed. Scores that were refused are worth nothing. Pure.
 */
enum watch_reason watch_judge(const struct watch_terms *terms,
    const struct news2_score *before, const struct news2_score *now);

/* The instant from which nothing measured since ${last} is overdue. Pure. */
utc_ms watch_overdue_at(const struct watch_terms *terms, utc_ms last);

#endif
