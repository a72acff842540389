/* SPDX-License-Identifier: Apache-2.0 */
/* Changing values: members and items set, moved and removed, in their order. */
#include "json/tree.h"
#include "unit.h"

static struct arena *arena;
static struct json_tree *tree;

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

static struct json_node *load(const char *text)
{
    const struct json *j = NULL;

    assert_int_equal(json_read(arena, str_of(text), 1000, &j, NULL), 0);
    assert_int_equal(json_tree_copy(arena, j, &tree, NULL), 0);
    return json_tree_root(tree);
}

/* Written from the tree and from its frozen copy. */
static void assert_tree(const char *expected)
{
    const struct json *frozen = NULL;
    struct buf b;

    buf_init(&b, 10000);
    json_node_write(&b, json_tree_root(tree));
    assert_string_equal(buf_cstr(&b), expected);
    assert_int_equal(json_node_freeze(arena, json_tree_root(tree), &frozen, NULL), 0);
    buf_clear(&b);
    json_write(&b, frozen);
    assert_string_equal(buf_cstr(&b), expected);
    buf_done(&b);
}

static void members(void **state)
{
    struct json_node *root = load("{\"a\":1.10,\"b\":2,\"c\":3}");

    (void)state;
    assert_true(json_node_set(tree, root, STR("b"), json_node_text(tree, STR("x"))));
    assert_tree("{\"a\":1.10,\"b\":\"x\",\"c\":3}");
    assert_true(json_node_set(tree, root, STR("c"), json_node_bool(tree, true)));
    assert_true(json_node_set(tree, root, STR("a"), json_node_array(tree)));
    assert_tree("{\"a\":[],\"b\":\"x\",\"c\":true}");
    assert_true(
        json_node_set(tree, root, STR("d"), json_node_number(tree, STR("2.50"))));
    assert_tree("{\"a\":[],\"b\":\"x\",\"c\":true,\"d\":2.50}");
    assert_true(json_node_remove(root, STR("d")));
    assert_true(json_node_remove(root, STR("a")));
    assert_false(json_node_remove(root, STR("a")));
    assert_tree("{\"b\":\"x\",\"c\":true}");
    assert_true(str_is(json_node_name_at(root, 1), "c"));
    assert_null(json_node_name_at(root, 2).p);
    assert_int_equal(json_node_kind(json_node_at(root, 1)), JSON_TRUE);
    assert_true(json_node_remove(root, STR("b")));
    assert_true(json_node_remove(root, STR("c")));
    assert_int_equal(json_node_count(root), 0);
    assert_true(json_node_set(tree, root, STR("n"), json_node_object(tree)));
    assert_tree("{\"n\":{}}");
    assert_false(json_node_set(
        tree, json_node_get(root, STR("no")), STR("x"), json_node_object(tree)));
    assert_false(json_node_set(tree, root, STR("x"), NULL));
}

static void items(void **state)
{
    struct json_node *root = load("[1,2,3]");

    (void)state;
    assert_true(json_node_insert(root, 0, json_node_text(tree, STR("first"))));
    assert_true(json_node_insert(root, 4, json_node_text(tree, STR("last"))));
    assert_false(json_node_insert(root, 6, json_node_text(tree, STR("no"))));
    assert_tree("[\"first\",1,2,3,\"last\"]");
    assert_true(json_node_replace(root, 4, json_node_bool(tree, false)));
    assert_false(json_node_replace(root, 5, json_node_bool(tree, false)));
    assert_true(json_node_remove_at(root, 0));
    assert_false(json_node_remove_at(root, 4));
    assert_tree("[1,2,3,false]");
    assert_true(str_is(json_node_str(json_node_at(root, 2)), "3"));
    assert_null(json_node_at(root, 4));
    while (json_node_count(root) > 0)
        assert_true(json_node_remove_at(root, 0));
    assert_tree("[]");
}

static void walking(void **state)
{
    struct json_node *root = load("{\"a\":[1,2,3],\"b\":{},\"c\":[]}");
    struct json_node_each it = json_node_each(root);
    static const char *const names[] = {"a", "b", "c"};
    size_t steps = 0;

    (void)state;
    for (; json_node_next(&it); steps++) {
        assert_int_equal(it.index, steps);
        assert_true(str_is(it.name, names[steps]));
        assert_true(it.value == json_node_get(root, it.name));
    }
    assert_int_equal(steps, 3);
    it = json_node_each(json_node_get(root, STR("a")));
    for (steps = 0; json_node_next(&it); steps++)
        assert_true(it.value == json_node_at(json_node_get(root, STR("a")), steps));
    assert_int_equal(steps, 3);
    it = json_node_each(json_node_get(root, STR("b")));
    assert_false(json_node_next(&it));
    it = json_node_each(NULL);
    assert_false(json_node_next(&it));
}

static void texts_and_copies(void **state)
{
    struct json_node *root = load("{\"a\":\"x\",\"b\":{\"c\":[\"d\"]}}");
    struct json_node *twin = json_node_clone(tree, json_node_get(root, STR("b")));

    (void)state;
    assert_non_null(twin);
    assert_true(json_node_set_text(
        tree, json_node_at(json_node_get(twin, STR("c")), 0), STR("changed")));
    assert_true(json_node_set_text(tree, json_node_get(root, STR("a")), STR("")));
    assert_true(json_node_set(tree, root, STR("twin"), twin));
    assert_tree("{\"a\":\"\",\"b\":{\"c\":[\"d\"]},\"twin\":{\"c\":[\"changed\"]}}");
    json_tree_set_root(tree, json_node_text(tree, STR("all")));
    assert_tree("\"all\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(members, set_up, tear_down),
        cmocka_unit_test_setup_teardown(items, set_up, tear_down),
        cmocka_unit_test_setup_teardown(walking, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_and_copies, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
