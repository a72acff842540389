/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections are shared out evenly, never one too many, and end when they are too slow.
 * Real sockets of this machine and real workers; nothing is asked of them.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"

#include "http/http_internal.h"
#include "unit.h"

#define WORKERS 4
#define CLIENTS 40
#define MOST 10
#define PATIENCE_MS 60000

struct house {
    struct http_door *door;
    unsigned short port;
    atomic_uint admitted;
    atomic_uint gone;
    unsigned room; /* how many it lets in at the same time */
};

/* Nobody asks, so nobody is answered. */
static struct MHD_Daemon *worker(void *cls, struct http_door *door)
{
    (void)cls;
    return MHD_start_daemon(HTTP_WORKER_FLAGS, 0, NULL, NULL, http_request_handle, NULL,
        MHD_OPTION_CONNECTION_LIMIT, 2u * LIMIT_CONNECTIONS,
        MHD_OPTION_NOTIFY_CONNECTION, http_door_notify, door, MHD_OPTION_END);
}

static bool admit(void *cls, struct http_link *link)
{
    struct house *house = cls;

    if (!http_peer_is_loopback(&link->peer))
        return false; /* and the test waits in vain */
    if (atomic_load(&house->admitted) - atomic_load(&house->gone) >= house->room)
        return false;
    atomic_fetch_add(&house->admitted, 1);
    return true;
}

static void gone(void *cls, struct http_link *link)
{
    struct house *house = cls;

    (void)link;
    atomic_fetch_add(&house->gone, 1);
}

static void house_open(struct house *house, unsigned threads, unsigned most)
{
    struct http_door_options options = {.threads = threads,
        .most = most,
        .worker = worker,
        .admit = admit,
        .gone = gone,
        .cls = house};

    *house = (struct house){.room = UINT_MAX};
    assert_int_equal(http_listen(STR("127.0.0.1"), 0, &options.listener, NULL), 0);
    house->port = http_bound_port(options.listener);
    assert_int_equal(http_door_open(&options, &house->door, NULL), 0);
}

static int join(int fd, const struct house *house)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(house->port)};

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(fd, (struct sockaddr *)(void *)&to, sizeof(to));
}

static int arrive(const struct house *house)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    assert_int_equal(join(fd, house), 0);
    return fd;
}

static unsigned open_links(struct http_door *door, unsigned of_worker[WORKERS])
{
    unsigned open;

    pthread_mutex_lock(&door->lock);
    open = door->open;
    for (unsigned i = 0; of_worker && i < door->count; i++)
        of_worker[i] = door->workers[i].links;
    pthread_mutex_unlock(&door->lock);
    return open;
}

static void wait_for(struct http_door *door, unsigned expected)
{
    uint64_t end = time_monotonic_ns() + PATIENCE_MS * 1000000ull;

    while (open_links(door, NULL) != expected && time_monotonic_ns() < end)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    assert_int_equal(open_links(door, NULL), expected);
}

/* How many have come in since the beginning. */
static void wait_admitted(struct house *house, unsigned expected)
{
    uint64_t end = time_monotonic_ns() + PATIENCE_MS * 1000000ull;

    while (atomic_load(&house->admitted) != expected && time_monotonic_ns() < end)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    assert_int_equal(atomic_load(&house->admitted), expected);
}

static void assert_even(struct http_door *door)
{
    unsigned links[WORKERS] = {0};
    unsigned open = open_links(door, links);

    for (unsigned i = 0; i < WORKERS; i++)
        assert_int_equal(links[i], open / WORKERS);
}

static void shared_evenly(void **state)
{
    struct house house;
    int fds[CLIENTS];

    (void)state;
    house_open(&house, WORKERS, LIMIT_CONNECTIONS);
    for (unsigned i = 0; i < CLIENTS; i++)
        fds[i] = arrive(&house);
    wait_for(house.door, CLIENTS);
    assert_even(house.door);
    /* whoever leaves, who comes fills the gaps */
    for (unsigned i = 0; i < CLIENTS; i += i < CLIENTS / 2 ? 1 : 2)
        close(fds[i]);
    wait_for(house.door, CLIENTS / 4);
    for (unsigned i = 0; i < CLIENTS; i += i < CLIENTS / 2 ? 1 : 2)
        fds[i] = arrive(&house);
    wait_for(house.door, CLIENTS);
    assert_even(house.door);
    for (unsigned i = 0; i < CLIENTS; i++)
        close(fds[i]);
    wait_for(house.door, 0);
    assert_int_equal(atomic_load(&house.gone), atomic_load(&house.admitted));
    http_door_free(house.door);
}

/* Waits for the other end; whether it has hung up. */
static bool is_closed(int fd, int wait_ms)
{
    struct timeval wait = {wait_ms / 1000, wait_ms % 1000 * 1000};
    char byte;

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    return recv(fd, &byte, 1, MSG_PEEK) == 0;
}

