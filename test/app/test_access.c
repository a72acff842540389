/* SPDX-License-Identifier: Apache-2.0 */
/* The table of who may read what (test/view/reader.table), through the doors: read, search,
 * include, chain, history, $everything, batch. And who may write. */
#include "access_table.h"
#include "fhir/validate.h"

/* ---- line by line ---- */

/* "Type/id" of a record that is not there. */
static const char *absent(const char *record)
{
    char *name = arena_printf(arena, "%s", record);

    name[strlen(name) - 1] = name[strlen(name) - 1] == '7' ? '8' : '7';
    return name;
}

/* Refusals sound as if nothing were there, but for the id. */
static void check_refusal(
    const char *person, const char *record, const char *tail, const char *if_none_match)
{
    struct ask a = {.method = APP_GET,
        .path = arena_printf(arena, "%s%s", record, tail),
        .if_none_match = if_none_match};
    struct said *s = as(person, a);
    struct said *other = NULL;
    const char *id = strchr(record, '/') + 1;
    const char *text = said_text(s, "issue.0.diagnostics");
    const char *at = strstr(text, id);

    a.path = arena_printf(arena, "%s%s", absent(record), tail);
    other = as(person, a);
    if (s->status != 404)
        printf("%s %s%s: %d\n", person, record, tail, s->status);
    assert_int_equal(s->status, 404);
    assert_int_equal(other->status, 404);
    assert_string_equal(s->call.etag, "");
    assert_non_null(at);
    assert_int_equal(strlen(text), strlen(said_text(other, "issue.0.diagnostics")));
    assert_memory_equal(
        text, said_text(other, "issue.0.diagnostics"), (size_t)(at - text));
    assert_string_equal(at + strlen(id),
        said_text(other, "issue.0.diagnostics") + (at - text) + strlen(id));
    said_free(other);
    said_free(s);
}

static void check_search(const char *person, struct str record, bool yes)
{
    struct str id = record;
    struct str type = str_cut(&id, '/');
    struct said *s =
        said_status(get_as(person, arena_printf(arena, "%.*s?_id=%.*s&_total=accurate",
                                       (int)type.len, type.p, (int)id.len, id.p)),
            200);

    assert_int_equal(said_count(s, "entry"), yes ? 1 : 0);
    assert_string_equal(said_text(s, "total"), yes ? "1" : "0");
    said_free(s);
}

static void each_line_by_read_search_history(void **state)
{
    size_t refused = 0;

    (void)state;
    for (size_t i = 0; i < line_count; i++) {
        const char *person = text_of(lines[i].person);
        const char *record = text_of(lines[i].record);
        const char *history = arena_printf(arena, "%s/_history", record);

        if (lines[i].yes) {
            struct said *s = get_as(person, record);

            if (s->status != 200)
                printf("%s may read %s\n", person, record);
            said_free(said_status(s, 200));
            said_free(said_status(get_as(person, history), 200));
        } else {
            check_refusal(person, record, "", NULL);
            check_refusal(person, record, "", "*");
            check_refusal(person, record, "/_history", NULL);
            check_refusal(person, record, "/$validate", NULL);
            refused++;
        }
        check_search(person, lines[i].record, lines[i].yes);
    }
    assert_true(refused > 100 && refused < line_count);
}

/* An operation says that it is not for them: whose logbook it is, everybody may know. */
static void each_line_by_operation(void **state)
{
    size_t open = 0;

    (void)state;
    for (size_t i = 0; i < operation_count; i++) {
        const char *person = text_of(operations[i].person);
        const char *path = text_of(operations[i].record);
        struct said *s = get_as(person, path);

        if (s->status != (operations[i].yes ? 200 : 403))
            fail_msg("%s %s: %d", person, path, s->status);
        open += operations[i].yes;
        said_free(s);
    }
    assert_true(open > 5 && open < operation_count / 2);
}

/* ---- by what comes out ---- */

/* Each resource below ${j} that is an entry's is one that may be seen; how many. */
static size_t look_through(const char *person, const char *path, const struct json *j)
{
    struct json_each it = json_each(j);
    size_t count = 0;

    while (json_next(&it)) {
        struct str type = json_get_text(it.value, "resourceType");
        struct str id = json_get_text(it.value, "id");

        if (json_is_object(j) && str_is(it.name, "resource") && id.p) {
            const char *name = arena_printf(
                arena, "%.*s/%.*s", (int)type.len, type.p, (int)id.len, id.p);

            if (refuses(person, name))
                fail_msg("%s gets %s by %s", person, name, path);
            count++;
        }
        count += look_through(person, path, it.value);
    }
    return count;
}

