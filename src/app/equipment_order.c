/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Device/$order: equipment that a hospital shall have, with the steps of its way.
 *
 *   unit        Organization/ID: the hospital or department whose it will be
 *   kind        a code of data/procedures.json: what procedures need
 *   name        what people call it
 *   ordered     the day it was ordered (today); may be left out where it is not ordered yet
 *   step        code, due (the day that is promised), owner (who answers for it): each step once
 *   id          a random UUID of the caller's, so that a second try makes no second one
 *
 * It is out of service until the step in-service is done.
 */
#include "base/id.h"

#include "app/catalogue.h"
#include "app/equipment_internal.h"
#include "fhir/put.h"

struct ordering {
    struct equipment *e;
    struct str id;
    struct str device; /* "Device/ID" */
    struct str kind;
    struct str name;
    struct equipment_when ordered;
    struct equipment_task steps[EQUIPMENT_STEPS];
    bool planned[EQUIPMENT_STEPS];
};

/* ---- what was posted ---- */

static int take_id(struct ordering *g, struct err *err)
{
    const char *device = NULL;
    int r = equipment_take_id(g->e, &g->id, err);

    if (r < 0)
        return r;
    device = arena_printf(g->e->call->arena, "Device/%s", g->id.p);
    g->device = str_of(device);
    return device ? 0 : err_nomem(err);
}

static int take_unit(struct ordering *g, struct err *err)
{
    struct equipment *e = g->e;
    int r = equipment_take_reference(
        e, body_parameter(e->body, "unit"), "Organization", "unit", &e->unit, err);

    if (r == 0 && !e->unit.p)
        r = err_set(err, E_INVALID, "unit",
            "Say whose it will be: the parameter unit, a reference to an "
            "Organization.");
    if (r == 0)
        r = keeper_of(e->call->access_, e->unit, &e->keeper, err);
    if (r == 0 && e->keeper != KEEPER_LEADS)
        r = err_set(err, E_FORBIDDEN, NULL,
            "Equipment is ordered by heads of department and directors of the "
            "hospital, "
            "and by the coordinators of its pairings.");
    return r;
}

static int take_what(struct ordering *g, struct err *err)
{
    uint32_t number = 0;
    int r = procedure_word(g->e->body, "name", &g->name, err);

    g->kind = json_get_text(body_parameter(g->e->body, "kind"), "valueCode");
    if (r == 0 && (!g->kind.p || !catalogue_find_device(g->kind, &number)))
        r = err_set(err, E_INVALID, "kind",
            "Say what kind of device it is: a valueCode of CodeSystem/device-kind, "
            "such "
            "as ultrasound.");
    return r;
}

static int take_step(struct ordering *g, const struct json *parameter, struct err *err)
{
    struct equipment *e = g->e;
    enum equipment_step step =
        equipment_step_of(json_get_text(body_part(parameter, "code"), "valueCode"));
    struct equipment_when due;
    struct equipment_task *t = NULL;
    int r = 0;

    if (step == EQUIPMENT_STEPS || g->planned[step])
        return err_set(err, E_INVALID, "step",
            "A step has a valueCode of CodeSystem/equipment-step, each once.");
    t = &g->steps[step];
    r = equipment_take_when(e, body_part(parameter, "due"), "due", &due, err);
    if (r == 0 && due.text.len > 10)
        r = err_set(err, E_INVALID, "due", "due is a day, as in 2026-05-01.");
    if (r == 0)
        r = equipment_take_reference(e, body_part(parameter, "owner"),
            "Practitioner Organization", "owner", &t->owner, err);
    t->due = due.text;
    g->planned[step] = true;
    return r;
}

