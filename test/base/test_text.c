/* SPDX-License-Identifier: Apache-2.0 */
/* Slices, UTF-8 against a decoder written the long way, whole numbers. */
#include "base/text.h"

#include "unit.h"

static void slices(void **state)
{
    struct str rest = STR("a,b,,c");

    (void)state;
    assert_true(str_cmp(STR("a"), STR("b")) < 0);
    assert_true(str_cmp(STR("ab"), STR("a")) > 0);
    assert_true(str_cmp(STR("\x80"), STR("a")) > 0);
    assert_true(str_cmp((struct str){0}, STR("")) == 0);
    assert_true(str_starts(STR("Patient/1"), "Patient/"));
    assert_false(str_starts(STR("Pat"), "Patient"));
    assert_true(str_ends(STR("x.gz"), ".gz"));
    assert_false(str_ends(STR("gz"), ".gz"));
    assert_true(str_is(str_cut(&rest, ','), "a"));
    assert_true(str_is(str_cut(&rest, ','), "b"));
    assert_true(str_is(str_cut(&rest, ','), ""));
    assert_non_null(rest.p);
    assert_true(str_is(str_cut(&rest, ','), "c"));
    assert_null(rest.p);
    assert_int_equal(str_cut(&rest, ',').len, 0);
    rest = STR("a,");
    assert_true(str_is(str_cut(&rest, ','), "a"));
    assert_non_null(rest.p);
    assert_int_equal(rest.len, 0);
}

/* The same question, answered by decoding each character and looking at its value. */
static bool valid_the_long_way(const unsigned char *s, size_t len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};

    for (size_t i = 0; i < len;) {
        size_t n = s[i] < 0x80             ? 1
                   : (s[i] & 0xE0) == 0xC0 ? 2
                   : (s[i] & 0xF0) == 0xE0 ? 3
                   : (s[i] & 0xF8) == 0xF0 ? 4
                                           : 0;
        uint32_t c = n == 1 ? s[i] : s[i] & (0xFFu >> (n + 1));

        if (n == 0 || n > len - i)
            return false;
        for (size_t k = 1; k < n; k++) {
            if ((s[i + k] & 0xC0) != 0x80)
                return false;
            c = c << 6 | (s[i + k] & 0x3Fu);
        }
        if (c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
            return false;
        i += n;
    }
    return true;
}

static void utf8_of_three_bytes_is_told_right(void **state)
{
    (void)state;
    for (uint32_t v = 0; v < 1u << 24; v++) {
        unsigned char s[3] = {
            (unsigned char)(v >> 16), (unsigned char)(v >> 8), (unsigned char)v};

        /* cmocka's assertions are slow; millions of them are a plain if */
        if (utf8_valid((char *)s, 3) != valid_the_long_way(s, 3))
            fail_msg("%02x %02x %02x", s[0], s[1], s[2]);
    }
}

static void random_utf8_is_told_right(void **state)
{
    static const unsigned char edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F,
        0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0xFF};
    unsigned valid = 0;

    (void)state;
    for (int i = 0; i < 3000000; i++) {
        unsigned char s[12];
        size_t len = (size_t)unit_between(0, 12);
        size_t at = len > 4 && i % 2 ? len - 4 : 0;

        memset(s, 'a', sizeof(s));
        for (; at < len; at++)
            s[at] = edges[unit_random() % sizeof(edges)];
        valid += valid_the_long_way(s, len);
        if (utf8_valid((char *)s, len) != valid_the_long_way(s, len))
            fail_msg("case %d", i);
    }
    assert_true(valid > 10000);
}

static void random_bytes_become_one_line_of_utf8(void **state)
{
    (void)state;
    for (int i = 0; i < 300000; i++) {
        char s[16];
        char cut[16];
        size_t len = (size_t)unit_between(0, 15);

        for (size_t at = 0; at < len; at++)
            s[at] = (char)(unit_random() % 255 + 1);
        s[len] = '\0';
        memcpy(cut, s, sizeof(cut));
        text_one_line(s, sizeof(s));
        assert_true(utf8_valid(s, strlen(s)));
        assert_true(strlen(s) + 5 > len && (len == 15 || strlen(s) == len));
        for (size_t at = 0; s[at]; at++)
            assert_true((unsigned char)s[at] >= 0x20 && s[at] != 0x7f);
        if (utf8_valid(cut, len))
            assert_int_equal(strlen(s), len); /* a whole last character stays */
    }
}

static void a_beginning_ends_between_characters(void **state)
{
    static const char text[] =
        "a\xc3\xa9\xe3\x9c\x9a\xf0\x9f\x8f\xa5z"; /* 1, 2, 3, 4, 1 */
    static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};

    (void)state;
    for (size_t max = 0; max < sizeof(expected) / sizeof(expected[0]); max++)
        assert_int_equal(utf8_cut(str_of(text), max).len, expected[max]);
}

static void whole_numbers(void **state)
{
    int64_t v = 5;

    (void)state;
    assert_true(text_int(STR("0"), 0, 10, &v));
    assert_int_equal(v, 0);
    assert_true(text_int(STR("-12"), -20, 10, &v));
    assert_int_equal(v, -12);
    assert_true(text_int(STR("9223372036854775807"), INT64_MIN, INT64_MAX, &v));
    assert_true(v == INT64_MAX);
    assert_true(text_int(STR("-9223372036854775808"), INT64_MIN, INT64_MAX, &v));
    assert_true(v == INT64_MIN);
    v = 5;
    assert_false(text_int(STR("9223372036854775808"), INT64_MIN, INT64_MAX, &v));
    assert_false(text_int(STR("-9223372036854775809"), INT64_MIN, INT64_MAX, &v));
    assert_false(text_int(STR("11"), 0, 10, &v));
    assert_false(text_int(STR("-1"), 0, 10, &v));
    assert_false(text_int(STR(""), 0, 10, &v));
    assert_false(text_int(STR("-"), -10, 10, &v));
    assert_false(text_int(STR("+1"), 0, 10, &v));
    assert_false(text_int(STR(" 1"), 0, 10, &v));
    assert_false(text_int(STR("1x"), 0, 10, &v));
    assert_false(text_int((struct str){0}, 0, 10, &v));
    assert_int_equal(v, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices),
        cmocka_unit_test(utf8_of_three_bytes_is_told_right),
        cmocka_unit_test(random_utf8_is_told_right),
        cmocka_unit_test(random_bytes_become_one_line_of_utf8),
        cmocka_unit_test(a_beginning_ends_between_characters),
        cmocka_unit_test(whole_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
