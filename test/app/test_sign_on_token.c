/* SPDX-License-Identifier: Apache-2.0 */
/* ID tokens: one that is right in everything, and a table of all that can be wrong. */
#include "app/sign_on_token.h"
#include "crypto/crypto.h"
#include "crypto/signature.h"
#include "jose.h"
#include "unit.h"

#define NOW ((utc_ms)1800000000000)
#define ISSUER "https://id.example/realm"
#define ACCESS "an access token"

enum { RSA_ONE, RSA_TWO, EC_ONE, EC_OTHER, KEYS };

static const enum jose_kind kinds[KEYS] = {JOSE_RSA, JOSE_RSA, JOSE_EC, JOSE_EC_OTHER};
static gnutls_privkey_t keys[KEYS];

static int begin(void **state)
{
    (void)state;
    for (int i = 0; i < KEYS; i++)
        keys[i] = jose_make(kinds[i]);
    return crypto_init(NULL);
}

static int end(void **state)
{
    (void)state;
    for (int i = 0; i < KEYS; i++)
        gnutls_privkey_deinit(keys[i]);
    return 0;
}

/* ---- making tokens ---- */

/* The set that a provider shows unless a case has its own. */
static void usual_keys(struct buf *b)
{
    buf_adds(b, "{\"keys\":[");
    jose_show(b, keys[RSA_ONE], JOSE_RSA, ",\"kid\":\"rsa\",\"use\":\"sig\"");
    buf_addc(b, ',');
    jose_show(b, keys[EC_ONE], JOSE_EC, ",\"kid\":\"ec\",\"alg\":\"ES256\"");
    buf_addc(b, ',');
    jose_show(b, keys[EC_OTHER], JOSE_EC_OTHER, ",\"kid\":\"ec-other\"");
    buf_adds(b, ",{\"kty\":\"oct\",\"kid\":\"oct\",\"k\":\"AAAA\"}]}");
}

/* at_hash of ACCESS for SHA-256. */
static void access_hash(struct buf *b)
{
    uint8_t hash[CRYPTO_SHA256_BYTES];

    assert_int_equal(crypto_sha256(STR(ACCESS), hash, NULL), 0);
    base64url_encode(b, hash, 16);
}

static const struct {
    const char *name;
    const char *value;
} usual_claims[] = {
    {"iss", "\"" ISSUER "\""},
    {"sub", "\"abc\""},
    {"aud", "\"belay\""},
    {"exp", "1800000600"},
    {"iat", "1799999990"},
    {"nonce", "\"the nonce\""},
    {"groups", "[\"doctors\",\"heart\"]"},
};

/* The usual claims, but ${name} with ${value} (NULL: without it). */
static void write_claims(struct buf *b, const char *name, const char *value)
{
    bool found = false;

    buf_adds(b, "{\"more\":{\"deep\":[\"x\"]}");
    for (size_t i = 0; i < sizeof(usual_claims) / sizeof(usual_claims[0]); i++) {
        bool this = name && strcmp(name, usual_claims[i].name) == 0;
        const char *text = this ? value : usual_claims[i].value;

        found |= this;
        if (text)
            buf_addf(b, ",\"%s\":%s", usual_claims[i].name, text);
    }
    if (name && !found && value)
        buf_addf(b, ",\"%s\":%s", name, value);
    buf_addc(b, '}');
}

struct made {
    const char *header; /* NULL: the usual one of ${alg} */
    const char *alg;    /* what it is signed by */
    int key;
    const char *claim; /* NULL: the usual ones */
    const char *value;
};

static void make_token(struct buf *token, const struct made *m)
{
    struct buf text;
    char header[200];

    buf_init(&text, 1 << 16);
    snprintf(header, sizeof(header), "{\"alg\":\"%s\",\"typ\":\"JWT\",\"kid\":\"%s\"}",
        m->alg,
        m->key <= RSA_TWO  ? "rsa"
        : m->key == EC_ONE ? "ec"
                           : "ec-other");
    base64url_encode(token, (const uint8_t *)(m->header ? m->header : header),
        strlen(m->header ? m->header : header));
    buf_addc(token, '.');
    write_claims(&text, m->claim, m->value);
    base64url_encode(token, (const uint8_t *)text.data, text.len);
    buf_clear(&text);
    jose_sign(&text, keys[m->key], m->alg, (struct str){token->data, token->len});
    buf_addc(token, '.');
    buf_add(token, text.data, text.len);
    buf_done(&text);
}

