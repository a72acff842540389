/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Browsers that hold a visit: their cookie, in and out, and whether a change really came
 * from a page of ours.
 *
 * Encrypted, the cookie is "__Host-belay", which a browser takes from this very host alone
 * and only over TLS; without TLS, on this machine itself, it is "belay". Neither can be
 * read by a script, and neither goes along with a request that another site began.
 */
#include "app/session.h"

#include <stdio.h>

#include "app/sign_in.h"
#include "http/http_internal.h"

static const char *cookie_name(const struct http_request *rq)
{
    return rq->secure ? "__Host-belay" : "belay";
}

/* What a browser keeps on its way to a provider and back. It must come along when the
 * provider's page sends the browser here, so it is lax. */
static const char *way_name(const struct http_request *rq)
{
    return rq->secure ? "__Host-belay-way" : "belay-way";
}

static bool is_write(const struct http_request *rq)
{
    return rq->call.method != APP_GET && rq->call.method != APP_HEAD;
}

/* A change that a browser says another site began is refused before anything is read. What
 * is no browser, or an old one, says nothing: then the page token alone decides. */
static int check_origin(struct http_request *rq, struct err *err)
{
    struct str site = rq->head.fetch_site;
    struct str origin = rq->head.origin;
    bool ours = true;

    if (site.p)
        ours = str_is(site, "same-origin") || str_is(site, "none");
    if (ours && origin.p)
        ours =
            http_origin_is(origin, rq->host) ||
            (rq->server->public_url && str_eq(origin, str_of(rq->server->public_url)));
    return ours ? 0
                : err_set(err, E_FORBIDDEN, "Origin",
                      "This change was begun by a page of another site.");
}

int http_session_take(struct http_request *rq, struct err *err)
{
    rq->call.cookie = http_cookie(rq->head.cookie, cookie_name(rq));
    rq->call.way = http_cookie(rq->head.cookie, way_name(rq));
    rq->call.page_token = rq->head.page_token;
    rq->call.agent = rq->head.user_agent;
    return is_write(rq) ? check_origin(rq, err) : 0;
}

int http_session_caller(struct http_request *rq, struct err *err)
{
    struct session_visit visit = {.writes = is_write(rq)};
    int r = http_session_take(rq, err);

    visit.secret = rq->call.cookie;
    visit.token = rq->call.page_token;
    if (r == 0)
        r = session_visit_check(
            rq->server->app, rq->arena, &visit, rq->begun, &rq->call.caller, err);
    if (r == 0 && rq->call.caller.post_count == 0)
        r = err_set(err, E_FORBIDDEN, "post",
            "You hold no post at this time, so nothing is open to you.");
    return r;
}

int http_session_body(const struct http_request *rq, struct err *err)
{
    int64_t length = 0;

    if (rq->head.transfer_encoding.p ||
        (rq->head.content_length.p &&
            text_int(rq->head.content_length, 0, INT64_MAX, &length) &&
            length > LIMIT_SIGN_IN_BYTES))
        return err_set(err, E_TOO_LARGE, NULL,
            "What signs somebody in has %d bytes at most, and says how many.",
            LIMIT_SIGN_IN_BYTES);
    return 0;
}

size_t http_session_cookie(const struct http_request *rq, char out[HTTP_COOKIE_MAX])
{
    const char *secret = rq->call.new_cookie;
    bool gone = strcmp(secret, "-") == 0;
    int n = 0;

    if (!secret[0])
        return 0;
    n = snprintf(out, HTTP_COOKIE_MAX, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
        cookie_name(rq), gone ? "" : secret, rq->secure ? "; Secure" : "",
        gone ? "; Max-Age=0" : "");
    return (size_t)n;
}

size_t http_session_way(const struct http_request *rq, char out[HTTP_COOKIE_MAX])
{
    const char *way = rq->call.new_way;
    bool gone = strcmp(way, "-") == 0;
    int n = 0;

    if (!way[0])
        return 0;
    n = snprintf(out, HTTP_COOKIE_MAX,
        "%s=%s; Path=/; HttpOnly; SameSite=Lax; Max-Age=%d%s", way_name(rq),
        gone ? "" : way, gone ? 0 : LIMIT_SIGN_ON_MINUTES * 60,
        rq->secure ? "; Secure" : "");
    return (size_t)n;
}
