/* SPDX-License-Identifier: Apache-2.0 */
/* Random histories of a small network: people, posts, devices, links, operations and what was signed. */
#ifndef TEST_APP_HISTORY_H
#define TEST_APP_HISTORY_H

#include <stdlib.h>
#include <string.h>

#include "app/catalogue.h"
#include "app/network.h"
#include "node.h"

#define NOON 1788148800000LL /* 2026-08-31 04:00 UTC */
#define DAY_MS (24LL * 3600 * 1000)
#define MOST_CHANGES 610

static struct arena *a;

struct change {
    const char *path;
    const char *body;
    enum app_space space;
};

struct history {
    struct change list[MOST_CHANGES];
    size_t count;
};

static const char *const hospitals[] = {"county", "pref", "city", "sea"};
static const char *const things[] = {"appendectomy", "spinal-anaesthesia",
    "phototherapy", "cholecystectomy", "K35", "P59"};
static const char *const devices[] = {
    "operating-theatre", "patient-monitor", "phototherapy-lamp", "laparoscope"};

static inline int any(unsigned *seed, int low, int high)
{
    return low + rand_r(seed) % (high - low + 1);
}

/* A day near ${NOON}; before it, where ${past}. */
static inline const char *any_day(unsigned *seed, bool past)
{
    char iso[TIME_ISO_MAX];

    time_iso(NOON + any(seed, -900, past ? -1 : 300) * DAY_MS, iso);
    return arena_strndup(a, iso, 10);
}

static inline const char *any_period(unsigned *seed)
{
    const char *start = any_day(seed, true);

    if (any(seed, 0, 2))
        return arena_printf(a, "{\"start\":\"%s\"}", start);
    return arena_printf(
        a, "{\"start\":\"%s\",\"end\":\"%s\"}", start, any_day(seed, false));
}

static inline void add(
    struct history *h, enum app_space space, const char *path, const char *body)
{
    assert_true(h->count < MOST_CHANGES);
    h->list[h->count++] = (struct change){path, body, space};
}

#define ADD(h, path, ...) add((h), APP_FHIR, (path), arena_printf(a, __VA_ARGS__))

static inline const char *coding_of(const char *thing)
{
    return arena_printf(a, "{\"coding\":[{\"system\":\"%s\",\"code\":\"%s\"}]}",
        thing[0] < 'a' ? CATALOGUE_ILLNESS_SYSTEM : CATALOGUE_PROCEDURE_SYSTEM, thing);
}

static inline void add_places(struct history *h)
{
    for (size_t i = 0; i < 4; i++) {
        ADD(h, arena_printf(a, "Organization/%s", hospitals[i]),
            "{\"resourceType\":\"Organization\",\"id\":\"%s\"}", hospitals[i]);
        ADD(h, arena_printf(a, "Organization/%s-unit", hospitals[i]),
            "{\"resourceType\":\"Organization\",\"id\":\"%s-unit\",\"partOf\":{"
            "\"reference\":\"Organization/%s\"}}",
            hospitals[i], hospitals[i]);
    }
}

/* A third are signed here: too few cases end them, now or when no waiver holds any more. */
static inline const char *any_signing(unsigned *seed, const char *id, int n)
{
    const char *waived = "";

    if (any(seed, 0, 2))
        return "";
    if (any(seed, 0, 3))
        waived = arena_printf(a,
            ",{\"url\":\"" RECENCY_WAIVED_EXTENSION "\",\"valueDateTime\":\"%s\"}",
            any_day(seed, false));
    return arena_printf(a,
        "\"extension\":[{\"url\":\"" SIGN_OFF_EXTENSION
        "\",\"valueReference\":{\"reference\":\"SignOff/%s-%d\"}}%s],",
        id, n, waived);
}

static inline void add_person(struct history *h, unsigned *seed, const char *prefix)
{
    const char *id = arena_printf(a, "%sp%d", prefix, any(seed, 1, 6));
    const char *list = "";

    for (int i = any(seed, 0, 5); i > 0; i--)
        list = arena_printf(a, "%s%s{%s\"code\":%s,\"period\":%s}", list,
            list[0] ? "," : "", any_signing(seed, id, i),
            coding_of(things[any(seed, 0, 5)]), any_period(seed));
    ADD(h, arena_printf(a, "Practitioner/%s", id),
        "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"active\":%s%s%s%s%s}", id,
        any(seed, 0, 12) ? "true" : "false",
        any(seed, 0, 5) ? "" : ",\"name\":[{\"text\":\"Newly named\"}]",
        list[0] ? ",\"qualification\":[" : "", list, list[0] ? "]" : "");
}

static inline void add_post(struct history *h, unsigned *seed, const char *prefix)
{
    const char *id = arena_printf(a, "%sr%d", prefix, any(seed, 1, 14));
    static const char *const roles[] = {"clinician", "expert", "nurse"};

    ADD(h, arena_printf(a, "PractitionerRole/%s", id),
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
        "\"practitioner\":{\"reference\":\"Practitioner/%sp%d\"},\"organization\":{"
        "\"reference\":\"Organization/%s-unit\"},\"code\":[{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/role\",\"code\":\"%s\"}]}],\"period\":%s}",
        id, prefix, any(seed, 1, 6), hospitals[any(seed, 0, 3)], roles[any(seed, 0, 2)],
        any_period(seed));
}

