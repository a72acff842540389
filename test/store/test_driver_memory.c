/* SPDX-License-Identifier: Apache-2.0 */
/* What the memory driver has to prove for itself: snapshots and rollback on shared trees,
 * memory that runs out, steps that fail, threads. */
#include <stdatomic.h>

#include "base/thread.h"

#include "party.h"
#include "store/fault.h"

/* ---- snapshots, savepoints, cursors ---- */

static void put(struct party *p, const char *key, const char *value)
{
    struct err err = {0};

    good(p->d->row_put(p->writer, 0, str_of(key), str_of(value), &err), &err);
}

static void expect(
    struct party *p, struct driver_conn *c, const char *key, const char *value)
{
    struct err err = {0};
    struct store_row row = {0};
    int r = p->d->row_get(c, 0, str_of(key), &row, &err);

    assert_int_equal(r, value != NULL);
    if (value)
        same_str((struct str){(const char *)row.value, row.value_len}, str_of(value));
}

static void test_snapshots(void **state)
{
    struct party p = {0};
    struct driver_conn *other = NULL;
    struct err err = {0};

    (void)state;
    party_open(&p, &driver_memory, NULL);
    good(p.d->connect(p.node, false, &other, &err), &err);
    good(p.d->read_begin(other, &err), &err); /* before all */
    good(p.d->begin(p.writer, &err), &err);
    put(&p, "a", "1");
    put(&p, "b", "1");
    good(p.d->savepoint(p.writer, &err), &err);
    put(&p, "a", "2");
    good(p.d->row_del(p.writer, 0, STR("b"), &err), &err);
    expect(&p, p.writer, "a", "2");
    expect(&p, p.writer, "b", NULL);
    expect(&p, p.reader, "a", NULL);
    good(p.d->rollback_to(p.writer, &err), &err);
    expect(&p, p.writer, "a", "1");
    expect(&p, p.writer, "b", "1");
    good(p.d->commit(p.writer, &err), &err);
    good(p.d->read_begin(p.reader, &err), &err);
    good(p.d->begin(p.writer, &err), &err);
    good(p.d->table_clear(p.writer, 0, &err), &err);
    put(&p, "c", "3");
    good(p.d->commit(p.writer, &err), &err);
    expect(&p, other, "a", NULL);
    expect(&p, p.reader, "a", "1");
    expect(&p, p.reader, "c", NULL);
    expect(&p, p.writer, "a", NULL);
    expect(&p, p.writer, "c", "3");
    p.d->read_end(p.reader);
    expect(&p, p.reader, "c", "3");
    p.d->disconnect(other); /* with its snapshot still open */
    good(p.d->begin(p.writer, &err), &err);
    put(&p, "d", "4");
    party_close(&p); /* with a transaction still open */
}

/* What a caller does wrong is said, not done. */
static void test_misuse(void **state)
{
    struct party p = {0};
    struct driver_cursor *cur = NULL;
    struct store_row row;
    struct err err = {0};

    (void)state;
    party_open(&p, &driver_memory, NULL);
    assert_int_equal(p.d->row_put(p.writer, 0, STR("a"), STR("b"), &err), E_BUG);
    assert_int_equal(p.d->commit(p.writer, &err), E_BUG);
    assert_int_equal(p.d->savepoint(p.writer, &err), E_BUG);
    assert_int_equal(p.d->release(p.writer, &err), E_BUG);
    assert_int_equal(p.d->rollback_to(p.writer, &err), E_BUG);
    assert_int_equal(p.d->table_open(p.reader, 9, "nine", false, &err), E_NOT_FOUND);
    good(p.d->begin(p.writer, &err), &err);
    assert_int_equal(p.d->begin(p.writer, &err), E_BUG);
    assert_int_equal(p.d->read_begin(p.writer, &err), E_BUG);
    assert_int_equal(p.d->table_open(p.writer, 64, "far", false, &err), E_BUG);
    assert_int_equal(p.d->row_put(p.writer, 9, STR("a"), STR("b"), &err), E_BUG);
    good(p.d->past_add(p.writer, 1, 1, &err), &err);
    assert_int_equal(p.d->past_add(p.writer, 1, 1, &err), E_IO);
    p.d->rollback(p.writer);
    p.d->rollback(p.writer);
    good(p.d->cursor_open(p.reader, 9, &cur, &err), &err);
    assert_int_equal(p.d->cursor_seek(cur, STR(""), DRIVER_GE, &row, &err), E_BUG);
    p.d->cursor_close(cur);
    assert_int_equal(p.d->tidy(p.node, DRIVER_TIDY_ALL, &err), 0);
    assert_int_equal(p.d->untidy(p.node), 0);
    party_close(&p);
    p.d->disconnect(NULL);
    p.d->close(NULL);
}

