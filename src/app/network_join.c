/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parts become a network. Hospitals stand in the order of their ids, so that an answer does
 * not hang on the order in which records were written.
 */
#include <math.h>
#include <stdlib.h>

#include "base/limits.h"

#include "app/network_internal.h"

#define NOT_A_HOSPITAL SIZE_MAX

static size_t count_of(const struct network_joining *j, enum network_kind kind)
{
    return j->parts[kind].count;
}

int network_name_make(struct network_joining *j, const char *type, struct str id,
    struct str display, struct network_name *ret)
{
    const char *reference =
        arena_printf(j->a, "%s/%.*s", type, (int)id.len, id.p ? id.p : "");
    const char *name = display.p ? arena_strndup(j->a, display.p, display.len) : NULL;

    if (!reference || (display.p && !name))
        return E_NOMEM;
    *ret = (struct network_name){str_of(reference), {name, name ? display.len : 0}};
    return 0;
}

struct str network_id_of(const struct network_name *name)
{
    struct str rest = name->reference;

    str_cut(&rest, '/');
    return rest;
}

bool network_unit_hospital(const struct network *n, struct str unit, uint32_t *ret)
{
    size_t at = 0;

    if (!unit.p || !text_map_get(&n->units, unit, &at))
        return false;
    *ret = (uint32_t)at;
    return true;
}

/* ---- hospitals ---- */

static const struct network_unit_fact *units_of(const struct network_joining *j)
{
    return j->parts[NETWORK_UNITS].list;
}

static int map_ids(struct network_joining *j)
{
    const struct network_unit_fact *units = units_of(j);

    for (size_t i = 0; i < count_of(j, NETWORK_UNITS); i++) {
        if (units[i].id.p &&
            text_map_put(j->scratch, &j->unit_ids, units[i].id, i, NULL) < 0)
            return E_NOMEM;
    }
    return 0;
}

/* The unit at the top of ${at}'s. A circle, or a unit that is not here, has none. */
static size_t top_of(const struct network_joining *j, size_t at)
{
    const struct network_unit_fact *units = units_of(j);

    for (int step = 0; step < LIMIT_READER_UNITS; step++) {
        if (!units[at].above.p)
            return units[at].hospital ? at : NOT_A_HOSPITAL;
        if (!text_map_get(&j->unit_ids, units[at].above, &at))
            break;
    }
    return NOT_A_HOSPITAL;
}

static int compare_hospitals(const void *one, const void *other)
{
    const struct network_hospital *a = one, *b = other;

    return str_cmp(a->name.reference, b->name.reference);
}

static int add_hospitals(struct network_joining *j)
{
    const struct network_unit_fact *units = units_of(j);
    struct network *n = j->network;
    size_t most = count_of(j, NETWORK_UNITS);
    int r = 0;

    n->hospitals = arena_array(j->a, most + 1, sizeof(*n->hospitals));
    if (!n->hospitals)
        return E_NOMEM;
    for (size_t i = 0; r == 0 && i < most; i++) {
        struct network_hospital *h = &n->hospitals[n->hospital_count];

        if (units[i].above.p || !units[i].hospital || !units[i].id.p)
            continue;
        *h = (struct network_hospital){.place = NETWORK_NOBODY,
            .utc_offset = NETWORK_NO_OFFSET,
            .routed = {.free_beds = ROUTING_NOT_KNOWN,
                .twin = ROUTING_NOBODY,
                .answer_minutes = ROUTING_NOT_KNOWN}};
        r = network_name_make(j, "Organization", units[i].id, units[i].name, &h->name);
        n->hospital_count++;
    }
    if (n->hospital_count > 0)
        qsort(
            n->hospitals, n->hospital_count, sizeof(*n->hospitals), compare_hospitals);
    return r;
}

