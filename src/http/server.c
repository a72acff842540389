/* SPDX-License-Identifier: Apache-2.0 */
/* Starting and stopping: the listening socket, the door, the keeper thread. */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/id.h"
#include "base/log.h"
#include "base/time.h"

#include "http/http_internal.h"
#include "http/tls.h"

#define BACKLOG 1024

/* As many open files as the connections need, as far as the machine allows. */
static void raise_file_limit(void)
{
    struct rlimit files;
    rlim_t wanted = LIMIT_CONNECTIONS + LIMIT_FILES_BESIDE;

    if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur >= wanted)
        return;
    files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &files) < 0)
        log_line(LOG_WARN, "http open files cannot be raised to %u", (unsigned)wanted);
}

unsigned short http_bound_port(int socket)
{
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    } bound = {0};
    socklen_t len = sizeof(bound);

    if (getsockname(socket, &bound.any, &len) < 0)
        return 0;
    return ntohs(
        bound.any.sa_family == AF_INET6 ? bound.six.sin6_port : bound.four.sin_port);
}

int http_listen(struct str host, unsigned short port, int *ret, struct err *err)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char name[64];
    char service[8];
    int fd = -1;
    int r;

    snprintf(name, sizeof(name), "%.*s", (int)host.len, host.p);
    snprintf(service, sizeof(service), "%u", port);
    if (getaddrinfo(strcmp(name, "localhost") == 0 ? "127.0.0.1" : name, service,
            &hints, &found) != 0)
        return err_set(err, E_USAGE, "--listen",
            "'%s' is not a numeric address of this machine.", name);
    fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    r = fd;
    if (fd >= 0) {
        r = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int));
        if (r == 0)
            r = bind(fd, found->ai_addr, found->ai_addrlen);
        if (r == 0)
            r = listen(fd, BACKLOG);
    }
    if (r < 0) {
        r = err_sys(
            err, errno, "--listen", "Cannot listen on %s, port %s", name, service);
        if (fd >= 0)
            close(fd);
    } else {
        *ret = fd;
        r = 0;
    }
    freeaddrinfo(found);
    return r;
}

/* The certificate and its key belong together; without them nothing is encrypted. */
static int server_certificate(struct http_server *server,
    const struct http_server_options *options, struct err *err)
{
    if (!options->tls_certificate && !options->tls_key)
        return 0;
    if (!options->tls_certificate || !options->tls_key)
        return err_set(err, E_USAGE,
            options->tls_key ? "--tls-certificate" : "--tls-key",
            "A certificate and its key go together; this one is missing.");
    if (MHD_is_feature_supported(MHD_FEATURE_TLS) == MHD_NO ||
        MHD_is_feature_supported(MHD_FEATURE_HTTPS_CERT_CALLBACK) == MHD_NO)
        return err_set(err, E_UNSUPPORTED, "--tls-certificate",
            "The libmicrohttpd of this machine was built without TLS.");
    server->tls_certificate = options->tls_certificate;
    server->tls_key = options->tls_key;
    return http_tls_use(server->tls_certificate, server->tls_key, err);
}

int http_server_reload(struct http_server *server, struct err *err)
{
    if (!server->tls_certificate)
        return err_set(err, E_UNSUPPORTED, NULL,
            "There is no certificate to read again: this server does not encrypt.");
    return http_tls_use(server->tls_certificate, server->tls_key, err);
}

/* What leaves the machine without being encrypted needs a word of consent. */
static int server_listen(struct http_server *server,
    const struct http_server_options *options, struct err *err)
{
    struct str host = {0};
    unsigned short port = 0;
    int r = http_address_split(str_of(options->listen), &host, &port, err);

    if (r < 0)
        return r;
    if (app_may_open(options->app) && !http_address_is_loopback(host))
        return err_set(err, E_FORBIDDEN, "--listen",
            "A server that can leave out asking who may read listens on this machine "
            "alone: 127.0.0.1 or [::1], not %.*s.",
            (int)host.len, host.p);
    if (!server->tls_certificate && !http_address_is_loopback(host) &&
        !options->allow_plain_http)
        return err_set(err, E_FORBIDDEN, "--listen",
            "Plain HTTP on %.*s could be read on the way. Give --tls-certificate and "
            "--tls-key, listen on 127.0.0.1 behind a proxy that encrypts, or add "
            "--allow-plain-http.",
            (int)host.len, host.p);
    r = http_listen(host, port, &server->listener, err);
    if (r == 0)
        server->port = http_bound_port(server->listener);
    return r;
}

