/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON Patch and FHIRPath Patch. A patch is worked out on the current version and
 * written only if that is still current; when it is not, it is worked out again on the
 * new one, unless If-Match said which version is meant.
 */
#include "json/patch.h"

#include <string.h>

#include "app/write_internal.h"
#include "fhir/path.h"

static int check_same(
    const struct json *result, const struct patch_request *rq, struct err *err)
{
    if (!str_is(json_get_text(result, "resourceType"), rq->type->name) ||
        !str_eq(json_get_text(result, "id"), rq->id)) {
        return err_set(err, E_INVALID, "id",
            "A patch may not change a record's resourceType or id.");
    }
    return 0;
}

int patch_apply(struct arena *a, const struct patch_request *rq,
    const struct json *current, struct fhir_issues *issues, const struct json **ret,
    struct err *err)
{
    const struct json *result = NULL;
    int r = 0;

    if (rq->json_patch)
        r = json_patch(a, current, rq->patch, &result, err);
    else
        r = fhir_path_patch(a, current, rq->patch, &result, err);
    if (r == 0)
        r = check_same(result, rq, err);
    if (r == 0)
        r = body_check(a, result, rq->type, issues, err);
    if (r == 0)
        *ret = result;
    return r;
}

/* The current version of what is to be patched. */
static int load(struct app_call *call, const struct rest *rest, struct writing *w,
    struct store_record *ret, struct err *err)
{
    struct str id = rest->id.p ? rest->id : w->condition->id;
    struct store_reader *reader = NULL;
    bool allowed = false;
    int r = call_read_begin(call, &reader, err);

    if (r == 0)
        r = store_get(reader, call->arena, rest->type->number, id, ret, err);
    if (r == 0)
        r = access_allows(call->access_, ret->rid, &allowed, err);
    if (r == E_NOT_FOUND || (r == 0 && !allowed)) {
        access_missing(call->access_, rest->type->number, r == 0);
        r = access_no_such(rest->type, id, false, err);
    }
    call_read_end(call, reader);
    if (r == 0 && ret->operation == STORE_DELETE) {
        r = err_set(err, E_GONE, NULL, "%s/%.*s was deleted, so it cannot be patched.",
            rest->type->name, (int)id.len, id.p);
    }
    return r;
}

static int find(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    int r = 0;

    if (!w->condition)
        return 0;
    r = writing_look(call, w, err);
    if (r == 0 && w->condition->count == 0) {
        r = err_set(err, E_NOT_FOUND, NULL,
            "No %s matches the condition, so there is nothing to patch.",
            rest->type->name);
    }
    return r;
}

static int decide_patch(
    struct app_call *call, const struct rest *rest, struct writing *w, struct err *err)
{
    struct patch_request rq = {.patch = w->resource,
        .json_patch = call->body_format == APP_JSON_PATCH,
        .type = rest->type};
    struct fhir_issues issues = {0};
    struct store_record rec = {0};
    const struct json *current = NULL;
    const struct json *result = NULL;
    int r = find(call, rest, w, err);

    if (r == 0)
        r = load(call, rest, w, &rec, err);
    if (r == 0 && call->if_match.p && !rest_etag_matches(call->if_match, rec.vid)) {
        r = err_set(err, E_PRECONDITION, NULL,
            "The current version is %s, not the one that If-Match names. Read the "
            "record "
            "again and repeat the change on it.",
            rec.vid);
    }
    if (r == 0)
        r = record_json(call->arena, &rec, &current, err);
    if (r < 0)
        return r;
    rq.id = rec.id;
    r = patch_apply(call->arena, &rq, current, &issues, &result, err);
    if (r == E_INVALID) {
        call_fail(call, 422, err, &issues);
        return 0;
    }
    if (r < 0)
        return r;
    w->write = (struct store_write){.type = rest->type,
        .id = rec.id,
        .operation = STORE_UPDATE,
        .expect = STORE_EXPECT_VID,
        .expect_soft = !call->if_match.p};
    memcpy(w->write.expect_vid, rec.vid, sizeof(rec.vid));
    r = writing_check(call, w, result, err);
    if (r == 0)
        r = writing_prepare(call, w, result, err);
    return r < 0 ? r : WRITING_READY;
}

int rest_patch(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct writing *w = NULL;
    int r = writing_start(call, rest, &w, err);

    if (r == 0)
        r = body_read(call, &w->resource, err);
    if (r < 0)
        return r;
    if (call->body_format == APP_JSON &&
        !str_is(json_get_text(w->resource, "resourceType"), "Parameters")) {
        return err_set(err, E_INVALID, NULL,
            "A patch is either a JSON Patch (Content-Type application/json-patch+json) "
            "or "
            "a FHIRPath Patch, which is a Parameters resource.");
    }
    w->decide = decide_patch;
    if (!rest->id.p)
        r = writing_condition(call, rest, w, NULL, (struct str){NULL, 0}, err);
    return r < 0 ? r : writing_go(call, err);
}
