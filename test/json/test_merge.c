/* SPDX-License-Identifier: Apache-2.0 */
/* Three-way merge: a table of cases, and what must hold of any three values. */
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

static const struct json *load(const char *text)
{
    const struct json *j = NULL;

    if (!text)
        return NULL;
    assert_int_equal(json_read(arena, str_of(text), 1000, &j, NULL), 0);
    return j;
}

static void cases(void **state)
{
    static const struct {
        const char *base, *ours, *theirs, *merged, *conflicts;
    } rows[] = {
        {"{\"a\":1,\"b\":2}", "{\"a\":9,\"b\":2}", "{\"a\":1,\"b\":8}",
            "{\"a\":9,\"b\":8}", ""},
        {"{\"a\":1}", "{\"a\":2}", "{\"a\":2}", "{\"a\":2}", ""},
        {"{\"a\":1}", "{\"a\":2}", "{\"a\":3}", "{\"a\":2}", "/a\n"},
        {"{\"a\":1,\"b\":1}", "{\"b\":1}", "{\"a\":1,\"b\":2}", "{\"b\":2}", ""},
        {"{\"a\":1}", "{}", "{\"a\":2}", "{}", "/a\n"},
        {"{\"a\":1}", "{\"a\":2}", "{}", "{\"a\":2}", "/a\n"},
        {"{\"a\":1}", "{}", "{}", "{}", ""},
        {"{}", "{\"x\":1}", "{\"y\":2}", "{\"x\":1,\"y\":2}", ""},
        {"{}", "{\"x\":{\"p\":1}}", "{\"x\":{\"q\":2}}", "{\"x\":{\"p\":1,\"q\":2}}",
            ""},
        {"{\"a\":[1,2]}", "{\"a\":[1,2,3]}", "{\"a\":[1,2]}", "{\"a\":[1,2,3]}", ""},
        {"{\"a\":[1,2]}", "{\"a\":[1,2]}", "{\"a\":[]}", "{\"a\":[]}", ""},
        {"{\"a\":[1]}", "{\"a\":[1,2]}", "{\"a\":[1,3]}", "{\"a\":[1,2]}", "/a\n"},
        {"{\"a\":{\"b\":{\"c/d\":1,\"~\":1}}}", "{\"a\":{\"b\":{\"c/d\":2,\"~\":2}}}",
            "{\"a\":{\"b\":{\"c/d\":3,\"~\":3}}}",
            "{\"a\":{\"b\":{\"c/d\":2,\"~\":2}}}", "/a/b/c~1d\n/a/b/~0\n"},
        {"{\"a\":1.0}", "{\"a\":1.00}", "{\"a\":1.0}", "{\"a\":1.00}", ""},
        {"1", "2", "3", "2", "\n"},
        {"{\"a\":{\"b\":1}}", "{\"a\":5}", "{\"a\":{\"b\":2}}", "{\"a\":5}", "/a\n"},
        {NULL, "{\"a\":1,\"b\":1}", "{\"a\":2,\"b\":1}", "{\"a\":1,\"b\":1}", "/a\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct json *merged = NULL;
        struct json_sides sides;
        struct buf conflicts, out;

        buf_init(&conflicts, 1000);
        buf_init(&out, 1000);
        sides = (struct json_sides){
            load(rows[i].base), load(rows[i].ours), load(rows[i].theirs)};
        assert_int_equal(json_merge3(arena, &sides, &merged, &conflicts, NULL), 0);
        json_write(&out, merged);
        assert_string_equal(buf_cstr(&out), rows[i].merged);
        assert_string_equal(buf_cstr(&conflicts), rows[i].conflicts);
        buf_done(&conflicts);
        buf_done(&out);
    }
}

/* A random value of few names and numbers, so that sides often meet. */
static void random_value(struct buf *b, unsigned depth)
{
    int64_t kind = unit_between(0, depth == 0 ? 1 : 4);
    const char *comma = "";

    if (kind < 2) {
        buf_addf(b, "%d", (int)unit_between(0, 2));
        return;
    }
    buf_addc(b, kind == 2 ? '[' : '{');
    for (int i = 0; i < 3; i++) {
        if (unit_between(0, 2) == 0)
            continue;
        buf_adds(b, comma);
        comma = ",";
        if (kind != 2)
            buf_addf(b, "\"n%d\":", i);
        random_value(b, depth - 1);
    }
    buf_addc(b, kind == 2 ? ']' : '}');
}

static const struct json *random_json(void)
{
    const struct json *j = NULL;
    struct buf b;

    buf_init(&b, 10000);
    random_value(&b, 3);
    assert_int_equal(json_read(arena, (struct str){b.data, b.len}, b.len, &j, NULL), 0);
    buf_done(&b);
    return j;
}

static const struct json *merge(const struct json *base, const struct json *ours,
    const struct json *theirs, bool *ret_conflict)
{
    struct json_sides sides = {base, ours, theirs};
    const struct json *merged = NULL;
    struct buf conflicts;

    buf_init(&conflicts, 10000);
    assert_int_equal(json_merge3(arena, &sides, &merged, &conflicts, NULL), 0);
    *ret_conflict = conflicts.len > 0;
    buf_done(&conflicts);
    return merged;
}

static void what_always_holds(void **state)
{
    (void)state;
    for (int i = 0; i < 20000; i++) {
        const struct json *base = random_json();
        const struct json *a = random_json();
        const struct json *b = random_json();
        bool conflict = false, other = false;
        const struct json *ab = NULL;
        const struct json *ba = NULL;

        assert_true(json_equal(merge(base, a, base, &conflict), a));
        assert_false(conflict);
        assert_true(json_equal(merge(base, base, b, &conflict), b));
        assert_false(conflict);
        assert_true(json_equal(merge(base, a, a, &conflict), a));
        assert_false(conflict);
        ab = merge(base, a, b, &conflict);
        ba = merge(base, b, a, &other);
        assert_int_equal(conflict, other);
        if (!conflict)
            assert_true(json_equal(ab, ba));
        arena_reset(arena);
    }
}

static int merge_once(void *arg)
{
    struct arena *a = arena_new();
    const struct json_sides *all = arg;
    const struct json *merged = NULL;
    struct buf conflicts;
    struct err err = {0};
    int r = E_NOMEM;

    buf_init(&conflicts, 1000);
    if (a)
        r = json_merge3(a, all, &merged, &conflicts, &err);
    if (r == 0)
        r = buf_error(&conflicts, "conflicts", &err);
    buf_done(&conflicts);
    arena_free(a);
    return r;
}

static void memory_may_fail_anywhere(void **state)
{
    struct json_sides all;

    (void)state;
    all.base = load("{\"a\":1,\"b\":{\"c\":1}}");
    all.ours = load("{\"a\":2,\"b\":{\"c\":2},\"x\":1}");
    all.theirs = load("{\"a\":1,\"b\":{\"c\":3},\"y\":1}");
    assert_true(unit_fault_loop(merge_once, &all) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(cases, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_always_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(memory_may_fail_anywhere, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
