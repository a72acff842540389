/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The requests of sign-on but for coming back: which providers there are, leaving for one,
 * what is still due afterwards. Threads of their own wait for providers: one that is slow
 * holds up nobody who reads, writes or signs in with a password.
 */
#include "app/sign_on_internal.h"
#include "crypto/crypto.h"

/* ---- of the node ---- */

struct sign_on *sign_on_new(void)
{
    struct sign_on *s = base_malloc(sizeof(*s));

    if (!s)
        return NULL;
    memset(s, 0, sizeof(*s));
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->people, NULL);
    return s;
}

void sign_on_free(struct sign_on *s)
{
    if (!s)
        return;
    jobs_free(s->jobs);
    for (size_t i = 0; s->memory && i < LIMIT_SIGN_ON_PROVIDERS; i++)
        sign_on_memory_clear(&s->memory[i]);
    base_free(s->memory);
    base_free(s->used);
    pthread_mutex_destroy(&s->people);
    pthread_mutex_destroy(&s->lock);
    base_free(s);
}

/* Threads and memory, which a node without providers does without. */
static int get_ready(struct sign_on *s, struct err *err)
{
    int r = 0;

    pthread_mutex_lock(&s->lock);
    if (!s->memory) {
        s->memory = base_malloc(LIMIT_SIGN_ON_PROVIDERS * sizeof(*s->memory));
        if (s->memory)
            memset(s->memory, 0, LIMIT_SIGN_ON_PROVIDERS * sizeof(*s->memory));
    }
    if (!s->used) {
        s->used = base_malloc(LIMIT_SIGN_ON_USED * sizeof(*s->used));
        if (s->used)
            memset(s->used, 0, LIMIT_SIGN_ON_USED * sizeof(*s->used));
    }
    if (!s->memory || !s->used)
        r = err_nomem(err);
    if (r == 0 && !s->jobs)
        r = jobs_new(LIMIT_OUTSIDE_THREADS, &s->jobs, err);
    pthread_mutex_unlock(&s->lock);
    return r;
}

/* The name behind the first '/' of the path. */
static struct str name_in(const struct app_call *call)
{
    struct str rest = call->path;

    str_cut(&rest, '/');
    return rest;
}

struct outside {
    struct app_call *call;
    int (*run)(struct app_call *, const struct rest *, struct err *);
};

int sign_on_outside(struct app_call *call,
    int (*run)(struct app_call *, const struct rest *, struct err *), struct err *err)
{
    struct sign_on *s = call->app->sign_on;
    struct sign_on_provider provider = {0};
    struct rest rest = {0};
    int r = sign_on_load(call->app, call->arena, name_in(call), &provider, err);

    /* nobody makes a node without providers wait for one */
    if (r == 0)
        r = get_ready(s, err);
    if (r < 0)
        return r;
    if (atomic_fetch_add(&s->waiting, 1) >= LIMIT_OUTSIDE_WAITING)
        r = err_set(err, E_BUSY, NULL,
            "Too many people are signing in at this moment; try again in a moment.");
    else
        r = call_pool_of(call, s->jobs, &rest, run, err);
    if (r < 0)
        atomic_fetch_sub(&s->waiting, 1);
    return r;
}

/* ---- which there are ---- */

static int list_one(void *arg, const struct sign_on_provider *p, struct err *err)
{
    struct json_out *o = arg;

    (void)err;
    json_open(o, '{');
    json_member(o, "name", p->name);
    json_member(o, "title", p->title.p ? p->title : p->name);
    json_close(o, '}');
    return 0;
}

int sign_on_list(struct sign_in *s, struct err *err)
{
    struct json_out o = sign_in_answer(s);
    int r = 0;

    json_open(&o, '[');
    r = sign_on_each(s->call->app, list_one, &o, err);
    json_close(&o, ']');
    return r;
}

/* ---- leaving ---- */

static void add(struct buf *url, const char *name, struct str value)
{
    buf_adds(url, name);
    buf_addc(url, '=');
    percent_encode(url, value);
}

