/* SPDX-License-Identifier: Apache-2.0 */
/* Programs: what their scopes let through, by every door; getting, using and losing tokens. */
#include "app/client.h"
#include "app/oauth.h"
#include "app/session.h"
#include "client_rows.h"
#include "node.h"

static struct node node;

static void put(const char *path, const char *body)
{
    struct said *s = PUT(&node, path, body);

    if (s->status != 200 && s->status != 201)
        said_status(s, 201);
    said_free(s);
}

static void fill(void)
{
    static const char *const organizations[] = {
        "{\"resourceType\":\"Organization\",\"id\":\"h1\",\"active\":true,"
        "\"name\":\"One\"}",
        "{\"resourceType\":\"Organization\",\"id\":\"h2\",\"active\":true,"
        "\"name\":\"Two\",\"partOf\":{\"reference\":\"Organization/top\"}}",
        "{\"resourceType\":\"Organization\",\"id\":\"top\",\"active\":true,"
        "\"name\":\"Top\"}"};

    put("Organization/h1", organizations[0]);
    put("Organization/top", organizations[2]);
    put("Organization/h2", organizations[1]);
    put("List/l1", "{\"resourceType\":\"List\",\"id\":\"l1\",\"status\":\"current\","
                   "\"mode\":\"working\",\"entry\":[{\"item\":"
                   "{\"reference\":\"Patient/p1\"}}]}");
    put("Patient/p1", PATIENT(ID("p1"), "h1"));
    put("Patient/p2", PATIENT(ID("p2"), "h2"));
    put("Patient/gone", PATIENT(ID("gone"), "h2"));
    said_free(said_status(DELETE(&node, "Patient/gone"), 204));
    put("Observation/o1", OBS(ID("o1"), "p1", "vital-signs"));
    put("Observation/o2", OBS(ID("o2"), "p1", "laboratory"));
    put("Observation/o3", OBS(ID("o3"), "p2", "vital-signs"));
    put("Observation/turned", OBS(ID("turned"), "p2", "survey"));
    put("Observation/turned", OBS(ID("turned"), "p2", "exam"));
    put("Observation/was-exam", OBS(ID("was-exam"), "p2", "exam"));
    said_free(said_status(DELETE(&node, "Observation/was-exam"), 204));
    put("Encounter/e1",
        "{\"resourceType\":\"Encounter\",\"id\":\"e1\",\"status\":\"finished\","
        "\"class\":{\"code\":\"AMB\"},\"subject\":{\"reference\":\"Patient/p1\"}}");
    put("Binary/b1",
        "{\"resourceType\":\"Binary\",\"id\":\"b1\",\"contentType\":\"text/plain\","
        "\"data\":\"QUJD\"}");
}

/* What the rows that write are about; they must not be there while others search. */
static void fill_more(void)
{
    put("Patient/w1", PATIENT(ID("w1"), "h1"));
    put("Patient/w2", PATIENT(ID("w2"), "h1"));
    put("Patient/w3", PATIENT(ID("w3"), "h1"));
    put("Patient/w4", PATIENT(ID("w4"), "h1"));
    put("Observation/v1", OBS(ID("v1"), "p1", "vital-signs"));
    put("Observation/l1", OBS(ID("l1"), "p1", "laboratory"));
}

/* ---- asking ---- */

static struct said *ask_row(const struct row *row)
{
    struct said *s = calloc(1, sizeof(*s));
    struct app_call *call = &s->call;
    struct err err = {0};

