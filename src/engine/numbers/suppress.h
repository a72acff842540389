/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which counts may be shown, so that a small one (1 to SUPPRESS_SMALL - 1) is neither seen
 * nor worked out.
 *
 * The tables of one publication have the same rows (hospitals) and each its own columns
 * (urgencies, months ...); each counts the same cases once, so that a row has the same total
 * in all of them. What is shown is known to everybody at once: cells, totals of rows and
 * columns, the total. Hidden counts all look alike, but a hidden TOTAL is known not to be
 * zero, since a row or column without a case is shown as such.
 *
 *              stat  urgent  routine   all       1. a small total of a row or column, and others
 *   Lhasa        12       9       31    52          until their sum leaves each of them all
 *   Nagqu         *       *        *    14          values from 1 to 4
 *   Ngari         *       *        *     *       2. a row in which a cell is small, whole; and
 *   Damxung       *       *        *     *          others, until the sums that are left over
 *   all          23      20       40    83          leave each cell all values from 1 to 4
 *
 * What holds for whoever knows all that is shown of all tables, and adds, subtracts or solves:
 *  1. A hidden count that is small may be 1, 2, 3 or 4: for each there is a set of cases
 *     that gives the same publication.
 *  2. No other hidden count is certain: at least four values are possible.
 * It holds over all tables together because two tables have nothing in common but the rows:
 * worlds that agree on the totals of rows can be put together from one world a table
 * (tables of hospital and X for several X are a tree; a table of X and Y would close a ring).
 *
 * What does not hold: who also knows this algorithm can sometimes rule out a value, because
 * another would have hidden something else; and who knows counts of his own (a hospital
 * its own) can take them off. Which others are hidden (1, 2) follows the order of the rows
 * and columns, which must therefore say nothing about the counts.
 *
 * Pure; any thread.
 */
#ifndef ENGINE_NUMBERS_SUPPRESS_H
#define ENGINE_NUMBERS_SUPPRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define SUPPRESS_SMALL 5

struct suppress_table {
    size_t columns;
    const uint32_t *counts; /* row after row */
    bool *cells;            /* answer, as counts: hidden */
    bool *totals;           /* answer, a column each: its total is hidden */
    bool withheld;          /* answer: all of it but the totals of rows is hidden */
};

struct suppress {
    size_t rows;
    struct suppress_table *tables;
    size_t table_count;
    bool *totals; /* answer, a row each: its total is hidden */
    bool
        withheld; /* answer: all totals of rows are hidden, and rows are not to be named */
    bool total; /* answer: the total is hidden, and all else too */
};

/* Decide on ${s}: fills what is marked as answer, with memory from ${a}. E_BUG: the tables
 * do not have the same totals of rows. */
int suppress(struct arena *a, struct suppress *s, struct err *err);

#endif
