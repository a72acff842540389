/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bodies: a request's as JSON (bytes of any other type become a Binary), what an operation is
 * asked with, and whether a record may be stored.
 */

#include <string.h>

#include "app/app_internal.h"
#include "engine/clock/clock.h"
#include "fhir/part.h"
#include "view/indicator.h"

static void base64_write(struct buf *b, struct str in)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *p = (const uint8_t *)in.p;
    size_t i = 0;

    for (; i + 3 <= in.len; i += 3) {
        uint32_t v = (uint32_t)p[i] << 16 | (uint32_t)p[i + 1] << 8 | p[i + 2];
        char four[4] = {
            digits[v >> 18], digits[v >> 12 & 63], digits[v >> 6 & 63], digits[v & 63]};

        buf_add(b, four, 4);
    }
    if (i < in.len) {
        bool two = in.len - i == 2;
        uint32_t v = (uint32_t)p[i] << 16 | (two ? (uint32_t)p[i + 1] << 8 : 0);
        char four[4] = {digits[v >> 18], digits[v >> 12 & 63], '=', '='};

        if (two)
            four[2] = digits[v >> 6 & 63];
        buf_add(b, four, 4);
    }
}

/* {"resourceType":"Binary","id":...,"contentType":...,"data":...} */
static int read_raw(struct app_call *call, const struct json **ret, struct err *err)
{
    struct str last = call->path;
    struct str first = str_cut(&last, '/');
    struct json_out o;
    struct buf b;
    int r = 0;

    if (!str_is(first, "Binary") || call->method == APP_PATCH) {
        return err_set(err, E_UNSUPPORTED, NULL,
            "This server takes records as JSON (Content-Type application/fhir+json). "
            "Other content can be stored as a Binary.");
    }
    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Binary"));
    json_member(&o, "id", last);
    json_member(&o, "contentType",
        call->body_type.len > 0 ? call->body_type : STR("application/octet-stream"));
    if (call->body.len > 0) {
        json_name(&o, "data");
        buf_addc(&b, '"');
        base64_write(&b, call->body);
        buf_addc(&b, '"');
    }
    json_close(&o, '}');
    r = buf_error(&b, "The Binary", err);
    if (r == 0)
        r = json_read_trusted(call->arena, (struct str){b.data, b.len}, ret, err);
    buf_done(&b);
    return r;
}

int body_read(struct app_call *call, const struct json **ret, struct err *err)
{
    if (call->resource_) {
        *ret = call->resource_;
        return 0;
    }
    switch (call->body_format) {
    case APP_JSON:
    case APP_JSON_PATCH:
        break;
    case APP_RAW:
        return read_raw(call, ret, err);
    case APP_FORM:
    case APP_NDJSON:
        return err_set(err, E_UNSUPPORTED, NULL,
            "This server takes records as JSON: Content-Type application/fhir+json.");
    }
    if (call->body_format == APP_JSON_PATCH && call->method != APP_PATCH) {
        return err_set(err, E_UNSUPPORTED, NULL,
            "A JSON Patch is sent with the method PATCH to the record it changes.");
    }
    if (call->body.len == 0)
        return err_set(err, E_INVALID, NULL, "The request has no body.");
    return json_read(call->arena, call->body, LIMIT_RECORD_BYTES, ret, err);
}

int body_parameters(struct app_call *call, const char *operation,
    const struct json **ret, struct err *err)
{
    int r = body_read(call, ret, err);

    if (r < 0)
        return r;
    if (!str_is(json_get_text(*ret, "resourceType"), "Parameters"))
        return err_set(err, E_INVALID, "resourceType",
            "What is posted to %s must be a Parameters resource.", operation);
    return 0;
}

const struct json *body_parameter(const struct json *body, const char *name)
{
    return fhir_part_find(json_get(body, "parameter"), name);
}

const struct json *body_part(const struct json *parameter, const char *name)
{
    return fhir_part_find(json_get(parameter, "part"), name);
}

/* ---- what may be written ---- */

static int check_subsetted(const struct json *resource, struct err *err)
{
    struct json_each it = json_each(json_get(json_get(resource, "meta"), "tag"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "code"), "SUBSETTED")) {
            return err_set(err, E_INVALID, "meta.tag",
                "This is a part of a record only (tag SUBSETTED). Storing it would "
                "lose "
                "the rest; read the whole record and change that.");
        }
    }
    return 0;
}

int body_check(struct arena *a, const struct json *resource,
    const struct fhir_type *type, struct fhir_issues *issues, struct err *err)
{
    struct str name = json_get_text(resource, "resourceType");
    struct case_agreed agreed;
    int r = 0;

    if (!json_is_object(resource) || !name.p) {
        return err_set(err, E_INVALID, "resourceType",
            "The body is no FHIR resource: it must be a JSON object with a "
            "resourceType.");
    }
    if (!str_is(name, type->name)) {
        return err_set(err, E_INVALID, "resourceType",
            "The body is of type %.*s, but the address is that of a %s.",
            (int)(name.len > 80 ? 80 : name.len), name.p, type->name);
    }
    if (check_subsetted(resource, err) < 0 ||
        (strcmp(type->name, "OrganizationAffiliation") == 0 &&
            case_agreed_read(resource, &agreed, err) < 0))
        return E_INVALID;
    r = fhir_validate(a, resource, type, issues, NULL, err);
    return r == 0 ? indicator_check(a, type, resource, err) : r;
}

int body_made(struct arena *a, const struct buf *b, const struct fhir_type *type,
    const struct json **ret, struct err *err)
{
    struct fhir_issues issues = {0};
    const struct json *resource = NULL;
    struct str text = {NULL, 0};
    int r = buf_keep(b, a, "The record", &text, err);

    if (r == 0)
        r = json_read_trusted(a, text, &resource, err);
    if (r == 0)
        r = body_check(a, resource, type, &issues, err);
    if (r == E_INVALID && issues.count > 0)
        r = err_set(err, E_INVALID, issues.list[0].path, "%s", issues.list[0].text);
    if (r == 0)
        *ret = resource;
    return r;
}
