/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/numbers/suppress.h"

#define MOST_SMALL (SUPPRESS_SMALL - 1)

static bool is_small(uint64_t count)
{
    return count > 0 && count < SUPPRESS_SMALL;
}

/* ---- one line of totals ---- */

/* ${hidden} gets those of ${counts} that are small and others until none of them can be
 * worked out; false: there are not enough of them. */
static bool hide_line(const uint64_t *counts, size_t count, bool *hidden)
{
    uint64_t sum = 0;
    uint64_t n = 0;

    for (size_t i = 0; i < count; i++) {
        hidden[i] = is_small(counts[i]);
        sum += hidden[i] ? counts[i] : 0;
        n += hidden[i];
    }
    /* each is at least 1: what is over lets any of them be 4 */
    for (size_t i = 0; n > 0 && (n < 2 || sum < n - 1 + MOST_SMALL); i++) {
        if (i == count)
            return false;
        if (hidden[i] || counts[i] == 0)
            continue;
        hidden[i] = true;
        sum += counts[i];
        n++;
    }
    return true;
}

/* ---- the inside of a table ---- */

/* A table whose columns with hidden totals have become one, and the rows hidden in it. */
struct block {
    const struct suppress *all;
    const uint64_t *rows; /* totals */
    uint64_t *counts;     /* row after row */
    size_t columns;
    bool *hidden;   /* a row each */
    uint64_t *left; /* a column each: the sum over hidden rows */
    uint64_t sum;   /* of left */
};

static uint64_t at(const struct block *b, size_t row, size_t column)
{
    return b->counts[row * b->columns + column];
}

static void hide_row(struct block *b, size_t row)
{
    if (b->hidden[row])
        return;
    b->hidden[row] = true;
    b->sum += b->rows[row];
    for (size_t k = 0; k < b->columns; k++)
        b->left[k] += at(b, row, k);
}

static bool row_has_small(const struct block *b, size_t row)
{
    for (size_t k = 0; k < b->columns; k++) {
        if (is_small(at(b, row, k)))
            return true;
    }
    return false;
}

/*
 * Is a cell of a hidden row left open enough by the sums that can be worked out: its row's,
 * and what its column has left for hidden rows? Where all cells of a block are hidden, a
 * cell can have just the values from low to high.
 */
static bool is_open(const struct block *b, size_t row, size_t column)
{
    uint64_t left = b->left[column];
    uint64_t total = b->rows[row];
    uint64_t low = total + left > b->sum ? total + left - b->sum : 0;
    uint64_t high = total < left ? total : left;

    if (left == 0)
        return true; /* it is shown: zero */
    if (left < MOST_SMALL)
        return false;
    if (b->all->totals[row])
        return true; /* its total may be anything from 1 to 4 and more: so may the cell */
    if (high < low + MOST_SMALL - 1)
        return false;
    return !is_small(at(b, row, column)) || (low <= 1 && high >= MOST_SMALL);
}

static bool all_open(const struct block *b)
{
    for (size_t i = 0; i < b->all->rows; i++) {
        for (size_t k = 0; b->hidden[i] && k < b->columns; k++) {
            if (!is_open(b, i, k))
                return false;
        }
    }
    return true;
}

/* Choose the rows to be hidden; false: not even all of them would do. */
static bool hide_rows(struct block *b)
{
    for (size_t i = 0; i < b->all->rows; i++) {
        if (b->all->totals[i] || row_has_small(b, i))
            hide_row(b, i);
    }
    for (size_t i = 0; !all_open(b); i++) {
        if (i == b->all->rows)
            return false;
        if (b->rows[i] > 0)
            hide_row(b, i);
    }
    return true;
}

/* ${b} from ${t}: the columns whose totals are hidden become the last one. */
static void block_fill(struct block *b, const struct suppress_table *t)
{
    size_t last = b->columns - 1;

    for (size_t i = 0; i < b->all->rows; i++) {
        size_t to = 0;

        for (size_t k = 0; k < t->columns; k++) {
            size_t column = t->totals[k] ? last : to++;

            b->counts[i * b->columns + column] += t->counts[i * t->columns + k];
        }
    }
}

