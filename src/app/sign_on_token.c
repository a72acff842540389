/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ID tokens. The order is that of trust: form, algorithm, key, signature, and only then
 * what is said. The algorithm is taken from a list of those with public keys and must fit
 * the key's kind, curve and, if it names one, its own algorithm.
 */
#include "app/sign_on_token.h"

#include <strings.h>

#include "base/limits.h"

#include "crypto/crypto.h"
#include "crypto/secret.h"
#include "crypto/signature.h"

#define SUBJECT_MAX 255 /* characters of a subject, as OpenID Connect has it */
#define NUMBER_MAX ((size_t)1024) /* bytes of a number of a key, or of a signature */
#define SKEW_S LIMIT_SIGN_ON_SKEW_SECONDS

static int refuse(struct err *err, const char *why)
{
    return err_set(
        err, E_UNAUTHORISED, "id_token", "The ID token is not believed: %s.", why);
}

/* ---- its form ---- */

struct token {
    struct str signed_text; /* header.payload */
    struct str signature;   /* decoded */
    const struct json *header;
    const struct json *claims; /* not to be believed yet */
    const struct crypto_signing *how;
};

/* Bytes behind ${text}, which must be base64url without padding. False: it is not. */
static bool decode(struct arena *a, struct str text, struct str *ret)
{
    size_t cap = text.len / 4 * 3 + 3;
    char *bytes = arena_alloc_raw(a, cap);
    size_t len = 0;

    if (!bytes || !crypto_secret_plain(text) ||
        !base64_decode(text, (uint8_t *)bytes, cap, &len))
        return false;
    *ret = (struct str){bytes, len};
    return true;
}

static bool decode_object(struct arena *a, struct str text, const struct json **ret)
{
    struct str bytes = {NULL, 0};

    return decode(a, text, &bytes) && bytes.len > 0 &&
           json_read(a, bytes, LIMIT_SIGN_ON_TOKEN, ret, NULL) == 0 &&
           json_is_object(*ret);
}

static int take_apart(
    struct arena *a, struct str text, struct token *t, struct err *err)
{
    struct str rest = text;
    struct str header = str_cut(&rest, '.');
    struct str payload = str_cut(&rest, '.');

    if (text.len > LIMIT_SIGN_ON_TOKEN)
        return refuse(err, "it is too long");
    if (!rest.p || memchr(rest.p, '.', rest.len))
        return refuse(err, "it does not have three parts (an encrypted one has five)");
    t->signed_text = (struct str){text.p, header.len + 1 + payload.len};
    if (!decode_object(a, header, &t->header) ||
        !decode_object(a, payload, &t->claims) || !decode(a, rest, &t->signature))
        return refuse(err, "a part of it cannot be read");
    return 0;
}

static int check_header(struct token *t, struct err *err)
{
    const struct json *typ = json_get(t->header, "typ");
    struct str type = json_text(typ);

    t->how = crypto_signing_named(json_get_text(t->header, "alg"));
    if (!t->how)
        return refuse(
            err, "its algorithm is none of RS, PS or ES with 256, 384 or 512");
    if (json_get(t->header, "crit"))
        return refuse(err, "its header demands something that is not known here");
    if (typ && (type.len != 3 || strncasecmp(type.p, "JWT", 3) != 0))
        return refuse(err, "it is a token of another type");
    return 0;
}

/* ---- keys ---- */

/* A number of a key. */
static struct str number(struct arena *a, const struct json *jwk, const char *name)
{
    struct str text = json_get_text(jwk, name);
    struct str bytes = {NULL, 0};

    if (!text.p || text.len > NUMBER_MAX * 2 || !decode(a, text, &bytes))
        return (struct str){NULL, 0};
    return bytes;
}

/* May ${jwk} have made signatures of ${how}? Members that are absent say nothing. */
static bool key_fits(const struct json *jwk, const struct crypto_signing *how)
{
    struct str use = json_get_text(jwk, "use");
    struct str alg = json_get_text(jwk, "alg");
    const struct json *ops = json_get(jwk, "key_ops");
    const char *kind = how->kind == CRYPTO_KEY_RSA ? "RSA" : "EC";

    return str_is(json_get_text(jwk, "kty"), kind) && (!use.p || str_is(use, "sig")) &&
           (!alg.p || str_is(alg, how->name)) &&
           (!how->curve || str_is(json_get_text(jwk, "crv"), how->curve)) &&
           (!ops || sign_on_claim_has(jwk, STR("key_ops"), STR("verify")));
}