static struct MHD_Daemon *server_worker(void *cls, struct http_door *door)
{
    struct http_server *server = cls;
    unsigned flags = HTTP_WORKER_FLAGS | MHD_ALLOW_SUSPEND_RESUME;

    if (server->tls_certificate)
        flags |= MHD_USE_TLS; /* else it takes no notice of the two options for it */
    return MHD_start_daemon(flags, 0, NULL, NULL, http_request_handle, server,
        MHD_OPTION_CONNECTION_LIMIT, 2u * LIMIT_CONNECTIONS,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)LIMIT_CONNECTION_SECONDS,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)LIMIT_HEADER_BYTES,
        MHD_OPTION_URI_LOG_CALLBACK, http_request_uri, server,
        MHD_OPTION_NOTIFY_COMPLETED, http_request_completed, server,
        MHD_OPTION_HTTPS_PRIORITIES, HTTP_TLS_PRIORITIES,
        MHD_OPTION_HTTPS_CERT_CALLBACK, http_tls_retrieve, MHD_OPTION_NOTIFY_CONNECTION,
        http_door_notify, door, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

static int server_door(struct http_server *server,
    const struct http_server_options *options, struct err *err)
{
    const struct http_door_options door = {.listener = server->listener,
        .threads = options->threads,
        .most = LIMIT_CONNECTIONS,
        .worker = server_worker,
        .admit = http_link_admit,
        .gone = http_link_gone,
        .cls = server};

    server->listener = -1;
    return http_door_open(&door, &server->door, err);
}

static void *server_keep(void *arg)
{
    struct http_server *server = arg;
    uint64_t swept = 0;

    while (!atomic_load(&server->stopping)) {
        uint64_t now;

        http_events_tend(server->events);
        now = time_monotonic_ns();
        if (now - swept >= 1000000000u) {
            http_door_sweep(server->door, time_now());
            swept = now;
        }
    }
    return NULL;
}

int http_server_start(const struct http_server_options *options,
    struct http_server **ret, struct err *err)
{
    struct http_server *server = base_malloc(sizeof(*server));
    int r;

    if (!server)
        return err_nomem(err);
    *server = (struct http_server){.app = options->app,
        .public_url = options->public_url,
        .listener = -1,
        .proxies = options->proxies,
        .proxy_header = options->proxy_header,
        .address_connections = options->address_connections,
        .address_rate = options->address_rate,
        .person_rate = options->person_rate,
        .limit_loopback = options->limit_loopback};
    id_random(&server->instance, sizeof(server->instance));
    pthread_mutex_init(&server->pool_lock, NULL);
    raise_file_limit();
    r = http_rates_init(&server->rates, err);
    if (r == 0)
        r = server_certificate(server, options, err);
    if (r == 0)
        r = server_listen(server, options, err);
    if (r == 0)
        r = http_events_new(server, &server->events, err);
    if (r == 0)
        r = server_door(server, options, err);
    if (r == 0)
        r = thread_start(&server->keeper, "belay-keeper", server_keep, server, err);
    if (r == 0) {
        server->keeping = true;
        *ret = server;
    } else {
        http_server_stop(server);
    }
    return r;
}

unsigned short http_server_port(const struct http_server *server)
{
    return server->port;
}

/* Wait until no request is under way; their number at the end. */
static unsigned wait_for_requests(struct http_server *server)
{
    uint64_t end = time_monotonic_ns() + LIMIT_STOP_SECONDS * 1000000000ull;
    unsigned active;

    while ((active = atomic_load(&server->active)) > 0 && time_monotonic_ns() < end)
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    return active;
}

void http_server_stop(struct http_server *server)
{
    if (!server)
        return;
    atomic_store(&server->stopping, true);
    if (server->door)
        http_door_shut(server->door);
    if (server->listener >= 0)
        close(server->listener);
    if (server->events)
        http_events_end(server->events);
    if (server->keeping)
        pthread_join(server->keeper, NULL);
    if (server->door) {
        unsigned active = wait_for_requests(server);

        if (active > 0)
            log_line(LOG_WARN, "http stopping with %u requests under way", active);
        http_door_free(server->door);
    }
    if (server->tls_certificate)
        http_tls_forget();
    http_events_free(server->events);
    http_rates_done(&server->rates);
    while (server->pool) {
        struct http_request *rq = server->pool;

        server->pool = rq->next;
        http_request_free(rq);
    }
    pthread_mutex_destroy(&server->pool_lock);
    base_free(server);
}
