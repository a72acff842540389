/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in with a password: visits, tries, what is told and what is not. */
#include "browser.h"

/* ---- passwords ---- */

static void test_in_and_out(void **state)
{
    struct browser b = {0};
    char first[64];
    struct said *s = NULL;

    (void)state;
    add_pema();
    assert_int_equal(who(&b), 401);
    assert_int_equal(sign_in(&b, "pema", GOOD), 200);
    snprintf(first, sizeof(first), "%s", b.cookie);
    s = said_status(ask(&b, APP_GET, "", NULL), 200);
    assert_string_equal(said_text(s, "name"), "Pema");
    assert_string_equal(said_text(s, "role"), "clinician");
    assert_string_equal(said_text(s, "practitioner"), "Practitioner/p");
    assert_string_equal(said_text(s, "posts.0.role"), "clinician");
    assert_string_equal(said_text(s, "page"), b.page);
    said_free(s);
    /* another browser, whose sign-in leaves the first alone; each secret is new */
    {
        struct browser other = {0};

        assert_int_equal(sign_in(&other, " PEMA ", GOOD), 200);
        assert_string_not_equal(other.cookie, first);
        assert_int_equal(who(&other), 200);
    }
    assert_int_equal(go(&b, APP_DELETE, "", NULL, NULL), 204);
    assert_string_equal(b.cookie, "");
    snprintf(b.cookie, sizeof(b.cookie), "%s", first);
    assert_int_equal(who(&b), 401);
}

/* What is said of an unknown name, a wrong password, a disabled account, and one that has no
 * password yet is the same, byte for byte. */
static void test_no_names_told(void **state)
{
    const char *const names[] = {"Nobody", "Pema", "Off", "Fresh", "", "\\u0001"};
    char first[3000] = "";

    (void)state;
    add_pema();
    add("Off", "Practitioner/p", NULL, GOOD, NULL);
    add("Fresh", "Practitioner/p", NULL, NULL, NULL);
    assert_int_equal(account_disable(node.app, STR("off"), true, NULL), 0);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct browser b = {0};
        char body[300];
        struct said *s = NULL;

        snprintf(body, sizeof(body), "{\"name\":\"%s\",\"password\":\"%s\"}", names[i],
            strcmp(names[i], "Off") == 0 ? GOOD : "wrong yak");
        s = said_status(ask(&b, APP_POST, "", body), 401);
        if (!first[0])
            snprintf(first, sizeof(first), "%.*s", (int)s->call.answer.len,
                s->call.answer.data);
        assert_true(
            str_is((struct str){s->call.answer.data, s->call.answer.len}, first));
        assert_string_equal(b.cookie, "");
        said_free(s);
    }
    assert_int_equal(account_disable(node.app, STR("off"), false, NULL), 0);
    {
        struct browser b = {0};

        assert_int_equal(sign_in(&b, "Off", GOOD), 200);
    }
}

static void test_odd_bodies(void **state)
{
    struct browser b = {0};
    char large[LIMIT_SIGN_IN_BYTES + 100];
    char where[64];

    (void)state;
    add_pema();
    assert_int_equal(go(&b, APP_POST, "", "{}", where), 400);
    assert_int_equal(go(&b, APP_POST, "", "[]", where), 400);
    assert_true(go(&b, APP_POST, "", "{\"name\":", where) >= 400);
    assert_int_equal(
        go(&b, APP_POST, "", "{\"name\":{},\"password\":\"x\"}", where), 401);
    memset(large, ' ', sizeof(large));
    memcpy(large, "{}", 2);
    large[sizeof(large) - 1] = '\0';
    assert_int_equal(go(&b, APP_POST, "", large, where), 413);
    assert_int_equal(go(&b, APP_GET, "nowhere", NULL, where), 404);
    assert_int_equal(go(&b, APP_PATCH, "", NULL, where), 400);
}

/* ---- visits ---- */

