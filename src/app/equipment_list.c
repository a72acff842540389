/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Device/$equipment: what the hospitals on both sides of the caller's pairings have and
 * wait for, each with its steps, delays, faults and what its absence stops. Days are counted
 * here, from dates and now.
 *
 *   hospital   Organization/ID: only of this one (or of the hospital of this unit)
 *   device     Device/ID: only this one
 */
#include "app/equipment_internal.h"
#include "app/logbook_internal.h"
#include "app/network_internal.h"
#include "fhir/part.h"
#include "fhir/value.h"

#define UPTIME_DAYS 365

struct listing {
    struct app_call *call;
    struct seek seek;
    const struct network *network;
    struct json_out o;
    utc_ms now;
    struct str hospital; /* asked for; p NULL: all */
    struct str device;
    bool leads; /* the caller leads somewhere that was told */
};

/* ---- parts ---- */

static void put_who(struct listing *l, const char *name, struct str reference)
{
    if (!reference.p)
        return;
    fhir_part_put_reference(
        &l->o, name, reference, procedure_name(l->call, l->seek.snapshot, reference));
}

static utc_ms day_of(struct str text)
{
    utc_ms lo = 0, hi = 0;

    return text.p && fhir_date_range(text, &lo, &hi) ? lo : 0;
}

/* The last word that was said about it. */
static struct str last_word(const struct json *task)
{
    const struct json *notes = json_get(task, "note");
    size_t count = json_count(notes);

    return count ? json_get_text(json_at(notes, count - 1), "text")
                 : (struct str){NULL, 0};
}

/* ---- steps ---- */

static void put_trained(struct listing *l, const struct json *task)
{
    struct json_each it = json_each(json_get(task, "output"));

    while (json_next(&it))
        put_who(l, "person",
            json_get_text(json_get(it.value, "valueReference"), "reference"));
}

static void put_step(
    struct listing *l, enum equipment_step step, struct str id, const struct json *task)
{
    struct equipment_task t = {.kind = NULL};
    int64_t late = 0;

    equipment_task_from(&t, task);
    late = equipment_days_late(day_of(t.due), day_of(t.done), l->now);
    fhir_parts_open(&l->o, "step");
    fhir_part_put(&l->o, "code", "valueCode", str_of(equipment_step_code(step)));
    fhir_part_put(&l->o, "task", "valueId", id);
    fhir_part_put(&l->o, "due", "valueDate", t.due);
    fhir_part_put(&l->o, "expected", "valueDate", t.expected);
    fhir_part_put(&l->o, "done", "valueDate", t.done);
    if (late > 0)
        fhir_part_put_int(&l->o, "days-late", late);
    put_who(l, "owner", t.owner);
    fhir_part_put(&l->o, "word", "valueString", last_word(task));
    put_trained(l, task);
    fhir_parts_close(&l->o);
}

static int put_steps(struct listing *l, struct str device, struct err *err)
{
    for (int i = 0; i < EQUIPMENT_STEPS; i++) {
        char *id = arena_alloc(l->seek.a, EQUIPMENT_ID_CHARS + 1);
        const struct json *task = NULL;
        int r = id ? 0 : err_nomem(err);

        if (r == 0) {
            equipment_step_id(device, (enum equipment_step)i, id);
            r = seek_record(&l->seek, "Task", str_of(id), NULL, &task, err);
        }
        if (r < 0)
            return r;
        if (task)
            put_step(l, (enum equipment_step)i, str_of(id), task);
    }
    return 0;
}

/* ---- faults and uptime ---- */

static void put_fault(struct listing *l, struct str id, const struct json *task)
{
    struct equipment_task t = {.kind = NULL};

    equipment_task_from(&t, task);
    fhir_parts_open(&l->o, "fault");
    fhir_part_put(&l->o, "task", "valueId", id);
    fhir_part_put(&l->o, "what", "valueString", t.description);
    fhir_part_put_flag(&l->o, "stops", equipment_stops(task));
    fhir_part_put(&l->o, "from", "valueDateTime", t.from);
    fhir_part_put(&l->o, "until", "valueDateTime", t.done);
    fhir_part_put_int(
        &l->o, "days", equipment_days_between(day_of(t.from), day_of(t.done), l->now));
    put_who(l, "owner", t.owner);
    fhir_part_put(&l->o, "word", "valueString", last_word(task));
    fhir_parts_close(&l->o);
}

static int put_faults(struct listing *l, struct str device, struct err *err)
{
    struct seek_list found = {NULL, 0};
    int r = equipment_tasks(&l->seek, device, "equipment-fault", &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        struct store_record rec = {0};
        const struct json *task = NULL;

        r = seek_rid(&l->seek, found.rids[i], &rec, &task, err);
        if (r == 0 && task)
            put_fault(l, rec.id, task);
    }
    return r;
}

