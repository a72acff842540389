/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed strings: a value worked out elsewhere, round trips, every change refused. */
#include "base/limits.h"

#include "crypto/seal.h"
#include "unit.h"

static uint8_t key[CRYPTO_SEAL_KEY_BYTES];

static int count_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(key); i++)
        key[i] = (uint8_t)i;
    return 0;
}

static void values(void **state)
{
    struct buf b;
    struct err err = {0};

    (void)state;
    buf_init(&b, 1000);
    assert_int_equal(crypto_seal_sign(key, STR("after=0190a6f0&page=3"), &b, &err), 0);
    /* worked out with another program */
    assert_string_equal(
        buf_cstr(&b), "YWZ0ZXI9MDE5MGE2ZjAmcGFnZT0zq0MqBVSFCzg5TcSQaTGc2g");
    buf_done(&b);
}

static void round_trips(void **state)
{
    struct buf sealed;
    struct buf opened;
    struct err err = {0};

    (void)state;
    buf_init(&sealed, 2 * LIMIT_SEAL_BYTES);
    buf_init(&opened, 2 * LIMIT_SEAL_BYTES);
    for (int i = 0; i < 2000; i++) {
        char payload[200];
        size_t len = (size_t)unit_between(0, sizeof(payload));

        for (size_t k = 0; k < len; k++)
            payload[k] = (char)unit_random();
        buf_clear(&sealed);
        buf_clear(&opened);
        assert_int_equal(
            crypto_seal_sign(key, (struct str){payload, len}, &sealed, &err), 0);
        assert_int_equal(
            crypto_seal_open(key, (struct str){sealed.data, sealed.len}, &opened, &err),
            0);
        assert_int_equal(opened.len, len);
        if (len > 0)
            assert_memory_equal(opened.data, payload, len);
    }
    buf_done(&sealed);
    buf_done(&opened);
}

static void hidden_ones_show_nothing(void **state)
{
    struct buf sealed;
    struct buf opened;
    struct err err = {0};

    (void)state;
    buf_init(&sealed, 2 * LIMIT_SEAL_BYTES);
    buf_init(&opened, 2 * LIMIT_SEAL_BYTES);
    for (size_t len = 0; len < 200; len++) {
        char payload[200] = {0};
        struct str p = {payload, len};
        uint8_t raw[300];
        size_t n = 0;

        buf_clear(&sealed);
        buf_clear(&opened);
        assert_int_equal(crypto_seal_hide(key, p, &sealed, &err), 0);
        assert_true(
            base64_decode((struct str){sealed.data, sealed.len}, raw, sizeof(raw), &n));
        assert_int_equal(n, len + CRYPTO_SEAL_TAG_BYTES);
        if (len >= 16)
            assert_memory_not_equal(raw, payload, len);
        assert_int_equal(
            crypto_seal_show(key, (struct str){sealed.data, sealed.len}, &opened, &err),
            0);
        assert_int_equal(opened.len, len);
        if (len > 0)
            assert_memory_equal(opened.data, payload, len);
        /* one kind is not taken for the other */
        assert_int_equal(
            crypto_seal_open(key, (struct str){sealed.data, sealed.len}, &opened, &err),
            E_INVALID);
        sealed.data[0] = sealed.data[0] == 'A' ? 'B' : 'A';
        assert_int_equal(
            crypto_seal_show(key, (struct str){sealed.data, sealed.len}, &opened, &err),
            E_INVALID);
    }
    buf_done(&sealed);
    buf_done(&opened);
}

static void every_change_is_refused(void **state)
{
    struct buf sealed;
    struct buf opened;
    struct err err = {0};
    uint8_t other[CRYPTO_SEAL_KEY_BYTES];

    (void)state;
    buf_init(&sealed, 1000);
    buf_init(&opened, 1000);
    assert_int_equal(crypto_seal_sign(key, STR("page=3"), &sealed, &err), 0);
    for (size_t i = 0; i < sealed.len; i++) {
        for (int c = 1; c < 128; c++) {
            char before = sealed.data[i];

            if (c == before)
                continue;
            sealed.data[i] = (char)c;
            if (crypto_seal_open(key, (struct str){sealed.data, sealed.len}, &opened,
                    &err) != E_INVALID)
                fail_msg("%c for %c at %zu was taken", c, before, i);
            sealed.data[i] = before;
        }
        assert_int_equal(
            crypto_seal_open(key, (struct str){sealed.data, i}, &opened, &err),
            E_INVALID);
    }
    crypto_seal_key(other);
    assert_int_equal(
        crypto_seal_open(other, (struct str){sealed.data, sealed.len}, &opened, &err),
        E_INVALID);
    assert_int_equal(crypto_seal_open(key, (struct str){0}, &opened, &err), E_INVALID);
    assert_int_equal(opened.len, 0);
    assert_int_equal(opened.error, 0);
    buf_done(&sealed);
    buf_done(&opened);
}

static void the_limit_holds(void **state)
{
    static char payload[LIMIT_SEAL_BYTES + 1];
    struct buf sealed;
    struct buf opened;
    struct err err = {0};

    (void)state;
    buf_init(&sealed, 2 * LIMIT_SEAL_BYTES);
    buf_init(&opened, 2 * LIMIT_SEAL_BYTES);
    assert_int_equal(
        crypto_seal_sign(key, (struct str){payload, sizeof(payload)}, &sealed, &err),
        E_TOO_LARGE);
    assert_int_equal(sealed.len, 0);
    assert_int_equal(
        crypto_seal_sign(key, (struct str){payload, LIMIT_SEAL_BYTES}, &sealed, &err),
        0);
    assert_int_equal(
        crypto_seal_open(key, (struct str){sealed.data, sealed.len}, &opened, &err), 0);
    assert_int_equal(opened.len, LIMIT_SEAL_BYTES);
    buf_addc(&sealed, 'A');
    buf_addc(&sealed, 'A');
    assert_int_equal(
        crypto_seal_open(key, (struct str){sealed.data, sealed.len}, &opened, &err),
        E_INVALID);
    buf_done(&sealed);
    buf_done(&opened);
}

static int seal_and_open(void *arg)
{
    struct buf sealed;
    struct buf opened;
    struct err err = {0};
    int r = 0;

    (void)arg;
    buf_init(&sealed, 1000);
    buf_init(&opened, 1000);
    r = crypto_seal_sign(key, STR("page=3"), &sealed, &err);
    if (r == 0)
        r = crypto_seal_open(key, (struct str){sealed.data, sealed.len}, &opened, &err);
    buf_done(&sealed);
    buf_done(&opened);
    return r;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_int_equal(unit_fault_loop(seal_and_open, NULL), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(round_trips),
        cmocka_unit_test(hidden_ones_show_nothing),
        cmocka_unit_test(every_change_is_refused),
        cmocka_unit_test(the_limit_holds),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, count_key, NULL);
}
