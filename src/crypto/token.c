/* SPDX-License-Identifier: Apache-2.0 */
/* Making bearer tokens and the hashes that are stored of them. */
#include "crypto/token.h"

#include <sodium.h>

#include "base/id.h"

#include "crypto/crypto.h"
#include "crypto/digest.h"
#include "crypto/secret.h"

#define SECRET_BYTES 32
#define SECRET_CHARS 43 /* of base64url, without padding */
#define PREFIX_CHARS (sizeof(CRYPTO_TOKEN_PREFIX) - 1)

_Static_assert(
    PREFIX_CHARS + SECRET_CHARS == CRYPTO_TOKEN_CHARS, "the header states the length");
_Static_assert(CRYPTO_TOKEN_HASH_BYTES == CRYPTO_DIGEST_BYTES, "a hash is a digest");

void crypto_token_new(char out[CRYPTO_TOKEN_CHARS + 1])
{
    uint8_t secret[SECRET_BYTES];

    id_random(secret, sizeof(secret));
    memcpy(out, CRYPTO_TOKEN_PREFIX, PREFIX_CHARS);
    sodium_bin2base64(out + PREFIX_CHARS, SECRET_CHARS + 1, secret, sizeof(secret),
        sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    crypto_wipe(secret, sizeof(secret));
}

bool crypto_token_hash(struct str token, uint8_t out[CRYPTO_TOKEN_HASH_BYTES])
{
    static const char use[] =
        "belay bearer token"; /* not the digest of anything else */
    struct crypto_digest d;
    uint8_t secret[SECRET_BYTES];
    size_t len = 0;
    bool ok = false;

    if (token.len != CRYPTO_TOKEN_CHARS || !str_starts(token, CRYPTO_TOKEN_PREFIX) ||
        !crypto_secret_plain(token))
        return false;
    ok = sodium_base642bin(secret, sizeof(secret), token.p + PREFIX_CHARS, SECRET_CHARS,
             NULL, &len, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0 &&
         len == sizeof(secret);
    if (ok) {
        crypto_digest_init(&d);
        crypto_digest_add(&d, use, sizeof(use));
        crypto_digest_add(&d, secret, sizeof(secret));
        crypto_digest_final(&d, out);
    }
    crypto_wipe(secret, sizeof(secret));
    return ok;
}
