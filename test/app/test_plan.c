/* SPDX-License-Identifier: Apache-2.0 */
/* Plans of rehabilitation: who makes them, reports sessions, judges goals; and that a new
 * plan replaces the old one, of which nothing is lost. */
#include "case.h"

#define P_ID(name, id) "{\"name\":\"" name "\",\"valueId\":\"" id "\"}"
#define P_NUMBER(name, n) "{\"name\":\"" name "\",\"valuePositiveInt\":" n "}"
#define P_DATE(name, date) "{\"name\":\"" name "\",\"valueDate\":\"" date "\"}"
#define P_FALSE(name) "{\"name\":\"" name "\",\"valueBoolean\":false}"
#define GOAL(text, due)                                                                \
    "{\"name\":\"goal\",\"part\":[" P_TEXT("text", text) "," P_DATE("due", due) "]}"
#define SESSION(text, times, per, weeks)                                               \
    "{\"name\":\"session\",\"part\":[" P_TEXT("text", text) "," P_NUMBER(              \
        "times", times) "," P_CODE("per", per) "," P_NUMBER("weeks", weeks) "]}"

#define L1 "9d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e01"
#define L2 "9d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e02"
#define L3 "9d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e03"
#define S1 "9d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e11"
#define S2 "9d6f5b1e-2f3a-4c55-9d0e-1a2b3c4d5e12"

#define PLAN(id)                                                                       \
    P_ID("id", id)                                                                     \
    "," P_TEXT("text", "Knee after the operation") "," GOAL(                           \
        "Walks to the well", "2026-03-01") "," GOAL("Climbs stairs",                   \
        "2026-04-01") "," SESSION("Bend the knee to 90 degrees", "3", "week",          \
        "6") "," SESSION("Walk", "2", "day", "2")

static void refuse(
    const char *person, const char *name, const char *parameters, int status)
{
    struct said *s = step_status(person, "p-case", name, parameters, status);

    assert_true(strlen(said_text(s, "issue.0.diagnostics")) > 20);
    said_free(s);
}

static const char *text_of(const char *person, const char *path, const char *at)
{
    struct said *s = said_status(get_as(person, path), 200);
    const char *text = said_text(s, at);

    text = arena_strndup(arena, text, strlen(text));
    said_free(s);
    return text;
}

static long versions_of(const char *path)
{
    return strtol(
        text_of(NULL, arena_printf(arena, "%s/_history", path), "total"), NULL, 10);
}

static const char *goal(int n)
{
    return text_of("nima", "CarePlan/" L1, arena_printf(arena, "goal.%d.reference", n));
}

static void a_plan_is_made_by_who_is_asked(void **state)
{
    (void)state;
    put_draft("p-case", "pema", "Organization/twin-surgery", "routine");
    step("nima", "p-case", "send", NULL);
    refuse("nima", "plan", PLAN(L1), 403);
    refuse("wang", "plan", PLAN(L1), 404);
    refuse("chen", "plan", P_ID("id", L1) "," P_TEXT("text", "Rest"), 400);
    refuse("chen", "plan", PLAN(L1) "," GOAL("Runs", "some day"), 400);
    refuse("chen", "plan", PLAN(L1) "," SESSION("Run", "0", "week", "1"), 400);
    refuse("chen", "plan", PLAN(L1) "," SESSION("Run", "1", "year", "1"), 400);
    refuse("nima", "session",
        P_ID("id", S1) "," P_NUMBER("session", "1") "," P_TRUE("done") "," P_TEXT(
            "text", "Went well"),
        409);
    step("chen", "p-case", "plan", PLAN(L1));
    step("chen", "p-case", "plan", PLAN(L1));
    assert_int_equal(versions_of("CarePlan/" L1), 1);
    assert_string_equal(text_of("nima", "CarePlan/" L1, "status"), "active");
    assert_string_equal(text_of("chen", "CarePlan/" L1,
                            "activity.1.detail.scheduledTiming.repeat.count"),
        "18");
    assert_string_equal(text_of("chen", "CarePlan/" L1,
                            "activity.2.detail.scheduledTiming.repeat.count"),
        "28");
    assert_string_equal(
        text_of("dawa", goal(0), "description.text"), "Walks to the well");
    assert_string_equal(text_of("chen", goal(1), "target.0.dueDate"), "2026-04-01");
    said_free(said_status(get_as("wang", goal(0)), 404));
    said_free(said_status(get_as("azamat", "CarePlan/" L1), 404));
    assert_string_equal(
        text_of("nima", "Task/p-case", "output.0.valueReference.reference"),
        "CarePlan/" L1);
    assert_string_equal(state_of("p-case"), "sent");
}

