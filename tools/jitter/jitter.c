/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A library to be loaded before a program (LD_PRELOAD) that makes races visible: around
 * calls by which threads and processes meet it sleeps at random, mostly not at all, often a
 * little, rarely long. What is in order on a quiet machine comes in any order then that the
 * program allows. Not a part of Belay and not installed; docs/TESTING.md says how to use it.
 *
 *   BELAY_JITTER        seed; unset: nothing is done at all
 *   BELAY_JITTER_MOST   longest usual sleep in milliseconds (40)
 *   BELAY_JITTER_OFTEN  of a thousand calls so many are followed or preceded by a sleep (60)
 *
 * One sleep of fifty is ten times as long as others may be. The sequence is one of each
 * thread and follows from the seed and the number of the thread, so that a run with the same
 * seed is alike, though never the same: the machine has a say too.
 *
 * Sleeping is by clock_nanosleep alone, which the sandbox of the server allows.
 */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

#define USUAL_MOST_MS 40
#define USUAL_OFTEN 60
#define LONG_ONE_OF 50
#define LONG_TIMES 10

static struct {
    uint64_t seed;
    uint64_t most_us;
    uint64_t often;
    atomic_uint threads;
    atomic_bool on; /* only set when all else is */
} jitter;

static _Thread_local uint64_t state; /* of this thread's sequence; 0: not begun */
static _Thread_local bool inside;    /* no call of ours leads to another */

static uint64_t number(const char *name, uint64_t usual)
{
    const char *text = getenv(name); /* NOLINT(concurrency-mt-unsafe): before threads */

    return text && *text ? strtoull(text, NULL, 10) : usual;
}

__attribute__((constructor)) static void begin(void)
{
    if (number("BELAY_JITTER", 0) == 0)
        return;
    jitter.seed = number("BELAY_JITTER", 0);
    jitter.most_us = 1000 * number("BELAY_JITTER_MOST", USUAL_MOST_MS);
    jitter.often = number("BELAY_JITTER_OFTEN", USUAL_OFTEN);
    atomic_store(&jitter.on, true);
}

/* splitmix64 */
static uint64_t draw(void)
{
    uint64_t x = state += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

/* Perhaps sleep, ${rarer} times less often than usual; errno stays. */
static void perhaps(unsigned rarer)
{
    struct timespec t = {0};
    uint64_t us = 0;
    int before = errno;

    if (!atomic_load_explicit(&jitter.on, memory_order_relaxed) || inside ||
        jitter.most_us == 0)
        return;
    inside = true;
    if (state == 0)
        state = jitter.seed * 1000003 + 1 +
                atomic_fetch_add(&jitter.threads, 1) * 0x632be59bd9b4e019u;
    if (draw() % (1000 * (uint64_t)rarer) < jitter.often) {
        us = draw() % jitter.most_us;
        if (draw() % LONG_ONE_OF == 0)
            us *= LONG_TIMES;
        t.tv_sec = (time_t)(us / 1000000);
        t.tv_nsec = (long)(us % 1000000) * 1000;
        clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL);
    }
    inside = false;
    errno = before;
}

/* The function of this name behind ours. Of some there are two versions, and the older of a
 * condition's does not know the newer one's. */
static void *search_behind(_Atomic(void *) *found, const char *name)
{
    void *at = atomic_load_explicit(found, memory_order_acquire);

    if (at)
        return at;
    at = dlvsym(RTLD_NEXT, name, "GLIBC_2.3.2");
    if (!at)
        at = dlsym(RTLD_NEXT, name);
    atomic_store_explicit(found, at, memory_order_release);
    return at;
}

/* ISO C knows no conversion of an object's address to a function's: through memory it is one
 * all the same, as dlsym(3) has it. */
#define BEHIND(name)                                                                   \
    static _Atomic(void *) found;                                                      \
    __typeof__(&name) behind = NULL;                                                   \
    *(void **)(void *)&behind = search_behind(&found, #name)

/* One that waits before and after the function behind it. */
#define BOTH(type, name, parameters, arguments)                                        \
    EXPORT type name parameters                                                        \
    {                                                                                  \
        type r;                                                                        \
        BEHIND(name);                                                                  \
                                                                                       \
        perhaps(1);                                                                    \
        r = behind arguments;                                                          \
        perhaps(1);                                                                    \
        return r;                                                                      \
    }

/* ---- sockets ---- */

BOTH(ssize_t, send, (int fd, const void *p, size_t n, int flags), (fd, p, n, flags))
BOTH(ssize_t, recv, (int fd, void *p, size_t n, int flags), (fd, p, n, flags))
BOTH(ssize_t, sendmsg, (int fd, const struct msghdr *m, int flags), (fd, m, flags))
BOTH(ssize_t, writev, (int fd, const struct iovec *v, int n), (fd, v, n))
BOTH(int, accept4, (int fd, __SOCKADDR_ARG a, socklen_t *restrict n, int flags),
    (fd, a, n, flags))
BOTH(int, shutdown, (int fd, int how), (fd, how))
BOTH(int, epoll_wait, (int fd, struct epoll_event *e, int n, int ms), (fd, e, n, ms))
BOTH(int, eventfd_write, (int fd, eventfd_t n), (fd, n))

/* ---- files ---- */

BOTH(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n))
BOTH(ssize_t, pwrite64, (int fd, const void *p, size_t n, off64_t o), (fd, p, n, o))
BOTH(ssize_t, pread64, (int fd, void *p, size_t n, off64_t o), (fd, p, n, o))
BOTH(int, fsync, (int fd), (fd))
BOTH(int, fdatasync, (int fd), (fd))
BOTH(int, close, (int fd), (fd))
BOTH(int, unlink, (const char *path), (path))
BOTH(int, rename, (const char *from, const char *to), (from, to))

/* ---- threads ---- */

BOTH(int, pthread_cond_signal, (pthread_cond_t * c), (c))
BOTH(int, pthread_cond_broadcast, (pthread_cond_t * c), (c))
BOTH(int, pthread_cond_wait, (pthread_cond_t * c, pthread_mutex_t *m), (c, m))
BOTH(int, pthread_cond_timedwait,
    (pthread_cond_t * c, pthread_mutex_t *m, const struct timespec *t), (c, m, t))

/* Locks are taken so often that the others would be lost among them. */
EXPORT int pthread_mutex_unlock(pthread_mutex_t *m)
{
    int r = 0;
    BEHIND(pthread_mutex_unlock);

    r = behind(m);
    perhaps(50);
    return r;
}

struct start {
    void *(*run)(void *);
    void *arg;
};

static void *started(void *arg)
{
    struct start s = *(struct start *)arg;

    free(arg);
    perhaps(1);
    return s.run(s.arg);
}

EXPORT int pthread_create(pthread_t *restrict thread,
    const pthread_attr_t *restrict attr, void *(*run)(void *), void *restrict arg)
{
    struct start *s = malloc(sizeof(*s));
    int r = EAGAIN;
    BEHIND(pthread_create);

    if (!s)
        return r;
    *s = (struct start){run, arg};
    r = behind(thread, attr, started, s);
    if (r != 0)
        free(s);
    else
        perhaps(1);
    return r;
}
