/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Create, update and delete of one record. Everything that needs no lock is done on the
 * caller's thread; the store's writer gets a finished change with what it expects to
 * find. Patches go the same way (patch.c).
 *
 *   start ─► decide ─► submit ┄ writer ┄► finish ─► answer
 *              ▲                            │
 *              └────────── lost a race ─────┘   at most LIMIT_RACE_TRIES times
 */
#include <stdio.h>
#include <string.h>

#include "app/write_internal.h"

/* ---- what is written ---- */

/* References to ourselves by our full address stay as they are written: search knows
 * them (view/search_home.c). */
int writing_prepare(struct app_call *call, struct writing *w,
    const struct json *resource, struct err *err)
{
    struct record_room room = {call->app, call->arena, call->arena};

    return record_prepare(&room, &w->write, resource, NULL, err);
}

/* ---- the way through the writer ---- */

static int answer_write(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err);

static int guard(struct store_reader *r, void *arg, struct err *err)
{
    struct app_call *call = arg;
    struct writing *w = call->job_->writing;

    int e = 0;

    access_begin(call->access_, r);
    e = condition_hold(r, call->arena, w->condition, err);
    access_end(call->access_);
    return e;
}

static int submit(struct app_call *call, struct writing *w, struct err *err)
{
    w->tx = (struct store_transaction){
        .writes = &w->write,
        .count = 1,
        .guard = w->condition ? guard : NULL,
        .guard_arg = call,
    };
    return call_submit(call, &w->tx, err);
}

static int go(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct writing *w = call->job_->writing;
    int r = w->decide(call, rest, w, err);

    return r == WRITING_READY ? submit(call, w, err) : r;
}

static int finish(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct writing *w = call->job_->writing;

    if (w->tx.result == E_CONFLICT && ++w->tries < LIMIT_RACE_TRIES)
        return go(call, rest, err);
    if (w->tx.result < 0)
        *err = w->tx.err;
    return w->answer(call, rest, w, err);
}

int writing_start(struct app_call *call, const struct rest *rest, struct writing **ret,
    struct err *err)
{
    struct app_job *job = call_job(call, rest);
    struct writing *w = arena_alloc(call->arena, sizeof(*w));

    if (!job || !w)
        return err_nomem(err);
    job->writing = w;
    job->finish = finish;
    w->answer = answer_write;
    *ret = w;
    return 0;
}

int writing_go(struct app_call *call, struct err *err)
{
    return go(call, &call->job_->rest, err);
}

int writing_condition(struct app_call *call, const struct rest *rest, struct writing *w,
    const char *header, struct str text, struct err *err)
{
    struct condition_request rq = {
        .type = rest->type,
        .bases = app_bases(call->arena, call->app, call->base),
        .filter = access_filter(call->access_),
        .text = text,
        .pairs = rest->pairs,
        .pair_count = rest->pair_count,
        .path = header,
    };

    w->condition = arena_alloc(call->arena, sizeof(*w->condition));
    if (!w->condition)
        return err_nomem(err);
    return condition_parse(call->arena, &rq, w->condition, err);
}

int writing_look(struct app_call *call, struct writing *w, struct err *err)
{
    struct store_reader *reader = NULL;
    int r = call_read_begin(call, &reader, err);

    if (r == 0)
        r = condition_look(reader, call->arena, w->condition, err);
    if (r == 0)
        r = condition_single(w->condition, NULL, err);
    call_read_end(call, reader);
    return r;
}

/* ---- what a write expects to find ---- */

static int expect(const struct app_call *call, struct store_write *w, struct err *err)
{
    if (call->if_match.p) {
        struct str vid = rest_etag(call->if_match);

        if (str_is(vid, "*")) {
            w->expect = STORE_EXPECT_LIVE;
            return 0;
        }
        if (vid.len != STORE_VID_CHARS) {
            return err_set(err, E_PRECONDITION, NULL,
                "If-Match names a version that this record never had. Read the record "
                "again and repeat the change on its current version.");
        }
        w->expect = STORE_EXPECT_VID;
        memcpy(w->expect_vid, vid.p, vid.len);
        w->expect_vid[vid.len] = '\0';
    } else if (call->if_none_match.p) {
        if (!str_is(text_trim(call->if_none_match), "*")) {
            return err_set(err, E_INVALID, NULL,
                "If-None-Match of a write can only be *, which means: only if there is "
                "no such record yet.");
        }
        w->expect = STORE_EXPECT_ABSENT;
    }
    return 0;
}

/* ---- who may ---- */

/* No record is meant yet: it gets an id of ours. */
static bool makes_new(const struct writing *w)
{
    return w->write.operation == STORE_CREATE ||
           (w->condition && w->condition->count == 0 && w->resource &&
               !json_get_text(w->resource, "id").p);
}

/* May the caller do ${w}, which makes ${resource} (NULL: deletes)? The version that was
 * looked at, or that there was none, is what is changed, or it is looked at again. */
