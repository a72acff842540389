/* SPDX-License-Identifier: Apache-2.0 */
/* Teams, their terms and postings; $roster; who writes them. */
#include "app/app_internal.h"
#include "app/network_internal.h"
#include "roster.h"

#define HOUR_MS 3600000LL

/* ---- what is shown ---- */

static void test_shown(void **state)
{
    struct said *s = NULL;
    const struct json *one = NULL;

    (void)state;
    put_team(NULL);
    s = roster("nima", "county/$roster?from=2026-01-01&until=2026-03-31");
    one = batch(s, "8");
    assert_string_equal(part(one, "leader"), "Practitioner/chen");
    assert_string_equal(part(one, "body"), "Organization/twin");
    assert_string_equal(part(one, "host"), "Organization/county");
    assert_string_equal(
        part(parts_of(one, "term", 0), "until"), "2026-06-01T00:00:00.000Z");
    one = listed(s, "posting", 0);
    assert_string_equal(part(one, "person"), "Practitioner/chen");
    assert_string_equal(part(one, "department"), "Organization/county-surgery");
    assert_string_equal(part(one, "team"), "Organization/team-8");
    assert_null(listed(s, "posting", 1));
    assert_string_equal(
        part(listed(s, "department", 0), "head"), "Practitioner/head-county");
    /* nobody has looked at anything on arrival */
    assert_string_equal(part(listed(s, "problem", 0), "kind"), "unchecked");
    assert_string_equal(part(listed(s, "problem", 0), "posting"), "posting-chen");
    assert_null(listed(s, "problem", 1));
    said_free(s);
    s = roster("nima", "team-8/$roster");
    assert_string_equal(part(listed(s, "posting", 0), "person"), "Practitioner/chen");
    said_free(s);
    s = roster("wang", "twin/$roster"); /* who sends them sees them too */
    assert_string_equal(part(listed(s, "posting", 0), "id"), "posting-chen");
    said_free(s);
    s = roster("nima", "county/$roster?from=2027-01-01&until=2027-02-01");
    assert_null(listed(s, "posting", 0));
    said_free(s);
}

