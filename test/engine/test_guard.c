/* SPDX-License-Identifier: Apache-2.0 */
/* Strata beside their sum: whoever subtracts what is told, trying all worlds, works out no small count. */
#include "engine/numbers/guard.h"
#include "unit.h"

#define STRATA 4
#define MOST 12

static struct guard make(int64_t (*counts)[GUARD_COUNTS], size_t n, bool *hidden)
{
    struct guard g = {.strata = n, .counts = counts, .hidden = hidden};

    memset(hidden, 0, n * sizeof(*hidden));
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < GUARD_COUNTS; k++)
            g.all[k] += counts[i][k];
    }
    guard(&g);
    return g;
}

static void what_is_small_hides_another(void **state)
{
    int64_t counts[3][GUARD_COUNTS] = {{12, 31}, {40, 38}, {2, 9}};
    bool hidden[3];

    (void)state;
    assert_false(make(counts, 3, hidden).total);
    assert_true(hidden[0]);
    assert_false(hidden[1]);
    assert_true(hidden[2]);
}

static void nothing_small_hides_nothing(void **state)
{
    int64_t counts[3][GUARD_COUNTS] = {{12, 31}, {40, 0}, {0, 0}};
    bool hidden[3];

    (void)state;
    assert_false(make(counts, 3, hidden).total);
    assert_false(hidden[0] || hidden[1] || hidden[2]);
}

/* Four of them share five: told that none is empty, one would know that none has more than two. */
static void little_among_many_is_not_named(void **state)
{
    int64_t counts[4][GUARD_COUNTS] = {{1, 0}, {1, 0}, {1, 0}, {2, 0}};
    bool hidden[4];

    (void)state;
    assert_true(make(counts, 4, hidden).withheld);
}

static void a_small_whole_hides_all(void **state)
{
    int64_t counts[2][GUARD_COUNTS] = {{3, 20}, {0, 30}};
    bool hidden[2];

    (void)state;
    assert_true(make(counts, 2, hidden).total);
    assert_true(hidden[0] && hidden[1]);
}

/* Several counts each, one of which is looked at; the world as far as it is made. */
struct world {
    size_t n;
    bool named;           /* then none is empty */
    size_t stratum, line; /* whose count has the value */
    int64_t value;
};

/* Can hidden strata from ${i} on, none empty, take just what is ${left}? */
static bool fits(const struct world *w, size_t i, int64_t one, int64_t other)
{
    if (i == w->n)
        return one == 0 && other == 0;
    for (int64_t a = 0; a <= one; a++) {
        for (int64_t b = 0; b <= other; b++) {
            bool wanted = i != w->stratum || (w->line == 0 ? a : b) == w->value;

            if (wanted && (a + b > 0 || !w->named) &&
                fits(w, i + 1, one - a, other - b))
                return true;
        }
    }
    return false;
}

/* By subtraction it is known what hidden strata come to; each small count may be any. */
static void attack(const struct guard *g)
{
    struct world w = {.n = 0, .named = !g->withheld};
    size_t of[STRATA];
    int64_t left[GUARD_COUNTS] = {g->all[0], g->all[1]};

    for (size_t i = 0; i < g->strata; i++) {
        if (g->withheld || (g->hidden[i] && g->counts[i][0] + g->counts[i][1] > 0)) {
            of[w.n++] = i;
            continue;
        }
        for (size_t k = 0; k < GUARD_COUNTS; k++) {
            assert_false(g->counts[i][k] > 0 && g->counts[i][k] < SUPPRESS_SMALL);
            left[k] -= g->counts[i][k];
        }
    }
    for (w.stratum = 0; w.stratum < w.n; w.stratum++) {
        for (w.line = 0; w.line < GUARD_COUNTS; w.line++) {
            int64_t is = g->counts[of[w.stratum]][w.line];

            if (is < 1 || is >= SUPPRESS_SMALL)
                continue;
            for (w.value = 1; w.value < SUPPRESS_SMALL; w.value++)
                assert_true(fits(&w, 0, left[0], left[1]));
        }
    }
}

static void subtraction_tells_nothing(void **state)
{
    int told = 0, kept = 0;

    (void)state;
    for (int round = 0; round < 4000; round++) {
        int64_t counts[STRATA][GUARD_COUNTS];
        bool hidden[STRATA];
        size_t n = 1 + unit_random() % STRATA;
        struct guard g;

        for (size_t i = 0; i < n; i++) {
            counts[i][0] = (int64_t)(unit_random() % MOST);
            counts[i][1] = round % 2 ? (int64_t)(unit_random() % MOST) : 0;
        }
        g = make(counts, n, hidden);
        if (g.total)
            continue;
        attack(&g);
        for (size_t i = 0; i < n; i++) {
            told += !hidden[i];
            kept += hidden[i];
        }
    }
    assert_true(told > 500 && kept > 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_small_hides_another),
        cmocka_unit_test(nothing_small_hides_nothing),
        cmocka_unit_test(little_among_many_is_not_named),
        cmocka_unit_test(a_small_whole_hides_all),
        cmocka_unit_test(subtraction_tells_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
