/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Open connections and how long each may still take. MHD closes one on which nothing
 * moves; this closes one on which too little does, so that a client that sends a byte a
 * minute cannot hold its place for ever.
 */
#include <sys/socket.h>

#include "base/time.h"

#include "http/http_internal.h"

void http_links_init(struct http_links *links)
{
    pthread_mutex_init(&links->lock, NULL);
    links->first = NULL;
}

void http_links_done(struct http_links *links)
{
    pthread_mutex_destroy(&links->lock);
}

static void link_add(struct http_links *links, struct http_link *link)
{
    pthread_mutex_lock(&links->lock);
    link->next = links->first;
    if (links->first)
        links->first->previous = link;
    links->first = link;
    pthread_mutex_unlock(&links->lock);
}

static void link_remove(struct http_links *links, struct http_link *link)
{
    pthread_mutex_lock(&links->lock);
    if (link->previous)
        link->previous->next = link->next;
    else
        links->first = link->next;
    if (link->next)
        link->next->previous = link->previous;
    pthread_mutex_unlock(&links->lock);
}

static bool is_spared(const struct http_server *server, const struct http_peer *peer)
{
    return !server->limit_loopback && http_peer_is_loopback(peer);
}

enum MHD_Result http_links_accept(
    void *cls, const struct sockaddr *address, socklen_t size)
{
    struct http_server *server = cls;
    struct http_peer peer = http_peer_of(address);
    unsigned counter = http_rates_of_peer(&server->rates, &peer);

    (void)size;
    if (server->address_connections == 0 || is_spared(server, &peer) ||
        http_proxies_know(&server->proxies, &peer))
        return MHD_YES;
    /* The cheap refusal, before anything is made for the connection. Two threads may
     * accept at once and both see room for one: link_new() counts and has the last word. */
    return atomic_load(&server->rates.connections[counter]) <
                   server->address_connections
               ? MHD_YES
               : MHD_NO;
}

/* Count ${link} among those of its address; whether there is room for it. */
static bool link_count(struct http_server *server, const struct http_link *link)
{
    unsigned others = atomic_fetch_add(&server->rates.connections[link->counter], 1);

    return server->address_connections == 0 || link->spared || link->proxy ||
           others < server->address_connections;
}

/* The link of a connection that has come; NULL when memory is out: it works without, but
 * its slowness goes unseen. */
static struct http_link *link_new(
    struct http_server *server, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *other =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct http_link *link = base_malloc(sizeof(*link));

    if (!link || !info) {
        base_free(link);
        return NULL;
    }
    *link = (struct http_link){.socket = info->connect_fd};
    link->peer = http_peer_of(other ? other->client_addr : NULL);
    link->counter = http_rates_of_peer(&server->rates, &link->peer);
    link->proxy = http_proxies_know(&server->proxies, &link->peer);
    link->spared = is_spared(server, &link->peer);
    if (!link_count(server, link))
        shutdown(link->socket, SHUT_RDWR); /* MHD notices and closes it */
    http_link_allow(link, time_now(), 0);
    link_add(&server->links, link);
    return link;
}

void http_links_notify(void *cls, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code)
{
    struct http_server *server = cls;
    struct http_link *link = *context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = link_new(server, connection);
    } else if (link) {
        link_remove(&server->links, link); /* before MHD closes the socket */
        atomic_fetch_sub(&server->rates.connections[link->counter], 1);
        base_free(link);
        *context = NULL;
    }
}

void http_links_sweep(struct http_links *links, utc_ms now)
{
    pthread_mutex_lock(&links->lock);
    for (struct http_link *link = links->first; link; link = link->next) {
        long long deadline =
            atomic_load_explicit(&link->deadline, memory_order_relaxed);

        if (deadline != 0 && now > deadline) {
            shutdown(link->socket, SHUT_RDWR); /* MHD notices and closes it */
            atomic_store_explicit(&link->deadline, 0, memory_order_relaxed);
        }
    }
    pthread_mutex_unlock(&links->lock);
}

void http_link_allow(struct http_link *link, utc_ms since, size_t bytes)
{
    long long seconds = LIMIT_CONNECTION_SECONDS + LIMIT_REQUEST_SECONDS +
                        (long long)(bytes / LIMIT_REQUEST_RATE);

    if (link)
        atomic_store_explicit(
            &link->deadline, since + seconds * 1000, memory_order_relaxed);
}
