/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Equipment: what a hospital had when it was first assisted, what it ordered year by year, step by
 * step until the first patient, with the delays that there are, and the days on which it stood
 * still.
 */
#include <stdio.h>

#include "app/catalogue.h"
#include "app/decade_internal.h"
#include "app/equipment_internal.h"

/*
 * Kinds of data/procedures.json, in the order in which a hospital gets them. An assisted hospital
 * has the first of them at the beginning, a county hospital fewer. Chosen.
 */
static const char *const kinds[] = {"operating-theatre", "oxygen-supply", "laboratory",
    "ultrasound", "electrocardiograph", "patient-monitor", "x-ray",
    "anaesthesia-machine", "defibrillator", "blood-bank", "phototherapy-lamp",
    "pressure-bag", "endoscope", "incubator", "microbiology", "ventilator", "ct",
    "image-intensifier", "laparoscope", "bronchoscope", "dialysis-machine",
    "ureteroscope", "operating-microscope", "arthroscope", "angiography",
    "heart-lung-machine", "linear-accelerator"};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))
#define ASSISTED_HAS 12
#define COUNTY_HAS 8

/* Chosen. */
#define ORDERS_PERMILLE 270 /* an assisted hospital, in a month */
#define COUNTY_ORDERS_PERMILLE 80
#define LATE_PERMILLE 300         /* of steps; then by 10 to 120 days */
#define FAULT_MILLIONTHS 5000     /* of devices in service, in a month: 6 % a year */
#define NOT_INSTALLED_PERMILLE 20 /* stands in its box to the end */

static const struct {
    enum equipment_step step;
    uint8_t days; /* after the one before, as promised */
} way[] = {{EQUIPMENT_ORDERED, 0}, {EQUIPMENT_ARRIVED, 90}, {EQUIPMENT_INSTALLED, 20},
    {EQUIPMENT_ACCEPTED, 5}, {EQUIPMENT_TRAINED, 12}, {EQUIPMENT_IN_SERVICE, 3},
    {EQUIPMENT_FIRST_PATIENT, 6}};
#define WAY (sizeof(way) / sizeof(way[0]))

#define SPANS 6
#define DEVICES_ALIKE 16 /* of one kind at one hospital that are looked at */
struct device {
    uint32_t hospital;
    uint8_t kind;
    uint8_t spans; /* times in service */
    bool serves;
    day_number from[SPANS], until[SPANS];
    uint32_t owner; /* who answers for its way: person */
    day_number ordered;
    day_number due[WAY], done[WAY]; /* done 0: not yet */
};

struct decade_equipment {
    struct chance chance;
    struct device *list;
    uint32_t count, room;
    uint32_t faults;
    uint32_t numbers[KINDS]; /* of the catalogue */
    uint8_t next[64]; /* by hospital: which kind comes next; beyond KINDS: any again */
};

/* ---- records ---- */

const char *decade_device_id(uint32_t device, char out[PERSON_ID_MAX])
{
    snprintf(out, PERSON_ID_MAX, "d-q%u", device + 1);
    return out;
}

static void device_write(struct decade *d, uint32_t device)
{
    const struct device *one = &d->equipment->list[device];
    char id[PERSON_ID_MAX];
    struct json_out *o = decade_open(d, "Device", decade_device_id(device, id));

    if (one->spans > 0) {
        json_name(o, "extension");
        json_open(o, '[');
        for (uint32_t i = 0; i < one->spans; i++) {
            open_extension(o, "in-service");
            put_period(o, "valuePeriod", one->from[i], one->until[i]);
            json_close(o, '}');
        }
        json_close(o, ']');
    }
    decade_gap_device(d, one->hospital);
    put_text(o, "status", one->serves ? "active" : "inactive");
    put_concept(o, "type", "device-kind", kinds[one->kind], NULL);
    put_reference(o, "owner", "Organization", d->hospitals[one->hospital].id);
    decade_close(d);
}

static void put_work(
    struct json_out *o, const char *kind, const char *system, const char *code)
{
    char url[96];

    snprintf(url, sizeof(url), BELAY "CodeSystem/%s", system);
    json_name(o, "code");
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    json_open(o, '{');
    put_text(o, "system", BELAY "CodeSystem/work");
    put_text(o, "code", kind);
    json_close(o, '}');
    json_open(o, '{');
    put_text(o, "system", url);
    put_text(o, "code", code);
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
}

/* ${expected}: what is thought now, where it is late; 0: nothing was said. */
static void step_write(
    struct decade *d, uint32_t device, size_t at, day_number expected)
{
    const struct device *one = &d->equipment->list[device];
    char id[PERSON_ID_MAX];
    char whole[PERSON_ID_MAX + 8];
    char task[EQUIPMENT_ID_CHARS + 1];
    struct json_out *o = NULL;

