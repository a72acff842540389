/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a provider is asked. Its description and keys are remembered for
 * LIMIT_SIGN_ON_KEPT_MINUTES, and for LIMIT_SIGN_ON_RETRY_SECONDS that it gave no answer, so
 * that a provider that is down costs each who tries little. No lock is held while waiting.
 */
#include "app/sign_on_internal.h"
#include "crypto/crypto.h"
#include "outside/fetch.h"

#define MS_NS 1000000u
#define SECOND_NS 1000000000u
#define KEPT_NS ((uint64_t)LIMIT_SIGN_ON_KEPT_MINUTES * 60 * SECOND_NS)
#define RETRY_NS ((uint64_t)LIMIT_SIGN_ON_RETRY_SECONDS * SECOND_NS)
#define DISCOVERY "/.well-known/openid-configuration"

/* ---- one question ---- */

/* NUL-terminated; "" without memory, which no address check lets through. */
static const char *cstr(struct arena *a, struct str s)
{
    const char *copy = arena_strndup(a, s.p ? s.p : "", s.len);

    return copy ? copy : "";
}

/* Fill in who is trusted and how long it may take, ask, and want ${ok} as the status. The
 * text goes to ${ret}, in the ask's arena. */
static int ask_text(struct sign_on_ask *ask, struct outside_request *rq,
    struct str *ret, struct err *err)
{
    uint64_t now = time_monotonic_ns();
    struct buf body;
    char *copy = NULL;
    int status = 0;
    int r = 0;

    if (ask->provider->ca_file.p)
        rq->ca_file = cstr(ask->arena, ask->provider->ca_file);
    rq->patience = ask->until > now ? (utc_ms)((ask->until - now) / MS_NS) : 0;
    if (rq->patience <= 0)
        return err_set(err, E_IO, NULL, "The provider took too long over its answers.");
    buf_init(&body, LIMIT_OUTSIDE_BYTES);
    r = outside_fetch(rq, &status, &body, err);
    if (r == 0 && status != 200)
        r = err_set(err, status == 400 || status == 401 ? E_UNAUTHORISED : E_IO, NULL,
            "The provider answered with status %d.", status);
    if (r == 0) {
        copy = arena_strndup(ask->arena, body.data ? body.data : "", body.len);
        *ret = (struct str){copy, body.len};
        r = copy ? 0 : err_nomem(err);
    }
    if (body.data)
        crypto_wipe(body.data, body.len);
    buf_done(&body);
    return r;
}

static int read_object(
    struct arena *a, struct str text, const struct json **ret, struct err *err)
{
    struct err why = {0};
    int r = json_read(a, text, LIMIT_OUTSIDE_BYTES, ret, &why);

    if (r == E_NOMEM)
        return err_nomem(err);
    if (r < 0 || !json_is_object(*ret))
        return err_set(
            err, E_INVALID, NULL, "The provider's answer is no JSON object.");
    return 0;
}

/* ---- memory ---- */

void sign_on_memory_clear(struct sign_on_memory *m)
{
    base_free(m->issuer);
    base_free(m->description);
    base_free(m->keys);
    *m = (struct sign_on_memory){0};
}

static char *copy_text(struct str s)
{
    char *copy = base_malloc(s.len + 1);

    if (copy) {
        memcpy(copy, s.p, s.len);
        copy[s.len] = '\0';
    }
    return copy;
}

/* The memory of ${issuer}, made where there is none; lock held. NULL: no memory. */
static struct sign_on_memory *memory_of(struct sign_on *s, struct str issuer)
{
    struct sign_on_memory *oldest = &s->memory[0];

    for (size_t i = 0; i < LIMIT_SIGN_ON_PROVIDERS; i++) {
        struct sign_on_memory *m = &s->memory[i];

        if (m->issuer && str_is(issuer, m->issuer))
            return m;
        if (!m->issuer || (oldest->issuer && m->described < oldest->described))
            oldest = m;
    }
    sign_on_memory_clear(oldest);
    oldest->issuer = copy_text(issuer);
    return oldest->issuer ? oldest : NULL;
}

enum part { PART_DESCRIPTION, PART_KEYS };

/* What is remembered: true with a copy in ${ret}. ${failed}: it gave no answer a moment
 * ago. */
static bool remembered(
    struct sign_on_ask *ask, enum part part, struct str *ret, bool *failed)
{
    struct sign_on *s = ask->app->sign_on;
    uint64_t now = time_monotonic_ns();
    struct sign_on_memory *m = NULL;
    char *copy = NULL;

