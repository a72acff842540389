/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a provider sends, a line each: its keys, an ID token, its description; behind them
 * the name of a claim and a value. A token that is believed says what was expected; a
 * description that is taken leads to addresses that may be asked; nothing else comes
 * of any of it.
 */
#include <strings.h>

#include "app/sign_on_internal.h"
#include "crypto/crypto.h"
#include "fuzz.h"

#define ISSUER "https://id.example"

static void token(struct arena *a, struct str text, struct str set)
{
    const struct sign_on_expect expect = {.issuer = STR(ISSUER),
        .client = STR("belay"),
        .nonce = STR("the nonce"),
        .access_token = STR("an access token"),
        .now = 1800000000000};
    const struct json *keys = NULL;
    const struct json *claims = NULL;
    int r = 0;

    if (json_read(a, set, LIMIT_OUTSIDE_BYTES, &keys, NULL) < 0)
        return;
    r = sign_on_token_check(a, text, keys, &expect, &claims, NULL);
    fuzz_must(r == 0 || r == E_UNAUTHORISED || r == E_NOT_FOUND || r == E_NOMEM);
    if (r < 0)
        return;
    fuzz_must(str_is(json_get_text(claims, "iss"), ISSUER));
    fuzz_must(str_is(json_get_text(claims, "nonce"), "the nonce"));
    fuzz_must(sign_on_claim_has(claims, STR("aud"), STR("belay")));
    fuzz_must(json_get_text(claims, "sub").len > 0);
}

/* A scheme may be written in any case. */
static bool begins(struct str url, const char *with)
{
    return url.len >= strlen(with) && strncasecmp(url.p, with, strlen(with)) == 0;
}

static void address(struct str url)
{
    fuzz_must(begins(url, "https://") || begins(url, "http://"));
    fuzz_must(!memchr(url.p, '#', url.len) && !memchr(url.p, ' ', url.len) &&
              !memchr(url.p, '\n', url.len));
}

static void description(struct arena *a, struct str text)
{
    struct sign_on_description d = {0};

    if (sign_on_description_read(a, text, STR(ISSUER), &d, NULL) < 0)
        return;
    address(d.authorization);
    address(d.token);
    address(d.keys);
    if (d.userinfo.p)
        address(d.userinfo);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size};
    struct str set = str_cut(&rest, '\n');
    struct str text = str_cut(&rest, '\n');
    struct str about = str_cut(&rest, '\n');
    struct str name = str_cut(&rest, '\n');
    struct arena *a = arena_new();
    const struct json *json = NULL;

    if (!a || crypto_init(NULL) < 0)
        return 0;
    token(a, text, set);
    description(a, about);
    if (json_read(a, about, LIMIT_OUTSIDE_BYTES, &json, NULL) == 0 &&
        sign_on_claim_has(json, name, rest))
        fuzz_must(sign_on_claim(json, name) != NULL);
    arena_free(a);
    return 0;
}
