/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passwords as argon2id (RFC 9106), one text that holds salt and parameters.
 *
 * The parameters are RFC 9106's for machines with little memory: 64 MiB, three passes.
 * On two cores of a small machine that is about 90 ms a try: too slow to guess with, quick
 * enough to wait for. 256 MiB would let two people who sign in at once push the
 * records' pages out of a machine with 1 GB; less than 64 MiB is cheap on a graphics card.
 * They may grow: a hash made with others is told by crypto_password_stale(), and made anew
 * when its owner signs in.
 */
#ifndef CRYPTO_PASSWORD_H
#define CRYPTO_PASSWORD_H

#include "base/text.h"

#define CRYPTO_PASSWORD_PASSES 3u
#define CRYPTO_PASSWORD_MEMORY ((size_t)64 << 20)
#define CRYPTO_PASSWORD_HASH_MAX 128 /* characters and NUL */

/* Hash ${password} (any bytes; the caller has normalised it). E_NOMEM: the memory above
 * is not to be had. Slow on purpose: never on a thread that serves connections. */
int crypto_password_hash(
    struct str password, char out[CRYPTO_PASSWORD_HASH_MAX], struct err *err);

/* True when ${hash} was made of ${password}; false too for a text that is no hash. As slow
 * as making one. */
bool crypto_password_matches(const char *hash, struct str password);

/* The same work for nothing, where there is no hash to compare with: an unknown name must
 * not be told by a quick answer. */
void crypto_password_waste(struct str password);

/* True when ${hash} should be made anew: other parameters, or no hash. */
bool crypto_password_stale(const char *hash);

#define CRYPTO_LEAK_CHARS 40

/* What lists of leaked passwords hold: SHA-1 in hexadecimal, capitals, and NUL. Good for looking one up
 * there and for nothing else. */
int crypto_leak_hash(
    struct str password, char out[CRYPTO_LEAK_CHARS + 1], struct err *err);

#endif
