/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers to numbers, as text_map.h does it for texts: records to what is known of them. Keys are not 0.
 * In an arena; one thread. The map does not shrink.
 */
#ifndef APP_NUMBER_MAP_H
#define APP_NUMBER_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct number_map {
    struct number_map_slot *slots;
    size_t cap; /* a power of two, or 0 */
    size_t count;
};

/* The value of ${key}, or ${value}, which it then has from now on. False: no memory. */
bool number_map_take(
    struct arena *a, struct number_map *m, uint64_t key, uint32_t value, uint32_t *ret);

/* False: there is no ${key}. */
bool number_map_get(const struct number_map *m, uint64_t key, uint32_t *ret);

#endif
