/* SPDX-License-Identifier: Apache-2.0 */
/* Workbooks: the same calls give the same bytes, and what the format cannot hold is refused. What stands in the cells
 * is read back by the pages' own reader (test/scenario/61-report.mjs). */
#include <stdlib.h>

#include "base/sheets.h"
#include "base/thread.h"

#include "unit.h"

#define MAKERS 4
#define MADE_AT ((utc_ms)1700000000123)

static const struct sheets_column columns[] = {{"what", 20}, {"how many", 10}};

static struct sheets *begun(utc_ms created)
{
    struct sheets *w = NULL;
    struct err err = {0};

    assert_int_equal(sheets_new(created, STR("A title"), &w, &err), 0);
    sheets_begin(w, "One", columns, 2);
    return w;
}

static void fill(struct sheets *w)
{
    sheets_text(w, STR("=1+1"));
    sheets_number(w, STR("-72.19"));
    sheets_row(w);
    sheets_none(w);
    sheets_number(w, STR("none"));
    sheets_row(w);
}

static void make(utc_ms created, struct buf *out)
{
    struct sheets *w = begun(created);
    struct err err = {0};

    fill(w);
    buf_init(out, 1 << 20);
    assert_int_equal(sheets_take(w, out, &err), 0);
    assert_true(out->len > 1000 && memcmp(out->data, "PK", 2) == 0);
}

static bool same(const struct buf *one, const struct buf *other)
{
    return one->len == other->len && memcmp(one->data, other->data, one->len) == 0;
}

static void the_same_calls_give_the_same_bytes(void **state)
{
    struct buf one, other, later;

    (void)state;
    make(MADE_AT, &one);
    make(MADE_AT, &other);
    make(MADE_AT + 60000, &later);
    assert_true(same(&one, &other));
    assert_false(same(&one, &later));
    buf_done(&one);
    buf_done(&other);
    buf_done(&later);
}

static void *maker(void *out)
{
    make(MADE_AT, out);
    return NULL;
}

static void several_are_made_at_once(void **state)
{
    pthread_t threads[MAKERS];
    struct buf made[MAKERS];

    (void)state;
    for (size_t i = 0; i < MAKERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, maker, &made[i]), 0);
    for (size_t i = 0; i < MAKERS; i++)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    for (size_t i = 0; i < MAKERS; i++) {
        assert_true(same(&made[0], &made[i]));
        if (i > 0)
            buf_done(&made[i]);
    }
    buf_done(&made[0]);
}

static void refused(struct sheets *w, size_t room, int expected)
{
    struct err err = {0};
    struct buf out;

    buf_init(&out, room);
    assert_int_equal(sheets_take(w, &out, &err), expected);
    assert_true(err.text[0] != '\0');
    buf_done(&out);
}

static void what_it_cannot_hold_is_refused(void **state)
{
    struct sheets *w = begun(MADE_AT);
    char *longest = malloc(SHEETS_TEXT_CHARS + 1);

    (void)state;
    assert_non_null(longest);
    memset(longest, 'x', SHEETS_TEXT_CHARS + 1);
    sheets_text(w, (struct str){longest, SHEETS_TEXT_CHARS + 1});
    refused(w, 1 << 20, E_TOO_LARGE);
    w = begun(MADE_AT);
    for (int i = 0; i <= SHEETS_ROWS; i++) {
        sheets_text(w, STR("x"));
        sheets_row(w);
    }
    refused(w, 1 << 20, E_TOO_LARGE);
    w = begun(MADE_AT);
    for (int i = 0; i < 3; i++)
        sheets_none(w); /* of two columns */
    refused(w, 1 << 20, E_TOO_LARGE);
    w = begun(MADE_AT);
    fill(w);
    refused(w, 100, E_TOO_LARGE);
    free(longest);
}

static void one_that_is_not_taken_is_freed(void **state)
{
    struct sheets *w = begun(MADE_AT);

    (void)state;
    fill(w);
    sheets_free(w);
    sheets_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_calls_give_the_same_bytes),
        cmocka_unit_test(several_are_made_at_once),
        cmocka_unit_test(what_it_cannot_hold_is_refused),
        cmocka_unit_test(one_that_is_not_taken_is_freed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
