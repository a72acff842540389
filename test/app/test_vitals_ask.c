/* SPDX-License-Identifier: Apache-2.0 */
/* $vitals: who may ask, what each is told, what is refused, and what is only tried out. */
#include "vitals_node.h"

/* ---- who may ask ---- */

static void put_case(const char *listed)
{
    put("ServiceRequest/case",
        arena_printf(arena,
            "{\"resourceType\":\"ServiceRequest\",\"id\":\"case\",\"status\":"
            "\"active\",\"intent\":\"order\",\"subject\":{\"reference\":"
            "\"Patient/adult\"},\"performer\":[{\"reference\":"
            "\"Organization/twin-medicine\"}]%s}",
            listed));
}

static void a_case_tells_both_sides_the_same(void **state)
{
    const char *listed = NULL, *both = NULL;
    struct said *doctor = NULL, *expert = NULL;

    (void)state;
    observe_all("adult", "07:00"); /* not shared */
    listed = observe("adult", "09:00", QUANTITY("8867-4", "80", RATES));
    put_case(arena_printf(
        arena, ",\"supportingInfo\":[{\"reference\":\"Observation/%s\"}]", listed));
    observe("adult", "10:00",
        QUANTITY("2708-6", "90",
            "%") ",\"basedOn\":[{\"reference\":\"ServiceRequest/case\"}]");
    both = observe("adult", "11:00",
        QUANTITY("8867-4", "90",
            RATES) ",\"basedOn\":[{\"reference\":\"ServiceRequest/case\"}]");
    must(&node, 200,
        (struct ask){.method = APP_PATCH,
            .path = "ServiceRequest/case",
            .format = APP_JSON_PATCH,
            .body = arena_printf(arena,
                "[{\"op\":\"add\",\"path\":\"/supportingInfo/-\",\"value\":{"
                "\"reference\":\"Observation/%s\"}}]",
                both)});
    doctor = said_status(
        ask_as("doctor", APP_GET, "ServiceRequest/case/$vitals", NULL), 200);
    expert = said_status(
        ask_as("expert", APP_GET, "ServiceRequest/case/$vitals", NULL), 200);
    assert_true(json_equal(doctor->json, expert->json));
    assert_int_equal(count_of(expert->json, "set"), 3);
    is(expert->json, "patient", "Patient/adult");
    is(part(set_of(expert, 0), "context", 0), "altitude", "3658.0");
    said_free(doctor);
    said_free(expert);
    /* of the patient each is told what each may read */
    expert = said_status(ask_as("expert", APP_GET, "Patient/adult/$vitals", NULL), 200);
    assert_int_equal(count_of(expert->json, "set"), 3);
    said_free(expert);
    doctor = ask("Patient/adult/$vitals");
    assert_int_equal(count_of(doctor->json, "set"), 4);
    said_free(doctor);
}

static void who_may_not_read_is_told_nothing(void **state)
{
    struct said *hidden = NULL, *nothing = NULL;

    (void)state;
    put_case("");
    observe_all("adult", "09:00");
    hidden = said_status(ask_as("other", APP_GET, "Patient/adult/$vitals", NULL), 404);
    nothing =
        said_status(ask_as("other", APP_GET, "Patient/nobody/$vitals", NULL), 404);
    assert_null(strstr(said_text(hidden, "issue.0.diagnostics"), "may not"));
    said_free(hidden);
    said_free(nothing);
    said_free(said_status(
        ask_as("other", APP_GET, "ServiceRequest/case/$vitals", NULL), 404));
}

static void it_goes_to_the_trail(void **state)
{
    struct said *s = NULL;

    (void)state;
    observe_all("adult", "09:00");
    said_free(ask("Patient/adult/$vitals"));
    s = said_status(ask_as("quality", APP_GET, "Patient/adult/$accesses", NULL), 200);
    assert_non_null(part(s->json, "access", 0));
    is(part(s->json, "access", 0), "types", "Observation, Patient");
    is(part(s->json, "access", 0), "records", "8");
    said_free(s);
}

