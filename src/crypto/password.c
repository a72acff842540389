/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords by libsodium, which draws the salt and compares in constant time. */
#include "crypto/password.h"

#include <gnutls/crypto.h>

#include <sodium.h>

#include "crypto/crypto.h"

_Static_assert(
    CRYPTO_PASSWORD_HASH_MAX == crypto_pwhash_STRBYTES, "the header states the length");

/* libsodium wants an address even for no bytes. */
static const char *bytes_of(struct str password)
{
    return password.p ? password.p : "";
}

int crypto_password_hash(
    struct str password, char out[CRYPTO_PASSWORD_HASH_MAX], struct err *err)
{
    char made[CRYPTO_PASSWORD_HASH_MAX];

    if (crypto_pwhash_str_alg(made, bytes_of(password), password.len,
            CRYPTO_PASSWORD_PASSES, CRYPTO_PASSWORD_MEMORY,
            crypto_pwhash_ALG_ARGON2ID13) != 0)
        return err_nomem(err);
    memcpy(out, made, sizeof(made));
    return 0;
}

bool crypto_password_matches(const char *hash, struct str password)
{
    char text[CRYPTO_PASSWORD_HASH_MAX] = "";

    if (strlen(hash) >= sizeof(text))
        return false;
    memcpy(text, hash, strlen(hash)); /* it reads the whole of its array */
    return crypto_pwhash_str_verify(text, bytes_of(password), password.len) == 0;
}

void crypto_password_waste(struct str password)
{
    char made[CRYPTO_PASSWORD_HASH_MAX];

    (void)crypto_password_hash(password, made, NULL);
    crypto_wipe(made, sizeof(made));
}

bool crypto_password_stale(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(
               hash, CRYPTO_PASSWORD_PASSES, CRYPTO_PASSWORD_MEMORY) != 0;
}

int crypto_leak_hash(
    struct str password, char out[CRYPTO_LEAK_CHARS + 1], struct err *err)
{
    uint8_t digest[CRYPTO_LEAK_CHARS / 2];
    int r = gnutls_hash_fast(
        GNUTLS_DIG_SHA1, password.p ? password.p : "", password.len, digest);

    if (r < 0)
        return err_set(
            err, E_BUG, NULL, "SHA-1 is not to be had here: %s.", gnutls_strerror(r));
    hex_encode(digest, sizeof(digest), out);
    for (size_t i = 0; i < CRYPTO_LEAK_CHARS; i++)
        out[i] = (char)(out[i] >= 'a' ? out[i] - 'a' + 'A' : out[i]);
    crypto_wipe(digest, sizeof(digest));
    return 0;
}
