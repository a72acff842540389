/* SPDX-License-Identifier: Apache-2.0 */
#include "app/map_days.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/thread.h"

struct kept {
    struct map_day which;
    uint8_t *cells; /* NULL: nothing is here */
};

struct map_days {
    pthread_mutex_t lock;
    struct kept list[LIMIT_MAP_DAYS];
    size_t next; /* which goes next */
    size_t bytes;
};

struct map_days *map_days_new(void)
{
    struct map_days *d = base_malloc(sizeof(*d));

    if (!d)
        return NULL;
    memset(d, 0, sizeof(*d));
    pthread_mutex_init(&d->lock, NULL);
    return d;
}

/* With lock held. */
static void drop(struct map_days *d, struct kept *one)
{
    if (one->cells)
        d->bytes -= one->which.size;
    base_free(one->cells);
    *one = (struct kept){.cells = NULL};
}

void map_days_free(struct map_days *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < LIMIT_MAP_DAYS; i++)
        drop(d, &d->list[i]);
    pthread_mutex_destroy(&d->lock);
    base_free(d);
}

/* With lock held. NULL: it is not kept. */
static struct kept *find(struct map_days *d, const struct map_day *which)
{
    for (size_t i = 0; i < LIMIT_MAP_DAYS; i++) {
        struct kept *one = &d->list[i];

        if (one->cells && one->which.network == which->network &&
            one->which.size == which->size && one->which.at == which->at)
            return one;
    }
    return NULL;
}

bool map_days_get(struct map_days *d, const struct map_day *which, uint8_t *ret)
{
    const struct kept *one = NULL;

    pthread_mutex_lock(&d->lock);
    one = find(d, which);
    if (one)
        memcpy(ret, one->cells, which->size);
    pthread_mutex_unlock(&d->lock);
    return one != NULL;
}

/* With lock held. What is of an older network is of no more use, and makes room first. */
static struct kept *make_room(struct map_days *d, const struct map_day *which)
{
    struct kept *free = NULL;

    for (size_t i = 0; i < LIMIT_MAP_DAYS; i++) {
        struct kept *one = &d->list[i];

        if (one->cells && one->which.network < which->network)
            drop(d, one);
        if (!one->cells)
            free = one;
    }
    for (size_t i = 0;
         i < LIMIT_MAP_DAYS && (!free || d->bytes + which->size > LIMIT_MAP_DAYS_BYTES);
         i++) {
        free = &d->list[d->next++ % LIMIT_MAP_DAYS];
        drop(d, free);
    }
    return free;
}

void map_days_put(struct map_days *d, const struct map_day *which, const uint8_t *cells)
{
    uint8_t *copy = which->size == 0 || which->size > LIMIT_MAP_DAYS_BYTES
                        ? NULL
                        : base_malloc(which->size);
    struct kept *to = NULL;

    if (!copy)
        return;
    memcpy(copy, cells, which->size);
    pthread_mutex_lock(&d->lock);
    if (!find(d, which)) {
        to = make_room(d, which);
        *to = (struct kept){*which, copy};
        d->bytes += which->size;
    }
    pthread_mutex_unlock(&d->lock);
    if (!to)
        base_free(copy);
}