static int check_with(struct str token, struct str set, utc_ms now, struct err *err)
{
    const struct sign_on_expect expect = {.issuer = STR(ISSUER),
        .client = STR("belay"),
        .nonce = STR("the nonce"),
        .access_token = STR(ACCESS),
        .now = now};
    struct arena *a = arena_new();
    const struct json *set_json = NULL;
    const struct json *claims = NULL;
    int r = json_read(a, set, 1 << 20, &set_json, err);

    assert_int_equal(r, 0);
    r = sign_on_token_check(a, token, set_json, &expect, &claims, err);
    if (r == 0)
        assert_true(str_is(json_get_text(claims, "sub"), "abc"));
    else
        assert_null(claims);
    arena_free(a);
    return r;
}

static int check(struct str token)
{
    struct err err = {0};
    struct buf set;
    int r = 0;

    buf_init(&set, 1 << 16);
    usual_keys(&set);
    r = check_with(token, (struct str){set.data, set.len}, NOW, &err);
    buf_done(&set);
    return r;
}

static int check_made(const struct made *m)
{
    struct buf token;
    int r = 0;

    buf_init(&token, 1 << 16);
    make_token(&token, m);
    r = check((struct str){token.data, token.len});
    buf_done(&token);
    return r;
}

/* ---- right ones ---- */

