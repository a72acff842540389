/* SPDX-License-Identifier: Apache-2.0 */
/* Views that are filled again while a node is opened: how far it is, and a signal that stops it. */
#include <signal.h>

#include "base/log.h"
#include "base/time.h"

#include "cli/cli_internal.h"

#define FILL_SAY_NS UINT64_C(5000000000)

/* SIGHUP is left for whoever serves then. */
static int stop_signal(void)
{
    const struct timespec at_once = {0};
    sigset_t stop;

    sigemptyset(&stop);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    return sigtimedwait(&stop, NULL, &at_once);
}

static void say(struct cli_fill *f, int64_t done, int64_t total)
{
    uint64_t now = time_monotonic_ns();

    if (f->said != 0 && now - f->said < FILL_SAY_NS)
        return;
    if (done < total)
        log_line(LOG_INFO, "filling views again read=%lld of=%lld", (long long)done,
            (long long)total);
    else
        log_line(LOG_INFO, "filling views again read=all rows are being written");
    f->said = now;
}

static bool look(void *arg, int64_t done, int64_t total)
{
    struct cli_fill *f = arg;
    int received = stop_signal();

    if (received > 0) {
        f->stopped = received;
        return false;
    }
    say(f, done, total);
    return true;
}

void cli_fill_begin(struct cli_fill *f)
{
    *f = (struct cli_fill){.watch = {.look = look, .arg = f}};
}
