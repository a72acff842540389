/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Load from one thread: each connection sends a request, waits for the whole answer, takes
 * the time and sends the next. Times go into a histogram whose cells are within 2 % of
 * each other, so that nothing is allocated while it runs.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"

#include "cli/bench.h"

#define HEAD_MAX 8192
#define REQUEST_MAX ((size_t)4 << 20)
#define EVENTS 64
#define PATIENCE_MS 30000
#define CELL_BITS 6 /* 64 cells for each doubling of time */
#define CELLS (64 << CELL_BITS)

struct bench_connection {
    int socket;
    struct buf request;
    size_t sent;
    uint64_t begun;
    char head[HEAD_MAX]; /* what came before the body */
    size_t head_len;
    bool in_body;
    int status;
    int64_t body_left;
};

struct bench_clients {
    const struct bench_load *load;
    struct bench_connection *all;
    int poll;
    uint64_t end;
    unsigned busy;
    uint32_t cells[CELLS];
    uint64_t most;
    struct bench_result result;
};

/* ---- the histogram ---- */

static size_t cell_of(uint64_t ns)
{
    unsigned top = ns > 1 ? 63u - (unsigned)__builtin_clzll(ns) : 0;
    unsigned shift = top > CELL_BITS ? top - CELL_BITS : 0;

    return ((size_t)shift << CELL_BITS) + (size_t)(ns >> shift);
}

static double cell_ms(size_t cell)
{
    size_t shift = cell >> CELL_BITS;
    uint64_t low = cell;

    if (shift > 0) {
        shift--;
        low = (cell - (shift << CELL_BITS)) << shift;
    }
    return (double)low / 1e6;
}

static double quantile(const struct bench_clients *c, double part)
{
    uint64_t all = 0;
    uint64_t seen = 0;

    for (size_t i = 0; i < CELLS; i++)
        all += c->cells[i];
    for (size_t i = 0; i < CELLS; i++) {
        seen += c->cells[i];
        if (all > 0 && (double)seen >= part * (double)all)
            return cell_ms(i);
    }
    return 0;
}

/* ---- one connection ---- */

static int connection_open(
    struct bench_clients *c, struct bench_connection *k, struct err *err)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(c->load->port)};
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = k};

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    k->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    buf_init(&k->request, REQUEST_MAX);
    if (k->socket < 0 ||
        connect(k->socket, (struct sockaddr *)(void *)&to, sizeof(to)) < 0 ||
        setsockopt(k->socket, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int)) < 0 ||
        epoll_ctl(c->poll, EPOLL_CTL_ADD, k->socket, &event) < 0)
        return err_sys(err, errno, NULL, "Cannot connect to port %u", c->load->port);
    return 0;
}

static int connection_ask(
    struct bench_clients *c, struct bench_connection *k, struct err *err)
{
    buf_clear(&k->request);
    c->load->request(c->load->arg, &k->request);
    k->sent = 0;
    k->head_len = 0;
    k->in_body = false;
    k->begun = time_monotonic_ns();
    while (k->sent < k->request.len) { /* the socket blocks; requests are small */
        ssize_t n = send(k->socket, k->request.data + k->sent, k->request.len - k->sent,
            MSG_NOSIGNAL);

        if (n < 0)
            return err_sys(err, errno, NULL, "Cannot send a request");
        k->sent += (size_t)n;
    }
    return 0;
}

/* Status and length out of the head; false: it is not all here. */
static bool head_read(struct bench_connection *k, size_t *ret_len)
{
    static const char length[] = "\r\nContent-Length: ";
    char *end = NULL;
    const char *found = NULL;

    k->head[k->head_len] = 0;
    end = strstr(k->head, "\r\n\r\n");
    if (!end)
        return false;
    *end = 0;
    found = strcasestr(k->head, length);
    k->status = k->head_len > 12 ? (int)strtol(k->head + 9, NULL, 10) : 0;
    k->body_left = found ? strtoll(found + sizeof(length) - 1, NULL, 10) : 0;
    *ret_len = (size_t)(end - k->head) + 4;
    return true;
}

