/* SPDX-License-Identifier: Apache-2.0 */
/* Batches and transactions: all or nothing, references, conditions, order, answers. */
#include "bundle.h"
#include "each_store.h"

static void gone_or_unknown(const char *path)
{
    struct said *s = GET(&node, path);

    assert_true(s->status == 404 || s->status == 410);
    said_free(s);
}

static void test_references(void **state)
{
    static const char bundle[] =
        TX("{\"fullUrl\":\"" U2
           "\",\"resource\":{\"resourceType\":\"Observation\",\"status\":"
           "\"final\",\"code\":{\"text\":\"x\"},\"subject\":{\"reference\":\"" U1 "\"},"
           "\"identifier\":[{\"system\":\"urn:ietf:rfc:3986\",\"value\":\"" U2 "\"}],"
           "\"text\":{\"status\":\"generated\",\"div\":\"<div "
           "xmlns=\\\"http://www.w3.org/1999/"
           "xhtml\\\"><a href=\\\"" U1 "\\\">p</a></div>\"},"
           "\"extension\":[{\"url\":\"http://x.test/e\",\"valueUri\":\"" U1 "\"},"
           "{\"url\":\"http://x.test/s\",\"valueString\":\"" U1 "\"}]}," REQUEST("POST",
               "Observation") "},"
                              "{\"fullUrl\":\"" U1
                              "\",\"resource\":{\"resourceType\":\"Patient\"}," REQUEST(
                                  "POST", "Patient") "}");
    struct said *s = said_status(POST(&node, "", bundle), 200);
    struct said *o = NULL;
    char patient[256];
    char *end = NULL;

    (void)state;
    assert_string_equal(said_text(s, "type"), "transaction-response");
    assert_string_equal(said_text(s, "entry.0.response.status"), "201 Created");
    snprintf(patient, sizeof(patient), "%s", said_text(s, "entry.1.response.location"));
    end = strstr(patient, "/_history/");
    assert_non_null(end);
    *end = '\0';
    o = said_status(GET(&node, said_text(s, "entry.0.response.location")), 200);
    assert_string_equal(said_text(o, "subject.reference"), patient);
    assert_string_equal(said_text(o, "extension.0.valueUri"), patient);
    assert_string_equal(said_text(o, "extension.1.valueString"), U1);
    assert_string_equal(said_text(o, "identifier.0.value"), U2);
    assert_non_null(strstr(said_text(o, "text.div"), patient));
    said_free(o);
    said_free(s);
}

static void test_atomic(void **state)
{
    struct said *s = NULL;

    (void)state;
    s = said_status(
        POST(&node, "",
            TX(PUT_PATIENT("a1", "") "," PUT_PATIENT("a2",
                ",\"gender\":\"purple\"") "," PUT_PATIENT("a3", ",\"colour\":1"))),
        422);
    assert_int_equal(said_count(s, "issue"), 2);
    assert_string_equal(
        said_text(s, "issue.0.expression.0"), "Bundle.entry[1].resource.gender");
    said_free(s);
    must(&node, 404, (struct ask){.path = "Patient/a1"});
    /* a failure that only the writer can see */
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Patient/a2",
            .body = "{\"resourceType\":\"Patient\",\"id\":\"a2\"}"});
    s = said_status(POST(&node, "",
                        TX(PUT_PATIENT("a1",
                            "") ",{\"resource\":{\"resourceType\":\"Patient\",\"id\":"
                                "\"a2\",\"active\":true},\"request\":{\"method\":"
                                "\"PUT\",\"url\":\"Patient/"
                                "a2\",\"ifMatch\":\"W/\\\"0123456789abcdef\\\"\"}}")),
        412);
    assert_non_null(strstr(said_text(s, "issue.0.expression.0"), "Bundle.entry[1]"));
    said_free(s);
    must(&node, 404, (struct ask){.path = "Patient/a1"});
}

struct refusal {
    const char *body;
    int status;
    const char *words;
    const char *place;
};

