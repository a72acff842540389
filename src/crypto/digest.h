/* SPDX-License-Identifier: Apache-2.0 */
/*
 * BLAKE2b with 256 bits (RFC 7693), without a key: names of bodies and versions, hashes
 * of chains. Stored for ever. Nothing here can fail. Any thread, one digest each.
 */
#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define CRYPTO_DIGEST_BYTES 32

/* A digest under way; lies where the caller puts it and owns nothing. */
struct crypto_digest {
    _Alignas(64) unsigned char state[384];
};

/* The digest of ${len} bytes; ${data} may be NULL when ${len} is 0. */
void crypto_digest_once(uint8_t out[CRYPTO_DIGEST_BYTES], const void *data, size_t len);

/* The same in pieces: init, any number of adds, final once. After final only init is
 * allowed. */
void crypto_digest_init(struct crypto_digest *d);
void crypto_digest_add(struct crypto_digest *d, const void *data, size_t len);
void crypto_digest_final(struct crypto_digest *d, uint8_t out[CRYPTO_DIGEST_BYTES]);

#endif
