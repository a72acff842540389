/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading the demonstration through the same door as everybody's, so that what is shown has
 * been checked like all else: its records in a transaction, its cases step by step. Where
 * nothing changed no version is added.
 */
#include <stdio.h>

#include "base/compress.h"
#include "base/limits.h"

#include "app/demo_internal.h"
#include "app/procedure_rule.h"

#define ROUND_TO ((utc_ms)5 * 60 * 1000) /* people round what they did, too */

static struct app_call call_from(struct app *app, struct arena *arena)
{
    return (struct app_call){.app = app,
        .arena = arena,
        .caller = {.name = STR("demonstration"), .role = STR("program")}};
}

int demo_refused(const struct app_call *call, struct err *err)
{
    const struct json *outcome = NULL;
    const struct json *issue = NULL;
    struct str path = {0};
    struct str text = {0};
    char where[ERR_PATH_MAX];
    int r = json_read_trusted(
        call->arena, (struct str){call->answer.data, call->answer.len}, &outcome, err);

    if (r < 0)
        return r;
    issue = json_at(json_get(outcome, "issue"), 0);
    path = json_text(json_at(json_get(issue, "expression"), 0));
    text = json_get_text(issue, "diagnostics");
    snprintf(where, sizeof(where), "%.*s", (int)path.len, path.p ? path.p : "");
    return err_set(err, call->status >= 500 ? E_IO : E_BUG, where,
        "The demonstration could not be stored: %.*s", (int)text.len,
        text.p ? text.p : "");
}

static int load_records(struct app *app, struct arena *arena, enum demo_kind kind,
    struct str text, struct err *err)
{
    struct app_call call = call_from(app, arena);
    int r = 0;

    call.method = APP_POST;
    call.path = STR("");
    call.space = kind == DEMO_PROGRAMME ? APP_PROGRAMME : APP_FHIR;
    call.body = text;
    app_run(&call);
    if (call.status != 200)
        r = demo_refused(&call, err);
    app_call_done(&call);
    return r;
}

static int load_part(
    struct app *app, const struct demo_part *part, utc_ms now, struct err *err)
{
    const struct str packed = {(const char *)part->packed, part->len};
    struct arena *arena = arena_new();
    struct str text = {NULL, 0};
    struct buf plain;
    struct buf body;
    int r = 0;

    buf_init(&plain, LIMIT_BODY_BYTES);
    buf_init(&body, LIMIT_BODY_BYTES);
    r = arena ? decompress_gzip(packed, &plain, err) : err_nomem(err);
    if (r == 0)
        r = demo_put_marks(&body, (struct str){plain.data, plain.len}, now, err);
    if (r == 0)
        r = buf_error(&body, "The demonstration", err);
    text = (struct str){body.data, body.len};
    if (r == 0 && part->kind == DEMO_CASES)
        r = demo_load_cases(app, arena, text, now, err);
    else if (r == 0 && part->kind == DEMO_STORIES)
        r = demo_load_stories(app, arena, text, now, err);
    else if (r == 0)
        r = load_records(app, arena, part->kind, text, err);
    buf_done(&body);
    buf_done(&plain);
    arena_free(arena);
    return r;
}

int app_demo_load(struct app *app, bool small, struct err *err)
{
    utc_ms now = time_now() / ROUND_TO * ROUND_TO;
    int r = procedure_rules_load(app, err);

    for (size_t i = 0; r == 0 && i < demo_part_count; i++) {
        if (small && !demo_parts[i].small)
            continue;
        r = load_part(app, &demo_parts[i], now, err);
    }
    return r == 0 && !small ? demo_load_reviews(app, now, err) : r;
}
