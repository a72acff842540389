/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A call from start to finish. Readers answer at once. Writers are answered in
 * app_finish(), after the store's writer woke the call; long work is done whole on a job
 * thread and only waits to be sent.
 */
#include <assert.h>

#include "app/app_internal.h"

struct str call_actor(const struct app_call *call)
{
    return call->caller.practitioner.p ? call->caller.practitioner : call->caller.name;
}

int call_read_begin(struct app_call *call, struct store_reader **ret, struct err *err)
{
    int r = 0;

    *ret = call->reader_;
    if (!call->reader_)
        r = store_read_begin(call->app->store, ret, err);
    if (r == 0)
        access_begin(call->access_, *ret);
    return r;
}

void call_read_end(struct app_call *call, struct store_reader *reader)
{
    access_end(call->access_);
    if (reader && reader != call->reader_)
        store_read_end(reader);
}

struct app_job *call_job(struct app_call *call, const struct rest *rest)
{
    if (!call->job_) {
        call->job_ = arena_alloc(call->arena, sizeof(*call->job_));
        if (call->job_)
            *call->job_ = (struct app_job){.call = call, .rest = *rest};
    }
    return call->job_;
}

int call_alone(const struct app_call *call, const char *operation, struct err *err)
{
    if (!call->inner_)
        return 0;
    return err_set(err, E_UNSUPPORTED, NULL,
        "%s is asked for by itself and not within a Bundle.", operation);
}

static void submitted(struct store_transaction *t, void *arg)
{
    struct app_call *call = arg;

    (void)t;
    call->wake(call);
}

int call_submit(struct app_call *call, struct store_transaction *tx, struct err *err)
{
    int r = 0;

    tx->actor = call_actor(call);
    tx->who = call_who(call);
    tx->done = submitted;
    tx->done_arg = call;
    r = store_submit(call->app->store, tx, err);
    return r < 0 ? r : APP_WAITING;
}

/* ---- long work ---- */

#define HEAVY_BYTES ((size_t)4 << 20) /* a body that becomes ten times as much memory */

struct pool_item {
    struct jobs_item item;
    struct app_call *call;
};

/* Errors become answers here: nothing but answers leaves the room. */
static int settle(
    struct app_call *call, const struct rest *rest, int r, struct err *err)
{
    if (r < 0) {
        int status = rest->status;

        /* of a body; what is wrong in a search has the parameter as its place */
        if (r == E_UNSUPPORTED && !status && call->body_format != APP_JSON &&
            err->path[0] == '\0')
            status = 415;
        if (!status && call->retry_after > 0) /* too many wrong codes */
            status = 429;
        if (err->code == E_OK)
            err_set(err, r, NULL, "The request failed (%s).", err_name(r));
        call_fail(call, status, err, NULL);
    }
    return r < 0 ? 0 : r;
}

/* Lay an answer out for people, where they asked for it. */
static void prettify(struct app_call *call)
{
    const struct json *json = NULL;
    struct buf b;

    if (call->answer.len == 0 || call->media_type.p)
        return;
    buf_init(&b, LIMIT_RESPONSE_BYTES);
    if (json_read_trusted(call->arena,
            (struct str){call->answer.data, call->answer.len}, &json, NULL) == 0) {
        json_write_pretty(&b, json);
        if (!b.error) {
            struct buf old = call->answer;

            call->answer = b;
            b = old;
        }
    }
    buf_done(&b);
}

/* The answer is complete, if it could be written, and if it may be sent. */
static int complete(struct app_call *call, struct err *err)
{
    if (call->pretty_)
        prettify(call);
    if (call->answer.error) {
        buf_error(&call->answer, "The answer", err);
        if (err->code == E_TOO_LARGE) {
            err_set(err, E_TOO_LARGE, NULL,
                "The answer would be larger than %u MB. Ask for less at a time, for "
                "example with _count.",
                LIMIT_RESPONSE_BYTES >> 20);
        }
        call_fail(call, 0, err, NULL);
    } else if (call->seen_count_ > 0 && call->status < 400 &&
               call_audit(call, err) < 0) {
        call_fail(call, 0, err, NULL);
    }
    return 0;
}

