/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Visits: sessions of people who signed in with a password, held by a cookie. A visit is a
 * secret of 256 random bits that only the browser has; here is its hash, in memory and,
 * once signing in is complete, in a setting, so that a restart throws nobody out.
 *
 *   setting          value
 *   visit/HASH       {"account","name","practitioner","role","organization","level",
 *                     "begun","seen","address","agent"}
 *   visit-change     something new after another process has ended some
 *
 * A visit ends LIMIT_SESSION_IDLE_MINUTES after its last request, LIMIT_SESSION_HOURS after
 * its beginning, when somebody ends it, and when its account is disabled, reset or gets
 * another password. Each rise of what it may do gives it a new secret.
 */
#ifndef APP_VISIT_H
#define APP_VISIT_H

#include "app/app.h"
#include "crypto/code.h"
#include "crypto/secret.h"

struct visits;

enum visit_level {
    VISIT_NONE,      /* nobody is signed in */
    VISIT_CODE_DUE,  /* password right, code asked */
    VISIT_ENROL_DUE, /* password right, must set up codes first */
    VISIT_PASSWORD,  /* signed in with a password alone */
    VISIT_CODE,      /* signed in with password and code */
};

/* A visit as it is told to others; texts in the arena it was asked with. */
struct visit {
    char id[2 * CRYPTO_SECRET_HASH_BYTES + 1]; /* its hash: names it, opens nothing */
    struct str account;                        /* key */
    struct str name;                           /* of the account, and whose it is */
    struct str practitioner;                   /* p NULL: of none, and then */
    struct str role;                           /* this is the only post */
    struct str organization;
    struct str address;
    struct str agent;
    enum visit_level level;
    utc_ms begun;
    utc_ms seen;
    utc_ms proved; /* when the password or a code was given last; 0: before a restart */
    bool has_pending;
    uint8_t pending[CRYPTO_CODE_SECRET_BYTES]; /* codes being set up */
    unsigned wrong;                            /* codes */
};

int visits_new(struct app *app, struct visits **ret, struct err *err);
/* NULL is fine. */
void visits_free(struct visits *v);

/* Keep when each was last seen: before the store closes. */
void visits_keep(struct app *app);

/* Begin one; ${from} (account, address, agent, level; begun 0: now). Its secret goes to
 * ${secret}. */
int visit_begin(struct app *app, const struct visit *from, utc_ms now,
    char secret[CRYPTO_SECRET_CHARS + 1], struct err *err);

/* The visit of ${secret}, seen now. E_UNAUTHORISED: none, or it has ended. Hot. */
int visit_find(struct app *app, struct arena *a, struct str secret, utc_ms now,
    struct visit *ret, struct err *err);

/* The same, without keeping it from ending. */
int visit_look(struct app *app, struct arena *a, struct str secret, utc_ms now,
    struct visit *ret, struct err *err);

/* The same visit with ${level} under a new secret; the old one is worth nothing. */
int visit_raise(struct app *app, const struct visit *visit, enum visit_level level,
    utc_ms now, char secret[CRYPTO_SECRET_CHARS + 1], struct err *err);

/* The password or a code of ${visit} was given again at ${now}. */
void visit_proved(struct app *app, const struct visit *visit, utc_ms now);

/* Keep the secret being set up; count a wrong code, which may end the visit. */
void visit_pending(struct app *app, const struct visit *visit, const uint8_t *secret);
int visit_wrong_code(struct app *app, const struct visit *visit, struct err *err);

/* End the one named ${id} of ${account}. E_NOT_FOUND. */
int visit_end(struct app *app, struct str account, struct str id, struct err *err);

/* End all of ${account} but the one named ${but} (p NULL: all). Works beside a running
 * server, which notices within a second. */
int visits_end_account(
    struct app *app, struct str account, struct str but, struct err *err);

struct visit_list {
    struct visit *list;
    size_t count;
};

/* Those of ${account} that have not ended, newest first. */
int visits_list(struct app *app, struct arena *a, struct str account, utc_ms now,
    struct visit_list *ret, struct err *err);

/* What a page sends along with each change: bound to the secret, worth nothing without. */
#define VISIT_TOKEN_CHARS 64
bool visit_token(struct str secret, char out[VISIT_TOKEN_CHARS + 1]);

#endif
