/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sign.h"

#include <string.h>

#include <sodium.h>

#include "crypto/crypto.h"

_Static_assert(CRYPTO_SIGN_PUBLIC_BYTES == crypto_sign_ed25519_PUBLICKEYBYTES &&
                   CRYPTO_SIGN_SECRET_BYTES == crypto_sign_ed25519_SECRETKEYBYTES &&
                   CRYPTO_SIGN_BYTES == crypto_sign_ed25519_BYTES,
    "sizes that libsodium takes");

void crypto_sign_keys(const uint8_t key[CRYPTO_SEAL_KEY_BYTES], const char *use,
    struct crypto_sign_keys *ret)
{
    uint8_t seed[crypto_sign_ed25519_SEEDBYTES];

    crypto_generichash_blake2b(seed, sizeof(seed), (const unsigned char *)use,
        strlen(use), key, CRYPTO_SEAL_KEY_BYTES);
    crypto_sign_ed25519_seed_keypair(ret->public_key, ret->secret_key, seed);
    crypto_wipe(seed, sizeof(seed));
}

void crypto_sign_text(const struct crypto_sign_keys *keys, struct str text,
    uint8_t out[CRYPTO_SIGN_BYTES])
{
    crypto_sign_ed25519_detached(
        out, NULL, (const unsigned char *)text.p, text.len, keys->secret_key);
}

bool crypto_sign_verifies(const uint8_t public_key[CRYPTO_SIGN_PUBLIC_BYTES],
    struct str text, const uint8_t signature[CRYPTO_SIGN_BYTES])
{
    return crypto_sign_ed25519_verify_detached(
               signature, (const unsigned char *)text.p, text.len, public_key) == 0;
}
