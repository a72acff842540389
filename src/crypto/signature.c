/* SPDX-License-Identifier: Apache-2.0 */
/* Signatures of others, checked by GnuTLS. */
#include "crypto/signature.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

#include "base/arena.h"
#include "base/limits.h"

#define RSA_BITS_LEAST 2048

struct crypto_public {
    gnutls_pubkey_t key;
    enum crypto_key_kind kind;
    const char *curve;
    size_t coordinate; /* bytes of x, y, r and s */
};

static const struct crypto_signing known[] = {
    {"RS256", NULL, CRYPTO_KEY_RSA, GNUTLS_SIGN_RSA_SHA256, GNUTLS_DIG_SHA256},
    {"RS384", NULL, CRYPTO_KEY_RSA, GNUTLS_SIGN_RSA_SHA384, GNUTLS_DIG_SHA384},
    {"RS512", NULL, CRYPTO_KEY_RSA, GNUTLS_SIGN_RSA_SHA512, GNUTLS_DIG_SHA512},
    {"PS256", NULL, CRYPTO_KEY_RSA, GNUTLS_SIGN_RSA_PSS_SHA256, GNUTLS_DIG_SHA256},
    {"PS384", NULL, CRYPTO_KEY_RSA, GNUTLS_SIGN_RSA_PSS_SHA384, GNUTLS_DIG_SHA384},
    {"PS512", NULL, CRYPTO_KEY_RSA, GNUTLS_SIGN_RSA_PSS_SHA512, GNUTLS_DIG_SHA512},
    {"ES256", "P-256", CRYPTO_KEY_EC, GNUTLS_SIGN_ECDSA_SHA256, GNUTLS_DIG_SHA256},
    {"ES384", "P-384", CRYPTO_KEY_EC, GNUTLS_SIGN_ECDSA_SHA384, GNUTLS_DIG_SHA384},
    {"ES512", "P-521", CRYPTO_KEY_EC, GNUTLS_SIGN_ECDSA_SHA512, GNUTLS_DIG_SHA512},
};

static const struct {
    const char *name;
    gnutls_ecc_curve_t curve;
    size_t coordinate;
} curves[] = {
    {"P-256", GNUTLS_ECC_CURVE_SECP256R1, 32},
    {"P-384", GNUTLS_ECC_CURVE_SECP384R1, 48},
    {"P-521", GNUTLS_ECC_CURVE_SECP521R1, 66},
};

const struct crypto_signing *crypto_signing_named(struct str name)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (str_is(name, known[i].name))
            return &known[i];
    }
    return NULL;
}

/* GnuTLS takes pointers without const and does not write through them. */
static gnutls_datum_t datum(struct str s)
{
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)s.p, (unsigned)s.len};
}

/* ---- keys ---- */

static int key_new(struct crypto_public **ret, struct err *err)
{
    struct crypto_public *key = base_malloc(sizeof(*key));

    if (!key)
        return err_nomem(err);
    *key = (struct crypto_public){0};
    if (gnutls_pubkey_init(&key->key) < 0) {
        base_free(key);
        return err_nomem(err);
    }
    *ret = key;
    return 0;
}

static int no_key(struct crypto_public *key, struct err *err)
{
    crypto_public_free(key);
    return err_set(err, E_INVALID, NULL, "This is no public key that can be used.");
}

int crypto_public_rsa(struct str modulus, struct str exponent,
    struct crypto_public **ret, struct err *err)
{
    gnutls_datum_t n = datum(modulus);
    gnutls_datum_t e = datum(exponent);
    struct crypto_public *key = NULL;
    unsigned bits = 0;
    int r = 0;

    /* looked at before the library does: what is too large costs time */
    if (modulus.len > LIMIT_RSA_BITS / 8 + 1 || exponent.len > 8 || exponent.len == 0)
        return no_key(NULL, err);
    r = key_new(&key, err);
    if (r < 0)
        return r;
    key->kind = CRYPTO_KEY_RSA;
    if (gnutls_pubkey_import_rsa_raw(key->key, &n, &e) < 0 ||
        gnutls_pubkey_get_pk_algorithm(key->key, &bits) != GNUTLS_PK_RSA ||
        bits < RSA_BITS_LEAST || bits > LIMIT_RSA_BITS)
        return no_key(key, err);
    *ret = key;
    return 0;
}

