/* SPDX-License-Identifier: Apache-2.0 */
/* Equipment: its way from the order to the first patient, delays, faults that switch it off
 * and repairs that switch it on, at any date; and who may say so. */
#include "app/app_internal.h"
#include "app/equipment_rule.h"
#include "app/network_internal.h"
#include "case.h"

#define DAY (24 * 60 * 60000LL)
#define DEVICE "3f1c7a52-8d64-4b1e-9a77-0c5d2e8f4b10"
#define P_UNIT(unit)                                                                   \
    "{\"name\":\"unit\",\"valueReference\":{\"reference\":\"Organization/" unit "\"}}"
#define P_WHO(name, who)                                                               \
    "{\"name\":\"" name "\",\"valueReference\":{\"reference\":\"" who "\"}}"
#define P_DAY(name, day) "{\"name\":\"" name "\",\"valueDate\":\"" day "\"}"
#define P_AT(name, at) "{\"name\":\"" name "\",\"valueDateTime\":\"" at "\"}"
#define P_STEP(code, due, owner)                                                       \
    "{\"name\":\"step\",\"part\":[" P_CODE("code", code) "," P_DAY(                    \
        "due", due) "," P_WHO("owner", owner) "]}"
#define ORDER                                                                          \
    "{\"name\":\"id\",\"valueId\":\"" DEVICE "\"}," P_UNIT(                            \
        "county-surgery") "," P_CODE("kind", "ultrasound") "," P_TEXT("name",          \
        "The big one") "," P_DAY("ordered", "2025-11-01") "," P_STEP("arrived",        \
        "2025-12-22", "Organization/twin") "," P_STEP("installed", "2026-02-01",       \
        "Practitioner/head-county")

static void call_as(
    const char *person, const char *path, const char *parameters, int status)
{
    write_as(person, APP_POST, path,
        arena_printf(
            arena, "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", parameters),
        status);
}

static void order(void)
{
    call_as("head-county", "Device/$order", ORDER, 201);
}

static void step_done(const char *code, const char *day, int status)
{
    call_as("nima", "Device/" DEVICE "/$step",
        arena_printf(arena, P_CODE("step", "%s") "," P_DAY("done", "%s"), code, day),
        status);
}

/* The parts of the device, as ${person} sees it; NULL: it is not there. */
static const struct json *seen_by(const char *person)
{
    struct said *s =
        said_status(get_as(person, "Device/$equipment?device=Device/" DEVICE), 200);
    const struct json *json = NULL;

    assert_int_equal(
        json_read(arena, (struct str){s->call.answer.data, s->call.answer.len},
            LIMIT_RESPONSE_BYTES, &json, NULL),
        0);
    said_free(s);
    return json_get(json_at(json_get(json, "parameter"), 0), "part");
}

/* The ${name} part of the ${kind} whose ${key} is ${value}. */
static const char *of_part(const struct json *parts, const char *kind, const char *key,
    const char *value, const char *name)
{
    struct json_each it = json_each(parts);

    while (json_next(&it)) {
        const struct json *inner = json_get(it.value, "part");

        if (str_is(json_get_text(it.value, "name"), kind) &&
            strcmp(part(inner, key), value) == 0)
            return part(inner, name);
    }
    return "";
}

/* Does one of the county's devices of ${kind} serve at ${at}, as routing sees it? */
static bool serves_at(const char *kind, utc_ms at)
{
    const struct network *n = NULL;
    uint32_t number = 0, hospital = 0;
    struct err err;
    bool serves = false;

    assert_int_equal(networks_take(node.app->networks, &n, &err), 0);
    assert_true(catalogue_find_device(str_of(kind), &number));
    assert_true(network_hospital(n, STR("Organization/county"), &hospital));
    for (size_t i = 0; i < n->device_count; i++) {
        const struct capability_interval *s = &n->devices[i].service;

        serves = serves ||
                 (n->devices[i].hospital == hospital && n->devices[i].kind == number &&
                     s->from && s->from <= at && (s->until == 0 || at < s->until));
    }
    network_release(n);
    return serves;
}

static void into_service(void)
{
    step_done("arrived", "2025-12-27", 200);
    step_done("installed", "2025-12-29", 200);
    step_done("in-service", "2025-12-30", 200);
}

/* ---- counting ---- */

static void days_late_are_counted(void **state)
{
    utc_ms due = 100 * DAY;

    (void)state;
    assert_int_equal(equipment_days_late(0, 0, 500 * DAY), 0);
    assert_int_equal(
        equipment_days_late(due, 0, due + DAY - 1), 0); /* the day itself */
    assert_int_equal(equipment_days_late(due, 0, due + DAY), 1);
    assert_int_equal(equipment_days_late(due, 0, due + 30 * DAY), 30);
    assert_int_equal(equipment_days_late(due, due + 5 * DAY, due + 30 * DAY), 5);
    assert_int_equal(equipment_days_late(due, due - 5 * DAY, due + 30 * DAY), 0);
    assert_int_equal(equipment_days_between(due, 0, due + 1), 1);
    assert_int_equal(equipment_days_between(due, due + 2 * DAY, due + 9 * DAY), 2);
    assert_int_equal(equipment_days_between(due, due - 1, due + 9 * DAY), 0);
}