    assert_non_null(s);
    *call = (struct app_call){.app = node.app,
        .arena = arena_new(),
        .method = row->method,
        .query = str_of(row->path),
        .body = str_of(row->body),
        .body_format = row->method == APP_PATCH ? APP_JSON_PATCH : APP_JSON,
        .if_none_exist = str_of(row->if_none_exist),
        .caller = {
            .name = STR("prog"), .role = STR(CLIENT_ROLE), .client = STR("prog")}};
    if (row->hospital)
        call->caller.organization =
            str_of(arena_printf(call->arena, "Organization/%s", row->hospital));
    if (scopes_parse(call->arena, str_of(row->scope), &call->caller.scopes, &err) < 0)
        fail_msg("%s: %s", row->scope, err.text);
    call->path = str_cut(&call->query, '?');
    app_run(call);
    s->status = call->status;
    if (call->answer.len > 0 && !call->media_type.p)
        assert_int_equal(
            json_read(call->arena, (struct str){call->answer.data, call->answer.len},
                LIMIT_RESPONSE_BYTES, &s->json, NULL),
            0);
    return s;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "Type/id" of the entries, sorted; a version that deletes by its request. */
static const char *found_in(const struct said *s)
{
    struct json_each it = json_each(json_get(s->json, "entry"));
    struct arena *a = s->call.arena;
    char *names[100];
    size_t count = 0;
    char *all = arena_printf(a, "%s", "");

    while (json_next(&it)) {
        const struct json *resource = json_get(it.value, "resource");
        struct str type = json_get_text(resource, "resourceType");
        struct str id = json_get_text(resource, "id");
        struct str url = json_get_text(json_get(it.value, "request"), "url");

        assert_true(count < 100);
        names[count++] = resource ? arena_printf(a, "%.*s/%.*s", (int)type.len, type.p,
                                        (int)id.len, id.p)
                                  : arena_printf(a, "%.*s", (int)url.len, url.p);
    }
    qsort(names, count, sizeof(names[0]), by_name);
    for (size_t i = 0; i < count; i++)
        all = arena_printf(a, "%s%s%s", all, i ? " " : "", names[i]);
    return all;
}

static void test_rows(void **state)
{
    size_t wrong = 0;
    bool filled = false;

    (void)state;
    node_open(&node, true);
    fill();
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];
        struct said *s = NULL;
        const char *found = NULL;

        if (row->method != APP_GET && row->method != APP_HEAD && !filled) {
            filled = strcmp(row->path, "Patient") == 0;
            if (filled)
                fill_more();
        }
        s = ask_row(row);
        found = row->found ? found_in(s) : NULL;
        if (s->status != row->status || (found && strcmp(found, row->found) != 0)) {
            printf("row %zu: %s%s%s, %s %s: %d %s\n%.*s\n", i, row->scope,
                row->hospital ? " of " : "", row->hospital ? row->hospital : "",
                method_name(row->method), row->path, s->status, found ? found : "",
                (int)(s->call.answer.len > 600 ? 600 : s->call.answer.len),
                s->call.answer.data ? s->call.answer.data : "");
            wrong++;
        }
        said_free(s);
    }
    assert_int_equal(wrong, 0);
    node_close(&node);
}

/* ---- tokens ---- */

#define HELD 1767225600000LL /* 2026-01-01 */
#define GRANT "grant_type=client_credentials"

static struct said *ask_oauth(const char *path, const char *header, const char *form)
{
    struct said *s = calloc(1, sizeof(*s));
    struct app_call *call = &s->call;

    assert_non_null(s);
    *call = (struct app_call){.app = node.app,
        .arena = arena_new(),
        .method = form ? APP_POST : APP_GET,
        .path = str_of(path),
        .body = str_of(form),
        .body_format = APP_FORM,
        .authorization = str_of(header),
        .caller = {.address = STR("192.0.2.7")}};
    app_run_with(call, oauth_start);
    s->status = call->status;
    if (call->answer.len > 0)
        assert_int_equal(
            json_read(call->arena, (struct str){call->answer.data, call->answer.len},
                LIMIT_RESPONSE_BYTES, &s->json, NULL),
            0);
    return s;
}

/* "grant_type=...&client_id=...&client_secret=..." and ${more}. */
static struct said *ask_token(const char *name, const char *secret, const char *more)
{
    char form[1024];

    snprintf(form, sizeof(form), GRANT "&client_id=%s&client_secret=%s%s", name, secret,
        more);
    return ask_oauth("token", NULL, form);
}

static void refused(struct said *s, int status, const char *problem)
{
    struct str error = json_get_text(said_status(s, status)->json, "error");

    if (!str_is(error, problem))
        fail_msg("error is %.*s, not %s", (int)error.len, error.p, problem);
    assert_true(json_get_text(s->json, "error_description").len > 0);
    said_free(s);
}

