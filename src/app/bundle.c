/* SPDX-License-Identifier: Apache-2.0 */
/* A Bundle posted to the base: what each of its entries asks. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/bundle_internal.h"
#include "fhir/value.h"

void bundle_err_place(struct err *err, size_t index, const char *tail)
{
    char place[ERR_PATH_MAX];

    snprintf(place, sizeof(place), "Bundle.entry[%zu]%s", index, tail);
    memcpy(err->path, place, sizeof(place));
}

int bundle_err(
    struct err *err, size_t index, const char *tail, int code, const char *fmt, ...)
{
    char text[ERR_TEXT_MAX];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    err_set(err, code, NULL, "%s", text);
    bundle_err_place(err, index, tail);
    return code;
}

unsigned bundle_phase(enum app_method method)
{
    switch (method) {
    case APP_DELETE:
        return 0;
    case APP_POST:
        return 1;
    case APP_PUT:
    case APP_PATCH:
        return 2;
    case APP_GET:
    case APP_HEAD:
        break;
    }
    return 3;
}

bool bundle_writes(const struct bundle_entry *e)
{
    return e->rest.kind == REST_CREATE || e->rest.kind == REST_UPDATE ||
           e->rest.kind == REST_PATCH || e->rest.kind == REST_DELETE;
}

const char *bundle_status(int status)
{
    static const struct {
        int status;
        const char *text;
    } texts[] = {
        {200, "200 OK"},
        {201, "201 Created"},
        {204, "204 No Content"},
        {304, "304 Not Modified"},
        {400, "400 Bad Request"},
        {401, "401 Unauthorized"},
        {403, "403 Forbidden"},
        {404, "404 Not Found"},
        {405, "405 Method Not Allowed"},
        {406, "406 Not Acceptable"},
        {409, "409 Conflict"},
        {410, "410 Gone"},
        {412, "412 Precondition Failed"},
        {413, "413 Content Too Large"},
        {415, "415 Unsupported Media Type"},
        {422, "422 Unprocessable Content"},
        {500, "500 Internal Server Error"},
        {503, "503 Service Unavailable"},
        {507, "507 Insufficient Storage"},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].status == status)
            return texts[i].text;
    }
    return "500 Internal Server Error";
}

/* ---- an entry ---- */

static bool find_method(struct str name, enum app_method *ret)
{
    static const struct {
        const char *name;
        enum app_method method;
    } methods[] = {{"GET", APP_GET}, {"HEAD", APP_HEAD}, {"POST", APP_POST},
        {"PUT", APP_PUT}, {"PATCH", APP_PATCH}, {"DELETE", APP_DELETE}};

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (str_is(name, methods[i].name)) {
            *ret = methods[i].method;
            return true;
        }
    }
    return false;
}

static int decode_path(struct arena *a, struct str *path, struct err *err)
{
    struct buf b;
    char *p = NULL;
    bool good = false;

    if (!path->p || !memchr(path->p, '%', path->len))
        return 0;
    buf_init(&b, LIMIT_URL_BYTES);
    good = percent_decode(&b, *path, false);
    if (good)
        p = arena_strndup(a, b.data ? b.data : "", b.len);
    if (p)
        *path = (struct str){p, b.len};
    buf_done(&b);
    if (!good)
        return err_set(err, E_INVALID, NULL,
            "The url of the request is not percent-encoded UTF-8.");
    return p ? 0 : err_nomem(err);
}

static int read_url(struct arena *a, struct str url, struct str base,
    struct bundle_entry *e, struct err *err)
{
    if (base.len > 0 && url.len > base.len && memcmp(url.p, base.p, base.len) == 0 &&
        url.p[base.len] == '/')
        url = (struct str){url.p + base.len + 1, url.len - base.len - 1};
    if (url.len > 0 && url.p[0] == '/')
        url = (struct str){url.p + 1, url.len - 1};
    e->query = url;
    e->path = str_cut(&e->query, '?');
    return decode_path(a, &e->path, err);
}

/* An instant here is what the header writes as HTTP does. */
static int read_since(
    struct arena *a, struct str text, struct bundle_entry *e, struct err *err)
{
    utc_ms since = 0;
    utc_ms end = 0;
    char *p = NULL;

    if (!text.p)
        return 0;
    if (!fhir_date_range(text, &since, &end))
        return err_set(err, E_INVALID, NULL, "ifModifiedSince must be an instant.");
    p = arena_alloc_raw(a, TIME_ISO_MAX);
    if (!p)
        return err_nomem(err);
    e->if_modified_since = (struct str){p, time_http(since, p)};
    return 0;
}

/* In a Bundle a JSON Patch travels as a Binary. */
static int read_patch(struct arena *a, struct bundle_entry *e, struct err *err)
{
    struct str type = json_get_text(e->resource, "contentType");
    struct str data = json_get_text(e->resource, "data");
    uint8_t *bytes = NULL;
    size_t len = 0;

    if (e->method != APP_PATCH ||
        !str_is(json_get_text(e->resource, "resourceType"), "Binary"))
        return 0;
    if (!str_starts(type, "application/json-patch+json")) {
        return err_set(err, E_INVALID, NULL,
            "A patch in a Binary must have the contentType "
            "application/json-patch+json.");
    }
    bytes = arena_alloc_raw(a, data.len + 1);
    if (!bytes)
        return err_nomem(err);
    if (!base64_decode(data, bytes, data.len, &len))
        return err_set(err, E_INVALID, NULL, "The patch in the Binary is not base64.");
    e->json_patch = true;
    return json_read(a, (struct str){(const char *)bytes, len}, LIMIT_RECORD_BYTES,
        &e->resource, err);
}

