/* SPDX-License-Identifier: Apache-2.0 */
/* Requests under /session: taken apart, authorised, given to who answers them. */
#include "app/sign_in.h"

#include "app/catalogue.h"
#include "app/person.h"
#include "app/session.h"
#include "app/sign_in_internal.h"
#include "app/sign_on_internal.h"
#include "crypto/crypto.h"
#include "fhir/put.h"

struct str sign_in_text(const struct sign_in *s, const char *name)
{
    return json_get_text(s->body, name);
}

/* ---- answers ---- */

struct json_out sign_in_answer(struct sign_in *s)
{
    s->call->status = 200;
    s->call->media_type = STR("application/json");
    buf_clear(&s->call->answer);
    return json_out(&s->call->answer);
}

int sign_in_put_cookie(
    struct sign_in *s, struct json_out *o, const char *secret, struct err *err)
{
    char token[VISIT_TOKEN_CHARS + 1];

    if (!visit_token(str_of(secret), token))
        return err_set(err, E_BUG, NULL, "A new session does not have its form.");
    memcpy(s->call->new_cookie, secret, CRYPTO_SECRET_CHARS + 1);
    json_member(o, "page", str_of(token));
    return 0;
}

/* A member that is null where nothing is known. */
static void member_or_null(struct json_out *o, const char *name, struct str value)
{
    json_name(o, name);
    if (value.p)
        json_put_text(o, value);
    else
        json_put_raw(o, STR("null"));
}

static void put_posts(struct json_out *o, const struct app_caller *caller)
{
    json_name(o, "posts");
    json_open(o, '[');
    for (size_t i = 0; i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];

        json_open(o, '{');
        json_member(o, "role", post->role);
        json_member(o, "organization", post->organization);
        json_member(o, "department", post->department);
        if (post->until)
            fhir_put_time(o, "until", post->until);
        json_close(o, '}');
    }
    json_close(o, ']');
}

/* A visit has its posts; of a token that names a person they are looked up. */
static int take_posts(struct sign_in *s, struct err *err)
{
    struct app_caller *caller = &s->call->caller;
    struct person_posts posts = {0};
    int r = 0;

    if (caller->account.p || !caller->practitioner.p)
        return 0;
    r = person_posts(s->call->app->persons, s->call->arena, caller->practitioner,
        s->now, &posts, err);
    if (r == 0) {
        caller->posts = posts.list;
        caller->post_count = posts.count;
    }
    return r;
}

static int answer_who(struct sign_in *s, struct err *err)
{
    const struct app_caller *caller = &s->call->caller;
    struct json_out o;
    char token[VISIT_TOKEN_CHARS + 1];
    bool asked = false;
    int r = take_posts(s, err);

    if (r == 0 && caller->account.p)
        r = account_needs_code(
            s->call->app, s->call->arena, &s->account, s->now, &asked, err);
    if (r < 0)
        return r;
    o = sign_in_answer(s);
    json_open(&o, '{');
    json_member(&o, "name", caller->name);
    member_or_null(&o, "role", caller->role);
    member_or_null(&o, "practitioner", caller->practitioner);
    member_or_null(&o, "organization", caller->organization);
    sign_in_put_language(s, &o);
    if (s->call->app->catalogue)
        json_member(&o, "catalogue", str_of(s->call->app->catalogue->version));
    if (caller->account.p || caller->practitioner.p)
        put_posts(&o, caller);
    if (caller->account.p) {
        json_name(&o, "codes");
        json_put_bool(&o, s->visit.level == VISIT_CODE);
        json_name(&o, "codesAsked");
        json_put_bool(&o, asked);
        fhir_put_time(
            &o, "until", s->visit.begun + (utc_ms)LIMIT_SESSION_HOURS * 3600 * 1000);
        if (visit_token(s->call->cookie, token))
            json_member(&o, "page", str_of(token));
    }
    json_close(&o, '}');
    return 0;
}