static void uptime_is_counted(void **state)
{
    const struct equipment_span spans[] = {
        {100 * DAY, 150 * DAY}, {160 * DAY, 190 * DAY}, {195 * DAY, 0}};
    int64_t days = 0;

    (void)state;
    assert_int_equal(
        equipment_uptime(spans, 3, 200 * DAY, 365 * DAY, &days), 850); /* 85 of 100 */
    assert_int_equal(days, 100);
    assert_int_equal(equipment_uptime(spans, 3, 200 * DAY, 10 * DAY, &days),
        500); /* of the last 10 */
    assert_int_equal(days, 10);
    assert_int_equal(equipment_uptime(spans, 0, 200 * DAY, 10 * DAY, &days), -1);
    assert_int_equal(equipment_uptime(spans, 1, 100 * DAY, 10 * DAY, &days), -1);
    /* one second of fault in a year is not 100.0 */
    assert_int_equal(equipment_uptime((struct equipment_span[]){{1, 364 * DAY},
                                          {364 * DAY + 1000, 0}},
                         2, 366 * DAY, 365 * DAY, &days),
        999);
}

/* ---- the way ---- */

static void ordered_and_late(void **state)
{
    const struct json *parts = NULL;

    (void)state;
    order();
    parts = seen_by("chen"); /* the other side sees it */
    assert_string_equal(part(parts, "state"), "coming");
    assert_string_equal(part(parts, "name"), "The big one");
    assert_string_equal(part(parts, "hospital"), "Organization/county");
    assert_string_equal(
        of_part(parts, "step", "code", "ordered", "done"), "2025-11-01");
    assert_string_equal(of_part(parts, "step", "code", "arrived", "due"), "2025-12-22");
    /* 2026-01-01 is ten days behind 2025-12-22 */
    assert_string_equal(of_part(parts, "step", "code", "arrived", "days-late"), "10");
    assert_string_equal(
        of_part(parts, "step", "code", "arrived", "owner"), "Organization/twin");
    assert_string_equal(of_part(parts, "step", "code", "installed", "days-late"), "");
    assert_string_equal(of_part(parts, "step", "code", "in-service", "done"), "");
    assert_null(seen_by("azamat"));                      /* their pairing ended */
    call_as("head-county", "Device/$order", ORDER, 200); /* a second try */
    call_as("director", "Device/$order", ORDER, 409);
    /* a delay is what it was, once it is over */
    step_done("arrived", "2025-12-27", 200);
    assert_string_equal(
        of_part(seen_by("nima"), "step", "code", "arrived", "days-late"), "5");
}

static void promises_stay(void **state)
{
    (void)state;
    order();
    call_as("head-county", "Device/" DEVICE "/$step",
        P_CODE("step", "arrived") "," P_DAY("due", "2026-03-01"), 409);
    call_as("head-county", "Device/" DEVICE "/$step",
        P_CODE("step", "arrived") "," P_DAY("expected", "2026-03-01") "," P_TEXT(
            "word", "Held at the border"),
        200);
    assert_string_equal(
        of_part(seen_by("nima"), "step", "code", "arrived", "expected"), "2026-03-01");
    assert_string_equal(
        of_part(seen_by("nima"), "step", "code", "arrived", "due"), "2025-12-22");
    assert_string_equal(of_part(seen_by("nima"), "step", "code", "arrived", "word"),
        "Held at the border");
}

static void nothing_is_used_before_it_is_there(void **state)
{
    (void)state;
    order();
    step_done("in-service", "2025-12-30", 409);
    step_done("first-patient", "2025-12-30", 409);
    step_done("arrived", "2025-12-27", 200);
    step_done("installed", "2025-12-29", 200);
    step_done("in-service", "2025-12-28", 409);
    step_done("arrived", "2026-05-01", 400); /* lies ahead */
    assert_false(serves_at("ultrasound", NOW));
    step_done("in-service", "2025-12-30", 200);
    assert_true(serves_at("ultrasound", NOW));
    step_done("first-patient", "2025-12-29", 409);
    step_done("first-patient", "2025-12-31", 201);
    assert_string_equal(part(seen_by("nima"), "state"), "in-service");
}