/* Where the browser goes. */
static void put_address(struct buf *url, const struct sign_on_ask *ask,
    const struct sign_on_way *way, struct str back)
{
    struct str to = ask->description.authorization;
    const struct sign_on_provider *p = ask->provider;

    buf_add(url, to.p, to.len);
    buf_addc(url, memchr(to.p, '?', to.len) ? '&' : '?');
    add(url, "response_type", STR("code"));
    add(url, "&client_id", p->client);
    add(url, "&redirect_uri", back);
    add(url, "&scope", p->scope.p ? p->scope : STR("openid profile"));
    add(url, "&state", str_of(way->state));
    add(url, "&nonce", str_of(way->nonce));
    add(url, "&code_challenge", str_of(way->challenge));
    add(url, "&code_challenge_method", STR("S256"));
}

struct str sign_on_back_address(const struct app_call *call, struct str name)
{
    struct str base = call->base;
    const char *url = NULL;

    while (base.len > 0 && base.p[base.len - 1] != '/')
        base.len--; /* behind the host stands /fhir or /programme */
    url = arena_printf(call->arena, "%.*ssession/back/%.*s", (int)base.len, base.p,
        (int)name.len, name.p);
    return str_of(url);
}

static int leave(struct sign_in *s, struct sign_on_ask *ask, struct err *err)
{
    struct app_call *call = s->call;
    struct str back = sign_on_back_address(call, ask->provider->name);
    struct sign_on_way way = {0};
    struct json_out o;
    struct buf url;
    int r = 0;

    _Static_assert(
        sizeof(call->new_way) >= SIGN_ON_COOKIE_MAX, "the cookie fits the answer");
    if (!back.p)
        return err_nomem(err);
    r = sign_on_way_new(
        call->app, ask->provider->name, s->now, &way, call->new_way, err);
    if (r < 0)
        return r;
    buf_init(&url, LIMIT_URL_BYTES);
    put_address(&url, ask, &way, back);
    r = buf_error(&url, "The address of the provider", err);
    if (r == 0) {
        o = sign_in_answer(s);
        json_open(&o, '{');
        json_member(&o, "to", (struct str){url.data, url.len});
        json_close(&o, '}');
    }
    buf_done(&url);
    crypto_wipe(&way, sizeof(way));
    return r;
}

/* What went wrong with a provider is for the operator to read; who signs in learns that it
 * did. */
void sign_on_log(const struct sign_on_provider *p, const struct err *err)
{
    log_line(LOG_WARN, "sign-on provider=%.*s %s%s%s", (int)p->name.len, p->name.p,
        err->path, err->path[0] ? ": " : "", err->text);
}

int sign_on_begin(struct sign_in *s, struct err *err)
{
    struct app_call *call = s->call;
    struct sign_on_provider provider = {0};
    struct sign_on_ask ask = {
        .app = call->app, .arena = call->arena, .provider = &provider};
    int r = sign_on_load(call->app, call->arena, name_in(call), &provider, err);

    if (r == 0) {
        r = sign_on_ask_begin(&ask, err);
        if (r < 0 && r != E_NOMEM) {
            sign_on_log(&provider, err);
            r = err_set(err, E_CONFLICT, "provider",
                "The sign-on of your hospital gives no answer now. Try again in a "
                "moment, "
                "or sign in with a password.");
        }
    }
    if (r == 0)
        r = leave(s, &ask, err);
    atomic_fetch_sub(&call->app->sign_on->waiting, 1);
    return r;
}

/* ---- what is still due ---- */

int sign_on_next(struct sign_in *s, struct err *err)
{
    struct json_out o = sign_in_answer(s);
    char token[VISIT_TOKEN_CHARS + 1];

    if (!visit_token(s->call->cookie, token))
        return err_set(err, E_BUG, NULL, "A session does not have its form.");
    json_open(&o, '{');
    sign_in_put_next(&o, s->visit.level);
    json_member(&o, "page", str_of(token));
    json_close(&o, '}');
    return 0;
}
