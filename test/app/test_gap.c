/* SPDX-License-Identifier: Apache-2.0 */
/* Technique gaps: where one stands follows from records. */
#include "app/app_internal.h"
#include "app/gap.h"
#include "case.h"

/* Does the answer have ${words} in it? It ends with its length, and with no NUL. */
static bool said_has(const struct said *s, const char *words)
{
    return memmem(s->call.answer.data, s->call.answer.len, words, strlen(words)) !=
           NULL;
}

#define DAY (24 * 60 * 60000LL)
#define GAP "5b0a6f41-77c2-4f0e-8b19-2d3c4e5f6a70"
#define P_REF(name, who)                                                               \
    "{\"name\":\"" name "\",\"valueReference\":{\"reference\":\"" who "\"}}"
#define P_DAY(name, day) "{\"name\":\"" name "\",\"valueDate\":\"" day "\"}"
#define P_ID(id) "{\"name\":\"id\",\"valueId\":\"" id "\"}"
#define THING                                                                          \
    "{\"name\":\"thing\",\"valueCoding\":{\"system\":\"https://belay.health/"          \
    "CodeSystem/"                                                                      \
    "procedure\",\"code\":\"cholecystectomy\"}}"
#define LOOKED(at)                                                                     \
    "{\"url\":\"https://belay.health/StructureDefinition/operation-follow-up\","       \
    "\"extension\":[{\"url\":\"at\",\"valueCode\":\"" at                               \
    "\"},{\"url\":\"result\",\"valueCode\":\"well\"}]}"
#define OPEN P_ID(GAP) "," P_REF("unit", "Organization/county") "," THING

static void call_as(
    const char *person, const char *path, const char *parameters, int status)
{
    write_as(person, APP_POST, path,
        arena_printf(
            arena, "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", parameters),
        status);
}

/* The first answer of ${path}; NULL: none. */
static const struct json *first_of(const char *person, const char *path)
{
    struct said *s = said_status(get_as(person, path), 200);
    const struct json *json = NULL;

    assert_int_equal(
        json_read(arena, (struct str){s->call.answer.data, s->call.answer.len},
            LIMIT_RESPONSE_BYTES, &json, NULL),
        0);
    said_free(s);
    return json_get(json_at(json_get(json, "parameter"), 0), "part");
}

static const char *state(void)
{
    return part(first_of("chen", "Task/$gaps"), "state");
}

static void put_device(const char *kind, const char *status)
{
    said_free(as(NULL, (struct ask){.method = APP_PUT,
                           .path = arena_printf(arena, "Device/%s", kind),
                           .body = arena_printf(arena,
                               "{\"resourceType\":\"Device\",\"id\":\"%s\","
                               "\"status\":\"%s\",\"type\":{\"coding\":[{"
                               "\"system\":\"https://belay.health/CodeSystem/"
                               "device-kind\",\"code\":\"%s\"}]},\"owner\":{"
                               "\"reference\":\"Organization/county\"}}",
                               kind, status, kind)}));
}

static void put_devices(const char *status)
{
    put_device("operating-theatre", status);
    put_device("laparoscope", status);
}

/* ${code} at ${unit} on ${day}. */
static void do_there(
    const char *code, const char *id, const char *unit, const char *day)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "Procedure/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Procedure\",\"id\":\"%s\",\"extension\":[{\"url\":"
            "\"https://belay.health/StructureDefinition/operation-department\","
            "\"valueReference\":{\"reference\":\"Organization/%s\"}}],\"status\":"
            "\"completed\",\"code\":{\"coding\":[{\"system\":"
            "\"https://belay.health/CodeSystem/procedure\",\"code\":"
            "\"%s\"}]},\"subject\":{\"reference\":\"Patient/pema\"},"
            "\"performedDateTime\":\"%s\",\"performer\":[{\"function\":{\"coding\":[{"
            "\"system\":\"https://belay.health/CodeSystem/operation-function\","
            "\"code\":\"operator\"}]},\"actor\":{\"reference\":\"Practitioner/nima\"}}]"
            "}",
            id, unit, code, day),
        201);
}