static void test_asked(void **state)
{
    static const char *const bad[] = {"?from=2026", "?until=x", "?x=1",
        "?from=2026-02-01&until=2026-01-01", "?from=2020-01-01&until=2026-01-01"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        said_free(said_status(
            get_as(
                "nima", arena_printf(arena, "Organization/county/$roster%s", bad[i])),
            400));
    said_free(said_status(get_as("nima", "Organization/none/$roster"), 404));
    said_free(said_status(get_as("nima", "Organization/$roster"), 404));
}

/* ---- problems are told ---- */

static void test_problems(void **state)
{
    struct said *s = NULL;
    const struct json *one = NULL;

    (void)state;
    put_team(NULL);
    put(NULL, "PractitionerRole/posting-two",
        POSTING("posting-two", "chen", "expert", "abroad-surgery", "2026-02-01",
            "2026-06-30", ""),
        201);
    s = roster("nima", "county/$roster");
    one = problem(s, "clash");
    assert_non_null(one);
    assert_string_equal(part(one, "posting"), "posting-chen");
    assert_string_equal(part(one, "other"), "posting-two");
    assert_string_equal(part(one, "from"), "2026-02-01T00:00:00.000Z");
    assert_string_equal(part(listed(s, "posting", 1), "id"), "posting-two");
    said_free(s);
    s = roster("nima", "team-8/$roster");
    one = problem(s, "outside-term");
    assert_non_null(one);
    assert_string_equal(part(one, "posting"), "posting-two");
    assert_string_equal(part(one, "from"), "2026-06-01T00:00:00.000Z");
    said_free(s);
    put(NULL, "Organization/county-eyes",
        "{\"resourceType\":\"Organization\",\"id\":\"county-eyes\",\"name\":\"Eyes\","
        "\"partOf\":{\"reference\":\"Organization/county\"}}",
        201);
    s = roster("nima", "county/$roster");
    one = problem(s, "no-head");
    assert_non_null(one);
    assert_string_equal(part(one, "department"), "Organization/county-eyes");
    said_free(s);
}

static void test_gap(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_team(NULL);
    put(NULL, "PractitionerRole/posting-chen",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"posting-chen\",\"active\":"
        "true,"
        "\"practitioner\":{\"reference\":\"Practitioner/chen\"},\"organization\":{"
        "\"reference\":\"Organization/county-surgery\"},\"code\":[{\"coding\":[{"
        "\"system\":\"" SYSTEM
        "role\",\"code\":\"expert\"}]}],\"period\":{\"start\":\"2025-12-01\",\"end\":"
        "\"2026-05-31\"},\"notAvailable\":[{\"description\":\"Leave\",\"during\":{"
        "\"start\":\"2026-02-10\",\"end\":\"2026-02-16\"}}],\"extension\":[{\"url\":"
        "\"https://belay.health/StructureDefinition/posting-team\",\"valueReference\":{"
        "\"reference\":\"Organization/team-8\"}}]}",
        200);
    s = roster("nima", "county-surgery/$roster");
    assert_string_equal(part(problem(s, "gap"), "from"), "2026-02-10T00:00:00.000Z");
    assert_string_equal(part(parts_of(listed(s, "department", 0), "gap", 0), "until"),
        "2026-02-17T00:00:00.000Z");
    assert_non_null(parts_of(listed(s, "posting", 0), "away", 0));
    said_free(s);
    put(NULL, "PractitionerRole/posting-wang",
        POSTING("posting-wang", "wang", "expert", "county-surgery", "2026-02-10",
            "2026-02-16",
            ",{\"url\":\"https://belay.health/StructureDefinition/replaces\","
            "\"valueReference\":{\"reference\":\"PractitionerRole/posting-chen\"}}"),
        201);
    s = roster("nima", "county-surgery/$roster");
    assert_null(problem(s, "gap"));
    assert_string_equal(part(listed(s, "posting", 1), "replaces"), "posting-chen");
    said_free(s);
}

/* ---- arrival ---- */

static void test_arrival(void **state)
{
    struct said *s = NULL;
    const struct json *fresh = NULL;

    (void)state;
    put_arrival("4500");
    s = roster("nima", "team-8/$roster");
    assert_string_equal(
        part(parts_of(listed(s, "posting", 0), "check", 0), "outcome"), "conditions");
    assert_string_equal(
        part(parts_of(listed(s, "posting", 0), "check", 0), "by"), "Practitioner/nima");
    fresh = parts_of(listed(s, "posting", 0), "acclimatisation", 0);
    assert_string_equal(part(fresh, "rule"), "arrival-d0-d3/1");
    assert_string_equal(part(fresh, "altitude"), "4500");
    assert_string_equal(part(fresh, "from"), "2025-12-31T16:00:00.000Z");
    assert_string_equal(part(fresh, "until"), "2026-01-04T16:00:00.000Z");
    assert_string_equal(part(fresh, "first-day"), "2026-01-01");
    assert_string_equal(part(fresh, "last-day"), "2026-01-04");
    assert_string_equal(part(parts_of(fresh, "not-counted", 0), "why"), "night");
    assert_string_equal(
        part(parts_of(fresh, "not-counted", 0), "from"), "2026-01-01T12:00:00.000Z");
    assert_null(parts_of(fresh, "not-counted", 1)); /* by day others are there */
    said_free(s);
}

/* The router sees the duties that count, and no others. */
static void test_duty(void **state)
{
    const struct network *n = NULL;
    struct capability_interval duty = {0, 0};
    const struct network_post *post = NULL;
    struct err err = {0};

    (void)state;
    put_arrival("4500");
    assert_int_equal(networks_take(node.app->networks, &n, &err), 0);
    for (size_t i = 0; i < n->post_count; i++) {
        if (str_is(n->posts[i].id, "posting-chen"))
            post = &n->posts[i];
    }
    assert_non_null(post);
    /* not the night of the first, but the day of the second */
    assert_true(network_duty(n, post, NOW, &duty));
    assert_int_equal(duty.from, NOW + 24 * HOUR_MS);
    network_release(n);
    put(NULL, "Location/county-site",
        "{\"resourceType\":\"Location\",\"id\":\"county-site\",\"name\":\"County\","
        "\"position\":{\"longitude\":92,\"latitude\":31,\"altitude\":900},"
        "\"managingOrganization\":{\"reference\":\"Organization/county\"},"
        "\"extension\":[{\"url\":"
        "\"https://belay.health/StructureDefinition/utc-offset\","
        "\"valueInteger\":480}]}",
        200);
    assert_int_equal(networks_take(node.app->networks, &n, &err), 0);
    for (size_t i = 0; i < n->post_count; i++) {
        if (str_is(n->posts[i].id, "posting-chen"))
            post = &n->posts[i];
    }
    assert_true(network_duty(n, post, NOW, &duty));
    assert_int_equal(duty.from, NOW + 12 * HOUR_MS); /* where the height is none */
    network_release(n);
}

/* ---- who writes ---- */

static void test_writers(void **state)
{
    static const char *const nobody[] = {
        "nima", "chen", "interpreter", "quality", "desk", "auditor"};

    (void)state;
    for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++) {
        write_as(nobody[i], APP_POST, "Organization", TEAM("x", "9"), 403);
        write_as(nobody[i], APP_POST, "OrganizationAffiliation",
            TERM("x", "team-8", "2026-01-01", "2026-02-01"), 403);
        write_as(nobody[i], APP_POST, "PractitionerRole",
            POSTING("x", "wang", "expert", "county-surgery", "2026-01-01", "2026-02-01",
                ""),
            403);
    }
    write_as("coordinator", APP_POST, "Organization", TEAM("x", "9"), 201);
    put_team(NULL);
    write_as("coordinator", APP_POST, "OrganizationAffiliation",
        TERM("x", "team-8", "2026-06-01", "2026-07-01"), 201);
    write_as("coordinator", APP_POST, "PractitionerRole",
        POSTING(
            "x", "wang", "expert", "county-surgery", "2026-01-01", "2026-02-01", ""),
        201);
    write_as("head-county", APP_POST, "PractitionerRole",
        POSTING(
            "x", "wang", "expert", "county-surgery", "2026-03-01", "2026-04-01", ""),
        201);
    write_as("head-county", APP_POST, "PractitionerRole",
        POSTING("x", "wang", "expert", "twin-medicine", "2026-03-01", "2026-04-01", ""),
        403);
}

