/* SPDX-License-Identifier: Apache-2.0 */
/* Every kind of tampering with the database is found, and told where. */
#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "node.h"

struct found {
    const char *where; /* what one of the faults must be about */
    bool seen;
    int faults;
};

static void told(void *arg, const char *where, const char *what)
{
    struct found *f = arg;

    (void)what;
    f->faults++;
    f->seen = f->seen || strstr(where, f->where) != NULL;
}

static int setup(void **state)
{
    static struct node n;

    node_make(&n, STORE_SQLITE);
    MUST(node_put(&n, "a", ",\"tags\":[\"x\",\"y\"],\"name\":\"one\"", NULL));
    MUST(node_put(&n, "b", ",\"tags\":[\"x\"],\"ref\":\"Patient/a\"", NULL));
    MUST(node_put(&n, "a", ",\"tags\":[\"y\"],\"name\":\"two\"", NULL));
    MUST(node_delete(&n, "b", NULL));
    MUST(node_put(&n, "c", ",\"name\":\"three\"", NULL));
    assert_int_equal(node_verify(&n, true), 0);
    *state = &n;
    return 0;
}

static int teardown(void **state)
{
    node_remove(*state);
    return 0;
}

/* Close the node, run ${sql} on its file, open it again without the view (so that nothing
 * is repaired), and verify with the view: a fault about ${where} must be told. */
static void tamper(struct node *n, const char *sql, const char *where)
{
    const struct store_view *views[] = {&sample_view};
    struct store_options o = {.path = n->path, .read_only = true};
    struct found found = {.where = where};
    char path[128];
    sqlite3 *db = NULL;
    char *message = NULL;
    struct err err = {0};

    store_close(n->store);
    n->store = NULL;
    snprintf(path, sizeof(path), "%s/belay.db", n->path);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
    assert_true(sqlite3_changes(db) > 0);
    sqlite3_close(db);
    MUST(store_open(&o, views, 1, &n->store, &err));
    assert_int_equal(store_verify(n->store, told, &found, NULL, &err), E_CORRUPT);
    if (!found.seen)
        fail_msg("%s: %d faults, none about %s", sql, found.faults, where);
}

static void body_swapped(void **state)
{
    tamper(*state,
        "UPDATE version SET body = (SELECT body FROM version WHERE seq = 1), "
        "dictionary = "
        "(SELECT dictionary FROM version WHERE seq = 1) WHERE seq = 3",
        "version 3");
}

static void body_broken(void **state)
{
    tamper(*state, "UPDATE version SET body = x'00112233' WHERE seq = 1", "version 1");
}

static void body_removed(void **state)
{
    tamper(*state, "UPDATE version SET body = NULL WHERE seq = 1", "version 1");
}

static void body_erased_with_another_hash(void **state)
{
    tamper(*state,
        "UPDATE version SET dictionary = -3, body = NULL, body_hash = zeroblob(32) "
        "WHERE seq = 1",
        "version 1");
}

static void clock_changed(void **state)
{
    tamper(*state, "UPDATE version SET hlc = hlc + 65536 WHERE seq = 2", "version 2");
}

static void actor_changed(void **state)
{
    tamper(*state,
        "UPDATE own SET value = CAST('Practitioner/other' AS BLOB) WHERE name LIKE "
        "'actor/%'",
        "version 1");
}

static void operation_changed(void **state)
{
    tamper(*state, "UPDATE version SET op = 0 WHERE seq = 3", "version 3");
}

static void parent_changed(void **state)
{
    tamper(*state, "UPDATE version SET parents = NULL WHERE seq = 3", "version 3");
}

static void hash_changed(void **state)
{
    tamper(
        *state, "UPDATE version SET hash = randomblob(32) WHERE seq = 2", "version 2");
}

static void version_removed(void **state)
{
    tamper(*state, "DELETE FROM version WHERE seq = 2", "version 2");
}

static void newest_removed(void **state)
{
    tamper(*state, "DELETE FROM version WHERE seq = 5", "Patient/c");
}

static void versions_exchanged(void **state)
{
    tamper(*state,
        "UPDATE version SET seq = -1 WHERE seq = 1; UPDATE version SET seq = 1 WHERE "
        "seq = 2; UPDATE version SET seq = 2 WHERE seq = -1",
        "version 1");
}

static void record_renamed(void **state)
{
    tamper(*state, "UPDATE record SET id = 'z' WHERE id = 'a'", "version 1");
}

static void record_removed(void **state)
{
    tamper(*state, "DELETE FROM record WHERE id = 'b'", "version 2");
}

static void record_brought_back(void **state)
{
    tamper(*state, "UPDATE record SET head = -head WHERE id = 'b'", "Patient/b");
}

static void record_set_back(void **state)
{
    tamper(*state, "UPDATE record SET head = 1 WHERE id = 'a'", "Patient/a");
}

static void counter_changed(void **state)
{
    tamper(*state,
        "UPDATE own SET value = x'0000000000000009' WHERE name LIKE 'count/1__' OR "
        "name "
        "LIKE 'count/0__'",
        "type");
}

static void row_removed(void **state)
{
    tamper(*state, "DELETE FROM view_sample_tag", "sample_tag");
}

static void row_added(void **state)
{
    tamper(*state, "INSERT INTO view_sample_tag VALUES (x'0102')", "sample_tag");
}

static void row_changed(void **state)
{
    tamper(*state, "UPDATE view_sample_name SET v = CAST('x' AS BLOB)", "sample_name");
}

static void count_changed(void **state)
{
    tamper(
        *state, "UPDATE view_sample_count SET v = x'0000000000000007'", "sample_count");
}

static void past_removed(void **state)
{
    tamper(*state, "DELETE FROM past WHERE seq = 1", "version 1");
}

static void past_of_another(void **state)
{
    tamper(*state, "INSERT INTO past SELECT rid, 5 FROM record WHERE id = 'a'",
        "Patient/a");
}

static void type_history_removed(void **state)
{
    tamper(*state, "DELETE FROM type_seq WHERE seq = 4", "version 4");
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(body_swapped),
        CASE(body_broken),
        CASE(body_removed),
        CASE(body_erased_with_another_hash),
        CASE(clock_changed),
        CASE(actor_changed),
        CASE(operation_changed),
        CASE(parent_changed),
        CASE(hash_changed),
        CASE(version_removed),
        CASE(newest_removed),
        CASE(versions_exchanged),
        CASE(record_renamed),
        CASE(record_removed),
        CASE(record_brought_back),
        CASE(record_set_back),
        CASE(counter_changed),
        CASE(row_removed),
        CASE(row_added),
        CASE(row_changed),
        CASE(count_changed),
        CASE(past_removed),
        CASE(past_of_another),
        CASE(type_history_removed),
    };

    return cmocka_run_group_tests_name("store, tampering", tests, NULL, NULL);
}
