/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A patient under shared watch: what is agreed, what raises an alert, who sees it and says so,
 * when it ends; and a procedure that is guided from afar.
 */
#include "app/app_internal.h"
#include "app/watch.h"
#include "app/watch_internal.h"
#include "case.h"
#include "view/procedure.h"

#define MINUTE 60000LL
#define HOUR (60 * MINUTE)
#define WATCH_ID "0d7b8f5e-53f0-4e0c-8c5a-1c6b0a2f9e77"
#define OTHER_ID "1d7b8f5e-53f0-4e0c-8c5a-1c6b0a2f9e77"

static const char *iso(utc_ms at)
{
    char text[TIME_ISO_MAX];

    time_iso(at, text);
    return arena_strndup(arena, text, strlen(text));
}

static int open_case(void **state)
{
    open_network(state);
    write_as(NULL, APP_PUT, "Patient/pema",
        "{\"resourceType\":\"Patient\",\"id\":\"pema\",\"birthDate\":\"1960-05-05\","
        "\"managingOrganization\":{\"reference\":\"Organization/county\"}}",
        200);
    put_draft("c", "pema", "Organization/twin-surgery", "urgent");
    step("nima", "c", "send", NULL);
    step("chen", "c", "accept", NULL);
    return 0;
}

static const char *terms(const char *id, utc_ms until, int every, const char *more)
{
    return arena_printf(arena,
        "{\"name\":\"id\",\"valueId\":\"%s\"},{\"name\":\"until\",\"valueInstant\":"
        "\"%s\"},{\"name\":\"every\",\"valuePositiveInt\":%d}%s",
        id, iso(until), every, more);
}

static const char *watch_for(utc_ms until)
{
    return terms(WATCH_ID, until, 60, "");
}

/* Breaths and pulse of a set that is else without points: NEWS2 gives 0, 1, 2 or 3 for each. */
static void measure(utc_ms at, int breaths, int pulse)
{
    static const struct {
        const char *code;
        const char *unit;
        int value;
    } plain[] = {{"2708-6", "%", 98}, {"3151-8", "L/min", 0}, {"8480-6", "mm[Hg]", 130},
        {"8310-5", "Cel", 37}, {"9279-1", "/min", 0}, {"8867-4", "/min", 0}};

    time_hold(at);
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
        int value = i == 4 ? breaths : i == 5 ? pulse : plain[i].value;

        write_as("nima", APP_POST, "Observation",
            arena_printf(arena,
                "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{"
                "\"coding\":[{\"system\":\"http://loinc.org\",\"code\":\"%s\"}]},"
                "\"subject\":{\"reference\":\"Patient/pema\"},\"basedOn\":[{"
                "\"reference\":\"ServiceRequest/c\"}],\"effectiveDateTime\":\"%s\","
                "\"valueQuantity\":{\"value\":%d,\"system\":"
                "\"http://unitsofmeasure.org\",\"code\":\"%s\",\"unit\":\"%s\"}}",
                plain[i].code, iso(at), value, plain[i].unit, plain[i].unit),
            201);
    }
}

static struct watch_result look_at(utc_ms at)
{
    struct watch_result result = {99, 99};
    struct err err = {0};

    time_hold(at);
    if (watch_run(node.app, NULL, at, &result, &err) < 0)
        fail_msg("watch_run: %s", err.text);
    return result;
}

static size_t alerts_at(utc_ms at)
{
    return look_at(at).alerts;
}

static struct said *alerts_of(const char *person)
{
    return said_status(
        get_as(person, "Communication?category=https://belay.health/CodeSystem/"
                       "message-kind|alert&_sort=-sent"),
        200);
}

static const char *alert_text(const char *path)
{
    struct said *s = alerts_of("nima");
    const char *text =
        arena_strndup(arena, said_text(s, path), strlen(said_text(s, path)));

    said_free(s);
    return text;
}

/* ---- pure ---- */

static struct news2_score score(int respiration, int pulse, int temperature)
{
    struct news2_score s = {.refusal = NEWS2_SCORED, .points = {0}};

    s.points[NEWS2_RESPIRATION] = respiration;
    s.points[NEWS2_PULSE] = pulse;
    s.points[NEWS2_TEMPERATURE] = temperature;
    for (int i = 0; i < NEWS2_SIGNS; i++) {
        s.total += s.points[i] > 0 ? s.points[i] : 0;
        s.single |= s.points[i] == 3;
    }
    return s;
}

