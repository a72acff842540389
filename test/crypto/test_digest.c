/* SPDX-License-Identifier: Apache-2.0 */
/* BLAKE2b-256: published vectors, pieces of any size, comparing and wiping. */
#include "base/text.h"

#include "crypto/crypto.h"
#include "crypto/digest.h"
#include "unit.h"

static void check(struct str in, const char *want)
{
    uint8_t out[CRYPTO_DIGEST_BYTES];
    char text[2 * CRYPTO_DIGEST_BYTES + 1];

    crypto_digest_once(out, in.p, in.len);
    hex_encode(out, sizeof(out), text);
    assert_string_equal(text, want);
}

static void published_vectors(void **state)
{
    char counting[256];

    (void)state;
    for (size_t i = 0; i < sizeof(counting); i++)
        counting[i] = (char)i;
    check((struct str){0},
        "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    check(
        STR("abc"), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    check(STR("The quick brown fox jumps over the lazy dog"),
        "01718cec35cd3d796dd00020e0bfecb473ad23457d063b75eff29c0ffa2e58a9");
    /* exactly one block, and two */
    check((struct str){counting, 128},
        "c3582f71ebb2be66fa5dd750f80baae97554f3b015663c8be377cfcb2488c1d1");
    check((struct str){counting, 256},
        "39a7eb9fedc19aabc83425c6755dd90e6f9d0c804964a1f4aaeea3b9fb599835");
}

static void pieces_make_the_whole(void **state)
{
    uint8_t data[5000];
    uint8_t whole[CRYPTO_DIGEST_BYTES];
    uint8_t pieces[CRYPTO_DIGEST_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (uint8_t)unit_random();
    for (int round = 0; round < 500; round++) {
        size_t len = (size_t)unit_between(0, sizeof(data));
        struct crypto_digest d;

        crypto_digest_once(whole, data, len);
        crypto_digest_init(&d);
        for (size_t at = 0; at < len;) {
            size_t n = (size_t)unit_between(0, 300);

            n = n < len - at ? n : len - at;
            crypto_digest_add(&d, data + at, n);
            at += n;
        }
        crypto_digest_final(&d, pieces);
        assert_memory_equal(whole, pieces, sizeof(whole));
    }
}

static void same_and_wipe(void **state)
{
    uint8_t a[32] = {1, 2, 3};
    uint8_t b[32] = {1, 2, 3};

    (void)state;
    assert_true(crypto_same(a, b, sizeof(a)));
    b[31] ^= 0x80;
    assert_false(crypto_same(a, b, sizeof(a)));
    assert_true(crypto_same(a, b, 31));
    assert_true(crypto_same(a, b, 0));
    crypto_wipe(a, sizeof(a));
    for (size_t i = 0; i < sizeof(a); i++)
        assert_int_equal(a[i], 0);
}

static void starts_twice(void **state)
{
    struct err err = {0};

    (void)state;
    assert_int_equal(crypto_init(&err), 0);
    assert_int_equal(crypto_init(&err), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_vectors),
        cmocka_unit_test(starts_twice),
        cmocka_unit_test(published_vectors), /* by the code chosen for this machine */
        cmocka_unit_test(pieces_make_the_whole),
        cmocka_unit_test(same_and_wipe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
