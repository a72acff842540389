/* SPDX-License-Identifier: Apache-2.0 */
/* A table for a terminal: cells that wrap between words, as wide as the reader sees them. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "base/buf.h"
#include "base/text.h"

#define TABLE_COLUMNS 6
#define TABLE_GAP ((size_t)2)

struct table {
    size_t count; /* columns */
    size_t widths[TABLE_COLUMNS];
};

/* How many columns ${text} takes on a terminal: signs of East Asian scripts two, what stands on others none. */
size_t table_width(struct str text);

/* Append one row of ${t} to ${b}: a cell a column, '\n' in a cell begins a line of it. Lines end between
 * words or behind a hyphen; a word longer than its column is cut between characters. Lines have no blanks at their end. */
void table_row(struct buf *b, const struct table *t, const struct str *cells);

/* A line under the head. */
void table_rule(struct buf *b, const struct table *t);

#endif
