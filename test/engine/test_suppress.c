/* SPDX-License-Identifier: Apache-2.0 */
/*
 * No small count is shown, and none can be worked out: by example; by somebody who finds
 * the least and the greatest value that each hidden count can have (the tables are a
 * network, so this is exact); and by trying all worlds.
 */
#include "engine/numbers/suppress.h"
#include "unit.h"

#define MOST_ROWS 9
#define MOST_COLUMNS 7
#define ROUNDS 4000

struct world {
    size_t rows;
    struct suppress_table tables[3];
    uint32_t counts[3][MOST_ROWS * MOST_COLUMNS];
    struct suppress s;
};

static void decide(struct arena *a, struct world *w, size_t tables)
{
    struct err err = {0};

    w->s =
        (struct suppress){.rows = w->rows, .tables = w->tables, .table_count = tables};
    for (size_t n = 0; n < tables; n++)
        w->tables[n].counts = w->counts[n];
    assert_int_equal(suppress(a, &w->s, &err), 0);
}

/* ---- by example ---- */

/* What is shown of a table: "12 . 9 | 21", rows parted by "/", the last those of columns. */
static void show(const struct world *w, size_t n, char *text)
{
    const struct suppress_table *t = &w->tables[n];

    for (size_t i = 0; i <= w->rows; i++) {
        uint32_t sum = 0;

        for (size_t k = 0; k < t->columns; k++) {
            uint32_t count = 0;
            bool hidden = false;

            for (size_t j = 0; j < w->rows; j++) {
                if (i == w->rows || i == j)
                    count += t->counts[j * t->columns + k];
            }
            hidden = i == w->rows ? t->totals[k] : t->cells[i * t->columns + k];
            sum += count;
            text += hidden ? sprintf(text, "* ") : sprintf(text, "%u ", count);
        }
        if (i == w->rows ? w->s.total : w->s.totals[i])
            text += sprintf(text, "| *");
        else
            text += sprintf(text, "| %u", sum);
        text += sprintf(text, "%s", i == w->rows ? "" : " / ");
    }
}

struct example {
    size_t rows, columns;
    uint32_t counts[16];
    const char *shown;
};

static const struct example examples[] = {
    /* nothing small: all is shown */
    {2, 2, {5, 6, 7, 0}, "5 6 | 11 / 7 0 | 7 / 12 6 | 18"},
    /* a small cell takes its row, and another row to hide behind */
    {3, 2, {5, 6, 7, 3, 9, 8}, "* * | 11 / * * | 10 / 9 8 | 17 / 21 17 | 38"},
    /* a small row takes another */
    {3, 2, {1, 2, 6, 6, 9, 8}, "* * | * / * * | * / 9 8 | 17 / 16 16 | 32"},
    /* 3 and 1 would leave 1 to 3 for each: a third */
    {4, 1, {3, 1, 8, 9}, "* | * / * | * / * | * / 9 | 9 / 21 | 21"},
    /* 4 and 1 leave 1 to 4 */
    {3, 1, {4, 1, 8}, "* | * / * | * / 8 | 8 / 13 | 13"},
    /* a small column takes another; zero stays zero */
    {2, 3, {9, 3, 8, 7, 0, 0}, "* * 8 | 20 / * * 0 | 7 / * * 8 | 27"},
    /* fewer than five in all: nothing */
    {2, 2, {1, 1, 2, 0}, "* * | * / * * | * / * * | *"},
    /* too little to hide behind: which rows there are is not told either */
    {3, 1, {3, 1, 1}, "* | * / * | * / * | * / 5 | 5"},
    /* nearly all advice, and row 1 nearly all that is not: its total would tell */
    {2, 2, {3, 5, 92, 0}, "* * | 8 / * * | 92 / * * | 100"},
    {2, 2, {0, 0, 0, 0}, "0 0 | 0 / 0 0 | 0 / 0 0 | 0"},
};

static void by_example(void **state)
{
    struct arena *a = arena_new();
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        struct world w = {.rows = examples[i].rows};

        w.tables[0].columns = examples[i].columns;
        memcpy(w.counts[0], examples[i].counts, sizeof(examples[i].counts));
        decide(a, &w, 1);
        show(&w, 0, text);
        assert_string_equal(text, examples[i].shown);
    }
    arena_free(a);
}

