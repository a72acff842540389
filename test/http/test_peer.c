/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses, proxies that are believed, and what they say. */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "http/peer.h"
#include "unit.h"

static const struct str absent = {NULL, 0};

static struct http_peer peer(const char *text)
{
    struct http_peer found;

    assert_true(http_peer_parse(str_of(text), &found));
    return found;
}

static void assert_peer(struct http_peer found, const char *expected)
{
    char text[HTTP_PEER_TEXT_MAX];

    http_peer_text(&found, text);
    assert_string_equal(text, expected);
}

static void parsed(void **state)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"192.0.2.7", "192.0.2.7"},
        {"192.0.2.7:80", "192.0.2.7"},
        {"192.0.2.7:65535", "192.0.2.7"},
        {"2001:db8::1", "2001:db8::1"},
        {"[2001:db8::1]", "2001:db8::1"},
        {"[2001:db8::1]:443", "2001:db8::1"},
        {"::ffff:192.0.2.7", "192.0.2.7"},
        {"::1", "::1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_peer(peer(cases[i].text), cases[i].expected);
}

static void not_parsed(void **state)
{
    static const char *const texts[] = {"", "unknown", "_hidden", "192.0.2",
        "192.0.2.256", "192.0.2.7:", "192.0.2.7:x", "192.0.2.7:65536", "192.0.2.7 ",
        "[192.0.2.7]", "[2001:db8::1", "[2001:db8::1]x", "[2001:db8::1]:", "[]",
        "2001:db8::1::", "fe80::1%eth0", "localhost", ":80",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd:eeee"};
    struct http_peer found;

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        assert_false(http_peer_parse(str_of(texts[i]), &found));
    assert_false(http_peer_parse((struct str){"1.2.3.4\0x", 9}, &found));
}

static void of_sockets(void **state)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};

    (void)state;
    inet_pton(AF_INET, "192.0.2.7", &four.sin_addr);
    inet_pton(AF_INET6, "2001:db8::1", &six.sin6_addr);
    assert_peer(http_peer_of((struct sockaddr *)(void *)&four), "192.0.2.7");
    assert_peer(http_peer_of((struct sockaddr *)(void *)&six), "2001:db8::1");
    inet_pton(AF_INET6, "::ffff:192.0.2.7", &six.sin6_addr);
    assert_peer(http_peer_of((struct sockaddr *)(void *)&six), "192.0.2.7");
    assert_peer(http_peer_of(NULL), "::");
}

static void households(void **state)
{
    static const char *const local[] = {
        "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"};
    static const char *const distant[] = {"128.0.0.1", "10.0.0.1", "::", "::2"};
    struct http_peer found = peer("2001:db8:1:2:3:4:5:6");

    (void)state;
    assert_peer(http_peer_household(&found), "2001:db8:1:2::");
    found = peer("192.0.2.7");
    assert_peer(http_peer_household(&found), "192.0.2.7");
    for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++) {
        found = peer(local[i]);
        assert_true(http_peer_is_loopback(&found));
    }
    for (size_t i = 0; i < sizeof(distant) / sizeof(distant[0]); i++) {
        found = peer(distant[i]);
        assert_false(http_peer_is_loopback(&found));
    }
}

static bool knows(const char *list, const char *text)
{
    struct http_proxies proxies;
    struct http_peer found = peer(text);

    assert_int_equal(http_proxies_parse(list, &proxies, NULL), 0);
    return http_proxies_know(&proxies, &found);
}

static void proxies_known(void **state)
{
    (void)state;
    assert_false(knows(NULL, "127.0.0.1"));
    assert_true(knows("127.0.0.1", "127.0.0.1"));
    assert_false(knows("127.0.0.1", "127.0.0.2"));
    assert_false(knows("127.0.0.1", "::1"));
    assert_true(knows("10.1.0.0/16,::1", "10.1.255.255"));
    assert_true(knows("10.1.0.0/16,::1", "::1"));
    assert_false(knows("10.1.0.0/16,::1", "10.2.0.0"));
    assert_true(knows("192.0.2.0/25", "192.0.2.127"));
    assert_false(knows("192.0.2.0/25", "192.0.2.128"));
    assert_true(knows("2001:db8::/33", "2001:db8:7fff::1"));
    assert_false(knows("2001:db8::/33", "2001:db8:8000::1"));
}

static void proxies_refused(void **state)
{
    static const char *const texts[] = {"", "x", "10.0.0.0/0", "10.0.0.0/33",
        "10.0.0.0/", "10.0.0.0/8x", "::1/129", "10.0.0.1,", "10.0.0.1 10.0.0.2"};
    struct http_proxies proxies = {.count = 7};
    char many[LIMIT_PROXIES * 10 + 20];
    size_t len = 0;
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        assert_int_equal(http_proxies_parse(texts[i], &proxies, &err), E_USAGE);
        assert_string_equal(err.path, "--trusted-proxy");
    }
    for (int i = 0; i < LIMIT_PROXIES; i++)
        len += (size_t)snprintf(many + len, sizeof(many) - len, "10.0.0.%d,", i);
    many[len - 1] = 0;
    assert_int_equal(http_proxies_parse(many, &proxies, NULL), 0);
    assert_int_equal(proxies.count, LIMIT_PROXIES);
    many[len - 1] = ',';
    snprintf(many + len, sizeof(many) - len, "::1");
    assert_int_equal(http_proxies_parse(many, &proxies, &err), E_USAGE);
    assert_int_equal(proxies.count, LIMIT_PROXIES);
}

