/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request from its first line to its end, as MHD's callbacks see it. The state is
 * drawn in http_internal.h. What can be refused by the headers alone is refused before
 * the body is read; then MHD closes the connection, for the body is still on its way.
 */
#include <stdio.h>
#include <strings.h>

#include "base/time.h"

#include "app/oauth.h"
#include "app/sign_in.h"
#include "http/http_internal.h"

static void request_clear(struct http_request *rq, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    rq->connection = connection;
    rq->link = info ? info->socket_context : NULL;
    rq->stage = HTTP_STAGE_HEAD;
    rq->head = (struct http_head){0};
    rq->route = HTTP_ROUTE_NONE;
    rq->asset = NULL;
    rq->allow = NULL;
    rq->refusal = 0;
    rq->retry_after = 0;
    rq->policy = HTTP_DATA_POLICY;
    rq->id[0] = 0;
    rq->begun = time_now();
    rq->body_coding = HTTP_IDENTITY;
    rq->body_counted = 0;
    rq->body_dropped = 0;
    rq->call = (struct app_call){.arena = rq->arena, .app = rq->server->app};
    rq->call.answer = rq->answer;
    rq->call.owner = rq;
    buf_init(&rq->answer, LIMIT_RESPONSE_BYTES);
}

void *http_request_uri(void *cls, const char *uri, struct MHD_Connection *connection)
{
    struct http_server *server = cls;
    struct http_request *rq = http_request_take(server);

    if (!rq)
        return NULL;
    atomic_fetch_add(&server->active, 1);
    request_clear(rq, connection);
    buf_adds(&rq->uri, uri);
    rq->query = (struct str){rq->uri.data, rq->uri.len};
    rq->path = str_cut(&rq->query, '?');
    return rq;
}

void http_request_completed(void *cls, struct MHD_Connection *connection,
    void **context, enum MHD_RequestTerminationCode code)
{
    struct http_server *server = cls;
    struct http_request *rq = *context;

    (void)connection;
    (void)code; /* a client that went away is no fault of ours */
    if (!rq)
        return;
    *context = NULL;
    http_body_drop(rq);
    rq->answer = rq->call.answer;
    buf_init(&rq->call.answer, LIMIT_RESPONSE_BYTES);
    app_call_done(&rq->call);
    arena_reset(rq->arena);
    http_link_allow(rq->link, rq->begun, 0);
    http_request_give(rq);
    atomic_fetch_sub(&server->active, 1);
}

/* ---- headers ---- */

/*
 * A name that ends before its colon, with its value on the same line. libmicrohttpd
 * before 1.0 hangs a continuation line on the name of the header before it, which hides
 * that header from us but not from a proxy; then the name has moved and its value, which
 * has not, no longer follows it.
 */
static bool is_plain(const char *name, size_t name_len, const char *value)
{
    if (name_len == 0 || (unsigned char)name[name_len - 1] <= ' ')
        return false;
    return MHD_VERSION >= 0x01000000 || !value ||
           ((uintptr_t)value > (uintptr_t)name + name_len &&
               (uintptr_t)value - (uintptr_t)name <= LIMIT_HEADER_BYTES);
}

static enum MHD_Result head_value(void *cls, enum MHD_ValueKind kind, const char *name,
    size_t name_len, const char *value, size_t value_len)
{
/* "once": two of them would leave it open which one counts */
#define FIELD(text, member, once)                                                      \
    {                                                                                  \
        sizeof(text) - 1, text, offsetof(struct http_head, member), once               \
    }
    static const struct {
        size_t len;
        const char *name;
        size_t offset;
        bool once;
    } fields[] = {
        FIELD("Accept", accept, false),
        FIELD("Accept-Encoding", accept_encoding, false),
        FIELD("Authorization", authorization, true),
        FIELD("Content-Encoding", content_encoding, true),
        FIELD("Content-Length", content_length, true),
        FIELD("Content-Type", content_type, true),
        FIELD("Cookie", cookie, true),
        FIELD("Forwarded", forwarded, false),
        FIELD("Host", host, true),
        FIELD("If-Match", if_match, false),
        FIELD("If-Modified-Since", if_modified_since, true),
        FIELD("If-None-Exist", if_none_exist, true),
        FIELD("If-None-Match", if_none_match, false),
        FIELD("Last-Event-ID", last_event_id, true),
        FIELD("Origin", origin, true),
        FIELD("Prefer", prefer, false),
        FIELD("Sec-Fetch-Site", fetch_site, true),
        FIELD("User-Agent", user_agent, false),
        FIELD("X-Belay-Page", page_token, true),
        FIELD("X-Forwarded-For", forwarded_for, false),
        FIELD("X-Forwarded-Host", forwarded_host, false),
        FIELD("X-Forwarded-Proto", forwarded_proto, false),
        FIELD("X-Request-Id", request_id, true),
        FIELD("Transfer-Encoding", transfer_encoding, true),
    };
#undef FIELD
    struct http_head *head = cls;

    (void)kind;
    head->lines++;
    if (!is_plain(name, name_len, value))
        head->malformed = true;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (fields[i].len != name_len ||
            strncasecmp(fields[i].name, name, name_len) != 0)
            continue;
        struct str *found = (struct str *)(void *)((char *)head + fields[i].offset);
        if (found->p && fields[i].once)
            head->repeated = fields[i].name;
        *found = (struct str){value ? value : "", value_len};
        break;
    }
    return MHD_YES;
}