static const char *const ways[] = {"Patient?_count=1000", "Observation?_count=1000",
    "ServiceRequest?_count=1000", "?_type=Patient,Observation,Task&_count=1000",
    "ServiceRequest?_include=*&_count=500", "Observation?_include=*&_count=500",
    "Patient?_revinclude=*&_count=500", "ServiceRequest?_revinclude=*&_count=500",
    "Organization?_revinclude=Patient:organization&_count=500",
    "Practitioner?_revinclude=*&_count=500",
    "Observation?subject:Patient.organization=Organization/county&_count=500",
    "Patient?_has:Observation:subject:status=final&_count=500",
    "Organization?_has:Patient:organization:_id=pema&_revinclude=*",
    "Patient/_history?_count=1000", "Observation/_history?_count=1000",
    "_history?_count=1000", "Patient/pema/Observation?_count=500",
    "Patient/pema/$everything", "Patient/lobsang/$everything",
    "Patient/sita/$everything", "Observation?_sort=-date&_count=500",
    "DocumentReference?_include=DocumentReference:subject&_include:iterate=*",
    "List?_include=List:item", "Device?_count=500", "Task?_include=*&_count=500",
    "EmergencyAccess?_count=500", "EmergencyAccess?_include=*"};

static const char *const people[] = {"nima", "dawa", "chen", "wang", "azamat",
    "gulnara", "head-twin", "head-county", "director", "coordinator", "admin",
    "auditor", "tashi", "emergency", "quality", "quality-twin", "desk", "past",
    "future", "nobody", "lapsed", "tonight"};

static void nothing_comes_out_by_any_way(void **state)
{
    size_t seen[2] = {0, 0};

    (void)state;
    for (size_t p = 0; p < sizeof(people) / sizeof(people[0]); p++) {
        for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
            struct said *s = get_as(people[p], ways[i]);
            struct said *batch = as(people[p],
                (struct ask){.method = APP_POST,
                    .path = "",
                    .body = arena_printf(arena,
                        "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[{"
                        "\"request\":{\"method\":\"GET\",\"url\":\"%s\"}}]}",
                        i % 2 ? "batch" : "transaction", ways[i])});

            if (s->status != 200 && s->status != 404)
                printf("%s\n", ways[i]);
            assert_true(s->status == 200 || s->status == 404);
            seen[0] += look_through(people[p], ways[i], s->json);
            seen[1] += look_through(people[p], ways[i], batch->json);
            said_free(batch);
            said_free(s);
        }
    }
    assert_true(seen[0] > 1000 && seen[1] > 1000);
}

#define ORGANIZATIONS                                                                  \
    "Organization?_has:Patient:organization:_has:Observation:subject:code=pema-plain"

static void a_chain_and_has_tell_nothing(void **state)
{
    /* chen sees Patient/pema by a case, but no plain observation of hers */
    static const char *const none[] = {
        "Patient?_id=pema&_has:Observation:subject:code=pema-plain",
        "Patient?_has:Observation:subject:code=pema-plain&_summary=count",
        ORGANIZATIONS};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct said *s = said_status(get_as("chen", none[i]), 200);

        assert_string_equal(said_text(s, "total"), "0");
        said_free(s);
        s = said_status(get_as("nima", none[i]), 200);
        assert_string_equal(said_text(s, "total"), "1");
        said_free(s);
    }
    said_free(said_status(get_as("nima", "Patient?_explain=true"), 403));
    said_free(said_status(get_as(NULL, "Patient?_explain=true"), 200));
}

/* ---- versions ---- */

static void deleted_records_are_told_to_those_who_saw_them(void **state)
{
    const char *body =
        "{\"resourceType\":\"Observation\",\"id\":\"gone\",\"status\":\"final\","
        "\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient/pema\"}}";

    (void)state;
    write_as(NULL, APP_PUT, "Observation/gone", body, 201);
    write_as("chen", APP_DELETE, "Observation/gone", NULL, 404);
    write_as("nima", APP_DELETE, "Observation/gone", NULL, 204);
    said_free(said_status(get_as("nima", "Observation/gone"), 410));
    check_refusal("chen", "Observation/gone", "", NULL);
    check_refusal("chen", "Observation/gone", "/_history", NULL);
    said_free(said_status(get_as("nima", "Observation/gone/_history"), 200));
}

/* ---- writing ---- */

#define OBSERVATION(patient)                                                           \
    "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"x\"}" \
    ","                                                                                \
    "\"subject\":{\"reference\":\"Patient/" patient "\"}}"
#define PATIENT(hospital)                                                              \
    "{\"resourceType\":\"Patient\",\"managingOrganization\":{\"reference\":"           \
    "\"Organization/" hospital "\"}}"