static inline void add_device(struct history *h, unsigned *seed, const char *prefix)
{
    const char *id = arena_printf(a, "%sd%d", prefix, any(seed, 1, 24));

    ADD(h, arena_printf(a, "Device/%s", id),
        "{\"resourceType\":\"Device\",\"id\":\"%s\",\"status\":\"%s\",\"type\":{"
        "\"coding\":[{\"system\":\"" CATALOGUE_DEVICE_SYSTEM
        "\",\"code\":\"%s\"}]},\"owner\":{\"reference\":\"Organization/%s\"}}",
        id, any(seed, 0, 4) ? "active" : "inactive", devices[any(seed, 0, 3)],
        hospitals[any(seed, 0, 3)]);
}

static inline void add_link(struct history *h, unsigned *seed, const char *prefix)
{
    int helped = any(seed, 0, 2);
    const char *id = arena_printf(a, "%sl%d", prefix, any(seed, 1, 3));

    ADD(h, arena_printf(a, "OrganizationAffiliation/%s", id),
        "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"%s\",\"active\":true,"
        "\"organization\":{\"reference\":\"Organization/%s\"},"
        "\"participatingOrganization\":{\"reference\":\"Organization/%s\"},\"code\":[{"
        "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/affiliation\","
        "\"code\":\"hospital-pair\"}]}],\"period\":%s}",
        id, hospitals[helped], hospitals[any(seed, helped + 1, 3)], any_period(seed));
}

static inline void add_learning(struct history *h, unsigned *seed, const char *prefix)
{
    const char *id = arena_printf(a, "%sa%d", prefix, any(seed, 1, 4));

    add(h, APP_PROGRAMME, arena_printf(a, "Apprenticeship/%s", id),
        arena_printf(a,
            "{\"resourceType\":\"Apprenticeship\",\"id\":\"%s\",\"status\":\"active\","
            "\"apprentice\":{\"reference\":\"Practitioner/%sp%d\"},\"master\":{"
            "\"reference\":\"Practitioner/%sp%d\"},\"period\":%s,\"goal\":[{"
            "\"procedure\":%s}]}",
            id, prefix, any(seed, 1, 6), prefix, any(seed, 1, 6), any_period(seed),
            coding_of(things[any(seed, 0, 3)])));
}

static inline void add_operation(struct history *h, unsigned *seed, const char *prefix)
{
    static const char *const results[] = {"well", "serious", "unknown"};
    const char *id = arena_printf(a, "%so%d", prefix, any(seed, 1, 40));
    const char *look = "";

    if (any(seed, 0, 3))
        look = arena_printf(a,
            ",{\"url\":\"https://belay.health/StructureDefinition/operation-follow-up\""
            ",\"extension\":[{\"url\":\"at\",\"valueCode\":\"day-30\"},{\"url\":"
            "\"result\",\"valueCode\":\"%s\"}]}",
            results[any(seed, 0, 8) ? 0 : any(seed, 1, 2)]);
    ADD(h, arena_printf(a, "Procedure/%s", id),
        "{\"resourceType\":\"Procedure\",\"id\":\"%s\",\"status\":\"completed\","
        "\"subject\":{\"display\":\"Somebody\"},\"code\":%s,\"performedDateTime\":"
        "\"%s\",\"performer\":[{\"function\":{\"coding\":[{\"system\":\"https://"
        "belay.health/CodeSystem/operation-function\",\"code\":\"operator\"}]},"
        "\"actor\":{\"reference\":\"Practitioner/%sp%d\"}}],\"extension\":[{\"url\":"
        "\"https://belay.health/StructureDefinition/operation-department\","
        "\"valueReference\":{\"reference\":\"Organization/%s-unit\"}}%s]}",
        id, coding_of(things[any(seed, 0, 3)]), any_day(seed, true), prefix,
        any(seed, 1, 6), hospitals[any(seed, 0, 3)], look);
}

static inline void add_service(struct history *h, unsigned *seed, const char *prefix)
{
    const char *id = arena_printf(a, "%ss%d", prefix, any(seed, 1, 4));

    ADD(h, arena_printf(a, "HealthcareService/%s", id),
        "{\"resourceType\":\"HealthcareService\",\"id\":\"%s\",\"providedBy\":{"
        "\"reference\":\"Organization/%s\"},\"type\":[%s]}",
        id, hospitals[any(seed, 0, 3)], coding_of(things[any(seed, 0, 5)]));
}

/* ${count} changes of records whose ids begin with ${prefix}. */
static inline void add_changes(
    struct history *h, unsigned *seed, const char *prefix, int count)
{
    static void (*const adders[])(struct history *, unsigned *, const char *) = {
        add_person, add_person, add_post, add_post, add_device, add_link, add_learning,
        add_operation, add_operation, add_operation, add_service};

    for (int i = 0; i < count; i++)
        adders[any(seed, 0, 10)](h, seed, prefix);
}

#endif
