/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where in a region something was done first. Kept sorted beside the operations that are judged, so
 * that a question reads no record: a gap asks one place of it for each hospital of the region.
 */
#include <stddef.h>

#include "app/network_internal.h"

/* ---- all that was done ---- */

static int compare(const void *one, const void *other)
{
    const struct network_done *a = one, *b = other;

    if (a->thing != b->thing)
        return a->thing < b->thing ? -1 : 1;
    if (a->hospital != b->hospital)
        return a->hospital < b->hospital ? -1 : 1;
    if (a->when != b->when)
        return a->when < b->when ? -1 : 1;
    return (int)a->imported - (int)b->imported;
}

int network_join_history(struct network_joining *j)
{
    const struct network_part *part = &j->parts[NETWORK_CASES];
    const struct network_case_fact *facts = part->list;
    struct network *n = j->network;
    const struct network_order order = {
        .keys = {{offsetof(struct network_done, thing), catalogue_things()},
            {offsetof(struct network_done, hospital), n->hospital_count}},
        .size = sizeof(*n->done),
        .compare = compare};

    n->done = arena_array(j->scratch, part->count + 1, sizeof(*n->done));
    if (!n->done)
        return E_NOMEM;
    for (size_t i = 0; i < part->count; i++) {
        uint32_t department = facts[i].department, hospital = NETWORK_NOBODY;

        if (department != NETWORK_NO_NAME)
            hospital = j->department_of[department];
        if (hospital != NETWORK_NOBODY)
            n->done[n->done_count++] = (struct network_done){
                facts[i].thing, hospital, facts[i].when, facts[i].imported};
    }
    n->done = network_sort(j->a, j->scratch, &order, n->done, n->done_count);
    return n->done ? 0 : E_NOMEM;
}

/* ---- a question ---- */

struct asking {
    const struct network *network;
    int64_t at;
    bool own; /* of the hospital itself: older logbooks prove nothing */
};

static size_t first_done(const struct network *n, uint32_t thing, uint32_t hospital)
{
    size_t low = 0, high = n->done_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct network_done *one = &n->done[middle];

        if (one->thing < thing || (one->thing == thing && one->hospital < hospital))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The first of ${procedure} there; 0: none. Adds to ${count} how many there are. */
static int64_t first_of(
    const struct asking *q, uint32_t procedure, uint32_t hospital, size_t *count)
{
    const struct network *n = q->network;
    int64_t first = 0;

    for (size_t i = first_done(n, procedure, hospital);
         i < n->done_count && n->done[i].thing == procedure &&
         n->done[i].hospital == hospital && n->done[i].when <= q->at;
         i++) {
        if (q->own && n->done[i].imported)
            continue;
        first = first ? first : n->done[i].when;
        (*count)++;
    }
    return first;
}

static int64_t first_thing(
    const struct asking *q, uint32_t thing, uint32_t hospital, size_t *count)
{
    const struct catalogue_entry *illness = catalogue_thing(thing);
    bool lacks = false;
    int64_t last = 0;

    if (catalogue_is_procedure(thing))
        return first_of(q, thing, hospital, count);
    for (size_t i = 0; i < illness->need_count; i++) {
        int64_t one = first_of(q, illness->needs[i], hospital, count);

        lacks = lacks || one == 0;
        last = one > last ? one : last;
    }
    return lacks ? 0 : last;
}

static bool same_region(const struct network *n, uint32_t one, uint32_t other)
{
    unsigned region = n->hospitals[one].routed.region;

    return one == other || (region != 0 && region == n->hospitals[other].routed.region);
}

int64_t network_first_here(
    const struct network *n, uint32_t hospital, uint32_t thing, int64_t at)
{
    const struct asking q = {n, at, true};
    size_t count = 0;

    return first_thing(&q, thing, hospital, &count);
}

void network_history(const struct network *n, uint32_t hospital, uint32_t thing,
    int64_t at, struct network_history *ret)
{
    struct network_history h = {.hospitals = 0};

    for (uint32_t i = 0; i < n->hospital_count; i++) {
        struct asking q = {n, at, i == hospital};
        int64_t first = 0;

        if (!same_region(n, hospital, i))
            continue;
        h.hospitals++;
        first = first_thing(&q, thing, i, &h.operations);
        if (i == hospital)
            h.first_here = first;
        else if (first && (!h.first_elsewhere || first < h.first_elsewhere))
            h.first_elsewhere = first;
    }
    *ret = h;
}
