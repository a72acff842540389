/* SPDX-License-Identifier: Apache-2.0 */
/* Breaking the glass: who may, what opens and shuts, who is told, and the review. */
#include "app/audit.h"
#include "network.h"

#define HOUR (60 * 60 * 1000LL)
#define GLASS "Patient/pema/$break-glass"

#define PARAMETERS(more) "{\"resourceType\":\"Parameters\",\"parameter\":[" more "]}"
#define REASON "{\"name\":\"reason\",\"valueString\":\"unconscious on arrival\"}"
#define RECIPIENT(unit)                                                                \
    "{\"name\":\"recipient\",\"valueReference\":{\"reference\":\"Organization/" unit   \
    "\"}}"
#define REVIEW(verdict, word)                                                          \
    PARAMETERS("{\"name\":\"verdict\",\"valueCode\":\"" verdict                        \
               "\"},{\"name\":\"word\",\"valueString\":\"" word "\"}")

static struct said *post_as(const char *person, const char *path, const char *body)
{
    return as(person, (struct ask){.method = APP_POST, .path = path, .body = body});
}

/* "EmergencyAccess/ID" of what ${person} made. */
static const char *broken(const char *person, const char *patient)
{
    struct said *s = said_status(
        post_as(person, arena_printf(arena, "Patient/%s/$break-glass", patient),
            PARAMETERS(REASON)),
        201);
    const char *name = arena_printf(arena, "EmergencyAccess/%s", said_text(s, "id"));

    said_free(s);
    return name;
}

static bool reads(const char *person, const char *path)
{
    struct said *s = get_as(person, path);
    bool yes = s->status == 200;

    assert_true(yes || s->status == 404);
    said_free(s);
    return yes;
}

/* wang is a clinician of the twin hospital, whose surgeons were asked about pema. */
static void the_glass_opens_all_of_one_patient_for_an_hour(void **state)
{
    (void)state;
    assert_false(reads("wang", "Observation/pema-hiv"));
    broken("wang", "pema");
    assert_true(reads("wang", "Observation/pema-hiv"));
    assert_true(reads("wang", "Procedure/op"));
    assert_false(reads("wang", "Observation/tenzin-blood"));
    assert_false(reads("chen", "Observation/pema-hiv"));
    time_hold(NOW + HOUR - 1000);
    assert_true(reads("wang", "Observation/pema-hiv"));
    time_hold(NOW + HOUR);
    assert_false(reads("wang", "Observation/pema-hiv"));
    time_hold(NOW);
}

/* The words for a patient who is not there, and for one who may not be opened. */
static void a_guess_is_told_nothing(void **state)
{
    static const char *const none[] = {
        "Patient/tenzin", "Patient/aidai", "Patient/homeless", "Patient/nobody"};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct said *s =
            said_status(post_as("wang", arena_printf(arena, "%s/$break-glass", none[i]),
                            PARAMETERS(REASON)),
                404);

        assert_string_equal(said_text(s, "issue.0.diagnostics"),
            arena_printf(arena, "There is no Patient with the id %s.", none[i] + 8));
        said_free(s);
    }
}

static void refuse(const char *person, const char *body, int status)
{
    said_free(said_status(post_as(person, GLASS, body), status));
}

/* A link to a case of another department opens no more than its patient. */
static void a_case_leads_to_its_patient(void **state)
{
    struct said *s = NULL;

    (void)state;
    s = said_status(
        post_as("wang", "ServiceRequest/open/$break-glass", PARAMETERS(REASON)), 201);
    assert_string_equal(said_text(s, "patient.reference"), "Patient/pema");
    said_free(s);
    assert_true(reads("wang", "ServiceRequest/open"));
    s = said_status(post_as("wang", "ServiceRequest/abroad-expired/$break-glass",
                        PARAMETERS(REASON)),
        404);
    assert_string_equal(said_text(s, "issue.0.diagnostics"),
        "There is no ServiceRequest with the id abroad-expired.");
    said_free(s);
    said_free(said_status(
        post_as("wang", "ServiceRequest/nothing/$break-glass", PARAMETERS(REASON)),
        404));
}