/* A team is written by the coordinators of its body, of its host and of the programme. */
static void test_whose_team(void **state)
{
    (void)state;
    put_coordinator("of-body", "twin");
    put_coordinator("of-host", "county");
    put_coordinator("of-third", "abroad");
    write_as("of-third", APP_POST, "Organization", TEAM("x", "9"), 403);
    write_as("of-host", APP_POST, "Organization", TEAM("x", "9"), 403);
    write_as("of-body", APP_POST, "Organization", TEAM("x", "9"), 201);
    put(NULL, "Organization/team-8", TEAM("team-8", "8"), 201);
    put("of-host", "Organization/team-8", TEAM("team-8", "9"), 403); /* no term yet */
    write_as("of-third", APP_POST, "OrganizationAffiliation",
        TERM("term-8", "team-8", "2025-12-01", "2026-05-31"), 403);
    /* who writes a term does not get the team by it */
    write_as("of-host", APP_POST, "OrganizationAffiliation",
        TERM("own", "team-8", "2025-12-01", "2026-05-31"), 201);
    put("of-host", "Organization/team-8", TEAM("team-8", "9"), 403);
    write_as("of-body", APP_POST, "OrganizationAffiliation",
        TERM("term-8", "team-8", "2025-12-01", "2026-05-31"), 201);
    put("of-host", "Organization/team-8", TEAM("team-8", "9"), 200);
    put("of-body", "Organization/team-8", TEAM("team-8", "10"), 200);
    put("coordinator", "Organization/team-8", TEAM("team-8", "11"), 200);
    put("of-third", "Organization/team-8", TEAM("team-8", "12"), 403);
    /* a host does not take a team from its body */
    put("of-host", "Organization/team-8",
        "{\"resourceType\":\"Organization\",\"id\":\"team-8\",\"name\":\"Ours\","
        "\"type\":[{\"coding\":[{\"system\":\"" SYSTEM
        "organization-kind\",\"code\":\"team\"}]}],\"partOf\":{\"reference\":"
        "\"Organization/county\"}}",
        403);
    write_as("of-third", APP_POST, "PractitionerRole",
        POSTING(
            "x", "wang", "expert", "county-surgery", "2026-01-01", "2026-02-01", ""),
        403);
    write_as("of-host", APP_POST, "PractitionerRole",
        POSTING(
            "x", "wang", "expert", "county-surgery", "2026-01-01", "2026-02-01", ""),
        201);
}

