/* SPDX-License-Identifier: Apache-2.0 */
/* What was posted about an operation, names, and the way of a write. */
#include "app/procedure_internal.h"

int procedure_check(struct app_call *call, const char *operation, struct err *err)
{
    int r = call_alone(call, operation, err);

    if (r == 0 &&
        (!call->access_ || call->caller.client.p || !call->caller.practitioner.p))
        r = err_set(err, E_FORBIDDEN, NULL, "%s is done by a person, and no program.",
            operation);
    return r;
}

int procedure_start(struct app_call *call, const struct rest *rest,
    const char *operation, struct writing **ret, struct err *err)
{
    struct writing *w = NULL;
    int r = procedure_check(call, operation, err);

    if (r == 0)
        r = writing_start(call, rest, &w, err);
    if (r == 0)
        r = body_parameters(call, operation, &w->resource, err);
    if (r == 0) {
        w->answer = writing_answer_made;
        call->why_ = str_of(operation);
        *ret = w;
    }
    return r;
}

int procedure_new(struct app_call *call, const struct rest *rest, const char *operation,
    int (*decide)(
        struct app_call *, const struct rest *, struct writing *, struct err *),
    struct writing **ret, struct err *err)
{
    char *id = arena_alloc_raw(call->arena, ID_UUID_CHARS + 1);
    struct str given = {NULL, 0};
    int r = id ? procedure_start(call, rest, operation, ret, err) : err_nomem(err);

    if (r < 0)
        return r;
    given = json_get_text(body_parameter((*ret)->resource, "id"), "valueId");
    if (given.p && !id_is_random(given))
        return err_set(err, E_INVALID, "id", "The id must be a random UUID.");
    id_uuid7(time_now(), id);
    (*ret)->decide = decide;
    (*ret)->write = (struct store_write){.type = rest->type,
        .id = given.p ? given : (struct str){id, ID_UUID_CHARS},
        .operation = STORE_UPDATE};
    return 0;
}

int procedure_change(struct app_call *call, const struct rest *rest,
    int (*decide)(
        struct app_call *, const struct rest *, struct writing *, struct err *),
    struct err *err)
{
    struct writing *w = NULL;
    int r = procedure_start(call, rest, rest->word, &w, err);

    if (r < 0 || !w)
        return r;
    w->decide = decide;
    w->write = (struct store_write){
        .type = rest->type, .id = rest->id, .operation = STORE_UPDATE};
    return writing_go(call, err);
}

int procedure_word(
    const struct json *body, const char *name, struct str *ret, struct err *err)
{
    struct str text =
        text_trim(json_get_text(body_parameter(body, name), "valueString"));

    if (text.len > LIMIT_WORD_BYTES)
        return err_set(err, E_TOO_LARGE, name,
            "The parameter %s may have %d bytes at most.", name, LIMIT_WORD_BYTES);
    *ret = text.len ? text : (struct str){NULL, 0};
    return 0;
}

int procedure_person(struct app_call *call, struct store_reader *snapshot,
    const struct json *reference, const char *name, struct str *ret, struct err *err)
{
    struct str text = json_get_text(reference, "reference");
    struct fhir_reference ref = {.form = FHIR_REF_NONE};
    unsigned type = fhir_resource_named(STR("Practitioner"))->number;
    store_rid rid = 0;
    bool live = false;
    int r = 0;

    if (text.p)
        ref = fhir_reference_parse(text, call->app->base[APP_FHIR]);
    if (ref.form != FHIR_REF_LOCAL || ref.type != type)
        return err_set(err, E_INVALID, name,
            "Say who, as a reference to a Practitioner: the parameter %s.", name);
    r = store_find(snapshot, type, ref.id, &rid, err);
    if (r == 0)
        r = store_live(snapshot, rid, &live, err);
    if (r == E_NOT_FOUND || (r == 0 && !live))
        return err_set(err, E_INVALID, name, "Practitioner/%.*s is not known here.",
            (int)ref.id.len, ref.id.p);
    *ret = ref.id;
    return r;
}

