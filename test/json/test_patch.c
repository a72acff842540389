/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Patch: the cases of RFC 6902's appendix and more, its refusals, its ceilings. */
#include "base/limits.h"

#include "json/patch.h"
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

static const struct json *load(struct str text)
{
    const struct json *j = NULL;
    struct err err = {0};

    if (json_read(arena, text, 1u << 24, &j, &err) != 0)
        fail_msg("%.*s: %s", (int)text.len, text.p, err.text);
    return j;
}

struct row {
    const char *target, *patch;
    const char *expected; /* NULL: refused with ${code} */
    int code;
};

static void run(const struct row *row)
{
    const struct json *target = load(str_of(row->target));
    const struct json *got = NULL;
    struct err err = {0};
    int r = json_patch(arena, target, load(str_of(row->patch)), &got, &err);

    if (r != row->code)
        fail_msg("%s gave %d, not %d: %s", row->patch, r, row->code, err.text);
    if (row->expected) {
        struct buf b;

        buf_init(&b, 10000);
        json_write(&b, got);
        assert_string_equal(buf_cstr(&b), row->expected);
        buf_done(&b);
    } else {
        assert_null(got);
        assert_int_equal(err.code, r);
        assert_true(strlen(err.text) > 10);
    }
    assert_true(json_equal(target, load(str_of(row->target))));
}