static void people_are_trained_once(void **state)
{
    const struct json *parts = NULL;

    (void)state;
    order();
    call_as("nima", "Device/" DEVICE "/$step",
        P_CODE("step", "trained") "," P_WHO("person", "Practitioner/nima") "," P_DAY(
            "done", "2025-12-29"),
        201);
    call_as("nima", "Device/" DEVICE "/$step",
        P_CODE("step", "trained") "," P_WHO("person", "Practitioner/nima") "," P_WHO(
            "person", "Practitioner/dawa"),
        200);
    call_as("nima", "Device/" DEVICE "/$step",
        P_CODE("step", "arrived") "," P_WHO("person", "Practitioner/nima"), 400);

    parts = seen_by("nima");
    assert_string_equal(
        of_part(parts, "step", "person", "Practitioner/nima", "code"), "trained");
}

/* ---- faults ---- */

static void a_fault_switches_it_off_and_its_repair_on(void **state)
{
    utc_ms broke = NOW - DAY / 2;

    (void)state;
    order();
    into_service();
    call_as("dawa", "Device/" DEVICE "/$fault",
        P_TEXT("what", "No picture") "," P_TRUE("stops") "," P_AT(
            "at", "2025-12-31T12:00:00Z"),
        201);
    assert_false(serves_at("ultrasound", NOW));
    assert_string_equal(part(seen_by("nima"), "state"), "stopped");
    assert_string_equal(
        of_part(seen_by("nima"), "fault", "what", "No picture", "days"), "1");
    assert_string_equal(
        of_part(seen_by("nima"), "fault", "what", "No picture", "owner"),
        "Practitioner/dawa");
    /* of a past day the truth stays */
    assert_true(serves_at("ultrasound", broke - 1000));
    assert_false(serves_at("ultrasound", broke + 1000));
    time_hold(NOW + 3 * DAY);
    call_as("dawa", "Device/" DEVICE "/$repaired", P_AT("at", "2025-12-31T11:00:00Z"),
        409); /* before it broke */
    call_as("dawa", "Device/" DEVICE "/$repaired", P_TEXT("word", "A new probe"), 200);
    assert_true(serves_at("ultrasound", NOW + 3 * DAY));
    assert_false(serves_at("ultrasound", NOW + DAY));
    assert_true(serves_at("ultrasound", broke - 1000));
    /* 1.5 days of 5 before the fault, 3.5 out of service */
    assert_string_equal(part(seen_by("nima"), "uptime"), "30.0");
    call_as("dawa", "Device/" DEVICE "/$repaired", P_TEXT("word", "Again"), 409);
}

static void the_last_of_several_repairs_counts(void **state)
{
    struct said *s = NULL;
    const char *first = NULL;

    (void)state;
    order();
    into_service();
    s = said_status(
        as("dawa",
            (struct ask){.method = APP_POST,
                .path = "Device/" DEVICE "/$fault",
                .body = "{\"resourceType\":\"Parameters\",\"parameter\":[" P_TEXT(
                    "what", "No power") "," P_TRUE("stops") "]}"}),
        201);
    first = arena_strndup(arena, s->call.answer.data, s->call.answer.len);
    said_free(s);
    first = strstr(first, "\"id\":\"") + 6;
    first = arena_printf(arena, "Task/%.36s", first);
    call_as("dawa", "Device/" DEVICE "/$fault",
        P_TEXT("what", "Cable torn") "," P_TRUE("stops"), 201);
    call_as("dawa", "Device/" DEVICE "/$fault", P_TEXT("what", "A scratch"), 201);
    call_as(
        "dawa", "Device/" DEVICE "/$repaired", P_TEXT("word", "x"), 400); /* which? */
    call_as("dawa", "Device/" DEVICE "/$repaired",
        arena_printf(arena, P_WHO("fault", "%s"), first), 200);
    assert_false(serves_at("ultrasound", NOW + 1));
    call_as("dawa", "Device/" DEVICE "/$repaired",
        arena_printf(arena, P_WHO("fault", "%s"), first), 409);
}

/* The answer was lost, and it is asked again: there is one fault. */
static void a_fault_is_reported_once(void **state)
{
#define FAULT_ID                                                                       \
    "{\"name\":\"id\",\"valueId\":\"9f4e0385-bb06-4d42-8f5d-617082930eb4\"}"
    struct json_each it;
    size_t faults = 0;

    (void)state;
    order();
    into_service();
    call_as("dawa", "Device/" DEVICE "/$fault",
        FAULT_ID "," P_TEXT("what", "No power") "," P_TRUE("stops"), 201);
    time_hold(NOW + 60000);
    call_as("dawa", "Device/" DEVICE "/$fault",
        FAULT_ID "," P_TEXT("what", "No power") "," P_TRUE("stops"), 200);
    call_as("nima", "Device/" DEVICE "/$fault",
        FAULT_ID "," P_TEXT("what", "No power") "," P_TRUE("stops"), 409);
    it = json_each(seen_by("nima"));
    while (json_next(&it))
        faults += str_is(json_get_text(it.value, "name"), "fault");
    assert_int_equal(faults, 1);
    call_as("dawa", "Device/" DEVICE "/$repaired", P_TEXT("word", "Plugged in"), 200);
    /* once more, when it was repaired: it is not open again */
    call_as("dawa", "Device/" DEVICE "/$fault",
        FAULT_ID "," P_TEXT("what", "No power") "," P_TRUE("stops"), 200);
    assert_true(serves_at("ultrasound", NOW + 60001));
    call_as("dawa", "Device/" DEVICE "/$fault",
        "{\"name\":\"id\",\"valueId\":\"mine\"}," P_TEXT("what", "x"), 400);
}

