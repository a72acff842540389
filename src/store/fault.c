/* SPDX-License-Identifier: Apache-2.0 */
/* Counting towards a fault on purpose. */
#include "store/fault.h"

#include <errno.h>
#include <stdatomic.h>

struct fault {
    atomic_bool on;
    atomic_ulong count;
    atomic_ulong at;
};

static struct fault steps;
static struct fault writes;
static atomic_bool writes_full;
static atomic_bool files;

static unsigned long fault_arm(struct fault *f, unsigned long n)
{
    unsigned long counted = atomic_exchange(&f->count, 0);

    atomic_store(&f->at, n);
    atomic_store(&f->on, n != 0);
    return counted;
}

static bool fault_due(struct fault *f)
{
    if (!atomic_load_explicit(&f->on, memory_order_relaxed))
        return false;
    return atomic_fetch_add(&f->count, 1) + 1 == atomic_load(&f->at);
}

unsigned long store_fail_step(unsigned long n)
{
    return fault_arm(&steps, n);
}

unsigned long store_fail_write(unsigned long n, bool full)
{
    atomic_store(&writes_full, full);
    return fault_arm(&writes, n);
}

void store_fail_files(bool on)
{
    atomic_store(&files, on);
}

bool fault_step_due(void)
{
    return fault_due(&steps);
}

int fault_write_due(void)
{
    if (!fault_due(&writes))
        return 0;
    return atomic_load(&writes_full) ? ENOSPC : EIO;
}

bool fault_files(void)
{
    return atomic_load(&files);
}
