/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Device/ID/$step: a step on the way of equipment is planned, late, or done.
 *
 *   step       a code of CodeSystem/equipment-step
 *   done       the day it was done; without it it is not done yet
 *   due        the day that is promised: said once, and never moved, so that a delay stays
 *              what it is; expected: when it is thought to come now
 *   owner      who answers for it: Practitioner/ID or Organization/ID
 *   person     who was trained (of the step trained), each a Practitioner/ID
 *   word       why
 *
 * People of the hospital say what was done; who leads plans and names owners. The step
 * in-service begins a time in service; first-patient needs one.
 */
#include "app/equipment_internal.h"
#include "fhir/value.h"

struct stepping {
    struct equipment *e;
    enum equipment_step step;
    struct equipment_task task;
    struct store_record before;
    const struct json *there; /* the Task as it is; NULL: none yet */
    struct equipment_when done, due, expected;
    bool is_done; /* done was given */
    struct str owner;
    struct str people[LIMIT_EQUIPMENT_PEOPLE];
    char id[EQUIPMENT_ID_CHARS + 1];
};

/* ---- what was posted ---- */

static int take_people(struct stepping *g, struct err *err)
{
    struct json_each it = json_each(json_get(g->e->body, "parameter"));
    int r = 0;

    while (r == 0 && json_next(&it)) {
        if (!str_is(json_get_text(it.value, "name"), "person"))
            continue;
        if (g->step != EQUIPMENT_TRAINED ||
            g->task.people_count == LIMIT_EQUIPMENT_PEOPLE)
            return err_set(err, E_INVALID, "person",
                "person is for the step trained, at most %d times.",
                LIMIT_EQUIPMENT_PEOPLE);
        r = equipment_take_reference(g->e, it.value, "Practitioner", "person",
            &g->people[g->task.people_count], err);
        g->task.people_count += r == 0;
    }
    g->task.people = g->people;
    return r;
}

static int take_days(struct stepping *g, struct err *err)
{
    const struct json *body = g->e->body;
    int r = equipment_take_when(g->e, body_parameter(body, "due"), "due", &g->due, err);

    if (r == 0)
        r = equipment_take_when(
            g->e, body_parameter(body, "expected"), "expected", &g->expected, err);
    if (r == 0 && (g->due.text.len > 10 || g->expected.text.len > 10))
        r = err_set(
            err, E_INVALID, "due", "due and expected are days, as in 2026-05-01.");
    g->is_done = body_parameter(body, "done") != NULL;
    if (r == 0 && g->is_done)
        r = equipment_take_past(g->e, "done", true, &g->done, err);
    return r;
}

static int take(struct stepping *g, struct err *err)
{
    struct equipment *e = g->e;
    int r = equipment_take_only(e, "step done due expected owner person word", err);

    g->step =
        equipment_step_of(json_get_text(body_parameter(e->body, "step"), "valueCode"));
    if (r == 0 && g->step == EQUIPMENT_STEPS)
        r = err_set(err, E_INVALID, "step",
            "Say which step: a valueCode of CodeSystem/equipment-step, such as "
            "arrived.");
    if (r == 0)
        r = take_days(g, err);
    if (r == 0)
        r = equipment_take_reference(e, body_parameter(e->body, "owner"),
            "Practitioner Organization", "owner", &g->owner, err);
    if (r == 0)
        r = procedure_word(e->body, "word", &g->task.word, err);
    return r == 0 ? take_people(g, err) : r;
}

/* ---- what may be ---- */

/* The Task of ${step}; NULL: it is not planned. */
static int load(struct stepping *g, enum equipment_step step,
    struct store_record *ret_record, const struct json **ret, struct err *err)
{
    char id[EQUIPMENT_ID_CHARS + 1];

    equipment_step_id(g->task.device, step, id);
    return seek_record(&g->e->seek, "Task",
        str_of(arena_strndup(g->e->call->arena, id, sizeof(id) - 1)), ret_record, ret,
        err);
}

/* Is ${step}, where it is planned, done by ${at}? Nobody uses what has not arrived. */
static int check_before(
    struct stepping *g, enum equipment_step step, utc_ms at, struct err *err)
{
    const struct json *task = NULL;
    struct str done = {NULL, 0};
    utc_ms lo = 0, hi = 0;
    int r = load(g, step, NULL, &task, err);

    if (r < 0 || !task)
        return r;
    done = json_get_text(json_get(task, "executionPeriod"), "end");
    if (done.p && fhir_date_range(done, &lo, &hi) && lo <= at)
        return 0;
    return err_set(err, E_CONFLICT, "done",
        "The step %s comes before, and is not done by then.",
        equipment_step_code(step));
}

