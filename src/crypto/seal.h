/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Short opaque strings that come back from a client unchanged, such as the cursor of a
 * page: base64url of the payload and a 16-byte tag (BLAKE2b keyed, 128 bits). The
 * payload is only kept from being changed or made up, or (crypto_seal_hide) hidden too. Any
 * thread.
 */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include "base/text.h"

#define CRYPTO_SEAL_KEY_BYTES 32
#define CRYPTO_SEAL_TAG_BYTES 16

/* A new key. */
void crypto_seal_key(uint8_t out[CRYPTO_SEAL_KEY_BYTES]);

/* Append the sealed form of ${payload} (at most LIMIT_SEAL_BYTES) to ${out}. E_TOO_LARGE:
 * over that, or ${out} is full; E_NOMEM. Nothing is appended on failure. */
int crypto_seal_sign(const uint8_t key[CRYPTO_SEAL_KEY_BYTES], struct str payload,
    struct buf *out, struct err *err);

/* Append the payload of ${sealed} to ${out}. E_INVALID: it is not what
 * crypto_seal_sign() made with this key; E_NOMEM, E_TOO_LARGE: no room in ${out}.
 * Nothing is appended on failure. */
int crypto_seal_open(const uint8_t key[CRYPTO_SEAL_KEY_BYTES], struct str sealed,
    struct buf *out, struct err *err);

/* The same, and the payload is hidden too: XChaCha20 under a key that follows from ${key}, its
 * nonce the tag. The same payload gives the same text. What one pair makes the other does
 * not open. */
int crypto_seal_hide(const uint8_t key[CRYPTO_SEAL_KEY_BYTES], struct str payload,
    struct buf *out, struct err *err);
int crypto_seal_show(const uint8_t key[CRYPTO_SEAL_KEY_BYTES], struct str sealed,
    struct buf *out, struct err *err);

#endif