static void test_idle_and_absolute(void **state)
{
    struct browser idle = {0};
    struct browser busy = {0};

    (void)state;
    add_pema();
    assert_int_equal(sign_in(&idle, "Pema", GOOD), 200);
    assert_int_equal(sign_in(&busy, "Pema", GOOD), 200);
    clock_to(START + LIMIT_SESSION_IDLE_MINUTES * MINUTE - 1);
    assert_int_equal(who(&idle), 200);
    assert_int_equal(who(&busy), 200);
    for (int i = 1; i < LIMIT_SESSION_HOURS * 2; i++) {
        clock_to(START + i * 30 * MINUTE);
        assert_int_equal(who(&busy), 200);
    }
    assert_int_equal(who(&idle), 401);
    clock_to(START + LIMIT_SESSION_HOURS * 60 * MINUTE - 1);
    assert_int_equal(who(&busy), 200);
    clock_to(START + LIMIT_SESSION_HOURS * 60 * MINUTE);
    assert_int_equal(who(&busy), 401);
}

static void test_page_token(void **state)
{
    struct browser b = {0};
    struct browser other = {0};
    struct app_caller caller = {0};
    struct arena *a = arena_new();
    struct session_visit visit = {0};
    struct err err = {0};

    (void)state;
    add_pema();
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200);
    assert_int_equal(sign_in(&other, "Pema", GOOD), 200);
    visit.secret = str_of(b.cookie);
    assert_int_equal(session_visit_check(node.app, a, &visit, now, &caller, &err), 0);
    assert_true(str_is(caller.role, "clinician"));
    visit.writes = true;
    assert_int_equal(
        session_visit_check(node.app, a, &visit, now, &caller, &err), E_FORBIDDEN);
    visit.token = str_of(other.page);
    assert_int_equal(
        session_visit_check(node.app, a, &visit, now, &caller, &err), E_FORBIDDEN);
    visit.token = str_of(b.page);
    assert_int_equal(session_visit_check(node.app, a, &visit, now, &caller, &err), 0);
    arena_free(a);
    /* and for signing out, where somebody would be put out by another page */
    snprintf(b.page, sizeof(b.page), "%s", other.page);
    assert_int_equal(go(&b, APP_DELETE, "", NULL, NULL), 403);
    assert_int_equal(who(&b), 200);
}

static void test_post_ends(void **state)
{
    struct browser b = {0};
    struct said *s = NULL;

    (void)state;
    add_pema();
    must(&node, 200,
        (struct ask){.method = APP_PUT,
            .path = "PractitionerRole/p",
            .body =
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"p\",\"practitioner\":"
                "{\"reference\":\"Practitioner/p\"},\"period\":{\"end\":"
                "\"2027-01-15T08:30:00Z\"},\"code\":[{\"coding\":[{\"system\":"
                "\"https://belay.health/CodeSystem/"
                "role\",\"code\":\"clinician\"}]}]}"});
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200); /* at 08:00 */
    clock_to(START + 30 * MINUTE - 1);
    s = said_status(ask(&b, APP_GET, "", NULL), 200);
    assert_string_equal(said_text(s, "posts.0.until"), "2027-01-15T08:30:01.000Z");
    said_free(s);
    clock_to(START + 31 * MINUTE);
    s = said_status(ask(&b, APP_GET, "", NULL), 200);
    assert_int_equal(said_count(s, "posts"), 0);
    assert_string_equal(said_text(s, "role"), "");
    said_free(s);
}

static void test_list_and_end(void **state)
{
    struct browser b = {0};
    struct browser other = {.address = "192.0.2.7"};
    struct session_grant grant = {.name = STR("phone"),
        .role = STR("clinician"),
        .practitioner = STR("Practitioner/p"),
        .expires = START + 60 * MINUTE};
    struct app_caller caller = {0};
    char token[SESSION_TOKEN_MAX];
    char path[200];
    struct said *s = NULL;

    (void)state;
    add_pema();
    assert_int_equal(session_token_make(node.app, &grant, token, NULL), 0);
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200);
    clock_to(START + MINUTE);
    assert_int_equal(sign_in(&other, "Pema", GOOD), 200);
    s = said_status(ask(&b, APP_GET, "list", NULL), 200);
    assert_int_equal(said_count(s, "visits"), 2);
    assert_string_equal(said_text(s, "visits.0.address"), "192.0.2.7");
    assert_int_equal(said_count(s, "tokens"), 1);
    snprintf(path, sizeof(path), "list/%s", said_text(s, "visits.0.id"));
    assert_int_equal(go(&b, APP_DELETE, path, NULL, NULL), 204);
    assert_int_equal(who(&other), 401);
    assert_int_equal(who(&b), 200);
    assert_int_equal(go(&b, APP_DELETE, path, NULL, NULL), 404);
    assert_int_equal(
        session_token_check(node.app, str_of(token), now, &caller, NULL), 0);
    snprintf(path, sizeof(path), "list/%s", said_text(s, "tokens.0.id"));
    assert_int_equal(go(&b, APP_DELETE, path, NULL, NULL), 204);
    assert_int_equal(session_token_check(node.app, str_of(token), now, &caller, NULL),
        E_UNAUTHORISED);
    said_free(s);
    for (int i = 0; i < LIMIT_SESSIONS_PERSON + 3; i++) {
        struct browser more = {0};

        clock_to(START + (2 + i) * MINUTE);
        assert_int_equal(sign_in(&more, "Pema", GOOD), 200);
        if (i == LIMIT_SESSIONS_PERSON + 2) {
            s = said_status(ask(&more, APP_GET, "list", NULL), 200);
            assert_int_equal(said_count(s, "visits"), LIMIT_SESSIONS_PERSON);
            said_free(s);
        }
    }
    assert_int_equal(who(&b), 401); /* the oldest went */
}

