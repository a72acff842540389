/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A node for tests of $vitals: a hospital at 3,658 m with a doctor and a patient, its twin
 * with two departments; and ways to measure, to ask and to read the answer.
 */
#ifndef TEST_APP_VITALS_NODE_H
#define TEST_APP_VITALS_NODE_H

#include "node.h"

#define NOW 1784000000000LL /* 2026-07-14T03:33:20Z */

static struct node node;
static struct arena *arena;

#define UCUM "\"system\":\"http://unitsofmeasure.org\""
#define CODE(system, code)                                                             \
    "{\"coding\":[{\"system\":\"" system "\",\"code\":\"" code "\"}]}"
#define LOINC(code) CODE("http://loinc.org", code)
#define RATES "/min"

/* ---- what there is ---- */

static inline void put(const char *path, const char *body)
{
    said_free(said_status(PUT(&node, path, body), 201));
}

static inline void put_person(const char *id, const char *role, const char *unit)
{
    put(arena_printf(arena, "Practitioner/%s", id),
        arena_printf(arena, "{\"resourceType\":\"Practitioner\",\"id\":\"%s\"}", id));
    put(arena_printf(arena, "PractitionerRole/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
            "\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"organization\":{"
            "\"reference\":\"Organization/%s\"},\"code\":[" CODE(
                "https://belay.health/CodeSystem/role", "%s") "]}",
            id, id, unit, role));
}

static inline void put_unit(const char *id, const char *part_of)
{
    put(arena_printf(arena, "Organization/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Organization\",\"id\":\"%s\",\"address\":[{"
            "\"country\":\"CN\"}]%s}",
            id,
            part_of ? arena_printf(arena,
                          ",\"partOf\":{\"reference\":\"Organization/%s\"}", part_of)
                    : ""));
}

/* ${more}: members of Patient, with a comma before. */
static inline void put_patient(const char *id, const char *hospital, const char *more)
{
    put(arena_printf(arena, "Patient/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Patient\",\"id\":\"%s\",\"managingOrganization\":{"
            "\"reference\":\"Organization/%s\"}%s}",
            id, hospital, more));
}

static int made;

/* An Observation of ${patient} at ${time} of 2026-07-13; ${rest}: code, value and the like. */
static inline const char *observe(
    const char *patient, const char *time, const char *rest)
{
    const char *id = arena_printf(arena, "o%d", made++);

    put(arena_printf(arena, "Observation/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Observation\",\"id\":\"%s\",\"status\":\"final\","
            "\"subject\":{\"reference\":\"Patient/%s\"},\"effectiveDateTime\":"
            "\"2026-07-13T%s:00+08:00\",%s}",
            id, patient, time, rest));
    return id;
}

#define QUANTITY(code, value, unit)                                                    \
    "\"code\":" LOINC(code) ",\"valueQuantity\":{\"value\":" value                     \
                            ",\"unit\":\"x\"," UCUM ",\"code\":\"" unit "\"}"
#define COMPONENT(code, value, unit) "{" QUANTITY(code, value, unit) "}"
#define PRESSURE(high, low)                                                            \
    "\"code\":" LOINC("85354-9") ",\"component\":[" COMPONENT(                         \
        "8480-6", high, "mm[Hg]") "," COMPONENT("8462-4", low, "mm[Hg]") "]"
#define MIND(level)                                                                    \
    "\"code\":" LOINC("80288-4") ",\"valueCodeableConcept\":" CODE(                    \
        "https://belay.health/CodeSystem/consciousness", level)
#define ABOVE_SEA(metres)                                                              \
    ",\"extension\":[{\"url\":\"https://belay.health/StructureDefinition/altitude\","  \
    "\"valueQuantity\":{\"value\":" metres "," UCUM ",\"code\":\"m\"}}]"

