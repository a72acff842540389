/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table that somebody made with a spreadsheet: CSV in UTF-8, parted by commas, semicolons, tabs or bars, or the first
 * sheet of an XLSX file that is not hidden. Formulas are never worked out: the value that was stored with them counts. A cell that is
 * shown as a day is told as 2021-03-01. For one thread.
 */
#ifndef CLI_SHEET_H
#define CLI_SHEET_H

#include "base/arena.h"
#include "base/text.h"

#define SHEET_BYTES (64u << 20) /* of a file, and of a part of it unpacked */
#define SHEET_ROWS 100000u
#define SHEET_COLUMNS 1000u

struct sheet_row {
    size_t line; /* as a spreadsheet counts its rows */
    struct str *cells;
    size_t count;
};

struct sheet {
    struct sheet_row *rows;
    size_t count;
};

/* Read the file ${path} into ${a}. E_INVALID: it is neither, or not whole; E_TOO_LARGE; E_IO. */
int sheet_read(struct arena *a, const char *path, struct sheet *ret, struct err *err);

/* What ${row} says in ${column} (SIZE_MAX: nothing), without the blanks at both ends. */
struct str sheet_cell(const struct sheet_row *row, size_t column);

#endif
