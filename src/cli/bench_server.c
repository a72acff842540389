/* SPDX-License-Identifier: Apache-2.0 */
/* This program once more, as a server in a process of its own. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/bench.h"

#define WORDS_MAX 16

static void child_run(const char *const *words, int output)
{
    char *argv[WORDS_MAX + 2] = {(char *)(uintptr_t) "belay"};
    sigset_t none;

    for (size_t i = 0; words[i] && i < WORDS_MAX; i++)
        argv[i + 1] = (char *)(uintptr_t)words[i];
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, NULL);
    dup2(output, STDOUT_FILENO);
    execv("/proc/self/exe", argv);
    _exit(127);
}

/* The port out of the line that a server prints when it listens. */
static int read_port(struct bench_server *s, struct err *err)
{
    char text[512];
    size_t len = 0;
    const char *colon = NULL;

    do {
        ssize_t n = read(s->output, text + len, sizeof(text) - 1 - len);

        if (n <= 0)
            return err_set(err, E_IO, NULL, "The server ended before it listened.");
        len += (size_t)n;
        text[len] = 0;
    } while (!strchr(text, '\n') && len < sizeof(text) - 1);
    colon = strstr(text, "127.0.0.1:");
    if (!colon)
        return err_set(err, E_IO, NULL, "The server did not tell its port.");
    s->port = (unsigned short)strtoul(colon + strlen("127.0.0.1:"), NULL, 10);
    return 0;
}

/* One request, to know that it answers. */
static int first_answer(struct bench_server *s, struct err *err)
{
    static const char request[] = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(s->port)};
    char answer[16];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool answered;

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    answered = fd >= 0 &&
               connect(fd, (struct sockaddr *)(void *)&to, sizeof(to)) == 0 &&
               send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL) > 0 &&
               recv(fd, answer, sizeof(answer), 0) > 0;
    if (fd >= 0)
        close(fd);
    return answered ? 0 : err_set(err, E_IO, NULL, "The server does not answer.");
}

int bench_server_start(
    const char *const *words, struct bench_server *ret, struct err *err)
{
    struct bench_server s = {.output = -1};
    uint64_t begun = time_monotonic_ns();
    int ends[2];
    int r;

    fflush(stdout);
    if (pipe2(ends, O_CLOEXEC) < 0)
        return err_sys(err, errno, NULL, "Cannot make a pipe");
    s.pid = fork();
    if (s.pid == 0)
        child_run(words, ends[1]);
    close(ends[1]);
    s.output = ends[0];
    if (s.pid < 0) {
        close(ends[0]);
        return err_sys(err, errno, NULL, "Cannot start a process");
    }
    r = read_port(&s, err);
    if (r == 0)
        r = first_answer(&s, err);
    s.start_ms = (double)(time_monotonic_ns() - begun) / 1e6;
    if (r < 0)
        bench_server_stop(&s);
    else
        *ret = s;
    return r;
}

/* "Name:   123 kB" in /proc/PID/status, in bytes. */
static int64_t status_bytes(const char *text, const char *name)
{
    const char *found = strstr(text, name);

    return found ? strtoll(found + strlen(name), NULL, 10) * 1024 : 0;
}

void bench_server_memory(
    const struct bench_server *s, int64_t *ret_now, int64_t *ret_most)
{
    char path[64];
    char text[4096];
    size_t len = 0;
    FILE *file = NULL;

    snprintf(path, sizeof(path), "/proc/%d/status", (int)s->pid);
    file = fopen(path, "re");
    if (file) {
        len = fread(text, 1, sizeof(text) - 1, file);
        fclose(file);
    }
    text[len] = 0;
    *ret_now = status_bytes(text, "VmRSS:");
    *ret_most = status_bytes(text, "VmHWM:");
}

int64_t bench_server_used(const struct bench_server *s)
{
    struct timespec used = {0};
    clockid_t clock = 0;

    if (clock_getcpuclockid(s->pid, &clock) != 0 || clock_gettime(clock, &used) < 0)
        return 0;
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

void bench_server_stop(struct bench_server *s)
{
    if (s->pid > 0) {
        kill(s->pid, SIGTERM);
        waitpid(s->pid, NULL, 0);
    }
    if (s->output >= 0)
        close(s->output);
    *s = (struct bench_server){.output = -1};
}
