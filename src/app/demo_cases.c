/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases of the demonstration. Each is a draft, and the calls that bring it to where it stands:
 * by the people who would have made them, at the times they would have been made. Between them
 * the node does what it would have done: where a clock ran out it asks the next of the ladder,
 * or ends the case. A case that stands where it shall already is left alone; any other is taken
 * back to its draft and begun anew.
 */
#include "base/limits.h"
#include "base/thread.h"

#include "app/case.h"
#include "app/demo_internal.h"
#include "app/due.h"
#include "fhir/value.h"
#include "view/case_task.h"

/* Cases. Each waits for the disk at each step; a step may look with two readers of the store at a
 * time, and all of them together must leave one (store.h). */
#define AT_ONCE 2

struct loading {
    struct app *app;
    struct arena *arena; /* of one call; emptied after it */
    utc_ms now;
    utc_ms due; /* when the clock of the case at hand runs out; 0: it does not run */
    enum case_own_step own; /* what the node does then */
};

static struct app_call call_to(
    struct loading *l, enum app_method method, struct str path)
{
    return (struct app_call){.app = l->app,
        .arena = l->arena,
        .method = method,
        .path = path,
        .caller = {.name = STR("demonstration"), .role = STR("program")}};
}

/* Remember from the Task ${text} when its clock runs out. */
static void note_clock(struct loading *l, struct str text)
{
    const struct json *json = NULL;
    struct case_task task;

    l->due = 0;
    if (json_read_trusted(l->arena, text, &json, NULL) < 0 ||
        !case_task_read(json, &task))
        return;
    l->own = due_step_of(&task);
    if (task.state == CASE_TASK_SENT || task.state == CASE_TASK_ALLOCATED)
        l->due = task.clock.next;
}

/* Do ${call}: one of ${good} or ${also} is well. */
static int run(
    struct loading *l, struct app_call *call, int good, int also, struct err *err)
{
    int r = 0;

    app_run(call);
    if (call->status != good && call->status != also)
        r = demo_refused(call, err);
    else if (call->method == APP_POST)
        note_clock(l, (struct str){call->answer.data, call->answer.len});
    app_call_done(call);
    arena_reset(l->arena);
    return r;
}

static bool is_same(const struct json *task, const char *member, const struct json *one,
    const char *expected)
{
    return str_eq(json_get_text(task, member), json_get_text(one, expected));
}

/* Read the record of ${path} into l->arena; NULL: there is none. */
static const struct json *read_record(struct loading *l, const char *path)
{
    struct app_call call = call_to(l, APP_GET, str_of(path));
    const struct json *json = NULL;

    app_run(&call);
    if (call.status == 200 &&
        json_read_trusted(
            l->arena, (struct str){call.answer.data, call.answer.len}, &json, NULL) < 0)
        json = NULL;
    app_call_done(&call);
    return json;
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
    const struct json *found = read_record(
        l, arena_printf(l->arena, draft ? "ServiceRequest/%.*s" : "Task/%.*s",
               (int)id.len, id.p));
    bool there = is_same(found, "authoredOn", one, "sent");

    if (there && !went_on(found, one))
        there = is_same(found, "status", one, "status") &&
                (draft || is_same(found, "lastModified", one, "changed"));
    arena_reset(l->arena);
    return there;
}

static int remove_record(
    struct loading *l, const char *type, struct str id, struct err *err)
{
    const char *path = arena_printf(l->arena, "%s%.*s", type, (int)id.len, id.p);
    struct app_call call = call_to(l, APP_DELETE, str_of(path));

    return run(l, &call, 204, 404, err);
}

/* The draft, or a record that the steps change, as it was before them. */
static int put_record(struct loading *l, const struct json *record, struct err *err)
{
    struct str type = json_get_text(record, "resourceType");
    struct str id = json_get_text(record, "id");
    const char *path =
        arena_printf(l->arena, "%.*s/%.*s", (int)type.len, type.p, (int)id.len, id.p);
    struct app_call call = call_to(l, APP_PUT, str_of(path));
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    json_write(&b, record);
    call.body = (struct str){b.data, b.len};
    r = run(l, &call, 200, 201, err);
    buf_done(&b);
    return r;
}

/* What the node has done until ${until}. */
static int do_own(
    struct loading *l, const struct json *one, utc_ms until, struct err *err)
{
    struct str id = json_get_text(one, "id");
    int r = 0;

