/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets of 256 random bits that travel once or in a cookie: session ids, enrolment
 * tickets. What is kept or shown of one is a hash bound to a use, so that the hash of one
 * use is worth nothing for another. Any thread.
 */
#ifndef CRYPTO_SECRET_H
#define CRYPTO_SECRET_H

#include "base/text.h"

#define CRYPTO_SECRET_CHARS 43 /* base64url */
#define CRYPTO_SECRET_HASH_BYTES 32

/* A new secret as text (and NUL). */
void crypto_secret_new(char out[CRYPTO_SECRET_CHARS + 1]);

/* True when ${s} is of A-Z a-z 0-9 - _ alone. libsodium's reader of base64url takes some
 * bytes from beyond ASCII for letters; a secret must have one spelling. */
bool crypto_secret_plain(struct str s);

/* The hash of ${secret} for ${use} (a fixed text of ours). False, and nothing written:
 * ${secret} does not have a secret's form. */
bool crypto_secret_hash(
    const char *use, struct str secret, uint8_t out[CRYPTO_SECRET_HASH_BYTES]);

/* ---- texts that must be read again: encrypted for the node's own eyes ---- */

#define CRYPTO_VAULT_KEY_BYTES 32
#define CRYPTO_VAULT_MAX 256 /* bytes of a text that is locked away */

/* The key for ${use} that follows from ${key} (32 bytes). */
void crypto_vault_key(
    const uint8_t *key, const char *use, uint8_t out[CRYPTO_VAULT_KEY_BYTES]);

/* Append ${text} (at most CRYPTO_VAULT_MAX bytes) to ${out}, encrypted and bound to
 * ${label} (XChaCha20-Poly1305, base64url). E_TOO_LARGE, E_NOMEM. */
int crypto_vault_lock(const uint8_t key[CRYPTO_VAULT_KEY_BYTES], struct str label,
    struct str text, struct buf *out, struct err *err);

/* Append the text again. E_CORRUPT: made with another key or label, or changed. */
int crypto_vault_open(const uint8_t key[CRYPTO_VAULT_KEY_BYTES], struct str label,
    struct str locked, struct buf *out, struct err *err);

#endif
