/* SPDX-License-Identifier: Apache-2.0 */
/* Where to listen, as text, and what of it can be reached from elsewhere. */
#include "http/header.h"
#include "unit.h"

static void split_well(void **state)
{
    static const struct {
        const char *text;
        const char *host;
        unsigned short port;
    } cases[] = {
        {"127.0.0.1:8080", "127.0.0.1", 8080},
        {"[::1]:0", "::1", 0},
        {"localhost:65535", "localhost", 65535},
        {"::1:80", "::1", 80},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str host = {0};
        unsigned short port = 1;

        assert_int_equal(
            http_address_split(str_of(cases[i].text), &host, &port, NULL), 0);
        assert_true(str_is(host, cases[i].host));
        assert_int_equal(port, cases[i].port);
    }
}

static void split_refused(void **state)
{
    static const char *const texts[] = {
        "", ":", "8080", ":8080", "[]:80", "a:", "a:b", "a:65536", "a:-1", "a:80 "};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct str host = STR("untouched");
        unsigned short port = 7;
        struct err err = {0};

        assert_int_equal(
            http_address_split(str_of(texts[i]), &host, &port, &err), E_USAGE);
        assert_true(str_is(host, "untouched"));
        assert_int_equal(port, 7);
        assert_string_not_equal(err.text, "");
    }
}

static void loopback(void **state)
{
    static const char *const here[] = {
        "127.0.0.1", "127.255.0.9", "localhost", "::1", "::ffff:127.0.0.1"};
    static const char *const elsewhere[] = {"0.0.0.0", "10.0.0.1", "128.0.0.1",
        "::", "::2", "fe80::1", "::ffff:10.0.0.1", "", "127.0.0.1x",
        "1234567890123456789012345678901234567890123456789012345678901234567890"};

    (void)state;
    for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
        assert_true(http_address_is_loopback(str_of(here[i])));
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
        assert_false(http_address_is_loopback(str_of(elsewhere[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(split_well),
        cmocka_unit_test(split_refused),
        cmocka_unit_test(loopback),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
