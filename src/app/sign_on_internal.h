/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of sign-on share.
 *
 *   sign_on_provider.c  what an operator set up
 *   sign_on_flow.c      the way out and back: cookie, state, nonce, PKCE, used once
 *   sign_on_ask.c       what a provider is asked, and what is remembered of it
 *   sign_on_token.c     whether an ID token is to be believed
 *   sign_on_person.c    from claims to an account
 *   sign_on_post.c      from claims to posts
 *   sign_on.c           the operations; threads for waiting
 *   sign_on_back.c      coming back, from the address to a visit
 */
#ifndef APP_SIGN_ON_INTERNAL_H
#define APP_SIGN_ON_INTERNAL_H

#include "base/limits.h"
#include "base/log.h"

#include "app/sign_in_internal.h"
#include "app/sign_on.h"
#include "app/sign_on_token.h"
#include "crypto/secret.h"

/* ---- providers ---- */

/* The provider ${name} with its secret, all in ${a}. E_NOT_FOUND. */
int sign_on_load(struct app *app, struct arena *a, struct str name,
    struct sign_on_provider *ret, struct err *err);

/* ---- the way out and back ---- */

#define SIGN_ON_COOKIE_MAX 220

/* All of it follows from one secret, which the browser alone keeps, in a cookie. */
struct sign_on_way {
    struct str provider;
    utc_ms begun;
    char secret[CRYPTO_SECRET_CHARS + 1];
    char state[CRYPTO_SECRET_CHARS + 1];
    char nonce[CRYPTO_SECRET_CHARS + 1];
    char verifier[CRYPTO_SECRET_CHARS + 1];
    char challenge[CRYPTO_SECRET_CHARS + 1];
};

/* A new way to ${provider}; its cookie goes to ${cookie}. */
int sign_on_way_new(struct app *app, struct str provider, utc_ms now,
    struct sign_on_way *ret, char cookie[SIGN_ON_COOKIE_MAX], struct err *err);

/* The way that ${cookie} keeps. E_UNAUTHORISED: none, changed, or begun too long ago. */
int sign_on_way_open(struct app *app, struct arena *a, struct str cookie, utc_ms now,
    struct sign_on_way *ret, struct err *err);

/* A way is gone once: false the second time. */
bool sign_on_way_use(struct sign_on *s, const struct sign_on_way *way, utc_ms now);

/* ---- asking ---- */

/* What a provider says of itself. */
struct sign_on_description {
    struct str authorization;
    struct str token;
    struct str keys;
    struct str userinfo; /* p NULL: none */
    bool names_issuer;   /* in the address that leads back */
    bool secret_in_body; /* it takes a secret in no other way */
};

/* Read the text of a description that must be ${issuer}'s. E_INVALID. Pure. */
int sign_on_description_read(struct arena *a, struct str text, struct str issuer,
    struct sign_on_description *ret, struct err *err);

/* Questions to one provider, which together have one time limit. */
struct sign_on_ask {
    struct app *app;
    struct arena *arena;
    const struct sign_on_provider *provider;
    uint64_t until; /* monotonic ns */
    struct sign_on_description description;
};

/* Begin: fills description, asked for or remembered. E_IO: no answer, or not one to use. */
int sign_on_ask_begin(struct sign_on_ask *ask, struct err *err);

/* What came for a code. */
struct sign_on_tokens {
    struct str id;
    struct str access; /* p NULL: none */
};
int sign_on_ask_tokens(struct sign_on_ask *ask, const struct sign_on_way *way,
    struct str code, struct str back, struct sign_on_tokens *ret, struct err *err);

/* The provider's keys; ${anew}: not those remembered. */
int sign_on_ask_keys(
    struct sign_on_ask *ask, bool anew, const struct json **ret, struct err *err);

/* More claims, of the same subject as ${claims}. */
int sign_on_ask_more(struct sign_on_ask *ask, struct str access,
    const struct json *claims, const struct json **ret, struct err *err);

/* ---- people ---- */

/* What is known of who signed on: the ID token's claims, then the provider's further ones. */
struct sign_on_claims {
    const struct json *token;
    const struct json *more; /* NULL: none */
};
bool sign_on_has(const struct sign_on_claims *c, struct str name, struct str value);

struct sign_on_link_row {
    struct str provider;
    struct str issuer;
    struct str subject;
    struct str account; /* key; p NULL: no link */
    struct str *posts;  /* ids of PractitionerRoles */
    size_t post_count;
};
int sign_on_link_load(
    struct app *app, struct arena *a, struct sign_on_link_row *row, struct err *err);
int sign_on_link_save(
    struct app *app, const struct sign_on_link_row *row, struct err *err);

/* A person's sign-on under way. */
struct sign_on_person {
    struct app *app;
    struct arena *arena;
    const struct sign_on_provider *provider;
    struct sign_on_claims claims;
    struct sign_on_link_row link;
    utc_ms now;
    const char *why; /* for the page, where it is refused */
};

/* The account of who the claims are about, found or made, with the posts they give now.
 * E_FORBIDDEN with ${p->why}: nobody here. */
int sign_on_person(struct sign_on_person *p, struct account *ret, struct err *err);

/* Make the posts that the link gave ${practitioner} those of the claims; the link's list
 * follows. How many there are now: ${ret}. */
int sign_on_posts(
    struct sign_on_person *p, struct str practitioner, size_t *ret, struct err *err);

/* A record written or read as the provider's own program. ${body} p NULL: read. Its JSON
 * goes to ${ret}. E_NOT_FOUND, E_GONE; else E_IO with the sentence. */
int sign_on_record(struct sign_on_person *p, enum app_method method, struct str path,
    struct str body, const struct json **ret, struct err *err);

/* ---- of the node ---- */

struct sign_on_memory; /* what is remembered of one provider */

struct sign_on {
    pthread_mutex_t lock;          /* guards all down to next */
    struct jobs *jobs;             /* threads that wait; made when first needed */
    struct sign_on_memory *memory; /* LIMIT_SIGN_ON_PROVIDERS of them */
    struct sign_on_used *used;     /* a ring of LIMIT_SIGN_ON_USED */
    size_t next;                   /* place in it */
    atomic_uint waiting;           /* people, for questions to providers */
    pthread_mutex_t people;        /* one person at a time is made or changed */
};

struct sign_on_used {
    utc_ms until;
    uint8_t hash[CRYPTO_SECRET_HASH_BYTES];
};

struct sign_on_memory {
    char *issuer; /* NULL: free */
    char *description;
    char *keys;
    size_t description_len;
    size_t keys_len;
    uint64_t described; /* monotonic ns */
    uint64_t keyed;
    uint64_t failed; /* when it gave no answer; 0: it did */
};
void sign_on_memory_clear(struct sign_on_memory *m);

/* ---- operations ---- */

int sign_on_list(struct sign_in *s, struct err *err);   /* GET providers */
int sign_on_begin(struct sign_in *s, struct err *err);  /* POST with/NAME: outside */
int sign_on_return(struct sign_in *s, struct err *err); /* GET back/NAME: outside */
int sign_on_next(struct sign_in *s, struct err *err);   /* GET next */

/* Where the provider ${name} sends browsers back to; p NULL: no memory. */
struct str sign_on_back_address(const struct app_call *call, struct str name);

/* One line for the operator. */
void sign_on_log(const struct sign_on_provider *p, const struct err *err);

/* Run ${run} on a thread that may wait for a provider. APP_WAITING; E_BUSY. */
int sign_on_outside(struct app_call *call,
    int (*run)(struct app_call *, const struct rest *, struct err *), struct err *err);

#endif
