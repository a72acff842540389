/* SPDX-License-Identifier: Apache-2.0 */
/* Starting threads. */
#include "base/thread.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>

int thread_start(
    pthread_t *ret, const char *name, void *(*fn)(void *), void *arg, struct err *err)
{
    char shown[16]; /* the kernel's limit */
    sigset_t all;
    sigset_t before;
    pthread_t thread;
    int r = 0;

    /* Signals from outside belong to the main thread; a new thread inherits the mask.
     * Signals for a fault of its own stay open. */
    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGABRT);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    r = pthread_create(&thread, NULL, fn, arg);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (r != 0)
        return err_sys(err, r, name, "Cannot start the thread %s", name);
    snprintf(shown, sizeof(shown), "%.15s", name);
    pthread_setname_np(thread, shown);
    *ret = thread;
    return 0;
}

unsigned thread_cpus(void)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    if (sched_getaffinity(0, sizeof(set), &set) < 0 || CPU_COUNT(&set) < 1)
        return 1;
    return (unsigned)CPU_COUNT(&set);
}
