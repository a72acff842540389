/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the node does when clocks of cases have run out: step by step with a held clock, over
 * clock jumps and reopening, against people who come first; and the thread that looks.
 */
#include <sys/wait.h>
#include <time.h>

#include "app/due.h"
#include "app/timer.h"
#include "case.h"
#include "engine/clock/clock.h"
#include "view/case_task.h"

#define MINUTE 60000LL
#define HOUR (60 * MINUTE)

/* Do what is due at ${at}; how many steps. */
static size_t due_at(utc_ms at)
{
    struct due_result result = {.done = 99};
    struct err err = {0};

    time_hold(at);
    if (due_run(node.app, NULL, &result, &err) < 0)
        fail_msg("due_run: %s", err.text);
    assert_int_equal(result.failed, 0);
    assert_true(result.next == 0 || result.next > at);
    return result.done;
}

static utc_ms next_clock(void)
{
    struct due_result result = {0};
    struct err err = {0};

    assert_int_equal(due_run(node.app, NULL, &result, &err), 0);
    assert_int_equal(result.done, 0);
    return result.next;
}

static int64_t level_of(const char *id)
{
    struct said *s = said_status(get_as(NULL, arena_printf(arena, "Task/%s", id)), 200);
    struct case_clock c;

    assert_true(case_clock_read(s->json, &c));
    said_free(s);
    return c.level;
}

static void send_at(utc_ms at, const char *id, const char *who, const char *priority)
{
    time_hold(at);
    put_draft(id, "pema", who, priority);
    step("nima", id, "send", NULL);
}

/* The whole way of a case that nobody takes. */
static void nobody_takes_it(void **state)
{
    (void)state;
    assert_int_equal(next_clock(), 0);
    send_at(NOW, "a", "PractitionerRole/role-chen", "stat");
    assert_int_equal(next_clock(), NOW + 5 * MINUTE);
    assert_int_equal(due_at(NOW + 5 * MINUTE - 1), 0);
    assert_string_equal(state_of("a"), "sent");
    assert_int_equal(level_of("a"), 0);
    assert_int_equal(due_at(NOW + 5 * MINUTE), 1);
    assert_string_equal(state_of("a"), "sent");
    assert_int_equal(level_of("a"), 1);
    assert_int_equal(due_at(NOW + 5 * MINUTE), 0);  /* not twice */
    assert_int_equal(due_at(NOW + 10 * MINUTE), 1); /* the coordinator */
    assert_int_equal(level_of("a"), 2);
    assert_int_equal(due_at(NOW + 24 * HOUR + 9 * MINUTE), 0);
    assert_string_equal(state_of("a"), "sent");
    assert_int_equal(due_at(NOW + 24 * HOUR + 10 * MINUTE), 1);
    assert_string_equal(state_of("a"), "expired");
    assert_int_equal(next_clock(), 0);
    assert_int_equal(due_at(NOW + 400 * 24 * HOUR), 0);
}

/* Who has it and does not answer has it no longer; who takes it then has time. */
static void nobody_answers(void **state)
{
    (void)state;
    send_at(NOW, "a", "Organization/twin-surgery", "stat");
    time_hold(NOW + 4 * MINUTE);
    step("chen", "a", "accept", NULL);
    assert_int_equal(next_clock(), NOW + 15 * MINUTE);
    assert_int_equal(due_at(NOW + 15 * MINUTE), 1);
    assert_string_equal(state_of("a"), "sent");
    assert_int_equal(level_of("a"), 1);
    time_hold(NOW + 20 * HOUR);
    step("head-twin", "a", "accept", NULL);
    assert_int_equal(due_at(NOW + 20 * HOUR + 10 * MINUTE - 1), 0);
    assert_string_equal(state_of("a"), "allocated");
    assert_int_equal(due_at(NOW + 20 * HOUR + 10 * MINUTE), 1);
    assert_string_equal(state_of("a"), "sent"); /* and not expired: somebody had it */
}