static void what_is_not_understood_is_refused(void **state)
{
    static const struct {
        enum app_method method;
        const char *path;
        int status;
    } rows[] = {
        {APP_GET, "Patient/adult/$vitals?_count=0", 400},
        {APP_GET, "Patient/adult/$vitals?_count=501", 400},
        {APP_GET, "Patient/adult/$vitals?from=yesterday", 400},
        {APP_GET, "Patient/adult/$vitals?scale=2", 400},
        {APP_POST, "Patient/adult/$vitals", 405},
        {APP_GET, "Patient/$vitals", 405},
        {APP_GET, "Encounter/adult/$vitals", 404},
        {APP_POST, "ServiceRequest/$vitals", 404},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        said_free(said_status(
            ask_as("doctor", rows[i].method, rows[i].path, NULL), rows[i].status));
    said_free(said_status(DELETE(&node, "Patient/adult"), 204));
    said_free(said_status(ask_as(NULL, APP_GET, "Patient/adult/$vitals", NULL), 410));
}

/* ---- trying out ---- */

#define ENTRY(resource) "{\"resource\":" resource "}"
#define TRIED(rest)                                                                    \
    ENTRY("{\"resourceType\":\"Observation\",\"status\":\"final\"," rest "}")
#define TRY(entries)                                                                   \
    "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[" entries "]}"

static void a_trial_is_computed_and_forgotten(void **state)
{
    struct said *s = NULL;
    const struct json *set = NULL;

    (void)state;
    s = said_status(
        ask_as("doctor", APP_POST, "Patient/$vitals",
            TRY(ENTRY("{\"resourceType\":\"Patient\",\"birthDate\":\"1968-03-02\","
                      "\"managingOrganization\":{\"reference\":\"Organization/"
                      "county\"}}") "," TRIED(QUANTITY("9279-1", "25",
                RATES)) "," TRIED(QUANTITY("2708-6", "90", "%")))),
        200);
    assert_int_equal(count_of(s->json, "set"), 1);
    set = set_of(s, 0);
    is(part(set, "news2", 0), "total", "6");
    is(part(set, "context", 0), "altitude", "3658.0");
    is(reading_of(set, "saturation"), "record", "");
    said_free(s);
    s = GET(&node, "Observation?_summary=count");
    assert_string_equal(said_text(s, "total"), "0");
    said_free(s);
}

static void a_trial_of_something_else_is_refused(void **state)
{
    static const struct {
        const char *body;
        int status;
    } rows[] = {
        {NULL, 400},
        {"{\"resourceType\":\"Patient\"}", 400},
        {TRY(ENTRY("{\"resourceType\":\"Basic\"}")), 400},
        {TRY(ENTRY("{\"resourceType\":\"Patient\"}") "," ENTRY(
             "{\"resourceType\":\"Patient\"}")),
            400},
        {TRY(ENTRY("{\"resourceType\":\"Observation\",\"status\":\"final\"}")), 400},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        said_free(
            said_status(ask_as("doctor", APP_POST, "Patient/$vitals", rows[i].body),
                rows[i].status));
}

static void a_trial_has_its_limit(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, LIMIT_BODY_BYTES);
    buf_adds(&b, "{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[");
    for (int i = 0; i <= LIMIT_VITALS_TRIAL; i++)
        buf_addf(&b, "%s" TRIED(QUANTITY("9279-1", "25", RATES)), i ? "," : "");
    buf_adds(&b, "]}");
    buf_addc(&b, '\0');
    said_free(said_status(ask_as("doctor", APP_POST, "Patient/$vitals", b.data), 413));
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_NODE(a_case_tells_both_sides_the_same),
        IN_NODE(who_may_not_read_is_told_nothing),
        IN_NODE(it_goes_to_the_trail),
        IN_NODE(what_is_not_understood_is_refused),
        IN_NODE(a_trial_is_computed_and_forgotten),
        IN_NODE(a_trial_of_something_else_is_refused),
        IN_NODE(a_trial_has_its_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