static void put_uptime(struct listing *l, const struct json *device)
{
    struct equipment_span *spans =
        arena_array(l->seek.a, LIMIT_EQUIPMENT_SPANS, sizeof(*spans));
    size_t count = 0;
    int64_t days = 0;
    int tenths = 0;
    char text[16];

    while (spans && count < LIMIT_EQUIPMENT_SPANS &&
           equipment_span_at(device, count, &spans[count]))
        count++;
    if (count == 0)
        return;
    tenths =
        equipment_uptime(spans, count, l->now, UPTIME_DAYS * EQUIPMENT_DAY_MS, &days);
    if (tenths < 0)
        return;
    snprintf(text, sizeof(text), "%d.%d", tenths / 10, tenths % 10);
    fhir_part_open(&l->o, "uptime");
    json_name(&l->o, "valueDecimal");
    json_put_raw(&l->o, str_of(text));
    json_close(&l->o, '}');
    fhir_part_put_int(&l->o, "uptime-days", days);
}

/* ---- what it is for ---- */

/* Is ${procedure} something that somebody with a post at ${hospital} is signed off in now? */
static bool is_carried(const struct listing *l, uint32_t procedure, uint32_t hospital)
{
    const struct network *n = l->network;
    size_t count = 0;
    const struct network_carrier *list =
        network_carriers_of(n, procedure, hospital, &count);

    for (size_t i = 0; i < count; i++) {
        const struct capability_interval *s = &list[i].sign_off;
        const struct capability_interval *p = &n->posts[list[i].post].term;

        if (s->from && s->from <= l->now && (s->until == 0 || l->now < s->until) &&
            p->from && p->from <= l->now && (p->until == 0 || l->now < p->until))
            return true;
    }
    return false;
}

/* Does another device of ${kind} serve there? */
static bool is_there(const struct listing *l, uint32_t kind, uint32_t hospital)
{
    const struct network *n = l->network;

    for (size_t i = 0; i < n->device_count; i++) {
        const struct capability_interval *s = &n->devices[i].service;

        if (n->devices[i].hospital == hospital && n->devices[i].kind == kind &&
            s->from && s->from <= l->now && (s->until == 0 || l->now < s->until))
            return true;
    }
    return false;
}

/* What is off as long as no device of its kind serves: people here could do it. */
static void put_stopped(struct listing *l, struct str kind, uint32_t hospital)
{
    uint32_t number = 0;

    if (!kind.p || hospital == NETWORK_NOBODY ||
        !catalogue_find_device(kind, &number) || is_there(l, number, hospital))
        return;
    for (uint32_t p = 0; p < catalogue_procedure_count; p++) {
        const struct catalogue_entry *one = &catalogue_procedures[p];
        bool needs = false;

        for (size_t k = 0; k < one->need_count; k++)
            needs = needs || one->needs[k] == number;
        if (needs && is_carried(l, p, hospital))
            fhir_part_put(&l->o, "stops", "valueCode", str_of(one->code));
    }
}

/* ---- a device ---- */

static const char *state_of(const struct json *device)
{
    struct equipment_span first;

    if (!str_is(json_get_text(device, "status"), "active") &&
        !str_is(json_get_text(device, "status"), "inactive"))
        return "unknown";
    if (equipment_serves(device))
        return "in-service";
    return equipment_span_at(device, 0, &first) ? "stopped" : "coming";
}

static struct str name_of(const struct json *device)
{
    return json_get_text(json_at(json_get(device, "deviceName"), 0), "name");
}

static void put_head(struct listing *l, const struct store_record *rec,
    const struct json *device, struct str unit, uint32_t hospital)
{
    fhir_part_put(&l->o, "id", "valueId", rec->id);
    fhir_part_put(&l->o, "name", "valueString", name_of(device));
    fhir_part_put(&l->o, "kind", "valueCode",
        network_code_in(json_get(device, "type"), CATALOGUE_DEVICE_SYSTEM));
    fhir_part_put(&l->o, "state", "valueCode", str_of(state_of(device)));
    put_who(l, "unit", unit);
    if (hospital != NETWORK_NOBODY)
        put_who(l, "hospital", l->network->hospitals[hospital].name.reference);
}