static void operate(const char *id, const char *unit, const char *day)
{
    do_there("cholecystectomy", id, unit, day);
}

/* The same, after which somebody looked twice, and all was well. */
static void do_well(const char *code, const char *id, const char *day)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "Procedure/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Procedure\",\"id\":\"%s\",\"extension\":[{\"url\":"
            "\"https://belay.health/StructureDefinition/operation-department\","
            "\"valueReference\":{\"reference\":\"Organization/"
            "county-surgery\"}}," LOOKED("discharge") "," LOOKED(
                "day-30") "],\"status\":\"completed\",\"code\":{\"coding\":[{"
                          "\"system\":"
                          "\"https://belay.health/CodeSystem/procedure\",\"code\":"
                          "\"%s\"}]},\"subject\":{\"reference\":\"Patient/"
                          "pema\"},"
                          "\"performedDateTime\":\"%s\",\"performer\":[{\"function\":{"
                          "\"coding\":[{"
                          "\"system\":\"https://belay.health/CodeSystem/"
                          "operation-function\","
                          "\"code\":\"operator\"}]},\"actor\":{\"reference\":"
                          "\"Practitioner/nima\"}}]"
                          "}",
            id, code, day),
        201);
}

static void operate_well(const char *id, const char *day)
{
    do_well("cholecystectomy", id, day);
}

static size_t run_at(utc_ms at)
{
    struct err err = {0};
    size_t written = 99;

    time_hold(at);
    if (gap_run(node.app, NULL, at, &written, &err) < 0)
        fail_msg("gap_run: %s", err.text);
    return written;
}

/* ---- gaps ---- */

static void where_it_stands_follows(void **state_)
{
    struct gap_facts f = {.planned = false};

    (void)state_;
    assert_int_equal(gap_judge(&f), GAP_OPENED);
    f.planned = true;
    assert_int_equal(gap_judge(&f), GAP_PLANNED);
    f.equipped = true;
    assert_int_equal(gap_judge(&f), GAP_EQUIPPED);
    f.done = true;
    assert_int_equal(gap_judge(&f), GAP_FIRST_CASE);
    f.demonstrated = true;
    assert_int_equal(gap_judge(&f), GAP_FILLED);
    f.was_filled = true;
    assert_int_equal(gap_judge(&f), GAP_FILLED);
    f.demonstrated = false;
    assert_int_equal(gap_judge(&f), GAP_LAPSED);
}

static void a_gap_goes_its_way(void **state_)
{
    const struct json *parts = NULL;

    (void)state_;
    call_as("head-county", "Task/$gap", OPEN, 201);
    assert_string_equal(state(), "opened");
    call_as("head-county", "Task/$gap", OPEN, 200); /* a second try opens no second */
    call_as("director", "Task/$gap", OPEN, 409);    /* and is nobody else's */
    call_as("head-county", "Task/" GAP "/$gap",
        P_DAY("planned", "2026-01-10") "," P_REF("owner", "Practitioner/head-county"),
        200);
    assert_string_equal(state(), "planned");
    call_as("head-county", "Task/" GAP "/$gap", P_DAY("planned", "2026-03-10"), 409);
    put_devices("active");
    assert_string_equal(state(), "equipped");
    assert_int_equal(run_at(NOW + 12 * DAY), 1);
    assert_int_equal(run_at(NOW + 12 * DAY), 0); /* nothing is new */
    parts = first_of("chen", "Task/$gaps");
    assert_string_equal(part(parts, "days-late"), "3");
    assert_string_equal(part(parts, "owner"), "Practitioner/head-county");
    assert_string_equal(part(parts, "days-open"), "12");
    operate("op-one", "county-surgery", "2026-01-11T08:00:00Z");
    parts = first_of("chen", "Task/$gaps");
    assert_string_equal(part(parts, "state"), "first-case");
    assert_string_equal(part(parts, "first-case"), "2026-01-11");
    assert_string_equal(part(parts, "first-in-region"), "true");
    assert_string_equal(part(parts, "region-operations"), "1");
    assert_string_equal(part(parts, "days-late"), "1"); /* it was done a day late */
    assert_int_equal(run_at(NOW + 12 * DAY), 1);
    /* one case is no demonstration: it is not filled by hand or by guess */
    assert_string_equal(state(), "first-case");
    put_devices("inactive");
    assert_string_equal(state(), "first-case");
}

