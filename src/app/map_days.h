/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the capability map was at moments that are over (app/indicator_map.c), kept between questions: a byte for each hospital and
 * illness. It follows from a network and a moment alone, so that it holds as long as its network does. What depends on who asks
 * or on the time is not in it. Any thread.
 */
#ifndef APP_MAP_DAYS_H
#define APP_MAP_DAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

struct map_days;

/* At most LIMIT_MAP_DAYS moments of LIMIT_MAP_DAYS_BYTES in all. NULL: no memory. */
struct map_days *map_days_new(void);
void map_days_free(struct map_days *d); /* NULL is fine */

/* Which map: of the network with ${network} (network_serial()), so many bytes, at ${at}. */
struct map_day {
    uint64_t network;
    bool then; /* the network is one of earlier (networks_take_known()) */
    size_t size;
    utc_ms at;
};

/* Copy its cells to ${ret}; false: they are not there. */
bool map_days_get(struct map_days *d, const struct map_day *which, uint8_t *ret);

/* Keep ${cells}; those of a network of now that is older go, and where there is no room, those that nobody has asked for longest. */
void map_days_put(
    struct map_days *d, const struct map_day *which, const uint8_t *cells);

#endif