static const struct row CHANGES[] = {
    /* the appendix of the standard, A.1 to A.19 */
    {"{\"foo\":\"bar\"}", "[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\"}]",
        "{\"foo\":\"bar\",\"baz\":\"qux\"}", 0},
    {"{\"foo\":[\"bar\",\"baz\"]}",
        "[{\"op\":\"add\",\"path\":\"/foo/1\",\"value\":\"qux\"}]",
        "{\"foo\":[\"bar\",\"qux\",\"baz\"]}", 0},
    {"{\"baz\":\"qux\",\"foo\":\"bar\"}", "[{\"op\":\"remove\",\"path\":\"/baz\"}]",
        "{\"foo\":\"bar\"}", 0},
    {"{\"foo\":[\"bar\",\"qux\",\"baz\"]}", "[{\"op\":\"remove\",\"path\":\"/foo/1\"}]",
        "{\"foo\":[\"bar\",\"baz\"]}", 0},
    {"{\"baz\":\"qux\",\"foo\":\"bar\"}",
        "[{\"op\":\"replace\",\"path\":\"/baz\",\"value\":\"boo\"}]",
        "{\"baz\":\"boo\",\"foo\":\"bar\"}", 0},
    {"{\"foo\":{\"bar\":\"baz\",\"waldo\":\"fred\"},\"qux\":{\"corge\":\"grault\"}"
     "}",
        "[{\"op\":\"move\",\"from\":\"/foo/waldo\",\"path\":\"/qux/thud\"}]",
        "{\"foo\":{\"bar\":\"baz\"},\"qux\":{\"corge\":\"grault\",\"thud\":"
        "\"fred\"}}",
        0},
    {"{\"foo\":[\"all\",\"grass\",\"cows\",\"eat\"]}",
        "[{\"op\":\"move\",\"from\":\"/foo/1\",\"path\":\"/foo/3\"}]",
        "{\"foo\":[\"all\",\"cows\",\"eat\",\"grass\"]}", 0},
    {"{\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]}",
        "[{\"op\":\"test\",\"path\":\"/baz\",\"value\":\"qux\"},{\"op\":\"test\","
        "\"path\":\"/foo/1\",\"value\":2}]",
        "{\"baz\":\"qux\",\"foo\":[\"a\",2,\"c\"]}", 0},
    {"{\"baz\":\"qux\"}", "[{\"op\":\"test\",\"path\":\"/baz\",\"value\":\"bar\"}]",
        NULL, E_CONFLICT},
    {"{\"foo\":\"bar\"}",
        "[{\"op\":\"add\",\"path\":\"/child\",\"value\":{\"grandchild\":{}}}]",
        "{\"foo\":\"bar\",\"child\":{\"grandchild\":{}}}", 0},
    {"{\"foo\":\"bar\"}",
        "[{\"op\":\"add\",\"path\":\"/baz\",\"value\":\"qux\",\"xyz\":123}]",
        "{\"foo\":\"bar\",\"baz\":\"qux\"}", 0},
    {"{\"foo\":\"bar\"}", "[{\"op\":\"add\",\"path\":\"/baz/bat\",\"value\":\"qux\"}]",
        NULL, E_INVALID},
    {"{\"/\":9,\"~1\":10}", "[{\"op\":\"test\",\"path\":\"/~01\",\"value\":10}]",
        "{\"/\":9,\"~1\":10}", 0},
    {"{\"/\":9,\"~1\":10}", "[{\"op\":\"test\",\"path\":\"/~01\",\"value\":\"10\"}]",
        NULL, E_CONFLICT},
    {"{\"foo\":[\"bar\"]}",
        "[{\"op\":\"add\",\"path\":\"/foo/-\",\"value\":[\"abc\",\"def\"]}]",
        "{\"foo\":[\"bar\",[\"abc\",\"def\"]]}", 0},
    /* more */
    {"{\"a\":1}", "[]", "{\"a\":1}", 0},
    {"{\"a\":1}", "[{\"op\":\"add\",\"path\":\"\",\"value\":[1.50]}]", "[1.50]", 0},
    {"{\"a\":1}", "[{\"op\":\"replace\",\"path\":\"\",\"value\":7}]", "7", 0},
    {"{\"a\":1}", "[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/b\"}]",
        "{\"a\":1,\"b\":{\"a\":1}}", 0},
    {"{\"a\":1,\"b\":2}", "[{\"op\":\"add\",\"path\":\"/a\",\"value\":null}]",
        "{\"a\":null,\"b\":2}", 0},
    {"{\"\":1}", "[{\"op\":\"replace\",\"path\":\"/\",\"value\":2}]", "{\"\":2}", 0},
    {"{\"a/b\":1,\"m~n\":2}",
        "[{\"op\":\"remove\",\"path\":\"/a~1b\"},{\"op\":\"replace\",\"path\":"
        "\"/m~0n\",\"value\":3}]",
        "{\"m~n\":3}", 0},
    {"[1,2,3]", "[{\"op\":\"replace\",\"path\":\"/2\",\"value\":9}]", "[1,2,9]", 0},
    {"[1]", "[{\"op\":\"replace\",\"path\":\"/0\",\"value\":9}]", "[9]", 0},
    {"[1]", "[{\"op\":\"add\",\"path\":\"/1\",\"value\":2}]", "[1,2]", 0},
    {"[]", "[{\"op\":\"add\",\"path\":\"/0\",\"value\":1}]", "[1]", 0},
    {"[1,2,3]", "[{\"op\":\"move\",\"from\":\"/2\",\"path\":\"/0\"}]", "[3,1,2]", 0},
    {"[1,2,3]", "[{\"op\":\"move\",\"from\":\"/0\",\"path\":\"/-\"}]", "[2,3,1]", 0},
    {"{\"a\":1}", "[{\"op\":\"move\",\"from\":\"/a\",\"path\":\"/a\"}]", "{\"a\":1}",
        0},
    {"{\"a\":{\"b\":1}}", "[{\"op\":\"move\",\"from\":\"/a/b\",\"path\":\"/a\"}]",
        "{\"a\":1}", 0},
    {"{\"a\":[{\"x\":1.0}]}",
        "[{\"op\":\"test\",\"path\":\"/a\",\"value\":[{\"x\":1}]},{\"op\":\"test\","
        "\"path\":\"/a/0/x\",\"value\":10e-1}]",
        "{\"a\":[{\"x\":1.0}]}", 0},
    {"{\"a\":{\"x\":1,\"y\":2}}",
        "[{\"op\":\"test\",\"path\":\"/a\",\"value\":{\"y\":2,\"x\":1}}]",
        "{\"a\":{\"x\":1,\"y\":2}}", 0},
    {"{\"a\":1}",
        "[{\"op\":\"add\",\"path\":\"/b\",\"value\":2},{\"op\":\"move\",\"from\":"
        "\"/b\",\"path\":\"/c\"},{\"op\":\"test\",\"path\":\"/c\",\"value\":2},{"
        "\"op\":\"remove\",\"path\":\"/a\"}]",
        "{\"c\":2}", 0},
};

