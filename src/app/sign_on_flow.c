/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way out and back. The browser keeps one secret in a cookie that is sealed with the
 * time and the provider's name; state, nonce and PKCE's verifier are hashes of it for three
 * uses. So the node keeps nothing for people who have only begun, and nobody can push
 * others out by beginning often. What came back is remembered until its time is over, so
 * that it works once; after a restart the provider's own rule, a code works once, remains.
 */
#include "app/sign_on_internal.h"
#include "crypto/crypto.h"
#include "crypto/signature.h"

#define SEAL_USE "belay sign-on way"
#define LIFE_MS ((utc_ms)LIMIT_SIGN_ON_MINUTES * 60000)
#define USED_USE "belay sign-on used"

static bool derive(
    const char *use, const char *secret, char out[CRYPTO_SECRET_CHARS + 1])
{
    uint8_t hash[CRYPTO_SECRET_HASH_BYTES];
    struct buf b;
    bool good = crypto_secret_hash(use, str_of(secret), hash);

    buf_init(&b, CRYPTO_SECRET_CHARS + 1);
    if (good)
        base64url_encode(&b, hash, sizeof(hash));
    good = good && !b.error && b.len == CRYPTO_SECRET_CHARS;
    if (good)
        memcpy(out, b.data, b.len);
    out[good ? CRYPTO_SECRET_CHARS : 0] = '\0';
    buf_done(&b);
    return good;
}

/* PKCE's S256: a hash that RFC 7636 prescribes. */
static bool challenge(struct sign_on_way *way)
{
    uint8_t hash[CRYPTO_SHA256_BYTES];
    struct buf b;
    bool good = crypto_sha256(str_of(way->verifier), hash, NULL) == 0;

    buf_init(&b, CRYPTO_SECRET_CHARS + 1);
    if (good)
        base64url_encode(&b, hash, sizeof(hash));
    good = good && !b.error && b.len == CRYPTO_SECRET_CHARS;
    if (good)
        memcpy(way->challenge, b.data, b.len);
    way->challenge[good ? CRYPTO_SECRET_CHARS : 0] = '\0';
    buf_done(&b);
    return good;
}

static bool follow(struct sign_on_way *way)
{
    return derive("belay sign-on state", way->secret, way->state) &&
           derive("belay sign-on nonce", way->secret, way->nonce) &&
           derive("belay sign-on verifier", way->secret, way->verifier) &&
           challenge(way);
}

static void seal_key(const struct app *app, uint8_t out[CRYPTO_VAULT_KEY_BYTES])
{
    _Static_assert(
        CRYPTO_VAULT_KEY_BYTES == CRYPTO_SEAL_KEY_BYTES, "one derivation serves both");
    crypto_vault_key(app->seal_key, SEAL_USE, out);
}

int sign_on_way_new(struct app *app, struct str provider, utc_ms now,
    struct sign_on_way *ret, char cookie[SIGN_ON_COOKIE_MAX], struct err *err)
{
    struct sign_on_way way = {.provider = provider, .begun = now};
    uint8_t key[CRYPTO_SEAL_KEY_BYTES];
    struct buf plain;
    struct buf sealed;
    int r = 0;

    crypto_secret_new(way.secret);
    if (!follow(&way))
        return err_set(err, E_BUG, NULL, "A new way to a provider cannot be made.");
    buf_init(&plain, SIGN_ON_COOKIE_MAX);
    buf_init(&sealed, SIGN_ON_COOKIE_MAX - 1);
    buf_addf(&plain, "%s %lld %.*s", way.secret, (long long)now, (int)provider.len,
        provider.p);
    seal_key(app, key);
    r = buf_error(&plain, "The cookie", err);
    if (r == 0)
        r = crypto_seal_sign(key, (struct str){plain.data, plain.len}, &sealed, err);
    if (r == 0) {
        memcpy(cookie, sealed.data, sealed.len);
        cookie[sealed.len] = '\0';
        *ret = way;
    }
    crypto_wipe(key, sizeof(key));
    if (plain.data)
        crypto_wipe(plain.data, plain.len);
    buf_done(&sealed);
    buf_done(&plain);
    return r;
}

static bool take(struct str text, utc_ms now, struct sign_on_way *way)
{
    struct str rest = text;
    struct str secret = str_cut(&rest, ' ');
    struct str begun = str_cut(&rest, ' ');
    int64_t at = 0;

    if (secret.len != CRYPTO_SECRET_CHARS || !rest.p ||
        !text_int(begun, 0, INT64_MAX, &at))
        return false;
    memcpy(way->secret, secret.p, CRYPTO_SECRET_CHARS);
    way->secret[CRYPTO_SECRET_CHARS] = '\0';
    way->begun = at;
    way->provider = rest;
    return at <= now && now - at < LIFE_MS && follow(way);
}

int sign_on_way_open(struct app *app, struct arena *a, struct str cookie, utc_ms now,
    struct sign_on_way *ret, struct err *err)
{
    uint8_t key[CRYPTO_SEAL_KEY_BYTES];
    struct sign_on_way way = {0};
    struct buf plain;
    char *copy = NULL;
    int r = E_INVALID;

    buf_init(&plain, SIGN_ON_COOKIE_MAX);
    seal_key(app, key);
    if (cookie.p && cookie.len < SIGN_ON_COOKIE_MAX)
        r = crypto_seal_open(key, cookie, &plain, NULL);
    if (r == 0) {
        copy = arena_strndup(a, plain.data ? plain.data : "", plain.len);
        r = copy ? 0 : E_NOMEM;
    }
    if (r == 0 && !take((struct str){copy, plain.len}, now, &way))
        r = E_INVALID;
    crypto_wipe(key, sizeof(key));
    buf_done(&plain);
    if (r == E_NOMEM)
        return err_nomem(err);
    if (r < 0)
        return err_set(err, E_UNAUTHORISED, "state",
            "This sign-on was not begun in this browser, or too long ago.");
    *ret = way;
    return 0;
}

bool sign_on_way_use(struct sign_on *s, const struct sign_on_way *way, utc_ms now)
{
    uint8_t hash[CRYPTO_SECRET_HASH_BYTES];
    bool used = !crypto_secret_hash(USED_USE, str_of(way->secret), hash);

    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; !used && i < LIMIT_SIGN_ON_USED; i++)
        used =
            s->used[i].until > now && crypto_same(s->used[i].hash, hash, sizeof(hash));
    if (!used) {
        memcpy(s->used[s->next].hash, hash, sizeof(hash));
        s->used[s->next].until = way->begun + LIFE_MS;
        s->next = (s->next + 1) % LIMIT_SIGN_ON_USED;
    }
    pthread_mutex_unlock(&s->lock);
    return !used;
}
