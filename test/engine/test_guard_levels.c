/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one reader may combine: tables of the same cases by axes of which one contains the other, and by axes that have nothing to do
 * with each other. All worlds of a few cases are tried.
 */
#include "engine/numbers/guard_levels.h"
#include "unit.h"

#define FINE 4
#define COARSE 2
#define MOST 6 /* cases of a fine stratum */
#define SMALLS (SUPPRESS_SMALL - 1)

static struct arena *arena;
static const uint32_t within[FINE] = {0, 0, 1, 1};

/* Both tables of one world. */
struct told {
    int64_t fine[FINE][GUARD_COUNTS], coarse[COARSE][GUARD_COUNTS], all[GUARD_COUNTS];
    bool fine_hidden[FINE], coarse_hidden[COARSE], total;
    bool named; /* the coarse ones are, also where they are hidden: none is empty */
};

static struct told tell(const int64_t *fine)
{
    struct told t = {.total = false};
    struct guard_level levels[] = {{COARSE, t.coarse, NULL, t.coarse_hidden},
        {FINE, t.fine, within, t.fine_hidden}};
    bool alone[COARSE] = {false};
    struct guard g = {.strata = COARSE, .counts = t.coarse, .hidden = alone};
    struct err err;

    for (size_t i = 0; i < FINE; i++) {
        t.fine[i][0] = fine[i];
        t.coarse[within[i]][0] += fine[i];
        t.all[0] += fine[i];
    }
    assert_int_equal(guard_levels(arena, levels, 2, t.all, &t.total, &err), 0);
    arena_reset(arena);
    /* whoever asks by the coarse axis alone is told the same of it */
    g.all[0] = t.all[0];
    guard(&g);
    for (size_t i = 0; i < COARSE; i++)
        assert_int_equal(t.coarse_hidden[i], alone[i] || g.withheld);
    t.named = !g.withheld;
    return t;
}

/* May ${world}, which comes to the same sum, be what was told? Hidden and empty ones of
 * the fine strata look alike. */
static bool agrees(const struct told *t, const int64_t *world)
{
    int64_t coarse[COARSE] = {0};

    for (size_t i = 0; i < FINE; i++) {
        coarse[within[i]] += world[i];
        if (!t->fine_hidden[i] && world[i] != t->fine[i][0])
            return false;
    }
    for (size_t i = 0; i < COARSE; i++) {
        if (!t->coarse_hidden[i] && coarse[i] != t->coarse[i][0])
            return false;
        if (t->named && (coarse[i] == 0) != (t->coarse[i][0] == 0))
            return false;
    }
    return true;
}

static bool is_small(int64_t count)
{
    return count > 0 && count <= SMALLS;
}

/* Which small values each may have, over all worlds that agree. */
struct seen {
    bool fine[FINE][SMALLS + 1], coarse[COARSE][SMALLS + 1];
};

static void see(const struct told *t, struct seen *seen)
{
    int64_t all = t->all[0], w[FINE];

    for (w[0] = 0; w[0] <= all; w[0]++) {
        for (w[1] = 0; w[0] + w[1] <= all; w[1]++) {
            for (w[2] = 0; w[0] + w[1] + w[2] <= all; w[2]++) {
                w[3] = all - w[0] - w[1] - w[2];
                if (!agrees(t, w))
                    continue;
                for (size_t i = 0; i < FINE; i++) {
                    if (w[i] <= SMALLS)
                        seen->fine[i][w[i]] = true;
                }
                for (size_t i = 0; i < COARSE; i++) {
                    if (w[2 * i] + w[2 * i + 1] <= SMALLS)
                        seen->coarse[i][w[2 * i] + w[2 * i + 1]] = true;
                }
            }
        }
    }
}

static void check(const bool *seen, int64_t is, bool hidden)
{
    if (!is_small(is))
        return;
    assert_true(hidden);
    for (int64_t value = 1; value <= SMALLS; value++)
        assert_true(seen[value]);
}

/* Every world of up to MOST cases a stratum. */
static void what_lies_within_tells_nothing(void **state)
{
    int told = 0, hidden = 0;

    (void)state;
    for (int n = 0; n < (MOST + 1) * (MOST + 1) * (MOST + 1) * (MOST + 1); n++) {
        int64_t fine[FINE];
        struct seen seen = {.fine = {{false}}};
        struct told t;

        for (int i = 0, rest = n; i < FINE; i++, rest /= MOST + 1)
            fine[i] = rest % (MOST + 1);
        t = tell(fine);
        if (t.total)
            continue;
        see(&t, &seen);
        for (size_t i = 0; i < FINE; i++) {
            check(seen.fine[i], t.fine[i][0], t.fine_hidden[i]);
            told += !t.fine_hidden[i] && t.fine[i][0] > 0;
            hidden += t.fine_hidden[i];
        }
        for (size_t i = 0; i < COARSE; i++)
            check(seen.coarse[i], t.coarse[i][0], t.coarse_hidden[i]);
    }
    assert_true(told > 300 && hidden > 300);
}