static void only_a_clinical_post_and_a_reason_break_it(void **state)
{
    static const char *const others[] = {"chen", "azamat", "director", "coordinator",
        "quality", "auditor", "admin", "desk", "interpreter", "tashi", "past", "future",
        "nobody"};

    (void)state;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        refuse(others[i], PARAMETERS(REASON), 403);
    refuse(NULL, PARAMETERS(REASON), 403);
    refuse("wang", PARAMETERS(""), 400);
    refuse("wang",
        PARAMETERS("{\"name\":\"reason\",\"valueString\":\"        short  \"}"), 400);
    refuse("wang", "{\"resourceType\":\"Patient\"}", 400);
    refuse("nima", PARAMETERS(REASON), 409); /* sees it all already */
    said_free(said_status(get_as("wang", GLASS), 405));
}

static void a_reason_has_a_ceiling(void **state)
{
    char text[LIMIT_REASON_BYTES + 2];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    refuse("wang",
        arena_printf(
            arena, PARAMETERS("{\"name\":\"reason\",\"valueString\":\"%s\"}"), text),
        413);
    text[LIMIT_REASON_BYTES] = '\0';
    refuse("wang",
        arena_printf(
            arena, PARAMETERS("{\"name\":\"reason\",\"valueString\":\"%s\"}"), text),
        201);
}

/* A case that is closed, a draft, a visit that is over, and a visit that a department of the
 * asked writes for itself do not make a hospital treat. */
static void treating_follows_from_records(void **state)
{
    (void)state;
    refuse("gulnara", PARAMETERS(REASON), 201); /* a case across the border is open */
    assert_true(reads("gulnara", "Observation/pema-hiv"));
    said_free(said_status(
        post_as("gulnara", "Patient/tenzin/$break-glass", PARAMETERS(REASON)), 201));
    said_free(said_status(
        post_as("gulnara", "Patient/lobsang/$break-glass", PARAMETERS(REASON)), 201));
    said_free(said_status(
        post_as("gulnara", "Patient/linked/$break-glass", PARAMETERS(REASON)), 404));
    write_as("nima", APP_POST, "Encounter",
        "{\"resourceType\":\"Encounter\",\"status\":\"finished\",\"class\":{\"code\":"
        "\"AMB\"},\"subject\":{\"reference\":\"Patient/linked\"},\"serviceProvider\":{"
        "\"reference\":\"Organization/abroad-surgery\"}}",
        201);
    said_free(said_status(
        post_as("gulnara", "Patient/linked/$break-glass", PARAMETERS(REASON)), 404));
    write_as("nima", APP_POST, "Encounter",
        "{\"resourceType\":\"Encounter\",\"status\":\"in-progress\",\"class\":{"
        "\"code\":"
        "\"EMER\"},\"subject\":{\"reference\":\"Patient/linked\"},\"serviceProvider\":{"
        "\"reference\":\"Organization/abroad-surgery\"}}",
        201);
    said_free(said_status(
        post_as("gulnara", "Patient/linked/$break-glass", PARAMETERS(REASON)), 201));
}

#define ENCOUNTER(id, more)                                                            \
    "{\"resourceType\":\"Encounter\"," id "\"status\":\"in-progress\",\"class\":{"     \
    "\"code\":\"VR\"},\"subject\":{\"reference\":\"Patient/pema\"}" more               \
    ",\"serviceProvider\":{\"reference\":\"Organization/abroad\"}}"

/* The expert who was asked may write the visit of the case, and by no way one that makes
 * another hospital treat. */
static void nobody_says_that_they_treat(void **state)
{
    struct said *s = NULL;
    const char *id = NULL;

    (void)state;
    write_as("chen", APP_POST, "Encounter", ENCOUNTER("", ""), 403);
    s = said_status(
        post_as("chen", "Encounter",
            ENCOUNTER("", ",\"basedOn\":[{\"reference\":\"ServiceRequest/open\"}]")),
        201);
    id = arena_strndup(arena, said_text(s, "id"), strlen(said_text(s, "id")));
    said_free(s);
    write_as("chen", APP_PUT, arena_printf(arena, "Encounter/%s", id),
        arena_printf(arena, ENCOUNTER("\"id\":\"%s\",", ""), id), 403);
}

