/* SPDX-License-Identifier: Apache-2.0 */
/*
 * $vitals: values as they were written, NEWS2 as published or the reason why not, the
 * altitude beside it and never in it.
 */
#include "vitals_node.h"

/* ---- the score ---- */

static void a_set_is_scored_as_published(void **state)
{
    struct said *s = NULL, *valid = NULL;
    const struct json *set, *news2;

    (void)state;
    observe_all("adult", "09:00");
    s = ask("Patient/adult/$vitals");
    assert_string_equal(json_get_text(s->json, "resourceType").p, "Parameters");
    assert_int_equal(count_of(s->json, "set"), 1);
    is(s->json, "patient", "Patient/adult");
    is(s->json, "older", "false");
    set = set_of(s, 0);
    is(set, "time", "2026-07-13T09:00:00+08:00");
    assert_int_equal(count_of(set, "value"), 8);
    /* as written: neither 88 nor 37.2 */
    is(reading_of(set, "saturation"), "value", "88.0");
    is(reading_of(set, "temperature"), "value", "37.20");
    news2 = part(set, "news2", 0);
    is(news2, "total", "6");
    is(news2, "complete", "true");
    assert_string_equal(points_of(news2, "respiration"), "2");
    assert_string_equal(points_of(news2, "saturation"), "3");
    assert_string_equal(points_of(news2, "oxygen"), "0");
    assert_string_equal(points_of(news2, "systolic"), "0");
    assert_string_equal(points_of(news2, "pulse"), "1");
    assert_string_equal(points_of(news2, "consciousness"), "0");
    assert_string_equal(points_of(news2, "temperature"), "0");
    is(news2, "scale", "1");
    is(news2, "single-3", "true");
    is(news2, "response", "medium");
    is(news2, "again-within-hours", "1");
    is(news2, "worse", "");
    buf_addc(&s->call.answer, '\0');
    valid = said_status(POST(&node, "Parameters/$validate", s->call.answer.data), 200);
    assert_string_equal(said_text(valid, "issue.0.severity"), "information");
    said_free(valid);
    said_free(s);
}

/* Whatever the altitude is: the same points. */
static void the_altitude_is_beside_it_and_not_in_it(void **state)
{
    static const char *const from[] = {"hospital", "address", "observation"};
    const char *const ids[] = {"adult", "at-home", "up-there"};

    (void)state;
    put_patient("at-home", "low",
        ",\"birthDate\":\"1968-03-02\",\"address\":[{\"use\":\"old\"" ABOVE_SEA(
            "9") "},{\"city\":\"x\"" ABOVE_SEA("3658.0") "}]");
    put_patient("up-there", "county", ",\"birthDate\":\"1968-03-02\"");
    observe_all("adult", "09:00");
    observe_all("at-home", "09:00");
    observe("up-there", "09:00", QUANTITY("2708-6", "88.0", "%") ABOVE_SEA("3658.0"));
    for (size_t i = 0; i < 3; i++) {
        struct said *s =
            said_status(ask_as(NULL, APP_GET,
                            arena_printf(arena, "Patient/%s/$vitals", ids[i]), NULL),
                200);
        const struct json *set = set_of(s, 0), *context = part(set, "context", 0);

        assert_string_equal(points_of(part(set, "news2", 0), "saturation"), "3");
        is(context, "label", "context, not validated");
        is(context, "validated", "false");
        is(context, "altitude", "3658.0");
        is(context, "altitude-from", from[i]);
        is(context, "age-group", "adult");
        assert_true(strlen(value_of(context, "source")) > 20);
        /* by the model: 88.2 just arrived, 91.4 settled */
        is(context, "expected-middle-high", "91.4");
        is(context, "expected-middle-low", i == 1 ? "91.4" : "88.2");
        is(context, "expected-low", i == 1 ? "86.4" : "83.2");
        is(context, "deviation", i == 1 ? "-3.4" : "-0.2");
        is(context, "below-expected", "false");
        is(context, "stay", i == 1 ? "settled" : "between");
        is(context, "stay-from", i == 1 ? "lives-here" : "not-known");
        said_free(s);
    }
}

static void an_unknown_altitude_is_said(void **state)
{
    struct said *s = NULL;
    const struct json *set = NULL;

    (void)state;
    put_patient("nowhere", "low", ",\"birthDate\":\"1968-03-02\"");
    observe_all("nowhere", "09:00");
    s = ask_as(NULL, APP_GET, "Patient/nowhere/$vitals", NULL);
    set = set_of(s, 0);
    is(part(set, "news2", 0), "total", "6");
    is(part(set, "context", 0), "refused", "altitude-not-known");
    is(part(set, "context", 0), "expected-low", "");
    is(part(set, "context", 0), "altitude", "");
    said_free(s);
}