/* A word that is sent twice is said once. */
static void a_word_is_said_once(void **state)
{
    const char *text = NULL;
    struct said *s = NULL;
    size_t words = 0;

    (void)state;
    order();
    for (int i = 0; i < 2; i++)
        call_as("nima", "Device/" DEVICE "/$step",
            P_CODE("step", "arrived") "," P_TEXT("word", "Held at the border"), 200);
    s = said_status(get_as("nima", "Task?focus=Device/" DEVICE), 200);
    text = arena_strndup(arena, s->call.answer.data, s->call.answer.len);
    said_free(s);
    while ((text = strstr(text, "Held at the border")) != NULL) {
        words++;
        text++;
    }
    assert_int_equal(words, 1);
}

/* A fault that limits it leaves it on. */
static void what_limits_does_not_stop(void **state)
{
    (void)state;
    order();
    into_service();
    call_as("dawa", "Device/" DEVICE "/$fault", P_TEXT("what", "One probe lost"), 201);
    assert_true(serves_at("ultrasound", NOW));
    assert_string_equal(part(seen_by("nima"), "state"), "in-service");
}

/* ---- who ---- */

static void others_may_look(void **state)
{
    static const char *const strangers[] = {
        "chen", "wang", "head-twin", "head-medicine"};

    (void)state;
    order();
    into_service();
    for (size_t i = 0; i < 4; i++) {
        call_as(strangers[i], "Device/" DEVICE "/$fault", P_TEXT("what", "x"), 403);
        call_as(strangers[i], "Device/$order",
            P_UNIT("county") "," P_CODE("kind", "ct"), 403);
    }
    call_as("azamat", "Device/" DEVICE "/$fault", P_TEXT("what", "x"), 404);
    call_as("nima", "Device/$order", P_UNIT("county") "," P_CODE("kind", "ct"), 403);
    call_as("nima", "Device/" DEVICE "/$step",
        P_CODE("step", "first-patient") "," P_DAY("due", "2026-02-01"), 403);
    call_as(
        "director", "Device/$order", P_UNIT("county") "," P_CODE("kind", "ct"), 201);
    call_as(
        "coordinator", "Device/$order", P_UNIT("county") "," P_CODE("kind", "ct"), 201);
    call_as(
        "director", "Device/$order", P_UNIT("county") "," P_CODE("kind", "boat"), 400);
    call_as(
        "director", "Device/$order", P_UNIT("nowhere") "," P_CODE("kind", "ct"), 400);
}

/* The times are the operations', and so are the Tasks. */
static void nobody_writes_times_by_hand(void **state)
{
    struct said *s = NULL;
    const char *text = NULL;

    (void)state;
    order();
    into_service();
    s = said_status(get_as("nima", "Device/" DEVICE), 200);
    text = arena_strndup(arena, s->call.answer.data, s->call.answer.len);
    said_free(s);
    assert_non_null(strstr(text, "\"start\":\"2025-12-30\""));
    write_as("nima", APP_PUT, "Device/" DEVICE, text, 200);
    *strstr(text, "2025-12-30") = '1';
    write_as("nima", APP_PUT, "Device/" DEVICE, text, 403);
    write_as("nima", APP_POST, "Task",
        "{\"resourceType\":\"Task\",\"status\":\"completed\",\"intent\":\"order\","
        "\"code\":{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/work\","
        "\"code\":\"equipment-step\"}]},\"focus\":{\"reference\":\"Device/" DEVICE
        "\"}}",
        403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_late_are_counted),
        cmocka_unit_test(uptime_is_counted),
        cmocka_unit_test_setup_teardown(ordered_and_late, open_network, close_network),
        cmocka_unit_test_setup_teardown(promises_stay, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            nothing_is_used_before_it_is_there, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            people_are_trained_once, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            a_fault_switches_it_off_and_its_repair_on, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            the_last_of_several_repairs_counts, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            a_fault_is_reported_once, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            a_word_is_said_once, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            what_limits_does_not_stop, open_network, close_network),
        cmocka_unit_test_setup_teardown(others_may_look, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            nobody_writes_times_by_hand, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