    snprintf(whole, sizeof(whole), "Device/%s", decade_device_id(device, id));
    equipment_step_id(str_of(whole), way[at].step, task);
    o = decade_open(d, "Task", task);
    if (expected) {
        json_name(o, "extension");
        json_open(o, '[');
        open_extension(o, "equipment-expected");
        put_date(o, "valueDate", expected);
        json_close(o, '}');
        json_close(o, ']');
    }
    put_text(o, "status", one->done[at] ? "completed" : "requested");
    put_text(o, "intent", "order");
    put_work(o, "equipment-step", "equipment-step", equipment_step_code(way[at].step));
    put_reference(o, "focus", "Device", id);
    if (one->done[at]) {
        json_name(o, "executionPeriod");
        json_open(o, '{');
        put_date(o, "end", one->done[at]);
        json_close(o, '}');
    }
    put_instant(o, "authoredOn", one->ordered, 240);
    put_instant(o, "lastModified", d->day, 300);
    put_person(d, o, "requester", one->owner);
    put_person(d, o, "owner", one->owner);
    json_name(o, "restriction");
    json_open(o, '{');
    json_name(o, "period");
    json_open(o, '{');
    put_date(o, "end", one->due[at]);
    json_close(o, '}');
    json_close(o, '}');
    decade_close(d);
}

/* of a fault: its number, the device, since when, until when (0: not yet). */
static void fault_write(struct decade *d, const uint32_t of[4])
{
    const struct device *one = &d->equipment->list[of[1]];
    char id[PERSON_ID_MAX];
    struct json_out *o = NULL;

    snprintf(id, sizeof(id), "d-j%u", of[0]);
    o = decade_open(d, "Task", id);
    put_text(o, "status", of[3] ? "completed" : "requested");
    put_text(o, "intent", "order");
    put_work(o, "equipment-fault", "equipment-fault", "stops");
    put_text(o, "description", "It does not start");
    put_reference(o, "focus", "Device", decade_device_id(of[1], id));
    json_name(o, "executionPeriod");
    json_open(o, '{');
    put_date(o, "start", (day_number)of[2]);
    if (of[3])
        put_date(o, "end", (day_number)of[3]);
    json_close(o, '}');
    put_instant(o, "authoredOn", (day_number)of[2], 200);
    put_instant(o, "lastModified", d->day, 300);
    put_person(d, o, "requester", one->owner);
    put_person(d, o, "owner", one->owner);
    decade_close(d);
}

/* ---- in service ---- */

static void span_begin(struct decade *d, struct device *one)
{
    one->serves = true;
    if (one->spans == SPANS)
        return;
    one->from[one->spans] = d->day;
    one->until[one->spans++] = DECADE_NEVER;
}

static int repaired(struct decade *d, const uint32_t of[4], struct err *err)
{
    const uint32_t fault[4] = {of[0], of[1], of[2], (uint32_t)d->day};

    (void)err;
    span_begin(d, &d->equipment->list[of[1]]);
    device_write(d, of[1]);
    fault_write(d, fault);
    return 0;
}

static int stops(struct decade *d, uint32_t device, struct err *err)
{
    struct decade_equipment *e = d->equipment;
    struct device *one = &e->list[device];
    const uint32_t fault[4] = {++e->faults, device, (uint32_t)d->day, 0};

    one->serves = false;
    one->until[one->spans - 1] = d->day;
    device_write(d, device);
    fault_write(d, fault);
    return decade_do_later(
        d, d->day + chance_between(&e->chance, 3, 70), repaired, fault, err);
}

/* ---- on its way ---- */

/* of: the device, which step. */
static int step_done(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct device *one = &d->equipment->list[of[0]];

    (void)err;
    one->done[of[1]] = d->day;
    step_write(d, of[0], of[1], 0);
    if (way[of[1]].step == EQUIPMENT_IN_SERVICE) {
        span_begin(d, one);
        device_write(d, of[0]);
    }
    return 0;
}

/* It is late, and somebody says when it is thought to be done. */
static int step_late(struct decade *d, const uint32_t of[4], struct err *err)
{
    (void)err;
    step_write(d, of[0], of[1], (day_number)of[2]);
    return 0;
}

static int way_plan(struct decade *d, uint32_t device, struct err *err)
{
    struct chance *c = &d->equipment->chance;
    struct device *one = &d->equipment->list[device];
    day_number due = d->day;
    day_number done = d->day;
    bool ends = chance_permille(c, NOT_INSTALLED_PERMILLE);
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < WAY; i++) {
        bool late = chance_permille(c, LATE_PERMILLE) && i > 0;

        due += way[i].days;
        done +=
            way[i].days + (late ? chance_between(c, 10, 120) : chance_between(c, 0, 6));
        one->due[i] = due;
        if (i == 0)
            one->done[i] = d->day;
        step_write(d, device, i, 0);
        if (i == 0 || (ends && way[i].step >= EQUIPMENT_INSTALLED))
            continue;
        if (late)
            r = decade_do_later(d, due + 3, step_late,
                (const uint32_t[4]){device, i, (uint32_t)done}, err);
        if (r == 0)
            r = decade_do_later(
                d, done, step_done, (const uint32_t[4]){device, i}, err);
    }
    return r;
}