/* The token of an answer, into ${out}. */
static void token_of(struct said *s, char out[SESSION_TOKEN_MAX])
{
    struct str token = json_get_text(said_status(s, 200)->json, "access_token");

    assert_true(token.len > 0 && token.len < SESSION_TOKEN_MAX);
    memcpy(out, token.p, token.len);
    out[token.len] = '\0';
    said_free(s);
}

static void add(const char *name, const char *scope, char secret[CLIENT_SECRET_MAX])
{
    struct client_new n = {.name = str_of(name), .scope = str_of(scope)};
    struct err err = {0};

    if (client_add(node.app, &n, secret, &err) < 0)
        fail_msg("%s: %s", name, err.text);
    assert_int_equal(strlen(secret), CLIENT_SECRET_MAX - 1);
}

static int check(const char *token, struct app_caller *ret)
{
    *ret = (struct app_caller){0};
    return session_token_check(node.app, str_of(token), time_now(), ret, NULL);
}

static int open_held(void **state)
{
    (void)state;
    time_hold(HELD);
    node_open(&node, true);
    return 0;
}

static int close_held(void **state)
{
    (void)state;
    node_close(&node);
    time_hold(0);
    return 0;
}

static void test_token(void **state)
{
    char secret[CLIENT_SECRET_MAX];
    char token[SESSION_TOKEN_MAX];
    struct app_caller caller;
    struct said *s = NULL;
    int64_t seconds = 0;

    (void)state;
    add("lab", "system/Patient.rs system/Observation.cruds", secret);
    s = said_status(ask_token("lab", secret, ""), 200);
    assert_true(str_is(json_get_text(s->json, "token_type"), "bearer"));
    assert_true(str_is(
        json_get_text(s->json, "scope"), "system/Patient.rs system/Observation.cruds"));
    assert_true(
        text_int(json_text(json_get(s->json, "expires_in")), 0, 9999, &seconds));
    assert_int_equal(seconds, LIMIT_CLIENT_MINUTES_LEAST * 60);
    token_of(s, token);
    assert_int_equal(check(token, &caller), 0);
    assert_true(str_is(caller.name, "lab") && str_is(caller.client, "lab") &&
                str_is(caller.role, CLIENT_ROLE));
    assert_int_equal(caller.scopes->count, 2);
    /* it ends by itself */
    time_hold(HELD + 299999);
    assert_int_equal(check(token, &caller), 0);
    time_hold(HELD + 300000);
    assert_int_equal(check(token, &caller), E_UNAUTHORISED);
}

static void test_scope(void **state)
{
    char secret[CLIENT_SECRET_MAX];
    char token[SESSION_TOKEN_MAX];
    struct app_caller caller;

    (void)state;
    add("lab", "system/Patient.rs system/Observation.rs?category=laboratory", secret);
    token_of(ask_token("lab", secret, "&scope=system%2FPatient.r"), token);
    assert_int_equal(check(token, &caller), 0);
    assert_int_equal(caller.scopes->count, 1);
    assert_int_equal(caller.scopes->list[0].verbs, SCOPE_READ);
    token_of(
        ask_token("lab", secret,
            "&scope=system/Observation.s%3Fcategory%3Dlaboratory+system/Patient.s"),
        token);
    token_of(ask_token("lab", secret, "&scope="), token);
    refused(ask_token("lab", secret, "&scope=system/*.rs"), 400, "invalid_scope");
    refused(
        ask_token("lab", secret, "&scope=system/Patient.cruds"), 400, "invalid_scope");
    refused(
        ask_token("lab", secret, "&scope=system/Observation.rs"), 400, "invalid_scope");
    refused(ask_token("lab", secret, "&scope=system/Patient.r%20user/Patient.r"), 400,
        "invalid_scope");
    refused(ask_token("lab", secret, "&scope=openid"), 400, "invalid_scope");
}