/* Every unit of a hospital leads to it. */
static int map_units(struct network_joining *j)
{
    const struct network_unit_fact *units = units_of(j);
    struct network *n = j->network;
    struct text_map tops = {NULL, 0, 0};

    for (size_t i = 0; i < n->hospital_count; i++) {
        if (text_map_put(
                j->scratch, &tops, network_id_of(&n->hospitals[i].name), i, NULL) < 0)
            return E_NOMEM;
    }
    for (size_t i = 0; i < count_of(j, NETWORK_UNITS); i++) {
        size_t top = units[i].id.p ? top_of(j, i) : NOT_A_HOSPITAL;
        size_t hospital = 0;
        struct str id = units[i].id;

        if (top == NOT_A_HOSPITAL || !text_map_get(&tops, units[top].id, &hospital))
            continue;
        id.p = arena_strndup(j->a, id.p, id.len);
        if (!id.p || text_map_put(j->a, &n->units, id, hospital, NULL) < 0)
            return E_NOMEM;
    }
    return 0;
}

/* ---- places ---- */

static const struct network_place_fact *places_of(const struct network_joining *j)
{
    return j->parts[NETWORK_PLACES].list;
}

static bool has_position(const struct network_place_fact *fact)
{
    return !isnan(fact->latitude) && !isnan(fact->longitude);
}

/* Of several places of a hospital its own comes before a ward's, one with a position before
 * one without, then the order of ids decides. */
static int rank_of(
    const struct network *n, const struct network_place_fact *fact, uint32_t hospital)
{
    return (has_position(fact) ? 0 : 2) +
           !str_eq(network_id_of(&n->hospitals[hospital].name), fact->unit);
}

struct chosen {
    const struct network_place_fact *fact;
    int rank;
};

/* The numbers of the jurisdictions above: the nearest is the prefecture and the farthest the
 * region; a single one is a region. */
static void take_jurisdictions(const struct network_joining *j,
    const struct text_map *ids, const struct network_place_fact *fact,
    struct routing_hospital *ret)
{
    const struct network_place_fact *places = places_of(j);
    unsigned first = 0, last = 0;
    struct str above = fact->above;
    size_t at = 0;

    for (int step = 0;
         step < LIMIT_READER_UNITS && above.p && text_map_get(ids, above, &at);
         step++) {
        if (places[at].jurisdiction) {
            first = first ? first : (unsigned)at + 1;
            last = (unsigned)at + 1;
        }
        above = places[at].above;
    }
    ret->region = last;
    ret->prefecture = first == last ? 0 : first;
}

static int add_place(struct network_joining *j, const struct network_place_fact *fact)
{
    struct network *n = j->network;
    struct str id = fact->id;
    uint32_t hospital = NETWORK_NOBODY;
    size_t at = n->place_count++;

    n->places[at] =
        (struct travel_place){fact->latitude, fact->longitude, fact->altitude_m};
    network_unit_hospital(n, fact->unit, &hospital);
    n->place_hospitals[at] = hospital;
    id.p = arena_strndup(j->a, id.p, id.len);
    if (!id.p || text_map_put(j->a, &n->place_ids, id, at, NULL) < 0)
        return E_NOMEM;
    return network_name_make(j, "Location", fact->id, fact->name, &n->place_names[at]);
}

static void choose(struct network_joining *j, struct chosen *chosen, uint32_t hospital,
    const struct network_place_fact *fact)
{
    struct chosen *best = &chosen[hospital];
    int rank = rank_of(j->network, fact, hospital);

    if (best->fact && (best->rank < rank || (best->rank == rank &&
                                                str_cmp(best->fact->id, fact->id) < 0)))
        return;
    best->fact = fact;
    best->rank = rank;
}

/* The number that take_jurisdictions() gives to the area ${id}. */
static int add_area(struct network_joining *j, struct str id, size_t at)
{
    id.p = id.p ? arena_strndup(j->a, id.p, id.len) : NULL;
    j->network->areas[at + 1] = id;
    return id.p ? text_map_put(j->a, &j->network->area_ids, id, at + 1, NULL) : 0;
}