static void believed(void **state)
{
    static const struct made right[] = {
        {NULL, "RS256", RSA_ONE, NULL, NULL},
        {NULL, "PS256", RSA_ONE, NULL, NULL},
        {NULL, "RS512", RSA_ONE, NULL, NULL},
        {NULL, "ES256", EC_ONE, NULL, NULL},
        {NULL, "ES384", EC_OTHER, NULL, NULL},
        {"{\"alg\":\"RS256\"}", "RS256", RSA_ONE, NULL, NULL}, /* no key named */
        {"{\"alg\":\"ES256\",\"typ\":\"jwt\"}", "ES256", EC_ONE, NULL, NULL},
        {NULL, "RS256", RSA_ONE, "aud", "[\"belay\"]"},
        {NULL, "RS256", RSA_ONE, "azp", "\"belay\""},
        {NULL, "RS256", RSA_ONE, "exp", "1799999941"}, /* within the clocks' 60 s */
        {NULL, "RS256", RSA_ONE, "iat", "1800000060"},
        {NULL, "RS256", RSA_ONE, "nbf", "1800000060"},
        {NULL, "RS256", RSA_ONE, "exp", "1800000600.75"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
        int r = check_made(&right[i]);

        if (r != 0)
            fail_msg("right %zu (%s %s): %d", i, right[i].alg,
                right[i].claim ? right[i].claim : "", r);
    }
}

static void belongs_to_access_token(void **state)
{
    struct made m = {NULL, "RS256", RSA_ONE, "at_hash", NULL};
    struct buf hash;

    (void)state;
    buf_init(&hash, 200);
    buf_addc(&hash, '"');
    access_hash(&hash);
    buf_addc(&hash, '"');
    m.value = buf_cstr(&hash);
    assert_int_equal(check_made(&m), 0);
    hash.data[3] = hash.data[3] == 'A' ? 'B' : 'A';
    assert_int_equal(check_made(&m), E_UNAUTHORISED);
    m.value = "\"\"";
    assert_int_equal(check_made(&m), E_UNAUTHORISED);
    m.value = "7";
    assert_int_equal(check_made(&m), E_UNAUTHORISED);
    buf_done(&hash);
}

/* ---- wrong ones ---- */

static void wrong_claims(void **state)
{
    static const struct {
        const char *claim;
        const char *value; /* NULL: without it */
    } wrong[] = {
        {"iss", NULL},
        {"iss", "\"https://id.example/realm/\""},
        {"iss", "\"https://ID.example/realm\""},
        {"iss", "[\"https://id.example/realm\"]"},
        {"sub", NULL},
        {"sub", "\"\""},
        {"sub", "7"},
        {"aud", NULL},
        {"aud", "\"other\""},
        {"aud", "\"belay \""},
        {"aud", "[]"},
        {"aud", "[\"other\"]"},
        {"aud", "[\"belay\",\"other\"]"}, /* and no azp */
        {"aud", "{\"belay\":\"belay\"}"},
        {"azp", "\"other\""},
        {"azp", "[\"belay\"]"},
        {"azp", "null"},
        {"exp", NULL},
        {"exp", "\"1800000600\""},
        {"exp", "1799999940"},
        {"exp", "1e12"},
        {"exp", "-1"},
        {"exp", "99999999999999999999"},
        {"iat", NULL},
        {"iat", "1800000061"},
        {"nbf", "1800000061"},
        {"nbf", "\"soon\""},
        {"nonce", NULL},
        {"nonce", "\"another\""},
        {"nonce", "\"\""},
        {"nonce", "[\"the nonce\"]"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct made m = {NULL, "RS256", RSA_ONE, wrong[i].claim, wrong[i].value};
        int r = check_made(&m);

        if (r != E_UNAUTHORISED)
            fail_msg("%s %s: %d", wrong[i].claim,
                wrong[i].value ? wrong[i].value : "left out", r);
    }
}

static void wrong_headers(void **state)
{
    static const struct {
        const char *header;
        const char *alg;
        int key;
        int code;
    } wrong[] = {
        {"{\"alg\":\"none\"}", "RS256", RSA_ONE, E_UNAUTHORISED},
        {"{\"alg\":\"None\",\"kid\":\"rsa\"}", "RS256", RSA_ONE, E_UNAUTHORISED},
        {"{\"alg\":\"\",\"kid\":\"rsa\"}", "RS256", RSA_ONE, E_UNAUTHORISED},
        {"{\"kid\":\"rsa\"}", "RS256", RSA_ONE, E_UNAUTHORISED},
        {"{\"alg\":[\"RS256\"],\"kid\":\"rsa\"}", "RS256", RSA_ONE, E_UNAUTHORISED},
        {"{\"alg\":\"rs256\",\"kid\":\"rsa\"}", "RS256", RSA_ONE, E_UNAUTHORISED},
        {"{\"alg\":\"HS256\",\"kid\":\"rsa\"}", "RS256", RSA_ONE, E_UNAUTHORISED},
        {"{\"alg\":\"HS256\",\"kid\":\"oct\"}", "RS256", RSA_ONE, E_UNAUTHORISED},
        {"{\"alg\":\"RS256\",\"kid\":\"oct\"}", "RS256", RSA_ONE, E_NOT_FOUND},
        {"{\"alg\":\"RS256\",\"kid\":\"gone\"}", "RS256", RSA_ONE, E_NOT_FOUND},
        {"{\"alg\":\"RS256\",\"kid\":7}", "RS256", RSA_ONE, E_UNAUTHORISED},
        /* signed one way, said to be another */
        {"{\"alg\":\"PS256\",\"kid\":\"rsa\"}", "RS256", RSA_ONE, E_UNAUTHORISED},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\"}", "PS256", RSA_ONE, E_UNAUTHORISED},
        {"{\"alg\":\"RS512\",\"kid\":\"rsa\"}", "RS256", RSA_ONE, E_UNAUTHORISED},
        {"{\"alg\":\"ES256\",\"kid\":\"rsa\"}", "RS256", RSA_ONE, E_NOT_FOUND},
        {"{\"alg\":\"RS256\",\"kid\":\"ec\"}", "ES256", EC_ONE, E_NOT_FOUND},
        {"{\"alg\":\"ES256\",\"kid\":\"ec-other\"}", "ES256", EC_ONE, E_NOT_FOUND},
        {"{\"alg\":\"ES384\",\"kid\":\"ec\"}", "ES256", EC_ONE, E_NOT_FOUND},
        /* another's key under a name that is shown */
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\"}", "RS256", RSA_TWO, E_UNAUTHORISED},
        {"{\"alg\":\"RS256\"}", "RS256", RSA_TWO, E_UNAUTHORISED},
        /* more than is known here */
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"crit\":[\"b64\"]}", "RS256", RSA_ONE,
            E_UNAUTHORISED},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"typ\":\"at+jwt\"}", "RS256", RSA_ONE,
            E_UNAUTHORISED},
        {"{\"alg\":\"RS256\",\"kid\":\"rsa\",\"typ\":null}", "RS256", RSA_ONE,
            E_UNAUTHORISED},
        {"{\"alg\":\"RS256\",\"alg\":\"RS256\",\"kid\":\"rsa\"}", "RS256", RSA_ONE,
            E_UNAUTHORISED},
        {"[]", "RS256", RSA_ONE, E_UNAUTHORISED},
        {"", "RS256", RSA_ONE, E_UNAUTHORISED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct made m = {wrong[i].header, wrong[i].alg, wrong[i].key, NULL, NULL};
        int r = check_made(&m);

        if (r != wrong[i].code)
            fail_msg("%s signed by %s: %d", wrong[i].header, wrong[i].alg, r);
    }
}

