/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every statement step, every write, every allocation failing in turn: the answer is a
 * clean error, what is stored is the old state or the new, and the next try succeeds
 * without a restart. The first argument names the driver. Leaks are the sanitizer's.
 */
#include <stdio.h>
#include <string.h>

#include "node.h"
#include "store/fault.h"

enum fault { STEP, WRITE, FULL, ALLOC };

static unsigned long arm(enum fault fault, unsigned long n)
{
    switch (fault) {
    case STEP:
        return store_fail_step(n);
    case WRITE:
    case FULL:
        return store_fail_write(n, fault == FULL);
    case ALLOC:
        break;
    }
    return base_fail_alloc(n);
}

static bool clean_error(enum fault fault, int r)
{
    if (fault == FULL)
        return r == E_FULL;
    if (fault == ALLOC)
        return r == E_NOMEM;
    return r == E_IO;
}

/* ---- writing ---- */

struct scene {
    const char *a; /* bodies; "" deleted */
    const char *b;
    const char *c;
};

static void scene_is(struct node *n, const struct scene *s)
{
    assert_string_equal(node_body(n, "a"), s->a);
    assert_string_equal(node_body(n, "b"), s->b);
    assert_string_equal(node_body(n, "c"), s->c);
}

/* A member of 60 KB that does not pack: its body goes to a file. */
static const char *large(struct arena *a, unsigned long n)
{
    char *text = arena_alloc(a, 60001);
    uint32_t x = (uint32_t)n;

    for (size_t i = 0; i < 60000; i++) {
        x = x * 1103515245 + 12345;
        text[i] = (char)('a' + (x >> 16) % 26);
    }
    return text;
}

/* One transaction: change a, change b largely, delete c (or make it again). */
static int change(struct node *n, unsigned long k, struct scene *s)
{
    struct store_write w[3] = {0};
    struct scene next = *s;
    struct err err = {0};
    struct str a = patient(n->arena, "a",
        arena_printf(
            n->arena, ",\"tags\":[\"k%lu\"],\"ref\":\"Patient/new%lu\"", k, k));
    struct str b = patient(
        n->arena, "b", arena_printf(n->arena, ",\"x\":\"%s\"", large(n->arena, k)));
    struct str c = patient(n->arena, "c", ",\"name\":\"c\"");
    bool there = s->c[0] != '\0';
    int r = 0;

    next.a = a.p;
    next.b = b.p;
    next.c = there ? "" : c.p;
    r = node_write(n, &w[0], "a", a, &err);
    if (r == 0)
        r = node_write(n, &w[1], "b", b, &err);
    if (r == 0)
        r = node_write(n, &w[2], "c", there ? (struct str){0} : c, &err);
    if (r == 0)
        r = node_commit(n, w, 3, &err);
    assert_true(r == 0 || err.text[0] != '\0');
    if (r == 0)
        *s = next;
    return r;
}

static void writing_fails_cleanly(enum fault fault)
{
    struct node n;
    struct scene s = {0};
    unsigned long counted = 0;
    unsigned long k = 0;

    store_fail_files(true);
    node_make(&n, node_kind);
    MUST(node_put(&n, "a", "", NULL));
    MUST(node_put(&n, "b", "", NULL));
    MUST(node_put(&n, "c", "", NULL));
    s.a = node_body(&n, "a");
    s.b = node_body(&n, "b");
    s.c = node_body(&n, "c");
    do {
        k++;
        arm(fault, k);
        int r = change(&n, k, &s);
        counted = arm(fault, 0);
        if (counted < k)
            assert_int_equal(r, 0);
        else if (r < 0 && !clean_error(fault, r))
            fail_msg("fault %lu gave %s", k, err_name(r));
        scene_is(&n, &s);
        MUST(change(&n, 100000 + k, &s));
        scene_is(&n, &s);
    } while (counted >= k);
    assert_true(k > 3);
    assert_int_equal(node_verify(&n, true), 0);
    if (node_kind == STORE_SQLITE) {
        node_reopen(&n);
        scene_is(&n, &s);
        assert_int_equal(node_verify(&n, true), 0);
    }
    node_remove(&n);
    store_fail_files(false);
}

static void step_fails_while_writing(void **state)
{
    (void)state;
    writing_fails_cleanly(STEP);
}

static void write_fails_while_writing(void **state)
{
    (void)state;
    if (node_kind == STORE_SQLITE)
        writing_fails_cleanly(WRITE);
}

static void disk_full_while_writing(void **state)
{
    (void)state;
    if (node_kind == STORE_SQLITE)
        writing_fails_cleanly(FULL);
}

/* The tests' own arena takes part in failing allocations: what is made with it is made
 * before. Only committing is left to fail. */
