/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking other servers over HTTPS: one question, one answer, and an end to waiting. Only
 * https, or http on this machine; no redirect is followed, no proxy is used, no cookie
 * kept. The answer has LIMIT_OUTSIDE_BYTES at most. Any thread; the caller's thread waits.
 */
#ifndef OUTSIDE_FETCH_H
#define OUTSIDE_FETCH_H

#include "base/buf.h"
#include "base/text.h"
#include "base/time.h"

struct outside_request {
    const char *url;
    const char *form;     /* application/x-www-form-urlencoded to POST; NULL: GET */
    const char *user;     /* HTTP Basic; NULL: none */
    const char *password; /* of user */
    const char *bearer;   /* a token; NULL: none */
    const char *ca_file;  /* PEM of who is trusted; NULL: whom the system trusts */
    utc_ms patience;      /* milliseconds for all of it */
};

/*
 * Ask. The status goes to ${ret_status} and the body to ${body}, which is emptied first
 * and whose ceiling is the caller's. E_IO: no answer (unreachable, not trusted, too slow);
 * E_TOO_LARGE; E_NOMEM; E_INVALID as outside_url_check(). No text holds a secret.
 */
int outside_fetch(const struct outside_request *rq, int *ret_status, struct buf *body,
    struct err *err);

/* 0: a URL that may be asked: https, or http and a host that is this machine; no name and
 * password in it, no fragment. E_INVALID with ${what} as its place. */
int outside_url_check(const char *url, const char *what, struct err *err);

#endif