static const char *task_text(const char *id, const char *path)
{
    struct said *s = said_status(get_as(NULL, arena_printf(arena, "Task/%s", id)), 200);
    const char *text = said_text(s, path);

    text = arena_strndup(arena, text, strlen(text));
    said_free(s);
    return text;
}

static const char *rungs_of(const char *id)
{
    struct said *s = said_status(get_as(NULL, arena_printf(arena, "Task/%s", id)), 200);
    struct case_task t;
    const char *text = "";

    assert_true(case_task_read(s->json, &t));
    for (size_t i = 0; i < t.ladder_count; i++)
        text = arena_printf(arena, "%s%s%.*s=%.*s", text, i ? " " : "",
            (int)t.ladder[i].as.len, t.ladder[i].as.p, (int)t.ladder[i].who.len,
            t.ladder[i].who.p);
    said_free(s);
    return text;
}

static void pair(
    const char *id, const char *helper, const char *helped, const char *more)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "OrganizationAffiliation/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"%s\",\"code\":[{"
            "\"coding\":[{\"code\":\"department-pair\"}]}],\"organization\":{"
            "\"reference\":\"Organization/%s\"},\"participatingOrganization\":{"
            "\"reference\":\"Organization/%s\"}%s}",
            id, helper, helped, more),
        201);
}

/* Expert, department, the department beside it, coordinator: each opens the case to those who
 * may see patients, and to nobody else. */
static void all_of_the_ladder(void **state)
{
    (void)state;
    time_hold(NOW);
    pair("s1", "twin-surgery", "county-surgery", "");
    pair("s2", "twin-medicine", "county-surgery", ",\"active\":true");
    pair("s3", "abroad-surgery", "county-surgery", ",\"active\":false");
    pair("s4", "abroad-clinic", "county-surgery",
        ",\"period\":{\"end\":\"2020-01-01\"}");
    pair("s5", "abroad", "twin-surgery", "");
    send_at(NOW, "a", "PractitionerRole/role-chen", "stat");
    assert_string_equal(rungs_of("a"),
        "expert=PractitionerRole/role-chen backup=Organization/twin-surgery "
        "second-department=Organization/twin-medicine "
        "coordinator=Practitioner/coordinator");
    assert_int_equal(due_at(NOW + 5 * MINUTE), 1);
    said_free(said_status(get_as("wang", "Task/a"), 404));
    assert_int_equal(due_at(NOW + 10 * MINUTE), 1);
    said_free(said_status(get_as("wang", "Task/a"), 200));
    assert_string_equal(
        task_text("a", "owner.reference"), "Organization/twin-medicine");
    assert_int_equal(due_at(NOW + 15 * MINUTE), 1);
    assert_int_equal(level_of("a"), 3);
    said_free(said_status(get_as("coordinator", "Task/a"), 404));
    assert_string_equal(
        task_text("a", "owner.reference"), "Organization/twin-medicine");
    assert_string_equal(state_of("a"), "sent");
    step("wang", "a", "accept", NULL);
    assert_string_equal(state_of("a"), "allocated");
}

/* Who did not answer does not own it any more: it is anybody's of the department. */
static void whose_it_is(void **state)
{
    (void)state;
    send_at(NOW, "a", "Organization/twin-surgery", "stat");
    time_hold(NOW + MINUTE);
    step("chen", "a", "accept", NULL);
    assert_string_equal(task_text("a", "owner.reference"), "Practitioner/chen");
    assert_int_equal(due_at(NOW + 15 * MINUTE), 1);
    assert_string_equal(task_text("a", "owner.reference"), "Organization/twin-surgery");
}