static void people_write_what_they_see(void **state)
{
    (void)state;
    write_as("nima", APP_POST, "Observation", OBSERVATION("pema"), 201);
    write_as("nima", APP_POST, "Observation", OBSERVATION("sita"), 403);
    write_as("chen", APP_POST, "Observation", OBSERVATION("pema"), 403);
    write_as("coordinator", APP_POST, "Observation", OBSERVATION("pema"), 403);
    write_as("nima", APP_POST, "Patient", PATIENT("county"), 201);
    write_as("nima", APP_POST, "Patient", PATIENT("twin"), 403);
    write_as("nima", APP_POST, "Patient", "{\"resourceType\":\"Patient\"}", 403);
    /* no record under an id of one's own: that would tell which ids are taken */
    write_as("nima", APP_PUT, "Patient/fresh",
        "{\"resourceType\":\"Patient\",\"id\":\"fresh\",\"managingOrganization\":{"
        "\"reference\":\"Organization/county\"}}",
        404);
    write_as("chen", APP_PUT, "Patient/tenzin",
        "{\"resourceType\":\"Patient\",\"id\":\"tenzin\"}", 404);
    write_as("nima", APP_PUT, "Patient/tenzin",
        "{\"resourceType\":\"Patient\",\"id\":\"tenzin\",\"managingOrganization\":{"
        "\"reference\":\"Organization/twin\"}}",
        403);
    write_as("nima", APP_PUT, "Patient/tenzin",
        "{\"resourceType\":\"Patient\",\"id\":\"tenzin\",\"active\":true,"
        "\"managingOrganization\":{\"reference\":\"Organization/county\"}}",
        200);
    write_as("chen", APP_DELETE, "Patient/tenzin", NULL, 404);
}

#define TOGETHER(hospital)                                                             \
    "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["                \
    "{\"fullUrl\":\"urn:uuid:0188cb29-7f0e-4d2c-8e5e-6f1d2c3b4a59\","                  \
    "\"resource\":" PATIENT(                                                           \
        hospital) ",\"request\":{\"method\":\"POST\",\"url\":\"Patient\"}},"           \
                  "{\"resource\":{\"resourceType\":\"Observation\",\"status\":"        \
                  "\"final\","                                                         \
                  "\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":"              \
                  "\"urn:uuid:0188cb29-7f0e-4d2c-8e5e-6f1d2c3b4a59\"}},"               \
                  "\"request\":{\"method\":\"POST\",\"url\":\"Observation\"}}]}"

static void a_transaction_asks_for_each_entry(void **state)
{
    (void)state;
    write_as("nima", APP_POST, "", TOGETHER("county"), 200);
    write_as("nima", APP_POST, "", TOGETHER("twin"), 403);
    write_as("chen", APP_POST, "", TOGETHER("county"), 403);
}

#define REQUEST(patient, department)                                                   \
    "{\"resourceType\":\"ServiceRequest\",\"status\":\"active\",\"intent\":\"order\"," \
    "\"subject\":{\"reference\":\"Patient/" patient "\"},\"performer\":[{"             \
    "\"reference\":\"Organization/" department "\"}]}"

#define ROLE(person, unit)                                                             \
    "{\"resourceType\":\"PractitionerRole\",\"practitioner\":{\"reference\":"          \
    "\"Practitioner/" person                                                           \
    "\"},\"organization\":{\"reference\":\"Organization/" unit                         \
    "\"},\"code\":[{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\"," \
    "\"code\":\"clinician\"}]}]}"

#define GIVEN(person, unit, role)                                                      \
    "{\"resourceType\":\"PractitionerRole\",\"practitioner\":{\"reference\":"          \
    "\"Practitioner/" person                                                           \
    "\"},\"organization\":{\"reference\":\"Organization/" unit                         \
    "\"},\"code\":[{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/role\"," \
    "\"code\":\"" role "\"}]}]}"

/* Who gives which post; the table is in src/app/reach.h. */
static void posts_are_given_by_rank(void **state)
{
    static const struct {
        const char *who;
        const char *post;
        int status;
    } rows[] = {
        {"nima", GIVEN("dawa", "county-surgery", "nurse"), 403},
        {"head-twin", GIVEN("chen", "twin-surgery", "nurse"), 201},
        {"head-twin", GIVEN("chen", "twin-surgery", "apprentice"), 201},
        {"head-twin", GIVEN("chen", "twin-surgery", "head-of-department"), 403},
        {"head-twin", GIVEN("chen", "twin-surgery", "quality-officer"), 403},
        {"head-twin", GIVEN("chen", "twin-surgery", "administrator"), 403},
        {"head-twin", GIVEN("chen", "twin-surgery", "auditor"), 403},
        {"head-twin", GIVEN("head-twin", "twin-surgery", "nurse"), 403},
        {"admin", GIVEN("nima", "county-surgery", "head-of-department"), 201},
        {"admin", GIVEN("nima", "county", "director"), 201},
        {"admin", GIVEN("nima", "county", "coordinator"), 403},
        {"admin", GIVEN("nima", "county", "auditor"), 403},
        {"admin", GIVEN("admin", "county", "clinician"), 403},
        {"coordinator", GIVEN("dawa", "county-surgery", "nurse"), 403},
        {"auditor", GIVEN("dawa", "county-surgery", "nurse"), 403},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct said *s = as(rows[i].who,
            (struct ask){
                .method = APP_POST, .path = "PractitionerRole", .body = rows[i].post});

        if (s->status != rows[i].status)
            fail_msg("%s, row %zu: %d", rows[i].who, i, s->status);
        said_free(s);
    }
}

