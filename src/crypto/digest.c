/* SPDX-License-Identifier: Apache-2.0 */
/* BLAKE2b-256 by libsodium. Its calls fail only for sizes that are constants here. */
#include "crypto/digest.h"

#include <sodium.h>

_Static_assert(sizeof(struct crypto_digest) == sizeof(crypto_generichash_blake2b_state),
    "the header states the size of libsodium's state");
_Static_assert(CRYPTO_DIGEST_BYTES == crypto_generichash_blake2b_BYTES,
    "the header states the size of a digest");

/* The same bytes seen as libsodium's type; they are aligned for it. */
static crypto_generichash_blake2b_state *state_of(struct crypto_digest *d)
{
    return (crypto_generichash_blake2b_state *)(void *)d->state;
}

void crypto_digest_once(uint8_t out[CRYPTO_DIGEST_BYTES], const void *data, size_t len)
{
    crypto_generichash_blake2b(out, CRYPTO_DIGEST_BYTES, data, len, NULL, 0);
}

void crypto_digest_init(struct crypto_digest *d)
{
    crypto_generichash_blake2b_init(state_of(d), NULL, 0, CRYPTO_DIGEST_BYTES);
}

void crypto_digest_add(struct crypto_digest *d, const void *data, size_t len)
{
    crypto_generichash_blake2b_update(state_of(d), data, len);
}

void crypto_digest_final(struct crypto_digest *d, uint8_t out[CRYPTO_DIGEST_BYTES])
{
    crypto_generichash_blake2b_final(state_of(d), out, CRYPTO_DIGEST_BYTES);
}
