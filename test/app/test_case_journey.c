/* SPDX-License-Identifier: Apache-2.0 */
/* A case from asking to closing: what each step leaves in its records. */
#include "case.h"
#include "engine/clock/clock.h"

#define MINUTE (60 * 1000LL)

static struct case_clock clock_of(struct said *task)
{
    struct case_clock c = {0};

    assert_true(case_clock_read(task->json, &c));
    return c;
}

static const char *extension(struct said *s, const char *name, const char *path)
{
    for (size_t i = 0; i < said_count(s, "extension"); i++) {
        const char *url = said_text(s, arena_printf(arena, "extension.%zu.url", i));

        if (strstr(url, name))
            return said_text(s, arena_printf(arena, "extension.%zu.%s", i, path));
    }
    return "";
}

static void sent(void)
{
    struct said *s = step_status("nima", "one", "send", NULL, 200);
    struct case_clock c = clock_of(s);

    assert_string_equal(said_text(s, "resourceType"), "Task");
    assert_string_equal(said_text(s, "id"), "one");
    assert_string_equal(said_text(s, "status"), "requested");
    assert_string_equal(said_text(s, "businessStatus.coding.0.code"), "sent");
    assert_string_equal(said_text(s, "focus.reference"), "ServiceRequest/one");
    assert_string_equal(said_text(s, "for.reference"), "Patient/pema");
    assert_string_equal(said_text(s, "requester.reference"), "Practitioner/nima");
    assert_string_equal(said_text(s, "owner.reference"), "Organization/twin-surgery");
    assert_string_equal(said_text(s, "priority"), "urgent");
    assert_string_equal(said_text(s, "description"), "Is it a fracture?");
    assert_string_equal(
        extension(s, "case-sides", "extension.0.valueReference.reference"),
        "Organization/county");
    assert_string_equal(
        extension(s, "case-sides", "extension.1.valueReference.reference"),
        "Organization/twin-surgery");
    assert_int_equal(c.sent, NOW);
    assert_int_equal(c.allocate_by, NOW + 30 * MINUTE);
    said_free(s);
    said_free(said_status(get_as("chen", "ServiceRequest/one"), 200));
    said_free(said_status(get_as("chen", "Task/one"), 200));
}

static void accepted_and_asked_back(void)
{
    struct said *s = NULL;
    struct case_clock c;

    time_hold(NOW + 5 * MINUTE);
    s = step_status("chen", "one", "accept", NULL, 200);
    assert_string_equal(said_text(s, "owner.reference"), "Practitioner/chen");
    assert_string_equal(said_text(s, "status"), "accepted");
    c = clock_of(s);
    assert_int_equal(c.allocated, NOW + 5 * MINUTE);
    assert_int_equal(c.next, NOW + 240 * MINUTE);
    said_free(s);
    s = step_status("chen", "one", "ask-back", P_TEXT("text", "Can he move it?"), 200);
    assert_string_equal(said_text(s, "status"), "on-hold");
    said_free(s);
    time_hold(NOW + 15 * MINUTE);
    s = step_status("nima", "one", "inform", P_TEXT("text", "A little"), 200);
    c = clock_of(s);
    assert_int_equal(c.paused_seconds, 600);
    assert_int_equal(c.answer_by, NOW + 250 * MINUTE);
    assert_string_equal(said_text(s, "owner.reference"), "Practitioner/chen");
    said_free(s);
    step("nima", "one", "message", P_TEXT("text", "It is swollen"));
    step("chen", "one", "message", P_TEXT("text", "Thank you"));
}

static void answered(void)
{
    struct said *s = step_status("chen", "one", "answer", ANSWER, 200);
    const char *opinion = said_text(s, "output.0.valueReference.reference");
    struct said *o = said_status(get_as("nima", opinion), 200);

    assert_string_equal(said_text(s, "businessStatus.coding.0.code"), "answered");
    assert_string_equal(said_text(s, "output.0.type.coding.0.code"), "opinion");
    assert_string_equal(said_text(o, "summary"), "A greenstick fracture");
    assert_string_equal(said_text(o, "note.0.text"), "A splint for three weeks");
    assert_string_equal(said_text(o, "assessor.reference"), "Practitioner/chen");
    said_free(o);
    said_free(said_status(get_as("chen", opinion), 200));
    said_free(said_status(get_as("wang", opinion), 404));
    said_free(s);
}

static void followed_up_and_closed(void)
{
    struct said *s = NULL;

    step("nima", "one", "act", P_TEXT("text", "Splinted"));
    s = step_status("nima", "one", "outcome", OUTCOME, 200);
    assert_int_equal(said_count(s, "output"), 5);
    assert_string_equal(said_text(s, "output.1.valueCode"), "yes");
    said_free(s);
    said_free(said_status(get_as("chen", "ServiceRequest/one"), 200));
    s = step_status("nima", "one", "close", NULL, 200);
    assert_string_equal(said_text(s, "status"), "completed");
    said_free(s);
    s = said_status(get_as("nima", "ServiceRequest/one"), 200);
    assert_string_equal(said_text(s, "status"), "completed");
    said_free(s);
    said_free(said_status(get_as("chen", "ServiceRequest/one"), 404));
}

