/* SPDX-License-Identifier: Apache-2.0 */
/* Secrets and their hashes by use; texts locked away, and every change found. */
#include "crypto/crypto.h"
#include "crypto/secret.h"
#include "unit.h"

static void hashes(void **state)
{
    char one[CRYPTO_SECRET_CHARS + 1];
    char two[CRYPTO_SECRET_CHARS + 1];
    uint8_t a[CRYPTO_SECRET_HASH_BYTES];
    uint8_t b[CRYPTO_SECRET_HASH_BYTES];

    (void)state;
    crypto_secret_new(one);
    crypto_secret_new(two);
    assert_string_not_equal(one, two);
    assert_int_equal(strlen(one), CRYPTO_SECRET_CHARS);
    assert_true(crypto_secret_hash("x", str_of(one), a));
    assert_true(crypto_secret_hash("x", str_of(one), b));
    assert_memory_equal(a, b, sizeof(a));
    assert_true(crypto_secret_hash("y", str_of(one), b));
    assert_memory_not_equal(a, b, sizeof(a));
    assert_true(crypto_secret_hash("x", str_of(two), b));
    assert_memory_not_equal(a, b, sizeof(a));
    assert_false(crypto_secret_hash("x", (struct str){one, 42}, b));
    assert_false(crypto_secret_hash("x", STR(""), b));
    one[7] = '+'; /* of the other alphabet */
    assert_false(crypto_secret_hash("x", str_of(one), b));
}

static void vault(void **state)
{
    uint8_t master[CRYPTO_VAULT_KEY_BYTES] = {1};
    uint8_t key[CRYPTO_VAULT_KEY_BYTES];
    uint8_t other[CRYPTO_VAULT_KEY_BYTES];
    struct buf locked;
    struct buf open;
    struct err err = {0};

    (void)state;
    buf_init(&locked, 1000);
    buf_init(&open, 1000);
    crypto_vault_key(master, "one", key);
    crypto_vault_key(master, "two", other);
    assert_memory_not_equal(key, other, sizeof(key));
    assert_int_equal(
        crypto_vault_lock(key, STR("pema"), STR("a secret"), &locked, &err), 0);
    struct str text = {locked.data, locked.len};
    assert_int_equal(crypto_vault_open(key, STR("pema"), text, &open, &err), 0);
    assert_string_equal(buf_cstr(&open), "a secret");
    assert_int_equal(
        crypto_vault_open(key, STR("tashi"), text, &open, &err), E_CORRUPT);
    assert_int_equal(
        crypto_vault_open(other, STR("pema"), text, &open, &err), E_CORRUPT);
    for (size_t i = 0; i < locked.len; i++) {
        char was = locked.data[i];

        locked.data[i] = was == 'A' ? 'B' : 'A';
        /* the last character carries fewer bits than six: some changes are none */
        if (i + 1 < locked.len)
            assert_int_equal(
                crypto_vault_open(key, STR("pema"), text, &open, &err), E_CORRUPT);
        locked.data[i] = was;
    }
    for (size_t len = 0; len < text.len; len++)
        assert_int_equal(
            crypto_vault_open(key, STR("pema"), (struct str){text.p, len}, &open, &err),
            E_CORRUPT);
    buf_done(&locked);
    buf_done(&open);
}

static void too_large(void **state)
{
    uint8_t key[CRYPTO_VAULT_KEY_BYTES] = {0};
    char text[CRYPTO_VAULT_MAX + 1];
    struct buf locked;
    struct err err = {0};

    (void)state;
    memset(text, 'x', sizeof(text));
    buf_init(&locked, 1000);
    assert_int_equal(crypto_vault_lock(key, STR("a"), (struct str){text, sizeof(text)},
                         &locked, &err),
        E_TOO_LARGE);
    assert_int_equal(crypto_vault_lock(key, STR("a"),
                         (struct str){text, CRYPTO_VAULT_MAX}, &locked, &err),
        0);
    buf_done(&locked);
}

static int start(void **state)
{
    (void)state;
    return crypto_init(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes),
        cmocka_unit_test(vault),
        cmocka_unit_test(too_large),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