#define FITNESS(by, outcome)                                                           \
    ",{\"url\":\"https://belay.health/StructureDefinition/arrival-check\","            \
    "\"extension\":[{\"url\":\"kind\",\"valueCode\":\"altitude-fitness\"},{\"url\":"   \
    "\"outcome\",\"valueCode\":\"" outcome                                             \
    "\"},{\"url\":\"by\",\"valueReference\":{\"reference\":\"Practitioner/" by         \
    "\"}},{\"url\":\"on\",\"valueDate\":\"2026-01-01\"}]}"
#define POSTED(who, until, more)                                                       \
    POSTING("posting-chen", who, "expert", "county-surgery", "2025-12-01", until, more)
#define DECIDE "PractitionerRole/posting-chen/$fitness"
#define OUTCOME(code) CODE("outcome", code)

static void assert_fitness(const char *outcome, const char *by)
{
    struct said *s = roster("nima", "team-8/$roster");
    const struct json *check = parts_of(listed(s, "posting", 0), "check", 0);

    assert_string_equal(part(check, "outcome"), outcome);
    assert_string_equal(part(check, "by"), by);
    assert_null(parts_of(listed(s, "posting", 0), "check", 1));
    said_free(s);
}

/* Nobody enters what another is to have decided, whoever is named in it. */
static void test_fitness_entered(void **state)
{
    static const char *const writers[] = {"coordinator", "head-county", "admin"};
    static const char *const entered[] = {FITNESS("nima", "passed"),
        FITNESS("head-county", "passed"), FITNESS("dawa", "passed"),
        FITNESS("coordinator", "passed"), FITNESS("chen", "passed"),
        FITNESS("no-such", "passed")};

    (void)state;
    put_team(NULL);
    for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++) {
        for (size_t k = 0; k < sizeof(entered) / sizeof(entered[0]); k++)
            put(writers[i], "PractitionerRole/posting-chen",
                arena_printf(arena, POSTED("chen", "2026-05-31", "%s"), entered[k]),
                403);
        write_as(writers[i], APP_POST, "PractitionerRole",
            POSTING("x", "wang", "expert", "county-surgery", "2026-01-01", "2026-02-01",
                FITNESS("nima", "passed")),
            403);
    }
    assert_fitness("", "");
}

/* It is decided by another doctor, of the host or of the body that sends the team. */
static void test_fitness(void **state)
{
    static const char *const nobody[] = {"coordinator", "director", "admin", "dawa",
        "tashi", "desk", "chen", "azamat", "past", "nobody"};

    (void)state;
    put_team(NULL);
    for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
        refused(nobody[i], DECIDE, OUTCOME("passed"), 403);
    refused("nima", DECIDE, OUTCOME("well"), 400);
    refused("nima", DECIDE, OUTCOME("passed") "," CODE("by", "wang"), 400);
    refused("nima", "PractitionerRole/role-dawa/$fitness", OUTCOME("passed"), 400);
    refused("nima", "PractitionerRole/no-such/$fitness", OUTCOME("passed"), 404);
    assert_fitness("", "");
    said_free(post_status("wang", DECIDE, OUTCOME("failed"), 200)); /* of the body */
    assert_fitness("failed", "Practitioner/wang");
    said_free(post_status("nima", DECIDE, OUTCOME("conditions"), 200));
    assert_fitness("conditions", "Practitioner/nima");
}

/* What was decided stays with the person, whatever else is written of the post. */
static void test_fitness_kept(void **state)
{
    (void)state;
    put_team(NULL);
    said_free(post_status("nima", DECIDE, OUTCOME("failed"), 200));
    put("coordinator", "PractitionerRole/posting-chen",
        POSTED("chen", "2026-04-30", ""), 403);
    put("coordinator", "PractitionerRole/posting-chen",
        POSTED("chen", "2026-04-30", FITNESS("nima", "passed")), 403);
    put("coordinator", "PractitionerRole/posting-chen",
        POSTED("wang", "2026-05-31", FITNESS("nima", "failed")), 403);
    put("coordinator", "PractitionerRole/posting-chen",
        POSTED(
            "chen", "2026-05-31", FITNESS("nima", "failed") FITNESS("nima", "passed")),
        403);
    put("coordinator", "PractitionerRole/posting-chen",
        POSTED("chen", "2026-04-30", FITNESS("nima", "failed")), 200);
    assert_fitness("failed", "Practitioner/nima");
}

