/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ID tokens (OpenID Connect Core 3.1.3.7) and what they claim. Pure: keys, expectations and
 * time come in; nothing is fetched or kept. Any thread.
 */
#ifndef APP_SIGN_ON_TOKEN_H
#define APP_SIGN_ON_TOKEN_H

#include "base/time.h"

#include "json/json.h"

/* What a token must say. */
struct sign_on_expect {
    struct str issuer;
    struct str client; /* our id with the provider */
    struct str nonce;
    struct str access_token; /* given along with it; p NULL: none */
    utc_ms now;
};

/*
 * The claims of ${token}, if it is to be believed: signed with one of ${keys} (a JWK Set) by
 * a public-key algorithm, by this issuer, for us alone or for us as the authorised party,
 * not expired, not from the future, with our nonce and, if it says so, belonging to the
 * access token. E_NOT_FOUND: it names a key that is not there. E_UNAUTHORISED: all
 * else that is wrong; the sentence is for the log and quotes nothing of the token.
 * E_NOMEM.
 */
int sign_on_token_check(struct arena *a, struct str token, const struct json *keys,
    const struct sign_on_expect *expect, const struct json **ret_claims,
    struct err *err);

/* The claims of ${token} if it is signed with one of ${keys}; what it says, and until when it
 * holds, is the caller's to check. Errors as sign_on_token_check. */
int sign_on_token_signed(struct arena *a, struct str token, const struct json *keys,
    const struct json **ret_claims, struct err *err);

/* Is ${jwk} a public key that sign_on_token_check() can use? */
bool sign_on_key_usable(struct arena *a, const struct json *jwk);

/* The time that the claim ${name} says, in seconds since 1970; a fraction is left out. False:
 * it says none. */
bool sign_on_claim_time(const struct json *claims, const char *name, int64_t *ret);

/* The claim ${name}: the member of that name, or where there is none the one that the
 * names between dots lead to. NULL: not there. */
const struct json *sign_on_claim(const struct json *claims, struct str name);

/* The text of a claim that is a string that is not empty; else p NULL. */
struct str sign_on_claim_text(const struct json *claims, struct str name);

/* Is the claim ${value}, or an array in which it is? Strings as they are, numbers as
 * written, "true" and "false". */
bool sign_on_claim_has(const struct json *claims, struct str name, struct str value);

#endif