static void memory_out_while_committing(void **state)
{
    struct node n;
    unsigned long counted = 0;
    unsigned long k = 0;
    const char *was = NULL;

    (void)state;
    node_make(&n, node_kind);
    MUST(node_put(&n, "a", ",\"tags\":[\"x\"]", NULL));
    was = node_body(&n, "a");
    do {
        struct store_write w = {0};
        struct err err = {0};
        struct str body = {0};
        int r = 0;
        k++;
        body = patient(n.arena, "a", arena_printf(n.arena, ",\"tags\":[\"%lu\"]", k));
        MUST(node_write(&n, &w, "a", body, &err));
        base_fail_alloc(k);
        r = node_commit(&n, &w, 1, &err);
        counted = base_fail_alloc(0);
        if (r == 0)
            was = body.p;
        else
            assert_int_equal(r, E_NOMEM);
        assert_string_equal(node_body(&n, "a"), was);
    } while (counted >= k);
    assert_int_equal(node_verify(&n, true), 0);
    node_remove(&n);
}

/* ---- opening, rebuilding, backing up ---- */

static int reopen(struct node *n)
{
    const struct store_view *views[] = {&sample_view};
    struct store_options o = {.kind = node_kind, .path = n->path};
    struct err err = {0};
    int r = store_open(&o, views, 1, &n->store, &err);

    assert_true(r == 0 || err.text[0] != '\0');
    return r;
}

static void opening_fails_cleanly(enum fault fault)
{
    struct node n;
    unsigned long counted = 0;
    unsigned long k = 0;

    store_fail_files(true);
    node_make(&n, node_kind);
    MUST(node_put(&n, "a", ",\"tags\":[\"x\"]", NULL));
    store_close(n.store);
    n.store = NULL;
    do {
        k++;
        sample_view.digest = k % 2 ? "odd" : "even"; /* so that the view is filled */
        arm(fault, k);
        int r = reopen(&n);
        counted = arm(fault, 0);
        if (r == 0) {
            assert_non_null(node_body(&n, "a"));
            store_close(n.store);
            n.store = NULL;
        } else if (!clean_error(fault, r)) {
            fail_msg("fault %lu gave %s", k, err_name(r));
        }
        MUST(reopen(&n));
        assert_int_equal(node_verify(&n, true), 0);
        store_close(n.store);
        n.store = NULL;
    } while (counted >= k);
    sample_view.digest = "1";
    node_remove(&n);
    store_fail_files(false);
}

static void step_fails_while_opening(void **state)
{
    (void)state;
    if (node_kind == STORE_SQLITE)
        opening_fails_cleanly(STEP);
}

static void write_fails_while_opening(void **state)
{
    (void)state;
    if (node_kind == STORE_SQLITE)
        opening_fails_cleanly(WRITE);
}

static void memory_out_while_opening(void **state)
{
    (void)state;
    if (node_kind == STORE_SQLITE)
        opening_fails_cleanly(ALLOC);
}

static void records_make(struct node *n)
{
    node_make(n, node_kind);
    for (unsigned i = 0; i < 10; i++)
        MUST(node_put(n, arena_printf(n->arena, "p%u", i), ",\"tags\":[\"x\"]", NULL));
}

static void rebuild_fails_cleanly(void **state)
{
    struct node n;
    unsigned long counted = 0;
    unsigned long k = 0;

    (void)state;
    records_make(&n);
    do {
        struct err err = {0};
        int r = 0;
        store_fail_step(++k);
        r = store_rebuild(n.store, NULL, NULL, NULL, &err);
        counted = store_fail_step(0);
        /* ending a snapshot may fail without harm */
        assert_true(r == 0 || (r == E_IO && counted >= k));
        MUST(store_rebuild(n.store, NULL, NULL, NULL, &err));
        assert_int_equal(node_verify(&n, true), 0);
    } while (counted >= k);
    node_remove(&n);
}

static int bulk(struct node *n, unsigned long k)
{
    struct err err = {0};
    int r = store_bulk_begin(n->store, &err);

    if (r < 0)
        return r;
    r = node_put(n, "bulk", arena_printf(n->arena, ",\"tags\":[\"%lu\"]", k), NULL);
    if (store_bulk_end(n->store, &err) < 0)
        r = err.code;
    return r;
}

static void bulk_fails_cleanly(void **state)
{
    struct node n;
    unsigned long counted = 0;
    unsigned long k = 0;

    (void)state;
    records_make(&n);
    do {
        struct err err = {0};
        int r = 0;
        store_fail_step(++k);
        r = bulk(&n, k);
        counted = store_fail_step(0);
        assert_true(r == 0 || r == E_IO);
        assert_true(counted >= k || r == 0);
        /* a load that failed may leave views to be filled, which rebuild does */
        if (r < 0)
            MUST(store_rebuild(n.store, NULL, NULL, NULL, &err));
        MUST(bulk(&n, 100000 + k));
        assert_int_equal(node_verify(&n, true), 0);
    } while (counted >= k);
    node_remove(&n);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(step_fails_while_writing),
        cmocka_unit_test(write_fails_while_writing),
        cmocka_unit_test(disk_full_while_writing),
        cmocka_unit_test(memory_out_while_committing),
        cmocka_unit_test(step_fails_while_opening),
        cmocka_unit_test(write_fails_while_opening),
        cmocka_unit_test(memory_out_while_opening),
        cmocka_unit_test(rebuild_fails_cleanly),
        cmocka_unit_test(bulk_fails_cleanly),
    };

    node_arguments(argc, argv);
    return cmocka_run_group_tests_name("store, faults", tests, NULL, NULL);
}
