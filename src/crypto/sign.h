/* SPDX-License-Identifier: Apache-2.0 */
/* Our own signatures: Ed25519 (RFC 8032). Those of others are crypto/signature.h. Any thread. */
#ifndef CRYPTO_SIGN_H
#define CRYPTO_SIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

#include "crypto/seal.h"

#define CRYPTO_SIGN_PUBLIC_BYTES 32
#define CRYPTO_SIGN_SECRET_BYTES 64
#define CRYPTO_SIGN_BYTES 64

struct crypto_sign_keys {
    uint8_t public_key[CRYPTO_SIGN_PUBLIC_BYTES];
    uint8_t secret_key[CRYPTO_SIGN_SECRET_BYTES]; /* wiped by whoever asked for it */
};

/* The pair that follows from ${key}, a node's own, for ${use}: the same each time. */
void crypto_sign_keys(const uint8_t key[CRYPTO_SEAL_KEY_BYTES], const char *use,
    struct crypto_sign_keys *ret);

void crypto_sign_text(const struct crypto_sign_keys *keys, struct str text,
    uint8_t out[CRYPTO_SIGN_BYTES]);

/* Is ${signature} that of ${text} by the holder of ${public_key}? */
bool crypto_sign_verifies(const uint8_t public_key[CRYPTO_SIGN_PUBLIC_BYTES],
    struct str text, const uint8_t signature[CRYPTO_SIGN_BYTES]);

#endif
