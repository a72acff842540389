/* SPDX-License-Identifier: Apache-2.0 */
/*
 * $propose, $agree, $extend, $stop and $lineage: what each writes, each refusal, and that
 * nothing opens before all have agreed. dawa, a nurse of the county, learns from chen.
 */
#include "logbook.h"

#define DAY(name, day) "{\"name\":\"" name "\",\"valueDate\":\"" day "\"}"
#define GOAL(code)                                                                     \
    "{\"name\":\"goal\",\"part\":[" CODE("procedure", code) ",{\"name\":"              \
                                                            "\"target-level\","        \
                                                            "\"valueInteger\":4}]}"
#define PAIR                                                                           \
    WHO("learning-department", "Organization/county-surgery")                          \
    "," WHO("teaching-department", "Organization/twin-surgery")
#define PEOPLE(apprentice, master)                                                     \
    WHO("apprentice", "Practitioner/" apprentice)                                      \
    "," WHO("master", "Practitioner/" master)
#define END DAY("end", "2026-06-30")
#define DAWA PEOPLE("dawa", "chen") "," PAIR "," GOAL("appendectomy") "," END
#define WHY TEXT("reason", "Goes home")

static const char path[] = "Apprenticeship/$propose";

static const char *id_of(struct said *s)
{
    const char *id = said_text(s, "id");

    id = arena_strndup(arena, id, strlen(id));
    said_free(s);
    return id;
}

static const char *at(const char *id, const char *operation)
{
    return arena_printf(arena, "Apprenticeship/%s/$%s", id, operation);
}

static const char *proposed(const char *person, const char *parameters)
{
    return id_of(post_status(person, path, parameters, 201));
}

static void assert_status(const char *id, const char *status)
{
    struct said *s =
        said_status(get_as(NULL, arena_printf(arena, "Apprenticeship/%s", id)), 200);

    assert_string_equal(said_text(s, "status"), status);
    said_free(s);
}

/* One that runs, of dawa and chen. */
static const char *running(void)
{
    const char *id = proposed("dawa", DAWA);

    said_free(post_status("chen", at(id, "agree"), "", 200));
    said_free(post_status("head-county", at(id, "agree"), "", 200));
    return id;
}

/* ---- all three agree ---- */

static void test_three(void **state)
{
    struct said *s = post_status("dawa", path,
        DAWA "," DAY("start", "2026-01-05") "," TEXT("note", "At last"), 201);
    const char *id = NULL;

    (void)state;
    assert_string_equal(said_text(s, "status"), "planned");
    assert_string_equal(said_text(s, "apprentice.reference"), "Practitioner/dawa");
    assert_string_equal(said_text(s, "period.start"), "2026-01-05");
    assert_string_equal(said_text(s, "period.end"), "2026-06-30");
    assert_string_equal(said_text(s, "goal.0.procedure.coding.0.code"), "appendectomy");
    assert_string_equal(said_text(s, "goal.0.targetLevel"), "4");
    assert_int_equal(said_count(s, "agreement"), 1);
    assert_string_equal(said_text(s, "agreement.0.role"), "apprentice");
    assert_string_equal(said_text(s, "note.0.text"), "At last");
    id = id_of(s);
    s = post_status("head-county", at(id, "agree"), "", 200);
    assert_string_equal(said_text(s, "status"), "planned");
    assert_string_equal(said_text(s, "agreement.1.role"), "learning-department");
    assert_string_equal(
        said_text(s, "agreement.1.party.reference"), "Practitioner/head-county");
    said_free(s);
    said_free(post_status("head-county", at(id, "agree"), "", 200)); /* twice */
    said_free(
        post_status("head-twin", at(id, "agree"), "", 200)); /* not in his stead */
    assert_status(id, "planned");
    s = post_status("chen", at(id, "agree"), "", 200);
    assert_string_equal(said_text(s, "status"), "active");
    assert_int_equal(said_count(s, "agreement"), 4);
    assert_string_equal(said_text(s, "note.0.text"), "At last");
    said_free(s);
    s = post_status("chen", at(id, "agree"), "", 200); /* said twice */
    assert_int_equal(said_count(s, "agreement"), 4);
    said_free(s);
}

/* Who learns cannot speak for the department, head or not. */
static void test_head_learns(void **state)
{
    const char *id = proposed("head-county",
        PEOPLE("head-county", "chen") "," PAIR "," GOAL("appendectomy") "," END);
    struct said *s = NULL;

    (void)state;
    said_free(post_status("chen", at(id, "agree"), "", 200));
    assert_status(id, "planned");
    s = post_status("head-twin", at(id, "agree"), "", 200);
    assert_string_equal(said_text(s, "status"), "active");
    said_free(s);
}

