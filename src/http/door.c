/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where connections come in. One thread accepts, and hands each connection to the worker
 * that has the fewest; a worker is a libmicrohttpd of its own with one epoll thread.
 *
 *     listening socket ──► belay-door ──► worker 0, 12 links
 *                          room? let in?  worker 1, 11 links  ◄── the next one
 *                          a link for it
 *
 * libmicrohttpd's own pool lets every worker wait at the listening socket, and who wakes
 * first takes all that has come: of connections that come together, as from a proxy or a
 * page, one processor then served nearly all while the other slept. SO_REUSEPORT was
 * weighed and left: it deals by a hash, which is even for thousands and not for thirty,
 * and who waits behind a busy worker waits although another is idle.
 *
 * With one thread that accepts, the limits are exact by themselves: nobody else lets
 * anybody in, and who leaves only makes room.
 */
#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/time.h"

#include "http/http_internal.h"

#define FAILED_MS 100 /* no file or memory for a connection: try again so soon */

enum arrival { ARRIVAL_SERVED, ARRIVAL_NONE, ARRIVAL_FAILED };

static void door_ring(struct http_door *door)
{
    (void)eventfd_write(door->bell, 1);
}

/* ---- links ---- */

/* Lock held. Who left makes room, and perhaps somebody waits for it. */
static void link_close(struct http_door *door, struct http_link *link)
{
    link->open = false;
    door->open--;
    door->workers[link->worker].links--;
    if (door->gone)
        door->gone(door->cls, link);
    if (door->waiting) {
        door->waiting = false;
        door_ring(door);
    }
}

/* Lock held. The worker with the fewest links; among equals, each in turn. */
static unsigned fewest(struct http_door *door)
{
    unsigned best = door->turn;

    for (unsigned i = 1; i < door->count; i++) {
        unsigned other = (door->turn + i) % door->count;

        if (door->workers[other].links < door->workers[best].links)
            best = other;
    }
    door->turn = (best + 1) % door->count;
    return best;
}

/*
 * The link of a socket that has come, counted at its worker; NULL: it is not let in. A
 * link that is still open belonged to a connection that libmicrohttpd ended before it
 * began, for want of memory, of which it tells nobody.
 */
static struct http_link *link_open(
    struct http_door *door, int socket, const struct sockaddr *address)
{
    struct http_link *link = NULL;
    bool let_in = false;

    if ((size_t)socket >= door->size)
        return NULL;
    link = &door->links[socket];
    pthread_mutex_lock(&door->lock);
    while (door->known <= (size_t)socket)
        door->links[door->known++].open = false;
    if (link->open)
        link_close(door, link);
    link->socket = socket;
    link->peer = http_peer_of(address);
    link->counter = 0;
    link->proxy = false;
    link->spared = false;
    let_in = !door->admit || door->admit(door->cls, link);
    if (let_in) {
        http_link_allow(link, time_now(), 0);
        link->worker = fewest(door);
        link->open = true;
        door->open++;
        door->workers[link->worker].links++;
    }
    pthread_mutex_unlock(&door->lock);
    return let_in ? link : NULL;
}

void http_door_notify(void *cls, struct MHD_Connection *connection, void **context,
    enum MHD_ConnectionNotificationCode code)
{
    struct http_door *door = cls;
    struct http_link *link = *context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

        *context = info ? &door->links[info->connect_fd] : NULL;
    } else if (link) {
        pthread_mutex_lock(&door->lock);
        link_close(door, link); /* before libmicrohttpd closes the socket */
        pthread_mutex_unlock(&door->lock);
        *context = NULL;
    }
}

void http_door_sweep(struct http_door *door, utc_ms now)
{
    pthread_mutex_lock(&door->lock);
    for (size_t i = 0; i < door->known; i++) {
        struct http_link *link = &door->links[i];
        long long deadline;

        if (!link->open)
            continue;
        deadline = atomic_load_explicit(&link->deadline, memory_order_relaxed);
        if (deadline != 0 && now > deadline) {
            shutdown(link->socket, SHUT_RDWR); /* its worker notices and closes it */
            atomic_store_explicit(&link->deadline, 0, memory_order_relaxed);
        }
    }
    pthread_mutex_unlock(&door->lock);
}

/* ---- the thread that accepts ---- */