/* One whole set: 24 breaths (2), 88 % (3), air, 118/76, pulse 96 (1), alert, 37.20. */
static inline void observe_all(const char *patient, const char *time)
{
    observe(patient, time, QUANTITY("9279-1", "24", RATES));
    observe(patient, time, QUANTITY("2708-6", "88.0", "%"));
    observe(patient, time, QUANTITY("3151-8", "0", "L/min"));
    observe(patient, time, PRESSURE("118", "76"));
    observe(patient, time, QUANTITY("8867-4", "96", RATES));
    observe(patient, time, MIND("alert"));
    observe(patient, time, QUANTITY("8310-5", "37.20", "Cel"));
}

static inline int open_node(void **state)
{
    (void)state;
    time_hold(NOW);
    arena = arena_new();
    made = 0;
    node_open(&node, true);
    put_unit("county", NULL);
    put_unit("low", NULL);
    put_unit("twin", NULL);
    put_unit("twin-medicine", "twin");
    put_unit("twin-surgery", "twin");
    put("Location/county",
        "{\"resourceType\":\"Location\",\"id\":\"county\",\"managingOrganization\":{"
        "\"reference\":\"Organization/county\"},\"position\":{\"longitude\":91,"
        "\"latitude\":30,\"altitude\":3658.0}}");
    put_person("doctor", "clinician", "county");
    put_person("expert", "clinician", "twin-medicine");
    put_person("other", "clinician", "twin-surgery");
    put_person("quality", "quality-officer", "county");
    put_patient("adult", "county", ",\"birthDate\":\"1968-03-02\"");
    return 0;
}

static inline int close_node(void **state)
{
    (void)state;
    node_close(&node);
    arena_free(arena);
    time_hold(0);
    return 0;
}

/* ---- asking ---- */

static inline struct said *ask_as(
    const char *person, enum app_method method, const char *path, const char *body)
{
    return said_by(
        person, &(struct app_call){.app = node.app,
                    .method = method,
                    .query = str_of(path),
                    .body = str_of(body),
                    .caller = {.name = STR("somebody"), .role = STR("program")}});
}

static inline struct said *ask(const char *path)
{
    return said_status(ask_as("doctor", APP_GET, path, NULL), 200);
}

/* The ${n}th part (or parameter) called ${name} of ${of}; NULL: there is none. */
static inline const struct json *part(const struct json *of, const char *name, size_t n)
{
    const struct json *list = json_get(of, "part");
    struct json_each it = json_each(list ? list : json_get(of, "parameter"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), name) && n-- == 0)
            return it.value;
    }
    return NULL;
}

/* The value of a part as text: "" if there is none, a quantity as its number. */
static inline const char *value_of(const struct json *of, const char *name)
{
    struct json_each it = json_each(part(of, name, 0));

    while (json_next(&it)) {
        const struct json *value = it.value;

        if (!str_starts(it.name, "value"))
            continue;
        if (json_kind(value) == JSON_TRUE || json_kind(value) == JSON_FALSE)
            return json_kind(value) == JSON_TRUE ? "true" : "false";
        if (json_get(value, "value"))
            value = json_get(value, "value");
        else if (json_get(value, "reference"))
            value = json_get(value, "reference");
        return arena_strndup(arena, json_text(value).p, json_text(value).len);
    }
    return "";
}

static inline const struct json *set_of(struct said *s, size_t n)
{
    return part(s->json, "set", n);
}

static inline size_t count_of(const struct json *of, const char *name)
{
    size_t n = 0;

    while (part(of, name, n))
        n++;
    return n;
}

/* The points of ${sign}; "" if there are none. */
static inline const char *points_of(const struct json *news2, const char *sign)
{
    for (size_t i = 0; part(news2, "points", i); i++) {
        const struct json *p = part(news2, "points", i);

        if (strcmp(value_of(p, "sign"), sign) == 0)
            return value_of(p, "points");
    }
    return "";
}

static inline const struct json *reading_of(const struct json *set, const char *sign)
{
    for (size_t i = 0; part(set, "value", i); i++) {
        if (strcmp(value_of(part(set, "value", i), "sign"), sign) == 0)
            return part(set, "value", i);
    }
    return NULL;
}

#define is(of, name, text) assert_string_equal(value_of(of, name), text)

#define IN_NODE(test) cmocka_unit_test_setup_teardown(test, open_node, close_node)

#endif
