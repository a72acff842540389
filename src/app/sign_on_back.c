/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coming back from a provider: a request that another site sent the browser with. It is
 * believed only with the cookie of a way that this browser left by, whose state it names,
 * and once. What it leads to is always a page of ours, by 303: signed in, the code that is
 * still due, or a word that says why not; nothing out of the address is ever shown.
 */
#include "app/sign_on_internal.h"
#include "crypto/crypto.h"

/* What the provider put into the address. */
struct answer {
    struct str code;
    struct str state;
    struct str issuer;
    struct str error;
};

struct back {
    struct sign_in *s;
    struct sign_on_provider provider;
    struct sign_on_ask ask;
    struct sign_on_way way;
    struct answer answer;
    struct sign_on_claims claims;
    const char *why; /* the word for the page */
};

/* ---- the address ---- */

static int take_pair(
    struct answer *answer, const struct search_pair *pair, struct err *err)
{
    static const char *const names[] = {"code", "state", "iss", "error"};
    struct str *const places[] = {
        &answer->code, &answer->state, &answer->issuer, &answer->error};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!str_is(pair->name, names[i]))
            continue;
        if (places[i]->p)
            return err_set(err, E_UNAUTHORISED, names[i], "This came twice.");
        *places[i] = pair->value;
    }
    return 0;
}

static int read_answer(struct back *b, struct err *err)
{
    const struct app_call *call = b->s->call;
    struct search_pair *pairs = NULL;
    size_t count = 0;
    int r = rest_query_parse(
        call->arena, call->query.p ? call->query : STR(""), &pairs, &count, err);

    for (size_t i = 0; r == 0 && i < count; i++)
        r = take_pair(&b->answer, &pairs[i], err);
    return r == E_INVALID ? E_UNAUTHORISED : r;
}

/* Is this the end of the way that this browser left by, and the first? */
static int check_way(struct back *b, struct err *err)
{
    struct app_call *call = b->s->call;
    struct str state = b->answer.state;
    int r = 0;

    b->why = "expired";
    r = sign_on_way_open(call->app, call->arena, call->way, b->s->now, &b->way, err);
    if (r < 0)
        return r;
    if (!str_eq(b->way.provider, b->provider.name) || !state.p ||
        state.len != CRYPTO_SECRET_CHARS ||
        !crypto_same(state.p, b->way.state, CRYPTO_SECRET_CHARS))
        return err_set(err, E_UNAUTHORISED, "state",
            "What came back does not belong to a sign-on of this browser.");
    /* from here on the way is gone, whatever comes of it */
    memcpy(call->new_way, "-", 2);
    if (!sign_on_way_use(call->app->sign_on, &b->way, b->s->now))
        return err_set(
            err, E_UNAUTHORISED, "state", "What came back has come back before.");
    return 0;
}

/* ---- the provider's word ---- */

static int check_answer(struct back *b, struct err *err)
{
    const struct answer *answer = &b->answer;

    b->why = "failed";
    if (answer->issuer.p ? !str_eq(answer->issuer, b->provider.issuer)
                         : b->ask.description.names_issuer)
        return err_set(
            err, E_UNAUTHORISED, "iss", "Another provider answered than was asked.");
    if (answer->error.p) {
        b->why = str_is(answer->error, "access_denied") ? "denied" : "failed";
        return err_set(
            err, E_UNAUTHORISED, "error", "The provider refused the sign-on.");
    }
    if (answer->code.len == 0)
        return err_set(err, E_UNAUTHORISED, "code", "The provider sent no code.");
    return 0;
}

/* The claims, if the token is believed; keys are asked for anew once where it names one
 * that is not known. */
static int believe(struct back *b, const struct sign_on_tokens *tokens, struct err *err)
{
    struct arena *a = b->ask.arena;
    const struct sign_on_expect expect = {.issuer = b->provider.issuer,
        .client = b->provider.client,
        .nonce = str_of(b->way.nonce),
        .access_token = tokens->access,
        .now = time_elsewhere(time_now())};
    const struct json *keys = NULL;
    int r = sign_on_ask_keys(&b->ask, false, &keys, err);

    if (r == 0)
        r = sign_on_token_check(a, tokens->id, keys, &expect, &b->claims.token, err);
    if (r == E_NOT_FOUND) {
        r = sign_on_ask_keys(&b->ask, true, &keys, err);
        if (r == 0)
            r = sign_on_token_check(
                a, tokens->id, keys, &expect, &b->claims.token, err);
    }
    return r == E_NOT_FOUND ? E_UNAUTHORISED : r;
}

/* Is there a claim that the set-up speaks of and the token does not have? */
static bool wants_more(const struct back *b)
{
    const struct sign_on_provider *p = &b->provider;
    const struct str named[] = {p->user_claim, p->staff_claim, p->mfa_claim,
        p->makes ? STR("name") : (struct str){NULL, 0}};
    bool wants = false;

    for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
        wants |= named[i].p && !sign_on_claim(b->claims.token, named[i]);
    for (size_t i = 0; i < p->rule_count; i++)
        wants |= !sign_on_claim(b->claims.token, p->rules[i].claim);
    return wants;
}

