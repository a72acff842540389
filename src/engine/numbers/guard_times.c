/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/numbers/guard_times.h"

#include <stdlib.h>

/* Points in their order, those that are tied together with one number of a group, and how much lies before each in it. */
struct tied {
    const int64_t *points;
    size_t count;
    size_t *group;
    int64_t *sum;
};

static int by_value(const void *one, const void *other)
{
    int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;

    return (a > b) - (a < b);
}

static bool is_small(int64_t count)
{
    return count != 0 && count > -SUPPRESS_SMALL && count < SUPPRESS_SMALL;
}

static size_t find(const struct tied *t, int64_t point)
{
    const int64_t *at =
        bsearch(&point, t->points, t->count, sizeof(*t->points), by_value);

    return (size_t)(at - t->points);
}

/* ${count} lies between ${from} and ${until}. False: they were tied before. */
static bool tie(struct tied *t, size_t from, size_t until, int64_t count)
{
    size_t group = t->group[until];
    int64_t shift = t->sum[from] + count - t->sum[until];

    if (group == t->group[from])
        return false;
    for (size_t i = 0; i < t->count; i++) {
        if (t->group[i] != group)
            continue;
        t->group[i] = t->group[from];
        t->sum[i] += shift;
    }
    return true;
}

/* Between ${at} and the last point up to which there is nothing, every point is tied. */
static bool tie_nothing(struct tied *t, size_t at)
{
    size_t last = at;
    bool any = false;

    for (size_t i = at + 1; i < t->count; i++) {
        if (t->group[i] == t->group[at] && t->sum[i] == t->sum[at])
            last = i;
    }
    for (size_t i = at + 1; i < last; i++)
        any = tie(t, at, i, 0) || any;
    return any;
}

/* Tie the points of ${ret} by ${list}. */
static int tied_make(struct arena *a, const struct guard_time *list, size_t times,
    struct tied *ret, struct err *err)
{
    size_t count = ret->count;
    bool more = true;

    ret->group = arena_array(a, count, sizeof(*ret->group));
    ret->sum = arena_array(a, count, sizeof(*ret->sum));
    if (!ret->group || !ret->sum)
        return err_nomem(err);
    for (size_t i = 0; i < count; i++)
        ret->group[i] = i;
    for (size_t i = 0; i < times; i++)
        tie(ret, find(ret, list[i].from), find(ret, list[i].until), list[i].count);
    while (more) {
        more = false;
        for (size_t i = 0; i < count; i++)
            more = tie_nothing(ret, i) || more;
    }
    return 0;
}

/* Is there a small count in ${after} that is not in ${before}? */
static bool tells_more(const struct tied *before, const struct tied *after)
{
    for (size_t i = 0; i < after->count; i++) {
        for (size_t k = i + 1; k < after->count; k++) {
            if (after->group[i] == after->group[k] &&
                before->group[i] != before->group[k] &&
                is_small(after->sum[k] - after->sum[i]))
                return true;
        }
    }
    return false;
}

/* Does a time that begins or ends with ${more} differ from it by a small count? */
static bool leaves_few(
    const struct guard_time *told, size_t count, const struct guard_time *more)
{
    for (size_t i = 0; i < count; i++) {
        if ((told[i].from == more->from) != (told[i].until == more->until) &&
            is_small(told[i].count - more->count))
            return true;
    }
    return false;
}

int guard_times(struct arena *a, const struct guard_time *told, size_t count,
    const struct guard_time *more, bool *ret, struct err *err)
{
    struct guard_time *list = arena_array(a, count + 1, sizeof(*list));
    int64_t *points = arena_array(a, 2 * (count + 1), sizeof(*points));
    struct tied before = {NULL, 0, NULL, NULL}, after = {NULL, 0, NULL, NULL};
    size_t n = 0;
    int r = list && points ? 0 : err_nomem(err);

    for (size_t i = 0; r == 0 && i <= count; i++) {
        list[i] = i < count ? told[i] : *more;
        points[2 * i] = list[i].from;
        points[2 * i + 1] = list[i].until;
    }
    if (r < 0)
        return r;
    qsort(points, 2 * (count + 1), sizeof(*points), by_value);
    for (size_t i = 0; i < 2 * (count + 1); i++) {
        if (n == 0 || points[n - 1] != points[i])
            points[n++] = points[i];
    }
    before.points = after.points = points;
    before.count = after.count = n;
    r = tied_make(a, list, count, &before, err);
    if (r == 0)
        r = tied_make(a, list, count + 1, &after, err);
    if (r == 0)
        *ret = tells_more(&before, &after) || leaves_few(told, count, more);
    return r;
}
