/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A small network of records in a node, and what ServiceRequest/$route says of it.
 *
 *   county  4300 m  \  prefecture a  \
 *   pref    3840 m  /                 > region     sea  44 m, elsewhere
 *   city    3650 m     prefecture b  /
 */
#ifndef TEST_APP_WAYS_H
#define TEST_APP_WAYS_H

#include "node.h"

#define MONDAY_NOON 1788148800000LL /* 2026-08-31 04:00 UTC: noon in the network */
#define DAY_MS (24LL * 3600 * 1000)

static struct node node;
static struct arena *a;

static inline void put(const char *path, const char *text)
{
    struct said *s = PUT(&node, path, text);

    if (s->status != 200)
        said_status(s, 201);
    said_free(s);
}

#define PUTF(path, ...) put((path), arena_printf(a, __VA_ARGS__))

/* ---- records ---- */

static inline void put_area(const char *id, const char *above)
{
    PUTF(arena_printf(a, "Location/%s", id),
        "{\"resourceType\":\"Location\",\"id\":\"%s\",\"physicalType\":{\"coding\":[{"
        "\"system\":\"http://terminology.hl7.org/CodeSystem/location-physical-type\","
        "\"code\":\"jdn\"}]}%s}",
        id,
        above ? arena_printf(a, ",\"partOf\":{\"reference\":\"Location/%s\"}", above)
              : "");
}

static inline void put_hospital(
    const char *id, const char *area, const char *position, const char *extensions)
{
    PUTF(arena_printf(a, "Organization/%s", id),
        "{\"resourceType\":\"Organization\",\"id\":\"%s\",\"name\":\"Hospital %s\"}",
        id, id);
    PUTF(arena_printf(a, "Organization/%s-surgery", id),
        "{\"resourceType\":\"Organization\",\"id\":\"%s-surgery\",\"name\":\"Surgery "
        "%s\",\"partOf\":{\"reference\":\"Organization/%s\"}}",
        id, id, id);
    PUTF(arena_printf(a, "Location/%s", id),
        "{\"resourceType\":\"Location\",\"id\":\"%s\",\"status\":\"active\",\"name\":"
        "\"Town %s\",\"managingOrganization\":{\"reference\":\"Organization/%s\"},"
        "\"position\":{%s},\"extension\":[{\"url\":\"https://belay.health/"
        "StructureDefinition/utc-offset\",\"valueInteger\":480}%s]%s}",
        id, id, id, position, extensions,
        area ? arena_printf(a, ",\"partOf\":{\"reference\":\"Location/%s\"}", area)
             : "");
}

static inline void put_device(
    const char *id, const char *hospital, const char *kind, const char *status)
{
    PUTF(arena_printf(a, "Device/%s", id),
        "{\"resourceType\":\"Device\",\"id\":\"%s\",\"status\":\"%s\",\"type\":{"
        "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/device-kind\","
        "\"code\":\"%s\"}]},\"owner\":{\"reference\":\"Organization/%s\"}}",
        id, status, kind, hospital);
}

struct doctor {
    const char *id;
    const char *role; /* NULL: clinician */
    const char *unit;
    const char *thing;    /* a code, or NULL */
    const char *signed_;  /* period of the sign-off; NULL: from 2020 on */
    const char *term;     /* period of the post; NULL: from 2020 on */
    const char *post;     /* more of the post, with its comma; NULL: always on duty */
    const char *language; /* NULL: zh */
};

#define SINCE_2020 "\"start\":\"2020-01-01\""
#define ALWAYS ",\"availableTime\":[{\"allDay\":true}]"

static inline void put_doctor(struct doctor d)
{
    const char *system = d.thing && d.thing[0] < 'a'
                             ? "http://hl7.org/fhir/sid/icd-10-cm"
                             : "https://belay.health/CodeSystem/procedure";

    PUTF(arena_printf(a, "Practitioner/%s", d.id),
        "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"active\":true,\"name\":[{"
        "\"text\":\"Doctor %s\"}],\"communication\":[{\"coding\":[{\"system\":"
        "\"urn:ietf:bcp:47\",\"code\":\"%s\"}]}]%s}",
        d.id, d.id, d.language ? d.language : "zh",
        d.thing ? arena_printf(a,
                      ",\"qualification\":[{\"code\":{\"coding\":[{\"system\":\"%s\","
                      "\"code\":\"%s\"}]},\"period\":{%s}}]",
                      system, d.thing, d.signed_ ? d.signed_ : SINCE_2020)
                : "");
    PUTF(arena_printf(a, "PractitionerRole/%s", d.id),
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
        "\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"organization\":{"
        "\"reference\":\"Organization/%s\"},\"code\":[{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/role\",\"code\":\"%s\"}]}],\"period\":{%s}"
        "%s}",
        d.id, d.id, d.unit, d.role ? d.role : "clinician", d.term ? d.term : SINCE_2020,
        d.post ? d.post : ALWAYS);
}

static inline void put_link(
    const char *id, const char *helped, const char *helper, const char *kind)
{
    PUTF(arena_printf(a, "OrganizationAffiliation/%s", id),
        "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"%s\",\"active\":true,"
        "\"organization\":{\"reference\":\"Organization/%s\"},"
        "\"participatingOrganization\":{\"reference\":\"Organization/%s\"},\"code\":[{"
        "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/affiliation\","
        "\"code\":\"%s\"}]}]}",
        id, helped, helper, kind);
}