static void days_since_the_ascent_are_counted(void **state)
{
    struct said *s = NULL;
    const struct json *context = NULL;

    (void)state;
    observe("adult", "07:00",
        "\"code\":" CODE("https://belay.health/CodeSystem/vital-context",
            "ascended") ",\"valueDateTime\":\"2026-07-11T08:00:00+08:00\"");
    /* one that is still to come is not one */
    observe("adult", "07:00",
        "\"code\":" CODE("https://belay.health/CodeSystem/vital-context",
            "ascended") ",\"valueDateTime\":\"2026-07-14T08:00:00+08:00\"");
    observe_all("adult", "09:00");
    s = ask("Patient/adult/$vitals");
    context = part(set_of(s, 0), "context", 0);
    is(context, "ascended", "2026-07-11T08:00:00+08:00");
    is(context, "days-since-ascent", "2");
    is(context, "stay", "just-arrived");
    is(context, "stay-from", "recorded");
    is(context, "ascended-record", "Observation/o0");
    is(context, "expected-middle-high", "88.2");
    is(context, "deviation", "-0.2");
    said_free(s);
}

static void oxygen_ends_the_context_and_adds_points(void **state)
{
    struct said *s = NULL;
    const struct json *set = NULL;

    (void)state;
    observe("adult", "09:00", QUANTITY("2708-6", "88", "%"));
    observe("adult", "09:00",
        "\"code\":" LOINC("3151-8") ",\"dataAbsentReason\":" CODE(
            "http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown"));
    observe("adult", "10:00", QUANTITY("2708-6", "88", "%"));
    observe("adult", "10:00", QUANTITY("3150-6", "40", "%"));
    observe("adult", "11:00", QUANTITY("3150-6", "21", "%"));
    s = ask("Patient/adult/$vitals");
    assert_string_equal(points_of(part(set_of(s, 0), "news2", 0), "oxygen"), "0");
    for (size_t i = 1; i < 3; i++) {
        set = set_of(s, i);
        assert_string_equal(points_of(part(set, "news2", 0), "oxygen"), "2");
        is(part(set, "context", 0), "refused", "on-oxygen");
    }
    said_free(s);
}

/* ---- who is not scored ---- */

static void children_are_refused_and_told_why(void **state)
{
    static const struct {
        const char *born, *refused, *group;
    } rows[] = {
        {"2010-07-14", "child", "child"}, /* 16 tomorrow */
        {"2010-07-13", "", "adult"},      /* 16 today */
        {"2025-12-01", "child", "infant"},
        {"2010", "age-unknown", "unknown"}, /* 15 or 16 */
        {"2009", "", "adult"}, {"2011", "child", "child"},
        {"", "age-unknown", "unknown"},
        {"2027-01-01", "age-unknown", "unknown"}, /* not born yet */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *id = arena_printf(arena, "p%zu", i);
        struct said *s = NULL;
        const struct json *set, *news2;

        put_patient(id, "county",
            rows[i].born[0] ? arena_printf(arena, ",\"birthDate\":\"%s\"", rows[i].born)
                            : "");
        observe_all(id, "09:00");
        s = ask(arena_printf(arena, "Patient/%s/$vitals", id));
        set = set_of(s, 0);
        news2 = part(set, "news2", 0);
        is(news2, "refused", rows[i].refused);
        is(news2, "total", rows[i].refused[0] ? "" : "6");
        assert_true(strlen(value_of(news2, "text")) > 20);
        is(part(set, "context", 0), "age-group", rows[i].group);
        is(part(set, "context", 0), "refused",
            strcmp(rows[i].group, "infant") == 0 ? "infant" : "");
        said_free(s);
    }
}