static void changes(void **state)
{

    (void)state;
    for (size_t i = 0; i < sizeof(CHANGES) / sizeof(CHANGES[0]); i++)
        run(&CHANGES[i]);
}

static void refusals(void **state)
{
    static const char target[] = "{\"a\":[1,2],\"b\":{\"c\":1},\"n\":null}";
    static const char *const patches[] = {
        /* no JSON Patch */
        "{}",
        "[1]",
        "[{}]",
        "[{\"op\":\"add\"}]",
        "[{\"op\":\"add\",\"path\":\"/x\"}]",
        "[{\"op\":\"spam\",\"path\":\"/a\"}]",
        "[{\"op\":1,\"path\":\"/a\"}]",
        "[{\"op\":\"remove\",\"path\":1}]",
        "[{\"op\":\"move\",\"path\":\"/x\"}]",
        "[{\"op\":\"copy\",\"path\":\"/x\"}]",
        "[{\"op\":\"test\",\"path\":\"/a\"}]",
        /* no JSON Pointer */
        "[{\"op\":\"remove\",\"path\":\"a\"}]",
        "[{\"op\":\"remove\",\"path\":\"/~2\"}]",
        "[{\"op\":\"remove\",\"path\":\"/a~\"}]",
        /* nowhere */
        "[{\"op\":\"remove\",\"path\":\"/x\"}]",
        "[{\"op\":\"remove\",\"path\":\"/a/2\"}]",
        "[{\"op\":\"remove\",\"path\":\"/a/-\"}]",
        "[{\"op\":\"remove\",\"path\":\"/a/01\"}]",
        "[{\"op\":\"remove\",\"path\":\"/a/-1\"}]",
        "[{\"op\":\"remove\",\"path\":\"/a/1e0\"}]",
        "[{\"op\":\"remove\",\"path\":\"/a/99999999999999999999\"}]",
        "[{\"op\":\"remove\",\"path\":\"/n/x\"}]",
        "[{\"op\":\"remove\",\"path\":\"\"}]",
        "[{\"op\":\"replace\",\"path\":\"/x\",\"value\":1}]",
        "[{\"op\":\"replace\",\"path\":\"/a/-\",\"value\":1}]",
        "[{\"op\":\"add\",\"path\":\"/a/3\",\"value\":1}]",
        "[{\"op\":\"add\",\"path\":\"/a/x\",\"value\":1}]",
        "[{\"op\":\"add\",\"path\":\"/b/c/d\",\"value\":1}]",
        "[{\"op\":\"test\",\"path\":\"/x\",\"value\":null}]",
        "[{\"op\":\"copy\",\"from\":\"/x\",\"path\":\"/y\"}]",
        "[{\"op\":\"move\",\"from\":\"/x\",\"path\":\"/x\"}]",
        "[{\"op\":\"move\",\"from\":\"/b\",\"path\":\"/b/c\"}]",
        "[{\"op\":\"move\",\"from\":\"\",\"path\":\"/b\"}]",
        /* none at all, when the last fails */
        "[{\"op\":\"remove\",\"path\":\"/n\"},{\"op\":\"remove\",\"path\":\"/y\"}]",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(patches) / sizeof(patches[0]); i++) {
        struct row row = {target, patches[i], NULL, E_INVALID};

        run(&row);
    }
}

