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

/* All kinds there are: app/node_key.h must find each of them when that key changes. */
enum setting_secret {
    SETTING_SECRET_ACCOUNT, /* of one-time codes */
    SETTING_SECRET_HOOK,    /* what signs a webhook's messages */
    SETTING_SECRET_SIGN_ON, /* this node's, at a provider */
    SETTING_SECRET_MAIL,    /* this node's password at its mail server */
    SETTING_SECRETS
};

/* Where secrets of a kind are: in settings that are JSON objects. */
struct setting_secret_place {
    const char *prefix; /* of the settings' names */
    const char *parent; /* the member the secret's is in; NULL: the object itself */
    const char *member;
    const char
        *label; /* the member it is bound to; NULL: to what stands behind the prefix */
    const char *use;
};
const struct setting_secret_place *setting_secret_place(enum setting_secret kind);

/* Append ${secret} to ${locked}, encrypted for its ${kind} and bound to ${label}. E_TOO_LARGE, E_NOMEM. */
int setting_lock(struct app *app, enum setting_secret kind, struct str label,
    struct str secret, struct buf *locked, struct err *err);

/* Append what ${locked} holds to ${open}, which the caller wipes. E_CORRUPT: of another kind, label or
 * node, or changed. */
int setting_open(struct app *app, enum setting_secret kind, struct str label,
    struct str locked, struct buf *open, struct err *err);

/* Read ${*secret}, which is locked, into ${a} in its place; no other copy of it stays. Fails as
 * setting_open(). */
int setting_unlock(struct app *app, struct arena *a, enum setting_secret kind,
    struct str label, struct str *secret, struct err *err);

/* ---- their names ---- */

/* The keys behind ${prefix}, in their order; a reader is held only while they are listed. */
int setting_keys(struct app *app, struct arena *a, const char *prefix, struct str **ret,
    size_t *ret_count, struct err *err);

#endif