static void from_asking_to_closing(void **state)
{
    struct said *s = NULL;

    (void)state;
    put_draft("one", "pema", "Organization/twin-surgery", "urgent");
    said_free(said_status(get_as("chen", "ServiceRequest/one"), 404));
    sent();
    accepted_and_asked_back();
    answered();
    followed_up_and_closed();
    s = said_status(get_as("nima", "Communication?based-on=ServiceRequest/one"), 200);
    assert_int_equal(said_count(s, "entry"), 5);
    said_free(s);
    time_hold(NOW);
}

/* The node moves a case when its clock has run out, and not before. */
static void the_node_itself(void **state)
{
    struct err err = {0};
    struct said *s = NULL;

    (void)state;
    put_draft("late", "pema", "PractitionerRole/role-chen", "stat");
    step("nima", "late", "send", NULL);
    assert_int_equal(
        case_by_node(node.app, STR("late"), CASE_ESCALATE, NOW + 5 * MINUTE - 1, &err),
        E_CONFLICT);
    assert_int_equal(
        case_by_node(node.app, STR("late"), CASE_ESCALATE, NOW + 5 * MINUTE, &err), 0);
    s = said_status(get_as("head-twin", "Task/late"), 200);
    assert_int_equal(clock_of(s).level, 1);
    assert_int_equal(clock_of(s).next, NOW + 10 * MINUTE);
    assert_string_equal(said_text(s, "owner.reference"), "Organization/twin-surgery");
    said_free(s);
    assert_int_equal(case_by_node(node.app, STR("late"), CASE_EXPIRE,
                         NOW + 25LL * 60 * MINUTE, &err),
        0);
    assert_string_equal(state_of("late"), "expired");
    assert_int_equal(
        case_by_node(node.app, STR("none"), CASE_EXPIRE, NOW, &err), E_NOT_FOUND);
    said_free(step_status("nima", "late", "escalate", NULL, 404));
}

/* ---- steps of the past ---- */

static struct said *do_step_at(
    const char *person, const char *id, const char *name, utc_ms at)
{
    return said_by(person,
        &(struct app_call){.app = node.app,
            .method = APP_POST,
            .query = str_of(arena_printf(arena, "ServiceRequest/%s/$%s", id, name)),
            .at = at,
            .caller = {.name = STR("somebody"), .role = STR("program")}});
}

/* A post and a pairing of departments that have ended by now. */
static void put_what_was(void)
{
    write_as(NULL, APP_PUT, "Practitioner/was",
        "{\"resourceType\":\"Practitioner\",\"id\":\"was\"}", 201);
    write_as(NULL, APP_PUT, "PractitionerRole/role-was",
        "{\"resourceType\":\"PractitionerRole\",\"id\":\"role-was\","
        "\"period\":{\"start\":\"2025-01-01\",\"end\":\"2025-06-30\"},"
        "\"practitioner\":{\"reference\":\"Practitioner/was\"},\"organization\":{"
        "\"reference\":\"Organization/twin-surgery\"},\"code\":[{\"coding\":[{"
        "\"system\":\"https://belay.health/CodeSystem/role\",\"code\":\"clinician\"}]"
        "}]}",
        201);
    for (int i = 0; i < 2; i++)
        write_as(NULL, APP_PUT,
            arena_printf(arena, "OrganizationAffiliation/was-%d", i),
            arena_printf(arena,
                "{\"resourceType\":\"OrganizationAffiliation\",\"id\":\"was-%d\","
                "\"active\":true,\"period\":{\"start\":\"2025-01-01\",\"end\":"
                "\"2025-06-30\"},\"organization\":{\"reference\":\"Organization/"
                "%s\"},\"participatingOrganization\":{\"reference\":\"Organization/"
                "county-surgery\"},\"code\":[{\"coding\":[{\"code\":"
                "\"department-pair\"}]}]}",
                i, i ? "twin-medicine" : "twin-surgery"),
            201);
}

static size_t rungs_of(struct said *s)
{
    for (size_t i = 0; i < said_count(s, "extension"); i++) {
        const char *url = said_text(s, arena_printf(arena, "extension.%zu.url", i));

        if (strstr(url, "case-ladder"))
            return said_count(s, arena_printf(arena, "extension.%zu.extension", i));
    }
    return 0;
}

/* What a program of ours tells of an earlier day is judged as of that day: who held a post, who was
 * paired with whom. */
static void a_step_of_the_past_is_judged_by_its_day(void **state)
{
    const utc_ms then = NOW - 300LL * 24 * 60 * MINUTE; /* 2025-03-07 */
    struct said *s = NULL;
    size_t rungs = 0;

    (void)state;
    put_what_was();
    put_draft("past", "pema", "Organization/twin-surgery", "routine");
    put_draft("today", "pema", "Organization/twin-surgery", "routine");
    s = said_status(do_step_at("nima", "today", "send", 0), 200);
    rungs = rungs_of(s);
    said_free(s);
    s = said_status(do_step_at(NULL, "past", "send", then), 200);
    assert_int_equal(rungs_of(s), rungs + 1);
    assert_int_equal(clock_of(s).sent, then);
    said_free(s);
    said_free(said_status(do_step_at("was", "past", "accept", 0), 404));
    s = said_status(do_step_at("was", "past", "accept", then + 5 * MINUTE), 200);
    assert_int_equal(clock_of(s).allocated, then + 5 * MINUTE);
    assert_string_equal(said_text(s, "owner.reference"), "Practitioner/was");
    said_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            from_asking_to_closing, open_network, close_network),
        cmocka_unit_test_setup_teardown(
            a_step_of_the_past_is_judged_by_its_day, open_network, close_network),
        cmocka_unit_test_setup_teardown(the_node_itself, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
