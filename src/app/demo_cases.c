/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases of the demonstration. Each is a draft, and the calls that bring it to where it stands:
 * by the people who would have made them, at the times they would have been made. Between them
 * the node does what it would have done: where a clock ran out it asks the next of the ladder,
 * or ends the case. A case that stands where it shall already is left alone; any other is taken
 * back to its draft and begun anew.
 */
#include "base/limits.h"

#include "app/case.h"
#include "app/demo_internal.h"
#include "app/due.h"
#include "view/case_task.h"

struct loading {
    struct demo_loading l;
    utc_ms due; /* when the clock of the case at hand runs out; 0: it does not run */
    enum case_own_step own; /* what the node does then */
};

/* Remember from the Task ${text} when its clock runs out. */
static void note_clock(struct loading *l, struct str text)
{
    const struct json *json = NULL;
    struct case_task task;

    l->due = 0;
    if (json_read_trusted(l->l.arena, text, &json, NULL) < 0 ||
        !case_task_read(json, &task))
        return;
    l->own = due_step_of(&task);
    if (task.state == CASE_TASK_SENT || task.state == CASE_TASK_ALLOCATED)
        l->due = task.clock.next;
}

static bool is_same(const struct json *task, const char *member, const struct json *one,
    const char *expected)
{
    return str_eq(json_get_text(task, member), json_get_text(one, expected));
}

/* Has the node alone done something with the case since its people did? It asks others, and
 * ends it; what it did is nobody's change. */
static bool went_on(const struct json *task, const struct json *one)
{
    return json_kind(json_get(one, "runs")) == JSON_TRUE &&
           str_cmp(json_get_text(task, "lastModified"),
               json_get_text(one, "changed")) >= 0 &&
           (is_same(task, "status", one, "status") ||
               str_is(json_get_text(task, "status"), "requested") ||
               str_is(json_get_text(task, "status"), "failed"));
}

/* Does the case stand where it shall? */
static bool stands(struct loading *l, const struct json *one)
{
    struct str id = json_get_text(one, "id");
    bool draft = str_is(json_get_text(one, "status"), "draft");
    const char *path = arena_printf(
        l->l.arena, draft ? "ServiceRequest/%.*s" : "Task/%.*s", (int)id.len, id.p);
    const struct json *found = demo_read(&l->l, str_of(path));
    bool there = is_same(found, "authoredOn", one, "sent");

    if (there && !went_on(found, one))
        there = is_same(found, "status", one, "status") &&
                (draft || is_same(found, "lastModified", one, "changed"));
    arena_reset(l->l.arena);
    return there;
}

/* What the node has done until ${until}. */
static int do_own(
    struct loading *l, const struct json *one, utc_ms until, struct err *err)
{
    struct str id = json_get_text(one, "id");
    int r = 0;

    while (r == 0 && l->due && l->due <= until) {
        const char *path = arena_printf(l->l.arena, "Task/%.*s", (int)id.len, id.p);
        struct app_call call = demo_call(&l->l, APP_GET, str_of(path));

        r = case_by_node(l->l.app, id, l->own, l->due, err);
        if (r < 0)
            break;
        app_run(&call);
        note_clock(l, (struct str){call.answer.data, call.answer.len});
        app_call_done(&call);
        arena_reset(l->l.arena);
    }
    return r;
}

/* ${one}: the case, if the node's clocks run in it. */
static int do_step(
    struct loading *l, const struct json *one, const struct json *step, struct err *err)
{
    struct app_call call = {.app = NULL};
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    r = demo_step_call(&l->l, step, &b, &call, err);
    if (r == 0 && one) {
        r = do_own(l, one, call.at, err);
    }
    if (r == 0)
        r = demo_run(&call, 200, 200, err);
    if (r == 0)
        note_clock(l, (struct str){call.answer.data, call.answer.len});
    app_call_done(&call);
    arena_reset(l->l.arena);
    buf_done(&b);
    return r;
}

static int remove_task(struct loading *l, struct str id, struct err *err)
{
    const char *path = arena_printf(l->l.arena, "Task/%.*s", (int)id.len, id.p);

    return path ? demo_remove(&l->l, str_of(path), err) : err_nomem(err);
}

static int load_case(
    struct demo_loading *loading, const struct json *one, struct err *err)
{
    struct loading case_loading = {.l = *loading};
    struct loading *l = &case_loading;
    struct json_each words = json_each(json_get(one, "words"));
    struct json_each records = json_each(json_get(one, "records"));
    struct json_each steps = json_each(json_get(one, "calls"));
    const struct json *clocked =
        json_kind(json_get(one, "clocks")) == JSON_TRUE ? one : NULL;
    int r = 0;

    if (stands(l, one))
        return 0;
    r = remove_task(l, json_get_text(one, "id"), err);
    while (r == 0 && json_next(&words))
        r = demo_remove(&l->l, json_text(words.value), err);
    if (r == 0)
        r = demo_put(&l->l, json_get(one, "draft"), err);
    while (r == 0 && json_next(&records))
        r = demo_put(&l->l, records.value, err);
    while (r == 0 && json_next(&steps))
        r = do_step(l, clocked, steps.value, err);
    if (r == 0 && clocked)
        r = do_own(l, one, l->l.now, err);
    return r;
}

int demo_load_cases(
    struct app *app, struct arena *a, struct str text, utc_ms now, struct err *err)
{
    const struct demo_loading l = {.app = app, .arena = a, .now = now};
    const struct json *list = NULL;
    int r = json_read_trusted(a, text, &list, err);

    return r == 0 ? demo_each(&l, list, load_case, err) : r;
}
