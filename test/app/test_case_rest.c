/* SPDX-License-Identifier: Apache-2.0 */
/* A case moves by its operations and by nothing else: every other way of writing its Task, or
 * what its request says of where it stands, is refused to people and to hospitals' programs. */
#include "app/scope.h"
#include "case.h"

static const char *const asking[] = {"nima", "dawa"};
static const char *const asked[] = {"chen", "head-twin"};
#define PROGRAM "a program of county"

/* A program that asked for its token, of ${hospital}; NULL: of none. */
static struct said *program_asks(const char *hospital, struct ask a)
{
    struct app_call call = {.app = node.app,
        .method = a.method,
        .query = str_of(a.path),
        .body = str_of(a.body),
        .body_format = a.format,
        .if_none_exist = str_of(a.if_none_exist),
        .caller = {.name = STR("prog"), .role = STR("program"), .client = STR("prog")}};
    struct err err = {0};

    if (hospital)
        call.caller.organization =
            str_of(arena_printf(arena, "Organization/%s", hospital));
    assert_int_equal(
        scopes_parse(arena, STR("system/*.cruds"), &call.caller.scopes, &err), 0);
    return said_by(NULL, &call);
}

static struct said *ask_as(const char *who, struct ask a)
{
    return strcmp(who, PROGRAM) == 0 ? program_asks("county", a) : as(who, a);
}

