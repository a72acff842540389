/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Task/$gap: a technique gap is opened. Task/ID/$gap: its plan changes.
 *
 *   unit      Organization/ID: the hospital or department that shall be able to (opening)
 *   thing     what: a valueCoding, a procedure or an illness of the catalogue (opening)
 *   owner     who answers for it: Practitioner/ID or Organization/ID
 *   planned   the day by which it shall be done for the first time: said once, never moved
 *   device    Device/ID that is bought for it, repeated
 *   word      why
 *   id        a random UUID (opening)
 *
 * Heads of department, directors and coordinators. Where it stands is not said here.
 */
#include "base/id.h"

#include "app/gap_internal.h"
#include "fhir/put.h"

struct opening {
    struct equipment *e;
    struct str id;
    struct str service; /* "HealthcareService/ID" */
    struct str system, code;
    struct str owner;
    struct str word;
    struct equipment_when planned;
    struct str devices[LIMIT_EQUIPMENT_PEOPLE];
    size_t device_count;
    const struct json *before; /* NULL: it is opened */
};

/* ---- what was posted ---- */

static int take_devices(struct opening *g, struct err *err)
{
    struct json_each it = json_each(json_get(g->e->body, "parameter"));
    int r = 0;

    while (r == 0 && json_next(&it)) {
        if (!str_is(json_get_text(it.value, "name"), "device"))
            continue;
        if (g->device_count == LIMIT_EQUIPMENT_PEOPLE)
            return err_set(err, E_TOO_LARGE, "device", "At most %d devices are named.",
                LIMIT_EQUIPMENT_PEOPLE);
        r = equipment_take_reference(
            g->e, it.value, "Device", "device", &g->devices[g->device_count], err);
        g->device_count += r == 0;
    }
    return r;
}

static int take_plan(struct opening *g, struct err *err)
{
    struct equipment *e = g->e;
    int r = equipment_take_reference(e, body_parameter(e->body, "owner"),
        "Practitioner Organization", "owner", &g->owner, err);

    if (r == 0)
        r = equipment_take_when(
            e, body_parameter(e->body, "planned"), "planned", &g->planned, err);
    if (r == 0 && g->planned.text.len > 10)
        r = err_set(err, E_INVALID, "planned", "planned is a day, as in 2026-05-01.");
    if (r == 0)
        r = procedure_word(e->body, "word", &g->word, err);
    return r == 0 ? take_devices(g, err) : r;
}

static int take_thing(struct opening *g, struct err *err)
{
    const struct json *coding =
        json_get(body_parameter(g->e->body, "thing"), "valueCoding");
    uint32_t thing = 0;

    g->system = json_get_text(coding, "system");
    g->code = json_get_text(coding, "code");
    if (g->system.p && g->code.p && catalogue_find(g->system, g->code, &thing))
        return 0;
    return err_set(err, E_INVALID, "thing",
        "Say what the hospital shall be able to do: a valueCoding, a procedure of "
        "CodeSystem/procedure or an illness of ICD-10 that the catalogue has.");
}

static int check_leads(const struct equipment *e, struct err *err)
{
    if (e->keeper == KEEPER_LEADS)
        return 0;
    return err_set(err, E_FORBIDDEN, NULL,
        "Gaps are opened and planned by heads of department and directors of the "
        "hospital, and by the coordinators of its pairings.");
}

/* ---- records ---- */

static void put_codes(struct json_out *o, enum gap_state state)
{
    fhir_put_concept(
        o, "businessStatus", GAP_STATE_SYSTEM, str_of(gap_state_code(state)));
    json_member(o, "intent", STR("plan"));
    fhir_put_concept(o, "code", EQUIPMENT_WORK_SYSTEM, STR("technique-gap"));
}

static bool is_named(const struct json *inputs, struct str device)
{
    struct json_each it = json_each(inputs);

    while (json_next(&it)) {
        if (str_eq(json_get_text(json_get(it.value, "valueReference"), "reference"),
                device))
            return true;
    }
    return false;
}

