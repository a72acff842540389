/* SPDX-License-Identifier: Apache-2.0 */
/* One-time codes: set up, asked, once only; enrolment links; recovery codes. */
#include "app/code_rule.h"
#include "browser.h"

/* ---- codes ---- */

static void test_codes(void **state)
{
    struct browser b = {0};
    char ticket[ACCOUNT_TICKET_MAX];
    char secret[40];
    char recovery[LIMIT_RECOVERY_CODES][40];
    char half[64];
    char where[64];
    struct said *s = NULL;

    (void)state;
    add("Chief", NULL, "administrator", NULL, ticket);
    assert_int_not_equal(strlen(ticket), 0);
    assert_int_equal(sign_in(&b, "Chief", GOOD), 401);
    enrol(&b, ticket, secret, recovery);
    s = said_status(ask(&b, APP_GET, "", NULL), 200);
    assert_string_equal(said_text(s, "role"), "administrator");
    said_free(s);
    /* the link is used up */
    {
        struct browser thief = {0};
        char body[300];

        snprintf(body, sizeof(body), "{\"ticket\":\"%s\",\"password\":\"%s\"}", ticket,
            GOOD);
        assert_int_equal(go(&thief, APP_POST, "", body, where), 401);
        assert_string_equal(where, "ticket");
    }
    /* password alone is half of it */
    b = (struct browser){0};
    s = said_status(
        ask(&b, APP_POST, "", "{\"name\":\"chief\",\"password\":\"" GOOD "\"}"), 200);
    assert_string_equal(said_text(s, "next"), "code");
    said_free(s);
    assert_int_equal(who(&b), 401);
    assert_int_equal(go(&b, APP_GET, "list", NULL, NULL), 401);
    assert_int_equal(go(&b, APP_POST, "enrolment", "{}", NULL), 403);
    snprintf(half, sizeof(half), "%s", b.cookie);
    /* the code that set it up was used */
    assert_int_equal(give_code(&b, APP_POST, "code", code_of(secret, now), where), 401);
    clock_to(now + CRYPTO_CODE_STEP_MS);
    assert_int_equal(give_code(&b, APP_POST, "code", code_of(secret, now), where), 200);
    assert_string_not_equal(b.cookie, half);
    assert_int_equal(who(&b), 200);
    {
        struct browser fixed = {0};

        snprintf(fixed.cookie, sizeof(fixed.cookie), "%s", half);
        assert_int_equal(who(&fixed), 401);
    }
    /* the same code a second time */
    b = (struct browser){0};
    assert_int_equal(sign_in(&b, "Chief", GOOD), 200);
    assert_int_equal(give_code(&b, APP_POST, "code", code_of(secret, now), where), 401);
    assert_string_equal(where, "code");
    /* recovery codes, each once */
    assert_int_equal(give_code(&b, APP_POST, "code", recovery[3], where), 200);
    b = (struct browser){0};
    assert_int_equal(sign_in(&b, "Chief", GOOD), 200);
    assert_int_equal(give_code(&b, APP_POST, "code", recovery[3], where), 401);
    assert_int_equal(give_code(&b, APP_POST, "code", recovery[4], where), 200);
    /* a code proves who is here, once too */
    clock_to(now + LIMIT_SESSION_PROOF_MINUTES * MINUTE);
    assert_int_equal(go(&b, APP_DELETE, "list/other", NULL, where), 403);
    assert_int_equal(give_code(&b, APP_POST, "proof", recovery[4], where), 401);
    assert_int_equal(
        give_code(&b, APP_POST, "proof", code_of(secret, now), where), 204);
    assert_int_equal(go(&b, APP_DELETE, "list/other", NULL, where), 404);
}

/* Half a sign-in ends by time and by wrong codes. */
static void test_half(void **state)
{
    struct browser b = {0};
    char ticket[ACCOUNT_TICKET_MAX];
    char secret[40];
    utc_ms wait = 0;

    (void)state;
    add("Chief", NULL, "administrator", NULL, ticket);
    enrol(&b, ticket, secret, NULL);
    clock_to(START + MINUTE);
    assert_int_equal(sign_in(&b, "Chief", GOOD), 200);
    clock_to(now + LIMIT_SESSION_HALF_MINUTES * MINUTE);
    assert_int_equal(give_code(&b, APP_POST, "code", code_of(secret, now), NULL), 401);
    assert_int_equal(sign_in(&b, "Chief", GOOD), 200);
    for (int i = 0; i < LIMIT_SESSION_CODES; i++)
        assert_int_equal(give_code(&b, APP_POST, "code", "000000", NULL), 401);
    assert_int_equal(give_code(&b, APP_POST, "code", code_of(secret, now), NULL), 401);
    /* a new half does not help: who guesses codes waits */
    assert_int_equal(sign_in(&b, "Chief", GOOD), 200);
    {
        struct said *s = ask(&b, APP_POST, "code", "{\"code\":\"000000\"}");

        assert_int_equal(s->status, 429);
        wait = s->call.retry_after;
        said_free(s);
    }
    assert_int_equal(wait, 1000);
    clock_to(now + wait);
    assert_int_equal(give_code(&b, APP_POST, "code", code_of(secret, now), NULL), 200);
}

