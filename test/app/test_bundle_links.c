/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles: what links become, and what only asks. */
#include "bundle.h"
#include "each_store.h"

#define XHTML(inside)                                                                  \
    "\"text\":{\"status\":\"generated\",\"div\":\"<div "                               \
    "xmlns=\\\"http://www.w3.org/1999/xhtml\\\">" inside "</div>\"}"

static const char linked[] = TX(
    "{\"fullUrl\":\"http://other.test/r4/Patient/77\",\"resource\":{"
    "\"resourceType\":\"Patient\"}," REQUEST("POST",
        "Patient") "},"
                   "{\"fullUrl\":\"" U1 "\",\"resource\":{\"resourceType\":\"Binary\","
                   "\"contentType\":\"image/"
                   "png\",\"data\":\"AAAA\"}," REQUEST("POST",
                       "Binary") "},"
                                 "{\"fullUrl\":\"http://other.test/r4/"
                                 "Observation/5\",\"resource\":{"
                                 "\"resourceType\":\"Observation\","
                                 "\"status\":\"final\",\"code\":{\"text\":"
                                 "\"x\"},"
                                 "\"meta\":{\"profile\":[\"" U1 "\"]}," XHTML(
                                     "Patient/77 <a title='" U1 "' href='" U1
                                     "'>a</a> <a "
                                     "href=\\\"Patient/77\\\">Patient/77</"
                                     "a><img alt=\\\"" U1 "\\\" "
                                     "src=\\\"" U1 "\\\"/> <a "
                                     "href=\\\"http://other.test/r4/Patient/"
                                     "77\\\"/>"
                                     "<a href=\\\"Patient/78\\\"/><a "
                                     "name=\\\"x\\\"/>" U1) ","
                                                            "\"subject\":{"
                                                            "\"reference\":"
                                                            "\"Patient/"
                                                            "77\"},"
                                                            "\"extension\":["
                                                            "{\"url\":"
                                                            "\"http://"
                                                            "x.test/"
                                                            "u\","
                                                            "\"valueUrl\":"
                                                            "\"Patient/"
                                                            "77\"},"
                                                            "{\"url\":"
                                                            "\"http://"
                                                            "x.test/"
                                                            "c\","
                                                            "\"valueCanonica"
                                                            "l\":\"" U1
                                                            "\"}]}," REQUEST("POST",
                                                                "Observatio"
                                                                "n") "},"
                                                                     "{\"ful"
                                                                     "lUrl\""
                                                                     ":\"htt"
                                                                     "p://"
                                                                     "third."
                                                                     "test/"
                                                                     "Observ"
                                                                     "ation/"
                                                                     "6\","
                                                                     "\"reso"
                                                                     "urce\""
                                                                     ":{"
                                                                     "\"reso"
                                                                     "urceTy"
                                                                     "pe\":"
                                                                     "\"Obse"
                                                                     "rvatio"
                                                                     "n\","
                                                                     "\"stat"
                                                                     "us\":"
                                                                     "\"fina"
                                                                     "l\","
                                                                     "\"code"
                                                                     "\":{"
                                                                     "\"text"
                                                                     "\":"
                                                                     "\"x\"}"
                                                                     ","
                                                                     "\"subj"
                                                                     "ect\":"
                                                                     "{\"ref"
                                                                     "erence"
                                                                     "\":"
                                                                     "\"Pati"
                                                                     "ent/"
                                                                     "77\"}}"
                                                                     "," REQUEST("PO"
                                                                                 "S"
                                                                                 "T",
                                                                         "Ob"
                                                                         "se"
                                                                         "rv"
                                                                         "at"
                                                                         "io"
                                                                         "n") "}");

