/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What changes after people are enrolled: a course is moved or cancelled, and they are told;
 * somebody else looks after them.
 */
#include "learn.h"

#define MOVED                                                                          \
    CODE("kind", "placement")                                                          \
    "," TEXT("title", "Surgery at the twin") "," WHO(                                  \
        "organiser", "Organization/twin-surgery") "," WHO("organiser",                 \
        "Organization/county-surgery") "," DAY("start", "2026-02-02") "," DAY("end",   \
        "2026-04-30") "," WHO("teacher", "Practitioner/chen")
#define REASON TEXT("reason", "The theatre is being rebuilt")

static const char *first(struct said *s, const char *name)
{
    return part(row_of(s), name);
}

/* What the caller's one row that waits says is changed; "" : nothing waits. */
static const char *told(const char *person)
{
    struct said *s = learning(person, "?scope=waiting");
    const char *what = part(parts_of(row_of(s), "change", 0), "what");

    what = arena_strndup(arena, what, strlen(what));
    said_free(s);
    return what;
}

static bool may(struct said *s, const char *step)
{
    struct json_each it = json_each(row_of(s));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "name"), "may") &&
            str_is(json_get_text(it.value, "valueCode"), step))
            return true;
    }
    return false;
}

static void test_moved(void **state)
{
    const char *course = NULL;
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    course = plan("chen", PLAN);
    id = enrol("head-county", course, TASHI); /* agreed thereby */
    enrol("nima", course,
        WHO("person", "Practitioner/nima") "," DAY("start", "2026-01-10") "," DAY(
            "end", "2026-01-20"));
    assert_string_equal(told("tashi"), "");
    at(2026, 1, 3);
    /* the same again changes nothing for anybody */
    said_free(post_status("chen", below("Course", course, "plan"), PLAN, 200));
    assert_string_equal(told("tashi"), "");
    s = post_status("nima", below("Course", course, "plan"),
        MOVED "," TEXT("place", "Building 4"), 200);
    assert_string_equal(said_text(s, "change.0.what"), "moved");
    assert_string_equal(said_text(s, "change.0.by.reference"), "Practitioner/nima");
    said_free(s);
    assert_string_equal(told("tashi"), "moved");
    s = learning("tashi", "?scope=waiting");
    assert_string_equal(first(s, "waits"), "change");
    assert_string_equal(first(s, "start"), "2026-02-02"); /* goes with the course */
    assert_string_equal(first(s, "end"), "2026-04-30");
    assert_string_equal(first(s, "status"), "accepted");
    said_free(s);
    s = learning("nima", "?scope=waiting"); /* has days of their own: they stay */
    assert_string_equal(first(s, "start"), "2026-01-10");
    assert_string_equal(first(s, "end"), "2026-01-20");
    said_free(s);
    assert_int_equal(count_rows("chen", "?scope=waiting"), 0); /* not enrolled */
    no_step("head-county", id, "seen", "", 403); /* nobody has seen it for them */
    no_step("wang", id, "seen", "", 404);
    step("tashi", id, "seen", "");
    assert_string_equal(told("tashi"), "");
    assert_string_equal(told("nima"), "moved"); /* each for themselves */
    at(2026, 1, 4);
    said_free(post_status("chen", below("Course", course, "plan"), PLAN, 200));
    assert_string_equal(told("tashi"), "moved"); /* and again */
    /* what the person saw stays seen though others change the enrolment */
    step("tashi", id, "seen", "");
    said_free(post_status("head-county", below("Course", course, "enrol"), TASHI, 200));
    assert_string_equal(told("tashi"), "");
    /* who is there has begun on a day that no course moves */
    at(2026, 1, 6);
    step("chen", id, "attend", DAY("start", "2026-01-06"));
    said_free(post_status("chen", below("Course", course, "plan"), MOVED, 200));
    s = learning("tashi", arena_printf(arena, "?course=Course/%s", course));
    assert_string_equal(first(s, "start"), "2026-01-06");
    assert_string_equal(first(s, "end"), "2026-04-30");
    said_free(s);
}

/* Two who change a course at once: the second is told to look again. */
static void test_change_of_what_was_read(void **state)
{
    const char *course = NULL;
    const char *vid = NULL;
    struct said *s = NULL;
    const char *body = NULL;

    (void)state;
    course = plan("chen", PLAN);
    s = said_status(get_as("chen", arena_printf(arena, "Course/%s", course)), 200);
    vid = arena_printf(arena, "W/\"%s\"", said_text(s, "meta.versionId"));
    said_free(s);
    body = arena_printf(
        arena, "{\"resourceType\":\"Parameters\",\"parameter\":[%s]}", MOVED);
    for (int i = 0; i < 2; i++) {
        s = as(i ? "nima" : "chen", (struct ask){.method = APP_POST,
                                        .path = below("Course", course, "plan"),
                                        .body = body,
                                        .if_match = vid});
        said_free(said_status(s, i ? 412 : 200));
    }
}

