/* SPDX-License-Identifier: Apache-2.0 */
/* Writing and reading records; transactions. The first argument names the driver. */
#include <stdio.h>
#include <string.h>

#include "node.h"

/* ---- one record ---- */

static void created_is_read(void **state)
{
    struct node *n = *state;
    struct store_write w;
    struct store_reader *r = NULL;
    struct store_record record;
    struct err err = {0};

    MUST(node_put(n, "a", ",\"name\":\"Ann\"", &w));
    assert_int_equal(w.done, STORE_CREATE);
    assert_int_equal(w.seq, 1);
    assert_false(w.unchanged);
    assert_int_equal(strlen(w.vid), STORE_VID_CHARS);
    MUST(store_read_begin(n->store, &r, &err));
    MUST(store_get(r, n->arena, patient_type->number, STR("a"), &record, &err));
    store_read_end(r);
    assert_string_equal(record.vid, w.vid);
    assert_int_equal(record.rid, w.rid);
    assert_int_equal(record.updated, w.updated);
    assert_int_equal(record.operation, STORE_CREATE);
    assert_true(str_is(record.id, "a"));
    assert_true(str_is(record.actor, "Practitioner/tester"));
    assert_true(str_eq(record.body, patient(n->arena, "a", ",\"name\":\"Ann\"")));
    assert_null(node_body(n, "b"));
}

static void uuid_names_are_kept(void **state)
{
    struct node *n = *state;
    const char *ids[] = {"01890a5d-ac96-774b-bcce-b302099a8057",
        "01890A5D-AC96-774B-BCCE-B302099A8057", "0123456789abcdef"};

    for (size_t i = 0; i < 3; i++)
        MUST(node_put(n, ids[i], "", NULL));
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(node_body(n, ids[i]), patient(n->arena, ids[i], "").p);
    }
}

static void update_delete_and_again(void **state)
{
    struct node *n = *state;
    struct store_write a;
    struct store_write b;
    struct store_write c;
    struct store_write d;
    struct store_reader *r = NULL;
    struct store_record *h = NULL;
    struct store_record one;
    struct store_history q = {.limit = 10, .body = true};
    size_t count = 0;
    int64_t live = 0;
    struct err err = {0};

    MUST(node_put(n, "a", ",\"tags\":[\"x\"]", &a));
    MUST(node_put(n, "a", ",\"tags\":[\"y\"]", &b));
    assert_int_equal(b.done, STORE_UPDATE);
    assert_string_not_equal(a.vid, b.vid);
    MUST(node_delete(n, "a", &c));
    assert_int_equal(c.done, STORE_DELETE);
    assert_string_equal(node_body(n, "a"), "");
    MUST(node_put(n, "a", ",\"tags\":[\"y\"]", &d));
    assert_int_equal(d.done, STORE_CREATE);
    assert_false(d.unchanged);
    MUST(store_read_begin(n->store, &r, &err));
    q.rid = a.rid;
    MUST(store_history(r, n->arena, &q, &h, &count, &err));
    assert_int_equal(count, 4);
    assert_string_equal(h[0].vid, d.vid);
    assert_string_equal(h[1].vid, c.vid);
    assert_int_equal(h[1].operation, STORE_DELETE);
    assert_int_equal(h[1].body.len, 0);
    assert_string_equal(h[3].vid, a.vid);
    assert_true(str_eq(h[3].body, patient(n->arena, "a", ",\"tags\":[\"x\"]")));
    MUST(store_get_version(
        r, n->arena, patient_type->number, STR("a"), str_of(b.vid), &one, &err));
    assert_int_equal(one.seq, b.seq);
    assert_int_equal(store_get_version(r, n->arena, patient_type->number, STR("a"),
                         STR("0000000000000000"), &one, &err),
        E_NOT_FOUND);
    MUST(store_count(r, patient_type->number, &live, &err));
    assert_int_equal(live, 1);
    store_read_end(r);
    assert_int_equal(node_verify(n, true), 0);
}