static void differing_tables_are_refused(void **state)
{
    struct arena *a = arena_new();
    struct suppress_table tables[2] = {{.columns = 1, .counts = (const uint32_t[]){7}},
        {.columns = 1, .counts = (const uint32_t[]){8}}};
    struct suppress s = {.rows = 1, .tables = tables, .table_count = 2};
    struct err err = {0};

    (void)state;
    assert_int_equal(suppress(a, &s, &err), E_BUG);
    arena_free(a);
}

static int without_memory(void *arg)
{
    struct arena *a = arena_new();
    struct suppress_table table = {
        .columns = 2, .counts = (const uint32_t[]){5, 6, 7, 3, 9, 8}};
    struct suppress s = {.rows = 3, .tables = &table, .table_count = 1};
    struct err err = {0};
    int r = a ? suppress(a, &s, &err) : E_NOMEM;

    (void)arg;
    arena_free(a);
    return r;
}

static void memory_that_runs_out_is_told(void **state)
{
    (void)state;
    assert_true(unit_fault_loop(without_memory, NULL) > 1);
}

/* ---- somebody who solves ---- */

/*
 * The network of a table: from 0 to each row its total, from a row to a column the cell, from
 * a column to the last node its total, and from there the total back to 0. What can still
 * flow beside the true counts, round any circle, is what is not known.
 */
#define NODES (MOST_ROWS + MOST_COLUMNS + 2)
#define WITHOUT_END 100000

struct network {
    size_t nodes, rows;
    long up[NODES][NODES];   /* by how much more may flow from .. to .. */
    long flow[NODES][NODES]; /* the truth */
    bool hidden[NODES][NODES];
    bool counted[NODES][NODES];
};

static void lay(struct network *n, size_t from, size_t to, long flow, long least)
{
    n->flow[from][to] = flow;
    n->counted[from][to] = true;
    if (least < 0)
        return;
    n->hidden[from][to] = true;
    n->up[from][to] += WITHOUT_END;
    n->up[to][from] += flow - least;
}

static void network_of(const struct world *w, size_t table, struct network *n)
{
    const struct suppress_table *t = &w->tables[table];
    long columns[MOST_COLUMNS] = {0};
    long total = 0;

    memset(n, 0, sizeof(*n));
    n->rows = w->rows;
    n->nodes = w->rows + t->columns + 2;
    for (size_t i = 0; i < w->rows; i++) {
        long sum = 0;

        for (size_t k = 0; k < t->columns; k++) {
            long count = t->counts[i * t->columns + k];

            lay(n, 1 + i, 1 + w->rows + k, count,
                t->cells[i * t->columns + k] ? 0 : -1);
            sum += count;
            columns[k] += count;
        }
        lay(n, 0, 1 + i, sum, !w->s.totals[i] ? -1 : !w->s.withheld);
        total += sum;
    }
    for (size_t k = 0; k < t->columns; k++)
        lay(n, 1 + w->rows + k, n->nodes - 1, columns[k],
            !t->totals[k] ? -1 : !t->withheld);
    lay(n, n->nodes - 1, 0, total, w->s.total ? 0 : -1);
}

/* How much can flow from ${from} to ${to} with the way between the two shut? */
static long augment(const struct network *whole, size_t from, size_t to)
{
    struct network n = *whole;
    long sum = 0;

    n.up[from][to] = 0;
    n.up[to][from] = 0;
    for (;;) {
        size_t before[NODES], queue[NODES], head = 0, tail = 0;
        long most = WITHOUT_END;

        for (size_t i = 0; i < n.nodes; i++)
            before[i] = NODES;
        before[from] = from;
        queue[tail++] = from;
        while (head < tail && before[to] == NODES) {
            size_t at = queue[head++];

            for (size_t i = 0; i < n.nodes; i++) {
                if (n.up[at][i] > 0 && before[i] == NODES) {
                    before[i] = at;
                    queue[tail++] = i;
                }
            }
        }
        if (before[to] == NODES)
            return sum;
        for (size_t i = to; i != from; i = before[i])
            most = n.up[before[i]][i] < most ? n.up[before[i]][i] : most;
        for (size_t i = to; i != from; i = before[i]) {
            n.up[before[i]][i] -= most;
            n.up[i][before[i]] += most;
        }
        sum += most;
        if (sum >= WITHOUT_END)
            return sum;
    }
}

