/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of signing in share: a request taken apart, and its answers. */
#ifndef APP_SIGN_IN_INTERNAL_H
#define APP_SIGN_IN_INTERNAL_H

#include "app/account_internal.h"
#include "app/attempts.h"
#include "app/audit.h"
#include "app/visit.h"

/* A request under way; lives in the call's arena. */
struct sign_in {
    struct app_call *call;
    const struct json *body; /* an object, or NULL */
    struct visit visit;      /* level VISIT_NONE: nobody */
    struct account account;
    utc_ms now;
};

/* Text of a member of the body; p NULL: none. */
struct str sign_in_text(const struct sign_in *s, const char *name);

/* 0, or the refusal with status 429. */
int sign_in_try(struct sign_in *s, const struct attempt *try, struct err *err);

/* True when ${typed} is ${hash}'s password; p NULL: false after the same work. E_BUSY: too
 * many are waiting. For job threads. */
int sign_in_matches(
    struct sign_in *s, struct str hash, struct str typed, bool *ret, struct err *err);

/* E_UNAUTHORISED: the name or the password is not right. */
int sign_in_wrong(struct err *err);

/* Was the password or a code given in this visit within LIMIT_SESSION_PROOF_MINUTES? Else E_FORBIDDEN with the path
 * "proof". */
int sign_in_proved(const struct sign_in *s, struct err *err);

/* The members "proofs", with what whoever is here can prove it (none: by signing in again), and
 * "proved", whether that is not needed now. */
void sign_in_put_proofs(const struct sign_in *s, struct json_out *o);

/* Tell the audit trail of a sign-in, before it is one, or of its end. */
int sign_in_tell(struct sign_in *s, enum audit_kind kind, struct err *err);

/* Put the visit's new secret into the answer: cookie, and the page token as a member. */
int sign_in_put_cookie(
    struct sign_in *s, struct json_out *o, const char *secret, struct err *err);

struct json_out sign_in_answer(struct sign_in *s);

/* Begin a visit of s->account, told to the trail if it is whole; its secret goes to
 * ${secret}. */
int sign_in_visit(struct sign_in *s, enum visit_level level,
    char secret[CRYPTO_SECRET_CHARS + 1], struct err *err);

/* The member "next": what a visit of ${level} still needs. */
void sign_in_put_next(struct json_out *o, enum visit_level level);

/* The language whoever is signed in chose, as a member; nothing where none is known. */
void sign_in_put_language(struct sign_in *s, struct json_out *o);

/* The operations. */
int sign_in_begin(struct sign_in *s, struct err *err);       /* POST: on a job thread */
int sign_in_code(struct sign_in *s, struct err *err);        /* POST code */
int sign_in_enrol(struct sign_in *s, struct err *err);       /* POST enrolment: job */
int sign_in_enrolled(struct sign_in *s, struct err *err);    /* PUT enrolment */
int sign_in_password(struct sign_in *s, struct err *err);    /* POST password: job */
int sign_in_prove(struct sign_in *s, struct err *err);       /* POST proof: job */
int sign_in_out(struct sign_in *s, struct err *err);         /* DELETE */
int sign_in_list(struct sign_in *s, struct err *err);        /* GET list */
int sign_in_end(struct sign_in *s, struct err *err);         /* DELETE list/ID */
int sign_in_choices(struct sign_in *s, struct err *err);     /* GET choices */
int sign_in_choose(struct sign_in *s, struct err *err);      /* PUT choices */
int sign_in_choices_try(struct sign_in *s, struct err *err); /* POST choices/try */
int sign_in_accounts(struct sign_in *s, struct err *err);    /* GET accounts: jobs */
int sign_in_account_add(struct sign_in *s, struct err *err);
int sign_in_account_off(struct sign_in *s, struct err *err);
int sign_in_account_on(struct sign_in *s, struct err *err);
int sign_in_account_reset(struct sign_in *s, struct err *err);

#endif