int crypto_public_ec(struct str curve, struct str x, struct str y,
    struct crypto_public **ret, struct err *err)
{
    gnutls_datum_t dx = datum(x);
    gnutls_datum_t dy = datum(y);
    struct crypto_public *key = NULL;
    size_t i = 0;
    int r = 0;

    while (i < sizeof(curves) / sizeof(curves[0]) && !str_is(curve, curves[i].name))
        i++;
    if (i == sizeof(curves) / sizeof(curves[0]) || x.len != curves[i].coordinate ||
        y.len != curves[i].coordinate)
        return no_key(NULL, err);
    r = key_new(&key, err);
    if (r < 0)
        return r;
    key->kind = CRYPTO_KEY_EC;
    key->curve = curves[i].name;
    key->coordinate = curves[i].coordinate;
    if (gnutls_pubkey_import_ecc_raw(key->key, curves[i].curve, &dx, &dy) < 0)
        return no_key(key, err);
    *ret = key;
    return 0;
}

void crypto_public_free(struct crypto_public *key)
{
    if (!key)
        return;
    gnutls_pubkey_deinit(key->key);
    base_free(key);
}

/* ---- signatures ---- */

static bool verifies(const struct crypto_public *key, const struct crypto_signing *how,
    struct str text, gnutls_datum_t signature)
{
    gnutls_datum_t data = datum(text);

    return gnutls_pubkey_verify_data2(key->key, (gnutls_sign_algorithm_t)how->sign_, 0,
               &data, &signature) >= 0;
}

/* RFC 7518 has the two numbers of an EC signature side by side, the library wants DER. */
static bool verifies_ec(const struct crypto_public *key,
    const struct crypto_signing *how, struct str text, struct str signature)
{
    gnutls_datum_t r = datum((struct str){signature.p, key->coordinate});
    gnutls_datum_t s =
        datum((struct str){signature.p + key->coordinate, key->coordinate});
    gnutls_datum_t der = {NULL, 0};
    bool same = false;

    if (gnutls_encode_rs_value(&der, &r, &s) < 0)
        return false;
    same = verifies(key, how, text, der);
    gnutls_free(der.data);
    return same;
}

bool crypto_public_verifies(const struct crypto_public *key,
    const struct crypto_signing *how, struct str text, struct str signature)
{
    if (key->kind != how->kind || signature.len == 0)
        return false;
    if (key->kind == CRYPTO_KEY_RSA)
        return verifies(key, how, text, datum(signature));
    return str_is(str_of(key->curve), how->curve) &&
           signature.len == 2 * key->coordinate &&
           verifies_ec(key, how, text, signature);
}

/* ---- hashes ---- */

size_t crypto_signing_hash(
    const struct crypto_signing *how, struct str text, uint8_t out[CRYPTO_HASH_MAX])
{
    gnutls_digest_algorithm_t digest = (gnutls_digest_algorithm_t)how->digest_;

    return gnutls_hash_fast(digest, text.p, text.len, out) < 0
               ? 0
               : gnutls_hash_get_len(digest);
}

int crypto_sha256(struct str text, uint8_t out[CRYPTO_SHA256_BYTES], struct err *err)
{
    if (gnutls_hash_fast(GNUTLS_DIG_SHA256, text.p, text.len, out) < 0)
        return err_set(err, E_BUG, NULL, "A cryptographic library cannot hash.");
    return 0;
}

int crypto_mac(
    struct str key, struct str text, uint8_t out[CRYPTO_MAC_BYTES], struct err *err)
{
    int code =
        gnutls_hmac_fast(GNUTLS_MAC_SHA256, key.p, key.len, text.p, text.len, out);

    return code == 0 ? 0
                     : err_set(err, E_BUG, NULL, "HMAC-SHA256 failed: %s.",
                           gnutls_strerror(code));
}
