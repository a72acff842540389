/* SPDX-License-Identifier: Apache-2.0 */
/* Strata of a mix: whoever solves for what a hospital has of each finds no small number. */
#include "engine/numbers/guard_mix.h"
#include "unit.h"

#define ROWS 3
#define STRATA 4

struct table {
    int64_t counts[ROWS * STRATA][GUARD_COUNTS];
    bool together[STRATA];
};

/* Decide on ${met} and ${rest}, row after row. */
static void decide(struct table *t, const int *met, const int *rest)
{
    memset(t, 0, sizeof(*t));
    for (size_t i = 0; i < (size_t)ROWS * STRATA; i++) {
        t->counts[i][0] = met[i];
        t->counts[i][1] = rest[i];
    }
    guard_mix(&(struct guard_mix){ROWS, STRATA, t->counts, t->together});
}

static void assert_together(const struct table *t, const char *want)
{
    char told[STRATA + 1] = "";

    for (size_t i = 0; i < STRATA; i++)
        told[i] = t->together[i] ? 'x' : '-';
    assert_string_equal(told, want);
}

static const int tens[ROWS * STRATA] = {10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10};

static void what_has_few_nowhere_is_told_apart(void **state)
{
    static const int met[ROWS * STRATA] = {10, 12, 5, 0, 31, 6, 9, 0, 8, 0, 7, 5};
    struct table t;

    (void)state;
    decide(&t, met, tens);
    assert_together(&t, "----");
}

/* 3 of the third stratum in the first row: with the first, of which it has 12. */
static void few_are_taken_together_with_others(void **state)
{
    static const int met[ROWS * STRATA] = {6, 10, 3, 10, 6, 10, 20, 10, 6, 10, 20, 10};
    static const int rest[ROWS * STRATA] = {6, 10, 0, 10, 6, 10, 20, 10, 6, 10, 20, 10};
    struct table t;

    (void)state;
    decide(&t, met, rest);
    assert_together(&t, "x-x-");
}

/* No row has few, but over all 4 of the last were met: the share of 4 of 30 would be one more thing known. */
static void few_over_all_rows_are_so_too(void **state)
{
    static const int met[ROWS * STRATA] = {10, 10, 10, 2, 10, 10, 10, 1, 10, 10, 10, 1};
    struct table t;

    (void)state;
    decide(&t, met, tens);
    assert_together(&t, "x--x");
}

/* In any table what is told apart, and what is taken together, has no small number. */
static void no_table_tells_few(void **state)
{
    (void)state;
    for (int n = 0; n < 3000; n++) {
        int met[ROWS * STRATA], rest[ROWS * STRATA];
        int64_t together[ROWS] = {0}, all = 0;
        bool every = true;
        struct table t;

        for (size_t i = 0; i < (size_t)ROWS * STRATA; i++) {
            met[i] = (int)unit_between(0, n % 2 ? 4 : 12);
            rest[i] = (int)unit_between(0, 9);
        }
        decide(&t, met, rest);
        for (size_t i = 0; i < (size_t)ROWS * STRATA; i++) {
            int64_t cases = met[i] + rest[i];

            all += cases;
            every = every && t.together[i % STRATA];
            if (t.together[i % STRATA])
                together[i / STRATA] += cases;
            else
                assert_false(guard_is_small(cases));
        }
        for (size_t row = 0; row < ROWS; row++)
            assert_false(!every && guard_is_small(together[row]));
        assert_true(all > 0 || !every);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_few_nowhere_is_told_apart),
        cmocka_unit_test(few_are_taken_together_with_others),
        cmocka_unit_test(few_over_all_rows_are_so_too),
        cmocka_unit_test(no_table_tells_few),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
