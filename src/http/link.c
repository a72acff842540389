/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is at the other end of a connection, how many of one address there may be, and how
 * long each may still take. MHD closes one on which nothing moves; the sweep of door.c
 * closes one on which too little does, so that a client that sends a byte a minute
 * cannot hold its place for ever.
 */
#include "base/time.h"

#include "http/http_internal.h"

bool http_link_admit(void *cls, struct http_link *link)
{
    struct http_server *server = cls;
    unsigned *others = NULL;

    link->counter = http_rates_of_peer(&server->rates, &link->peer);
    link->proxy = http_proxies_know(&server->proxies, &link->peer);
    link->spared = !server->limit_loopback && http_peer_is_loopback(&link->peer);
    others = &server->rates.connections[link->counter];
    if (server->address_connections != 0 && !link->spared && !link->proxy &&
        *others >= server->address_connections)
        return false;
    (*others)++;
    return true;
}

void http_link_gone(void *cls, struct http_link *link)
{
    struct http_server *server = cls;

    server->rates.connections[link->counter]--;
}

void http_link_allow(struct http_link *link, utc_ms since, size_t bytes)
{
    long long seconds = LIMIT_CONNECTION_SECONDS + LIMIT_REQUEST_SECONDS +
                        (long long)(bytes / LIMIT_REQUEST_RATE);

    if (link)
        atomic_store_explicit(
            &link->deadline, since + seconds * 1000, memory_order_relaxed);
}
