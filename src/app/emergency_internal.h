/* SPDX-License-Identifier: Apache-2.0 */
/* What breaking the glass and its review share. */
#ifndef APP_EMERGENCY_INTERNAL_H
#define APP_EMERGENCY_INTERNAL_H

#include "app/access_internal.h"
#include "app/emergency.h"
#include "app/write_internal.h"

/* The type EmergencyAccess. */
const struct fhir_type *emergency_type(void);

/* Does ${role} give a clinical post? */
bool emergency_clinical(struct str role);

/* A text that a person is to read: trimmed, and of LIMIT_REASON_LEAST to
 * LIMIT_REASON_BYTES bytes. ${what} is for the sentence of the refusal. */
int emergency_text(const struct json *body, const char *name, const char *what,
    struct str *ret, struct err *err);

/* Make ${b} what is written: w->resource, checked. */
int emergency_take(
    struct app_call *call, struct writing *w, const struct buf *b, struct err *err);

#endif