static void pool_run(void *arg)
{
    struct pool_item *item = arg;
    struct app_call *call = item->call;
    struct app_job *job = call->job_;
    struct err err = {0};
    int r = job->run(call, &job->rest, &err);

    settle(call, &job->rest, r, &err);
    call->wake(call);
}

static int pool_finish(struct app_call *call, const struct rest *rest, struct err *err)
{
    (void)call;
    (void)rest;
    (void)err;
    return 0;
}

int call_pool_of(struct app_call *call, struct jobs *jobs, const struct rest *rest,
    int (*run)(struct app_call *, const struct rest *, struct err *), struct err *err)
{
    struct app_job *job = call_job(call, rest);
    struct pool_item *item = arena_alloc(call->arena, sizeof(*item));
    int r = 0;

    if (!job || !item)
        return err_nomem(err);
    job->run = run;
    job->finish = pool_finish;
    item->call = call;
    item->item = (struct jobs_item){
        .run = pool_run, .arg = item, .heavy = call->body.len > HEAVY_BYTES};
    r = jobs_push(jobs, &item->item, err);
    return r < 0 ? r : APP_WAITING;
}

int call_pool(struct app_call *call, const struct rest *rest,
    int (*run)(struct app_call *, const struct rest *, struct err *), struct err *err)
{
    if (call->inner_)
        return run(call, rest, err);
    return call_pool_of(call, call->app->jobs, rest, run, err);
}

/* ---- a call ---- */

/* A step of a case, or one beside it. */
static int step(struct app_call *call, const struct rest *rest, struct err *err)
{
    return rest->beside ? rest_beside(call, rest, err) : rest_case(call, rest, err);
}

static int dispatch(struct app_call *call, const struct rest *rest, struct err *err)
{
    static int (*const answers[])(
        struct app_call *, const struct rest *, struct err *) = {
        [REST_READ] = rest_read,
        [REST_VREAD] = rest_vread,
        [REST_CREATE] = rest_create,
        [REST_UPDATE] = rest_update,
        [REST_PATCH] = rest_patch,
        [REST_DELETE] = rest_delete,
        [REST_HISTORY] = rest_history,
        [REST_SEARCH] = rest_search,
        [REST_BUNDLE] = rest_bundle,
        [REST_METADATA] = rest_metadata,
        [REST_VALIDATE] = rest_validate,
        [REST_EVERYTHING] = rest_everything,
        [REST_ACCESSES] = rest_accesses,
        [REST_CASELOAD] = rest_caseload,
        [REST_VITALS] = rest_vitals,
        [REST_ROUTE] = rest_route,
        [REST_WORKLIST] = rest_worklist,
        [REST_LOGBOOK] = rest_logbook,
        [REST_PROCEDURE] = rest_procedure,
        [REST_APPRENTICE] = rest_apprentice,
        [REST_LINEAGE] = rest_lineage,
        [REST_ENROLMENT] = rest_enrolment,
        [REST_LEARNING] = rest_learning,
        [REST_BREAK_GLASS] = rest_break_glass,
        [REST_REVIEW] = rest_review,
        [REST_CASE_REVIEW] = rest_case_review,
        [REST_CASE_REVIEWS] = rest_case_reviews,
        [REST_HANDOVER] = rest_handover,
        [REST_HANDOVER_SAY] = rest_handover_say,
        [REST_EQUIPMENT] = rest_equipment,
        [REST_TEAM] = rest_roster,
        [REST_PULSE] = rest_pulse,
        [REST_FIGURES] = rest_figures,
        [REST_REPORT] = rest_report,
        [REST_PULSE_SAY] = rest_pulse_say,
        [REST_FITNESS] = rest_fitness,
        [REST_MAP] = rest_map,
        [REST_CATALOGUE] = rest_catalogue,
        [REST_QUALITY] = rest_quality,
        [REST_INDICATOR] = rest_indicator,
        [REST_RULE_CHANGE] = rest_rules,
        [REST_RULES] = rest_rules,
        [REST_SIGN_OFF] = rest_sign_off,
        [REST_SIGN_OFF_LOOK] = rest_sign_off_look,
        [REST_AUDIT_READ] = rest_audit_read,
        [REST_AUDIT_SEARCH] = rest_audit_search,
        [REST_AUDIT_CHAIN] = rest_audit_chain,
        [REST_CASE] = step,
    };
    size_t kind = (size_t)rest->kind;

    if (kind >= sizeof(answers) / sizeof(answers[0]) || !answers[kind])
        return err_set(err, E_BUG, NULL, "A kind of request has no one to answer it.");
    return answers[kind](call, rest, err);
}

