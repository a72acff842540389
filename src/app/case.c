/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A step of a case from start to finish. Task, request and what is said are written in one
 * transaction, under the condition that Task and request are still what was looked at: of two
 * who come at once the second looks again, and is told who was first.
 */
#include "base/id.h"

#include "app/access_internal.h"
#include "app/case_internal.h"

#define READY 2 /* decided: to be given to the writer */

/* ---- one record ---- */

int case_write_prepare(struct case_doing *d, struct store_write *w, const struct buf *b,
    const struct json **ret, struct err *err)
{
    struct app_call *call = d->call;
    struct record_room room = {call->app, call->arena, call->arena};
    const struct json *resource = NULL;
    int r = body_made(call->arena, b, w->type, &resource, err);

    if (r == 0)
        r = record_prepare(&room, w, resource, NULL, err);
    if (r == 0 && ret)
        *ret = resource;
    return r;
}

/* ---- all of them ---- */

static int plan_request(struct case_doing *d, struct err *err)
{
    struct store_write *w = &d->writes[1];
    struct buf b;
    int r = 0;

    *w = (struct store_write){
        .type = d->rest->type, .id = d->rest->id, .operation = STORE_UPDATE};
    d->request_after = NULL;
    buf_init(&b, LIMIT_RECORD_BYTES);
    if (case_request_put(&b, d)) {
        record_expect(w, &d->request_record);
        r = case_write_prepare(d, w, &b, &d->request_after, err);
    }
    buf_done(&b);
    return r;
}

static int plan_task(struct case_doing *d, struct err *err)
{
    struct store_write *w = &d->writes[0];
    struct buf b;
    int r = 0;

    *w = (struct store_write){
        .type = case_type("Task"), .id = d->rest->id, .operation = STORE_UPDATE};
    record_expect(w, &d->task_record);
    buf_init(&b, LIMIT_RECORD_BYTES);
    case_task_put(&b, d);
    r = case_write_prepare(d, w, &b, NULL, err);
    buf_done(&b);
    return r;
}

/* The message or opinion: a record of its author's, checked as any other. */
static int plan_words(struct case_doing *d, struct err *err)
{
    struct store_write *w = &d->writes[d->write_count];
    const struct json *resource = NULL;
    struct access_write write;
    struct buf b;
    int r = 0;

    buf_init(&b, LIMIT_RECORD_BYTES);
    *w = (struct store_write){.type = case_words_put(&b, d),
        .id = d->words_id,
        .operation = STORE_UPDATE,
        .expect = STORE_EXPECT_ABSENT,
        .expect_soft = true};
    if (w->type) {
        r = case_write_prepare(d, w, &b, &resource, err);
        write = (struct access_write){.type = w->type, .resource = resource};
        if (r == 0)
            r = access_check_write(d->call->access_, &write, NULL, err);
        d->write_count++;
    }
    buf_done(&b);
    return r;
}

static int name_words(struct case_doing *d, struct err *err)
{
    struct str given = case_given_text(d->step, &d->given, "id");
    char *id = NULL;

    d->words_id = given;
    if (given.p || d->words_id.p)
        return 0;
    id = arena_alloc_raw(d->call->arena, ID_UUID_CHARS + 1);
    if (!id)
        return err_nomem(err);
    id_uuid7(time_now(), id);
    d->words_id = (struct str){id, ID_UUID_CHARS};
    return 0;
}

/* It begins to run: who is asked is known. */
static int start_clock(struct case_doing *d, struct err *err)
{
    struct case_times times;
    int r = 0;

    if (d->step->does != CASE_DOES_SEND)
        return 0;
    r = case_times_find(d, &times, err);
    if (r == 0)
        case_clock_send(&d->clock, &times, d->now);
    return r;
}

static int plan(struct case_doing *d, struct err *err)
{
    int r = case_given_check(d, err);

    d->write_count = 0;
    d->unit_count = 0;
    d->ladder_count = 0;
    case_clock_run(d);
    if (r == 0)
        r = case_ways_check(d, err);
    if (r == 0)
        r = case_beds_find(d, err);
    if (r == 0)
        r = plan_request(d, err);
    if (r == 0)
        r = case_sending_check(d, err);
    if (r == 0)
        r = start_clock(d, err);
    case_way_find(d);
    if (r == 0)
        r = name_words(d, err);
    if (r == 0)
        r = plan_task(d, err);
    if (r == 0) {
        d->write_count = d->request_after ? 2 : 1;
        r = plan_words(d, err);
    }
    if (r == 0)
        r = case_beds_write(d, err);
    return r;
}

/* ---- the way ---- */

