/* SPDX-License-Identifier: Apache-2.0 */
/* A client as the files about programs share it, and the tokens that were given. */
#ifndef APP_CLIENT_INTERNAL_H
#define APP_CLIENT_INTERNAL_H

#include "app/app_internal.h"
#include "app/client.h"
#include "crypto/token.h"

/* All texts live in an arena. */
struct client {
    struct str name;
    struct str scope;
    struct str organization;
    struct str secret; /* hash in hexadecimal; p NULL: none */
    struct str key;    /* public keys as a JWK Set; p NULL: none */
    int64_t minutes;
    uint64_t stamp; /* differs when anything above was changed */
    bool off;
};

/* Is ${name} one a client may have? */
bool client_name_valid(struct str name);

/* E_NOT_FOUND: no such client. */
int client_load(struct app *app, struct arena *a, struct str name, struct client *ret,
    struct err *err);

/* Is ${secret} that of ${client}? The same work for one that has none, and for NULL. */
bool client_secret_is(const struct client *client, struct str secret);

/* The public keys in ${text}, a JWK or a JWK Set, as the set that is kept (client_key.c).
 * E_INVALID with the path "key": none that can be used, or a private one. */
int client_key_read(struct arena *a, struct str text, struct str *ret, struct err *err);

/* ---- tokens (client_token.c) ---- */

int client_tokens_new(struct app *app, struct client_tokens **ret, struct err *err);
void client_tokens_free(struct client_tokens *t);

/* Give ${client} a token for ${scopes} until ${expires}; its text goes to ${token}.
 * E_TOO_LARGE: it has asked for too many different scopes. Any thread. */
struct client_token_new {
    const struct client *client;
    const struct scopes *scopes;
    utc_ms now;
    utc_ms expires;
};
int client_token_give(struct client_tokens *t, const struct client_token_new *n,
    char token[CRYPTO_TOKEN_CHARS + 1], struct err *err);

/* Whom the token with ${hash} is for; false: nobody, or it has expired. The slices in
 * ${ret} live until the app closes. Any thread; hot. */
bool client_token_check(
    struct client_tokens *t, const uint8_t *hash, utc_ms now, struct app_caller *ret);

/* End the token with ${hash} if it is one of the client ${name}; false: it is not. */
bool client_token_end(struct client_tokens *t, const uint8_t *hash, struct str name);

/* End the tokens of clients that were changed, disabled or removed since. */
void client_tokens_look(struct client_tokens *t);

/* Note that the program ${name} used the assertion ${id}, which holds until ${until}.
 * E_CONFLICT: it was used before; E_BUSY: LIMIT_ASSERTIONS are remembered. Any thread. */
struct client_assertion {
    struct str name;
    struct str id;
    utc_ms now;
    utc_ms until;
};
int client_assertion_use(
    struct client_tokens *t, const struct client_assertion *used, struct err *err);

#endif
