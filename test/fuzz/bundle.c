/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a Bundle posted to a node in memory. It is answered with no server fault;
 * an answer of 200 has an entry for each entry asked, and every version it names can be
 * read; a transaction that is refused leaves nothing. From time to time the whole store
 * is checked.
 */
#include <string.h>

#include "base/limits.h"

#include "app/app.h"
#include "fuzz.h"

#define BUNDLES_A_NODE 1000 /* then all is forgotten */
#define BUNDLES_A_CHECK 50

static const char *const records[] = {
    "{\"resourceType\":\"Patient\",\"id\":\"p\",\"identifier\":[{\"system\":\"urn:s\","
    "\"value\":\"1\"}]}",
    "{\"resourceType\":\"Patient\",\"id\":\"q\",\"active\":true}",
};
static const char *const paths[] = {"Patient/p", "Patient/q"};

static struct app *app;
static unsigned served;

struct said {
    struct arena *arena;
    int status;
    const struct json *json;
};

/* The answer's memory is its arena's. */
static struct said ask(enum app_method method, struct str path, struct str body)
{
    struct said said = {.arena = arena_new()};
    struct app_call call = {.app = app,
        .arena = said.arena,
        .method = method,
        .path = path,
        .body = body,
        .base = STR("http://localhost/fhir")};

    call.caller = (struct app_caller){.name = STR("fuzz"), .role = STR("program")};
    buf_init(&call.answer, LIMIT_RESPONSE_BYTES);
    app_run(&call);
    said.status = call.status;
    if (call.answer.len > 0)
        fuzz_must(json_read(said.arena, (struct str){call.answer.data, call.answer.len},
                      LIMIT_RESPONSE_BYTES, &said.json, NULL) == 0);
    app_call_done(&call);
    return said;
}

static int status_of(enum app_method method, struct str path, struct str body)
{
    struct said said = ask(method, path, body);

    arena_free(said.arena);
    return said.status;
}

static void on_fault(void *arg, const char *where, const char *what)
{
    (void)arg;
    fprintf(stderr, "%s: %s\n", where, what);
}

static void begin(void)
{
    struct app_options options = {.memory = true, .create = true};

    if (app && ++served % BUNDLES_A_CHECK == 0)
        fuzz_must(store_verify(app_store(app), on_fault, NULL, NULL, NULL) == 0);
    if (app && served < BUNDLES_A_NODE)
        return;
    served = 0;
    app_close(app);
    app = NULL;
    fuzz_must(app_open(&options, &app, NULL) == 0);
    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++)
        fuzz_must(status_of(APP_PUT, str_of(paths[i]), str_of(records[i])) == 201);
}

static int64_t versions(void)
{
    struct store_stats stats;

    fuzz_must(store_stats(app_store(app), &stats, NULL) == 0);
    return stats.versions;
}

/* Every place the answer names is there. */
static void must_be_there(const struct json *entry)
{
    const struct json *response = json_get(entry, "response");
    struct str status = json_get_text(response, "status");
    struct str place = json_get_text(response, "location");
    int answer = 0;

    fuzz_must(status.len >= 3 && status.p[0] >= '2' && status.p[0] <= '4');
    if (!place.p)
        return;
    if (str_starts(place, "http://localhost/fhir/"))
        place = (struct str){place.p + 22, place.len - 22};
    answer = status_of(APP_GET, place, (struct str){NULL, 0});
    fuzz_must(answer == 200 || answer == 410);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new();
    struct str text = {(const char *)data, size};
    const struct json *bundle = NULL;
    struct json_each it;
    struct said said = {0};
    int64_t before = 0;

    begin();
    before = versions();
    said = ask(APP_POST, STR(""), text);
    fuzz_must(said.status >= 200 && said.status < 500);
    fuzz_must(said.json || said.status == 204);
    if (said.status != 200) {
        fuzz_must(versions() == before);
    } else {
        fuzz_must(json_read(a, text, LIMIT_BODY_BYTES, &bundle, NULL) == 0);
        fuzz_must(json_count(json_get(bundle, "entry")) ==
                  json_count(json_get(said.json, "entry")));
        it = json_each(json_get(said.json, "entry"));
        while (json_next(&it))
            must_be_there(it.value);
    }
    arena_free(said.arena);
    arena_free(a);
    return 0;
}
