/* SPDX-License-Identifier: Apache-2.0 */
/* The demonstration: it loads, hangs together, can be loaded again, and the queries of the
 * pages find it. That each record is valid is checked by loading: every write is. */
#include "app/demo.h"
#include "node.h"
#include "view/case_task.h"

#define NOON ((utc_ms)1788177600000) /* 2026-08-31T12:00:00Z */
#define DAY ((utc_ms)24 * 3600 * 1000)

#define OPEN_CASES                                                                     \
    "Task?code=https%3A%2F%2Fbelay.health%2FCodeSystem%2Ftask%7Canswer-case"           \
    "&status=requested%2Caccepted%2Con-hold&_include=Task%3Afocus"                     \
    "&_include=Task%3Apatient&_include=Task%3Arequester&_sort=-authored-on&_count=100"
#define ANSWERED_CASES                                                                 \
    "Task?code=https%3A%2F%2Fbelay.health%2FCodeSystem%2Ftask%7Canswer-case"           \
    "&status=in-progress%2Ccompleted&_sort=-modified&_count=100"

static const char *const types[] = {"Binary", "ClinicalImpression", "Communication",
    "Consent", "Device", "DocumentReference", "HealthcareService", "Location",
    "Observation", "Organization", "OrganizationAffiliation", "Patient", "Practitioner",
    "PractitionerRole", "ServiceRequest", "Task"};
#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

static struct node node;

static bool small = true;

static void load(void)
{
    struct err err = {0};
    int r = app_demo_load(node.app, small, &err);

    if (r < 0)
        printf("%s: %s\n", err.path, err.text);
    assert_int_equal(r, 0);
}

static int open_loaded(void **state)
{
    (void)state;
    time_hold(NOON);
    node_open(&node, true);
    load();
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    time_hold(0);
    return 0;
}

/* Entries of a searchset that are of ${type}. */
static size_t count_type(struct said *s, const char *type)
{
    struct json_each it = json_each(json_get(s->json, "entry"));
    size_t count = 0;

    while (json_next(&it)) {
        if (str_is(json_get_text(json_get(it.value, "resource"), "resourceType"), type))
            count++;
    }
    return count;
}

/* Is there what ${reference} names? */
static void resolves(struct str reference)
{
    bool own =
        str_starts(reference, "SignOff/") || str_starts(reference, "ProcedureRule/");

    said_free(said_status(
        said_by(NULL, &(struct app_call){.app = node.app,
                          .method = APP_GET,
                          .space = own ? APP_PROGRAMME : APP_FHIR,
                          .query = reference,
                          .caller = {.name = STR("somebody"), .role = STR("program")}}),
        200));
}

/* Read what each reference and each attachment in ${j} points to; how many there were. */
static size_t follow(const struct json *j)
{
    struct json_each it = json_each(j);
    size_t count = 0;

    while (json_next(&it)) {
        if (json_is_object(j) && json_is_string(it.value) &&
            (str_is(it.name, "reference") || str_is(it.name, "url")) &&
            !str_starts(json_text(it.value), "http") &&
            strchr(json_text(it.value).p, '/')) { /* else a part of an extension */
            resolves(json_text(it.value));
            count++;
        }
        count += follow(it.value);
    }
    return count;
}

static void references_resolve(void **state)
{
    (void)state;
    for (size_t i = 0; i < TYPE_COUNT; i++) {
        char path[64];
        struct said *s = NULL;
        struct json_each it;
        size_t count = 0;

        snprintf(path, sizeof(path), "%s?_count=1000", types[i]);
        s = said_status(GET(&node, path), 200);
        it = json_each(json_get(s->json, "entry"));
        while (json_next(&it))
            count += follow(json_get(it.value, "resource"));
        /* these point to nothing */
        if (strcmp(types[i], "Binary") != 0 && strcmp(types[i], "Practitioner") != 0)
            assert_int_not_equal(count, 0);
        said_free(s);
    }
}

/* Each says to whom, what for, until when and in which language it was explained; somebody can be asked in an
 * emergency and somebody reviews it. */
