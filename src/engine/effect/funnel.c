/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/effect/funnel.h"

#include <math.h>
#include <stdlib.h>

#define LEAST 3

static int by_size(const void *one, const void *other)
{
    double a = *(const double *)one;
    double b = *(const double *)other;

    return a < b ? -1 : a > b;
}

static double deviation(const struct funnel *f, const struct funnel_hospital *h)
{
    return sqrt(f->share * (1 - f->share) / (double)h->whole);
}

/* The mean of the squared distances, the outer tenths brought in; 1 at least. */
static double dispersion(double *distances, size_t count)
{
    size_t outer = count / 10;
    double sum = 0;

    qsort(distances, count, sizeof(*distances), by_size);
    for (size_t i = 0; i < count; i++) {
        size_t at = i < outer ? outer : i >= count - outer ? count - outer - 1 : i;

        sum += distances[at] * distances[at];
    }
    return fmax(1, sum / (double)count);
}

static struct interval limits(double share, double half)
{
    return (struct interval){fmax(0, share - half), fmin(1, share + half)};
}

static void put_row(
    const struct funnel *f, const struct funnel_hospital *h, struct funnel_row *row)
{
    double step = deviation(f, h) * sqrt(f->dispersion);

    row->share = (double)h->part / (double)h->whole;
    row->own = indicator_wilson(h->part, h->whole);
    row->limits = limits(f->share, INTERVAL_NORMAL * step);
    row->wide = limits(f->share, INTERVAL_NORMAL_3 * step);
    row->where = row->share > row->wide.high  ? FUNNEL_ABOVE
                 : row->share < row->wide.low ? FUNNEL_BELOW
                                              : FUNNEL_WITHIN;
}

int funnel_make(struct arena *a, const struct funnel_hospital *list, size_t count,
    struct funnel *ret, struct err *err)
{
    struct funnel made = {.rows = arena_array(a, count + 1, sizeof(*made.rows))};
    double *distances = arena_array(a, count + 1, sizeof(*distances));
    double part = 0, whole = 0;

    if (!made.rows || !distances)
        return err_nomem(err);
    for (size_t i = 0; i < count; i++) {
        part += (double)list[i].part;
        whole += (double)list[i].whole;
    }
    if (count < LEAST || !(part > 0) || !(part < whole))
        return err_set(err, E_INVALID, NULL,
            "It cannot be told, because limits need three hospitals and more, and some "
            "of what they did and some of what they did not.");
    made.share = part / whole;
    for (size_t i = 0; i < count; i++)
        distances[i] = ((double)list[i].part / (double)list[i].whole - made.share) /
                       deviation(&made, &list[i]);
    made.dispersion = dispersion(distances, count);
    for (size_t i = 0; i < count; i++)
        put_row(&made, &list[i], &made.rows[i]);
    *ret = made;
    return 0;
}
