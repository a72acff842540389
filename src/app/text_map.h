/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Texts to numbers: which entry a fullUrl belongs to, which record was named before. In
 * an arena; one thread. Neither texts nor the map can shrink.
 */
#ifndef APP_TEXT_MAP_H
#define APP_TEXT_MAP_H

#include "base/arena.h"
#include "base/text.h"

struct text_map {
    struct text_map_slot *slots;
    size_t cap; /* a power of two, or 0 */
    size_t count;
};

/* Put ${value} under ${text} (which must live as long as the map) unless there is one
 * already: 1 put, 0 there was one (${ret_old} gets it, if not NULL), E_NOMEM. */
int text_map_put(struct arena *a, struct text_map *m, struct str text, size_t value,
    size_t *ret_old);

bool text_map_get(const struct text_map *m, struct str text, size_t *ret);

#endif
