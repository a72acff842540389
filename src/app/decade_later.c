/* SPDX-License-Identifier: Apache-2.0 */
/* What is to be done on a later day: a heap, the earliest first, and of one day the first asked. */
#include "app/decade_internal.h"

static bool before(const struct decade_later *a, const struct decade_later *b)
{
    return a->day != b->day ? a->day < b->day : a->serial < b->serial;
}

static void swap(struct decade_later *a, struct decade_later *b)
{
    struct decade_later other = *a;

    *a = *b;
    *b = other;
}

int decade_do_later(struct decade *d, day_number day, decade_deed deed,
    const uint32_t of[4], struct err *err)
{
    uint32_t at = d->later_count;
    int r = 0;

    if (day > d->last)
        return 0;
    r = decade_room(
        d, (void **)&d->later, d->later_count, &d->later_room, sizeof(*d->later), err);
    if (r < 0)
        return r;
    d->later[at] = (struct decade_later){
        .day = day < d->day ? d->day : day, .serial = d->later_serial++, .deed = deed};
    memcpy(d->later[at].of, of, sizeof(d->later[at].of));
    d->later_count++;
    while (at > 0 && before(&d->later[at], &d->later[(at - 1) / 2])) {
        swap(&d->later[at], &d->later[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    return 0;
}

static struct decade_later first_taken(struct decade *d)
{
    struct decade_later first = d->later[0];
    uint32_t count = --d->later_count;
    uint32_t at = 0;

    d->later[0] = d->later[count];
    for (;;) {
        uint32_t least = at;

        for (uint32_t child = 2 * at + 1; child <= 2 * at + 2; child++) {
            if (child < count && before(&d->later[child], &d->later[least]))
                least = child;
        }
        if (least == at)
            return first;
        swap(&d->later[at], &d->later[least]);
        at = least;
    }
}

int decade_do_due(struct decade *d, struct err *err)
{
    int r = 0;

    while (r == 0 && d->later_count > 0 && d->later[0].day <= d->day) {
        struct decade_later one = first_taken(d);

        r = one.deed(d, one.of, err);
    }
    return r;
}
