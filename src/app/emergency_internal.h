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

/* Read the body, a Parameters resource, into ${ret}; ${operation} is for sentences. */
int emergency_body(struct app_call *call, const char *operation,
    const struct json **ret, struct err *err);

/* Not within a Bundle: each is a decision of its own. E_UNSUPPORTED. */
int emergency_alone(
    const struct app_call *call, const char *operation, struct err *err);

/* The parameter ${name} of ${body}; NULL: it is not there. */
const struct json *emergency_parameter(const struct json *body, const char *name);

/* A text that a person is to read: trimmed, and of LIMIT_REASON_LEAST to
 * LIMIT_REASON_BYTES bytes. ${what} is for the sentence of the refusal. */
int emergency_text(const struct json *body, const char *name, const char *what,
    struct str *ret, struct err *err);

/* Answer with the EmergencyAccess that ${w} made. */
int emergency_answer(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err);

/* Make ${b} what is written: w->resource, checked. */
int emergency_take(
    struct app_call *call, struct writing *w, const struct buf *b, struct err *err);

#endif
