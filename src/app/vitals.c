/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GET Patient/ID/$vitals, GET ServiceRequest/ID/$vitals, POST Patient/$vitals
 *
 *   _count       so many sets, the newest (100)
 *   from, until  sets taken at or after, before
 *
 * What is posted is a Bundle of type collection with one Patient (date of birth, hospital,
 * address) and Observations and Conditions as they would be stored. It is computed the same
 * way and forgotten: a form shows by it what will be said, before anything is sent.
 */
#include <string.h>

#include "app/vitals_internal.h"

#define SETS_UNLESS_SAID 100

/* ---- what is asked ---- */

static int take_pair(struct vitals *v, const struct search_pair *pair, struct err *err)
{
    utc_ms hi = 0;
    int64_t n = 0;

    if (str_is(pair->name, "_count")) {
        if (!text_int(pair->value, 1, LIMIT_VITALS_SETS, &n))
            return err_set(err, E_INVALID, "_count",
                "_count must be a whole number from 1 to %d.", LIMIT_VITALS_SETS);
        v->count = (size_t)n;
        return 0;
    }
    if (str_is(pair->name, "from") || str_is(pair->name, "until")) {
        utc_ms *bound = str_is(pair->name, "from") ? &v->from : &v->until;

        if (!fhir_date_range(pair->value, bound, &hi))
            return err_set(err, E_INVALID, pair->name.p,
                "%s must be a date or a time as FHIR writes them, such as 2026-01-31.",
                pair->name.p);
        return 0;
    }
    return err_set(err, E_INVALID, pair->name.p,
        "$vitals takes _count, from and until, and nothing else.");
}

static int take_pairs(struct vitals *v, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < v->rest->pair_count; i++)
        r = take_pair(v, &v->rest->pairs[i], err);
    return r;
}

/* ---- what is posted ---- */

static int try_entry(struct vitals *v, const struct json *resource, struct err *err)
{
    struct str type = json_get_text(resource, "resourceType");
    const struct fhir_type *known = fhir_resource_named(type);
    struct fhir_issues issues = {0};
    int r = 0;

    if (!str_is(type, "Patient") && !str_is(type, "Observation") &&
        !str_is(type, "Condition"))
        return err_set(err, E_INVALID, "Bundle.entry",
            "What is posted to $vitals holds a Patient, Observations and Conditions.");
    r = body_check(v->a, resource, known, &issues, err);
    if (r < 0)
        return r;
    if (!str_is(type, "Patient"))
        return vitals_take(v, resource, true, err);
    if (v->patient)
        return err_set(err, E_INVALID, "Bundle.entry",
            "What is posted to $vitals is of one Patient, and here are two.");
    v->patient = resource;
    return 0;
}

static int try_out(struct vitals *v, struct err *err)
{
    const struct json *body = NULL;
    struct json_each it;
    int r = body_read(v->call, &body, err);

    if (r < 0)
        return r;
    if (!str_is(json_get_text(body, "resourceType"), "Bundle"))
        return err_set(err, E_INVALID, "resourceType",
            "What is posted to $vitals must be a Bundle of type collection.");
    if (json_count(json_get(body, "entry")) > LIMIT_VITALS_TRIAL)
        return err_set(err, E_TOO_LARGE, "Bundle.entry",
            "At most %d records can be tried out at once.", LIMIT_VITALS_TRIAL);
    it = json_each(json_get(body, "entry"));
    while (r == 0 && json_next(&it))
        r = try_entry(v, json_get(it.value, "resource"), err);
    return r < 0 ? r : vitals_find_hospital(v, err);
}

/* ---- for the node itself ---- */

int vitals_of_case(struct app_call *call, struct store_reader *snapshot, struct str id,
    struct vitals *ret, struct err *err)
{
    struct rest *rest = arena_alloc(call->arena, sizeof(*rest));
    struct vitals v = {.call = call,
        .rest = rest,
        .a = call->arena,
        .snapshot = snapshot,
        .bases = app_bases(call->arena, call->app, call->base),
        .of_case = true,
        .count = SETS_UNLESS_SAID,
        .from = UTC_MS_MIN,
        .until = UTC_MS_MAX};
    int r = rest ? 0 : err_nomem(err);

    if (r < 0)
        return r;
    rest->type = fhir_resource_named(STR("ServiceRequest"));
    rest->id = id;
    r = vitals_find(&v, err);
    if (r == 0)
        r = vitals_group(&v, err);
    if (r == 0)
        *ret = v;
    return r;
}

/* ---- answering ---- */

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct vitals v = {.call = call,
        .rest = rest,
        .a = call->arena,
        .bases = app_bases(call->arena, call->app, call->base),
        .trial = rest->id.p == NULL,
        .of_case = strcmp(rest->type->name, "ServiceRequest") == 0,
        .count = SETS_UNLESS_SAID,
        .from = UTC_MS_MIN,
        .until = UTC_MS_MAX};
    int r = take_pairs(&v, err);

    if (r == 0)
        r = call_read_begin(call, &v.snapshot, err);
    if (r == 0)
        r = v.trial ? try_out(&v, err) : vitals_find(&v, err);
    if (r == 0)
        r = vitals_group(&v, err);
    if (r == 0)
        vitals_write(&v);
    call_read_end(call, v.snapshot);
    return r;
}

int rest_vitals(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (strcmp(rest->type->name, "Patient") != 0 &&
        (strcmp(rest->type->name, "ServiceRequest") != 0 || !rest->id.p))
        return err_set(err, E_NOT_FOUND, NULL,
            "$vitals is offered for a Patient and for a case, ServiceRequest/ID, not "
            "for %s%s.",
            rest->type->name, rest->id.p ? "" : " without an id");
    return call_pool(call, rest, run, err);
}
