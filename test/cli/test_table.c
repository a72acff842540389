/* SPDX-License-Identifier: Apache-2.0 */
/* Tables on a terminal. */
#include "cli/table.h"
#include "unit.h"

static void widths_are_those_that_are_seen(void **state)
{
    (void)state;
    assert_int_equal(table_width(STR("abc")), 3);
    assert_int_equal(table_width(STR("\xe5\x8c\xbb\xe9\x99\xa2")), 4); /* two signs */
    assert_int_equal(table_width(STR("e\xcc\x81")), 1); /* e and a mark */
    assert_int_equal(table_width(STR("\xe0\xbd\xa6\xe0\xbe\xa8\xe0\xbd\xb4")),
        1); /* a stack of three */
    assert_int_equal(table_width((struct str){NULL, 0}), 0);
}

static void row(const struct str *cells, const char *expected)
{
    const struct table t = {2, {6, 5}};
    struct buf b;

    buf_init(&b, 4096);
    table_row(&b, &t, cells);
    assert_string_equal(buf_cstr(&b), expected);
    buf_done(&b);
}

static void cells_wrap(void **state)
{
    (void)state;
    row((struct str[]){STR("one"), STR("two")}, "one     two\n");
    row((struct str[]){STR("one two three"), STR("four")}, "one     four\n"
                                                           "two\n"
                                                           "three\n");
    row((struct str[]){STR("a-long-word"), STR("")}, "a-\n"
                                                     "long-\n"
                                                     "word\n");
    row((struct str[]){STR("abcdefghi"), STR("x\ny")}, "abcdef  x\n"
                                                       "ghi     y\n");
    row((struct str[]){STR("\xe5\x8c\xbb\xe9\x99\xa2\xe5\x8c\xbb\xe9\x99\xa2"),
            STR("x")},
        "\xe5\x8c\xbb\xe9\x99\xa2\xe5\x8c\xbb  x\n"
        "\xe9\x99\xa2\n");
    row((struct str[]){STR(""), STR("")}, "\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(widths_are_those_that_are_seen),
        cmocka_unit_test(cells_wrap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
