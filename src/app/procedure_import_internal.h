/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of Procedure/$import share.
 *
 *   procedure_import.c        who may, what is there already, the way
 *   procedure_import_row.c    a line: what it says, what is wrong with it
 *   procedure_import_write.c  its record, and the answer
 */
#ifndef APP_PROCEDURE_IMPORT_INTERNAL_H
#define APP_PROCEDURE_IMPORT_INTERNAL_H

#include "app/procedure_internal.h"
#include "crypto/digest.h"

enum import_state {
    IMPORT_NEW,      /* it is taken */
    IMPORT_THERE,    /* it was taken before */
    IMPORT_RECORDED, /* here is an operation like it that was recorded by $record */
    IMPORT_REFUSED,
};

struct import_row {
    int64_t line; /* of the file, from 1 */
    struct str code;
    struct str performed; /* a date */
    struct str function;
    struct str step, with, place, number, result, note; /* p NULL: not said */
    utc_ms when;
    enum procedure_function as;
    enum import_state state;
    const char *column; /* where it is wrong; NULL: nowhere */
    const char *problem;
    uint8_t key[CRYPTO_DIGEST_BYTES]; /* the same for two lines that say the same */
    struct str id;
};

struct import {
    struct app_call *call;
    struct store_reader *snapshot;
    bool dry;
    struct str file;       /* its name; p NULL: not said */
    struct str person;     /* "Practitioner/ID" */
    store_rid person_rid;  /* 0: not known to the store */
    struct str department; /* "Organization/ID" */
    struct str place;      /* "Location/ID"; p NULL: none */
    utc_ms now;
    struct import_row *rows;
    size_t count;
};

/* Read ${parameter} ("row") into ${row}: refused, where something is wrong with it. */
void import_row_read(
    const struct import *im, const struct json *parameter, struct import_row *row);

/* What is wrong with ${row}, and what to do, as a sentence. */
const char *import_row_sentence(const struct import_row *row);

/* The record of ${row}. */
void import_row_put(
    struct buf *b, const struct import *im, const struct import_row *row);

/* The answer: how many, and what became of each line. */
void import_answer(const struct import *im);

#endif