static void test_credentials(void **state)
{
    char secret[CLIENT_SECRET_MAX];
    char other[CLIENT_SECRET_MAX];
    char header[256];
    char plain[128];
    char form[256];
    struct buf b;

    (void)state;
    add("lab", "system/Patient.rs", secret);
    add("other", "system/Patient.rs", other);
    snprintf(plain, sizeof(plain), "lab:%s", secret);
    buf_init(&b, 200);
    base64url_encode(&b, (const uint8_t *)plain, strlen(plain));
    snprintf(header, sizeof(header), "Basic %s", buf_cstr(&b));
    said_free(said_status(ask_oauth("token", header, GRANT), 200));
    said_free(said_status(ask_oauth("token", header, GRANT "&client_id=lab"), 200));
    refused(
        ask_oauth("token", header, GRANT "&client_id=other"), 400, "invalid_request");
    snprintf(form, sizeof(form), GRANT "&client_id=lab&client_secret=%s", secret);
    refused(ask_oauth("token", header, form), 400, "invalid_request");
    buf_done(&b);

    refused(ask_oauth("token", NULL, GRANT), 401, "invalid_client");
    refused(ask_oauth("token", "Basic", GRANT), 401, "invalid_client");
    refused(ask_oauth("token", "Basic bGFi", GRANT), 401, "invalid_client");
    refused(ask_oauth("token", "Bearer x", GRANT), 401, "invalid_client");
    refused(ask_token("lab", other, ""), 401, "invalid_client");
    refused(ask_token("lab", "", ""), 401, "invalid_client");
    refused(ask_token("nobody", secret, ""), 401, "invalid_client");
    refused(ask_token("client%2Flab", secret, ""), 401, "invalid_client");
    refused(ask_token("lab", secret, "&scope=x&scope=y"), 400, "invalid_request");
    snprintf(form, sizeof(form), "client_id=lab&client_secret=%s", secret);
    refused(ask_oauth("token", NULL, form), 400, "invalid_request");
    snprintf(form, sizeof(form),
        "grant_type=password&username=a&password=b&client_id=lab&client_secret=%s",
        secret);
    refused(ask_oauth("token", NULL, form), 400, "unsupported_grant_type");
    refused(ask_token("lab", secret,
                "&a=1&b=1&c=1&d=1&e=1&f=1&g=1&h=1&i=1&j=1&k=1&l=1&m=1&n=1"),
        400, "invalid_request");
}

/* Who guesses is told to wait; who knows never is. */
static void test_guessing(void **state)
{
    char secret[CLIENT_SECRET_MAX];
    int waits = 0;

    (void)state;
    add("lab", "system/Patient.rs", secret);
    for (int i = 0; i < 40; i++) {
        struct said *s = ask_token("lab", "wrong", "");

        waits += s->status == 429;
        if (s->status == 429)
            assert_true(s->call.retry_after > 0);
        said_free(s);
    }
    assert_int_equal(waits, 40 - LIMIT_TRIES_PAIR);
    said_free(said_status(ask_token("lab", secret, ""), 200));
}

static void test_ending(void **state)
{
    char secret[CLIENT_SECRET_MAX];
    char other[CLIENT_SECRET_MAX];
    char again[CLIENT_SECRET_MAX];
    char token[SESSION_TOKEN_MAX];
    struct app_caller caller;
    char form[256];

    (void)state;
    add("lab", "system/Patient.rs", secret);
    add("other", "system/Patient.rs", other);
    token_of(ask_token("lab", secret, ""), token);
    /* another program cannot end it, and is not told */
    snprintf(
        form, sizeof(form), "client_id=other&client_secret=%s&token=%s", other, token);
    said_free(said_status(ask_oauth("revoke", NULL, form), 200));
    assert_int_equal(check(token, &caller), 0);
    snprintf(form, sizeof(form), "client_id=lab&client_secret=wrong&token=%s", token);
    refused(ask_oauth("revoke", NULL, form), 401, "invalid_client");
    assert_int_equal(check(token, &caller), 0);
    snprintf(
        form, sizeof(form), "client_id=lab&client_secret=%s&token=%s", secret, token);
    said_free(said_status(ask_oauth("revoke", NULL, form), 200));
    assert_int_equal(check(token, &caller), E_UNAUTHORISED);
    said_free(said_status(ask_oauth("revoke", NULL, form), 200));
    snprintf(form, sizeof(form), "client_id=lab&client_secret=%s", secret);
    refused(ask_oauth("revoke", NULL, form), 400, "invalid_request");
    /* nor does one live on when its program is disabled, or has another secret */
    token_of(ask_token("lab", secret, ""), token);
    assert_int_equal(client_disable(node.app, STR("lab"), true, NULL), 0);
    assert_int_equal(check(token, &caller), E_UNAUTHORISED);
    refused(ask_token("lab", secret, ""), 401, "invalid_client");
    assert_int_equal(client_disable(node.app, STR("lab"), false, NULL), 0);
    token_of(ask_token("lab", secret, ""), token);
    assert_int_equal(
        client_reset(node.app, STR("lab"), (struct str){0}, again, NULL), 0);
    assert_int_equal(check(token, &caller), E_UNAUTHORISED);
    refused(ask_token("lab", secret, ""), 401, "invalid_client");
    token_of(ask_token("lab", again, ""), token);
    assert_int_equal(check(token, &caller), 0);
}

