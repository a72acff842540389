/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One cell of the map, down to what proves it: for each procedure that is needed the people
 * with their posts and sign-offs, the devices, the twins, and the operations.
 *
 * Who may read an operation gets a link to it. How many there are is told exactly to whom
 * all of them are open; others learn whether there are none, fewer than five, or five or
 * more (docs/NUMBERS.md). Who learns something is told to those who may read of it.
 */
#include "app/catalogue_put.h"
#include "app/map_internal.h"
#include "fhir/part.h"

#define FEW 5 /* counts below are hidden */

static bool holds(const struct capability_interval *i, int64_t at)
{
    return i->from != 0 && i->from <= at && (i->until == 0 || at < i->until);
}

static void put_span(
    struct json_out *o, const char *name, const struct capability_interval *span)
{
    fhir_parts_open(o, name);
    if (span->from > 1)
        fhir_part_put_instant(o, "from", span->from);
    if (span->until != 0)
        fhir_part_put_instant(o, "until", span->until);
    fhir_parts_close(o);
}

/* ---- people ---- */

static int put_person(
    struct map_answer *m, const struct network_carrier *c, struct err *err)
{
    const struct network_post *post = &m->network->posts[c->post];
    struct json_out *o = &m->out;
    bool counted = holds(&post->term, m->asked.at) &&
                   !(m->asked.without_experts && post->visiting);
    int r = 0;

    fhir_parts_open(o, "person");
    map_put_name(o, "who", &m->network->persons[post->person].name);
    map_put_name(o, "unit", &post->unit);
    r = map_put_record(m, "post", post->rid, err);
    put_span(o, "term", &post->term);
    fhir_part_put_flag(o, "visiting", post->visiting);
    if (c->sign_off.from != 0)
        put_span(o, "signed-off", &c->sign_off);
    if (c->learning.from != 0)
        put_span(o, "learns", &c->learning);
    if (c->teaching.from != 0)
        put_span(o, "teaches", &c->teaching);
    fhir_part_put_flag(o, "counts",
        counted &&
            (holds(&c->sign_off, m->asked.at) || holds(&c->learning, m->asked.at)));
    fhir_parts_close(o);
    return r;
}

static int put_people(
    struct map_answer *m, const struct network_evidence *e, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < e->count; i++) {
        const struct network_carrier *c = e->carriers[i];
        bool open = true;

        if (c->learns)
            r = access_allows(m->call->access_, c->learns, &open, err);
        if (r == 0 && open)
            r = put_person(m, c, err);
    }
    return r;
}

/* ---- equipment and twins ---- */

static int put_devices(
    struct map_answer *m, const struct network_evidence *e, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < e->evidence.device_count; i++) {
        const struct network_device *device = e->devices[i];
        bool open = false;

        r = access_allows(m->call->access_, device->rid, &open, err);
        if (r < 0)
            break;
        fhir_parts_open(&m->out, "device");
        fhir_part_put_code(&m->out, "kind", catalogue_devices[device->kind].code);
        if (open)
            r = map_put_record(m, "record", device->rid, err);
        fhir_part_put_flag(&m->out, "in-service", holds(&device->service, m->asked.at));
        fhir_parts_close(&m->out);
    }
    for (size_t i = 0; i < e->evidence.device_kind_count; i++) {
        uint32_t kind = e->evidence.device_kinds[i];
        bool there = false;

        for (size_t k = 0; k < e->evidence.device_count && !there; k++)
            there = e->devices[k]->kind == kind;
        if (!there)
            fhir_part_put_code(&m->out, "no-device", catalogue_devices[kind].code);
    }
    return r;
}

static int put_links(
    struct map_answer *m, const struct network_evidence *e, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < e->evidence.link_count; i++) {
        const struct network_link *link = e->links[i];

        fhir_parts_open(&m->out, "link");
        map_put_name(&m->out, "unit", &link->unit);
        r = map_put_record(m, "record", link->rid, err);
        put_span(&m->out, "term", &link->term);
        fhir_part_put_flag(&m->out, "counts", !m->asked.without_experts);
        fhir_parts_close(&m->out);
    }
    return r;
}

/* ---- operations ---- */

static void put_number_of(struct json_out *o, const char *name, int count, bool exact)
{
    if (exact || count == 0)
        fhir_part_put_int(o, name, count);
    else
        fhir_part_put_code(o, name, count < FEW ? "fewer-than-5" : "5-or-more");
}

