/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Course/$figures (by the hospital that people work in) and Course/$taught (by the hospital
 * that taught them) share: hospitals as rows, all Enrolments one after another, hidden counts.
 */
#ifndef APP_LEARN_FIGURES_INTERNAL_H
#define APP_LEARN_FIGURES_INTERNAL_H

#include "app/caseload_internal.h"
#include "app/learn_internal.h"

/* Counts of the hospitals of an axis, ${size} bytes each, zero at first. */
struct learn_rows {
    struct caseload *by;
    char *list;
    size_t size, cap;
};
void *learn_row_at(const struct learn_rows *rows, size_t row);

/* The row of ${hospital}, a new one where there is none yet. */
int learn_row_of(struct learn *l, struct learn_rows *rows, store_rid hospital,
    size_t *ret, struct err *err);

/* One question. */
struct learn_figuring {
    struct learn learn;
    struct caseload by; /* its hospitals, and which are the caller's */
    struct learn_rows rows;
};
/* What is asked, from ${rest}. */
int learn_figuring_take(
    struct learn_figuring *f, const struct rest *rest, struct err *err);
struct learn_figuring_steps {
    int (*count)(void *f, const struct json *enrolment, struct err *err);
    int (*publish)(void *f, struct err *err);
    void (*write)(void *f, struct str period);
};
/* What the steps are given begins with ${f}. */
int learn_figuring_go(struct learn_figuring *f, struct app_call *call,
    const struct rest *rest, const struct learn_figuring_steps *steps, struct err *err);
/* May the caller ask for figures? E_FORBIDDEN. */
int learn_figuring_may(struct app_call *call, struct err *err);

/* Is ${day} in the quarter that is asked about? */
bool learn_in_quarter(const struct learn_figuring *f, struct str day);

/* At which looks that ended in the quarter something is known of ${enrolment}, and at which
 * something is used: a bit a look. Who never agreed is not looked at. */
int learn_looks(struct learn_figuring *f, const struct json *enrolment,
    unsigned *ret_looked, unsigned *ret_used, struct err *err);

/* Hide ${persons}, a row each, together: fills by.shown, and mine by the caller's posts. */
int learn_hide(struct learn_figuring *f, const uint32_t *persons, struct err *err);

bool learn_is_small(uint32_t n);
void learn_put_count(struct json_out *o, const char *name, uint64_t count, bool hidden);

#endif