static void test_cancelled(void **state)
{
    const char *course = NULL;
    const char *agreed = NULL;
    const char *open = NULL;
    const char *passed = NULL;
    struct said *s = NULL;

    (void)state;
    course = plan("chen", PLAN);
    agreed = enrol("head-county", course, TASHI);
    open = enrol("chen", course, WHO("person", "Practitioner/dawa"));
    passed = enrol("chen", course, WHO("person", "Practitioner/nima"));
    step("chen", passed, "complete", TRUTH("passed", "true"));
    at(2026, 1, 4);
    for (size_t i = 0; i < 5; i++) { /* who may is told so, to no use to anybody else */
        static const char *const who[] = {
            "chen", "nima", "gulnara", "tashi", "auditor"};

        s = learning(who[i], arena_printf(arena, "?course=Course/%s", course));
        assert_string_equal(
            part(json_get(s->json, "parameter"), "may"), i < 2 ? "plan" : "");
        said_free(s);
    }
    refused("chen", below("Course", course, "cancel"), "", 400);
    refused("chen", below("Course", course, "cancel"), TEXT("reason", " "), 400);
    refused("gulnara", below("Course", course, "cancel"), REASON, 403);
    refused("tashi", below("Course", course, "cancel"), REASON, 403);
    refused("auditor", below("Course", course, "cancel"), REASON, 404);
    refused(NULL, below("Course", course, "cancel"), REASON, 403);
    refused("chen", "Course/not-there/$cancel", REASON, 404);
    s = post_status("nima", below("Course", course, "cancel"), REASON, 200);
    assert_string_equal(said_text(s, "status"), "cancelled");
    assert_string_equal(said_text(s, "change.0.what"), "cancelled");
    assert_string_equal(
        said_text(s, "change.0.reason"), "The theatre is being rebuilt");
    assert_string_equal(
        said_text(s, "title"), "Surgery at the twin"); /* all else stays */
    assert_string_equal(said_text(s, "aim.1.text"), "Runs the morning round");
    said_free(s);
    refused("nima", below("Course", course, "cancel"), REASON, 409);
    refused("chen", below("Course", course, "plan"), PLAN, 409); /* and stays so */
    /* both are told, with the reason, and are asked for nothing else */
    s = learning("dawa", "?scope=waiting");
    assert_string_equal(first(s, "waits"), "change");
    assert_string_equal(first(s, "course-status"), "cancelled");
    assert_string_equal(part(parts_of(row_of(s), "change", 0), "reason"),
        "The theatre is being rebuilt");
    said_free(s);
    assert_string_equal(told("tashi"), "cancelled");
    s = learning("nima", arena_printf(arena, "?course=Course/%s", course));
    assert_string_equal(part(json_get(s->json, "parameter"), "may"), "");
    said_free(s);
    assert_string_equal(told("nima"), ""); /* has passed it */
    no_step("dawa", open, "accept", "", 409);
    no_step("chen", agreed, "attend", "", 409);
    no_step("chen", agreed, "complete", TRUTH("passed", "true"), 409);
    step("chen", passed, "complete", TRUTH("passed", "false")); /* corrected */
    at(2026, 4, 20);
    assert_int_equal(count_rows("chen", "?scope=waiting"), 0); /* no result is asked */
    step("tashi", agreed, "seen", "");
    assert_string_equal(told("tashi"), "");
    step("dawa", open, "refuse", "");
    assert_string_equal(told("dawa"), "");
    /* what is over is not cancelled */
    course = plan("chen", PLAN "," CODE("status", "held"));
    refused("chen", below("Course", course, "cancel"), REASON, 409);
}

static void test_supervise(void **state)
{
    const char *course = NULL;
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    course = plan("chen", PLAN);
    id = enrol("chen", course, TASHI);
    no_step("tashi", id, "supervise", WHO("supervisor", "Practitioner/wang"), 403);
    no_step("nima", id, "supervise", WHO("supervisor", "Practitioner/wang"), 404);
    no_step("chen", id, "supervise", "", 400);
    no_step("chen", id, "supervise", WHO("supervisor", "Practitioner/tashi"), 400);
    no_step("chen", id, "supervise", WHO("supervisor", "Organization/twin"), 400);
    s = learning("tashi", "?scope=waiting");
    assert_true(may(s, "accept") && !may(s, "supervise"));
    said_free(s);
    s = learning("head-twin", arena_printf(arena, "?course=Course/%s", course));
    assert_string_equal(first(s, "supervisor"), "Practitioner/chen");
    assert_true(may(s, "supervise"));
    said_free(s);
    step("head-twin", id, "supervise", WHO("supervisor", "Practitioner/wang"));
    assert_int_equal(count_rows("wang", "?scope=supervised"), 2);
    assert_int_equal(count_rows("chen", "?scope=supervised"), 1); /* reads it no more */
    no_step("chen", id, "complete", TRUTH("passed", "true"), 404);
    /* who looks after somebody hands it on, and back */
    step("wang", id, "supervise",
        WHO("supervisor", "Practitioner/wang") "," WHO(
            "supervisor", "Practitioner/chen"));
    step("chen", id, "complete", TRUTH("passed", "true"));
    step("head-county", id, "supervise", WHO("supervisor", "Practitioner/wang"));
    /* who left is looked after by nobody */
    course = plan("chen", PLAN);
    id = enrol("chen", course, TASHI);
    step("tashi", id, "leave", "");
    no_step("chen", id, "supervise", WHO("supervisor", "Practitioner/wang"), 409);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, open_network, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(test_moved),
        EACH(test_change_of_what_was_read),
        EACH(test_cancelled),
        EACH(test_supervise),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
