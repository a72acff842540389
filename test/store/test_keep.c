/* SPDX-License-Identifier: Apache-2.0 */
/* Settings, limits, rebuild, bulk load, erasing, figures. The first argument names the driver. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"

#include "node.h"

/* ---- settings ---- */

static int count_settings(
    void *arg, const char *name, struct str value, struct err *err)
{
    (void)err;
    assert_true(strncmp(name, "token/", 6) == 0);
    assert_int_equal(value.len, 3);
    ++*(unsigned *)arg;
    return 0;
}

static void settings_are_kept(void **state)
{
    struct node *n = *state;
    struct str value;
    unsigned count = 0;
    struct err err = {0};

    assert_int_equal(
        store_setting_get(n->store, n->arena, "key", &value, &err), E_NOT_FOUND);
    MUST(store_setting_put(n->store, "key", (struct str){"a\0b", 3}, &err));
    MUST(store_setting_get(n->store, n->arena, "key", &value, &err));
    assert_int_equal(value.len, 3);
    assert_memory_equal(value.p, "a\0b", 3);
    MUST(store_setting_put(n->store, "key", STR(""), &err));
    MUST(store_setting_get(n->store, n->arena, "key", &value, &err));
    assert_int_equal(value.len, 0);
    MUST(store_setting_put(n->store, "token/1", STR("abc"), &err));
    MUST(store_setting_put(n->store, "token/2", STR("def"), &err));
    MUST(store_setting_put(n->store, "tokens", STR("ghi"), &err));
    MUST(
        store_setting_each(n->store, n->arena, "token/", count_settings, &count, &err));
    assert_int_equal(count, 2);
    MUST(store_setting_put(n->store, "key", (struct str){0}, &err));
    assert_int_equal(
        store_setting_get(n->store, n->arena, "key", &value, &err), E_NOT_FOUND);
}

/* ---- limits ---- */

static void limits_are_met(void **state)
{
    struct node *n = *state;
    struct store_write w = {.type = patient_type, .operation = STORE_UPDATE};
    char *long_id = arena_alloc(n->arena, LIMIT_ID_CHARS + 2);
    char *large = arena_alloc(n->arena, LIMIT_SETTING_BYTES + 1);
    struct err err = {0};

    memset(long_id, 'a', LIMIT_ID_CHARS + 1);
    w.id = str_of(long_id);
    w.body = STR("{}");
    assert_int_equal(store_prepare(n->store, n->arena, &w, &err), E_TOO_LARGE);
    w.id = STR("a");
    w.body.len = (size_t)LIMIT_RECORD_BYTES + 1; /* not read: the length is looked at */
    assert_int_equal(store_prepare(n->store, n->arena, &w, &err), E_TOO_LARGE);
    assert_int_equal(store_setting_put(n->store, "x",
                         (struct str){large, LIMIT_SETTING_BYTES + 1}, &err),
        E_TOO_LARGE);
    MUST(store_setting_put(
        n->store, "x", (struct str){large, LIMIT_SETTING_BYTES}, &err));
}

static void large_bodies_come_back(void **state)
{
    struct node *n = *state;
    size_t len = 300000;
    char *noise = arena_alloc(n->arena, len + 1);
    const char *rest = NULL;
    uint32_t x = 1;

    for (size_t i = 0; i < len; i++) {
        x = x * 1103515245 + 12345;
        noise[i] = (char)('a' + (x >> 16) % 26);
    }
    rest = arena_printf(n->arena, ",\"name\":\"%s\"", noise);
    MUST(node_put(n, "big", rest, NULL));
    assert_string_equal(node_body(n, "big"), patient(n->arena, "big", rest).p);
    assert_int_equal(node_verify(n, true), 0);
}

/* ---- rebuild, bulk, erase, stats ---- */

static void some_history(struct node *n)
{
    char id[16];
    char rest[96];

    for (unsigned i = 0; i < 120; i++) {
        snprintf(id, sizeof(id), "p%u", i % 40);
        snprintf(rest, sizeof(rest),
            ",\"tags\":[\"t%u\",\"u%u\"],\"name\":\"n%u\",\"ref\":\"Patient/p%u\"",
            i % 7, i % 11, i, (i * 7) % 50);
        MUST(node_put(n, id, rest, NULL));
        if (i % 9 == 0)
            MUST(node_delete(n, id, NULL));
    }
}

static void rebuild_gives_the_same(void **state)
{
    struct node *n = *state;
    const char *before = NULL;
    struct err err = {0};

    some_history(n);
    before = node_rows(n);
    assert_int_equal(node_verify(n, true), 0);
    MUST(store_rebuild(n->store, NULL, NULL, NULL, &err));
    assert_string_equal(node_rows(n), before);
    MUST(store_rebuild(n->store, "sample", NULL, NULL, &err));
    assert_string_equal(node_rows(n), before);
    assert_int_equal(store_rebuild(n->store, "none", NULL, NULL, &err), E_NOT_FOUND);
    MUST(node_put(n, "after", ",\"tags\":[\"t1\"]", NULL));
    assert_int_equal(node_verify(n, true), 0);
}