/* A cursor of the writer goes on over the rows of its seek while they are changed. */
static void test_cursor_beside_writes(void **state)
{
    struct party p = {0};
    struct driver_cursor *cur = NULL;
    struct store_row row = {0};
    struct err err = {0};
    char name[8];

    (void)state;
    party_open(&p, &driver_memory, NULL);
    good(p.d->begin(p.writer, &err), &err);
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof(name), "%04d", i);
        put(&p, name, name);
    }
    good(p.d->cursor_open(p.writer, 0, &cur, &err), &err);
    assert_int_equal(p.d->cursor_seek(cur, STR(""), DRIVER_GE, &row, &err), 1);
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof(name), "%04d", i);
        same_str((struct str){(const char *)row.key, row.key_len}, str_of(name));
        good(p.d->row_del(
                 p.writer, 0, (struct str){(const char *)row.key, row.key_len}, &err),
            &err);
        same_str((struct str){(const char *)row.value, row.value_len}, str_of(name));
        put(&p, "0000more", "x");
        assert_int_equal(p.d->cursor_next(cur, &row, &err), i < 999);
    }
    assert_int_equal(p.d->cursor_next(cur, &row, &err), 0);
    assert_int_equal(p.d->cursor_seek(cur, STR("0001"), DRIVER_LT, &row, &err), 1);
    same_str((struct str){(const char *)row.key, row.key_len}, STR("0000more"));
    p.d->cursor_close(cur);
    good(p.d->commit(p.writer, &err), &err);
    party_close(&p);
}

/* ---- faults ---- */

/* Some of everything, on a node of its own. */
static int everything(struct err *err)
{
    const struct driver *d = &driver_memory;
    struct driver_options options = {.create = true};
    struct driver_node *node = NULL;
    struct driver_conn *w = NULL;
    struct driver_conn *reader = NULL;
    struct driver_cursor *cur = NULL;
    struct driver_version v = {.seq = 1, .rid = 1, .body = STR("body")};
    struct driver_record record = {.rid = 1, .id = STR("http://a.example/1")};
    struct store_row row;
    char key[8];
    int r = d->open(&options, &node, err);

    if (r < 0)
        return r;
    r = d->connect(node, true, &w, err);
    if (r == 0)
        r = d->connect(node, false, &reader, err);
    if (r == 0)
        r = d->begin(w, err);
    if (r == 0)
        r = d->table_open(w, 3, "three", false, err);
    if (r == 0)
        r = d->version_add(w, &v, err);
    if (r == 0)
        r = d->record_add(w, &record, err);
    if (r == 0)
        r = d->record_head(w, 1, 1, true, err);
    v.dictionary = DRIVER_BODY_ERASED;
    if (r == 0)
        r = d->savepoint(w, err);
    if (r == 0)
        r = d->version_body(w, &v, err);
    if (r == 0)
        r = d->release(w, err);
    for (int i = 0; i < 40 && r == 0; i++) {
        snprintf(key, sizeof(key), "%d", i);
        r = d->row_put(w, 3, str_of(key), STR("x"), err);
    }
    if (r == 0)
        r = d->value_put(w, DRIVER_OWN, "name", STR("value"), err);
    if (r == 0)
        r = d->past_add(w, 1, 1, err);
    if (r == 0)
        r = d->commit(w, err);
    if (r == 0)
        r = d->value_put_now(reader, DRIVER_SETTINGS, "now", STR("value"), err);
    if (r == 0)
        r = d->cursor_open(reader, 3, &cur, err);
    if (r == 0)
        r = d->cursor_seek(cur, STR("2"), DRIVER_LT, &row, err);
    if (cur)
        d->cursor_close(cur);
    d->disconnect(reader);
    d->disconnect(w);
    d->close(node);
    return r < 0 ? r : 0;
}

static int everything_step(void *arg)
{
    struct err *err = arg;

    return everything(err);
}

static void test_no_memory(void **state)
{
    struct err err = {0};

    (void)state;
    /* node, state, two connections, two copies, an entry for each row at least */
    assert_true(unit_fault_loop(everything_step, &err) > 50);
}

static void test_failing_steps(void **state)
{
    struct err err = {0};

    (void)state;
    for (unsigned long n = 1;; n++) {
        unsigned long counted = 0;
        int r = 0;
        store_fail_step(n);
        r = everything(&err);
        counted = store_fail_step(0);
        if (counted < n) {
            assert_int_equal(r, 0);
            assert_true(n > 50);
            return;
        }
        assert_int_equal(r, E_IO);
    }
}

/* ---- threads ---- */