/* Minutes after the sign-in another visit ends only with the password or a code; a wrong one
 * does not do, nor does what was proved in another visit; one's own ends as ever. */
static void test_end_needs_proof(void **state)
{
    struct browser b = {0};
    struct browser other = {.address = "192.0.2.7"};
    char where[64];
    char path[200];
    char own[200];
    struct said *s = NULL;

    (void)state;
    add_pema();
    assert_int_equal(sign_in(&other, "Pema", GOOD), 200);
    clock_to(START + 1);
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200);
    s = said_status(ask(&b, APP_GET, "list", NULL), 200);
    snprintf(own, sizeof(own), "list/%s", said_text(s, "visits.0.id"));
    snprintf(path, sizeof(path), "list/%s", said_text(s, "visits.1.id"));
    assert_int_equal(said_count(s, "proofs"), 1);
    assert_true(said_true(s, "proved"));
    said_free(s);
    clock_to(START + 1 + LIMIT_SESSION_PROOF_MINUTES * MINUTE);
    assert_int_equal(go(&b, APP_DELETE, path, NULL, where), 403);
    assert_string_equal(where, "proof");
    assert_int_equal(go(&b, APP_DELETE, "list/nothing", NULL, where), 403);
    assert_int_equal(go(&b, APP_POST, "proof", "{}", where), 400);
    assert_int_equal(go(&b, APP_POST, "proof", "{\"code\":\"123456\"}", where), 409);
    assert_int_equal(
        go(&b, APP_POST, "proof", "{\"password\":\"wrong yak\"}", where), 401);
    assert_string_equal(where, "sign-in");
    assert_int_equal(go(&b, APP_DELETE, path, NULL, where), 403);
    assert_int_equal(
        go(&other, APP_POST, "proof", "{\"password\":\"" GOOD "\"}", where), 204);
    assert_int_equal(go(&b, APP_DELETE, path, NULL, where), 403);
    assert_int_equal(
        go(&b, APP_POST, "proof", "{\"password\":\"" GOOD "\"}", where), 204);
    assert_int_equal(go(&b, APP_DELETE, path, NULL, where), 204);
    assert_int_equal(who(&other), 401);
    clock_to(now + LIMIT_SESSION_PROOF_MINUTES * MINUTE);
    assert_int_equal(go(&b, APP_DELETE, own, NULL, where), 204);
    assert_int_equal(who(&b), 401);
}

/* What is given as proof is counted as at the door. */
static void test_proof_waits(void **state)
{
    struct browser b = {0};

    (void)state;
    add_pema();
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200);
    for (int i = 0; i < LIMIT_TRIES_PAIR; i++)
        assert_int_equal(
            go(&b, APP_POST, "proof", "{\"password\":\"wrong yak\"}", NULL), 401);
    assert_int_equal(
        go(&b, APP_POST, "proof", "{\"password\":\"" GOOD "\"}", NULL), 429);
}

