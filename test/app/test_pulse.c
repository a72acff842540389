/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pulse of a pairing: the county's surgery is helped by the twin's, since May 2025. It is
 * the 1st of January 2026 (network.h), and clocks at the county are eight hours ahead.
 */
#include "logbook.h"

#define EXTENSION "https://belay.health/StructureDefinition/"
#define PULSE "OrganizationAffiliation/surgeons/$pulse"
#define ANSWER "OrganizationAffiliation/surgeons/$answer"
#define GOALS "OrganizationAffiliation/surgeons/$goals"
#define NUMBER(name, n) "{\"name\":\"" name "\",\"valueInteger\":" n "}"
#define DATE(name, day) "{\"name\":\"" name "\",\"valueDate\":\"" day "\"}"
#define GOAL(kind, target, per, more)                                                  \
    "{\"name\":\"goal\",\"part\":[" CODE("kind", kind) "," NUMBER(                     \
        "target", target) "," CODE("per", per) more "]}"
#define DECEMBER TEXT("month", "2025-12")

#define HOUR 3600000LL

static void put(const char *path, const char *body)
{
    write_as(NULL, APP_PUT, path, body, 201);
}

static void put_pairing(void)
{
    write_as(NULL, APP_PUT, "Location/county-site",
        "{\"resourceType\":\"Location\",\"id\":\"county-site\",\"status\":\"active\","
        "\"name\":\"County Hospital\",\"managingOrganization\":{\"reference\":"
        "\"Organization/county\"},\"extension\":[{\"url\":\"" EXTENSION
        "utc-offset\",\"valueInteger\":480}]}",
        200);
    put("OrganizationAffiliation/surgeons",
        "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"surgeons\",\"active\":"
        "true,\"organization\":{\"reference\":\"Organization/county-surgery\"},"
        "\"participatingOrganization\":{\"reference\":\"Organization/twin-surgery\"},"
        "\"code\":[{\"coding\":[{\"system\":\"" SYSTEM
        "affiliation\",\"code\":\"department-pair\"}]}],\"extension\":[{\"url\":"
        "\"" EXTENSION "batch-note\",\"valueString\":\"kept\"}],\"period\":{\"start\":"
        "\"2025-05-01\"}}");
}

static void put_case(
    const char *id, const char *patient, const char *at, const char *to)
{
    put(arena_printf(arena, "ServiceRequest/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"ServiceRequest\",\"id\":\"%s\",\"status\":\"active\","
            "\"intent\":\"order\",\"category\":[{\"coding\":[{\"system\":\"" SYSTEM
            "case-kind\",\"code\":\"consult\"}]}],\"subject\":{\"reference\":"
            "\"Patient/%s\"},\"authoredOn\":\"%s\",\"performer\":[{\"reference\":"
            "\"Organization/%s\"}]}",
            id, patient, at, to));
}

static void put_operation(const char *id, const char *who, const char *at)
{
    put(arena_printf(arena, "Procedure/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Procedure\",\"id\":\"%s\",\"status\":\"completed\","
            "\"code\":{\"coding\":[{\"system\":\"" SYSTEM
            "procedure\",\"code\":\"appendectomy\"}]},\"subject\":{\"reference\":"
            "\"Patient/pema\"},\"performedDateTime\":\"%s\",\"extension\":[{\"url\":"
            "\"" EXTENSION "operation-department\",\"valueReference\":{\"reference\":"
            "\"Organization/county-surgery\"}}],\"performer\":[{\"function\":{"
            "\"coding\":[{\"system\":\"" SYSTEM
            "operation-function\",\"code\":\"operator\"}]},\"actor\":{\"reference\":"
            "\"Practitioner/nima\"}},{\"function\":{\"coding\":[{\"system\":\"" SYSTEM
            "operation-function\",\"code\":\"supervisor\"}]},\"actor\":{\"reference\":"
            "\"Practitioner/%s\"}}]}",
            id, at, who));
}

