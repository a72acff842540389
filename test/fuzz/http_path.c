/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any head of a request, as on the wire: "METHOD /fhir/PATH?QUERY", then lines "Name:
 * value", an empty line, the body. The values go through the readers of headers, which
 * must keep what they promise, and the whole to a node in memory: it answers with a status
 * of HTTP, no fault of its own, and JSON.
 */
#include <string.h>

#include "base/limits.h"

#include "app/app.h"
#include "fuzz.h"
#include "http/header.h"

#define REQUESTS_A_NODE 2000 /* then what they wrote is forgotten */

static const char record[] =
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"active\":true,\"birthDate\":"
    "\"1980-02-29\",\"name\":[{\"family\":\"Tsering\"}]}";

static struct app *app;
static struct arena *arena;
static unsigned served;

static void run(struct app_call *call)
{
    const struct json *answer = NULL;

    call->app = app;
    call->arena = arena;
    call->caller = (struct app_caller){.name = STR("fuzz"), .role = STR("program")};
    buf_init(&call->answer, LIMIT_RESPONSE_BYTES);
    app_run(call);
    fuzz_must(call->status >= 200 && call->status < 500);
    if (call->answer.len > 0 && !call->media_type.p)
        fuzz_must(json_read(arena, (struct str){call->answer.data, call->answer.len},
                      LIMIT_RESPONSE_BYTES, &answer, NULL) == 0);
    app_call_done(call);
}

static void begin(void)
{
    struct app_options options = {.memory = true, .create = true};
    struct app_call call = {
        .method = APP_PUT, .path = STR("Patient/p"), .body = str_of(record)};

    if (!arena)
        arena = arena_new();
    arena_reset(arena);
    if (app && ++served < REQUESTS_A_NODE)
        return;
    served = 0;
    app_close(app);
    app = NULL;
    fuzz_must(app_open(&options, &app, NULL) == 0);
    run(&call);
    fuzz_must(call.status == 201);
}

/* ---- headers ---- */

static bool is_in(struct str part, struct str whole)
{
    return part.len == 0 ||
           (part.p >= whole.p && part.p + part.len <= whole.p + whole.len);
}

/* What holds of any value of any header. */
static void must_read(struct str v)
{
    enum http_coding coding = HTTP_IDENTITY;
    enum app_format format = APP_JSON;
    struct str host = {NULL, 0};
    unsigned short port = 0;
    struct err err = {0};

    fuzz_must(http_accept_codings(v) <= (HTTP_GZIP | HTTP_ZSTD));
    fuzz_must(http_body_coding(v, &coding, &err) == 0 || err.text[0]);
    err.text[0] = '\0';
    fuzz_must(http_body_format(v, &format, &err) == 0 || err.text[0]);
    (void)http_accepts_json(v);
    (void)http_format_is_json(v);
    fuzz_must(is_in(http_bearer(v), v));
    fuzz_must(is_in(http_query_value(v, "_format"), v));
    fuzz_must(!http_request_id_valid(v) || v.len <= 64);
    fuzz_must(!http_host_valid(v) || !memchr(v.p, '"', v.len));
    if (http_address_split(v, &host, &port, NULL) == 0) {
        fuzz_must(is_in(host, v));
        (void)http_address_is_loopback(host);
    }
}

static void take_header(struct app_call *call, struct str name, struct str value)
{
    const struct {
        const char *name;
        struct str *field;
    } fields[] = {
        {"If-Match", &call->if_match},
        {"If-None-Match", &call->if_none_match},
        {"If-None-Exist", &call->if_none_exist},
        {"If-Modified-Since", &call->if_modified_since},
        {"Prefer", &call->prefer},
    };

    must_read(value);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        if (str_is(name, fields[i].name))
            *fields[i].field = value;
    if (str_is(name, "Accept"))
        call->raw = !http_accepts_json(value);
    if (str_is(name, "Content-Type") &&
        http_body_format(value, &call->body_format, NULL) < 0) {
        call->body_format = APP_RAW;
        call->body_type = value;
    }
}

/* The rest after "Name: value" lines, which end with an empty one. */
static struct str take_headers(struct app_call *call, struct str rest)
{
    while (rest.p) {
        struct str value = str_cut(&rest, '\n');
        struct str name = str_cut(&value, ':');

        if (name.len == 0)
            break;
        while (value.len > 0 && value.p[0] == ' ') {
            value.p++;
            value.len--;
        }
        if (value.p && !memchr(value.p, 0, value.len))
            take_header(call, name, value);
    }
    return rest;
}

/* ---- the first line ---- */

static bool take_method(struct app_call *call, struct str name)
{
    static const char *const names[] = {
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (str_is(name, names[i])) {
            call->method = (enum app_method)i;
            return true;
        }
    return false;
}

/* As http does it: the space, then the path decoded. False: refused before app. */
static bool take_target(struct app_call *call, struct str target, struct buf *path)
{
    call->query = target;
    target = str_cut(&call->query, '?');
    if (str_starts(target, "/programme/"))
        call->space = APP_PROGRAMME;
    else if (!str_starts(target, "/fhir/"))
        return false;
    str_cut(&target, '/');
    str_cut(&target, '/');
    if (!percent_decode(path, target, false))
        return false;
    call->path = (struct str){path->len ? path->data : "", path->len};
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct app_call call = {.base = STR("http://localhost/fhir")};
    struct str rest = {(const char *)data, size};
    struct str target = str_cut(&rest, '\n');
    struct str method = str_cut(&target, ' ');
    struct buf path;

    begin();
    buf_init(&path, LIMIT_URL_BYTES);
    call.body = take_headers(&call, rest);
    if (take_method(&call, method) && target.p && !memchr(target.p, 0, target.len) &&
        take_target(&call, target, &path))
        run(&call);
    buf_done(&path);
    return 0;
}
