/* SPDX-License-Identifier: Apache-2.0 */
#include "app/map_days.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/thread.h"

struct kept {
    struct map_day which;
    uint8_t *cells; /* NULL: nothing is here */
    uint64_t used;
};

struct map_days {
    pthread_mutex_t lock;
    struct kept list[LIMIT_MAP_DAYS];
    uint64_t uses;
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
    struct kept *one = NULL;

    pthread_mutex_lock(&d->lock);
    one = find(d, which);
    if (one) {
        memcpy(ret, one->cells, which->size);
        one->used = ++d->uses;
    }
    pthread_mutex_unlock(&d->lock);
    return one != NULL;
}

/* With lock held. NULL: all are taken. */
static struct kept *empty(struct map_days *d)
{
    for (size_t i = 0; i < LIMIT_MAP_DAYS; i++) {
        if (!d->list[i].cells)
            return &d->list[i];
    }
    return NULL;
}

/* With lock held; something is kept. */
static void drop_oldest(struct map_days *d)
{
    struct kept *found = NULL;

    for (size_t i = 0; i < LIMIT_MAP_DAYS; i++) {
        struct kept *one = &d->list[i];

        if (one->cells && (!found || one->used < found->used))
            found = one;
    }
    if (found)
        drop(d, found);
}

/* With lock held. What is of an older network of now is of no more use, and makes room first. */
static struct kept *make_room(struct map_days *d, const struct map_day *which)
{
    for (size_t i = 0; i < LIMIT_MAP_DAYS && !which->then; i++) {
        struct kept *one = &d->list[i];

        if (one->cells && !one->which.then && one->which.network < which->network)
            drop(d, one);
    }
    while (!empty(d) || d->bytes + which->size > LIMIT_MAP_DAYS_BYTES)
        drop_oldest(d);
    return empty(d);
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
        *to = (struct kept){*which, copy, ++d->uses};
        d->bytes += which->size;
    }
    pthread_mutex_unlock(&d->lock);
    if (!to)
        base_free(copy);
}
