/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operations in the network of network.h: nima, a clinician of the county, records them;
 * chen, an expert of the twin, supervises and is the master of tashi, an apprentice of the
 * county.
 */
#ifndef TEST_APP_LOGBOOK_H
#define TEST_APP_LOGBOOK_H

#include "network.h"

#define SYSTEM "https://belay.health/CodeSystem/"

static inline struct said *post(
    const char *person, const char *path, const char *parameters)
{
    return as(person,
        (struct ask){.method = APP_POST,
            .path = path,
            .body = arena_printf(arena,
                "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", parameters)});
}

static inline struct said *post_status(
    const char *person, const char *path, const char *parameters, int status)
{
    struct said *s = post(person, path, parameters);

    if (s->status != status)
        printf("%s %s %s\n", person ? person : "a program", path, parameters);
    return said_status(s, status);
}

static inline void refused(
    const char *person, const char *path, const char *parameters, int status)
{
    said_free(post_status(person, path, parameters, status));
}

#define CODE(name, code) "{\"name\":\"" name "\",\"valueCode\":\"" code "\"}"
#define TEXT(name, text) "{\"name\":\"" name "\",\"valueString\":\"" text "\"}"
#define WHO(name, id)                                                                  \
    "{\"name\":\"" name "\",\"valueReference\":{\"reference\":\"" id "\"}}"
#define PART(who, as)                                                                  \
    "{\"name\":\"part\",\"part\":[" WHO("who", "Practitioner/" who) "," CODE(          \
        "as", as) "]}"
#define APPENDIX CODE("code", "appendectomy")
#define PATIENT WHO("patient", "Patient/pema")
#define BOTH PART("tashi", "operator") "," PART("chen", "supervisor")
#define ZWISCH(n)                                                                      \
    WHO("apprentice", "Practitioner/tashi")                                            \
    "," CODE("scale", "zwisch") ",{\"name\":\"value\",\"valueInteger\":" n "}," CODE(  \
        "performance", "practice-ready") "," CODE("difficulty", "average")

/* An operation that nima records; its id. */
static inline const char *record(const char *parameters)
{
    struct said *s = post_status("nima", "Procedure/$record", parameters, 201);
    const char *id = said_text(s, "id");

    id = arena_strndup(arena, id, strlen(id));
    said_free(s);
    return id;
}

static inline const char *on(const char *id, const char *operation)
{
    return arena_printf(arena, "Procedure/%s/$%s", id, operation);
}

static inline const struct json *parts_of(
    const struct json *list, const char *name, int at)
{
    struct json_each it = json_each(list);

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), name) && at-- == 0)
            return json_get(it.value, "part");
    }
    return NULL;
}

static inline struct said *logbook(
    const char *person, const char *whose, const char *query)
{
    return said_status(
        get_as(person, arena_printf(arena, "Practitioner/%s/$logbook%s", whose, query)),
        200);
}

static inline const struct json *first_part(struct said *s, const char *name)
{
    return parts_of(json_get(s->json, "parameter"), name, 0);
}

#endif