static void test_disabled(void **state)
{
    struct browser b = {0};
    struct session_grant grant = {.name = STR("phone"),
        .role = STR("clinician"),
        .practitioner = STR("Practitioner/p"),
        .expires = START + 60 * MINUTE};
    struct app_caller caller = {0};
    char token[SESSION_TOKEN_MAX];

    (void)state;
    add_pema();
    assert_int_equal(session_token_make(node.app, &grant, token, NULL), 0);
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200);
    assert_int_equal(account_disable(node.app, STR("Pema"), true, NULL), 0);
    assert_int_equal(who(&b), 401);
    assert_int_equal(session_token_check(node.app, str_of(token), now, &caller, NULL),
        E_UNAUTHORISED);
    assert_int_equal(sign_in(&b, "Pema", GOOD), 401);
    assert_int_equal(account_disable(node.app, STR("Nobody"), true, NULL), E_NOT_FOUND);
}

static void test_new_password(void **state)
{
    struct browser b = {0};
    struct browser other = {0};
    char before[64];
    char where[64];

    (void)state;
    add_pema();
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200);
    assert_int_equal(sign_in(&other, "Pema", GOOD), 200);
    snprintf(before, sizeof(before), "%s", b.cookie);
    assert_int_equal(
        go(&b, APP_POST, "password",
            "{\"old\":\"wrong yak\",\"new\":\"tumbleweed canyon\"}", where),
        401);
    assert_int_equal(go(&b, APP_POST, "password",
                         "{\"old\":\"" GOOD "\",\"new\":\"PemaYangchen1\"}", where),
        400);
    assert_string_equal(where, "password-own");
    assert_int_equal(go(&b, APP_POST, "password",
                         "{\"old\":\"" GOOD "\",\"new\":\"tumbleweed canyon\"}", where),
        200);
    assert_string_not_equal(b.cookie, before);
    assert_int_equal(who(&b), 200);
    assert_int_equal(who(&other), 401);
    assert_int_equal(sign_in(&other, "Pema", GOOD), 401);
    assert_int_equal(sign_in(&other, "Pema", "tumbleweed canyon"), 200);
}

/* ---- tries ---- */

static void test_waits(void **state)
{
    struct browser b = {0};
    struct browser owner = {.address = "10.0.0.2"};

    (void)state;
    add_pema();
    for (int i = 0; i < LIMIT_TRIES_PAIR; i++)
        assert_int_equal(sign_in(&b, "Pema", "wrong yak"), 401);
    assert_int_equal(sign_in(&b, "Pema", GOOD), 429);
    assert_int_equal(sign_in(&owner, "Pema", GOOD), 200);
    clock_to(START + 999);
    assert_int_equal(sign_in(&b, "Pema", GOOD), 429);
    clock_to(START + 1000);
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200);
    /* an unknown name waits just the same */
    for (int i = 0; i < LIMIT_TRIES_PAIR; i++)
        assert_int_equal(sign_in(&b, "Nobody", "wrong yak"), 401);
    assert_int_equal(sign_in(&b, "Nobody", "wrong yak"), 429);
}

static void test_wrong_accounts(void **state)
{
    const struct account_new wrong[] = {
        {.name = STR(""), .role = STR("auditor")},
        {.name = STR("x")},
        {.name = STR("x"), .role = STR("emperor")},
        {.name = STR("x"),
            .role = STR("auditor"),
            .practitioner = STR("Practitioner/p")},
        {.name = STR("x"), .practitioner = STR("p")},
        {.name = STR("x"), .role = STR("auditor"), .organization = STR("x")},
        {.name = STR("x"), .role = STR("auditor"), .password = STR("password1234")},
    };
    char ticket[ACCOUNT_TICKET_MAX];
    struct err err = {0};
    struct account_new n = {.name = STR("P\xc3\xa9ma"), .role = STR("auditor")};

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(account_add(node.app, &wrong[i], ticket, &err), E_INVALID);
    n.practitioner = STR("Practitioner/nobody");
    n.role = (struct str){NULL, 0};
    assert_int_equal(account_add(node.app, &n, ticket, &err), E_NOT_FOUND);
    add_pema();
    n = (struct account_new){.name = STR("P\xc3\xa9ma"), .role = STR("auditor")};
    assert_int_equal(account_add(node.app, &n, ticket, &err), E_CONFLICT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(in_and_out),
        CASE(no_names_told),
        CASE(odd_bodies),
        CASE(idle_and_absolute),
        CASE(page_token),
        CASE(post_ends),
        CASE(list_and_end),
        CASE(end_needs_proof),
        CASE(proof_waits),
        CASE(disabled),
        CASE(new_password),
        CASE(waits),
        CASE(wrong_accounts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