static void unchanged_makes_no_version(void **state)
{
    struct node *n = *state;
    struct store_write a;
    struct store_write b;
    struct store_write c;

    MUST(node_put(n, "a", ",\"name\":\"A\"", &a));
    MUST(node_put(n, "a", ",\"name\":\"A\"", &b));
    assert_true(b.unchanged);
    assert_int_equal(b.seq, a.seq);
    assert_string_equal(b.vid, a.vid);
    MUST(node_delete(n, "never", &c));
    assert_true(c.unchanged);
    assert_int_equal(c.seq, 0);
    MUST(node_delete(n, "a", NULL));
    MUST(node_delete(n, "a", &c));
    assert_true(c.unchanged);
    assert_int_equal(c.seq, 2);
}

static int put_expecting(
    struct node *n, const char *id, enum store_expect expect, const char *vid)
{
    struct store_write w = {.expect = expect};
    struct err err = {0};
    int r = 0;

    if (vid)
        strcpy(w.expect_vid, vid);
    MUST(node_write(n, &w, id, patient(n->arena, id, ",\"name\":\"new\""), &err));
    r = node_commit(n, &w, 1, &err);
    assert_true(r == 0 || err.text[0] != '\0');
    return r;
}

static void expectations_hold(void **state)
{
    struct node *n = *state;
    struct store_write w;
    struct store_write soft = {.expect = STORE_EXPECT_VID, .expect_soft = true};
    struct err err = {0};

    assert_int_equal(put_expecting(n, "a", STORE_EXPECT_LIVE, NULL), E_NOT_FOUND);
    assert_int_equal(
        put_expecting(n, "a", STORE_EXPECT_VID, "0011223344556677"), E_PRECONDITION);
    MUST(put_expecting(n, "a", STORE_EXPECT_ABSENT, NULL));
    assert_int_equal(put_expecting(n, "a", STORE_EXPECT_ABSENT, NULL), E_PRECONDITION);
    MUST(node_put(n, "a", ",\"name\":\"other\"", &w));
    MUST(put_expecting(n, "a", STORE_EXPECT_VID, w.vid));
    assert_int_equal(put_expecting(n, "a", STORE_EXPECT_VID, w.vid), E_PRECONDITION);
    strcpy(soft.expect_vid, w.vid);
    MUST(node_write(n, &soft, "a", patient(n->arena, "a", ",\"x\":1"), &err));
    assert_int_equal(node_commit(n, &soft, 1, &err), E_CONFLICT);
    MUST(node_delete(n, "a", NULL));
    assert_int_equal(put_expecting(n, "a", STORE_EXPECT_LIVE, NULL), E_GONE);
    MUST(put_expecting(n, "a", STORE_EXPECT_ABSENT, NULL));
}

/* ---- transactions ---- */

static void transaction_is_all_or_nothing(void **state)
{
    struct node *n = *state;
    struct store_write w[3] = {0};
    struct store_transaction t = {.writes = w, .count = 3, .actor = STR("x")};
    const char *before = NULL;
    struct err err = {0};

    MUST(node_put(n, "a", ",\"tags\":[\"old\"],\"name\":\"a\"", NULL));
    before = node_rows(n);
    MUST(
        node_write(n, &w[0], "a", patient(n->arena, "a", ",\"tags\":[\"new\"]"), &err));
    MUST(node_write(n, &w[1], "b",
        patient(n->arena, "b", ",\"tags\":[\"new\"],\"ref\":\"Patient/zz\""), &err));
    MUST(node_write(n, &w[2], "c",
        patient(n->arena, "c", ",\"fail\":true,\"tags\":[\"f\"]"), &err));
    assert_int_equal(store_commit(n->store, &t, &err), E_INVALID);
    assert_int_equal(t.failed, 2);
    assert_string_equal(err.text, "The view was told to fail.");
    assert_string_equal(node_rows(n), before);
    assert_null(node_body(n, "b"));
    assert_int_equal(node_verify(n, true), 0);
    /* the names it gave are free again, and given again */
    MUST(node_put(n, "b", "", &w[1]));
    assert_int_equal(w[1].seq, 2);
    assert_int_equal(node_verify(n, true), 0);
}

