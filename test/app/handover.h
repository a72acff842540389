/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handovers in the network of network.h: chen, an expert of the twin whose post ends on
 * 31 January, li who comes on the 20th and stays, far who works elsewhere.
 */
#ifndef TEST_APP_HANDOVER_H
#define TEST_APP_HANDOVER_H

#include "app/handover.h"
#include "app/handover_internal.h"
#include "case.h"

#define DAY (24LL * 60 * 60000)
#define WHO(name, id)                                                                  \
    "{\"name\":\"" name "\",\"valueReference\":{\"reference\":\"Practitioner/" id "\"" \
    "}}"
#define ITEM(reference)                                                                \
    "{\"name\":\"item\",\"valueReference\":{\"reference\":\"" reference "\"}}"
#define CASE_ONE "5f0c2a0e-8f0b-4d39-9a4e-0c8d7d1f5b01"
#define CASE_TWO "5f0c2a0e-8f0b-4d39-9a4e-0c8d7d1f5b02"

/* ---- people ---- */

/* A post of ${who} in ${unit} from ${start} until ${end} (NULL: not said). */
static inline void put_post(const char *who, const char *role, const char *unit,
    const char *start, const char *end)
{
    const char *period =
        start || end ? arena_printf(arena, ",\"period\":{%s%s%s%s%s%s%s}",
                           start ? "\"start\":\"" : "", start ? start : "",
                           start ? "\"" : "", start && end ? "," : "",
                           end ? "\"end\":\"" : "", end ? end : "", end ? "\"" : "")
                     : "";
    struct said *s = as(NULL,
        (struct ask){.method = APP_PUT,
            .path = arena_printf(arena, "PractitionerRole/role-%s", who),
            .body = arena_printf(arena,
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-%s\",\"active\":"
                "true,\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"code\":[{"
                "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\","
                "\"code\":\"%s\"}]}],\"organization\":{\"reference\":"
                "\"Organization/%s\"}%s}",
                who, who, role, unit, period)});

    assert_true(s->status == 200 || s->status == 201);
    said_free(s);
}

static inline void put_person(const char *who, const char *role, const char *unit,
    const char *start, const char *end)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "Practitioner/%s", who),
        arena_printf(arena,
            "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"active\":true,\"name\":"
            "[{\"text\":\"Doctor %s\"}]}",
            who, who),
        201);
    put_post(who, role, unit, start, end);
}

/* chen goes on 31 January; li comes on the 20th and stays. */
static inline int open_term(void **state)
{
    open_network(state);
    put_post("chen", "expert", "twin-surgery", "2025-01-01", "2026-01-31");
    put_person("li", "expert", "twin-surgery", "2026-01-20", NULL);
    put_person("far", "clinician", "ring-a", NULL, NULL);
    return 0;
}

#define AFTER (NOW + 31 * DAY + 60000) /* the first minute of February */

/* ---- asking ---- */

static inline struct said *pack_as(const char *person, const char *post, int status)
{
    return said_status(
        get_as(person, arena_printf(arena, "PractitionerRole/%s/$handover", post)),
        status);
}

static inline struct said *say(const char *person, const char *post,
    const char *operation, const char *parameters, int status)
{
    struct said *s = as(person,
        (struct ask){.method = APP_POST,
            .path = arena_printf(arena, "Handover/%s/$%s", post, operation),
            .body = arena_printf(arena,
                "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", parameters)});

    return said_status(s, status);
}

/* How many ${operation} did. */
static inline long done(
    const char *person, const char *post, const char *operation, const char *parameters)
{
    struct said *s = say(person, post, operation, parameters, 200);
    long n = strtol(said_text(s, "parameter.0.valueInteger"), NULL, 10);

    said_free(s);
    return n;
}

static inline void refused(const char *person, const char *post, const char *operation,
    const char *parameters, int status)
{
    struct said *s = say(person, post, operation, parameters, status);

    assert_true(strlen(said_text(s, "issue.0.diagnostics")) > 20);
    said_free(s);
}

/* The parts of the parameter ${name} number ${at}; NULL: there are fewer. */
static inline const struct json *parts_of(struct said *s, const char *name, int at)
{
    struct json_each it = json_each(json_get(s->json, "parameter"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), name) && at-- == 0)
            return json_get(it.value, "part");
    }
    return NULL;
}

static inline long number(struct said *s, const char *name)
{
    const char *text = part(json_get(s->json, "parameter"), name);

    return *text ? strtol(text, NULL, 10) : -1;
}

/* The parts of the item about ${reference}; NULL: it is not shown. */
static inline const struct json *item_of(struct said *s, const char *reference)
{
    const struct json *parts = NULL;

    for (int i = 0; (parts = parts_of(s, "item", i)); i++) {
        if (strcmp(part(parts, "record"), reference) == 0)
            return parts;
    }
    return NULL;
}

static inline const struct json *inner(const struct json *parts, const char *name)
{
    struct json_each it = json_each(parts);

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), name))
            return json_get(it.value, "part");
    }
    return NULL;
}

static inline size_t run_at(utc_ms at)
{
    struct err err = {0};
    size_t made = 99;

    time_hold(at);
    atomic_store(&node.app->handover_next, 0);
    if (handover_run(node.app, NULL, at, &made, &err) < 0)
        fail_msg("handover_run: %s", err.text);
    return made;
}

/* ---- as the node sees it ---- */

/* The pack of a post, as long as ${snapshot} is open: store_read_end() it. */
struct packs {
    struct seek seek;
    struct store_reader *snapshot;
    struct handover_pack pack;
};

static inline void packs_open(struct packs *p, const char *post)
{
    struct err err = {0};
    bool there = false;

    assert_int_equal(store_read_begin(app_store(node.app), &p->snapshot, NULL), 0);
    p->seek = (struct seek){node.app, p->snapshot, arena};
    if (handover_pack(&p->seek, str_of(post), time_now(), &p->pack, &there, &err) < 0)
        fail_msg("handover_pack: %s", err.text);
    assert_true(there);
}

/* A case of pema's that chen has taken. */
static inline void open_case(const char *id)
{
    put_draft(id, "pema", "Organization/twin-surgery", "routine");
    step("nima", id, "send", NULL);
    step("chen", id, "accept", NULL);
}

/* How many of ${kind} that ${post} left the coordinator is told to be without anybody. */
static inline long told_of(const char *post, const char *kind)
{
    struct said *s = said_status(get_as("coordinator", "Handover/$waiting"), 200);
    const struct json *term = NULL;
    long n = 0;

    for (int i = 0; (term = parts_of(s, "term", i)); i++) {
        struct json_each it = json_each(term);

        while (strcmp(part(term, "post"), post) == 0 && json_next(&it)) {
            const struct json *counts = json_get(it.value, "part");

            if (str_is(json_get_text(it.value, "name"), "count") &&
                strcmp(part(counts, "kind"), kind) == 0)
                n = strtol(part(counts, "orphans"), NULL, 10);
        }
    }
    assert_null(memmem(s->call.answer.data, s->call.answer.len, "Patient/", 8));
    said_free(s);
    return n;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_term, close_network)

#endif
