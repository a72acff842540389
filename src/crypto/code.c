/* SPDX-License-Identifier: Apache-2.0 */
/* One-time codes and base32 by liboath; randomness and hashes as everywhere. */
#include "crypto/code.h"

#include <liboath/oath.h>
#include <stdlib.h>

#include "base/id.h"

#include "crypto/crypto.h"
#include "crypto/digest.h"

#define NEIGHBOURS 1
#define STEP_SECONDS (CRYPTO_CODE_STEP_MS / 1000)
#define RECOVERY_BYTES 15
#define RECOVERY_LETTERS 24
#define RECOVERY_GROUP 4

/* liboath takes secrets as char. */
static const char *chars_of(const uint8_t *secret)
{
    return (const char *)secret;
}

void crypto_code_secret(uint8_t out[CRYPTO_CODE_SECRET_BYTES])
{
    id_random(out, CRYPTO_CODE_SECRET_BYTES);
}

/* ${chars} characters of base32 and NUL from ${len} bytes, which must give as many. */
static int base32(
    const uint8_t *bytes, size_t len, char *out, size_t chars, struct err *err)
{
    char *made = NULL;
    size_t made_len = 0;
    int code = oath_base32_encode(chars_of(bytes), len, &made, &made_len);

    if (code == OATH_MALLOC_ERROR)
        return err_nomem(err);
    if (code != OATH_OK || made_len != chars) {
        free(made);
        return err_set(err, E_BUG, NULL, "Base32 came out in another length.");
    }
    memcpy(out, made, chars);
    out[chars] = '\0';
    crypto_wipe(made, made_len);
    free(made); /* liboath's own memory */
    return 0;
}

int crypto_code_text(const uint8_t secret[CRYPTO_CODE_SECRET_BYTES],
    char out[CRYPTO_CODE_SECRET_CHARS + 1], struct err *err)
{
    return base32(secret, CRYPTO_CODE_SECRET_BYTES, out, CRYPTO_CODE_SECRET_CHARS, err);
}

int crypto_code_make(const uint8_t secret[CRYPTO_CODE_SECRET_BYTES], int64_t step,
    unsigned digits, char out[CRYPTO_CODE_DIGITS_MAX + 1], struct err *err)
{
    if (digits < CRYPTO_CODE_DIGITS || digits > CRYPTO_CODE_DIGITS_MAX ||
        oath_totp_generate(chars_of(secret), CRYPTO_CODE_SECRET_BYTES,
            (time_t)(step * STEP_SECONDS), STEP_SECONDS, 0, digits, out) != OATH_OK)
        return err_set(err, E_BUG, NULL, "A one-time code could not be made.");
    return 0;
}

/* Six digits out of what was typed; false: something else. */
static bool code_digits(struct str typed, char out[CRYPTO_CODE_DIGITS])
{
    size_t n = 0;

    for (size_t i = 0; i < typed.len; i++) {
        char c = typed.p[i];

        if (c == ' ')
            continue;
        if (c < '0' || c > '9' || n == CRYPTO_CODE_DIGITS)
            return false;
        out[n++] = c;
    }
    return n == CRYPTO_CODE_DIGITS;
}

bool crypto_code_check(const uint8_t secret[CRYPTO_CODE_SECRET_BYTES], struct str code,
    utc_ms now, int64_t after, int64_t *ret_step)
{
    char typed[CRYPTO_CODE_DIGITS];
    char right[CRYPTO_CODE_DIGITS_MAX + 1];
    int64_t step = now / CRYPTO_CODE_STEP_MS;
    int64_t found = -1;

    if (!code_digits(code, typed))
        return false;
    for (int64_t at = step - NEIGHBOURS; at <= step + NEIGHBOURS; at++) {
        if (crypto_code_make(secret, at, CRYPTO_CODE_DIGITS, right, NULL) < 0)
            return false;
        if (crypto_same(typed, right, sizeof(typed)) && at > after)
            found = at;
    }
    crypto_wipe(right, sizeof(right));
    if (found < 0)
        return false;
    *ret_step = found;
    return true;
}

/* ---- recovery codes ---- */

int crypto_recovery_new(char out[CRYPTO_RECOVERY_CHARS + 1], struct err *err)
{
    uint8_t bytes[RECOVERY_BYTES];
    char letters[RECOVERY_LETTERS + 1] = "";
    size_t n = 0;
    int r;

    id_random(bytes, sizeof(bytes));
    r = base32(bytes, sizeof(bytes), letters, RECOVERY_LETTERS, err);
    for (size_t i = 0; r == 0 && i < RECOVERY_LETTERS; i++) {
        if (i > 0 && i % RECOVERY_GROUP == 0)
            out[n++] = '-';
        out[n++] = letters[i];
    }
    if (r == 0)
        out[n] = '\0';
    crypto_wipe(bytes, sizeof(bytes));
    crypto_wipe(letters, sizeof(letters));
    return r;
}

/* The letters of a code as they were made; false: not so many, or none of base32. */
static bool recovery_letters(struct str text, char out[RECOVERY_LETTERS])
{
    size_t n = 0;

    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];

        if (c == '-' || c == ' ')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        if (!((c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7')) ||
            n == RECOVERY_LETTERS)
            return false;
        out[n++] = c;
    }
    return n == RECOVERY_LETTERS;
}

bool crypto_recovery_hash(struct str text, uint8_t out[CRYPTO_RECOVERY_HASH_BYTES])
{
    static const char use[] = "belay recovery code";
    char letters[RECOVERY_LETTERS];
    struct crypto_digest d;

    if (!recovery_letters(text, letters))
        return false;
    crypto_digest_init(&d);
    crypto_digest_add(&d, use, sizeof(use));
    crypto_digest_add(&d, letters, sizeof(letters));
    crypto_digest_final(&d, out);
    crypto_wipe(letters, sizeof(letters));
    return true;
}