static void test_limits(void **state)
{
    char secret[CLIENT_SECRET_MAX];
    char first[SESSION_TOKEN_MAX];
    char token[SESSION_TOKEN_MAX];
    struct app_caller caller;

    (void)state;
    add("lab", "system/*.cruds", secret);
    token_of(ask_token("lab", secret, ""), first);
    for (int i = 1; i < LIMIT_CLIENT_TOKENS; i++) {
        time_hold(HELD + i);
        token_of(ask_token("lab", secret, ""), token);
    }
    assert_int_equal(check(first, &caller), 0);
    time_hold(HELD + LIMIT_CLIENT_TOKENS);
    token_of(ask_token("lab", secret, ""), token);
    assert_int_equal(check(first, &caller), E_UNAUTHORISED);
    assert_int_equal(check(token, &caller), 0);
    for (int i = 1; i < LIMIT_CLIENT_GRANTS; i++) {
        char scope[80];

        snprintf(scope, sizeof(scope), "&scope=system/Patient.r%%3F_tag%%3D%d", i);
        token_of(ask_token("lab", secret, scope), token);
    }
    refused(
        ask_token("lab", secret, "&scope=system/Encounter.r"), 400, "invalid_scope");
    token_of(ask_token("lab", secret, ""), token); /* what it had before goes on */
}

static void test_adding(void **state)
{
    static const struct {
        struct client_new n;
        int r;
    } bad[] = {
        {{.name = {"", 0}, .scope = {"system/*.r", 10}}, E_INVALID},
        {{.name = {"a b", 3}, .scope = {"system/*.r", 10}}, E_INVALID},
        {{.name = {"a/b", 3}, .scope = {"system/*.r", 10}}, E_INVALID},
        {{.name = {"a\0b", 3}, .scope = {"system/*.r", 10}}, E_INVALID},
        {{.name = {"ok", 2}, .scope = {"", 0}}, E_INVALID},
        {{.name = {"ok", 2}, .scope = {"user/*.r", 8}}, E_INVALID},
        {{.name = {"ok", 2}, .scope = {"system/*.r", 10}, .minutes = 4}, E_INVALID},
        {{.name = {"ok", 2}, .scope = {"system/*.r", 10}, .minutes = 61}, E_INVALID},
        {{.name = {"ok", 2}, .scope = {"system/*.r", 10}, .organization = {"x", 1}},
            E_INVALID},
        {{.name = {"ok", 2},
             .scope = {"system/*.r", 10},
             .organization = {"Organization/no", 15}},
            E_NOT_FOUND},
        {{.name = {"lab", 3}, .scope = {"system/*.r", 10}}, E_CONFLICT},
        {{.name = {"ok", 2}, .scope = {"system/*.r", 10}, .key = {"x", 1}}, E_INVALID},
        {{.name = {"ok", 2}, .scope = {"system/*.r", 10}, .key = {"{}", 2}}, E_INVALID},
        {{.name = {"ok", 2},
             .scope = {"system/*.r", 10},
             .key = {"{\"kty\":\"oct\",\"k\":\"AAAA\"}", 24}},
            E_INVALID},
    };
    char secret[CLIENT_SECRET_MAX];
    char name[LIMIT_CLIENT_NAME + 2];
    struct session_grant grant = {
        .name = STR("me"), .role = STR(CLIENT_ROLE), .expires = time_now() + 3600000};
    char token[SESSION_TOKEN_MAX];

    (void)state;
    add("lab", "system/*.r", secret);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(client_add(node.app, &bad[i].n, secret, NULL), bad[i].r);
    memset(name, 'x', sizeof(name));
    name[LIMIT_CLIENT_NAME] = '\0';
    add(name, "system/*.r", secret);
    name[LIMIT_CLIENT_NAME] = 'x';
    name[LIMIT_CLIENT_NAME + 1] = '\0';
    assert_int_equal(
        client_add(node.app,
            &(struct client_new){.name = str_of(name), .scope = STR("system/*.r")},
            secret, NULL),
        E_INVALID);
    assert_int_equal(client_disable(node.app, STR("none"), true, NULL), E_NOT_FOUND);
    assert_int_equal(client_reset(node.app, STR("none"), (struct str){0}, secret, NULL),
        E_NOT_FOUND);
    /* nobody passes for a program */
    assert_int_equal(session_token_make(node.app, &grant, token, NULL), E_INVALID);
}