static void consents_and_emergencies_are_whole(void **state)
{
    struct said *s = said_status(GET(&node, "Consent?_count=1000"), 200);
    struct json_each it = json_each(json_get(s->json, "entry"));
    size_t count = 0;

    (void)state;
    while (json_next(&it)) {
        const struct json *consent = json_get(it.value, "resource");

        assert_non_null(json_walk(consent, "extension.0.valueCode"));
        assert_non_null(json_walk(consent, "provision.period.end"));
        assert_non_null(json_walk(consent, "provision.purpose.0.code"));
        assert_non_null(json_walk(consent, "provision.actor.0.reference.reference"));
        count++;
    }
    said_free(s);
    assert_true(count > 30);
    for (int i = 0; i < 2; i++) {
        char path[200];

        snprintf(path, sizeof(path),
            "PractitionerRole?role=https://belay.health/CodeSystem/role|%s&_count=0",
            i ? "quality-officer" : "head-of-department");
        s = said_status(GET(&node, path), 200);
        assert_true(atoi(said_text(s, "total")) > 5);
        said_free(s);
    }
    s = said_status(
        said_by(NULL, &(struct app_call){.app = node.app,
                          .method = APP_GET,
                          .space = APP_PROGRAMME,
                          .query = STR("EmergencyAccess?status=waiting&_count=0"),
                          .caller = {.name = STR("somebody"), .role = STR("program")}}),
        200);
    assert_true(atoi(said_text(s, "total")) > 0);
    said_free(s);
}

static void again_makes_no_version(void **state)
{
    int64_t before = node_position(&node);

    (void)state;
    load();
    assert_int_equal(node_position(&node), before);
    time_hold(NOON + (utc_ms)4 * 60 * 1000); /* the same five minutes */
    load();
    assert_int_equal(node_position(&node), before);
}

static void later_follows_the_clock(void **state)
{
    struct said *s = said_status(GET(&node, "Task/demo-case-01"), 200);

    (void)state;
    assert_string_equal(said_text(s, "authoredOn"), "2026-08-31T11:54:00.000Z");
    said_free(s);
    time_hold(NOON + DAY);
    load();
    s = said_status(GET(&node, "Task/demo-case-01"), 200);
    assert_string_equal(said_text(s, "authoredOn"), "2026-09-01T11:54:00.000Z");
    said_free(s);
}

static void ages_are_kept(void **state)
{
    static const struct {
        const char *path;
        const char *born;
    } known[] = {
        {"Patient/demo-patient-01", "1995-05-18"}, /* 31 years, birthday behind */
        {"Patient/demo-patient-03", "2001-11-02"}, /* 24 years, birthday ahead */
        {"Patient/demo-patient-04", "1968"},       /* about 58 years */
        {"Patient/demo-patient-10", "2026-08-29"}, /* two days */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct said *s = said_status(GET(&node, known[i].path), 200);

        assert_string_equal(said_text(s, "birthDate"), known[i].born);
        said_free(s);
    }
}

static void loading_restores_its_own_only(void **state)
{
    static const char mine[] =
        "{\"resourceType\":\"Patient\",\"id\":\"mine\",\"name\":[{\"text\":\"Mine\"}]}";
    struct said *s = NULL;
    char etag[32];

    (void)state;
    must(&node, 201,
        (struct ask){.method = APP_PUT, .path = "Patient/mine", .body = mine});
    s = said_status(GET(&node, "Patient/mine"), 200);
    snprintf(etag, sizeof(etag), "%s", s->call.etag);
    said_free(s);
    must(&node, 200,
        (struct ask){.method = APP_PATCH,
            .path = "Task/demo-case-01",
            .format = APP_JSON_PATCH,
            .body = "[{\"op\":\"replace\",\"path\":\"/status\","
                    "\"value\":\"cancelled\"}]"});
    said_free(DELETE(&node, "Task/demo-case-12"));
    load();
    s = said_status(GET(&node, "Task/demo-case-01"), 200);
    assert_string_equal(said_text(s, "status"), "requested");
    said_free(s);
    s = said_status(GET(&node, "Task/demo-case-12"), 200);
    assert_string_equal(said_text(s, "status"), "in-progress");
    said_free(s);
    s = said_status(GET(&node, "Patient/mine"), 200);
    assert_string_equal(s->call.etag, etag);
    said_free(s);
}