static void sessions_are_reported_by_who_asked(void **state)
{
    (void)state;
    refuse("chen", "session",
        P_ID("id", S1) "," P_NUMBER("session", "1") "," P_TRUE("done") "," P_TEXT(
            "text", "Went well"),
        403);
    refuse("nima", "session",
        P_ID("id", S1) "," P_NUMBER("session", "3") "," P_TRUE("done") "," P_TEXT(
            "text", "Went well"),
        400);
    step("nima", "p-case", "session",
        P_ID("id", S1) "," P_NUMBER("session", "1") "," P_TRUE("done") "," P_TEXT(
            "text", "To 70 degrees") "," P_DATE("next", "2026-01-04"));
    step("nima", "p-case", "session",
        P_ID("id", S1) "," P_NUMBER("session", "1") "," P_TRUE("done") "," P_TEXT(
            "text", "To 70 degrees") "," P_DATE("next", "2026-01-04"));
    assert_int_equal(versions_of("Procedure/" S1), 1);
    assert_string_equal(text_of("chen", "Procedure/" S1, "status"), "completed");
    assert_string_equal(
        text_of("chen", "Procedure/" S1, "note.0.text"), "To 70 degrees");
    assert_string_equal(text_of("chen", "Procedure/" S1, "performer.0.actor.reference"),
        "Practitioner/nima");
    refuse("dawa", "session", /* another's id */
        P_ID("id", S1) "," P_NUMBER("session", "1") "," P_TRUE("done") "," P_TEXT(
            "text", "Mine"),
        409);
    step("dawa", "p-case", "session",
        P_ID("id", S2) "," P_NUMBER("session", "2") "," P_FALSE("done") "," P_TEXT(
            "text", "Snow"));
    assert_string_equal(text_of("chen", "Procedure/" S2, "status"), "not-done");
    assert_string_equal(text_of("chen", "Procedure/" S2, "statusReason.text"), "Snow");
    said_free(said_status(get_as("wang", "Procedure/" S1), 404));
}

static const char *judge(const char *which, const char *more)
{
    const char *id = strchr(which, '/') + 1;

    return arena_printf(arena, "{\"name\":\"goal\",\"valueId\":\"%s\"},%s", id, more);
}

static void goals_are_judged_by_both(void **state)
{
    const char *partly = judge(goal(0), P_CODE("result", "partly"));

    (void)state;
    refuse("nima", "goal", judge(goal(0), P_CODE("result", "nearly")), 400);
    refuse("nima", "goal", judge("Goal/elsewhere", P_CODE("result", "not")), 404);
    step("nima", "p-case", "goal", partly);
    step("nima", "p-case", "goal", partly);
    assert_int_equal(versions_of(goal(0)), 2);
    assert_string_equal(
        text_of("chen", goal(0), "achievementStatus.coding.0.code"), "improving");
    step("chen", "p-case", "goal",
        judge(
            goal(0), P_CODE("result", "achieved") "," P_TEXT("text", "Seen by video")));
    assert_string_equal(text_of("nima", goal(0), "lifecycleStatus"), "completed");
    assert_string_equal(text_of("nima", goal(0), "note.1.text"), "Seen by video");
    assert_string_equal(text_of("nima", goal(0), "note.0.authorReference.reference"),
        "Practitioner/nima");
}

static void a_new_plan_replaces_the_old_one(void **state)
{
    (void)state;
    refuse("wang", "plan", PLAN(L2), 404);
    step("chen", "p-case", "plan",
        P_ID("id", L2) "," P_TEXT("text", "Now the hip too") "," GOAL(
            "Sits", "2026-05-01") "," SESSION("Sit", "1", "day", "1"));
    assert_string_equal(text_of("nima", "CarePlan/" L1, "status"), "revoked");
    assert_string_equal(
        text_of("nima", "CarePlan/" L2, "replaces.0.reference"), "CarePlan/" L1);
    assert_string_equal(text_of("nima", goal(0), "lifecycleStatus"), "completed");
    assert_string_equal(text_of("nima", goal(1), "lifecycleStatus"), "cancelled");
    assert_string_equal(
        text_of("nima", "Task/p-case", "output.0.valueReference.reference"),
        "CarePlan/" L2);
    refuse("nima", "goal", judge(goal(1), P_CODE("result", "achieved")), 409);
    assert_string_equal(text_of("chen", "Procedure/" S1, "status"), "completed");
}

static void it_is_followed_when_the_case_has_ended(void **state)
{
    (void)state;
    step("nima", "p-case", "withdraw", P_TEXT("reason", "She knows enough"));
    said_free(said_status(get_as("chen", "CarePlan/" L2), 404));
    said_free(said_status(get_as("chen", "Procedure/" S1), 404));
    refuse("chen", "plan", PLAN(L3), 409); /* who was asked hears who took it away */
    step("nima", "p-case", "session",
        P_ID("id", L3) "," P_NUMBER("session", "1") "," P_TRUE("done") "," P_TEXT(
            "text", "Sat"));
}

static void nobody_writes_them_otherwise(void **state)
{
    const char *paths[] = {"CarePlan/" L2, "Procedure/" S1, goal(0)};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct said *s = said_status(get_as("nima", paths[i]), 200);
        const char *body =
            arena_strndup(arena, s->call.answer.data, s->call.answer.len);

        said_free(s);
        write_as("nima", APP_PUT, paths[i], body, 403);
        write_as("dawa", APP_DELETE, paths[i], "", 403);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_made_by_who_is_asked),
        cmocka_unit_test(sessions_are_reported_by_who_asked),
        cmocka_unit_test(goals_are_judged_by_both),
        cmocka_unit_test(a_new_plan_replaces_the_old_one),
        cmocka_unit_test(it_is_followed_when_the_case_has_ended),
        cmocka_unit_test(nobody_writes_them_otherwise),
    };

    return cmocka_run_group_tests(tests, open_network, close_network);
}
