/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The level of a procedure or an illness at a hospital, and of everything at a hospital, from
 * the evidence that routing uses.
 *
 * What an illness needs is gathered by itself only where somebody is signed off in, or learns,
 * the illness as such; else the answers of its procedures are put together as they are.
 */
#include "app/network_map.h"

#include "base/limits.h"

#include "app/network_internal.h"

/* The least of what the procedures have: an illness is demonstrated when all it needs is. */
static struct capability_answer own_of(
    const struct capability_answer *needs, size_t count, bool listed)
{
    struct capability_answer own = {.listed = listed,
        .cases = needs[0].cases,
        .sustained_cases = needs[0].sustained_cases};

    for (size_t i = 1; i < count; i++) {
        if (needs[i].cases < own.cases)
            own.cases = needs[i].cases;
        if (needs[i].sustained_cases < own.sustained_cases)
            own.sustained_cases = needs[i].sustained_cases;
    }
    return own;
}

struct capability_answer network_all_of(
    const struct capability_answer *needs, size_t count, bool listed)
{
    struct capability_answer own = own_of(needs, count, listed);

    return capability_of_all(needs, count, &own, &capability_rules_default);
}

#define DAY ((int64_t)24 * 60 * 60 * 1000)

/* One hospital, as it is asked about. */
struct mapping {
    const struct network_map_asked *asked;
    struct network_look look;
    uint32_t hospital;
    const struct capability_answer *known; /* of all procedures, without any illness */
};

static int answer_procedure(
    const struct mapping *m, uint32_t procedure, struct capability_answer *ret)
{
    struct network_evidence e;
    int r = network_evidence_gather(&m->look, m->hospital, procedure, &e);

    if (r == 0)
        *ret = capability_at(&e.evidence, &capability_rules_default, m->asked->at,
            m->asked->without_experts);
    return r;
}

/* ${apart}: gather what it needs for this illness; else take what is known. */
static int answer_illness(
    struct mapping *m, uint32_t illness, bool apart, struct capability_answer *ret)
{
    const struct catalogue_entry *entry = catalogue_thing(illness);
    struct capability_answer needs[LIMIT_CATALOGUE_NEEDS];
    int r = 0;

    m->look.things = &illness;
    m->look.thing_count = 1;
    for (size_t i = 0; r == 0 && i < entry->need_count; i++) {
        if (!apart)
            needs[i] = m->known[entry->needs[i]];
        else
            r = answer_procedure(m, entry->needs[i], &needs[i]);
    }
    m->look.things = NULL;
    m->look.thing_count = 0;
    if (r == 0)
        *ret = network_all_of(needs, entry->need_count,
            network_is_listed(m->look.network, m->hospital, illness));
    return r;
}

int network_capability(const struct network *n, struct arena *a,
    const struct network_map_asked *asked, uint32_t hospital, uint32_t thing,
    struct capability_answer *ret)
{
    struct mapping m = {.asked = asked,
        .look = {.network = n, .a = a, .at = asked->at},
        .hospital = hospital};

    return catalogue_is_procedure(thing) ? answer_procedure(&m, thing, ret)
                                         : answer_illness(&m, thing, true, ret);
}

int network_capabilities(const struct network *n, struct arena *scratch,
    const struct network_map_asked *asked, uint32_t hospital,
    struct capability_answer *ret)
{
    struct mapping m = {.asked = asked,
        .look = {.network = n, .a = scratch, .at = asked->at},
        .hospital = hospital,
        .known = ret};
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < catalogue_procedure_count; i++) {
        r = answer_procedure(&m, i, &ret[i]);
        arena_reset(scratch);
    }
    for (uint32_t i = (uint32_t)catalogue_procedure_count;
         r == 0 && i < catalogue_things(); i++) {
        r = answer_illness(&m, i, n->carried[i] > 0, &ret[i]);
        if (n->carried[i] > 0)
            arena_reset(scratch);
    }
    return r;
}

/* ---- illnesses alone ---- */

/* What is known of ${procedure} without looking at its evidence: what nobody is signed off in, learns or teaches, nobody does, and
 * where nobody is here who is, hands do nothing; a twin can only advise. */
