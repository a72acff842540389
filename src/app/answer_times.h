/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How soon a department gives its first answer, out of the clocks of its cases of the last
 * ANSWER_DAYS days: the median and what nine of ten took, without the time in which it waited
 * for information. Of a department with fewer than SUPPRESS_SMALL answers nothing is told:
 * one answer says nothing, and would say that there was a case.
 *
 * What was counted is kept for ANSWER_RENEWED_MS and then counted anew: a median of three
 * months does not move in minutes. Nothing here is about patients. Any thread.
 */
#ifndef APP_ANSWER_TIMES_H
#define APP_ANSWER_TIMES_H

#include "app/app.h"
#include "engine/clock/clock.h"

#define ANSWER_DAYS 90
#define ANSWER_RENEWED_MS ((utc_ms)10 * 60 * 1000)

struct answer_times;

struct answer_time {
    int median, ninety; /* minutes, rounded up */
    unsigned count;     /* from so many answers; 0: not known */
};

/* NULL: no memory. */
struct answer_times *answer_times_new(struct app *app);
void answer_times_free(struct answer_times *t);

struct answer_question {
    struct str unit; /* "Organization/ID" */
    enum case_urgency urgency;
    struct store_reader *reader; /* used, as the arena is, where it must be counted */
    struct arena *arena;
};

/* Of that department, with cases of that urgency and no others: what is soon enough differs.
 * Errors are the store's. */
int answer_times_of(struct answer_times *t, const struct answer_question *q,
    struct answer_time *ret, struct err *err);

#endif
