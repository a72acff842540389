/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every unit test includes: cmocka with the headers it wants, a random generator
 * that can be run again, and the fault loop.
 */
#ifndef TEST_UNIT_H
#define TEST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

/* The next of a row of random numbers. The row starts from the environment variable
 * BELAY_SEED, or from 1, and is printed, so that a failure can be seen again. Each thread
 * has a row of its own. */
static inline uint64_t unit_random(void)
{
    static _Thread_local uint64_t state;
    uint64_t z = 0;

    if (state == 0) {
        const char *seed = getenv("BELAY_SEED");

        state = seed ? strtoull(seed, NULL, 10) : 1;
        printf("BELAY_SEED=%llu\n", (unsigned long long)state);
    }
    z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* A random number in [${low}, ${high}]. */
static inline int64_t unit_between(int64_t low, int64_t high)
{
    uint64_t span = (uint64_t)high - (uint64_t)low + 1;

    return (int64_t)((uint64_t)low + (span ? unit_random() % span : unit_random()));
}

/*
 * The fault loop: run ${step}(${arg}) with its first allocation failing, then its
 * second, and so on, until it runs through untouched. ${step} returns 0 when all went
 * well and E_NOMEM when memory was out, and cleans up after itself either way (the
 * address sanitiser finds what it does not). Returns how many allocations there were.
 */
static inline unsigned long unit_fault_loop(int (*step)(void *), void *arg)
{
    for (unsigned long n = 1;; n++) {
        unsigned long counted = 0;
        int r = 0;

        base_fail_alloc(n);
        r = step(arg);
        counted = base_fail_alloc(0);
        if (counted < n) {
            assert_int_equal(r, 0);
            return counted;
        }
        assert_int_equal(r, E_NOMEM);
    }
}

#endif
