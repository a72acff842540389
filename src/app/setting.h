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

/* The keys behind ${prefix}, in their order; a reader is held only while they are listed. */
int setting_keys(struct app *app, struct arena *a, const char *prefix, struct str **ret,
    size_t *ret_count, struct err *err);

#endif
