/* SPDX-License-Identifier: Apache-2.0 */
/* Header values as clients really send them, and as they should not. */
#include "http/header.h"
#include "unit.h"

static const struct str absent = {NULL, 0};

static void accept_codings(void **state)
{
    (void)state;
    assert_int_equal(http_accept_codings(absent), 0);
    assert_int_equal(http_accept_codings(STR("")), 0);
    assert_int_equal(http_accept_codings(STR("identity")), 0);
    assert_int_equal(http_accept_codings(STR("gzip, deflate, br")), HTTP_GZIP);
    assert_int_equal(
        http_accept_codings(STR("gzip, deflate, br, zstd")), HTTP_GZIP | HTTP_ZSTD);
    assert_int_equal(http_accept_codings(STR("GZip;q=0.5")), HTTP_GZIP);
    assert_int_equal(http_accept_codings(STR("gzip;q=0, zstd;q=0.001")), HTTP_ZSTD);
    assert_int_equal(http_accept_codings(STR("gzip ; q=0.0")), 0);
    assert_int_equal(http_accept_codings(STR("*")), HTTP_GZIP | HTTP_ZSTD);
    assert_int_equal(http_accept_codings(STR("*;q=0")), 0);
    assert_int_equal(http_accept_codings(STR("*, gzip;q=0")), HTTP_ZSTD);
    assert_int_equal(http_accept_codings(STR(",,;,gzip,")), HTTP_GZIP);
}

static void body_codings(void **state)
{
    enum http_coding coding = HTTP_ZSTD;
    struct err err = {0};

    (void)state;
    assert_int_equal(http_body_coding(absent, &coding, NULL), 0);
    assert_int_equal(coding, HTTP_IDENTITY);
    assert_int_equal(http_body_coding(STR(" GZIP "), &coding, NULL), 0);
    assert_int_equal(coding, HTTP_GZIP);
    assert_int_equal(http_body_coding(STR("zstd"), &coding, NULL), 0);
    assert_int_equal(coding, HTTP_ZSTD);
    assert_int_equal(http_body_coding(STR("br"), &coding, &err), E_UNSUPPORTED);
    assert_int_equal(http_body_coding(STR("gzip, gzip"), &coding, &err), E_UNSUPPORTED);
    assert_int_equal(coding, HTTP_ZSTD);
    assert_string_equal(err.path, "Content-Encoding");
}

static void accepts_json(void **state)
{
    static const char *const yes[] = {"", "*/*", "application/fhir+json",
        "application/json",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        "application/fhir+xml, application/fhir+json;q=0.1",
        "Application/FHIR+JSON; fhirVersion=4.0", "application/*",
        "application/fhir+ndjson"};
    static const char *const no[] = {"application/fhir+xml",
        "application/xml, text/xml", "text/turtle", "application/json;q=0", "image/png",
        "applicationjson"};

    (void)state;
    assert_true(http_accepts_json(absent));
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        assert_true(http_accepts_json(str_of(yes[i])));
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        assert_false(http_accepts_json(str_of(no[i])));
}

static void format_parameter(void **state)
{
    static const char *const yes[] = {"json", "application/fhir+json",
        "application%2Ffhir%2Bjson", "application/json", "text/json",
        "application/fhir%20json", "application/json%3Bcharset=utf-8"};
    static const char *const no[] = {"xml", "application/fhir+xml", "ttl", "", "%zz",
        "jsonjsonjsonjsonjsonjsonjsonjsonjsonjsonjsonjsonjsonjsonjsonjsonjson"};

    (void)state;
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
        assert_true(http_format_is_json(str_of(yes[i])));
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
        assert_false(http_format_is_json(str_of(no[i])));
}

