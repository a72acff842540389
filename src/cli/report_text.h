/* SPDX-License-Identifier: Apache-2.0 */
/* The answer of PublishedFigure/$report as text: a table, CSV, JSON of plain names. */
#ifndef CLI_REPORT_TEXT_H
#define CLI_REPORT_TEXT_H

#include "base/buf.h"

#include "json/json.h"

/* Append the table, ${columns} wide; memory from ${a}. E_NOMEM; else errors stay in ${b}. */
int report_text_table(struct arena *a, struct buf *b, const struct json *answer,
    size_t columns, struct err *err);

/* A line a row, after a line with the names; RFC 4180. A cell that a spreadsheet would take for a formula has an
 * apostrophe before it. */
void report_text_csv(struct buf *b, const struct json *answer);

/* {"rows":[{"indicator":...,"value":12,...},...]} */
void report_text_json(struct buf *b, const struct json *answer);

#endif
