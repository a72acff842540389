/* SPDX-License-Identifier: Apache-2.0 */
/* What is noticed between published figures, below a report. */
#include "cli/report_between.h"
#include "unit.h"

#define WIDE 300
#define FIGURE(id, words, more)                                                        \
    "{\"name\":\"figure\",\"part\":[" PART("id", id) "," PART(                         \
        "wording", words) "," PART("measure", "local-staff-trained") more "]}"
#define PART(name, value) "{\"name\":\"" name "\",\"valueString\":\"" value "\"}"
#define FOUND(name, ...) "{\"name\":\"" name "\",\"part\":[" __VA_ARGS__ "]}"
#define PAIR(fault, one, other)                                                        \
    FOUND("contradiction",                                                             \
        PART("fault", fault) "," PART("one", one) "," PART("other", other))
#define FIGURES                                                                        \
    FIGURE("a", "about 4,000", "," PART("scope", "another scope"))                     \
    "," FIGURE("b", "over 2,400", "," PART("source", "the year book")) ","

static const struct json *read_parts(struct arena *a, const char *parts)
{
    const struct json *answer = NULL;
    struct err err = {0};
    const char *text = arena_printf(a, "{\"parameter\":[%s]}", parts);

    assert_non_null(text);
    assert_int_equal(json_read(a, str_of(text), 1 << 16, &answer, &err), 0);
    return answer;
}

/* Of a report with the rows ${rows}, what stands below it of ${found}; "" where nothing does. */
static const char *below(struct arena *a, const char *rows, const char *found)
{
    const struct json *report = read_parts(a, rows);
    const struct json *compared =
        read_parts(a, arena_printf(a, "%s%s", FIGURES, found));
    const char *text = NULL;
    struct err err = {0};
    struct buf b;

    buf_init(&b, 1 << 16);
    assert_int_equal(report_between(a, &b, report, compared, WIDE, &err), 0);
    assert_int_equal(buf_error(&b, "The lines", &err), 0);
    text = arena_strndup(a, buf_cstr(&b), b.len);
    assert_non_null(text);
    buf_done(&b);
    return text;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

#define ROW_OF(id) "{\"name\":\"row\",\"part\":[" PART("figure", id) "]}"

static void pairs_are_told_with_their_words(void **state)
{
    struct arena *a = arena_new();
    const char *text = NULL;

    (void)state;
    assert_non_null(a);
    text = below(a, ROW_OF("a") "," ROW_OF("b"),
        PAIR("more-is-less", "a", "b") "," FOUND("notice",
            PART("kind", "scopes-differ") "," PART("one", "a") "," PART("other", "b")));
    has(text, "\nabout 4,000 ");
    has(text, " over 2,400 ");
    has(text, "(another scope)");
    has(text, " the year book\n");
    has(text, " contradict: the second is of a time that holds the whole");
    has(text, " only looks like a contradiction: the second is of a later time");
    arena_free(a);
}

static void what_contradicts_itself_stands_alone(void **state)
{
    struct arena *a = arena_new();
    const char *text = NULL;

    (void)state;
    assert_non_null(a);
    text = below(a, ROW_OF("b"),
        FOUND("contradiction",
            PART("fault", "rate-impossible") "," PART("one", "b") "," PART(
                "other", "b") "," PART("rate", "68.22") "," PART("lowest",
                "6.22") "," PART("highest", "6.90")));
    has(text, "contradicts itself: its two amounts make an exchange rate");
    has(text, " (68.22;");
    has(text, " 6.22 to 6.90)");
    assert_ptr_equal(strstr(strstr(text, "over 2,400") + 1, "over 2,400"), NULL);
    arena_free(a);
}

/* Of a time that was asked for, what concerns none of its figures is not told. */
static void of_other_figures_nothing_is_told(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_non_null(a);
    assert_string_equal(below(a, ROW_OF("c"), PAIR("two-values", "a", "b")), "");
    has(below(a, ROW_OF("b"), PAIR("two-values", "a", "b")), "contradict: two values");
    assert_string_equal(
        below(a, "{\"name\":\"row\",\"part\":[]}", PAIR("two-units", "a", "b")), "");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_told_with_their_words),
        cmocka_unit_test(what_contradicts_itself_stands_alone),
        cmocka_unit_test(of_other_figures_nothing_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
