/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every way of taking something out of the trail by editing the file is found by verify,
 * and stays found after the node has gone on writing.
 */
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "node.h"
#include "store/trail.h"

static int tell(void *arg, struct store_tx *tx, struct arena *a,
    const struct store_transaction *first, struct store_block *ret, struct err *err)
{
    static const store_rid subjects[] = {7};

    (void)arg;
    (void)tx;
    (void)a;
    (void)first;
    (void)err;
    *ret = (struct store_block){
        .count = 1, .subjects = subjects, .subject_count = 1, .body = STR("changed")};
    return 0;
}

static const struct store_trail_source source = {tell, NULL};

static void add(struct node *n, const char *body, unsigned count)
{
    static const store_rid subjects[] = {7, 9};
    struct store_block block = {
        .count = count, .subjects = subjects, .subject_count = 2, .body = str_of(body)};
    struct err err = {0};

    MUST(store_trail_add(n->store, &block, &err));
}

/* Entries 1; 2, 3; 4; 5, 6, 7; 8. */
static int setup(void **state)
{
    static struct node n;

    node_make(&n, STORE_SQLITE);
    store_trail_source(n.store, &source);
    MUST(node_put(&n, "a", "", NULL));
    add(&n, "first", 2);
    add(&n, "second", 1);
    add(&n, "third!", 3);
    MUST(node_put(&n, "b", "", NULL));
    assert_int_equal(node_verify(&n, true), 0);
    *state = &n;
    return 0;
}

static int teardown(void **state)
{
    node_remove(*state);
    return 0;
}

static void edit(struct node *n, const char *sql)
{
    char path[128];
    sqlite3 *db = NULL;
    char *message = NULL;
    int before = 0;

    store_close(n->store);
    n->store = NULL;
    snprintf(path, sizeof(path), "%s/belay.db", n->path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(
            db, "DROP TRIGGER trail_keep; DROP TRIGGER trail_same;", NULL, NULL, NULL),
        SQLITE_OK);
    before = sqlite3_total_changes(db);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    assert_true(sqlite3_total_changes(db) > before);
    sqlite3_close(db);
}

struct found {
    const char *where;
    bool seen;
};

static void told(void *arg, const char *where, const char *what)
{
    struct found *f = arg;

    (void)what;
    f->seen = f->seen || strncmp(where, f->where, strlen(f->where)) == 0;
}

static void must_find(struct node *n, const char *sql, const char *where)
{
    struct found found = {.where = where};
    struct err err = {0};

    assert_int_equal(store_verify(n->store, told, &found, NULL, &err), E_CORRUPT);
    if (!found.seen)
        fail_msg("%s: nothing was told of %s", sql, where);
}

static void tamper(struct node *n, const char *sql, const char *where)
{
    const struct store_view *views[] = {&sample_view};
    struct store_options o = {.path = n->path};
    struct err err = {0};

    edit(n, sql);
    MUST(store_open(&o, views, 1, &n->store, &err));
    must_find(n, sql, where);
    store_trail_source(n->store, &source);
    MUST(node_put(n, "c", "", NULL));
    add(n, "later", 1);
    must_find(n, sql, "trail");
}

static void entry_changed(void **state)
{
    tamper(*state, "UPDATE trail SET body = CAST('thirst' AS BLOB) WHERE seq = 2",
        "trail 2");
}

static void time_changed(void **state)
{
    tamper(*state, "UPDATE trail SET time = time - 1 WHERE seq = 2", "trail 2");
}

static void last_entry_changed(void **state)
{
    tamper(*state, "UPDATE trail SET body = CAST('change!' AS BLOB) WHERE seq = 8",
        "trail 8");
}

/* The block and its hash, so that only the chain to the next one breaks. */
static void entry_and_hash_changed(void **state)
{
    tamper(*state, "UPDATE trail SET hash = randomblob(32) WHERE seq = 4", "trail 5");
}

static void blocks_swapped(void **state)
{
    tamper(*state,
        "UPDATE trail SET seq = 100 WHERE seq = 1; UPDATE trail SET seq = 1 WHERE seq "
        "= "
        "4;"
        "UPDATE trail SET seq = 4 WHERE seq = 100",
        "trail 1");
}