static void show_zeros(const struct block *b, const struct suppress_table *t)
{
    size_t last = b->columns - 1;

    for (size_t i = 0; i < b->all->rows; i++) {
        size_t to = 0;

        for (size_t k = 0; k < t->columns; k++) {
            size_t column = t->totals[k] ? last : to++;
            uint64_t known = b->hidden[i] ? b->left[column] : at(b, i, column);

            t->cells[i * t->columns + k] = known > 0 && (b->hidden[i] || t->totals[k]);
        }
    }
}

static int hide_inside(struct arena *a, const struct suppress *s,
    struct suppress_table *t, const uint64_t *rows, struct err *err)
{
    struct block b = {.all = s, .rows = rows, .columns = 1};

    for (size_t k = 0; k < t->columns; k++)
        b.columns += !t->totals[k];
    b.counts = arena_array(a, s->rows * b.columns, sizeof(*b.counts));
    b.left = arena_array(a, b.columns, sizeof(*b.left));
    b.hidden = arena_array(a, s->rows, sizeof(*b.hidden));
    if (!b.counts || !b.left || !b.hidden)
        return err_nomem(err);
    block_fill(&b, t);
    if (hide_rows(&b))
        show_zeros(&b, t);
    else
        t->withheld = true;
    return 0;
}

/* ---- tables ---- */

static int sum_rows(const struct suppress *s, uint64_t *rows, struct err *err)
{
    for (size_t n = 0; n < s->table_count; n++) {
        const struct suppress_table *t = &s->tables[n];

        for (size_t i = 0; i < s->rows; i++) {
            uint64_t sum = 0;

            for (size_t k = 0; k < t->columns; k++)
                sum += t->counts[i * t->columns + k];
            if (n > 0 && sum != rows[i])
                return err_set(err, E_BUG, NULL,
                    "Tables of one publication differ in the total of a row.");
            rows[i] = sum;
        }
    }
    return 0;
}

/* What is not zero by a total that is shown. */
static void withhold(
    const struct suppress *s, struct suppress_table *t, const uint64_t *rows)
{
    t->withheld = true;
    for (size_t k = 0; k < t->columns; k++)
        t->totals[k] = true;
    for (size_t i = 0; i < s->rows * t->columns; i++)
        t->cells[i] = s->withheld || rows[i / t->columns] > 0;
}

static int decide(struct arena *a, const struct suppress *s, struct suppress_table *t,
    const uint64_t *rows, struct err *err)
{
    uint64_t *columns = arena_array(a, t->columns, sizeof(*columns));
    int r = 0;

    t->cells = arena_array(a, s->rows * t->columns, sizeof(*t->cells));
    t->totals = arena_array(a, t->columns, sizeof(*t->totals));
    t->withheld = s->total;
    if (!columns || !t->cells || !t->totals)
        return err_nomem(err);
    for (size_t i = 0; i < s->rows * t->columns; i++)
        columns[i % t->columns] += t->counts[i];
    if (!t->withheld && !hide_line(columns, t->columns, t->totals))
        t->withheld = true;
    if (!t->withheld && !s->withheld)
        r = hide_inside(a, s, t, rows, err);
    for (size_t i = 0; s->withheld && i < s->rows * t->columns; i++)
        t->cells[i] = columns[i % t->columns] > 0;
    if (t->withheld)
        withhold(s, t, rows);
    return r;
}

int suppress(struct arena *a, struct suppress *s, struct err *err)
{
    uint64_t *rows = arena_array(a, s->rows, sizeof(*rows));
    uint64_t total = 0;
    int r = 0;

    s->totals = arena_array(a, s->rows, sizeof(*s->totals));
    if (!rows || !s->totals)
        return err_nomem(err);
    r = sum_rows(s, rows, err);
    for (size_t i = 0; i < s->rows; i++)
        total += rows[i];
    s->total = is_small(total);
    s->withheld = s->total || !hide_line(rows, s->rows, s->totals);
    for (size_t i = 0; s->withheld && i < s->rows; i++)
        s->totals[i] = true;
    for (size_t n = 0; r == 0 && n < s->table_count; n++)
        r = decide(a, s, &s->tables[n], rows, err);
    return r;
}
