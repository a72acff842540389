/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of (scope, request) -> answer. ${found} lists, in the order of their names, the
 * records of the answer's Bundle ("": none; NULL: not looked at). Rows that write stand
 * behind those that read; each writes records of its own.
 */
#ifndef TEST_APP_CLIENT_ROWS_H
#define TEST_APP_CLIENT_ROWS_H

#include "app/app.h"

struct row {
    const char *scope;
    const char *hospital; /* the program is bound to this one */
    enum app_method method;
    const char *path;
    const char *body;
    int status;
    const char *found;
    const char *if_none_exist;
};

#define OBS_(id, subject, category)                                                    \
    "{\"resourceType\":\"Observation\"," id "\"status\":\"final\","                    \
    "\"category\":[{\"coding\":[{\"code\":\"" category "\"}]}],"                       \
    "\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"" subject "\"}}"
#define OBS(id, patient, category) OBS_(id, "Patient/" patient, category)
#define OBS_OF(subject, category) OBS_(NO_ID, subject, category)
#define NO_ID ""
#define ID(id) "\"id\":\"" id "\","
#define PATIENT(id, hospital)                                                          \
    "{\"resourceType\":\"Patient\"," id "\"active\":true,"                             \
    "\"managingOrganization\":{\"reference\":\"Organization/" hospital "\"}}"
#define JSON_PATCH_ACTIVE "[{\"op\":\"replace\",\"path\":\"/active\",\"value\":false}]"
#define ENTRY(method, url, body)                                                       \
    "{\"resource\":" body ",\"request\":{\"method\":\"" method "\",\"url\":\"" url     \
    "\"}}"
#define BUNDLE(kind, entries)                                                          \
    "{\"resourceType\":\"Bundle\",\"type\":\"" kind "\",\"entry\":[" entries "]}"
#define GET_ENTRY(url) "{\"request\":{\"method\":\"GET\",\"url\":\"" url "\"}}"

#define VITALS "system/Observation.rs?category=vital-signs"

