/* SPDX-License-Identifier: Apache-2.0 */
/* How far it is from one hospital to another, and across which borders. */
#include <math.h>

#include "app/network_internal.h"

enum travel_season network_season(utc_ms at)
{
    int64_t year = 0;
    unsigned month = 0, day = 0;

    time_date(at / ((utc_ms)24 * 60 * 60 * 1000), &year, &month, &day);
    return month >= 4 && month <= 10 ? TRAVEL_SUMMER : TRAVEL_WINTER;
}

struct network_way network_way_between(
    const struct network *network, struct str from, struct str to, utc_ms now)
{
    const struct travel_table table = {
        network->places, network->place_count, network->ways, network->way_count};
    struct network_way way = {(double)NAN, -1};
    struct travel_time time;
    uint32_t one = 0, other = 0;

    if (!network_hospital(network, from, &one) ||
        !network_hospital(network, to, &other))
        return way;
    one = network->hospitals[one].place;
    other = network->hospitals[other].place;
    way.kilometres = travel_distance(&network->places[one], &network->places[other]);
    time = travel_between(
        &table, &routing_rules_default.travel, one, other, network_season(now));
    way.minutes = time.minutes < 0 ? -1 : time.minutes;
    return way;
}

/* Where ${home} lies, and its region; 0: not known. False: nobody knows. */
static bool home_of(const struct network *network, struct str home, uint32_t *ret_place,
    unsigned *ret_region)
{
    struct str id = home;
    struct str type = str_cut(&id, '/');
    uint32_t hospital = 0;
    size_t place = 0;

    *ret_region = 0;
    if (network_hospital(network, home, &hospital)) {
        *ret_place = network->hospitals[hospital].place;
        *ret_region = network->hospitals[hospital].routed.region;
        return *ret_region != 0;
    }
    if (!id.p || !str_is(type, "Location") ||
        !text_map_get(&network->place_ids, id, &place))
        return false;
    *ret_place = (uint32_t)place;
    return true;
}

double network_remoteness(const struct network *network, struct str home)
{
    double nearest = (double)NAN;
    uint32_t place = 0;
    unsigned region = 0;

    if (!home_of(network, home, &place, &region))
        return nearest;
    for (size_t i = 0; i < network->hospital_count; i++) {
        const struct network_hospital *h = &network->hospitals[i];
        double km = 0;

        if (!h->heads || (region != 0 && h->routed.region != region))
            continue;
        km = h->place == place
                 ? 0
                 : travel_distance(&network->places[place], &network->places[h->place]);
        if (isnan(nearest) || km < nearest)
            nearest = km;
    }
    return nearest;
}

const char *network_reach(const struct network *network, struct str home, struct str to)
{
    const struct routing_hospital *a = NULL, *b = NULL;
    uint32_t one = 0, other = 0;

    if (!network_hospital(network, home, &one) ||
        !network_hospital(network, to, &other))
        return NULL;
    a = &network->hospitals[one].routed;
    b = &network->hospitals[other].routed;
    if (one == other || (a->prefecture != 0 && a->prefecture == b->prefecture))
        return "prefecture";
    if (a->region == 0 && b->region == 0)
        return NULL;
    return a->region == b->region ? "region" : "beyond";
}