static void test_refusals(void **state)
{
    static const struct refusal list[] = {
        {TX("{}"), 422, "no request", "entry[0]"},
        {TX("{\"request\":{\"method\":\"TRACE\",\"url\":\"x\"}}"), 422, "method",
            "entry[0].request.method"},
        {TX("{\"request\":{\"method\":\"GET\"}}"), 422, "no url",
            "entry[0].request.url"},
        {TX("{" REQUEST("GET", "Unicorn/1") "}"), 422, "Unicorn",
            "entry[0].request.url"},
        {TX("{" REQUEST("POST", "Patient") "}"), 422, "no resource",
            "entry[0].resource"},
        {TX("{" REQUEST("POST", "") "}"), 422, "part of another", "entry[0]"},
        {TX(PUT_PATIENT("r1", "") "," PUT_PATIENT("r1", "")), 400, "same record",
            "entry[1]"},
        {TX(PUT_PATIENT("r1", "") ",{" REQUEST("DELETE", "Patient/r1") "}"), 400,
            "same record", "entry["},
        {TX("{\"resource\":{\"resourceType\":\"Patient\",\"id\":\"x\"}," REQUEST(
             "PUT", "Patient/y") "}"),
            422, "id of the resource", "entry[0].resource.id"},
        {TX("{\"resource\":{\"resourceType\":\"Observation\",\"status\":\"final\","
            "\"code\":"
            "{\"text\":\"x\"},\"subject\":{\"reference\":\"" U1
            "\"}}," REQUEST("POST", "Observation") "}"),
            400, "no entry", "entry[0].resource"},
        {TX("{\"resource\":{\"resourceType\":\"Observation\",\"status\":\"final\","
            "\"code\":"
            "{\"text\":\"x\"},\"subject\":{\"reference\":\"Patient?identifier=nobody\"}"
            "}," REQUEST("POST", "Observation") "}"),
            400, "matches no record", "entry[0].resource"},
        {TX("{\"fullUrl\":\"" U1
            "\",\"resource\":{\"resourceType\":\"Patient\"}," REQUEST("POST",
                "Patient") "},{\"fullUrl\":\"" U1
                           "\",\"resource\":{\"resourceType\":\"Patient\"}," REQUEST(
                               "POST", "Patient") "}"),
            422, "same fullUrl", "entry[1].fullUrl"},
        {TX("{\"resource\":{\"resourceType\":\"Patient\"},\"request\":{\"method\":"
            "\"POST\","
            "\"url\":\"Patient\",\"ifNoneExist\":\"colour=red\"}}"),
            400, "colour", "entry[0].request.ifNoneExist"},
        {TX("{\"resource\":{\"resourceType\":\"Patient\"},\"request\":{\"method\":"
            "\"POST\","
            "\"url\":\"Patient\",\"ifNoneExist\":\"_id=q\"}},"
            "{\"resource\":{\"resourceType\":\"Patient\"},\"request\":{\"method\":"
            "\"POST\","
            "\"url\":\"Patient\",\"ifNoneExist\":\"_id=q\"}}"),
            400, "same condition", "entry[1]"},
        {TX("{\"resource\":{\"resourceType\":\"Binary\",\"contentType\":\"text/"
            "plain\"}," REQUEST("PATCH", "Patient/none") "}"),
            422, "contentType", "entry[0]"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        struct said *s = POST(&node, "", list[i].body);

        if (s->status != list[i].status ||
            !strstr(said_text(s, "issue.0.diagnostics"), list[i].words) ||
            !strstr(said_text(s, "issue.0.expression.0"), list[i].place))
            printf("%zu: %d %.*s\n", i, s->status, (int)s->call.answer.len,
                s->call.answer.data);
        assert_int_equal(s->status, list[i].status);
        assert_non_null(strstr(said_text(s, "issue.0.diagnostics"), list[i].words));
        assert_non_null(strstr(said_text(s, "issue.0.expression.0"), list[i].place));
        said_free(s);
    }
    gone_or_unknown("Patient/r1");
}

static const char mixed_order[] = TX("{" REQUEST("GET",
    "Patient?family=Order&_sort=_id") "},"
                                      "{" REQUEST("GET",
                                          "Patient/o1") "},"
                                                        "{\"resource\":{"
                                                        "\"resourceType\":"
                                                        "\"Patient\","
                                                        "\"id\":\"o2\","
                                                        "\"name\":[{"
                                                        "\"family\":"
                                                        "\"Order\"}]}"
                                                        "," REQUEST("PUT",
                                                            "Patient?_id="
                                                            "o2") "},"
                                                                  "{\"resou"
                                                                  "rce\":{"
                                                                  "\"resour"
                                                                  "ceType\""
                                                                  ":\"Patie"
                                                                  "nt\","
                                                                  "\"name\""
                                                                  ":[{"
                                                                  "\"family"
                                                                  "\":"
                                                                  "\"Order"
                                                                  "\"}]}"
                                                                  "," REQUEST("POS"
                                                                              "T",
                                                                      "Pati"
                                                                      "ent") "},"
                                                                             "{" REQUEST(
                                                                                 "D"
                                                                                 "E"
                                                                                 "L"
                                                                                 "E"
                                                                                 "T"
                                                                                 "E",
                                                                                 "P"
                                                                                 "a"
                                                                                 "t"
                                                                                 "i"
                                                                                 "e"
                                                                                 "n"
                                                                                 "t"
                                                                                 "/"
                                                                                 "o"
                                                                                 "1") "},"
                                                                                      "{" REQUEST(
                                                                                          "DELETE",
                                                                                          "Patient/never") "},"
                                                                                                           "{\"resource\":{\"resourceType\":\"Binary\",\"contentType\":"
                                                                                                           "\"application/json-patch+json\",\"data\":"
                                                                                                           "\"W3sib3AiOiJhZGQiLCJwYXRoIjoiL2FjdGl2ZSIsInZhbHVlIjp0cnVlfV0=\"}," REQUEST(
                                                                                                               "PATCH",
                                                                                                               "Patient/o3") "}");

/* DELETE, POST, PUT, GET, whatever the order of the entries; answers in their order. */
static void test_order(void **state)
{
    struct said *s = NULL;

    (void)state;
    must(&node, 200,
        (struct ask){.method = APP_POST,
            .path = "",
            .body = TX(PUT_PATIENT("o1",
                ",\"name\":[{\"family\":\"Order\"}]") "," PUT_PATIENT("o3", ""))});
    s = said_status(POST(&node, "", mixed_order), 200);
    assert_string_equal(said_text(s, "entry.0.response.status"), "200 OK");
    assert_int_equal(said_count(s, "entry.0.resource.entry"), 2);
    assert_string_equal(said_text(s, "entry.1.response.status"), "410 Gone");
    assert_string_equal(said_text(s, "entry.2.response.status"), "201 Created");
    assert_string_equal(said_text(s, "entry.3.response.status"), "201 Created");
    assert_string_equal(said_text(s, "entry.4.response.status"), "204 No Content");
    assert_string_equal(said_text(s, "entry.5.response.status"), "204 No Content");
    assert_string_equal(said_text(s, "entry.6.response.status"), "200 OK");
    said_free(s);
    s = said_status(GET(&node, "Patient/o3"), 200);
    assert_int_equal(json_kind(json_get(s->json, "active")), JSON_TRUE);
    said_free(s);
}

static void test_conditions(void **state)
{
    static const char create[] = TX(
        "{\"fullUrl\":\"" U1
        "\",\"resource\":{\"resourceType\":\"Patient\",\"identifier\":"
        "[{\"system\":\"urn:c\",\"value\":\"1\"}]},\"request\":{\"method\":\"POST\","
        "\"url\":"
        "\"Patient\",\"ifNoneExist\":\"identifier=urn:c|1\"}},"
        "{\"resource\":{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":"
        "{\"text\":\"x\"},\"subject\":{\"reference\":\"" U1 "\"}}," REQUEST(
            "POST", "Observation") "},"
                                   "{\"resource\":{\"resourceType\":\"Observation\","
                                   "\"status\":\"final\",\"code\":"
                                   "{\"text\":\"x\"},\"subject\":{\"reference\":"
                                   "\"Patient?identifier=urn:c|1\"}}," REQUEST(
                                       "POST", "Observation") "}");
    struct said *first = said_status(POST(&node, "", create), 200);
    struct said *second = said_status(POST(&node, "", create), 200);
    struct said *s = NULL;

    (void)state;
    assert_string_equal(said_text(first, "entry.0.response.status"), "201 Created");
    assert_string_equal(said_text(second, "entry.0.response.status"), "200 OK");
    assert_string_equal(said_text(first, "entry.0.response.location"),
        said_text(second, "entry.0.response.location"));
    s = said_status(GET(&node, "Observation?subject.identifier=urn:c|1"), 200);
    assert_int_equal(said_count(s, "entry"), 4);
    said_free(s);
    s = said_status(GET(&node, "Patient?identifier=urn:c|1"), 200);
    assert_int_equal(said_count(s, "entry"), 1);
    said_free(s);
    s = said_status(node_ask(&node, (struct ask){.method = APP_POST,
                                        .path = "",
                                        .prefer = "return=representation",
                                        .body = create}),
        200);
    assert_string_equal(said_text(s, "entry.0.resource.resourceType"), "Patient");
    assert_string_equal(said_text(s, "entry.1.resource.resourceType"), "Observation");
    said_free(s);
    said_free(second);
    said_free(first);
}

/* A reference by search that fits two records says nothing: two in the store, or one
 * there and one made here. */
static void test_ambiguous(void **state)
{
    static const char twin[] =
        "{\"resourceType\":\"Patient\",\"identifier\":[{\"value\":\"twin\"}]}";
    static const char refer[] = TX(
        "{\"resource\":{\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"},"
        "\"subject\":"
        "{\"reference\":\"Patient?identifier=twin\"}}," REQUEST("POST", "Basic") "}");
    static const char both[] =
        TX("{\"resource\":{\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"},"
           "\"subject\":"
           "{\"reference\":\"Patient?identifier=twin\"}}," REQUEST(
               "POST", "Basic") "},"
                                "{\"resource\":{\"resourceType\":\"Patient\","
                                "\"identifier\":[{\"value\":"
                                "\"twin\"}]}," REQUEST("POST", "Patient") "}");
    struct ask make = {.method = APP_POST, .path = "Patient", .body = twin};
    struct ask a = {.method = APP_POST, .path = "", .body = both};

    (void)state;
    must(&node, 200, a); /* the one made here */
    must(&node, 412, a);
    a.body = refer;
    must(&node, 200, a); /* the one in the store */
    must(&node, 201, make);
    must(&node, 412, a);
}

