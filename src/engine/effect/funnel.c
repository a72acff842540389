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

static enum funnel_where where_of(double value, const struct interval *wide)
{
    return value > wide->high  ? FUNNEL_ABOVE
           : value < wide->low ? FUNNEL_BELOW
                               : FUNNEL_WITHIN;
}

/* ---- shares ---- */

int funnel_expect(struct arena *a, const struct funnel_case *cases, size_t count,
    size_t strata, struct funnel_hospital *list, struct err *err)
{
    double *met = arena_array(a, strata + 1, sizeof(*met));
    double *all = arena_array(a, strata + 1, sizeof(*all));

    if (!met || !all)
        return err_nomem(err);
    for (size_t i = 0; i < count; i++) {
        met[cases[i].stratum] += cases[i].met;
        all[cases[i].stratum] += 1;
    }
    for (size_t i = 0; i < count; i++) {
        struct funnel_hospital *h = &list[cases[i].hospital];
        double share = met[cases[i].stratum] / all[cases[i].stratum];

        h->part += cases[i].met;
        h->whole++;
        h->expected += share;
        h->variance += share * (1 - share);
    }
    return 0;
}

static bool is_crude(const struct funnel_hospital *h)
{
    return !(h->expected > 0) && !(h->variance > 0);
}

static double expected_of(const struct funnel *f, const struct funnel_hospital *h)
{
    return is_crude(h) ? f->share * (double)h->whole : h->expected;
}

static double deviation_of(const struct funnel *f, const struct funnel_hospital *h)
{
    return sqrt(
        is_crude(h) ? f->share * (1 - f->share) * (double)h->whole : h->variance);
}

static struct interval limits(double share, double half)
{
    return (struct interval){fmax(0, share - half), fmin(1, share + half)};
}

static void put_row(
    const struct funnel *f, const struct funnel_hospital *h, struct funnel_row *row)
{
    double step = 0;

    row->expected = expected_of(f, h);
    step = f->share * deviation_of(f, h) * sqrt(f->dispersion) / row->expected;
    row->share = (double)h->part / (double)h->whole;
    row->adjusted =
        is_crude(h) ? row->share : f->share * (double)h->part / row->expected;
    row->size =
        is_crude(h) || !(h->variance > 0)
            ? (double)h->whole
            : row->expected * row->expected / h->variance * (1 - f->share) / f->share;
    row->own = indicator_wilson(h->part, h->whole);
    row->limits = limits(f->share, INTERVAL_NORMAL * step);
    row->wide = limits(f->share, INTERVAL_NORMAL_3 * step);
    row->where = where_of(row->adjusted, &row->wide);
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
    for (size_t i = 0; i < count; i++) {
        double one = deviation_of(&made, &list[i]);

        if (one > 0)
            distances[i] = ((double)list[i].part - expected_of(&made, &list[i])) / one;
    }
    made.dispersion = dispersion(distances, count);
    for (size_t i = 0; i < count; i++)
        put_row(&made, &list[i], &made.rows[i]);
    *ret = made;
    return 0;
}

/* ---- growth ---- */

static double spread_of(const struct funnel_grower *one)
{
    return sqrt(1 / one->before + 1 / one->since);
}

static struct interval around(double times, double half)
{
    return (struct interval){times * exp(-half) - 1, times * exp(half) - 1};
}

int funnel_grow(struct arena *a, const struct funnel_grower *list, size_t count,
    struct funnel_growth *ret, struct err *err)
{
    struct funnel_growth made = {.rows = arena_array(a, count + 1, sizeof(*made.rows))};
    double *distances = arena_array(a, count + 1, sizeof(*distances));
    double before = 0, since = 0, times = 0;

    if (!made.rows || !distances)
        return err_nomem(err);
    for (size_t i = 0; i < count; i++) {
        before += list[i].before;
        since += list[i].since;
    }
    if (count < LEAST)
        return err_set(err, E_INVALID, NULL,
            "It cannot be told, because limits need three hospitals and more of which "
            "both years are whole.");
    times = since / before;
    made.growth = times - 1;
    for (size_t i = 0; i < count; i++)
        distances[i] =
            log(list[i].since / list[i].before / times) / spread_of(&list[i]);
    made.dispersion = dispersion(distances, count);
    for (size_t i = 0; i < count; i++) {
        struct funnel_grown *row = &made.rows[i];
        double step = spread_of(&list[i]) * sqrt(made.dispersion);

        row->growth = list[i].since / list[i].before - 1;
        row->size = (1 + 1 / times) / (spread_of(&list[i]) * spread_of(&list[i]));
        row->limits = around(times, INTERVAL_NORMAL * step);
        row->wide = around(times, INTERVAL_NORMAL_3 * step);
        row->where = where_of(row->growth, &row->wide);
    }
    *ret = made;
    return 0;
}