static bool is_none(const struct mapping *m, const bool *here, uint32_t procedure)
{
    return m->look.network->carried[procedure] == 0 ||
           (!here[procedure] && catalogue_thing(procedure)->hands);
}

static int answer_procedures(
    struct mapping *m, const bool *here, struct capability_answer *ret)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < catalogue_procedure_count; i++) {
        if (is_none(m, here, i)) {
            ret[i].level = CAPABILITY_NONE;
            continue;
        }
        r = answer_procedure(m, i, &ret[i]);
        arena_reset(m->look.a);
    }
    return r;
}

/* Is one of the procedures that ${illness} needs done by nobody? Then so is the illness. */
static bool lacks(const struct mapping *m, const struct catalogue_entry *illness)
{
    for (size_t i = 0; i < illness->need_count; i++) {
        if (m->known[illness->needs[i]].level == CAPABILITY_NONE)
            return true;
    }
    return false;
}

static int level_of(struct mapping *m, uint32_t illness, struct network_level *ret)
{
    const struct network *n = m->look.network;
    bool apart = n->carried[illness] > 0;
    struct capability_answer answer = {.level = CAPABILITY_NONE};
    int r = 0;

    *ret = (struct network_level){.listed = network_is_listed(n, m->hospital, illness)};
    if (!apart && lacks(m, catalogue_thing(illness)))
        return 0;
    r = answer_illness(m, illness, apart, &answer);
    ret->level = (uint8_t)answer.level;
    ret->demonstrated = answer.demonstrated;
    ret->sustained = answer.sustained;
    if (apart)
        arena_reset(m->look.a);
    return r;
}

int network_levels(const struct network *n, struct arena *scratch,
    const struct network_map_asked *asked, uint32_t hospital, struct network_level *ret)
{
    const struct network_carriers *all = n->carriers[hospital];
    struct arena *a = arena_new();
    struct capability_answer *known =
        a ? arena_array(a, catalogue_procedure_count + 1u, sizeof(*known)) : NULL;
    bool *here = a ? arena_array(a, catalogue_things() + 1u, sizeof(*here)) : NULL;
    struct mapping m = {.asked = asked,
        .look = {.network = n,
            .a = scratch,
            .at = asked->at,
            .recent = capability_rules_default.within_days * DAY},
        .hospital = hospital,
        .known = known};
    int r = known && here ? 0 : E_NOMEM;

    for (size_t i = 0; r == 0 && i < all->count; i++)
        here[all->list[i].thing] = true;
    if (r == 0)
        r = answer_procedures(&m, here, known);
    for (uint32_t i = (uint32_t)catalogue_procedure_count;
         r == 0 && i < catalogue_things(); i++)
        r = level_of(&m, i, &ret[i - catalogue_procedure_count]);
    arena_free(a);
    return r;
}

uint64_t network_serial(const struct network *n)
{
    return n->serial;
}

size_t network_hospital_count(const struct network *n)
{
    return n->hospital_count;
}

struct network_name network_hospital_name(const struct network *n, uint32_t hospital)
{
    return n->hospitals[hospital].name;
}

struct network_name network_person_name(const struct network *n, uint32_t person)
{
    return n->persons[person].name;
}

bool network_is_in(const struct network *n, uint32_t hospital, struct str area)
{
    const struct routing_hospital *h = &n->hospitals[hospital].routed;
    size_t number = 0;

    return text_map_get(&n->area_ids, area, &number) &&
           (h->region == number || h->prefecture == number);
}

bool network_is_assisted(const struct network *n, uint32_t hospital)
{
    unsigned region = n->hospitals[hospital].routed.region;

    for (size_t i = 0; i < n->link_count; i++) {
        uint32_t helped = n->links[i].helped;

        if (helped == hospital ||
            (region != 0 && n->hospitals[helped].routed.region == region))
            return true;
    }
    return false;
}

static struct str area_of(const struct network *n, unsigned number)
{
    return number ? n->areas[number] : (struct str){NULL, 0};
}

struct str network_prefecture(const struct network *n, uint32_t hospital)
{
    return area_of(n, n->hospitals[hospital].routed.prefecture);
}

struct str network_region(const struct network *n, uint32_t hospital)
{
    return area_of(n, n->hospitals[hospital].routed.region);
}
