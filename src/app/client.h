/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs that ask for tokens themselves (OAuth 2.0 client credentials). A client has a
 * name, which is its client_id, a secret or public keys, and scopes; one that is bound to an
 * Organization sees, of what its scopes name, what a clinician there would.
 *
 *   setting            value
 *   client/NAME        {"scope","organization","secret","key","minutes"}
 *   client-off/NAME    "off": disabled. Apart, so that no other change can undo it
 *
 * A secret is kept as a hash: 256 random bits need nothing slower. Tokens are in the
 * memory of the process that gave them and end with it: they live for minutes, and a
 * program asks for another.
 */
#ifndef APP_CLIENT_H
#define APP_CLIENT_H

#include "app/app.h"
#include "app/scope.h"

#define CLIENT_SECRET_MAX 44
#define CLIENT_ROLE "client" /* what the audit trail calls it */

struct client_new {
    struct str name;         /* 1 to LIMIT_CLIENT_NAME of A-Z a-z 0-9 . _ - */
    struct str scope;        /* app/scope.h */
    struct str organization; /* "Organization/ID"; p NULL: bound to none */
    struct str key;  /* public keys: a JWK or a JWK Set; p NULL: a secret is made */
    int64_t minutes; /* how long its tokens live; 0: the least */
};

/* Make a client. Its secret goes to ${secret}, "" for one with a key. Works beside a running
 * server. E_INVALID: a field; E_CONFLICT: the name is taken; E_NOT_FOUND: no such
 * Organization. */
int client_add(struct app *app, const struct client_new *n,
    char secret[CLIENT_SECRET_MAX], struct err *err);

/* Disable or enable. Disabling ends its tokens, at a running server within a second.
 * E_NOT_FOUND. */
int client_disable(struct app *app, struct str name, bool off, struct err *err);

/* A new secret, or with ${key} a new public key; its tokens end. E_NOT_FOUND, E_INVALID. */
int client_reset(struct app *app, struct str name, struct str key,
    char secret[CLIENT_SECRET_MAX], struct err *err);

struct client_row {
    struct str name;
    struct str scope;
    struct str organization;
    int64_t minutes;
    bool has_key; /* else a secret */
    bool off;
};

/* Each client in the order of names; slices live for the call. */
int client_each(struct app *app,
    int (*visit)(void *arg, const struct client_row *row, struct err *err), void *arg,
    struct err *err);

#endif