static int put_device(struct listing *l, const struct store_record *rec,
    const struct json *device, struct str unit, struct err *err)
{
    const char *name =
        arena_printf(l->seek.a, "Device/%.*s", (int)rec->id.len, rec->id.p);
    uint32_t hospital = NETWORK_NOBODY;
    enum keeper keeper = KEEPER_LEADS;
    int r = name ? call_saw(l->call, rec, err) : err_nomem(err);

    if (r == 0 && l->call->access_)
        r = keeper_of(l->call->access_, unit, &keeper, err);
    if (r < 0)
        return r;
    if (!unit.p || !network_hospital(l->network, unit, &hospital))
        hospital = NETWORK_NOBODY;
    fhir_parts_open(&l->o, "device");
    put_head(l, rec, device, unit, hospital);
    fhir_part_put_flag(&l->o, "may-keep", keeper != KEEPER_NONE);
    fhir_part_put_flag(&l->o, "may-lead", keeper == KEEPER_LEADS);
    put_uptime(l, device);
    put_stopped(l, network_code_in(json_get(device, "type"), CATALOGUE_DEVICE_SYSTEM),
        hospital);
    r = put_steps(l, str_of(name), err);
    if (r == 0)
        r = put_faults(l, str_of(name), err);
    fhir_parts_close(&l->o);
    return r;
}

/* Is it equipment, and of the hospital that was asked for? */
static int is_asked(struct listing *l, const struct json *device, struct str *ret_unit,
    bool *ret, struct err *err)
{
    uint32_t wanted = 0, hospital = 0;
    int r = 0;

    *ret = false;
    *ret_unit = json_get_text(json_get(device, "owner"), "reference");
    if (!device || json_get(device, "patient") ||
        str_is(json_get_text(device, "status"), "entered-in-error"))
        return 0;
    if (l->call->access_)
        r = keeper_unit_of(l->call->access_, device, ret_unit, err);
    if (r < 0)
        return r;
    *ret =
        !l->hospital.p ||
        (ret_unit->p && network_hospital(l->network, l->hospital, &wanted) &&
            network_hospital(l->network, *ret_unit, &hospital) && wanted == hospital);
    return 0;
}

static int list_one(struct listing *l, store_rid rid, size_t *count, struct err *err)
{
    struct store_record rec = {0};
    const struct json *device = NULL;
    struct str unit = {NULL, 0};
    bool allowed = false;
    bool asked = false;
    int r = access_allows_live(l->call->access_, rid, &allowed, err);

    if (r < 0 || !allowed)
        return r;
    r = seek_rid(&l->seek, rid, &rec, &device, err);
    if (r == 0)
        r = is_asked(l, device, &unit, &asked, err);
    if (r < 0 || !asked)
        return r;
    (*count)++;
    return put_device(l, &rec, device, unit, err);
}

static int list_all(struct listing *l, struct err *err)
{
    const struct search_pair pairs[] = {{STR("_total"), STR("none")},
        {STR("_count"), STR("200")}, {STR("_id"), l->device}};
    struct seek_list found = {NULL, 0};
    size_t count = 0;
    int r = seek_all(&l->seek,
        &(struct seek_for){"Device", pairs, l->device.p ? 3 : 2, LIMIT_NETWORK_RECORDS},
        &found, err);

    for (size_t i = 0; r == 0 && i < found.count && count < LIMIT_EQUIPMENT; i++)
        r = list_one(l, found.rids[i], &count, err);
    if (r == 0 && count == LIMIT_EQUIPMENT)
        fhir_part_put_flag(&l->o, "more", true);
    return r;
}

/* ---- the way ---- */

static int take(struct listing *l, const struct rest *rest, struct err *err)
{
    for (size_t i = 0; i < rest->pair_count; i++) {
        const struct search_pair *pair = &rest->pairs[i];

        if (str_is(pair->name, "hospital")) {
            l->hospital = pair->value;
        } else if (str_is(pair->name, "device")) {
            l->device = seek_id(&l->seek, pair->value, "Device");
            if (!l->device.p)
                return err_set(err, E_INVALID, "device", "device must be a Device/ID.");
        } else {
            return err_set(err, E_INVALID, pair->name.p,
                "$equipment takes hospital and device, and nothing else.");
        }
    }
    return 0;
}

int equipment_list(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct listing l = {.call = call, .now = call_now(call)};
    struct store_reader *snapshot = NULL;
    int r = networks_take(call->app->networks, &l.network, err);

    if (r < 0)
        return r;
    r = call_read_begin(call, &snapshot, err);
    l.seek = (struct seek){call->app, snapshot, call->arena};
    l.o = json_out(&call->answer);
    if (r == 0)
        r = take(&l, rest, err);
    if (r == 0 && call->access_)
        r = access_make(call->access_, err);
    fhir_parameters_open(&l.o);
    if (r == 0)
        r = list_all(&l, err);
    fhir_parameters_close(&l.o);
    call_read_end(call, snapshot);
    network_release(l.network);
    return r;
}
