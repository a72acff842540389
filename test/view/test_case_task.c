/* SPDX-License-Identifier: Apache-2.0 */
/* The Task of a case, read: all of it, parts of it, and what is no case. */
#include "case_sample.h"

static struct arena *arena;

static int make_arena(void **state)
{
    (void)state;
    arena = arena_new();
    return arena ? 0 : -1;
}

static int free_arena(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static bool read_text(const char *text, struct case_task *ret)
{
    const struct json *json = NULL;
    struct err err = {0};

    assert_int_equal(json_read(arena, node_json(arena, text), 1 << 20, &json, &err), 0);
    return case_task_read(json, ret);
}

#define assert_str(s, text) assert_true(str_is(s, text))

static void test_whole(void **state)
{
    struct case_task t = {0};

    (void)state;
    assert_true(read_text(
        "{'resourceType':'Task','code':{'coding':[{'code':'other'},{'code':"
        "'answer-case'}]},'businessStatus':{'coding':[{'code':'x'},{'code':"
        "'information-asked'}]},'priority':'asap','authoredOn':'2026-01-01T00:00:00Z',"
        "'lastModified':'2026-01-01T00:00:02Z','for':{'reference':'Patient/p'},"
        "'focus':{'reference':'ServiceRequest/r'},'requester':{'reference':"
        "'Practitioner/a'},'owner':{'reference':'Practitioner/b'},'extension':["
        "{'url':'https://elsewhere/case-sides','extension':[{'url':'asking',"
        "'valueReference':{'reference':'Organization/no'}}]},"
        "{'url':'https://belay.health/StructureDefinition/case-sides','extension':["
        "{'url':'asking','valueReference':{'reference':'Organization/h'}},"
        "{'url':'asked','valueReference':{'reference':'Organization/d'}},"
        "{'url':'asked','valueReference':{'display':'nobody'}},"
        "{'url':'asked','valueReference':{'reference':'Organization/e'}}]},"
        "{'url':'https://belay.health/StructureDefinition/case-ladder','extension':["
        "{'url':'step','extension':[{'url':'who','valueReference':{'reference':"
        "'Practitioner/b'}},{'url':'as','valueCode':'expert'}]},"
        "{'url':'step','extension':[{'url':'as','valueCode':'coordinator'}]}]},"
        "{'url':'https://belay.health/StructureDefinition/case-clock','extension':["
        "{'url':'sent','valueInstant':'2026-01-01T00:00:00Z'},"
        "{'url':'allocate-by','valueInstant':'2026-01-01T00:30:00Z'},"
        "{'url':'answer-by','valueInstant':'2026-01-01T04:00:00Z'},"
        "{'url':'paused-since','valueInstant':'2026-01-01T00:10:00Z'},"
        "{'url':'level','valueInteger':2}]}]}",
        &t));
    assert_int_equal(t.state, CASE_TASK_INFORMATION_ASKED);
    assert_int_equal(t.urgency, CASE_URGENT);
    assert_int_equal(t.modified - t.authored, 2000);
    assert_str(t.patient, "Patient/p");
    assert_str(t.request, "ServiceRequest/r");
    assert_str(t.requester, "Practitioner/a");
    assert_str(t.owner, "Practitioner/b");
    assert_str(t.asking, "Organization/h");
    assert_int_equal(t.asked_count, 2);
    assert_str(t.asked[1], "Organization/e");
    assert_int_equal(t.ladder_count, 2);
    assert_str(t.ladder[0].who, "Practitioner/b");
    assert_str(t.ladder[0].as, "expert");
    assert_null(t.ladder[1].who.p);
    assert_int_equal(t.clock.level, 2);
    assert_int_equal(t.clock.answer_by - t.clock.sent, 4 * 3600000);
    assert_int_equal(case_task_due(&t), t.clock.paused_since);
    t.clock = (struct case_clock){0};
    assert_int_equal(case_task_due(&t), t.modified);
    t.modified = 0;
    assert_int_equal(case_task_due(&t), t.authored);
}

static void test_little(void **state)
{
    struct case_task t = {0};

    (void)state;
    assert_false(read_text("{'resourceType':'Task'}", &t));
    assert_false(read_text("{'code':{'text':'answer-case'}}", &t));
    assert_false(read_text("{'code':{'coding':[{'code':'fulfill'}]}}", &t));
    assert_true(read_text("{'code':{'coding':[{'code':'answer-case'}]}}", &t));
    assert_int_equal(t.state, CASE_TASK_NONE);
    assert_int_equal(t.urgency, CASE_ROUTINE);
    assert_null(t.asking.p);
    assert_int_equal(t.asked_count + t.ladder_count, 0);
    assert_int_equal(t.clock.next, 0);
    assert_int_equal(case_task_due(&t), 0);
}

/* More units than are looked at: the first of them. */
static void test_many(void **state)
{
    struct case_task t = {0};
    struct buf b;

    (void)state;
    buf_init(&b, 1 << 20);
    buf_adds(&b, "{'code':{'coding':[{'code':'answer-case'}]},'extension':[{'url':"
                 "'https://belay.health/StructureDefinition/case-sides','extension':[");
    for (int i = 0; i < CASE_TASK_UNITS + 5; i++)
        buf_addf(&b,
            "%s{'url':'asked','valueReference':{'reference':'Organization/%d'}}",
            i ? "," : "", i);
    buf_adds(&b, "]}]}");
    assert_true(read_text(buf_cstr(&b), &t));
    assert_int_equal(t.asked_count, CASE_TASK_UNITS);
    buf_done(&b);
}

static void test_words(void **state)
{
    static const char *const codes[] = {"sent", "allocated", "information-asked",
        "answered", "acted-on", "outcome-known", "closed", "declined", "withdrawn",
        "expired"};

    (void)state;
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        enum case_task_state s = case_task_state_of(str_of(codes[i]));

        assert_int_equal(s, CASE_TASK_SENT + (int)i);
        assert_string_equal(case_task_state_code(s), codes[i]);
        assert_int_equal(case_task_is_open(s), i < 6);
    }
    assert_int_equal(case_task_state_of(STR("")), CASE_TASK_NONE);
    assert_int_equal(case_task_state_of(STR("draft")), CASE_TASK_NONE);
    assert_int_equal(case_task_state_of((struct str){NULL, 0}), CASE_TASK_NONE);
    assert_string_equal(case_task_urgency_word(CASE_EMERGENCY), "emergency");
    assert_string_equal(case_task_urgency_word(CASE_URGENT), "urgent");
    assert_string_equal(case_task_urgency_word(CASE_ROUTINE), "routine");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_whole, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_little, make_arena, free_arena),
        cmocka_unit_test_setup_teardown(test_many, make_arena, free_arena),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
