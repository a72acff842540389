/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses are private, which webhooks, mail servers and mailboxes are taken; and a
 * hook into this machine, which is refused before anything is sent. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "outside/address.h"
#include "outside/mail.h"
#include "outside/post.h"
#include "unit.h"

static bool is_private(const char *text)
{
    struct sockaddr_storage s = {0};
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        memcpy(&s, &v4, sizeof(v4));
    else if (inet_pton(AF_INET6, text, &v6.sin6_addr) == 1)
        memcpy(&s, &v6, sizeof(v6));
    else
        fail_msg("%s is no address", text);
    return outside_address_private((const struct sockaddr *)&s);
}

static void ranges(void **state)
{
    static const char *const inside[] = {"0.0.0.0", "0.1.2.3", "10.0.0.1",
        "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1",
        "127.255.255.255", "169.254.169.254", "172.16.0.1", "172.31.255.255",
        "192.0.0.1", "192.0.2.1", "192.168.0.1", "192.168.255.255", "198.18.0.1",
        "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "fc00::1", "fd12:3456::1",
        "fe80::1", "fec0::1", "ff02::1", "2001::1", "2001:db8::1",
        "2002:7f00:1::", "2002:c0a8:1::1", "100::1"};
    static const char *const outside[] = {"1.1.1.1", "9.255.255.255", "11.0.0.1",
        "100.63.255.255", "100.128.0.1", "126.255.255.255", "128.0.0.1",
        "169.253.255.255", "169.255.0.1", "172.15.255.255", "172.32.0.1",
        "192.167.255.255", "192.169.0.1", "198.17.255.255", "198.20.0.1",
        "223.255.255.255", "2606:4700::1111", "2001:4860::8888", "::ffff:1.1.1.1",
        "64:ff9b::101:101", "2002:101:101::1"};
    struct sockaddr_un local = {.sun_family = AF_UNIX};

    (void)state;
    for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
        if (!is_private(inside[i]))
            fail_msg("%s counts as public", inside[i]);
    }
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        if (is_private(outside[i]))
            fail_msg("%s counts as private", outside[i]);
    }
    assert_true(outside_address_private((const struct sockaddr *)&local));
}

static void hooks(void **state)
{
    struct err err = {0};

    (void)state;
    assert_int_equal(outside_post_check("https://chat.example/x", false, "u", &err), 0);
    assert_int_equal(
        outside_post_check("http://127.0.0.1/x", false, "u", &err), E_INVALID);
    assert_int_equal(outside_post_check("http://127.0.0.1/x", true, "u", &err), 0);
    assert_int_equal(
        outside_post_check("http://chat.example/x", true, "u", &err), E_INVALID);
    assert_int_equal(
        outside_post_check("https://a:b@chat.example/", false, "u", &err), E_INVALID);
}

static void into_this_machine(void **state)
{
    static const char *const urls[] = {"https://127.0.0.1:9/", "https://localhost:9/",
        "https://[::1]:9/", "https://0.0.0.0:9/", "https://2130706433:9/",
        "https://[::ffff:127.0.0.1]:9/"};
    struct outside_post post = {.body = STR("{}"), .patience = 2000};
    struct err err = {0};
    int status = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        post.url = urls[i];
        if (outside_post(&post, &status, &err) != E_FORBIDDEN)
            fail_msg("%s was tried: %s", urls[i], err.text);
    }
    post.anywhere = true; /* nobody listens there: asked, and no answer */
    post.url = urls[0];
    assert_int_equal(outside_post(&post, &status, &err), E_IO);
}

static void mailboxes(void **state)
{
    static const char *const good[] = {
        "a@b.example", "first.last+x@hospital.example", "o'neill@h.example"};
    static const char *const bad[] = {"", "a", "@b.example", "a@", "a@b@c",
        "a b@c.example", "a@b.example\r\nRCPT TO:<x@y>", "<a@b.example>",
        "a@b.example,c@d.example", "a@b\xc3\xa9.example", "\"a\"@b.example"};
    static const char *const servers[] = {"smtp://mail.example",
        "smtps://mail.example:465", "SMTP://127.0.0.1:25", "smtp://[::1]:25"};
    static const char *const none[] = {"", "mail.example", "http://mail.example",
        "smtp://", "smtp://:25", "smtp://a@mail.example", "smtp://mail.example/x",
        "smtp://mail.example\r\n"};
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_int_equal(outside_mail_check_address(str_of(good[i]), "a", &err), 0);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(
            outside_mail_check_address(str_of(bad[i]), "a", &err), E_INVALID);
    for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++)
        assert_int_equal(outside_mail_check_server(servers[i], "s", &err), 0);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_int_equal(outside_mail_check_server(none[i], "s", &err), E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges),
        cmocka_unit_test(hooks),
        cmocka_unit_test(into_this_machine),
        cmocka_unit_test(mailboxes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