static int device_add(
    struct decade *d, uint32_t hospital, uint8_t kind, uint32_t *ret, struct err *err)
{
    struct decade_equipment *e = d->equipment;
    int r =
        decade_room(d, (void **)&e->list, e->count, &e->room, sizeof(*e->list), err);

    if (r < 0)
        return r;
    e->list[e->count] = (struct device){.hospital = hospital,
        .kind = kind,
        .owner = d->hospitals[hospital].coordinator,
        .ordered = d->day};
    *ret = e->count++;
    return 0;
}

/* What a hospital has when it comes. */
static int first_devices(struct decade *d, uint32_t hospital, struct err *err)
{
    struct decade_equipment *e = d->equipment;
    uint8_t has =
        d->hospitals[hospital].tier == TIER_COUNTY ? COUNTY_HAS : ASSISTED_HAS;
    int r = 0;

    for (uint8_t kind = 0; r == 0 && kind < has; kind++) {
        uint32_t device = 0;

        r = device_add(d, hospital, kind, &device, err);
        if (r < 0)
            break;
        span_begin(d, &e->list[device]);
        e->list[device].from[0] = d->day - chance_between(&e->chance, 200, 2500);
        device_write(d, device);
    }
    e->next[hospital] = has;
    return r;
}

static int order(struct decade *d, uint32_t hospital, struct err *err)
{
    struct decade_equipment *e = d->equipment;
    uint8_t kind = e->next[hospital] < KINDS
                       ? e->next[hospital]++
                       : (uint8_t)chance_below(&e->chance, (uint32_t)KINDS);
    uint32_t device = 0;
    int r = device_add(d, hospital, kind, &device, err);

    if (r < 0)
        return r;
    device_write(d, device);
    return way_plan(d, device, err);
}

/* of nothing: on the third of a month, when hospitals and their offices are there. */
static int month_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_equipment *e = d->equipment;
    int r = 0;

    (void)of;
    for (uint32_t i = 0; r == 0 && i < d->hospital_count && i < 64; i++) {
        const struct decade_hospital *h = &d->hospitals[i];
        bool county = h->tier == TIER_COUNTY;

        if (!h->written || (h->tier != TIER_ASSISTED && !county))
            continue;
        if (e->next[i] == 0)
            r = first_devices(d, i, err);
        if (r == 0 && chance_permille(&e->chance,
                          county ? COUNTY_ORDERS_PERMILLE : ORDERS_PERMILLE))
            r = order(d, i, err);
    }
    for (uint32_t i = 0; r == 0 && i < e->count; i++) {
        if (e->list[i].serves && e->list[i].spans < SPANS &&
            chance_millionth(&e->chance, FAULT_MILLIONTHS))
            r = stops(d, i, err);
    }
    return r;
}

static int month(struct decade *d, void *keep, struct err *err)
{
    (void)keep;
    return decade_do_later(d, d->day + 2, month_due, (const uint32_t[4]){0}, err);
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    d->equipment = arena_alloc(d->arena, sizeof(*d->equipment));
    if (!d->equipment)
        return err_nomem(err);
    d->equipment->chance = chance_from(d->options.seed, "equipment");
    for (size_t i = 0; i < KINDS; i++) {
        if (!catalogue_find_device(str_of(kinds[i]), &d->equipment->numbers[i]))
            return err_set(
                err, E_BUG, NULL, "%s is no device of the catalogue.", kinds[i]);
    }
    *keep = d->equipment;
    return 0;
}

/* ---- for other parts ---- */

static utc_ms midnight(day_number day)
{
    return (utc_ms)day * 1440 * 60000;
}

bool decade_serves(const struct decade *d, uint32_t hospital, uint32_t kind, utc_ms at)
{
    const struct decade_equipment *e = d->equipment;

    for (uint32_t i = 0; i < e->count; i++) {
        const struct device *one = &e->list[i];

        if (one->hospital != hospital || e->numbers[one->kind] != kind)
            continue;
        for (uint32_t k = 0; k < one->spans; k++) {
            if (midnight(one->from[k]) <= at &&
                (one->until[k] == DECADE_NEVER || at < midnight(one->until[k] + 1)))
                return true;
        }
    }
    return false;
}

/* Is ${one} in service all of ${day}? */
static bool serves_on(const struct device *one, day_number day)
{
    for (uint32_t k = 0; k < one->spans; k++) {
        if (one->from[k] < day &&
            (one->until[k] == DECADE_NEVER || day < one->until[k]))
            return true;
    }
    return false;
}

uint32_t decade_device_at(
    const struct decade *d, uint32_t hospital, uint32_t kind, uint32_t turn)
{
    const struct decade_equipment *e = d->equipment;
    uint32_t found[DEVICES_ALIKE];
    uint32_t count = 0;

    for (uint32_t i = 0; i < e->count && count < DEVICES_ALIKE; i++) {
        const struct device *one = &e->list[i];

        if (one->hospital == hospital && e->numbers[one->kind] == kind &&
            serves_on(one, d->day))
            found[count++] = i;
    }
    return count == 0 ? DECADE_NONE : found[turn % count];
}

const struct decade_part decade_equipment = {"equipment", begin, month, NULL, NULL};