/* Sent elsewhere, it climbs the ladder of there. */
static void another_way(void **state)
{
    struct said *s = NULL;

    (void)state;
    send_at(NOW, "a", "PractitionerRole/role-chen", "stat");
    time_hold(NOW + MINUTE);
    step("chen", "a", "reroute",
        P_TO("twin-medicine") "," P_TEXT("reason", "It is no fracture"));
    assert_int_equal(due_at(NOW + 6 * MINUTE), 1);
    assert_string_equal(
        task_text("a", "owner.reference"), "Organization/twin-medicine");
    s = said_status(get_as(NULL, "ServiceRequest/a"), 200);
    assert_int_equal(said_count(s, "performer"), 1);
    said_free(s);
    said_free(said_status(get_as("chen", "Task/a"), 404));
}

/* While information is asked for nothing runs out, however long it takes. */
static void waiting_for_information(void **state)
{
    (void)state;
    send_at(NOW, "a", "Organization/twin-surgery", "stat");
    time_hold(NOW + MINUTE);
    step("chen", "a", "ask-back", P_TEXT("text", "Which side?"));
    assert_int_equal(due_at(NOW + 100 * HOUR), 0);
    assert_string_equal(state_of("a"), "information-asked");
    step("nima", "a", "inform", P_TEXT("text", "The left one."));
    assert_int_equal(due_at(NOW + 100 * HOUR), 0);
    assert_int_equal(next_clock(), NOW + 100 * HOUR + 14 * MINUTE);
    step("chen", "a", "answer", ANSWER);
    assert_int_equal(next_clock(), 0);
    assert_int_equal(due_at(NOW + 1000 * HOUR), 0);
    assert_string_equal(state_of("a"), "answered");
}

/* Between the look and the step somebody takes it: theirs stands, silently. */
static void who_came_first(void **state)
{
    struct err err = {0};

    (void)state;
    send_at(NOW, "a", "Organization/twin-surgery", "stat");
    time_hold(NOW + 5 * MINUTE);
    step("chen", "a", "accept", NULL);
    assert_int_equal(
        case_by_node(node.app, STR("a"), CASE_ESCALATE, NOW + 5 * MINUTE, &err),
        E_CONFLICT);
    assert_int_equal(due_at(NOW + 5 * MINUTE), 0);
    assert_string_equal(state_of("a"), "allocated");
    assert_int_equal(level_of("a"), 0);
}

/* More than one batch, of which some were withdrawn. */
static void many_at_once(void **state)
{
    size_t open = 0;

    (void)state;
    for (int i = 0; i < 3 * LIMIT_DUE_BATCH + 1; i++) {
        const char *id = arena_printf(arena, "m%d", i);

        send_at(NOW + i, id, "Organization/twin-surgery", "routine");
        if (i % 5 == 0)
            step("nima", id, "withdraw", P_TEXT("reason", "The patient went home"));
        else
            open++;
    }
    assert_int_equal(due_at(NOW + 30 * MINUTE - 1), 0);
    assert_int_equal(due_at(NOW + 30 * MINUTE), 0); /* the first was withdrawn */
    assert_int_equal(due_at(NOW + 30 * MINUTE + 1), 1);
    assert_int_equal(due_at(NOW + HOUR), open - 1);
    assert_int_equal(due_at(NOW + HOUR), 0);
}

/* The machine's clock jumps: ahead, what is due is done once; back, nothing is undone and
 * nothing is done again. */
static void clock_jumps(void **state)
{
    (void)state;
    send_at(NOW, "a", "PractitionerRole/role-chen", "routine");
    assert_int_equal(due_at(NOW - 365 * 24 * HOUR), 0);
    assert_int_equal(due_at(NOW + 365 * 24 * HOUR), 1); /* one step, not the ladder */
    assert_string_equal(state_of("a"), "sent");
    assert_int_equal(level_of("a"), 1);
    assert_int_equal(due_at(NOW + 365 * 24 * HOUR), 0);
    assert_int_equal(due_at(NOW + HOUR), 0); /* set right again */
    assert_int_equal(level_of("a"), 1);
    time_hold(NOW + HOUR);
    step("chen", "a", "accept", NULL);
    assert_int_equal(next_clock(), NOW + 24 * HOUR + 30 * MINUTE);
    assert_int_equal(due_at(NOW + HOUR), 0);
}

