/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses may be asked; and a server on this machine that answers well, too much,
 * elsewhere, or not at all. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/thread.h"

#include "outside/fetch.h"
#include "unit.h"

/* ---- addresses ---- */

static void addresses(void **state)
{
    static const struct {
        const char *url;
        bool good;
    } table[] = {
        {"https://id.example", true},
        {"https://id.example:8443/realm/x?y=z", true},
        {"HTTPS://id.example/", true},
        {"http://127.0.0.1:80/x", true},
        {"http://127.1.2.3/", true},
        {"http://[::1]:8080/", true},
        {"http://localhost/", true},
        {"http://id.example/", false},
        {"http://10.0.0.1/", false},
        {"http://127.0.0.1.evil.example/", false},
        {"http://localhost.evil.example/", false},
        {"http://0.0.0.0/", false},
        {"http://[::2]/", false},
        {"http://2130706433.example/", false},
        {"https://name@id.example/", false},
        {"https://name:word@id.example/", false},
        {"http://127.0.0.1@evil.example/", false},
        {"https://id.example/#x", false},
        {"https://id.example/keys#", false},
        {"https:///x", false},
        {"https:/id.example", false},
        {"https:id.example", false},
        {"https://", false},
        {"file:///etc/passwd", false},
        {"ftp://127.0.0.1/", false},
        {"gopher://127.0.0.1/", false},
        {"ldap://127.0.0.1/", false},
        {"javascript:alert(1)", false},
        {"id.example", false},
        {"/x", false},
        {"", false},
        {"https://id.example/a b", false},
        {"https://id.example/a\nb", false},
        {"https://id.example/\xc3\xa9", false},
        {NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct err err = {0};
        int r = outside_url_check(table[i].url, "issuer", &err);

        if (r != (table[i].good ? 0 : E_INVALID))
            fail_msg("%s: %d", table[i].url ? table[i].url : "NULL", r);
    }
}

/* ---- a server ---- */

static int listener = -1;
static unsigned port;
static pthread_t thread;
static char heard[4096]; /* the last request */

static void say(int socket, const char *text)
{
    size_t len = strlen(text);

    while (len > 0) {
        ssize_t n = send(socket, text, len, MSG_NOSIGNAL);

        if (n <= 0)
            return;
        text += n;
        len -= (size_t)n;
    }
}

static void say_much(int socket)
{
    char part[1025];

    memset(part, 'x', 1024);
    part[1024] = '\0';
    say(socket, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    for (size_t i = 0; i <= LIMIT_OUTSIDE_BYTES / 1024; i++)
        say(socket, part);
}

/* The whole request: head and body may come one after the other. */
static void hear(int socket)
{
    size_t len = 0;
    size_t whole = 0; /* 0: not known yet */
    ssize_t n = 1;

    while (n > 0 && len < sizeof(heard) - 1 && (whole == 0 || len < whole)) {
        const char *length = NULL;
        const char *end = NULL;

        n = recv(socket, heard + len, sizeof(heard) - 1 - len, 0);
        len += n > 0 ? (size_t)n : 0;
        heard[len] = '\0';
        end = strstr(heard, "\r\n\r\n");
        length = strstr(heard, "Content-Length: ");
        if (end)
            whole =
                (size_t)(end - heard) + 4 +
                (length ? strtoul(length + strlen("Content-Length: "), NULL, 10) : 0);
    }
}

static void answer(int socket)
{
    char byte;

    heard[0] = '\0';
    hear(socket);
    if (strstr(heard, " /large "))
        say_much(socket);
    else if (strstr(heard, " /promise "))
        say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx");
    else if (strstr(heard, " /elsewhere "))
        say(socket, "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n");
    else if (strstr(heard, " /slow "))
        (void)!recv(socket, &byte, 1, 0); /* until whoever asked has given up */
    else
        say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n"
                    "Set-Cookie: a=b\r\n\r\nhello");
}

static void *serve(void *arg)
{
    int socket = -1;

    (void)arg;
    while ((socket = accept(listener, NULL, NULL)) >= 0) {
        answer(socket);
        close(socket);
    }
    return NULL;
}

static int begin(void **state)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof(at);

    (void)state;
    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&at, sizeof(at)) < 0 ||
        listen(listener, 8) < 0 ||
        getsockname(listener, (struct sockaddr *)&at, &size) < 0)
        return -1;
    port = ntohs(at.sin_port);
    return thread_start(&thread, "server", serve, NULL, NULL);
}

static int end(void **state)
{
    (void)state;
    shutdown(listener, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(listener);
    return 0;
}

static int ask(const char *path, struct outside_request *rq, int *status,
    struct buf *body, struct err *err)
{
    char url[100];

    snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", port, path);
    rq->url = url;
    if (rq->patience == 0)
        rq->patience = 5000;
    return outside_fetch(rq, status, body, err);
}

static void answers(void **state)
{
    struct outside_request rq = {0};
    struct buf body;
    struct err err = {0};
    int status = 0;

    (void)state;
    buf_init(&body, LIMIT_OUTSIDE_BYTES);
    buf_adds(&body, "of before");
    assert_int_equal(ask("/ok", &rq, &status, &body, &err), 0);
    assert_int_equal(status, 200);
    assert_string_equal(buf_cstr(&body), "hello");
    assert_non_null(strstr(heard, "GET /ok HTTP/1.1"));
    assert_null(strstr(heard, "Authorization"));
    rq =
        (struct outside_request){.form = "a=b&c=d", .user = "me", .password = "secret"};
    assert_int_equal(ask("/ok", &rq, &status, &body, &err), 0);
    assert_non_null(strstr(heard, "POST /ok"));
    assert_non_null(strstr(heard, "Authorization: Basic bWU6c2VjcmV0"));
    assert_non_null(strstr(heard, "application/x-www-form-urlencoded"));
    rq = (struct outside_request){.bearer = "abc"};
    assert_int_equal(ask("/ok", &rq, &status, &body, &err), 0);
    assert_non_null(strstr(heard, "Authorization: Bearer abc\r\n"));
    assert_null(strstr(heard, "Cookie"));
    rq = (struct outside_request){.bearer = "abc\r\nX: y"};
    assert_int_equal(ask("/ok", &rq, &status, &body, &err), E_INVALID);
    buf_done(&body);
}

static void limits(void **state)
{
    struct outside_request rq = {0};
    struct buf body;
    struct err err = {0};
    uint64_t begun = 0;
    int status = 0;

    (void)state;
    buf_init(&body, LIMIT_OUTSIDE_BYTES);
    assert_int_equal(ask("/large", &rq, &status, &body, &err), E_TOO_LARGE);
    assert_int_equal(ask("/promise", &rq, &status, &body, &err), E_TOO_LARGE);
    assert_int_equal(status, 0);
    assert_int_equal(ask("/elsewhere", &rq, &status, &body, &err), 0);
    assert_int_equal(status, 302); /* told, not followed */
    begun = time_monotonic_ns();
    rq.patience = 150;
    assert_int_equal(ask("/slow", &rq, &status, &body, &err), E_IO);
    assert_true(time_monotonic_ns() - begun < 30 * 1000000000ull); /* not for ever */
    rq = (struct outside_request){.url = "http://127.0.0.1:1/", .patience = 2000};
    assert_int_equal(outside_fetch(&rq, &status, &body, &err), E_IO);
    rq.url = "http://192.0.2.1/";
    assert_int_equal(outside_fetch(&rq, &status, &body, &err), E_INVALID);
    buf_done(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(answers),
        cmocka_unit_test(limits),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
