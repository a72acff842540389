/* SPDX-License-Identifier: Apache-2.0 */
/* What is refused, with which status and which words. */
#include "node.h"

#define PATIENT "{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"Norbu\"}]}"
#define NAMED(id, family)                                                              \
    "{\"resourceType\":\"Patient\",\"id\":\"" id "\",\"name\":[{\"family\":\"" family  \
    "\"}]}"

static struct node node;

static int open_memory(void **state)
{
    (void)state;
    node_open(&node, true);
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    return 0;
}

/* Each refusal: what is asked, the status, and words of the sentence. */
struct refusal {
    struct ask ask;
    int status;
    const char *words;
};

static const struct refusal list[] = {
    {{APP_GET, .path = "Unicorn/1"}, 404, "Unicorn"},
    {{APP_GET, .path = "Apprenticeship"}, 404, "/programme/Apprenticeship"},
    {{APP_GET, .space = APP_PROGRAMME, .path = "Patient"}, 404, "/fhir/Patient"},
    {{APP_GET, .path = "Patient/none"}, 404, "none"},
    {{APP_GET, .path = "Patient/a_b"}, 400, "not an id"},
    {{APP_GET, .path = "Patient/1/2/3/4/5/6"}, 404, "nothing at"},
    {{APP_GET, .path = "$nothing"}, 404, "nothing at"},
    {{APP_GET, .path = "Patient/x/$nothing"}, 404, "nothing at"},
    {{APP_PUT, .path = "metadata", .body = "{}"}, 405, "method"},
    {{APP_POST, .path = "Patient/x", .body = PATIENT}, 405, "method"},
    {{APP_DELETE, .path = "Patient/x/_history"}, 405, "method"},
    {{APP_GET, .path = "Patient?_format=xml"}, 406, "JSON only"},
    {{APP_GET, .path = "Patient/none?_format=text/turtle"}, 406, "JSON only"},
    {{APP_POST, .path = "Patient", .body = "<Patient/>", .format = APP_RAW}, 415,
        "JSON"},
    {{APP_POST, .path = "Patient", .body = "a=b", .format = APP_FORM}, 415, "JSON"},
    {{APP_POST, .path = "Patient", .body = "[]", .format = APP_JSON_PATCH}, 415,
        "PATCH"},
    {{APP_POST, .path = "Patient"}, 400, "no body"},
    {{APP_POST, .path = "Patient", .body = "{"}, 400, "line"},
    {{APP_POST, .path = "Patient", .body = "[1]"}, 400, "no FHIR resource"},
    {{APP_POST, .path = "Patient", .body = "{\"a\":1,\"a\":2}"}, 400, "a"},
    {{APP_POST, .path = "Patient", .body = "{\"resourceType\":\"Observation\"}"}, 400,
        "Observation"},
    {{APP_PUT, .path = "Patient/x", .body = PATIENT}, 400, "no id"},
    {{APP_PUT, .path = "Patient/x", .body = NAMED("y", "Y")}, 400, "y"},
    {{APP_PUT, .path = "Patient/x", .body = NAMED("x", "Y"), .if_none_match = "\"1\""},
        400, "If-None-Match"},
    {{APP_POST, .path = "Patient",
         .body = "{\"resourceType\":\"Patient\",\"colour\":1}"},
        422, "colour"},
    {{APP_POST, .path = "Patient",
         .body = "{\"resourceType\":\"Patient\",\"gender\":\"purple\"}"},
        422, "gender"},
    {{APP_POST, .path = "Patient",
         .body = "{\"resourceType\":\"Patient\",\"meta\":{\"tag\":[{\"code\":"
                 "\"SUBSETTED\"}]}}"},
        400, "SUBSETTED"},
    {{APP_POST, .path = "", .body = PATIENT}, 400, "Bundle"},
    {{APP_POST, .path = "",
         .body = "{\"resourceType\":\"Bundle\",\"type\":\"history\"}"},
        400, "batch or transaction"},
    {{APP_GET, .path = "Patient/none?colour=red"}, 400, "colour"},
    {{APP_GET, .path = "Patient?colour=red"}, 400, "colour"},
    {{APP_GET, .path = "Patient?_query=red"}, 400, "_query"},
    {{APP_POST, .path = "Patient/_search", .body = "_filter=red", .format = APP_FORM},
        400, "character 4 of the filter"},
    {{APP_GET, .path = "Observation?code:below=urn:c|1"}, 400, ":below"},
    {{APP_GET, .path = "Patient?gender:in=http://x.test/vs"}, 400, "value set"},
    {{APP_DELETE, .path = "Patient?_filter=x"}, 400, "_filter"},
    {{APP_PATCH, .path = "Patient?_content=1", .body = "[]", .format = APP_JSON_PATCH},
        400, "_content"},
    {{APP_GET, .path = "Patient?_page=forged"}, 400, "_page"},
    {{APP_GET, .path = "Patient/_history?_page=forged"}, 400, "_page"},
    {{APP_GET, .path = "Patient/_history?_since=yesterday"}, 400, "_since"},
    {{APP_GET, .path = "Patient/_history?_count=x"}, 400, "_count"},
    {{APP_GET, .path = "Patient/none/_history"}, 404, "none"},
    {{APP_GET, .path = "Patient/none/$everything"}, 404, "none"},
    {{APP_GET, .path = "Observation/none/$everything"}, 404, "$everything"},
    {{APP_GET, .path = "Patient/$validate"}, 400, "body"},
    {{APP_GET, .path = "Patient?name=%ff"}, 400, "UTF-8"},
    {{APP_POST, .path = "Patient/_search", .body = "{}"}, 415, "form"},
    {{APP_GET, .path = "Patient", .nobody = true}, 401, "token"},
};

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
        struct said *s = node_ask(&node, list[i].ask);

        if (s->status != list[i].status ||
            !strstr(said_text(s, "issue.0.diagnostics"), list[i].words))
            printf("%s %s: %d %s\n", method_name(list[i].ask.method), list[i].ask.path,
                s->status, said_text(s, "issue.0.diagnostics"));
        assert_int_equal(s->status, list[i].status);
        assert_string_equal(said_text(s, "resourceType"), "OperationOutcome");
        assert_string_equal(said_text(s, "issue.0.severity"), "error");
        assert_non_null(strstr(said_text(s, "issue.0.diagnostics"), list[i].words));
        said_free(s);
    }
}

