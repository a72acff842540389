/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bearer tokens: "bly_" and base64url of 32 random bytes. The server shows a token once
 * and keeps only its hash, so that a stolen database opens no door. The prefix lets
 * scanners of source code find a token that was left in it. Any thread.
 */
#ifndef CRYPTO_TOKEN_H
#define CRYPTO_TOKEN_H

#include "base/text.h"

#define CRYPTO_TOKEN_PREFIX "bly_"
#define CRYPTO_TOKEN_CHARS 47
#define CRYPTO_TOKEN_HASH_BYTES 32

/* A new token as text (CRYPTO_TOKEN_CHARS characters and NUL). */
void crypto_token_new(char out[CRYPTO_TOKEN_CHARS + 1]);

/* The hash under which ${token} is stored; false (and nothing written) when ${token}
 * does not have a token's form. A plain hash does: 256 random bits cannot be guessed,
 * unlike a password. To compare hashes in memory use crypto_same(). */
bool crypto_token_hash(struct str token, uint8_t out[CRYPTO_TOKEN_HASH_BYTES]);

#endif