static void test_audited(void **state)
{
    char secret[CLIENT_SECRET_MAX];
    struct said *s = NULL;
    struct str all = {NULL, 0};

    (void)state;
    put("Patient/p1", PATIENT(ID("p1"), "h1"));
    add("lab", "system/Patient.rs", secret);
    said_free(ask_token("lab", secret, ""));
    said_free(ask_token("lab", "wrong", ""));
    said_free(ask_token("nobody", "wrong", ""));
    said_free(ask_row(
        &(struct row){"system/Patient.rs", NULL, APP_GET, "Patient/p1", NULL, 200}));
    said_free(ask_row(
        &(struct row){"system/Patient.rs", NULL, APP_GET, "Encounter", NULL, 403}));
    s = node_ask(
        &node, (struct ask){.method = APP_GET, .path = "AuditEvent?_count=100"});
    s->call.caller.role = STR("auditor");
    app_run(&s->call);
    all = (struct str){s->call.answer.data, s->call.answer.len};
    assert_int_equal(s->call.status, 200);
    assert_non_null(memmem(all.p, all.len, "\"110122\"", 8)); /* signed in */
    assert_non_null(memmem(all.p, all.len, "{\"text\":\"client\"}", 17));
    assert_non_null(memmem(all.p, all.len, "\"name\":\"lab\"", 12));
    assert_non_null(memmem(all.p, all.len, "\"name\":\"prog\"", 13));
    assert_non_null(memmem(all.p, all.len, "Patient/p1/_history/", 20));
    assert_non_null(memmem(all.p, all.len, "192.0.2.7", 9));
    assert_null(memmem(all.p, all.len, "nobody", 6)); /* might have been a secret */
    assert_null(memmem(all.p, all.len, secret, strlen(secret)));
    said_free(s);
}

static void test_configuration(void **state)
{
    struct said *s = ask_oauth(".well-known/smart-configuration", NULL, NULL);

    (void)state;
    said_status(s, 200);
    assert_true(
        str_is(json_get_text(s->json, "token_endpoint"), "http://test/oauth/token"));
    assert_true(str_is(
        json_get_text(s->json, "revocation_endpoint"), "http://test/oauth/revoke"));
    said_free(s);
    said_free(said_status(ask_oauth("token", NULL, NULL), 400));
    said_free(said_status(ask_oauth("nothing", NULL, ""), 404));
}

#define HELD_TEST(fn) cmocka_unit_test_setup_teardown(fn, open_held, close_held)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        HELD_TEST(test_token),
        HELD_TEST(test_scope),
        HELD_TEST(test_credentials),
        HELD_TEST(test_guessing),
        HELD_TEST(test_ending),
        HELD_TEST(test_limits),
        HELD_TEST(test_adding),
        HELD_TEST(test_audited),
        HELD_TEST(test_configuration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