static void what_a_score_is_worth(void **state)
{
    const struct watch_terms five = {.rise = 2, .band = WATCH_5};
    const struct watch_terms seven = {.rise = 2, .band = WATCH_7};
    const struct watch_terms single = {.rise = 4, .band = WATCH_SINGLE_3};
    struct news2_score zero = score(0, 0, 0);
    struct news2_score one = score(1, 0, 0);
    struct news2_score two = score(1, 1, 0);
    struct news2_score three = score(3, 0, 0);
    struct news2_score five_points = score(2, 2, 1);
    struct news2_score seven_points = score(3, 3, 1);
    struct news2_score partly = score(0, 0, -1);
    struct news2_score fever = score(0, 0, 2);
    struct news2_score child = {.refusal = NEWS2_CHILD};

    (void)state;
    assert_int_equal(watch_judge(&five, &zero, &one), WATCH_NOTHING);
    assert_int_equal(watch_judge(&five, &zero, &two), WATCH_ROSE);
    assert_int_equal(watch_judge(&five, &two, &zero), WATCH_NOTHING);
    assert_int_equal(watch_judge(&five, &one, &three), WATCH_ROSE);
    assert_int_equal(watch_judge(&five, &two, &five_points), WATCH_REACHED);
    assert_int_equal(watch_judge(&five, &five_points, &five_points), WATCH_NOTHING);
    assert_int_equal(watch_judge(&five, &five_points, &seven_points), WATCH_ROSE);
    assert_int_equal(watch_judge(&seven, &five_points, &seven_points), WATCH_REACHED);
    assert_int_equal(watch_judge(&seven, NULL, &five_points), WATCH_NOTHING);
    assert_int_equal(watch_judge(&seven, NULL, &seven_points), WATCH_REACHED);
    assert_int_equal(watch_judge(&single, &zero, &three), WATCH_REACHED);
    assert_int_equal(watch_judge(&single, &zero, &two), WATCH_NOTHING);
    /* a sign that was not known before is no rise */
    assert_int_equal(watch_judge(&five, &partly, &fever), WATCH_NOTHING);
    assert_int_equal(watch_judge(&five, &zero, &child), WATCH_NOTHING);
    assert_int_equal(watch_judge(&five, &child, &two), WATCH_NOTHING);
}

/* ---- agreeing ---- */

static void either_side_watches(void **state)
{
    (void)state;
    said_free(step_status("chen", "c", "watch", watch_for(NOW + 12 * HOUR), 200));
    said_free(step_status("chen", "c", "watch", watch_for(NOW + 12 * HOUR), 200));
    said_free(step_status("nima", "c", "watch", watch_for(NOW + 24 * HOUR), 200));
    said_free(
        step_status("nima", "c", "watch", terms(OTHER_ID, NOW + HOUR, 60, ""), 409));
    said_free(said_status(get_as("nima", "CarePlan/" WATCH_ID), 200));
    said_free(said_status(get_as("chen", "CarePlan/" WATCH_ID), 200));
    said_free(said_status(get_as("wang", "CarePlan/" WATCH_ID), 404));
    said_free(said_status(get_as("coordinator", "CarePlan/" WATCH_ID), 404));
    said_free(step_status("chen", "c", "end-watch",
        "{\"name\":\"id\",\"valueId\":\"" WATCH_ID "\"}", 200));
    said_free(step_status("chen", "c", "end-watch",
        "{\"name\":\"id\",\"valueId\":\"" WATCH_ID "\"}", 200));
    said_free(
        step_status("nima", "c", "watch", terms(OTHER_ID, NOW + HOUR, 60, ""), 200));
}

static void what_is_no_watch_is_refused(void **state)
{
    (void)state;
    said_free(step_status("wang", "c", "watch", watch_for(NOW + HOUR), 404));
    said_free(step_status("director", "c", "watch", watch_for(NOW + HOUR), 404));
    said_free(step_status("nima", "c", "watch", watch_for(NOW - HOUR), 400));
    said_free(step_status("nima", "c", "watch", watch_for(NOW + 400 * HOUR), 400));
    said_free(
        step_status("nima", "c", "watch", terms(WATCH_ID, NOW + HOUR, 4, ""), 400));
    said_free(step_status("nima", "c", "watch",
        terms(WATCH_ID, NOW + HOUR, 60, ",{\"name\":\"rise\",\"valuePositiveInt\":11}"),
        400));
    said_free(step_status("nima", "c", "watch",
        terms(WATCH_ID, NOW + HOUR, 60, ",{\"name\":\"band\",\"valueCode\":\"6\"}"),
        400));
    said_free(step_status("nima", "c", "end-watch",
        "{\"name\":\"id\",\"valueId\":\"" WATCH_ID "\"}", 404));
    step("chen", "c", "answer", ANSWER);
    step("nima", "c", "outcome", OUTCOME);
    step("nima", "c", "close", NULL);
    said_free(step_status("nima", "c", "watch", watch_for(NOW + HOUR), 409));
}

