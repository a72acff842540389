/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A workbook (XLSX, Office Open XML): sheets of a head row and rows below it, each cell a text, a number or nothing.
 * A text stays a text whatever it begins with; no cell is ever a formula. The same calls give the same bytes.
 *
 *   sheets_new -> (sheets_begin -> (cells of a row, left to right -> sheets_row)*)* -> sheets_take
 *
 * The first call that fails is remembered, and sheets_take() tells of it; what follows does nothing.
 * One workbook belongs to one thread. The library keeps parts of it in files without a name while it is written,
 * in the folder of the environment's TMPDIR or in /tmp.
 */
#ifndef BASE_SHEETS_H
#define BASE_SHEETS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/time.h"

struct sheets;

#define SHEETS_COLUMNS 40       /* of a sheet, at most */
#define SHEETS_ROWS 10000       /* of a sheet, at most */
#define SHEETS_TEXT_CHARS 32767 /* of a cell, as the format has it */

struct sheets_column {
    const char *name; /* its head */
    int width;        /* in characters */
};

/* An empty workbook with the title ${title}, said to be made at ${created}, into ${ret}; no other time is in it.
 * E_NOMEM, E_IO. */
int sheets_new(utc_ms created, struct str title, struct sheets **ret, struct err *err);

/* NULL is fine, and so is one that was never taken. */
void sheets_free(struct sheets *w);

/* Begin a sheet with the name ${name} (at most 31 characters, unlike all before it) and a head of ${count}
 * columns. It is printed on sheets lying down, as wide as one of them. */
void sheets_begin(struct sheets *w, const char *name,
    const struct sheets_column *columns, size_t count);

/* The next cell of the row. An empty text is an empty cell. */
void sheets_text(struct sheets *w, struct str text);
/* ${decimal} as it is written, such as 72.19: a number with as many places behind the point; what is none is a text. */
void sheets_number(struct sheets *w, struct str decimal);
void sheets_none(struct sheets *w);
/* The row ends. */
void sheets_row(struct sheets *w);

/* Append the whole file to ${out} and free ${w}, also where it fails. E_TOO_LARGE: a text or a sheet is longer than
 * the format or a limit allows; E_NOMEM; E_IO; ${out}'s errors. */
int sheets_take(struct sheets *w, struct buf *out, struct err *err);

#endif
