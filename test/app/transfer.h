/* SPDX-License-Identifier: Apache-2.0 */
/* Transfers in the network of network.h: from county to the twin's surgery, and beds there. */
#ifndef TEST_APP_TRANSFER_H
#define TEST_APP_TRANSFER_H

#include "case.h"

#define P_BED(bed)                                                                     \
    "{\"name\":\"bed\",\"valueReference\":{\"reference\":\"Location/" bed "\"}}"
#define P_WORDS(name, id) P_TEXT(name, "x") ",{\"name\":\"id\",\"valueId\":\"" id "\"}"
#define DEPART P_CODE("means", "ambulance") "," P_CODE("escort", "nurse")
#define RETURN_NOTE                                                                    \
    P_CODE("patient", "better")                                                        \
    "," P_TEXT("done", "Plate and screws") "," P_TEXT(                                 \
        "at-home", "No weight for six weeks") "," P_TEXT("medicines",                  \
        "Paracetamol") "," P_TEXT("seen-again", "In six weeks with a picture")

#define BED_STATE "http://terminology.hl7.org/CodeSystem/v2-0116"

/* A Location as a bed of ${unit} in ${code}. */
static inline const char *bed_body(const char *id, const char *unit, const char *code)
{
    return arena_printf(arena,
        "{\"resourceType\":\"Location\",\"id\":\"%s\",\"status\":\"active\",\"name\":"
        "\"Bed %s\",\"physicalType\":{\"coding\":[{\"system\":\"http://terminology.hl7."
        "org/CodeSystem/location-physical-type\",\"code\":\"bd\"}]},"
        "\"operationalStatus\":{\"system\":\"" BED_STATE "\",\"code\":\"%s\"},"
        "\"managingOrganization\":{\"reference\":\"Organization/%s\"}}",
        id, id, code, unit);
}

static inline void put_bed(const char *id, const char *unit, const char *code)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "Location/%s", id),
        bed_body(id, unit, code), 201);
}

/* ${patch}, a JSON Patch, by ${person}; NULL: a program. */
static inline void patch_as(
    const char *person, const char *path, const char *patch, int status)
{
    said_free(said_status(said_by(person, &(struct app_call){.app = node.app,
                                              .method = APP_PATCH,
                                              .space = APP_FHIR,
                                              .query = str_of(path),
                                              .body = str_of(patch),
                                              .body_format = APP_JSON_PATCH,
                                              .caller = {.name = STR("somebody"),
                                                  .role = STR("program")}}),
        status));
}

/* The code of its operationalStatus. */
static inline const char *bed_code(const char *id)
{
    struct said *s =
        said_status(get_as(NULL, arena_printf(arena, "Location/%s", id)), 200);
    const char *code = said_text(s, "operationalStatus.code");

    code = arena_strndup(arena, code, strlen(code));
    said_free(s);
    return code;
}

static inline void put_transfer(const char *id, const char *patient)
{
    put_draft_of(
        CASE_KIND_OF("transfer"), id, patient, "Organization/twin-surgery", "routine");
}

#endif
