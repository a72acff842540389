/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The devices that an operation used (Procedure.usedReference): of the hospital where it was done, each once. Whether
 * one was in service then is not asked: who operated knows better, and faults are told late.
 */
#include "app/procedure_internal.h"

static int refuse(struct err *err)
{
    return err_set(err, E_INVALID, "device",
        "Name a Device of the hospital where it was done that is no patient's own: the "
        "parameter device.");
}

/* The Device that ${reference} names, if it is the hospital's, as "Device/ID". */
static int find(const struct procedure_where *at, struct str reference, struct str *ret,
    struct err *err)
{
    const struct fhir_type *type = fhir_resource_named(STR("Device"));
    struct fhir_reference ref = {.form = FHIR_REF_NONE};
    struct procedure_found found = {.json = NULL};
    struct str owner = {NULL, 0};
    const char *whole = NULL;
    store_rid hospital = 0;
    int r = 0;

    if (reference.p)
        ref = fhir_reference_parse(reference, at->call->app->base[APP_FHIR]);
    if (ref.form != FHIR_REF_LOCAL || ref.type != type->number)
        return refuse(err);
    r = procedure_load(at->call, at->snapshot, type, ref.id, &found, err);
    if (r == E_NOT_FOUND)
        return refuse(err);
    if (r == 0)
        owner = json_get_text(json_get(found.json, "owner"), "reference");
    if (r == 0 && owner.p)
        r = reader_hospital_of(at->reader, owner, &hospital, err);
    if (r == 0 &&
        (!hospital || hospital != at->hospital || json_get(found.json, "patient")))
        return refuse(err);
    if (r < 0)
        return r;
    whole = arena_printf(at->call->arena, "Device/%.*s", (int)ref.id.len, ref.id.p);
    if (!whole)
        return err_nomem(err);
    *ret = str_of(whole);
    return 0;
}

int procedure_devices(const struct procedure_where *at, const struct json *body,
    struct procedure_devices *ret, struct err *err)
{
    struct json_each it = json_each(json_get(body, "parameter"));
    int r = 0;

    ret->count = 0;
    while (r == 0 && json_next(&it)) {
        struct str one = {NULL, 0};
        bool there = false;

        if (!str_is(json_get_text(it.value, "name"), "device"))
            continue;
        if (ret->count == LIMIT_PROCEDURE_DEVICES)
            return err_set(err, E_TOO_LARGE, "device",
                "An operation names %d devices at most.", LIMIT_PROCEDURE_DEVICES);
        r = find(at, json_get_text(json_get(it.value, "valueReference"), "reference"),
            &one, err);
        for (size_t i = 0; i < ret->count; i++)
            there = there || str_eq(ret->list[i], one);
        if (r == 0 && !there)
            ret->list[ret->count++] = one;
    }
    return r;
}

void procedure_put_devices(struct json_out *o, const struct procedure_devices *devices)
{
    if (devices->count == 0)
        return;
    json_name(o, "usedReference");
    json_open(o, '[');
    for (size_t i = 0; i < devices->count; i++) {
        json_open(o, '{');
        json_member(o, "reference", devices->list[i]);
        json_close(o, '}');
    }
    json_close(o, ']');
}
