/* SPDX-License-Identifier: Apache-2.0 */
/* Course/$figures and $taught: persons beside person-courses, for whom, and what is hidden. */
#include "logbook.h"

#define DAY_MS 86400000LL

/* Somebody of ${unit}, under the number ${n}, who passed ${courses} courses. */
static void put_passed(int n, const char *unit, int courses)
{
    const char *id = arena_printf(arena, "p%d", n);

    write_as(NULL, APP_PUT, arena_printf(arena, "Practitioner/%s", id),
        arena_printf(arena, "{\"resourceType\":\"Practitioner\",\"id\":\"%s\"}", id),
        201);
    for (int i = 0; i < courses; i++)
        write_as(NULL, APP_POST, "Enrolment",
            arena_printf(arena,
                "{\"resourceType\":\"Enrolment\",\"status\":\"completed\",\"course\":{"
                "\"reference\":\"Course/placement\"},\"person\":{\"reference\":"
                "\"Practitioner/%s\"},\"learningDepartment\":{\"reference\":"
                "\"Organization/%s\"},\"period\":{\"start\":\"2026-02-0%d\",\"end\":"
                "\"2026-02-2%d\"},\"result\":{\"passed\":true,\"by\":{\"reference\":"
                "\"Practitioner/chen\"},\"on\":\"2026-03-01\"}}",
                id, unit, i + 1, i + 1),
            201);
}

static const char *figure(struct said *s, const char *hospital, const char *name)
{
    for (int i = 0;; i++) {
        const struct json *parts =
            parts_of(json_get(s->json, "parameter"), "hospital", i);

        if (!parts)
            return "not named";
        if (strcmp(part(parts, "hospital"), hospital) == 0)
            return part(parts, name);
    }
}

static const char *total(struct said *s, const char *name)
{
    return part(parts_of(json_get(s->json, "parameter"), "total", 0), name);
}

static struct said *figures(const char *person, const char *period)
{
    return said_status(
        get_as(person, arena_printf(arena, "Course/$figures?period=%s", period)), 200);
}

/* 12 persons of the county passed 13 courses, 9 of the twin one each. */
static void put_figures(void)
{
    for (int i = 0; i < 12; i++)
        put_passed(i, "county-surgery", i == 0 ? 2 : 1);
    for (int i = 12; i < 21; i++)
        put_passed(i, "twin-surgery", 1);
    time_hold(time_days(2026, 4, 2) * DAY_MS);
}

static void test_figures(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_figures();
    s = figures("coordinator", "2026-Q1");
    assert_string_equal(figure(s, "Organization/county", "persons"), "12");
    assert_string_equal(figure(s, "Organization/county", "person-courses"), "13");
    assert_string_equal(figure(s, "Organization/county", "persons-sent"), "12");
    assert_string_equal(figure(s, "Organization/twin", "persons"), "9");
    assert_string_equal(total(s, "persons"), "21");
    assert_string_equal(total(s, "person-courses"), "22");
    assert_string_equal(total(s, "persons-looked"), "0");
    said_free(s);
    s = figures("director", "2026-Q1"); /* their own alone */
    assert_string_equal(figure(s, "Organization/county", "persons"), "12");
    assert_string_equal(figure(s, "Organization/twin", "persons"), "not named");
    assert_string_equal(total(s, "persons"), "12");
    said_free(s);
    refused("nima", "Course/$figures", "", 405);
    said_free(said_status(get_as("nima", "Course/$figures?period=2026-Q1"), 403));
    said_free(said_status(get_as("chen", "Course/$figures?period=2026-Q1"), 403));
    said_free(said_status(get_as("coordinator", "Course/$figures"), 400));
    said_free(
        said_status(get_as("coordinator", "Course/$figures?period=2026-Q2"), 400));
    said_free(said_status(
        get_as("coordinator", "Course/$figures?period=2026-Q1&kind=online"), 400));
    s = figures(NULL, "2025-Q4");
    assert_string_equal(total(s, "persons"), "0");
    said_free(s);
}

/* Three persons at one more hospital: their count is hidden, and so is what would give it
 * away. */