    while (r == 0 && l->due && l->due <= until) {
        const char *path = arena_printf(l->arena, "Task/%.*s", (int)id.len, id.p);
        struct app_call call = call_to(l, APP_GET, str_of(path));

        r = case_by_node(l->app, id, l->own, l->due, err);
        if (r < 0)
            break;
        app_run(&call);
        note_clock(l, (struct str){call.answer.data, call.answer.len});
        app_call_done(&call);
        arena_reset(l->arena);
    }
    return r;
}

/* ${one}: the case, if the node's clocks run in it. */
static int do_step(
    struct loading *l, const struct json *one, const struct json *step, struct err *err)
{
    struct app_call call = call_to(l, APP_POST, json_get_text(step, "path"));
    utc_ms ignored = 0;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    json_write(&b, json_get(step, "body"));
    call.body = (struct str){b.data, b.len};
    call.caller.practitioner = json_get_text(step, "by");
    if (!fhir_date_range(json_get_text(step, "at"), &call.at, &ignored))
        r = err_set(err, E_BUG, NULL, "A step of the demonstration has no time.");
    if (r == 0 && one)
        r = do_own(l, one, call.at, err);
    if (r == 0)
        r = run(l, &call, 200, 200, err);
    buf_done(&b);
    return r;
}

static int load_case(struct loading *l, const struct json *one, struct err *err)
{
    struct json_each words = json_each(json_get(one, "words"));
    struct json_each records = json_each(json_get(one, "records"));
    struct json_each steps = json_each(json_get(one, "calls"));
    const struct json *clocked =
        json_kind(json_get(one, "clocks")) == JSON_TRUE ? one : NULL;
    int r = 0;

    if (stands(l, one))
        return 0;
    l->due = 0;
    r = remove_record(l, "Task/", json_get_text(one, "id"), err);
    while (r == 0 && json_next(&words))
        r = remove_record(l, "", json_text(words.value), err);
    if (r == 0)
        r = put_record(l, json_get(one, "draft"), err);
    while (r == 0 && json_next(&records))
        r = put_record(l, records.value, err);
    while (r == 0 && json_next(&steps))
        r = do_step(l, clocked, steps.value, err);
    if (r == 0 && clocked)
        r = do_own(l, one, l->now, err);
    return r;
}

/* ---- all of them ---- */

/* Who waits for the disk does not keep the others waiting. */
struct team {
    struct app *app;
    utc_ms now;
    pthread_mutex_t lock;
    struct json_each cases; /* those that nobody has begun */
    struct err err;         /* of the first that failed */
};

/* The next case; NULL: there is none, or one has failed. */
static const struct json *next_case(struct team *team)
{
    const struct json *one = NULL;

    pthread_mutex_lock(&team->lock);
    if (!team->err.code && json_next(&team->cases))
        one = team->cases.value;
    pthread_mutex_unlock(&team->lock);
    return one;
}

static void *load_some(void *arg)
{
    struct team *team = arg;
    struct loading l = {.app = team->app, .arena = arena_new(), .now = team->now};
    const struct json *one = NULL;
    struct err err = {0};
    int r = l.arena ? 0 : err_nomem(&err);

    while (r == 0 && (one = next_case(team)) != NULL)
        r = load_case(&l, one, &err);
    pthread_mutex_lock(&team->lock);
    if (r < 0 && !team->err.code)
        team->err = err;
    pthread_mutex_unlock(&team->lock);
    arena_free(l.arena);
    return NULL;
}

int demo_load_cases(
    struct app *app, struct arena *a, struct str text, utc_ms now, struct err *err)
{
    struct team team = {.app = app, .now = now, .lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t others[AT_ONCE - 1];
    const struct json *list = NULL;
    size_t count = 0;
    int r = json_read_trusted(a, text, &list, err);

    if (r < 0)
        return r;
    team.cases = json_each(list);
    while (count < AT_ONCE - 1 &&
           thread_start(&others[count], "demo", load_some, &team, NULL) == 0)
        count++;
    (void)load_some(&team);
    while (count > 0)
        pthread_join(others[--count], NULL);
    pthread_mutex_destroy(&team.lock);
    if (team.err.code && err)
        *err = team.err;
    return team.err.code ? team.err.code : 0;
}
