/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts: what somebody signs in with. Who the person is and what posts they hold is in
 * the log (app/person.h); the account only names their Practitioner and keeps the secrets,
 * in settings of the node and in no record, so that no search, history, export or peer can
 * ever show them.
 *
 *   setting            value
 *   account/KEY        {"name","practitioner","role","organization","provider","codeAsked",
 *                       "password","secret","recovery","ticket","ticketUntil"}
 *   account-off/KEY    "off": disabled. Apart, so that no other change can undo it
 *   account-used/KEY   {"step","recovery"}: the last code and the recovery codes used
 *   ticket/HASH        KEY: whom an enrolment link is for
 *
 * KEY is the name folded (small letters, no accents). The password is there as argon2id;
 * the secret of the one-time codes encrypted under a key that follows from the node's, with
 * KEY bound to it; recovery codes and tickets as hashes.
 */
#ifndef APP_ACCOUNT_H
#define APP_ACCOUNT_H

#include "app/app.h"

#define ACCOUNT_TICKET_MAX 44
#define ACCOUNT_NAME_CHARS 100

struct account_new {
    struct str name;         /* what is typed to sign in; 1 to ACCOUNT_NAME_CHARS */
    struct str practitioner; /* "Practitioner/ID": posts come from the log */
    struct str role;         /* of somebody who is no Practitioner: the only post */
    struct str organization; /* of that post; p NULL: everywhere */
    struct str password;     /* p NULL: chosen by who opens the enrolment link */
    struct str provider; /* signs on by it and needs no link; p NULL: by a password */
    bool code_asked;     /* a one-time code, whatever the posts say */
};

/*
 * Make an account. A ticket for the enrolment link goes to ${ticket}, "" where none is
 * needed (a password was given and no code is asked). Works beside a running server.
 * E_INVALID: a field, or the password by its rules (app/password.h); E_CONFLICT: the name
 * is taken, or one that reads the same; E_NOT_FOUND: no such Practitioner.
 */
int account_add(struct app *app, const struct account_new *n,
    char ticket[ACCOUNT_TICKET_MAX], struct err *err);

/* Disable or enable. Disabling ends the account's sessions and the tokens of its
 * practitioner, at a running server within a second. E_NOT_FOUND. */
int account_disable(struct app *app, struct str name, bool off, struct err *err);

/* Take password, codes and sessions away and give a new ticket; or, with ${password}, set
 * that one (the ticket is "" where no code is asked). E_NOT_FOUND, E_INVALID. */
int account_reset(struct app *app, struct str name, struct str password,
    char ticket[ACCOUNT_TICKET_MAX], struct err *err);

/* A password nobody guesses (80 random bits) and few want to type: for a demonstration. */
#define ACCOUNT_PASSWORD_MAX 30
int account_password_new(char out[ACCOUNT_PASSWORD_MAX], struct err *err);

struct account_row {
    struct str name;
    struct str practitioner;
    struct str role;
    struct str organization;
    struct str provider; /* app/sign_on.h; p NULL: none */
    bool off;
    bool has_password;
    bool has_code;
    bool needs_code; /* by posts that are valid now, or because it was asked for */
};

/* Each account in the order of keys; slices live for the call. */
int account_each(struct app *app,
    int (*visit)(void *arg, const struct account_row *row, struct err *err), void *arg,
    struct err *err);

#endif
