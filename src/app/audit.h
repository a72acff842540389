/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit trail: who signed in, was refused, read a clinical record or changed anything.
 * docs/adr/0012-audit-trail.md says how and why; store/trail.h keeps what is made here.
 *
 *   reads      noted by any thread, in memory; written by a thread of the trail's own, at
 *              the latest after LIMIT_TRAIL_WAIT_MS. A crash loses what was noted since
 *              (of at most 2 * LIMIT_TRAIL_PENDING records while the disk is full)
 *   refusals   the same, one entry for each (address, person, status) in a minute
 *   sign-ins   on the disk when the call returns
 *   changes    in the transaction that makes them
 *
 * No entry holds content of a record, a search value, a token or a password.
 */
#ifndef APP_AUDIT_H
#define APP_AUDIT_H

#include "app/app.h"

/* Stored for ever. From AUDIT_SIGN_IN on an entry names no records. */
enum audit_kind {
    AUDIT_READ = 1,
    AUDIT_VREAD = 2,
    AUDIT_SEARCH = 3,
    AUDIT_HISTORY = 4,
    AUDIT_EVERYTHING = 5,
    AUDIT_EXPORT = 6,
    AUDIT_CREATE = 7,
    AUDIT_UPDATE = 8,
    AUDIT_DELETE = 9,
    AUDIT_LOOK =
        10, /* at the trail itself; of the patient it was asked about, if any */
    AUDIT_SIGN_IN = 32,
    AUDIT_SIGN_OUT = 33,
    AUDIT_SIGN_IN_FAILED = 34,
    AUDIT_REFUSED = 35,
    AUDIT_ACCOUNT_MADE = 40, /* of an account, its name is in why */
    AUDIT_ACCOUNT_OFF = 41,
    AUDIT_ACCOUNT_ON = 42,
    AUDIT_ACCOUNT_RESET = 43,
    AUDIT_KIND_MAX = 43,
};

/* Who, and from where. Longer strings are cut to LIMIT_TRAIL_TEXT. */
struct audit_who {
    struct str name;
    struct str role;
    struct str practitioner; /* "Practitioner/ID" */
    struct str organization; /* "Organization/ID" */
    struct str address;
    struct str why; /* the reason given; empty: none was asked for */
};

/* Tell of a sign-in or its end by ${caller}, and wait until it is kept. A sign-in whose
 * entry cannot be kept should be refused. E_FULL and what the store fails with. */
int audit_sign(struct app *app, const struct app_caller *caller, enum audit_kind kind,
    struct err *err);

/* The same of what ${caller} did to the account of the name ${whose}. */
int audit_account(struct app *app, const struct app_caller *caller,
    enum audit_kind kind, struct str whose, struct err *err);

/* The same of what the operator did by `belay COMMAND` on this machine: ${whose} an account,
 * or "program NAME". */
int audit_operator(struct app *app, const char *command, enum audit_kind kind,
    struct str whose, struct err *err);

/* Tell that ${caller} (only what is known of it) was refused with the HTTP status
 * ${status}; ${kind} AUDIT_REFUSED or AUDIT_SIGN_IN_FAILED. Any thread; never waits. */
void audit_refused(
    struct app *app, const struct app_caller *caller, enum audit_kind kind, int status);

/* Write what was noted so far, and wait for it. For tests, and before a node is copied. */
int audit_flush(struct app *app, struct err *err);

#endif
