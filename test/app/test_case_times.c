/* SPDX-License-Identifier: Apache-2.0 */
/* What is promised to a case: what the pairing of its two sides agreed on, else the usual. */
#include "case.h"
#include "engine/clock/clock.h"

#define MINUTE (60 * 1000LL)

/* The pairing ${id} of ${one} and ${other}: ${take} and ${answer} minutes for the urgent ones; ${more}: other members. */
static const char *pairing(const char *id, const char *one, const char *other, int take,
    int answer, const char *more)
{
    return arena_printf(arena,
        "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"%s\",%s"
        "\"organization\":{\"reference\":\"Organization/%s\"},"
        "\"participatingOrganization\":{\"reference\":\"Organization/%s\"},"
        "\"extension\":[{\"url\":\"https://belay.health/StructureDefinition/"
        "case-times\","
        "\"extension\":[{\"url\":\"urgency\",\"valueCode\":\"urgent\"},{\"url\":"
        "\"allocate-minutes\",\"valuePositiveInt\":%d},{\"url\":\"answer-minutes\","
        "\"valuePositiveInt\":%d}]}]}",
        id, more, one, other, take, answer);
}

static void put_pairing(
    const char *id, const char *one, const char *other, int take, int answer)
{
    write_as(NULL, APP_PUT, arena_printf(arena, "OrganizationAffiliation/%s", id),
        pairing(id, one, other, take, answer, "\"active\":true,"), 201);
}

/* The minutes that are promised to a new case for ${performer}. */
static void promised(const char *performer, const char *priority, int take, int answer)
{
    static int made;
    const char *id = arena_printf(arena, "case-%d", made++);
    struct said *s = NULL;
    struct case_clock c = {0};

    put_draft(id, "pema", performer, priority);
    s = step_status("nima", id, "send", NULL, 200);
    assert_true(case_clock_read(s->json, &c));
    if (c.allocate_by != NOW + take * MINUTE || c.answer_by != NOW + answer * MINUTE)
        fail_msg("%s, %s: %d and %d minutes", performer, priority,
            (int)((c.allocate_by - NOW) / MINUTE), (int)((c.answer_by - NOW) / MINUTE));
    assert_int_equal(c.times.answer_seconds, answer * 60);
    said_free(s);
}

#define SURGERY "Organization/twin-surgery"
#define MEDICINE "Organization/twin-medicine"

static void the_pairing_of_the_two_sides_is_asked(void **state)
{
    (void)state;
    promised(SURGERY, "urgent", 30, 240);
    put_pairing("far", "twin-surgery", "abroad", 1, 2); /* not the hospital that asks */
    promised(SURGERY, "urgent", 30, 240);
    put_pairing("hospitals", "twin", "county", 20, 120);
    promised(SURGERY, "urgent", 20, 120);
    promised(MEDICINE, "asap", 20, 120);
    promised("PractitionerRole/role-chen", "urgent", 20, 120);
    promised(SURGERY, "routine", 30, 24 * 60); /* of these it says nothing */
    promised(SURGERY, "stat", 5, 15);
    put_pairing("departments", "county-surgery", "twin-surgery", 40, 300);
    promised(SURGERY, "urgent", 40, 300); /* nearer, though longer */
    promised(MEDICINE, "urgent", 20, 120);
    put_pairing("beside", "twin-surgery", "county", 45, 200);
    promised(SURGERY, "urgent", 45, 200); /* beside each other: the shortest answer */
}

static void only_what_is_in_force(void **state)
{
    static const char *const more[] = {"\"active\":false,",
        "\"period\":{\"end\":\"2025-12-31\"},",
        "\"period\":{\"start\":\"2026-02-01\"},"};

    (void)state;
    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
        write_as(NULL, APP_PUT, "OrganizationAffiliation/turn",
            pairing("turn", "twin", "county", 20, 120, more[i]), i ? 200 : 201);
        promised(SURGERY, "urgent", 30, 240);
    }
    write_as(NULL, APP_PUT, "OrganizationAffiliation/turn",
        pairing("turn", "twin", "county", 20, 120,
            "\"period\":{\"start\":\"2025-02-01\"},"),
        200);
    promised(SURGERY, "urgent", 20, 120);
}

/* What was promised stays promised, whatever is agreed on later. */
static void a_clock_that_runs_is_left_alone(void **state)
{
    struct case_clock c = {0};
    struct said *s = NULL;

    (void)state;
    put_pairing("hospitals", "twin", "county", 20, 120);
    put_draft("runs", "pema", SURGERY, "urgent");
    step("nima", "runs", "send", NULL);
    write_as(NULL, APP_PUT, "OrganizationAffiliation/hospitals",
        pairing("hospitals", "twin", "county", 10, 20, "\"active\":true,"), 200);
    time_hold(NOW + 5 * MINUTE);
    step("chen", "runs", "accept", NULL);
    s = step_status("chen", "runs", "reroute",
        P_TO("twin-medicine") "," P_TEXT("reason", "It is the heart"), 200);
    assert_true(case_clock_read(s->json, &c));
    assert_int_equal(c.allocate_by, NOW + 25 * MINUTE);
    assert_int_equal(c.answer_by, NOW + 125 * MINUTE);
    said_free(s);
    time_hold(NOW);
    promised(SURGERY, "urgent", 10, 20); /* a new one */
}

static void what_cannot_be_is_refused_when_it_is_written(void **state)
{
    struct said *s = NULL;
    const char *wrong = pairing("wrong", "twin", "county", 120, 20, "\"active\":true,");

    (void)state;
    s = said_status(as(NULL, (struct ask){.method = APP_PUT,
                                 .path = "OrganizationAffiliation/wrong",
                                 .body = wrong}),
        400);
    assert_string_equal(
        said_text(s, "issue.0.expression.0"), "OrganizationAffiliation.extension");
    assert_non_null(strstr(said_text(s, "issue.0.diagnostics"), "answer-minutes"));
    said_free(s);
}

int main(void)
{
#define IN_NETWORK(test)                                                               \
    cmocka_unit_test_setup_teardown(test, open_network, close_network)
    const struct CMUnitTest tests[] = {
        IN_NETWORK(the_pairing_of_the_two_sides_is_asked),
        IN_NETWORK(only_what_is_in_force),
        IN_NETWORK(a_clock_that_runs_is_left_alone),
        IN_NETWORK(what_cannot_be_is_refused_when_it_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