/* chen of the twin comes to the county for a while. */
static void put_visit(const char *from, const char *until)
{
    put("PractitionerRole/visit",
        arena_printf(arena,
            "{\"resourceType\":\"PractitionerRole\",\"id\":\"visit\",\"active\":true,"
            "\"practitioner\":{\"reference\":\"Practitioner/chen\"},\"organization\":{"
            "\"reference\":\"Organization/county-surgery\"},\"code\":[{\"coding\":[{"
            "\"system\":\"" SYSTEM "role\",\"code\":\"expert\"}]}],\"period\":{"
            "\"start\":\"%s\",\"end\":\"%s\"}}",
            from, until));
}

static struct said *pulse(const char *person)
{
    return said_status(get_as(person, PULSE), 200);
}

static const struct json *pairing(struct said *s)
{
    return first_part(s, "pairing");
}

static const struct json *month(struct said *s, const char *text)
{
    for (int i = 0;; i++) {
        const struct json *parts = parts_of(pairing(s), "month", i);

        if (!parts || strcmp(part(parts, "month"), text) == 0)
            return parts;
    }
}

/* What ${person} is told of ${what} in ${text}. */
static void assert_told(
    const char *person, const char *text, const char *what, const char *expected)
{
    struct said *s = pulse(person);

    assert_non_null(month(s, text));
    assert_string_equal(part(month(s, text), what), expected);
    said_free(s);
}

/* ---- numbers ---- */

static void test_counts(void **state)
{
    (void)state;
    put_pairing();
    put_case("one", "pema", "2025-11-10T08:00:00Z", "twin-surgery");
    put_case(
        "night", "pema", "2025-11-30T16:30:00Z", "twin-surgery"); /* December there */
    put_case("last", "pema", "2025-11-30T15:59:59Z", "twin-surgery");
    put_case("medicine", "pema", "2025-11-12T08:00:00Z", "twin-medicine");
    put_case("before", "pema", "2025-04-30T08:00:00Z", "twin-surgery");
    put_operation("with-chen", "chen", "2025-11-20T08:00:00Z");
    put_operation("alone", "dawa", "2025-11-20T08:00:00Z");
    put("Appointment/mdt",
        "{\"resourceType\":\"Appointment\",\"id\":\"mdt\",\"status\":\"booked\","
        "\"start\":\"2025-11-14T08:00:00Z\",\"end\":\"2025-11-14T09:00:00Z\","
        "\"basedOn\":[{\"reference\":\"ServiceRequest/one\"}],\"participant\":[{"
        "\"actor\":{\"reference\":\"Practitioner/chen\"},\"status\":\"accepted\"}]}");
    assert_told("nima", "2025-11", "cases", "2");
    assert_told("nima", "2025-12", "cases", "1");
    assert_told("nima", "2025-11", "operations", "1");
    assert_told("nima", "2025-11", "contacts", "4");
    assert_told("nima", "2025-10", "contacts", "0");
    assert_told("nima", "2026-01", "contacts", "0");
}

/* Who sees no patient is told steps of five, and of the running month nothing. */
static void test_hidden(void **state)
{
    static const char *const blind[] = {"coordinator", "director", "head-medicine"};
    struct said *s = NULL;

    (void)state;
    put_pairing();
    for (int i = 0; i < 7; i++)
        put_case(arena_printf(arena, "november-%d", i), "pema", "2025-11-10T08:00:00Z",
            "twin-surgery");
    put_case("december", "pema", "2025-12-10T08:00:00Z", "twin-surgery");
    put_case("january", "pema", "2026-01-01T00:00:00Z", "twin-surgery");
    for (size_t i = 0; i < sizeof(blind) / sizeof(blind[0]); i++) {
        assert_told(blind[i], "2025-11", "cases", "5");
        assert_told(blind[i], "2025-12", "cases", "masked");
        assert_told(blind[i], "2025-12", "contacts", "masked");
        assert_told(blind[i], "2025-12", "visits", "0");
        assert_told(blind[i], "2026-01", "cases", "");
        assert_told(blind[i], "2025-10", "cases", "0");
    }
    assert_told("nima", "2026-01", "cases", "1");
    assert_told("chen", "2025-11", "cases", "7");
    s = pulse("coordinator");
    assert_null(memmem(s->call.answer.data, s->call.answer.len, "Patient/", 8));
    said_free(s);
}

