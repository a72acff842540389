/* SPDX-License-Identifier: Apache-2.0 */
/* A report as text: what a reader of the table is told of each row. */
#include "cli/report_text.h"
#include "unit.h"

#define WIDE 300

/* The table of one row that has ${parts}: a JSON list. */
static void table_of(struct arena *a, struct buf *b, const char *parts)
{
    const char *text = arena_printf(a,
        "{\"parameter\":[{\"name\":\"row\",\"part\":[{\"name\":\"indicator\","
        "\"valueCode\":"
        "\"x\"},%s]}]}",
        parts);
    const struct json *answer = NULL;
    struct err err = {0};

    assert_non_null(text);
    assert_int_equal(json_read(a, str_of(text), 1 << 16, &answer, &err), 0);
    assert_int_equal(report_text_table(a, b, answer, WIDE, &err), 0);
    assert_int_equal(buf_error(b, "The table", &err), 0);
}

static void says(const char *parts, const char *const *expected)
{
    struct arena *a = arena_new();
    struct buf b;

    assert_non_null(a);
    buf_init(&b, 1 << 16);
    table_of(a, &b, parts);
    for (size_t i = 0; expected[i]; i++) {
        if (!strstr(buf_cstr(&b), expected[i]))
            fail_msg("\"%s\" is not in:\n%s", expected[i], buf_cstr(&b));
    }
    buf_done(&b);
    arena_free(a);
}

#define SAYS(parts, ...) says(parts, (const char *const[]){__VA_ARGS__, NULL})
#define PART(name, value) "{\"name\":\"" name "\",\"valueString\":\"" value "\"}"
#define VALUE(value, unit) PART("value", value) "," PART("unit", unit)

static void numbers_have_their_unit(void **state)
{
    (void)state;
    SAYS(VALUE("0", "hospital") ",{\"name\":\"verdict\",\"valueCode\":\"matches\"}",
        " 0 hospitals ", " matches\n");
    SAYS(VALUE("1", "person"), " 1 person ");
    SAYS(VALUE("1.00", "year"), " 1 year ");
    SAYS(VALUE("1.5", "year"), " 1.5 years ");
    SAYS(VALUE("21", "study"), " 21 studies ");
    SAYS(VALUE("2", "day"), " 2 days ");
    SAYS(VALUE("3", "person-course"), " 3 person-courses ");
    SAYS(VALUE("3", "illness"), " 3 illnesses ");
    SAYS(VALUE("17.474", "operation per device and year"),
        " 17.474 operations per device and year ");
    SAYS(VALUE("0.5", "case per 1,000 inhabitants"),
        " 0.5 cases per 1,000 inhabitants ");
    SAYS(VALUE("1", "entry per day"), " 1 entry per day ");
    SAYS(VALUE("1234567.50", "CNY"), " 1,234,567.5 CNY ");
    SAYS(VALUE("1", "%"), " 1 % ");
    SAYS(VALUE("1", "person") "," PART("at-most", "5"), " 1 to 5 persons ");
}

static void shares_say_how_many_of_how_many(void **state)
{
    (void)state;
    SAYS(VALUE("73.71", "%") "," PART("met", "2234") "," PART("of", "3031") "," PART(
             "low", "72.11") "," PART("high", "75.20"),
        " 73.71 % ", " 2,234 of 3,031, between", "72.11 and 75.2 %\n");
}

static void times_are_days_or_ends(void **state)
{
    (void)state;
    SAYS(VALUE("2", "gap") "," PART("rule", "at-end") "," PART("until", "2025"),
        " at the end of 2025\n");
    SAYS(VALUE("2", "gap") "," PART("rule", "at-end") "," PART("until", "2021-12-31"),
        " on 2021-12-31\n");
    SAYS(VALUE("2", "gap") "," PART("rule", "in") "," PART("from", "2020") "," PART(
             "until", "2020") "," PART("stratum", "hospital|Organization/x"),
        " 2020\n", " hospital: Organization/x\n");
}

static void verdicts_say_which_way(void **state)
{
    (void)state;
    SAYS(VALUE("3", "person") "," PART("verdict", "differs") "," PART("by", "-2.0000"),
        " differs: 2 less\n", "      1  differ: ");
    SAYS(VALUE("3", "person") "," PART("verdict", "differs") "," PART("by", "1500"),
        " differs: 1,500 more\n");
    SAYS(VALUE("3", "person") "," PART("verdict", "cannot") "," PART("why", "no-time"),
        " cannot be compared: published without a time\n",
        "      1  cannot be compared");
    SAYS(VALUE("3", "person") "," PART("verdict", "cannot") "," PART(
             "why", "no-number-or-time"),
        " cannot be compared: published without a number and without a time\n");
    SAYS(PART("verdict", "cannot") "," PART("why", "nothing") "," PART("until", "2025"),
        " no figure ", " cannot be computed: no record says anything of it\n",
        "      1  cannot be computed");
    SAYS(PART("stratum", "currency|CNY") "," PART("verdict", "cannot") "," PART(
             "why", "no-divisor"),
        " no figure ", " currency: CNY",
        " cannot be computed: what it is divided by is nought or less\n");
}

/* What was published without a time never matches. */
static void years_are_named(void **state)
{
    (void)state;
    SAYS(VALUE("22", "hospital") "," PART("rule", "at-end") "," PART(
             "until", "2024") "," PART("verdict", "fits-years") "," PART("years",
             "2018, 2023-2024"),
        " published without a time: fits the end of 2018, 2023-2024\n",
        "      0  match", "      1  fit some years");
    SAYS(VALUE("2", "person") "," PART("rule", "in") "," PART("until", "2021") "," PART(
             "verdict", "fits-no-year") "," PART("by", "-3") "," PART("looked-from",
             "2020") "," PART("looked-until", "2025"),
        " published without a time: fits no year from 2020 to 2025; nearest",
        "2021, 3 less\n", "      0  match", "      0  differ", "      1  fit no year");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_their_unit),
        cmocka_unit_test(shares_say_how_many_of_how_many),
        cmocka_unit_test(times_are_days_or_ends),
        cmocka_unit_test(verdicts_say_which_way),
        cmocka_unit_test(years_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
