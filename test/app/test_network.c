/* SPDX-License-Identifier: Apache-2.0 */
/* What each fact of the records does to the answer of ServiceRequest/$route, at once. */
#include "app/app_internal.h"
#include "app/network.h"
#include "ways.h"

static void nobody_is_no_option(void **state)
{
    (void)state;
    expect(JAUNDICE, "");
}

static void nearest_comes_first(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_jaundice("sea");
    put_jaundice("city");
    put_jaundice("pref");
    put_jaundice("county");
    s = ask(JAUNDICE);
    assert_string_equal(order_of(s),
        "team-here county; in-prefecture pref; in-region city; outside sea");
    assert_string_equal(told(s, 0, "unit"), "Organization/county-surgery");
    assert_string_equal(told(s, 0, "person"), "Practitioner/dr-county");
    assert_string_equal(told(s, 0, "decided-by"), "first");
    assert_string_equal(told(s, 1, "decided-by"), "by-nearness");
    assert_string_equal(told(s, 1, "minutes"), "90");
    assert_string_equal(told(s, 1, "rise"), "-460");
    assert_string_equal(reason_text(s, 1, "travel"), "The way takes 1 h 30 min.");
    assert_string_equal(reason_text(s, 1, "down"), "It lies 460 m lower.");
    assert_non_null(reason(s, 2, "travel-estimated"));
    assert_string_equal(reason_text(s, 0, "on-duty"), "Doctor dr-county is on duty.");
    said_free(s);
    expect("code=P59&hospital=pref",
        "team-here pref; in-prefecture county; in-region city; outside sea");
    expect("code=http://hl7.org/fhir/sid/icd-10%7CP59.9&place=county",
        "team-here county; in-prefecture pref; in-region city; outside sea");
    expect("code=P59&hospital=county-surgery&season=winter",
        "team-here county; in-region city; outside sea; in-prefecture pref unsafe");
}

/* Told ways are put together; over a closed one there is no way, however near it looks. */
static void ways_are_put_together(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_hospital("city", "b", "\"latitude\":29.6,\"longitude\":91.1,\"altitude\":3650",
        WAY("pref", "200", ""));
    put_jaundice("city");
    put_jaundice("sea");
    s = ask(JAUNDICE "&season=summer");
    assert_string_equal(order_of(s), "in-region city; outside sea");
    assert_string_equal(told(s, 0, "minutes"), "290");
    assert_non_null(reason(s, 0, "travel"));
    said_free(s);
    /* of three, one is cut off in winter, from the sea too; the others are not */
    s = ask(JAUNDICE "&season=winter");
    assert_string_equal(order_of(s), "in-region city unsafe; outside sea unsafe");
    assert_non_null(reason(s, 0, "road-closed"));
    assert_non_null(reason(s, 1, "road-closed"));
    said_free(s);
    put_jaundice("pref");
    s = ask("code=phototherapy&hospital=city&season=winter");
    assert_string_equal(order_of(s), "team-here city; in-region pref; outside sea");
    assert_string_equal(told(s, 1, "minutes"), "267"); /* 200 at 40 km/h */
    said_free(s);
}

static void posts_and_sign_offs_end(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_device("lamp", "county", "phototherapy-lamp", "active");
    put_doctor((struct doctor){.id = "left",
        .unit = "county",
        .thing = "phototherapy",
        .term = "\"end\":\"2026-08-30\""});
    put_doctor((struct doctor){.id = "lapsed",
        .unit = "county",
        .thing = "phototherapy",
        .signed_ = "\"start\":\"2024-01-01\",\"end\":\"2026-08-20\""});
    s = ask(JAUNDICE);
    assert_string_equal(order_of(s), "team-here county unsafe");
    assert_string_equal(told(s, 0, "person"), "Practitioner/lapsed");
    assert_string_equal(
        reason_text(s, 0, "lapsed"), "The sign-off lapsed 10 days ago.");
    said_free(s);
    /* as of a day when both held */
    expect(JAUNDICE "&at=2026-08-10", "team-here county");
    /* and of one when only history is left */
    expect(JAUNDICE "&at=2029-08-10", "");
    put_doctor(
        (struct doctor){.id = "illness", .unit = "county-surgery", .thing = "P59"});
    s = ask("code=P59&hospital=county");
    assert_string_equal(told(s, 0, "person"), "Practitioner/illness");
    assert_string_equal(told(s, 0, "safe"), "true");
    said_free(s);
    expect("code=phototherapy&hospital=county", "team-here county unsafe");
}

