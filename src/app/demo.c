/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading the demonstration: three transactions through the same door as everybody's,
 * so that what is shown has been checked like all else.
 */
#include "app/demo.h"

#include <stdio.h>
#include <string.h>

#include "app/demo_internal.h"

void demo_begin(struct demo *d, const char *type, const char *id)
{
    json_open(&d->out, '{');
    demo_open(d, "resource", '{');
    demo_put(d, "resourceType", type);
    demo_put(d, "id", id);
}

void demo_end(struct demo *d, const char *type, const char *id)
{
    char url[256];

    snprintf(url, sizeof(url), "%s/%s", type, id);
    demo_close(d, '}');
    demo_open(d, "request", '{');
    demo_put(d, "method", "PUT");
    demo_put(d, "url", url);
    demo_close(d, '}');
    json_close(&d->out, '}');
}

void demo_put(struct demo *d, const char *name, const char *text)
{
    json_member(&d->out, name, str_of(text));
}

void demo_open(struct demo *d, const char *name, char bracket)
{
    json_name(&d->out, name);
    json_open(&d->out, bracket);
}

void demo_close(struct demo *d, char bracket)
{
    json_close(&d->out, bracket);
}

void demo_refer(struct demo *d, const char *name, const char *type, const char *id,
    const char *display)
{
    char text[256];

    snprintf(text, sizeof(text), "%s/%s", type, id);
    if (name)
        json_name(&d->out, name);
    json_open(&d->out, '{');
    demo_put(d, "reference", text);
    demo_put(d, "display", display);
    json_close(&d->out, '}');
}

void demo_concept(struct demo *d, const char *name, const char *system,
    const char *code, const char *text)
{
    if (name)
        json_name(&d->out, name);
    json_open(&d->out, '{');
    demo_open(d, "coding", '[');
    json_open(&d->out, '{');
    demo_put(d, "system", system);
    demo_put(d, "code", code);
    json_close(&d->out, '}');
    demo_close(d, ']');
    demo_put(d, "text", text);
    json_close(&d->out, '}');
}

void demo_time(struct demo *d, const char *name, int minutes)
{
    char iso[TIME_ISO_MAX];

    time_iso(d->now - (utc_ms)minutes * 60 * 1000, iso);
    demo_put(d, name, iso);
}

const struct demo_place *demo_place_find(const char *id)
{
    for (size_t i = 0; i < demo_place_count; i++) {
        if (strcmp(demo_places[i].id, id) == 0)
            return &demo_places[i];
    }
    return NULL;
}

const struct demo_doctor *demo_doctor_find(const char *id)
{
    for (size_t i = 0; i < demo_doctor_count; i++) {
        if (strcmp(demo_doctors[i].id, id) == 0)
            return &demo_doctors[i];
    }
    return NULL;
}

void demo_doctor_name(const struct demo_doctor *doctor, char out[128])
{
    snprintf(out, 128, "%s %s", doctor->given, doctor->family);
}

void demo_town(const struct demo_place *place, char out[128])
{
    size_t len = strcspn(place->name, "(");

    while (len > 0 && place->name[len - 1] == ' ')
        len--;
    snprintf(out, 128, "%.*s", (int)len, place->name);
}

/* ---- loading ---- */

/* The first sentence of an OperationOutcome. */
static int told(struct arena *a, const struct app_call *call, struct err *err)
{
    const struct json *json = NULL;
    struct str text = {0};
    int r = json_read_trusted(
        a, (struct str){call->answer.data, call->answer.len}, &json, err);

    if (r < 0)
        return r;
    text = json_get_text(json_at(json_get(json, "issue"), 0), "diagnostics");
    return err_set(err, call->status >= 500 ? E_IO : E_BUG, NULL,
        "The demonstration could not be stored: %.*s", (int)text.len, text.p);
}

static int store_part(struct app *app, void (*write)(struct demo *d), struct err *err)
{
    struct app_call call = {.app = app,
        .arena = arena_new(),
        .caller = {.name = STR("demonstration")},
        .method = APP_POST,
        .path = STR("")};
    struct demo d = {.app = app, .now = time_now()};
    struct buf text;
    int r = 0;

    if (!call.arena)
        return err_nomem(err);
    buf_init(&text, LIMIT_BODY_BYTES);
    d.out = json_out(&text);
    json_open(&d.out, '{');
    demo_put(&d, "resourceType", "Bundle");
    demo_put(&d, "type", "transaction");
    demo_open(&d, "entry", '[');
    write(&d);
    demo_close(&d, ']');
    json_close(&d.out, '}');
    r = buf_error(&text, "The demonstration", err);
    if (r == 0) {
        call.body = (struct str){text.data, text.len};
        app_run(&call);
        if (call.status != 200)
            r = told(call.arena, &call, err);
        app_call_done(&call);
    }
    buf_done(&text);
    arena_free(call.arena);
    return r;
}

int app_demo_load(struct app *app, struct err *err)
{
    int r = store_part(app, demo_write_network, err);

    if (r == 0)
        r = store_part(app, demo_write_cases, err);
    if (r == 0)
        r = store_part(app, demo_write_progress, err);
    return r;
}