/* The record says what the node found, and nobody else writes it. */
static void the_node_writes_the_state(void **state_)
{
    struct said *s = NULL;
    const char *text = NULL;

    (void)state_;
    call_as("head-county", "Task/$gap", OPEN, 201);
    put_devices("active");
    operate("op-one", "county-surgery", "2025-12-11T08:00:00Z");
    assert_int_equal(run_at(NOW), 1);
    s = said_status(get_as("chen", "Task/" GAP), 200);
    text = arena_strndup(arena, s->call.answer.data, s->call.answer.len);
    said_free(s);
    assert_non_null(strstr(text, "\"code\":\"first-case\""));
    assert_non_null(strstr(text, "\"valueDate\":\"2025-12-11\""));
    assert_null(strstr(text, "Patient/"));
    write_as("head-county", APP_PUT, "Task/" GAP, text, 403);
    write_as("head-county", APP_DELETE, "Task/" GAP, "", 403);
}

/* Filled when the map has it demonstrated, and open again when it lapses. */
static void filled_and_lapsed(void **state_)
{
    struct said *s = NULL;

    (void)state_;
    call_as("head-county", "Task/$gap", OPEN, 201);
    put_devices("active");
    operate_well("op-a", "2025-10-01T08:00:00Z");
    operate_well("op-b", "2025-10-11T08:00:00Z");
    assert_string_equal(state(), "first-case");
    operate_well("op-c", "2025-10-21T08:00:00Z");
    assert_string_equal(state(), "first-case"); /* nobody is signed off */
    write_as(NULL, APP_PUT, "Practitioner/nima",
        "{\"resourceType\":\"Practitioner\",\"id\":\"nima\",\"active\":true,"
        "\"qualification\":[{\"code\":{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/procedure\",\"code\":"
        "\"cholecystectomy\"}]},\"period\":{\"start\":\"2025-11-01\"}}]}",
        200);
    assert_string_equal(state(), "filled");
    assert_int_equal(run_at(NOW), 1);
    put_devices("inactive"); /* what cannot be done is not demonstrated meanwhile */
    assert_string_equal(state(), "lapsed");
    put_devices("active");
    assert_int_equal(run_at(NOW), 0);
    s = said_status(get_as("chen", "Task/" GAP), 200);
    assert_true(said_has(s, "\"status\":\"completed\""));
    said_free(s);
    time_hold(NOW + 300 * DAY); /* the first is more than a year ago */
    assert_string_equal(state(), "lapsed");
    assert_int_equal(run_at(NOW + 300 * DAY), 1);
    assert_int_equal(run_at(NOW + 300 * DAY), 0);
    s = said_status(get_as("chen", "Task/" GAP), 200);
    assert_true(said_has(s, "\"status\":\"in-progress\""));
    assert_true(said_has(s, "\"code\":\"lapsed\""));
    said_free(s);
}