static void test_once(void **state)
{
    const char *given =
        DAWA ",{\"name\":\"id\",\"valueId\":\"2f6b5b1e-9a1c-4b7e-8f7a-0c8d9e0f1a2b\"}";

    (void)state;
    said_free(post_status("dawa", path, given, 201));
    said_free(post_status("dawa", path, given, 200));
    refused("chen", path, given, 409);
    refused("chen", path, DAWA, 409); /* the same two, the same procedure and time */
    said_free(post_status("chen", path,
        PEOPLE("dawa", "chen") "," PAIR "," GOAL("cholecystectomy") "," END, 201));
}

static void test_refused(void **state)
{
    (void)state;
    refused("nima", path, DAWA, 403); /* neither of them, and no head */
    refused("head-medicine", path, DAWA, 403);
    refused("director", path, DAWA, 403);
    refused(NULL, path, DAWA, 403);
    refused("dawa", path,
        PEOPLE("dawa", "dawa") "," PAIR "," GOAL("appendectomy") "," END, 400);
    refused("dawa", path, PEOPLE("dawa", "chen") "," PAIR "," END, 400);
    refused(
        "dawa", path, PEOPLE("dawa", "chen") "," PAIR "," GOAL("magic") "," END, 400);
    refused("dawa", path, DAWA "," GOAL("appendectomy"), 400); /* named twice */
    refused(
        "dawa", path, PEOPLE("dawa", "chen") "," PAIR "," GOAL("appendectomy"), 400);
    refused("dawa", path,
        PEOPLE("dawa", "chen") "," PAIR
                               "," GOAL("appendectomy") "," DAY("end", "2025-12-31"),
        400);
    refused("dawa", path,
        PEOPLE("dawa", "chen") "," PAIR "," GOAL("appendectomy") "," DAY("end", "2026"),
        400);
    refused("dawa", path, DAWA "," DAY("start", "2026-07-01"), 400);
    refused("dawa", path, /* she has no post at the twin */
        PEOPLE("dawa", "chen") "," WHO("learning-department",
            "Organization/twin-surgery") "," WHO("teaching-department",
            "Organization/twin-surgery") "," GOAL("appendectomy") "," END,
        400);
    refused("dawa", path, /* nor he with medicine */
        PEOPLE("dawa", "chen") "," WHO("learning-department",
            "Organization/county-surgery") "," WHO("teaching-department",
            "Organization/twin-medicine") "," GOAL("appendectomy") "," END,
        400);
    refused("azamat", path, /* no pairing between the two is in force */
        PEOPLE("azamat", "dawa") "," WHO("learning-department",
            "Organization/abroad-surgery") "," WHO("teaching-department",
            "Organization/county-surgery") "," GOAL("appendectomy") "," END,
        400);
    refused("dawa", path, DAWA ",{\"name\":\"id\",\"valueId\":\"mine\"}", 400);
    said_free(said_status(get_as("dawa", path), 405));
}

/* ---- nothing opens before ---- */

static void logbook_is(const char *person, int status)
{
    said_free(said_status(get_as(person, "Practitioner/tashi/$logbook"), status));
}

static void test_opens_nothing(void **state)
{
    const char *id = proposed(
        "wang", PEOPLE("tashi", "wang") "," WHO("learning-department",
                    "Organization/county-surgery") "," WHO("teaching-department",
                    "Organization/twin-medicine") "," GOAL("appendectomy") "," END);

    (void)state;
    logbook_is("wang", 403);
    logbook_is("head-medicine", 403);
    said_free(said_status(get_as("head-medicine", "Observation/rating"), 404));
    refused("tashi", at(id, "stop"), WHY, 200);
    assert_status(id, "declined");
    logbook_is("wang", 403);
    said_free(said_status(get_as("head-medicine", "Observation/rating"), 404));
    refused("wang", at(id, "agree"), "", 409);
    id = proposed(
        "wang", PEOPLE("tashi", "wang") "," WHO("learning-department",
                    "Organization/county-surgery") "," WHO("teaching-department",
                    "Organization/twin-medicine") "," GOAL("appendectomy") "," END);
    said_free(post_status("tashi", at(id, "agree"), "", 200));
    logbook_is("wang", 403);
    said_free(post_status("head-county", at(id, "agree"), "", 200));
    logbook_is("wang", 200);
    logbook_is("head-medicine", 200);
    said_free(said_status(get_as("head-medicine", "Observation/rating"), 200));
}