/* As the page of cases asks (web/src/fhir/case-list.ts). */
static void lists_find_the_cases(void **state)
{
    struct said *s = said_status(GET(&node, OPEN_CASES), 200);

    (void)state;
    assert_int_equal(count_type(s, "Task"), 10);
    assert_int_equal(count_type(s, "ServiceRequest"), 10);
    assert_int_equal(count_type(s, "Patient"), 10);
    assert_in_range(count_type(s, "Practitioner"), 5, 10);
    assert_string_equal(said_text(s, "entry.0.resource.id"), "demo-case-01");
    said_free(s);
    s = said_status(GET(&node, ANSWERED_CASES), 200);
    assert_int_equal(count_type(s, "Task"), 4);
    said_free(s);
}

/* As the page of a case asks (web/src/fhir/case.ts). */
static void case_comes_whole(void **state)
{
    struct said *s = said_status(
        GET(&node, "ServiceRequest?_id=demo-case-12&_include=ServiceRequest:patient"
                   "&_include=ServiceRequest:requester&_revinclude=Task:focus"
                   "&_revinclude=Observation:based-on"
                   "&_revinclude=Communication:based-on"
                   "&_revinclude=ClinicalImpression:supporting-info"
                   "&_revinclude=DocumentReference:related&_count=1"),
        200);

    (void)state;
    assert_int_equal(count_type(s, "Task"), 1);
    assert_int_equal(count_type(s, "Patient"), 1);
    assert_int_equal(count_type(s, "Observation"), 7);
    assert_int_equal(count_type(s, "ClinicalImpression"), 1);
    assert_int_equal(count_type(s, "DocumentReference"), 1);
    said_free(s);
    /* sent, allocated, answered: the timeline is told from these */
    s = said_status(GET(&node, "Task/demo-case-12/_history"), 200);
    assert_int_equal(said_count(s, "entry"), 3);
    assert_string_equal(
        said_text(s, "entry.1.resource.businessStatus.coding.0.code"), "allocated");
    assert_string_equal(said_text(s, "entry.2.resource.status"), "requested");
    said_free(s);
}

static void places_are_found_with_their_altitude(void **state)
{
    struct said *s = said_status(GET(&node, "Location?name=damx"), 200);

    (void)state;
    assert_int_equal(count_type(s, "Location"), 1);
    assert_string_equal(said_text(s, "entry.0.resource.position.altitude"), "4300");
    said_free(s);
    s = said_status(
        GET(&node, "Location?name=%E9%82%A3%E6%9B%B2"), 200); /* Nagqu in Chinese */
    assert_string_equal(said_text(s, "entry.0.resource.name"), "Nagqu");
    said_free(s);
}

static void patients_are_found_in_every_script(void **state)
{
    static const struct {
        const char *query;
        const char *id;
    } known[] = {
        {"Patient?name:contains=norbu", "demo-patient-03"},
        {"Patient?name:contains=%E0%BD%93%E0%BD%BC%E0%BD%A2%E0%BC%8B%E0%BD%96%E0%BD%B4",
            "demo-patient-03"}, /* the same in Tibetan */
        {"Patient?name:contains=%E6%AC%A1%E4%BB%81", "demo-patient-09"},
        {"Patient?name:contains=%D1%81%D0%B0%D1%83%D0%BB%D0%B5", "demo-patient-11"},
        {"Patient?identifier=GY-3310", "demo-patient-06"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        struct said *s = said_status(GET(&node, known[i].query), 200);

        assert_int_equal(count_type(s, "Patient"), 1);
        assert_string_equal(said_text(s, "entry.0.resource.id"), known[i].id);
        said_free(s);
    }
}

static void people_who_sign_in_exist(void **state)
{
    (void)state;
    assert_in_range(app_demo_people_count, 3, 20);
    for (size_t i = 0; i < app_demo_people_count; i++) {
        const struct app_demo_person *one = &app_demo_people[i];
        struct said *s = said_status(GET(&node, one->practitioner), 200);

        assert_string_equal(said_text(s, "name.0.text"), one->name);
        said_free(s);
        if (one->organization[0])
            must(
                &node, 200, (struct ask){.method = APP_GET, .path = one->organization});
    }
}

/* ---- the whole ---- */

static int open_whole(void **state)
{
    small = false;
    return open_loaded(state);
}

static int close_whole(void **state)
{
    small = true;
    return close_node(state);
}

static size_t total_of(const char *query)
{
    struct said *s = said_status(GET(&node, query), 200);
    size_t total = (size_t)strtoul(said_text(s, "total"), NULL, 10);

    said_free(s);
    return total;
}

/* Tasks of a state; a draft has none. */
static size_t in_state(const char *state)
{
    char query[200];

    snprintf(query, sizeof(query),
        "Task?business-status=https://belay.health/CodeSystem/"
        "case-state|%s&_summary=count",
        state);
    return total_of(query);
}

static void the_whole_has_300_cases_in_every_state(void **state)
{
    static const char *const states[] = {"sent", "allocated", "information-asked",
        "answered", "acted-on", "outcome-known", "closed", "declined", "withdrawn",
        "expired"};
    static const char *const journey[] = {
        "bed-accepted", "on-the-way", "arrived", "back-home"};
    size_t drafts = total_of("ServiceRequest?status=draft&_summary=count");
    size_t sum = drafts;

    (void)state;
    assert_in_range(drafts, 3, 30);
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        size_t count = in_state(states[i]);

        if (count < 3)
            print_message("%s: %zu\n", states[i], count);
        assert_in_range(count, 3, 250);
        sum += count;
    }
    for (size_t i = 0; i < sizeof(journey) / sizeof(journey[0]); i++) {
        assert_in_range(in_state(journey[i]), 1, 50);
        sum += in_state(journey[i]);
    }
    assert_int_equal(sum, total_of("ServiceRequest?_summary=count"));
    assert_in_range(sum, 300, 330);
}