static void body_formats(void **state)
{
    static const struct {
        const char *text;
        enum app_format format;
    } cases[] = {
        {"application/fhir+json", APP_JSON},
        {"application/json; charset=UTF-8", APP_JSON},
        {"application/fhir+json; fhirVersion=4.0; charset=\"utf-8\"", APP_JSON},
        {"", APP_JSON},
        {"application/json-patch+json", APP_JSON_PATCH},
        {"application/x-www-form-urlencoded", APP_FORM},
        {"application/fhir+ndjson", APP_NDJSON},
    };
    static const char *const refused[] = {"application/fhir+xml", "text/plain",
        "application/json; charset=iso-8859-1", "multipart/form-data; boundary=x"};
    enum app_format format = APP_RAW;

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(http_body_format(str_of(cases[i].text), &format, NULL), 0);
        assert_int_equal(format, cases[i].format);
    }
    format = APP_RAW;
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        struct err err = {0};

        assert_int_equal(
            http_body_format(str_of(refused[i]), &format, &err), E_UNSUPPORTED);
        assert_string_equal(err.path, "Content-Type");
    }
    assert_int_equal(format, APP_RAW);
}

static void bearer(void **state)
{
    (void)state;
    assert_true(str_is(http_bearer(STR("Bearer abc")), "abc"));
    assert_true(str_is(http_bearer(STR("bearer   abc ")), "abc"));
    assert_null(http_bearer(absent).p);
    assert_null(http_bearer(STR("Bearer")).p);
    assert_null(http_bearer(STR("Basic abc")).p);
    assert_null(http_bearer(STR("abc")).p);
}

static void request_ids_and_hosts(void **state)
{
    char long_id[66];

    (void)state;
    memset(long_id, 'a', sizeof(long_id));
    assert_true(http_request_id_valid((struct str){long_id, 64}));
    assert_false(http_request_id_valid((struct str){long_id, 65}));
    assert_true(http_request_id_valid(STR("ward-7.1_x")));
    assert_false(http_request_id_valid(absent));
    assert_false(http_request_id_valid(STR("a b")));
    assert_false(http_request_id_valid(STR("a\r\nSet-Cookie: x")));
    assert_true(http_host_valid(STR("belay.example:8080")));
    assert_true(http_host_valid(STR("[::1]:8080")));
    assert_false(http_host_valid(STR("a/b")));
    assert_false(http_host_valid(STR("a\"b")));
    assert_false(http_host_valid(absent));
}

static void query_values(void **state)
{
    (void)state;
    assert_true(str_is(http_query_value(STR("a=1&_format=json&b"), "_format"), "json"));
    assert_true(str_is(http_query_value(STR("_format&x=1"), "_format"), ""));
    assert_true(str_is(http_query_value(STR("_format=a=b"), "_format"), "a=b"));
    assert_null(http_query_value(STR("x_format=json"), "_format").p);
    assert_null(http_query_value(absent, "_format").p);
}

/* Whatever comes, every reader returns: run under the address sanitiser. */
static void anything(void **state)
{
    static const char alphabet[] = "gzip,;q=0.1 */\"abcjsonxml+application\t\r\n%&=[]:";
    char text[80];

    (void)state;
    for (int i = 0; i < 100000; i++) {
        struct str s = {text, (size_t)unit_between(0, sizeof(text))};
        enum http_coding coding;
        enum app_format format;
        struct str host;
        unsigned short port;

        for (size_t k = 0; k < s.len; k++)
            text[k] = alphabet[unit_between(0, sizeof(alphabet) - 2)];
        http_accept_codings(s);
        (void)http_body_coding(s, &coding, NULL);
        (void)http_accepts_json(s);
        (void)http_format_is_json(s);
        (void)http_body_format(s, &format, NULL);
        (void)http_bearer(s);
        (void)http_query_value(s, "a");
        (void)http_address_split(s, &host, &port, NULL);
        (void)http_address_is_loopback(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accept_codings),
        cmocka_unit_test(body_codings),
        cmocka_unit_test(accepts_json),
        cmocka_unit_test(format_parameter),
        cmocka_unit_test(body_formats),
        cmocka_unit_test(bearer),
        cmocka_unit_test(request_ids_and_hosts),
        cmocka_unit_test(query_values),
        cmocka_unit_test(anything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