static void equipment_counts(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_jaundice("county");
    put_jaundice("pref");
    put_device("lamp-county", "county", "phototherapy-lamp", "inactive");
    s = ask(JAUNDICE);
    assert_string_equal(order_of(s), "in-prefecture pref; team-here county unsafe");
    assert_non_null(reason(s, 1, "equipment-off"));
    said_free(s);
    /* a second one serves; where there never was one it cannot be done */
    put_device("lamp-2", "county", "phototherapy-lamp", "active");
    expect(JAUNDICE, "team-here county; in-prefecture pref");
    must(&node, 204, (struct ask){.method = APP_DELETE, .path = "Device/lamp-county"});
    must(&node, 204, (struct ask){.method = APP_DELETE, .path = "Device/lamp-2"});
    expect(JAUNDICE, "in-prefecture pref");
}

static void experts_visit(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_link("pair", "county", "sea", "hospital-pair");
    put_device("lamp", "county", "phototherapy-lamp", "active");
    put_doctor((struct doctor){.id = "guest",
        .unit = "county-surgery",
        .role = "expert",
        .thing = "phototherapy",
        .term = "\"start\":\"2026-01-01\",\"end\":\"2026-09-05\""});
    s = ask(JAUNDICE);
    assert_string_equal(order_of(s), "expert-here county");
    assert_string_equal(
        reason_text(s, 0, "expert-leaves"), "Doctor guest leaves in 5 days.");
    said_free(s);
    s = ask(JAUNDICE "&at=2025-12-30T00:00:00Z");
    assert_string_equal(order_of(s), "expert-here county unsafe");
    assert_string_equal(reason_text(s, 0, "expert-away"),
        "Doctor guest is not there yet: comes in 2 days.");
    said_free(s);
    expect(JAUNDICE "&at=2025-08-10", "");
    /* where nobody helps, an expert is at home */
    put_device("lamp-sea", "sea", "phototherapy-lamp", "active");
    put_doctor((struct doctor){.id = "home",
        .unit = "sea-surgery",
        .role = "expert",
        .thing = "phototherapy"});
    expect("code=P59&hospital=sea", "team-here sea; outside county");
}

static void twins_advise(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_device("lamp", "county", "phototherapy-lamp", "active");
    put_doctor((struct doctor){
        .id = "adviser", .unit = "sea-surgery", .thing = "phototherapy"});
    expect(JAUNDICE, "");
    put_link("pair", "county-surgery", "sea-surgery", "department-pair");
    s = ask(JAUNDICE);
    assert_string_equal(order_of(s), "guided-here county");
    assert_string_equal(told(s, 0, "unit"), "Organization/sea-surgery");
    assert_string_equal(told(s, 0, "person"), "");
    assert_non_null(reason(s, 0, "answer-unknown"));
    said_free(s);
    /* links for teaching are no advice, and a department's twin is that department */
    put_link("pair", "county-surgery", "sea-surgery", "education-link");
    expect(JAUNDICE, "");
    put_link("pair", "county-surgery", "sea", "department-pair");
    expect(JAUNDICE, "");
    put_link("pair", "county", "sea", "telemedicine-link");
    expect(JAUNDICE, "guided-here county");
}

/* Nobody operates on advice alone; whoever learns it does, and then the case teaches. */
static void hands_must_have_learnt(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_link("pair", "county-surgery", "sea-surgery", "department-pair");
    put_doctor((struct doctor){
        .id = "adviser", .unit = "sea-surgery", .thing = "chest-drainage"});
    put_doctor((struct doctor){.id = "pupil", .unit = "county-surgery"});
    expect("code=J93&hospital=county", "outside sea");
    put_learning("pupil", "adviser", "chest-drainage");
    s = ask("code=J93&hospital=county");
    assert_string_equal(order_of(s), "guided-here county; outside sea");
    assert_string_equal(told(s, 0, "person"), "Practitioner/pupil");
    assert_non_null(reason(s, 0, "teaching"));
    assert_null(nth(reason(s, 0, "teaching"), "value", 0));
    said_free(s);
}

/* All that is needed must be there, and the weakest of it is the level. */
static void the_weakest_decides(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_device("theatre", "county", "operating-theatre", "active");
    put_device("monitor", "county", "patient-monitor", "active");
    put_doctor((struct doctor){
        .id = "surgeon", .unit = "county-surgery", .thing = "appendectomy"});
    expect("code=K35&hospital=county", "");
    expect("code=appendectomy&hospital=county", "team-here county");
    put_link("pair", "county", "sea", "hospital-pair");
    put_doctor((struct doctor){.id = "guest",
        .unit = "county",
        .role = "expert",
        .thing = "spinal-anaesthesia",
        .post = ",\"availableTime\":[{\"daysOfWeek\":[\"mon\"],"
                "\"availableStartTime\":\"14:00:00\","
                "\"availableEndTime\":\"18:00:00\"}]"});
    s = ask("code=K35&hospital=county");
    assert_string_equal(order_of(s), "expert-here county");
    assert_string_equal(told(s, 0, "person"), "Practitioner/guest");
    assert_string_equal(told(s, 0, "minutes"), "120");
    said_free(s);
    expect("code=appendectomy&code=spinal-anaesthesia&hospital=county",
        "expert-here county");
}

