/* SPDX-License-Identifier: Apache-2.0 */
/* A team at the county of network.h, its postings and its roster. */
#ifndef TEST_APP_ROSTER_H
#define TEST_APP_ROSTER_H

#include "logbook.h"

#define TEAM(id, batch)                                                                \
    "{\"resourceType\":\"Organization\",\"id\":\"" id                                  \
    "\",\"active\":true,\"name\":\"Batch " batch                                       \
    "\",\"type\":[{\"coding\":[{\"system\":\"" SYSTEM                                  \
    "organization-kind\",\"code\":\"team\"}]}],\"partOf\":{\"reference\":"             \
    "\"Organization/twin\"},\"extension\":[{\"url\":"                                  \
    "\"https://belay.health/StructureDefinition/team-batch\","                         \
    "\"valuePositiveInt\":" batch                                                      \
    "},{\"url\":\"https://belay.health/StructureDefinition/team-leader\","             \
    "\"valueReference\":{\"reference\":\"Practitioner/chen\"}}]}"
#define TERM(id, team, from, until)                                                    \
    "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"" id                       \
    "\",\"active\":true,\"code\":[{\"coding\":[{\"system\":\"" SYSTEM                  \
    "affiliation\",\"code\":\"team-at-host\"}]}],\"organization\":{\"reference\":"     \
    "\"Organization/county\"},\"participatingOrganization\":{\"reference\":"           \
    "\"Organization/" team "\"},\"period\":{\"start\":\"" from "\",\"end\":\"" until   \
    "\"}}"
#define POSTING(id, person, role, unit, from, until, more)                             \
    "{\"resourceType\":\"PractitionerRole\",\"id\":\"" id                              \
    "\",\"active\":true,\"practitioner\":{\"reference\":\"Practitioner/" person        \
    "\"},\"organization\":{\"reference\":\"Organization/" unit                         \
    "\"},\"code\":[{\"coding\":[{\"system\":\"" SYSTEM "role\",\"code\":\"" role       \
    "\"}]}],\"period\":{\"start\":\"" from "\",\"end\":\"" until                       \
    "\"},\"extension\":[{\"url\":"                                                     \
    "\"https://belay.health/StructureDefinition/posting-team\","                       \
    "\"valueReference\":{\"reference\":\"Organization/team-8\"}}" more "]}"

static inline void put(
    const char *person, const char *path, const char *body, int status)
{
    write_as(person, APP_PUT, path, body, status);
}

/* The eighth batch, at the county for the first half of 2026, with one who is posted. */
static inline void put_team(const char *person)
{
    put(person, "Organization/team-8", TEAM("team-8", "8"), 201);
    put(person, "OrganizationAffiliation/term-8",
        TERM("term-8", "team-8", "2025-12-01", "2026-05-31"), 201);
    put(person, "PractitionerRole/posting-chen",
        POSTING("posting-chen", "chen", "expert", "county-surgery", "2025-12-01",
            "2026-05-31", ""),
        201);
}

static inline struct said *roster(const char *person, const char *what)
{
    return said_status(
        get_as(person, arena_printf(arena, "Organization/%s", what)), 200);
}

static inline const struct json *listed(struct said *s, const char *name, int at)
{
    return parts_of(json_get(s->json, "parameter"), name, at);
}

static inline const struct json *batch(struct said *s, const char *number)
{
    for (int i = 0;; i++) {
        const struct json *one = listed(s, "team", i);

        if (!one || strcmp(part(one, "batch"), number) == 0)
            return one;
    }
}

static inline const struct json *problem(struct said *s, const char *kind)
{
    for (int i = 0;; i++) {
        const struct json *one = listed(s, "problem", i);

        if (!one || strcmp(part(one, "kind"), kind) == 0)
            return one;
    }
}

#define ALWAYS                                                                         \
    "\"availableTime\":[{\"daysOfWeek\":[\"fri\"],\"availableStartTime\":"             \
    "\"08:00:00\",\"availableEndTime\":\"17:00:00\"},{\"daysOfWeek\":[\"thu\"],"       \
    "\"availableStartTime\":\"20:00:00\",\"availableEndTime\":\"08:00:00\"}],"

/* The county lies high, and chen arrives on Thursday, New Year's Day. */
static inline void put_arrival(const char *altitude)
{
    put_team(NULL);
    put(NULL, "Location/county-site",
        arena_printf(arena,
            "{\"resourceType\":\"Location\",\"id\":\"county-site\",\"name\":\"County\","
            "\"position\":{\"longitude\":92,\"latitude\":31,\"altitude\":%s},"
            "\"managingOrganization\":{\"reference\":\"Organization/county\"},"
            "\"extension\":[{\"url\":"
            "\"https://belay.health/StructureDefinition/utc-offset\","
            "\"valueInteger\":480}]}",
            altitude),
        200);
    put(NULL, "PractitionerRole/posting-chen",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"posting-chen\",\"active\":"
        "true,"
        "\"practitioner\":{\"reference\":\"Practitioner/chen\"},\"organization\":{"
        "\"reference\":\"Organization/county-surgery\"},\"code\":[{\"coding\":[{"
        "\"system\":\"" SYSTEM "role\",\"code\":\"expert\"}]}]," ALWAYS
        "\"period\":{\"start\":\"2025-12-01\",\"end\":\"2026-05-31\"},\"extension\":[{"
        "\"url\":\"https://belay.health/StructureDefinition/posting-team\","
        "\"valueReference\":{\"reference\":\"Organization/team-8\"}},{\"url\":"
        "\"https://belay.health/StructureDefinition/arrived\",\"valueDate\":"
        "\"2026-01-01\"},{\"url\":"
        "\"https://belay.health/StructureDefinition/arrival-check\",\"extension\":[{"
        "\"url\":\"kind\",\"valueCode\":\"altitude-fitness\"},{\"url\":\"outcome\","
        "\"valueCode\":\"conditions\"},{\"url\":\"by\",\"valueReference\":{"
        "\"reference\":\"Practitioner/nima\"}},{\"url\":\"on\",\"valueDate\":"
        "\"2026-01-01\"}]}]}",
        200);
}

static inline void put_coordinator(const char *name, const char *hospital)
{
    put(NULL, arena_printf(arena, "Practitioner/%s", name),
        arena_printf(arena,
            "{\"resourceType\":\"Practitioner\",\"id\":\"%s\",\"name\":[{\"text\":"
            "\"%s\"}]}",
            name, name),
        201);
    put(NULL, arena_printf(arena, "PractitionerRole/role-%s", name),
        arena_printf(arena,
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-%s\",\"active\":"
            "true,\"practitioner\":{\"reference\":\"Practitioner/%s\"},\"code\":[{"
            "\"coding\":[{\"system\":\"" SYSTEM
            "role\",\"code\":\"coordinator\"}]}],\"organization\":{\"reference\":"
            "\"Organization/%s\"}}",
            name, name, hospital),
        201);
}

#endif
