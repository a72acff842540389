/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens for programs: OAuth 2.0 client credentials (RFC 6749) as SMART Backend Services
 * use them, and their revocation (RFC 7009). A call as those to app_start(), finished by
 * app_finish(); ${call->path} is what stands behind "/oauth/" or "/fhir/".
 *
 *   POST token    grant_type=client_credentials, scope (left out: all the client has)
 *                 -> {access_token, token_type, expires_in, scope}
 *   POST revoke   token -> nothing, whether there was such a token or not
 *   GET .well-known/smart-configuration
 *
 * The first two carry the client's credentials: HTTP Basic, or client_id and client_secret in
 * the form, or a signed assertion. What is wrong is told as {error, error_description}.
 *
 * Wrong credentials are counted as wrong passwords are (app/attempts.h), but right ones are
 * never made to wait: a secret of 256 bits is not guessed, and nobody shall be able to keep
 * a program out.
 */
#ifndef APP_OAUTH_H
#define APP_OAUTH_H

#include "app/app.h"

/* As app_start(). */
int oauth_start(struct app_call *call);

/* Take "Basic CREDENTIALS" apart: name and secret, each form-encoded as RFC 6749 says, go to
 * ${ret_name} and ${ret_secret}. Memory from ${a}. E_INVALID: not of that form. */
int oauth_basic(struct arena *a, struct str header, struct str *ret_name,
    struct str *ret_secret, struct err *err);

#endif