static void name_request(struct http_request *rq)
{
    struct http_server *server = rq->server;
    struct str given = rq->head.request_id;

    if (http_request_id_valid(given)) {
        memcpy(rq->id, given.p, given.len);
        rq->id[given.len] = 0;
        return;
    }
    uint64_t n = server->instance + atomic_fetch_add(&server->sequence, 1);
    uint8_t bytes[sizeof(n)];

    for (size_t i = 0; i < sizeof(n); i++)
        bytes[i] = (uint8_t)(n >> (56 - 8 * i));
    hex_encode(bytes, sizeof(bytes), rq->id);
}

/* Can the answer be JSON, and is the body of a kind we read? A Binary goes both ways as
 * the bytes it is. */
static int negotiate(struct http_request *rq, bool body, struct err *err)
{
    struct str format = http_query_value(rq->query, "_format");
    bool json =
        format.p ? http_format_is_json(format) : http_accepts_json(rq->head.accept);
    bool binary = http_route_is_binary(rq);
    int r;

    if (!json && !(binary && !format.p))
        return err_set(err, E_UNSUPPORTED, format.p ? "_format" : "Accept",
            "Only JSON is spoken here; ask for application/fhir+json.");
    rq->call.raw = !json;
    if (!body)
        return 0;
    r = http_body_format(rq->head.content_type, &rq->call.body_format, err);
    if (r == E_UNSUPPORTED && binary) {
        rq->call.body_format = APP_RAW;
        rq->call.body_type = rq->head.content_type;
        r = 0;
    }
    return r;
}

/* Where the caller is, as text, for the audit trail and for counting; of one that is
 * refused, too. Wrong passwords are counted by household: whoever has one address of IPv6
 * has all those beside it. */
static void name_address(struct http_request *rq)
{
    struct http_peer who = rq->client;

    if (rq->route == HTTP_ROUTE_SESSION || rq->route == HTTP_ROUTE_OAUTH)
        who = http_peer_household(&rq->client);
    if (rq->client_text[0] == 0 || memcmp(&rq->spelt, &who, sizeof(who)) != 0) {
        rq->spelt = who;
        http_peer_text(&who, rq->client_text);
    }
    rq->call.caller.address = str_of(rq->client_text);
}

/* Who asks, where that has to be known, and how much they may ask. */
static int check_caller(struct http_request *rq, struct err *err)
{
    int r = 0;

    if (rq->route == HTTP_ROUTE_OAUTH || http_route_is_public(rq)) {
        name_address(rq);
    } else if (rq->route != HTTP_ROUTE_HEALTH && rq->route != HTTP_ROUTE_ASSET) {
        r = http_route_caller(rq, err);
        name_address(rq);
        if (r == 0)
            r = http_guard_person(rq, err);
    }
    return r;
}

/* All that can be refused before the body is read. */
static int request_check(struct http_request *rq, bool *ret_body, struct err *err)
{
    int r = http_guard_address(rq, err);

    if (r < 0)
        return r;
    if (rq->uri.error)
        return err_set(err, E_TOO_LARGE, NULL,
            "The address is over %u bytes; use POST with _search.", LIMIT_URL_BYTES);
    if (rq->allow)
        return err_set(err, E_UNSUPPORTED, NULL,
            "This method is not offered here; use one of: %s.", rq->allow);
    if (rq->route == HTTP_ROUTE_NONE)
        return err_set(err, E_NOT_FOUND, NULL,
            "There is nothing at this address; records are under /fhir and "
            "/programme.");
    if (rq->route == HTTP_ROUTE_SESSION || rq->route == HTTP_ROUTE_OAUTH)
        r = http_session_body(rq, err);
    if (r == 0)
        r = check_caller(rq, err);
    if (r == 0)
        r = http_body_begin(rq, ret_body, err);
    if (r < 0)
        return r;
    if ((rq->route == HTTP_ROUTE_SESSION || rq->route == HTTP_ROUTE_OAUTH) && *ret_body)
        return http_body_format(rq->head.content_type, &rq->call.body_format, err);
    if (rq->route == HTTP_ROUTE_FHIR || rq->route == HTTP_ROUTE_PROGRAMME)
        return negotiate(rq, *ret_body, err);
    return 0;
}

