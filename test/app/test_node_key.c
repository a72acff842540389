/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node's own key is changed: every secret opens afterwards and under no other key, wherever the
 * change is cut short; the trail's chain goes on; a key in a file is in no database.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/audit.h"
#include "app/choice.h"
#include "app/node_key.h"
#include "app/notify.h"
#include "app/setting.h"
#include "app/sign_on.h"
#include "browser.h"
#include "store/fault.h"
#include "store/trail.h"

#define SECRET "hook-secret-of-ours"

static char file[200];

static int open_here(void **state)
{
    (void)state;
    open_node_in(false);
    snprintf(file, sizeof(file), "/tmp/belay-key-%d", (int)getpid());
    unlink(file);
    return 0;
}

static int close_here(void **state)
{
    unlink(file);
    return close_node(state);
}

static void reopen(void)
{
    struct app_options options = {.path = node.folder, .base_url = "http://test"};
    struct err err = {0};

    app_close(node.app);
    if (app_open(&options, &node.app, &err) < 0)
        fail_msg("%s: %s", err.path, err.text);
}

/* A secret of each kind but a person's. */
static void put_secrets(void)
{
    struct choice choice = {
        .hook_url = STR("https://chat.example/hook"), .hook_secret = STR(SECRET)};
    struct notify_mail mail = {.server = STR("smtps://mail.example"),
        .user = STR("belay"),
        .from = STR("belay@mail.example"),
        .password = STR("mail-password")};
    struct sign_on_provider provider = {.name = STR("hill"),
        .title = STR("Hill"),
        .issuer = STR("https://id.hill.example"),
        .client = STR("belay"),
        .secret = STR("provider-secret")};
    struct err err = {0};

    add_pema();
    if (choice_save(node.app, STR("key of somebody"), &choice, false, &err) < 0 ||
        notify_mail_save(node.app, &mail, &err) < 0 ||
        sign_on_add(node.app, &provider, &err) < 0)
        fail_msg("%s: %s", err.path, err.text);
}

static void look_at_secrets(void)
{
    struct arena *a = arena_new();
    struct choice choice = {0};
    struct notify_mail mail = {0};
    struct str locked = {NULL, 0};
    struct err err = {0};

    if (choice_load(node.app, a, STR("key of somebody"), &choice, &err) < 0 ||
        notify_mail_load(node.app, a, &mail, &err) < 0)
        fail_msg("%s", err.text);
    assert_true(str_is(choice.hook_secret, SECRET));
    assert_true(str_is(mail.password, "mail-password"));
    assert_int_equal(
        setting_get(node.app, a, "sign-on/", STR("hill"), &locked, &err), 0);
    {
        const struct json *json = NULL;
        struct str secret = {NULL, 0};

        assert_int_equal(json_read_trusted(a, locked, &json, &err), 0);
        secret = json_get_text(json, "secret");
        assert_int_equal(setting_unlock(node.app, a, SETTING_SECRET_SIGN_ON,
                             STR("hill"), &secret, &err),
            0);
        assert_true(str_is(secret, "provider-secret"));
    }
    arena_free(a);
}

static struct node_key_changed change(const char *to)
{
    struct arena *a = arena_new();
    struct node_key_changed changed = {0};
    struct err err = {0};

    if (node_key_change(node.app, a, to, &changed, &err) < 0)
        fail_msg("%s: %s", err.path, err.text);
    arena_free(a);
    return changed;
}

static struct str setting(struct arena *a, const char *name)
{
    struct str value = {NULL, 0};

    (void)store_setting_get(app_store(node.app), a, name, &value, NULL);
    return value;
}

static void complain(void *arg, const char *where, const char *what)
{
    (void)arg;
    fail_msg("%s: %s", where, what);
}

static void verify_trail(void)
{
    struct arena *a = arena_new();
    struct str head = {NULL, 0};

    assert_int_equal(audit_flush(node.app, NULL), 0);
    assert_int_equal(
        store_trail_verify(app_store(node.app), a, complain, NULL, &head, NULL), 0);
    arena_free(a);
}

/* Codes go on as well: they are what most secrets are. */
static void test_changed(void **state)
{
    struct arena *a = arena_new();
    struct browser b = {0};
    struct said *s = NULL;
    const char *secret = NULL;
    struct str key = {NULL, 0};

    (void)state;
    put_secrets();
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200);
    s = said_status(ask(&b, APP_POST, "enrolment", "{\"password\":\"" GOOD "\"}"), 200);
    secret = said_text(s, "secret");
    assert_int_equal(
        give_code(&b, APP_PUT, "enrolment", code_of(secret, now), NULL), 200);
    key = setting(a, "seal-key");
    verify_trail();
    assert_int_equal(change(NULL).sealed, SETTING_SECRETS);
    verify_trail();
    assert_int_equal(setting(a, "seal-key").len, key.len);
    assert_memory_not_equal(setting(a, "seal-key").p, key.p, key.len);
    assert_null(setting(a, "seal-key-next").p);
    look_at_secrets();
    reopen();
    look_at_secrets();
    clock_to(now + CRYPTO_CODE_STEP_MS);
    b = (struct browser){0};
    assert_int_equal(sign_in(&b, "Pema", GOOD), 200);
    assert_int_equal(give_code(&b, APP_POST, "code", code_of(secret, now), NULL), 200);
    must(&node, 201,
        (struct ask){.method = APP_PUT,
            .path = "Patient/later",
            .body = "{\"resourceType\":\"Patient\",\"id\":\"later\"}"});
    verify_trail();
    said_free(s);
    arena_free(a);
}

static void test_in_a_file(void **state)
{
    struct arena *a = arena_new();
    struct node_key_changed changed = {0};
    struct stat st;
    struct err err = {0};

    (void)state;
    put_secrets();
    assert_int_equal(store_trail_rekey(app_store(node.app), &err), 0);
    (void)change(file);
    assert_int_equal(stat(file, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(str_starts(setting(a, "seal-key"), "file:/tmp/"));
    look_at_secrets();
    reopen();
    look_at_secrets();
    assert_int_equal(node_key_change(node.app, a, file, &changed, &err), E_CONFLICT);
    reopen();
    look_at_secrets();
    /* back into the database; the old file is named, and is not asked for any more */
    assert_int_equal(node_key_change(node.app, a, NULL, &changed, &err), 0);
    assert_true(str_is(changed.old_file, file));
    unlink(file);
    reopen();
    look_at_secrets();
    arena_free(a);
}

/* The step of the database that fails moves from the first to the last; what opens the node then goes on. */
static void test_cut_short(void **state)
{
    struct arena *a = arena_new();
    struct node_key_changed changed = {0};
    unsigned long counted = 0;
    int failed = 0;

    (void)state;
    put_secrets();
    for (unsigned long at = 1; at < 1000; at++) {
        int r = 0;

        store_fail_step(at);
        r = node_key_change(node.app, a, NULL, &changed, NULL);
        counted = store_fail_step(0);
        failed += r < 0;
        if (r < 0)
            look_at_secrets(); /* with both keys */
        reopen();
        assert_null(setting(a, "seal-key-next").p);
        look_at_secrets();
        verify_trail();
        if (at > counted)
            break;
    }
    assert_true(failed > SETTING_SECRETS);
    arena_free(a);
}

#undef CASE
#define CASE(name) cmocka_unit_test_setup_teardown(test_##name, open_here, close_here)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(changed),
        CASE(in_a_file),
        CASE(cut_short),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
