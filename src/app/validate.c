/* SPDX-License-Identifier: Apache-2.0 */
/* $validate: says what a write would say, and writes nothing. */
#include <string.h>

#include "app/app_internal.h"

static struct str query_value(const struct rest *rest, const char *name)
{
    for (size_t i = 0; i < rest->pair_count; i++) {
        if (str_is(rest->pairs[i].name, name))
            return rest->pairs[i].value;
    }
    return (struct str){NULL, 0};
}

static int stored(struct app_call *call, const struct rest *rest,
    const struct json **ret, struct err *err)
{
    struct store_reader *reader = NULL;
    struct store_record rec = {0};
    bool allowed = false;
    int r = call_read_begin(call, &reader, err);

    if (r == 0)
        r = store_get(reader, call->arena, rest->type->number, rest->id, &rec, err);
    if (r == 0)
        r = access_allows(call->access_, rec.rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && !allowed)) {
        access_missing(call->access_, rest->type->number, r == 0);
        r = access_no_such(rest->type, rest->id, false, err);
    }
    call_read_end(call, reader);
    if (r == 0 && rec.operation == STORE_DELETE)
        r = err_set(err, E_GONE, NULL, "%s/%.*s was deleted.", rest->type->name,
            (int)rest->id.len, rest->id.p);
    return r < 0 ? r : record_json(call->arena, &rec, ret, err);
}

/* What to check: the body, a parameter of it, or (without a body) the stored record. */
static int find_resource(struct app_call *call, const struct rest *rest,
    const struct json **ret, struct str *mode, struct err *err)
{
    const struct json *body = NULL;
    int r = 0;

    *mode = query_value(rest, "mode");
    if (call->method != APP_POST || (call->body.len == 0 && !call->resource_)) {
        if (rest->id.p)
            return stored(call, rest, ret, err);
        return err_set(
            err, E_INVALID, NULL, "Send the record to validate as the body.");
    }
    r = body_read(call, &body, err);
    if (r < 0)
        return r;
    if (str_is(json_get_text(body, "resourceType"), "Parameters") &&
        strcmp(rest->type->name, "Parameters") != 0) {
        if (!mode->p)
            *mode = json_get_text(body_parameter(body, "mode"), "valueCode");
        body = json_get(body_parameter(body, "resource"), "resource");
        if (!body && !str_is(*mode, "delete")) {
            return err_set(err, E_INVALID, "Parameters.parameter",
                "There is no parameter named resource to validate.");
        }
    }
    *ret = body;
    return 0;
}

int rest_validate(struct app_call *call, const struct rest *rest, struct err *err)
{
    const struct json *resource = NULL;
    struct fhir_issues issues = {0};
    struct str mode = {0};
    int r = find_resource(call, rest, &resource, &mode, err);

    if (r < 0)
        return r;
    if (str_is(mode, "delete")) {
        outcome_write_note(&call->answer, "It could be deleted.");
        return 0;
    }
    r = body_check(call->arena, resource, rest->type, &issues, err);
    if (r == 0 && str_is(mode, "update") && rest->id.p &&
        !str_eq(json_get_text(resource, "id"), rest->id)) {
        r = err_set(err, E_INVALID, "id",
            "The id differs from the one in the address, so an update would be "
            "refused.");
    }
    if (r < 0 && r != E_INVALID)
        return r;
    call->status = 200;
    if (r == 0 && issues.count == 0)
        outcome_write_note(&call->answer, "No problems were found.");
    else
        outcome_write(&call->answer, r < 0 ? err : NULL, &issues);
    return 0;
}