static void test_small_figures(void **state)
{
    struct said *s = NULL;

    (void)state;
    time_hold(NOW);
    put_figures();
    for (int i = 30; i < 33; i++)
        put_passed(i, "abroad-surgery", 1);
    s = figures("coordinator", "2026-Q1");
    assert_string_not_equal(figure(s, "Organization/abroad", "persons"), "3");
    assert_string_not_equal(figure(s, "Organization/abroad", "person-courses"), "3");
    assert_string_equal(total(s, "persons"), "24");
    assert_string_equal(total(s, "person-courses"), "masked");
    /* with all three shown but one, it could be taken off */
    assert_true(strcmp(figure(s, "Organization/county", "persons"), "12") != 0 ||
                strcmp(figure(s, "Organization/twin", "persons"), "9") != 0);
    said_free(s);
}

/* ---- persons and person-courses ---- */

static void put_course(const char *id, const char *kind)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "Course/%s", id),
        arena_printf(arena,
            "{\"resourceType\":\"Course\",\"id\":\"%s\",\"status\":\"held\",\"kind\":"
            "\"%s\","
            "\"title\":\"T\",\"organiser\":[{\"reference\":\"Organization/"
            "twin-surgery\"}]}",
            id, kind),
        201);
}

/* ${person}, of the county, in ${course}, taught by ${teaching}; ${rest}: more members. */
static void put_in(
    const char *person, const char *course, const char *teaching, const char *rest)
{
    said_free(as(
        NULL, (struct ask){.method = APP_PUT,
                  .path = arena_printf(arena, "Practitioner/%s", person),
                  .body = arena_printf(arena,
                      "{\"resourceType\":\"Practitioner\",\"id\":\"%s\"}", person)}));
    write_as(NULL, APP_POST, "Enrolment",
        arena_printf(arena,
            "{\"resourceType\":\"Enrolment\",\"status\":\"completed\",\"course\":{"
            "\"reference\":\"Course/%s\"},\"person\":{\"reference\":\"Practitioner/"
            "%s\"},"
            "\"learningDepartment\":{\"reference\":\"Organization/county-surgery\"},"
            "\"teachingDepartment\":{\"reference\":\"Organization/%s\"},%s}",
            course, person, teaching, rest),
        201);
}

#define PASSED                                                                         \
    "\"period\":{\"start\":\"2026-02-01\",\"end\":\"2026-02-20\"},\"result\":{"        \
    "\"passed\":"                                                                      \
    "true,\"by\":{\"reference\":\"Practitioner/chen\"},\"on\":\"2026-03-01\"}"

/* One person in three courses, three persons in one course. */
static void put_one_in_three_and_three_in_one(void)
{
    put_course("a", "placement");
    put_course("b", "placement");
    put_course("c", "placement");
    put_course("d", "workshop");
    put_in("one", "a", "twin-surgery", PASSED);
    put_in("one", "b", "twin-surgery", PASSED);
    put_in("one", "c", "twin-surgery", PASSED);
    put_in("first", "d", "twin-surgery", PASSED);
    put_in("second", "d", "twin-surgery", PASSED);
    put_in("third", "d", "twin-surgery", PASSED);
    time_hold(time_days(2026, 4, 2) * DAY_MS);
}

static struct said *taught(const char *person, const char *period)
{
    return said_status(
        get_as(person, arena_printf(arena, "Course/$taught?period=%s", period)), 200);
}

/* The part ${which}, number ${at}, of ${hospital}. */
static const struct json *part_of(
    struct said *s, const char *hospital, const char *which, int at)
{
    for (int i = 0;; i++) {
        const struct json *parts =
            parts_of(json_get(s->json, "parameter"), "hospital", i);

        if (!parts)
            return NULL;
        if (strcmp(part(parts, "hospital"), hospital) == 0)
            return parts_of(parts, which, at);
    }
}

#define KIND(at, name) part(part_of(s, "Organization/twin", "kind", at), name)
#define USE(at, name) part(part_of(s, "Organization/twin", "use", at), name)
#define WORKSHOP 1
#define PLACEMENT 3

