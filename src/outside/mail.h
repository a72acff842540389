/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handing a letter to the operator's mail server by SMTP. Encrypted from the first byte
 * (smtps) or by STARTTLS, which must be offered unless the server is this machine. Any
 * thread; it waits.
 */
#ifndef OUTSIDE_MAIL_H
#define OUTSIDE_MAIL_H

#include "base/text.h"
#include "base/time.h"

struct outside_mail {
    const char *server;   /* smtp://HOST[:PORT] or smtps://HOST[:PORT] */
    const char *user;     /* NULL: no signing in */
    const char *password; /* of user */
    const char *ca_file;  /* PEM of who is trusted; NULL: whom the system trusts */
    const char *from;     /* an address, without brackets */
    const char *to;
    struct str letter; /* headers and text, lines ended by CRLF */
    utc_ms patience;
};

/* E_INVALID: the server refused it for good (no such mailbox, say), or an address or the
 * server is none; E_IO: not now; E_NOMEM. No text holds a secret. */
int outside_mail(const struct outside_mail *mail, struct err *err);

/* 0: ${server} is one outside_mail() would ask. */
int outside_mail_check_server(const char *server, const char *what, struct err *err);

/* 0: ${address} is a plain NAME@DOMAIN that cannot be taken for a command. */
int outside_mail_check_address(struct str address, const char *what, struct err *err);

#endif
