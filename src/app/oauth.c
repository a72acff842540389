/* SPDX-License-Identifier: Apache-2.0 */
/* Requests for tokens: taken apart, authenticated, answered. */
#include "app/oauth.h"

#include "app/audit.h"
#include "app/oauth_internal.h"
#include "app/session.h"
#include "crypto/crypto.h"

int oauth_refuse(const char *problem, struct oauth *o, int code, const char *sentence,
    struct err *err)
{
    o->problem = problem;
    return err_set(err, code, NULL, "%s", sentence);
}

struct str oauth_field(const struct oauth *o, const char *name)
{
    for (size_t i = 0; i < o->field_count; i++) {
        if (str_is(o->fields[i].name, name))
            return o->fields[i].value;
    }
    return (struct str){NULL, 0};
}

/* ---- answers ---- */

static struct json_out answer(struct oauth *o)
{
    o->call->status = 200;
    o->call->media_type = STR("application/json");
    buf_clear(&o->call->answer);
    return json_out(&o->call->answer);
}

static int status_of(int code)
{
    if (code == E_UNAUTHORISED)
        return 401;
    return code == E_TOO_OFTEN ? 429 : 400;
}

/* The caller's errors as RFC 6749 wants them; what failed in here as everywhere. */
static void fail(struct oauth *o, const struct err *err)
{
    struct app_call *call = o->call;
    struct json_out out;

    if (err_class(err->code) != ERR_CALLER) {
        call_fail(call, 0, err, NULL);
        return;
    }
    out = answer(o);
    call->status = status_of(err->code);
    json_open(&out, '{');
    json_name(&out, "error");
    json_put_str(&out, o->problem ? o->problem : "invalid_request");
    json_name(&out, "error_description");
    json_put_str(&out, err->text);
    json_close(&out, '}');
    if (call->status != 400)
        audit_refused(call->app, &call->caller, AUDIT_SIGN_IN_FAILED, call->status);
}

/* ---- token ---- */

static int take_scope(struct oauth *o, const struct scopes **ret, struct err *err)
{
    struct str asked = oauth_field(o, "scope");
    const struct scopes *granted = NULL;
    struct err why = {0};
    int r = scopes_parse(o->call->arena, o->client.scope, &granted, err);

    if (r < 0)
        return err_set(err, E_CORRUPT, NULL, "The scopes of a program cannot be read.");
    if (asked.len == 0) {
        *ret = granted;
        return 0;
    }
    r = scopes_parse(o->call->arena, asked, ret, &why);
    if (r == E_NOMEM)
        return err_nomem(err);
    if (r < 0)
        return oauth_refuse("invalid_scope", o, E_INVALID, why.text, err);
    if (!scopes_within(*ret, granted))
        return oauth_refuse("invalid_scope", o, E_INVALID,
            "The scope asks for more than this program was given.", err);
    return 0;
}

/* The operator may have changed or disabled it since it was looked at. */
static int check_still(struct oauth *o, const char *token, struct err *err)
{
    struct app_call *call = o->call;
    uint8_t hash[CRYPTO_TOKEN_HASH_BYTES];
    struct client now = {0};
    int r = client_load(call->app, call->arena, o->client.name, &now, err);

    if (r == 0 && !now.off && now.stamp == o->client.stamp)
        return 0;
    if (crypto_token_hash(str_of(token), hash))
        (void)client_token_end(call->app->clients, hash, o->client.name);
    if (r < 0 && r != E_NOT_FOUND)
        return r;
    return oauth_refuse("invalid_client", o, E_UNAUTHORISED,
        "This program was changed or disabled at this moment.", err);
}

static int give(struct oauth *o, const struct scopes *scopes,
    char token[CRYPTO_TOKEN_CHARS + 1], struct err *err)
{
    struct client_token_new n = {.client = &o->client,
        .scopes = scopes,
        .now = o->now,
        .expires = o->now + (utc_ms)o->client.minutes * 60 * 1000};
    int r = client_token_give(o->call->app->clients, &n, token, err);

    if (r == E_TOO_LARGE)
        o->problem = "invalid_scope";
    return r < 0 ? r : check_still(o, token, err);
}

static int token(struct oauth *o, struct err *err)
{
    struct str kind = oauth_field(o, "grant_type");
    char text[CRYPTO_TOKEN_CHARS + 1];
    const struct scopes *scopes = NULL;
    struct json_out out;
    int r = 0;

    if (!kind.p)
        return oauth_refuse(
            "invalid_request", o, E_INVALID, "The grant_type is missing.", err);
    if (!str_is(kind, "client_credentials"))
        return oauth_refuse("unsupported_grant_type", o, E_INVALID,
            "Programs get tokens by client_credentials alone.", err);
    r = take_scope(o, &scopes, err);
    if (r == 0) /* kept before it is true, as each sign-in */
        r = audit_sign(o->call->app, &o->call->caller, AUDIT_SIGN_IN, err);
    if (r == 0)
        r = give(o, scopes, text, err);
    if (r < 0)
        return r;
    out = answer(o);
    json_open(&out, '{');
    json_member(&out, "access_token", str_of(text));
    json_name(&out, "token_type");
    json_put_str(&out, "bearer");
    json_name(&out, "expires_in");
    json_put_int(&out, o->client.minutes * 60);
    json_name(&out, "scope");
    buf_addc(out.buf, '"'); /* nothing in a scope needs escaping */
    scopes_write(out.buf, scopes);
    buf_addc(out.buf, '"');
    out.comma = true;
    json_close(&out, '}');
    crypto_wipe(text, sizeof(text));
    return 0;
}