/* A stroke is treated without an operation: its treatments are cases like others. */
static void an_illness_without_operation(void **state_)
{
    const struct json *parts = NULL;

    (void)state_;
    call_as("head-county", "Task/$gap",
        P_ID(GAP) "," P_REF("unit",
            "Organization/county") ","
                                   "{\"name\":\"thing\",\"valueCoding\":{\"system\":"
                                   "\"http://hl7.org/fhir/sid/"
                                   "icd-10-cm\",\"code\":\"I63\"}}",
        201);
    assert_string_equal(state(), "opened");
    put_device("ct", "active");
    put_device("patient-monitor", "active");
    assert_string_equal(state(), "equipped");
    do_there(
        "thrombolysis-infarction", "heart", "county-surgery", "2025-09-20T08:00:00Z");
    assert_string_equal(state(), "equipped"); /* of another illness */
    do_well("thrombolysis-stroke", "lysis-a", "2025-10-01T08:00:00Z");
    parts = first_of("chen", "Task/$gaps");
    assert_string_equal(part(parts, "state"), "first-case");
    assert_string_equal(part(parts, "first-case"), "2025-10-01");
    assert_string_equal(part(parts, "first-in-region"), "true");
    do_well("thrombolysis-stroke", "lysis-b", "2025-10-11T08:00:00Z");
    write_as(NULL, APP_PUT, "Practitioner/nima",
        "{\"resourceType\":\"Practitioner\",\"id\":\"nima\",\"active\":true,"
        "\"qualification\":[{\"code\":{\"coding\":[{\"system\":"
        "\"http://hl7.org/fhir/sid/icd-10-cm\",\"code\":\"I63\"}]},"
        "\"period\":{\"start\":\"2025-09-01\"}}]}",
        200);
    assert_string_equal(state(), "first-case");
    do_there(
        "thrombolysis-stroke", "lysis-c", "county-surgery", "2025-10-21T08:00:00Z");
    assert_string_equal(state(), "first-case"); /* what became of it is not known */
    do_well("thrombolysis-stroke", "lysis-d", "2025-10-31T08:00:00Z");
    assert_string_equal(state(), "filled");
}

/* Who can do it is signed off until a day: behind it the gap is open again. */
static void lapsed_by_expiry(void **state_)
{
    static const char *const until[] = {"2026-01-20", "2026-12-31"};
    static const char *const stands[] = {"lapsed", "filled"};

    (void)state_;
    call_as("head-county", "Task/$gap", OPEN, 201);
    put_devices("active");
    operate_well("op-a", "2025-12-01T08:00:00Z");
    operate_well("op-b", "2025-12-11T08:00:00Z");
    operate_well("op-c", "2025-12-21T08:00:00Z");
    for (size_t i = 0; i < 2; i++) {
        time_hold(NOW);
        write_as(NULL, APP_PUT, "Practitioner/nima",
            arena_printf(arena,
                "{\"resourceType\":\"Practitioner\",\"id\":\"nima\",\"active\":true,"
                "\"qualification\":[{\"code\":{\"coding\":[{\"system\":"
                "\"https://belay.health/CodeSystem/procedure\",\"code\":"
                "\"cholecystectomy\"}]},\"period\":{\"start\":\"2025-11-01\",\"end\":"
                "\"%s\"}}]}",
                until[i]),
            200);
        assert_string_equal(state(), "filled");
        assert_int_equal(run_at(NOW), 1);
        time_hold(NOW + 30 * DAY);
        assert_string_equal(state(), stands[i]);
        assert_int_equal(run_at(NOW + 30 * DAY), i == 0);
    }
}

