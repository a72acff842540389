/* SPDX-License-Identifier: Apache-2.0 */
/* Reading and writing single records: every interaction, its conditions, its errors. */
#include "each_store.h"

#define PATIENT "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Norbu\"}]}"
#define NAMED(id, family)                                                              \
    "{\"resourceType\":\"Patient\",\"id\":\"" id "\",\"name\":[{\"family\":\"" family  \
    "\"}]}"

static void test_create_read(void **state)
{
    struct said *made = said_status(POST(&node, "Patient", PATIENT), 201);
    struct said *read = NULL;
    char path[200];
    char etag[64];

    (void)state;
    assert_int_equal(strlen(said_text(made, "id")), 36);
    snprintf(path, sizeof(path), "Patient/%s", said_text(made, "id"));
    snprintf(etag, sizeof(etag), "W/\"%s\"", said_text(made, "meta.versionId"));
    assert_string_equal(made->call.etag, etag);
    assert_true(strstr(made->call.location, path) != NULL);
    assert_true(strncmp(made->call.location, "http://test/fhir/Patient/", 25) == 0);
    read = said_status(GET(&node, path), 200);
    assert_true(json_equal(read->json, made->json));
    assert_string_equal(read->call.etag, etag);
    assert_string_equal(said_text(read, "name.0.family"), "Norbu");
    must(&node, 304,
        (struct ask){.method = APP_GET, .path = path, .if_none_match = etag});
    must(&node, 200,
        (struct ask){.method = APP_GET, .path = path, .if_none_match = "W/\"0\""});
    must(&node, 304,
        (struct ask){.method = APP_GET,
            .path = path,
            .if_modified_since = "Sat, 31 Jan 2099 12:00:00 GMT"});
    said_free(read);
    said_free(made);
}

static void test_bytes_kept(void **state)
{
    static const char text[] =
        "{ \"resourceType\" : \"Observation\", \"id\":\"dec\", "
        "\"meta\":{\"versionId\":\"9\","
        "\"profile\":[\"http://x.test/p\"],\"lastUpdated\":\"2001-01-01T00:00:00Z\"},"
        "\"status\":\"final\", \"code\":{\"text\":\"\\u00e9 \\n\"},"
        "\"valueQuantity\":{\"value\":1.10}}";
    struct said *s = NULL;

    (void)state;
    must(&node, 201,
        (struct ask){.method = APP_PUT, .path = "Observation/dec", .body = text});
    s = said_status(GET(&node, "Observation/dec"), 200);
    assert_non_null(
        memmem(s->call.answer.data, s->call.answer.len, "\"value\":1.10}", 13));
    assert_string_equal(said_text(s, "meta.profile.0"), "http://x.test/p");
    assert_int_equal(strlen(said_text(s, "meta.versionId")), STORE_VID_CHARS);
    assert_string_not_equal(said_text(s, "meta.lastUpdated"), "2001-01-01T00:00:00Z");
    said_free(s);
    /* what was read can be written back, and is no change */
    s = GET(&node, "Observation/dec");
    {
        struct said *again = node_ask(&node, (struct ask){.method = APP_PUT,
                                                 .path = "Observation/dec",
                                                 .body = s->call.answer.data,
                                                 .body_len = s->call.answer.len});

        said_status(again, 200);
        assert_string_equal(again->call.etag, s->call.etag);
        said_free(again);
    }
    said_free(s);
}

