/* SPDX-License-Identifier: Apache-2.0 */
/* Threads, locks and signals between them: POSIX, entered through this header only. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>

#include "base/err.h"

/* Start ${fn}(${arg}) on a new thread named ${name} (15 characters are shown). Signals
 * from outside are blocked in it, so that the main thread gets them. E_IO, E_NOMEM: not
 * started. */
int thread_start(
    pthread_t *ret, const char *name, void *(*fn)(void *), void *arg, struct err *err);

/* How many processors this process may use; at least 1. */
unsigned thread_cpus(void);

#endif
