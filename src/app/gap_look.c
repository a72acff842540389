/* SPDX-License-Identifier: Apache-2.0 */
#include "app/gap_internal.h"
#include "engine/capability/capability.h"

static const char *const states[GAP_STATES] = {
    [GAP_OPENED] = "opened",
    [GAP_PLANNED] = "planned",
    [GAP_EQUIPPED] = "equipped",
    [GAP_FIRST_CASE] = "first-case",
    [GAP_LAPSED] = "lapsed",
    [GAP_FILLED] = "filled",
};

const char *gap_state_code(enum gap_state state)
{
    return state < GAP_STATES ? states[state] : NULL;
}

enum gap_state gap_judge(const struct gap_facts *facts)
{
    if (facts->demonstrated)
        return GAP_FILLED;
    if (facts->was_filled)
        return GAP_LAPSED;
    if (facts->done)
        return GAP_FIRST_CASE;
    if (facts->equipped)
        return GAP_EQUIPPED;
    return facts->planned ? GAP_PLANNED : GAP_OPENED;
}

int gap_all(const struct seek *s, size_t most, struct seek_list *ret, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("code"), STR(EQUIPMENT_WORK_SYSTEM "|technique-gap")},
        {STR("_sort"), STR("-authored-on")}, {STR("_count"), STR("1000")},
        {STR("_total"), STR("none")}};

    return seek_all(s, &(struct seek_for){"Task", pairs, 4, most}, ret, err);
}

/* ---- what it is about ---- */

static bool find_thing(const struct json *service, uint32_t *ret)
{
    struct json_each type = json_each(json_get(service, "type"));

    while (json_next(&type)) {
        struct json_each coding = json_each(json_get(type.value, "coding"));

        while (json_next(&coding)) {
            struct str system = json_get_text(coding.value, "system");

            if (system.p &&
                catalogue_find(system, json_get_text(coding.value, "code"), ret))
                return true;
        }
    }
    return false;
}

static int read_service(const struct seek *s, const struct json *task,
    struct gap_look *ret, struct err *err)
{
    const struct json *service = NULL;
    int r = 0;

    ret->service = json_get_text(json_get(task, "focus"), "reference");
    r = seek_reference(s, ret->service, "HealthcareService", &service, err);
    if (r < 0 || !service)
        return r;
    ret->unit = json_get_text(json_get(service, "providedBy"), "reference");
    ret->known = find_thing(service, &ret->thing);
    return 0;
}

/* ---- equipment ---- */

static bool kind_serves(const struct gap_looking *g, uint32_t kind, uint32_t hospital)
{
    const struct network *n = g->network;

    for (size_t i = 0; i < n->device_count; i++) {
        const struct capability_interval *s = &n->devices[i].service;

        if (n->devices[i].hospital == hospital && n->devices[i].kind == kind &&
            s->from && s->from <= g->now && (s->until == 0 || g->now < s->until))
            return true;
    }
    return false;
}

static bool procedure_equipped(
    const struct gap_looking *g, uint32_t procedure, uint32_t hospital)
{
    const struct catalogue_entry *one = catalogue_thing(procedure);

    for (size_t i = 0; i < one->need_count; i++) {
        if (!kind_serves(g, one->needs[i], hospital))
            return false;
    }
    return true;
}

/* Is all that the catalogue says it needs in service there? */
static bool is_equipped(const struct gap_looking *g, const struct gap_look *l)
{
    const struct catalogue_entry *one = catalogue_thing(l->thing);

    if (catalogue_is_procedure(l->thing))
        return procedure_equipped(g, l->thing, l->hospital);
    for (size_t i = 0; i < one->need_count; i++) {
        if (!procedure_equipped(g, one->needs[i], l->hospital))
            return false;
    }
    return true;
}

/* ---- all ---- */

/* Was it demonstrated once, as the node has written? */
static bool was_filled(const struct json *task)
{
    struct json_each it = json_each(json_get(task, "output"));

    while (json_next(&it)) {
        if (equipment_has_code(json_get(it.value, "type"), GAP_STATE_SYSTEM, "filled"))
            return true;
    }
    return false;
}

int gap_stand(const struct gap_looking *g, struct gap_look *l, struct err *err)
{
    int r = 0;

    if (!l->unit.p || !network_hospital(g->network, l->unit, &l->hospital))
        l->hospital = NETWORK_NOBODY;
    if (l->known && l->hospital != NETWORK_NOBODY) {
        l->facts.equipped = is_equipped(g, l);
        l->history.first_here =
            network_first_here(g->network, l->hospital, l->thing, g->now);
        l->facts.done = l->history.first_here != 0;
        r = gap_prove(g, l, err);
    }
    l->state = gap_judge(&l->facts);
    return r;
}

int gap_read(const struct seek *s, const struct json *task, struct gap_look *ret,
    struct err *err)
{
    struct gap_look l = {.hospital = NETWORK_NOBODY};
    int r = read_service(s, task, &l, err);

    if (r < 0)
        return r;
    l.facts.planned =
        json_get(json_get(json_get(task, "restriction"), "period"), "end");
    l.facts.was_filled = was_filled(task);
    *ret = l;
    return 0;
}

int gap_look(const struct gap_looking *g, const struct json *task, struct gap_look *ret,
    struct err *err)
{
    struct gap_look l;
    int r = gap_read(g->seek, task, &l, err);

    if (r == 0)
        r = gap_stand(g, &l, err);
    if (r < 0)
        return r;
    if (l.known && l.hospital != NETWORK_NOBODY)
        network_history(g->network, l.hospital, l.thing, g->now, &l.history);
    *ret = l;
    return 0;
}
