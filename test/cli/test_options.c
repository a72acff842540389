/* SPDX-License-Identifier: Apache-2.0 */
/* Options and words in every order, and calls that are wrong. */
#include "cli/cli_internal.h"
#include "unit.h"

struct result {
    bool flag;
    const char *text;
    int64_t number;
    int code;
    size_t words;
    char first[64];
};

/* Take the words of ${line} (split at spaces) apart; one or two words must remain. */
static struct result take(const char *line)
{
    struct result result = {.number = -1};
    const struct cli_option known[] = {
        {"--flag", CLI_FLAG, &result.flag, 0, 0},
        {"--text", CLI_TEXT, &result.text, 0, 0},
        {"--number", CLI_NUMBER, &result.number, 1, 99},
        {0},
    };
    static char copy[256];
    char *argv[32];
    struct cli_call call = {.argv = argv};
    struct err err = {0};

    snprintf(copy, sizeof(copy), "%s", line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        argv[call.argc++] = word;
    result.code = cli_options(&call, known, 1, 2, &err);
    if (result.code < 0)
        assert_string_not_equal(err.text, "");
    result.words = call.word_count;
    if (call.word_count > 0)
        snprintf(result.first, sizeof(result.first), "%s", call.words[0]);
    base_free(call.words);
    return result;
}

static void well(void **state)
{
    struct result r = take("--number 7 dir --text=a=b --flag");

    (void)state;
    assert_int_equal(r.code, 0);
    assert_true(r.flag);
    assert_string_equal(r.text, "a=b");
    assert_int_equal(r.number, 7);
    assert_int_equal(r.words, 1);
    assert_string_equal(r.first, "dir");
    r = take("-- --flag x");
    assert_int_equal(r.code, 0);
    assert_false(r.flag);
    assert_string_equal(r.first, "--flag");
    r = take("a --text --flag");
    assert_string_equal(r.text, "--flag"); /* a value is whatever stands there */
}

static void wrong(void **state)
{
    static const char *const lines[] = {"", "a b c", "a --bogus", "a --flag=1",
        "a --text", "a --number x", "a --number 0", "a --number 100",
        "a --number=", "--fla a"};

    (void)state;
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        assert_int_equal(take(lines[i]).code, E_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well),
        cmocka_unit_test(wrong),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