static bool is_informed(struct said *s, const char *who)
{
    for (size_t i = 0; i < said_count(s, "informed"); i++) {
        if (strcmp(said_text(s, arena_printf(arena, "informed.%zu.reference", i)),
                arena_printf(arena, "Practitioner/%s", who)) == 0)
            return true;
    }
    return false;
}

static void head_and_quality_officer_are_told_and_review(void **state)
{
    const char *name = NULL;
    const char *path = NULL;
    struct said *s = NULL;

    (void)state;
    name = broken("wang", "pema");
    s = said_status(get_as("quality-twin", name), 200);
    assert_string_equal(said_text(s, "status"), "waiting");
    assert_string_equal(said_text(s, "reason"), "unconscious on arrival");
    assert_string_equal(said_text(s, "organization.reference"), "Organization/twin");
    assert_string_equal(
        said_text(s, "department.0.reference"), "Organization/twin-medicine");
    assert_string_equal(said_text(s, "basis.reference"), "ServiceRequest/open");
    assert_true(is_informed(s, "quality-twin") && is_informed(s, "head-medicine"));
    assert_int_equal(said_count(s, "informed"), 2);
    said_free(s);
    assert_true(reads("head-medicine", name) && reads("wang", name));
    assert_false(
        reads("head-twin", name) || reads("chen", name) || reads("nima", name));

    path = arena_printf(arena, "%s/$review", name);
    said_free(said_status(
        post_as("wang", path, REVIEW("justified", "it was mine to do")), 403));
    said_free(said_status(
        post_as("head-twin", path, REVIEW("justified", "not my department")), 404));
    said_free(said_status(/* of the patient's hospital: reads, and reviews not */
        post_as("quality", path, REVIEW("justified", "she is our patient")), 403));
    said_free(said_status(post_as(NULL, path, REVIEW("justified", "a program")), 403));
    said_free(
        said_status(post_as("head-medicine", path, REVIEW("justified", "ok")), 400));
    said_free(said_status(
        post_as("head-medicine", path, REVIEW("splendid", "no such verdict")), 400));
    s = said_status(
        post_as("head-medicine", path, REVIEW("justified", "she was unconscious")),
        200);
    assert_string_equal(said_text(s, "status"), "reviewed");
    assert_string_equal(said_text(s, "reason"), "unconscious on arrival");
    assert_string_equal(
        said_text(s, "review.reviewer.reference"), "Practitioner/head-medicine");
    assert_string_equal(said_text(s, "review.word"), "she was unconscious");
    said_free(s);
    said_free(said_status(
        post_as("quality-twin", path, REVIEW("unjustified", "I see it otherwise")),
        409));
}

static void nobody_writes_it_otherwise(void **state)
{
    const char *body =
        "{\"resourceType\":\"EmergencyAccess\",\"status\":\"waiting\","
        "\"kind\":\"open\",\"patient\":{\"reference\":\"Patient/tenzin\"},"
        "\"practitioner\":{\"reference\":\"Practitioner/wang\"},"
        "\"organization\":{\"reference\":\"Organization/twin\"},"
        "\"reason\":\"because\",\"period\":{\"start\":\"2025\","
        "\"end\":\"2030\"}}";
    const char *name = broken("wang", "pema");
    struct said *s = NULL;

    (void)state;
    write_as("wang", APP_POST, "EmergencyAccess", body, 403);
    write_as("admin", APP_POST, "EmergencyAccess", body, 403);
    write_as("wang", APP_DELETE, name, NULL, 403);
    write_as("quality-twin", APP_DELETE, name, NULL, 403);
    s = as("wang", (struct ask){.method = APP_PATCH,
                       .path = name,
                       .format = APP_JSON_PATCH,
                       .body = "[{\"op\":\"replace\",\"path\":\"/period/end\","
                               "\"value\":\"2030-01-01T00:00:00Z\"}]"});
    said_free(said_status(s, 403));
    s = post_as("wang", "",
        "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"resource\":"
        "{\"resourceType\":\"Parameters\",\"parameter\":[" REASON "]},"
        "\"request\":{\"method\":\"POST\",\"url\":\"" GLASS "\"}}]}");
    assert_true(strncmp(said_text(s, "entry.0.response.status"), "201", 3) != 0);
    said_free(s);
}

