/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one error type. A function that can fail returns 0 or a negative enum err_code
 * and, where it knows the cause, fills a struct err with one full sentence and the
 * path of what was wrong; callers pass both up unchanged. It is logged once, at the
 * edge (http, cli), never where it happens.
 *
 * Three classes, by code: the caller's error (bad input; the sentence goes to the
 * client), the operator's failure (disk, memory, machine; the client learns that the
 * service failed, the log says why) and our bug (asserted in debug builds).
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

enum err_code {
    E_OK = 0,
    /* the caller's errors */
    E_INVALID = -1,       /* the content breaks a rule: 400 or 422 */
    E_NOT_FOUND = -2,     /* no such thing, or not for this caller: 404 */
    E_GONE = -3,          /* it was deleted: 410 */
    E_CONFLICT = -4,      /* another change came first, or a rule forbids: 409 */
    E_PRECONDITION = -5,  /* If-Match or If-None-Match does not hold: 412 */
    E_MULTIPLE = -6,      /* a conditional request matched several: 412 */
    E_TOO_LARGE = -7,     /* over a named limit: 413 */
    E_UNSUPPORTED = -8,   /* a format, method or feature we do not offer: 400 to 415 */
    E_UNAUTHORISED = -9,  /* no valid token: 401 */
    E_FORBIDDEN = -10,    /* signed in, but not allowed: 403 */
    E_USAGE = -11,        /* the command line was wrong: exit code 2 */
    E_NOT_MODIFIED = -12, /* If-None-Match or If-Modified-Since holds: 304 */
    E_TOO_OFTEN = -13,    /* asked more often than allowed; wait: 429 */
    /* the operator's failures */
    E_IO = -20,        /* reading or writing failed: 500 */
    E_FULL = -21,      /* no space left on the device: 507 */
    E_NOMEM = -22,     /* out of memory: 503 */
    E_BUSY = -23,      /* queue full or shutting down; try again: 503 */
    E_CORRUPT = -24,   /* stored data fails its own check: 500 */
    E_CANCELLED = -25, /* stopped on request */
    /* our bug */
    E_BUG = -40, /* an invariant does not hold: 500 */
};

enum err_class { ERR_CALLER, ERR_OPERATOR, ERR_BUG };

#define ERR_TEXT_MAX 512
#define ERR_PATH_MAX 256

struct err {
    int code;                /* enum err_code; E_OK while nothing went wrong */
    char path[ERR_PATH_MAX]; /* where: FHIRPath, file, parameter; "" if nowhere */
    char text[ERR_TEXT_MAX]; /* one sentence: what is wrong and what to do */
};

/*
 * Record ${code} with the path ${path} (NULL: none) and the sentence from ${fmt} in
 * ${err} (NULL: only the code is returned). Text that does not fit is cut. Bytes below
 * 0x20 become spaces, so that a log stays one line an entry. Returns ${code}.
 */
int err_set(struct err *err, int code, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* As err_set for E_IO, with the words of errno value ${errnum} added; ENOSPC and EDQUOT
 * become E_FULL, ENOMEM becomes E_NOMEM. Returns the code chosen. */
int err_sys(struct err *err, int errnum, const char *path, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* The text of err_nomem. */
void err_nomem_text(struct err *err);

/* Out of memory: fixed text, no formatting. Returns E_NOMEM. Inline, so that a checker
 * which reads one file sees that it fails. */
static inline int err_nomem(struct err *err)
{
    err_nomem_text(err);
    return E_NOMEM;
}

/* The class of ${code}. */
enum err_class err_class(int code);

/* A short fixed name of ${code} for logs, such as "not-found". Never NULL. */
const char *err_name(int code);

#endif