/* What ${fact} says of the hospital that manages it. */
static void tell_hospital(
    struct network_hospital *hospital, const struct network_place_fact *fact)
{
    int *beds = &hospital->routed.free_beds;

    if (fact->bed)
        *beds = (*beds == ROUTING_NOT_KNOWN ? 0 : *beds) + fact->free;
    hospital->heads = hospital->heads || fact->jurisdiction;
}

/* Beds are counted; what is neither bed nor jurisdiction is a place to go to. */
static int take_places(struct network_joining *j, struct chosen *chosen)
{
    const struct network_place_fact *places = places_of(j);
    struct network *n = j->network;
    int r = 0;

    n->areas = arena_array(j->a, count_of(j, NETWORK_PLACES) + 1, sizeof(*n->areas));
    if (!n->areas)
        return E_NOMEM;
    for (size_t i = 0; r == 0 && i < count_of(j, NETWORK_PLACES); i++) {
        uint32_t hospital = NETWORK_NOBODY;
        bool known = network_unit_hospital(n, places[i].unit, &hospital);

        if (known)
            tell_hospital(&n->hospitals[hospital], &places[i]);
        if (places[i].jurisdiction && add_area(j, places[i].id, i) < 0)
            return E_NOMEM;
        if (places[i].bed || places[i].jurisdiction || !places[i].id.p)
            continue;
        r = add_place(j, &places[i]);
        if (r == 0 && known)
            choose(j, chosen, hospital, &places[i]);
    }
    return r;
}

/* A hospital of which no place is known has one of its own, which is nowhere. */
static void settle(struct network_joining *j, const struct text_map *ids,
    const struct chosen *chosen, uint32_t hospital)
{
    struct network *n = j->network;
    struct network_hospital *h = &n->hospitals[hospital];
    const struct network_place_fact *fact = chosen[hospital].fact;
    size_t at = 0;

    if (fact && text_map_get(&n->place_ids, fact->id, &at)) {
        h->place = (uint32_t)at;
        h->utc_offset = fact->utc_offset;
        take_jurisdictions(j, ids, fact, &h->routed);
    } else {
        h->place = (uint32_t)n->place_count;
        n->place_hospitals[n->place_count] = hospital;
        n->places[n->place_count++] =
            (struct travel_place){(double)NAN, (double)NAN, (double)NAN};
    }
    h->routed.place = h->place;
}

static int add_ways(struct network_joining *j)
{
    const struct network_place_fact *places = places_of(j);
    struct network *n = j->network;
    size_t most = 0;

    for (size_t i = 0; i < count_of(j, NETWORK_PLACES); i++)
        most += places[i].way_count;
    n->ways = arena_array(j->a, most + 1, sizeof(*n->ways));
    if (!n->ways)
        return E_NOMEM;
    for (size_t i = 0; i < count_of(j, NETWORK_PLACES); i++) {
        size_t from = 0, to = 0;

        for (size_t k = 0; k < places[i].way_count; k++) {
            const struct network_way_fact *way = &places[i].ways[k];

            if (places[i].id.p && text_map_get(&n->place_ids, places[i].id, &from) &&
                text_map_get(&n->place_ids, way->to, &to) && from != to)
                n->ways[n->way_count++] =
                    (struct travel_way){(unsigned)from, (unsigned)to,
                        {way->minutes[TRAVEL_SUMMER], way->minutes[TRAVEL_WINTER]},
                        way->highest_m};
        }
    }
    travel_sort(n->ways, n->way_count);
    return 0;
}

/* The same way may be told at both of its ends: the first stands. */
static void drop_double_ways(struct network *n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n->way_count; i++) {
        if (kept > 0 && n->ways[kept - 1].one == n->ways[i].one &&
            n->ways[kept - 1].other == n->ways[i].other)
            continue;
        n->ways[kept++] = n->ways[i];
    }
    n->way_count = kept;
}