static inline void put_learning(
    const char *apprentice, const char *master, const char *thing)
{
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .space = APP_PROGRAMME,
            .path = arena_printf(a, "Apprenticeship/%s", apprentice),
            .body = arena_printf(a,
                "{\"resourceType\":\"Apprenticeship\",\"id\":\"%s\",\"status\":"
                "\"active\",\"apprentice\":{\"reference\":\"Practitioner/%s\"},"
                "\"master\":{\"reference\":\"Practitioner/%s\"},\"period\":{"
                "\"start\":\"2026-01-01\"},\"goal\":[{\"procedure\":{\"coding\":[{"
                "\"system\":\"https://belay.health/CodeSystem/procedure\",\"code\":"
                "\"%s\"}]}}]}",
                apprentice, apprentice, master, thing)});
}

#define WAY(to, summer, more)                                                          \
    ",{\"url\":\"https://belay.health/StructureDefinition/way\",\"extension\":[{"      \
    "\"url\":\"to\",\"valueReference\":{\"reference\":\"Location/" to "\"}},{\"url\":" \
    "\"summer\",\"valueDuration\":{\"value\":" summer ",\"system\":"                   \
    "\"http://unitsofmeasure.org\",\"code\":\"min\"}}" more "]}"
#define CLOSED_IN_WINTER ",{\"url\":\"closed\",\"valueCode\":\"winter\"}"

static inline int open_node(void **state)
{
    (void)state;
    a = arena_new();
    time_hold(MONDAY_NOON);
    node_open(&node, true);
    put_area("region", NULL);
    put_area("a", "region");
    put_area("b", "region");
    put_hospital(
        "county", "a", "\"latitude\":30.0,\"longitude\":90.0,\"altitude\":4300", "");
    put_hospital("pref", "a", "\"latitude\":29.5,\"longitude\":90.0,\"altitude\":3840",
        WAY("county", "90", CLOSED_IN_WINTER));
    put_hospital(
        "city", "b", "\"latitude\":29.6,\"longitude\":91.1,\"altitude\":3650", "");
    put_hospital(
        "sea", NULL, "\"latitude\":39.9,\"longitude\":116.4,\"altitude\":44", "");
    return 0;
}

static inline int close_node(void **state)
{
    (void)state;
    node_close(&node);
    arena_free(a);
    time_hold(0);
    return 0;
}

/* ---- answers ---- */

static inline struct said *ask(const char *query)
{
    return said_status(
        GET(&node, arena_printf(a, "ServiceRequest/$route?%s", query)), 200);
}

/* The ${index}th parameter ${name} of a list of parameters. */
static inline const struct json *nth(
    const struct json *list, const char *name, size_t index)
{
    struct json_each it = json_each(list);

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), name) && index-- == 0)
            return it.value;
    }
    return NULL;
}

/* The value of ${name} in the parts of the ${index}th option, as text; "" for none. */
static inline const char *told(struct said *s, size_t index, const char *name)
{
    const struct json *option = nth(json_get(s->json, "parameter"), "option", index);
    struct json_each it = json_each(nth(json_get(option, "part"), name, 0));

    while (json_next(&it)) {
        struct str text = json_text(it.value);

        if (!str_starts(it.name, "value"))
            continue;
        if (json_is_object(it.value))
            text = json_get_text(it.value, "reference");
        if (json_kind(it.value) == JSON_TRUE || json_kind(it.value) == JSON_FALSE)
            return json_kind(it.value) == JSON_TRUE ? "true" : "false";
        return arena_strndup(a, text.p ? text.p : "", text.len);
    }
    return "";
}

/* The reason ${code} of the ${index}th option; NULL: it is not among them. */
static inline const struct json *reason(struct said *s, size_t index, const char *code)
{
    const struct json *option = nth(json_get(s->json, "parameter"), "option", index);
    const struct json *one = NULL;

    for (size_t i = 0; (one = nth(json_get(option, "part"), "reason", i)); i++) {
        if (str_is(json_get_text(nth(json_get(one, "part"), "code", 0), "valueCode"),
                code))
            return json_get(one, "part");
    }
    return NULL;
}

static inline const char *reason_text(struct said *s, size_t index, const char *code)
{
    struct str text =
        json_get_text(nth(reason(s, index, code), "text", 0), "valueString");

    return text.p ? arena_strndup(a, text.p, text.len) : "";
}

static inline size_t options(struct said *s)
{
    size_t count = 0;

    while (nth(json_get(s->json, "parameter"), "option", count))
        count++;
    return count;
}

/* Ask from the county; "kind hospital safe; ..." of all options. */
static inline const char *order_of(struct said *s)
{
    const char *text = "";

    for (size_t i = 0; i < options(s); i++)
        text = arena_printf(a, "%s%s%s %s%s", text, i ? "; " : "", told(s, i, "kind"),
            told(s, i, "hospital") + strlen("Organization/"),
            strcmp(told(s, i, "safe"), "true") == 0 ? "" : " unsafe");
    return text;
}

static inline void expect(const char *query, const char *order)
{
    struct said *s = ask(query);

    assert_string_equal(order_of(s), order);
    said_free(s);
}

#define JAUNDICE "code=phototherapy&hospital=county" /* needs one lamp and one doctor */

static inline void put_jaundice(const char *hospital)
{
    put_device(
        arena_printf(a, "lamp-%s", hospital), hospital, "phototherapy-lamp", "active");
    put_doctor((struct doctor){.id = arena_printf(a, "dr-%s", hospital),
        .unit = arena_printf(a, "%s-surgery", hospital),
        .thing = "phototherapy"});
}

static inline bool says(struct said *s, const char *text)
{
    return memmem(s->call.answer.data, s->call.answer.len, text, strlen(text)) != NULL;
}

#endif