/* ---- running ---- */

/* App's thread: the call may go on. */
static void request_wake(struct app_call *call)
{
    struct http_request *rq = call->owner;

    if (atomic_exchange(&rq->wait, HTTP_WAIT_WOKEN) == HTTP_WAIT_SUSPENDED)
        MHD_resume_connection(rq->connection);
}

/* Let the connection sleep until request_wake(), which may have come already. */
static void request_sleep(struct http_request *rq)
{
    int nobody = HTTP_WAIT_NONE;

    rq->stage = HTTP_STAGE_WAITING;
    MHD_suspend_connection(rq->connection);
    if (!atomic_compare_exchange_strong(&rq->wait, &nobody, HTTP_WAIT_SUSPENDED))
        MHD_resume_connection(rq->connection);
}

/* Start or go on with the call until it is answered or must wait. */
static enum MHD_Result request_go(
    struct http_request *rq, int (*step)(struct app_call *))
{
    int r;

    do {
        atomic_store(&rq->wait, HTTP_WAIT_NONE);
        r = step(&rq->call);
        step = app_finish;
    } while (r == APP_WAITING && atomic_load(&rq->wait) == HTTP_WAIT_WOKEN);
    if (r == APP_WAITING) {
        request_sleep(rq);
        return MHD_YES;
    }
    return http_reply_call(rq);
}

/* Everything of the request has arrived. */
static enum MHD_Result request_run(struct http_request *rq)
{
    struct err err = {0};

    http_link_allow(rq->link, rq->begun, rq->body.len);
    switch (rq->route) {
    case HTTP_ROUTE_HEALTH:
        return http_reply_health(rq);
    case HTTP_ROUTE_EVENTS:
        return http_events_open(rq);
    case HTTP_ROUTE_ASSET:
        return http_reply_asset(rq);
    case HTTP_ROUTE_SESSION:
    case HTTP_ROUTE_OAUTH:
    case HTTP_ROUTE_FHIR:
    case HTTP_ROUTE_PROGRAMME:
    case HTTP_ROUTE_NONE:
        break;
    }
    if (http_body_end(rq, &err) < 0 || http_route_call(rq, &err) < 0)
        return http_reply_error(rq, &err);
    rq->call.body = (struct str){rq->body.data, rq->body.len};
    rq->call.wake = request_wake;
    if (rq->route == HTTP_ROUTE_OAUTH)
        return request_go(rq, oauth_start);
    return request_go(rq, rq->route == HTTP_ROUTE_SESSION ? sign_in_start : app_start);
}

/*
 * Whoever stops the server says so and then looks how many requests are under way (server.c); this one was counted
 * before it looks whether the server stops. So it is waited for, or refused here: none comes to sleep in a worker that is
 * being stopped, of which libmicrohttpd would abort.
 */
static int check_serving(const struct http_request *rq, struct err *err)
{
    if (!atomic_load(&rq->server->stopping))
        return 0;
    return err_set(err, E_BUSY, NULL, "The server is stopping; try again in a moment.");
}

static enum MHD_Result request_begin(
    struct http_request *rq, const char *method, const char *version)
{
    struct err err = {0};
    bool body = false;

    MHD_get_connection_values_n(rq->connection, MHD_HEADER_KIND, head_value, &rq->head);
    name_request(rq);
    rq->call.request_id = str_of(rq->id);
    http_guard_client(rq);
    http_route_find(rq, method);
    if (http_guard_head(rq, version, &err) < 0 || check_serving(rq, &err) < 0)
        return http_reply_error(rq, &err);
    if (request_check(rq, &body, &err) < 0)
        return http_reply_error(rq, &err);
    /* MHD calls again, at once where there is no body; an answer given now would make
     * it close the connection */
    rq->stage = HTTP_STAGE_BODY;
    return MHD_YES;
}

/* libmicrohttpd dictates the parameters */
/* NOLINTNEXTLINE(readability-function-size) */
enum MHD_Result http_request_handle(void *cls, struct MHD_Connection *connection,
    const char *url, const char *method, const char *version, const char *upload,
    size_t *upload_size, void **context)
{
    struct http_request *rq = *context;

    (void)cls;
    (void)connection;
    (void)url; /* http_request_uri has seen it as it was sent */
    if (!rq)
        return MHD_NO; /* no memory for it: the connection is closed */
    switch (rq->stage) {
    case HTTP_STAGE_HEAD:
        return request_begin(rq, method, version);
    case HTTP_STAGE_BODY:
        if (*upload_size > 0) {
            bool more = http_body_add(rq, upload, *upload_size);
            *upload_size = 0;
            return more ? MHD_YES : MHD_NO;
        }
        return request_run(rq);
    case HTTP_STAGE_WAITING:
        return request_go(rq, app_finish);
    case HTTP_STAGE_ANSWERED:
        break;
    }
    return MHD_NO;
}
