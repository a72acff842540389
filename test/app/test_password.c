/* SPDX-License-Identifier: Apache-2.0 */
/* Which passwords are taken, and the word for why not. */
#include "base/limits.h"

#include "app/password.h"
#include "unit.h"

static const char *const owner[] = {"Pema Yangchen", "pema.yangchen"};

/* "" or the rule that is broken. */
static const char *broken(const char *password, bool alone)
{
    static char rule[ERR_PATH_MAX];
    const struct str names[] = {str_of(owner[0]), str_of(owner[1])};
    struct password_rules rules = {.alone = alone, .names = names, .name_count = 2};
    struct err err = {0};
    struct buf normal;

    buf_init(&normal, 4 * LIMIT_PASSWORD_BYTES);
    rule[0] = '\0';
    if (password_normal(str_of(password), &normal, &err) < 0 ||
        password_check((struct str){normal.data, normal.len}, &rules, &err) < 0) {
        assert_int_equal(err.code, E_INVALID);
        assert_true(strlen(err.text) > 20);
        snprintf(rule, sizeof(rule), "%s", err.path);
    }
    buf_done(&normal);
    return rule;
}

static void lengths(void **state)
{
    char longest[LIMIT_PASSWORD_BYTES + 2];

    (void)state;
    assert_string_equal(broken("yakbone", false), "password-short");
    assert_string_equal(broken("yak bone", false), "");
    assert_string_equal(broken("yak bone fl", true), "password-short");
    assert_string_equal(broken("yak bone flu", true), "");
    assert_string_equal(broken("", true), "password-short");
    for (size_t i = 0; i < sizeof(longest); i++)
        longest[i] = "thequickbrownfoxjumps"[i * 5 % 21];
    longest[LIMIT_PASSWORD_BYTES + 1] = '\0';
    assert_string_equal(broken(longest, true), "password-long");
    longest[LIMIT_PASSWORD_BYTES] = '\0';
    assert_string_equal(broken(longest, true), "");
    /* eight characters of three bytes each, and one too few */
    assert_string_equal(broken("牦牛骨头风雪夜归", false), "");
    assert_string_equal(broken("牦牛骨头风雪夜", false), "password-short");
}

static void common(void **state)
{
    static const char *const refused[] = {"password1234", "P4ssw0rd!2026",
        "Welcome2026!!", "qwertyuiop123", "aaaaaaaaaaaaaa", "abababababababab",
        "abcdefghijklm", "1234567890123", "0987654321098", "Lhasa2026Hospital",
        "belay-belay-belay", "adminadmin12", "123412341234", "!!!!!!!!!!!!",
        "tashi delek 88", "zhongguo888888", "Passw\xc3\xb6rd1234", "hello hello hello"};
    static const char *const taken[] = {"four yaks cross the pass",
        "my hospital has seven blue doors", "tumbleweed-91-canyon",
        "牦牛走过四个山口在夜里吗", "xkq9Tz2mLp0v", "སྨན་པ་བཟང་པོ་གསུམ་"};

    (void)state;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        if (strcmp(broken(refused[i], true), "password-common") != 0)
            fail_msg("%s: \"%s\"", refused[i], broken(refused[i], true));
    }
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
        if (strcmp(broken(taken[i], true), "") != 0)
            fail_msg("%s: \"%s\"", taken[i], broken(taken[i], true));
    }
}

static void own_names(void **state)
{
    (void)state;
    assert_string_equal(broken("PemaYangchen1987", true), "password-own");
    assert_string_equal(broken("yangchen-yangchen", true), "password-own");
    assert_string_equal(broken("pema@hospital2026", true), "password-own");
    assert_string_equal(broken("pema sells orange lamps", true), "");
}

static void one_spelling(void **state)
{
    struct buf one;
    struct buf two;
    struct err err = {0};

    (void)state;
    buf_init(&one, 1000);
    buf_init(&two, 1000);
    /* e and accent, apart and as one; full-width letters */
    assert_int_equal(password_normal(STR("cafe\xcc\x81 \xef\xbd\x81"), &one, &err), 0);
    assert_int_equal(password_normal(STR("caf\xc3\xa9 a"), &two, &err), 0);
    assert_string_equal(buf_cstr(&one), buf_cstr(&two));
    assert_string_equal(broken("caf\xe9 au lait au matin", true), "password-form");
    buf_done(&one);
    buf_done(&two);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths),
        cmocka_unit_test(common),
        cmocka_unit_test(own_names),
        cmocka_unit_test(one_spelling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
