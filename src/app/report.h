/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports (docs/REPORTS.md): rows of figures beside what was published.
 *
 *   GET  PublishedFigure/$report     the rows now
 *   POST Report/$freeze              the same, signed and kept
 *   GET  Report/ID/$file             a frozen one, as a file
 *
 *   report_rows.c      the rows: of data/report.json, or those that are asked for
 *   report.c           $report
 *   report_document.c  a frozen report as a FHIR document
 *   report_freeze.c    $freeze
 *   report_file.c      $file: the document, CSV, XLSX, ADX
 *   report_workbook.c  a document as XLSX
 *   report_workbook_text.c  its sheet Text
 *   report_verify.c    whether a file is what was frozen
 */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "app/figure_ask.h"
#include "app/report_verify.h"

/* data/report.json: the rows, in order, and what was published of those that have no PublishedFigure. */
extern const struct str report_template;

/* A row before it is computed. */
struct report_row {
    struct str indicator, title;
    struct str note;                 /* a text of whoever made the report */
    struct str words, why;           /* what was published, where no figure was */
    const struct figure_row *figure; /* NULL: none */
};

struct report_ask {
    struct str from, until;  /* p NULL: each for its own time, else the last year */
    bool all;                /* the indicators that no row has, too */
    struct report_row *rows; /* these alone; NULL: those of the template */
    size_t row_count;
};

/* Whoever takes the rows, one by one. */
struct report_taker {
    int (*take)(void *arg, const struct report_row *row, const struct figure_told *told,
        struct err *err);
    void *arg;
};

/* Are ${from} and ${until} times that can be asked for, both or neither? E_INVALID. */
int report_check_time(struct str from, struct str until, struct err *err);

/* Compute all rows of ${ask} for ${call}'s caller in what ${seek} shows. The store's errors; what ${taker}
 * fails with. */
int report_rows(struct app_call *call, const struct seek *seek,
    const struct report_ask *ask, const struct report_taker *taker, struct err *err);

/* What was published of ${row}, as parts of the list that is open in ${o}. */
void report_put_published(struct json_out *o, const struct report_row *row);

/* $report; $compare is figure_compare.c's. */
int report_answer(struct app_call *call, const struct rest *rest, struct err *err);

/* ---- a frozen report ---- */

#define REPORT_DOCUMENT_BYTES ((size_t)1 << 20) /* of one that is kept */
#define REPORT_FIGURE_URL "https://belay.health/StructureDefinition/report-figure"
#define REPORT_LOG_URL "https://belay.health/StructureDefinition/report-log"
#define REPORT_DEFINITION_URL                                                          \
    "https://belay.health/StructureDefinition/report-definition"
#define REPORT_KEY_USE "belay report signature 1"
#define REPORT_KEYS                                                                    \
    "report-key/" /* settings: the public keys that this node signed with */

struct report_head {
    struct str id, title, text;
    struct str from, until; /* p NULL: each figure for its own time */
    struct str author;      /* "Practitioner/ID"; p NULL: a program */
    bool draft;             /* it is not signed, since nobody freezes it */
    utc_ms now;
    struct seek seek;
};

/* Append the signed document of ${head} with the rows of ${ask} to ${out}; ${*ret_position}: as of which of the
 * log. What report_rows() fails with. */
int report_document(struct app_call *call, const struct report_head *head,
    const struct report_ask *ask, struct buf *out, int64_t *ret_position,
    struct err *err);

/* The text that is signed: ${document} without its signature in its one spelling, appended to ${out}. */
int report_signed_text(
    struct arena *a, const struct json *document, struct buf *out, struct err *err);

/* The value of the extension ${name} in the extension ${of}; p NULL: none. */
struct str report_part(const struct json *of, const char *name);

/* The extension ${url} of ${element}; NULL: none. */
const struct json *report_extension(const struct json *element, const char *url);

/* Its Composition; NULL: it has none. */
const struct json *report_composition(const struct json *document);

/* The media type of report_workbook(), which is in report_verify.h. */
#define REPORT_WORKBOOK_TYPE                                                           \
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

struct sheets;

/* Begin the sheet Text of ${s}, with a row of each text in ${composition}; without one it has its head alone. E_NOMEM; what fails in ${s}
 * is told by sheets_take(). */
int report_workbook_text(
    struct sheets *s, const struct json *composition, struct err *err);

/* ---- operations ---- */

/* rest_report() is in app_internal.h. */
int report_file(struct app_call *call, const struct rest *rest, struct err *err);

#endif
