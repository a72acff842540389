/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that loading the demonstration makes, as anybody's are: one record read, put or taken
 * away, one step of somebody's, and a list gone through by two threads. */
#include "base/limits.h"
#include "base/thread.h"

#include "app/demo_internal.h"
#include "fhir/value.h"

/* Each waits for the disk at each step; a step may look with two readers of the store at a time,
 * and all of them together must leave one (store.h). */
#define AT_ONCE 2

#define PROGRAMME "programme/"

struct app_call demo_call(
    const struct demo_loading *l, enum app_method method, struct str path)
{
    bool own = str_starts(path, PROGRAMME);
    size_t skip = own ? sizeof(PROGRAMME) - 1 : 0;
    struct str rest = {path.p + skip, path.len - skip};
    struct str before = str_cut(&rest, '?');

    return (struct app_call){.app = l->app,
        .arena = l->arena,
        .method = method,
        .space = own ? APP_PROGRAMME : APP_FHIR,
        .path = before,
        .query = rest,
        .caller = {.name = STR("demonstration"), .role = STR("program")}};
}

const struct json *demo_read(const struct demo_loading *l, struct str path)
{
    struct app_call call = demo_call(l, APP_GET, path);
    const struct json *json = NULL;

    app_run(&call);
    if (call.status == 200 &&
        json_read_trusted(
            l->arena, (struct str){call.answer.data, call.answer.len}, &json, NULL) < 0)
        json = NULL;
    app_call_done(&call);
    return json;
}

int demo_run(struct app_call *call, int good, int also, struct err *err)
{
    app_run(call);
    return call->status == good || call->status == also ? 0 : demo_refused(call, err);
}

static int run_and_forget(
    const struct demo_loading *l, struct app_call *call, int also, struct err *err)
{
    int r = demo_run(call, call->method == APP_DELETE ? 204 : 200, also, err);

    app_call_done(call);
    arena_reset(l->arena);
    return r;
}

int demo_remove(const struct demo_loading *l, struct str path, struct err *err)
{
    struct app_call call = demo_call(l, APP_DELETE, path);

    return run_and_forget(l, &call, 404, err);
}

int demo_put(const struct demo_loading *l, const struct json *record, struct err *err)
{
    struct str type = json_get_text(record, "resourceType");
    struct str id = json_get_text(record, "id");
    const char *path =
        arena_printf(l->arena, "%.*s/%.*s", (int)type.len, type.p, (int)id.len, id.p);
    struct app_call call = {.app = NULL};
    struct buf b;
    int r = 0;

    if (!path)
        return err_nomem(err);
    call = demo_call(l, APP_PUT, str_of(path));
    buf_init(&b, LIMIT_RECORD_BYTES);
    json_write(&b, record);
    call.body = (struct str){b.data, b.len};
    r = run_and_forget(l, &call, 201, err);
    buf_done(&b);
    return r;
}

int demo_step_call(const struct demo_loading *l, const struct json *step,
    struct buf *body, struct app_call *ret, struct err *err)
{
    utc_ms ignored = 0;

    *ret = demo_call(l, APP_POST, json_get_text(step, "path"));
    json_write(body, json_get(step, "body"));
    ret->body = (struct str){body->data, body->len};
    ret->caller.practitioner = json_get_text(step, "by");
    if (fhir_date_range(json_get_text(step, "at"), &ret->at, &ignored))
        return 0;
    return err_set(err, E_BUG, NULL, "A step of the demonstration has no time.");
}

/* ---- all of a list ---- */

/* Who waits for the disk does not keep the others waiting. */
struct team {
    struct app *app;
    utc_ms now;
    int (*one)(struct demo_loading *, const struct json *, struct err *);
    pthread_mutex_t lock;
    struct json_each left; /* those that nobody has begun */
    struct err err;        /* of the first that failed */
};

/* The next one; NULL: there is none, or one has failed. */
static const struct json *next_of(struct team *team)
{
    const struct json *one = NULL;

    pthread_mutex_lock(&team->lock);
    if (!team->err.code && json_next(&team->left))
        one = team->left.value;
    pthread_mutex_unlock(&team->lock);
    return one;
}

static void *load_some(void *arg)
{
    struct team *team = arg;
    struct demo_loading l = {.app = team->app, .arena = arena_new(), .now = team->now};
    const struct json *one = NULL;
    struct err err = {0};
    int r = l.arena ? 0 : err_nomem(&err);

    while (r == 0 && (one = next_of(team)) != NULL)
        r = team->one(&l, one, &err);
    pthread_mutex_lock(&team->lock);
    if (r < 0 && !team->err.code)
        team->err = err;
    pthread_mutex_unlock(&team->lock);
    arena_free(l.arena);
    return NULL;
}

int demo_each(const struct demo_loading *l, const struct json *list,
    int (*one)(struct demo_loading *, const struct json *, struct err *),
    struct err *err)
{
    struct team team = {.app = l->app,
        .now = l->now,
        .one = one,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .left = json_each(list)};
    pthread_t others[AT_ONCE - 1];
    size_t count = 0;

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