static int take_all(struct ordering *g, struct err *err)
{
    struct json_each it = json_each(json_get(g->e->body, "parameter"));
    const struct json *ordered = body_parameter(g->e->body, "ordered");
    int r = equipment_take_only(g->e, "id unit kind name ordered step", err);

    if (r == 0)
        r = take_id(g, err);
    if (r == 0)
        r = take_unit(g, err);
    if (r == 0)
        r = take_what(g, err);
    if (r == 0 && ordered)
        r = equipment_take_past(g->e, "ordered", true, &g->ordered, err);
    while (r == 0 && json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), "step"))
            r = take_step(g, it.value, err);
    }
    return r;
}

/* ---- records ---- */

static int put_device(struct ordering *g, struct err *err)
{
    struct json_out o;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Device"));
    json_member(&o, "id", g->id);
    json_member(&o, "status", STR("inactive"));
    if (g->name.p) {
        json_name(&o, "deviceName");
        json_open(&o, '[');
        json_open(&o, '{');
        json_member(&o, "name", g->name);
        json_member(&o, "type", STR("user-friendly-name"));
        json_close(&o, '}');
        json_close(&o, ']');
    }
    fhir_put_concept(&o, "type", CATALOGUE_DEVICE_SYSTEM, g->kind);
    fhir_put_reference(&o, "owner", g->e->unit);
    json_close(&o, '}');
    r = change_put(
        &g->e->change, fhir_resource_named(STR("Device")), g->id, NULL, &b, err);
    buf_done(&b);
    return r;
}

static int put_steps(struct ordering *g, struct err *err)
{
    struct equipment *e = g->e;
    int r = 0;

    if (g->ordered.text.p) {
        g->planned[EQUIPMENT_ORDERED] = true;
        g->steps[EQUIPMENT_ORDERED].done = g->ordered.text;
    }
    g->planned[EQUIPMENT_IN_SERVICE] = true; /* what all the others are for */
    for (int i = 0; r == 0 && i < EQUIPMENT_STEPS; i++) {
        struct equipment_task *t = &g->steps[i];
        char *id = arena_alloc(e->call->arena, EQUIPMENT_ID_CHARS + 1);

        if (!g->planned[i])
            continue;
        if (!id)
            return err_nomem(err);
        equipment_step_id(g->device, (enum equipment_step)i, id);
        t->kind = "equipment-step";
        t->what_system = EQUIPMENT_STEP_SYSTEM;
        t->what = equipment_step_code((enum equipment_step)i);
        t->id = str_of(id);
        t->device = g->device;
        r = equipment_put_task(e, t, NULL, err);
    }
    return r;
}

/* Was it ordered by the caller already? Every order plans the step in-service, whose Task
 * says who. */
static int look_for_first(struct ordering *g, struct err *err)
{
    struct equipment *e = g->e;
    struct equipment_again again = {.otherwise = "This equipment was ordered already."};
    struct store_record rec = {0};
    const struct json *there = NULL;
    const struct json *task = NULL;
    char *id = arena_alloc(e->call->arena, EQUIPMENT_ID_CHARS + 1);
    int r =
        id ? seek_record(&e->seek, "Device", g->id, &rec, &there, err) : err_nomem(err);

    if (r < 0 || !there)
        return r;
    equipment_step_id(g->device, EQUIPMENT_IN_SERVICE, id);
    r = seek_record(&e->seek, "Task", str_of(id), NULL, &task, err);
    if (r < 0)
        return r;
    again.record = &rec;
    again.same =
        str_eq(json_get_text(json_get(there, "owner"), "reference"), e->unit) &&
        equipment_by_caller(e, json_get(task, "requester"));
    return equipment_repeat(e, &again, err);
}

int equipment_order(struct equipment *e, struct err *err)
{
    struct ordering *g = arena_alloc(e->call->arena, sizeof(*g));
    int r = g ? 0 : err_nomem(err);

    if (r < 0)
        return r;
    *g = (struct ordering){.e = e};
    r = take_all(g, err);
    if (r == 0)
        r = look_for_first(g, err);
    if (r == 0 && e->repeated)
        return 0;
    if (r == 0)
        r = put_device(g, err);
    return r == 0 ? put_steps(g, err) : r;
}
