/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bearer tokens of named people and programs. A token is shown once, when it is made; the
 * node keeps its hash, whom it is for and until when.
 */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include "app/app.h"

#define SESSION_TOKEN_MAX 80

struct session_grant {
    struct str name; /* 1 to 100 characters */
    struct str role;
    struct str practitioner; /* "Practitioner/ID" or p NULL */
    struct str organization;
    utc_ms expires;
};

/* Make a token for ${grant}; its text goes to ${token}. E_INVALID: a field is wrong or the
 * time is over LIMIT_TOKEN_HOURS. Works beside a running server, which honours the new
 * token at once. */
int session_token_make(struct app *app, const struct session_grant *grant,
    char token[SESSION_TOKEN_MAX], struct err *err);

/*
 * Who ${token} is for. E_UNAUTHORISED: unknown, expired or revoked. The slices in
 * ${ret} live until the app closes. Any thread; hot: no disk for a token seen before
 * (revocations are noticed within a second).
 */
int session_token_check(struct app *app, struct str token, utc_ms now,
    struct app_caller *ret, struct err *err);

/* End all tokens of ${name}; how many in ${ret}. */
int session_token_revoke(
    struct app *app, struct str name, size_t *ret, struct err *err);

#endif
