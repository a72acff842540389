/* SPDX-License-Identifier: Apache-2.0 */
/* Versions that go from node to node, and records with several heads. The first
 * argument names the driver. */
#include <string.h>

#include "base/time.h"

#include "node.h"
#include "store/foreign.h"

struct pair {
    struct node a;
    struct node b;
};

static int setup(void **state)
{
    static struct pair p;

    node_make(&p.a, node_kind);
    node_make(&p.b, node_kind);
    *state = &p;
    return 0;
}

static int teardown(void **state)
{
    struct pair *p = *state;

    node_remove(&p->a);
    node_remove(&p->b);
    return 0;
}

/* Give version ${seq} of ${from} to ${to}; ${change} may spoil it on the way. */
static int give(struct node *from, struct node *to, int64_t seq,
    void (*change)(struct store_foreign *f, struct store_write *w), bool *ret_unchanged)
{
    struct store_reader *r = NULL;
    struct store_foreign f;
    struct store_record record;
    struct store_write w = {0};
    struct store_transaction t = {.writes = &w, .count = 1};
    struct err err = {0};
    int code = 0;

    MUST(store_read_begin(from->store, &r, &err));
    MUST(store_foreign_get(r, from->arena, seq, &f, &record, &err));
    store_read_end(r);
    MUST(node_write(to, &w, arena_strndup(to->arena, record.id.p, record.id.len),
        record.body.len ? record.body : (struct str){0}, &err));
    t.actor = record.actor;
    w.operation = record.operation;
    w.foreign_ = &f;
    if (change)
        change(&f, &w);
    code = store_commit(to->store, &t, &err);
    if (ret_unchanged)
        *ret_unchanged = w.unchanged;
    assert_true(code == 0 || err.text[0] != '\0');
    return code;
}

static size_t heads_of(struct node *n, const char *id, int64_t out[8])
{
    struct store_reader *r = NULL;
    struct err err = {0};
    store_rid rid = 0;
    size_t count = 0;

    MUST(store_read_begin(n->store, &r, &err));
    MUST(store_find(r, patient_type->number, str_of(id), &rid, &err));
    MUST(store_heads(r, rid, out, 8, &count, &err));
    store_read_end(r);
    return count;
}

static void given_version_is_the_same(void **state)
{
    struct pair *p = *state;
    struct store_reader *r = NULL;
    struct store_record record;
    struct store_write w;
    bool unchanged = false;
    struct err err = {0};

    MUST(node_put(&p->a, "x", ",\"tags\":[\"one\"]", &w));
    MUST(give(&p->a, &p->b, 1, NULL, &unchanged));
    assert_false(unchanged);
    assert_string_equal(node_body(&p->b, "x"), node_body(&p->a, "x"));
    MUST(store_read_begin(p->b.store, &r, &err));
    MUST(store_get(r, p->b.arena, patient_type->number, STR("x"), &record, &err));
    store_read_end(r);
    assert_string_equal(record.vid, w.vid);
    assert_int_equal(record.updated, w.updated);
    assert_string_equal(node_rows(&p->b), node_rows(&p->a));
    MUST(give(&p->a, &p->b, 1, NULL, &unchanged));
    assert_true(unchanged);
    MUST(node_delete(&p->a, "x", NULL));
    MUST(give(&p->a, &p->b, 2, NULL, NULL));
    assert_string_equal(node_body(&p->b, "x"), "");
    assert_int_equal(node_verify(&p->b, true), 0);
}