static void never_one_too_many(void **state)
{
    struct house house;
    int fds[MOST + 5];

    (void)state;
    house_open(&house, 2, MOST);
    for (unsigned i = 0; i < MOST + 5; i++)
        fds[i] = arrive(&house);
    wait_for(house.door, MOST);
    assert_false(is_closed(fds[MOST], 50)); /* it waits */
    assert_int_equal(open_links(house.door, NULL), MOST);
    assert_int_equal(atomic_load(&house.admitted), MOST);
    for (unsigned i = 0; i < 3; i++)
        close(fds[i]);
    wait_admitted(&house, MOST + 3);
    wait_for(house.door, MOST);
    for (unsigned i = 3; i < MOST + 5; i++)
        close(fds[i]);
    wait_admitted(&house, MOST + 5); /* the two that waited, who have left too */
    wait_for(house.door, 0);
    http_door_free(house.door);
}

static void who_is_not_let_in(void **state)
{
    struct house house;
    int fds[CLIENTS];
    unsigned closed = 0;

    (void)state;
    house_open(&house, 2, LIMIT_CONNECTIONS);
    house.room = 7;
    for (unsigned i = 0; i < CLIENTS; i++)
        fds[i] = arrive(&house);
    for (unsigned i = 7; i < CLIENTS; i++)
        closed += is_closed(fds[i], PATIENCE_MS);
    assert_int_equal(closed, CLIENTS - 7);
    for (unsigned i = 0; i < 7; i++)
        assert_false(is_closed(fds[i], 1));
    assert_int_equal(open_links(house.door, NULL), 7);
    for (unsigned i = 0; i < CLIENTS; i++)
        close(fds[i]);
    wait_for(house.door, 0);
    http_door_free(house.door);
}

/* Without a free file number who comes waits until there is one. */
static void waits_for_files(void **state)
{
    struct rlimit before;
    struct rlimit none;
    struct house house;
    int fd;

    (void)state;
    house_open(&house, 2, LIMIT_CONNECTIONS);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    none = before;
    none.rlim_cur = 0;
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_int_equal(join(fd, &house), 0);
    assert_false(is_closed(fd, 250));
    assert_int_equal(open_links(house.door, NULL), 0);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    wait_for(house.door, 1);
    close(fd);
    wait_for(house.door, 0);
    http_door_free(house.door);
}

/* The only open link. */
static struct http_link *only_link(struct http_door *door)
{
    for (size_t i = 0; i < door->known; i++)
        if (door->links[i].open)
            return &door->links[i];
    return NULL;
}

static void slow_links_end(void **state)
{
    utc_ms begun = 1700000000000;
    utc_ms fixed = (LIMIT_CONNECTION_SECONDS + LIMIT_REQUEST_SECONDS) * 1000;
    struct house house;
    int fd;

    (void)state;
    house_open(&house, 1, LIMIT_CONNECTIONS);
    fd = arrive(&house);
    wait_for(house.door, 1);
    /* a stream has no deadline */
    atomic_store(&only_link(house.door)->deadline, 0);
    http_door_sweep(house.door, INT64_MAX);
    assert_false(is_closed(fd, 50));
    /* a body of ten seconds' worth has ten seconds more, one that came whole or not */
    http_link_allow(only_link(house.door), begun, 10 * LIMIT_REQUEST_RATE);
    http_door_sweep(house.door, begun + fixed + 10000);
    assert_false(is_closed(fd, 50));
    http_door_sweep(house.door, begun + fixed + 10001);
    assert_true(is_closed(fd, PATIENCE_MS));
    wait_for(house.door, 0);
    close(fd);
    http_door_free(house.door);
}

static unsigned threads_now(void)
{
    DIR *dir = opendir("/proc/self/task");
    unsigned count = 0;

    assert_non_null(dir);
    while (readdir(dir)) /* NOLINT(concurrency-mt-unsafe): its own stream */
        count++;
    closedir(dir);
    return count;
}

static void ends_cleanly(void **state)
{
    unsigned before = threads_now();
    struct house house;
    int fds[3];
    int late;

    (void)state;
    house_open(&house, 2, LIMIT_CONNECTIONS);
    for (unsigned i = 0; i < 3; i++)
        fds[i] = arrive(&house);
    wait_for(house.door, 3);
    http_door_shut(house.door);
    late = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(join(late, &house) < 0);
    assert_false(is_closed(fds[0], 50)); /* who is inside stays */
    http_door_free(house.door);
    for (unsigned i = 0; i < 3; i++) {
        assert_true(is_closed(fds[i], PATIENCE_MS));
        close(fds[i]);
    }
    close(late);
    assert_int_equal(atomic_load(&house.gone), 3);
    /* one that was waited for may be on the list of threads for a moment more */
    for (int i = 0; i < PATIENCE_MS && threads_now() != before; i++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    assert_int_equal(threads_now(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_evenly),
        cmocka_unit_test(never_one_too_many),
        cmocka_unit_test(who_is_not_let_in),
        cmocka_unit_test(waits_for_files),
        cmocka_unit_test(slow_links_end),
        cmocka_unit_test(ends_cleanly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