void case_answer(const struct case_doing *d, const struct store_record *rec)
{
    d->call->status = 200;
    record_headers(d->call, rec, false);
    if (d->rest->prefer != REST_RETURN_MINIMAL)
        record_write(&d->call->answer, rec);
}

void case_look_end(struct case_doing *d)
{
    reader_free(d->own_reader);
    d->own_reader = NULL;
    d->reader = NULL;
    call_read_end(d->call, d->snapshot);
    d->snapshot = NULL;
}

static int decide(struct case_doing *d, struct err *err)
{
    int r = case_network_take(d, err);

    if (r < 0)
        return r;
    r = call_read_begin(d->call, &d->snapshot, err);
    if (r == 0)
        r = case_look(d, err);
    if (r == 0 && d->repeated) {
        r = call_saw(d->call, &d->task_record, err);
        if (r == 0)
            case_answer(d, &d->task_record);
    } else if (r == 0) {
        r = plan(d, err);
        r = r == 0 ? READY : r;
    }
    case_look_end(d);
    case_network_release(d);
    return r;
}

/* A request that is not written is still the one that was looked at. */
static int guard(struct store_reader *r, void *arg, struct err *err)
{
    const struct case_doing *d = arg;
    struct store_record now = {0};
    int e = store_get_rid(r, d->call->arena, d->request_record.rid, false, &now, err);

    if (e < 0)
        return e;
    if (strcmp(now.vid, d->request_record.vid) == 0)
        return case_ways_hold(r, d, err);
    return err_set(err, E_CONFLICT, NULL, "The case was changed at this moment.");
}

static int go(struct case_doing *d, struct err *err)
{
    int r = decide(d, err);

    if (r != READY)
        return r;
    d->tx = (struct store_transaction){
        .writes = d->writes, .count = d->write_count, .guard = guard, .guard_arg = d};
    return call_submit(d->call, &d->tx, err);
}

static int finish(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct case_doing *d = call->job_->doing;
    struct store_record rec;

    (void)rest;
    if (d->tx.result == E_CONFLICT && ++d->tries < LIMIT_RACE_TRIES)
        return go(d, err);
    if (d->tx.result < 0) {
        *err = d->tx.err;
        return d->tx.result;
    }
    rec = record_of_write(&d->writes[0]);
    case_answer(d, &rec);
    return 0;
}

int rest_case(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct app_job *job = call_job(call, rest);
    struct case_doing *d = arena_alloc(call->arena, sizeof(*d));
    int r = call_alone(call, arena_printf(call->arena, "$%s", rest->step->name), err);

    if (!job || !d)
        return err_nomem(err);
    if (r < 0)
        return r;
    *d = (struct case_doing){
        .call = call, .rest = &job->rest, .step = rest->step, .now = call_now(call)};
    job->doing = d;
    job->finish = finish;
    r = case_parameters_read(call, d->step, &d->given, err);
    if (r < 0)
        return r;
    call->why_ = str_of(arena_printf(call->arena, "$%s", d->step->name));
    return go(d, err);
}

/* ---- the node itself ---- */

/* What the OperationOutcome of ${call} says, as our error. */
static int refused(const struct app_call *call, struct err *err)
{
    static const struct {
        int status;
        int code;
    } codes[] = {{400, E_INVALID}, {403, E_FORBIDDEN}, {404, E_NOT_FOUND},
        {409, E_CONFLICT}, {503, E_BUSY}};
    const struct json *outcome = NULL;
    struct str text = {NULL, 0};
    int code = E_IO;

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (codes[i].status == call->status)
            code = codes[i].code;
    }
    if (json_read_trusted(call->arena,
            (struct str){call->answer.data, call->answer.len}, &outcome, NULL) == 0)
        text = app_sentence(outcome);
    return err_set(err, code, NULL, "%.*s", (int)text.len, text.p ? text.p : "");
}

int case_by_node(struct app *app, struct str id, enum case_own_step step, utc_ms now,
    struct err *err)
{
    static const char *const names[] = {
        [CASE_ESCALATE] = "escalate", [CASE_EXPIRE] = "expire"};
    struct arena *arena = arena_new();
    struct app_call call = {.app = app,
        .arena = arena,
        .caller = {.name = STR("belay"), .role = STR("program")},
        .method = APP_POST,
        .node_ = true,
        .at = now};
    char *path = arena ? arena_printf(arena, "ServiceRequest/%.*s/$%s", (int)id.len,
                             id.p, names[step])
                       : NULL;
    int r = path ? 0 : err_nomem(err);

    if (r == 0) {
        call.path = str_of(path);
        app_run(&call);
        if (call.status != 200)
            r = refused(&call, err);
        app_call_done(&call);
    }
    arena_free(arena);
    return r;
}