static void test_update(void **state)
{
    struct said *first = said_status(PUT(&node, "Patient/u1", NAMED("u1", "A")), 201);
    struct said *second = said_status(PUT(&node, "Patient/u1", NAMED("u1", "B")), 200);
    struct said *s = NULL;
    char path[200];

    (void)state;
    assert_string_not_equal(first->call.etag, second->call.etag);
    must(&node, 412,
        (struct ask){.method = APP_PUT,
            .path = "Patient/u1",
            .body = NAMED("u1", "C"),
            .if_match = first->call.etag});
    must(&node, 200,
        (struct ask){.method = APP_PUT,
            .path = "Patient/u1",
            .body = NAMED("u1", "C"),
            .if_match = second->call.etag});
    must(&node, 412,
        (struct ask){.method = APP_PUT,
            .path = "Patient/u1",
            .body = NAMED("u1", "D"),
            .if_none_match = "*"});
    must(&node, 412,
        (struct ask){.method = APP_PUT,
            .path = "Patient/u2",
            .body = NAMED("u2", "D"),
            .if_match = "*"});
    must(&node, 412,
        (struct ask){.method = APP_PUT,
            .path = "Patient/u2",
            .body = NAMED("u2", "D"),
            .if_match = "W/\"3\""});
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Patient/u2",
            .body = NAMED("u2", "D"),
            .if_none_match = "*"});
    snprintf(path, sizeof(path), "Patient/u1/_history/%s",
        said_text(first, "meta.versionId"));
    s = said_status(GET(&node, path), 200);
    assert_true(json_equal(s->json, first->json));
    said_free(s);
    must(
        &node, 404, (struct ask){.method = APP_GET, .path = "Patient/u1/_history/zzz"});
    said_free(second);
    said_free(first);
}

static void test_delete(void **state)
{
    struct said *s = NULL;

    (void)state;
    must(&node, 204, (struct ask){.method = APP_DELETE, .path = "Patient/never"});
    must(&node, 201,
        (struct ask){
            .method = APP_PUT, .path = "Patient/d1", .body = NAMED("d1", "A")});
    must(&node, 412,
        (struct ask){.method = APP_DELETE,
            .path = "Patient/d1",
            .if_match = "0123456789abcdef"});
    must(&node, 204, (struct ask){.method = APP_DELETE, .path = "Patient/d1"});
    must(&node, 204, (struct ask){.method = APP_DELETE, .path = "Patient/d1"});
    must(&node, 410, (struct ask){.method = APP_GET, .path = "Patient/d1"});
    s = said_status(GET(&node, "Patient/d1/_history"), 200);
    assert_int_equal(said_count(s, "entry"), 2);
    assert_string_equal(said_text(s, "entry.0.request.method"), "DELETE");
    assert_null(json_walk(s->json, "entry.0.resource"));
    said_free(s);
    /* and again */
    must(&node, 201,
        (struct ask){
            .method = APP_PUT, .path = "Patient/d1", .body = NAMED("d1", "A")});
    must(&node, 200, (struct ask){.method = APP_GET, .path = "Patient/d1"});
}

static const char one[] = "{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":"
                          "\"urn:c\",\"value\":\"1\"}]}";
static const char one_male[] =
    "{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":"
    "\"urn:c\",\"value\":\"1\"}],\"gender\":\"male\"}";

static void test_conditional(void **state)
{
    struct said *made = NULL;
    struct said *s = NULL;
    char id[64];

    (void)state;
    made = said_status(node_ask(&node, (struct ask){.method = APP_POST,
                                           .path = "Patient",
                                           .body = one,
                                           .if_none_exist = "identifier=urn:c|1"}),
        201);
    snprintf(id, sizeof(id), "%s", said_text(made, "id"));
    s = said_status(node_ask(&node, (struct ask){.method = APP_POST,
                                        .path = "Patient",
                                        .body = one,
                                        .if_none_exist = "?identifier=urn:c%7C1"}),
        200);
    assert_string_equal(said_text(s, "id"), id);
    assert_string_equal(s->call.etag, made->call.etag);
    said_free(s);
    s = said_status(node_ask(&node, (struct ask){.method = APP_PUT,
                                        .path = "Patient?identifier=urn:c|1",
                                        .body = one_male}),
        200);
    assert_string_equal(said_text(s, "id"), id);
    assert_string_equal(said_text(s, "gender"), "male");
    said_free(s);
    s = said_status(node_ask(&node, (struct ask){.method = APP_PUT,
                                        .path = "Patient?identifier=urn:c|2",
                                        .body = NAMED("chosen", "X")}),
        201);
    assert_string_equal(said_text(s, "id"), "chosen");
    said_free(s);
    /* an id that is not the match's */
    must(&node, 400,
        (struct ask){.method = APP_PUT,
            .path = "Patient?identifier=urn:c|1",
            .body = NAMED("chosen", "X")});
    /* no criterion, a parameter that decides nothing, one that is not known */
    must(&node, 400,
        (struct ask){.method = APP_PUT, .path = "Patient", .body = one_male});
    must(&node, 400, (struct ask){.method = APP_DELETE, .path = "Patient"});
    must(&node, 400, (struct ask){.method = APP_DELETE, .path = "Patient?_count=1"});
    must(&node, 400, (struct ask){.method = APP_DELETE, .path = "Patient?colour=red"});
    must(&node, 204,
        (struct ask){.method = APP_DELETE, .path = "Patient?identifier=urn:c|none"});
    must(&node, 204,
        (struct ask){.method = APP_DELETE, .path = "Patient?identifier=urn:c|1"});
    snprintf(id, sizeof(id), "Patient/%s", said_text(made, "id"));
    must(&node, 410, (struct ask){.method = APP_GET, .path = id});
    said_free(made);
}

