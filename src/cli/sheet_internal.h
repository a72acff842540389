/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SHEET_INTERNAL_H
#define CLI_SHEET_INTERNAL_H

#include "base/buf.h"

#include "cli/sheet.h"

/* A sheet being made: rows and cells are put at their places, what is left out stays empty. */
struct sheet_maker {
    struct arena *arena;
    struct sheet made;
    size_t room;      /* rows */
    size_t cell_room; /* of the last row */
    int error;        /* 0, E_NOMEM or E_TOO_LARGE */
};

/* Begin the row ${line}. */
void sheet_put_row(struct sheet_maker *m, size_t line);
/* Put ${text}, which is copied, into ${column} of the last row. */
void sheet_put_cell(struct sheet_maker *m, size_t column, struct str text);
int sheet_error(const struct sheet_maker *m, struct err *err);

int sheet_read_csv(struct sheet_maker *m, struct str text, struct err *err);
int sheet_read_xlsx(struct sheet_maker *m, struct str bytes, struct err *err);

#endif
