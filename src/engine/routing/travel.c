/* SPDX-License-Identifier: Apache-2.0 */
/* The time of a way, written down or estimated. */
#include "engine/routing/travel.h"

#include <math.h>
#include <stdlib.h>

#define EARTH_KM 6371.0
#define DEGREE (3.14159265358979323846 / 180)

static int compare(const void *one, const void *other)
{
    const struct travel_way *a = one, *b = other;

    if (a->one != b->one)
        return a->one < b->one ? -1 : 1;
    return a->other < b->other ? -1 : a->other > b->other;
}

void travel_sort(struct travel_way *ways, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned one = ways[i].one;

        if (one > ways[i].other) {
            ways[i].one = ways[i].other;
            ways[i].other = one;
        }
    }
    if (count > 0)
        qsort(ways, count, sizeof(*ways), compare);
}

double travel_distance(const struct travel_place *one, const struct travel_place *other)
{
    double north = sin((other->latitude - one->latitude) * DEGREE / 2);
    double east = sin((other->longitude - one->longitude) * DEGREE / 2);
    double half = north * north + cos(one->latitude * DEGREE) *
                                      cos(other->latitude * DEGREE) * east * east;

    return 2 * EARTH_KM * asin(sqrt(half < 1 ? half : 1 + (half - half)));
}

static const struct travel_way *find(
    const struct travel_table *table, unsigned from, unsigned to)
{
    struct travel_way key = {
        .one = from < to ? from : to, .other = from < to ? to : from};

    if (table->way_count == 0)
        return NULL;
    return bsearch(&key, table->ways, table->way_count, sizeof(key), compare);
}

static int estimate(const struct travel_table *table, const struct travel_rules *rules,
    const unsigned ends[2], enum travel_season season)
{
    double km = travel_distance(&table->places[ends[0]], &table->places[ends[1]]);
    double minutes = km * rules->road_factor / rules->km_per_hour[season] * 60;

    return isfinite(minutes) ? (int)ceil(minutes) : TRAVEL_NOT_KNOWN;
}

/* How far up from the first place: to the second, or to a pass on the way. */
static double climb(const struct travel_table *table, const struct travel_way *way,
    unsigned from, unsigned to)
{
    double start = table->places[from].altitude_m;
    double highest =
        fmax(way ? way->highest_m : (double)NAN, table->places[to].altitude_m);

    return fmax(highest - start, 0); /* of what is not known: 0 */
}

struct travel_time travel_between(const struct travel_table *table,
    const struct travel_rules *rules, unsigned from, unsigned to,
    enum travel_season season)
{
    const struct travel_way *way = find(table, from, to);
    struct travel_time time = {.minutes = 0};

    if (from == to)
        return time;
    if (way)
        time.minutes = way->minutes[season];
    if (!way || time.minutes == TRAVEL_NOT_KNOWN) {
        time.minutes = estimate(table, rules, (unsigned[2]){from, to}, season);
        time.estimated = true;
    }
    time.climb_m = climb(table, way, from, to);
    time.rise_m = table->places[to].altitude_m - table->places[from].altitude_m;
    return time;
}