static int check_order(struct stepping *g, struct err *err)
{
    static const enum equipment_step needed[] = {
        EQUIPMENT_ARRIVED, EQUIPMENT_INSTALLED, EQUIPMENT_ACCEPTED};
    struct equipment_span first;
    int r = 0;

    if (!g->is_done)
        return 0;
    for (size_t i = 0; r == 0 && g->step == EQUIPMENT_IN_SERVICE && i < 3; i++)
        r = check_before(g, needed[i], g->done.at, err);
    if (r == 0 && g->step == EQUIPMENT_FIRST_PATIENT &&
        equipment_span_at(g->e->device, 0, &first) && g->done.at < first.from)
        r = err_set(err, E_CONFLICT, "done",
            "It was not in service yet on the day of its first patient.");
    if (r == 0 && g->step == EQUIPMENT_FIRST_PATIENT &&
        !equipment_span_at(g->e->device, 0, &first) && !equipment_serves(g->e->device))
        r = err_set(err, E_CONFLICT, "done",
            "It is not in service yet: no patient can have been on it.");
    return r;
}

static int check_who(const struct stepping *g, struct err *err)
{
    bool plans = g->due.text.p || g->owner.p || g->expected.text.p;

    if (g->e->keeper == KEEPER_LEADS || !plans)
        return 0;
    return err_set(err, E_FORBIDDEN, NULL,
        "Days are promised and owners named by heads of department, directors and "
        "coordinators. What was done may be said by everybody of the hospital.");
}

static int check_promise(const struct stepping *g, struct err *err)
{
    if (!g->due.text.p || !g->task.due.p || str_eq(g->due.text, g->task.due))
        return 0;
    return err_set(err, E_CONFLICT, "due",
        "%.*s was promised, and a promise is not moved: say when it is expected now.",
        (int)g->task.due.len, g->task.due.p);
}

static int check_done(const struct stepping *g, struct err *err)
{
    if (!g->is_done || !g->task.done.p || str_eq(g->task.done, g->done.text) ||
        g->step != EQUIPMENT_IN_SERVICE)
        return 0;
    return err_set(err, E_CONFLICT, "done",
        "It is in service since %.*s. What happens to it now is $fault and $repaired.",
        (int)g->task.done.len, g->task.done.p);
}

/* ---- writing ---- */

static void fill(struct stepping *g)
{
    struct equipment_task *t = &g->task;

    t->kind = "equipment-step";
    t->what_system = EQUIPMENT_STEP_SYSTEM;
    t->what = equipment_step_code(g->step);
    t->due = g->due.text.p ? g->due.text : t->due;
    t->expected = g->expected.text.p ? g->expected.text : t->expected;
    t->owner = g->owner.p ? g->owner : t->owner;
    t->done = g->is_done ? g->done.text : t->done;
}

static int write_all(struct stepping *g, bool began, struct err *err)
{
    int r = equipment_put_task(g->e, &g->task, g->there ? &g->before : NULL, err);

    if (r == 0 && began)
        r = equipment_put_service(g->e, g->done.text, (struct str){NULL, 0}, err);
    return r;
}

int equipment_step(struct equipment *e, struct err *err)
{
    struct stepping *g = arena_alloc(e->call->arena, sizeof(*g));
    bool began = false;
    int r = g ? 0 : err_nomem(err);

    if (r < 0)
        return r;
    *g = (struct stepping){.e = e};
    g->task.device = str_of(arena_printf(
        e->call->arena, "Device/%.*s", (int)e->rest->id.len, e->rest->id.p));
    r = g->task.device.p ? take(g, err) : err_nomem(err);
    if (r == 0)
        r = load(g, g->step, &g->before, &g->there, err);
    if (r < 0)
        return r;
    equipment_step_id(g->task.device, g->step, g->id);
    g->task.id = str_of(g->id);
    equipment_task_from(&g->task, g->there);
    r = check_who(g, err);
    if (r == 0)
        r = check_promise(g, err);
    if (r == 0)
        r = check_done(g, err);
    if (r == 0)
        r = check_order(g, err);
    if (r < 0)
        return r;
    began = g->step == EQUIPMENT_IN_SERVICE && g->is_done && !g->task.done.p;
    if (began && equipment_serves(e->device))
        return err_set(err, E_CONFLICT, "done", "It is in service already.");
    fill(g);
    return write_all(g, began, err);
}