/* And when what it needs is out of service, the node writes it so; each time is kept. */
static void lapsed_by_equipment(void **state_)
{
    const char *text = NULL;
    struct said *s = NULL;

    (void)state_;
    call_as("head-county", "Task/$gap", OPEN, 201);
    put_devices("active");
    operate_well("op-a", "2025-12-01T08:00:00Z");
    operate_well("op-b", "2025-12-11T08:00:00Z");
    operate_well("op-c", "2025-12-21T08:00:00Z");
    write_as(NULL, APP_PUT, "Practitioner/nima",
        "{\"resourceType\":\"Practitioner\",\"id\":\"nima\",\"active\":true,"
        "\"qualification\":[{\"code\":{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/procedure\",\"code\":"
        "\"cholecystectomy\"}]},\"period\":{\"start\":\"2025-11-01\"}}]}",
        200);
    assert_int_equal(run_at(NOW), 1);
    put_devices("inactive");
    assert_int_equal(run_at(NOW + DAY), 1);
    assert_string_equal(state(), "lapsed");
    put_devices("active");
    assert_int_equal(run_at(NOW + 2 * DAY), 1);
    s = said_status(get_as("chen", "Task/" GAP), 200);
    text = arena_strndup(arena, s->call.answer.data, s->call.answer.len);
    said_free(s);
    assert_non_null(strstr(text, "\"valueDate\":\"2026-01-01\""));
    assert_non_null(strstr(text, "\"valueDate\":\"2026-01-02\""));
    assert_non_null(strstr(text, "\"valueDate\":\"2026-01-03\""));
}

/* The county and the twin share a region. */
static void share_a_region(void)
{
    write_as(NULL, APP_PUT, "Location/region",
        "{\"resourceType\":\"Location\",\"id\":\"region\",\"physicalType\":{\"coding\":"
        "[{"
        "\"system\":\"http://terminology.hl7.org/CodeSystem/location-physical-type\","
        "\"code\":\"jdn\"}]}}",
        201);
    for (int i = 0; i < 2; i++)
        write_as(NULL, APP_PUT,
            arena_printf(arena, "Location/%s-site", i ? "twin" : "county"),
            arena_printf(arena,
                "{\"resourceType\":\"Location\",\"id\":\"%s-site\",\"name\":\"x\","
                "\"managingOrganization\":{\"reference\":\"Organization/%s\"},"
                "\"partOf\":{\"reference\":\"Location/region\"},\"address\":{"
                "\"country\":\"CN\"}}",
                i ? "twin" : "county", i ? "twin" : "county"),
            200);
}

static void first_is_checked_against_the_network(void **state_)
{
    const struct json *parts = NULL;

    (void)state_;
    share_a_region();
    call_as("head-county", "Task/$gap", OPEN, 201);
    operate("op-here", "county-surgery", "2025-12-11T08:00:00Z");
    operate("op-abroad", "abroad-surgery", "2020-12-11T08:00:00Z");
    parts = first_of("chen", "Task/$gaps");
    assert_string_equal(part(parts, "first-in-region"), "true");
    assert_string_equal(part(parts, "region-hospitals"), "2");
    operate("op-there", "twin-surgery", "2025-11-11T08:00:00Z");
    parts = first_of("chen", "Task/$gaps");
    assert_string_equal(part(parts, "first-in-region"), "");
    assert_string_equal(part(parts, "region-operations"), "2");
    /* what lies ahead is not known yet */
    operate("op-later", "county-surgery", "2026-02-11T08:00:00Z");
    assert_string_equal(part(first_of("chen", "Task/$gaps"), "region-operations"), "2");
}

/* An operation of an older logbook, which says who had a part in it, and not which. */
static void operated_once(const char *id, const char *unit, const char *day)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "Procedure/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Procedure\",\"id\":\"%s\",\"extension\":[{\"url\":"
            "\"https://belay.health/StructureDefinition/operation-department\","
            "\"valueReference\":{\"reference\":\"Organization/%s\"}},{\"url\":"
            "\"https://belay.health/StructureDefinition/operation-imported\","
            "\"valueString\":\"A book\"}],\"status\":\"completed\",\"code\":{"
            "\"coding\":[{\"system\":\"https://belay.health/CodeSystem/procedure\","
            "\"code\":\"cholecystectomy\"}]},\"subject\":{\"reference\":"
            "\"Patient/pema\"},\"performedDateTime\":\"%s\",\"performer\":[{"
            "\"function\":{\"coding\":[{\"system\":"
            "\"https://belay.health/CodeSystem/operation-function\",\"code\":"
            "\"assistant\"}]},\"actor\":{\"reference\":\"Practitioner/nima\"}}]}",
            id, unit, day),
        201);
}

