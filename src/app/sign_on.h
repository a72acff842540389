/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing on with the account one has elsewhere: OpenID Connect, the authorization code
 * flow with PKCE, against any provider (docs/adr/0020-sign-on.md). Here is what an operator
 * sets up; the requests of a browser are part of /session (app/sign_in.h):
 *
 *   GET   providers   [{name, title}]
 *   POST  with/NAME   begins -> {to}: the provider's page, and a cookie for the way
 *   GET   back/NAME   where the provider sends the browser: 303 to a page of ours
 *   GET   next        {next, page}: what a sign-in that came back so still needs
 *
 *   setting             value
 *   sign-on/NAME        a provider; its secret encrypted for the node's own eyes
 *   sign-on-link/HASH   {"account","provider","issuer","subject","posts":[...]}: whose
 *                       account somebody's is, and the posts that their claims gave
 */
#ifndef APP_SIGN_ON_H
#define APP_SIGN_ON_H

#include "app/app.h"

#define SIGN_ON_NAME_MAX 32
#define SIGN_ON_SECRET_MAX 256

/* Who has ${value} in ${claim} holds ${role} at ${organization}. */
struct sign_on_rule {
    struct str claim;
    struct str value;
    struct str role;
    struct str organization; /* "Organization/ID"; p NULL: the provider's */
};

struct sign_on_provider {
    struct str name;  /* a-z, 0-9 and -; in addresses */
    struct str title; /* on the button; p NULL: the name */
    struct str issuer;
    struct str client;       /* our id with it */
    struct str secret;       /* p NULL: none, PKCE alone */
    struct str scope;        /* p NULL: "openid profile" */
    struct str ca_file;      /* p NULL: whom the system trusts */
    struct str organization; /* where posts are unless the rule says; p NULL */
    struct str user_claim;   /* names a new account; p NULL: preferred_username */
    struct str staff_claim;  /* identifies a Practitioner ... */
    struct str staff_system; /* ... by an identifier of this system */
    struct str mfa_claim;    /* says that a second factor was given ... */
    struct str mfa_value;    /* ... if it is or has this */
    bool makes;              /* an account for who has a role and none yet */
    const struct sign_on_rule *rules;
    size_t rule_count;
};

/* Keep a provider, in the place of one with its name. E_INVALID: a field. Works beside a
 * running server, and counts at once. */
int sign_on_add(
    struct app *app, const struct sign_on_provider *provider, struct err *err);

/* Forget it, and end the visits of those who came by it. E_NOT_FOUND. */
int sign_on_remove(struct app *app, struct str name, struct err *err);

/* Each provider in the order of names, without its secret (which is "" where there is
 * one); slices live for the call. */
int sign_on_each(struct app *app,
    int (*visit)(void *arg, const struct sign_on_provider *provider, struct err *err),
    void *arg, struct err *err);

/* Who is ${subject} at the provider is ${account} here. E_NOT_FOUND: no such provider or
 * account. E_CONFLICT: the subject has one already. */
struct sign_on_who {
    struct str provider;
    struct str subject;
    struct str account; /* name */
};
int sign_on_link(struct app *app, const struct sign_on_who *who, struct err *err);
/* The same undone (account is not looked at); ends the account's visits. E_NOT_FOUND. */
int sign_on_unlink(struct app *app, const struct sign_on_who *who, struct err *err);

/* ---- of the node ---- */

struct sign_on;

/* NULL: no memory. */
struct sign_on *sign_on_new(void);
/* Waits for those who are under way. NULL is fine. */
void sign_on_free(struct sign_on *s);

#endif
