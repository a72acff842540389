/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the header lines of a request say, as values. Pure: text in, value out, any
 * thread. A slice with p NULL stands for a header that was not sent.
 */
#ifndef HTTP_HEADER_H
#define HTTP_HEADER_H

#include "app/app.h"

enum http_coding { HTTP_IDENTITY = 0, HTTP_GZIP = 1, HTTP_ZSTD = 2 };

/* How an answer may be packed, from Accept-Encoding: the sum of HTTP_GZIP and HTTP_ZSTD as
 * far as they are welcome (a weight of 0 forbids). */
unsigned http_accept_codings(struct str accept_encoding);

/* How a body is packed, from Content-Encoding. E_UNSUPPORTED: in another way. */
int http_body_coding(
    struct str content_encoding, enum http_coding *ret, struct err *err);

/* True when Accept lets an answer be JSON (it does when it was not sent). */
bool http_accepts_json(struct str accept);

/* True when the value of _format (as in the query, percent-encoded) means JSON. */
bool http_format_is_json(struct str format);

/*
 * What kind of body ${content_type} announces; none at all counts as JSON. E_UNSUPPORTED:
 * a media type, or a charset other than UTF-8, that we do not take; the sentence says
 * what to send instead.
 */
int http_body_format(struct str content_type, enum app_format *ret, struct err *err);

/* The token of "Bearer TOKEN"; p NULL if ${authorization} is anything else. */
struct str http_bearer(struct str authorization);

/* The value of the cookie ${name} in a Cookie header; p NULL: it is not there, or twice,
 * so that nobody can say which is meant. */
struct str http_cookie(struct str header, const char *name);

/* True when the Origin header ${origin} is a page of ${host} ("name:port"). */
bool http_origin_is(struct str origin, struct str host);

/* True when ${s} may be used as a request id in answers and logs: 1 to 64 characters of
 * A-Z a-z 0-9 . _ - */
bool http_request_id_valid(struct str s);

/* True when ${host} looks like a Host header: a name, address or [address], maybe with a
 * port. */
bool http_host_valid(struct str host);

/* The first value of ${name} in a query string, still encoded; p NULL if there is none. */
struct str http_query_value(struct str query, const char *name);

/* "ADDRESS:PORT" or "[ADDRESS]:PORT" cut in two. E_USAGE: not of that form. */
int http_address_split(
    struct str text, struct str *ret_host, unsigned short *ret_port, struct err *err);

/* True when the numeric address ${host} can be reached from this machine alone. */
bool http_address_is_loopback(struct str host);

#endif
