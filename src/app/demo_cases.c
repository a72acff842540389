/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases of the demonstration. Each is a draft, and the calls that bring it to where it stands:
 * by the people who would have made them, at the times they would have been made. One that
 * stands there already is left alone; any other is taken back to its draft and begun anew.
 */
#include "base/limits.h"

#include "app/demo_internal.h"
#include "fhir/value.h"

struct loading {
    struct app *app;
    struct arena *arena; /* of one call; emptied after it */
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

/* Do ${call}: one of ${good} or ${also} is well. */
static int run(
    struct loading *l, struct app_call *call, int good, int also, struct err *err)
{
    int r = 0;

    app_run(call);
    if (call->status != good && call->status != also)
        r = demo_refused(call, err);
    app_call_done(call);
    arena_reset(l->arena);
    return r;
}

static bool is_same(const struct json *task, const char *member, const struct json *one,
    const char *expected)
{
    return str_eq(json_get_text(task, member), json_get_text(one, expected));
}

/* Does the case stand where it shall? */
static bool stands(struct loading *l, const struct json *one)
{
    struct str id = json_get_text(one, "id");
    const char *path = arena_printf(l->arena, "Task/%.*s", (int)id.len, id.p);
    struct app_call call = call_to(l, APP_GET, str_of(path));
    const struct json *task = NULL;
    bool there = false;

    app_run(&call);
    there = call.status == 200 &&
            json_read_trusted(l->arena, (struct str){call.answer.data, call.answer.len},
                &task, NULL) == 0 &&
            is_same(task, "status", one, "status") &&
            is_same(task, "authoredOn", one, "sent") &&
            is_same(task, "lastModified", one, "changed");
    app_call_done(&call);
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

static int put_draft(struct loading *l, const struct json *one, struct err *err)
{
    struct str id = json_get_text(one, "id");
    const char *path = arena_printf(l->arena, "ServiceRequest/%.*s", (int)id.len, id.p);
    struct app_call call = call_to(l, APP_PUT, str_of(path));
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    json_write(&b, json_get(one, "draft"));
    call.body = (struct str){b.data, b.len};
    r = run(l, &call, 200, 201, err);
    buf_done(&b);
    return r;
}

static int do_step(struct loading *l, const struct json *step, struct err *err)
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
    if (r == 0)
        r = run(l, &call, 200, 200, err);
    buf_done(&b);
    return r;
}

static int load_case(struct loading *l, const struct json *one, struct err *err)
{
    struct json_each words = json_each(json_get(one, "words"));
    struct json_each steps = json_each(json_get(one, "calls"));
    int r = 0;

    if (stands(l, one))
        return 0;
    r = remove_record(l, "Task/", json_get_text(one, "id"), err);
    while (r == 0 && json_next(&words))
        r = remove_record(l, "", json_text(words.value), err);
    if (r == 0)
        r = put_draft(l, one, err);
    while (r == 0 && json_next(&steps))
        r = do_step(l, steps.value, err);
    return r;
}

int demo_load_cases(struct app *app, struct arena *a, struct str text, struct err *err)
{
    struct loading l = {.app = app, .arena = arena_new()};
    const struct json *list = NULL;
    struct json_each it;
    int r = l.arena ? json_read_trusted(a, text, &list, err) : err_nomem(err);

    it = json_each(list);
    while (r == 0 && json_next(&it))
        r = load_case(&l, it.value, err);
    arena_free(l.arena);
    return r;
}
