/* SPDX-License-Identifier: Apache-2.0 */
/* Pairs beside the sums of both their halves: whoever subtracts along a row or a column works out no small count. */
#include "engine/numbers/guard_pairs.h"
#include "unit.h"

#define ROWS 4u
#define COLUMNS 3u
#define PAIRS 12 /* ROWS times COLUMNS */
#define MOST 30

struct table {
    struct arena *arena;
    uint32_t of[GUARD_HALVES][PAIRS];
    int64_t counts[PAIRS][GUARD_COUNTS];
    bool hidden[PAIRS];
    struct guard g;
};

/* Decide on ${counts}, row by row. */
static void decide(struct table *t, const int64_t *counts)
{
    struct guard_half halves[GUARD_HALVES] = {{t->of[0], ROWS}, {t->of[1], COLUMNS}};

    memset(t->hidden, 0, sizeof(t->hidden));
    t->g = (struct guard){.strata = PAIRS, .counts = t->counts, .hidden = t->hidden};
    for (uint32_t i = 0; i < PAIRS; i++) {
        t->of[0][i] = i / COLUMNS;
        t->of[1][i] = i % COLUMNS;
        t->counts[i][0] = counts[i];
        t->counts[i][1] = 0;
        t->g.all[0] += counts[i];
    }
    arena_reset(t->arena);
    assert_int_equal(guard_pairs(t->arena, &t->g, halves, NULL), 0);
}

/* The example of the header. */
static void a_small_pair_hides_its_row_and_column(void **state)
{
    static const int64_t counts[PAIRS] = {20, 3, 0, 12, 31, 0, 14, 0, 0, 0, 0, 0};
    struct table t = {.arena = arena_new()};

    (void)state;
    decide(&t, counts);
    assert_true(t.hidden[0] && t.hidden[1] && t.hidden[3] && t.hidden[4]);
    assert_false(t.hidden[6]);
    arena_free(t.arena);
}

static void nothing_small_hides_nothing(void **state)
{
    static const int64_t counts[PAIRS] = {20, 30, 0, 12, 31, 9, 14, 0, 5, 0, 0, 7};
    struct table t = {.arena = arena_new()};

    (void)state;
    decide(&t, counts);
    for (size_t i = 0; i < PAIRS; i++)
        assert_false(t.hidden[i]);
    arena_free(t.arena);
}

/* Whose row has three together, has none of its pairs told, and neither has another row. */
static void a_small_row_is_hidden_whole(void **state)
{
    static const int64_t counts[PAIRS] = {3, 0, 0, 12, 31, 9, 14, 20, 50, 8, 40, 70};
    struct table t = {.arena = arena_new()};
    int rows = 0;

    (void)state;
    decide(&t, counts);
    assert_true(t.hidden[0]);
    for (size_t row = 1; row < ROWS; row++)
        rows += t.hidden[row * COLUMNS] && t.hidden[row * COLUMNS + 1] &&
                t.hidden[row * COLUMNS + 2];
    assert_true(rows >= 1);
    arena_free(t.arena);
}

/* What the pairs that are hidden of ${which} of ${half} come to, whether one of them is small, and whether
 * another pair of it is told. */
static size_t hidden_of(const struct table *t, size_t half, uint32_t which,
    int64_t *sum, bool *small, bool *told)
{
    size_t n = 0;

    *sum = 0;
    *small = *told = false;
    for (size_t i = 0; i < PAIRS; i++) {
        int64_t count = t->counts[i][0];

        if (t->of[half][i] != which || count == 0)
            continue;
        *told = *told || !t->hidden[i];
        if (!t->hidden[i])
            continue;
        n++;
        *sum += count;
        *small = *small || count < SUPPRESS_SMALL;
    }
    return n;
}

/* The sum of a line with a pair that is told may be told itself. */
static void attack(const struct table *t, size_t half, uint32_t which)
{
    int64_t sum = 0;
    bool small = false, others = false;
    size_t n = hidden_of(t, half, which, &sum, &small, &others);

    if (small && others)
        assert_true(n >= 2 && sum >= SUPPRESS_SMALL);
}

static void subtraction_along_a_line_tells_nothing(void **state)
{
    struct table t = {.arena = arena_new()};
    int told = 0, kept = 0;

    (void)state;
    for (int round = 0; round < 3000; round++) {
        int64_t counts[PAIRS];

        for (size_t i = 0; i < PAIRS; i++)
            counts[i] = unit_random() % 3 ? (int64_t)(unit_random() % MOST) : 0;
        decide(&t, counts);
        if (t.g.total)
            continue;
        for (size_t i = 0; i < PAIRS; i++) {
            assert_false(!t.hidden[i] && counts[i] > 0 && counts[i] < SUPPRESS_SMALL);
            told += !t.hidden[i] && counts[i] > 0;
            kept += t.hidden[i];
        }
        for (uint32_t which = 0; which < ROWS; which++)
            attack(&t, 0, which);
        for (uint32_t which = 0; which < COLUMNS; which++)
            attack(&t, 1, which);
    }
    assert_true(told > 500 && kept > 500);
    arena_free(t.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_pair_hides_its_row_and_column),
        cmocka_unit_test(nothing_small_hides_nothing),
        cmocka_unit_test(a_small_row_is_hidden_whole),
        cmocka_unit_test(subtraction_along_a_line_tells_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