static void test_batch(void **state)
{
    static const char bundle[] = BUNDLE("batch",
        "{" REQUEST("GET", "Patient/b1") "}," PUT_PATIENT("b1", "") "," PUT_PATIENT(
            "b2",
            ",\"gender\":\"purple\"") ","
                                      "{" REQUEST("DELETE",
                                          "Patient/b3") "},"
                                                        "{},"
                                                        "{" REQUEST("GET",
                                                            "Patient?_id=b1&_total="
                                                            "accurate") "},"
                                                                        "{" REQUEST(
                                                                            "GET",
                                                                            "http://"
                                                                            "test/fhir/"
                                                                            "Patient/"
                                                                            "b1/"
                                                                            "$everythin"
                                                                            "g") "}");
    struct said *s = said_status(POST(&node, "", bundle), 200);

    (void)state;
    assert_string_equal(said_text(s, "type"), "batch-response");
    assert_string_equal(said_text(s, "entry.0.response.status"), "200 OK");
    assert_string_equal(said_text(s, "entry.0.resource.id"), "b1");
    assert_string_equal(said_text(s, "entry.1.response.status"), "201 Created");
    assert_null(json_walk(s->json, "entry.1.resource"));
    assert_string_equal(
        said_text(s, "entry.2.response.status"), "422 Unprocessable Content");
    assert_string_equal(
        said_text(s, "entry.2.response.outcome.resourceType"), "OperationOutcome");
    assert_string_equal(said_text(s, "entry.3.response.status"), "204 No Content");
    assert_string_equal(said_text(s, "entry.4.response.status"), "400 Bad Request");
    assert_string_equal(said_text(s, "entry.5.resource.total"), "1");
    assert_int_equal(said_count(s, "entry.6.resource.entry"), 1);
    said_free(s);
}