/* All links that match are replaced, by R4's list of where, and nothing else. */
static void test_links(void **state)
{
    struct said *s = said_status(POST(&node, "", linked), 200);
    struct said *o = NULL;
    char patient[100];
    char binary[100];
    char expected[2000];

    (void)state;
    snprintf(patient, sizeof(patient), "%s", said_text(s, "entry.0.response.location"));
    snprintf(binary, sizeof(binary), "%s", said_text(s, "entry.1.response.location"));
    *strstr(patient, "/_history") = '\0';
    *strstr(binary, "/_history") = '\0';
    o = said_status(GET(&node, said_text(s, "entry.2.response.location")), 200);
    snprintf(expected, sizeof(expected),
        "<div xmlns=\"http://www.w3.org/1999/xhtml\">Patient/77 <a title='" U1
        "' href='%s'>a</a> <a href=\"%s\">Patient/77</a><img alt=\"" U1
        "\" src=\"%s\"/> <a href=\"%s\"/><a href=\"Patient/78\"/><a name=\"x\"/>" U1
        "</div>",
        binary, patient, binary, patient);
    assert_string_equal(said_text(o, "text.div"), expected);
    assert_string_equal(said_text(o, "subject.reference"), patient);
    assert_string_equal(said_text(o, "extension.0.valueUrl"), patient);
    /* canonicals are names, not places */
    assert_string_equal(said_text(o, "extension.1.valueCanonical"), U1);
    assert_string_equal(said_text(o, "meta.profile.0"), U1);
    said_free(o);
    /* of another place: not that patient */
    o = said_status(GET(&node, said_text(s, "entry.3.response.location")), 200);
    assert_string_equal(said_text(o, "subject.reference"), "Patient/77");
    said_free(o);
    said_free(s);
}

/* What only asks is answered as a call of its own would be, in both kinds of Bundle. */
static void test_asking(void **state)
{
#define ASKING                                                                              \
    "{" REQUEST("HEAD",                                                                     \
        "Patient/ask") "},"                                                                 \
                       "{" REQUEST("POST",                                                  \
                           "Patient/_search?_id=ask") "},"                                  \
                                                      "{\"request\":{\"method\":"           \
                                                      "\"GET\",\"url\":\"Patient/"          \
                                                      "ask\",\"ifModifiedSince\":"          \
                                                      "\"2099-01-01T00:00:00Z\"}},"         \
                                                      "{\"request\":{\"method\":"           \
                                                      "\"GET\",\"url\":\"Patient/"          \
                                                      "ask\",\"ifModifiedSince\":"          \
                                                      "\"2001-01-01T00:00:00Z\"}},"         \
                                                      "{\"resource\":{"                     \
                                                      "\"resourceType\":\"Patient\"}"       \
                                                      "," REQUEST("POST",                   \
                                                          "Patient/$validate") "},"         \
                                                                               "{" REQUEST( \
                                                                                   "P"      \
                                                                                   "O"      \
                                                                                   "S"      \
                                                                                   "T",     \
                                                                                   "P"      \
                                                                                   "a"      \
                                                                                   "t"      \
                                                                                   "i"      \
                                                                                   "e"      \
                                                                                   "n"      \
                                                                                   "t"      \
                                                                                   "/"      \
                                                                                   "a"      \
                                                                                   "s"      \
                                                                                   "k"      \
                                                                                   "/"      \
                                                                                   "$"      \
                                                                                   "e"      \
                                                                                   "v"      \
                                                                                   "e"      \
                                                                                   "r"      \
                                                                                   "y"      \
                                                                                   "t"      \
                                                                                   "h"      \
                                                                                   "i"      \
                                                                                   "n"      \
                                                                                   "g") "}"
    static const char *const bundles[] = {TX(ASKING), BUNDLE("batch", ASKING)};

    (void)state;
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Patient/ask",
            .body = "{\"resourceType\":\"Patient\",\"id\":\"ask\"}"});
    for (size_t i = 0; i < sizeof(bundles) / sizeof(bundles[0]); i++) {
        struct said *s = said_status(POST(&node, "", bundles[i]), 200);

        assert_string_equal(said_text(s, "entry.0.response.status"), "200 OK");
        assert_string_equal(said_text(s, "entry.0.resource.id"), "");
        assert_string_equal(said_text(s, "entry.1.resource.type"), "searchset");
        assert_string_equal(
            said_text(s, "entry.2.response.status"), "304 Not Modified");
        assert_string_equal(said_text(s, "entry.3.resource.id"), "ask");
        assert_string_equal(
            said_text(s, "entry.4.resource.resourceType"), "OperationOutcome");
        assert_string_equal(said_text(s, "entry.5.resource.total"), "1");
        said_free(s);
    }
}

#define TESTS(open)                                                                    \
    cmocka_unit_test_setup_teardown(test_links, open, close_node),                     \
        cmocka_unit_test_setup_teardown(test_asking, open, close_node)

MAIN_OVER_EACH_STORE("bundle links")
