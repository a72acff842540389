/* SPDX-License-Identifier: Apache-2.0 */
/* Stretches of time. */
#include "engine/planning/span.h"

#include <stdlib.h>

static int compare(const void *one, const void *other)
{
    const struct span *a = one, *b = other;

    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->until > b->until) - (a->until < b->until);
}

void span_sort(struct span *list, size_t count)
{
    if (count > 1)
        qsort(list, count, sizeof(*list), compare);
}

size_t span_left(
    struct span whole, const struct span *list, size_t count, struct span *ret)
{
    size_t left = 0;
    int64_t at = whole.from;

    for (size_t i = 0; i < count && at < whole.until; i++) {
        struct span one = span_meet(list[i], whole);

        if (span_is_empty(one))
            continue;
        if (one.from > at)
            ret[left++] = (struct span){at, one.from};
        if (one.until > at)
            at = one.until;
    }
    if (at < whole.until)
        ret[left++] = (struct span){at, whole.until};
    return left;
}