static void bodies_swapped(void **state)
{
    tamper(*state,
        "UPDATE trail SET body = (SELECT body FROM trail WHERE seq = 8), subjects = "
        "(SELECT subjects FROM trail WHERE seq = 8) WHERE seq = 4",
        "trail 4");
}

static void middle_removed(void **state)
{
    tamper(*state, "DELETE FROM trail WHERE seq = 4", "trail 5");
}

static void beginning_removed(void **state)
{
    tamper(*state, "DELETE FROM trail WHERE seq = 1", "trail 2");
}

static void tail_cut(void **state)
{
    tamper(*state, "DELETE FROM trail WHERE seq = 8", "trail head");
}

static void tail_cut_long(void **state)
{
    tamper(*state,
        "DELETE FROM trail WHERE seq > 1; DELETE FROM trail_of WHERE seq > 1",
        "trail head");
}

static void all_removed(void **state)
{
    tamper(*state, "DELETE FROM trail; DELETE FROM trail_of", "trail head");
}

static void head_removed(void **state)
{
    tamper(*state, "DELETE FROM own WHERE name = 'trail-head'", "trail head");
}

static void key_changed(void **state)
{
    tamper(*state, "UPDATE own SET value = randomblob(32) WHERE name = 'trail-key'",
        "trail head");
}

static void all_removed_with_head(void **state)
{
    tamper(*state,
        "DELETE FROM trail; DELETE FROM trail_of; DELETE FROM own WHERE name = "
        "'trail-head'",
        "trail head");
}

static void list_row_removed(void **state)
{
    tamper(*state, "DELETE FROM trail_of WHERE subject = 9 AND seq = 4", "trail 4");
}

static void list_row_made_up(void **state)
{
    tamper(*state, "INSERT INTO trail_of VALUES (11, 4)", "trail");
}

/* The tail cut and the head set back to an older one that was sealed by us: the log is
 * longer than what the trail tells of. */
static void head_set_back(void **state)
{
    static const char keep[] =
        "CREATE TABLE kept AS SELECT value FROM own WHERE name = 'trail-head'";
    const struct store_view *views[] = {&sample_view};
    struct node *n = *state;
    struct store_options o = {.path = n->path};
    struct err err = {0};
    sqlite3 *db = NULL;
    char path[128];

    snprintf(path, sizeof(path), "%s/belay.db", n->path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, keep, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    store_close(n->store);
    MUST(store_open(&o, views, 1, &n->store, &err));
    store_trail_source(n->store, &source);
    MUST(node_put(n, "d", "", NULL));
    assert_int_equal(node_verify(n, true), 0);
    edit(n,
        "DELETE FROM trail WHERE seq > 8; DELETE FROM trail_of WHERE seq > 8;"
        "UPDATE own SET value = (SELECT value FROM kept) WHERE name = 'trail-head'");
    MUST(store_open(&o, views, 1, &n->store, &err));
    must_find(n, "head set back", "trail");
}

/* The file itself refuses, as long as nobody takes the triggers away. */
static void database_refuses(void **state)
{
    struct node *n = *state;
    sqlite3 *db = NULL;
    char path[128];

    snprintf(path, sizeof(path), "%s/belay.db", n->path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(db, "DELETE FROM trail WHERE seq = 1", NULL, NULL, NULL),
        SQLITE_CONSTRAINT);
    assert_int_equal(
        sqlite3_exec(db, "UPDATE trail SET time = 0 WHERE seq = 1", NULL, NULL, NULL),
        SQLITE_CONSTRAINT);
    sqlite3_close(db);
}

#define TAMPER_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TAMPER_TEST(entry_changed),
        TAMPER_TEST(time_changed),
        TAMPER_TEST(last_entry_changed),
        TAMPER_TEST(entry_and_hash_changed),
        TAMPER_TEST(blocks_swapped),
        TAMPER_TEST(bodies_swapped),
        TAMPER_TEST(middle_removed),
        TAMPER_TEST(beginning_removed),
        TAMPER_TEST(tail_cut),
        TAMPER_TEST(tail_cut_long),
        TAMPER_TEST(all_removed),
        TAMPER_TEST(head_removed),
        TAMPER_TEST(key_changed),
        TAMPER_TEST(all_removed_with_head),
        TAMPER_TEST(list_row_removed),
        TAMPER_TEST(list_row_made_up),
        TAMPER_TEST(head_set_back),
        TAMPER_TEST(database_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
