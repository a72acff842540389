/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Device/ID/$fault and $repaired. A fault that stops the device ends its time in service, and
 * with it what the hospital can do by it; the repair of the last such fault begins another.
 *
 *   $fault      what: what is wrong; stops: true, it cannot be used; at: since when (now);
 *               owner: who sees to the repair; id: a random UUID, so that a second try makes
 *               no second fault
 *   $repaired   fault: Task/ID (needed where several are open); at: when (now); word
 */
#include "app/equipment_internal.h"
#include "fhir/value.h"

#define NONE ((struct str){NULL, 0})

static struct str device_of(const struct equipment *e)
{
    return str_of(arena_printf(
        e->call->arena, "Device/%.*s", (int)e->rest->id.len, e->rest->id.p));
}

/* When the open time in service began; 0: none is open, or nobody knows. */
static utc_ms open_since(const struct json *device)
{
    struct equipment_span span = {0, 0};
    utc_ms since = 0;

    for (size_t i = 0; equipment_span_at(device, i, &span); i++)
        since = span.until == 0 ? span.from : 0;
    return since;
}

/* When the last time in service ended; 0: none has. */
static utc_ms last_end(const struct json *device)
{
    struct equipment_span span = {0, 0};
    utc_ms end = 0;

    for (size_t i = 0; equipment_span_at(device, i, &span); i++)
        end = span.until > end ? span.until : end;
    return end;
}

/* ---- $fault ---- */

static int take_fault(struct equipment *e, struct equipment_task *t,
    struct equipment_when *ret_at, struct err *err)
{
    int r = equipment_take_only(e, "id what stops at owner", err);

    if (r == 0)
        r = procedure_word(e->body, "what", &t->description, err);
    if (r == 0 && !t->description.p)
        r = err_set(err, E_INVALID, "what", "Say what is wrong: a valueString.");
    if (r == 0)
        r = equipment_take_past(e, "at", false, ret_at, err);
    if (r == 0)
        r = equipment_take_reference(e, body_parameter(e->body, "owner"),
            "Practitioner Organization", "owner", &t->owner, err);
    return r == 0 ? equipment_take_id(e, &t->id, err) : r;
}

/* Was this fault reported by the caller already? Then it is answered as it stands. */
static int look_for_first(
    struct equipment *e, const struct equipment_task *t, struct err *err)
{
    struct equipment_again again = {.otherwise =
                                        "There is another record with this id: "
                                        "give each fault a random one."};
    struct store_record rec = {0};
    const struct json *there = NULL;
    int r = seek_record(&e->seek, "Task", t->id, &rec, &there, err);

    if (r < 0 || !there)
        return r;
    again.record = &rec;
    again.same =
        equipment_has_code(
            json_get(there, "code"), EQUIPMENT_WORK_SYSTEM, "equipment-fault") &&
        str_eq(json_get_text(json_get(there, "focus"), "reference"), t->device) &&
        equipment_by_caller(e, json_get(there, "requester"));
    return equipment_repeat(e, &again, err);
}

/* A person who reports a fault without an owner owns it until it is given on. */
static void own(const struct equipment *e, struct equipment_task *t)
{
    if (!t->owner.p)
        t->owner = e->call->caller.practitioner;
}

int equipment_fault(struct equipment *e, struct err *err)
{
    struct equipment_task t = {
        .kind = "equipment-fault", .what_system = EQUIPMENT_FAULT_SYSTEM};
    struct equipment_when at;
    bool stops = json_kind(json_get(
                     body_parameter(e->body, "stops"), "valueBoolean")) == JSON_TRUE;
    bool serves = equipment_serves(e->device);
    int r = take_fault(e, &t, &at, err);

    t.device = device_of(e);
    if (r == 0)
        r = look_for_first(e, &t, err);
    if (r < 0 || e->repeated)
        return r;
    if (stops && serves && at.at < open_since(e->device))
        return err_set(err, E_CONFLICT, "at",
            "It was not in service yet then: give the time when it stopped.");
    t.what = stops ? "stops" : "limits";
    t.from = at.text;
    own(e, &t);
    r = equipment_put_task(e, &t, NULL, err);
    if (r == 0 && stops && serves)
        r = equipment_put_service(e, NONE, at.text, err);
    return r;
}

/* ---- $repaired ---- */

struct repair {
    struct store_record record;
    const struct json *task; /* the fault; NULL: not found */
    size_t open;             /* how many are */
    size_t stopping;         /* of these, others that stop it */
};

static int find(
    struct equipment *e, struct str wanted, struct repair *ret, struct err *err)
{
    struct seek_list found = {NULL, 0};
    struct str id = seek_id(&e->seek, wanted, "Task");
    int r = equipment_tasks(&e->seek, device_of(e), "equipment-fault", &found, err);

    for (size_t i = 0; r == 0 && i < found.count; i++) {
        struct store_record rec = {0};
        const struct json *task = NULL;

        r = seek_rid(&e->seek, found.rids[i], &rec, &task, err);
        if (r < 0 || !task || !equipment_is_open(task))
            continue;
        ret->open++;
        if (wanted.p ? str_eq(rec.id, id) : !ret->task) {
            ret->record = rec;
            ret->task = task;
        } else {
            ret->stopping += equipment_stops(task);
        }
    }
    return r;
}

static int check_found(const struct repair *found, struct str wanted, struct err *err)
{
    if (!found->task)
        return err_set(err, E_CONFLICT, "fault",
            wanted.p
                ? "This fault is not open: it was repaired, or is another device's."
                : "No fault of this device is open.");
    if (!wanted.p && found->open > 1)
        return err_set(err, E_INVALID, "fault",
            "Several faults are open: say which was repaired.");
    return 0;
}

/* Not before it began; nor, where it stopped the device, before that. */
static int check_time(const struct equipment *e, const struct repair *found,
    const struct equipment_task *t, utc_ms at, struct err *err)
{
    utc_ms lo = 0, hi = 0;

    (void)found;
    if (fhir_date_range(t->from, &lo, &hi) && at >= lo && at + 1 >= last_end(e->device))
        return 0;
    return err_set(
        err, E_CONFLICT, "at", "It cannot have been repaired before it stopped.");
}

int equipment_repaired(struct equipment *e, struct err *err)
{
    struct equipment_task t = {
        .kind = "equipment-fault", .what_system = EQUIPMENT_FAULT_SYSTEM};
    struct repair found = {.task = NULL};
    struct equipment_when at;
    struct str wanted = json_get_text(
        json_get(body_parameter(e->body, "fault"), "valueReference"), "reference");
    bool stops = false;
    int r = equipment_take_only(e, "fault at word", err);

    if (r == 0)
        r = procedure_word(e->body, "word", &t.word, err);
    if (r == 0)
        r = equipment_take_past(e, "at", false, &at, err);
    if (r == 0)
        r = find(e, wanted, &found, err);
    if (r == 0)
        r = check_found(&found, wanted, err);
    if (r < 0)
        return r;
    equipment_task_from(&t, found.task);
    stops = equipment_stops(found.task);
    t.what = stops ? "stops" : "limits";
    t.id = found.record.id;
    t.device = device_of(e);
    r = check_time(e, &found, &t, at.at, err);
    t.done = at.text;
    if (r == 0)
        r = equipment_put_task(e, &t, &found.record, err);
    /* one that was never in service begins by its step, not by a repair */
    if (r == 0 && stops && found.stopping == 0 && !equipment_serves(e->device) &&
        last_end(e->device) > 0)
        r = equipment_put_service(e, at.text, NONE, err);
    return r;
}
