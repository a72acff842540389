/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program's malloc, and the switch by which a test makes one allocation fail. While
 * the switch is off an allocation pays one relaxed load and a branch never taken; it
 * does not count, since a counter shared by all threads would cost far more.
 */
#include <stdlib.h>

#include "base/arena_internal.h"

atomic_bool base_fault_on;
static atomic_ulong fault_count;
static atomic_ulong fault_at;

unsigned long base_fail_alloc(unsigned long n)
{
    unsigned long counted = atomic_exchange(&fault_count, 0);

    atomic_store(&fault_at, n);
    atomic_store(&base_fault_on, n != 0);
    return counted;
}

bool base_fault_hit(void)
{
    return atomic_fetch_add(&fault_count, 1) + 1 == atomic_load(&fault_at);
}

void *base_malloc(size_t size)
{
    if (base_fault_due())
        return NULL;
    return malloc(size ? size : 1);
}

void *base_realloc(void *p, size_t size)
{
    if (base_fault_due())
        return NULL;
    return realloc(p, size ? size : 1);
}

void base_free(void *p)
{
    free(p);
}
