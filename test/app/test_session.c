/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens: made, checked, ended, also by another process; and visits that two processes end. */
#include "app/session.h"
#include "app/visit.h"
#include "node.h"

#define HOUR ((utc_ms)3600 * 1000)

static struct node node;

static int open_sqlite(void **state)
{
    (void)state;
    node_open(&node, false);
    return 0;
}

static int open_memory(void **state)
{
    (void)state;
    node_open(&node, true);
    return 0;
}

static int close_node(void **state)
{
    (void)state;
    node_close(&node);
    return 0;
}

static int check(const char *token, struct app_caller *caller)
{
    struct err err = {0};

    return session_token_check(node.app, str_of(token), time_now(), caller, &err);
}

static void test_make_and_check(void **state)
{
    struct session_grant grant = {.name = STR("Dr Pema"),
        .role = STR("expert"),
        .practitioner = STR("Practitioner/pema"),
        .expires = time_now() + HOUR};
    struct app_caller caller = {0};
    char token[SESSION_TOKEN_MAX];
    char other[SESSION_TOKEN_MAX];

    (void)state;
    assert_int_equal(session_token_make(node.app, &grant, token, NULL), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(check(token, &caller), 0);
        assert_true(str_is(caller.name, "Dr Pema"));
        assert_true(str_is(caller.role, "expert"));
        assert_true(str_is(caller.practitioner, "Practitioner/pema"));
        assert_null(caller.organization.p);
    }
    memcpy(other, token, sizeof(other));
    other[10] = other[10] == 'a' ? 'b' : 'a';
    assert_int_equal(check(other, &caller), E_UNAUTHORISED);
    assert_int_equal(check("", &caller), E_UNAUTHORISED);
    assert_int_equal(check("nonsense", &caller), E_UNAUTHORISED);
    {
        struct err err = {0};

        assert_int_equal(
            session_token_check(node.app, str_of(token), grant.expires, &caller, &err),
            E_UNAUTHORISED);
        assert_non_null(strstr(err.text, "expired"));
    }
}

static void test_wrong_grants(void **state)
{
    const utc_ms soon = time_now() + HOUR;
    const struct session_grant wrong[] = {
        {.role = STR("x"), .expires = soon},
        {.name = STR("x"), .expires = soon},
        {.name = STR("x"), .role = STR("x")},
        {.name = STR("x"), .role = STR("x"), .expires = soon * 2},
        {.name = STR("\xff"), .role = STR("x"), .expires = soon},
        {.name = STR("x"),
            .role = STR("x"),
            .practitioner = STR("me"),
            .expires = soon},
        {.name = STR("x"),
            .role = STR("x"),
            .organization = STR("Practitioner/1"),
            .expires = soon},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char token[SESSION_TOKEN_MAX] = "";
        struct err err = {0};

        assert_int_equal(
            session_token_make(node.app, &wrong[i], token, &err), E_INVALID);
        assert_string_equal(token, "");
        assert_true(err.text[0] != '\0');
    }
}

static void test_revoke(void **state)
{
    struct session_grant grant = {
        .name = STR("a"), .role = STR("x"), .expires = time_now() + HOUR};
    struct app_caller caller = {0};
    char first[SESSION_TOKEN_MAX];
    char second[SESSION_TOKEN_MAX];
    char other[SESSION_TOKEN_MAX];
    size_t count = 0;

    (void)state;
    assert_int_equal(session_token_make(node.app, &grant, first, NULL), 0);
    assert_int_equal(session_token_make(node.app, &grant, second, NULL), 0);
    grant.name = STR("b");
    assert_int_equal(session_token_make(node.app, &grant, other, NULL), 0);
    assert_int_equal(check(first, &caller), 0);
    assert_int_equal(session_token_revoke(node.app, STR("a"), &count, NULL), 0);
    assert_int_equal(count, 2);
    assert_int_equal(check(first, &caller), E_UNAUTHORISED);
    assert_int_equal(check(second, &caller), E_UNAUTHORISED);
    assert_int_equal(check(other, &caller), 0);
    assert_int_equal(session_token_revoke(node.app, STR("nobody"), &count, NULL), 0);
    assert_int_equal(count, 0);
}