static void test_conditional_several(void **state)
{
    (void)state;
    must(&node, 201, (struct ask){.method = APP_POST, .path = "Patient", .body = one});
    must(&node, 201, (struct ask){.method = APP_POST, .path = "Patient", .body = one});
    must(&node, 412,
        (struct ask){.method = APP_DELETE, .path = "Patient?identifier=urn:c|1"});
    must(&node, 412,
        (struct ask){
            .method = APP_PUT, .path = "Patient?identifier=urn:c|1", .body = one_male});
    must(&node, 412,
        (struct ask){.method = APP_POST,
            .path = "Patient",
            .body = one,
            .if_none_exist = "identifier=urn:c|1"});
}

static void test_patch(void **state)
{
    static const char replace[] =
        "[{\"op\":\"replace\",\"path\":\"/name/0/family\",\"value\":\"New\"}]";
    static const char fhirpath[] =
        "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"operation\","
        "\"part\":["
        "{\"name\":\"type\",\"valueCode\":\"add\"},{\"name\":\"path\",\"valueString\":"
        "\"Patient\"},{\"name\":\"name\",\"valueString\":\"birthDate\"},{\"name\":"
        "\"value\","
        "\"valueDate\":\"1980-02-29\"}]}]}";
    struct said *made = said_status(PUT(&node, "Patient/p1", NAMED("p1", "Old")), 201);
    struct said *s = NULL;
    struct ask a = {
        .method = APP_PATCH, .path = "Patient/p1", .format = APP_JSON_PATCH};

    (void)state;
    a.body = replace;
    s = said_status(node_ask(&node, a), 200);
    assert_string_equal(said_text(s, "name.0.family"), "New");
    said_free(s);
    a.if_match = made->call.etag;
    must(&node, 412, a);
    a.if_match = NULL;
    a.body = "[{\"op\":\"test\",\"path\":\"/name/0/family\",\"value\":\"Old\"}]";
    must(&node, 409, a);
    a.body = "[{\"op\":\"remove\",\"path\":\"/nothing\"}]";
    must(&node, 422, a);
    a.body = "[{\"op\":\"replace\",\"path\":\"/id\",\"value\":\"other\"}]";
    must(&node, 422, a);
    a.body = "[{\"op\":\"add\",\"path\":\"/colour\",\"value\":\"red\"}]";
    must(&node, 422, a);
    a.body = "{}";
    must(&node, 422, a);
    a.path = "Patient/unknown";
    a.body = replace;
    must(&node, 404, a);
    s = said_status(
        node_ask(&node,
            (struct ask){.method = APP_PATCH, .path = "Patient/p1", .body = fhirpath}),
        200);
    assert_string_equal(said_text(s, "birthDate"), "1980-02-29");
    said_free(s);
    s = said_status(
        node_ask(&node, (struct ask){.method = APP_PATCH,
                            .path = "Patient?family=New&birthdate=1980-02-29",
                            .format = APP_JSON_PATCH,
                            .body = replace}),
        200);
    assert_string_equal(said_text(s, "id"), "p1");
    said_free(s);
    must(&node, 404,
        (struct ask){.method = APP_PATCH,
            .path = "Patient?family=Nobodyhasthis",
            .format = APP_JSON_PATCH,
            .body = replace});
    said_free(made);
}