/* The record at ${path} with ${to} in place of ${from}. */
static const char *changed(const char *path, const char *from, const char *to)
{
    struct said *s = said_status(get_as(NULL, path), 200);
    const char *text = arena_strndup(arena, s->call.answer.data, s->call.answer.len);
    const char *at = strstr(text, from);

    said_free(s);
    if (!at)
        fail_msg("%s is not in %s", from, text);
    return arena_printf(
        arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static const char *entry(
    const char *type, const char *method, const char *url, const char *resource)
{
    return arena_printf(arena,
        "{\"resourceType\":\"Bundle\",\"type\":\"%s\",\"entry\":[{\"request\":{"
        "\"method\":\"%s\",\"url\":\"%s\"}%s%s}]}",
        type, method, url, resource ? ",\"resource\":" : "", resource ? resource : "");
}

/* It is refused in words that help, and nothing is written. */
static void refused(const char *who, struct ask a)
{
    int64_t before = node_position(&node);
    struct said *s = ask_as(who, a);
    bool batch = a.body && strstr(a.body, "\"type\":\"batch\"");
    const char *text = said_text(s,
        batch ? "entry.0.response.outcome.issue.0.diagnostics" : "issue.0.diagnostics");

    if (s->status != (batch ? 200 : 403))
        printf("%s %s %s:\n", who, method_name(a.method), a.path);
    said_status(s, batch ? 200 : 403);
    if (batch)
        assert_memory_equal(said_text(s, "entry.0.response.status"), "403", 3);
    if (!strstr(text, "$accept"))
        fail_msg("%s %s %s: %s", who, method_name(a.method), a.path, text);
    said_free(s);
    assert_int_equal(node_position(&node), before);
}

static void refused_in_bundles(
    const char *who, const char *method, const char *url, const char *resource)
{
    static const char *const types[] = {"batch", "transaction"};

    for (size_t i = 0; i < 2; i++)
        refused(who, (struct ask){.method = APP_POST,
                         .path = "",
                         .body = entry(types[i], method, url, resource)});
}

#define CODE                                                                           \
    "\"code\":{\"coding\":[{\"system\":\"https://belay.health/CodeSystem/"             \
    "task\",\"code\":\"answer-case\"}]}"
#define NEW_TASK                                                                       \
    "{\"resourceType\":\"Task\",\"status\":\"requested\",\"intent\":\"order\"," CODE   \
    ",\"focus\":{\"reference\":\"ServiceRequest/one\"},\"for\":{\"reference\":"        \
    "\"Patient/pema\"}}"

static void no_task_of_a_case(const char *who)
{
    const char *closed =
        changed("Task/one", "\"code\":\"allocated\"", "\"code\":\"closed\"");
    const char *other = changed("Task/one", "answer-case", "another");
    const char *becomes = changed("Task/plain", "\"intent\"", CODE ",\"intent\"");

    refused(who, (struct ask){.method = APP_PUT, .path = "Task/one", .body = closed});
    refused(who, (struct ask){.method = APP_PUT, .path = "Task/one", .body = other});
    refused(
        who, (struct ask){.method = APP_PUT, .path = "Task?_id=one", .body = closed});
    refused(
        who, (struct ask){.method = APP_PUT, .path = "Task/plain", .body = becomes});
    refused(who, (struct ask){.method = APP_PATCH,
                     .path = "Task/one",
                     .format = APP_JSON_PATCH,
                     .body = "[{\"op\":\"replace\",\"path\":\"/status\",\"value\":"
                             "\"completed\"}]"});
    refused(who, (struct ask){.method = APP_DELETE, .path = "Task/one"});
    refused(who, (struct ask){.method = APP_POST, .path = "Task", .body = NEW_TASK});
    refused(who, (struct ask){.method = APP_POST,
                     .path = "Task",
                     .body = NEW_TASK,
                     .if_none_exist = "status=entered-in-error"});
    refused_in_bundles(who, "PUT", "Task/one", closed);
    refused_in_bundles(who, "POST", "Task", NEW_TASK);
    refused_in_bundles(who, "DELETE", "Task/one", NULL);
    refused_in_bundles(who, "PUT", "Task?_id=one", closed);
}

static void no_status_of_its_request(const char *who)
{
    static const char *const to[] = {"completed", "revoked", "draft", "on-hold"};
    const char *moved = changed("ServiceRequest/one", "Organization/twin-surgery",
        "Organization/twin-medicine");

    for (size_t i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
        const char *body = changed("ServiceRequest/one", "\"status\":\"active\"",
            arena_printf(arena, "\"status\":\"%s\"", to[i]));

        refused(
            who, (struct ask){
                     .method = APP_PUT, .path = "ServiceRequest/one", .body = body});
        refused(who,
            (struct ask){
                .method = APP_PUT, .path = "ServiceRequest?_id=one", .body = body});
        refused(
            who, (struct ask){.method = APP_PATCH,
                     .path = "ServiceRequest/one",
                     .format = APP_JSON_PATCH,
                     .body = arena_printf(arena,
                         "[{\"op\":\"replace\",\"path\":\"/status\",\"value\":\"%s\"}]",
                         to[i])});
        refused_in_bundles(who, "PUT", "ServiceRequest/one", body);
    }
    refused(who,
        (struct ask){.method = APP_PUT, .path = "ServiceRequest/one", .body = moved});
    refused(who, (struct ask){.method = APP_DELETE, .path = "ServiceRequest/one"});
    refused_in_bundles(who, "DELETE", "ServiceRequest/one", NULL);
}

static void open_case(void)
{
    put_draft("one", "pema", "Organization/twin-surgery", "routine");
    step("nima", "one", "send", NULL);
    step("chen", "one", "accept", NULL);
    write_as(NULL, APP_PUT, "Task/plain",
        "{\"resourceType\":\"Task\",\"id\":\"plain\",\"status\":\"requested\","
        "\"intent\":\"order\",\"focus\":{\"reference\":\"ServiceRequest/one\"}}",
        201);
}

static void nobody_writes_it_by_another_way(void **state)
{
    (void)state;
    open_case();
    for (size_t i = 0; i < 2; i++) {
        no_task_of_a_case(asking[i]);
        no_task_of_a_case(asked[i]);
        no_status_of_its_request(asking[i]);
        no_status_of_its_request(asked[i]);
    }
    no_task_of_a_case(PROGRAM);
    no_status_of_its_request(PROGRAM);
    assert_string_equal(state_of("one"), "allocated");
}

/* Who does not see the case is told that it is not there, as of one that never was. */
static void who_does_not_see_it_learns_nothing(void **state)
{
    static const char *const paths[] = {"Task/one", "ServiceRequest/one"};

    (void)state;
    open_case();
    for (size_t i = 0; i < 2; i++) {
        const char *body = changed(paths[i], "\"intent\"", "\"intent\"");

        write_as("wang", APP_PUT, paths[i], body, 404);
        write_as("wang", APP_DELETE, paths[i], NULL, 404);
    }
}

/* What is shared with a case, and what belongs to none, is written as before; and those who
 * copy cases from elsewhere may. */
static void what_is_no_step_is_written_as_before(void **state)
{
    const char *noted = NULL;

    (void)state;
    open_case();
    noted = changed("ServiceRequest/one", "\"intent\"",
        "\"note\":[{\"text\":\"left-handed\"}],\"intent\"");
    write_as("nima", APP_PUT, "ServiceRequest/one", noted, 200);
    write_as("chen", APP_PUT, "ServiceRequest/one", noted, 403);
    write_as("chen", APP_PUT, "Task/plain",
        changed("Task/plain", "\"requested\"", "\"accepted\""), 200);
    step("chen", "one", "ask-back", P_TEXT("text", "Which leg?"));
    write_as(NULL, APP_PUT, "Task/one",
        changed("Task/one", "\"code\":\"information-asked\"", "\"code\":\"allocated\""),
        200);
    said_free(said_status(
        program_asks(NULL, (struct ask){.method = APP_PUT,
                               .path = "Task/one",
                               .body = changed("Task/one", "\"code\":\"allocated\"",
                                   "\"code\":\"sent\"")}),
        200));
    /* a request that no Task follows is closed by whom it was sent to, as ever */
    write_as(NULL, APP_PUT, "ServiceRequest/foreign",
        changed("ServiceRequest/one", "\"id\":\"one\"", "\"id\":\"foreign\""), 201);
    write_as("chen", APP_PUT, "ServiceRequest/foreign",
        changed("ServiceRequest/foreign", "\"active\"", "\"completed\""), 200);
}

int main(void)
{
#define IN_NETWORK(test)                                                               \
    cmocka_unit_test_setup_teardown(test, open_network, close_network)
    const struct CMUnitTest tests[] = {
        IN_NETWORK(nobody_writes_it_by_another_way),
        IN_NETWORK(who_does_not_see_it_learns_nothing),
        IN_NETWORK(what_is_no_step_is_written_as_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