bool app_is_public(enum app_space space, struct str path)
{
    return space == APP_PROGRAMME && str_is(path, "Report/$public");
}

/* Everything needs a name but the description of the server and what was approved for the public. */
static int authorise(const struct app_call *call, struct err *err)
{
    if (call->caller.name.len > 0 || str_is(call->path, "metadata") ||
        app_is_public(call->space, call->path))
        return 0;
    return err_set(err, E_UNAUTHORISED, NULL,
        "Sign in first: send a token in the header Authorization, as in Bearer "
        "bly_...");
}

void call_begin(struct app_call *call)
{
    if (call->answer.max == 0)
        buf_init(&call->answer, LIMIT_RESPONSE_BYTES);
    buf_clear(&call->answer);
    call->status = 200;
    call->etag[0] = '\0';
    call->location[0] = '\0';
    call->new_cookie[0] = '\0';
    call->new_way[0] = '\0';
    call->retry_after = 0;
    call->last_modified = 0;
    call->media_type = (struct str){NULL, 0};
    call->may_be_kept = false;
    call->job_ = NULL;
}

int app_start(struct app_call *call)
{
    struct rest rest;
    struct err err;
    int r = 0;

    err.code = E_OK;
    err.path[0] = '\0';
    err.text[0] = '\0';
    rest.status = 0;
    call_begin(call);
    call->pretty_ = false;
    call->seen_ = NULL;
    call->seen_count_ = 0;
    call->seen_cap_ = 0;
    call->access_ = NULL;
    call->why_ = (struct str){NULL, 0};
    if (call->base.len == 0)
        call->base = call->app->base[call->space];
    r = authorise(call, &err);
    if (r == 0)
        r = rest_parse(call, &rest, &err);
    if (r == 0)
        call->kind_ = (int)rest.kind;
    if (r == 0)
        r = access_new(call, &call->access_, &err);
    if (r == 0)
        r = access_scope_check(
            call->access_, &rest, call->if_none_exist.p != NULL, &err);
    if (r == 0)
        r = dispatch(call, &rest, &err);
    r = settle(call, &rest, r, &err);
    return r == 0 ? complete(call, &err) : r;
}

int app_finish(struct app_call *call)
{
    struct app_job *job = call->job_;
    struct err err = {0};
    int r = 0;

    assert(job); /* only what waits is finished */
    r = job->finish(call, &job->rest, &err);

    r = settle(call, &job->rest, r, &err);
    return r == 0 ? complete(call, &err) : r;
}

void app_call_done(struct app_call *call)
{
    buf_done(&call->answer);
}

/* ---- waiting in place ---- */

struct waiter {
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool done;
};

static void wake_waiter(struct app_call *call)
{
    struct waiter *w = call->owner;

    pthread_mutex_lock(&w->lock);
    w->done = true;
    pthread_cond_signal(&w->woken);
    pthread_mutex_unlock(&w->lock);
}

static void wait_for(struct waiter *w)
{
    pthread_mutex_lock(&w->lock);
    while (!w->done)
        pthread_cond_wait(&w->woken, &w->lock);
    w->done = false;
    pthread_mutex_unlock(&w->lock);
}

void app_run(struct app_call *call)
{
    app_run_with(call, app_start);
}

void app_run_with(struct app_call *call, int (*start)(struct app_call *))
{
    struct waiter w = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
    int r = 0;

    call->wake = wake_waiter;
    call->owner = &w;
    r = start(call);
    while (r == APP_WAITING) {
        wait_for(&w);
        r = app_finish(call);
    }
    pthread_cond_destroy(&w.woken);
    pthread_mutex_destroy(&w.lock);
}