/* A plain write forges no agreement, by whomever. */
static void test_forged(void **state)
{
    static const char *const people[] = {
        "tashi", "chen", "head-county", "head-twin", "nima", "coordinator"};
    const char *body =
        "{\"resourceType\":\"Apprenticeship\",\"id\":\"tashi-chen\",\"status\":"
        "\"active\",\"apprentice\":{\"reference\":\"Practitioner/tashi\"},\"master\":"
        "{\"reference\":\"Practitioner/chen\"},\"learningDepartment\":{\"reference\":"
        "\"Organization/county-surgery\"},\"agreement\":[{\"party\":{\"reference\":"
        "\"Practitioner/tashi\"},\"role\":\"apprentice\"}]}";

    (void)state;
    for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++) {
        write_as(people[i], APP_PUT, "Apprenticeship/tashi-chen", body, 403);
        write_as(people[i], APP_POST, "Apprenticeship", body, 403);
        write_as(people[i], APP_DELETE, "Apprenticeship/tashi-chen", NULL, 403);
    }
    write_as(NULL, APP_PUT, "Apprenticeship/tashi-chen", body, 200); /* the operator */
}

/* ---- $extend ---- */

static void test_extend(void **state)
{
    const char *id = running();
    struct said *s =
        post_status("chen", at(id, "extend"), DAY("end", "2026-09-30"), 200);

    (void)state;
    assert_string_equal(said_text(s, "proposedEnd"), "2026-09-30");
    assert_string_equal(said_text(s, "period.end"), "2026-06-30");
    said_free(s);
    refused("dawa", at(id, "agree"), "", 409); /* to which end? */
    refused("dawa", at(id, "agree"), DAY("end", "2026-12-31"), 409);
    said_free(post_status("dawa", at(id, "agree"), DAY("end", "2026-09-30"), 200));
    /* another end: what was said to the first counts no more */
    s = post_status("head-county", at(id, "extend"), DAY("end", "2026-10-31"), 200);
    assert_string_equal(said_text(s, "period.end"), "2026-06-30");
    assert_int_equal(said_count(s, "agreement"), 4);
    said_free(s);
    said_free(post_status("dawa", at(id, "agree"), DAY("end", "2026-10-31"), 200));
    s = post_status("chen", at(id, "extend"), DAY("end", "2026-10-31"), 200);
    assert_string_equal(said_text(s, "period.end"), "2026-10-31");
    assert_string_equal(said_text(s, "period.start"), "2026-01-01");
    assert_string_equal(said_text(s, "proposedEnd"), "");
    assert_string_equal(said_text(s, "status"), "active");
    said_free(s);
    refused("chen", at(id, "extend"), DAY("end", "2026-10-31"), 400);
    refused("chen", at(id, "extend"), DAY("end", "2046-10-31"), 400);
    refused("nima", at(id, "extend"), DAY("end", "2026-12-31"), 404);
    time_hold(NOW + 400LL * 24 * 3600 * 1000);
    refused("chen", at(id, "extend"), DAY("end", "2027-12-31"), 409);
}

/* ---- $stop ---- */

static void test_stop(void **state)
{
    const char *id = running();
    struct said *s = NULL;

    (void)state;
    refused("chen", at(id, "stop"), "", 400);
    refused("nima", at(id, "stop"), WHY, 404);
    refused("dawa", at(id, "stop"),
        WHY ",{\"name\":\"completed\",\"valueBoolean\":true}", 403);
    time_hold(NOW + 3600LL * 1000);
    s = post_status("dawa", at(id, "stop"), WHY, 200);
    assert_string_equal(said_text(s, "status"), "stopped");
    assert_string_equal(said_text(s, "period.end"), "2026-01-01T01:00:00.000Z");
    assert_string_equal(said_text(s, "note.0.text"), "Goes home");
    assert_string_equal(
        said_text(s, "note.0.authorReference.reference"), "Practitioner/dawa");
    said_free(s);
    refused("chen", at(id, "stop"), WHY, 409);
    refused("chen", at(id, "agree"), "", 409);
    id = running();
    s = post_status("head-county", at(id, "stop"),
        WHY ",{\"name\":\"completed\",\"valueBoolean\":true}", 200);
    assert_string_equal(said_text(s, "status"), "completed");
    said_free(s);
}

/* Agreed to, but stopped before its first day: it never was one. */
static void test_stop_before(void **state)
{
    const char *id = proposed("dawa", DAWA "," DAY("start", "2026-02-01"));

    (void)state;
    said_free(post_status("chen", at(id, "agree"), "", 200));
    said_free(post_status("head-county", at(id, "agree"), "", 200));
    assert_status(id, "active");
    refused("chen", at(id, "stop"),
        WHY ",{\"name\":\"completed\",\"valueBoolean\":true}", 409);
    said_free(post_status("chen", at(id, "stop"), WHY, 200));
    assert_status(id, "declined");
}

