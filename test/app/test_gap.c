/* SPDX-License-Identifier: Apache-2.0 */
/* Technique gaps: where one stands follows from records; and the money for it, summed exactly. */
#include "app/app_internal.h"
#include "app/gap.h"
#include "app/money.h"
#include "case.h"

/* Does the answer have ${words} in it? It ends with its length, and with no NUL. */
static bool said_has(const struct said *s, const char *words)
{
    return memmem(s->call.answer.data, s->call.answer.len, words, strlen(words)) !=
           NULL;
}

#define DAY (24 * 60 * 60000LL)
#define GAP "5b0a6f41-77c2-4f0e-8b19-2d3c4e5f6a70"
#define FUND "6c1b7052-88d3-4a1f-9c2a-3e4d5f607b81"
#define PAY "7d2c8163-99e4-4b20-8d3b-4f5e60718c9"
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

static void put_devices(const char *status)
{
    static const char *const kinds[] = {"operating-theatre", "laparoscope"};

    for (size_t i = 0; i < 2; i++)
        said_free(as(NULL, (struct ask){.method = APP_PUT,
                               .path = arena_printf(arena, "Device/%s", kinds[i]),
                               .body = arena_printf(arena,
                                   "{\"resourceType\":\"Device\",\"id\":\"%s\","
                                   "\"status\":\"%s\",\"type\":{\"coding\":[{"
                                   "\"system\":\"https://belay.health/CodeSystem/"
                                   "device-kind\",\"code\":\"%s\"}]},\"owner\":{"
                                   "\"reference\":\"Organization/county\"}}",
                                   kinds[i], status, kinds[i])}));
}

/* An operation at ${unit} on ${day}. */
static void operate(const char *id, const char *unit, const char *day)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "Procedure/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Procedure\",\"id\":\"%s\",\"extension\":[{\"url\":"
            "\"https://belay.health/StructureDefinition/operation-department\","
            "\"valueReference\":{\"reference\":\"Organization/%s\"}}],\"status\":"
            "\"completed\",\"code\":{\"coding\":[{\"system\":"
            "\"https://belay.health/CodeSystem/procedure\",\"code\":"
            "\"cholecystectomy\"}]},\"subject\":{\"reference\":\"Patient/pema\"},"
            "\"performedDateTime\":\"%s\",\"performer\":[{\"function\":{\"coding\":[{"
            "\"system\":\"https://belay.health/CodeSystem/operation-function\","
            "\"code\":\"operator\"}]},\"actor\":{\"reference\":\"Practitioner/nima\"}}]"
            "}",
            id, unit, day),
        201);
}

/* The same, after which somebody looked twice, and all was well. */
static void operate_well(const char *id, const char *day)
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
                          "\"cholecystectomy\"}]},\"subject\":{\"reference\":\"Patient/"
                          "pema\"},"
                          "\"performedDateTime\":\"%s\",\"performer\":[{\"function\":{"
                          "\"coding\":[{"
                          "\"system\":\"https://belay.health/CodeSystem/"
                          "operation-function\","
                          "\"code\":\"operator\"}]},\"actor\":{\"reference\":"
                          "\"Practitioner/nima\"}}]"
                          "}",
            id, day),
        201);
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
    call_as("head-county", "Task/$gap", OPEN, 409);
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