static void duty_is_in_the_places_time(void **state)
{
    static const struct {
        const char *at, *minutes, *safe;
    } cases[] = {
        {"2026-08-31T04:00:00Z", "480", "false"}, /* Monday noon there; 20:00 */
        {"2026-08-31T12:00:00Z", "0", "true"},
        {"2026-08-31T23:59:00Z", "0", "true"}, /* the night goes on until 8:00 */
        {"2026-09-01T00:00:00Z", "720", "false"},
        {"2026-09-01T10:30:00Z", "90", "true"},    /* within the limit of 120 */
        {"2026-09-04T13:00:00Z", "4260", "false"}, /* Friday: until Monday 20:00 */
    };

    (void)state;
    put_device("lamp", "county", "phototherapy-lamp", "active");
    put_doctor((struct doctor){.id = "night",
        .unit = "county",
        .thing = "phototherapy",
        .post = ",\"availableTime\":[{\"daysOfWeek\":[\"mon\",\"tue\"],"
                "\"availableStartTime\":\"20:00:00\","
                "\"availableEndTime\":\"08:00:00\"}]"});
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct said *s =
            ask(arena_printf(a, JAUNDICE "&urgency=emergency&at=%s", cases[i].at));

        assert_string_equal(told(s, 0, "minutes"), cases[i].minutes);
        assert_string_equal(told(s, 0, "safe"), cases[i].safe);
        said_free(s);
    }
}

/* On leave since January until ${end}, NULL: who knows; there again in ${minutes}. */
static void away_until(const char *end, const char *hours, const char *minutes)
{
    const char *until = end ? arena_printf(a, ",\"end\":\"%s\"", end) : "";
    struct said *s = NULL;

    put_doctor((struct doctor){.id = "away",
        .unit = "county",
        .thing = "phototherapy",
        .post = arena_printf(a,
            "%s,\"notAvailable\":[{\"description\":\"leave\",\"during\":{"
            "\"start\":\"2026-01-01T00:00:00Z\"%s}}]",
            hours, until)});
    s = ask(JAUNDICE "&urgency=urgent");
    assert_string_equal(told(s, 0, "minutes"), minutes);
    assert_null(reason(s, 0, "duty-unknown"));
    said_free(s);
}

static void leave_and_unknown_duty(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_device("lamp", "county", "phototherapy-lamp", "active");
    put_doctor((struct doctor){.id = "away",
        .unit = "county",
        .thing = "phototherapy",
        .post = ALWAYS ",\"notAvailable\":[{\"description\":\"leave\",\"during\":{"
                       "\"start\":\"2026-08-31T00:00:00Z\",\"end\":"
                       "\"2026-08-31T09:59:59Z\"}}]"});
    s = ask(JAUNDICE "&urgency=urgent");
    assert_string_equal(told(s, 0, "minutes"), "360");
    assert_string_equal(
        reason_text(s, 0, "duty-later"), "Doctor away is on duty in 6 h.");
    said_free(s);
    /* nobody is here while on leave, with or without hours, and however long */
    away_until("2026-09-01T03:59:59Z", "", "1440");
    away_until("2026-09-28T03:59:59Z", "", "40320");
    away_until("2026-09-28T03:59:59Z", ALWAYS, "40320");
    away_until(NULL, ALWAYS, "527040");
    put_doctor((struct doctor){
        .id = "away", .unit = "county", .thing = "phototherapy", .post = ""});
    s = ask(JAUNDICE "&urgency=emergency");
    assert_string_equal(order_of(s), "team-here county");
    assert_non_null(reason(s, 0, "duty-unknown"));
    said_free(s);
}

static void put_bed(const char *id, const char *unit, const char *state)
{
    PUTF(arena_printf(a, "Location/%s", id),
        "{\"resourceType\":\"Location\",\"id\":\"%s\",\"status\":\"active\","
        "\"physicalType\":{\"coding\":[{\"system\":\"http://terminology.hl7.org/"
        "CodeSystem/location-physical-type\",\"code\":\"bd\"}]},"
        "\"operationalStatus\":{\"system\":\"http://terminology.hl7.org/CodeSystem/"
        "v2-0116\",\"code\":\"%s\"},\"managingOrganization\":{\"reference\":"
        "\"Organization/%s\"}}",
        id, state, unit);
}

