/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets, and texts locked away. Before base64url:
 *
 *   offset  size  meaning
 *   0       24    nonce, random
 *   24      n     the text, encrypted; n <= CRYPTO_VAULT_MAX
 *   24+n    16    tag over text and label
 */
#include "crypto/secret.h"

#include <sodium.h>

#include "base/id.h"

#include "crypto/crypto.h"
#include "crypto/digest.h"

#define SECRET_BYTES 32
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES

_Static_assert(CRYPTO_VAULT_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES &&
                   CRYPTO_SECRET_HASH_BYTES == CRYPTO_DIGEST_BYTES,
    "sizes that the library takes");

void crypto_secret_new(char out[CRYPTO_SECRET_CHARS + 1])
{
    uint8_t secret[SECRET_BYTES];

    id_random(secret, sizeof(secret));
    sodium_bin2base64(out, CRYPTO_SECRET_CHARS + 1, secret, sizeof(secret),
        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    crypto_wipe(secret, sizeof(secret));
}

bool crypto_secret_plain(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    return true;
}

bool crypto_secret_hash(
    const char *use, struct str secret, uint8_t out[CRYPTO_SECRET_HASH_BYTES])
{
    struct crypto_digest d;
    uint8_t bytes[SECRET_BYTES];
    size_t len = 0;

    if (secret.len != CRYPTO_SECRET_CHARS || !crypto_secret_plain(secret) ||
        sodium_base642bin(bytes, sizeof(bytes), secret.p, secret.len, NULL, &len, NULL,
            sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        len != sizeof(bytes))
        return false;
    crypto_digest_init(&d);
    crypto_digest_add(&d, use, strlen(use) + 1);
    crypto_digest_add(&d, bytes, sizeof(bytes));
    crypto_digest_final(&d, out);
    crypto_wipe(bytes, sizeof(bytes));
    return true;
}

void crypto_vault_key(
    const uint8_t *key, const char *use, uint8_t out[CRYPTO_VAULT_KEY_BYTES])
{
    crypto_generichash_blake2b(out, CRYPTO_VAULT_KEY_BYTES, (const unsigned char *)use,
        strlen(use), key, CRYPTO_VAULT_KEY_BYTES);
}

int crypto_vault_lock(const uint8_t key[CRYPTO_VAULT_KEY_BYTES], struct str label,
    struct str text, struct buf *out, struct err *err)
{
    uint8_t raw[NONCE + CRYPTO_VAULT_MAX + TAG];

    if (text.len > CRYPTO_VAULT_MAX)
        return err_set(err, E_TOO_LARGE, NULL,
            "The text to be locked away is over the limit of %d bytes.",
            CRYPTO_VAULT_MAX);
    id_random(raw, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(raw + NONCE, NULL,
        (const unsigned char *)text.p, text.len, (const unsigned char *)label.p,
        label.len, NULL, raw, key);
    base64url_encode(out, raw, NONCE + text.len + TAG);
    return buf_error(out, "The locked text", err);
}

int crypto_vault_open(const uint8_t key[CRYPTO_VAULT_KEY_BYTES], struct str label,
    struct str locked, struct buf *out, struct err *err)
{
    uint8_t raw[NONCE + CRYPTO_VAULT_MAX + TAG];
    uint8_t text[CRYPTO_VAULT_MAX];
    size_t len = 0;

    if (!base64_decode(locked, raw, sizeof(raw), &len) || len < NONCE + TAG ||
        crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL, raw + NONCE,
            len - NONCE, (const unsigned char *)label.p, label.len, raw, key) != 0)
        return err_set(err, E_CORRUPT, NULL,
            "A secret of an account was locked with another key, or was changed.");
    buf_add(out, text, len - NONCE - TAG);
    crypto_wipe(text, sizeof(text));
    return buf_error(out, "The unlocked text", err);
}