/* The post ends within the hour: so does what the glass opened. */
static void the_end_of_the_post_shuts_it(void **state)
{
    const char *role = "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-wang\","
                       "\"active\":false,\"practitioner\":{\"reference\":"
                       "\"Practitioner/wang\"},\"organization\":{\"reference\":"
                       "\"Organization/twin-medicine\"}}";

    (void)state;
    broken("wang", "pema");
    assert_true(reads("wang", "Observation/pema-hiv"));
    write_as(NULL, APP_PUT, "PractitionerRole/role-wang", role, 200);
    assert_false(reads("wang", "Observation/pema-hiv"));
}

static void nobody_opens_a_whole_ward(void **state)
{
    struct said *s = NULL;

    (void)state;
    for (int i = 0; i < LIMIT_EMERGENCIES_PERSON; i++)
        said_free(said_status(post_as("wang", GLASS, PARAMETERS(REASON)), 201));
    s = said_status(post_as("wang", GLASS, PARAMETERS(REASON)), 429);
    said_free(s);
}

/* ---- across a border ---- */

#define SEND(patient, unit)                                                            \
    "{\"resourceType\":\"ServiceRequest\",\"status\":\"active\",\"intent\":\"order\"," \
    "\"subject\":{\"reference\":\"Patient/" patient "\"},\"performer\":[{"             \
    "\"reference\":\"Organization/" unit "\"}],\"supportingInfo\":[{\"reference\":"    \
    "\"Observation/" patient "-blood\"}]}"

static void a_case_is_let_across_a_border_for_an_hour(void **state)
{
    struct said *s = NULL;

    (void)state;
    assert_false(reads("azamat", "ServiceRequest/abroad-expired"));
    write_as("nima", APP_POST, "ServiceRequest", SEND("tenzin", "abroad-surgery"), 403);
    said_free(said_status(/* not hers to send */
        post_as("gulnara", "Patient/tenzin/$break-glass",
            PARAMETERS(REASON "," RECIPIENT("abroad-surgery"))),
        404));
    said_free(said_status(post_as("nima", "Patient/tenzin/$break-glass",
                              PARAMETERS(REASON "," RECIPIENT("twin-surgery"))),
        409)); /* needs none */
    said_free(said_status(post_as("nima", "Patient/tenzin/$break-glass",
                              PARAMETERS(REASON "," RECIPIENT("moon"))),
        400));
    s = said_status(post_as("nima", "Patient/tenzin/$break-glass",
                        PARAMETERS(REASON "," RECIPIENT("abroad-surgery"))),
        201);
    assert_string_equal(said_text(s, "kind"), "send");
    assert_true(is_informed(s, "quality") && is_informed(s, "head-county"));
    said_free(s);
    write_as("nima", APP_POST, "ServiceRequest", SEND("tenzin", "abroad-surgery"), 201);
    assert_true(reads("azamat", "ServiceRequest/abroad-expired"));
    assert_true(reads("azamat", "Observation/tenzin-blood"));
    time_hold(NOW + HOUR + 1000);
    assert_false(reads("azamat", "Observation/tenzin-blood"));
    time_hold(NOW);
}

/* ---- the trail ---- */

/* Is there an AuditEvent of ${who} with ${kind} whose purpose is ${why} and, where it is
 * given, that names ${ground}? */