/* Displayed zones change no instant. */
static void zones(void **state)
{
    const char *const all[] = {"Asia/Shanghai", "America/New_York", "Asia/Kathmandu"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const char *id = arena_printf(arena, "z%zu", i);

        setenv("TZ", all[i], 1); /* NOLINT(concurrency-mt-unsafe) */
        tzset();
        send_at(NOW, id, "Organization/twin-surgery", "stat");
    }
    assert_int_equal(due_at(NOW + 5 * MINUTE - 1), 0);
    assert_int_equal(due_at(NOW + 5 * MINUTE), 3);
    unsetenv("TZ"); /* NOLINT(concurrency-mt-unsafe) */
    tzset();
}

/* What is due is in the trail as the node's own deed, and in the Task. */
static void who_did_it(void **state)
{
    struct said *s = NULL;

    (void)state;
    send_at(NOW, "a", "PractitionerRole/role-chen", "stat");
    assert_int_equal(due_at(NOW + 6 * MINUTE), 1);
    s = said_status(get_as("nima", "Task/a/_history"), 200);
    assert_int_equal(said_count(s, "entry"), 2);
    said_free(s);
    s = said_status(get_as("head-twin", "Task/a"), 200);
    assert_string_equal(said_text(s, "owner.reference"), "Organization/twin-surgery");
    said_free(s);
}

/* ---- the thread ---- */

static struct node other; /* with a timer, on disk */

static void sleep_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

/* The level of case t, asked until it is ${level} or a minute has passed. */
static int64_t level_soon(int64_t level)
{
    int64_t is = -1;

    for (int i = 0; i < 6000 && is != level; i++) {
        struct said *s = GET(&other, "Task/t");
        struct case_clock c = {0};

        (void)case_clock_read(s->json, &c);
        is = s->status == 200 ? c.level : -1;
        said_free(s);
        if (is != level)
            sleep_ms(10);
    }
    return is;
}

/* A record of the network of network.h. */
static void put_other(const char *path, const char *body)
{
    must(&other, 201, (struct ask){.method = APP_PUT, .path = path, .body = body});
}

static void put_other_network(void)
{
    put_other("Organization/h", "{\"resourceType\":\"Organization\",\"id\":\"h\"}");
    put_other("Organization/d",
        "{\"resourceType\":\"Organization\",\"id\":\"d\",\"partOf\":{\"reference\":"
        "\"Organization/h\"}}");
    put_other("Patient/p",
        "{\"resourceType\":\"Patient\",\"id\":\"p\",\"managingOrganization\":{"
        "\"reference\":\"Organization/h\"}}");
    put_other("ServiceRequest/t",
        "{\"resourceType\":\"ServiceRequest\",\"id\":\"t\",\"status\":\"draft\","
        "\"intent\":\"order\"," CASE_KIND ",\"priority\":\"stat\",\"subject\":{"
        "\"reference\":\"Patient/p\"},\"reasonCode\":[{\"text\":\"Is it a "
        "fracture?\"}],"
        "\"performer\":[{\"reference\":\"Organization/d\"}]}");
}

static void open_other(bool create)
{
    struct app_options options = {.path = other.folder,
        .create = create,
        .clocks = true,
        .base_url = "http://here.example"};
    struct err err = {0};

    assert_int_equal(app_open(&options, &other.app, &err), 0);
}

/* The thread does by itself what is due: when the time has come, when it is opened late, and
 * nothing where clocks are not asked for. */
