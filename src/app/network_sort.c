/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hundreds of thousands of operations in the order of two numbers and a day: the numbers are counted, and what has the same
 * two, which is few, is compared; mostly it is in order then, since records come by their days.
 */
#include <stdlib.h>
#include <string.h>

#include "app/network_internal.h"

struct sorting {
    const struct network_order *order;
    struct arena *scratch;
    const char *list;
    size_t count;
};

static uint32_t key_of(const struct network_order *order, const char *one, int key)
{
    uint32_t value = 0;

    memcpy(&value, one + order->keys[key].offset, sizeof(value));
    return value;
}

/* Put places in the order of ${key}; those that have the same stay in the order that ${from} has (NULL: that of the list). */
static int order_by(
    const struct sorting *s, int key, const uint32_t *from, uint32_t *to)
{
    size_t values = s->order->keys[key].values, size = s->order->size;
    uint32_t *first = arena_array(s->scratch, values + 2, sizeof(*first));

    if (!first)
        return E_NOMEM;
    for (size_t i = 0; i < s->count; i++)
        first[key_of(s->order, s->list + i * size, key) + 1]++;
    for (size_t i = 0; i < values; i++)
        first[i + 1] += first[i];
    for (size_t i = 0; i < s->count; i++) {
        uint32_t at = from ? from[i] : (uint32_t)i;

        to[first[key_of(s->order, s->list + at * size, key)]++] = at;
    }
    return 0;
}

/* Sort what lies from ${list} on and has the keys of the first; how many there are. */
static size_t sort_alike(const struct network_order *order, char *list, size_t count)
{
    uint32_t one = key_of(order, list, 0), other = key_of(order, list, 1);
    size_t end = 1;
    bool sorted = true;

    while (end < count && key_of(order, list + end * order->size, 0) == one &&
           key_of(order, list + end * order->size, 1) == other) {
        sorted = sorted && order->compare(list + (end - 1) * order->size,
                               list + end * order->size) <= 0;
        end++;
    }
    if (!sorted)
        qsort(list, end, order->size, order->compare);
    return end;
}

void *network_sort(struct arena *a, struct arena *scratch,
    const struct network_order *order, const void *list, size_t count)
{
    const struct sorting s = {order, scratch, list, count};
    uint32_t *by_second = arena_array(scratch, count + 1, sizeof(*by_second));
    uint32_t *by_both = arena_array(scratch, count + 1, sizeof(*by_both));
    char *sorted = arena_alloc_raw(a, (count + 1) * order->size);

    if (!by_second || !by_both || !sorted || order_by(&s, 1, NULL, by_second) < 0 ||
        order_by(&s, 0, by_second, by_both) < 0)
        return NULL;
    for (size_t i = 0; i < count; i++)
        memcpy(
            sorted + i * order->size, s.list + by_both[i] * order->size, order->size);
    for (size_t i = 0; i < count;)
        i += sort_alike(order, sorted + i * order->size, count - i);
    return sorted;
}
