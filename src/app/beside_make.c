/* SPDX-License-Identifier: Apache-2.0 */
/* The records of meetings, plans and watches without looking anything up: the operations' own
 * tables and builders. */
#include "app/beside_make.h"

#include "app/case_make.h"
#include "app/watch_internal.h"

struct making {
    const struct beside_make *m;
    struct app_call call;
    struct rest rest;
    struct beside b;
    struct beside_record before;
    struct buf out;
    struct beside_made made;
};

/* What stands in ${k->out}, in the arena; it is empty again. */
static int take(struct making *k, struct str *ret, struct err *err)
{
    int r = buf_keep(&k->out, k->m->arena, "What is done beside a case", ret, err);

    buf_clear(&k->out);
    return r;
}

static int add(struct making *k, struct err *err)
{
    return take(k, &k->made.records[k->made.count++], err);
}

static int no_such(const struct making *k, struct err *err)
{
    return err_set(
        err, E_INVALID, NULL, "%s means a record that is not at hand.", k->m->step);
}

/* ---- one each ---- */

static int make_call(struct making *k, struct err *err)
{
    mdt_meeting_put(&k->out, &k->b);
    return add(k, err);
}

static int make_minutes(struct making *k, struct err *err)
{
    int r = 0;

    mdt_minutes_put(&k->out, &k->b, &k->before);
    r = add(k, err);
    if (r < 0)
        return r;
    mdt_held_put(&k->out, &k->b, k->before.json);
    return take(k, &k->made.changed, err);
}

/* The goals of a plan are named by the plan and their number. */
static int name_goals(struct making *k, struct plan_names *ret, struct err *err)
{
    struct beside_values it = beside_values(k->b.given, "goal");
    struct str plan = beside_text(k->b.given, "id");

    while (beside_next(&it)) {
        char *id = arena_printf(
            k->m->arena, "%.*s-g%zu", (int)plan.len, plan.p, ret->count + 1);

        if (!id)
            return err_nomem(err);
        ret->goal_ids[ret->count] = str_of(id);
        ret->goals[ret->count] = beside_reference(&k->b, "Goal", str_of(id));
        ret->count++;
    }
    return 0;
}

static int make_plan(struct making *k, struct err *err)
{
    struct beside_values it = beside_values(k->b.given, "goal");
    struct plan_names names = {.count = 0};
    size_t at = 0;
    int r = name_goals(k, &names, err);

    if (r < 0)
        return r;
    plan_put(&k->out, &k->b, &names);
    r = add(k, err);
    while (r == 0 && beside_next(&it)) {
        plan_goal_put(&k->out, &k->b, names.goal_ids[at++], it.value);
        r = add(k, err);
    }
    if (r < 0)
        return r;
    plan_task_put(&k->out, &k->b);
    return take(k, &k->made.task, err);
}

static int make_session(struct making *k, struct err *err)
{
    const struct json *session =
        plan_session_find(k->before.json, beside_number(k->b.given, "session"));

    if (!session)
        return no_such(k, err);
    plan_session_put(&k->out, &k->b, &k->before, session);
    return add(k, err);
}

static int make_goal(struct making *k, struct err *err)
{
    plan_judged_put(&k->out, &k->b, k->before.json);
    return take(k, &k->made.changed, err);
}

static int make_watch(struct making *k, struct err *err)
{
    struct watch_terms terms = {.every = 0};
    int r = watch_terms_given(&k->b, &terms, err);

    if (r < 0)
        return r;
    watch_put(&k->out, &k->b, beside_text(k->b.given, "id"), &terms, k->m->refused);
    return add(k, err);
}

static int make_end(struct making *k, struct err *err)
{
    if (k->m->node)
        watch_over_put(&k->out, k->before.json);
    else
        watch_ended_put(&k->out, &k->b, k->before.json);
    return take(k, &k->made.changed, err);
}

static const struct {
    const char *step;
    bool changes; /* a record that is there */
    int (*make)(struct making *k, struct err *err);
} makers[] = {
    {"$call-mdt", false, make_call},
    {"$mdt-minutes", true, make_minutes},
    {"$plan", false, make_plan},
    {"$session", true, make_session},
    {"$goal", true, make_goal},
    {"$watch", false, make_watch},
    {"$end-watch", true, make_end},
};
#define MAKERS (sizeof(makers) / sizeof(makers[0]))

/* ---- all of them ---- */

static int look(struct making *k, struct err *err)
{
    struct case_doing *d = &k->b.d;
    int r = case_made_read(k->m->arena, k->m->request, &d->request, err);

    if (r == 0)
        r = case_made_read(k->m->arena, k->m->task, &d->task, err);
    if (r == 0)
        r = case_made_read(k->m->arena, k->m->before, &k->before.json, err);
    if (r < 0)
        return r;
    k->before.id = json_get_text(k->before.json, "id");
    d->state = case_state_of(d->task);
    d->display = k->m->display;
    if (d->state == CASE_UNKNOWN ||
        (!k->m->node && !(d->step->from & CASE_IN(d->state))))
        return err_set(err, E_CONFLICT, NULL, "%s is not done at the state %s.",
            k->m->step, case_state_code(d->state));
    return 0;
}

static int make(struct making *k, struct err *err)
{
    size_t i = 0;
    int r = beside_given_read(&k->b, err);

    if (r == 0)
        r = look(k, err);
    while (i < MAKERS && strcmp(makers[i].step, k->m->step) != 0)
        i++;
    if (r < 0)
        return r;
    if (i == MAKERS || (makers[i].changes && !k->before.json))
        return no_such(k, err);
    return makers[i].make(k, err);
}

int beside_make(const struct beside_make *m, struct beside_made *ret, struct err *err)
{
    struct making *k = arena_alloc(m->arena, sizeof(*k));
    int r = 0;

    if (!k)
        return err_nomem(err);
    k->m = m;
    k->call = (struct app_call){.app = m->app,
        .arena = m->arena,
        .caller = {.name = STR("belay"), .practitioner = m->by},
        .body = m->parameters};
    k->rest = (struct rest){.type = case_type("ServiceRequest"), .id = m->id};
    k->b.step = beside_step_named(str_of(m->step));
    if (!k->b.step)
        return no_such(k, err);
    k->b.d = (struct case_doing){
        .call = &k->call, .rest = &k->rest, .step = &k->b.step->step, .now = m->at};
    buf_init(&k->out, LIMIT_RECORD_BYTES);
    r = make(k, err);
    buf_done(&k->out);
    if (r == 0)
        *ret = k->made;
    return r;
}
