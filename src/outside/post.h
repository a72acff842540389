/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Telling another server something over HTTPS, whose answer matters by its status alone. The
 * address may have come from anybody who has an account, so it must not lead to this machine
 * or into the networks around it unless the operator says so. Any thread; it waits.
 */
#ifndef OUTSIDE_POST_H
#define OUTSIDE_POST_H

#include "base/text.h"
#include "base/time.h"

#define OUTSIDE_POST_HEADERS 4

struct outside_post {
    const char *url;
    struct str body;                           /* application/json */
    const char *headers[OUTSIDE_POST_HEADERS]; /* "Name: value"; NULL: none */
    bool anywhere; /* private addresses too; and http to this machine */
    utc_ms patience;
};

/*
 * The status goes to ${ret_status}; what the other server says is thrown away. E_INVALID: not
 * such an address (outside_post_check()); E_FORBIDDEN: it leads to a private address; E_IO: no
 * answer; E_NOMEM.
 */
int outside_post(const struct outside_post *rq, int *ret_status, struct err *err);

/* 0: an address that outside_post() would try. ${what} is its place in a refusal. */
int outside_post_check(
    const char *url, bool anywhere, const char *what, struct err *err);

#endif
