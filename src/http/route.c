/* SPDX-License-Identifier: Apache-2.0 */
/* What a path and a method ask for, who asks, and the call that app gets. */
#include "base/time.h"

#include "app/session.h"
#include "http/http_internal.h"

/* Tokens for programs; looked for before records are. */
static const struct {
    const char *path;
    bool posts;
} oauth[] = {
    {"/oauth/token", true},
    {"/oauth/revoke", true},
    {"/fhir/.well-known/smart-configuration", false},
};

static const struct {
    const char *path;
    enum http_route route;
} services[] = {
    {"/events", HTTP_ROUTE_EVENTS},
    {"/health", HTTP_ROUTE_HEALTH},
};

/* The methods as app counts them; false for one it has not. */
static bool method_find(const char *name, enum app_method *ret)
{
    static const struct {
        const char *name;
        enum app_method method;
    } methods[] = {
        {"GET", APP_GET},
        {"HEAD", APP_HEAD},
        {"POST", APP_POST},
        {"PUT", APP_PUT},
        {"PATCH", APP_PATCH},
        {"DELETE", APP_DELETE},
    };

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (strcmp(methods[i].name, name) == 0) {
            *ret = methods[i].method;
            return true;
        }
    }
    return false;
}

/* The table is sorted by path. */
static const struct http_asset *asset_find(struct str path)
{
    size_t low = 0;
    size_t high = http_asset_count;

    if (str_is(path, "/"))
        path = STR("/index.html");
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(path, str_of(http_assets[middle].path));

        if (order == 0)
            return &http_assets[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* True for ${prefix} itself and all below it. */
static bool is_below(struct str path, const char *prefix)
{
    size_t len = strlen(prefix);

    return str_starts(path, prefix) && (path.len == len || path.p[len] == '/');
}

bool http_route_is_binary(const struct http_request *rq)
{
    return is_below(rq->path, "/fhir/Binary");
}

/* Below /programme/: as it is written, since nobody has to write it otherwise. */
bool http_route_is_public(const struct http_request *rq)
{
    struct str path = rq->path;

    if (rq->route != HTTP_ROUTE_PROGRAMME ||
        (rq->call.method != APP_GET && rq->call.method != APP_HEAD))
        return false;
    str_cut(&path, '/');
    str_cut(&path, '/');
    return app_is_public(APP_PROGRAMME, path);
}

/* What is neither records nor sessions: it can only be read. */
static void find_rest(struct http_request *rq)
{
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        if (str_is(rq->path, services[i].path))
            rq->route = services[i].route;
    }
    if (rq->route != HTTP_ROUTE_NONE)
        return;
    rq->asset = asset_find(rq->path);
    if (rq->asset)
        rq->route = HTTP_ROUTE_ASSET;
}

static bool find_oauth(struct http_request *rq, bool reads, bool posts)
{
    for (size_t i = 0; i < sizeof(oauth) / sizeof(oauth[0]); i++) {
        if (!str_is(rq->path, oauth[i].path))
            continue;
        rq->route = HTTP_ROUTE_OAUTH;
        if (oauth[i].posts ? !posts : !reads)
            rq->allow = oauth[i].posts ? "POST" : "GET, HEAD";
        return true;
    }
    return false;
}

void http_route_find(struct http_request *rq, const char *method)
{
    bool known = method_find(method, &rq->call.method);
    bool reads = known && (rq->call.method == APP_GET || rq->call.method == APP_HEAD);

    if (find_oauth(rq, reads, known && rq->call.method == APP_POST))
        return;
    if (is_below(rq->path, "/fhir")) {
        rq->route = HTTP_ROUTE_FHIR;
    } else if (is_below(rq->path, "/programme")) {
        rq->route = HTTP_ROUTE_PROGRAMME;
    } else if (is_below(rq->path, "/session")) {
        rq->route = HTTP_ROUTE_SESSION;
        if (!known || rq->call.method == APP_PATCH)
            rq->allow = "GET, HEAD, POST, PUT, DELETE";
        return;
    } else {
        find_rest(rq);
        if (rq->route != HTTP_ROUTE_NONE && !reads)
            rq->allow = "GET, HEAD";
        return;
    }
    if (!known)
        rq->allow = "GET, HEAD, POST, PUT, PATCH, DELETE";
}

int http_route_caller(struct http_request *rq, struct err *err)
{
    struct str token = http_bearer(rq->head.authorization);

    if (token.p)
        return session_token_check(
            rq->server->app, token, rq->begun, &rq->call.caller, err);
    if (rq->route == HTTP_ROUTE_SESSION)
        return http_session_take(rq, err);
    if (!rq->head.cookie.p)
        return err_set(err, E_UNAUTHORISED, "Authorization",
            "Sign in: send the header 'Authorization: Bearer TOKEN' with a token made "
            "by 'belay token', or sign in with a password.");
    return http_session_caller(rq, err);
}

static bool needs_decoding(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] == '%' || (unsigned char)s.p[i] >= 0x80)
            return true;
    }
    return false;
}

/* The part of the path behind /fhir/ or /programme/, decoded. */
static int call_path(struct http_request *rq, struct err *err)
{
    struct str path = rq->path;
    struct buf decoded;
    char *copy = NULL;
    bool whole;

    str_cut(&path, '/');
    str_cut(&path, '/');
    if (!path.p)
        path = STR("");
    if (!needs_decoding(path)) {
        rq->call.path = path;
        return 0;
    }
    buf_init(&decoded, LIMIT_URL_BYTES);
    whole = percent_decode(&decoded, path, false);
    if (whole) {
        copy = arena_strndup(rq->arena, decoded.data ? decoded.data : "", decoded.len);
        rq->call.path = (struct str){copy, decoded.len};
    }
    buf_done(&decoded);
    if (!whole)
        return err_set(err, E_INVALID, NULL,
            "The path holds a %% escape that stands for no UTF-8 character.");
    return copy ? 0 : err_nomem(err);
}

/* Where the client reached us, for links in answers. */
static int call_base(struct http_request *rq, struct err *err)
{
    const char *space = rq->route == HTTP_ROUTE_PROGRAMME ? "programme" : "fhir";
    struct str host = rq->host;
    struct buf base;
    char *text = NULL;

    buf_init(&base, 1024);
    if (rq->server->public_url) {
        buf_adds(&base, rq->server->public_url);
    } else {
        buf_adds(&base, rq->secure ? "https://" : "http://");
        if (!http_host_valid(host))
            host = STR("localhost");
        buf_add(&base, host.p, host.len);
    }
    buf_addc(&base, '/');
    buf_adds(&base, space);
    if (!base.error)
        text = arena_strndup(rq->arena, base.data, base.len);
    rq->call.base = (struct str){text, base.len};
    buf_done(&base);
    return text ? 0 : err_nomem(err);
}

int http_route_call(struct http_request *rq, struct err *err)
{
    struct app_call *call = &rq->call;
    int r;

    call->app = rq->server->app;
    call->arena = rq->arena;
    call->space = rq->route == HTTP_ROUTE_FHIR ? APP_FHIR : APP_PROGRAMME;
    if (rq->route == HTTP_ROUTE_OAUTH)
        call->authorization = rq->head.authorization;
    call->query = rq->query;
    call->if_match = rq->head.if_match;
    call->if_none_match = rq->head.if_none_match;
    call->if_none_exist = rq->head.if_none_exist;
    call->if_modified_since = rq->head.if_modified_since;
    call->prefer = rq->head.prefer;
    r = call_path(rq, err);
    if (r < 0)
        return r;
    return call_base(rq, err);
}
