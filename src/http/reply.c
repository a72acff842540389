/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers: status, headers, body packed where it pays. The body is sent from the
 * request's own memory, which stays until MHD says that the request is over, so nothing
 * is copied and nothing allocated for it.
 */
#include <stdio.h>

#include "base/compress.h"
#include "base/time.h"

#include "app/synthetic.h"
#include "http/http_internal.h"

/* Two years, as browsers' own lists of encrypted sites ask for; for names below ours too,
 * so that a cookie of ours cannot be planted from one of them. */
#define HSTS "max-age=63072000; includeSubDomains"

static const char json_type[] = "application/fhir+json; charset=utf-8";

static void header(struct MHD_Response *response, const char *name, const char *value)
{
    /* fails only without memory; an answer without the header is better than none */
    (void)MHD_add_response_header(response, name, value);
}

/* All is invented, and its clock may be moved: pages go by the day of this answer. */
static void synthetic(struct MHD_Response *response)
{
    char text[TIME_ISO_MAX];

    header(response, "X-Belay-Synthetic", "yes");
    time_http(time_now(), text);
    header(response, "Date", text);
}

enum MHD_Result http_reply_queue(
    struct http_request *rq, unsigned status, struct MHD_Response *response)
{
    enum MHD_Result r;

    if (!response)
        return MHD_NO;
    header(response, "X-Content-Type-Options", "nosniff");
    header(response, "Content-Security-Policy", rq->policy);
    header(response, "Cross-Origin-Resource-Policy", "same-origin");
    header(response, "Referrer-Policy", "no-referrer");
    if (rq->secure)
        header(response, "Strict-Transport-Security", HSTS);
    header(response, "X-Request-Id", rq->id);
    if (synthetic_is(rq->server->app))
        synthetic(response);
    if (atomic_load_explicit(&rq->server->stopping, memory_order_relaxed))
        header(response, "Connection", "close");
    rq->stage = HTTP_STAGE_ANSWERED;
    r = MHD_queue_response(rq->connection, status, response);
    MHD_destroy_response(response);
    return r;
}

/* The body as it is sent: packed if the client can unpack it and it is large enough for
 * that to pay. Sets ${coding} to the name of the packing, or NULL. */
static struct str reply_body(struct http_request *rq, const char **coding)
{
    struct buf *plain = &rq->call.answer;
    struct str body = {plain->data, plain->len};
    unsigned welcome;
    int r = -1;

    *coding = NULL;
    if (body.len < LIMIT_PACK_BYTES || !rq->head.accept_encoding.p)
        return body;
    welcome = http_accept_codings(rq->head.accept_encoding);
    if (welcome & HTTP_ZSTD)
        r = compress_zstd(body, &rq->packed, NULL);
    else if (welcome & HTTP_GZIP)
        r = compress_gzip(body, &rq->packed, NULL);
    if (r < 0 || rq->packed.len >= body.len)
        return body;
    *coding = welcome & HTTP_ZSTD ? "zstd" : "gzip";
    return (struct str){rq->packed.data, rq->packed.len};
}

/* How to come in, or why one did not (RFC 6750, 3). */
static void challenge(const struct http_request *rq, struct MHD_Response *response)
{
    const struct app_call *call = &rq->call;

    if (call->status == 401 && rq->route == HTTP_ROUTE_OAUTH)
        header(response, "WWW-Authenticate", "Basic realm=\"belay\"");
    else if (call->status == 401 && http_bearer(rq->head.authorization).p)
        header(response, "WWW-Authenticate",
            "Bearer realm=\"belay\", error=\"invalid_token\"");
    else if (call->status == 401)
        header(response, "WWW-Authenticate", "Bearer realm=\"belay\"");
    else if (call->status == 403 && call->lacks_scope)
        header(response, "WWW-Authenticate",
            "Bearer realm=\"belay\", error=\"insufficient_scope\"");
}