static void test_prefer(void **state)
{
    struct said *s = NULL;

    (void)state;
    s = said_status(node_ask(&node, (struct ask){.method = APP_POST,
                                        .path = "Patient",
                                        .body = PATIENT,
                                        .prefer = "return=minimal"}),
        201);
    assert_int_equal(s->call.answer.len, 0);
    assert_true(s->call.location[0] != '\0');
    said_free(s);
    s = said_status(
        node_ask(&node, (struct ask){.method = APP_POST,
                            .path = "Patient",
                            .body = PATIENT,
                            .prefer = "respond-async, return=OperationOutcome"}),
        201);
    assert_string_equal(said_text(s, "resourceType"), "OperationOutcome");
    said_free(s);
}

static void test_binary(void **state)
{
    struct said *s = NULL;
    char path[200];

    (void)state;
    s = said_status(node_ask(&node, (struct ask){.method = APP_POST,
                                        .path = "Binary",
                                        .body = "\x01\x02hello",
                                        .format = APP_RAW,
                                        .body_type = "image/png"}),
        201);
    assert_string_equal(said_text(s, "contentType"), "image/png");
    assert_string_equal(said_text(s, "data"), "AQJoZWxsbw==");
    snprintf(path, sizeof(path), "Binary/%s", said_text(s, "id"));
    said_free(s);
    s = said_status(
        node_ask(&node, (struct ask){.method = APP_GET, .path = path, .raw = true}),
        200);
    assert_int_equal(s->call.answer.len, 7);
    assert_memory_equal(s->call.answer.data, "\x01\x02hello", 7);
    assert_int_equal(s->call.media_type.len, 9);
    said_free(s);
    snprintf(path + strlen(path), 40, "?_format=json");
    s = said_status(
        node_ask(&node, (struct ask){.method = APP_GET, .path = path, .raw = true}),
        200);
    assert_string_equal(said_text(s, "resourceType"), "Binary");
    said_free(s);
}

static void test_views_of_a_record(void **state)
{
    static const char text[] =
        "{\"resourceType\":\"Patient\",\"id\":\"v1\",\"text\":{\"status\":"
        "\"generated\","
        "\"div\":\"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">x</div>\"},"
        "\"name\":[{\"family\":\"A\"}],\"maritalStatus\":{\"text\":\"m\"},"
        "\"contact\":[{\"name\":{\"family\":\"C\"}}],\"deceasedBoolean\":false}";
    struct said *s = NULL;

    (void)state;
    must(&node, 201,
        (struct ask){.method = APP_PUT, .path = "Patient/v1", .body = text});
    s = said_status(GET(&node, "Patient/v1?_summary=true"), 200);
    assert_non_null(json_get(s->json, "name"));
    assert_null(json_get(s->json, "maritalStatus"));
    assert_null(json_get(s->json, "text"));
    assert_string_equal(said_text(s, "meta.tag.0.code"), "SUBSETTED");
    said_free(s);
    s = said_status(GET(&node, "Patient/v1?_summary=text"), 200);
    assert_non_null(json_get(s->json, "text"));
    assert_null(json_get(s->json, "name"));
    said_free(s);
    s = said_status(GET(&node, "Patient/v1?_summary=data"), 200);
    assert_null(json_get(s->json, "text"));
    assert_non_null(json_get(s->json, "contact"));
    said_free(s);
    s = said_status(
        GET(&node, "Patient/v1?_elements=Patient.maritalStatus,deceased"), 200);
    assert_non_null(json_get(s->json, "maritalStatus"));
    assert_non_null(json_get(s->json, "deceasedBoolean"));
    assert_null(json_get(s->json, "name"));
    assert_string_equal(said_text(s, "meta.tag.0.code"), "SUBSETTED");
    said_free(s);
    s = said_status(GET(&node, "Patient/v1?_pretty=true"), 200);
    assert_non_null(memmem(s->call.answer.data, s->call.answer.len, "\n  \"", 4));
    said_free(s);
}