static void test_persons_are_no_person_courses(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_one_in_three_and_three_in_one();
    for (int i = 0; i < 5; i++)
        put_in(arena_printf(arena, "more-%d", i), "a", "twin-surgery", PASSED);
    s = figures(
        "coordinator", "2026-Q1"); /* 1 and 3 and 5 persons; 3 and 3 and 5 seats */
    assert_string_equal(figure(s, "Organization/county", "persons"), "9");
    assert_string_equal(figure(s, "Organization/county", "person-courses"), "11");
    assert_string_equal(figure(s, "Organization/county", "persons-sent"), "6");
    assert_string_equal(total(s, "persons"), "9");
    assert_string_equal(total(s, "person-courses"), "11");
    said_free(s);
    s = taught("coordinator", "2026-Q1");
    assert_string_equal(figure(s, "Organization/twin", "persons"), "9");
    assert_string_equal(figure(s, "Organization/twin", "person-courses"), "11");
    /* three in the workshop are few: no kind is told, since the other is the rest */
    assert_string_equal(KIND(WORKSHOP, "persons"), "masked");
    assert_string_equal(KIND(PLACEMENT, "persons"), "masked");
    assert_string_equal(KIND(PLACEMENT, "person-courses"), "masked");
    said_free(s);
    put_in("fourth", "d", "twin-surgery", PASSED);
    put_in("one", "d", "twin-surgery", PASSED); /* in both kinds: once in each */
    s = taught("coordinator", "2026-Q1");
    assert_string_equal(figure(s, "Organization/twin", "persons"), "10");
    assert_string_equal(figure(s, "Organization/twin", "person-courses"), "13");
    assert_string_equal(KIND(WORKSHOP, "kind"), "workshop");
    assert_string_equal(KIND(WORKSHOP, "persons"), "5");
    assert_string_equal(KIND(WORKSHOP, "person-courses"), "5");
    assert_string_equal(KIND(PLACEMENT, "kind"), "placement");
    assert_string_equal(KIND(PLACEMENT, "persons"), "6");
    assert_string_equal(KIND(PLACEMENT, "person-courses"), "8");
    assert_string_equal(KIND(0, "persons"), "0");
    said_free(s);
}

/* Four persons alone, whatever they took: nothing of them is told. */
static void test_few_are_hidden(void **state)
{
    static const char *const names[] = {"persons", "person-courses"};
    struct said *s = NULL;

    (void)state;
    put_one_in_three_and_three_in_one();
    s = figures("coordinator", "2026-Q1");
    for (size_t i = 0; i < 2; i++) {
        assert_string_not_equal(figure(s, "Organization/county", names[i]), "4");
        assert_string_not_equal(figure(s, "Organization/county", names[i]), "6");
        assert_string_equal(total(s, names[i]), "masked");
    }
    said_free(s);
    s = taught("coordinator", "2026-Q1"); /* one row with few: no row at all */
    assert_string_equal(figure(s, "Organization/twin", "persons"), "not named");
    said_free(s);
    /* beside one with many: both are hidden, so that nothing is the rest */
    for (int i = 0; i < 7; i++)
        put_in(arena_printf(arena, "at-home-%d", i), "a", "county-surgery", PASSED);
    for (int i = 0; i < 8; i++)
        put_in(arena_printf(arena, "abroad-%d", i), "a", "abroad-surgery", PASSED);
    s = taught("coordinator", "2026-Q1");
    assert_string_equal(figure(s, "Organization/twin", "persons"), "masked");
    assert_string_equal(figure(s, "Organization/twin", "person-courses"), "masked");
    assert_string_equal(KIND(PLACEMENT, "persons"), "masked");
    assert_string_equal(KIND(2, "persons"), "masked"); /* not even that nobody did */
    assert_true(strcmp(figure(s, "Organization/county", "persons"), "masked") == 0 ||
                strcmp(figure(s, "Organization/abroad", "persons"), "masked") == 0);
    said_free(s);
}

/* ---- use after return, by who taught ---- */

/* ${count} persons back on ${end}, ${use} of whom say at ${month} that it is used. */
static void put_returned(int month, const char *end, int count, int use)
{
    for (int i = 0; i < count; i++)
        put_in(arena_printf(arena, "back-%d-%d", month, i), "a", "twin-surgery",
            arena_printf(arena,
                "\"period\":{\"start\":\"2025-01-02\",\"end\":\"%s\"},\"accepted\":{"
                "\"by\":{\"reference\":\"Practitioner/tashi\"},\"on\":\"2025-01-01\"},"
                "\"result\":{\"passed\":true,\"by\":{\"reference\":\"Practitioner/"
                "chen\"},"
                "\"on\":\"%s\"},\"aim\":[{\"number\":1,\"text\":\"T\"}],\"used\":[{"
                "\"aim\":1,"
                "\"month\":%d,\"used\":%s,\"by\":{\"reference\":\"Practitioner/"
                "tashi\"},"
                "\"as\":\"person\",\"on\":\"2026-02-16\"}]",
                end, end, month, i < use ? "true" : "false"));
}