static void the_whole_has_every_kind_of_case(void **state)
{
    static const char *const kinds[] = {"advice", "second-opinion", "emergency", "mdt",
        "transfer", "guided-procedure", "rehabilitation"};

    (void)state;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        char query[200];

        snprintf(query, sizeof(query),
            "ServiceRequest?category=https://belay.health/CodeSystem/case-kind|%s"
            "&_summary=count",
            kinds[i]);
        assert_in_range(total_of(query), 3, 250);
    }
}

/* Where nobody took a case in time the node asked others, at the time it would have. */
static void clocks_ran_in_the_whole(void **state)
{
    struct said *s = said_status(
        GET(&node, "Task?business-status=https://belay.health/CodeSystem/case-state|"
                   "expired&_count=1"),
        200);
    struct str changed = json_get_text(
        json_get(json_at(json_get(s->json, "entry"), 0), "resource"), "lastModified");
    size_t escalated = 0;
    struct json_each it;

    (void)state;
    assert_true(str_cmp(changed, STR("2026-08-31")) < 0);
    said_free(s);
    s = said_status(GET(&node, "Task?status=requested&_count=100"), 200);
    it = json_each(json_get(s->json, "entry"));
    while (json_next(&it)) {
        struct case_task task;

        if (case_task_read(json_get(it.value, "resource"), &task) &&
            task.clock.level > 0)
            escalated++;
    }
    said_free(s);
    assert_in_range(escalated, 3, 60);
}

#define IN_NODE(test) cmocka_unit_test_setup_teardown(test, open_loaded, close_node)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_NODE(references_resolve),
        IN_NODE(again_makes_no_version),
        IN_NODE(later_follows_the_clock),
        IN_NODE(ages_are_kept),
        IN_NODE(loading_restores_its_own_only),
        IN_NODE(lists_find_the_cases),
        IN_NODE(case_comes_whole),
        IN_NODE(places_are_found_with_their_altitude),
        IN_NODE(patients_are_found_in_every_script),
    };

    const struct CMUnitTest whole[] = {
        cmocka_unit_test(people_who_sign_in_exist),
        cmocka_unit_test(references_resolve),
        cmocka_unit_test(the_whole_has_300_cases_in_every_state),
        cmocka_unit_test(the_whole_has_every_kind_of_case),
        cmocka_unit_test(clocks_ran_in_the_whole),
        cmocka_unit_test(consents_and_emergencies_are_whole),
        cmocka_unit_test(again_makes_no_version),
    };
    int failed = cmocka_run_group_tests_name("app/demo, small", tests, NULL, NULL);

    return failed + cmocka_run_group_tests_name(
                        "app/demo, whole", whole, open_whole, close_whole);
}
