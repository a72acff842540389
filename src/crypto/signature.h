/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures of others: is this text signed by the holder of that public key? The
 * algorithms are those of RFC 7518 with a public key and SHA-2: RS, PS and ES with 256, 384
 * and 512 bits. Those with a shared secret (HS...) and "none" do not exist here, so a
 * public key cannot be taken for a secret. Any thread.
 */
#ifndef CRYPTO_SIGNATURE_H
#define CRYPTO_SIGNATURE_H

#include "base/text.h"

#define CRYPTO_SHA256_BYTES 32
#define CRYPTO_HASH_MAX 64

enum crypto_key_kind { CRYPTO_KEY_RSA, CRYPTO_KEY_EC };

/* An algorithm; lives for ever. */
struct crypto_signing {
    const char *name;  /* "RS256" */
    const char *curve; /* of an EC key: "P-256"; else NULL */
    enum crypto_key_kind kind;
    int sign_; /* the library's numbers */
    int digest_;
};

/* The algorithm called ${name}; NULL: there is none. */
const struct crypto_signing *crypto_signing_named(struct str name);

struct crypto_public;

/* A key out of the bytes of its numbers, most significant first. E_INVALID: not a key, or
 * an RSA key below 2048 or above LIMIT_RSA_BITS bits. */
int crypto_public_rsa(struct str modulus, struct str exponent,
    struct crypto_public **ret, struct err *err);
/* ${curve}: "P-256", "P-384", "P-521". */
int crypto_public_ec(struct str curve, struct str x, struct str y,
    struct crypto_public **ret, struct err *err);
/* NULL is fine. */
void crypto_public_free(struct crypto_public *key);

/* Is ${signature} (as RFC 7518 has it) that of ${text} by ${key}? False for a key of
 * another kind or curve than ${how} asks. */
bool crypto_public_verifies(const struct crypto_public *key,
    const struct crypto_signing *how, struct str text, struct str signature);

/* The hash that ${how} is made with; its length. 0: the library refuses. */
size_t crypto_signing_hash(
    const struct crypto_signing *how, struct str text, uint8_t out[CRYPTO_HASH_MAX]);

/* SHA-256, for what others prescribe (RFC 7636); our own hashes are crypto/digest.h. */
int crypto_sha256(struct str text, uint8_t out[CRYPTO_SHA256_BYTES], struct err *err);

#define CRYPTO_MAC_BYTES 32

/* HMAC-SHA256 of ${text} under ${key} of any length: what a receiver checks with a secret we
 * share. E_BUG: the library failed. Any thread. */
int crypto_mac(
    struct str key, struct str text, uint8_t out[CRYPTO_MAC_BYTES], struct err *err);

#endif