/* Guarded each by itself they would be subtracted: B2 = 43 - 40. */
static void as_in_the_header(void **state)
{
    const int64_t fine[FINE] = {40, 3, 7, 12};
    struct told t = tell(fine);

    (void)state;
    assert_false(t.total || t.coarse_hidden[0] || t.coarse_hidden[1]);
    assert_true(t.fine_hidden[0] && t.fine_hidden[1]);
    assert_false(t.fine_hidden[2] || t.fine_hidden[3]);
}

/* What is hidden hides what lies within it. */
static void of_what_is_hidden_nothing_is_told(void **state)
{
    const int64_t fine[FINE] = {2, 1, 30, 12};
    struct told t = tell(fine);

    (void)state;
    assert_true(t.coarse_hidden[0] && t.coarse_hidden[1]);
    for (size_t i = 0; i < FINE; i++)
        assert_true(t.fine_hidden[i]);
}

/* ---- axes that have nothing to do with each other ---- */

#define SIDE 2

/* The margin of ${cells} by rows (${by} 0) or columns, guarded by itself. */
static void margin(const int64_t *cells, int by, int64_t (*counts)[GUARD_COUNTS],
    struct guard *ret, bool *hidden)
{
    *ret = (struct guard){.strata = SIDE, .counts = counts, .hidden = hidden};
    memset(counts, 0, SIDE * sizeof(*counts));
    memset(hidden, 0, SIDE * sizeof(*hidden));
    for (size_t i = 0; i < SIDE * SIDE; i++) {
        counts[by ? i % SIDE : i / SIDE][0] += cells[i];
        ret->all[0] += cells[i];
    }
    guard(ret);
}

/* Do the counts of ${world} agree with what ${g} tells? A stratum that is told to be there is not empty. */
static bool margin_agrees(const struct guard *g, const int64_t *world, int by)
{
    for (size_t i = 0; i < SIDE; i++) {
        int64_t is =
            by ? world[i] + world[SIDE + i] : world[SIDE * i] + world[SIDE * i + 1];
        bool named = !g->withheld || g->counts[i][0] == 0;

        if (!g->hidden[i] && !g->withheld && is != g->counts[i][0])
            return false;
        if (named && (is == 0) != (g->counts[i][0] == 0))
            return false;
    }
    return true;
}

/* Every world of two by two cells: with both margins in hand a small count of either may be any, and no small cell
 * is certain. */
static void margins_of_two_axes_tell_nothing(void **state)
{
    int hidden_both = 0;

    (void)state;
    for (int n = 0; n < 8 * 8 * 8 * 8; n++) {
        int64_t cells[4] = {n % 8, n / 8 % 8, n / 64 % 8, n / 512};
        int64_t counts[2][SIDE][GUARD_COUNTS], w[4];
        bool hidden[2][SIDE], seen[2][SIDE][SMALLS + 1] = {{{false}}};
        bool other[4] = {false};
        struct guard g[2];

        margin(cells, 0, counts[0], &g[0], hidden[0]);
        margin(cells, 1, counts[1], &g[1], hidden[1]);
        if (g[0].total)
            continue;
        hidden_both += hidden[0][0] && hidden[1][0];
        for (w[0] = 0; w[0] <= g[0].all[0]; w[0]++) {
            for (w[1] = 0; w[0] + w[1] <= g[0].all[0]; w[1]++) {
                for (w[2] = 0; w[0] + w[1] + w[2] <= g[0].all[0]; w[2]++) {
                    w[3] = g[0].all[0] - w[0] - w[1] - w[2];
                    if (!margin_agrees(&g[0], w, 0) || !margin_agrees(&g[1], w, 1))
                        continue;
                    for (size_t i = 0; i < SIDE; i++) {
                        int64_t row = w[SIDE * i] + w[SIDE * i + 1];
                        int64_t column = w[i] + w[SIDE + i];

                        if (row <= SMALLS)
                            seen[0][i][row] = true;
                        if (column <= SMALLS)
                            seen[1][i][column] = true;
                    }
                    for (size_t i = 0; i < 4; i++)
                        other[i] = other[i] || w[i] != cells[i];
                }
            }
        }
        for (size_t i = 0; i < SIDE; i++) {
            check(seen[0][i], counts[0][i][0], hidden[0][i] || g[0].withheld);
            check(seen[1][i], counts[1][i][0], hidden[1][i] || g[1].withheld);
        }
        for (size_t i = 0; i < 4; i++)
            assert_true(!is_small(cells[i]) || other[i]);
    }
    assert_true(hidden_both > 100);
}

static int open_arena(void **state)
{
    (void)state;
    arena = arena_new();
    return arena ? 0 : -1;
}

static int close_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_in_the_header),
        cmocka_unit_test(of_what_is_hidden_nothing_is_told),
        cmocka_unit_test(what_lies_within_tells_nothing),
        cmocka_unit_test(margins_of_two_axes_tell_nothing),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
