/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealed strings. Before base64url:
 *
 *   offset  size  meaning
 *   0       n     the payload, n <= LIMIT_SEAL_BYTES
 *   n       16    BLAKE2b of the payload under the key, 128 bits
 *
 * Hidden: the payload is XORed with XChaCha20 whose nonce is the tag and eight zero bytes.
 */
#include "crypto/seal.h"

#include <sodium.h>

#include "base/id.h"
#include "base/limits.h"

#include "crypto/crypto.h"

_Static_assert(CRYPTO_SEAL_TAG_BYTES == crypto_generichash_blake2b_BYTES_MIN &&
                   CRYPTO_SEAL_KEY_BYTES == crypto_generichash_blake2b_KEYBYTES,
    "sizes that libsodium takes");

void crypto_seal_key(uint8_t out[CRYPTO_SEAL_KEY_BYTES])
{
    id_random(out, CRYPTO_SEAL_KEY_BYTES);
}

static void make_tag(
    const uint8_t *key, const uint8_t *payload, size_t len, uint8_t *tag)
{
    crypto_generichash_blake2b(
        tag, CRYPTO_SEAL_TAG_BYTES, payload, len, key, CRYPTO_SEAL_KEY_BYTES);
}

/* Two keys, for the tag and for the stream, out of one. */
struct hiding {
    uint8_t tag[CRYPTO_SEAL_KEY_BYTES];
    uint8_t stream[crypto_stream_xchacha20_KEYBYTES];
};

static void hiding_make(const uint8_t *key, struct hiding *h)
{
    static const uint8_t tag[] = "seal tag";
    static const uint8_t stream[] = "seal stream";

    crypto_generichash_blake2b(
        h->tag, sizeof(h->tag), tag, sizeof(tag), key, CRYPTO_SEAL_KEY_BYTES);
    crypto_generichash_blake2b(h->stream, sizeof(h->stream), stream, sizeof(stream),
        key, CRYPTO_SEAL_KEY_BYTES);
}

/* Hide or show ${bytes} in place. */
static void hiding_apply(
    const struct hiding *h, const uint8_t *tag, uint8_t *bytes, size_t len)
{
    uint8_t nonce[crypto_stream_xchacha20_NONCEBYTES] = {0};

    memcpy(nonce, tag, CRYPTO_SEAL_TAG_BYTES);
    crypto_stream_xchacha20_xor(bytes, bytes, len, nonce, h->stream);
}

static int seal(const uint8_t *key, const struct hiding *hiding, struct str payload,
    struct buf *out, struct err *err)
{
    uint8_t raw[LIMIT_SEAL_BYTES + CRYPTO_SEAL_TAG_BYTES];

    if (payload.len > LIMIT_SEAL_BYTES)
        return err_set(err, E_TOO_LARGE, NULL,
            "The text to be sealed is over the limit of %d bytes.", LIMIT_SEAL_BYTES);
    if (payload.len > 0)
        memcpy(raw, payload.p, payload.len);
    make_tag(key, raw, payload.len, raw + payload.len);
    if (hiding)
        hiding_apply(hiding, raw + payload.len, raw, payload.len);
    base64url_encode(out, raw, payload.len + CRYPTO_SEAL_TAG_BYTES);
    return buf_error(out, "The sealed text", err);
}

int crypto_seal_sign(const uint8_t key[CRYPTO_SEAL_KEY_BYTES], struct str payload,
    struct buf *out, struct err *err)
{
    return seal(key, NULL, payload, out, err);
}

int crypto_seal_hide(const uint8_t key[CRYPTO_SEAL_KEY_BYTES], struct str payload,
    struct buf *out, struct err *err)
{
    struct hiding h;

    hiding_make(key, &h);
    return seal(h.tag, &h, payload, out, err);
}

/* base64_decode() reads other spellings too; ours has one. */
static bool in_our_alphabet(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] == '+' || s.p[i] == '/' || s.p[i] == '=')
            return false;
    }
    return true;
}

static int unseal(const uint8_t *key, const struct hiding *hiding, struct str sealed,
    struct buf *out, struct err *err)
{
    uint8_t raw[LIMIT_SEAL_BYTES + CRYPTO_SEAL_TAG_BYTES];
    uint8_t tag[CRYPTO_SEAL_TAG_BYTES];
    size_t len = 0;

    if (!in_our_alphabet(sealed) || !base64_decode(sealed, raw, sizeof(raw), &len) ||
        len < sizeof(tag))
        goto invalid;
    len -= sizeof(tag);
    if (hiding)
        hiding_apply(hiding, raw + len, raw, len);
    make_tag(key, raw, len, tag);
    if (!crypto_same(tag, raw + len, sizeof(tag)))
        goto invalid;
    buf_add(out, raw, len);
    return buf_error(out, "The unsealed text", err);
invalid:
    return err_set(err, E_INVALID, NULL,
        "The sealed text was not made by this server, or was changed on the way.");
}

int crypto_seal_open(const uint8_t key[CRYPTO_SEAL_KEY_BYTES], struct str sealed,
    struct buf *out, struct err *err)
{
    return unseal(key, NULL, sealed, out, err);
}

int crypto_seal_show(const uint8_t key[CRYPTO_SEAL_KEY_BYTES], struct str sealed,
    struct buf *out, struct err *err)
{
    struct hiding h;

    hiding_make(key, &h);
    return unseal(h.tag, &h, sealed, out, err);
}