int writing_check(struct app_call *call, struct writing *w, const struct json *resource,
    struct err *err)
{
    const struct access_write write = {.type = w->write.type,
        .id = makes_new(w) ? (struct str){NULL, 0} : w->write.id,
        .resource = resource};
    struct store_reader *reader = NULL;
    char vid[STORE_VID_CHARS + 1] = ACCESS_NOT_LOOKED;
    bool looked = false;
    int r = 0;

    if (!call->access_)
        return access_check_form(&write, err);
    r = call_read_begin(call, &reader, err);
    if (r == 0)
        r = access_check_write(call->access_, &write, vid, err);
    call_read_end(call, reader);
    looked = r == 0 && strcmp(vid, ACCESS_NOT_LOOKED) != 0;
    if (looked && !vid[0] && write.id.p && resource &&
        (w->write.expect_soft || w->write.expect == STORE_EXPECT_ANY)) {
        w->write.expect = STORE_EXPECT_ABSENT;
        w->write.expect_soft = true;
    }
    if (looked && vid[0] &&
        (w->write.expect_soft || w->write.expect == STORE_EXPECT_ANY ||
            w->write.expect == STORE_EXPECT_LIVE)) {
        w->write.expect = STORE_EXPECT_VID;
        w->write.expect_soft = true;
        memcpy(w->write.expect_vid, vid, sizeof(vid));
    }
    return r;
}

/* ---- answers ---- */

static void write_body(
    struct app_call *call, const struct rest *rest, const struct store_record *rec)
{
    switch (rest->prefer) {
    case REST_RETURN_MINIMAL:
        break;
    case REST_RETURN_OUTCOME:
        outcome_write_note(&call->answer,
            call->status == 201 ? "The record was created." : "The record was stored.");
        break;
    case REST_RETURN_UNSAID:
    case REST_RETURN_REPRESENTATION:
        record_write(&call->answer, rec);
        break;
    }
}

static int answer_write(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct store_record rec;

    if (w->tx.result < 0) {
        /* the record that If-Match: * wants is not there */
        if (w->write.expect == STORE_EXPECT_LIVE &&
            (w->tx.result == E_NOT_FOUND || w->tx.result == E_GONE)) {
            return err_set(err, E_PRECONDITION, NULL,
                "If-Match asks for a record that is there, but there is none.");
        }
        return w->tx.result;
    }
    rec = record_of_write(&w->write);
    /* what was changed is told of with the change, what stayed is only shown */
    if (w->write.unchanged && call_saw(call, &rec, err) < 0)
        return E_NOMEM;
    call->status = rec.operation == STORE_CREATE && !w->write.unchanged ? 201 : 200;
    record_headers(call, &rec, call->status == 201);
    write_body(call, rest, &rec);
    return 0;
}

int writing_answer_made(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct store_record rec;

    (void)rest;
    (void)err;
    if (w->tx.result < 0)
        return w->tx.result;
    rec = record_of_write(&w->write);
    call->status = rec.operation == STORE_CREATE ? 201 : 200;
    record_headers(call, &rec, false);
    record_write(&call->answer, &rec);
    return 0;
}

/* ---- create ---- */

/* The one record that If-None-Exist found. */
static int answer_existing(struct app_call *call, const struct rest *rest,
    const struct condition *c, struct err *err)
{
    struct store_reader *reader = NULL;
    struct store_record rec = {0};
    int r = store_read_begin(call->app->store, &reader, err);

    if (r == 0)
        r = store_get_rid(reader, call->arena, c->rid, true, &rec, err);
    if (reader)
        store_read_end(reader);
    if (r < 0)
        return r;
    if (rec.operation == STORE_DELETE) {
        return err_set(err, E_CONFLICT, NULL,
            "The record that If-None-Exist matches was deleted at this moment. Try "
            "again.");
    }
    r = call_saw(call, &rec, err);
    if (r < 0)
        return r;
    call->status = 200;
    record_headers(call, &rec, true);
    if (rest->prefer == REST_RETURN_OUTCOME)
        outcome_write_note(
            &call->answer, "There is such a record already; none was made.");
    else if (rest->prefer != REST_RETURN_MINIMAL)
        record_write(&call->answer, &rec);
    return 0;
}

static int decide_create(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    int r = 0;

    if (w->condition) {
        r = writing_look(call, w, err);
        if (r < 0)
            return r;
        if (w->condition->count == 1)
            return answer_existing(call, rest, w->condition, err);
    }
    r = writing_check(call, w, w->resource, err);
    if (r == 0 && !w->write.body.p)
        r = writing_prepare(call, w, w->resource, err);
    return r < 0 ? r : WRITING_READY;
}

static int new_id(struct app_call *call, struct str *ret, struct err *err)
{
    char *id = arena_alloc_raw(call->arena, ID_UUID_CHARS + 1);

    if (!id)
        return err_nomem(err);
    id_uuid7(time_now(), id);
    *ret = (struct str){id, ID_UUID_CHARS};
    return 0;
}