/* What an operation asks of who calls it. */
enum standing {
    STANDING_ANY,   /* nobody need be signed in */
    STANDING_BEGUN, /* a visit, complete or not, and its page token */
    STANDING_HALF,  /* the same, only read: without the token */
    STANDING_WHOLE, /* a complete visit */
};

struct operation {
    enum app_method method;
    const char *path; /* "list/" stands for all that begin so */
    enum standing standing;
    enum where {
        HERE,    /* where the call came */
        SLOW,    /* hashes passwords: on a job thread */
        OUTSIDE, /* asks a provider: on a thread that may wait */
    } where;
    int (*run)(struct sign_in *s, struct err *err);
};

static const struct operation operations[] = {
    {APP_GET, "", STANDING_WHOLE, HERE, answer_who},
    {APP_POST, "", STANDING_ANY, SLOW, sign_in_begin},
    {APP_DELETE, "", STANDING_BEGUN, HERE, sign_in_out},
    {APP_POST, "code", STANDING_BEGUN, HERE, sign_in_code},
    {APP_POST, "enrolment", STANDING_BEGUN, SLOW, sign_in_enrol},
    {APP_PUT, "enrolment", STANDING_BEGUN, HERE, sign_in_enrolled},
    {APP_POST, "password", STANDING_WHOLE, SLOW, sign_in_password},
    {APP_POST, "proof", STANDING_WHOLE, SLOW, sign_in_prove},
    {APP_GET, "list", STANDING_WHOLE, HERE, sign_in_list},
    {APP_DELETE, "list/", STANDING_WHOLE, HERE, sign_in_end},
    {APP_GET, "choices", STANDING_WHOLE, HERE, sign_in_choices},
    {APP_PUT, "choices", STANDING_WHOLE, HERE, sign_in_choose},
    {APP_POST, "choices/try", STANDING_WHOLE, HERE, sign_in_choices_try},
    {APP_GET, "accounts", STANDING_WHOLE, SLOW, sign_in_accounts},
    {APP_POST, "accounts", STANDING_WHOLE, SLOW, sign_in_account_add},
    {APP_POST, "accounts/off", STANDING_WHOLE, SLOW, sign_in_account_off},
    {APP_POST, "accounts/on", STANDING_WHOLE, SLOW, sign_in_account_on},
    {APP_POST, "accounts/reset", STANDING_WHOLE, SLOW, sign_in_account_reset},
    {APP_GET, "providers", STANDING_ANY, HERE, sign_on_list},
    {APP_POST, "with/", STANDING_ANY, OUTSIDE, sign_on_begin},
    {APP_GET, "back/", STANDING_ANY, OUTSIDE, sign_on_return},
    {APP_GET, "next", STANDING_HALF, HERE, sign_on_next},
};

static const struct operation *operation_of(const struct app_call *call, bool *known)
{
    enum app_method method = call->method == APP_HEAD ? APP_GET : call->method;

    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        const struct operation *op = &operations[i];
        bool same = str_ends(str_of(op->path), "/") ? str_starts(call->path, op->path)
                                                    : str_is(call->path, op->path);

        if (same && op->method == method)
            return op;
        *known |= same;
    }
    return NULL;
}

/* ---- tries ---- */

int sign_in_try(struct sign_in *s, const struct attempt *try, struct err *err)
{
    utc_ms wait = attempts_begin(s->call->app->attempts, try, s->now);

    if (wait == 0)
        return 0;
    s->call->retry_after = wait;
    return err_set(err, E_FORBIDDEN, "tries",
        "Too many wrong tries. Wait %lld seconds, then try again.",
        (long long)((wait + 999) / 1000));
}

/* ---- taking a request apart ---- */