static void first_is_checked_against_the_network(void **state_)
{
    const struct json *parts = NULL;

    (void)state_;
    /* county and twin share a region */
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

/* ---- money ---- */

static const char *sum(const char *one, const char *other)
{
    static char out[MONEY_CHARS];
    money a = 0, b = 0;

    assert_true(money_read(str_of(one), &a));
    assert_true(money_read(str_of(other), &b));
    assert_true(money_add(a, b, &a));
    money_text(a, out);
    return out;
}

static const char *changed(const char *amount, const char *rate)
{
    static char out[MONEY_CHARS];
    money a = 0;
    int64_t r = 0;

    assert_true(money_read(str_of(amount), &a));
    assert_true(money_rate_read(str_of(rate), &r));
    assert_true(money_change(a, r, &a));
    money_text(a, out);
    return out;
}

static void money_is_exact(void **state_)
{
    money m = 0;
    int64_t r = 0;

    (void)state_;
    assert_string_equal(sum("0.1", "0.2"), "0.30");
    assert_string_equal(sum("99999999999999.99", "0.01"), "100000000000000.00");
    assert_string_equal(sum("1.0001", "1"), "2.0001");
    assert_string_equal(changed("1000000", "0.13987"), "139870.00");
    assert_string_equal(changed("0.05", "0.5"), "0.02"); /* a half to the even one */
    assert_string_equal(changed("0.15", "0.5"), "0.08");
    assert_string_equal(changed("0.01", "0.50000001"), "0.01");
    assert_false(money_read(STR("1e3"), &m));
    assert_false(money_read(STR("-1"), &m));
    assert_false(money_read(STR("1.00001"), &m));
    assert_false(money_read(STR(""), &m));
    assert_false(money_read(STR("."), &m));
    assert_false(money_read(STR("1."), &m));
    assert_false(money_read(STR("1.2.3"), &m));
    assert_false(money_read(STR("01"), &m));
    assert_false(money_read(STR("100000000000001"), &m));
    assert_false(money_rate_read(STR("0"), &r));
    assert_false(money_add(1000000000000000000, 1, &m));
}

static void pay(const char *last, const char *amount, int status)
{
    call_as("director", "Funding/" FUND "/$pay",
        arena_printf(arena,
            P_ID(PAY "%s") ",{\"name\":\"amount\",\"valueDecimal\":%s},"
                           "{\"name\":\"use\",\"valueCode\":\"equipment\"},"
                           "{\"name\":\"bought\",\"valueReference\":{\"reference\":"
                           "\"Device/ultrasound\"}}",
            last, amount),
        status);
}

static void money_is_committed_and_paid(void **state_)
{
    const struct json *parts = NULL;
    struct said *s = NULL;

    (void)state_;
    call_as("director", "Funding/$commit",
        P_ID(FUND) "," P_REF("recipient", "Organization/county") "," P_TEXT("title",
            "Laparoscopy") ",{\"name\":\"amount\",\"valueString\":\"1000.10\"},"
                           "{\"name\":\"currency\",\"valueCode\":\"CNY\"},{\"name\":"
                           "\"rate\",\"part\":"
                           "[" P_CODE(
                               "currency", "USD") ",{\"name\":\"value\","
                                                  "\"valueDecimal\":0.140},"
                                                  "{\"name\":\"on\",\"valueDate\":"
                                                  "\"2025-12-01\"}]}",
        201);
    pay("2", "999.99", 200);
    pay("2", "0.01", 409); /* the same payment again */
    pay("3", "0.12", 409); /* more than is left */
    pay("4", "0.10", 200);
    parts = first_of("chen", "Funding/$money");
    assert_string_equal(part(parts, "committed"), "1000.10"); /* as it was written */
    assert_string_equal(part(parts, "paid"), "1000.09");
    assert_string_equal(part(parts, "left"), "0.01");
    assert_string_equal(part(parts, "in-other"), "140.01");
    assert_string_equal(part(parts, "rate-on"), "2025-12-01");
    s = said_status(get_as("chen", "Funding/" FUND), 200);
    assert_true(said_has(s, "\"value\":0.140"));
    said_free(s);
    assert_null(first_of("azamat", "Funding/$money"));
}

static void who_writes_money(void **state_)
{
    static const char *const no[] = {"nima", "head-twin", "tashi"};

    (void)state_;
    for (size_t i = 0; i < 3; i++)
        call_as(no[i], "Funding/$commit",
            P_REF("recipient", "Organization/county") "," P_TEXT(
                "title", "x") ",{\"name\":\"amount\",\"valueDecimal\":1},{\"name\":"
                              "\"currency\",\"valueCode\":"
                              "\"CNY\"}",
            403);
    write_as("director", APP_POST, "Funding",
        "{\"resourceType\":\"Funding\",\"status\":\"committed\",\"title\":\"x\","
        "\"recipient\":{\"reference\":\"Organization/county\"},\"committedOn\":"
        "\"2025-12-01\",\"amount\":{\"value\":1,\"currency\":\"CNY\"}}",
        403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(where_it_stands_follows),
        cmocka_unit_test(money_is_exact),
        cmocka_unit_test_setup_teardown(
            a_gap_goes_its_way, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            the_node_writes_the_state, open_network, close_network),
        cmocka_unit_test_setup_teardown(filled_and_lapsed, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            first_is_checked_against_the_network, open_network, close_network),
        cmocka_unit_test_setup_teardown(who_opens_gaps, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            money_is_committed_and_paid, open_network, close_network),
        cmocka_unit_test_setup_teardown(who_writes_money, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