/* ---- alerts ---- */

static void a_score_that_rises_is_told_once(void **state)
{
    struct said *s = NULL;

    (void)state;
    step("nima", "c", "watch", watch_for(NOW + 12 * HOUR));
    measure(NOW + 10 * MINUTE, 16, 70); /* 0 */
    assert_int_equal(alerts_at(NOW + 11 * MINUTE), 0);
    measure(NOW + 40 * MINUTE, 22, 70); /* 2 */
    assert_int_equal(alerts_at(NOW + 41 * MINUTE), 1);
    assert_int_equal(alerts_at(NOW + 42 * MINUTE), 0);
    watches_free(node.app->watches); /* as after a restart */
    node.app->watches = watches_new();
    assert_int_equal(alerts_at(NOW + 43 * MINUTE), 0);
    s = alerts_of("chen");
    assert_int_equal(said_count(s, "entry"), 1);
    said_free(s);
    s = alerts_of("wang");
    assert_int_equal(said_count(s, "entry"), 0);
    said_free(s);
    assert_string_equal(alert_text("entry.0.resource.payload.0.contentString"),
        "NEWS2 rose from 0 to 2.");
    measure(NOW + 70 * MINUTE, 22, 70); /* the same */
    assert_int_equal(alerts_at(NOW + 71 * MINUTE), 0);
    measure(NOW + 100 * MINUTE, 25, 115); /* 3 and 2 */
    assert_int_equal(alerts_at(NOW + 101 * MINUTE), 1);
    assert_string_equal(alert_text("entry.0.resource.payload.0.contentString"),
        "NEWS2 is 5 and has reached what was agreed.");
}

static void what_was_agreed_counts(void **state)
{
    (void)state;
    step("nima", "c", "watch",
        terms(WATCH_ID, NOW + 12 * HOUR, 60,
            ",{\"name\":\"rise\",\"valuePositiveInt\":4},{\"name\":\"band\","
            "\"valueCode\":\"single-3\"}"));
    measure(NOW + 10 * MINUTE, 16, 70);
    measure(NOW + 40 * MINUTE, 22, 100); /* 2 and 1 */
    assert_int_equal(alerts_at(NOW + 41 * MINUTE), 0);
    measure(NOW + 70 * MINUTE, 25, 100); /* a sign of 3 */
    assert_int_equal(alerts_at(NOW + 71 * MINUTE), 1);
}

static void who_measures_too_late_is_told(void **state)
{
    (void)state;
    step("nima", "c", "watch", watch_for(NOW + 12 * HOUR));
    assert_int_equal(alerts_at(NOW + 70 * MINUTE - 1), 0);
    assert_int_equal(alerts_at(NOW + 70 * MINUTE), 1);
    assert_int_equal(alerts_at(NOW + 200 * MINUTE), 0); /* said once */
    measure(NOW + 210 * MINUTE, 16, 70);
    assert_int_equal(alerts_at(NOW + 279 * MINUTE), 0);
    assert_int_equal(alerts_at(NOW + 280 * MINUTE), 1);
    assert_string_equal(
        alert_text("entry.0.resource.extension.0.extension.0.valueCode"), "overdue");
}

static void of_a_child_only_what_is_late_is_told(void **state)
{
    struct said *s = NULL;

    (void)state;
    write_as(NULL, APP_PUT, "Patient/pema",
        "{\"resourceType\":\"Patient\",\"id\":\"pema\",\"birthDate\":\"2019-05-05\","
        "\"managingOrganization\":{\"reference\":\"Organization/county\"}}",
        200);
    s = step_status("nima", "c", "watch", watch_for(NOW + 12 * HOUR), 200);
    assert_non_null(memmem(s->call.answer.data, s->call.answer.len, "\"child\"", 7));
    said_free(s);
    measure(NOW + 10 * MINUTE, 16, 70);
    measure(NOW + 40 * MINUTE, 40, 180);
    assert_int_equal(alerts_at(NOW + 41 * MINUTE), 0);
    assert_int_equal(alerts_at(NOW + 111 * MINUTE), 1);
}

