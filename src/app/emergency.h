/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Emergencies: breaking the glass. Somebody of a hospital that treats a patient opens all
 * records of the patient for LIMIT_EMERGENCY_MS, with a reason; or somebody of the patient's
 * own hospital lets cases cross a border without a consent for as long. Each is a record, an
 * EmergencyAccess, that the head of department and the quality officers hear of at once and
 * that one of them reviews (docs/adr/0011-break-glass.md).
 *
 *   $break-glass   emergency_open.c     makes the record
 *   $review        emergency_review.c   adds the word of the reviewer
 *   reading        emergency.c          what the records that hold now open, for access.c
 *
 * Nobody else writes an EmergencyAccess: access_write.c sees to that.
 */
#ifndef APP_EMERGENCY_H
#define APP_EMERGENCY_H

#include "app/app.h"
#include "view/reader.h"

struct emergencies;

/* NULL: no memory. */
struct emergencies *emergencies_new(struct app *app);
void emergencies_free(struct emergencies *e);

/* A record of ${type} has changed (writer's thread; cheap). */
void emergencies_changed(struct emergencies *e, unsigned type);

struct emergency_open {
    const struct reader_grant *list;
    size_t count;
};

/* What ${caller} may see at ${now} because the glass was broken, as long as they hold a
 * clinical post at the hospital they did it for. Memory from ${a}. Any thread. */
int emergency_grants(struct app *app, struct arena *a, const struct app_caller *caller,
    utc_ms now, struct emergency_open *ret, struct err *err);

#endif
