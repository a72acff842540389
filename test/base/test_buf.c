/* SPDX-License-Identifier: Apache-2.0 */
/* Buffers: the ceiling, the sticky error, handing over, faults. */
#include <limits.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

#include "unit.h"

static void appends(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 10000);
    assert_string_equal(buf_cstr(&b), "");
    buf_adds(&b, "ab");
    buf_addc(&b, 'c');
    buf_add(&b, NULL, 0);
    buf_addf(&b, "-%d-%s", 42, "x");
    buf_add_u64(&b, 0);
    buf_add_u64(&b, ULLONG_MAX);
    assert_string_equal(buf_cstr(&b), "abc-42-x018446744073709551615");
    assert_int_equal(b.len, strlen("abc-42-x018446744073709551615"));
    buf_clear(&b);
    buf_addf(&b, "%2000d", 5);
    assert_int_equal(b.len, 2000);
    assert_int_equal(b.data[1999], '5');
    memcpy(buf_reserve(&b, 3), "xyz", 3);
    b.len += 3;
    assert_memory_equal(b.data + 1999, "5xyz", 4);
    buf_done(&b);
    assert_null(b.data);
}

static void the_ceiling_holds(void **state)
{
    struct buf b;
    struct err err = {0};

    (void)state;
    buf_init(&b, 300);
    for (int i = 0; i < 300; i++)
        buf_addc(&b, 'a');
    assert_int_equal(buf_error(&b, "The list", &err), 0);
    assert_int_equal(strlen(buf_cstr(&b)), 300);
    /* the NUL of buf_cstr took a byte over the ceiling; content may not */
    buf_addc(&b, 'b');
    assert_int_equal(buf_error(&b, "The list", &err), E_TOO_LARGE);
    assert_string_equal(
        err.text, "The list would be larger than the limit of 300 bytes.");
    assert_int_equal(b.len, 300);
    assert_null(buf_cstr(&b));
    assert_null(buf_reserve(&b, 0));
    buf_clear(&b);
    buf_addc(&b, 'b');
    assert_string_equal(buf_cstr(&b), "b");
    assert_null(buf_reserve(&b, SIZE_MAX));
    buf_done(&b);
}

static void a_failed_buffer_takes_no_more(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 10);
    buf_adds(&b, "12345");
    buf_adds(&b, "too long");
    buf_adds(&b, "1");
    buf_addf(&b, "%d", 1);
    assert_int_equal(b.len, 5);
    assert_int_equal(b.error, E_TOO_LARGE);
    buf_done(&b);
    assert_int_equal(b.error, 0);
}

static void __attribute__((format(printf, 2, 3)))
add_by_list(struct buf *b, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    buf_addv(b, fmt, ap);
    va_end(ap);
}

static void a_list_of_arguments_is_read_twice_if_need_be(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 1000);
    add_by_list(&b, "%d %s", 1, "a");
    add_by_list(&b, "%500d %s", 2, "b"); /* longer than what is tried first */
    assert_int_equal(b.len, 3 + 502);
    assert_memory_equal(b.data, "1 a", 3);
    assert_string_equal(buf_cstr(&b) + 3 + 499, "2 b");
    buf_done(&b);
}

static void detach_hands_over(void **state)
{
    struct buf b;
    char *data = NULL;
    size_t len = 7;

    (void)state;
    buf_init(&b, 100);
    buf_detach(&b, &data, &len);
    assert_null(data);
    assert_int_equal(len, 0);
    buf_adds(&b, "hello");
    buf_detach(&b, &data, &len);
    assert_memory_equal(data, "hello", 5);
    assert_int_equal(len, 5);
    assert_int_equal(b.len, 0);
    base_free(data);
    buf_adds(&b, "again");
    assert_string_equal(buf_cstr(&b), "again");
    buf_done(&b);
}

static void keep_copies(void **state)
{
    struct arena *a = arena_new();
    struct str kept = {NULL, 0};
    struct err err = {0};
    struct buf b;

    (void)state;
    buf_init(&b, 8);
    assert_int_equal(buf_keep(&b, a, "It", &kept, &err), 0);
    assert_true(kept.p && kept.len == 0);
    buf_adds(&b, "hello");
    assert_int_equal(buf_keep(&b, a, "It", &kept, &err), 0);
    buf_adds(&b, "and more");
    assert_int_equal(buf_keep(&b, a, "It", &kept, &err), E_TOO_LARGE);
    assert_true(str_is(kept, "hello"));
    buf_done(&b);
    arena_free(a);
}

static int fill(void *arg)
{
    struct buf b;
    struct err err = {0};
    int r = 0;

    (void)arg;
    buf_init(&b, 1u << 20);
    for (int i = 0; i < 2000; i++)
        buf_addf(&b, "%d,", i);
    buf_addf(&b, "%1000d", 1);
    buf_cstr(&b);
    r = buf_error(&b, "It", &err);
    assert_int_equal(r, err.code);
    buf_done(&b);
    return r;
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(unit_fault_loop(fill, NULL) >= 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends),
        cmocka_unit_test(the_ceiling_holds),
        cmocka_unit_test(a_failed_buffer_takes_no_more),
        cmocka_unit_test(a_list_of_arguments_is_read_twice_if_need_be),
        cmocka_unit_test(detach_hands_over),
        cmocka_unit_test(keep_copies),
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