/* Is there room for one more? If not, whoever leaves rings. */
static bool door_has_room(struct http_door *door)
{
    bool room;

    pthread_mutex_lock(&door->lock);
    room = door->open < door->most;
    door->waiting = !room;
    pthread_mutex_unlock(&door->lock);
    return room;
}

static enum arrival door_accept(struct http_door *door)
{
    struct sockaddr_storage from = {0};
    socklen_t size = sizeof(from);
    struct sockaddr *address = (struct sockaddr *)(void *)&from;
    int socket = accept4(door->listener, address, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    struct http_link *link = NULL;

    if (socket < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
        return ARRIVAL_NONE; /* or who came has left already */
    if (socket < 0)
        return ARRIVAL_FAILED;
    link = link_open(door, socket, address);
    if (!link) {
        close(socket);
    } else if (MHD_add_connection(door->workers[link->worker].daemon, socket, address,
                   size) == MHD_NO) { /* which has closed the socket */
        pthread_mutex_lock(&door->lock);
        link_close(door, link);
        pthread_mutex_unlock(&door->lock);
        return ARRIVAL_FAILED;
    }
    return ARRIVAL_SERVED;
}

static void *door_keep(void *arg)
{
    struct http_door *door = arg;
    enum arrival last = ARRIVAL_NONE;

    while (!atomic_load(&door->shutting)) {
        bool failed = last == ARRIVAL_FAILED;
        bool room = !failed && door_has_room(door);
        struct pollfd wait[] = {{.fd = door->bell, .events = POLLIN},
            {.fd = door->listener, .events = POLLIN}};
        eventfd_t rung;

        if (poll(wait, room ? 2 : 1, failed ? FAILED_MS : -1) > 0 &&
            (wait[0].revents & POLLIN))
            (void)eventfd_read(door->bell, &rung);
        do
            last = door_has_room(door) ? door_accept(door) : ARRIVAL_NONE;
        while (last == ARRIVAL_SERVED && !atomic_load(&door->shutting));
        if (last == ARRIVAL_FAILED && !failed)
            log_line(LOG_WARN, "http no file or memory for another connection");
    }
    return NULL;
}

/* ---- opening and closing ---- */

static int door_start(
    struct http_door *door, const struct http_door_options *options, struct err *err)
{
    unsigned count = options->threads ? options->threads : thread_cpus();
    int r;

    door->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (door->bell < 0)
        return err_sys(err, errno, NULL, "Cannot make the door's bell");
    door->size = options->most + LIMIT_FILES_BESIDE;
    door->links = base_malloc(door->size * sizeof(*door->links));
    door->workers = base_malloc(count * sizeof(*door->workers));
    if (!door->links || !door->workers)
        return err_nomem(err);
    for (; door->count < count; door->count++) {
        struct http_worker *worker = &door->workers[door->count];

        *worker = (struct http_worker){.daemon = options->worker(options->cls, door)};
        if (!worker->daemon)
            return err_set(err, E_IO, NULL, "The HTTP threads could not be started.");
    }
    r = thread_start(&door->thread, "belay-door", door_keep, door, err);
    door->keeping = r == 0;
    return r;
}

int http_door_open(
    const struct http_door_options *options, struct http_door **ret, struct err *err)
{
    struct http_door *door = base_malloc(sizeof(*door));
    int r;

    if (!door) {
        close(options->listener);
        return err_nomem(err);
    }
    *door = (struct http_door){.listener = options->listener,
        .bell = -1,
        .most = options->most,
        .admit = options->admit,
        .gone = options->gone,
        .cls = options->cls};
    pthread_mutex_init(&door->lock, NULL);
    r = door_start(door, options, err);
    if (r == 0)
        *ret = door;
    else
        http_door_free(door);
    return r;
}

void http_door_shut(struct http_door *door)
{
    if (door->keeping) {
        atomic_store(&door->shutting, true);
        door_ring(door);
        pthread_join(door->thread, NULL);
        door->keeping = false;
    }
    if (door->listener >= 0)
        close(door->listener);
    door->listener = -1;
}

void http_door_free(struct http_door *door)
{
    if (!door)
        return;
    http_door_shut(door);
    for (unsigned i = 0; i < door->count; i++)
        MHD_stop_daemon(door->workers[i].daemon);
    if (door->bell >= 0)
        close(door->bell);
    pthread_mutex_destroy(&door->lock);
    base_free(door->links);
    base_free(door->workers);
    base_free(door);
}
