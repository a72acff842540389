/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AuditEvent/$chain, for auditors: is the trail whole, from its first entry to its last?
 * Parameters with sound, checked, and either head ("NUMBER:HASH", to be noted elsewhere)
 * and entries, or one fault each. All blocks are read, so it is asked for and not shown
 * by itself.
 */
#include "app/audit_read_internal.h"
#include "fhir/value.h"

#define FAULTS_MOST 20 /* that are told */

struct chain {
    struct json_out out;
    size_t faults;
};

static void open_parameter(struct json_out *o, const char *name)
{
    json_open(o, '{');
    json_name(o, "name");
    json_put_str(o, name);
}

static void put_text(
    struct json_out *o, const char *name, const char *kind, struct str value)
{
    open_parameter(o, name);
    json_member(o, kind, value);
    json_close(o, '}');
}

static void put_fault(void *arg, const char *where, const char *what)
{
    struct chain *c = arg;

    if (c->faults++ >= FAULTS_MOST)
        return;
    open_parameter(&c->out, "fault");
    json_name(&c->out, "part");
    json_open(&c->out, '[');
    put_text(&c->out, "where", "valueString", str_of(where));
    put_text(&c->out, "what", "valueString", str_of(what));
    json_close(&c->out, ']');
    json_close(&c->out, '}');
}

static void put_end(struct chain *c, struct str head)
{
    struct str number = head;
    int64_t entries = 0;

    number = str_cut(&number, ':');
    (void)text_int(number, 0, INT64_MAX, &entries);
    open_parameter(&c->out, "entries");
    json_name(&c->out, "valueDecimal");
    json_put_int(&c->out, entries);
    json_close(&c->out, '}');
    put_text(&c->out, "head", "valueString", head);
}

static int check(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct chain c = {.out = json_out(&call->answer)};
    struct str head = {NULL, 0};
    char at[TIME_ISO_MAX];
    bool sound = false;
    int r = 0;

    (void)rest;
    /* what cannot be written now does not hide the state of what is there */
    (void)audit_flush(call->app, NULL);
    json_open(&c.out, '{');
    json_name(&c.out, "resourceType");
    json_put_str(&c.out, "Parameters");
    json_name(&c.out, "parameter");
    json_open(&c.out, '[');
    put_text(
        &c.out, "checked", "valueInstant", (struct str){at, time_iso(time_now(), at)});
    r = store_trail_verify(call->app->store, call->arena, put_fault, &c, &head, err);
    sound = r == 0;
    if (sound)
        put_end(&c, head);
    open_parameter(&c.out, "sound");
    json_name(&c.out, "valueBoolean");
    json_put_bool(&c.out, sound);
    json_close(&c.out, '}');
    json_close(&c.out, ']');
    json_close(&c.out, '}');
    if (r < 0 && r != E_CORRUPT)
        return r;
    err->code = E_OK;
    return audit_look(call, 0, 0, err);
}

int rest_audit_chain(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (!audit_may(&call->caller, false))
        return err_set(err, E_FORBIDDEN, NULL,
            "The audit trail is for auditors. Your role does not open it.");
    return call_pool(call, rest, check, err);
}