/* NULL: it is none that can be used. */
static struct crypto_public *key_read(struct arena *a, const struct json *jwk)
{
    struct crypto_public *key = NULL;

    if (str_is(json_get_text(jwk, "kty"), "RSA"))
        (void)crypto_public_rsa(number(a, jwk, "n"), number(a, jwk, "e"), &key, NULL);
    else if (str_is(json_get_text(jwk, "kty"), "EC"))
        (void)crypto_public_ec(json_get_text(jwk, "crv"), number(a, jwk, "x"),
            number(a, jwk, "y"), &key, NULL);
    return key;
}

bool sign_on_key_usable(struct arena *a, const struct json *jwk)
{
    struct crypto_public *key = key_read(a, jwk);

    crypto_public_free(key);
    return key != NULL;
}

static bool key_verifies(struct arena *a, const struct json *jwk, const struct token *t)
{
    struct crypto_public *key = key_read(a, jwk);
    bool same = false;

    if (key)
        same = crypto_public_verifies(key, t->how, t->signed_text, t->signature);
    crypto_public_free(key);
    return same;
}

/* A token that names its key is checked with that one; else each that fits is tried. */
static int check_signature(
    struct arena *a, const struct json *keys, const struct token *t, struct err *err)
{
    const struct json *named = json_get(t->header, "kid");
    struct str kid = json_get_text(t->header, "kid");
    struct json_each it = json_each(json_get(keys, "keys"));
    bool tried = false;

    if (named && !kid.p)
        return refuse(err, "the name of its key is no text");
    while (json_next(&it) && it.index < LIMIT_SIGN_ON_KEYS) {
        struct str id = json_get_text(it.value, "kid");

        if ((kid.p && !(id.p && str_eq(kid, id))) || !key_fits(it.value, t->how))
            continue;
        tried = true;
        if (key_verifies(a, it.value, t))
            return 0;
    }
    if (tried)
        return refuse(err, "its signature is not right");
    return err_set(err, E_NOT_FOUND, "id_token",
        "The ID token is signed with a key that the provider does not show.");
}

/* ---- what it says ---- */

bool sign_on_claim_time(const struct json *claims, const char *name, int64_t *ret)
{
    const struct json *value = json_get(claims, name);
    struct str rest = json_text(value);
    struct str whole = str_cut(&rest, '.');

    return json_kind(value) == JSON_NUMBER && text_int(whole, 0, INT64_MAX / 2000, ret);
}

static int check_times(const struct json *claims, utc_ms now, struct err *err)
{
    int64_t second = now / 1000;
    int64_t expires = 0;
    int64_t issued = 0;
    int64_t from = 0;

    if (!sign_on_claim_time(claims, "exp", &expires) ||
        !sign_on_claim_time(claims, "iat", &issued))
        return refuse(err, "it does not say when it was made and until when it holds");
    if (expires + SKEW_S <= second)
        return refuse(err, "it has expired; look at the clocks of both machines");
    if (issued - SKEW_S > second)
        return refuse(
            err, "it is from the future; look at the clocks of both machines");
    if (json_get(claims, "nbf") &&
        (!sign_on_claim_time(claims, "nbf", &from) || from - SKEW_S > second))
        return refuse(err, "it does not hold yet; look at the clocks of both machines");
    return 0;
}

/* For us; and where it is for others too, or says to whom it was given, given to us. */
static int check_audience(const struct json *claims, struct str client, struct err *err)
{
    const struct json *audience = json_get(claims, "aud");
    const struct json *party = json_get(claims, "azp");

    if (!client.p || !(json_is_string(audience) || json_is_array(audience)) ||
        !sign_on_claim_has(claims, STR("aud"), client))
        return refuse(err, "it is for another audience");
    if (json_count(audience) > 1 && !party)
        return refuse(err, "it is for several and does not say to whom it was given");
    if (party && !(json_is_string(party) && str_eq(json_text(party), client)))
        return refuse(err, "it was given to another party");
    return 0;
}