/* A team of ${body} and its term at the county, in one transaction as the page sends it. */
static void make_both(const char *person, const char *body, int status)
{
    const char *mark = "urn:uuid:5f0c2a64-6f0e-4a7e-9a57-0f6b9f2f5a11";
    const char *both = arena_printf(arena,
        "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{\"fullUrl\":"
        "\"%s\",\"resource\":{\"resourceType\":\"Organization\",\"name\":\"Batch 9\","
        "\"type\":[{\"coding\":[{\"system\":\"" SYSTEM
        "organization-kind\",\"code\":\"team\"}]}],\"partOf\":{\"reference\":"
        "\"Organization/%s\"}},\"request\":{\"method\":\"POST\",\"url\":"
        "\"Organization\"}},{\"resource\":{\"resourceType\":"
        "\"OrganizationAffiliation\","
        "\"active\":true,\"code\":[{\"coding\":[{\"system\":\"" SYSTEM
        "affiliation\",\"code\":\"team-at-host\"}]}],\"organization\":{\"reference\":"
        "\"Organization/county\"},\"participatingOrganization\":{\"reference\":\"%s\"},"
        "\"period\":{\"start\":\"2026-06-01\",\"end\":\"2026-12-31\"}},\"request\":{"
        "\"method\":\"POST\",\"url\":\"OrganizationAffiliation\"}}]}",
        mark, body, mark);

    said_free(said_status(
        as(person, (struct ask){.method = APP_POST, .path = "", .body = both}),
        status));
}

static void test_made_together(void **state)
{
    (void)state;
    put_coordinator("of-body", "twin");
    put_coordinator("of-third", "abroad");
    make_both("of-third", "twin", 403);
    make_both("director", "twin", 403);
    make_both("head-county", "county", 403);
    make_both("of-body", "twin", 200);
    make_both("director", "county", 200);
}

/* What a coordinator gives is a posting of a team, and nothing that could be called one. */
static void test_no_more(void **state)
{
    (void)state;
    put_team(NULL);
    write_as("coordinator", APP_POST, "PractitionerRole",
        POSTING(
            "x", "wang", "clinician", "county-surgery", "2026-01-01", "2026-02-01", ""),
        403);
    write_as("coordinator", APP_POST, "PractitionerRole",
        POSTING("x", "coordinator", "expert", "county-surgery", "2026-01-01",
            "2026-02-01", ""),
        403);
    write_as("coordinator", APP_POST, "PractitionerRole",
        "{\"resourceType\":\"PractitionerRole\",\"practitioner\":{\"reference\":"
        "\"Practitioner/wang\"},\"organization\":{\"reference\":"
        "\"Organization/county-surgery\"},\"code\":[{\"coding\":[{\"system\":\"" SYSTEM
        "role\",\"code\":\"expert\"}]}]}",
        403);
    write_as("coordinator", APP_POST, "Organization",
        "{\"resourceType\":\"Organization\",\"name\":\"Ward\",\"partOf\":{"
        "\"reference\":\"Organization/county\"}}",
        403);
    write_as("coordinator", APP_POST, "OrganizationAffiliation",
        "{\"resourceType\":\"OrganizationAffiliation\",\"active\":true,\"code\":[{"
        "\"coding\":[{\"system\":\"" SYSTEM
        "affiliation\",\"code\":\"department-pair\"}]}],\"organization\":{"
        "\"reference\":\"Organization/county-surgery\"},\"participatingOrganization\":{"
        "\"reference\":\"Organization/twin-medicine\"}}",
        403);
    /* a post that is there does not become a posting by being written over */
    put("coordinator", "PractitionerRole/role-nima",
        POSTING("role-nima", "nima", "expert", "county-surgery", "2026-01-01",
            "2026-02-01", ""),
        403);
    put("coordinator", "Organization/county-surgery", TEAM("county-surgery", "9"), 403);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_shown, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_asked, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_problems, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_gap, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_arrival, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_duty, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_writers, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_whose_team, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_fitness_entered, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_fitness, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_fitness_kept, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_made_together, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_no_more, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
