/* SPDX-License-Identifier: Apache-2.0 */
/* Reading JSON: what is accepted, what is refused and how it is said, and what is kept. */
#include "base/limits.h"

#include "json/json.h"
#include "shared.h"
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

/* ---- tables ---- */

static void accepted(void **state)
{
    static const char *const texts[] = {"{}", "[]", " null ", "true", "false", "0",
        "-0", "1.10", "1e5", "1E+2", "-1.5e-300", "1e999999", "\"\"", "\"\\u0000\"",
        "\"\\ud83d\\ude00\"", "\"\\/\"", "[1,[2,[3]]]", "{\"a\":{\"a\":1}}",
        "[{\"a\":1},{\"a\":1}]", "{\"\":1}", "\t\r\n {\"a\" : 1}\n",
        "{\"a\":1,\"A\":2,\"a \":3}", "\"\x7f\"", "\"\xf4\x8f\xbf\xbf\""};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct json *j = NULL;
        struct err err = {0};

        if (json_read(arena, str_of(texts[i]), 1000, &j, &err) != 0)
            fail_msg("%s: %s", texts[i], err.text);
        assert_non_null(j);
    }
}

static void refused(void **state)
{
    static const char *const texts[] = {"", " ", "{", "[", "\"", "[1", "[1,", "[1,]",
        "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "[1 2]", "]",
        "1 2", "{} {}", "nul", "True", "NaN", "Infinity", "-", "+1", "01", "-01", ".5",
        "5.", "1.e3", "1e", "1e+", "0x10", "\"a", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
        "\"\t\"", "\"\n\"", "\"\x01\"", "/* */ 1", "1 // no", "\xef\xbb\xbf{}",
        /* not UTF-8 */
        "\"\x80\"", "\"\xff\"", "\"\xc0\xaf\"", "\"\xe0\x80\xaf\"", "\"\xed\xa0\x80\"",
        "\"\xf4\x90\x80\x80\"", "\"\xc3\"", "\"\xe2\x82\"",
        /* lone surrogates */
        "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\ud800\"", "\"\\ud800x\"",
        /* names twice */
        "{\"a\":1,\"a\":2}", "[{\"b\":[{\"x\":1,\"y\":2,\"x\":3}]}]", "{\"\":1,\"\":2}",
        "{\"a\":1,\"\\u0061\":2}"};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        const struct json *j = NULL;
        struct err err = {0};

        if (json_read(arena, str_of(texts[i]), 1000, &j, &err) != E_INVALID)
            fail_msg("accepted: %s", texts[i]);
        assert_null(j);
        assert_int_equal(err.code, E_INVALID);
        assert_true(strlen(err.text) > 10 && err.text[strlen(err.text) - 1] == '.');
    }
}

/* Every text that is cut short is refused, and nothing behind the slice is looked at
 * (the address sanitiser watches a copy of exactly its size). */
static void never_beyond_the_slice(void **state)
{
    static const char text[] = "{\"a\":[1.5e3,true,null,\"x\\u00e9\",{\"b\":-0}]}";

    (void)state;
    for (size_t len = 0; len < sizeof(text) - 1; len++) {
        char *copy = malloc(len ? len : 1);
        const struct json *j = NULL;
        struct err err = {0};

        assert_non_null(copy);
        memcpy(copy, text, len);
        assert_int_equal(
            json_read(arena, (struct str){copy, len}, 1000, &j, &err), E_INVALID);
        free(copy);
    }
}

/* ---- where it is wrong ---- */