/* The lines of ${rows} that hold counts; cut in place. */
static const char *counts_of(char *rows)
{
    char *from = strstr(rows, "sample_count");
    char *to = NULL;

    assert_non_null(from);
    to = strstr(from, "sample_ref");
    if (to)
        *to = '\0';
    return from;
}

static void bulk_gives_the_same(void **state)
{
    struct node *n = *state;
    struct node other;
    struct err err = {0};

    some_history(n);
    node_make(&other, node_kind);
    MUST(node_put(&other, "first", ",\"tags\":[\"t1\"]", NULL));
    MUST(node_delete(&other, "first", NULL));
    MUST(store_bulk_begin(other.store, &err));
    assert_int_equal(store_bulk_begin(other.store, &err), E_BUSY);
    some_history(&other);
    MUST(store_bulk_end(other.store, &err));
    assert_int_equal(node_verify(&other, true), 0);
    MUST(node_delete(n, "first", NULL));
    /* rids differ by the one that came first; what was counted by tag does not */
    assert_string_equal(counts_of(node_rows(&other)), counts_of(node_rows(n)));
    MUST(node_put(&other, "p1", ",\"tags\":[\"z\"]", NULL));
    assert_int_equal(node_verify(&other, true), 0);
    node_remove(&other);
}

static void bulk_survives_a_failed_transaction(void **state)
{
    struct node *n = *state;
    struct err err = {0};

    MUST(store_bulk_begin(n->store, &err));
    MUST(node_put(n, "a", ",\"tags\":[\"x\"]", NULL));
    assert_int_equal(
        node_put(n, "b", ",\"tags\":[\"x\"],\"fail\":true", NULL), E_INVALID);
    MUST(node_put(n, "c", ",\"tags\":[\"x\"]", NULL));
    MUST(store_bulk_end(n->store, &err));
    assert_int_equal(node_verify(n, true), 0);
}

static void erased_body_is_gone(void **state)
{
    struct node *n = *state;
    struct store_write a;
    struct store_write b;
    struct store_reader *r = NULL;
    struct store_record record;
    struct err err = {0};

    MUST(node_put(n, "a", ",\"name\":\"secret\"", &a));
    assert_int_equal(
        store_erase(n->store, patient_type->number, STR("a"), str_of(a.vid), &err),
        E_CONFLICT);
    MUST(node_put(n, "a", ",\"name\":\"open\"", &b));
    MUST(store_erase(n->store, patient_type->number, STR("a"), str_of(a.vid), &err));
    MUST(store_read_begin(n->store, &r, &err));
    MUST(store_get_version(
        r, n->arena, patient_type->number, STR("a"), str_of(a.vid), &record, &err));
    store_read_end(r);
    assert_true(record.erased);
    assert_int_equal(record.body.len, 0);
    assert_int_equal(store_erase(n->store, patient_type->number, STR("a"),
                         STR("ffffffffffffffff"), &err),
        E_NOT_FOUND);
    assert_int_equal(node_verify(n, true), 0);
}

/* A view of the past is told each change, in daily use as when it is filled again. */
static void past_is_told_again(void **state)
{
    struct node *n = *state;
    struct store_write b;
    const char *left = "1:0>1a 3:1a>1b 4:1b>0 5:0>1c 2:0>1z ";
    struct err err = {0};

    MUST(node_put(n, "a", ",\"name\":\"a\"", NULL));
    MUST(node_put(n, "z", ",\"name\":\"z\"", NULL));
    MUST(node_put(n, "a", ",\"name\":\"b\"", &b));
    MUST(node_delete(n, "a", NULL));
    MUST(node_put(n, "a", ",\"name\":\"c\"", NULL));
    assert_string_equal(node_past(n), left);
    MUST(store_rebuild(n->store, "past", NULL, NULL, &err));
    assert_string_equal(node_past(n), left);
    assert_int_equal(node_verify(n, true), 0);
    /* what was erased is not told any more, and not kept either */
    left = "1:0>1a 3:1a>0 4:0>0 5:0>1c 2:0>1z ";
    MUST(store_erase(n->store, patient_type->number, STR("a"), str_of(b.vid), &err));
    assert_string_equal(node_past(n), left);
    assert_int_equal(node_verify(n, true), 0);
    MUST(store_rebuild(n->store, "past", NULL, NULL, &err));
    assert_string_equal(node_past(n), left);
}

/* "1:1 3:3 4:4-" in the node's arena: at which position which version was current; -: a delete. */
static const char *moments(struct node *n, const char *id)
{
    struct store_reader *r = NULL;
    struct store_moment *list = NULL;
    store_rid rid = 0;
    size_t count = 0;
    char *text = arena_printf(n->arena, "%s", "");
    struct err err = {0};

    MUST(store_read_begin(n->store, &r, &err));
    MUST(store_find(r, patient_type->number, str_of(id), &rid, &err));
    MUST(store_moments(r, n->arena, rid, &list, &count, &err));
    store_read_end(r);
    for (size_t i = 0; i < count; i++)
        text = arena_printf(n->arena, "%s%s%lld:%lld%s", text, i ? " " : "",
            (long long)list[i].position, (long long)list[i].seq,
            list[i].live ? "" : "-");
    return text;
}

