/* SPDX-License-Identifier: Apache-2.0 */
/* Folding names of many scripts: what a person types finds what another wrote. */
#include "fhir/value.h"
#include "unit.h"

static struct buf folded;

static const char *fold(struct str text)
{
    buf_clear(&folded);
    fhir_fold(&folded, text);
    return buf_cstr(&folded);
}

static int set_up(void **state)
{
    (void)state;
    buf_init(&folded, 1u << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_done(&folded);
    return 0;
}

static void alike(void **state)
{
    static const char *const rows[][2] = {
        {"", ""}, {"Smith", "smith"}, {"  van\t\n der   Berg ", "van der berg"},
        {"\xc2\xa0O\xe2\x80\x89Neill\xe3\x80\x80", "o neill"},
        {"O'Neill-Jones", "o'neill-jones"}, {"Müller", "muller"},
        {"mu\xcc\x88ller", "muller"}, {"Straße", "strasse"}, {"STRASSE", "strasse"},
        {"\xe1\xba\x9e", "ss"}, {"Ærø", "æro"}, {"Łódź", "lodz"}, {"Đorđe", "dorde"},
        {"Nguyễn Văn Đức", "nguyen van duc"},
        {"Đặng Thị Ngọc Ánh", "dang thi ngoc anh"}, {"İstanbul", "istanbul"},
        {"ISPARTA", "isparta"}, {"ısparta", "isparta"}, {"Σίσυφος", "σισυφοσ"},
        {"ΣΊΣΥΦΟΣ", "σισυφοσ"}, {"Ελλάδα", "ελλαδα"}, {"ЁЛКА", "елка"},
        {"Йошкар-Ола", "иошкар-ола"}, {"Київ", "киів"}, {"ＡＢＣ１２", "abc12"},
        {"ﬁnd", "find"}, {"①", "1"}, {"北京", "北京"}, {"王  小明", "王 小明"},
        {"\xef\xa4\x80", "\xe8\xb1\x88"}, /* a compatibility ideograph and its own */
        {"한국",
            "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab\xe1\x84\x80\xe1\x85\xae\xe1\x86\xa8"},
        {"a\xc2\xad"
         "b\xe2\x80\x8b"
         "c",
            "abc"}, /* soft hyphen, zero width space */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *got = fold(str_of(rows[i][0]));

        if (strcmp(got, rows[i][1]) != 0)
            fail_msg("%s became %s, not %s", rows[i][0], got, rows[i][1]);
    }
}

/* Vowels of Tibetan and Indic scripts are letters to their readers. */
static void vowels_stay(void **state)
{
    static const char *const pairs[][2] = {
        {"བོད", "བད"},
        {"བཀྲ་ཤིས", "བཀྲ་ཤས"},
        {"ལྷ་ས", "ལྷ་སི"},
        {"किरण", "करण"},
        {"นภา", "นภ"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        char first[256];

        snprintf(first, sizeof(first), "%s", fold(str_of(pairs[i][0])));
        assert_string_equal(first, pairs[i][0]);
        assert_string_not_equal(first, fold(str_of(pairs[i][1])));
    }
}

/* A name written with and without combined characters, in Tibetan too. */
static void order_of_marks_does_not_matter(void **state)
{
    char first[64];

    (void)state;
    /* the vowels i and u below one letter, either first */
    snprintf(
        first, sizeof(first), "%s", fold(STR("\xe0\xbd\x80\xe0\xbd\xb2\xe0\xbd\xb4")));
    assert_string_equal(first, fold(STR("\xe0\xbd\x80\xe0\xbd\xb4\xe0\xbd\xb2")));
    /* U+0F43 and its two parts */
    snprintf(first, sizeof(first), "%s", fold(STR("\xe0\xbd\x83")));
    assert_string_equal(first, fold(STR("\xe0\xbd\x82\xe0\xbe\xb7")));
}

static void not_utf8_gives_nothing(void **state)
{
    static const char *const texts[] = {
        "\x80", "abc\xff", "\xc0\xaf", "\xed\xa0\x80", "a\xe2\x82"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_string_equal(fold(str_of(texts[i])), "");
    assert_int_equal(folded.error, 0);
}

static size_t encode(unsigned c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

/* For each character there is: valid UTF-8 comes out, and folding again changes nothing. */
static void folding_twice_is_folding_once(void **state)
{
    char text[8], once[256];

    (void)state;
    for (unsigned c = 1; c <= 0x10ffff; c++) {
        size_t len, n;

        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        text[0] = 'x';
        len = 1 + encode(c, text + 1);
        text[len++] = 'y';
        fold((struct str){text, len});
        n = folded.len;
        assert_true(n >= 2 && n < sizeof(once));
        memcpy(once, folded.data, n);
        assert_true(utf8_valid(once, n));
        fold((struct str){once, n});
        if (folded.len != n || memcmp(folded.data, once, n) != 0)
            fail_msg("U+%04X folds further when folded again", c);
    }
}

/* Longer than what is folded on the stack, and a ceiling. */
static void long_texts(void **state)
{
    struct buf in, small;

    (void)state;
    buf_init(&in, 1u << 20);
    for (int i = 0; i < 5000; i++)
        buf_adds(&in, "É ");
    fold((struct str){in.data, in.len});
    assert_int_equal(folded.len, 5000 * 2 - 1);
    for (size_t i = 0; i < folded.len; i++)
        assert_int_equal(folded.data[i], i % 2 ? ' ' : 'e');
    buf_init(&small, 100);
    fhir_fold(&small, (struct str){in.data, in.len});
    assert_int_equal(small.error, E_TOO_LARGE);
    buf_done(&small);
    buf_done(&in);
}

static int fold_once(void *arg)
{
    struct buf b;
    int r;

    buf_init(&b, 1u << 20);
    fhir_fold(&b, *(struct str *)arg);
    r = b.error;
    buf_done(&b);
    return r;
}

static void memory_may_fail_anywhere(void **state)
{
    struct buf in;
    struct str text;

    (void)state;
    buf_init(&in, 1u << 20);
    for (int i = 0; i < 1000; i++)
        buf_adds(&in, "é");
    text = (struct str){in.data, in.len};
    assert_true(unit_fault_loop(fold_once, &text) > 1);
    text = STR("plain");
    assert_true(unit_fault_loop(fold_once, &text) == 1);
    buf_done(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(alike, set_up, tear_down),
        cmocka_unit_test_setup_teardown(vowels_stay, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            order_of_marks_does_not_matter, set_up, tear_down),
        cmocka_unit_test_setup_teardown(not_utf8_gives_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            folding_twice_is_folding_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(long_texts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_fail_anywhere, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
