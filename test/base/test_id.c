/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers: the form and order of UUIDs, also across threads; FHIR ids; packing. */
#include "base/id.h"
#include "base/limits.h"
#include "base/thread.h"

#include "unit.h"

#define THREADS 4
#define PER_THREAD 20000

static void form(void **state)
{
    char id[ID_UUID_CHARS + 1];
    utc_ms now = time_now();
    uint8_t raw[16];
    uint64_t ms = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        id_uuid7(now, id);
        assert_int_equal(strlen(id), 36);
        assert_int_equal(id[14], '7');
        assert_non_null(strchr("89ab", id[19]));
        assert_true(id_valid(str_of(id)));
        assert_true(id_uuid_pack(str_of(id), raw));
        ms = 0;
        for (int k = 0; k < 6; k++)
            ms = ms << 8 | raw[k];
        assert_int_equal(ms, now);
    }
}

static void order_holds_within_a_millisecond_and_beyond(void **state)
{
    char before[ID_UUID_CHARS + 1] = "";
    char id[ID_UUID_CHARS + 1];
    utc_ms now = time_now() + 5000;

    (void)state;
    /* more than the counter can count, then a clock that steps back a little */
    for (int i = 0; i < 30000; i++) {
        id_uuid7(i < 20000 ? now : now - 50, id);
        if (strcmp(before, id) >= 0)
            fail_msg("%d: %s after %s", i, id, before);
        memcpy(before, id, sizeof(id));
    }
}

static void a_clock_set_back_far_is_believed(void **state)
{
    char id[ID_UUID_CHARS + 1];

    (void)state;
    id_uuid7(time_now(), id);
    id_uuid7(0x0123456789AB, id);
    assert_memory_equal(id, "01234567-89ab-7000-", 19);
    id_uuid7(0x000000000001, id);
    assert_memory_equal(id, "00000000-0001-7000-", 19);
}

static void *make_many(void *arg)
{
    char(*ids)[ID_UUID_CHARS + 1] = arg;
    utc_ms now = time_now();

    for (size_t i = 0; i < PER_THREAD; i++)
        id_uuid7(now, ids[i]);
    return NULL;
}

static int compare_ids(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void threads_never_make_the_same(void **state)
{
    size_t count = (size_t)THREADS * PER_THREAD;
    char(*ids)[ID_UUID_CHARS + 1] = calloc(count, sizeof(*ids));
    pthread_t threads[THREADS];

    (void)state;
    assert_non_null(ids);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(
            thread_start(&threads[i], "ids", make_many, ids + i * PER_THREAD, NULL), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 1; i < count; i++) {
        if (i % PER_THREAD != 0 && strcmp(ids[i - 1], ids[i]) >= 0)
            fail_msg("order of one thread broken at %zu", i);
    }
    qsort(ids, count, sizeof(*ids), compare_ids);
    for (size_t i = 1; i < count; i++) {
        /* even without the random bits: time and counter are never given twice */
        if (memcmp(ids[i - 1], ids[i], 18) == 0)
            fail_msg("%s and %s", ids[i - 1], ids[i]);
    }
    free(ids);
}

static void fhir_ids(void **state)
{
    char longest[LIMIT_ID_CHARS + 2];

    (void)state;
    memset(longest, 'a', sizeof(longest));
    assert_true(id_valid((struct str){longest, LIMIT_ID_CHARS}));
    assert_false(id_valid((struct str){longest, LIMIT_ID_CHARS + 1}));
    assert_true(id_valid(STR("A-z.09")));
    assert_false(id_valid(STR("")));
    assert_false(id_valid((struct str){0}));
    assert_false(id_valid(STR("a_b")));
    assert_false(id_valid(STR("a/b")));
    assert_false(id_valid(STR("\xc3\xa9")));
    assert_false(id_valid((struct str){"a\0", 2}));
}

static void packing(void **state)
{
    static const char *const bad[] = {"", "0190a6f0-1234-7abc-8def-0123456789a",
        "0190a6f0-1234-7abc-8def-0123456789aB", "0190a6f0-1234-7abc-8def-0123456789ag",
        "0190a6f0x1234-7abc-8def-0123456789ab", "0190a6f01234-7abc-8def-0123456789abc-",
        "0190a6f0-1234-7abc-8def-0123456789ab0"};
    uint8_t raw[16];
    char text[ID_UUID_CHARS + 1];

    (void)state;
    assert_true(id_uuid_pack(STR("0190a6f0-1234-7abc-8def-0123456789ab"), raw));
    assert_int_equal(raw[0], 0x01);
    assert_int_equal(raw[15], 0xab);
    id_uuid_unpack(raw, text);
    assert_string_equal(text, "0190a6f0-1234-7abc-8def-0123456789ab");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_false(id_uuid_pack(str_of(bad[i]), raw));
}

static void random_bytes_differ(void **state)
{
    uint8_t a[600] = {0};
    uint8_t b[600] = {0};

    (void)state;
    id_random(a, sizeof(a));
    id_random(b, sizeof(b));
    assert_memory_not_equal(a, b, 16);
    assert_memory_not_equal(a + 584, b + 584, 16);
    id_random(a, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(form),
        cmocka_unit_test(threads_never_make_the_same),
        cmocka_unit_test(order_holds_within_a_millisecond_and_beyond),
        cmocka_unit_test(a_clock_set_back_far_is_believed),
        cmocka_unit_test(fhir_ids),
        cmocka_unit_test(packing),
        cmocka_unit_test(random_bytes_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
