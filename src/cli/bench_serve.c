/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The benchmark's own server: on loopback, and with --open the only one that can leave out
 * asking who may read. SIGUSR1 makes it leave it out, SIGUSR2 makes it ask again, so that
 * both are measured on one process with the same memory. It begins by asking.
 */
#include <signal.h>
#include <stdio.h>

#include "base/log.h"

#include "cli/bench.h"
#include "http/server.h"

static int obey(struct app *app, const sigset_t *signals, struct err *err)
{
    int received = 0;
    int r = 0;

    while (r == 0 && sigwait(signals, &received) == 0 &&
           (received == SIGUSR1 || received == SIGUSR2)) {
        r = app_ask(app, received == SIGUSR2, err);
        if (r == 0)
            log_line(received == SIGUSR1 ? LOG_WARN : LOG_INFO, "%s",
                received == SIGUSR1
                    ? "OPEN: NOBODY IS ASKED ABOUT, every record is served to whoever "
                      "has a token, and no read is in the trail"
                    : "who may read is asked again");
    }
    return r;
}

static void take_signals(bool open, sigset_t *ret)
{
    sigemptyset(ret);
    sigaddset(ret, SIGINT);
    sigaddset(ret, SIGTERM);
    if (open) {
        sigaddset(ret, SIGUSR1);
        sigaddset(ret, SIGUSR2);
    }
    pthread_sigmask(SIG_BLOCK, ret, NULL);
    signal(SIGPIPE, SIG_IGN);
}

int bench_serve(const char *node, const char *listen, bool open, struct err *err)
{
    struct app_options options = {.path = node, .may_open = open};
    struct http_server_options how = {.listen = listen ? listen : "127.0.0.1:0"};
    struct http_server *server = NULL;
    sigset_t signals;
    int r = 0;

    take_signals(open, &signals);
    r = app_open(&options, &how.app, err);
    if (r < 0)
        return r;
    if (open)
        log_line(LOG_WARN,
            "this server CAN BE TOLD TO SERVE EVERYTHING TO EVERYBODY: it "
            "is for measuring and for nothing else");
    r = http_server_start(&how, &server, err);
    if (r == 0) {
        printf("The benchmark serves http://127.0.0.1:%u/\n", http_server_port(server));
        fflush(stdout);
        r = obey(how.app, &signals, err);
        http_server_stop(server);
    }
    app_close(how.app);
    return r;
}
