/* SPDX-License-Identifier: Apache-2.0 */
/* Keys of a provider for tests: made, shown as JWK, signed with. */
#ifndef TEST_JOSE_H
#define TEST_JOSE_H

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"

#include "unit.h"

enum jose_kind { JOSE_RSA, JOSE_EC, JOSE_EC_OTHER };

static gnutls_privkey_t jose_make(enum jose_kind kind)
{
    gnutls_privkey_t key = NULL;
    unsigned curve =
        kind == JOSE_EC ? GNUTLS_ECC_CURVE_SECP256R1 : GNUTLS_ECC_CURVE_SECP384R1;

    assert_int_equal(gnutls_privkey_init(&key), 0);
    if (kind == JOSE_RSA)
        assert_int_equal(gnutls_privkey_generate(key, GNUTLS_PK_RSA, 2048, 0), 0);
    else
        assert_int_equal(gnutls_privkey_generate(
                             key, GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS(curve), 0),
            0);
    return key;
}

/* A number without the zero in front that the library may give. */
static void jose_number(struct buf *b, const char *name, gnutls_datum_t n, size_t size)
{
    uint8_t bytes[1024] = {0};
    size_t skip = 0;

    while (skip < n.size && n.data[skip] == 0)
        skip++;
    if (size == 0)
        size = n.size - skip;
    assert_true(size <= sizeof(bytes) && n.size - skip <= size);
    memcpy(bytes + size - (n.size - skip), n.data + skip, n.size - skip);
    buf_addf(b, ",\"%s\":\"", name);
    base64url_encode(b, bytes, size);
    buf_addc(b, '"');
    gnutls_free(n.data);
}

/* Append the public half as a JWK with the further members ${more}. */
static void jose_show(
    struct buf *b, gnutls_privkey_t key, enum jose_kind kind, const char *more)
{
    gnutls_datum_t one = {NULL, 0};
    gnutls_datum_t two = {NULL, 0};
    gnutls_pubkey_t public = NULL;
    gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;
    size_t size = kind == JOSE_EC ? 32 : 48;

    assert_int_equal(gnutls_pubkey_init(&public), 0);
    assert_int_equal(gnutls_pubkey_import_privkey(public, key, 0, 0), 0);
    buf_addf(b, "{\"kty\":\"%s\"%s", kind == JOSE_RSA ? "RSA" : "EC", more);
    if (kind == JOSE_RSA) {
        assert_int_equal(gnutls_pubkey_export_rsa_raw(public, &one, &two), 0);
        jose_number(b, "n", one, 0);
        jose_number(b, "e", two, 0);
    } else {
        assert_int_equal(gnutls_pubkey_export_ecc_raw(public, &curve, &one, &two), 0);
        buf_addf(b, ",\"crv\":\"%s\"", kind == JOSE_EC ? "P-256" : "P-384");
        jose_number(b, "x", one, size);
        jose_number(b, "y", two, size);
    }
    buf_addc(b, '}');
    gnutls_pubkey_deinit(public);
}

/* Append the signature of ${text} as base64url. */
static void jose_sign(
    struct buf *b, gnutls_privkey_t key, const char *alg, struct str text)
{
    gnutls_datum_t data = {(unsigned char *)(uintptr_t)text.p, (unsigned)text.len};
    gnutls_datum_t made = {NULL, 0};
    gnutls_datum_t r = {NULL, 0};
    gnutls_datum_t s = {NULL, 0};
    uint8_t sides[2][48] = {{0}};
    size_t size = strcmp(alg, "ES384") == 0 ? 48 : 32;
    gnutls_sign_algorithm_t how =
        strcmp(alg, "RS256") == 0   ? GNUTLS_SIGN_RSA_SHA256
        : strcmp(alg, "PS256") == 0 ? GNUTLS_SIGN_RSA_PSS_SHA256
        : strcmp(alg, "RS512") == 0 ? GNUTLS_SIGN_RSA_SHA512
        : strcmp(alg, "ES384") == 0 ? GNUTLS_SIGN_ECDSA_SHA384
                                    : GNUTLS_SIGN_ECDSA_SHA256;

    assert_int_equal(gnutls_privkey_sign_data2(key, how, 0, &data, &made), 0);
    if (alg[0] != 'E') {
        base64url_encode(b, made.data, made.size);
        gnutls_free(made.data);
        return;
    }
    assert_int_equal(gnutls_decode_rs_value(&made, &r, &s), 0);
    for (int i = 0; i < 2; i++) {
        gnutls_datum_t n = i ? s : r;
        size_t skip = n.size > size ? n.size - size : 0;

        memcpy(sides[0] + (size_t)i * size + size - (n.size - skip), n.data + skip,
            n.size - skip);
    }
    base64url_encode(b, sides[0], 2 * size);
    gnutls_free(made.data);
    gnutls_free(r.data);
    gnutls_free(s.data);
}

#endif