static void pregnancy_is_refused_while_it_lasts(void **state)
{
    static const struct {
        const char *day, *status, *refused;
    } rows[] = {{"2026-05-01", "77386006", "pregnant"},
        {"2025-08-01", "77386006", ""},  /* a child is born by now */
        {"2026-06-01", "60001007", ""}}; /* a later word: not pregnant */

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const char *id = arena_printf(arena, "w%zu", i);
        struct said *s = NULL;

        put_patient(id, "county", ",\"birthDate\":\"1995-03-02\"");
        observe_all(id, "09:00");
        put(arena_printf(arena, "Observation/pregnancy-%zu", i),
            arena_printf(arena,
                "{\"resourceType\":\"Observation\",\"id\":\"pregnancy-%zu\",\"status\":"
                "\"final\",\"code\":" LOINC(
                    "82810-3") ",\"subject\":{\"reference\":"
                               "\"Patient/%s\"},\"effectiveDateTime\":\"%s\","
                               "\"valueCodeableConcept\":{\"coding\":[{\"system\":"
                               "\"http://snomed.info/sct\",\"code\":\"%s\"}]}}",
                i, id, rows[i].day, rows[i].status));
        s = ask(arena_printf(arena, "Patient/%s/$vitals", id));
        is(part(set_of(s, 0), "news2", 0), "refused", rows[i].refused);
        is(part(set_of(s, 0), "news2", 0), "record",
            rows[i].refused[0] ? "Observation/pregnancy-0" : "");
        said_free(s);
    }
}

/* ---- what is missing, and what is not used ---- */

static void missing_signs_are_named(void **state)
{
    struct said *s = NULL;
    const struct json *news2 = NULL;

    (void)state;
    observe("adult", "09:00", QUANTITY("9279-1", "30", RATES));
    observe("adult", "09:05", QUANTITY("8867-4", "80", RATES));
    s = ask("Patient/adult/$vitals");
    news2 = part(set_of(s, 0), "news2", 0);
    is(news2, "complete", "false");
    is(news2, "total", "3"); /* the least it can be */
    assert_int_equal(count_of(news2, "missing"), 5);
    is(news2, "missing", "saturation");
    assert_string_equal(points_of(news2, "saturation"), "");
    is(news2, "response", "low-medium");
    said_free(s);
}

static void not_knowing_is_no_reassurance(void **state)
{
    struct said *s = NULL;

    (void)state;
    observe("adult", "09:00", QUANTITY("8867-4", "80", RATES));
    s = ask("Patient/adult/$vitals");
    is(part(set_of(s, 0), "news2", 0), "total", "0");
    is(part(set_of(s, 0), "news2", 0), "response", "none");
    is(part(set_of(s, 0), "news2", 0), "again-within-hours", "");
    said_free(s);
}

