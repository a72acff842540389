/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What strangers send to be let in, a line each: Cookie, Authorization, Origin, Host, a
 * code or scopes, a password. A value that is found lies within its header; a secret is taken in one
 * spelling only; nothing that was locked elsewhere opens; what counts as a password is text.
 */
#include "base/limits.h"

#include "app/oauth.h"
#include "app/password.h"
#include "app/scope.h"
#include "crypto/code.h"
#include "crypto/crypto.h"
#include "crypto/secret.h"
#include "crypto/token.h"
#include "fuzz.h"
#include "http/header.h"

static void within(struct str part, struct str whole)
{
    if (part.p && part.len > 0)
        fuzz_must(part.p >= whole.p && part.p + part.len <= whole.p + whole.len);
}

/* A secret that is taken has one spelling: the bytes behind it, written again. */
static void secret(struct str text)
{
    uint8_t hash[CRYPTO_SECRET_HASH_BYTES];
    uint8_t bytes[64];
    struct buf again;
    size_t len = 0;

    if (!crypto_secret_hash("fuzz", text, hash))
        return;
    buf_init(&again, 200);
    fuzz_must(base64_decode(text, bytes, sizeof(bytes), &len) && len == 32);
    base64url_encode(&again, bytes, len);
    fuzz_must(str_eq((struct str){again.data, again.len}, text));
    buf_done(&again);
}

static void code(struct str text)
{
    static const uint8_t key[CRYPTO_CODE_SECRET_BYTES] = {7};
    uint8_t hash[CRYPTO_RECOVERY_HASH_BYTES];
    int64_t step = 0;

    if (crypto_code_check(key, text, 1800000000000, 0, &step))
        fuzz_must(step >= 59999999 && step <= 60000001);
    if (crypto_recovery_hash(text, hash))
        fuzz_must(text.len >= 24);
}

static void password(struct str text)
{
    struct str names[] = {STR("Pema Yangchen")};
    struct password_rules rules = {.alone = true, .names = names, .name_count = 1};
    struct buf normal;
    struct err err = {0};

    buf_init(&normal, (size_t)8 * LIMIT_PASSWORD_BYTES);
    if (password_normal(text, &normal, &err) == 0) {
        fuzz_must(utf8_valid(normal.data ? normal.data : "", normal.len));
        if (password_check((struct str){normal.data, normal.len}, &rules, &err) == 0)
            fuzz_must(normal.len >= LIMIT_PASSWORD_ALONE);
    }
    buf_done(&normal);
}

static void locked(struct str text)
{
    static const uint8_t key[CRYPTO_VAULT_KEY_BYTES] = {9};
    struct buf out;

    buf_init(&out, 1000);
    fuzz_must(crypto_vault_open(key, STR("fuzz"), text, &out, NULL) < 0);
    buf_done(&out);
}

/* A program's name and secret are text, and stand in what was sent. */
static void basic(struct arena *a, struct str authorization)
{
    struct str name = {NULL, 0};
    struct str given = {NULL, 0};

    if (oauth_basic(a, authorization, &name, &given, NULL) < 0)
        return;
    fuzz_must(utf8_valid(name.p, name.len) && utf8_valid(given.p, given.len));
    fuzz_must(name.len + given.len < authorization.len);
    secret(given);
}

/* Scopes that are taken are taken again as they are written, and give the same. */
static void scopes(struct arena *a, struct str text)
{
    const struct scopes *read = NULL;
    const struct scopes *again = NULL;
    struct buf b;

    if (scopes_parse(a, text, &read, NULL) < 0)
        return;
    buf_init(&b, (size_t)2 * LIMIT_SCOPE_BYTES);
    scopes_write(&b, read);
    fuzz_must(read->count > 0 && !b.error);
    fuzz_must(scopes_parse(a, (struct str){b.data, b.len}, &again, NULL) == 0);
    fuzz_must(again->count == read->count);
    fuzz_must(scopes_within(read, again) && scopes_within(again, read));
    buf_done(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct str cookies = str_cut(&rest, '\n');
    struct str authorization = str_cut(&rest, '\n');
    struct str origin = str_cut(&rest, '\n');
    struct str host = str_cut(&rest, '\n');
    struct str typed = str_cut(&rest, '\n');
    struct str cookie = http_cookie(cookies, "belay");
    struct str bearer = http_bearer(authorization);
    uint8_t hash[CRYPTO_TOKEN_HASH_BYTES];
    struct arena *a = arena_new();

    if (crypto_init(NULL) < 0 || !a)
        return 0;
    within(cookie, cookies);
    within(bearer, authorization);
    if (http_origin_is(origin, host))
        fuzz_must(host.len > 0 || origin.len >= 7);
    secret(cookie);
    (void)crypto_token_hash(bearer, hash);
    code(typed);
    locked(cookie);
    password(rest);
    basic(a, authorization);
    scopes(a, typed);
    arena_free(a);
    return 0;
}
