/* SPDX-License-Identifier: Apache-2.0 */
/* Nights and duties alone in the first days at a height are refused to who plans them. */
#include "roster.h"

#define HOURS(from, until)                                                             \
    "\"availableTime\":[{\"availableStartTime\":\"" from                               \
    ":00:00\",\"availableEndTime\":\"" until ":00:00\"}],"

/* Wang's post in surgery from the day ${from} on, with ${hours}; the answer. */
static struct said *plan_wang(
    const char *person, const char *id, const char *from, const char *hours)
{
    return as(person,
        (struct ask){.method = APP_PUT,
            .path = arena_printf(arena, "PractitionerRole/%s", id),
            .body = arena_printf(arena,
                "{\"resourceType\":\"PractitionerRole\",\"id\":\"%s\",\"active\":true,"
                "\"practitioner\":{\"reference\":\"Practitioner/wang\"},"
                "\"organization\":{\"reference\":\"Organization/county-surgery\"},"
                "\"code\":[{\"coding\":[{\"system\":\"" SYSTEM
                "role\",\"code\":\"expert\"}]}],%s\"period\":{\"start\":\"%s\",\"end\":"
                "\"2026-05-31\"},\"extension\":[{\"url\":"
                "\"https://belay.health/StructureDefinition/posting-team\","
                "\"valueReference\":{\"reference\":\"Organization/team-8\"}}]}",
                id, hours, from)});
}

static void assert_planned(const char *person, const char *from, const char *hours,
    int status, const char *why)
{
    static int count = 10; /* an id that was deleted is not given again */
    const char *id =
        arena_printf(arena, "6f0a3f0e-3c1d-4d5e-8a43-0d7c0a9a1b%d", count++);
    struct said *s = said_status(plan_wang(person, id, from, hours), status);

    if (why && !strstr(said_text(s, "issue.0.diagnostics"), why))
        fail_msg("%s", said_text(s, "issue.0.diagnostics"));
    said_free(s);
    if (status < 300)
        said_free(said_status(
            as(NULL, (struct ask){.method = APP_DELETE,
                         .path = arena_printf(arena, "PractitionerRole/%s", id)}),
            204));
}

/* Everybody has left the surgery of the county. */
static void empty_surgery(void)
{
    static const char *const roles[] = {"role-nima", "role-sonam", "role-future",
        "role-head-county", "role-tashi", "posting-chen"};

    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
        said_free(as(
            NULL, (struct ask){.method = APP_DELETE,
                      .path = arena_printf(arena, "PractitionerRole/%s", roles[i])}));
}

/* Nights of the first days and duties alone in them are refused to who plans them, where it
 * is high; by day beside others, later, and as leave they are planned. */
static void test_refused(void **state)
{
    (void)state;
    put_arrival("4500");
    assert_planned(
        "coordinator", "2026-01-10", HOURS("20", "08"), 400, "would be a night");
    assert_planned("coordinator", "2026-01-10", HOURS("20", "08"), 400, "4500 m");
    assert_planned("coordinator", "2026-01-10", HOURS("20", "08"), 400, "2026-01-13");
    assert_planned("coordinator", "2026-01-10", HOURS("09", "17"), 201, NULL);
    assert_planned(
        "coordinator", "2025-12-10", HOURS("20", "08"), 201, NULL); /* long there */
    assert_planned("coordinator", "2026-01-10",
        HOURS(
            "20", "08") "\"notAvailable\":[{\"description\":\"First days\",\"during\":{"
                        "\"start\":\"2026-01-09\",\"end\":\"2026-01-14\"}}],",
        201, NULL);
    assert_planned(NULL, "2026-01-10", HOURS("20", "08"), 201, NULL); /* as it is */
    empty_surgery();
    assert_planned("coordinator", "2026-01-10", HOURS("09", "17"), 400, "one alone");
}

static void test_planned_low(void **state)
{
    (void)state;
    put_arrival("2400");
    empty_surgery();
    assert_planned("coordinator", "2026-01-10", HOURS("20", "08"), 201, NULL);
}

