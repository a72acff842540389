/* SPDX-License-Identifier: Apache-2.0 */
/* An array's items cut out of a text: a table of cases, and every place cut short. */
#include "json/skim.h"
#include "unit.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new();
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

/* The items of "entry" with | between them and the rest behind #; "-": not found. */
static const char *skim(struct str text)
{
    struct json_skim s = {0};
    struct err err = {0};
    const char *out = "";

    int r = json_skim(arena, text, "entry", 1000, &s, &err);

    assert_true(r == 0 || r == 1);
    if (r == 0)
        return "-";
    for (size_t i = 0; i < s.count; i++)
        out = arena_printf(arena, "%s%.*s|", out, (int)s.items[i].len, s.items[i].p);
    return arena_printf(arena, "%s#%.*s", out, (int)s.rest.len, s.rest.p);
}

static void cases(void **state)
{
    static const struct {
        const char *text, *skimmed;
    } rows[] = {
        {"{\"entry\":[]}", "#{\"entry\":[]}"},
        {"{\"entry\":[1,{\"a\":[2,3]},\"x\"]}",
            "1|{\"a\":[2,3]}|\"x\"|#{\"entry\":[]}"},
        {" { \"a\" : 1 , \"entry\" : [ 1 , [ 2 ] ] , \"b\" : [ 3 ] } ",
            "1|[ 2 ]|# { \"a\" : 1 , \"entry\" : [] , \"b\" : [ 3 ] } "},
        /* brackets, commas and quotes in strings are text */
        {"{\"a\":\"]},\\\"\",\"entry\":[\"],}\\\\\",\"\\\\\\\"]\"],\"b\":\"[\"}",
            "\"],}\\\\\"|\"\\\\\\\"]\"|#{\"a\":\"]},\\\"\",\"entry\":[],\"b\":\"[\"}"},
        /* the array of an inner object is not it */
        {"{\"a\":{\"entry\":[1]},\"entry\":[2]}",
            "2|#{\"a\":{\"entry\":[1]},\"entry\":[]}"},
        {"{\"entries\":[1],\"entry\":[2]}", "2|#{\"entries\":[1],\"entry\":[]}"},
        /* twice: the rest shows it */
        {"{\"entry\":[1],\"entry\":[2]}", "1|#{\"entry\":[],\"entry\":[2]}"},
        {"{\"entry\":[1]}x", "1|#{\"entry\":[]}x"},
        /* what is broken within an item is found when it is read */
        {"{\"entry\":[{]]}", "{]|#{\"entry\":[]}"},
        {"{\"entry\":[{],1]}", "{]|1|#{\"entry\":[]}"},
        {"{\"entry\":{}}", "-"},
        {"{\"entry\":1}", "-"},
        {"{\"entry\":[1,]}", "-"},
        {"{\"entry\":[,1]}", "-"},
        {"{\"entry\":[1 2]}", "1 2|#{\"entry\":[]}"},
        {"{\"a\":1}", "-"},
        {"{\"\\u0065ntry\":[1]}", "-"},
        {"{}", "-"},
        {"[]", "-"},
        {"\"entry\"", "-"},
        {"", "-"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *got = skim(str_of(rows[i].text));

        if (strcmp(got, rows[i].skimmed) != 0)
            printf("%s\n", rows[i].text);
        assert_string_equal(got, rows[i].skimmed);
    }
}

/* A text that ends too early, at any place, never has items and a rest that are all JSON. */
static void cut_short(void **state)
{
    static const char whole[] =
        "{\"a\":[1,\"\\\"\"],\"entry\":[{\"b\":\"c\\\\\"},[],2],"
        "\"d\":{\"e\":null}}";
    const struct json *json = NULL;

    (void)state;
    for (size_t len = 0; len < sizeof(whole) - 1; len++) {
        /* a copy of its own size, for what looks behind the end */
        char *copy = malloc(len + 1);
        struct json_skim s = {0};

        assert_non_null(copy);
        memcpy(copy, whole, len);
        if (json_skim(arena, (struct str){copy, len}, "entry", 9, &s, NULL) == 1)
            assert_int_not_equal(json_read(arena, s.rest, 1000, &json, NULL), 0);
        free(copy);
    }
}

/* A NUL is no white space, wherever it stands. */
static void nul_is_no_space(void **state)
{
    static const char text[] = "{\"entry\":[{}\0\0]}";
    struct json_skim s = {0};
    const struct json *json = NULL;

    (void)state;
    if (json_skim(arena, (struct str){text, sizeof(text) - 1}, "entry", 9, &s, NULL) ==
        1)
        assert_true(json_read(arena, s.items[0], 100, &json, NULL) < 0);
}

static void too_many(void **state)
{
    struct json_skim s = {0};
    struct err err = {0};

    (void)state;
    assert_int_equal(
        json_skim(arena, STR("{\"entry\":[1,2,3]}"), "entry", 3, &s, &err), 1);
    assert_int_equal(s.count, 3);
    assert_int_equal(json_skim(arena, STR("{\"entry\":[1,2,3]}"), "entry", 2, &s, &err),
        E_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cases, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cut_short, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nul_is_no_space, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("skim", tests, NULL, NULL);
}