static int read_body(struct sign_in *s, struct err *err)
{
    struct app_call *call = s->call;
    int r = 0;

    if (call->method == APP_GET || call->method == APP_HEAD || call->body.len == 0)
        return 0;
    if (call->body_format != APP_JSON)
        return err_set(err, E_UNSUPPORTED, "Content-Type",
            "Send application/json: a page of another server cannot do that unasked.");
    r = json_read(call->arena, call->body, LIMIT_SIGN_IN_BYTES, &s->body, err);
    if (r == 0 && !json_is_object(s->body))
        r = err_set(err, E_INVALID, NULL, "The body must be a JSON object.");
    return r;
}

/* The visit of the cookie, as far as it goes, and its account. */
static int read_visit(struct sign_in *s, enum standing standing, struct err *err)
{
    struct app_call *call = s->call;
    bool writes = call->method != APP_GET && call->method != APP_HEAD;
    struct session_visit visit = {call->cookie, call->page_token, writes};
    char token[VISIT_TOKEN_CHARS + 1];
    int r = 0;

    if (standing == STANDING_ANY)
        return 0;
    if (call->caller.name.p) /* by token: only who I am */
        return !writes && call->path.len == 0
                   ? 0
                   : err_set(err, E_FORBIDDEN, NULL,
                         "This is for people who signed in with a password.");
    r = visit_find(call->app, call->arena, call->cookie, s->now, &s->visit, err);
    if (r == 0 && standing == STANDING_WHOLE)
        r = session_visit_check(
            call->app, call->arena, &visit, s->now, &call->caller, err);
    else if (r == 0 && standing == STANDING_BEGUN &&
             (!visit_token(call->cookie, token) ||
                 call->page_token.len != VISIT_TOKEN_CHARS ||
                 !crypto_same(token, call->page_token.p, VISIT_TOKEN_CHARS)))
        r = err_set(err, E_FORBIDDEN, "X-Belay-Page",
            "This change did not come from a page of this server. Load the page "
            "again.");
    if (r == 0)
        r = account_load(call->app, call->arena, s->visit.account, &s->account, err);
    return r;
}

/* ---- a call ---- */

struct slow {
    struct sign_in s;
    const struct operation *op;
};

/* Status 429 where the wait is the caller's own. */
static void refuse(struct app_call *call, struct err *err)
{
    call->media_type = (struct str){NULL, 0};
    buf_clear(&call->answer);
    call_fail(call, call->retry_after > 0 ? 429 : 0, err, NULL);
}

static int run_slow(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct slow *slow = call->sign_in_;
    int r = slow->op->run(&slow->s, err);

    (void)rest;
    if (r < 0)
        refuse(call, err);
    return 0;
}

static int start(struct slow *slow, struct err *err)
{
    struct app_call *call = slow->s.call;
    struct rest rest = {0};
    bool known = false;
    int r = 0;

    slow->op = operation_of(call, &known);
    if (!slow->op && known)
        return err_set(err, E_UNSUPPORTED, NULL, "This method is not offered here.");
    if (!slow->op)
        return err_set(err, E_NOT_FOUND, NULL, "There is nothing at this address.");
    r = read_body(&slow->s, err);
    if (r == 0)
        r = read_visit(&slow->s, slow->op->standing, err);
    if (r < 0)
        return r;
    call->sign_in_ = slow;
    if (slow->op->where == SLOW)
        return call_pool(call, &rest, run_slow, err);
    if (slow->op->where == OUTSIDE)
        return sign_on_outside(call, run_slow, err);
    return slow->op->run(&slow->s, err);
}

int sign_in_start(struct app_call *call)
{
    struct slow *slow = arena_alloc(call->arena, sizeof(*slow));
    struct err err = {0};
    int r = 0;

    call_begin(call);
    if (slow)
        slow->s = (struct sign_in){.call = call, .now = time_now()};
    r = slow ? start(slow, &err) : err_nomem(&err);
    if (r < 0)
        refuse(call, &err);
    return r < 0 ? 0 : r;
}