static void nothing_is_known(const struct network *n)
{
    for (size_t i = 0; i < n->nodes; i++) {
        for (size_t k = 0; k < n->nodes; k++) {
            long count = n->flow[i][k];
            bool is_small = count > 0 && count < SUPPRESS_SMALL;
            long high = 0, low = 0;

            if (!n->counted[i][k])
                continue;
            if (!n->hidden[i][k]) {
                assert_false(is_small);
                continue;
            }
            high = count + augment(n, k, i);
            low = count - augment(n, i, k);
            low = low < 0 ? 0 : low;
            if (is_small)
                assert_true(low <= 1 && high >= SUPPRESS_SMALL - 1);
            assert_true(high - low >= SUPPRESS_SMALL - 2);
        }
    }
}

/* Totals of rows are hidden in all tables at once: each table must leave them as free. */
static void rows_are_free(const struct world *w, const struct network *n)
{
    long sum = 0, count = 0;

    for (size_t i = 0; i < w->rows; i++) {
        sum += w->s.totals[i] ? n->flow[0][1 + i] : 0;
        count += w->s.totals[i];
    }
    for (size_t i = 0; i < w->rows && !w->s.withheld; i++) {
        if (!w->s.totals[i])
            continue;
        assert_int_equal(n->flow[0][1 + i] + augment(n, 1 + i, 0), sum - count + 1);
        assert_true(n->flow[0][1 + i] - augment(n, 0, 1 + i) <= 1);
    }
}

/* Cases by chance: ${spread} small makes sparse tables. */
static void fill(struct world *w, size_t tables, int64_t cases)
{
    int64_t skew = unit_between(1, 4);

    memset(w->counts, 0, sizeof(w->counts));
    for (int64_t c = 0; c < cases; c++) {
        size_t row = w->rows;

        for (int64_t i = 0; i < skew; i++) {
            size_t other = (size_t)unit_between(0, (int64_t)w->rows - 1);

            row = other < row ? other : row;
        }
        for (size_t n = 0; n < tables; n++) {
            size_t columns = w->tables[n].columns;
            size_t one = (size_t)unit_between(0, (int64_t)columns - 1);
            size_t two = (size_t)unit_between(0, (int64_t)columns - 1);

            w->counts[n][row * columns + (skew > 2 && two < one ? two : one)]++;
        }
    }
}

static void solving_tells_nothing(void **state)
{
    struct arena *a = arena_new();
    size_t hidden = 0, shown = 0, withheld = 0;

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct world w = {.rows = (size_t)unit_between(1, MOST_ROWS)};
        static const int64_t sizes[] = {12, 40, 120, 600};
        struct network net;

        for (size_t n = 0; n < 3; n++)
            w.tables[n].columns = (size_t)unit_between(1, MOST_COLUMNS);
        fill(&w, 3, unit_between(0, sizes[round % 4]));
        arena_reset(a);
        decide(a, &w, 3);
        for (size_t n = 0; n < 3; n++) {
            network_of(&w, n, &net);
            nothing_is_known(&net);
            rows_are_free(&w, &net);
            withheld += w.tables[n].withheld;
            for (size_t i = 0; i < w.rows * w.tables[n].columns; i++) {
                hidden += w.tables[n].cells[i];
                shown += !w.tables[n].cells[i] && w.counts[n][i] > 0;
            }
        }
    }
    printf("%zu cells hidden, %zu shown, %zu of %d tables withheld\n", hidden, shown,
        withheld, 3 * ROUNDS);
    assert_true(shown > 1000 && hidden > 1000); /* the test looks at something */
    arena_free(a);
}

/* ---- all worlds ---- */

/* Three hospitals, two tables of two columns: a case is one of twelve kinds. */
#define KINDS 12
#define WORLD_ROWS 3

struct trial {
    struct world truth;
    bool seen[2][WORLD_ROWS + 1][3]
             [SUPPRESS_SMALL]; /* a small value in a hidden place */
    uint32_t kinds[KINDS];
    size_t worlds;
};

