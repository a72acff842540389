/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The trail over each driver: blocks are added and found again, a change and what tells
 * of it are one, and every failing step leaves the old state or the new.
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"

#include "node.h"
#include "store/fault.h"
#include "store/trail.h"

/* Tells of each change: "id vid;" and as subject the record itself. */
struct teller {
    int fail; /* with this error instead */
    unsigned groups;
};

static int tell(void *arg, struct store_tx *tx, struct arena *a,
    const struct store_transaction *first, struct store_block *ret, struct err *err)
{
    struct teller *teller = arg;
    store_rid *subjects = arena_array(a, 1, sizeof(*subjects));
    char *text = arena_strndup(a, "", 0);

    (void)tx;
    teller->groups++;
    if (teller->fail)
        return err_set(err, teller->fail, NULL, "It is not to be told.");
    for (const struct store_transaction *t = first; t; t = t->next_) {
        for (size_t i = 0; t->result == 0 && i < t->count; i++) {
            const struct store_write *w = &t->writes[i];

            if (w->unchanged)
                continue;
            text = text ? arena_printf(
                              a, "%s%.*s %s;", text, (int)w->id.len, w->id.p, w->vid)
                        : NULL;
            ret->count++;
            if (subjects)
                subjects[0] = w->rid;
        }
    }
    if (!text || !subjects)
        return err_nomem(err);
    ret->subjects = subjects;
    ret->subject_count = ret->count > 0;
    ret->body = str_of(text);
    return 0;
}

static struct teller teller;
static const struct store_trail_source source = {tell, &teller};

static int setup(void **state)
{
    int r = node_setup(state);
    struct node *n = *state;

    teller = (struct teller){0};
    store_trail_source(n->store, &source);
    return r;
}

static int add(struct node *n, const char *body, const store_rid *subjects,
    size_t count, struct err *err)
{
    struct store_block block = {
        .count = 1, .subjects = subjects, .subject_count = count, .body = str_of(body)};

    return store_trail_add(n->store, &block, err);
}

/* All bodies joined by "|", first to last. */
static const char *bodies(struct node *n)
{
    struct store_reader *r = NULL;
    struct store_block b = {0};
    const char *text = "";
    struct err err = {0};
    int64_t from = 0;

    MUST(store_read_begin(n->store, &r, &err));
    while (store_block_step(r, n->arena, from, false, &b, &err) == 0) {
        text = arena_printf(n->arena, "%s%.*s|", text, (int)b.body.len, b.body.p);
        from = b.seq + 1;
    }
    assert_int_equal(err.code, E_NOT_FOUND);
    store_read_end(r);
    return text;
}

static size_t about(struct node *n, store_rid subject, int64_t *out, size_t limit)
{
    struct store_block_list list = {
        .subject = subject, .below = INT64_MAX, .out = out, .limit = limit};
    struct store_reader *r = NULL;
    struct err err = {0};

    MUST(store_read_begin(n->store, &r, &err));
    MUST(store_block_list(r, &list, &err));
    store_read_end(r);
    return list.count;
}

static void blocks_are_found_again(void **state)
{
    static const store_rid few[] = {3, 70000, INT64_MAX};
    struct node *n = *state;
    struct store_reader *r = NULL;
    struct store_block b = {0};
    struct str head = {0};
    struct err err = {0};
    int64_t seqs[8];

    MUST(add(n, "one", few, 3, &err));
    MUST(add(n, "two", NULL, 0, &err));
    MUST(add(n, "three", few + 1, 1, &err));
    assert_string_equal(bodies(n), "one|two|three|");
    assert_int_equal(about(n, 70000, seqs, 8), 2);
    assert_int_equal(seqs[0], 3);
    assert_int_equal(seqs[1], 1);
    assert_int_equal(about(n, 4, seqs, 8), 0);
    MUST(store_read_begin(n->store, &r, &err));
    MUST(store_block_step(r, n->arena, 3, true, &b, &err));
    assert_int_equal(b.seq, 2);
    MUST(store_block_step(r, n->arena, 1, false, &b, &err));
    assert_int_equal(b.subject_count, 3);
    assert_memory_equal(b.subjects, few, sizeof(few));
    MUST(store_trail_head(r, n->arena, &head, &err));
    assert_true(str_starts(head, "3:"));
    store_read_end(r);
    assert_int_equal(node_verify(n, true), 0);
}