static void test_who(void **state)
{
    (void)state;
    put_pairing();
    said_free(said_status(get_as("gulnara", PULSE), 403)); /* of a third hospital */
    said_free(said_status(get_as("nobody", PULSE), 403));
    said_free(said_status(get_as("past", PULSE), 403));
    said_free(said_status(get_as("nima", "OrganizationAffiliation/none/$pulse"), 404));
    said_free(said_status(
        get_as("nima", "OrganizationAffiliation/surgeons/$pulse?period=2025"), 400));
    for (int i = 0; i < 2; i++) {
        struct said *s = said_status(
            get_as(i ? "gulnara" : "nima", "OrganizationAffiliation/$pulse"), 200);
        bool found =
            memmem(s->call.answer.data, s->call.answer.len, "surgeons", 8) != NULL;

        assert_int_equal(found, i == 0);
        said_free(s);
    }
}

/* ---- quiet ---- */

static void assert_quiet(const char *person, const char *is, const char *since)
{
    struct said *s = pulse(person);
    const struct json *quiet = parts_of(pairing(s), "quiet", 0);

    assert_string_equal(part(quiet, "is"), is);
    assert_string_equal(part(quiet, "since"), since);
    assert_string_equal(part(quiet, "rule"), "pairing-quiet/1");
    said_free(s);
}

static long waiting_of(const char *person)
{
    struct said *s =
        said_status(get_as(person, "OrganizationAffiliation/$waiting"), 200);
    long n = 0;

    while (parts_of(json_get(s->json, "parameter"), "pairing", (int)n))
        n++;
    said_free(s);
    return n;
}

static void test_quiet(void **state)
{
    long before = 0;
    long head = 0;

    (void)state;
    before = waiting_of("coordinator");
    head = waiting_of("head-twin");
    put_pairing();
    said_free(post_status("head-twin", ANSWER, DECEMBER "," NUMBER("score", "5"), 200));
    put_case("last", "pema", "2025-11-16T20:00:00Z", "twin-surgery");
    assert_quiet(
        "nima", "true", "2025-11-17"); /* in the county's time; 45 days and more */
    assert_quiet("coordinator", "true", "2025-11");
    assert_int_equal(waiting_of("coordinator"), before + 1);
    assert_int_equal(waiting_of("head-twin"), head + 1); /* answered, but quiet */
    assert_int_equal(waiting_of("nima"), 0);
    put_case("later", "pema", "2025-11-18T08:00:00Z", "twin-surgery");
    assert_quiet("nima", "", "");
    assert_int_equal(waiting_of("coordinator"), before);
    assert_int_equal(waiting_of("head-twin"), head);
    time_hold(NOW + 40 * 24 * HOUR);
    assert_quiet("nima", "true", "2025-11-18");
    put_visit("2026-01-20", "2026-03-31"); /* somebody is there */
    assert_quiet("nima", "", "");
    assert_told("coordinator", "2026-01", "visits", "1");
}

/* ---- goals ---- */