static void two_changes_at_once(void **state)
{
    struct pair *p = *state;
    struct store_write merge = {.merge_ = true};
    int64_t heads[8];
    const char *before = NULL;
    struct err err = {0};

    MUST(node_put(&p->a, "x", ",\"tags\":[\"one\"]", NULL));
    MUST(give(&p->a, &p->b, 1, NULL, NULL));
    time_hold(time_now() + 1000);
    MUST(node_put(&p->a, "x", ",\"tags\":[\"from-a\"]", NULL));
    time_hold(time_now() + 1000);
    MUST(node_put(&p->b, "x", ",\"tags\":[\"from-b\"]", NULL));
    time_hold(0);
    MUST(give(&p->a, &p->b, 2, NULL, NULL)); /* the older: b's own stays current */
    MUST(give(&p->b, &p->a, 2, NULL, NULL)); /* the newer: becomes current */
    assert_int_equal(heads_of(&p->a, "x", heads), 2);
    assert_int_equal(heads_of(&p->b, "x", heads), 2);
    assert_string_equal(node_body(&p->a, "x"), node_body(&p->b, "x"));
    assert_non_null(strstr(node_body(&p->a, "x"), "from-b"));
    assert_string_equal(node_rows(&p->a), node_rows(&p->b));
    assert_int_equal(node_verify(&p->a, true), 0);
    assert_int_equal(node_verify(&p->b, true), 0);
    /* an ordinary change leaves the other head; a merge does not */
    MUST(node_put(&p->a, "x", ",\"tags\":[\"again\"]", NULL));
    assert_int_equal(heads_of(&p->a, "x", heads), 2);
    MUST(node_write(
        &p->a, &merge, "x", patient(p->a.arena, "x", ",\"tags\":[\"merged\"]"), &err));
    merge.merge_ = true;
    MUST(node_commit(&p->a, &merge, 1, &err));
    assert_int_equal(heads_of(&p->a, "x", heads), 1);
    assert_int_equal(node_verify(&p->a, true), 0);
    MUST(give(&p->a, &p->b, 4, NULL, NULL));
    MUST(give(&p->a, &p->b, 5, NULL, NULL));
    assert_int_equal(heads_of(&p->b, "x", heads), 1);
    assert_string_equal(node_body(&p->b, "x"), node_body(&p->a, "x"));
    assert_int_equal(node_verify(&p->b, true), 0);
    MUST(store_rebuild(p->b.store, NULL, NULL, NULL, &err));
    assert_string_equal(node_rows(&p->a), node_rows(&p->b));
    before = node_past(&p->a);
    MUST(store_rebuild(p->a.store, "past", NULL, NULL, &err));
    assert_string_equal(node_past(&p->a), before);
    if (node_kind == STORE_SQLITE) {
        node_reopen(&p->b);
        MUST(node_put(&p->b, "y", "", NULL));
        assert_int_equal(node_verify(&p->b, true), 0);
    }
}

static void spoil_hash(struct store_foreign *f, struct store_write *w)
{
    (void)w;
    f->hash[0] ^= 1;
}

static void spoil_previous(struct store_foreign *f, struct store_write *w)
{
    (void)w;
    f->previous[0] ^= 1;
}

static void spoil_body(struct store_foreign *f, struct store_write *w)
{
    (void)f;
    w->body_hash[5] ^= 1;
}

static void what_does_not_fit_is_refused(void **state)
{
    struct pair *p = *state;

    MUST(node_put(&p->a, "x", ",\"tags\":[\"one\"]", NULL));
    MUST(node_put(&p->a, "x", ",\"tags\":[\"two\"]", NULL));
    assert_int_equal(give(&p->a, &p->b, 2, NULL, NULL), E_CONFLICT);
    assert_int_equal(give(&p->a, &p->b, 1, spoil_hash, NULL), E_CORRUPT);
    assert_int_equal(give(&p->a, &p->b, 1, spoil_previous, NULL), E_CORRUPT);
    assert_int_equal(give(&p->a, &p->b, 1, spoil_body, NULL), E_CORRUPT);
    assert_null(node_body(&p->b, "x"));
    MUST(give(&p->a, &p->b, 1, NULL, NULL));
    MUST(give(&p->a, &p->b, 2, NULL, NULL));
    assert_int_equal(node_verify(&p->b, true), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(given_version_is_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(two_changes_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_refused, setup, teardown),
    };

    node_arguments(argc, argv);
    return cmocka_run_group_tests_name("store, heads", tests, NULL, NULL);
}
