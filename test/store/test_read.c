/* SPDX-License-Identifier: Apache-2.0 */
/* Snapshots, lists, tables, history. The first argument names the driver. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "base/time.h"

#include "node.h"

/* ---- snapshots, lists, tables ---- */

static void snapshot_stays(void **state)
{
    struct node *n = *state;
    struct store_reader *r = NULL;
    struct store_record record;
    int64_t seq = 0;
    struct err err = {0};

    MUST(node_put(n, "a", ",\"name\":\"1\"", NULL));
    MUST(store_read_begin(n->store, &r, &err));
    MUST(node_put(n, "a", ",\"name\":\"2\"", NULL));
    MUST(node_put(n, "b", "", NULL));
    MUST(store_seq(r, &seq, &err));
    assert_int_equal(seq, 1);
    MUST(store_get(r, n->arena, patient_type->number, STR("a"), &record, &err));
    assert_true(str_eq(record.body, patient(n->arena, "a", ",\"name\":\"1\"")));
    store_read_end(r);
    MUST(store_read_begin(n->store, &r, &err));
    MUST(store_seq(r, &seq, &err));
    assert_int_equal(seq, 3);
    store_read_end(r);
}

/* Who holds all of them and asks for more gets it, since nobody else can give one back. */
static void holding_all_readers_is_no_end(void **state)
{
    struct node *n = *state;
    size_t most = 2 * (size_t)thread_cpus() + 2 + 3;
    struct store_reader **held = calloc(most, sizeof(struct store_reader *));
    int64_t seq = 0;
    struct err err = {0};

    MUST(node_put(n, "a", "", NULL));
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < most; i++) {
            MUST(store_read_begin(n->store, &held[i], &err));
            MUST(store_seq(held[i], &seq, &err));
            assert_int_equal(seq, 1 + round);
        }
        for (size_t i = 0; i < most; i++)
            store_read_end(held[i]);
        MUST(node_put(n, "b", "", NULL));
    }
    free(held);
}

static void rids_go_both_ways(void **state)
{
    struct node *n = *state;
    struct store_reader *r = NULL;
    store_rid up[40];
    store_rid down[40];
    size_t count = 0;
    size_t some = 0;
    bool live = true;
    struct str name;
    char id[16];
    struct err err = {0};

    for (unsigned i = 0; i < 30; i++) {
        snprintf(id, sizeof(id), "p%u", i);
        MUST(node_put(n, id, ",\"ref\":\"Patient/mentioned\"", NULL));
    }
    MUST(node_delete(n, "p7", NULL));
    MUST(store_read_begin(n->store, &r, &err));
    MUST(store_rids(r, patient_type->number, 0, up, 40, &count, &err));
    assert_int_equal(count, 29);
    MUST(store_rids_before(r, patient_type->number, 0, down, 40, &count, &err));
    assert_int_equal(count, 29);
    for (size_t i = 0; i < 29; i++)
        assert_int_equal(up[i], down[28 - i]);
    MUST(store_rids(r, patient_type->number, up[9], down, 5, &some, &err));
    assert_int_equal(some, 5);
    assert_int_equal(down[0], up[10]);
    MUST(store_rids_before(r, patient_type->number, up[9], down, 5, &some, &err));
    assert_int_equal(down[0], up[8]);
    MUST(store_find(r, patient_type->number, STR("mentioned"), &up[0], &err));
    MUST(store_live(r, up[0], &live, &err));
    assert_false(live);
    MUST(store_name(r, n->arena, up[0], &name, &err));
    assert_true(str_is(name, "mentioned"));
    store_read_end(r);
}

static unsigned number_of(const struct store_row *row)
{
    assert_int_equal(row->key_len, 3);
    assert_int_equal(row->value_len, 8);
    return (unsigned)((row->key[0] - '0') * 100 + (row->key[1] - '0') * 10 +
                      (row->key[2] - '0'));
}

/* The table holds the even numbers below 128; a cursor set at any number must walk all of
 * them above it, and all below it downwards. */
