/* SPDX-License-Identifier: Apache-2.0 */
/* What is noticed between published figures, by the answer of PublishedFigure/$compare, as text below a report. */
#ifndef CLI_REPORT_BETWEEN_H
#define CLI_REPORT_BETWEEN_H

#include "base/buf.h"

#include "json/json.h"

/* Append a line each of the contradictions and notices in ${compared} of which ${report}, the answer of $report, tells one figure,
 * ${columns} wide; where there are none, nothing. Memory from ${a}. E_NOMEM; else errors stay in ${b}. Any thread. */
int report_between(struct arena *a, struct buf *b, const struct json *report,
    const struct json *compared, size_t columns, struct err *err);

#endif
