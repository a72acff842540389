/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is settled of a request before anybody looks at what it asks for: that its head
 * means the same to us as to a proxy in front of us, who sent it, and whether this
 * address or person has asked for enough. A refusal here leaves the body unread, so the
 * connection ends with it and nothing behind can be taken for another request.
 */
#include <stdio.h>
#include <strings.h>

#include "base/log.h"
#include "base/time.h"

#include "http/http_internal.h"

/* ---- the head ---- */

/* A body's end must not be a matter of opinion. */
static int check_framing(
    const struct http_head *head, const char *version, struct err *err)
{
    struct str coding = head->transfer_encoding;

    if (!coding.p)
        return 0;
    if (head->content_length.p)
        return err_set(err, E_INVALID, "Transfer-Encoding",
            "Content-Length and Transfer-Encoding contradict each other; send one.");
    if (strcmp(version, MHD_HTTP_VERSION_1_1) != 0 || coding.len != 7 ||
        strncasecmp(coding.p, "chunked", 7) != 0)
        return err_set(err, E_INVALID, "Transfer-Encoding",
            "A body comes with a Content-Length or, in HTTP/1.1, chunked.");
    return 0;
}

int http_guard_head(struct http_request *rq, const char *version, struct err *err)
{
    const struct http_head *head = &rq->head;

    if (head->lines > LIMIT_HEADERS) {
        rq->refusal = MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
        return err_set(err, E_TOO_LARGE, NULL,
            "The request has more than %d header lines.", LIMIT_HEADERS);
    }
    if (head->malformed)
        return err_set(err, E_INVALID, NULL,
            "A header has no name, a space before its colon, or a value of two lines.");
    if (head->repeated)
        return err_set(err, E_INVALID, head->repeated,
            "The header %s was sent more than once.", head->repeated);
    if (!head->host.p && strcmp(version, MHD_HTTP_VERSION_1_1) == 0)
        return err_set(err, E_INVALID, "Host", "The header Host is missing.");
    if (head->host.p && !http_host_valid(head->host))
        return err_set(err, E_INVALID, "Host",
            "The header Host is not a name or address with, perhaps, a port.");
    return check_framing(head, version, err);
}

/* ---- the client ---- */

void http_guard_client(struct http_request *rq)
{
    const struct http_server *server = rq->server;
    const struct http_head *head = &rq->head;
    struct http_told told;

    rq->secure = server->tls_certificate != NULL;
    rq->host = head->host;
    rq->client = rq->link ? rq->link->peer : (struct http_peer){{0}};
    if (!rq->link || !rq->link->proxy)
        return;
    if (server->proxy_header == HTTP_FORWARDED)
        told = http_told_forwarded(&server->proxies, &rq->client, head->forwarded);
    else
        told = http_told_apart(&server->proxies, &rq->client, head->forwarded_for,
            head->forwarded_proto, head->forwarded_host);
    rq->client = told.client;
    if (told.scheme.p)
        rq->secure = str_is(told.scheme, "https");
    if (told.host.p)
        rq->host = told.host;
}

/* ---- rates ---- */

/* One line a second at most: who is refused is asking often. */
static void log_refusal(struct http_request *rq, const char *counted)
{
    long long now = time_now() / 1000;
    char text[HTTP_PEER_TEXT_MAX];

    if (atomic_exchange(&rq->server->refusal_logged, now) == now)
        return;
    http_peer_text(&rq->client, text);
    log_line(LOG_WARN, "http too many requests of one %s address=%s request=%s",
        counted, text, rq->id);
}

static int too_often(
    struct http_request *rq, unsigned wait, const char *counted, struct err *err)
{
    rq->retry_after = wait;
    log_refusal(rq, counted);
    return err_set(err, E_TOO_OFTEN, NULL,
        "Too many requests came from this %s; try again in %u s.", counted, wait);
}

/* Programs on this machine may ask as often as they like, unless told otherwise. */
static bool is_spared(const struct http_request *rq)
{
    return rq->link && !rq->link->proxy && rq->link->spared;
}

int http_guard_address(struct http_request *rq, struct err *err)
{
    struct http_server *server = rq->server;
    unsigned counter;
    unsigned wait;

    if (is_spared(rq) || server->address_rate == 0)
        return 0;
    counter = rq->link && !rq->link->proxy
                  ? rq->link->counter
                  : http_rates_of_peer(&server->rates, &rq->client);
    wait = http_rates_take(
        &server->rates, counter, server->address_rate, time_monotonic_ns());
    return wait == 0 ? 0 : too_often(rq, wait, "address", err);
}

int http_guard_person(struct http_request *rq, struct err *err)
{
    struct http_server *server = rq->server;
    unsigned wait;

    if (is_spared(rq) || server->person_rate == 0)
        return 0;
    wait = http_rates_take(&server->rates,
        http_rates_of_person(&server->rates, rq->call.caller.name), server->person_rate,
        time_monotonic_ns());
    return wait == 0 ? 0 : too_often(rq, wait, "person", err);
}
