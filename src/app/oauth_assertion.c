/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs that sign instead of sending a secret (RFC 7523, as SMART Backend Services use
 * it): a JWT by the program, about itself, for our address for tokens, for five minutes at most
 * and for one use. The address is the one the operator gave the node, never the one a
 * request calls it by: an assertion for another server must not do here.
 */
#include "app/oauth_internal.h"
#include "app/sign_on_token.h"

#define KIND "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#define JTI_MAX 256

static int refuse(struct err *err, const char *why)
{
    return err_set(
        err, E_UNAUTHORISED, NULL, "The assertion is not believed: %s.", why);
}

struct str oauth_assertion_name(struct arena *a, struct str assertion)
{
    struct str payload = {NULL, 0};
    const struct json *claims = NULL;
    uint8_t *bytes = NULL;
    size_t len = 0;

    str_cut(&assertion, '.');
    payload = str_cut(&assertion, '.');
    bytes = payload.len ? arena_alloc_raw(a, payload.len) : NULL;
    if (!bytes || !base64_decode(payload, bytes, payload.len, &len) ||
        json_read(a, (struct str){(const char *)bytes, len}, LIMIT_SIGN_IN_BYTES,
            &claims, NULL) < 0)
        return (struct str){NULL, 0};
    return json_get_text(claims, "sub");
}

/* ${ret_until}: when it ends, in milliseconds. */
static int check_times(
    struct oauth *o, const struct json *claims, utc_ms *ret_until, struct err *err)
{
    utc_ms moved = o->now - time_elsewhere(o->now);
    int64_t now = time_elsewhere(o->now) / 1000;
    int64_t skew = LIMIT_SIGN_ON_SKEW_SECONDS;
    int64_t expires = 0;
    int64_t made = 0;

    if (!sign_on_claim_time(claims, "exp", &expires))
        return refuse(err, "it does not say until when it holds");
    if (expires + skew <= now)
        return refuse(err, "it has expired; look at the clocks of both machines");
    if (expires > now + LIMIT_ASSERTION_SECONDS + skew)
        return refuse(err, "it holds for longer than five minutes");
    if (json_get(claims, "nbf") &&
        (!sign_on_claim_time(claims, "nbf", &made) || made - skew > now))
        return refuse(err, "it does not hold yet; look at the clocks of both machines");
    if (json_get(claims, "iat") &&
        (!sign_on_claim_time(claims, "iat", &made) || made - skew > now))
        return refuse(
            err, "it is from the future; look at the clocks of both machines");
    /* which were used before this process began is not known */
    if (json_get(claims, "iat") && made < o->call->app->opened / 1000 - skew)
        return refuse(err, "it was made before this server began");
    *ret_until = (expires + skew) * 1000 + moved;
    return 0;
}

static int check_claims(struct oauth *o, const struct client *client,
    const struct json *claims, struct err *err)
{
    struct app *app = o->call->app;
    struct str root = app->base[APP_FHIR];
    struct str id = json_get_text(claims, "jti");
    const char *us = NULL;
    utc_ms until = 0;
    int r = 0;

    root.len -= sizeof("/fhir") - 1;
    us = arena_printf(o->call->arena, "%.*s/oauth/token", (int)root.len, root.p);
    if (!us)
        return err_nomem(err);
    if (!str_eq(json_get_text(claims, "iss"), client->name) ||
        !str_eq(json_get_text(claims, "sub"), client->name))
        return refuse(err, "it is not by this program about itself");
    if (!sign_on_claim_has(claims, STR("aud"), str_of(us)))
        return refuse(err, "it is for another address");
    if (id.len == 0 || id.len > JTI_MAX)
        return refuse(err, "it has no jti, by which it would be used once");
    r = check_times(o, claims, &until, err);
    if (r < 0)
        return r;
    r = client_assertion_use(
        app->clients, &(struct client_assertion){client->name, id, o->now, until}, err);
    return r == E_CONFLICT ? refuse(err, "it was used before") : r;
}

int oauth_assertion_check(
    struct oauth *o, const struct client *client, struct str assertion, struct err *err)
{
    struct arena *a = o->call->arena;
    const struct json *keys = NULL;
    const struct json *claims = NULL;
    int r = 0;

    if (!str_is(oauth_field(o, "client_assertion_type"), KIND))
        return refuse(err, "its client_assertion_type is another");
    if (!client || !client->key.p)
        return refuse(err, "the program has no public key here");
    r = json_read_trusted(a, client->key, &keys, err);
    if (r == 0)
        r = sign_on_token_signed(a, assertion, keys, &claims, err);
    if (r == E_NOT_FOUND)
        return refuse(err, "its key is not one of the program's");
    return r < 0 ? r : check_claims(o, client, claims, err);
}