/* Counts with totals: [3][..] columns', [..][2] rows'. */
static void tabulate(const uint32_t *kinds, uint32_t ret[2][WORLD_ROWS + 1][3])
{
    memset(ret, 0, sizeof(uint32_t) * 2 * (WORLD_ROWS + 1) * 3);
    for (size_t i = 0; i < KINDS; i++) {
        size_t row = i / 4;
        size_t column[2] = {i / 2 % 2, i % 2};

        for (size_t n = 0; n < 2; n++) {
            ret[n][row][column[n]] += kinds[i];
            ret[n][WORLD_ROWS][column[n]] += kinds[i];
            ret[n][row][2] += kinds[i];
            ret[n][WORLD_ROWS][2] += kinds[i];
        }
    }
}

static bool is_hidden(const struct world *w, size_t n, size_t row, size_t column)
{
    if (row == WORLD_ROWS)
        return column == 2 ? w->s.total : w->tables[n].totals[column];
    return column == 2 ? w->s.totals[row] : w->tables[n].cells[row * 2 + column];
}

/* A world: does it give what is shown? Then what is hidden in it is possible. */
static void look_at(struct trial *t, uint32_t truth[2][WORLD_ROWS + 1][3])
{
    uint32_t here[2][WORLD_ROWS + 1][3];

    tabulate(t->kinds, here);
    for (size_t n = 0; n < 2; n++) {
        for (size_t i = 0; i <= WORLD_ROWS; i++) {
            for (size_t k = 0; k < 3; k++) {
                bool total = k == 2 || i == WORLD_ROWS;
                bool named =
                    k == 2 ? !t->truth.s.withheld : !t->truth.tables[n].withheld;

                if (!is_hidden(&t->truth, n, i, k)
                        ? here[n][i][k] != truth[n][i][k]
                        : total && named && here[n][i][k] == 0)
                    return;
            }
        }
    }
    t->worlds++;
    for (size_t n = 0; n < 2; n++) {
        for (size_t i = 0; i <= WORLD_ROWS; i++) {
            for (size_t k = 0; k < 3; k++) {
                if (here[n][i][k] < SUPPRESS_SMALL)
                    t->seen[n][i][k][here[n][i][k]] = true;
            }
        }
    }
}

static void all_worlds(
    struct trial *t, size_t kind, uint32_t left, uint32_t truth[2][WORLD_ROWS + 1][3])
{
    if (kind == KINDS - 1) {
        t->kinds[kind] = left;
        look_at(t, truth);
        return;
    }
    for (uint32_t n = 0; n <= left; n++) {
        t->kinds[kind] = n;
        all_worlds(t, kind + 1, left - n, truth); /* NOLINT(misc-no-recursion) */
    }
}

static void trying_all_worlds_tells_nothing(void **state)
{
    struct arena *a = arena_new();
    size_t looked = 0;

    (void)state;
    for (int round = 0; round < 16; round++) {
        struct trial t = {.truth = {.rows = WORLD_ROWS}};
        uint32_t truth[2][WORLD_ROWS + 1][3];
        uint32_t total = (uint32_t)unit_between(8, 10);

        for (uint32_t c = 0; c < total; c++) /* mostly of the first kinds */
            t.kinds[unit_between(0, unit_between(0, KINDS - 1))]++;
        tabulate(t.kinds, truth);
        for (size_t n = 0; n < 2; n++) {
            t.truth.tables[n].columns = 2;
            for (size_t i = 0; i < WORLD_ROWS * 2; i++)
                t.truth.counts[n][i] = truth[n][i / 2][i % 2];
        }
        decide(a, &t.truth, 2);
        all_worlds(&t, 0, total, truth);
        assert_true(t.worlds > 0);
        for (size_t at = 0; at < (size_t)2 * (WORLD_ROWS + 1) * 3; at++) {
            size_t n = at / 12, i = at / 3 % 4, k = at % 3;
            uint32_t count = truth[n][i][k];

            if (!is_hidden(&t.truth, n, i, k) || count == 0 || count >= SUPPRESS_SMALL)
                continue;
            looked++;
            for (size_t v = 1; v < SUPPRESS_SMALL; v++)
                assert_true(t.seen[n][i][k][v]);
        }
    }
    printf("%zu small counts looked at\n", looked);
    assert_true(looked > 0);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_example),
        cmocka_unit_test(differing_tables_are_refused),
        cmocka_unit_test(memory_that_runs_out_is_told),
        cmocka_unit_test(solving_tells_nothing),
        cmocka_unit_test(trying_all_worlds_tells_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
