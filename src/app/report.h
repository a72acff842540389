/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET PublishedFigure/$report: the rows of data/report.json, each with the figure that the events give, what was
 * published, and a verdict (docs/REPORTS.md).
 */
#ifndef APP_REPORT_H
#define APP_REPORT_H

#include "app/app_internal.h"

/* data/report.json: the rows, in order, and what was published of those that have no PublishedFigure. */
extern const struct str report_template;

/* $report; $compare is figure_compare.c's. */
int report_answer(struct app_call *call, const struct rest *rest, struct err *err);

#endif
