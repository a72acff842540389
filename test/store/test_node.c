/* SPDX-License-Identifier: Apache-2.0 */
/* A node on disk: its folder, its lock, readers beside the writer, blobs, backup, views
 * that changed. */
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/thread.h"

#include "node.h"
#include "store/internal.h"

static int setup(void **state)
{
    static struct node n;

    node_make(&n, STORE_SQLITE);
    *state = &n;
    return 0;
}

static int teardown(void **state)
{
    node_remove(*state);
    return 0;
}

static mode_t mode_of(const char *folder, const char *file)
{
    char path[256];
    struct stat st;

    snprintf(path, sizeof(path), "%s/%s", folder, file);
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static void only_the_owner_may_read(void **state)
{
    struct node *n = *state;

    MUST(node_put(n, "a", "", NULL));
    assert_int_equal(mode_of(n->path, ""), 0700);
    assert_int_equal(mode_of(n->path, "belay.db"), 0600);
    assert_int_equal(mode_of(n->path, "belay.db-wal"), 0600);
    assert_int_equal(mode_of(n->path, "belay.db-shm"), 0600);
    assert_int_equal(mode_of(n->path, "lock"), 0600);
}

static int open_as(const struct node *n, bool create, bool read_only, bool view,
    struct store **ret, struct err *err)
{
    const struct store_view *views[] = {&sample_view};
    struct store_options o = {
        .path = n->path, .create = create, .read_only = read_only};

    *err = (struct err){0};
    return store_open(&o, views, view ? 1 : 0, ret, err);
}

static void opening_says_what_is_wrong(void **state)
{
    struct node *n = *state;
    struct store *other = NULL;
    struct err err;
    struct node none = {.path = "/tmp/belay-test-none"};

    assert_int_equal(open_as(n, false, false, true, &other, &err), E_BUSY);
    assert_non_null(strstr(err.text, "open for writing"));
    assert_int_equal(open_as(n, true, false, true, &other, &err), E_CONFLICT);
    assert_int_equal(open_as(&none, false, false, true, &other, &err), E_NOT_FOUND);
    assert_int_equal(open_as(&none, false, true, true, &other, &err), E_NOT_FOUND);
    assert_null(other);
}

static void damaged_file_is_told(void **state)
{
    struct node *n = *state;
    char path[128];
    char noise[4096];
    struct store *other = NULL;
    struct err err;
    int fd = -1;

    store_close(n->store);
    n->store = NULL;
    snprintf(path, sizeof(path), "%s/belay.db", n->path);
    memset(noise, 'x', sizeof(noise));
    fd = open(path, O_WRONLY);
    assert_int_equal(pwrite(fd, noise, sizeof(noise), 0), sizeof(noise));
    close(fd);
    assert_int_equal(open_as(n, false, false, true, &other, &err), E_CORRUPT);
}

static void reopened_is_the_same(void **state)
{
    struct node *n = *state;
    struct store_write w;
    const char *rows = NULL;

    MUST(node_put(n, "a", ",\"tags\":[\"x\"],\"ref\":\"Patient/later\"", NULL));
    MUST(node_put(n, "b", ",\"name\":\"b\"", NULL));
    MUST(node_delete(n, "b", NULL));
    rows = node_rows(n);
    node_reopen(n);
    assert_string_equal(node_rows(n), rows);
    assert_string_equal(node_body(n, "b"), "");
    MUST(node_put(n, "later", "", &w));
    assert_int_equal(w.seq, 4);
    assert_int_equal(node_verify(n, true), 0);
}

static void reading_beside_the_writer(void **state)
{
    struct node *n = *state;
    struct store *other = NULL;
    struct store_reader *r = NULL;
    struct store_record record;
    struct store_write w = {0};
    struct store_transaction t = {.writes = &w, .count = 1};
    struct str value;
    struct err err = {0};

    MUST(node_put(n, "a", ",\"name\":\"1\"", NULL));
    MUST(open_as(n, false, true, true, &other, &err));
    MUST(node_put(n, "a", ",\"name\":\"2\"", NULL));
    MUST(store_read_begin(other, &r, &err));
    MUST(store_get(r, n->arena, patient_type->number, STR("a"), &record, &err));
    assert_int_equal(record.seq, 2);
    store_read_end(r);
    assert_int_equal(store_submit(other, &t, &err), E_BUSY);
    assert_int_equal(store_rebuild(other, NULL, NULL, NULL, &err), E_BUSY);
    MUST(store_setting_put(other, "token/1", STR("hash"), &err));
    MUST(store_setting_get(n->store, n->arena, "token/1", &value, &err));
    assert_true(str_is(value, "hash"));
    MUST(store_setting_put(n->store, "token/2", STR("x"), &err));
    MUST(store_setting_get(other, n->arena, "token/2", &value, &err));
    MUST(store_setting_put(other, "token/1", (struct str){0}, &err));
    assert_int_equal(
        store_setting_get(n->store, n->arena, "token/1", &value, &err), E_NOT_FOUND);
    MUST(store_verify(other, NULL, NULL, NULL, &err));
    store_close(other);
    MUST(node_put(n, "a", ",\"name\":\"3\"", NULL));
}

/* ---- threads ---- */

struct load {
    struct node *n;
    unsigned writer;
    unsigned records;
    atomic_bool *stop;
    long reads;
};

static void *load_write(void *arg)
{
    struct load *load = arg;
    struct arena *a = arena_new();
    struct err err = {0};

    for (unsigned i = 0; i < load->records; i++) {
        const struct json *resource = NULL;
        struct store_write w = {.type = patient_type,
            .operation = STORE_UPDATE,
            .id = str_of(arena_printf(a, "w%u-%u", load->writer, i % 20))};
        struct store_transaction t = {.writes = &w, .count = 1, .actor = STR("load")};
        w.body = patient(a, w.id.p,
            arena_printf(a, ",\"tags\":[\"t%u\"],\"name\":\"%u\"", i % 5, i));
        MUST(json_read_trusted(a, w.body, &resource, &err));
        w.resource = resource;
        MUST(store_prepare(load->n->store, a, &w, &err));
        if (store_commit(load->n->store, &t, &err) < 0)
            fail_msg("commit: %s", err.text);
        arena_reset(a);
    }
    arena_free(a);
    return NULL;
}

static void *load_read(void *arg)
{
    struct load *load = arg;
    struct arena *a = arena_new();
    struct err err = {0};

    while (!atomic_load(load->stop)) {
        struct store_reader *r = NULL;
        struct store_record record;
        const char *id = arena_printf(a, "w%ld-%ld", load->reads % 8, load->reads % 20);
        MUST(store_read_begin(load->n->store, &r, &err));
        int code = store_get(r, a, patient_type->number, str_of(id), &record, &err);
        if (code < 0 && code != E_NOT_FOUND)
            fail_msg("read: %s", err.text);
        store_read_end(r);
        arena_reset(a);
        load->reads++;
    }
    arena_free(a);
    return NULL;
}

static void many_threads_write_and_read(void **state)
{
    struct node *n = *state;
    pthread_t threads[12];
    struct load loads[12];
    atomic_bool stop = false;
    struct store_stats s;
    struct err err = {0};

    for (unsigned i = 0; i < 12; i++) {
        loads[i] = (struct load){.n = n, .writer = i, .records = 100, .stop = &stop};
        MUST(thread_start(
            &threads[i], "load", i < 8 ? load_write : load_read, &loads[i], &err));
    }
    for (unsigned i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    atomic_store(&stop, true);
    for (unsigned i = 8; i < 12; i++)
        pthread_join(threads[i], NULL);
    MUST(store_stats(n->store, &s, &err));
    assert_int_equal(s.versions, 800);
    assert_int_equal(s.records[patient_type->number], 160);
    assert_true(s.commits <= s.transactions);
    assert_int_equal(node_verify(n, true), 0);
}

#define LARGE_CHARS 20000u
#define LARGE_WRITES 50u /* a transaction: about a megabyte */

/* A transaction of large records that do not pack. */
static void write_large(struct node *n, unsigned round)
{
    struct store_write *w = arena_array(n->arena, LARGE_WRITES, sizeof(*w));
    struct err err = {0};
    uint32_t x = round + 1;

    for (unsigned i = 0; i < LARGE_WRITES; i++) {
        const char *id = arena_printf(n->arena, "w0-%u", i);
        char *text = arena_alloc(n->arena, LARGE_CHARS + 1);

        for (unsigned k = 0; k < LARGE_CHARS; k++) {
            x = x * 1103515245 + 12345;
            text[k] = (char)('0' + (x >> 16) % 64);
            if (text[k] == '\\')
                text[k] = '!';
        }
        MUST(node_write(n, &w[i], id,
            patient(n->arena, id, arena_printf(n->arena, ",\"x\":\"%s\"", text)),
            &err));
    }
    MUST(node_commit(n, w, LARGE_WRITES, &err));
    arena_reset(n->arena);
}

/* So many transactions without growth: the log is written over from its begin. */
#define STILL_ROUNDS 8u

/* Readers that come and go at every moment do not keep the log beside the database from
 * beginning anew; else it grows without end, and every look into it takes longer. How soon
 * is the scheduler's business: a reader that is not run holds it up. */
static void the_log_begins_anew_while_others_read(void **state)
{
    struct node *n = *state;
    atomic_bool stop = false;
    struct load readers[2];
    pthread_t threads[2];
    char path[128];
    struct stat st;
    off_t most = 0;
    unsigned still = 0;

    snprintf(path, sizeof(path), "%s/belay.db-wal", n->path);
    for (unsigned i = 0; i < 2; i++) {
        readers[i] = (struct load){.n = n, .stop = &stop};
        MUST(thread_start(&threads[i], "reader", load_read, &readers[i], NULL));
    }
    for (unsigned round = 0;
         round < 20 * (LIMIT_LOG_BYTES >> 20) && still < STILL_ROUNDS; round++) {
        write_large(n, round);
        assert_int_equal(stat(path, &st), 0);
        still = st.st_size > most ? 0 : still + 1;
        most = st.st_size > most ? st.st_size : most;
    }
    atomic_store(&stop, true);
    for (unsigned i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(still, STILL_ROUNDS);
}

/* A member with ${len} letters that do not pack well. */
static const char *noise(struct arena *a, size_t len)
{
    char *text = arena_alloc(a, len + 1);
    uint32_t x = 3;

    for (size_t i = 0; i < len; i++) {
        x = x * 1103515245 + 12345;
        text[i] = (char)('a' + (x >> 16) % 26);
    }
    return arena_printf(a, ",\"x\":\"%s\"", text);
}

static void backup_while_writing(void **state)
{
    struct node *n = *state;
    struct node copy = {.kind = STORE_SQLITE};
    struct load load = {.n = n, .records = 400};
    pthread_t thread;
    struct err err = {0};

    MUST(node_put(n, "large", noise(n->arena, 100000), NULL));
    MUST(node_put(n, "before", "", NULL));
    MUST(thread_start(&thread, "load", load_write, &load, &err));
    assert_true(snprintf(copy.path, sizeof(copy.path), "%.40s/copy", n->path) > 0);
    MUST(store_backup(n->store, copy.path, &err));
    assert_int_equal(store_backup(n->store, copy.path, &err), E_CONFLICT);
    pthread_join(thread, NULL);
    copy.arena = arena_new();
    MUST(open_as(&copy, false, false, true, &copy.store, &err));
    assert_non_null(node_body(&copy, "before"));
    assert_string_equal(node_body(&copy, "large"), node_body(n, "large"));
    assert_int_equal(node_verify(&copy, true), 0);
    assert_int_equal(mode_of(copy.path, "belay.db"), 0600);
    MUST(node_put(&copy, "after", "", NULL));
    store_close(copy.store);
    arena_free(copy.arena);
}

/* ---- blobs ---- */

static const char *blob_file(struct node *n, char *folder, size_t size)
{
    static char path[300];
    FILE *f = NULL;

    snprintf(folder, size, "find %s/blobs -type f", n->path);
    f = popen(folder, "r");
    assert_non_null(f);
    if (!fgets(path, sizeof(path), f))
        path[0] = '\0';
    pclose(f);
    path[strcspn(path, "\n")] = '\0';
    return path;
}

static void large_body_is_a_file(void **state)
{
    struct node *n = *state;
    char command[300];
    struct store_write a;
    struct store_stats s;
    struct err err = {0};

    const char *rest = noise(n->arena, 100000);
    MUST(node_put(n, "a", rest, &a));
    MUST(store_stats(n->store, &s, &err));
    assert_true(s.blob_bytes > LIMIT_BLOB_INLINE);
    assert_int_equal(s.body_bytes, 0);
    const char *file = blob_file(n, command, sizeof(command));
    assert_true(file[0] != '\0');
    assert_string_equal(node_body(n, "a"), patient(n->arena, "a", rest).p);
    assert_int_equal(node_verify(n, true), 0);
    /* changed, then missing: found */
    FILE *f = fopen(file, "r+");
    assert_non_null(f);
    fseek(f, 5000, SEEK_SET);
    fputs("zzzz", f);
    fclose(f);
    assert_true(node_verify(n, false) > 0);
    unlink(file);
    assert_true(node_verify(n, false) > 0);
}

static void erasing_removes_the_file(void **state)
{
    struct node *n = *state;
    char command[300];
    struct store_write a;
    struct err err = {0};

    MUST(node_put(n, "a", noise(n->arena, 100000), &a));
    MUST(node_delete(n, "a", NULL));
    MUST(store_erase(n->store, patient_type->number, STR("a"), str_of(a.vid), &err));
    assert_string_equal(blob_file(n, command, sizeof(command)), "");
    assert_int_equal(node_verify(n, true), 0);
}

/* The bytes of an erased body are in none of the node's files. */
static void erased_text_is_nowhere(void **state)
{
    struct node *n = *state;
    struct store_write a;
    char command[300];
    struct err err = {0};

    /* short and new, so that packing keeps it as it is */
    MUST(node_put(n, "a", ",\"name\":\"Qx7vKz9wPj3\"", &a));
    MUST(node_delete(n, "a", NULL));
    snprintf(command, sizeof(command), "grep -rqa Qx7vKz9wPj3 %s", n->path);
    assert_int_equal(system(command), 0);
    MUST(store_erase(n->store, patient_type->number, STR("a"), str_of(a.vid), &err));
    assert_int_not_equal(system(command), 0);
}

/* ---- views ---- */

static void changed_view_is_filled_again(void **state)
{
    struct node *n = *state;
    const char *rows = NULL;
    const char *digest = sample_view.digest;
    struct store *other = NULL;
    struct err err;

    MUST(node_put(n, "a", ",\"tags\":[\"x\",\"y\"],\"name\":\"n\"", NULL));
    rows = node_rows(n);
    sample_view.digest = "2";
    assert_int_equal(open_as(n, false, true, true, &other, &err), E_CONFLICT);
    node_reopen(n);
    assert_string_equal(node_rows(n), rows);
    sample_view.digest = digest;
    node_reopen(n);
    assert_string_equal(node_rows(n), rows);
}

static void written_without_the_view(void **state)
{
    struct node *n = *state;
    struct err err;

    MUST(node_put(n, "a", ",\"tags\":[\"x\"]", NULL));
    store_close(n->store);
    MUST(open_as(n, false, false, false, &n->store, &err));
    MUST(node_put(n, "b", ",\"tags\":[\"x\"]", NULL));
    node_reopen(n);
    assert_int_equal(node_verify(n, true), 0);
}

static void bulk_cut_short_is_repaired(void **state)
{
    struct node *n = *state;
    struct err err = {0};

    MUST(node_put(n, "a", ",\"tags\":[\"x\"]", NULL));
    MUST(store_bulk_begin(n->store, &err));
    MUST(node_put(n, "b", ",\"tags\":[\"x\"]", NULL));
    assert_true(node_verify(n, false) > 0);
    node_reopen(n);
    assert_int_equal(node_verify(n, true), 0);
}

/* ---- the dictionary ---- */

static void dictionary_is_trained_and_used(void **state)
{
    struct node *n = *state;
    struct store_stats s;
    struct err err = {0};
    int64_t before = 0;
    int64_t after = 0;

    for (unsigned i = 0; i < LIMIT_TRAIN_BODIES + 1; i++) {
        struct store_write w = {0};
        const char *id = arena_printf(n->arena, "p%u", i);
        const char *rest = arena_printf(n->arena,
            ",\"identifier\":[{\"system\":\"http://example.org/numbers\",\"value\":"
            "\"%u\"}],\"gender\":\"%s\",\"birthDate\":\"19%02u-%02u-01\",\"active\":"
            "true",
            i * 7919, i % 2 ? "female" : "male", i % 100, 1 + i % 12);
        MUST(node_write(n, &w, id, patient(n->arena, id, rest), &err));
        if (i < 100)
            MUST(node_commit(n, &w, 1, &err));
    }
    MUST(store_stats(n->store, &s, &err));
    before = s.body_bytes;
    /* it is trained beside us; wait for the first body that is packed with it */
    for (unsigned tries = 0; tries < 1200; tries++) {
        struct store_write w = {0};
        const char *id = arena_printf(n->arena, "q%u", tries);
        MUST(node_write(n, &w, id,
            patient(n->arena, id, ",\"gender\":\"male\",\"active\":true"), &err));
        if (w.dictionary != 0)
            break;
        usleep(50000);
    }
    for (unsigned i = 0; i < 100; i++) {
        const char *id = arena_printf(n->arena, "r%u", i);
        MUST(node_put(n, id,
            arena_printf(n->arena,
                ",\"identifier\":[{\"system\":\"http://example.org/numbers\",\"value\":"
                "\"%u\"}],\"gender\":\"male\",\"birthDate\":\"1950-01-01\","
                "\"active\":true",
                i * 31337),
            NULL));
    }
    MUST(store_stats(n->store, &s, &err));
    after = s.body_bytes - before;
    assert_true(after < before * 2 / 3);
    assert_int_equal(node_verify(n, true), 0);
    node_reopen(n);
    assert_non_null(node_body(n, "r1"));
    assert_int_equal(node_verify(n, true), 0);
}

/* The body that the clinic writes once the node is in full use. */
static const char *later_body(struct arena *a, unsigned i)
{
    return arena_printf(a,
        "{\"resourceType\":\"Procedure\",\"id\":\"p%u\",\"status\":\"completed\","
        "\"code\":{\"coding\":[{\"system\":\"http://example.org/operations\",\"code\":"
        "\"%u\"}]},\"performedDateTime\":\"2026-01-%02u\"}",
        i, i % 50, 1 + i % 28);
}

static void await_dictionary(struct node *n, unsigned number)
{
    for (unsigned tries = 0; tries < 1200; tries++) {
        if (atomic_load(&n->store->dictionaries.now) == number)
            return;
        usleep(50000);
    }
    fail_msg("dictionary %u was not trained", number);
}

/* The second is of what the node holds when it is in full use; then there is no third. */
static void dictionary_is_trained_again(void **state)
{
    struct node *n = *state;
    struct arena *a = arena_new();

    for (unsigned i = 0; i < LIMIT_TRAIN_BODIES; i++)
        trainer_feed(n->store, patient(n->arena, arena_printf(a, "p%u", i), ""));
    await_dictionary(n, 1);
    MUST(node_put(n, "early", ",\"gender\":\"male\"", NULL));
    for (unsigned i = 0; i < LIMIT_TRAIN_AGAIN + LIMIT_TRAIN_EACH * LIMIT_TRAIN_BODIES;
         i++) {
        trainer_feed(n->store, str_of(later_body(a, i)));
        arena_reset(a);
    }
    await_dictionary(n, 2);
    assert_true(atomic_load(&n->store->trainer.full));
    MUST(node_put(n, "late", ",\"gender\":\"female\"", NULL));
    node_reopen(n);
    assert_int_equal(atomic_load(&n->store->dictionaries.now), 2);
    assert_true(atomic_load(&n->store->trainer.full));
    assert_non_null(node_body(n, "early"));
    assert_non_null(node_body(n, "late"));
    assert_int_equal(node_verify(n, true), 0);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_the_owner_may_read, setup, teardown),
        cmocka_unit_test_setup_teardown(opening_says_what_is_wrong, setup, teardown),
        cmocka_unit_test_setup_teardown(damaged_file_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(reopened_is_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(reading_beside_the_writer, setup, teardown),
        cmocka_unit_test_setup_teardown(many_threads_write_and_read, setup, teardown),
        cmocka_unit_test_setup_teardown(
            the_log_begins_anew_while_others_read, setup, teardown),
        cmocka_unit_test_setup_teardown(backup_while_writing, setup, teardown),
        cmocka_unit_test_setup_teardown(large_body_is_a_file, setup, teardown),
        cmocka_unit_test_setup_teardown(erasing_removes_the_file, setup, teardown),
        cmocka_unit_test_setup_teardown(erased_text_is_nowhere, setup, teardown),
        cmocka_unit_test_setup_teardown(changed_view_is_filled_again, setup, teardown),
        cmocka_unit_test_setup_teardown(written_without_the_view, setup, teardown),
        cmocka_unit_test_setup_teardown(bulk_cut_short_is_repaired, setup, teardown),
        cmocka_unit_test_setup_teardown(
            dictionary_is_trained_and_used, setup, teardown),
        cmocka_unit_test_setup_teardown(dictionary_is_trained_again, setup, teardown),
    };

    return cmocka_run_group_tests_name("store on disk", tests, NULL, NULL);
}