static void beds_are_counted(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_jaundice("pref");
    s = ask(JAUNDICE);
    assert_non_null(reason(s, 0, "beds-unknown"));
    said_free(s);
    put_bed("bed-1", "pref-surgery", "O");
    put_bed("bed-2", "pref", "O");
    s = ask(JAUNDICE);
    assert_string_equal(order_of(s), "in-prefecture pref unsafe");
    assert_non_null(reason(s, 0, "no-bed"));
    said_free(s);
    put_bed("bed-1", "pref-surgery", "U");
    s = ask(JAUNDICE);
    assert_string_equal(reason_text(s, 0, "beds"), "1 bed is free.");
    said_free(s);
}

static void the_state_of_the_patient_counts(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_jaundice("county");
    put_jaundice("sea");
    put_jaundice("city");
    expect("code=P59&hospital=pref&state=altitude-illness&may-travel=true",
        "in-region city; outside sea; in-prefecture county unsafe");
    expect("code=P59&hospital=pref&may-travel=false",
        "in-prefecture county unsafe; in-region city unsafe; outside sea unsafe");
    expect("code=P59&hospital=pref&longest=300",
        "in-prefecture county; in-region city; outside sea unsafe");
    expect("code=P59&hospital=pref&limit=60",
        "in-prefecture county unsafe; in-region city unsafe; outside sea unsafe");
    s = ask("code=P59&hospital=pref&state=unstable,needs-oxygen");
    assert_non_null(reason(s, 0, "company"));
    said_free(s);
}

static void languages_are_told(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_jaundice("county");
    s = ask(JAUNDICE "&language=zh-CN");
    assert_non_null(reason(s, 0, "language"));
    said_free(s);
    s = ask(JAUNDICE "&language=xx");
    assert_non_null(reason(s, 0, "no-language"));
    said_free(s);
    put_doctor((struct doctor){
        .id = "tongue", .unit = "county", .role = "interpreter", .language = "bo"});
    s = ask(JAUNDICE "&language=bo");
    assert_non_null(reason(s, 0, "interpreter"));
    said_free(s);
}

static void what_is_listed_is_told(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_jaundice("county");
    s = ask(JAUNDICE);
    assert_string_equal(told(s, 0, "listed"), "false");
    said_free(s);
    put("HealthcareService/light",
        "{\"resourceType\":\"HealthcareService\",\"id\":\"light\",\"providedBy\":{"
        "\"reference\":\"Organization/county-surgery\"},\"type\":[{\"coding\":[{"
        "\"system\":\"https://belay.health/CodeSystem/procedure\",\"code\":"
        "\"phototherapy\"}]}]}");
    s = ask(JAUNDICE);
    assert_string_equal(told(s, 0, "listed"), "true");
    said_free(s);
}

static const char *reach(const char *home, const char *to)
{
    const struct network *n = NULL;
    struct err err = {0};
    const char *word = NULL;

    assert_int_equal(networks_take(node.app->networks, &n, &err), 0);
    word = network_reach(n, str_of(home), str_of(to));
    network_release(n);
    return word ? word : "not known";
}

#define AT(hospital) "Organization/" hospital

static void how_far_from_home(void **state)
{
    (void)state;
    assert_string_equal(reach(AT("county"), AT("county")), "prefecture");
    assert_string_equal(reach(AT("county"), AT("pref")), "prefecture");
    assert_string_equal(reach(AT("county"), AT("city")), "region");
    assert_string_equal(reach(AT("city"), AT("county")), "region");
    assert_string_equal(reach(AT("county"), AT("sea")), "beyond");
    assert_string_equal(reach(AT("county"), AT("nowhere")), "not known");
}

#define EACH(test) cmocka_unit_test_setup_teardown(test, open_node, close_node)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(nobody_is_no_option),
        EACH(nearest_comes_first),
        EACH(ways_are_put_together),
        EACH(posts_and_sign_offs_end),
        EACH(equipment_counts),
        EACH(experts_visit),
        EACH(twins_advise),
        EACH(hands_must_have_learnt),
        EACH(the_weakest_decides),
        EACH(duty_is_in_the_places_time),
        EACH(leave_and_unknown_duty),
        EACH(beds_are_counted),
        EACH(the_state_of_the_patient_counts),
        EACH(languages_are_told),
        EACH(what_is_listed_is_told),
        EACH(how_far_from_home),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