static void put_inputs(struct json_out *o, const struct opening *g)
{
    struct json_each it = json_each(json_get(g->before, "input"));

    if (g->device_count == 0 && json_count(json_get(g->before, "input")) == 0)
        return;
    json_name(o, "input");
    json_open(o, '[');
    while (json_next(&it))
        json_put_value(o, it.value);
    for (size_t i = 0; i < g->device_count; i++) {
        if (is_named(json_get(g->before, "input"), g->devices[i]))
            continue;
        json_open(o, '{');
        fhir_put_concept(o, "type", EQUIPMENT_WORK_SYSTEM, STR("equipment-step"));
        fhir_put_reference(o, "valueReference", g->devices[i]);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static void put_plan(struct json_out *o, const struct opening *g)
{
    fhir_put_time(o, "lastModified", g->e->now);
    if (g->owner.p)
        fhir_put_reference(o, "owner", g->owner);
    equipment_put_notes(o, g->e, json_get(g->before, "note"), g->word);
    if (g->planned.text.p) {
        json_name(o, "restriction");
        json_open(o, '{');
        json_name(o, "period");
        json_open(o, '{');
        json_member(o, "end", g->planned.text);
        json_close(o, '}');
        json_close(o, '}');
    }
    put_inputs(o, g);
}

static int put_task(struct opening *g, struct err *err)
{
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Task"));
    json_member(&o, "id", g->id);
    json_member(&o, "status", STR("in-progress"));
    put_codes(&o, g->planned.text.p ? GAP_PLANNED : GAP_OPENED);
    fhir_put_reference(&o, "focus", g->service);
    fhir_put_time(&o, "authoredOn", g->e->now);
    fhir_put_reference(&o, "requester", g->e->call->caller.practitioner);
    put_plan(&o, g);
    json_close(&o, '}');
    r = change_put(
        &g->e->change, fhir_resource_named(STR("Task")), g->id, NULL, &b, err);
    buf_done(&b);
    return r;
}

/* A service that is not offered yet: inactive, so that nobody takes it for listed. */
static int put_service(struct opening *g, struct str id, struct err *err)
{
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("HealthcareService"));
    json_member(&o, "id", id);
    json_name(&o, "active");
    json_put_bool(&o, false);
    fhir_put_reference(&o, "providedBy", g->e->unit);
    json_name(&o, "type");
    json_open(&o, '[');
    json_open(&o, '{');
    json_name(&o, "coding");
    json_open(&o, '[');
    fhir_put_coding(&o, g->system.p, g->code, (struct str){NULL, 0});
    json_close(&o, ']');
    json_close(&o, '}');
    json_close(&o, ']');
    json_close(&o, '}');
    r = change_put(&g->e->change, fhir_resource_named(STR("HealthcareService")), id,
        NULL, &b, err);
    buf_done(&b);
    return r;
}

/* ---- opening ---- */

/* Is there a gap on ${service} that is not filled? */
static int check_no_other(struct opening *g, struct str service, struct err *err)
{
    const struct search_pair pairs[] = {{STR("focus"), service},
        {STR("code"), STR(EQUIPMENT_WORK_SYSTEM "|technique-gap")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(&g->e->seek, &(struct seek_for){"Task", pairs, 2, 1}, &found, err);

    if (r == 0 && found.count > 0)
        r = err_set(err, E_CONFLICT, "thing",
            "This gap of the unit is open already, or was filled: it opens again by "
            "itself when it "
            "lapses.");
    return r;
}

/* The unit's service that names the thing; a new one, where there is none. */
static int find_service(struct opening *g, struct err *err)
{
    struct equipment *e = g->e;
    const char *type = arena_printf(e->call->arena, "%.*s|%.*s", (int)g->system.len,
        g->system.p, (int)g->code.len, g->code.p);
    const struct search_pair pairs[] = {
        {STR("organization"), e->unit}, {STR("service-type"), str_of(type)}};
    struct seek_list found = {NULL, 0};
    struct store_record rec = {0};
    const struct json *service = NULL;
    const char *reference = NULL;
    char *id = arena_alloc(e->call->arena, ID_UUID_CHARS + 1);
    int r = type && id ? 0 : err_nomem(err);

    if (r == 0)
        r = seek_all(&e->seek, &(struct seek_for){"HealthcareService", pairs, 2, 1},
            &found, err);
    if (r == 0 && found.count > 0)
        r = seek_rid(&e->seek, found.rids[0], &rec, &service, err);
    if (r < 0)
        return r;
    if (!service) {
        id_uuid7(e->now, id);
        rec.id = str_of(id);
    }
    reference = arena_printf(
        e->call->arena, "HealthcareService/%.*s", (int)rec.id.len, rec.id.p);
    if (!reference)
        return err_nomem(err);
    g->service = str_of(reference);
    if (service)
        return check_no_other(g, g->service, err);
    r = put_task(g, err);
    return r == 0 ? put_service(g, rec.id, err) : r;
}

static int take_unit(struct equipment *e, struct err *err)
{
    int r = equipment_take_reference(
        e, body_parameter(e->body, "unit"), "Organization", "unit", &e->unit, err);

    if (r == 0 && !e->unit.p)
        r = err_set(err, E_INVALID, "unit",
            "Say whose gap it is: the parameter unit, a reference to an Organization.");
    if (r == 0)
        r = keeper_of(e->call->access_, e->unit, &e->keeper, err);
    return r == 0 ? check_leads(e, err) : r;
}

/* Was this gap opened by the caller already? */
static int look_for_first(struct opening *g, struct err *err)
{
    struct equipment_again again = {.otherwise = "This gap was opened already."};
    struct store_record rec = {0};
    const struct json *there = NULL;
    int r = seek_record(&g->e->seek, "Task", g->id, &rec, &there, err);

    if (r < 0 || !there)
        return r;
    again.record = &rec;
    again.same = equipment_has_code(
                     json_get(there, "code"), EQUIPMENT_WORK_SYSTEM, "technique-gap") &&
                 equipment_by_caller(g->e, json_get(there, "requester"));
    return equipment_repeat(g->e, &again, err);
}

int gap_open(struct equipment *e, struct err *err)
{
    struct opening *g = arena_alloc(e->call->arena, sizeof(*g));
    int r = g ? 0 : err_nomem(err);

    if (r < 0)
        return r;
    *g = (struct opening){.e = e};
    r = equipment_take_only(e, "id unit thing owner planned device word", err);
    if (r == 0)
        r = equipment_take_id(e, &g->id, err);
    if (r == 0)
        r = take_unit(e, err);
    if (r == 0)
        r = take_thing(g, err);
    if (r == 0)
        r = take_plan(g, err);
    if (r == 0)
        r = look_for_first(g, err);
    if (r < 0 || e->repeated)
        return r;
    r = find_service(g, err);
    if (r == 0 && e->change.count == 0)
        r = put_task(g, err);
    return r;
}

/* ---- its plan ---- */

int gap_load(struct equipment *e, struct err *err)
{
    const struct json *service = NULL;
    bool allowed = false;
    int r =
        seek_record(&e->seek, "Task", e->rest->id, &e->device_record, &e->device, err);

    if (r == 0 && e->device)
        r = access_allows(e->call->access_, e->device_record.rid, &allowed, err);
    if (r < 0)
        return r;
    if (!allowed || !equipment_has_code(json_get(e->device, "code"),
                        EQUIPMENT_WORK_SYSTEM, "technique-gap")) {
        access_missing(e->call->access_, e->rest->type->number, e->device != NULL);
        return access_no_such(e->rest->type, e->rest->id, false, err);
    }
    r = seek_reference(&e->seek,
        json_get_text(json_get(e->device, "focus"), "reference"), "HealthcareService",
        &service, err);
    e->unit = json_get_text(json_get(service, "providedBy"), "reference");
    if (r == 0)
        r = keeper_of(e->call->access_, e->unit, &e->keeper, err);
    return r == 0 ? check_leads(e, err) : r;
}

static int put_changed(struct opening *g, struct err *err)
{
    static const char *const but[] = {
        "meta", "lastModified", "owner", "note", "restriction", "input", NULL};
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    fhir_put_but(&o, g->before, but);
    put_plan(&o, g);
    json_close(&o, '}');
    r = change_put(&g->e->change, fhir_resource_named(STR("Task")), g->e->rest->id,
        &g->e->device_record, &b, err);
    buf_done(&b);
    return r;
}

int gap_change(struct equipment *e, struct err *err)
{
    struct opening *g = arena_alloc(e->call->arena, sizeof(*g));
    struct str promised;
    int r = g ? 0 : err_nomem(err);

    if (r < 0)
        return r;
    *g = (struct opening){.e = e, .before = e->device};
    promised =
        json_get_text(json_get(json_get(g->before, "restriction"), "period"), "end");
    r = equipment_take_only(e, "owner planned device word", err);
    if (r == 0)
        r = take_plan(g, err);
    if (r == 0 && promised.p && g->planned.text.p && !str_eq(promised, g->planned.text))
        r = err_set(err, E_CONFLICT, "planned",
            "%.*s was promised, and a promise is not moved: say why it is late.",
            (int)promised.len, promised.p);
    if (!g->planned.text.p)
        g->planned.text = promised;
    if (!g->owner.p)
        g->owner = json_get_text(json_get(g->before, "owner"), "reference");
    return r == 0 ? put_changed(g, err) : r;
}
