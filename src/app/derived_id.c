/* SPDX-License-Identifier: Apache-2.0 */
#include "app/derived_id.h"

void derived_id(const struct str *parts, size_t count, char ret[DERIVED_ID_CHARS + 1])
{
    uint8_t bytes[CRYPTO_DIGEST_BYTES];
    struct crypto_digest digest;

    crypto_digest_init(&digest);
    for (size_t i = 0; i < count; i++) {
        crypto_digest_add(&digest, parts[i].p, parts[i].len);
        crypto_digest_add(&digest, "/", 1);
    }
    crypto_digest_final(&digest, bytes);
    hex_encode(bytes, sizeof(bytes), ret);
}
