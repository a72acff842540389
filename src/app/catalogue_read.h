/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A catalogue as text (docs/CATALOGUE.md): a line each, tabs between the columns.
 *
 *   catalogue   VERSION                                                   the first line
 *   specialty   code  english  chinese
 *   device      code  english  chinese
 *   procedure   code  english  chinese  devices  hands  icd9
 *   illness     code  english  chinese  specialty  level  procedures  also
 *
 * Lists have one space between their words, `also` semicolons. A line that is empty or begins
 * with # says nothing. Nothing of a text is taken that has a fault anywhere.
 */
#ifndef APP_CATALOGUE_READ_H
#define APP_CATALOGUE_READ_H

#include "base/arena.h"
#include "base/err.h"

#include "app/catalogue.h"

#define CATALOGUE_FAULTS 100 /* that are told; all are counted */
#define CATALOGUE_VERSION_MAX 40

struct catalogue_fault {
    size_t line, column; /* from 1, the column in characters */
    const char *text;    /* a sentence */
};

struct catalogue_faults {
    struct catalogue_fault list[CATALOGUE_FAULTS];
    size_t count;
};

/* Read ${text} into ${ret}, in ${a}; the text is not needed afterwards. E_INVALID: it has
 * ${faults}, in the order of lines as far as a line by itself is at fault, then what only the whole
 * shows. E_NOMEM. Pure. */
int catalogue_read(struct arena *a, struct str text, struct catalogue *ret,
    struct catalogue_faults *faults, struct err *err);

#endif