static int connection_answered(
    struct bench_clients *c, struct bench_connection *k, struct err *err)
{
    uint64_t now = time_monotonic_ns();
    uint64_t took = now - k->begun;

    c->cells[cell_of(took) < CELLS ? cell_of(took) : CELLS - 1]++;
    if (took > c->most)
        c->most = took;
    if (k->status >= 200 && k->status < 300) {
        c->result.requests++;
    } else if (c->result.failures++ == 0) {
        c->result.first_failure = k->status;
    }
    if (now >= c->end) {
        c->busy--;
        return 0;
    }
    return connection_ask(c, k, err);
}

/* Bytes have come. */
static int connection_read(
    struct bench_clients *c, struct bench_connection *k, struct err *err)
{
    static char scratch[1 << 16];
    char *to = k->in_body ? scratch : k->head + k->head_len;
    size_t room = k->in_body ? sizeof(scratch) : HEAD_MAX - 1 - k->head_len;
    ssize_t n = recv(k->socket, to, room, 0);
    size_t head = 0;

    if (n < 0)
        return err_sys(err, errno, NULL, "Cannot read an answer");
    if (n == 0)
        return err_set(err, E_IO, NULL, "The server closed a connection.");
    if (k->in_body) {
        k->body_left -= n;
    } else {
        k->head_len += (size_t)n;
        if (!head_read(k, &head))
            return k->head_len < HEAD_MAX - 1
                       ? 0
                       : err_set(err, E_IO, NULL, "An answer's head has no end.");
        k->in_body = true;
        k->body_left -= (int64_t)(k->head_len - head);
    }
    return k->body_left <= 0 ? connection_answered(c, k, err) : 0;
}

/* ---- all of them ---- */

static int clients_serve(struct bench_clients *c, struct err *err)
{
    struct epoll_event events[EVENTS];
    int r = 0;

    while (r == 0 && c->busy > 0) {
        int count = epoll_wait(c->poll, events, EVENTS, PATIENCE_MS);

        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return err_set(
                err, E_IO, NULL, "No answer in %d seconds.", PATIENCE_MS / 1000);
        for (int i = 0; r == 0 && i < count; i++)
            r = connection_read(c, events[i].data.ptr, err);
    }
    return r;
}

static void clients_free(struct bench_clients *c)
{
    for (unsigned i = 0; c->all && i < c->load->connections; i++) {
        if (c->all[i].socket > 0)
            close(c->all[i].socket);
        buf_done(&c->all[i].request);
    }
    if (c->poll > 0)
        close(c->poll);
    base_free(c->all);
    base_free(c);
}

int bench_run(const struct bench_load *load, struct bench_result *ret, struct err *err)
{
    struct bench_clients *c = base_malloc(sizeof(*c));
    uint64_t begun = time_monotonic_ns();
    int r = 0;

    if (!c)
        return err_nomem(err);
    memset(c, 0, sizeof(*c));
    c->load = load;
    c->all = base_malloc(load->connections * sizeof(*c->all));
    if (!c->all) {
        base_free(c);
        return err_nomem(err);
    }
    memset(c->all, 0, load->connections * sizeof(*c->all));
    c->poll = epoll_create1(EPOLL_CLOEXEC);
    c->end = begun + (uint64_t)(load->seconds * 1e9);
    for (unsigned i = 0; r == 0 && i < load->connections; i++)
        r = connection_open(c, &c->all[i], err);
    for (; r == 0 && c->busy < load->connections; c->busy++)
        r = connection_ask(c, &c->all[c->busy], err);
    if (r == 0)
        r = clients_serve(c, err);
    c->result.seconds = (double)(time_monotonic_ns() - begun) / 1e9;
    c->result.p50_ms = quantile(c, 0.50);
    c->result.p99_ms = quantile(c, 0.99);
    c->result.max_ms = (double)c->most / 1e6;
    if (r == 0)
        *ret = c->result;
    clients_free(c);
    return r;
}