static const struct row rows[] = {
    /* one record */
    {"system/Patient.r", NULL, APP_GET, "Patient/p1", NULL, 200},
    {"system/*.r", NULL, APP_GET, "Patient/p1", NULL, 200},
    {"system/*.r", NULL, APP_GET, "Encounter/e1", NULL, 200},
    {"system/Patient.rs", NULL, APP_GET, "Patient/p1", NULL, 200},
    {"system/Patient.s", NULL, APP_GET, "Patient/p1", NULL, 403},
    {"system/Patient.cud", NULL, APP_GET, "Patient/p1", NULL, 403},
    {"system/Observation.rs", NULL, APP_GET, "Patient/p1", NULL, 403},
    {"system/Observation.rs", NULL, APP_GET, "Patient/not-there", NULL, 403},
    {"system/Patient.r", NULL, APP_GET, "Patient/not-there", NULL, 404},
    {"system/Patient.r", NULL, APP_HEAD, "Patient/p1", NULL, 200},
    {"system/Patient.s", NULL, APP_HEAD, "Patient/p1", NULL, 403},
    {"system/Patient.r", NULL, APP_GET, "Patient/gone", NULL, 410},
    {"system/Observation.r", NULL, APP_GET, "Patient/gone", NULL, 403},
    {"system/Binary.r", NULL, APP_GET, "Binary/b1", NULL, 200},
    {"system/Patient.r", NULL, APP_GET, "Binary/b1", NULL, 403},
    /* history */
    {"system/Patient.r", NULL, APP_GET, "Patient/p1/_history", NULL, 200, "Patient/p1"},
    {"system/Patient.s", NULL, APP_GET, "Patient/p1/_history", NULL, 403},
    {"system/Patient.s", NULL, APP_GET, "Patient/_history", NULL, 200,
        "Patient/gone Patient/gone Patient/p1 Patient/p2"},
    {"system/Patient.r", NULL, APP_GET, "Patient/_history", NULL, 403},
    {"system/Encounter.s", NULL, APP_GET, "_history", NULL, 200, "Encounter/e1"},
    {"system/Encounter.r", NULL, APP_GET, "_history", NULL, 403},
    {"system/Encounter.cud", NULL, APP_GET, "_history", NULL, 403},
    /* search */
    {"system/Patient.s", NULL, APP_GET, "Patient", NULL, 200, "Patient/p1 Patient/p2"},
    {"system/Patient.r", NULL, APP_GET, "Patient", NULL, 403},
    {"system/Encounter.rs", NULL, APP_GET, "Patient", NULL, 403},
    {"system/*.s", NULL, APP_GET, "Encounter", NULL, 200, "Encounter/e1"},
    {"system/Encounter.s", NULL, APP_GET, "?", NULL, 200, "Encounter/e1"},
    {"system/Encounter.r", NULL, APP_GET, "?", NULL, 403},
    {"system/Encounter.s", NULL, APP_GET, "?_type=Encounter,Patient", NULL, 200,
        "Encounter/e1"},
    {"system/Encounter.s", NULL, APP_GET, "?_type=Patient", NULL, 200, ""},
    {"system/Observation.s", NULL, APP_GET, "Patient/p1/Observation", NULL, 200,
        "Observation/o1 Observation/o2"},
    {"system/Encounter.s", NULL, APP_GET, "Patient/p1/Observation", NULL, 403},
    {"system/Encounter.s", NULL, APP_GET, "Patient/p1/*", NULL, 200, "Encounter/e1"},
    {"system/Patient.s", NULL, APP_GET, "Patient?_explain=true", NULL, 403},
    /* what comes along */
    {"system/Observation.rs", NULL, APP_GET,
        "Observation?_id=o1&_include=Observation:subject", NULL, 200, "Observation/o1"},
    {"system/Observation.rs system/Patient.rs", NULL, APP_GET,
        "Observation?_id=o1&_include=Observation:subject", NULL, 200,
        "Observation/o1 Patient/p1"},
    {"system/Observation.rs system/Patient.r", NULL, APP_GET,
        "Observation?_id=o1&_include=Observation:subject", NULL, 200, "Observation/o1"},
    {"system/Observation.s", NULL, APP_GET, "Observation?_id=o1&_include=*", NULL, 200,
        "Observation/o1"},
    {"system/Patient.s", NULL, APP_GET, "Patient?_id=p1&_revinclude=Encounter:subject",
        NULL, 200, "Patient/p1"},
    {"system/Patient.s system/Encounter.s", NULL, APP_GET,
        "Patient?_id=p1&_revinclude=Encounter:subject", NULL, 200,
        "Encounter/e1 Patient/p1"},
    {"system/Observation.s system/Organization.s", NULL, APP_GET,
        "Observation?_id=o1&_include=Observation:subject&"
        "_include:iterate=Patient:organization",
        NULL, 200, "Observation/o1"},
    {"system/Observation.s", NULL, APP_GET, "Observation?subject:Patient.active=true",
        NULL, 200, ""},
    {"system/Observation.s system/Patient.s", NULL, APP_GET,
        "Observation?subject:Patient.organization=Organization/h1", NULL, 200,
        "Observation/o1 Observation/o2"},
    {"system/Patient.s", NULL, APP_GET,
        "Patient?_has:Encounter:subject:status=finished", NULL, 200, ""},
    {"system/Patient.s system/Encounter.s", NULL, APP_GET,
        "Patient?_has:Encounter:subject:status=finished", NULL, 200, "Patient/p1"},
    {"system/Patient.s", NULL, APP_GET, "Patient?organization:Organization.active=true",
        NULL, 200, ""},
    {"system/Patient.s", NULL, APP_GET, "Patient?_sort=organization.name", NULL, 400},
    {"system/Patient.s", NULL, APP_GET, "Patient?organization:below=Organization/top",
        NULL, 200, ""},
    {"system/Patient.s system/Organization.s", NULL, APP_GET,
        "Patient?organization:below=Organization/top", NULL, 200, "Patient/p2"},
    {"system/Patient.s", NULL, APP_GET, "Patient?organization:above=Organization/h2",
        NULL, 200, "Patient/p2"},
    {"system/Patient.s", NULL, APP_GET, "Patient?_list=l1", NULL, 200, ""},
    {"system/Patient.s system/List.s", NULL, APP_GET, "Patient?_list=l1", NULL, 200,
        "Patient/p1"},
    /* $everything, $validate, $accesses, the trail */
    {"system/Patient.rs", NULL, APP_GET, "Patient/p1/$everything", NULL, 200,
        "Patient/p1"},
    {"system/Patient.r", NULL, APP_GET, "Patient/p1/$everything", NULL, 403},
    {"system/Patient.s", NULL, APP_GET, "Patient/p1/$everything", NULL, 403},
    {"system/Patient.rs system/Observation.s", NULL, APP_GET, "Patient/p1/$everything",
        NULL, 200, "Observation/o1 Observation/o2 Patient/p1"},
    {"system/Patient.rs system/Observation.r", NULL, APP_GET, "Patient/p1/$everything",
        NULL, 200, "Patient/p1"},
    {"system/Observation.rs", NULL, APP_GET, "Patient/p1/$everything", NULL, 403},
    {"system/Patient.rs system/Observation.rs?category=laboratory", NULL, APP_GET,
        "Patient/p1/$everything", NULL, 200, "Observation/o2 Patient/p1"},
    {"system/Patient.r", NULL, APP_GET, "Patient/p1/$validate", NULL, 200},
    {"system/Patient.s", NULL, APP_GET, "Patient/p1/$validate", NULL, 403},
    {"system/Encounter.r", NULL, APP_POST, "Patient/$validate", PATIENT(NO_ID, "h1"),
        403},
    {"system/Patient.c", NULL, APP_POST, "Patient/$validate", PATIENT(NO_ID, "h1"),
        200},
    {"system/*.cruds", NULL, APP_GET, "Patient/p1/$accesses", NULL, 403},
    {"system/*.cruds", NULL, APP_GET, "AuditEvent", NULL, 403},
    {"system/*.cruds", "h1", APP_GET, "AuditEvent", NULL, 403},
    {"system/Patient.r", NULL, APP_GET, "metadata", NULL, 200},
    /* scopes with a query */
    {VITALS, NULL, APP_GET, "Observation/o1", NULL, 200},
    {VITALS, NULL, APP_GET, "Observation/o2", NULL, 404},
    {VITALS, NULL, APP_GET, "Observation", NULL, 200, "Observation/o1 Observation/o3"},
    {VITALS, NULL, APP_GET, "Observation?category=laboratory", NULL, 200, ""},
    {VITALS, NULL, APP_GET, "Observation?category:not=vital-signs", NULL, 200, ""},
    {VITALS, NULL, APP_GET, "?", NULL, 200, "Observation/o1 Observation/o3"},
    {VITALS, NULL, APP_GET, "_history", NULL, 200, "Observation/o1 Observation/o3"},
    {VITALS, NULL, APP_GET, "Observation/_history", NULL, 200,
        "Observation/o1 Observation/o3"},
    {VITALS, NULL, APP_GET, "Observation/o1/_history", NULL, 200, "Observation/o1"},
    {VITALS, NULL, APP_GET, "Observation/o2/_history", NULL, 404},
    /* it was a vital sign once, and is none any more; and the other way round */
    {"system/Observation.rs?category=survey", NULL, APP_GET, "Observation/turned", NULL,
        404},
    {"system/Observation.rs?category=survey", NULL, APP_GET,
        "Observation/turned/_history", NULL, 404},
    {"system/Observation.rs?category=exam", NULL, APP_GET,
        "Observation/turned/_history", NULL, 200, "Observation/turned"},
    {"system/Observation.rs?category=exam", NULL, APP_GET, "Observation/_history", NULL,
        200, "Observation/turned Observation/was-exam Observation/was-exam"},
    {"system/Observation.rs?category=survey", NULL, APP_GET, "Observation/_history",
        NULL, 200, ""},
    {"system/Observation.rs?category=exam", NULL, APP_GET, "Observation/was-exam", NULL,
        410},
    {"system/Observation.rs?category=survey", NULL, APP_GET, "Observation/was-exam",
        NULL, 404},
    {"system/Observation.rs?category=laboratory&subject=Patient%2Fp1", NULL, APP_GET,
        "Observation", NULL, 200, "Observation/o2"},
    {VITALS " system/Patient.s", NULL, APP_GET,
        "Patient?_has:Observation:subject:category=laboratory", NULL, 200, ""},
    {VITALS " system/Patient.s", NULL, APP_GET,
        "Patient?_id=p1&_revinclude=Observation:subject", NULL, 200,
        "Observation/o1 Patient/p1"},
    /* bound to a hospital */
    {"system/*.rs", "h1", APP_GET, "Patient", NULL, 200, "Patient/p1"},
    {"system/*.rs", "top", APP_GET, "Patient", NULL, 200, "Patient/p2"},
    {"system/*.rs", "h1", APP_GET, "Patient/p2", NULL, 404},
    {"system/*.rs", "h1", APP_GET, "Observation", NULL, 200,
        "Observation/o1 Observation/o2"},
    {"system/Observation.rs", "h1", APP_GET, "Patient/p1", NULL, 403},
    {"system/*.rs", "h1", APP_GET, "Organization", NULL, 200,
        "Organization/h1 Organization/h2 Organization/top"},
    {"system/*.rs", "no-such", APP_GET, "Patient", NULL, 200, ""},
    {"system/*.rs", "no-such", APP_GET, "Patient/p1", NULL, 404},
    {VITALS, "h1", APP_GET, "Observation", NULL, 200, "Observation/o1"},
    {"system/*.rs", "h1", APP_GET, "Patient/p2/$everything", NULL, 404},
    {"system/*.rs", "h1", APP_GET, "Patient/_history", NULL, 200, "Patient/p1"},
    {"system/*.rs", "h1", APP_GET, "Patient?_summary=count", NULL, 200, ""},
    /* batches: each entry for itself */
    {"system/Patient.rs", NULL, APP_POST, "",
        BUNDLE("batch", GET_ENTRY("Patient/p1") "," GET_ENTRY("Encounter/e1")), 200},
    /* writing */
    {"system/Patient.c", NULL, APP_POST, "Patient", PATIENT(NO_ID, "h1"), 201},
    {"system/Patient.r", NULL, APP_POST, "Patient", PATIENT(NO_ID, "h1"), 403},
    {"system/Patient.u", NULL, APP_POST, "Patient", PATIENT(NO_ID, "h1"), 403},
    {"system/Encounter.c", NULL, APP_POST, "Patient", PATIENT(NO_ID, "h1"), 403},
    {"system/Patient.c", NULL, APP_POST, "Patient", PATIENT(NO_ID, "h1"), 403, NULL,
        "_id=p1"},
    {"system/Patient.cs", NULL, APP_POST, "Patient", PATIENT(NO_ID, "h1"), 200, NULL,
        "_id=p1"},
    {"system/Patient.u", NULL, APP_PUT, "Patient/w1", PATIENT(ID("w1"), "h1"), 200},
    {"system/Patient.c", NULL, APP_PUT, "Patient/w1", PATIENT(ID("w1"), "h1"), 403},
    {"system/Patient.u", NULL, APP_PUT, "Patient/new1", PATIENT(ID("new1"), "h1"), 404},
    {"system/Patient.cu", NULL, APP_PUT, "Patient/new2", PATIENT(ID("new2"), "h1"),
        201},
    {"system/Patient.u", NULL, APP_PUT, "Patient?_id=w1", PATIENT(ID("w1"), "h1"), 403},
    {"system/Patient.us", NULL, APP_PUT, "Patient?_id=w1", PATIENT(ID("w1"), "h1"),
        200},
    {"system/Patient.us", NULL, APP_PUT, "Patient?_id=nobody", PATIENT(NO_ID, "h1"),
        403},
    {"system/Patient.cus", NULL, APP_PUT, "Patient?_id=nobody", PATIENT(NO_ID, "h1"),
        201},
    {"system/Patient.ru", NULL, APP_PATCH, "Patient/w2", JSON_PATCH_ACTIVE, 200},
    {"system/Patient.u", NULL, APP_PATCH, "Patient/w2", JSON_PATCH_ACTIVE, 403},
    {"system/Patient.u system/Patient.r?active=false", NULL, APP_PATCH, "Patient/w1",
        JSON_PATCH_ACTIVE, 404},
    {"system/Patient.r", NULL, APP_PATCH, "Patient/w2", JSON_PATCH_ACTIVE, 403},
    {"system/Patient.ru", NULL, APP_PATCH, "Patient?_id=w2", JSON_PATCH_ACTIVE, 403},
    {"system/Patient.cru", NULL, APP_DELETE, "Patient/w3", NULL, 403},
    {"system/Patient.d", NULL, APP_DELETE, "Patient?_id=w3", NULL, 403},
    {"system/Patient.d", NULL, APP_DELETE, "Patient/w3", NULL, 204},
    {"system/Patient.u", NULL, APP_PUT, "Patient/w3", PATIENT(ID("w3"), "h1"), 404},
    {"system/Patient.ds", NULL, APP_DELETE, "Patient?_id=w4", NULL, 204},
    {"system/Observation.c?category=vital-signs", NULL, APP_POST, "Observation",
        OBS(NO_ID, "p1", "vital-signs"), 201},
    {"system/Observation.c?category=vital-signs", NULL, APP_POST, "Observation",
        OBS(NO_ID, "p1", "laboratory"), 403},
    {"system/Observation.u?category=vital-signs", NULL, APP_PUT, "Observation/v1",
        OBS(ID("v1"), "p1", "vital-signs"), 200},
    {"system/Observation.u?category=vital-signs", NULL, APP_PUT, "Observation/v1",
        OBS(ID("v1"), "p1", "laboratory"), 403},
    {"system/Observation.u?category=vital-signs", NULL, APP_PUT, "Observation/l1",
        OBS(ID("l1"), "p1", "vital-signs"), 404},
    {"system/Observation.cu?category=vital-signs", NULL, APP_PUT, "Observation/new3",
        OBS(ID("new3"), "p1", "vital-signs"), 404},
    {"system/Observation.d?category=vital-signs", NULL, APP_DELETE, "Observation/l1",
        NULL, 404},
    {"system/Observation.d?category=vital-signs", NULL, APP_DELETE, "Observation/nope",
        NULL, 404},
    {"system/Observation.d?category=vital-signs", NULL, APP_DELETE, "Observation/v1",
        NULL, 204},
    {"system/*.cruds", "h1", APP_POST, "Patient", PATIENT(NO_ID, "h1"), 201},
    {"system/*.cruds", "h1", APP_POST, "Patient", PATIENT(NO_ID, "h2"), 403},
    {"system/*.cruds", "h1", APP_PUT, "Patient/w5", PATIENT(ID("w5"), "h1"), 404},
    {"system/*.u", "h1", APP_PUT, "Patient/w1", PATIENT(ID("w1"), "h1"), 200},
    {"system/*.cruds", "h1", APP_DELETE, "Organization/h2", NULL, 403},
    {"system/Patient.c", NULL, APP_POST, "",
        BUNDLE("transaction", ENTRY("POST", "Patient", PATIENT(NO_ID, "h1"))), 200},
    {"system/Patient.c", NULL, APP_POST, "",
        BUNDLE("transaction", ENTRY("POST", "Patient", PATIENT(NO_ID, "h1")) "," ENTRY(
                                  "POST", "Observation", OBS(NO_ID, "p1", "exam"))),
        403},
    {"system/Patient.cr", NULL, APP_POST, "",
        BUNDLE("transaction", ENTRY("POST", "Patient",
                                  PATIENT(NO_ID, "h1")) "," GET_ENTRY("Encounter/e1")),
        403},
    {"system/Observation.c", NULL, APP_POST, "",
        BUNDLE("transaction",
            ENTRY("POST", "Observation", OBS_OF("Patient?_id=p1", "exam"))),
        400},
    {"system/Observation.c system/Patient.s", NULL, APP_POST, "",
        BUNDLE("transaction",
            ENTRY("POST", "Observation", OBS_OF("Patient?_id=p1", "exam"))),
        200},
};

#endif