/* Somebody becomes a coordinator: the post counts only once a code was given. */
static void test_post_needs_code(void **state)
{
    struct browser b = {0};
    struct said *s = NULL;
    char where[64];

    (void)state;
    add_pema();
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200);
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "PractitionerRole/q",
            .body =
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"q\",\"practitioner\":"
                "{\"reference\":\"Practitioner/p\"},\"code\":[{\"coding\":[{\"system\":"
                "\"https://belay.health/CodeSystem/"
                "role\",\"code\":\"coordinator\"}]}]}"});
    s = said_status(ask(&b, APP_GET, "", NULL), 200);
    assert_int_equal(said_count(s, "posts"), 1);
    assert_string_equal(said_text(s, "posts.0.role"), "clinician");
    said_free(s);
    {
        struct browser next = {0};

        assert_int_equal(go(&next, APP_POST, "",
                             "{\"name\":\"Pema\",\"password\":\"" GOOD "\"}", where),
            403);
        assert_string_equal(where, "enrolment");
    }
    /* whoever is in already sets codes up, with the password once more */
    assert_int_equal(
        go(&b, APP_POST, "enrolment", "{\"password\":\"no\"}", where), 401);
    s = said_status(ask(&b, APP_POST, "enrolment", "{\"password\":\"" GOOD "\"}"), 200);
    assert_int_equal(give_code(&b, APP_PUT, "enrolment",
                         code_of(said_text(s, "secret"), now), where),
        200);
    said_free(s);
    s = said_status(ask(&b, APP_GET, "", NULL), 200);
    assert_int_equal(said_count(s, "posts"), 2);
    said_free(s);
}

/* The operator asks codes of clinicians: a post counts only with one, also of who is in; of an auditor
 * nothing is asked; taken back, all is as before. */
static void test_codes_of_roles(void **state)
{
    const struct str clinicians[] = {STR("clinician")};
    const struct str odd[] = {STR("clinician"), STR("wizard")};
    const struct str everybody[] = {STR("everybody")};
    struct browser b = {0};
    struct browser auditor = {0};
    struct said *s = NULL;
    char where[64];

    (void)state;
    add_pema();
    add("Norbu", NULL, "auditor", GOOD, NULL);
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200);
    assert_int_equal(sign_in(&auditor, "Norbu", GOOD), 200);
    assert_int_equal(code_rule_set(node.app, odd, 2, NULL), E_INVALID);
    s = said_status(ask(&b, APP_GET, "", NULL), 200);
    assert_int_equal(said_count(s, "posts"), 1);
    assert_false(said_true(s, "codesAsked"));
    said_free(s);
    assert_int_equal(code_rule_set(node.app, clinicians, 1, NULL), 0);
    assert_int_equal(code_rule_load(node.app, NULL), 0); /* what is set is taken up */
    s = said_status(ask(&b, APP_GET, "", NULL), 200);
    assert_int_equal(said_count(s, "posts"), 0);
    assert_true(said_true(s, "codesAsked"));
    said_free(s);
    s = said_status(ask(&auditor, APP_GET, "", NULL), 200);
    assert_int_equal(said_count(s, "posts"), 1);
    said_free(s);
    {
        struct browser next = {0};

        assert_int_equal(go(&next, APP_POST, "",
                             "{\"name\":\"Pema\",\"password\":\"" GOOD "\"}", where),
            403);
        assert_string_equal(where, "enrolment");
    }
    assert_int_equal(code_rule_set(node.app, everybody, 1, NULL), 0);
    s = said_status(ask(&auditor, APP_GET, "", NULL), 200);
    assert_int_equal(said_count(s, "posts"), 0);
    said_free(s);
    s = said_status(ask(&b, APP_POST, "enrolment", "{\"password\":\"" GOOD "\"}"), 200);
    assert_int_equal(give_code(&b, APP_PUT, "enrolment",
                         code_of(said_text(s, "secret"), now), where),
        200);
    said_free(s);
    s = said_status(ask(&b, APP_GET, "", NULL), 200);
    assert_int_equal(said_count(s, "posts"), 1);
    said_free(s);
    assert_int_equal(code_rule_set(node.app, NULL, 0, NULL), 0);
    assert_int_equal(code_rule_load(node.app, NULL), 0);
    s = said_status(ask(&auditor, APP_GET, "", NULL), 200);
    assert_int_equal(said_count(s, "posts"), 1);
    said_free(s);
    assert_true(code_rule_asks(node.app, STR("administrator")));
    assert_false(code_rule_asks(node.app, STR("clinician")));
}

static void test_links(void **state)
{
    struct browser b = {0};
    char ticket[ACCOUNT_TICKET_MAX];
    char again[ACCOUNT_TICKET_MAX];
    char body[300];
    char where[64];

    (void)state;
    add("Pema", "Practitioner/p", NULL, NULL, ticket);
    snprintf(body, sizeof(body), "{\"ticket\":\"%s\",\"password\":\"short\"}", ticket);
    assert_int_equal(go(&b, APP_POST, "", body, where), 400);
    assert_string_equal(where, "password-short");
    /* a reset makes the older link worth nothing */
    assert_int_equal(
        account_reset(node.app, STR("Pema"), (struct str){NULL, 0}, again, NULL), 0);
    snprintf(
        body, sizeof(body), "{\"ticket\":\"%s\",\"password\":\"" GOOD "\"}", ticket);
    assert_int_equal(go(&b, APP_POST, "", body, where), 401);
    snprintf(
        body, sizeof(body), "{\"ticket\":\"%s\",\"password\":\"" GOOD "\"}", again);
    clock_to(START + (utc_ms)LIMIT_ENROL_HOURS * 60 * MINUTE);
    assert_int_equal(go(&b, APP_POST, "", body, where), 401);
    clock_to(START + (utc_ms)LIMIT_ENROL_HOURS * 60 * MINUTE - 1);
    assert_int_equal(go(&b, APP_POST, "", body, where), 200);
    assert_int_equal(who(&b), 200);
    assert_int_equal(go(&b, APP_POST, "", body, where), 401);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(codes),
        CASE(half),
        CASE(post_needs_code),
        CASE(codes_of_roles),
        CASE(links),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