int bundle_entry_read(struct arena *a, const struct json *entry, size_t index,
    struct str base, struct bundle_entry *ret, struct err *err)
{
    const struct json *request = json_get(entry, "request");
    struct bundle_entry e = {.index = index, .write = SIZE_MAX};
    struct str url = json_get_text(request, "url");
    int r = 0;

    if (!json_is_object(request))
        return bundle_err(err, index, "", E_INVALID,
            "The entry has no request, so it does not say what to do.");
    if (!find_method(json_get_text(request, "method"), &e.method))
        return bundle_err(err, index, ".request.method", E_INVALID,
            "The method must be one of GET, HEAD, POST, PUT, PATCH and DELETE.");
    if (!url.p)
        return bundle_err(
            err, index, ".request.url", E_INVALID, "The request has no url.");
    e.full_url = json_get_text(entry, "fullUrl");
    e.resource = json_get(entry, "resource");
    e.if_match = json_get_text(request, "ifMatch");
    e.if_none_match = json_get_text(request, "ifNoneMatch");
    e.if_none_exist = json_get_text(request, "ifNoneExist");
    r = read_since(a, json_get_text(request, "ifModifiedSince"), &e, err);
    if (r < 0) {
        bundle_err_place(err, index, ".request.ifModifiedSince");
        return r;
    }
    r = read_url(a, url, base, &e, err);
    if (r == 0)
        r = read_patch(a, &e, err);
    if (r < 0) {
        bundle_err_place(err, index, ".request.url");
        return r;
    }
    *ret = e;
    return 0;
}

void bundle_entry_call(const struct bundle_entry *entry, struct app_call *call)
{
    call->method = entry->method;
    call->path = entry->path;
    call->query = entry->query;
    call->if_match = entry->if_match;
    call->if_none_match = entry->if_none_match;
    call->if_none_exist = entry->if_none_exist;
    call->if_modified_since = entry->if_modified_since;
    call->resource_ = entry->resource;
    call->body_format = entry->json_patch ? APP_JSON_PATCH : APP_JSON;
}

/* ---- the response ---- */

static bool is_answer_body(const struct app_call *call)
{
    return call->answer.len > 0 && call->status < 300 && call->method != APP_HEAD;
}

void bundle_write_call(struct json_out *o, const struct app_call *call)
{
    struct str answer = {call->answer.data, call->answer.len};

    json_open(o, '{');
    if (is_answer_body(call)) {
        json_name(o, "resource");
        json_put_raw(o, answer);
    }
    json_name(o, "response");
    json_open(o, '{');
    json_name(o, "status");
    json_put_str(o, bundle_status(call->status));
    if (call->location[0]) {
        json_name(o, "location");
        json_put_str(o, call->location);
    }
    if (call->etag[0]) {
        json_name(o, "etag");
        json_put_str(o, call->etag);
    }
    if (call->last_modified) {
        char iso[TIME_ISO_MAX];

        time_iso(call->last_modified, iso);
        json_name(o, "lastModified");
        json_put_str(o, iso);
    }
    if (answer.len > 0 && call->status >= 300) {
        json_name(o, "outcome");
        json_put_raw(o, answer);
    }
    json_close(o, '}');
    json_close(o, '}');
}

/* ---- the Bundle ---- */

static int run_batch(struct app_call *call, const struct rest *rest, struct err *err)
{
    const struct json *bundle = NULL;
    int r = json_read(call->arena, call->body, LIMIT_BODY_BYTES, &bundle, err);

    return r < 0 ? r : batch_run(call, rest, bundle, err);
}

static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct bundle_parts parts = {0};
    struct str type = {0};
    int r = bundle_take(call->arena, call->body, LIMIT_BODY_BYTES, &parts, err);

    if (r < 0)
        return r;
    if (!str_is(json_get_text(parts.head, "resourceType"), "Bundle")) {
        return err_set(err, E_INVALID, "resourceType",
            "Only a Bundle can be posted here. To create another record post it to its "
            "type, as in Patient.");
    }
    type = json_get_text(parts.head, "type");
    if (str_is(type, "transaction"))
        return transaction_run(call, rest, &parts, err);
    if (str_is(type, "batch"))
        return run_batch(call, rest, err);
    return err_set(err, E_INVALID, "Bundle.type",
        "The type of a Bundle posted here must be batch or transaction. To store a "
        "Bundle as a record, post it to Bundle.");
}

int rest_bundle(struct app_call *call, const struct rest *rest, struct err *err)
{
    if (call->inner_)
        return err_set(
            err, E_INVALID, NULL, "A batch or transaction cannot be part of another.");
    if (call->body_format != APP_JSON) {
        return err_set(err, E_UNSUPPORTED, NULL,
            "This server takes Bundles as JSON: Content-Type application/fhir+json.");
    }
    return call_pool(call, rest, run, err);
}