static bool is_told(const char *who, const char *why, const char *ground)
{
    struct said *s = NULL;
    bool found = false;

    assert_int_equal(audit_flush(node.app, NULL), 0);
    s = said_status(
        get_as("auditor",
            arena_printf(arena, "AuditEvent?agent=Practitioner/%s&_count=500", who)),
        200);
    for (size_t i = 0; i < said_count(s, "entry"); i++) {
        const char *at = arena_printf(arena, "entry.%zu.resource", i);
        const char *purpose = arena_printf(arena, "%s.agent.0.purposeOfUse.0", at);
        size_t entities = said_count(s, arena_printf(arena, "%s.entity", at));
        const char *last = arena_printf(
            arena, "%s.entity.%zu.what.reference", at, entities ? entities - 1 : 0);

        found |= (strcmp(said_text(s, arena_printf(arena, "%s.coding.0.code", purpose)),
                      why) == 0 ||
                     strcmp(said_text(s, arena_printf(arena, "%s.text", purpose)),
                         why) == 0) &&
                 (!ground || strcmp(said_text(s, last), ground) == 0);
    }
    said_free(s);
    return found;
}

static void the_trail_says_why_it_was_open(void **state)
{
    const char *name = NULL;

    (void)state;
    assert_true(reads("nima", "Observation/pema-ct"));
    assert_true(is_told("nima", "own-hospital", NULL));
    assert_true(reads("chen", "Observation/pema-ct"));
    assert_true(is_told("chen", "case", "ServiceRequest/open"));
    said_free(said_status(get_as("head-twin", "ServiceRequest?_count=100"), 200));
    assert_true(is_told("head-twin", "case", "ServiceRequest/open"));
    said_free(said_status(get_as("wang", "Patient/pema/_history"), 200));
    assert_true(is_told("wang", "case", "ServiceRequest/foul"));

    name = broken("wang", "pema");
    assert_true(is_told("wang", "unconscious on arrival", NULL));
    assert_true(reads("wang", "Observation/pema-hiv"));
    assert_true(is_told("wang", "break-glass", name));
    said_free(said_status(get_as("wang", "Patient/pema/$everything"), 200));
    assert_true(reads("quality-twin", name));
    assert_true(is_told("quality-twin", "quality", NULL));
    said_free(
        said_status(post_as("quality-twin", arena_printf(arena, "%s/$review", name),
                        REVIEW("unclear", "nobody wrote a time")),
            200));
    assert_true(is_told("quality-twin", "nobody wrote a time", NULL));
    assert_false(is_told("quality-twin", "break-glass", NULL));
}

/* A page of more cases than are told apart is one entry that says "case". */
static void many_cases_are_one_reason(void **state)
{
    struct said *s = NULL;

    (void)state;
    for (int i = 0; i <= LIMIT_TRAIL_WHYS; i++)
        write_as(NULL, APP_POST, "ServiceRequest",
            "{\"resourceType\":\"ServiceRequest\",\"status\":\"active\",\"intent\":"
            "\"order\",\"subject\":{\"reference\":\"Patient/pema\"},\"performer\":[{"
            "\"reference\":\"Organization/twin-surgery\"}]}",
            201);
    s = said_status(get_as("chen", "ServiceRequest?_count=100"), 200);
    assert_true(said_count(s, "entry") > LIMIT_TRAIL_WHYS);
    said_free(s);
    assert_true(is_told("chen", "case", NULL));
    assert_false(is_told("chen", "case", "ServiceRequest/open"));
}

int main(void)
{
#define FRESH(test) cmocka_unit_test_setup_teardown(test, open_network, close_network)
    const struct CMUnitTest tests[] = {
        FRESH(the_glass_opens_all_of_one_patient_for_an_hour),
        FRESH(a_guess_is_told_nothing),
        FRESH(a_case_leads_to_its_patient),
        FRESH(only_a_clinical_post_and_a_reason_break_it),
        FRESH(a_reason_has_a_ceiling),
        FRESH(treating_follows_from_records),
        FRESH(nobody_says_that_they_treat),
        FRESH(head_and_quality_officer_are_told_and_review),
        FRESH(nobody_writes_it_otherwise),
        FRESH(the_end_of_the_post_shuts_it),
        FRESH(nobody_opens_a_whole_ward),
        FRESH(a_case_is_let_across_a_border_for_an_hour),
        FRESH(the_trail_says_why_it_was_open),
        FRESH(many_cases_are_one_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
