/* SPDX-License-Identifier: Apache-2.0 */
/* Bearer tokens: their form, that none is like another, the stored hash. */
#include "crypto/digest.h"
#include "crypto/token.h"
#include "unit.h"

static void form(void **state)
{
    char token[CRYPTO_TOKEN_CHARS + 1];
    char other[CRYPTO_TOKEN_CHARS + 1];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        crypto_token_new(token);
        crypto_token_new(other);
        assert_int_equal(strlen(token), CRYPTO_TOKEN_CHARS);
        assert_true(str_starts(str_of(token), "bly_"));
        assert_int_equal(strspn(token + 4, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
                                           "rstuvwxyz0123456789-_"),
            CRYPTO_TOKEN_CHARS - 4);
        assert_string_not_equal(token, other);
    }
}

static void hash_is_fixed_for_ever(void **state)
{
    uint8_t hash[CRYPTO_TOKEN_HASH_BYTES];
    char text[2 * sizeof(hash) + 1];

    (void)state;
    /* the bytes 0 to 31; worked out with another program */
    assert_true(crypto_token_hash(
        STR("bly_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"), hash));
    hex_encode(hash, sizeof(hash), text);
    assert_string_equal(
        text, "2b7ccb9304cfcd87f611fd0eaeeb712c2ab90a862b92cd89f1ddb6569ba39143");
}

static void hash_tells_tokens_apart(void **state)
{
    char token[CRYPTO_TOKEN_CHARS + 1];
    uint8_t hash[CRYPTO_TOKEN_HASH_BYTES];
    uint8_t again[CRYPTO_TOKEN_HASH_BYTES];

    (void)state;
    crypto_token_new(token);
    assert_true(crypto_token_hash(str_of(token), hash));
    assert_true(crypto_token_hash(str_of(token), again));
    assert_memory_equal(hash, again, sizeof(hash));
    token[10] = token[10] == 'A' ? 'B' : 'A';
    assert_true(crypto_token_hash(str_of(token), again));
    assert_memory_not_equal(hash, again, sizeof(hash));
}

static void other_forms_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "bly_",
        "bly_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh",
        "bly_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "blx_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "bly_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdH+8",
        "bly_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9", /* stray bits */
        "bly_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh ",
    };
    uint8_t hash[CRYPTO_TOKEN_HASH_BYTES] = {7};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(crypto_token_hash(str_of(bad[i]), hash));
    assert_false(crypto_token_hash((struct str){0}, hash));
    assert_int_equal(hash[0], 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(form),
        cmocka_unit_test(hash_is_fixed_for_ever),
        cmocka_unit_test(hash_tells_tokens_apart),
        cmocka_unit_test(other_forms_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