/* An older logbook takes a first away elsewhere, and proves none here. */
static void older_logbooks_prove_no_first(void **state_)
{
    const struct json *parts = NULL;

    (void)state_;
    share_a_region();
    call_as("head-county", "Task/$gap", OPEN, 201);
    operated_once("book-here", "county-surgery", "2019-03-01");
    assert_string_equal(state(), "opened");
    operate("op-here", "county-surgery", "2025-12-11T08:00:00Z");
    parts = first_of("chen", "Task/$gaps");
    assert_string_equal(part(parts, "first-case"), "2025-12-11");
    assert_string_equal(part(parts, "first-in-region"), "true");
    operated_once("book-there", "twin-surgery", "2018-03-01");
    parts = first_of("chen", "Task/$gaps");
    assert_string_equal(part(parts, "first-in-region"), "");
}

/* An illness was first treated when the last of what it needs was done for the first time. */
static void an_illness_has_a_first_case(void **state_)
{
    const struct json *parts = NULL;

    (void)state_;
    share_a_region();
    call_as("head-county", "Task/$gap",
        P_ID(GAP) "," P_REF(
            "unit", "Organization/county") ",{\"name\":\"thing\","
                                           "\"valueCoding\":{\"system\":\"http://"
                                           "hl7.org/fhir/sid/icd-10-cm\","
                                           "\"code\":\"K80\"}}",
        201);
    assert_string_equal(state(), "opened");
    operate("op-here", "county-surgery", "2025-12-11T08:00:00Z");
    assert_string_equal(state(), "opened"); /* nobody was put to sleep here yet */
    do_there("general-anaesthesia", "sleep-here", "county", "2025-12-12T08:00:00Z");
    parts = first_of("chen", "Task/$gaps");
    assert_string_equal(part(parts, "state"), "first-case");
    assert_string_equal(part(parts, "first-case"), "2025-12-12");
    assert_string_equal(part(parts, "first-in-region"), "true");
    operate("op-there", "twin-surgery", "2025-11-11T08:00:00Z");
    parts = first_of("chen", "Task/$gaps"); /* half of it */
    assert_string_equal(part(parts, "first-in-region"), "true");
    do_there("general-anaesthesia", "sleep-there", "twin", "2025-11-10T08:00:00Z");
    parts = first_of("chen", "Task/$gaps");
    assert_string_equal(part(parts, "first-in-region"), "");
    assert_string_equal(part(parts, "region-operations"), "4");
}

static void who_opens_gaps(void **state_)
{
    (void)state_;
    call_as("nima", "Task/$gap", OPEN, 403);
    call_as("head-twin", "Task/$gap", OPEN, 403);
    call_as("coordinator", "Task/$gap", OPEN, 201);
    call_as("head-twin", "Task/" GAP "/$gap", P_DAY("planned", "2026-01-10"), 403);
    call_as("azamat", "Task/" GAP "/$gap", P_DAY("planned", "2026-01-10"), 404);
    assert_null(first_of("azamat", "Task/$gaps"));
    call_as("director", "Task/$gap",
        P_REF("unit", "Organization/county") ",{\"name\":\"thing\",\"valueCoding\":{"
                                             "\"system\":\"x\",\"code\":\"y\"}}",
        400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_it_stands_follows),
        cmocka_unit_test_setup_teardown(
            a_gap_goes_its_way, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            the_node_writes_the_state, open_network, close_network),
        cmocka_unit_test_setup_teardown(filled_and_lapsed, open_network, close_network),
        cmocka_unit_test_setup_teardown(lapsed_by_expiry, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            an_illness_without_operation, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            lapsed_by_equipment, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            first_is_checked_against_the_network, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            older_logbooks_prove_no_first, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            an_illness_has_a_first_case, open_network, close_network),
        cmocka_unit_test_setup_teardown(who_opens_gaps, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
