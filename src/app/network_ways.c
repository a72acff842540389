/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ways that were written down are put together: who can go from Medog to Bome and from Bome
 * to Nyingchi can go from Medog to Nyingchi, and cannot where the first is closed. A way as
 * the crow flies would know of no closed pass. So every pair of places that told ways
 * connect gets the shortest of them in each season, or is closed; and a place that is cut off
 * in a season, with fewer than half of those it is otherwise connected with, is cut off from
 * all others too.
 *
 * With more than LIMIT_NETWORK_ROADS such places ways stand as they were told.
 */
#include <math.h>
#include <string.h>

#include "base/limits.h"

#include "app/network_internal.h"

#define FAR INT_MAX

struct road {
    unsigned to; /* a node */
    int minutes[TRAVEL_SEASONS];
    double highest_m;
};

struct roads {
    struct network *n;
    struct arena *scratch;
    unsigned *places; /* of the nodes */
    size_t count;
    size_t *first; /* a node's roads begin here; one more */
    struct road *list;
    unsigned *parts; /* of each node: which others it is connected with */
    int *minutes;    /* from one node, while it is looked at */
    double *highest;
    unsigned *queue;
    bool *queued;
    struct travel_way *made;
    size_t made_count;
};

/* ---- the graph ---- */

/* Nodes are the places at the ends of ways. ${nodes}: of each place, or NETWORK_NOBODY. */
static void find_nodes(struct roads *r, uint32_t *nodes)
{
    struct network *n = r->n;

    for (size_t i = 0; i < n->place_count; i++)
        nodes[i] = NETWORK_NOBODY;
    for (size_t i = 0; i < n->way_count; i++) {
        const unsigned ends[2] = {n->ways[i].one, n->ways[i].other};

        for (int k = 0; k < 2; k++) {
            if (nodes[ends[k]] != NETWORK_NOBODY)
                continue;
            nodes[ends[k]] = (uint32_t)r->count;
            r->places[r->count++] = ends[k];
        }
    }
}

/* A season of which nothing was told takes as much longer as the rules have it slower. */
static int minutes_in(const struct travel_way *w, enum travel_season season)
{
    const double *speed = routing_rules_default.travel.km_per_hour;
    enum travel_season other = season == TRAVEL_SUMMER ? TRAVEL_WINTER : TRAVEL_SUMMER;

    if (w->minutes[season] != TRAVEL_NOT_KNOWN || w->minutes[other] < 0)
        return w->minutes[season];
    return (int)lround(w->minutes[other] * speed[other] / speed[season]);
}

static void add_road(
    struct roads *r, size_t *at, unsigned from, unsigned to, const struct travel_way *w)
{
    r->list[at[from]++] = (struct road){
        to, {minutes_in(w, TRAVEL_SUMMER), minutes_in(w, TRAVEL_WINTER)}, w->highest_m};
}

static int find_roads(struct roads *r, const uint32_t *nodes)
{
    const struct network *n = r->n;
    size_t *at = arena_array(r->scratch, r->count + 1, sizeof(*at));

    if (!at)
        return E_NOMEM;
    for (size_t i = 0; i < n->way_count; i++) {
        r->first[nodes[n->ways[i].one] + 1]++;
        r->first[nodes[n->ways[i].other] + 1]++;
    }
    for (size_t i = 0; i < r->count; i++)
        r->first[i + 1] += r->first[i];
    memcpy(at, r->first, r->count * sizeof(*at));
    for (size_t i = 0; i < n->way_count; i++) {
        unsigned one = nodes[n->ways[i].one], other = nodes[n->ways[i].other];

        add_road(r, at, one, other, &n->ways[i]);
        add_road(r, at, other, one, &n->ways[i]);
    }
    return 0;
}

static void mark_part(struct roads *r, unsigned node, unsigned part)
{
    size_t head = 0, tail = 0;

    r->parts[node] = part;
    r->queue[tail++] = node;
    while (head < tail) {
        unsigned from = r->queue[head++];

        for (size_t i = r->first[from]; i < r->first[from + 1]; i++) {
            if (r->parts[r->list[i].to])
                continue;
            r->parts[r->list[i].to] = part;
            r->queue[tail++] = r->list[i].to;
        }
    }
}

/* ---- from one node ---- */

/* Fill minutes and highest from ${node}: a queue of those whose ways became shorter. */
static void spread(struct roads *r, unsigned node, enum travel_season season)
{
    size_t head = 0, waiting = 1;

    for (size_t i = 0; i < r->count; i++)
        r->minutes[i] = FAR;
    memset(r->queued, 0, r->count * sizeof(*r->queued));
    r->minutes[node] = 0;
    r->highest[node] = (double)NAN;
    r->queue[0] = node;
    for (; waiting > 0; waiting--) {
        unsigned from = r->queue[head];

        head = (head + 1) % r->count;
        r->queued[from] = false;
        for (size_t i = r->first[from]; i < r->first[from + 1]; i++) {
            const struct road *road = &r->list[i];

            if (road->minutes[season] < 0 ||
                r->minutes[from] + road->minutes[season] >= r->minutes[road->to])
                continue;
            r->minutes[road->to] = r->minutes[from] + road->minutes[season];
            r->highest[road->to] = fmax(r->highest[from],
                fmax(road->highest_m, r->n->places[r->places[road->to]].altitude_m));
            if (r->queued[road->to])
                continue;
            r->queued[road->to] = true;
            r->queue[(head + waiting - 1) % r->count] = road->to;
            waiting++;
        }
    }
}