/* Thousands of entries, each referring to another. */
static void large(const char *type, int count)
{
    struct buf b;
    struct said *s = NULL;

    buf_init(&b, LIMIT_BODY_BYTES);
    buf_addf(&b, "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[", type);
    for (int i = 0; i < count; i++) {
        buf_addf(&b,
            "%s{\"fullUrl\":\"urn:uuid:00000000-0000-4000-8000-%012d\",\"resource\":"
            "{\"resourceType\":\"Basic\",\"code\":{\"text\":\"%d\"}",
            i ? "," : "", i, i);
        if (strcmp(type, "transaction") == 0)
            buf_addf(&b,
                ",\"subject\":{\"reference\":\"urn:uuid:00000000-0000-4000-8000-%"
                "012d\"}",
                (i + 1) % count);
        buf_adds(&b, "},\"request\":{\"method\":\"POST\",\"url\":\"Basic\"}}");
    }
    buf_adds(&b, "]}");
    s = said_status(POST(&node, "", buf_cstr(&b)), 200);
    assert_int_equal(said_count(s, "entry"), count);
    for (int i = 0; i < count; i++) {
        char path[64];

        snprintf(path, sizeof(path), "entry.%d.response.status", i);
        if (strcmp(said_text(s, path), "201 Created") != 0)
            fail_msg("%s: %s", path, said_text(s, path));
    }
    said_free(s);
    buf_done(&b);
    s = said_status(GET(&node, "Basic?_summary=count"), 200);
    assert_int_equal(atoi(said_text(s, "total")), count);
    said_free(s);
}

