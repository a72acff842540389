/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Courses and enrolments: who plans, who puts whom down, who says what came of it; use after
 * return from the logbook and from answers. tashi, of the county, learns at the twin.
 */
#include "learn.h"

/* ---- courses ---- */

static void test_plan(void **state)
{
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    id = plan("chen", PLAN);
    s = said_status(get_as("nima", arena_printf(arena, "Course/%s", id)), 200);
    assert_string_equal(said_text(s, "status"), "planned");
    assert_string_equal(said_text(s, "aim.1.number"), "2");
    assert_string_equal(said_text(s, "aim.0.procedure.coding.0.code"), "appendectomy");
    said_free(s);
    /* said anew by the other side; not by a third one, nor by who only learns */
    said_free(post_status("nima", below("Course", id, "plan"),
        PLAN "," CODE("status", "under-way"), 200));
    refused("gulnara", below("Course", id, "plan"), PLAN, 403);
    refused("tashi", "Course/$plan", PLAN, 403);
    refused("gulnara", "Course/$plan", PLAN, 403);
    refused("auditor", "Course/$plan", PLAN, 403);
    refused(NULL, "Course/$plan", PLAN, 403);
    said_free(post_status("coordinator", "Course/$plan", PLAN, 201));
}

static void test_plan_refuses(void **state)
{
    static const char *const wrong[] = {
        CODE("kind", "party") "," TEXT("title", "T"),
        CODE("kind", "workshop") "," TEXT("title", " "),
        CODE("kind", "workshop") "," TEXT("title", "T") "," DAY("start", "2026-02-30"),
        CODE("kind", "workshop") "," TEXT("title", "T"),
        CODE("kind", "workshop") "," TEXT("title", "T") "," DAY(
            "start", "2026-02-02") "," DAY("end", "2026-02-01"),
        CODE("kind", "workshop") "," TEXT("title", "T") "," DAY("start", "2026-02-02"),
        CODE("kind", "workshop") "," TEXT("title", "T") "," DAY(
            "start", "2026-02-02") "," WHO("organiser", "Organization/nowhere"),
        PLAN "," AIM(CODE("procedure", "juggling")),
        PLAN "," AIM(INT("target", "3")),
        PLAN "," AIM(TEXT("text", "T") "," INT("target", "7")),
        PLAN "," INT("capacity", "0"),
        PLAN "," WHO("teacher", "Organization/twin"),
        PLAN "," CODE("status", "perhaps"),
        PLAN "," CODE("status", "cancelled"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        refused("chen", "Course/$plan", wrong[i], 400);
    refused("chen", "Course/not-there/$plan", PLAN, 404);
}

static void test_course_once(void **state)
{
    const char *random = "0b5e9f3c-3d0b-4b3a-9f39-4d1f3f0c9a55";
    const char *with =
        arena_printf(arena, "%s,{\"name\":\"id\",\"valueId\":\"%s\"}", PLAN, random);
    const char *id = NULL;

    (void)state;
    id = plan("chen", with);
    assert_string_equal(id, random);
    said_free(post_status("chen", "Course/$plan", with, 200));
    refused("nima", "Course/$plan", with, 409);
    refused("chen", "Course/$plan", PLAN ",{\"name\":\"id\",\"valueId\":\"one\"}", 400);
}

static void test_courses_are_of_both_sides(void **state)
{
    static const struct {
        const char *person;
        int status;
    } readers[] = {{"chen", 200}, {"nima", 200}, {"director", 200}, {"tashi", 200},
        {"coordinator", 200}, {"nobody", 404}, {"auditor", 404}, {NULL, 200}};
    const char *id = NULL;

    (void)state;
    id = plan("chen", PLAN);
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
        said_free(
            said_status(get_as(readers[i].person, arena_printf(arena, "Course/%s", id)),
                readers[i].status));
}

/* ---- enrolments ---- */

static void test_enrol(void **state)
{
    const char *course = NULL;
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    course = plan("chen", PLAN);
    id = enrol("chen", course, TASHI);
    /* once for a person in a course, also under another hand; agreed when the head does it */
    s = post_status("head-county", below("Course", course, "enrol"), TASHI, 200);
    assert_string_equal(said_text(s, "id"), id);
    assert_string_equal(said_text(s, "status"), "accepted");
    assert_string_equal(
        said_text(s, "learningDepartment.reference"), "Organization/county-surgery");
    assert_string_equal(
        said_text(s, "teachingDepartment.reference"), "Organization/twin-surgery");
    assert_string_equal(said_text(s, "supervisor.0.reference"), "Practitioner/chen");
    assert_string_equal(said_text(s, "period.end"), ""); /* as the course says */
    assert_string_equal(said_text(s, "aim.1.text"), "Runs the morning round");
    said_free(s);
    s = post_status("chen", below("Course", course, "enrol"),
        TASHI "," DAY("end", "2026-02-28") "," AIM(TEXT("text", "Sees")), 200);
    assert_string_equal(said_text(s, "status"), "accepted"); /* stays agreed */
    assert_string_equal(said_text(s, "period.end"), "2026-02-28");
    assert_string_equal(said_text(s, "aim.0.text"), "Sees");
    said_free(s);
    /* the person may too; a colleague of a third hospital may not */
    said_free(post_status("tashi", below("Course", course, "enrol"), TASHI, 200));
    refused("tashi", below("Course", course, "enrol"),
        WHO("person", "Practitioner/dawa"), 403);
    refused("gulnara", below("Course", course, "enrol"), TASHI, 403);
    refused("chen", below("Course", course, "enrol"),
        TASHI "," WHO("supervisor", "Practitioner/tashi"), 400);
    refused("chen", below("Course", course, "enrol"),
        TASHI "," WHO("learning-department", "Organization/twin-medicine"), 400);
    refused("chen", below("Course", course, "enrol"),
        TASHI "," WHO("teaching-department", "Organization/twin-medicine"), 400);
    refused("chen", below("Course", course, "enrol"), "", 400);
    refused("chen", "Course/not-there/$enrol", TASHI, 404);
    /* and nothing is written in another way */
    write_as("tashi", APP_PUT, arena_printf(arena, "Enrolment/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Enrolment\",\"id\":\"%s\",\"status\":\"completed\","
            "\"course\":{\"reference\":\"Course/%s\"},\"person\":{\"reference\":"
            "\"Practitioner/tashi\"}}",
            id, course),
        403);
}

static void test_room(void **state)
{
    const char *course = NULL;
    const char *id = NULL;

    (void)state;
    course = plan("chen", PLAN "," INT("capacity", "2"));
    id = enrol("chen", course, TASHI);
    enrol("nima", course, WHO("person", "Practitioner/nima"));
    refused("chen", below("Course", course, "enrol"),
        WHO("person", "Practitioner/dawa"), 409);
    said_free(post_status("chen", below("Course", course, "enrol"), TASHI, 200));
    step("tashi", id, "refuse", ""); /* who refuses takes no seat */
    enrol("chen", course, WHO("person", "Practitioner/dawa"));
    refused("chen", below("Course", course, "enrol"), TASHI, 409);
    said_free(post_status(
        "chen", below("Course", course, "cancel"), TEXT("reason", "No room"), 200));
    refused("chen", below("Course", course, "enrol"),
        WHO("person", "Practitioner/wang"), 409);
}

static void test_steps(void **state)
{
    const char *course = NULL;
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    course = plan("chen", PLAN);
    id = enrol("chen", course, TASHI);
    no_step("chen", id, "accept", "", 403);
    no_step("wang", id, "accept", "", 404); /* not there, to who may not read it */
    no_step("tashi", id, "attend", "", 403);
    no_step("tashi", id, "complete", TRUTH("passed", "true"), 403);
    step("tashi", id, "accept", "");
    step("head-twin", id, "attend", "");
    no_step("chen", id, "attend", DAY("start", "2027-01-01"), 400);
    no_step("chen", id, "refuse", "", 409);
    no_step("chen", id, "complete", "", 400);
    at(2026, 4, 1);
    step("chen", id, "complete",
        TRUTH("passed", "true") "," TEXT("word", "Careful hands"));
    no_step("chen", id, "leave", "", 409);
    s = said_status(
        get_as("head-county", arena_printf(arena, "Enrolment/%s", id)), 200);
    assert_string_equal(said_text(s, "status"), "completed");
    assert_string_equal(said_text(s, "result.by.reference"), "Practitioner/chen");
    assert_string_equal(said_text(s, "result.word"), "Careful hands");
    assert_string_equal(said_text(s, "period.end"), "2026-03-31");
    assert_string_equal(said_text(s, "accepted.by.reference"), "Practitioner/tashi");
    said_free(s);
    step("chen", id, "complete", TRUTH("passed", "false")); /* corrected */
    refused("chen", below("Course", course, "enrol"), TASHI, 409);
}

/* A workshop: from the list to the result at once; and one who left it. */
static void test_few_taps(void **state)
{
    const char *course = NULL;
    const char *id = NULL;

    (void)state;
    course =
        plan("nima", CODE("kind", "workshop") "," TEXT("title", "Ultrasound") "," WHO(
                         "organiser", "Organization/county-surgery") "," DAY("start",
                         "2026-01-01") "," WHO("teacher", "Practitioner/chen"));
    id = enrol("nima", course, TASHI);
    step("chen", id, "complete", TRUTH("passed", "true"));
    id = enrol("nima", course, WHO("person", "Practitioner/dawa"));
    step("dawa", id, "leave", "");
    step("chen", id, "attend", ""); /* and came back */
    /* a teacher who takes part has no say on themselves */
    id = enrol("chen", course, WHO("person", "Practitioner/chen"));
    no_step("chen", id, "complete", TRUTH("passed", "true"), 403);
}

/* ---- who sees whom ---- */

static void test_who_reads(void **state)
{
    static const struct {
        const char *person;
        int status;
    } readers[] = {{"tashi", 200}, {"chen", 200}, {"head-county", 200},
        {"head-twin", 200}, {"nima", 404}, {"wang", 404}, {"director", 404},
        {"coordinator", 404}, {"head-medicine", 404}, {"nobody", 404}, {"admin", 404},
        {NULL, 200}};
    const char *course = NULL;
    const char *id = NULL;

    (void)state;
    course = plan("chen", PLAN);
    id = enrol("nima", course, TASHI);
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        const char *in = arena_printf(arena, "?course=Course/%s", course);

        said_free(said_status(
            get_as(readers[i].person, arena_printf(arena, "Enrolment/%s", id)),
            readers[i].status));
        assert_int_equal(count_rows(readers[i].person, in), readers[i].status == 200);
    }
    /* beside the one that the network has */
    assert_int_equal(count_rows("tashi", ""), 2);
    assert_int_equal(count_rows("chen", ""), 0);
    assert_int_equal(count_rows("chen", "?scope=supervised"), 2);
    assert_int_equal(count_rows("head-county", "?scope=supervised"), 2);
    assert_int_equal(count_rows("nima", "?person=Practitioner/tashi"), 0);
    said_free(said_status(get_as("tashi", "Enrolment/$learning?x=1"), 400));
    said_free(said_status(get_as("tashi", "Enrolment/$learning?scope=all"), 400));
    said_free(said_status(get_as(NULL, "Enrolment/$learning"), 400));
}

/* ---- use after return ---- */

/* ${count} operations of tashi on ${day} of 2026 as ${as}. */
static void operate(int count, int month, int day, const char *as_what)
{
    for (int i = 0; i < count; i++) {
        const char *iso = arena_printf(arena, "2026-%02d-%02dT08:00:00Z", month, day);

        write_as(NULL, APP_POST, "Procedure",
            arena_printf(arena,
                "{\"resourceType\":\"Procedure\",\"status\":\"completed\",\"code\":{"
                "\"coding\":[{\"system\":\"" SYSTEM
                "procedure\",\"code\":\"appendectomy\"}]},\"subject\":{\"reference\":"
                "\"Patient/pema\"},\"performedDateTime\":\"%s\",\"performer\":[{"
                "\"function\":{\"coding\":[{\"system\":\"" SYSTEM
                "operation-function\",\"code\":\"%s\"}]},\"actor\":{"
                "\"reference\":\"Practitioner/tashi\"}}]}",
                iso, as_what),
            201);
    }
}

static void test_use_of_a_procedure(void **state)
{
    struct said *s = NULL;

    (void)state;
    returned(true);
    at(2027, 3, 1);
    operate(2, 2, 27, "operator"); /* before the return */
    operate(1, 3, 1, "operator");
    operate(4, 4, 1, "assistant"); /* another part */
    operate(1, 5, 27, "operator");
    operate(1, 5, 28, "operator"); /* three months: the next time */
    operate(5, 8, 28, "operator"); /* six */
    s = learning("chen", "?scope=supervised");
    assert_string_equal(use(s, 0, 0, "until"), "2026-05-28");
    assert_string_equal(use(s, 0, 0, "count"), "2");
    assert_string_equal(use(s, 0, 0, "state"), "used");
    assert_string_equal(use(s, 0, 1, "count"), "1");
    assert_string_equal(use(s, 0, 1, "state"), "not-used"); /* the aim says two */
    assert_string_equal(use(s, 0, 2, "count"), "5");
    assert_string_equal(use(s, 0, 2, "state"), "used");
    assert_string_equal(use(s, 0, 2, "until"), "2027-02-28");
    assert_string_equal(use(s, 1, 2, "state"), "unknown"); /* nobody was asked */
    said_free(s);
    at(2026, 9, 1);
    s = learning("tashi", "");
    assert_string_equal(use(s, 0, 2, "state"), "not-yet");
    assert_string_equal(use(s, 0, 2, "count"), "5"); /* so far */
    said_free(s);
}

/* Who was put down by others, and never agreed, is counted for nobody but them and their
 * head. */
static void test_use_needs_agreement(void **state)
{
    struct said *s = NULL;

    (void)state;
    returned(false);
    at(2026, 7, 1);
    operate(3, 3, 1, "operator");
    s = learning("chen", "?scope=supervised");
    assert_string_equal(use(s, 0, 0, "state"), "unknown");
    assert_string_equal(use(s, 0, 0, "count"), "");
    said_free(s);
    s = learning("head-twin", "?scope=supervised");
    assert_string_equal(use(s, 0, 0, "count"), "");
    said_free(s);
    s = learning("head-county", "?scope=supervised");
    assert_string_equal(use(s, 0, 0, "count"), "3");
    said_free(s);
    s = learning("tashi", "");
    assert_string_equal(use(s, 0, 0, "state"), "used");
    said_free(s);
}

static void test_use_that_is_asked(void **state)
{
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    id = returned(true);
    no_step("tashi", id, "used", ANSWER("2", "3", "true"), 409); /* too early */
    at(2026, 5, 27);
    assert_int_equal(count_rows("tashi", "?scope=waiting"), 0);
    at(2026, 5, 28);
    assert_int_equal(count_rows("tashi", "?scope=waiting"), 1);
    assert_int_equal(count_rows("head-county", "?scope=waiting"), 1);
    assert_int_equal(
        count_rows("chen", "?scope=waiting"), 0); /* who taught is not asked */
    s = learning("tashi", "?scope=waiting");
    assert_string_equal(part(parts_of(row_of(s), "aim", 0), "asked"), "");
    assert_string_equal(part(parts_of(row_of(s), "aim", 1), "asked"), "3");
    said_free(s);
    no_step("tashi", id, "used", ANSWER("1", "3", "true"), 400); /* the logbook tells */
    no_step("tashi", id, "used", ANSWER("9", "3", "true"), 400);
    no_step("tashi", id, "used", ANSWER("2", "4", "true"), 400);
    no_step("tashi", id, "used", ANSWER("2", "6", "true"), 409);
    no_step("head-twin", id, "used", ANSWER("2", "3", "true"), 403);
    step("tashi", id, "used",
        ANSWER("2", "3", "true") "," TEXT("word", "Every morning"));
    assert_int_equal(count_rows("tashi", "?scope=waiting"), 0);
    assert_int_equal(count_rows("head-county", "?scope=waiting"), 1);
    s = learning("chen", "?scope=supervised");
    assert_string_equal(use(s, 1, 0, "state"), "used");
    assert_string_equal(
        part(parts_of(parts_of(parts_of(row_of(s), "aim", 1), "use", 0), "answer", 0),
            "by"),
        "Practitioner/tashi");
    said_free(s);
    step("head-county", id, "used", ANSWER("2", "3", "false"));
    s = learning("chen", "?scope=supervised");
    assert_string_equal(use(s, 1, 0, "state"), "unclear");
    said_free(s);
    step(
        "head-county", id, "used", ANSWER("2", "3", "true")); /* corrected, not added */
    s = learning("chen", "?scope=supervised");
    assert_string_equal(use(s, 1, 0, "state"), "used");
    assert_null(
        parts_of(parts_of(parts_of(row_of(s), "aim", 1), "use", 0), "answer", 2));
    said_free(s);
    at(2027, 2, 28);
    assert_int_equal(count_rows("tashi", "?scope=waiting"), 1); /* a year after */
    at(2027, 10, 1);
    assert_int_equal(count_rows("tashi", "?scope=waiting"), 0); /* asked long enough */
}

static void test_what_waits(void **state)
{
    const char *course = NULL;
    const char *id = NULL;
    struct said *s = NULL;

    (void)state;
    course = plan("chen", PLAN);
    id = enrol("chen", course, TASHI);
    s = learning("tashi", "?scope=waiting");
    assert_string_equal(part(row_of(s), "waits"), "accept");
    assert_string_equal(part(row_of(s), "may"), "accept");
    said_free(s);
    assert_int_equal(count_rows("chen", "?scope=waiting"), 0);
    step("tashi", id, "accept", "");
    assert_int_equal(count_rows("tashi", "?scope=waiting"), 0);
    at(2026, 3, 31);
    assert_int_equal(count_rows("chen", "?scope=waiting"), 0); /* the last day */
    at(2026, 4, 1);
    s = learning("chen", "?scope=waiting");
    assert_string_equal(part(row_of(s), "waits"), "result");
    said_free(s);
    assert_int_equal(count_rows("head-twin", "?scope=waiting"), 0);
    step("chen", id, "complete", TRUTH("passed", "true"));
    assert_int_equal(count_rows("chen", "?scope=waiting"), 0);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, open_network, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(test_plan),
        EACH(test_plan_refuses),
        EACH(test_course_once),
        EACH(test_courses_are_of_both_sides),
        EACH(test_enrol),
        EACH(test_room),
        EACH(test_steps),
        EACH(test_few_taps),
        EACH(test_who_reads),
        EACH(test_use_of_a_procedure),
        EACH(test_use_needs_agreement),
        EACH(test_use_that_is_asked),
        EACH(test_what_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