static void what_cannot_be_used_is_kept_with_the_reason(void **state)
{
    static const struct {
        const char *rest, *sign, *why;
    } rows[] = {
        {QUANTITY("8310-5", "98.6", "[degF]"), "temperature", "unit"},
        {QUANTITY("2708-6", "881", "%"), "saturation", "impossible"},
        {"\"code\":" LOINC("8867-4") ",\"valueQuantity\":{\"value\":40,\"comparator\":"
                                     "\"<\"," UCUM ",\"code\":\"/min\"}",
            "pulse", "comparator"},
        {"\"code\":" LOINC("9279-1") ",\"valueString\":\"fast\"", "respiration",
            "no-quantity"},
        {"\"code\":" LOINC("9279-1") ",\"dataAbsentReason\":" CODE(
             "http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown"),
            "respiration", "absent"},
        {MIND("merry"), "consciousness", "code"},
        {"\"code\":" LOINC("8867-4") ",\"valueQuantity\":{\"value\":40,\"unit\":"
                                     "\"/min\"}",
            "pulse", "unit"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *id = arena_printf(arena, "u%zu", i);
        struct said *s = NULL;
        const struct json *set = NULL;

        put_patient(id, "county", ",\"birthDate\":\"1968-03-02\"");
        observe(id, "09:00", rows[i].rest);
        s = ask(arena_printf(arena, "Patient/%s/$vitals", id));
        set = set_of(s, 0);
        is(reading_of(set, rows[i].sign), "not-used", rows[i].why);
        assert_int_equal(count_of(part(set, "news2", 0), "missing"), 7);
        said_free(s);
    }
}

static void what_is_no_measurement_is_left_out(void **state)
{
    struct said *s = NULL;

    (void)state;
    put("Observation/wrong",
        "{\"resourceType\":\"Observation\",\"id\":\"wrong\",\"status\":"
        "\"entered-in-error\",\"subject\":{\"reference\":\"Patient/adult\"},"
        "\"effectiveDateTime\":\"2026-07-13T09:00:00Z\"," QUANTITY(
            "8867-4", "20", RATES) "}");
    put("Observation/timeless",
        "{\"resourceType\":\"Observation\",\"id\":\"timeless\",\"status\":\"final\","
        "\"subject\":{\"reference\":\"Patient/adult\"}," QUANTITY(
            "8867-4", "20", RATES) "}");
    observe("adult", "09:00", QUANTITY("29463-7", "60", "kg")); /* weight */
    s = ask("Patient/adult/$vitals");
    assert_int_equal(count_of(s->json, "set"), 0);
    assert_int_equal(count_of(s->json, "left-out"), 1);
    is(part(s->json, "left-out", 0), "record", "Observation/timeless");
    is(part(s->json, "left-out", 0), "why", "no-time");
    said_free(s);
}

/* ---- sets ---- */

static void readings_taken_together_are_one_set(void **state)
{
    struct said *s = NULL;

    (void)state;
    observe("adult", "09:00", QUANTITY("8867-4", "80", RATES));
    observe("adult", "09:15", QUANTITY("9279-1", "14", RATES)); /* just together */
    observe("adult", "09:16", QUANTITY("8310-5", "37", "Cel")); /* just not */
    observe("adult", "09:20", QUANTITY("8867-4", "90", RATES));
    observe("adult", "09:21", QUANTITY("8867-4", "95", RATES)); /* a sign comes again */
    s = ask("Patient/adult/$vitals");
    assert_int_equal(count_of(s->json, "set"), 3);
    assert_int_equal(count_of(set_of(s, 0), "value"), 1);
    is(reading_of(set_of(s, 0), "pulse"), "value", "95");
    assert_int_equal(count_of(set_of(s, 1), "value"), 2);
    assert_int_equal(count_of(set_of(s, 2), "value"), 2);
    is(set_of(s, 2), "time", "2026-07-13T09:00:00+08:00");
    said_free(s);
}

static void worse_than_before_is_told(void **state)
{
    struct said *s = NULL;

    (void)state;
    observe("adult", "08:00", QUANTITY("8867-4", "80", RATES));
    observe("adult", "09:00", QUANTITY("8867-4", "135", RATES));
    observe("adult", "10:00", QUANTITY("8867-4", "85", RATES));
    s = ask("Patient/adult/$vitals");
    is(part(set_of(s, 0), "news2", 0), "worse", "false");
    is(part(set_of(s, 1), "news2", 0), "worse", "true");
    is(part(set_of(s, 2), "news2", 0), "worse", "");
    said_free(s);
}

static void sets_are_counted_and_bounded_in_time(void **state)
{
    struct said *s = NULL;

    (void)state;
    for (int hour = 10; hour < 20; hour++)
        observe("adult", arena_printf(arena, "%d:00", hour),
            QUANTITY("8867-4", "80", RATES));
    s = ask("Patient/adult/$vitals?_count=3");
    assert_int_equal(count_of(s->json, "set"), 3);
    is(s->json, "older", "true");
    is(set_of(s, 2), "time", "2026-07-13T17:00:00+08:00");
    said_free(s);
    s = ask("Patient/adult/$vitals?_count=10");
    assert_int_equal(count_of(s->json, "set"), 10);
    is(s->json, "older", "false");
    said_free(s);
    s = ask("Patient/adult/$vitals?from=2026-07-13T12:00:00%2B08:00&until=2026-07-13T"
            "14:00:00%2B08:00");
    assert_int_equal(count_of(s->json, "set"), 2);
    is(set_of(s, 0), "time", "2026-07-13T13:00:00+08:00");
    said_free(s);
}

/* ---- scale 2 ---- */

static void put_condition(const char *id, const char *system, const char *code,
    const char *sure, const char *state)
{
    put(arena_printf(arena, "Condition/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Condition\",\"id\":\"%s\",\"subject\":{\"reference\":"
            "\"Patient/adult\"},\"code\":{\"coding\":[{\"system\":\"%s\",\"code\":"
            "\"%s\"}]},\"verificationStatus\":{\"coding\":[{\"system\":"
            "\"http://terminology.hl7.org/CodeSystem/condition-ver-status\",\"code\":"
            "\"%s\"}]},\"clinicalStatus\":{\"coding\":[{\"system\":"
            "\"http://terminology.hl7.org/CodeSystem/condition-clinical\",\"code\":"
            "\"%s\"}]},\"recordedDate\":\"2026-07-13T10:00:00+08:00\"}",
            id, system, code, sure, state));
}

#define ICD "http://hl7.org/fhir/sid/icd-10-cm"

static void scale_2_needs_a_record_that_says_so(void **state)
{
    struct said *s = NULL;

    (void)state;
    observe_all("adult", "09:00");
    observe_all("adult", "11:00");
    put_condition("a", ICD, "J96.11", "confirmed", "active"); /* hypoxia */
    put_condition("b", ICD, "J96.12", "provisional", "active");
    put_condition("c", ICD, "J96.12", "confirmed", "resolved");
    s = ask("Patient/adult/$vitals");
    is(part(set_of(s, 0), "news2", 0), "scale", "1");
    is(part(set_of(s, 0), "news2", 0), "scale-record", "");
    said_free(s);
    put_condition("d", ICD, "J96.12", "confirmed", "active");
    s = ask("Patient/adult/$vitals");
    is(part(set_of(s, 0), "news2", 0), "scale", "2");
    is(part(set_of(s, 0), "news2", 0), "scale-record", "Condition/d");
    assert_string_equal(points_of(part(set_of(s, 0), "news2", 0), "saturation"), "0");
    /* what was taken before it was known keeps its score */
    is(part(set_of(s, 1), "news2", 0), "scale", "1");
    said_free(s);
}

static void a_decision_of_ours_gives_scale_2_too(void **state)
{
    struct said *s = NULL;

    (void)state;
    observe_all("adult", "11:00");
    put_condition("d", "https://belay.health/CodeSystem/vital-context",
        "hypercapnic-failure", "confirmed", "active");
    s = ask("Patient/adult/$vitals");
    is(part(set_of(s, 0), "news2", 0), "scale", "2");
    said_free(s);
}

/* ---- altitude sickness ---- */

#define SICK "https://belay.health/CodeSystem/altitude-sickness"
#define POINTS(code, n) "{\"code\":" CODE(SICK, code) ",\"valueInteger\":" n "}"
#define FLAG(code, yes) "{\"code\":" CODE(SICK, code) ",\"valueBoolean\":" yes "}"
#define ASKED(parts) "\"code\":" CODE(SICK, "lake-louise") ",\"component\":[" parts "]"

static void lake_louise_is_scored_where_it_was_asked(void **state)
{
    struct said *s = NULL;
    const struct json *sick = NULL;

    (void)state;
    observe("adult", "09:00",
        ASKED(POINTS("headache", "2") "," POINTS("stomach", "1") "," POINTS(
            "fatigue", "2") "," POINTS("dizziness", "1")));
    observe_all("adult", "11:00");
    s = ask("Patient/adult/$vitals");
    assert_null(part(set_of(s, 0), "lake-louise", 0));
    sick = part(set_of(s, 1), "lake-louise", 0);
    is(sick, "total", "6");
    is(sick, "verdict", "incomplete"); /* when did they come up? */
    is(sick, "missing", "ascended");
    is(sick, "red-flag-brain", "");
    said_free(s);
    observe("adult", "07:00",
        "\"code\":" CODE("https://belay.health/CodeSystem/vital-context",
            "ascended") ",\"valueDateTime\":\"2026-07-12\"");
    s = ask("Patient/adult/$vitals");
    is(part(set_of(s, 1), "lake-louise", 0), "verdict", "moderate");
    said_free(s);
}

static void a_red_flag_needs_no_score(void **state)
{
    struct said *s = NULL;
    const struct json *sick = NULL;

    (void)state;
    observe("adult", "09:00",
        ASKED(FLAG("unsteady", "true") "," FLAG(
            "breathless-at-rest", "false") "," POINTS("headache", "7")));
    s = ask("Patient/adult/$vitals");
    sick = part(set_of(s, 0), "lake-louise", 0);
    is(sick, "complete", "false");
    is(sick, "red-flag-brain", "true");
    is(sick, "red-flag-lung", "false");
    is(reading_of(set_of(s, 0), "headache"), "not-used", "impossible");
    is(reading_of(set_of(s, 0), "unsteady"), "value", "true");
    said_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_NODE(a_set_is_scored_as_published),
        IN_NODE(the_altitude_is_beside_it_and_not_in_it),
        IN_NODE(an_unknown_altitude_is_said),
        IN_NODE(days_since_the_ascent_are_counted),
        IN_NODE(oxygen_ends_the_context_and_adds_points),
        IN_NODE(children_are_refused_and_told_why),
        IN_NODE(pregnancy_is_refused_while_it_lasts),
        IN_NODE(missing_signs_are_named),
        IN_NODE(not_knowing_is_no_reassurance),
        IN_NODE(what_cannot_be_used_is_kept_with_the_reason),
        IN_NODE(what_is_no_measurement_is_left_out),
        IN_NODE(readings_taken_together_are_one_set),
        IN_NODE(worse_than_before_is_told),
        IN_NODE(sets_are_counted_and_bounded_in_time),
        IN_NODE(scale_2_needs_a_record_that_says_so),
        IN_NODE(a_decision_of_ours_gives_scale_2_too),
        IN_NODE(lake_louise_is_scored_where_it_was_asked),
        IN_NODE(a_red_flag_needs_no_score),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