/* Versions of a type, newest first, two at a time: "5>4 4>3 ..."; *: with a body. */
static const char *versions(struct node *n)
{
    struct store_version list[2];
    char *text = arena_printf(n->arena, "%s", "");
    struct store_page page = {
        .type = patient_type->number, .before = INT64_MAX, .limit = 2};
    struct store_reader *r = NULL;
    size_t count = 2;
    struct err err = {0};

    MUST(store_read_begin(n->store, &r, &err));
    while (count == 2) {
        MUST(store_versions(r, n->arena, &page, list, &count, &err));
        for (size_t i = 0; i < count; i++) {
            text =
                arena_printf(n->arena, "%s%lld>%lld%s ", text, (long long)list[i].seq,
                    (long long)list[i].parent, list[i].body.len ? "*" : "");
            page.before = list[i].seq;
        }
    }
    store_read_end(r);
    return text;
}

/* The same as the log as a whole has it. */
static const char *entries(struct node *n)
{
    char *text = arena_printf(n->arena, "%s", "");
    struct store_page page = {.before = INT64_MAX, .limit = 2};
    struct store_entries found = {.count = 2};
    struct store_reader *r = NULL;
    struct err err = {0};

    MUST(store_read_begin(n->store, &r, &err));
    while (found.count == 2) {
        MUST(store_log(r, n->arena, &page, &found, &err));
        for (size_t i = 0; i < found.count; i++) {
            struct str body = {NULL, 0};

            MUST(store_log_body(r, n->arena, &found.list[i], &body, &err));
            text = arena_printf(n->arena, "%s%lld>%lld%s ", text,
                (long long)found.list[i].seq, (long long)found.list[i].parent,
                body.len ? "*" : "");
            assert_int_equal(store_rid_type(found.list[i].rid), patient_type->number);
            assert_int_equal(
                found.list[i].operation == STORE_DELETE, found.list[i].seq == 4);
            page.before = found.list[i].seq;
        }
    }
    store_read_end(r);
    return text;
}

static void what_was_current_is_told(void **state)
{
    struct node *n = *state;
    struct store_write b;
    uint64_t before = store_erasures(n->store);
    struct err err = {0};

    MUST(node_put(n, "a", ",\"name\":\"a\"", NULL));
    MUST(node_put(n, "z", ",\"name\":\"z\"", NULL));
    MUST(node_put(n, "a", ",\"name\":\"b\"", &b));
    MUST(node_delete(n, "a", NULL));
    MUST(node_put(n, "a", ",\"name\":\"c\"", NULL));
    assert_string_equal(moments(n, "a"), "1:1 3:3 4:4- 5:5");
    assert_string_equal(moments(n, "z"), "2:2");
    assert_string_equal(versions(n), "5>4* 4>3 3>1* 2>0* 1>0* ");
    assert_string_equal(entries(n), versions(n));
    assert_int_equal(store_erasures(n->store), before);
    MUST(store_erase(n->store, patient_type->number, STR("a"), str_of(b.vid), &err));
    assert_int_equal(store_erasures(n->store), before + 1);
    assert_string_equal(versions(n), "5>4* 4>3 3>1 2>0* 1>0* ");
    assert_string_equal(entries(n), versions(n));
}

static void table_seen(
    void *arg, const char *view, const char *table, int64_t rows, int64_t bytes)
{
    (void)table;
    assert_true(strcmp(view, "sample") == 0 || strcmp(view, "past") == 0);
    assert_true(bytes >= rows);
    *(int64_t *)arg += rows;
}

static void stats_count(void **state)
{
    struct node *n = *state;
    struct store_stats s;
    int64_t rows = 0;
    struct err err = {0};

    some_history(n);
    MUST(store_stats(n->store, &s, &err));
    assert_true(s.records[patient_type->number] > 20);
    assert_true(s.deleted >= 14);
    assert_int_equal(s.versions, 120 + 14);
    assert_true(s.body_bytes > 0);
    assert_int_equal(s.transactions, 134);
    MUST(store_table_stats(n->store, table_seen, &rows, &err));
    assert_true(rows > 50);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        NODE_TEST(settings_are_kept),
        NODE_TEST(limits_are_met),
        NODE_TEST(large_bodies_come_back),
        NODE_TEST(rebuild_gives_the_same),
        NODE_TEST(bulk_gives_the_same),
        NODE_TEST(bulk_survives_a_failed_transaction),
        NODE_TEST(erased_body_is_gone),
        NODE_TEST(past_is_told_again),
        NODE_TEST(what_was_current_is_told),
        NODE_TEST(stats_count),
    };

    node_arguments(argc, argv);
    return cmocka_run_group_tests_name("store, keeping house", tests, NULL, NULL);
}