static void the_operation_is_named(void **state)
{
    const struct json *got = NULL;
    struct err err = {0};

    (void)state;
    assert_int_equal(
        json_patch(arena, load(STR("{}")),
            load(STR("[{\"op\":\"add\",\"path\":\"/x\",\"value\":1},"
                     "{\"op\":\"copy\",\"from\":\"/y\",\"path\":\"/z\"}]")),
            &got, &err),
        E_INVALID);
    assert_string_equal(err.path, "[1].from");
    assert_non_null(strstr(err.text, "/y"));
}

static void numbers_that_are_one(void **state)
{
    static const struct {
        const char *a, *b;
        bool equal;
    } rows[] = {{"0", "-0.000e99", true}, {"100", "1e2", true}, {"0.05", "5E-2", true},
        {"1.50", "1.5", true}, {"10.01", "1001e-2", true}, {"0.1", "0.10000", true},
        {"1", "-1", false}, {"1", "10", false}, {"1.5", "1.05", false},
        {"1e99999999999999999999", "1e99999999999999999998", true},
        {"12345678901234567890", "12345678901234567891", false}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char *patch = arena_printf(
            arena, "[{\"op\":\"test\",\"path\":\"\",\"value\":%s}]", rows[i].b);
        const struct json *got = NULL;
        int r =
            json_patch(arena, load(str_of(rows[i].a)), load(str_of(patch)), &got, NULL);

        if (r != (rows[i].equal ? 0 : E_CONFLICT))
            fail_msg("%s and %s gave %d", rows[i].a, rows[i].b, r);
    }
}

/* Each copy of the whole into itself doubles it and nests it deeper. */
static void growth_has_a_ceiling(void **state)
{
    struct json_patch_op deep[LIMIT_JSON_DEPTH + 1];
    struct json_patch_op wide[64];
    const struct json *got = NULL;
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
        deep[i] = (struct json_patch_op){.verb = JSON_PATCH_COPY,
            .from = str_of(i == 0 ? "" : "/a"),
            .path = str_of(i == 0 ? "/a" : "/a/a")};
    }
    assert_int_equal(json_patch_apply(arena, load(STR("{\"b\":{}}")), deep,
                         sizeof(deep) / sizeof(deep[0]), &got, &err),
        E_TOO_LARGE);
    for (size_t i = 0; i < 64; i++)
        wide[i] = (struct json_patch_op){.verb = JSON_PATCH_COPY,
            .from = str_of(""),
            .path = str_of(arena_printf(arena, "/%zu", i))};
    assert_int_equal(
        json_patch_apply(arena, load(STR("{}")), wide, 64, &got, &err), E_TOO_LARGE);
    assert_true(arena_used(arena) < 200u << 20);
    assert_int_equal(
        json_patch_apply(arena, load(STR("{}")), NULL, LIMIT_PATCH_OPS + 1, &got, &err),
        E_TOO_LARGE);
}

static int patch_once(void *arg)
{
    struct arena *a = arena_new();
    const struct json *const *both = arg;
    const struct json *got = NULL;
    struct err err = {0};
    int r = a ? json_patch(a, both[0], both[1], &got, &err) : E_NOMEM;

    arena_free(a);
    return r;
}

static void memory_may_fail_anywhere(void **state)
{
    const struct json *both[2];

    (void)state;
    both[0] = load(STR("{\"a\":[1,2,{\"b\":\"text\"}],\"c~d\":1}"));
    both[1] =
        load(STR("[{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/e\"},"
                 "{\"op\":\"move\",\"from\":\"/c~0d\",\"path\":\"/a/-\"},"
                 "{\"op\":\"replace\",\"path\":\"/a/2/b\",\"value\":{\"x\":1}}]"));
    assert_true(unit_fault_loop(patch_once, both) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_operation_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_that_are_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(growth_has_a_ceiling, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_fail_anywhere, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
