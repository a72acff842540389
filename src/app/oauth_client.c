/* SPDX-License-Identifier: Apache-2.0 */
/* Which program asks, and whether it is that one. */
#include <strings.h>

#include "app/attempts.h"
#include "app/oauth_internal.h"
#include "crypto/crypto.h"

#define BASIC_MAX 1024 /* bytes of name, colon and secret */

/* ---- Basic ---- */

static int not_basic(struct err *err)
{
    return err_set(err, E_INVALID, "Authorization",
        "The header Authorization is not Basic with a name and a secret.");
}

/* ${text} form-decoded into ${a}. */
static bool decode(struct arena *a, struct str text, struct str *ret)
{
    struct buf b;
    char *p = NULL;

    buf_init(&b, BASIC_MAX);
    if (percent_decode(&b, text, true) && !b.error)
        p = arena_strndup(a, b.data ? b.data : "", b.len);
    *ret = (struct str){p, p ? b.len : 0};
    if (b.data)
        crypto_wipe(b.data, b.len);
    buf_done(&b);
    return p != NULL;
}

int oauth_basic(struct arena *a, struct str header, struct str *ret_name,
    struct str *ret_secret, struct err *err)
{
    struct str rest = header;
    struct str scheme = str_cut(&rest, ' ');
    uint8_t bytes[BASIC_MAX];
    struct str name = {NULL, 0};
    struct str secret = {(const char *)bytes, 0};
    bool good = scheme.len == 5 && strncasecmp(scheme.p, "Basic", 5) == 0 && rest.p &&
                base64_decode(text_trim(rest), bytes, sizeof(bytes), &secret.len);

    if (good) {
        name = str_cut(&secret, ':');
        good = secret.p && decode(a, name, ret_name) && decode(a, secret, ret_secret);
    }
    crypto_wipe(bytes, sizeof(bytes));
    return good ? 0 : not_basic(err);
}

/* ---- credentials ---- */

struct credentials {
    struct str name;
    struct str secret;
    struct str assertion; /* instead of a secret */
};

static int take(struct oauth *o, struct credentials *ret, struct err *err)
{
    struct str header = o->call->authorization;
    struct str name = oauth_field(o, "client_id");
    unsigned ways = 0;

    ret->secret = oauth_field(o, "client_secret");
    ret->assertion = oauth_field(o, "client_assertion");
    ret->name = name;
    ways = (header.p ? 1u : 0) + (ret->secret.p ? 1u : 0) + (ret->assertion.p ? 1u : 0);
    if (ways > 1)
        return oauth_refuse("invalid_request", o, E_INVALID,
            "Credentials were sent in more than one way.", err);
    if (ways == 0)
        return oauth_refuse("invalid_client", o, E_UNAUTHORISED,
            "No credentials were sent: use HTTP Basic with the program's name and "
            "secret, client_id and client_secret in the form, or a client_assertion.",
            err);
    if (header.p &&
        oauth_basic(o->call->arena, header, &ret->name, &ret->secret, NULL) < 0)
        return oauth_refuse("invalid_client", o, E_UNAUTHORISED,
            "The header Authorization is not Basic with a name and a secret.", err);
    if (ret->assertion.p && !name.p)
        ret->name = oauth_assertion_name(o->call->arena, ret->assertion);
    if (header.p && name.p && !str_eq(name, ret->name))
        return oauth_refuse("invalid_request", o, E_INVALID,
            "The client_id is not the name in the header Authorization.", err);
    return 0;
}

/* Told in the same words whether there is no such program, it is disabled, or the secret is
 * another. Counted; who tries too often is told to wait. */
static int wrong(struct oauth *o, const struct attempt *try, struct err *err)
{
    utc_ms wait = attempts_begin(o->call->app->attempts, try, o->now);

    if (wait > 0) {
        o->call->retry_after = wait;
        return oauth_refuse("temporarily_unavailable", o, E_TOO_OFTEN,
            "Too many wrong credentials were sent. Wait before the next try.", err);
    }
    return oauth_refuse("invalid_client", o, E_UNAUTHORISED,
        "There is no such program, or its credentials are not these.", err);
}

/* The counters of programs and of people are apart: no account's key has a byte below a
 * space. */
static int attempt_of(
    struct oauth *o, struct str name, struct attempt *ret, struct err *err)
{
    struct str counted = client_name_valid(name) ? name : STR("?");
    const char *key =
        arena_printf(o->call->arena, "\001client/%.*s", (int)counted.len, counted.p);

    if (!key)
        return err_nomem(err);
    *ret = (struct attempt){ATTEMPT_PASSWORD, str_of(key), o->call->caller.address};
    return 0;
}

/* 0, or E_UNAUTHORISED, or what the node fails with. */
static int check(struct oauth *o, const struct client *client,
    const struct credentials *given, struct err *err)
{
    if (given->assertion.p)
        return oauth_assertion_check(o, client, given->assertion, err);
    return client_secret_is(client, given->secret) ? 0 : E_UNAUTHORISED;
}

int oauth_authenticate(struct oauth *o, struct err *err)
{
    struct app_call *call = o->call;
    struct credentials given = {0};
    struct attempt try = {0};
    struct client found = {0};
    int there = 0;
    int r = take(o, &given, err);

    if (r == 0)
        r = attempt_of(o, given.name, &try, err);
    if (r < 0)
        return r;
    there = client_load(call->app, call->arena, given.name, &found, err);
    if (there < 0 && there != E_NOT_FOUND)
        return there;
    if (there ==
        0) /* for the trail: which was tried; a name there is none of is not kept */
        call->caller.name = found.name;
    r = check(o, there == 0 ? &found : NULL, &given, err);
    if (r == E_UNAUTHORISED || (r == 0 && found.off))
        return wrong(o, &try, err);
    if (r < 0)
        return r;
    attempts_right(call->app->attempts, &try, o->now);
    o->client = found;
    call->caller.role = STR(CLIENT_ROLE);
    call->caller.organization = found.organization;
    return 0;
}