/* What search does not offer is told apart from what it does not understand. */
static void test_not_supported(void **state)
{
    struct said *s = said_status(GET(&node, "Patient?name=x&_query=red"), 400);

    (void)state;
    assert_string_equal(said_text(s, "issue.0.code"), "not-supported");
    assert_string_equal(said_text(s, "issue.0.expression.0"), "_query");
    said_free(s);
    s = said_status(GET(&node, "Patient?colour=red"), 400);
    assert_string_equal(said_text(s, "issue.0.code"), "invalid");
    said_free(s);
}

/* All problems are told, each with its place. */
static void test_all_issues(void **state)
{
    struct said *s = said_status(
        POST(&node, "Patient",
            "{\"resourceType\":\"Patient\",\"gender\":\"purple\",\"birthDate\":"
            "\"1980-02-30\",\"colour\":1,\"name\":[{\"family\":7}]}"),
        422);

    (void)state;
    assert_int_equal(said_count(s, "issue"), 4);
    for (size_t i = 0; i < 4; i++) {
        char path[64];

        snprintf(path, sizeof(path), "issue.%zu.expression.0", i);
        assert_true(strncmp(said_text(s, path), "Patient", 7) == 0);
    }
    said_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_refusals, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_not_supported, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_all_issues, open_memory, close_node),
    };

    return cmocka_run_group_tests_name("refuse", tests, NULL, NULL);
}
