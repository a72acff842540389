/* SPDX-License-Identifier: Apache-2.0 */
/* Writing JSON: escapes, indentation, building piece by piece. */
#include "json/json.h"
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

static void assert_text(struct buf *b, const char *expected)
{
    assert_string_equal(buf_cstr(b), expected);
    buf_clear(b);
}

static void escapes_are_only_those_needed(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 1000);
    json_write_text(&b, STR(""));
    assert_text(&b, "\"\"");
    json_write_text(&b, (struct str){NULL, 0});
    assert_text(&b, "\"\"");
    json_write_text(&b, STR("a/\"\\\b\f\n\r\t\x01\x1f\x7f\xc3\xa9"));
    assert_text(&b, "\"a/\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\xc3\xa9\"");
    json_write_text(&b, STR("a\0b"));
    assert_text(&b, "\"a\\u0000b\"");
    buf_done(&b);
}

/* Each byte at each place of a word, because eight are looked at together. */
static void every_byte_at_every_place(void **state)
{
    struct buf b;
    char text[20];

    (void)state;
    buf_init(&b, 1000);
    for (unsigned c = 0; c < 128; c++) {
        for (size_t at = 0; at < sizeof(text); at++) {
            const struct json *j = NULL;

            memset(text, 'x', sizeof(text));
            text[at] = (char)c;
            json_write_text(&b, (struct str){text, sizeof(text)});
            assert_int_equal(
                json_read(arena, (struct str){b.data, b.len}, 1000, &j, NULL), 0);
            assert_true(str_eq(json_text(j), (struct str){text, sizeof(text)}));
            if (c >= 0x20 && c != '"' && c != '\\')
                assert_int_equal(b.len, sizeof(text) + 2);
            buf_clear(&b);
        }
        arena_reset(arena);
    }
    buf_done(&b);
}

static void indented(void **state)
{
    const struct json *j = NULL;
    struct buf b;

    (void)state;
    buf_init(&b, 1000);
    assert_int_equal(json_read(arena, STR("{\"a\":[1,{\"b\":null}],\"c\":[],\"d\":{}}"),
                         100, &j, NULL),
        0);
    json_write_pretty(&b, j);
    assert_text(&b, "{\n  \"a\": [\n    1,\n    {\n      \"b\": null\n    }\n  ],\n"
                    "  \"c\": [],\n  \"d\": {}\n}");
    buf_done(&b);
}

static void building(void **state)
{
    struct buf b;
    struct json_out o = json_out(&b);
    const struct json *j = NULL;

    (void)state;
    buf_init(&b, 1000);
    assert_int_equal(json_read(arena, STR("[1.50]"), 100, &j, NULL), 0);
    json_open(&o, '{');
    json_member(&o, "no", (struct str){NULL, 0});
    json_member(&o, "s", STR("x\"y"));
    json_name(&o, "list");
    json_open(&o, '[');
    json_put_int(&o, INT64_MIN);
    json_put_int(&o, 42);
    json_put_bool(&o, true);
    json_put_bool(&o, false);
    json_put_str(&o, "t");
    json_open(&o, '{');
    json_close(&o, '}');
    json_open(&o, '[');
    json_close(&o, ']');
    json_put_value(&o, j);
    json_put_raw(&o, STR("{\"r\":0}"));
    json_close(&o, ']');
    json_member(&o, "end", STR(""));
    json_close(&o, '}');
    assert_text(&b,
        "{\"s\":\"x\\\"y\",\"list\":[-9223372036854775808,42,true,false,\"t\","
        "{},[],[1.50],{\"r\":0}],\"end\":\"\"}");
    buf_done(&b);
}

static void a_full_buffer_says_so(void **state)
{
    const struct json *j = NULL;
    struct buf b;

    (void)state;
    buf_init(&b, 8);
    assert_int_equal(json_read(arena, STR("[1,2,3,4,5,6]"), 100, &j, NULL), 0);
    json_write(&b, j);
    assert_int_equal(b.error, E_TOO_LARGE);
    buf_done(&b);
}

/* Whatever the order and the layout, the spelling is one. */
static void one_spelling(void **state)
{
    static const char *const same[] = {
        "{\"b\":[1.10,true,null,{\"d\":{},\"c\":[]}],\"a\":\"x\\u0041\\/\\n\"}",
        " { \"a\" : \"xA/\\u000a\", \"b\" : [ 1.10 , true, null, {\"c\":[],\"d\":{}} ] "
        "} "};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct arena *a = arena_new();
        const struct json *j = NULL;
        struct buf b;

        buf_init(&b, 4096);
        assert_int_equal(json_read(a, str_of(same[i]), 4096, &j, NULL), 0);
        assert_int_equal(json_write_canonical(a, &b, j, NULL), 0);
        assert_string_equal(buf_cstr(&b),
            "{\"a\":\"xA/\\n\",\"b\":[1.10,true,null,{\"c\":[],\"d\":{}}]}");
        buf_done(&b);
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            escapes_are_only_those_needed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_byte_at_every_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(indented, set_up, tear_down),
        cmocka_unit_test_setup_teardown(building, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_buffer_says_so, set_up, tear_down),
        cmocka_unit_test(one_spelling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