static void the_place_is_named(void **state)
{
    static const struct {
        const char *text, *place;
    } rows[] = {
        {"{\"a\":1,\n \"b\":x}", "line 2, column 6"},
        {"[1,\n\n  2 3]", "line 3, column 5"},
        {"[\"\xc3\xa9\xc3\xa9\",]", "line 1, column 6"},
        {"{\"a\":1,\n  \"bb\":2,\n  \"a\":3}", "line 3, column 3"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct json *j = NULL;
        struct err err = {0};

        assert_int_equal(
            json_read(arena, str_of(rows[i].text), 1000, &j, &err), E_INVALID);
        if (!strstr(err.text, rows[i].place))
            fail_msg("%s is not in: %s", rows[i].place, err.text);
    }
}

/* ---- ceilings ---- */

static struct str repeated(const char *what, size_t times, const char *end)
{
    size_t len = strlen(what);
    char *p = arena_alloc_raw(arena, times * len + strlen(end) + 1);

    assert_non_null(p);
    for (size_t i = 0; i < times; i++)
        memcpy(p + i * len, what, len);
    strcpy(p + times * len, end);
    return str_of(p);
}

static struct str nested(size_t depth)
{
    char *p = arena_alloc_raw(arena, depth * 2 + 1);

    assert_non_null(p);
    memset(p, '[', depth);
    memset(p + depth, ']', depth);
    return (struct str){p, depth * 2};
}

static void depth_has_a_ceiling(void **state)
{
    const struct json *j = NULL;
    struct err err = {0};

    (void)state;
    assert_int_equal(json_read(arena, nested(LIMIT_JSON_DEPTH), 1000, &j, &err), 0);
    assert_int_equal(
        json_read(arena, nested(LIMIT_JSON_DEPTH + 1), 1000, &j, &err), E_INVALID);
    assert_non_null(strstr(err.text, "deeper than 100"));
}

/* A bomb of brackets costs a few times its own size, not sixteen times. */
static void depth_bombs_take_little_memory(void **state)
{
    static const char *const bombs[] = {"[", "{\"a\":", "[{\"a\":[", "[[\"]\","};
    const size_t most = 8u << 20;

    (void)state;
    for (size_t i = 0; i < sizeof(bombs) / sizeof(bombs[0]); i++) {
        const struct json *j = NULL;
        struct err err = {0};
        struct str text = repeated(bombs[i], most / strlen(bombs[i]), "");
        size_t before = arena_used(arena);

        assert_int_equal(json_read(arena, text, most, &j, &err), E_INVALID);
        assert_non_null(strstr(err.text, "deeper than 100"));
        assert_true(arena_used(arena) - before < 6 * most);
        arena_reset(arena);
    }
}

static void values_have_a_ceiling(void **state)
{
    struct str text = repeated("0,", LIMIT_JSON_VALUES + 10, "0]");
    char *p = arena_alloc_raw(arena, text.len + 1);
    const struct json *j = NULL;
    struct err err = {0};

    (void)state;
    assert_non_null(p);
    p[0] = '[';
    memcpy(p + 1, text.p, text.len);
    assert_int_equal(
        json_read(arena, (struct str){p, text.len + 1}, text.len + 1, &j, &err),
        E_TOO_LARGE);
}

static void size_has_a_ceiling(void **state)
{
    const struct json *j = NULL;
    struct err err = {0};

    (void)state;
    assert_int_equal(json_read(arena, STR("[1,2]"), 5, &j, &err), 0);
    assert_int_equal(json_read(arena, STR("[1,2]"), 4, &j, &err), E_TOO_LARGE);
}

/* ---- names given twice, in objects of every size ---- */

/* An object of ${count} members n0, n1 ... and, at ${twice}, the name of member 0. */
static struct str wide_object(struct buf *b, size_t count, size_t twice)
{
    buf_clear(b);
    for (size_t i = 0; i < count; i++)
        buf_addf(b, "%s\"n%zu\":%zu", i ? "," : "{", i == twice ? 0 : i, i);
    buf_addc(b, '}');
    return (struct str){b->data, b->len};
}

static void names_twice_are_found_at_any_width(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 1u << 20);
    for (size_t count = 2; count < 200; count += count < 40 ? 1 : 37) {
        const struct json *j = NULL;
        struct err err = {0};

        struct str plain = wide_object(&b, count, count);

        assert_int_equal(json_read(arena, plain, plain.len, &j, &err), 0);
        assert_int_equal(json_count(j), count);
        for (size_t twice = 1; twice < count; twice++) {
            struct str text = wide_object(&b, count, twice);

            assert_int_equal(json_read(arena, text, text.len, &j, &err), E_INVALID);
            assert_non_null(strstr(err.text, "\"n0\" stands twice"));
            assert_int_equal(json_read_trusted(arena, text, &j, &err), 0);
        }
        arena_reset(arena);
    }
    buf_done(&b);
}

/* ---- what was read ---- */

static void values_are_as_written(void **state)
{
    const struct json *j = NULL;
    struct json_each it;
    struct err err = {0};
    size_t steps = 0;

    (void)state;
    assert_int_equal(
        json_read(arena,
            STR("{\"d\":1.10,\"s\":\"a\\n\\u00e9\",\"t\":true,\"f\":false,\"n\":null,"
                "\"l\":[1,[],{}],\"o\":{\"x\":\"y\"}}"),
            1000, &j, &err),
        0);
    assert_int_equal(json_kind(j), JSON_OBJECT);
    assert_int_equal(json_count(j), 7);
    assert_true(str_is(json_text(json_get(j, "d")), "1.10"));
    assert_true(str_is(json_text(json_get(j, "s")), "a\n\xc3\xa9"));
    assert_true(str_is(json_get_text(j, "s"), "a\n\xc3\xa9"));
    assert_null(json_get_text(j, "d").p);
    assert_null(json_get_text(j, "no").p);
    assert_null(json_text(json_get(j, "t")).p);
    assert_int_equal(json_kind(json_get(j, "t")), JSON_TRUE);
    assert_int_equal(json_kind(json_get(j, "f")), JSON_FALSE);
    assert_int_equal(json_kind(json_get(j, "n")), JSON_NULL);
    assert_int_equal(json_kind(NULL), JSON_NULL);
    assert_int_equal(json_count(json_get(j, "l")), 3);
    assert_int_equal(json_kind(json_at(json_get(j, "l"), 2)), JSON_OBJECT);
    assert_null(json_at(json_get(j, "l"), 3));
    assert_null(json_at(j, 0));
    assert_true(str_is(json_text(json_getn(json_get(j, "o"), STR("x"))), "y"));
    it = json_each(j);
    while (json_next(&it)) {
        assert_int_equal(it.index, steps);
        assert_true(json_getn(j, it.name) == it.value);
        steps++;
    }
    assert_int_equal(steps, 7);
    it = json_each(json_get(j, "d"));
    assert_false(json_next(&it));
    it = json_each(NULL);
    assert_false(json_next(&it));
}

