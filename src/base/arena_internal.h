/* SPDX-License-Identifier: Apache-2.0 */
/* The switch of base_fail_alloc(), cheap enough to be asked at every allocation. */
#ifndef BASE_ARENA_INTERNAL_H
#define BASE_ARENA_INTERNAL_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/arena.h"

/* True between base_fail_alloc(n) and base_fail_alloc(0). */
extern atomic_bool base_fault_on;

/* Count one allocation; true when it is the one that shall fail. */
bool base_fault_hit(void);

/* To be asked once by everything that hands out memory: must it fail? */
static inline bool base_fault_due(void)
{
    return __builtin_expect(
               atomic_load_explicit(&base_fault_on, memory_order_relaxed), 0) &&
           base_fault_hit();
}

#endif
