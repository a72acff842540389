/* SPDX-License-Identifier: Apache-2.0 */
/* Hexadecimal, base64 (vectors of RFC 4648, section 10) and percent-encoding. */
#include "base/text.h"

#include "unit.h"

static void hexadecimal(void **state)
{
    const uint8_t bytes[] = {0x00, 0x1f, 0xa0, 0xff};
    char text[9];
    uint8_t back[4];

    (void)state;
    hex_encode(bytes, sizeof(bytes), text);
    assert_string_equal(text, "001fa0ff");
    assert_true(hex_decode("001FA0ff", back, sizeof(back)));
    assert_memory_equal(back, bytes, sizeof(bytes));
    assert_false(hex_decode("001fA0fg", back, sizeof(back)));
    assert_false(hex_decode("0:", back, 1));
}

static void base64_vectors(void **state)
{
    static const struct {
        const char *plain;
        const char *padded;
    } vectors[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    struct buf b;
    uint8_t out[8];
    size_t len = 0;

    (void)state;
    buf_init(&b, 100);
    for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        size_t digits = strcspn(vectors[i].padded, "=");

        buf_clear(&b);
        base64url_encode(
            &b, (const uint8_t *)vectors[i].plain, strlen(vectors[i].plain));
        assert_int_equal(b.len, digits);
        assert_memory_equal(buf_cstr(&b), vectors[i].padded, digits);
        assert_true(base64_decode(str_of(vectors[i].padded), out, sizeof(out), &len));
        assert_int_equal(len, strlen(vectors[i].plain));
        assert_memory_equal(out, vectors[i].plain, len);
        assert_true(base64_decode(str_of(buf_cstr(&b)), out, len, &len));
        if (len > 0)
            assert_false(base64_decode(str_of(buf_cstr(&b)), out, len - 1, &len));
    }
    buf_done(&b);
}

static void base64_refuses(void **state)
{
    static const char *const bad[] = {"Z",
        "Zg=", "Zg===", "Zm8==", "Zm9v=", "Z g=", "====", "=", "Zm9vY", "Zm9*",
        "Zh==", "Zm9=", "Zg==Zg=="};
    uint8_t out[16];
    size_t len = 99;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(base64_decode(str_of(bad[i]), out, sizeof(out), &len));
    assert_int_equal(len, 99);
}

static void base64_round_trips(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 1000);
    for (int i = 0; i < 20000; i++) {
        uint8_t in[64];
        uint8_t out[64];
        size_t len = (size_t)unit_between(0, 64);
        size_t got = 0;

        for (size_t k = 0; k < len; k++)
            in[k] = (uint8_t)unit_random();
        buf_clear(&b);
        base64url_encode(&b, in, len);
        assert_true(base64_decode((struct str){b.data, b.len}, out, sizeof(out), &got));
        assert_int_equal(got, len);
        assert_memory_equal(in, out, len);
        for (size_t k = 0; k < b.len; k++) {
            if (strchr("+/=", b.data[k]))
                fail_msg("not base64url: %c", b.data[k]);
            /* the other alphabet must mean the same */
            b.data[k] = b.data[k] == '-' ? '+' : b.data[k] == '_' ? '/' : b.data[k];
        }
        assert_true(base64_decode((struct str){b.data, b.len}, out, sizeof(out), &got));
        assert_memory_equal(in, out, len);
    }
    buf_done(&b);
}

static void percent(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 1000);
    buf_adds(&b, "x");
    assert_true(percent_decode(&b, STR("a%20b+c%C3%a9%2B"), false));
    assert_string_equal(buf_cstr(&b), "xa b+c\xc3\xa9+");
    assert_true(percent_decode(&b, STR("+"), true));
    assert_string_equal(buf_cstr(&b), "xa b+c\xc3\xa9+ ");
    assert_false(percent_decode(&b, STR("ok%2"), false));
    assert_false(percent_decode(&b, STR("ok%"), false));
    assert_false(percent_decode(&b, STR("%zz"), false));
    assert_false(percent_decode(&b, STR("%00"), false));
    assert_false(percent_decode(&b, STR("%C3"), false));
    assert_false(percent_decode(&b, (struct str){"a\0b", 3}, false));
    assert_string_equal(buf_cstr(&b), "xa b+c\xc3\xa9+ ");
    buf_clear(&b);
    percent_encode(&b, STR("a-Z_0.~ &=+/|\xc3\xa9"));
    assert_string_equal(buf_cstr(&b), "a-Z_0.~%20%26%3D%2B%2F%7C%C3%A9");
    buf_done(&b);
}

static void percent_round_trips(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 10000);
    for (int i = 0; i < 5000; i++) {
        char in[40];
        size_t len = (size_t)unit_between(0, 40);
        size_t before = 0;

        for (size_t k = 0; k < len; k++)
            in[k] = (char)unit_between(1, 127);
        buf_clear(&b);
        percent_encode(&b, (struct str){in, len});
        before = b.len;
        /* the decoder's input must not move with its output */
        char *copy = malloc(before + 1);
        assert_non_null(copy);
        memcpy(copy, b.data ? b.data : "", before);
        assert_true(percent_decode(&b, (struct str){copy, before}, i % 2));
        assert_int_equal(b.len - before, len);
        if (len)
            assert_memory_equal(b.data + before, in, len);
        free(copy);
    }
    buf_done(&b);
}

static void cells_of_csv(void **state)
{
    static const char *const cells[][2] = {{"", ""}, {"a b", "a b"}, {"a,b", "\"a,b\""},
        {"say \"no\"", "\"say \"\"no\"\"\""}, {"a\nb", "\"a\nb\""},
        {"a\rb", "\"a\rb\""}, {"=1+1", "\"'=1+1\""}, {"+86", "\"'+86\""},
        {"@x", "\"'@x\""}, {"-", "\"'-\""}, {"-x", "\"'-x\""}, {"-2.5", "-2.5"}};
    struct buf b;

    (void)state;
    buf_init(&b, 100);
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        buf_clear(&b);
        csv_encode(&b, str_of(cells[i][0]));
        assert_string_equal(buf_cstr(&b), cells[i][1]);
    }
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hexadecimal),
        cmocka_unit_test(base64_vectors),
        cmocka_unit_test(base64_refuses),
        cmocka_unit_test(base64_round_trips),
        cmocka_unit_test(percent),
        cmocka_unit_test(percent_round_trips),
        cmocka_unit_test(cells_of_csv),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
