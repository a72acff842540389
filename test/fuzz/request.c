/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any request, "METHOD TARGET" on a line and the body behind it, against a node in memory:
 * path, query, search, Bundle. Every answer has a status of HTTP, one that is no server
 * fault, and a body that is JSON. The same line is given to the readers of headers.
 */
#include <string.h>

#include "base/limits.h"

#include "app/app.h"
#include "fuzz.h"
#include "http/header.h"

#define A_NODE_SERVES 2000 /* requests; what they write is then forgotten */

static const char *const records[] = {
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"active\":true,\"birthDate\":\"1980-"
    "02-29\","
    "\"name\":[{\"family\":\"Tsering\",\"given\":[\"Karma\"]}]}",
    "{\"resourceType\":\"Observation\",\"id\":\"o\",\"status\":\"final\",\"code\":{"
    "\"coding\":[{"
    "\"system\":\"http://loinc.org\",\"code\":\"8867-4\"}]},\"subject\":{\"reference\":"
    "\"Patient/"
    "p\"},\"effectiveDateTime\":\"2024-01-10\",\"valueQuantity\":{\"value\":60}}",
};
static const char *const targets[] = {"Patient/p", "Observation/o"};

static struct app *app;
static struct arena *arena;
static unsigned served;

static int ask(enum app_method method, struct str target, struct str body)
{
    struct app_call call = {.app = app,
        .arena = arena,
        .method = method,
        .base = STR("http://localhost/fhir")};
    const struct json *answer = NULL;
    int status;

    call.caller =
        (struct app_caller){.name = STR("fuzz"), .role = STR("administrator")};
    call.body = body;
    call.query = target;
    call.path = str_cut(&call.query, '?');
    if (str_ends(call.path, "_search"))
        call.body_format = APP_FORM;
    buf_init(&call.answer, LIMIT_RESPONSE_BYTES);
    app_run(&call);
    status = call.status;
    if (call.answer.len > 0)
        fuzz_must(json_read(arena, (struct str){call.answer.data, call.answer.len},
                      LIMIT_RESPONSE_BYTES, &answer, NULL) == 0);
    app_call_done(&call);
    buf_done(&call.answer);
    arena_reset(arena);
    return status;
}

static void begin(void)
{
    struct app_options options = {.memory = true, .create = true};

    if (app && ++served < A_NODE_SERVES)
        return;
    served = 0;
    app_close(app);
    app = NULL;
    fuzz_must(app_open(&options, &app, NULL) == 0);
    if (!arena)
        arena = arena_new();
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
        fuzz_must(ask(APP_PUT, str_of(targets[i]), str_of(records[i])) == 201);
}

static void read_headers(struct str line)
{
    enum http_coding coding;
    enum app_format format;

    (void)http_accept_codings(line);
    (void)http_body_coding(line, &coding, NULL);
    (void)http_accepts_json(line);
    (void)http_format_is_json(line);
    (void)http_body_format(line, &format, NULL);
    (void)http_bearer(line);
    (void)http_host_valid(line);
    (void)http_query_value(line, "_format");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const methods[] = {
        "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
    struct str body = {(const char *)data, size};
    struct str line = str_cut(&body, '\n');
    struct str target = line;
    struct str method = str_cut(&target, ' ');

    begin();
    read_headers(line);
    if (!utf8_valid(target.p, target.len) || memchr(line.p, 0, line.len))
        return 0; /* http refuses such a path before app sees it */
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (str_is(method, methods[i])) {
            int status = ask((enum app_method)i, target, body);

            fuzz_must(status >= 200 && status < 500);
        }
    }
    return 0;
}