static void test_goals(void **state)
{
    struct said *s = NULL;
    const struct json *goal = NULL;

    (void)state;
    put_pairing();
    for (int i = 0; i < 6; i++)
        put_case(arena_printf(arena, "december-%d", i), "pema", "2025-12-10T08:00:00Z",
            "twin-surgery");
    put_operation("with-chen", "chen", "2025-11-20T08:00:00Z");
    said_free(post_status("coordinator", GOALS,
        GOAL("cases", "6", "month", "") "," GOAL("procedure", "12", "year",
            "," CODE("procedure", "appendectomy") "," DATE(
                "from", "2025-05-01")) ",{\"name\":\"assisted\",\"part\":[" CODE("what",
            "appendectomy") "," DATE("since",
            "2025-06-01") "]},{\"name\":\"assisted\",\"part\":[" TEXT("text",
            "Care of wounds") "]}",
        200));
    s = pulse("nima");
    goal = parts_of(pairing(s), "goal", 0);
    assert_string_equal(part(goal, "count"), "6");
    assert_string_equal(part(goal, "verdict"), "met");
    goal = parts_of(pairing(s), "goal", 1);
    assert_string_equal(part(goal, "count"), "1");
    assert_string_equal(part(goal, "verdict"), "not-yet"); /* not a year yet */
    assert_string_equal(part(goal, "from"), "2025-05-01");
    assert_string_equal(
        part(parts_of(pairing(s), "assisted", 0), "since"), "2025-06-01");
    assert_string_equal(
        part(parts_of(pairing(s), "assisted", 1), "title"), "Care of wounds");
    assert_string_equal(part(parts_of(pairing(s), "quiet", 0), "days"), "30");
    said_free(s);
    s = pulse("director");
    assert_string_equal(
        part(parts_of(pairing(s), "goal", 0), "verdict"), "not-told"); /* 5 to 9 */
    said_free(s);
    s = said_status(get_as(NULL, "OrganizationAffiliation/surgeons"), 200);
    assert_non_null(memmem(s->call.answer.data, s->call.answer.len, "kept", 4));
    said_free(s);
    said_free(post_status("head-county", GOALS, GOAL("visits", "2", "year", ""), 200));
    s = pulse("nima");
    assert_string_equal(part(parts_of(pairing(s), "goal", 0), "kind"), "visits");
    assert_null(parts_of(pairing(s), "goal", 1));
    assert_null(parts_of(pairing(s), "assisted", 0));
    said_free(s);
}

static void test_goals_refused(void **state)
{
    static const char *const wrong[] = {GOAL("beds", "2", "month", ""),
        GOAL("cases", "0", "month", ""), GOAL("cases", "2", "week", ""),
        GOAL("procedure", "2", "month", ""),
        GOAL("procedure", "2", "month", "," CODE("procedure", "no-such")),
        GOAL("cases", "2", "month",
            "," DATE("from", "2026-02-01") "," DATE("until", "2026-01-31")),
        GOAL("cases", "2", "month", "," DATE("from", "2026")),
        "{\"name\":\"assisted\",\"part\":[" DATE("since", "2026-01-01") "]}",
        TEXT("goals", "many")};
    static const char *const not_theirs[] = {
        "nima", "chen", "head-medicine", "gulnara", "admin", "quality"};

    (void)state;
    put_pairing();
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        refused("coordinator", GOALS, wrong[i], 400);
    for (size_t i = 0; i < sizeof(not_theirs) / sizeof(not_theirs[0]); i++)
        refused(not_theirs[i], GOALS, GOAL("cases", "2", "month", ""), 403);
    refused("coordinator", GOALS,
        GOAL("cases", "1", "month", "") "," GOAL("cases", "2", "month", "") "," GOAL(
            "cases", "3", "month", "") "," GOAL("cases", "4", "month",
            "") "," GOAL("cases", "5", "month", "") "," GOAL("cases", "6", "month", ""),
        400);
}

/* ---- the question of the month ---- */

/* What ${side} said of December, as ${person} is told: the score, "" unanswered. */
static void assert_said(const char *person, const char *side, const char *score)
{
    struct said *s = pulse(person);
    bool found = false;

    for (int i = 0; !found; i++) {
        const struct json *answer = parts_of(month(s, "2025-12"), "answer", i);

        assert_non_null(answer);
        found = strcmp(part(answer, "side"), side) == 0;
        if (found)
            assert_string_equal(part(answer, "score"), score);
    }
    said_free(s);
}

static void test_question(void **state)
{
    long county = 0; /* of other pairings, that the network has */
    long twin = 0;

    (void)state;
    county = waiting_of("head-county");
    twin = waiting_of("head-twin");
    put_pairing();
    put_case("lately", "pema", "2025-12-28T08:00:00Z", "twin-surgery"); /* not quiet */
    assert_int_equal(waiting_of("head-county"), county + 1);
    assert_int_equal(waiting_of("head-twin"), twin + 1);
    assert_int_equal(waiting_of("nima"), 0);
    said_free(post_status("head-county", ANSWER,
        DECEMBER "," NUMBER("score", "2") "," TEXT("words", "Answers came late."),
        200));
    assert_int_equal(waiting_of("head-county"), county);
    assert_int_equal(waiting_of("head-twin"), twin + 1);
    assert_said("head-twin", "helped", "2"); /* shown to both */
    assert_said("head-county", "helping", "");
    said_free(post_status("head-twin", ANSWER, DECEMBER "," NUMBER("score", "5"), 200));
    said_free(
        post_status("head-county", ANSWER, DECEMBER "," NUMBER("score", "4"), 200));
    assert_said("coordinator", "helped", "4"); /* said again: the later holds */
    assert_said("chen", "helping", "5");
    assert_int_equal(waiting_of("head-twin"), twin);
}