static void change_and_entry_are_one(void **state)
{
    struct node *n = *state;
    struct store_write w = {0};
    struct err err = {0};
    int64_t seqs[2];
    int r = 0;

    MUST(node_put(n, "a", "", &w));
    assert_string_equal(bodies(n), arena_printf(n->arena, "a %s;|", w.vid));
    assert_int_equal(about(n, w.rid, seqs, 2), 1);
    /* what does not change is not told of */
    MUST(node_put(n, "a", "", NULL));
    assert_int_equal(about(n, w.rid, seqs, 2), 1);
    /* what cannot be told of does not happen */
    teller.fail = E_FULL;
    r = node_put(n, "b", "", NULL);
    assert_int_equal(r, E_FULL);
    assert_null(node_body(n, "b"));
    teller.fail = 0;
    MUST(node_put(n, "b", "", NULL));
    assert_int_equal(node_verify(n, true), 0);
    /* a version nobody tells of is found by verify */
    store_trail_source(n->store, NULL);
    MUST(node_put(n, "c", "", NULL));
    assert_true(node_verify(n, false) > 0);
    /* and a block of other things does not hide it */
    MUST(add(n, "read", NULL, 0, &err));
    assert_true(node_verify(n, false) > 0);
}

static void blocks_survive(void **state)
{
    struct node *n = *state;
    struct err err = {0};
    const char *was = NULL;

    MUST(node_put(n, "a", "", NULL));
    MUST(add(n, "read", NULL, 0, &err));
    if (node_kind != STORE_SQLITE)
        return;
    was = bodies(n);
    node_reopen(n);
    store_trail_source(n->store, &source);
    assert_string_equal(bodies(n), was);
    MUST(node_put(n, "b", "", NULL));
    assert_int_equal(node_verify(n, true), 0);
}

/* A program beside the one that writes adds to the same chain. */
static void another_process_adds(void **state)
{
    struct node *n = *state;
    struct store_options o = {.path = n->path, .read_only = true};
    struct store_block block = {.count = 1, .body = STR("export")};
    struct store *beside = NULL;
    struct err err = {0};

    if (node_kind != STORE_SQLITE)
        return;
    MUST(node_put(n, "a", "", NULL));
    MUST(store_open(&o, NULL, 0, &beside, &err));
    MUST(store_trail_add(beside, &block, &err));
    MUST(node_put(n, "b", "", NULL));
    MUST(store_trail_add(beside, &block, &err));
    store_close(beside);
    assert_non_null(strstr(bodies(n), "|export|b "));
    assert_int_equal(node_verify(n, true), 0);
}

enum fault { STEP, ALLOC };

static unsigned long arm(enum fault fault, unsigned long n)
{
    return fault == STEP ? store_fail_step(n) : base_fail_alloc(n);
}

/* ${change}: a change, else a block by itself. */
static void fails_cleanly(struct node *n, enum fault fault, bool change)
{
    unsigned long counted = 0;
    unsigned long k = 0;

    do {
        static const store_rid subject = 5;
        struct store_write w = {0};
        struct err err = {0};
        const char *was = bodies(n);
        struct str body = {0};
        int r = 0;

        k++;
        body = patient(n->arena, "a", arena_printf(n->arena, ",\"k\":\"%lu\"", k));
        MUST(node_write(n, &w, "a", body, &err));
        arm(fault, k);
        r = change ? node_commit(n, &w, 1, &err) : add(n, "read", &subject, 1, &err);
        counted = arm(fault, 0);
        if (r == 0)
            assert_string_not_equal(bodies(n), was);
        else
            assert_string_equal(bodies(n), was);
        assert_true(r == 0 || r == (fault == STEP ? E_IO : E_NOMEM));
    } while (counted >= k);
    assert_true(k > 3);
    assert_int_equal(node_verify(n, true), 0);
}

static void step_fails(void **state)
{
    MUST(node_put(*state, "a", "", NULL));
    fails_cleanly(*state, STEP, true);
    fails_cleanly(*state, STEP, false);
}

static void memory_is_out(void **state)
{
    MUST(node_put(*state, "a", "", NULL));
    fails_cleanly(*state, ALLOC, true);
    fails_cleanly(*state, ALLOC, false);
}

#define TRAIL_TEST(name) cmocka_unit_test_setup_teardown(name, setup, node_teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TRAIL_TEST(blocks_are_found_again),
        TRAIL_TEST(change_and_entry_are_one),
        TRAIL_TEST(blocks_survive),
        TRAIL_TEST(another_process_adds),
        TRAIL_TEST(step_fails),
        TRAIL_TEST(memory_is_out),
    };

    node_arguments(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
