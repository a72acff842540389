/* SPDX-License-Identifier: Apache-2.0 */
/* Course/$figures: persons beside person-courses, for whom, and what is hidden. */
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
    assert_string_equal(figure(s, "Organization/county", "sent"), "12");
    assert_string_equal(figure(s, "Organization/twin", "persons"), "9");
    assert_string_equal(total(s, "persons"), "21");
    assert_string_equal(total(s, "person-courses"), "22");
    assert_string_equal(total(s, "looked"), "0");
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

#define EACH(f) cmocka_unit_test_setup_teardown(f, open_network, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(test_figures),
        EACH(test_small_figures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