    pthread_mutex_lock(&s->lock);
    m = memory_of(s, ask->provider->issuer);
    if (m) {
        const char *text = part == PART_KEYS ? m->keys : m->description;
        size_t len = part == PART_KEYS ? m->keys_len : m->description_len;
        uint64_t since = part == PART_KEYS ? m->keyed : m->described;

        *failed = m->failed != 0 && now - m->failed < RETRY_NS;
        if (text && now - since < KEPT_NS)
            copy = arena_strndup(ask->arena, text, len);
        *ret = (struct str){copy, len};
    }
    pthread_mutex_unlock(&s->lock);
    return copy != NULL;
}

static void remember(struct sign_on_ask *ask, enum part part, struct str text)
{
    struct sign_on *s = ask->app->sign_on;
    char *copy = text.p ? copy_text(text) : NULL;
    struct sign_on_memory *m = NULL;

    pthread_mutex_lock(&s->lock);
    m = memory_of(s, ask->provider->issuer);
    if (m && !text.p) {
        m->failed = time_monotonic_ns();
    } else if (m && copy && part == PART_KEYS) {
        base_free(m->keys);
        m->keys = copy;
        m->keys_len = text.len;
        m->keyed = time_monotonic_ns();
        m->failed = 0;
        copy = NULL;
    } else if (m && copy) {
        base_free(m->description);
        m->description = copy;
        m->description_len = text.len;
        m->described = time_monotonic_ns();
        m->failed = 0;
        copy = NULL;
    }
    pthread_mutex_unlock(&s->lock);
    base_free(copy);
}

/* Remembered: 0; or asked for now: 1, and to be remembered if it is worth it. */
static int part_get(struct sign_on_ask *ask, enum part part, const char *url, bool anew,
    struct str *ret, struct err *err)
{
    struct outside_request rq = {.url = url};
    bool failed = false;
    int r = 0;

    if (!anew && remembered(ask, part, ret, &failed))
        return 0;
    if (failed)
        return err_set(err, E_IO, NULL, "The provider gave no answer a moment ago.");
    r = ask_text(ask, &rq, ret, err);
    if (r < 0)
        remember(ask, part, (struct str){NULL, 0});
    if (r == E_UNAUTHORISED)
        return E_IO;
    return r < 0 ? r : 1;
}

/* ---- the description ---- */

static int read_address(struct arena *a, const struct json *json, const char *name,
    struct str *ret, struct err *err)
{
    struct str text = json_get_text(json, name);

    if (outside_url_check(cstr(a, text), name, err) < 0)
        return err_set(err, E_INVALID, name,
            "The provider's description has no address for this that may be asked.");
    *ret = text;
    return 0;
}

/* It takes a secret in the body, and not as HTTP Basic, which is what silence means. */
static bool wants_body(const struct json *json)
{
    struct str methods = STR("token_endpoint_auth_methods_supported");

    return sign_on_claim_has(json, methods, STR("client_secret_post")) &&
           !sign_on_claim_has(json, methods, STR("client_secret_basic"));
}

int sign_on_description_read(struct arena *a, struct str text, struct str issuer,
    struct sign_on_description *ret, struct err *err)
{
    struct sign_on_description d = {0};
    const struct json *json = NULL;
    int r = read_object(a, text, &json, err);

    if (r == 0 && !str_eq(json_get_text(json, "issuer"), issuer))
        r = err_set(err, E_INVALID, "issuer",
            "The provider's description names another issuer than was set up.");
    if (r == 0)
        r = read_address(a, json, "authorization_endpoint", &d.authorization, err);
    if (r == 0)
        r = read_address(a, json, "token_endpoint", &d.token, err);
    if (r == 0)
        r = read_address(a, json, "jwks_uri", &d.keys, err);
    if (r == 0 && json_get(json, "userinfo_endpoint"))
        r = read_address(a, json, "userinfo_endpoint", &d.userinfo, err);
    if (r < 0)
        return r;
    d.names_issuer =
        json_kind(json_get(json, "authorization_response_iss_parameter_supported")) ==
        JSON_TRUE;
    d.secret_in_body = wants_body(json);
    *ret = d;
    return 0;
}

int sign_on_ask_begin(struct sign_on_ask *ask, struct err *err)
{
    struct str issuer = ask->provider->issuer;
    const char *url = NULL;
    struct str text = {NULL, 0};
    int fetched = 0;
    int r = 0;

    ask->until = time_monotonic_ns() + (uint64_t)LIMIT_SIGN_ON_SECONDS * SECOND_NS;
    if (str_ends(issuer, "/"))
        issuer.len--;
    url = arena_printf(ask->arena, "%.*s" DISCOVERY, (int)issuer.len, issuer.p);
    fetched =
        url ? part_get(ask, PART_DESCRIPTION, url, false, &text, err) : err_nomem(err);
    if (fetched < 0)
        return fetched;
    r = sign_on_description_read(
        ask->arena, text, ask->provider->issuer, &ask->description, err);
    if (fetched)
        remember(ask, PART_DESCRIPTION, r == 0 ? text : (struct str){NULL, 0});
    return r;
}