/* What was written before stays, is read and told, and may be changed in anything else; that
 * somebody has come later than planned is told as it was. */
static void test_refused_later(void **state)
{
    const char *id = "0e9d2f6c-8f43-4c1b-9f0e-2c9b1f8d6a11";
    const char *path = arena_printf(arena, "PractitionerRole/%s", id);
    struct said *s = NULL;

    (void)state;
    put_arrival("4500");
    said_free(said_status(plan_wang(NULL, id, "2026-01-10", HOURS("20", "08")), 201));
    s = roster("coordinator", "team-8/$roster");
    assert_string_equal(
        part(parts_of(parts_of(listed(s, "posting", 1), "acclimatisation", 0),
                 "not-counted", 0),
            "why"),
        "night");
    said_free(s);
    said_free(said_status(get_as("coordinator", path), 200));
    /* more of the same, but no other nights */
    said_free(said_status(
        as("coordinator",
            (struct ask){.method = APP_PATCH,
                .path = path,
                .format = APP_JSON_PATCH,
                .body = "[{\"op\":\"replace\",\"path\":\"/period/end\",\"value\":"
                        "\"2026-04-30\"}]"}),
        200));
    said_free(said_status(
        as("coordinator",
            (struct ask){.method = APP_PATCH,
                .path = path,
                .format = APP_JSON_PATCH,
                .body = "[{\"op\":\"add\",\"path\":\"/extension/-\",\"value\":{"
                        "\"url\":\"https://belay.health/StructureDefinition/"
                        "arrived\",\"valueDate\":\"2026-01-12\"}}]"}),
        200));
    said_free(
        said_status(as("coordinator",
                        (struct ask){.method = APP_PATCH,
                            .path = path,
                            .format = APP_JSON_PATCH,
                            .body = "[{\"op\":\"replace\",\"path\":\"/availableTime/0/"
                                    "availableStartTime\",\"value\":\"21:00:00\"}]"}),
            400));
}

/* ---- fit for the height ---- */

static void assert_waits(const char *person, const char *id)
{
    struct said *s = said_status(get_as(person, "PractitionerRole/$waiting"), 200);

    assert_string_equal(part(listed(s, "posting", 0), "id"), id);
    assert_null(listed(s, "posting", 1));
    said_free(s);
}

/* Whoever comes soon and of whom no doctor has said it waits for those who may, and for nobody
 * else; who comes much later does not yet. */
static void test_fitness_waiting(void **state)
{
    static const char *const nobody[] = {
        "wang", "coordinator", "director", "admin", "dawa", "azamat"};
    const char *id = "0e9d2f6c-8f43-4c1b-9f0e-2c9b1f8d6a12";
    struct said *s = NULL;

    (void)state;
    put_arrival("4500"); /* chen: decided */
    assert_waits("nima", "");
    said_free(said_status(
        plan_wang(NULL, "0e9d2f6c-8f43-4c1b-9f0e-2c9b1f8d6a13", "2026-04-10", ""),
        201));
    assert_waits("nima", "");
    said_free(said_status(plan_wang(NULL, id, "2026-01-10", ""), 201));
    assert_waits("nima", id);
    assert_waits("head-county", id);
    for (size_t i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++)
        assert_waits(nobody[i], "");
    s = said_status(get_as("nima", "PractitionerRole/$waiting"), 200);
    assert_string_equal(part(listed(s, "posting", 0), "person"), "Practitioner/wang");
    assert_string_equal(
        part(listed(s, "posting", 0), "hospital"), "Organization/county");
    assert_string_equal(part(listed(s, "posting", 0), "altitude"), "4500");
    assert_string_equal(part(listed(s, "posting", 0), "first-day"), "2026-01-10");
    said_free(s);
    said_free(said_status(get_as("nima", "PractitionerRole/$waiting?x=y"), 400));
    said_free(
        post_status("nima", arena_printf(arena, "PractitionerRole/%s/$fitness", id),
            CODE("outcome", "conditions"), 200));
    assert_waits("nima", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_refused, open_network, close_network),
        cmocka_unit_test_setup_teardown(test_planned_low, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_refused_later, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            test_fitness_waiting, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