static void what_was_before_the_watch_is_no_alert(void **state)
{
    (void)state;
    measure(NOW + 10 * MINUTE, 16, 70);
    measure(NOW + 40 * MINUTE, 25, 115);
    time_hold(NOW + 50 * MINUTE);
    step("nima", "c", "watch", watch_for(NOW + 12 * HOUR));
    assert_int_equal(alerts_at(NOW + 51 * MINUTE), 0);
}

/* ---- seeing it ---- */

static void each_side_says_that_it_has_seen(void **state)
{
    const char *id = NULL;
    const char *body = NULL;

    (void)state;
    step("nima", "c", "watch", watch_for(NOW + 12 * HOUR));
    assert_int_equal(alerts_at(NOW + 70 * MINUTE), 1);
    id = alert_text("entry.0.resource.id");
    body = arena_printf(arena, "{\"name\":\"alert\",\"valueId\":\"%s\"}", id);
    said_free(step_status("wang", "c", "acknowledge", body, 404));
    said_free(step_status("nima", "c", "acknowledge",
        "{\"name\":\"alert\",\"valueId\":\"open-word\"}", 404));
    step("nima", "c", "acknowledge", body);
    step("dawa", "c", "acknowledge", body); /* the same side: once is enough */
    assert_string_equal(
        alert_text("entry.0.resource.extension.1.extension.0.valueCode"), "asking");
    assert_string_equal(
        alert_text("entry.0.resource.extension.1.extension.1.valueReference.reference"),
        "Practitioner/nima");
    assert_string_equal(alert_text("entry.0.resource.extension.2.url"), "");
    step("chen", "c", "acknowledge", body);
    assert_string_equal(
        alert_text("entry.0.resource.extension.2.extension.0.valueCode"), "asked");
    assert_string_equal(alert_text("entry.0.resource.extension.3.url"), "");
}

static void nobody_writes_them_otherwise(void **state)
{
    const char *path = NULL;

    (void)state;
    step("nima", "c", "watch", watch_for(NOW + 12 * HOUR));
    assert_int_equal(alerts_at(NOW + 70 * MINUTE), 1);
    path = arena_printf(arena, "Communication/%s", alert_text("entry.0.resource.id"));
    said_free(
        said_status(as("nima", (struct ask){.method = APP_DELETE, .path = path}), 403));
    said_free(said_status(
        as("nima", (struct ask){.method = APP_DELETE, .path = "CarePlan/" WATCH_ID}),
        403));
}

/* ---- the end ---- */

static void it_ends_with_its_time_and_with_its_case(void **state)
{
    (void)state;
    step("nima", "c", "watch", watch_for(NOW + 30 * MINUTE));
    assert_int_equal(look_at(NOW + 29 * MINUTE).ended, 0);
    assert_int_equal(look_at(NOW + 30 * MINUTE).ended, 1);
    assert_int_equal(look_at(NOW + 31 * MINUTE).ended, 0);
    step("nima", "c", "watch", terms(OTHER_ID, NOW + 12 * HOUR, 60, ""));
    step("chen", "c", "answer", ANSWER);
    assert_int_equal(look_at(NOW + 32 * MINUTE).ended, 0);
    step("nima", "c", "outcome", OUTCOME);
    step("nima", "c", "close", NULL);
    assert_int_equal(look_at(NOW + 33 * MINUTE).ended, 1);
    assert_int_equal(alerts_at(NOW + 200 * MINUTE), 0);
}

/* ---- a procedure that is guided ---- */

static int open_guided(void **state)
{
    open_case(state);
    write_as(NULL, APP_PUT, "ServiceRequest/g",
        "{\"resourceType\":\"ServiceRequest\",\"id\":\"g\",\"status\":\"draft\","
        "\"intent\":\"order\",\"category\":[{\"coding\":[{\"system\":"
        "\"https://belay.health/CodeSystem/"
        "case-kind\",\"code\":\"guided-procedure\"}]}],"
        "\"subject\":{\"reference\":\"Patient/"
        "pema\"},\"reasonCode\":[{\"text\":\"Chest "
        "drain\"}],\"performer\":[{\"reference\":\"Organization/twin-surgery\"}]}",
        201);
    step("nima", "g", "send", NULL);
    step("chen", "g", "accept", NULL);
    return 0;
}