/* ---- keys ---- */

int sign_on_ask_keys(
    struct sign_on_ask *ask, bool anew, const struct json **ret, struct err *err)
{
    struct str text = {NULL, 0};
    const char *url = cstr(ask->arena, ask->description.keys);
    int fetched = part_get(ask, PART_KEYS, url, anew, &text, err);
    int r = fetched;

    if (r >= 0)
        r = read_object(ask->arena, text, ret, err);
    if (fetched == 1)
        remember(ask, PART_KEYS, r == 0 ? text : (struct str){NULL, 0});
    return r;
}

/* ---- tokens ---- */

static void form_add(struct buf *form, const char *name, struct str value)
{
    if (form->len > 0)
        buf_addc(form, '&');
    buf_adds(form, name);
    buf_addc(form, '=');
    percent_encode(form, value);
}

/* RFC 6749 2.3.1: encoded as in a form, then as HTTP Basic. */
static const char *encoded(struct arena *a, struct str s)
{
    struct buf b;
    const char *copy = NULL;

    buf_init(&b, (size_t)4 * LIMIT_NAME_BYTES);
    percent_encode(&b, s);
    copy = b.error ? NULL : arena_strndup(a, b.data ? b.data : "", b.len);
    buf_done(&b);
    return copy;
}

static void token_form(struct buf *form, const struct sign_on_ask *ask,
    const struct sign_on_way *way, struct str code, struct str back)
{
    const struct sign_on_provider *p = ask->provider;
    bool in_body = p->secret.p && ask->description.secret_in_body;

    form_add(form, "grant_type", STR("authorization_code"));
    form_add(form, "code", code);
    form_add(form, "redirect_uri", back);
    form_add(form, "code_verifier", str_of(way->verifier));
    if (!p->secret.p || in_body)
        form_add(form, "client_id", p->client);
    if (in_body)
        form_add(form, "client_secret", p->secret);
}

static int read_tokens(struct sign_on_ask *ask, struct str text,
    struct sign_on_tokens *ret, struct err *err)
{
    const struct json *json = NULL;
    int r = read_object(ask->arena, text, &json, err);

    if (r < 0)
        return r;
    ret->id = json_get_text(json, "id_token");
    ret->access = json_get_text(json, "access_token");
    if (!ret->id.p)
        return err_set(err, E_INVALID, "id_token", "The provider gave no ID token.");
    return 0;
}

int sign_on_ask_tokens(struct sign_on_ask *ask, const struct sign_on_way *way,
    struct str code, struct str back, struct sign_on_tokens *ret, struct err *err)
{
    const struct sign_on_provider *p = ask->provider;
    struct outside_request rq = {.url = cstr(ask->arena, ask->description.token)};
    struct str text = {NULL, 0};
    struct buf form;
    int r = 0;

    buf_init(&form, LIMIT_URL_BYTES);
    token_form(&form, ask, way, code, back);
    rq.form = buf_cstr(&form);
    if (p->secret.p && !ask->description.secret_in_body) {
        rq.user = encoded(ask->arena, p->client);
        rq.password = encoded(ask->arena, p->secret);
        r = rq.user && rq.password ? 0 : err_nomem(err);
    }
    if (r == 0)
        r = buf_error(&form, "The question for tokens", err);
    if (r == 0)
        r = ask_text(ask, &rq, &text, err);
    if (form.data)
        crypto_wipe(form.data, form.len);
    buf_done(&form);
    return r == 0 ? read_tokens(ask, text, ret, err) : r;
}

/* ---- more claims ---- */

int sign_on_ask_more(struct sign_on_ask *ask, struct str access,
    const struct json *claims, const struct json **ret, struct err *err)
{
    struct outside_request rq = {.url = cstr(ask->arena, ask->description.userinfo),
        .bearer = cstr(ask->arena, access)};
    const struct json *more = NULL;
    struct str text = {NULL, 0};
    int r = ask_text(ask, &rq, &text, err);

    if (r == 0)
        r = read_object(ask->arena, text, &more, err);
    if (r == 0 &&
        (!json_is_string(json_get(more, "sub")) ||
            !str_eq(json_get_text(more, "sub"), json_get_text(claims, "sub"))))
        r = err_set(err, E_UNAUTHORISED, "userinfo",
            "The provider's further claims are about somebody else.");
    if (r == 0)
        *ret = more;
    return r;
}
