/* SPDX-License-Identifier: Apache-2.0 */
/* Entries of the trail as bytes: there and back, and bytes that are none. */
#include "base/varint.h"

#include "app/audit_code.h"
#include "unit.h"

static struct arena *arena;

static struct store_block made(void)
{
    struct audit_who who[] = {
        {.name = STR("Dr Amala"), .role = STR("clinician"), .address = STR("::1")},
        {.name = STR("Prof Berg"), .why = STR("asked by the ward")}};
    struct audit_item few[] = {
        {7, 900}, {7, 12}, {0, 5}, {INT64_MAX, INT64_MAX}, {7, 12}};
    struct audit_entry entries[] = {
        {.kind = AUDIT_SEARCH, .time = 5000, .items = few, .item_count = 5},
        {.kind = AUDIT_REFUSED, .who = 1, .time = 4000, .times = 300, .status = 403},
        {.kind = AUDIT_LOOK, .who = 1, .time = 4001}};
    struct audit_batch batch = {who, 2, entries, 3};
    struct store_block block = {0};

    assert_int_equal(audit_encode(arena, &batch, &block, NULL), 0);
    return block;
}

static void there_and_back(void **state)
{
    struct store_block block = made();
    struct audit_batch back = {0};

    (void)state;
    assert_int_equal(block.count, 3);
    assert_int_equal(block.subject_count, 2);
    assert_int_equal(audit_decode(arena, &block, &back, NULL), 0);
    assert_int_equal(back.entry_count, 3);
    assert_int_equal(back.who_count, 2);
    assert_true(str_is(back.who[1].why, "asked by the ward"));
    assert_true(str_is(back.who[0].address, "::1"));
    /* sorted, and what was there twice is there once */
    assert_int_equal(back.entries[0].item_count, 4);
    assert_int_equal(back.entries[0].items[0].seq, 5);
    assert_int_equal(back.entries[0].items[1].seq, 12);
    assert_int_equal(back.entries[0].items[2].seq, 900);
    assert_true(back.entries[0].items[3].patient == INT64_MAX);
    assert_true(back.entries[0].items[3].seq == INT64_MAX);
    assert_int_equal(back.entries[0].time, 5000);
    assert_int_equal(back.entries[1].times, 300);
    assert_int_equal(back.entries[1].status, 403);
    assert_int_equal(back.entries[2].item_count, 0);
}

/* Cut anywhere, or with any byte changed: an error or other entries, never a crash. */
static void damaged_bytes_are_survived(void **state)
{
    struct store_block block = made();
    struct audit_batch back = {0};
    char *bytes = arena_strndup(arena, block.body.p, block.body.len);
    size_t len = block.body.len;

    (void)state;
    for (size_t cut = 0; cut < len; cut++) {
        struct err err = {0};

        /* a copy of its own, so that reading behind its end is seen */
        block.body = (struct str){arena_strndup(arena, bytes, cut), cut};
        assert_int_equal(audit_decode(arena, &block, &back, &err), E_CORRUPT);
        assert_string_not_equal(err.text, "");
    }
    block.body = (struct str){bytes, len};
    for (size_t i = 0; i < len; i++) {
        for (unsigned v = 0; v < 256; v++) {
            char was = bytes[i];
            int r = 0;

            bytes[i] = (char)v;
            r = audit_decode(arena, &block, &back, NULL);
            assert_true(r == 0 || r == E_CORRUPT);
            bytes[i] = was;
        }
    }
}

static void numbers_of_every_size(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        for (int around = -1; around <= 1; around++) {
            uint64_t v = (UINT64_C(1) << bit) + (uint64_t)(int64_t)around;
            uint64_t back = 0;
            struct buf b;
            struct str s;

            buf_init(&b, 100);
            varint_add(&b, v);
            s = (struct str){b.data, b.len};
            assert_true(varint_take(&s, &back) && back == v && s.len == 0);
            s = (struct str){b.data, b.len - 1};
            assert_true(b.len == 1 || !varint_take(&s, &back));
            buf_done(&b);
        }
    }
    {
        struct str s = STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
        uint64_t back = 0;

        assert_false(varint_take(&s, &back));
        assert_int_equal(s.len, 10);
    }
}

static int setup(void **state)
{
    (void)state;
    arena = arena_new();
    return arena ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(there_and_back, setup, teardown),
        cmocka_unit_test_setup_teardown(damaged_bytes_are_survived, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_of_every_size, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
