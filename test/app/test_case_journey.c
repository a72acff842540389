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

static void from_asking_to_closing(void **state)
{
    struct said *s = NULL;
    struct case_clock c;

    (void)state;
    put_draft("one", "pema", "Organization/twin-surgery", "urgent");
    said_free(said_status(get_as("chen", "ServiceRequest/one"), 404));
    s = step_status("nima", "one", "send", NULL, 200);
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
    c = clock_of(s);
    assert_int_equal(c.sent, NOW);
    assert_int_equal(c.allocate_by, NOW + 30 * MINUTE);
    said_free(s);
    said_free(said_status(get_as("chen", "ServiceRequest/one"), 200));
    said_free(said_status(get_as("chen", "Task/one"), 200));

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

    s = step_status("chen", "one", "answer", ANSWER, 200);
    assert_string_equal(said_text(s, "businessStatus.coding.0.code"), "answered");
    assert_string_equal(said_text(s, "output.0.type.coding.0.code"), "opinion");
    {
        struct said *o = said_status(
            get_as("nima", said_text(s, "output.0.valueReference.reference")), 200);

        assert_string_equal(said_text(o, "summary"), "A greenstick fracture");
        assert_string_equal(said_text(o, "note.0.text"), "A splint for three weeks");
        assert_string_equal(said_text(o, "assessor.reference"), "Practitioner/chen");
        said_free(o);
        said_free(said_status(
            get_as("chen", said_text(s, "output.0.valueReference.reference")), 200));
        said_free(said_status(
            get_as("wang", said_text(s, "output.0.valueReference.reference")), 404));
    }
    said_free(s);
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
    s = said_status(get_as("nima", "Communication?based-on=ServiceRequest/one"), 200);
    assert_int_equal(said_count(s, "entry"), 5);
    said_free(s);
    time_hold(NOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            from_asking_to_closing, open_network, close_network),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
