/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as people read them. */
#include "cli/cli_internal.h"
#include "unit.h"

static void numbers(void **state)
{
    char text[CLI_NUMBER_MAX];

    (void)state;
    assert_string_equal(cli_number(0, text), "0");
    assert_string_equal(cli_number(999, text), "999");
    assert_string_equal(cli_number(1000, text), "1,000");
    assert_string_equal(cli_number(-1234567, text), "-1,234,567");
    assert_string_equal(cli_number(INT64_MAX, text), "9,223,372,036,854,775,807");
}

static void bytes(void **state)
{
    char text[CLI_NUMBER_MAX];

    (void)state;
    assert_string_equal(cli_bytes(0, text), "0 B");
    assert_string_equal(cli_bytes(1023, text), "1023 B");
    assert_string_equal(cli_bytes(1536, text), "1.5 KB");
    assert_string_equal(cli_bytes((int64_t)3 << 30, text), "3.0 GB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