static void test_use_by_who_taught(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_course("a", "placement");
    put_returned(3, "2025-11-15", 10, 5); /* each looked at on 15 February */
    put_returned(6, "2025-08-15", 12, 6);
    put_returned(12, "2025-02-15", 14, 9);
    time_hold(time_days(2026, 4, 2) * DAY_MS);
    s = taught("coordinator", "2026-Q1");
    assert_string_equal(
        figure(s, "Organization/twin", "persons"), "0"); /* passed earlier */
    assert_string_equal(USE(0, "month"), "3");
    assert_string_equal(USE(0, "persons-looked"), "10");
    assert_string_equal(USE(0, "persons-used"), "5");
    assert_string_equal(USE(1, "month"), "6");
    assert_string_equal(USE(1, "persons-looked"), "12");
    assert_string_equal(USE(1, "persons-used"), "6");
    assert_string_equal(USE(2, "month"), "12");
    assert_string_equal(USE(2, "persons-looked"), "14");
    assert_string_equal(USE(2, "persons-used"), "9");
    said_free(s);
    s = figures("coordinator", "2026-Q1"); /* those 36 by where they work */
    assert_string_equal(figure(s, "Organization/county", "persons-looked"), "36");
    assert_string_equal(figure(s, "Organization/county", "persons-used"), "20");
    said_free(s);
    s = taught("coordinator", "2025-Q4"); /* none of the looks ended in it */
    assert_string_equal(USE(0, "persons-looked"), "0");
    said_free(s);
    put_in("back-3-0", "a", "twin-surgery",
        PASSED); /* one passes another: hidden, and with it */
    s = taught("coordinator", "2026-Q1");
    assert_string_equal(figure(s, "Organization/twin", "persons"), "not named");
    said_free(s);
}

static void test_few_uses_are_hidden(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_course("a", "placement");
    put_returned(3, "2025-11-15", 10, 5);
    put_returned(6, "2025-08-15", 12, 9); /* three do not */
    time_hold(time_days(2026, 4, 2) * DAY_MS);
    s = taught("coordinator", "2026-Q1");
    for (int i = 0; i < 3; i++) {
        assert_string_equal(USE(i, "persons-looked"), "masked");
        assert_string_equal(USE(i, "persons-used"), "masked");
    }
    said_free(s);
}

static void test_taught_is_for_whom(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_course("a", "placement");
    for (int i = 0; i < 6; i++)
        put_in(arena_printf(arena, "x-%d", i), "a", "twin-surgery", PASSED);
    for (int i = 0; i < 5; i++)
        put_in(arena_printf(arena, "y-%d", i), "a", "county-surgery", PASSED);
    put_in("x-0", "a", "county-surgery", PASSED); /* taught by both: counts at each */
    time_hold(time_days(2026, 4, 2) * DAY_MS);
    s = taught("coordinator", "2026-Q1");
    assert_string_equal(figure(s, "Organization/twin", "persons"), "6");
    assert_string_equal(figure(s, "Organization/county", "persons"), "6");
    assert_null(parts_of(json_get(s->json, "parameter"), "total", 0));
    said_free(s);
    s = taught("director", "2026-Q1"); /* what their own hospital taught */
    assert_string_equal(figure(s, "Organization/county", "persons"), "6");
    assert_string_equal(figure(s, "Organization/twin", "persons"), "not named");
    said_free(s);
    said_free(said_status(get_as("nima", "Course/$taught?period=2026-Q1"), 403));
    said_free(said_status(get_as("head-twin", "Course/$taught?period=2026-Q1"), 403));
    said_free(said_status(get_as("coordinator", "Course/$taught"), 400));
    said_free(said_status(get_as("coordinator", "Course/$taught?period=2026-Q2"), 400));
    said_free(said_status(
        get_as("coordinator", "Course/$taught?period=2026-Q1&person=x"), 400));
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, open_network, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(test_figures),
        EACH(test_small_figures),
        EACH(test_persons_are_no_person_courses),
        EACH(test_few_are_hidden),
        EACH(test_use_by_who_taught),
        EACH(test_few_uses_are_hidden),
        EACH(test_taught_is_for_whom),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
