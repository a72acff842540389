/* SPDX-License-Identifier: Apache-2.0 */
/* Errors: cutting, one line, system errors, classes and names. */
#include <errno.h>

#include "base/err.h"
#include "base/text.h"

#include "unit.h"

static void set_fills_and_returns(void **state)
{
    struct err err = {0};

    (void)state;
    assert_int_equal(
        err_set(&err, E_INVALID, "Patient.name[0]", "Give %d names.", 2), E_INVALID);
    assert_int_equal(err.code, E_INVALID);
    assert_string_equal(err.path, "Patient.name[0]");
    assert_string_equal(err.text, "Give 2 names.");
    assert_int_equal(err_set(NULL, E_GONE, NULL, "Never seen."), E_GONE);
    err_set(&err, E_GONE, NULL, "Line\nbreak\tand \x1b[0m.");
    assert_string_equal(err.text, "Line break and  [0m.");
    assert_string_equal(err.path, "");
}

static void an_error_can_be_wrapped_in_itself(void **state)
{
    struct err err = {0};

    (void)state;
    err_set(&err, E_INVALID, "a.b", "inner.");
    err_set(&err, E_INVALID, err.path, "outer: %s", err.text);
    assert_string_equal(err.path, "a.b");
    assert_string_equal(err.text, "outer: inner.");
}

static void long_text_is_cut_between_characters(void **state)
{
    char text[2 * ERR_TEXT_MAX];
    struct err err = {0};

    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        memset(text, 'a', sizeof(text));
        for (size_t i = shift; i + 4 < sizeof(text); i += 4)
            memcpy(text + i, "\xf0\x9f\x8f\xa5", 4); /* a hospital */
        text[sizeof(text) - 1] = '\0';
        err_set(&err, E_INVALID, text, "%s", text);
        assert_true(utf8_valid(err.text, strlen(err.text)));
        assert_true(utf8_valid(err.path, strlen(err.path)));
        assert_true(strlen(err.text) > ERR_TEXT_MAX - 6);
        assert_true(strlen(err.path) > ERR_PATH_MAX - 6);
    }
}

static void system_errors(void **state)
{
    struct err err = {0};

    (void)state;
    assert_int_equal(
        err_sys(&err, ENOENT, "a/b", "The file %s cannot be read", "b"), E_IO);
    assert_string_equal(
        err.text, "The file b cannot be read: No such file or directory.");
    assert_string_equal(err.path, "a/b");
    assert_int_equal(err_sys(&err, ENOSPC, NULL, "x"), E_FULL);
    assert_int_equal(err_sys(&err, EDQUOT, NULL, "x"), E_FULL);
    assert_int_equal(err_sys(&err, ENOMEM, NULL, "x"), E_NOMEM);
    assert_int_equal(err_sys(NULL, EIO, NULL, "x"), E_IO);
    assert_int_equal(err_nomem(&err), E_NOMEM);
    assert_int_equal(err.code, E_NOMEM);
    assert_int_equal(err_nomem(NULL), E_NOMEM);
}

static void classes_and_names(void **state)
{
    (void)state;
    assert_int_equal(err_class(E_INVALID), ERR_CALLER);
    assert_int_equal(err_class(E_NOT_MODIFIED), ERR_CALLER);
    assert_int_equal(err_class(E_IO), ERR_OPERATOR);
    assert_int_equal(err_class(E_CANCELLED), ERR_OPERATOR);
    assert_int_equal(err_class(E_BUG), ERR_BUG);
    assert_string_equal(err_name(E_NOT_FOUND), "not-found");
    assert_string_equal(err_name(-999), "unknown");
    for (int code = 0; code >= E_TOO_OFTEN; code--)
        assert_string_not_equal(err_name(code), "unknown");
    for (int code = E_IO; code >= E_CANCELLED; code--)
        assert_string_not_equal(err_name(code), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(set_fills_and_returns),
        cmocka_unit_test(an_error_can_be_wrapped_in_itself),
        cmocka_unit_test(long_text_is_cut_between_characters),
        cmocka_unit_test(system_errors),
        cmocka_unit_test(classes_and_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