static const char *procedure(
    utc_ms start, utc_ms end, const char *operator, const char * more)
{
    return arena_printf(arena,
        "{\"name\":\"id\",\"valueId\":\"" WATCH_ID "\"}," P_TEXT("text",
            "Closed chest drainage") ",{\"name\":\"start\",\"valueInstant\":"
                                     "\"%s\"},{\"name\":\"end\","
                                     "\"valueInstant\":\"%s\"},{\"name\":"
                                     "\"guide\",\"valueReference\":{"
                                     "\"reference\":\"Practitioner/chen\"}},{"
                                     "\"name\":\"operator\",\"valueReference\":{"
                                     "\"reference\":\"Practitioner/%s\"}}%s",
        iso(start), iso(end), operator, more);
}

static void a_procedure_is_agreed_guided_and_recorded(void **state)
{
    static const char done[] = "," P_CODE(
        "result", "completed") ",{\"name\":\"code\",\"valueId\":\"appendectomy\"}";
    struct procedure read;
    struct said *s = NULL;

    (void)state;
    said_free(step_status("nima", "c", "agree-slot",
        procedure(NOW + HOUR, NOW + 2 * HOUR, "nima", ""), 409)); /* another kind */
    said_free(step_status(
        "chen", "g", "agree-slot", procedure(NOW + HOUR, NOW, "nima", ""), 400));
    said_free(step_status("chen", "g", "agree-slot",
        procedure(NOW + HOUR, NOW + 2 * HOUR, "nobody-here", ""), 400));
    said_free(step_status("chen", "g", "agree-slot",
        procedure(NOW + HOUR, NOW + 2 * HOUR, "chen", ""), 400));
    step("chen", "g", "agree-slot", procedure(NOW + HOUR, NOW + 2 * HOUR, "nima", ""));
    said_free(said_status(get_as("nima", "Appointment/" WATCH_ID), 200));
    said_free(said_status(get_as("wang", "Appointment/" WATCH_ID), 404));
    step("chen", "g", "guide-step", P_TEXT("text", "Cut above the rib"));
    step("nima", "g", "guide-step", P_TEXT("text", "Drain is in, 400 ml"));
    said_free(step_status("nima", "g", "record-procedure",
        procedure(NOW - 2 * HOUR, NOW + HOUR, "nima", done), 400)); /* not over */
    said_free(step_status("wang", "g", "record-procedure",
        procedure(NOW - 2 * HOUR, NOW - HOUR, "nima", done), 404));
    step("nima", "g", "record-procedure",
        procedure(NOW - 2 * HOUR, NOW - HOUR, "nima", done));
    step("nima", "g", "record-procedure",
        procedure(NOW - 2 * HOUR, NOW - HOUR, "nima", done));
    s = said_status(get_as("chen", "Procedure?based-on=ServiceRequest/g"), 200);
    assert_int_equal(said_count(s, "entry"), 1);
    assert_string_equal(
        said_text(s, "entry.0.resource.performer.0.function.coding.0.code"),
        "operator");
    assert_string_equal(said_text(s, "entry.0.resource.performer.0.actor.reference"),
        "Practitioner/nima");
    assert_string_equal(
        said_text(s, "entry.0.resource.performer.1.function.coding.0.code"), "guide");
    assert_string_equal(said_text(s, "entry.0.resource.status"), "completed");
    assert_true(procedure_read(json_walk(s->json, "entry.0.resource"), &read));
    assert_int_equal(read.part_count, 1); /* who guides from afar is in no logbook */
    assert_int_equal(read.parts[0].function, FUNCTION_OPERATOR);
    assert_true(str_is(read.department, "county")); /* who asks what became of it */
    said_free(s);
    said_free(said_status(
        as("nima", (struct ask){.method = APP_DELETE, .path = "Procedure/" WATCH_ID}),
        403));
}

int main(void)
{
#define IN_CASE(f) cmocka_unit_test_setup_teardown(f, open_case, close_network)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_score_is_worth),
        IN_CASE(either_side_watches),
        IN_CASE(what_is_no_watch_is_refused),
        IN_CASE(a_score_that_rises_is_told_once),
        IN_CASE(what_was_agreed_counts),
        IN_CASE(who_measures_too_late_is_told),
        IN_CASE(of_a_child_only_what_is_late_is_told),
        IN_CASE(what_was_before_the_watch_is_no_alert),
        IN_CASE(each_side_says_that_it_has_seen),
        IN_CASE(nobody_writes_them_otherwise),
        IN_CASE(it_ends_with_its_time_and_with_its_case),
        cmocka_unit_test_setup_teardown(
            a_procedure_is_agreed_guided_and_recorded, open_guided, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