static struct http_proxies ours(void)
{
    struct http_proxies proxies;

    assert_int_equal(
        http_proxies_parse("10.0.0.0/8,2001:db8:ffff::/48", &proxies, NULL), 0);
    return proxies;
}

/* X-Forwarded-For as the nearest proxy sent it, and who the client is by it. */
static void clients_told(void **state)
{
    static const struct {
        const char *list;
        const char *client;
    } cases[] = {
        {NULL, "10.0.0.1"},
        {"", "10.0.0.1"},
        {"192.0.2.7", "192.0.2.7"},
        {"  192.0.2.7\t", "192.0.2.7"},
        {"192.0.2.7, 10.0.0.9", "192.0.2.7"},
        {"192.0.2.7,10.0.0.9,10.0.0.8", "192.0.2.7"},
        /* what the client itself wrote before is no word of a proxy */
        {"127.0.0.1, 192.0.2.7", "192.0.2.7"},
        {"10.0.0.3, 192.0.2.7, 10.0.0.9", "192.0.2.7"},
        {"192.0.2.7, unknown", "10.0.0.1"},
        {"192.0.2.7, unknown, 10.0.0.9", "10.0.0.9"},
        {"192.0.2.7,", "10.0.0.1"},
        {"[2001:db8::5]:1234", "2001:db8::5"},
        {"10.0.0.7", "10.0.0.7"},
    };
    struct http_proxies proxies = ours();
    struct http_peer from = peer("10.0.0.1");

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct http_told told =
            http_told_apart(&proxies, &from, str_of(cases[i].list), absent, absent);

        assert_peer(told.client, cases[i].client);
        assert_null(told.scheme.p);
        assert_null(told.host.p);
    }
}

/* A list of believed proxies without end is not walked without end. */
static void hops_end(void **state)
{
    char list[2000];
    size_t len = 0;
    struct http_proxies proxies = ours();
    struct http_peer from = peer("10.0.0.1");
    struct http_told told;

    (void)state;
    for (int i = 100; i > 0; i--)
        len += (size_t)snprintf(list + len, sizeof(list) - len, "10.0.9.%d%s", i, ", ");
    told =
        http_told_apart(&proxies, &from, (struct str){list, len - 2}, absent, absent);
    assert_int_equal(told.client.bytes[15], LIMIT_FORWARDED_HOPS);
}

static void schemes_and_hosts_told(void **state)
{
    struct http_proxies proxies = ours();
    struct http_peer from = peer("10.0.0.1");
    struct http_told told = http_told_apart(
        &proxies, &from, absent, STR("HTTPS"), STR("belay.example:8443"));

    (void)state;
    assert_true(str_is(told.scheme, "https"));
    assert_true(str_is(told.host, "belay.example:8443"));
    told = http_told_apart(&proxies, &from, absent, STR("https, http"), STR("a, b.c"));
    assert_true(str_is(told.scheme, "http"));
    assert_true(str_is(told.host, "b.c"));
    told = http_told_apart(
        &proxies, &from, absent, STR("javascript"), STR("a/../b\r\nSet-Cookie: x"));
    assert_null(told.scheme.p);
    assert_null(told.host.p);
}

static void forwarded_told(void **state)
{
    static const struct {
        const char *text;
        const char *client;
        const char *scheme;
        const char *host;
    } cases[] = {
        {"for=192.0.2.7;proto=https;host=belay.example", "192.0.2.7", "https",
            "belay.example"},
        {"For=\"[2001:db8::1]:4711\"", "2001:db8::1", NULL, NULL},
        {"for=127.0.0.1, for=192.0.2.7;by=10.0.0.2, For=10.0.0.2;Proto=http",
            "192.0.2.7", "http", NULL},
        {"for=192.0.2.7;host=\"a,b;for=1.1.1.1\", for=10.0.0.2", "192.0.2.7", NULL,
            NULL},
        {"for=192.0.2.9, for=_hidden", "10.0.0.1", NULL, NULL},
        {"for=unknown", "10.0.0.1", NULL, NULL},
        {"proto=https", "10.0.0.1", "https", NULL},
        {"host=\"belay.example:8443\" ; proto = https", "10.0.0.1", "https",
            "belay.example:8443"},
        {"\"", "10.0.0.1", NULL, NULL},
        {";;,=,", "10.0.0.1", NULL, NULL},
    };
    struct http_proxies proxies = ours();
    struct http_peer from = peer("10.0.0.1");

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct http_told told =
            http_told_forwarded(&proxies, &from, str_of(cases[i].text));

        assert_peer(told.client, cases[i].client);
        assert_true(str_eq(told.scheme, str_of(cases[i].scheme)));
        assert_true(str_eq(told.host, str_of(cases[i].host)));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parsed),
        cmocka_unit_test(not_parsed),
        cmocka_unit_test(of_sockets),
        cmocka_unit_test(households),
        cmocka_unit_test(proxies_known),
        cmocka_unit_test(proxies_refused),
        cmocka_unit_test(clients_told),
        cmocka_unit_test(hops_end),
        cmocka_unit_test(schemes_and_hosts_told),
        cmocka_unit_test(forwarded_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
