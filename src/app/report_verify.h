/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a file is a report as it was frozen, and such a file as a workbook (docs/REPORTS.md). */
#ifndef APP_REPORT_VERIFY_H
#define APP_REPORT_VERIFY_H

#include "app/app.h"

enum report_state { REPORT_HOLDS, REPORT_FAILS, REPORT_NOT_CHECKED };

struct report_check {
    const char *what; /* "signature", "definitions", "key", "log", "figures" */
    enum report_state state;
    const char *sentence; /* in the arena */
};

#define REPORT_CHECKS 5

/* Check ${text}, a file of a frozen report; against the log of ${app} where it is not NULL. E_INVALID: it is no
 * report at all. */
int report_verify(struct app *app, struct arena *a, struct str text,
    struct report_check ret[REPORT_CHECKS], struct err *err);

/* Append ${document}, a report that is frozen or a draft of one, as a workbook to ${out} (report_workbook.c). The same
 * document gives the same bytes. E_INVALID: it is no report. */
int report_workbook(const struct json *document, struct buf *out, struct err *err);

#endif
