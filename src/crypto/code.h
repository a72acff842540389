/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What stands beside a password: one-time codes of an authenticator (RFC 6238: SHA-1, six
 * digits, 30 seconds, which is what every authenticator can do) and recovery codes for
 * the day the phone is lost. Any thread.
 */
#ifndef CRYPTO_CODE_H
#define CRYPTO_CODE_H

#include "base/text.h"
#include "base/time.h"

#define CRYPTO_CODE_SECRET_BYTES 20
#define CRYPTO_CODE_SECRET_CHARS 32 /* in base32 */
#define CRYPTO_CODE_DIGITS 6
#define CRYPTO_CODE_DIGITS_MAX 8
#define CRYPTO_CODE_STEP_MS 30000

/* A new secret, and its text as an authenticator takes it (base32 and NUL). */
void crypto_code_secret(uint8_t out[CRYPTO_CODE_SECRET_BYTES]);
int crypto_code_text(const uint8_t secret[CRYPTO_CODE_SECRET_BYTES],
    char out[CRYPTO_CODE_SECRET_CHARS + 1], struct err *err);

/* The code of ${step} (milliseconds / CRYPTO_CODE_STEP_MS) with ${digits} digits, 6 to 8,
 * and NUL. E_BUG: the library refuses. */
int crypto_code_make(const uint8_t secret[CRYPTO_CODE_SECRET_BYTES], int64_t step,
    unsigned digits, char out[CRYPTO_CODE_DIGITS_MAX + 1], struct err *err);

/*
 * True when ${code} (spaces left out) is that of the step ${now} falls in or of one of
 * its neighbours, as clocks differ, and that step is later than ${after}, the last one
 * that was used: a code works once. Then its step is in ${ret_step}. The time taken does
 * not tell how much of the code was right.
 */
bool crypto_code_check(const uint8_t secret[CRYPTO_CODE_SECRET_BYTES], struct str code,
    utc_ms now, int64_t after, int64_t *ret_step);

/* ---- recovery codes ---- */

#define CRYPTO_RECOVERY_CHARS 29 /* six groups of four, with dashes: 120 bits */
#define CRYPTO_RECOVERY_HASH_BYTES 32

/* A new code (and NUL). */
int crypto_recovery_new(char out[CRYPTO_RECOVERY_CHARS + 1], struct err *err);

/* What is kept of it: a plain hash does for 120 random bits. Case, dashes and spaces do
 * not matter. False: not the form of a recovery code. */
bool crypto_recovery_hash(struct str text, uint8_t out[CRYPTO_RECOVERY_HASH_BYTES]);

#endif