/* An administrator of one hospital who heads a department of another is a head there. */
static void a_post_reaches_where_it_is_held(void **state)
{
    (void)state;
    write_as(NULL, APP_POST, "PractitionerRole",
        GIVEN("admin", "twin-surgery", "head-of-department"), 201);
    write_as("admin", APP_POST, "PractitionerRole",
        GIVEN("dawa", "twin-surgery", "nurse"), 201);
    write_as("admin", APP_POST, "PractitionerRole",
        GIVEN("dawa", "twin-surgery", "head-of-department"), 403);
    write_as("admin", APP_POST, "PractitionerRole",
        GIVEN("dawa", "twin-surgery", "quality-officer"), 403);
    write_as(
        "admin", APP_POST, "PractitionerRole", GIVEN("dawa", "twin", "nurse"), 403);
    write_as("admin", APP_POST, "PractitionerRole",
        GIVEN("dawa", "county", "quality-officer"), 201);
}

static void what_reading_leans_on_is_written_by_those_whose_it_is(void **state)
{
    (void)state;
    write_as("nima", APP_POST, "ServiceRequest", REQUEST("pema", "twin-surgery"), 201);
    write_as("chen", APP_POST, "ServiceRequest", REQUEST("pema", "twin-surgery"), 403);
    write_as(
        "azamat", APP_POST, "ServiceRequest", REQUEST("pema", "abroad-surgery"), 403);
    write_as("chen", APP_PATCH, "ServiceRequest/closed", "{}", 400);
    write_as("nima", APP_POST, "PractitionerRole", ROLE("nima", "twin-surgery"), 403);
    write_as(
        "head-twin", APP_POST, "PractitionerRole", ROLE("chen", "twin-surgery"), 201);
    write_as(
        "head-twin", APP_POST, "PractitionerRole", ROLE("chen", "county-surgery"), 403);
    write_as("head-twin", APP_POST, "PractitionerRole", ROLE("chen", "twin"), 403);
    write_as(
        "admin", APP_POST, "PractitionerRole", ROLE("nima", "county-surgery"), 201);
    write_as("admin", APP_POST, "PractitionerRole", ROLE("nima", "twin-surgery"), 403);
    write_as("nima", APP_PUT, "Organization/county",
        "{\"resourceType\":\"Organization\",\"id\":\"county\",\"name\":\"x\"}", 403);
    write_as("chen", APP_POST, "Consent",
        "{\"resourceType\":\"Consent\",\"status\":\"active\",\"scope\":{\"text\":\"x\"}"
        ","
        "\"category\":[{\"text\":\"x\"}],\"patient\":{\"reference\":\"Patient/pema\"},"
        "\"policyRule\":{\"text\":\"x\"}}",
        403);
}

static void conditions_see_what_people_see(void **state)
{
    struct ask a = {.method = APP_POST,
        .path = "Observation",
        .body = OBSERVATION("pema"),
        .if_none_exist = "code=sita-liver"};

    (void)state;
    a.body = OBSERVATION("sita");
    said_free(said_status(as("wang", a), 200));
    a.body = OBSERVATION("pema");
    /* that it is there is told by nothing */
    said_free(said_status(as("nima", a), 201));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_by_read_search_history),
        cmocka_unit_test(each_line_by_operation),
        cmocka_unit_test(nothing_comes_out_by_any_way),
        cmocka_unit_test(a_chain_and_has_tell_nothing),
        cmocka_unit_test(deleted_records_are_told_to_those_who_saw_them),
        cmocka_unit_test(people_write_what_they_see),
        cmocka_unit_test(a_transaction_asks_for_each_entry),
        cmocka_unit_test(what_reading_leans_on_is_written_by_those_whose_it_is),
        cmocka_unit_test(conditions_see_what_people_see),
        /* last: they give some */
        cmocka_unit_test(posts_are_given_by_rank),
        cmocka_unit_test(a_post_reaches_where_it_is_held),
    };

    return cmocka_run_group_tests(tests, open_with_table, close_network);
}