/* No byte of a token can be another. The last character of a part may carry bits that mean
 * nothing; a spelling with other such bits is refused too. */
static void every_byte(void **state)
{
    static const struct made m = {NULL, "ES256", EC_ONE, NULL, NULL};
    struct buf token;
    char others[] = {'A', '.', '=', '+', '\0', ' ', (char)0xc3};

    (void)state;
    buf_init(&token, 1 << 16);
    make_token(&token, &m);
    assert_int_equal(check((struct str){token.data, token.len}), 0);
    for (size_t i = 0; i < token.len; i++) {
        char was = token.data[i];

        token.data[i] = was == 'B' ? 'C' : 'B';
        assert_true(check((struct str){token.data, token.len}) < 0);
        token.data[i] = others[i % sizeof(others)];
        if (token.data[i] != was)
            assert_true(check((struct str){token.data, token.len}) < 0);
        token.data[i] = was;
    }
    for (size_t len = 0; len < token.len; len++)
        assert_true(check((struct str){token.data, len}) < 0);
    buf_addc(&token, 'A');
    assert_true(check((struct str){token.data, token.len}) < 0);
    token.data[token.len - 1] = '.';
    assert_true(check((struct str){token.data, token.len}) < 0);
    token.data[token.len - 1] = '=';
    assert_true(check((struct str){token.data, token.len}) < 0);
    buf_done(&token);
}

/* ---- keys ---- */

static void odd_keys(void **state)
{
    static const struct made m = {"{\"alg\":\"RS256\"}", "RS256", RSA_ONE, NULL, NULL};
    static const char *const more[] = {",\"use\":\"enc\"", ",\"alg\":\"PS256\"",
        ",\"key_ops\":[\"encrypt\"]", ",\"kid\":\"other\",\"use\":\"enc\""};
    static const char *const sets[] = {"{}", "[]", "{\"keys\":{}}", "{\"keys\":[]}",
        "{\"keys\":[7,null,\"x\",[],{}]}", "{\"keys\":[{\"kty\":\"RSA\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"\",\"e\":\"\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":7,\"e\":\"AQAB\"}]}"};
    struct err err = {0};
    struct buf token;
    struct buf set;

    (void)state;
    buf_init(&token, 1 << 16);
    buf_init(&set, 1 << 16);
    make_token(&token, &m);
    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
        buf_clear(&set);
        buf_adds(&set, "{\"keys\":[");
        jose_show(&set, keys[RSA_ONE], JOSE_RSA, more[i]);
        buf_adds(&set, "]}");
        assert_int_equal(check_with((struct str){token.data, token.len},
                             (struct str){set.data, set.len}, NOW, &err),
            E_NOT_FOUND);
    }
    for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
        assert_true(check_with((struct str){token.data, token.len}, str_of(sets[i]),
                        NOW, &err) < 0);
    /* one among others that do not fit, and none has a name */
    buf_clear(&set);
    buf_adds(&set, "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"},");
    jose_show(&set, keys[RSA_TWO], JOSE_RSA, "");
    buf_addc(&set, ',');
    jose_show(&set, keys[EC_ONE], JOSE_EC, "");
    buf_addc(&set, ',');
    jose_show(&set, keys[RSA_ONE], JOSE_RSA, ",\"key_ops\":[\"verify\"]");
    buf_adds(&set, "]}");
    assert_int_equal(check_with((struct str){token.data, token.len},
                         (struct str){set.data, set.len}, NOW, &err),
        0);
    buf_done(&set);
    buf_done(&token);
}