static int add_places(struct network_joining *j)
{
    const struct network_place_fact *places = places_of(j);
    struct network *n = j->network;
    size_t most = count_of(j, NETWORK_PLACES) + n->hospital_count + 1;
    struct chosen *chosen =
        arena_array(j->scratch, n->hospital_count + 1, sizeof(*chosen));
    struct text_map ids = {NULL, 0, 0};
    int r = 0;

    n->places = arena_array(j->a, most, sizeof(*n->places));
    n->place_names = arena_array(j->a, most, sizeof(*n->place_names));
    n->place_hospitals = arena_array(j->a, most, sizeof(*n->place_hospitals));
    if (!chosen || !n->places || !n->place_names || !n->place_hospitals)
        return E_NOMEM;
    for (size_t i = 0; i < count_of(j, NETWORK_PLACES); i++) {
        if (places[i].id.p && text_map_put(j->scratch, &ids, places[i].id, i, NULL) < 0)
            return E_NOMEM;
    }
    r = take_places(j, chosen);
    for (uint32_t i = 0; r == 0 && i < n->hospital_count; i++)
        settle(j, &ids, chosen, i);
    if (r == 0)
        r = add_ways(j);
    drop_double_ways(n);
    if (r == 0 && n->known == PROCEDURE_RULES_NOW)
        r = network_join_ways(j);
    drop_double_ways(n);
    return r;
}

/* ---- links ---- */

static int compare_links(const void *one, const void *other)
{
    const struct network_link *a = one, *b = other;

    if (a->helped != b->helped)
        return a->helped < b->helped ? -1 : 1;
    if (a->whole != b->whole)
        return a->whole ? 1 : -1; /* a department's twin comes first */
    if (!str_eq(a->unit.reference, b->unit.reference))
        return str_cmp(a->unit.reference, b->unit.reference);
    return a->rid < b->rid ? -1 : a->rid > b->rid;
}

struct str network_unit_name(const struct network_joining *j, struct str id)
{
    size_t at = 0;

    return text_map_get(&j->unit_ids, id, &at) ? units_of(j)[at].name
                                               : (struct str){NULL, 0};
}

static int add_links(struct network_joining *j)
{
    const struct network_link_fact *facts = j->parts[NETWORK_LINKS].list;
    struct network *n = j->network;
    size_t most = count_of(j, NETWORK_LINKS);
    int r = 0;

    n->links = arena_array(j->a, most + 1, sizeof(*n->links));
    if (!n->links)
        return E_NOMEM;
    for (size_t i = 0; r == 0 && i < most; i++) {
        struct network_link *link = &n->links[n->link_count];

        /* a team may be sent by who is no hospital */
        if (facts[i].hosts && network_unit_hospital(n, facts[i].helped, &link->helped))
            j->helped[link->helped] = true;
        if (!network_unit_hospital(n, facts[i].helped, &link->helped) ||
            !network_unit_hospital(n, facts[i].helper, &link->helper) ||
            link->helped == link->helper)
            continue;
        j->helped[link->helped] = true;
        j->helps[link->helper] = true;
        if (facts[i].hosts || facts[i].off)
            continue;
        link->rid = j->parts[NETWORK_LINKS].rids[i];
        link->whole = facts[i].whole;
        link->term = facts[i].term;
        r = network_name_make(j, "Organization", facts[i].helper,
            network_unit_name(j, facts[i].helper), &link->unit);
        n->link_count++;
    }
    if (n->link_count > 0)
        qsort(n->links, n->link_count, sizeof(*n->links), compare_links);
    return r;
}

/* ---- devices and services ---- */

static int compare_devices(const void *one, const void *other)
{
    const struct network_device *a = one, *b = other;

    if (a->hospital != b->hospital)
        return a->hospital < b->hospital ? -1 : 1;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->service.from != b->service.from)
        return a->service.from < b->service.from ? -1 : 1;
    return a->rid < b->rid ? -1 : a->rid > b->rid;
}