/* Rows 0 to ROWS-1 hold numbers that always add up to nothing. */
#define ROWS 200

struct busy {
    struct party p;
    atomic_bool stop;
    atomic_int looks;
    atomic_int faults;
};

static int64_t row_number(const struct store_row *row)
{
    int64_t number = 0;

    if (row->value_len == sizeof(number))
        memcpy(&number, row->value, sizeof(number));
    return number;
}

/* In a snapshot, three times the same sum and the same number of changes. */
static void *reading(void *arg)
{
    struct busy *b = arg;
    const struct driver *d = b->p.d;
    struct driver_conn *c = NULL;
    struct driver_cursor *cur = NULL;
    struct store_row row;
    struct err err = {0};

    if (d->connect(b->p.node, false, &c, &err) < 0)
        return NULL;
    while (!atomic_load(&b->stop)) {
        bool sound = d->read_begin(c, &err) == 0;
        int64_t first = -1;
        for (int i = 0; i < 3 && sound; i++) {
            int64_t sum = 0;
            int64_t rows = 0;
            int r = d->cursor_open(c, 0, &cur, &err);
            if (r == 0)
                r = d->cursor_seek(cur, STR(""), DRIVER_GE, &row, &err);
            for (; r == 1; r = d->cursor_next(cur, &row, &err), rows++)
                sum += row_number(&row);
            if (r == 0)
                r = d->last_seq(c, &first, &err);
            sound = r == 0 && sum == 0 && (rows == 0 || rows == ROWS);
            d->cursor_close(cur);
        }
        atomic_fetch_add(&b->faults, !sound);
        atomic_fetch_add(&b->looks, 1);
        d->read_end(c);
    }
    d->disconnect(c);
    return NULL;
}

/* Settings put beside the writer's transactions. */
static void *putting(void *arg)
{
    struct busy *b = arg;
    const struct driver *d = b->p.d;
    struct driver_conn *c = NULL;
    struct err err = {0};
    uint64_t number = 0;

    if (d->connect(b->p.node, false, &c, &err) < 0)
        return NULL;
    while (!atomic_load(&b->stop)) {
        struct str value = {(const char *)&number, sizeof(number)};
        struct str back = {0};
        number++;
        if (d->value_put_now(c, DRIVER_SETTINGS, "number", value, &err) < 0 ||
            d->value_get(c, DRIVER_SETTINGS, "number", &back, &err) < 0 ||
            !str_eq(value, back))
            atomic_fetch_add(&b->faults, 1);
    }
    d->disconnect(c);
    return NULL;
}

static void move(struct party *p, int64_t from, int64_t to, int64_t by)
{
    int64_t at[2] = {from, to};
    struct store_row row;
    struct err err = {0};
    char key[8];

    for (int i = 0; i < 2; i++) {
        int64_t number = 0;
        snprintf(key, sizeof(key), "%lld", (long long)at[i]);
        if (p->d->row_get(p->writer, 0, str_of(key), &row, &err) == 1)
            number = row_number(&row);
        number += i ? by : -by;
        good(p->d->row_put(p->writer, 0, str_of(key),
                 (struct str){(const char *)&number, sizeof(number)}, &err),
            &err);
    }
}

static void test_threads(void **state)
{
    struct busy b = {0};
    struct err err = {0};
    pthread_t threads[3];

    (void)state;
    party_open(&b.p, &driver_memory, NULL);
    good(b.p.d->begin(b.p.writer, &err), &err);
    for (int i = 0; i < ROWS; i++)
        move(&b.p, i, i, 0);
    good(b.p.d->commit(b.p.writer, &err), &err);
    for (int i = 0; i < 3; i++)
        good(thread_start(&threads[i], "test", i == 2 ? putting : reading, &b, &err),
            &err);
    for (int i = 0; i < 2000 || atomic_load(&b.looks) < 50; i++) {
        good(b.p.d->begin(b.p.writer, &err), &err);
        move(&b.p, unit_between(0, ROWS - 1), unit_between(0, ROWS - 1), i);
        good(b.p.d->savepoint(b.p.writer, &err), &err);
        move(&b.p, unit_between(0, ROWS - 1), unit_between(0, ROWS - 1), i);
        if (i % 3)
            good(b.p.d->release(b.p.writer, &err), &err);
        else
            good(b.p.d->rollback_to(b.p.writer, &err), &err);
        if (i % 5)
            good(b.p.d->commit(b.p.writer, &err), &err);
        else
            b.p.d->rollback(b.p.writer);
    }
    atomic_store(&b.stop, true);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&b.faults), 0);
    party_close(&b.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snapshots),
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_cursor_beside_writes),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_failing_steps),
        cmocka_unit_test(test_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
