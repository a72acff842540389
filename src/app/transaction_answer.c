/* SPDX-License-Identifier: Apache-2.0 */
/* A transaction as a call: plan, write, again after a lost race, then the response. */
#include <stdio.h>

#include "app/bundle_internal.h"

static void write_headers(struct json_out *o, const char *vid, utc_ms updated)
{
    char text[64];

    snprintf(text, sizeof(text), "W/\"%s\"", vid);
    json_name(o, "etag");
    json_put_str(o, text);
    time_iso(updated, text);
    json_name(o, "lastModified");
    json_put_str(o, text);
}

/* The response to an entry that wrote (or found) ${rec}. */
static void write_record(struct json_out *o, const struct bundle_entry *e,
    const struct store_record *rec, int status, enum rest_return prefer)
{
    char location[256];

    json_open(o, '{');
    if (prefer == REST_RETURN_REPRESENTATION && rec->body.len > 0) {
        json_name(o, "resource");
        record_write(o->buf, rec);
        o->comma = true;
    }
    json_name(o, "response");
    json_open(o, '{');
    json_name(o, "status");
    json_put_str(o, bundle_status(status));
    if (status != 204) {
        snprintf(location, sizeof(location), "%.*s/_history/%s", (int)e->target.len,
            e->target.p, rec->vid);
        json_name(o, "location");
        json_put_str(o, location);
    }
    write_headers(o, rec->vid, rec->updated);
    if (prefer == REST_RETURN_OUTCOME) {
        json_name(o, "outcome");
        outcome_write_note(o->buf,
            status == 201 ? "The record was created." : "The record was stored.");
        o->comma = true;
    }
    json_close(o, '}');
    json_close(o, '}');
}

static void write_nothing(struct json_out *o, int status)
{
    json_open(o, '{');
    json_name(o, "response");
    json_open(o, '{');
    json_name(o, "status");
    json_put_str(o, bundle_status(status));
    json_close(o, '}');
    json_close(o, '}');
}

/* GETs come last, and see what the transaction did and nothing later. */
static void write_get(struct transaction *t, struct json_out *o, struct bundle_entry *e,
    const struct app_call *outer)
{
    struct app_call call = {
        .app = outer->app,
        .arena = outer->arena,
        .caller = outer->caller,
        .space = outer->space,
        .base = outer->base,
        .prefer = outer->prefer,
        .inner_ = true,
        .reader_ = t->reader,
    };
    struct err err = {0};
    int r = 0;

    if (e->method == APP_POST)
        r = transaction_resource(t, outer->arena, e, &e->resource, &err);
    bundle_entry_call(e, &call);
    if (t->tx.snapshot_result < 0)
        app_fail(&call, &t->tx.err, NULL);
    else if (r < 0)
        app_fail(&call, &err, NULL);
    else
        app_run(&call);
    bundle_write_call(o, &call);
    app_call_done(&call);
}

static void write_entry(struct transaction *t, struct json_out *o,
    struct bundle_entry *e, struct app_call *call, const struct rest *rest)
{
    enum rest_return prefer =
        e->rest.type ? access_scope_prefer(t->access, e->rest.type, rest->prefer)
                     : rest->prefer;
    struct store_record rec;

    if (!bundle_writes(e)) {
        write_get(t, o, e, call);
    } else if (e->found) {
        if (call_saw(call, &e->existing, NULL) < 0)
            o->buf->error = E_NOMEM; /* not shown what cannot be told of */
        write_record(o, e, &e->existing, 200, prefer);
    } else if (e->write == SIZE_MAX) {
        write_nothing(o, e->method == APP_POST ? 200 : 204);
    } else {
        const struct store_write *w = &t->writes[e->write];

        rec = record_of_write(w);
        if (w->operation == STORE_DELETE)
            write_record(o, e, &rec, 204, REST_RETURN_MINIMAL);
        else
            write_record(o, e, &rec,
                rec.operation == STORE_CREATE && !w->unchanged ? 201 : 200, prefer);
    }
}

static int answer(struct transaction *t, struct app_call *call, const struct rest *rest)
{
    struct json_out o = json_out(&call->answer);

    bundle_open(&o, "transaction-response");
    if (t->count > 0) {
        json_name(&o, "entry");
        json_open(&o, '[');
        for (size_t i = 0; i < t->count; i++)
            write_entry(t, &o, &t->entries[i], call, rest);
        json_close(&o, ']');
    }
    json_close(&o, '}');
    call->status = 200;
    if (call->answer.error == E_TOO_LARGE) {
        /* done is done: say so, without the details that do not fit */
        buf_clear(&call->answer);
        outcome_write_note(&call->answer,
            "The transaction was carried out. Its response is too large to be sent.");
    }
    return 0;
}

/* ---- the call ---- */

/* Without anything to write the GETs see what is there now, all the same. */
static int commit(struct transaction *t, struct err *err)
{
    int r = 0;

    if (t->reads)
        r = store_read_begin(t->app->store, &t->reader, err);
    if (r < 0 || t->tx.count == 0)
        return r;
    t->tx.snapshot = t->reader;
    r = store_commit(t->app->store, &t->tx, err);
    if (r < 0 && t->reader) {
        store_read_end(t->reader);
        t->reader = NULL;
    }
    return r;
}

static int carry_out(struct transaction *t, struct fhir_issues *issues, struct err *err)
{
    int r = 0;

    for (unsigned tries = 0; tries < LIMIT_RACE_TRIES; tries++) {
        r = transaction_plan(t, issues, err);
        if (r < 0)
            return r;
        t->tx.result = 0;
        t->tx.failed = SIZE_MAX;
        r = commit(t, err);
        if (r == 0)
            return 0;
        if (t->tx.result == 0) {
            t->tx.result = r; /* it was not even queued */
            t->tx.err = *err;
        }
        if (!transaction_raced(t))
            break;
    }
    return transaction_error(t, err);
}

int transaction_run(struct app_call *call, const struct rest *rest,
    const struct bundle_parts *parts, struct err *err)
{
    struct transaction t = {
        .app = call->app,
        .arena = call->arena,
        .space = call->space,
        .base = call->base,
        .actor = call_actor(call),
        .who = call_who(call),
        .access = call->access_,
        .parts = *parts,
        .bodies = rest->prefer == REST_RETURN_REPRESENTATION,
    };
    struct fhir_issues issues = {0};
    int r = transaction_read(&t, &issues, err);

    if (r == 0)
        r = carry_out(&t, &issues, err);
    if (r == E_INVALID && issues.errors > 0) {
        call_fail(call, 422, err, &issues);
        r = 0;
    } else if (r == 0) {
        r = answer(&t, call, rest);
    }
    if (t.reader)
        store_read_end(t.reader);
    return r;
}