/* Read and check the body; 1: the answer is made (problems listed). */
static int take_body(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct fhir_issues issues = {0};
    int r = body_read(call, &w->resource, err);

    if (r == 0)
        r = body_check(call->arena, w->resource, rest->type, &issues, err);
    if (r == E_INVALID && issues.errors > 0) {
        call_fail(call, 422, err, &issues);
        return 1;
    }
    return r;
}

/* A writing with a body; 1: the answer is made. */
static int start_with_body(struct app_call *call, const struct rest *rest,
    struct writing **ret, struct err *err)
{
    int r = writing_start(call, rest, ret, err);

    return r < 0 ? r : take_body(call, rest, *ret, err);
}

int rest_create(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct writing *w = NULL;
    int r = start_with_body(call, rest, &w, err);

    if (r != 0)
        return r < 0 ? r : 0;
    w->decide = decide_create;
    w->write = (struct store_write){
        .type = rest->type, .operation = STORE_CREATE, .expect = STORE_EXPECT_ABSENT};
    r = new_id(call, &w->write.id, err);
    if (r == 0 && call->if_none_exist.p)
        r = writing_condition(call, rest, w, "If-None-Exist", call->if_none_exist, err);
    return r < 0 ? r : writing_go(call, err);
}

/* ---- update ---- */

static int check_id(const struct json *resource, struct str id, struct err *err)
{
    struct str given = json_get_text(resource, "id");

    if (!given.p) {
        return err_set(err, E_INVALID, "id",
            "The body has no id. An update must carry the id that the address names.");
    }
    if (!str_eq(given, id)) {
        return err_set(err, E_INVALID, "id",
            "The body's id is %.*s, but the address names %.*s.",
            (int)(given.len > 64 ? 64 : given.len), given.p, (int)id.len, id.p);
    }
    return 0;
}

/* Which record a conditional update is about. */
static int choose_id(struct app_call *call, struct writing *w, struct err *err)
{
    struct str given = json_get_text(w->resource, "id");
    struct str id = given;
    int r = writing_look(call, w, err);

    if (r < 0)
        return r;
    if (w->condition->count == 1) {
        id = w->condition->id;
        if (given.p && !str_eq(given, id))
            return check_id(w->resource, id, err);
    } else if (!given.p) {
        r = new_id(call, &id, err);
    }
    if (r == 0 && (!w->write.body.p || !str_eq(id, w->write.id))) {
        w->write.id = id;
        r = writing_prepare(call, w, w->resource, err);
    }
    return r;
}

static int decide_update(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    int r = 0;

    (void)rest;
    if (w->condition)
        r = choose_id(call, w, err);
    if (r == 0)
        r = writing_check(call, w, w->resource, err);
    if (r == 0 && !w->write.body.p)
        r = writing_prepare(call, w, w->resource, err);
    return r < 0 ? r : WRITING_READY;
}

int rest_update(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct writing *w = NULL;
    int r = start_with_body(call, rest, &w, err);

    if (r != 0)
        return r < 0 ? r : 0;
    w->decide = decide_update;
    w->write = (struct store_write){
        .type = rest->type, .id = rest->id, .operation = STORE_UPDATE};
    r = expect(call, &w->write, err);
    if (r == 0 && rest->id.p)
        r = check_id(w->resource, rest->id, err);
    else if (r == 0)
        r = writing_condition(call, rest, w, NULL, (struct str){NULL, 0}, err);
    return r < 0 ? r : writing_go(call, err);
}

/* ---- delete ---- */

static int answer_delete(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    int r = w->tx.result;

    (void)rest;
    /* what is gone already is what was asked for */
    if ((r == E_NOT_FOUND || r == E_GONE) && !call->if_match.p) {
        r = 0;
    } else if (r == E_NOT_FOUND || r == E_GONE) {
        r = err_set(err, E_PRECONDITION, NULL,
            "If-Match asks for a record that is there, but there is none.");
    } else if (r == 0) {
        snprintf(call->etag, sizeof(call->etag), "W/\"%s\"", w->write.vid);
    }
    if (r == 0)
        call->status = 204;
    return r;
}

static int decide_delete(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    int r = 0;

    (void)rest;
    if (w->condition) {
        r = writing_look(call, w, err);
        if (r < 0)
            return r;
        if (w->condition->count == 0) {
            call->status = 204;
            return 0;
        }
        w->write.id = w->condition->id;
    }
    r = writing_check(call, w, NULL, err);
    if (r < 0)
        return r;
    r = store_prepare(call->app->store, call->arena, &w->write, err);
    return r < 0 ? r : WRITING_READY;
}

int rest_delete(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct writing *w = NULL;
    int r = writing_start(call, rest, &w, err);

    if (r < 0)
        return r;
    w->decide = decide_delete;
    w->answer = answer_delete;
    w->write = (struct store_write){.type = rest->type,
        .id = rest->id,
        .operation = STORE_DELETE,
        .expect = STORE_EXPECT_LIVE};
    if (call->if_match.p)
        r = expect(call, &w->write, err);
    if (r == 0 && !rest->id.p)
        r = writing_condition(call, rest, w, NULL, (struct str){NULL, 0}, err);
    return r < 0 ? r : writing_go(call, err);
}
