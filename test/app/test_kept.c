/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The memory of what follows from records: a value is given until a record of its types changes, gives way to a newer one, takes
 * no more room than there is, and is freed once, when nobody holds it any more.
 */
#include <pthread.h>

#include "app/kept.h"
#include "unit.h"

#define PLACES 3
#define MOST 100

struct number {
    struct kept_value value; /* the first member */
    int is;
};

static atomic_int living;

static void done(struct kept_value *v)
{
    atomic_fetch_sub(&living, 1);
    free(v);
}

/* Follows from the types 5 and 7. */
static struct number *number(int is, int64_t position, size_t bytes)
{
    struct number *n = calloc(1, sizeof(*n));

    assert_non_null(n);
    *n = (struct number){.value = {.types = {5, 7},
                             .type_count = 2,
                             .position = position,
                             .bytes = bytes,
                             .done = done},
        .is = is};
    atomic_fetch_add(&living, 1);
    return n;
}

static void put(struct kept_memory *m, size_t place, int is, int64_t position)
{
    kept_put(m, place, &number(is, position, 30)->value);
}

/* -1: nothing is kept. */
static int get(struct kept_memory *m, size_t place, int64_t position)
{
    struct kept_value *v = kept_get(m, place, position);
    int is = v ? ((struct number *)v)->is : -1;

    kept_release(v);
    return is;
}

static void tell(struct reader_memory *changes, unsigned type, int64_t seq)
{
    reader_memory_changed(
        changes, &(struct store_event){
                     .rid = store_rid_first(type) + 1, .type = type, .seq = seq});
}

static struct reader_memory *start(int64_t position)
{
    struct reader_memory *changes = reader_memory_new();

    assert_non_null(changes);
    reader_memory_start(changes, position);
    return changes;
}

static void a_value_holds_until_a_record_of_its_types_changes(void **unused)
{
    struct reader_memory *changes = start(10);
    struct kept_memory *m = kept_memory_new(changes, PLACES, MOST);
    struct kept_value *held = NULL;

    (void)unused;
    assert_int_equal(get(m, 1, 10), -1);
    put(m, 1, 4, 10);
    assert_int_equal(get(m, 1, 10), 4);
    assert_int_equal(get(m, 2, 10), -1);
    assert_int_equal(get(m, PLACES, 10), -1);
    assert_int_equal(get(m, 1, 9), -1);  /* an older snapshot */
    assert_int_equal(get(m, 1, 11), -1); /* one that the memory was not told of yet */
    put(m, 1, 4, 10);
    tell(changes, 6, 11); /* of another type */
    held = kept_get(m, 1, 11);
    assert_non_null(held);
    assert_int_equal(get(m, 1, 10), -1); /* it is of 11 by now */
    tell(changes, 7, 12);
    assert_int_equal(get(m, 1, 12), -1);
    assert_int_equal(((struct number *)held)->is, 4);
    assert_int_equal(living, 1); /* who holds it has it still */
    kept_release(held);
    assert_int_equal(living, 0);
    put(m, 1, 6, 12);
    reader_memory_stop(changes); /* a bulk load tells of nothing */
    reader_memory_start(changes, 20);
    assert_int_equal(get(m, 1, 20), -1);
    kept_memory_free(m);
    reader_memory_free(changes);
    assert_int_equal(living, 0);
}

static void the_newer_one_stays(void **unused)
{
    struct reader_memory *changes = start(20);
    struct kept_memory *m = kept_memory_new(changes, PLACES, MOST);

    (void)unused;
    put(m, 0, 1, 19);
    put(m, 0, 2, 20);
    put(m, 0, 3, 18);
    assert_int_equal(get(m, 0, 20), 2);
    put(m, 0, 4, 20); /* of another question, perhaps */
    assert_int_equal(get(m, 0, 20), 4);
    assert_int_equal(living, 1);
    kept_memory_free(m);
    reader_memory_free(changes);
    assert_int_equal(living, 0);
}

static void what_has_no_room_is_freed(void **unused)
{
    struct reader_memory *changes = start(10);
    struct kept_memory *m = kept_memory_new(changes, PLACES, MOST);
    struct number *n = NULL;

    (void)unused;
    kept_put(m, 0, &number(1, 10, MOST + 1)->value);
    assert_int_equal(get(m, 0, 10), -1);
    kept_put(m, 0, &number(2, 10, 60)->value);
    kept_put(m, 1, &number(3, 10, 60)->value);
    assert_int_equal(get(m, 0, 10), 2);
    assert_int_equal(get(m, 1, 10), -1);
    kept_put(m, 0, &number(4, 10, 40)->value); /* in place of 60 */
    kept_put(m, 1, &number(5, 10, 60)->value);
    assert_int_equal(get(m, 0, 10), 4);
    assert_int_equal(get(m, 1, 10), 5);
    put(m, PLACES, 6, 10);
    put(m, 2, 7, -1); /* of no snapshot */
    n = number(8, 10, 0);
    n->value.type_count = READER_CHANGES_TYPES + 1;
    kept_put(m, 2, &n->value);
    assert_int_equal(get(m, 2, 10), -1);
    assert_int_equal(living, 2);
    kept_memory_free(m);
    m = kept_memory_new(NULL, PLACES, MOST); /* nobody tells what changes */
    put(m, 0, 9, 10);
    assert_int_equal(get(m, 0, 10), -1);
    kept_memory_free(m);
    kept_memory_free(NULL);
    kept_release(NULL);
    reader_memory_free(changes);
    assert_int_equal(living, 0);
}

/* ---- many at once ---- */

#define THREADS 4
#define TURNS 20000

static struct kept_memory *shared;

static void *use(void *unused)
{
    (void)unused;
    for (int i = 0; i < TURNS; i++) {
        struct kept_value *v = kept_get(shared, 0, 10);

        if (!v || i % 16 == 0)
            put(shared, 0, i, 10);
        assert_true(!v || v->done == done);
        kept_release(v);
    }
    return NULL;
}

static void many_use_it_at_once(void **unused)
{
    struct reader_memory *changes = start(10);
    pthread_t threads[THREADS];

    (void)unused;
    shared = kept_memory_new(changes, PLACES, MOST);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use, NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(living, 1);
    kept_memory_free(shared);
    reader_memory_free(changes);
    assert_int_equal(living, 0);
}

static int make(void *changes)
{
    struct kept_memory *m = kept_memory_new(changes, PLACES, MOST);

    kept_memory_free(m);
    return m ? 0 : E_NOMEM;
}

static void memory_may_be_out(void **unused)
{
    (void)unused;
    unit_fault_loop(make, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_holds_until_a_record_of_its_types_changes),
        cmocka_unit_test(the_newer_one_stays),
        cmocka_unit_test(what_has_no_room_is_freed),
        cmocka_unit_test(many_use_it_at_once),
        cmocka_unit_test(memory_may_be_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
