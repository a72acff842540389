/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of the node that come in many: "account/KEY", "client/KEY". */
#ifndef APP_SETTING_H
#define APP_SETTING_H

#include "app/app.h"

/* The value of ${prefix}${key}. E_NOT_FOUND. */
int setting_get(struct app *app, struct arena *a, const char *prefix, struct str key,
    struct str *ret, struct err *err);

/* Put it; ${value} with p NULL removes. */
int setting_put(struct app *app, const char *prefix, struct str key, struct str value,
    struct err *err);

/* Is there ${prefix}${key}? */
int setting_has(struct app *app, struct arena *a, const char *prefix, struct str key,
    bool *ret, struct err *err);

/* ---- secrets in settings: encrypted under a key that follows from the node's own ---- */

/* Append ${secret} to ${locked}, encrypted for ${use} (a fixed text of ours) and bound to
 * ${label}. E_TOO_LARGE, E_NOMEM. */
int setting_lock(struct app *app, const char *use, struct str label, struct str secret,
    struct buf *locked, struct err *err);

/* Read ${*secret}, which is locked, into ${a} in its place; no other copy of it stays. E_CORRUPT: of another use, label
 * or node, or changed. */
int setting_unlock(struct app *app, struct arena *a, const char *use, struct str label,
    struct str *secret, struct err *err);

/* ---- their names ---- */

/* The keys behind ${prefix}, in their order; a reader is held only while they are listed. */
int setting_keys(struct app *app, struct arena *a, const char *prefix, struct str **ret,
    size_t *ret_count, struct err *err);

#endif