static void several_writes_of_one_record(void **state)
{
    struct node *n = *state;
    struct store_write w[3] = {0};
    struct err err = {0};

    MUST(node_write(n, &w[0], "a", patient(n->arena, "a", ",\"tags\":[\"1\"]"), &err));
    MUST(node_write(n, &w[1], "a", patient(n->arena, "a", ",\"tags\":[\"2\"]"), &err));
    MUST(node_write(n, &w[2], "a", patient(n->arena, "a", ",\"tags\":[\"3\"]"), &err));
    MUST(node_commit(n, w, 3, &err));
    assert_int_equal(w[0].done, STORE_CREATE);
    assert_int_equal(w[2].done, STORE_UPDATE);
    assert_int_equal(w[2].seq, 3);
    assert_int_equal(node_verify(n, true), 0);
}

static int guard_says(struct store_reader *r, void *arg, struct err *err)
{
    int64_t count = 0;

    MUST(store_count(r, patient_type->number, &count, err));
    if (count == *(int64_t *)arg)
        return 0;
    return err_set(err, E_CONFLICT, NULL, "There are %lld.", (long long)count);
}

static void guard_decides(void **state)
{
    struct node *n = *state;
    struct store_write w = {0};
    int64_t expected = 1;
    struct store_transaction t = {.writes = &w,
        .count = 1,
        .actor = STR("x"),
        .guard = guard_says,
        .guard_arg = &expected};
    struct err err = {0};

    MUST(node_put(n, "a", "", NULL));
    MUST(node_write(n, &w, "b", patient(n->arena, "b", ""), &err));
    MUST(store_commit(n->store, &t, &err));
    assert_int_equal(store_commit(n->store, &t, &err), E_CONFLICT);
    assert_int_equal(t.failed, SIZE_MAX);
}

struct seen {
    unsigned events;
    unsigned done;
    int64_t last;
};

static void on_event(const struct store_event *e, void *arg)
{
    struct seen *s = arg;

    s->events++;
    s->last = e->seq;
}

static void on_done(struct store_transaction *t, void *arg)
{
    struct seen *s = arg;

    (void)t;
    s->done++;
}

static void events_follow_commits(void **state)
{
    struct node *n = *state;
    struct seen seen = {0};
    struct store_write w[2] = {0};
    struct store_transaction t = {
        .writes = w, .count = 2, .actor = STR("x"), .done = on_done, .done_arg = &seen};
    struct err err = {0};

    store_listen(n->store, on_event, &seen);
    MUST(node_write(n, &w[0], "a", patient(n->arena, "a", ""), &err));
    MUST(node_write(n, &w[1], "b", patient(n->arena, "b", ""), &err));
    MUST(store_commit(n->store, &t, &err));
    assert_int_equal(seen.events, 2);
    assert_int_equal(seen.done, 1);
    assert_int_equal(seen.last, 2);
    MUST(store_commit(n->store, &t, &err)); /* the same again: nothing changed */
    assert_int_equal(seen.events, 2);
    assert_int_equal(seen.done, 2);
    store_listen(n->store, NULL, NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(created_is_read),
        NODE_TEST(uuid_names_are_kept),
        NODE_TEST(update_delete_and_again),
        NODE_TEST(unchanged_makes_no_version),
        NODE_TEST(expectations_hold),
        NODE_TEST(transaction_is_all_or_nothing),
        NODE_TEST(several_writes_of_one_record),
        NODE_TEST(guard_decides),
        NODE_TEST(events_follow_commits),
    };

    node_arguments(argc, argv);
    return cmocka_run_group_tests_name("store, records", tests, NULL, NULL);
}