/* What nobody agreed to in time cannot be agreed to any more. */
static void test_too_late(void **state)
{
    const char *id = proposed("dawa", DAWA);

    (void)state;
    time_hold(NOW + 200LL * 24 * 3600 * 1000);
    refused("chen", at(id, "agree"), "", 409);
    said_free(post_status("chen", at(id, "stop"), WHY, 200));
    assert_status(id, "declined");
}

/* ---- $lineage ---- */

static const struct json *tie(struct said *s, int n)
{
    return parts_of(json_get(s->json, "parameter"), "tie", n);
}

static struct said *lineage(const char *person, const char *whose)
{
    return said_status(
        get_as(person, arena_printf(arena, "Practitioner/%s/$lineage", whose)), 200);
}

static size_t ties(const char *person, const char *whose)
{
    struct said *s = lineage(person, whose);
    size_t count = 0;

    while (tie(s, (int)count))
        count++;
    said_free(s);
    return count;
}

/* wang taught chen at the twin, who teaches tashi of the county. */
static void test_lineage(void **state)
{
    struct said *s = NULL;

    (void)state;
    write_as(NULL, APP_PUT, "Apprenticeship/chen-wang",
        "{\"resourceType\":\"Apprenticeship\",\"id\":\"chen-wang\",\"status\":"
        "\"stopped\",\"period\":{\"start\":\"2020-01-01\",\"end\":\"2021-01-01\"},"
        "\"apprentice\":{\"reference\":\"Practitioner/chen\"},\"master\":"
        "{\"reference\":\"Practitioner/wang\"},\"learningDepartment\":{\"reference\":"
        "\"Organization/twin-surgery\"},\"teachingDepartment\":{\"reference\":"
        "\"Organization/twin-medicine\"},\"goal\":[{\"procedure\":{\"coding\":[{"
        "\"code\":\"appendectomy\"}]}}]}",
        201);
    s = lineage("chen", "tashi"); /* both: master of one, apprentice of the other */
    assert_string_equal(part(tie(s, 0), "master"), "Practitioner/chen");
    assert_string_equal(part(tie(s, 0), "apprentice"), "Practitioner/tashi");
    assert_string_equal(part(tie(s, 0), "state"), "under-way");
    assert_string_equal(part(tie(s, 0), "id"), "tashi-chen");
    assert_string_equal(part(tie(s, 1), "master"), "Practitioner/wang");
    assert_string_equal(part(tie(s, 1), "procedure"), "appendectomy");
    said_free(s);
    s = lineage("nima", "tashi"); /* a colleague of the county: of that side alone */
    assert_string_equal(part(tie(s, 0), "master"), "Practitioner/chen");
    assert_string_equal(part(tie(s, 0), "id"), "");
    assert_null(tie(s, 1));
    said_free(s);
    s = lineage("head-medicine", "wang"); /* both ties touch the twin */
    assert_string_equal(part(tie(s, 0), "apprentice"), "Practitioner/chen");
    assert_string_equal(part(tie(s, 0), "until"), "2021-01-01");
    assert_string_equal(part(tie(s, 0), "state"), "ended"); /* not how */
    assert_string_equal(part(tie(s, 0), "procedure"), "appendectomy");
    assert_string_equal(part(tie(s, 1), "apprentice"), "Practitioner/tashi");
    assert_string_equal(part(tie(s, 1), "id"), "");
    assert_string_equal(part(tie(s, 1), "procedure"), "");
    said_free(s);
    assert_int_equal(ties("azamat", "tashi"), 0);
    assert_int_equal(ties("admin", "tashi"), 0);
    assert_int_equal(ties("nobody", "tashi"), 0);
    assert_int_equal(ties("nima", "wang"), 0); /* and not through what is not told */
    assert_int_equal(ties(NULL, "wang"), 2);
    said_free(said_status(get_as("nima", "Practitioner/unheard/$lineage"), 404));
    said_free(said_status(get_as("nima", "Practitioner/tashi/$lineage?a=b"), 400));
}

/* A proposal is no tie, not for those either whom it names. */
static void test_lineage_proposal(void **state)
{
    (void)state;
    (void)proposed("dawa", DAWA);
    assert_int_equal(ties("dawa", "dawa"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_network, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_three),
        TEST(test_head_learns),
        TEST(test_once),
        TEST(test_refused),
        TEST(test_opens_nothing),
        TEST(test_forged),
        TEST(test_extend),
        TEST(test_stop),
        TEST(test_stop_before),
        TEST(test_too_late),
        TEST(test_lineage),
        TEST(test_lineage_proposal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