static int ask_provider(struct back *b, struct err *err)
{
    struct str back = sign_on_back_address(b->s->call, b->provider.name);
    struct sign_on_tokens tokens = {0};
    int r = back.p ? sign_on_ask_tokens(
                         &b->ask, &b->way, b->answer.code, back, &tokens, err)
                   : err_nomem(err);

    if (r == 0)
        r = believe(b, &tokens, err);
    if (r == 0 && tokens.access.p && b->ask.description.userinfo.p && wants_more(b))
        r = sign_on_ask_more(
            &b->ask, tokens.access, b->claims.token, &b->claims.more, err);
    if (r == E_IO || r == E_TOO_LARGE)
        b->why = "unreachable";
    return r;
}

/* ---- the visit ---- */

/* The second factor: the provider's word for it if the operator takes it, or our code. */
static int level_of(struct back *b, enum visit_level *ret, struct err *err)
{
    struct sign_in *s = b->s;
    const struct sign_on_provider *p = &b->provider;
    bool needs = false;
    int r = account_needs_code(
        s->call->app, s->call->arena, &s->account, s->now, &needs, err);

    if (r < 0)
        return r;
    /* out of the signed token alone: it is about this sign-in, and no other */
    if (p->mfa_claim.p &&
        sign_on_claim_has(b->claims.token, p->mfa_claim, p->mfa_value))
        *ret = VISIT_CODE;
    else if (s->account.secret.p)
        *ret = VISIT_CODE_DUE;
    else
        *ret = needs ? VISIT_ENROL_DUE : VISIT_PASSWORD;
    return 0;
}

static void go(struct app_call *call, const char *place)
{
    call->status = 303;
    call->media_type = (struct str){NULL, 0};
    buf_clear(&call->answer);
    snprintf(call->location, sizeof(call->location), "/%s", place);
}

static int visit(struct back *b, struct err *err)
{
    struct sign_in *s = b->s;
    enum visit_level level = VISIT_NONE;
    char secret[CRYPTO_SECRET_CHARS + 1];
    int r = level_of(b, &level, err);

    if (r == 0)
        r = sign_in_visit(s, level, secret, err);
    if (r < 0)
        return r;
    memcpy(s->call->new_cookie, secret, sizeof(secret));
    crypto_wipe(secret, sizeof(secret));
    go(s->call, level == VISIT_CODE_DUE    ? "#/sign-on/code"
                : level == VISIT_ENROL_DUE ? "#/sign-on/enrolment"
                                           : "");
    return 0;
}

static int person(struct back *b, struct err *err)
{
    struct sign_in *s = b->s;
    struct sign_on_person p = {.app = s->call->app,
        .arena = s->call->arena,
        .provider = &b->provider,
        .claims = b->claims,
        .now = s->now};
    int r = sign_on_person(&p, &s->account, err);

    if (r < 0)
        s->call->caller.name = s->account.name; /* for the trail, where it is known */
    if (p.why)
        b->why = p.why;
    return r;
}

/* ---- all of it ---- */

static int come_back(struct back *b, struct err *err)
{
    struct app_call *call = b->s->call;
    int r = read_answer(b, err);

    if (r == 0)
        r = check_way(b, err);
    if (r < 0)
        return r;
    b->ask = (struct sign_on_ask){
        .app = call->app, .arena = call->arena, .provider = &b->provider};
    r = sign_on_ask_begin(&b->ask, err);
    if (r < 0) {
        b->why = "unreachable";
        return r;
    }
    r = check_answer(b, err);
    if (r == 0)
        r = ask_provider(b, err);
    if (r == 0)
        r = person(b, err);
    return r == 0 ? visit(b, err) : r;
}

/* A page instead of an error: a person is looking at it, not a program. */
static void tell(struct back *b, const struct err *err)
{
    struct app_call *call = b->s->call;
    char place[64];

    sign_on_log(&b->provider, err);
    audit_refused(call->app, &call->caller, AUDIT_SIGN_IN_FAILED, 401);
    snprintf(place, sizeof(place), "#/sign-on/%s", b->why);
    go(call, place);
}

static struct str name_of(const struct app_call *call)
{
    struct str rest = call->path;

    str_cut(&rest, '/');
    return rest;
}

int sign_on_return(struct sign_in *s, struct err *err)
{
    struct app_call *call = s->call;
    struct back b = {.s = s, .why = "failed"};
    int r = 0;

    if (call->method == APP_HEAD)
        r = err_set(err, E_UNSUPPORTED, NULL, "This method is not offered here.");
    if (r == 0)
        r = sign_on_load(call->app, call->arena, name_of(call), &b.provider, err);
    if (r == 0 && come_back(&b, err) < 0)
        tell(&b, err);
    crypto_wipe(&b.way, sizeof(b.way));
    atomic_fetch_sub(&call->app->sign_on->waiting, 1);
    return r;
}
