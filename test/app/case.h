/* SPDX-License-Identifier: Apache-2.0 */
/* Cases in the network of network.h: nima asks for pema, chen of the twin's surgery is asked. */
#ifndef TEST_APP_CASE_H
#define TEST_APP_CASE_H

#include "app/case.h"
#include "network.h"

#define CASE_KIND_OF(kind)                                                             \
    "\"category\":[{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/"        \
    "case-kind\",\"code\":\"" kind "\"}]}]"

#define CASE_KIND CASE_KIND_OF("advice")

/* A draft of the kind that ${category} says, of ${patient}'s for ${performer}, of
 * ${priority}; "" leaves a part out. */
static inline void put_draft_of(const char *category, const char *id,
    const char *patient, const char *performer, const char *priority)
{
    const char *body = arena_printf(arena,
        "{\"resourceType\":\"ServiceRequest\",\"id\":\"%s\",\"status\":\"draft\","
        "\"intent\":\"order\",%s,\"priority\":\"%s\",\"subject\":{"
        "\"reference\":\"Patient/%s\"},\"reasonCode\":[{\"text\":\"Is it a "
        "fracture?\"}]"
        "%s}",
        id, category, priority, patient,
        *performer
            ? arena_printf(arena, ",\"performer\":[{\"reference\":\"%s\"}]", performer)
            : "");

    write_as(NULL, APP_PUT, arena_printf(arena, "ServiceRequest/%s", id), body, 201);
}

static inline void put_draft(
    const char *id, const char *patient, const char *performer, const char *priority)
{
    put_draft_of(CASE_KIND, id, patient, performer, priority);
}

static inline struct said *do_step(
    const char *person, const char *id, const char *step, const char *parameters)
{
    return as(person,
        (struct ask){.method = APP_POST,
            .path = arena_printf(arena, "ServiceRequest/%s/$%s", id, step),
            .body = parameters
                        ? arena_printf(arena,
                              "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}",
                              parameters)
                        : ""});
}

static inline struct said *step_status(const char *person, const char *id,
    const char *step, const char *parameters, int status)
{
    struct said *s = do_step(person, id, step, parameters);

    if (s->status != status)
        printf("%s $%s of %s:\n", person ? person : "a program", step, id);
    return said_status(s, status);
}

static inline void step(
    const char *person, const char *id, const char *name, const char *parameters)
{
    said_free(step_status(person, id, name, parameters, 200));
}

#define P_TEXT(name, text) "{\"name\":\"" name "\",\"valueString\":\"" text "\"}"
#define P_CODE(name, code) "{\"name\":\"" name "\",\"valueCode\":\"" code "\"}"
#define P_TRUE(name) "{\"name\":\"" name "\",\"valueBoolean\":true}"
#define P_TO(unit)                                                                     \
    "{\"name\":\"to\",\"valueReference\":{\"reference\":\"Organization/" unit "\"}}"

#define ANSWER                                                                         \
    P_TEXT("assessment", "A greenstick fracture")                                      \
    "," P_TEXT("advice", "A splint for three weeks") "," P_CODE(                       \
        "urgency", "routine") "," P_CODE("can-be-done-here", "yes")
#define OUTCOME                                                                        \
    P_CODE("helpful", "yes")                                                           \
    "," P_TRUE("plan-changed") "," P_TRUE("transfer-avoided") "," P_CODE(              \
        "patient", "better")
#define DECLINE                                                                        \
    P_TEXT("reason", "Nobody here sees children")                                      \
    "," P_TEXT("alternative", "Ask the children's hospital")

/* The state of the case ${id}, as the node has it. */
static inline const char *state_of(const char *id)
{
    struct said *s = said_status(get_as(NULL, arena_printf(arena, "Task/%s", id)), 200);
    const char *state = said_text(s, "businessStatus.coding.0.code");

    state = arena_strndup(arena, state, strlen(state));
    said_free(s);
    return state;
}

#endif
