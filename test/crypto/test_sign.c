/* SPDX-License-Identifier: Apache-2.0 */
/* Our signatures. */
#include "crypto/crypto.h"
#include "crypto/sign.h"
#include "unit.h"

static void only_what_was_signed_verifies(void **state)
{
    uint8_t key[CRYPTO_SEAL_KEY_BYTES] = {1, 2, 3};
    struct crypto_sign_keys one, again, other;
    uint8_t signature[CRYPTO_SIGN_BYTES];

    (void)state;
    assert_int_equal(crypto_init(NULL), 0);
    crypto_sign_keys(key, "use", &one);
    crypto_sign_keys(key, "use", &again);
    crypto_sign_keys(key, "other use", &other);
    assert_memory_equal(&one, &again, sizeof(one));
    assert_memory_not_equal(one.public_key, other.public_key, sizeof(one.public_key));
    crypto_sign_text(&one, STR("text"), signature);
    assert_true(crypto_sign_verifies(one.public_key, STR("text"), signature));
    assert_false(crypto_sign_verifies(one.public_key, STR("texT"), signature));
    assert_false(crypto_sign_verifies(other.public_key, STR("text"), signature));
    for (size_t i = 0; i < sizeof(signature); i++) {
        signature[i] ^= 1;
        assert_false(crypto_sign_verifies(one.public_key, STR("text"), signature));
        signature[i] ^= 1;
    }
}

/* RFC 8032, 7.1, test 2. */
static void it_is_ed25519(void **state)
{
    static const char public_text[] =
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    static const char signature_text[] =
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
    uint8_t public_key[CRYPTO_SIGN_PUBLIC_BYTES], signature[CRYPTO_SIGN_BYTES];

    (void)state;
    assert_true(hex_decode(public_text, public_key, sizeof(public_key)));
    assert_true(hex_decode(signature_text, signature, sizeof(signature)));
    assert_true(crypto_sign_verifies(public_key, STR("\x72"), signature));
    assert_false(crypto_sign_verifies(public_key, STR("\x73"), signature));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_was_signed_verifies),
        cmocka_unit_test(it_is_ed25519),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