/* "Given Family", the name as a text, or the name of an organisation. */
static struct str name_in(struct arena *a, const struct json *record)
{
    const struct json *name = json_get(record, "name");
    const struct json *one = json_at(name, 0);
    struct str text =
        json_is_string(name) ? json_text(name) : json_get_text(one, "text");
    struct str family = json_get_text(one, "family");
    struct str given = json_text(json_at(json_get(one, "given"), 0));

    if (text.p || !family.p)
        return text;
    return str_of(arena_printf(a, "%.*s%s%.*s", (int)given.len, given.p ? given.p : "",
        given.p ? " " : "", (int)family.len, family.p));
}

struct str procedure_name(
    struct app_call *call, struct store_reader *snapshot, struct str reference)
{
    struct fhir_reference ref =
        fhir_reference_parse(reference, call->app->base[APP_FHIR]);
    struct store_record rec = {0};
    const struct json *json = NULL;

    if (ref.form != FHIR_REF_LOCAL ||
        store_get(snapshot, call->arena, ref.type, ref.id, &rec, NULL) < 0 ||
        rec.body.len == 0 || json_read_trusted(call->arena, rec.body, &json, NULL) < 0)
        return (struct str){NULL, 0};
    return name_in(call->arena, json);
}

int procedure_place(struct app_call *call, struct store_reader *snapshot,
    store_rid hospital, struct str *ret, struct err *err)
{
    struct arena *a = call->arena;
    struct search_pair pairs[] = {
        {STR("organization"), {NULL, 0}},
        {STR("_count"), STR("1")},
        {STR("_total"), STR("none")},
    };
    struct search_request rq = {.type = fhir_resource_named(STR("Location"))->number,
        .pairs = pairs,
        .pair_count = sizeof(pairs) / sizeof(pairs[0]),
        .now = time_now()};
    struct search_query *query = NULL;
    struct fhir_issues issues = {0};
    struct search_page page = {0};
    struct str id = {NULL, 0};
    int r = store_name(snapshot, a, hospital, &id, err);

    *ret = (struct str){NULL, 0};
    pairs[0].value =
        str_of(arena_printf(a, "Organization/%.*s", (int)id.len, id.p ? id.p : ""));
    if (r == 0)
        r = search_parse(a, &rq, &issues, &query, err);
    if (r == 0)
        r = search_run(snapshot, a, query, &page, err);
    if (r < 0 || page.count == 0)
        return r;
    r = store_name(snapshot, a, page.hits[0].rid, &id, err);
    *ret = str_of(arena_printf(a, "Location/%.*s", (int)id.len, id.p ? id.p : ""));
    return r;
}

int procedure_load(struct app_call *call, struct store_reader *snapshot,
    const struct fhir_type *type, struct str id, struct procedure_found *ret,
    struct err *err)
{
    int r = 0;

    *ret = (struct procedure_found){.json = NULL};
    r = store_get(snapshot, call->arena, type->number, id, &ret->rec, err);
    if (r == 0 && ret->rec.body.len == 0)
        return E_NOT_FOUND;
    return r < 0 ? r : json_read_trusted(call->arena, ret->rec.body, &ret->json, err);
}

int procedure_take(struct app_call *call, struct writing *w, const struct buf *b,
    bool rules, struct err *err)
{
    bool there = w->write.expect == STORE_EXPECT_VID;
    struct access_write write = {.type = w->write.type};
    const struct json *resource = NULL;
    int r = body_made(call->arena, b, w->write.type, &resource, err);

    write.resource = resource;
    if (there)
        write.id = w->write.id;
    if (r == 0 && rules)
        r = access_check_write(call->access_, &write, NULL, err);
    return r == 0 ? writing_prepare(call, w, resource, err) : r;
}