static void the_thread(void **state)
{
    (void)state;
    time_hold(NOW);
    snprintf(other.folder, sizeof(other.folder), "/tmp/belay-due-XXXXXX");
    assert_non_null(mkdtemp(other.folder));
    open_other(true);
    put_other_network();
    said_free(said_status(
        POST(&other, "ServiceRequest/t/$send", "{\"resourceType\":\"Parameters\"}"),
        200));
    assert_int_equal(level_soon(0), 0);
    time_hold(NOW + 5 * MINUTE);
    /* any change of a Task stirs it: it need not wait for its next look */
    put_other("Task/x",
        "{\"resourceType\":\"Task\",\"id\":\"x\",\"status\":\"draft\",\"intent\":"
        "\"order\"}");
    assert_int_equal(level_soon(1), 1);
    app_close(other.app);
    /* opened long after its clock ran out */
    time_hold(NOW + 100 * HOUR);
    open_other(false);
    for (int i = 0; i < 6000; i++) {
        struct said *s = said_status(GET(&other, "Task/t"), 200);
        bool ended = strcmp(said_text(s, "status"), "failed") == 0;

        said_free(s);
        if (ended)
            break;
        sleep_ms(10);
        assert_true(i < 5999);
    }
    node_close(&other);
}

/* Ended at once, again and again, while there is something to do. */
static void stopping(void **state)
{
    (void)state;
    time_hold(NOW);
    snprintf(other.folder, sizeof(other.folder), "/tmp/belay-due-XXXXXX");
    assert_non_null(mkdtemp(other.folder));
    open_other(true);
    put_other_network();
    said_free(said_status(
        POST(&other, "ServiceRequest/t/$send", "{\"resourceType\":\"Parameters\"}"),
        200));
    for (int i = 1; i <= 20; i++) {
        app_close(other.app);
        time_hold(NOW + i * MINUTE);
        open_other(false);
    }
    assert_true(level_soon(1) == 1);
    node_close(&other);
}

/* Every allocation fails in turn: the case is at the old level or at the next. */
static void memory_out(void **state)
{
    unsigned long counted = 0;
    unsigned long refused = 0;
    unsigned long k = 0;

    (void)state;
    do {
        const char *id = arena_printf(arena, "f%lu", ++k);
        struct due_result result = {0};
        struct err err = {0};
        int r = 0;

        send_at(NOW, id, "PractitionerRole/role-chen", "stat");
        time_hold(NOW + 5 * MINUTE);
        base_fail_alloc(k);
        r = due_run(node.app, NULL, &result, &err);
        counted = base_fail_alloc(0);
        assert_true(r == 0 || r == E_NOMEM);
        refused += r < 0 || result.failed > 0;
        assert_true(r < 0 || result.done + result.failed <= 1);
        assert_true(level_of(id) == 1 || r < 0 || result.failed > 0);
        /* and the next look does it */
        due_at(NOW + 5 * MINUTE);
        assert_int_equal(level_of(id), 1);
        assert_string_equal(state_of(id), "sent");
        time_hold(NOW);
    } while (counted >= k && k < 3000);
    printf("%lu allocations, %lu refused\n", k - 1, refused);
    assert_true(refused > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nobody_takes_it, open_network, close_network),
        cmocka_unit_test_setup_teardown(nobody_answers, open_network, close_network),
        cmocka_unit_test_setup_teardown(all_of_the_ladder, open_network, close_network),
        cmocka_unit_test_setup_teardown(whose_it_is, open_network, close_network),
        cmocka_unit_test_setup_teardown(another_way, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            waiting_for_information, open_network, close_network),
        cmocka_unit_test_setup_teardown(who_came_first, open_network, close_network),
        cmocka_unit_test_setup_teardown(many_at_once, open_network, close_network),
        cmocka_unit_test_setup_teardown(clock_jumps, open_network, close_network),
        cmocka_unit_test_setup_teardown(zones, open_network, close_network),
        cmocka_unit_test_setup_teardown(who_did_it, open_network, close_network),
        cmocka_unit_test_setup_teardown(the_thread, open_network, close_network),
        cmocka_unit_test_setup_teardown(stopping, open_network, close_network),
        cmocka_unit_test_setup_teardown(memory_out, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