static void test_metadata(void **state)
{
    struct said *s = said_status(
        node_ask(&node, (struct ask){.path = "metadata", .nobody = true}), 200);
    struct said *own = said_status(
        node_ask(&node, (struct ask){.space = APP_PROGRAMME, .path = "metadata"}), 200);
    struct said *check = NULL;

    (void)state;
    assert_string_equal(said_text(s, "fhirVersion"), "4.0.1");
    assert_true(said_count(s, "rest.0.resource") > 140);
    assert_true(said_count(own, "rest.0.resource") >= 1);
    assert_string_equal(said_text(own, "rest.0.resource.0.type"), "Apprenticeship");
    /* it is a valid record itself */
    check = said_status(node_ask(&node, (struct ask){.method = APP_POST,
                                            .path = "CapabilityStatement/$validate",
                                            .body = s->call.answer.data,
                                            .body_len = s->call.answer.len}),
        200);
    assert_string_equal(said_text(check, "issue.0.severity"), "information");
    said_free(check);
    said_free(own);
    said_free(s);
}

static void test_validate(void **state)
{
    struct said *s = NULL;

    (void)state;
    must(&node, 201,
        (struct ask){
            .method = APP_PUT, .path = "Patient/val", .body = NAMED("val", "A")});
    s = said_status(POST(&node, "Patient/$validate", PATIENT), 200);
    assert_string_equal(said_text(s, "issue.0.severity"), "information");
    said_free(s);
    s = said_status(POST(&node, "Patient/$validate",
                        "{\"resourceType\":\"Patient\",\"gender\":\"purple\"}"),
        200);
    assert_string_equal(said_text(s, "issue.0.expression.0"), "Patient.gender");
    said_free(s);
    s = said_status(GET(&node, "Patient/val/$validate"), 200);
    assert_string_equal(said_text(s, "issue.0.severity"), "information");
    said_free(s);
    s = said_status(POST(&node, "Patient/$validate",
                        "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":"
                        "\"resource\",\"resource\":{\"resourceType\":\"Patient\","
                        "\"gender\":\"purple\"}}]}"),
        200);
    assert_string_equal(said_text(s, "issue.0.severity"), "error");
    said_free(s);
}

static void test_own_address(void **state)
{
    struct said *s = said_status(
        POST(&node, "Observation",
            "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":"
            "\"x\"},"
            "\"subject\":{\"reference\":\"http://test/fhir/Patient/own\"}}"),
        201);

    (void)state;
    assert_string_equal(
        said_text(s, "subject.reference"), "http://test/fhir/Patient/own");
    said_free(s);
    s = said_status(GET(&node, "Observation?subject=Patient/own"), 200);
    assert_int_equal(said_count(s, "entry"), 1);
    said_free(s);
    s = said_status(GET(&node, "Patient/own/Observation"), 200);
    assert_int_equal(said_count(s, "entry"), 1);
    said_free(s);
    s = said_status(
        GET(&node, "Observation?subject=http%3A%2F%2Ftest%2Ffhir%2FPatient%2Fown"),
        200);
    assert_int_equal(said_count(s, "entry"), 1);
    said_free(s);
}

#define TESTS(open)                                                                    \
    cmocka_unit_test_setup_teardown(test_create_read, open, close_node),               \
        cmocka_unit_test_setup_teardown(test_bytes_kept, open, close_node),            \
        cmocka_unit_test_setup_teardown(test_update, open, close_node),                \
        cmocka_unit_test_setup_teardown(test_delete, open, close_node),                \
        cmocka_unit_test_setup_teardown(test_conditional, open, close_node),           \
        cmocka_unit_test_setup_teardown(test_conditional_several, open, close_node),   \
        cmocka_unit_test_setup_teardown(test_patch, open, close_node),                 \
        cmocka_unit_test_setup_teardown(test_prefer, open, close_node),                \
        cmocka_unit_test_setup_teardown(test_binary, open, close_node),                \
        cmocka_unit_test_setup_teardown(test_views_of_a_record, open, close_node),     \
        cmocka_unit_test_setup_teardown(test_metadata, open, close_node),              \
        cmocka_unit_test_setup_teardown(test_validate, open, close_node),              \
        cmocka_unit_test_setup_teardown(test_own_address, open, close_node)

MAIN_OVER_EACH_STORE("rest")
