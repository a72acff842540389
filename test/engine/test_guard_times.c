/* SPDX-License-Identifier: Apache-2.0 */
/* Counts of several times: whoever subtracts them, in however many steps, finds no small number. */
#include "engine/numbers/guard_times.h"
#include "unit.h"

#define CELLS 4
#define MOST 7 /* of a cell */
#define TIMES 6

static bool tells(const struct guard_time *told, size_t count, struct guard_time more)
{
    struct arena *a = arena_new();
    struct err err = {0};
    bool small = false;

    assert_non_null(a);
    assert_int_equal(guard_times(a, told, count, &more, &small, &err), 0);
    arena_free(a);
    return small;
}

static void what_is_left_is_not_small(void **state)
{
    static const struct guard_time half[] = {{0, 6, 40}};
    static const struct guard_time chain[] = {{0, 6, 40}, {3, 6, 30}, {3, 9, 33}};
    static const struct guard_time nothing[] = {{0, 2, 0}, {1, 3, 5}};

    (void)state;
    assert_true(tells(half, 1, (struct guard_time){0, 7, 43}));
    assert_false(tells(half, 1, (struct guard_time){0, 7, 45}));
    assert_false(tells(half, 1, (struct guard_time){0, 7, 40})); /* nobody is in it */
    assert_true(tells(half, 1, (struct guard_time){5, 6, 38}));
    assert_false(tells(half, 1, (struct guard_time){3, 9, 41})); /* they overlap */
    assert_true(tells(NULL, 0, (struct guard_time){0, 1, 4}));
    assert_false(tells(NULL, 0, (struct guard_time){0, 1, 5}));
    assert_false(tells(chain, 2, (struct guard_time){0, 3, 10}));
    /* from 6 to 9 there are 3 already: what is told otherwise is no news */
    assert_false(tells(chain, 3, (struct guard_time){20, 30, 9}));
    /* three steps: 0 to 9 are 43, so 9 to 12 would be 2 */
    assert_true(tells(chain, 3, (struct guard_time){0, 12, 45}));
    /* nothing from 0 to 2, so that 1 to 3 begins at 0 as well */
    assert_true(tells(nothing, 2, (struct guard_time){0, 4, 8}));
    assert_false(tells(nothing, 2, (struct guard_time){0, 4, 10}));
}

/* Persons count once: 10 and 8 of two years, 11 of both, so that 1 came in the first year alone. */
static void persons_do_not_add_up(void **state)
{
    static const struct guard_time years[] = {{0, 1, 8}, {1, 2, 10}};

    (void)state;
    assert_true(tells(years, 2, (struct guard_time){0, 2, 11}));
    assert_false(tells(years, 2, (struct guard_time){0, 2, 15}));
}

static int64_t sum_of(const int *cells, int64_t from, int64_t until)
{
    int64_t sum = 0;

    for (int64_t i = from; i < until; i++)
        sum += cells[i];
    return sum;
}

/* May ${cells} be what ${told} tells? */
static bool fits(const int *cells, const struct guard_time *told, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sum_of(cells, told[i].from, told[i].until) != told[i].count)
            return false;
    }
    return true;
}

static bool next_world(int *cells)
{
    for (int i = 0; i < CELLS; i++) {
        if (++cells[i] <= MOST)
            return true;
        cells[i] = 0;
    }
    return false;
}

/* In no world that ${told} leaves open is the count of a time known and small. Counts may be larger than MOST in other worlds,
 * so that nothing is said (false) where a cell stands at that end. */
static bool assert_nothing_small(const struct guard_time *told, size_t count)
{
    int64_t least[CELLS][CELLS + 1], most[CELLS][CELLS + 1];
    bool capped = false;
    int cells[CELLS] = {0};

    memset(least, 0x7f, sizeof(least));
    memset(most, 0, sizeof(most));
    do {
        if (!fits(cells, told, count))
            continue;
        for (int from = 0; from < CELLS; from++) {
            capped = capped || cells[from] == MOST;
            for (int until = from + 1; until <= CELLS; until++) {
                int64_t sum = sum_of(cells, from, until);

                if (sum < least[from][until])
                    least[from][until] = sum;
                if (sum > most[from][until])
                    most[from][until] = sum;
            }
        }
    } while (next_world(cells));
    if (capped)
        return false;
    for (int from = 0; from < CELLS; from++) {
        for (int until = from + 1; until <= CELLS; until++)
            assert_false(least[from][until] == most[from][until] &&
                         most[from][until] > 0 && most[from][until] < SUPPRESS_SMALL);
    }
    return true;
}

/* Whatever is asked for in whatever order: what the guard lets through tells no small number. */
static void nothing_small_follows_in_any_world(void **state)
{
    size_t let = 0, kept = 0, looked = 0;

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct guard_time told[TIMES];
        size_t count = 0;
        int cells[CELLS];

        for (int i = 0; i < CELLS; i++)
            cells[i] = unit_random() % 3 ? (int)(unit_random() % MOST) : 0;
        for (int i = 0; i < TIMES; i++) {
            int64_t from = (int64_t)(unit_random() % CELLS);
            int64_t until =
                from + 1 + (int64_t)(unit_random() % (uint64_t)(CELLS - from));
            struct guard_time more = {from, until, sum_of(cells, from, until)};

            if (tells(told, count, more))
                kept++;
            else
                told[count++] = more;
        }
        let += count;
        looked += assert_nothing_small(told, count);
    }
    assert_true(let > 100 && kept > 100 && looked > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_left_is_not_small),
        cmocka_unit_test(persons_do_not_add_up),
        cmocka_unit_test(nothing_small_follows_in_any_world),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