/* at_hash: the left half of the hash of the access token, by the token's algorithm. */
static int check_access(
    struct arena *a, const struct token *t, struct str access_token, struct err *err)
{
    const struct json *said = json_get(t->claims, "at_hash");
    uint8_t hash[CRYPTO_HASH_MAX];
    struct str bytes = {NULL, 0};
    size_t len = 0;

    if (!said)
        return 0;
    if (!access_token.p)
        return refuse(err, "it belongs to an access token that did not come");
    len = crypto_signing_hash(t->how, access_token, hash) / 2;
    if (!json_is_string(said) || !decode(a, json_text(said), &bytes) || len == 0 ||
        bytes.len != len || !crypto_same(bytes.p, hash, len))
        return refuse(err, "it belongs to another access token");
    return 0;
}

static bool is_text(const struct json *claims, const char *name, struct str value)
{
    const struct json *found = json_get(claims, name);

    return value.p && json_is_string(found) && str_eq(json_text(found), value);
}

static int check_claims(struct arena *a, const struct token *t,
    const struct sign_on_expect *expect, struct err *err)
{
    struct str subject = json_get_text(t->claims, "sub");
    int r = 0;

    if (!is_text(t->claims, "iss", expect->issuer))
        return refuse(err, "it is of another issuer");
    if (subject.len == 0 || subject.len > SUBJECT_MAX)
        return refuse(err, "it does not say whom it is about");
    if (!is_text(t->claims, "nonce", expect->nonce))
        return refuse(err, "it answers another question");
    r = check_audience(t->claims, expect->client, err);
    if (r == 0)
        r = check_times(t->claims, expect->now, err);
    return r == 0 ? check_access(a, t, expect->access_token, err) : r;
}

/* Take ${token} apart into ${t}; one of ${keys} signed it. */
static int open_signed(struct arena *a, struct str token, const struct json *keys,
    struct token *t, struct err *err)
{
    int r = take_apart(a, token, t, err);

    if (r == 0)
        r = check_header(t, err);
    return r == 0 ? check_signature(a, keys, t, err) : r;
}

int sign_on_token_check(struct arena *a, struct str token, const struct json *keys,
    const struct sign_on_expect *expect, const struct json **ret_claims,
    struct err *err)
{
    struct token t = {0};
    int r = open_signed(a, token, keys, &t, err);

    if (r == 0)
        r = check_claims(a, &t, expect, err);
    if (r == 0)
        *ret_claims = t.claims;
    return r;
}

int sign_on_token_signed(struct arena *a, struct str token, const struct json *keys,
    const struct json **ret_claims, struct err *err)
{
    struct token t = {0};
    int r = open_signed(a, token, keys, &t, err);

    if (r == 0)
        *ret_claims = t.claims;
    return r;
}

/* ---- claims ---- */

const struct json *sign_on_claim(const struct json *claims, struct str name)
{
    const struct json *found = name.p ? json_getn(claims, name) : NULL;
    struct str rest = name;

    if (found || !name.p)
        return found;
    found = claims;
    while (found && rest.p)
        found = json_getn(found, str_cut(&rest, '.'));
    return found;
}

struct str sign_on_claim_text(const struct json *claims, struct str name)
{
    const struct json *found = sign_on_claim(claims, name);
    struct str text = json_is_string(found) ? json_text(found) : (struct str){NULL, 0};

    return text.len > 0 ? text : (struct str){NULL, 0};
}

static bool is_value(const struct json *j, struct str value)
{
    switch (json_kind(j)) {
    case JSON_TRUE:
        return str_is(value, "true");
    case JSON_FALSE:
        return str_is(value, "false");
    case JSON_STRING:
    case JSON_NUMBER:
        return str_eq(json_text(j), value);
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        break;
    }
    return false;
}

bool sign_on_claim_has(const struct json *claims, struct str name, struct str value)
{
    const struct json *found = sign_on_claim(claims, name);
    struct json_each it = json_each(json_is_array(found) ? found : NULL);
    bool has = is_value(found, value);

    while (!has && json_next(&it) && it.index < LIMIT_SIGN_ON_VALUES)
        has = is_value(it.value, value);
    return has;
}