/* Is ${node}, from which minutes are filled, cut off from most of its part? */
static bool is_cut_off(const struct roads *r, unsigned node)
{
    size_t all = 0, reached = 0;

    for (size_t i = 0; i < r->count; i++) {
        all += r->parts[i] == r->parts[node];
        reached += r->minutes[i] != FAR;
    }
    return reached * 2 < all;
}

/* The way between ${node} and place ${to}, made when it is first needed. A row of ways for
 * each node: ${row} is as long as there are places. */
static void put_way(struct roads *r, struct travel_way *row, unsigned node, unsigned to,
    const struct travel_way *told)
{
    struct travel_way *way = &row[to];
    enum travel_season season = told->minutes[TRAVEL_SUMMER] != TRAVEL_NOT_KNOWN
                                    ? TRAVEL_SUMMER
                                    : TRAVEL_WINTER;

    if (way->one == way->other)
        *way = (struct travel_way){
            r->places[node], to, {TRAVEL_NOT_KNOWN, TRAVEL_NOT_KNOWN}, (double)NAN};
    way->minutes[season] = told->minutes[season];
    way->highest_m = fmax(way->highest_m, told->highest_m);
}

/* All that ${node} can and cannot reach in ${season}. */
static void put_season(
    struct roads *r, struct travel_way *row, unsigned node, enum travel_season season)
{
    bool cut_off = false;

    spread(r, node, season);
    cut_off = is_cut_off(r, node);
    for (unsigned i = 0; i < r->n->place_count && cut_off; i++) {
        struct travel_way closed = {
            .minutes = {TRAVEL_NOT_KNOWN, TRAVEL_NOT_KNOWN}, .highest_m = (double)NAN};

        closed.minutes[season] = TRAVEL_CLOSED;
        if (i != r->places[node])
            put_way(r, row, node, i, &closed);
    }
    for (unsigned i = 0; i < r->count; i++) {
        struct travel_way told = {
            .minutes = {TRAVEL_NOT_KNOWN, TRAVEL_NOT_KNOWN}, .highest_m = (double)NAN};

        if (i == node || r->parts[i] != r->parts[node])
            continue;
        told.minutes[season] = r->minutes[i] == FAR ? TRAVEL_CLOSED : r->minutes[i];
        told.highest_m = r->minutes[i] == FAR ? (double)NAN : r->highest[i];
        put_way(r, row, node, r->places[i], &told);
    }
}

/* Each pair of nodes once; what is no node on the other side, too. */
static void put_node(
    struct roads *r, struct travel_way *row, unsigned node, const uint32_t *nodes)
{
    memset(row, 0, r->n->place_count * sizeof(*row));
    put_season(r, row, node, TRAVEL_SUMMER);
    put_season(r, row, node, TRAVEL_WINTER);
    for (size_t i = 0; i < r->n->place_count; i++) {
        bool other_way_round = nodes[i] != NETWORK_NOBODY && nodes[i] < node &&
                               r->parts[nodes[i]] == r->parts[node];

        if (row[i].one != row[i].other && !other_way_round)
            r->made[r->made_count++] = row[i];
    }
}

/* ---- all of it ---- */

static int make_room(struct roads *r, struct network_joining *j)
{
    size_t places = r->n->place_count + 1;

    r->scratch = j->scratch;
    r->places = arena_array(r->scratch, places, sizeof(*r->places));
    r->first = arena_array(r->scratch, places + 1, sizeof(*r->first));
    r->list = arena_array(r->scratch, 2 * r->n->way_count + 1, sizeof(*r->list));
    r->parts = arena_array(r->scratch, places, sizeof(*r->parts));
    r->minutes = arena_array(r->scratch, places, sizeof(*r->minutes));
    r->highest = arena_array(r->scratch, places, sizeof(*r->highest));
    r->queue = arena_array(r->scratch, places, sizeof(*r->queue));
    r->queued = arena_array(r->scratch, places, sizeof(*r->queued));
    return r->places && r->first && r->list && r->parts && r->minutes && r->highest &&
                   r->queue && r->queued
               ? 0
               : E_NOMEM;
}

int network_join_ways(struct network_joining *j)
{
    struct roads r = {.n = j->network};
    uint32_t *nodes = arena_array(j->scratch, r.n->place_count + 1, sizeof(*nodes));
    struct travel_way *row =
        arena_array(j->scratch, r.n->place_count + 1, sizeof(*row));

    if (!nodes || !row || make_room(&r, j) < 0)
        return E_NOMEM;
    find_nodes(&r, nodes);
    if (r.count == 0 || r.count > LIMIT_NETWORK_ROADS)
        return 0;
    if (find_roads(&r, nodes) < 0)
        return E_NOMEM;
    for (unsigned i = 0, part = 0; i < r.count; i++) {
        if (!r.parts[i])
            mark_part(&r, i, ++part);
    }
    r.made = arena_array(j->a, r.count * r.n->place_count + 1, sizeof(*r.made));
    if (!r.made)
        return E_NOMEM;
    for (unsigned i = 0; i < r.count; i++)
        put_node(&r, row, i, nodes);
    travel_sort(r.made, r.made_count);
    r.n->ways = r.made;
    r.n->way_count = r.made_count;
    return 0;
}
