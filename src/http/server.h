/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program as an HTTP server: FHIR under /fhir and our own types under /programme
 * (both by app), who am I under /session, changes as they happen under /events, a sign of
 * life under /health, and the embedded pages everywhere else.
 *
 *     door ─► one thread a core (epoll) ─► app_start ─ answered ──► reply
 *                     ▲                        │ waits for the writer
 *                     └── connection resumed ◄─┘ connection suspended, no thread held
 *
 * Nothing but the pages and /health is answered without a bearer token. No clinical
 * content goes into the log: a failure is one line with the request's id.
 */
#ifndef HTTP_SERVER_H
#define HTTP_SERVER_H

#include "app/app.h"
#include "http/peer.h"

struct http_server;

struct http_server_options {
    struct app *app;        /* outlives the server */
    const char *listen;     /* "127.0.0.1:8080", "[::1]:0"; port 0: any that is free */
    const char *public_url; /* how clients reach us ("https://belay.example"); NULL: by
                               each request's Host header */
    unsigned threads;       /* 0: one a processor */
    const char *tls_certificate; /* PEM file, its chain behind it; NULL: plain HTTP */
    const char *tls_key;         /* PEM file that others cannot read */
    struct http_proxies proxies; /* whose word about a client is believed */
    enum http_proxy_header proxy_header;
    unsigned address_connections; /* open ones of one address; 0: any number */
    unsigned address_rate;        /* requests a second of one address; 0: any number */
    unsigned person_rate;         /* requests a second of one person; 0: any number */
    bool limit_loopback;          /* the three hold for programs on this machine too */
    bool allow_plain_http; /* listen beyond loopback although nothing is encrypted */
};

/*
 * Listen and serve until http_server_stop(). E_USAGE: ${options->listen} is not an
 * address; E_FORBIDDEN: it is not loopback and allow_plain_http is not set, or ${app} was
 * opened with may_open; E_IO: the
 * port cannot be had; and what
 * http_tls_use() says of the certificate. Raises the limit of open files as far as it may.
 */
int http_server_start(const struct http_server_options *options,
    struct http_server **ret, struct err *err);

/*
 * Read the certificate and its key again: who connects from now on gets them, open
 * connections go on. On failure the old ones stay in use. E_UNSUPPORTED: this server
 * does not encrypt. One thread at a time.
 */
int http_server_reload(struct http_server *server, struct err *err);

/* The port listened on. */
unsigned short http_server_port(const struct http_server *server);

/* Accept nothing new, finish what is running, end event streams, free. NULL is fine. */
void http_server_stop(struct http_server *server);

/*
 * Serve ${size} constant bytes to every request, with nothing else on the way: the most
 * that this machine and libmicrohttpd can do, for `belay bench` to compare with. The
 * daemon is stopped by http_limit_stop().
 */
struct http_limit;
int http_limit_start(unsigned threads, size_t size, struct http_limit **ret,
    unsigned short *ret_port, struct err *err);
void http_limit_stop(struct http_limit *limit);

#endif