static void cursors_agree_with_a_model(void **state)
{
    struct node *n = *state;
    struct store_reader *r = NULL;
    struct store_cursor *c = NULL;
    struct store_row row;
    struct store_write *w = arena_array(n->arena, 64, sizeof(*w));
    struct err err = {0};
    unsigned k = 0;
    int got = 0;

    for (unsigned i = 0; i < 64; i++) {
        const char *id = arena_printf(n->arena, "%u", i);
        const char *rest = arena_printf(n->arena, ",\"tags\":[\"%03u\"]", 2 * i);
        MUST(node_write(n, &w[i], id, patient(n->arena, id, rest), &err));
    }
    MUST(node_commit(n, w, 64, &err));
    MUST(store_read_begin(n->store, &r, &err));
    MUST(store_cursor_open(r, sample_first + SAMPLE_COUNT, &c, &err));
    for (unsigned at = 0; at <= 130; at++) {
        const char *key = arena_printf(n->arena, "%03u", at);
        got = store_cursor_seek(c, key, 3, &row, &err);
        for (k = (at + 1) / 2 * 2; k < 128; k += 2) {
            assert_int_equal(got, 1);
            assert_int_equal(number_of(&row), k);
            got = store_cursor_next(c, &row, &err);
        }
        assert_int_equal(got, 0);
        got = store_cursor_seek_before(c, key, 3, &row, &err);
        for (k = (at + 1) / 2; k > 0; k--) {
            if (2 * (k - 1) >= 128)
                continue;
            assert_int_equal(got, 1);
            assert_int_equal(number_of(&row), 2 * (k - 1));
            got = store_cursor_prev(c, &row, &err);
        }
        assert_int_equal(got, 0);
    }
    store_cursor_close(c);
    assert_int_equal(
        store_row_get(r, sample_first + SAMPLE_COUNT, "010", 3, &row, &err), 1);
    assert_int_equal(row.value[7], 1);
    assert_int_equal(
        store_row_get(r, sample_first + SAMPLE_COUNT, "011", 3, &row, &err), 0);
    store_read_end(r);
}

static void many_cursors_at_once(void **state)
{
    struct node *n = *state;
    struct store_cursor *c[100];
    struct store_reader *r = NULL;
    struct store_row row;
    struct err err = {0};

    MUST(node_put(n, "a", ",\"tags\":[\"x\",\"y\"]", NULL));
    for (unsigned round = 0; round < 3; round++) {
        MUST(store_read_begin(n->store, &r, &err));
        for (unsigned i = 0; i < 100; i++) {
            MUST(store_cursor_open(r, sample_first + SAMPLE_COUNT, &c[i], &err));
            assert_int_equal(
                store_cursor_seek(c[i], i % 2 ? "y" : "x", 1, &row, &err), 1);
            assert_int_equal(row.key[0], i % 2 ? 'y' : 'x');
        }
        for (unsigned i = 0; i < 100; i++) {
            assert_int_equal(store_cursor_next(c[i], &row, &err), i % 2 ? 0 : 1);
            store_cursor_close(c[i]);
        }
        store_read_end(r);
    }
}

/* ---- history ---- */

static void history_pages_and_periods(void **state)
{
    struct node *n = *state;
    struct store_reader *r = NULL;
    struct store_record *h = NULL;
    struct store_history q = {.limit = 7};
    struct err err = {0};
    int64_t want = 200;
    size_t count = 0;
    char rest[32];

    for (unsigned i = 0; i < 200; i++) {
        time_hold(1000000 + i);
        snprintf(rest, sizeof(rest), ",\"name\":\"%u\"", i);
        MUST(node_put(n, i % 2 ? "a" : "b", rest, NULL));
    }
    time_hold(0);
    MUST(store_read_begin(n->store, &r, &err));
    for (;;) {
        MUST(store_history(r, n->arena, &q, &h, &count, &err));
        if (count == 0)
            break;
        for (size_t i = 0; i < count; i++)
            assert_int_equal(h[i].seq, want--);
        q.before = h[count - 1].seq;
    }
    assert_int_equal(want, 0);
    q = (struct store_history){.type = patient_type->number,
        .limit = 1000,
        .since = 1000100,
        .until = 1000149};
    MUST(store_history(r, n->arena, &q, &h, &count, &err));
    assert_int_equal(count, 50);
    MUST(store_find(r, patient_type->number, STR("a"), &q.rid, &err));
    MUST(store_history(r, n->arena, &q, &h, &count, &err));
    assert_int_equal(count, 25);
    q.since = q.until = 0;
    MUST(store_history(r, n->arena, &q, &h, &count, &err));
    assert_int_equal(count, 100);
    q = (struct store_history){.type = patient_type->number + 1, .limit = 5};
    MUST(store_history(r, n->arena, &q, &h, &count, &err));
    assert_int_equal(count, 0);
    store_read_end(r);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(snapshot_stays),
        NODE_TEST(holding_all_readers_is_no_end),
        NODE_TEST(rids_go_both_ways),
        NODE_TEST(cursors_agree_with_a_model),
        NODE_TEST(many_cursors_at_once),
        NODE_TEST(history_pages_and_periods),
    };

    node_arguments(argc, argv);
    return cmocka_run_group_tests_name("store, reading", tests, NULL, NULL);
}
