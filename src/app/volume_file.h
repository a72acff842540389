/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Volumes out of a file: what each line says, what is wrong with it, what is written down already; and writing the
 * others down, all of them or none (docs/VOLUMES.md). The page judges a file the same way (web/src/fhir/volumes-check.ts). For one thread.
 */
#ifndef APP_VOLUME_FILE_H
#define APP_VOLUME_FILE_H

#include "base/limits.h"

#include "app/app.h"

enum volume_column {
    VOLUME_KIND,
    VOLUME_HOSPITAL,
    VOLUME_DEPARTMENT,
    VOLUME_PLACE,
    VOLUME_MONTH,
    VOLUME_OF_SEX,
    VOLUME_OF_LANGUAGE,
    VOLUME_VALUE,
    VOLUME_COLUMNS
};

extern const char *const volume_columns[VOLUME_COLUMNS];

enum volume_fault {
    VOLUME_RIGHT,
    VOLUME_NEEDED,
    VOLUME_NO_KIND,
    VOLUME_NO_UNIT,
    VOLUME_TWO_UNITS,
    VOLUME_NO_MONTH,
    VOLUME_NO_YEAR,
    VOLUME_NO_NUMBER,
    VOLUME_NO_PART,
    VOLUME_TWO_PARTS,
    VOLUME_NO_SEX,
    VOLUME_NO_LANGUAGE,
    VOLUME_TWICE,
};

/* What is wrong, and what to do: two sentences. */
const char *volume_fault_text(enum volume_fault fault);

enum volume_state { VOLUME_NEW, VOLUME_CORRECTS, VOLUME_THERE, VOLUME_BAD };

struct volume_line {
    size_t line;
    struct str cells[VOLUME_COLUMNS]; /* as they stand in the file; p NULL: empty */
    /* by volume_file_judge(): */
    enum volume_state state;
    enum volume_fault faults[VOLUME_COLUMNS];
    char id[LIMIT_ID_CHARS + 1]; /* what it is written under; "": it is bad */
    struct str of;               /* "Organization/ID" or "Location/ID" */
    struct str name;             /* of that */
    const char *kind;
    const char *part; /* "sex" or "language", of which ${code} it is; "": of all */
    struct str code;
    double value;
    struct str before; /* what is written down so far; p NULL: nothing */
};

/* Judge ${count} lines by what the node holds. Memory from ${a}. The errors of app_run(), as what could not be read. */
int volume_file_judge(struct app *app, struct arena *a, struct volume_line *lines,
    size_t count, struct err *err);

/* Write those down that are new or correct something, in one transaction. */
int volume_file_write(struct app *app, struct arena *a, const struct volume_line *lines,
    size_t count, struct err *err);

/* The baseline of ${line}'s unit: the last whole year before assistance began. */
struct volume_baseline {
    int64_t year; /* 0: there is none */
    double value, low, high;
    struct str began; /* p NULL: no pairing says so */
};

int volume_file_baseline(struct app *app, struct arena *a,
    const struct volume_line *line, struct volume_baseline *ret, struct err *err);

#endif