/* ---- revoke ---- */

static int revoke(struct oauth *o, struct err *err)
{
    struct str given = oauth_field(o, "token");
    uint8_t hash[CRYPTO_TOKEN_HASH_BYTES];
    struct app_call *call = o->call;
    int r = 0;

    if (!given.p)
        return oauth_refuse(
            "invalid_request", o, E_INVALID, "The token to end is missing.", err);
    if (crypto_token_hash(given, hash) &&
        client_token_end(call->app->clients, hash, o->client.name))
        r = audit_sign(call->app, &call->caller, AUDIT_SIGN_OUT, err);
    call->status = 200; /* one that was never there is as ended as can be */
    return r;
}

/* ---- what there is ---- */

static void put_list(
    struct json_out *o, const char *name, const char *const *list, size_t count)
{
    json_name(o, name);
    json_open(o, '[');
    for (size_t i = 0; i < count; i++)
        json_put_str(o, list[i]);
    json_close(o, ']');
}

static int configuration(struct oauth *o, struct err *err)
{
    static const char *const methods[] = {
        "client_secret_basic", "client_secret_post", "private_key_jwt"};
    static const char *const signing[] = {"RS384", "ES384"};
    static const char *const grants[] = {"client_credentials"};
    static const char *const scopes[] = {"system/*.cruds"};
    static const char *const capabilities[] = {"client-confidential-symmetric",
        "client-confidential-asymmetric", "permission-v2"};
    struct str base = o->call->base;
    struct json_out out = answer(o);

    (void)err;
    base.len -= str_ends(base, "/fhir") ? sizeof("/fhir") - 1 : 0;
    json_open(&out, '{');
    json_name(&out, "token_endpoint");
    buf_addf(out.buf, "\"%.*s/oauth/token\"", (int)base.len, base.p);
    out.comma = true;
    json_name(&out, "revocation_endpoint");
    buf_addf(out.buf, "\"%.*s/oauth/revoke\"", (int)base.len, base.p);
    out.comma = true;
    put_list(&out, "token_endpoint_auth_methods_supported", methods,
        sizeof(methods) / sizeof(methods[0]));
    put_list(&out, "token_endpoint_auth_signing_alg_values_supported", signing,
        sizeof(signing) / sizeof(signing[0]));
    put_list(&out, "grant_types_supported", grants, 1);
    put_list(&out, "scopes_supported", scopes, 1);
    put_list(&out, "code_challenge_methods_supported", NULL, 0);
    put_list(&out, "capabilities", capabilities,
        sizeof(capabilities) / sizeof(capabilities[0]));
    json_close(&out, '}');
    return 0;
}

/* ---- a call ---- */

struct oauth_operation {
    const char *path;
    bool posts; /* a form with credentials; else a GET of anybody */
    int (*run)(struct oauth *o, struct err *err);
};

static const struct oauth_operation operations[] = {
    {"token", true, token},
    {"revoke", true, revoke},
    {".well-known/smart-configuration", false, configuration},
};

/* No field may come twice: it would be open which of the two counts. */
static int read_form(struct oauth *o, struct err *err)
{
    struct app_call *call = o->call;
    int r = 0;

    if (call->body_format != APP_FORM)
        return oauth_refuse("invalid_request", o, E_INVALID,
            "Send a form: Content-Type application/x-www-form-urlencoded.", err);
    r = rest_query_parse(call->arena, call->body, &o->fields, &o->field_count, err);
    if (r == 0 && o->field_count > LIMIT_CLIENT_FIELDS)
        return oauth_refuse(
            "invalid_request", o, E_INVALID, "The form has too many fields.", err);
    for (size_t i = 0; r == 0 && i < o->field_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (str_eq(o->fields[i].name, o->fields[k].name))
                return oauth_refuse("invalid_request", o, E_INVALID,
                    "A field of the form was sent twice.", err);
        }
    }
    return r;
}

/* On a job thread: a sign-in is written before it is one. */
static int run(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct oauth *o = call->sign_in_;
    int r = o->operation->posts ? read_form(o, err) : 0;

    (void)rest;
    if (r == 0 && o->operation->posts)
        r = oauth_authenticate(o, err);
    if (r == 0)
        r = o->operation->run(o, err);
    if (r < 0) {
        err->code = r;
        fail(o, err);
    }
    return 0;
}

static int start(struct oauth *o, struct err *err)
{
    struct app_call *call = o->call;
    struct rest rest = {0};

    for (size_t i = 0; i < sizeof(operations) / sizeof(operations[0]); i++) {
        const struct oauth_operation *op = &operations[i];
        bool reads = call->method == APP_GET || call->method == APP_HEAD;

        if (!str_is(call->path, op->path))
            continue;
        if (op->posts ? call->method != APP_POST : !reads)
            return err_set(
                err, E_UNSUPPORTED, NULL, "This method is not offered here.");
        o->operation = op;
        call->sign_in_ = o;
        return op->posts ? call_pool(call, &rest, run, err) : run(call, &rest, err);
    }
    return err_set(err, E_NOT_FOUND, NULL, "There is nothing at this address.");
}

int oauth_start(struct app_call *call)
{
    struct oauth *o = arena_alloc(call->arena, sizeof(*o));
    struct err err = {0};
    int r = 0;

    call_begin(call);
    if (call->base.len == 0)
        call->base = call->app->base[APP_FHIR];
    if (o)
        *o = (struct oauth){.call = call, .now = time_now()};
    r = o ? start(o, &err) : err_nomem(&err);
    if (r < 0)
        call_fail(call, 0, &err, NULL);
    return r < 0 ? 0 : r;
}
