/* SPDX-License-Identifier: Apache-2.0 */
/* Public keys of programs: a JWK or a set of them, kept as a set with what is needed alone. */
#include "app/client_internal.h"
#include "app/sign_on_token.h"

static int refuse(struct err *err, const char *why)
{
    return err_set(err, E_INVALID, "key", "%s", why);
}

static int check_key(struct arena *a, const struct json *jwk, struct err *err)
{
    static const char *const secret[] = {"d", "p", "q", "k", "dp", "dq", "qi"};

    for (size_t i = 0; i < sizeof(secret) / sizeof(secret[0]); i++) {
        if (json_get(jwk, secret[i]))
            return refuse(err,
                "This key is private. The program keeps it; the node gets its public "
                "half alone.");
    }
    if (!sign_on_key_usable(a, jwk))
        return refuse(err,
            "This is no public key that can be used: a JWK of RSA with 2048 bits or "
            "more, or of the curve P-256, P-384 or P-521.");
    return 0;
}

static void write_key(struct json_out *o, const struct json *jwk)
{
    static const char *const members[] = {
        "kty", "kid", "alg", "crv", "n", "e", "x", "y"};

    json_open(o, '{');
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        json_member(o, members[i], json_get_text(jwk, members[i]));
    json_close(o, '}');
}

static int write_keys(
    struct arena *a, const struct json *keys, struct buf *b, struct err *err)
{
    struct json_out o = json_out(b);
    struct json_each it = json_each(keys);
    int r = 0;

    if (json_count(keys) == 0 || json_count(keys) > LIMIT_CLIENT_KEYS)
        return err_set(err, E_INVALID, "key", "A program has 1 to %d public keys.",
            LIMIT_CLIENT_KEYS);
    json_open(&o, '{');
    json_name(&o, "keys");
    json_open(&o, '[');
    while (r == 0 && json_next(&it)) {
        r = check_key(a, it.value, err);
        write_key(&o, it.value);
    }
    json_close(&o, ']');
    json_close(&o, '}');
    return r < 0 ? r : buf_error(b, "The keys", err);
}

int client_key_read(struct arena *a, struct str text, struct str *ret, struct err *err)
{
    const struct json *json = NULL;
    const struct json *alone = NULL;
    const char *set = NULL;
    struct buf b;
    int r = 0;

    if (json_read(a, text, LIMIT_CLIENT_KEY_BYTES, &json, NULL) < 0 ||
        !json_is_object(json))
        return refuse(err, "A key is a JWK or a JWK Set, in JSON.");
    if (!json_get(json, "keys")) {
        set = arena_printf(a, "[%.*s]", (int)text.len, text.p);
        if (!set || json_read_trusted(a, str_of(set), &alone, err) < 0)
            return err_nomem(err);
    }
    buf_init(&b, (size_t)2 * LIMIT_CLIENT_KEY_BYTES);
    r = write_keys(a, alone ? alone : json_get(json, "keys"), &b, err);
    if (r == 0) {
        char *kept = arena_strndup(a, b.data, b.len);

        *ret = (struct str){kept, b.len};
        r = kept ? 0 : err_nomem(err);
    }
    buf_done(&b);
    return r;
}