/* Those of the year that ends at the moment that is asked about. */
static int put_operations(
    struct map_answer *m, const struct network_evidence *e, struct err *err)
{
    const struct capability_rules *rules = &capability_rules_default;
    int64_t begin = m->asked.at - rules->within_days * (int64_t)24 * 3600 * 1000;
    int counted = 0, failed = 0, unknown = 0, visitors = 0;
    bool exact = true;
    int r = 0;

    fhir_parts_open(&m->out, "operations");
    for (size_t i = 0; r == 0 && i < e->evidence.case_count; i++) {
        const struct capability_case *one = &e->evidence.cases[i];
        bool open = false;

        if (one->when <= begin || one->when > m->asked.at)
            continue;
        r = access_allows(m->call->access_, e->cases[i].rid, &open, err);
        exact = exact && open;
        visitors += !one->local;
        unknown += one->local && !one->outcome_known;
        failed += one->local && one->outcome_known && !one->success;
        counted += one->local && one->outcome_known && one->success;
        if (r == 0 && open)
            r = map_put_record(m, "operation", e->cases[i].rid, err);
    }
    fhir_part_put_flag(&m->out, "exact", exact);
    put_number_of(&m->out, "counted", counted, exact);
    put_number_of(&m->out, "failed", failed, exact);
    put_number_of(&m->out, "outcome-unknown", unknown, exact);
    put_number_of(&m->out, "by-visitors", visitors, exact);
    fhir_parts_close(&m->out);
    return r;
}

/* ---- a procedure ---- */

static int put_need(
    struct map_answer *m, uint32_t hospital, uint32_t procedure, struct err *err)
{
    struct network_look look = {.network = m->network,
        .a = m->call->arena,
        .things = &m->thing,
        .thing_count = 1,
        .at = m->asked.at};
    struct network_evidence e;
    struct capability_answer answer;
    int r = 0;

    if (network_evidence_gather(&look, hospital, procedure, &e) < 0)
        return err_nomem(err);
    answer = capability_at(
        &e.evidence, &capability_rules_default, m->asked.at, m->asked.without_experts);
    fhir_parts_open(&m->out, "need");
    catalogue_put_thing(&m->out, "code", procedure);
    map_put_answer(&m->out, m->network, &answer);
    fhir_part_put_flag(&m->out, "hands", e.evidence.hands);
    r = put_people(m, &e, err);
    if (r == 0)
        r = put_devices(m, &e, err);
    if (r == 0)
        r = put_links(m, &e, err);
    if (r == 0)
        r = put_operations(m, &e, err);
    fhir_parts_close(&m->out);
    return r;
}

static void put_head(
    struct map_answer *m, uint32_t hospital, const struct capability_answer *answer)
{
    const struct capability_rules *rules = &capability_rules_default;
    struct network_name name = network_hospital_name(m->network, hospital);
    struct json_out *o = &m->out;

    map_put_name(o, "hospital", &name);
    catalogue_put_thing(o, "code", m->thing);
    fhir_part_put_instant(o, "date", m->asked.at);
    fhir_part_put_flag(o, "without-experts", m->asked.without_experts);
    fhir_parts_open(o, "rules");
    fhir_part_put_int(o, "cases", rules->cases);
    fhir_part_put_int(o, "within-days", rules->within_days);
    fhir_part_put_int(o, "leaving-days", rules->leaving_days);
    fhir_parts_close(o);
    map_put_answer(o, m->network, answer);
}

int map_cell_write(struct map_answer *m, uint32_t hospital, struct err *err)
{
    const struct catalogue_entry *entry = catalogue_thing(m->thing);
    struct json_out *o = &m->out;
    struct capability_answer answer;
    int r = 0;

    if (network_capability(
            m->network, m->scratch, &m->asked, hospital, m->thing, &answer) < 0)
        return err_nomem(err);
    fhir_parameters_open(o);
    put_head(m, hospital, &answer);
    if (catalogue_is_procedure(m->thing))
        r = put_need(m, hospital, m->thing, err);
    for (size_t i = 0;
         r == 0 && !catalogue_is_procedure(m->thing) && i < entry->need_count; i++)
        r = put_need(m, hospital, entry->needs[i], err);
    fhir_parameters_close(o);
    return r;
}