static void test_many(void **state)
{
    static char tokens[300][SESSION_TOKEN_MAX];
    struct app_caller caller = {0};

    (void)state;
    for (int i = 0; i < 300; i++) {
        char name[16];
        struct session_grant grant = {.role = STR("x"), .expires = time_now() + HOUR};

        snprintf(name, sizeof(name), "n%d", i);
        grant.name = str_of(name);
        assert_int_equal(session_token_make(node.app, &grant, tokens[i], NULL), 0);
    }
    for (int i = 0; i < 300; i++) {
        char name[16];

        snprintf(name, sizeof(name), "n%d", i);
        assert_int_equal(check(tokens[i], &caller), 0);
        assert_true(str_is(caller.name, name));
    }
}

/* A second opening of the same node stands for another process. */
static void test_other_process(void **state)
{
    struct app_options options = {.path = node.folder, .read_only = true};
    struct session_grant grant = {
        .name = STR("c"), .role = STR("x"), .expires = time_now() + HOUR};
    struct app_caller caller = {0};
    struct app *beside = NULL;
    char token[SESSION_TOKEN_MAX];
    struct err err = {0};
    size_t count = 0;
    int r = app_open(&options, &beside, &err);

    (void)state;
    if (r < 0)
        fail_msg("%s", err.text);
    assert_int_equal(session_token_make(beside, &grant, token, &err), 0);
    assert_int_equal(check(token, &caller), 0);
    assert_true(str_is(caller.name, "c"));
    assert_int_equal(session_token_revoke(beside, STR("c"), &count, &err), 0);
    assert_int_equal(count, 1);
    for (int i = 0; i < 600 && check(token, &caller) == 0; i++)
        usleep(100000);
    assert_int_equal(check(token, &caller), E_UNAUTHORISED);
    app_close(beside);
}

static void begin_visit(const char *account, char secret[CRYPTO_SECRET_CHARS + 1])
{
    const struct visit visit = {.account = str_of(account),
        .name = str_of(account),
        .role = STR("auditor"),
        .level = VISIT_CODE};

    assert_int_equal(visit_begin(node.app, &visit, time_now(), secret, NULL), 0);
}

static bool lives(const char *secret)
{
    struct arena *a = arena_new();
    struct visit visit;
    int r = visit_look(node.app, a, str_of(secret), time_now(), &visit, NULL);

    arena_free(a);
    return r == 0;
}

/* What another process ended is noticed though this one ends something a moment later. */
static void test_visits_ended_by_both(void **state)
{
    struct app_options options = {.path = node.folder, .read_only = true};
    struct app *beside = NULL;
    char theirs[CRYPTO_SECRET_CHARS + 1];
    char ours[CRYPTO_SECRET_CHARS + 1];
    char other[CRYPTO_SECRET_CHARS + 1];

    (void)state;
    begin_visit("theirs", theirs);
    begin_visit("ours", ours);
    begin_visit("other", other);
    assert_true(lives(theirs) && lives(ours) && lives(other));
    assert_int_equal(app_open(&options, &beside, NULL), 0);
    assert_int_equal(
        visits_end_account(beside, STR("theirs"), (struct str){NULL, 0}, NULL), 0);
    assert_int_equal(
        visits_end_account(node.app, STR("ours"), (struct str){NULL, 0}, NULL), 0);
    assert_false(lives(ours));
    for (int i = 0; i < 600 && lives(theirs); i++)
        usleep(100000);
    assert_false(lives(theirs));
    assert_true(lives(other));
    app_close(beside);
}

int main(void)
{
    const struct CMUnitTest memory[] = {
        cmocka_unit_test_setup_teardown(test_make_and_check, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_wrong_grants, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_revoke, open_memory, close_node),
        cmocka_unit_test_setup_teardown(test_many, open_memory, close_node),
    };
    const struct CMUnitTest sqlite[] = {
        cmocka_unit_test_setup_teardown(test_make_and_check, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_revoke, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_many, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(test_other_process, open_sqlite, close_node),
        cmocka_unit_test_setup_teardown(
            test_visits_ended_by_both, open_sqlite, close_node),
    };
    const char *which = getenv("BELAY_STORE");
    int failed = 0;

    if (!which || strcmp(which, "memory") == 0)
        failed += cmocka_run_group_tests_name("session, memory", memory, NULL, NULL);
    if (!which || strcmp(which, "sqlite") == 0)
        failed += cmocka_run_group_tests_name("session, sqlite", sqlite, NULL, NULL);
    return failed;
}