static void test_large_transaction(void **state)
{
    (void)state;
    large("transaction", 5000);
}

static void test_large_batch(void **state)
{
    (void)state;
    large("batch", 2000);
}

static void test_own_types(void **state)
{
    static const char mixed[] = TX(PUT_PATIENT("m1", ""));

    (void)state;
    must(&node, 422,
        (struct ask){
            .method = APP_POST, .space = APP_PROGRAMME, .path = "", .body = mixed});
}

#define TESTS(open)                                                                    \
    cmocka_unit_test_setup_teardown(test_references, open, close_node),                \
        cmocka_unit_test_setup_teardown(test_atomic, open, close_node),                \
        cmocka_unit_test_setup_teardown(test_refusals, open, close_node),              \
        cmocka_unit_test_setup_teardown(test_order, open, close_node),                 \
        cmocka_unit_test_setup_teardown(test_conditions, open, close_node),            \
        cmocka_unit_test_setup_teardown(test_ambiguous, open, close_node),             \
        cmocka_unit_test_setup_teardown(test_batch, open, close_node),                 \
        cmocka_unit_test_setup_teardown(test_large_transaction, open, close_node),     \
        cmocka_unit_test_setup_teardown(test_large_batch, open, close_node),           \
        cmocka_unit_test_setup_teardown(test_own_types, open, close_node)

MAIN_OVER_EACH_STORE("bundle")