/* At the county January begins at 16:00 UTC of 31 December: until then November is asked about. */
static void test_month_border(void **state)
{
    (void)state;
    put_pairing();
    time_hold(1767196799999LL);
    refused("head-county", ANSWER, DECEMBER "," NUMBER("score", "2"), 400);
    said_free(post_status(
        "head-county", ANSWER, TEXT("month", "2025-11") "," NUMBER("score", "2"), 200));
    time_hold(1767196800000LL);
    refused(
        "head-county", ANSWER, TEXT("month", "2025-11") "," NUMBER("score", "2"), 400);
    said_free(
        post_status("head-county", ANSWER, DECEMBER "," NUMBER("score", "2"), 200));
}

static void test_question_refused(void **state)
{
    (void)state;
    put_pairing();
    refused("nima", ANSWER, DECEMBER "," NUMBER("score", "2"), 403);
    refused("coordinator", ANSWER, DECEMBER "," NUMBER("score", "2"), 403);
    refused("head-medicine", ANSWER, DECEMBER "," NUMBER("score", "2"), 403);
    refused("head-county", ANSWER,
        DECEMBER "," NUMBER("score", "2") "," CODE("side", "helping"), 403);
    refused("head-county", ANSWER, DECEMBER "," NUMBER("score", "6"), 400);
    refused("head-county", ANSWER, DECEMBER, 400);
    refused(NULL, ANSWER, DECEMBER "," NUMBER("score", "2"), 403);
    said_free(
        post_status("head-county", ANSWER, DECEMBER "," NUMBER("score", "2"), 200));
    /* the record itself is nobody's */
    said_free(said_status(get_as("head-county", "PairingPulse/surgeons"), 404));
    write_as("head-county", APP_PUT, "PairingPulse/surgeons",
        "{\"resourceType\":\"PairingPulse\",\"id\":\"surgeons\",\"pairing\":{"
        "\"reference\":\"OrganizationAffiliation/surgeons\"}}",
        403);
}

/* The leader of a team of the helping hospital that is there speaks for that side. */
static void test_leader(void **state)
{
    (void)state;
    put_pairing();
    put("Organization/team",
        "{\"resourceType\":\"Organization\",\"id\":\"team\",\"active\":true,\"name\":"
        "\"Batch 8\",\"type\":[{\"coding\":[{\"system\":\"" SYSTEM
        "organization-kind\",\"code\":\"team\"}]}],\"partOf\":{\"reference\":"
        "\"Organization/twin\"},\"extension\":[{\"url\":\"" EXTENSION
        "team-leader\",\"valueReference\":{\"reference\":\"Practitioner/chen\"}}]}");
    assert_int_equal(waiting_of("chen"), 0);
    put("OrganizationAffiliation/term",
        "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"term\",\"active\":true,"
        "\"organization\":{\"reference\":\"Organization/county\"},"
        "\"participatingOrganization\":{\"reference\":\"Organization/"
        "team\"},\"code\":[{"
        "\"coding\":[{\"system\":\"" SYSTEM
        "affiliation\",\"code\":\"team-at-host\"}]}],\"period\":{\"start\":"
        "\"2025-12-01\",\"end\":\"2026-05-31\"}}");
    assert_int_equal(waiting_of("chen"), 1);
    said_free(post_status("chen", ANSWER, DECEMBER "," NUMBER("score", "3"), 200));
    assert_said("head-county", "helping", "3");
}

#define T(name) cmocka_unit_test_setup_teardown(name, open_network, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {T(test_counts), T(test_hidden), T(test_who),
        T(test_quiet), T(test_goals), T(test_goals_refused), T(test_question),
        T(test_month_border), T(test_question_refused), T(test_leader)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
