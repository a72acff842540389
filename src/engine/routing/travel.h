/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long the way takes. Where somebody wrote down how long it takes in a season, that
 * counts; else it is estimated from the distance on the sphere, a factor for the bends of
 * the road and a speed for mountains, and is marked as estimated. Pure; any thread.
 */
#ifndef ENGINE_ROUTING_TRAVEL_H
#define ENGINE_ROUTING_TRAVEL_H

#include <stdbool.h>
#include <stddef.h>

enum travel_season { TRAVEL_SUMMER, TRAVEL_WINTER, TRAVEL_SEASONS };

/* Where something lies: degrees and metres above the sea, each not known as NAN. */
struct travel_place {
    double latitude, longitude, altitude_m;
};

#define TRAVEL_CLOSED (-1)
#define TRAVEL_NOT_KNOWN (-2)

/* What is known of the way between two places, by their indexes, the same both ways. */
struct travel_way {
    unsigned one, other;
    int minutes[TRAVEL_SEASONS]; /* TRAVEL_CLOSED: no way through; or not known */
    double highest_m;            /* of the passes on the way; NAN: not known */
};

/* ${ways} sorted by travel_sort(), each pair of places once. */
struct travel_table {
    const struct travel_place *places;
    size_t place_count;
    const struct travel_way *ways;
    size_t way_count;
};

/* The estimate's rules. The factor and the speeds are ours, for roads of high country, to
 * be replaced by measured times. */
struct travel_rules {
    double road_factor; /* way by road for one of the crow's */
    double km_per_hour[TRAVEL_SEASONS];
};

struct travel_time {
    int minutes;    /* TRAVEL_CLOSED, or TRAVEL_NOT_KNOWN where a place's is not */
    bool estimated; /* else somebody wrote it down */
    double climb_m; /* from the first place to the highest point known; at least 0 */
    double rise_m;  /* from the first place to the second: negative is down; NAN */
};

/* Put ${ways} into the order that travel_between() needs; makes one <= other. */
void travel_sort(struct travel_way *ways, size_t count);

/* From place ${from} to place ${to}, both below place_count. */
struct travel_time travel_between(const struct travel_table *table,
    const struct travel_rules *rules, unsigned from, unsigned to,
    enum travel_season season);

/* Kilometres between two places over a sphere of 6,371 km (haversine); NAN of NAN. */
double travel_distance(
    const struct travel_place *one, const struct travel_place *other);

#endif
