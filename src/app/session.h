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

/* ${s}, the part ${what} of a grant or an account, is p NULL or "${type}/ID"; else E_INVALID
 * with ${what} as its path. */
int session_check_reference(
    struct str s, const char *what, const char *type, struct err *err);

/* End all tokens of ${name}; how many in ${ret}. */
int session_token_revoke(
    struct app *app, struct str name, size_t *ret, struct err *err);

/* The same for all tokens of ${practitioner} ("Practitioner/ID"). */
int session_token_revoke_of(
    struct app *app, struct str practitioner, size_t *ret, struct err *err);

/* Tokens of ${practitioner} that have not expired: ${visit} gets a name for each (its
 * hash), whom it is for and until when. */
int session_token_each(struct app *app, struct arena *a, struct str practitioner,
    int (*visit)(
        void *arg, struct str id, const struct session_grant *grant, struct err *err),
    void *arg, struct err *err);

/* Tell every process, this one too, that tokens have changed. */
int session_token_changed(struct app *app, struct err *err);

/* End the one named ${id} of ${practitioner}. E_NOT_FOUND. */
int session_token_end(
    struct app *app, struct str practitioner, struct str id, struct err *err);

/* Whom ${secret}, the cookie of a visit (app/visit.h), is for: account, Practitioner and
 * the posts valid at ${now}; a post whose role needs a one-time code counts only where one
 * was given. With ${writes}, ${token} must be what the page was given for its changes.
 * E_UNAUTHORISED: not signed in, or not completely; E_FORBIDDEN: the wrong page token.
 * Memory from ${a}. Any thread; hot. */
struct session_visit {
    struct str secret;
    struct str token;
    bool writes;
};
int session_visit_check(struct app *app, struct arena *a,
    const struct session_visit *visit, utc_ms now, struct app_caller *ret,
    struct err *err);

/* The same, for one who only listens: it does not keep the visit from ending. */
int session_visit_look(struct app *app, struct arena *a, struct str secret, utc_ms now,
    struct app_caller *ret, struct err *err);

/* Has the visit of ${secret} not ended? Listening on does not keep it from ending. */
bool session_visit_lives(struct app *app, struct str secret, utc_ms now);

#endif