static void equality(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {
        {"{\"a\":1,\"b\":[2]}", "{\"b\":[2],\"a\":1}", true},
        {"1.10", "1.10", true},
        {"1.10", "1.1", false},
        {"[1,2]", "[2,1]", false},
        {"{\"a\":1}", "{\"a\":1,\"b\":1}", false},
        {"\"\\u00e9\"", "\"\xc3\xa9\"", true},
        {"null", "false", false},
        {"\"1\"", "1", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct json *a = NULL, *b = NULL;

        assert_int_equal(json_read(arena, str_of(rows[i].a), 1000, &a, NULL), 0);
        assert_int_equal(json_read(arena, str_of(rows[i].b), 1000, &b, NULL), 0);
        assert_int_equal(json_equal(a, b), rows[i].equal);
    }
}

/* ---- samples and faults ---- */

/* The text without its white space and without escapes that need not be, as json_write
 * gives it. False: it has an escape of a character beyond ASCII. */
static bool minified(struct buf *b, struct str text)
{
    bool in_string = false;

    buf_clear(b);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.p[i];
        unsigned point = 0;

        if (in_string && c == '\\' && text.p[i + 1] == 'u') {
            if (sscanf(text.p + i + 2, "%4x", &point) != 1 || point < 32 || point > 126)
                return false;
            buf_addc(b, (char)point);
            i += 5;
        } else if (in_string && c == '\\') {
            if (text.p[++i] != '/')
                buf_addc(b, c);
            buf_addc(b, text.p[i]);
        } else {
            if (in_string || !strchr(" \t\r\n", c))
                buf_addc(b, c);
            if (c == '"')
                in_string = !in_string;
        }
    }
    return true;
}

/* True when the text came back byte for byte. */
static bool round_trip(const char *file, struct str text)
{
    const struct json *j = NULL, *again = NULL;
    struct buf out, expected;
    struct err err = {0};
    bool exact = false;

    buf_init(&out, 64u << 20);
    buf_init(&expected, 64u << 20);
    if (json_read(arena, text, 64u << 20, &j, &err) != 0)
        fail_msg("%s: %s", file, err.text);
    json_write(&out, j);
    assert_int_equal(out.error, 0);
    assert_int_equal(
        json_read(arena, (struct str){out.data, out.len}, out.len, &again, &err), 0);
    assert_true(json_equal(j, again));
    if (minified(&expected, text)) {
        exact =
            expected.len == out.len && memcmp(expected.data, out.data, out.len) == 0;
        if (!exact)
            fail_msg("%s is not as it was", file);
    }
    buf_done(&out);
    buf_done(&expected);
    return exact;
}

static void the_examples_of_r4_come_back_as_they_were(void **state)
{
    struct unpacker *unpacker = shared_open("r4-examples.tar.zst");
    char name[TAR_BLOCK];
    struct str text = {0};
    int files = 0, exact = 0;

    (void)state;
    if (!unpacker)
        skip();
    while (shared_next(unpacker, arena, name, &text)) {
        if (str_ends(str_of(name), ".json")) {
            files++;
            exact += round_trip(name, text);
        }
        arena_reset(arena);
    }
    unpacker_close(unpacker);
    print_message("%d files, %d byte for byte\n", files, exact);
    assert_true(files > 400 && exact > 400);
}

static int read_once(void *arg)
{
    struct arena *a = arena_new();
    const struct json *j = NULL;
    struct err err = {0};
    int r = E_NOMEM;

    if (a)
        r = json_read(a, *(struct str *)arg, 1u << 20, &j, &err);
    arena_free(a);
    return r;
}

static void memory_may_fail_anywhere(void **state)
{
    struct buf b;
    struct str wide, dense;

    (void)state;
    buf_init(&b, 1u << 20);
    wide = wide_object(&b, 5000, 5000);
    assert_true(unit_fault_loop(read_once, &wide) > 1);
    buf_clear(&b);
    buf_adds(&b, "[0");
    for (size_t i = 0; i < 20000; i++)
        buf_adds(&b, ",0");
    buf_addc(&b, ']');
    dense = (struct str){b.data, b.len};
    assert_true(unit_fault_loop(read_once, &dense) > 1);
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(accepted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(never_beyond_the_slice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_place_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(depth_has_a_ceiling, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            depth_bombs_take_little_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_have_a_ceiling, set_up, tear_down),
        cmocka_unit_test_setup_teardown(size_has_a_ceiling, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            names_twice_are_found_at_any_width, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_are_as_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(equality, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            the_examples_of_r4_come_back_as_they_were, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_fail_anywhere, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
