/* SPDX-License-Identifier: Apache-2.0 */
/* The network of test/view/reader.network in a node, and calls as its people. */
#ifndef TEST_APP_NETWORK_H
#define TEST_APP_NETWORK_H

#include "node.h"

#define NOW 1767225600000LL /* 2026-01-01: when the network's posts are valid */

static struct node node;
static struct arena *arena;

static inline struct str file_text(const char *name)
{
    char path[512];
    FILE *f = NULL;
    char *text = arena_alloc(arena, 1 << 20);

    /* NOLINTNEXTLINE(concurrency-mt-unsafe): one thread */
    snprintf(path, sizeof(path), "%s/%s", getenv("BELAY_TEST_VIEW"), name);
    f = fopen(path, "rb");
    if (!f)
        fail_msg("%s cannot be read", path);
    assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
    fclose(f);
    return str_of(text);
}

static inline enum app_space space_of(struct str path)
{
    const struct fhir_type *type = NULL;

    for (size_t i = 0; i < path.len; i++) {
        if (path.p[i] == '/' || path.p[i] == '?')
            path.len = i;
    }
    type = fhir_resource_named(path);
    return type && type->own ? APP_PROGRAMME : APP_FHIR;
}

/* ${person} NULL: a program. */
static inline struct said *as(const char *person, struct ask a)
{
    return said_by(
        person, &(struct app_call){.app = node.app,
                    .method = a.method,
                    .space = space_of(str_of(a.path)),
                    .query = str_of(a.path),
                    .body = str_of(a.body),
                    .body_format = a.format,
                    .if_match = str_of(a.if_match),
                    .if_none_match = str_of(a.if_none_match),
                    .if_none_exist = str_of(a.if_none_exist),
                    .caller = {.name = STR("somebody"), .role = STR("program")}});
}

static inline struct said *get_as(const char *person, const char *path)
{
    return as(person, (struct ask){.method = APP_GET, .path = path});
}

static inline void write_as(const char *person, enum app_method method,
    const char *path, const char *body, int status)
{
    said_free(said_status(
        as(person, (struct ask){.method = method, .path = path, .body = body}),
        status));
}

static inline int open_network_in(bool memory)
{
    struct str rest;

    arena = arena_new();
    time_hold(NOW);
    node_open_at(&node, memory, "http://here.example"); /* as the network calls it */
    rest = file_text("reader.network");
    while (rest.p) {
        struct str line = str_cut(&rest, '\n');
        const struct json *json = NULL;
        struct said *s = NULL;
        struct str type, id;

        if (line.len == 0)
            continue;
        assert_int_equal(json_read(arena, line, LIMIT_RECORD_BYTES, &json, NULL), 0);
        type = json_get_text(json, "resourceType");
        id = json_get_text(json, "id");
        if (str_is(type, "AuditEvent"))
            continue; /* the trail's own */
        s = as(NULL, (struct ask){.method = APP_PUT,
                         .path = arena_printf(arena, "%.*s/%.*s", (int)type.len, type.p,
                             (int)id.len, id.p),
                         .body = arena_strndup(arena, line.p, line.len)});
        said_free(said_status(s, 201));
    }
    return 0;
}

static inline int open_network(void **state)
{
    (void)state;
    return open_network_in(true);
}

static inline int close_network(void **state)
{
    (void)state;
    node_close(&node);
    arena_free(arena);
    time_hold(0);
    return 0;
}

/* The value of the part ${name} of ${part}s; "" if there is none. */
static inline const char *part(const struct json *parts, const char *name)
{
    struct json_each it = json_each(parts);

    while (json_next(&it)) {
        struct json_each members = json_each(it.value);

        if (!str_is(json_get_text(it.value, "name"), name))
            continue;
        while (json_next(&members)) {
            struct str text = json_text(members.value);

            if (json_is_object(members.value))
                text = json_get_text(members.value, "reference");
            if (json_kind(members.value) == JSON_TRUE)
                text = STR("true");
            if (!str_is(members.name, "name") && text.p)
                return arena_strndup(arena, text.p, text.len);
        }
    }
    return "";
}

#endif
