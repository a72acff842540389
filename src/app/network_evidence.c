/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All that bears on one procedure at one hospital, as engine/capability takes it. The router
 * and the map decide from this very evidence, so they cannot disagree.
 */
#include "app/network_internal.h"

static bool holds(const struct capability_interval *i, int64_t at)
{
    return i->from != 0 && i->from <= at && (i->until == 0 || at < i->until);
}

/* ---- people ---- */

/* Carriers of ${procedure} at ${hospital}: of the procedure, and of the illnesses. */
static size_t each_carrier(const struct network_look *look, uint32_t procedure,
    uint32_t hospital, const struct network_carrier **ret)
{
    const struct network *n = look->network;
    size_t sum = 0;

    for (size_t k = 0; k <= look->thing_count; k++) {
        uint32_t thing = k == 0 ? procedure : look->things[k - 1];
        const struct network_carrier *list = NULL;
        size_t count = 0;

        if ((k > 0 && catalogue_is_procedure(thing)) || n->carried[thing] == 0)
            continue;
        list = network_carriers_of(n, thing, hospital, &count);
        for (size_t i = 0; ret && i < count; i++)
            ret[sum + i] = &list[i];
        sum += count;
    }
    return sum;
}

static int gather_people(const struct network_look *look, struct network_evidence *ret)
{
    const struct network *n = look->network;

    ret->count = each_carrier(look, ret->procedure, ret->hospital, NULL);
    ret->carriers =
        arena_array(look->a, ret->count + 1, sizeof(struct network_carrier *));
    ret->people = arena_array(look->a, ret->count + 1, sizeof(*ret->people));
    if (!ret->carriers || !ret->people)
        return E_NOMEM;
    each_carrier(look, ret->procedure, ret->hospital, ret->carriers);
    for (size_t i = 0; i < ret->count; i++) {
        const struct network_carrier *c = ret->carriers[i];
        const struct network_post *post = &n->posts[c->post];

        ret->people[i] = (struct capability_person){.person = post->person,
            .visiting = post->visiting,
            .post = post->term,
            .sign_off = c->sign_off,
            .learning = c->learning,
            .teaching = c->teaching};
    }
    ret->evidence.people = ret->people;
    ret->evidence.person_count = ret->count;
    return 0;
}

/* ---- twins ---- */

/* Is somebody in the unit that ${link} asks who can do ${procedure} now? */
static bool advises(const struct network_look *look, const struct network_link *link,
    uint32_t procedure, const struct network_carrier **room)
{
    const struct network *n = look->network;
    size_t count = each_carrier(look, procedure, link->helper, room);

    for (size_t i = 0; i < count; i++) {
        const struct network_carrier *c = room[i];
        const struct network_post *post = &n->posts[c->post];

        if (holds(&c->sign_off, look->at) && holds(&post->term, look->at) &&
            (link->whole || str_eq(post->unit.reference, link->unit.reference)))
            return true;
    }
    return false;
}

