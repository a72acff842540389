/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is at the other end: addresses, the proxies whose word about them is believed, and
 * what such a proxy says. Pure; any thread.
 *
 *     client ──► proxy (named by --trusted-proxy) ──► us
 *                "I forward for 192.0.2.7, who came by https to belay.example"
 *
 * A header of anybody else is not looked at, or anyone could choose an address to be
 * counted and recorded under.
 */
#ifndef HTTP_PEER_H
#define HTTP_PEER_H

#include <sys/socket.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/text.h"

/* IPv6, or IPv4 mapped into it (::ffff:192.0.2.7). */
struct http_peer {
    uint8_t bytes[16];
};

#define HTTP_PEER_TEXT_MAX 46

/* From text: "192.0.2.7", "192.0.2.7:80", "2001:db8::1", "[2001:db8::1]",
 * "[2001:db8::1]:80". False: none of these. */
bool http_peer_parse(struct str text, struct http_peer *ret);

/* From a socket's address; all zero where it is of another kind. */
struct http_peer http_peer_of(const struct sockaddr *address);

/* As text, IPv4 in its usual form. */
void http_peer_text(const struct http_peer *peer, char out[HTTP_PEER_TEXT_MAX]);

/* True for this machine itself. */
bool http_peer_is_loopback(const struct http_peer *peer);

/* What is counted together: an IPv4 address; of IPv6 the 64 bits that one customer has.
 * The rest is zero. */
struct http_peer http_peer_household(const struct http_peer *peer);

/* ---- proxies ---- */

enum http_proxy_header {
    HTTP_X_FORWARDED, /* X-Forwarded-For, -Proto and -Host */
    HTTP_FORWARDED,   /* Forwarded (RFC 7239) */
};

struct http_proxies {
    struct {
        struct http_peer address;
        unsigned bits; /* of it that count */
    } networks[LIMIT_PROXIES];
    size_t count;
};

/* From "ADDRESS[/BITS],..."; NULL: none. E_USAGE with a sentence; ${ret} is set on success
 * alone. */
int http_proxies_parse(const char *text, struct http_proxies *ret, struct err *err);

bool http_proxies_know(
    const struct http_proxies *proxies, const struct http_peer *peer);

/* What proxies said of a request. */
struct http_told {
    struct http_peer client; /* the nearest to the client that we know to be one */
    struct str scheme;       /* "http" or "https"; p NULL: not told */
    struct str host;         /* a valid Host; p NULL: not told */
};

/* The three X-Forwarded headers (p NULL: not sent) of a request from ${from}, one of
 * ${proxies}. The last of each is the word of the nearest proxy. */
struct http_told http_told_apart(const struct http_proxies *proxies,
    const struct http_peer *from, struct str clients, struct str scheme,
    struct str host);

/* The same by the header Forwarded. */
struct http_told http_told_forwarded(const struct http_proxies *proxies,
    const struct http_peer *from, struct str forwarded);

#endif