static int add_devices(struct network_joining *j)
{
    const struct network_device_fact *facts = j->parts[NETWORK_DEVICES].list;
    struct network *n = j->network;
    size_t most = count_of(j, NETWORK_DEVICES);

    n->devices = arena_array(j->a, most + 1, sizeof(*n->devices));
    if (!n->devices)
        return E_NOMEM;
    for (size_t i = 0; i < most; i++) {
        uint32_t hospital = NETWORK_NOBODY;
        size_t place = 0;

        if (!network_unit_hospital(n, facts[i].unit, &hospital) && facts[i].place.p &&
            text_map_get(&n->place_ids, facts[i].place, &place))
            hospital = n->place_hospitals[place];
        if (hospital != NETWORK_NOBODY)
            n->devices[n->device_count++] = (struct network_device){hospital,
                facts[i].kind, j->parts[NETWORK_DEVICES].rids[i], facts[i].service};
    }
    if (n->device_count > 0)
        qsort(n->devices, n->device_count, sizeof(*n->devices), compare_devices);
    return 0;
}

static int compare_listed(const void *one, const void *other)
{
    const struct network_listed *a = one, *b = other;

    if (a->hospital != b->hospital)
        return a->hospital < b->hospital ? -1 : 1;
    return a->thing < b->thing ? -1 : a->thing > b->thing;
}

static int add_listed(struct network_joining *j)
{
    const struct network_service_fact *facts = j->parts[NETWORK_SERVICES].list;
    struct network *n = j->network;
    size_t most = count_of(j, NETWORK_SERVICES);

    n->listed = arena_array(j->a, most + 1, sizeof(*n->listed));
    if (!n->listed)
        return E_NOMEM;
    for (size_t i = 0; i < most; i++) {
        struct network_listed *one = &n->listed[n->listed_count];

        one->thing = facts[i].thing;
        n->listed_count += network_unit_hospital(n, facts[i].unit, &one->hospital);
    }
    if (n->listed_count > 0)
        qsort(n->listed, n->listed_count, sizeof(*n->listed), compare_listed);
    return 0;
}

/* ---- all of it ---- */

/* Empty places for what network_join_carriers() makes. */
static int place_carriers(struct network_joining *j)
{
    struct network *n = j->network;

    n->carriers =
        arena_array(j->a, n->hospital_count + 1, sizeof(struct network_carriers *));
    n->carried = arena_array(j->a, catalogue_things() + 1, sizeof(*n->carried));
    return n->carriers && n->carried ? 0 : E_NOMEM;
}

static int join(struct network_joining *j)
{
    int r = map_ids(j);

    if (r == 0)
        r = add_hospitals(j);
    if (r == 0)
        r = map_units(j);
    j->helped = arena_array(j->scratch, j->network->hospital_count + 1, sizeof(bool));
    j->helps = arena_array(j->scratch, j->network->hospital_count + 1, sizeof(bool));
    if (r == 0 && (!j->helped || !j->helps))
        r = E_NOMEM;
    if (r == 0)
        r = add_places(j);
    if (r == 0)
        r = add_links(j);
    if (r == 0)
        r = add_devices(j);
    if (r == 0)
        r = add_listed(j);
    if (r == 0)
        r = place_carriers(j);
    if (r == 0)
        r = network_join_people(j);
    if (r == 0)
        r = network_join_cases(j);
    return r == 0 && j->network->known == PROCEDURE_RULES_NOW ? network_join_history(j)
                                                              : r;
}

int network_join(const struct network_judging *judging,
    const struct network_part parts[NETWORK_KINDS], struct arena *a,
    struct network **ret, struct err *err)
{
    struct network_joining j = {.parts = parts, .a = a, .scratch = arena_new()};
    int r = E_NOMEM;

    j.network = arena_alloc(a, sizeof(*j.network));
    if (j.network && j.scratch) {
        j.network->arena = a;
        j.network->rules = judging->rules;
        j.network->known = judging->known;
        r = join(&j);
        if (r < 0)
            network_carriers_release(j.network);
    }
    arena_free(j.scratch);
    if (r < 0)
        return err_nomem(err);
    *ret = j.network;
    return 0;
}