static size_t first_link(const struct network *n, uint32_t hospital)
{
    size_t low = 0, high = n->link_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (n->links[middle].helped < hospital)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int gather_links(const struct network_look *look, struct network_evidence *ret)
{
    const struct network *n = look->network;
    size_t first = first_link(n, ret->hospital), end = first;
    struct capability_interval *terms = NULL;

    while (end < n->link_count && n->links[end].helped == ret->hospital)
        end++;
    ret->links = arena_array(look->a, end - first + 1, sizeof(struct network_link *));
    terms = arena_array(look->a, end - first + 1, sizeof(*terms));
    if (!ret->links || !terms)
        return E_NOMEM;
    for (size_t i = first; i < end; i++) {
        const struct network_link *link = &n->links[i];
        size_t most = 0;
        const struct network_carrier **room = NULL;

        if (!holds(&link->term, look->at))
            continue;
        most = each_carrier(look, ret->procedure, link->helper, NULL);
        room =
            most ? arena_array(look->a, most, sizeof(struct network_carrier *)) : NULL;
        if (most && !room)
            return E_NOMEM;
        if (!most || !advises(look, link, ret->procedure, room))
            continue;
        terms[ret->evidence.link_count] = link->term;
        ret->links[ret->evidence.link_count++] = link;
    }
    ret->evidence.links = terms;
    return 0;
}

/* ---- devices ---- */

static size_t first_device(const struct network *n, uint32_t hospital, uint32_t kind)
{
    size_t low = 0, high = n->device_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct network_device *one = &n->devices[middle];

        if (one->hospital < hospital || (one->hospital == hospital && one->kind < kind))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How many of ${kind} there are from ${at} on. */
static size_t devices_from(
    const struct network *n, size_t at, uint32_t hospital, uint32_t kind)
{
    size_t count = 0;

    while (at + count < n->device_count &&
           n->devices[at + count].hospital == hospital &&
           n->devices[at + count].kind == kind)
        count++;
    return count;
}

static int gather_devices(const struct network_look *look, struct network_evidence *ret)
{
    const struct catalogue_entry *procedure = catalogue_thing(ret->procedure);
    const struct network *n = look->network;
    struct capability_device *devices = NULL;
    uint32_t *kinds = arena_array(look->a, procedure->need_count + 1u, sizeof(*kinds));
    size_t most = 0;

    for (size_t i = 0; i < procedure->need_count; i++)
        most += devices_from(n, first_device(n, ret->hospital, procedure->needs[i]),
            ret->hospital, procedure->needs[i]);
    devices = arena_array(look->a, most + 1, sizeof(*devices));
    ret->devices = arena_array(look->a, most + 1, sizeof(struct network_device *));
    if (!kinds || !devices || !ret->devices)
        return E_NOMEM;
    for (size_t i = 0; i < procedure->need_count; i++) {
        size_t first = first_device(n, ret->hospital, procedure->needs[i]);
        size_t count = devices_from(n, first, ret->hospital, procedure->needs[i]);

        kinds[i] = procedure->needs[i];
        for (size_t k = 0; k < count; k++) {
            const struct network_device *one = &n->devices[first + k];
            size_t at = ret->evidence.device_count++;

            ret->devices[at] = one;
            devices[at] = (struct capability_device){one->kind, one->service};
        }
    }
    ret->evidence.devices = devices;
    ret->evidence.device_kinds = kinds;
    ret->evidence.device_kind_count = procedure->need_count;
    return 0;
}

/* ---- operations, and what is listed ---- */

/* The first operation that is not before ${procedure} at ${hospital} after ${when}. */
static size_t first_case(
    const struct network *n, uint32_t procedure, uint32_t hospital, int64_t when)
{
    size_t low = 0, high = n->case_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct network_case *one = &n->cases[middle];

        if (one->thing < procedure ||
            (one->thing == procedure &&
                (one->hospital < hospital ||
                    (one->hospital == hospital && one->judged.when <= when))))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void gather_cases(const struct network_look *look, struct network_evidence *ret)
{
    const struct network *n = look->network;
    int64_t after = look->recent ? look->at - look->recent : INT64_MIN;
    int64_t until = look->recent ? look->at : INT64_MAX;
    size_t low = first_case(n, ret->procedure, ret->hospital, after);
    size_t end = first_case(n, ret->procedure, ret->hospital, until);

    ret->cases = n->cases + low;
    ret->evidence.cases = n->judged + low;
    ret->evidence.case_count = end - low;
}

bool network_is_listed(const struct network *n, uint32_t hospital, uint32_t thing)
{
    size_t low = 0, high = n->listed_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct network_listed *one = &n->listed[middle];

        if (one->hospital < hospital ||
            (one->hospital == hospital && one->thing < thing))
            low = middle + 1;
        else
            high = middle;
    }
    return low < n->listed_count && n->listed[low].hospital == hospital &&
           n->listed[low].thing == thing;
}

int network_evidence_gather(const struct network_look *look, uint32_t hospital,
    uint32_t procedure, struct network_evidence *ret)
{
    int r = 0;

    *ret = (struct network_evidence){.procedure = procedure, .hospital = hospital};
    r = gather_people(look, ret);
    if (r == 0)
        r = gather_links(look, ret);
    if (r == 0)
        r = gather_devices(look, ret);
    if (r < 0)
        return r;
    gather_cases(look, ret);
    ret->evidence.hands = catalogue_thing(procedure)->hands;
    ret->evidence.listed = network_is_listed(look->network, hospital, procedure);
    return 0;
}