static void small_keys(void **state)
{
    gnutls_privkey_t small = NULL;
    struct crypto_public *key = NULL;
    gnutls_datum_t n = {NULL, 0};
    gnutls_datum_t e = {NULL, 0};
    gnutls_pubkey_t public = NULL;

    (void)state;
    gnutls_privkey_init(&small);
    assert_int_equal(gnutls_privkey_generate(small, GNUTLS_PK_RSA, 1024, 0), 0);
    gnutls_pubkey_init(&public);
    gnutls_pubkey_import_privkey(public, small, 0, 0);
    gnutls_pubkey_export_rsa_raw(public, &n, &e);
    assert_int_equal(crypto_public_rsa((struct str){(char *)n.data, n.size},
                         (struct str){(char *)e.data, e.size}, &key, NULL),
        E_INVALID);
    gnutls_free(n.data);
    gnutls_free(e.data);
    gnutls_pubkey_deinit(public);
    gnutls_privkey_deinit(small);
}

/* ---- claims ---- */

static void claims(void **state)
{
    static const char text[] =
        "{\"groups\":[\"a\",\"b\",7,true],\"role\":\"x\",\"admin\":true,\"n\":1.0,"
        "\"realm\":{\"roles\":[\"deep\"]},\"https://x.example/roles\":\"dotted\","
        "\"empty\":\"\"}";
    static const struct {
        const char *name;
        const char *value;
        bool has;
    } table[] = {
        {"groups", "a", true},
        {"groups", "b", true},
        {"groups", "7", true},
        {"groups", "true", true},
        {"groups", "c", false},
        {"groups", "A", false},
        {"groups", "", false},
        {"role", "x", true},
        {"role", "xx", false},
        {"admin", "true", true},
        {"admin", "false", false},
        {"n", "1.0", true},
        {"n", "1", false},
        {"realm.roles", "deep", true},
        {"realm", "roles", false},
        {"realm.roles.deep", "deep", false},
        {"https://x.example/roles", "dotted", true},
        {"nothing", "", false},
        {"", "", false},
    };
    struct arena *a = arena_new();
    const struct json *json = NULL;

    (void)state;
    assert_int_equal(json_read(a, str_of(text), 10000, &json, NULL), 0);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (sign_on_claim_has(json, str_of(table[i].name), str_of(table[i].value)) !=
            table[i].has)
            fail_msg("%s %s", table[i].name, table[i].value);
    }
    assert_true(str_is(sign_on_claim_text(json, STR("role")), "x"));
    assert_null(sign_on_claim_text(json, STR("empty")).p);
    assert_null(sign_on_claim_text(json, STR("groups")).p);
    assert_null(sign_on_claim_text(NULL, STR("role")).p);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(believed),
        cmocka_unit_test(belongs_to_access_token),
        cmocka_unit_test(wrong_claims),
        cmocka_unit_test(wrong_headers),
        cmocka_unit_test(every_byte),
        cmocka_unit_test(odd_keys),
        cmocka_unit_test(small_keys),
        cmocka_unit_test(claims),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