/* The headers that come out of app's answer. */
static void call_headers(struct http_request *rq, struct MHD_Response *response)
{
    struct app_call *call = &rq->call;
    char cookie[HTTP_COOKIE_MAX];

    header(response, "Cache-Control", call->may_be_kept ? "no-cache" : "no-store");
    if (call->etag[0])
        header(response, "ETag", call->etag);
    if (call->location[0])
        header(response, "Location", call->location);
    if (call->last_modified != 0) {
        char text[TIME_ISO_MAX];

        time_http(call->last_modified, text);
        header(response, "Last-Modified", text);
    }
    if (rq->allow)
        header(response, "Allow", rq->allow);
    challenge(rq, response);
    if (call->retry_after > 0 && rq->retry_after == 0)
        rq->retry_after = (unsigned)((call->retry_after + 999) / 1000);
    if (http_session_cookie(rq, cookie) > 0)
        header(response, "Set-Cookie", cookie);
    if (http_session_way(rq, cookie) > 0)
        header(response, "Set-Cookie", cookie);
    if (rq->retry_after > 0) {
        char text[16];

        snprintf(text, sizeof(text), "%u", rq->retry_after);
        header(response, "Retry-After", text);
    } else if (call->status == 503) {
        header(response, "Retry-After", "1");
    }
}

static void body_headers(
    struct http_request *rq, struct MHD_Response *response, const char *coding)
{
    struct str media = rq->call.media_type;
    const char *copy = json_type;

    if (media.p) {
        copy = arena_strndup(rq->arena, media.p, media.len);
        rq->policy = HTTP_STORED_POLICY;
    }
    header(response, "Content-Type", copy ? copy : "application/octet-stream");
    if (coding)
        header(response, "Content-Encoding", coding);
}

enum MHD_Result http_reply_call(struct http_request *rq)
{
    struct app_call *call = &rq->call;
    struct MHD_Response *response = NULL;
    struct str body = {NULL, 0};
    const char *coding = NULL;

    if (call->answer.error) {
        struct err err = {0};

        buf_error(&call->answer, "The answer", &err);
        buf_clear(&call->answer);
        app_fail(call, &err, NULL);
    }
    if (call->status != 204 && call->status != 304)
        body = reply_body(rq, &coding);
    response = MHD_create_response_from_buffer(
        body.len, body.len ? (void *)(uintptr_t)body.p : NULL, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    call_headers(rq, response);
    if (body.len > 0)
        body_headers(rq, response, coding);
    http_link_allow(rq->link, time_now(), body.len);
    return http_reply_queue(rq, (unsigned)call->status, response);
}

enum MHD_Result http_reply_error(struct http_request *rq, const struct err *err)
{
    struct app_call *call = &rq->call;

    app_fail(call, err, NULL);
    /* one code stands for three things that HTTP tells apart */
    if (rq->refusal != 0)
        call->status = (int)rq->refusal;
    else if (err->code == E_UNSUPPORTED && rq->allow)
        call->status = 405;
    else if (err->code == E_UNSUPPORTED && strncmp(err->path, "Content-", 8) == 0)
        call->status = 415;
    else if (err->code == E_UNSUPPORTED)
        call->status = 406;
    return http_reply_call(rq);
}

enum MHD_Result http_reply_health(struct http_request *rq)
{
    rq->call.status = 200;
    rq->call.media_type = STR("application/json");
    buf_adds(&rq->call.answer, "{\"status\":\"ok\"}");
    return http_reply_call(rq);
}

enum MHD_Result http_reply_asset(struct http_request *rq)
{
    const struct http_asset *asset = rq->asset;
    bool plain =
        !asset->gzip || !(http_accept_codings(rq->head.accept_encoding) & HTTP_GZIP);
    bool fresh =
        rq->head.if_none_match.p && str_is(rq->head.if_none_match, asset->etag);
    const unsigned char *data = plain ? asset->data : asset->gzip;
    size_t size = plain ? asset->size : asset->gzip_size;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        fresh ? 0 : size, (void *)(uintptr_t)data, MHD_RESPMEM_PERSISTENT);

    if (!response)
        return MHD_NO;
    header(response, "ETag", asset->etag);
    header(response, "Cache-Control",
        strncmp(asset->path, HTTP_ASSET_HASHED_PREFIX,
            sizeof(HTTP_ASSET_HASHED_PREFIX) - 1) == 0
            ? "public, max-age=31536000, immutable"
            : "no-cache");
    header(response, "Vary", "Accept-Encoding");
    header(response, "Cross-Origin-Opener-Policy", "same-origin");
    header(response, "Permissions-Policy", HTTP_PAGE_PERMISSIONS);
    rq->policy = HTTP_PAGE_POLICY;
    if (!fresh) {
        header(response, "Content-Type", asset->media_type);
        if (!plain)
            header(response, "Content-Encoding", "gzip");
    }
    http_link_allow(rq->link, time_now(), size);
    return http_reply_queue(rq, fresh ? 304 : 200, response);
}
