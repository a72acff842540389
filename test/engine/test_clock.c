/* SPDX-License-Identifier: Apache-2.0 */
/* The clock of a case: each step by hand, any row of steps, and its form in a Task. */
#include "engine/clock/clock.h"
#include "json/json.h"
#include "unit.h"

#define MINUTE ((utc_ms)60 * 1000)
#define HOUR (60 * MINUTE)
#define T0 ((utc_ms)1767225600000)

static struct case_clock sent(enum case_urgency urgency)
{
    struct case_clock c = {0};

    case_clock_send(&c, &case_rules_usual.by[urgency], T0);
    return c;
}

static void the_times_that_are_promised(void **state)
{
    struct case_clock c = sent(CASE_EMERGENCY);

    (void)state;
    assert_int_equal(c.allocate_by, T0 + 5 * MINUTE);
    assert_int_equal(c.answer_by, T0 + 15 * MINUTE);
    assert_int_equal(c.next, T0 + 5 * MINUTE);
    c = sent(CASE_URGENT);
    assert_int_equal(c.allocate_by, T0 + 30 * MINUTE);
    assert_int_equal(c.answer_by, T0 + 4 * HOUR);
    c = sent(CASE_ROUTINE);
    assert_int_equal(c.allocate_by, T0 + 30 * MINUTE);
    assert_int_equal(c.answer_by, T0 + 24 * HOUR);
    assert_int_equal(case_urgency_of(STR("stat")), CASE_EMERGENCY);
    assert_int_equal(case_urgency_of(STR("asap")), CASE_URGENT);
    assert_int_equal(case_urgency_of(STR("urgent")), CASE_URGENT);
    assert_int_equal(case_urgency_of(STR("routine")), CASE_ROUTINE);
    assert_int_equal(case_urgency_of((struct str){NULL, 0}), CASE_ROUTINE);
}

static void a_pause_moves_the_answer(void **state)
{
    struct case_clock c = sent(CASE_URGENT);

    (void)state;
    case_clock_pause(&c, T0 + 10 * MINUTE); /* who asks back has taken it */
    assert_int_equal(c.allocated, T0 + 10 * MINUTE);
    assert_int_equal(c.next, 0);
    assert_int_equal(c.answer_by, T0 + 4 * HOUR);
    case_clock_resume(&c, T0 + 70 * MINUTE);
    assert_int_equal(c.paused_since, 0);
    assert_int_equal(c.paused_seconds, 60 * 60);
    assert_int_equal(c.answer_by, T0 + 5 * HOUR);
    assert_int_equal(c.next, T0 + 5 * HOUR);
    case_clock_pause(&c, T0 + 80 * MINUTE);
    case_clock_answer(&c, T0 + 90 * MINUTE);
    assert_int_equal(c.paused_seconds, 70 * 60);
    assert_int_equal(c.answer_by, T0 + 5 * HOUR);
    assert_int_equal(c.answered, T0 + 90 * MINUTE);
    assert_int_equal(c.next, 0);
}

static void escalation_and_another_way(void **state)
{
    struct case_clock c = sent(CASE_EMERGENCY);

    (void)state;
    case_clock_allocate(&c, T0 + 2 * MINUTE);
    assert_int_equal(c.next, T0 + 15 * MINUTE);
    case_clock_escalate(&c, T0 + 15 * MINUTE);
    assert_int_equal(c.allocated, 0);
    assert_int_equal(c.level, 1);
    assert_int_equal(c.next, T0 + 20 * MINUTE);
    assert_int_equal(c.answer_by, T0 + 15 * MINUTE); /* it stays late */
    case_clock_reroute(&c, T0 + 16 * MINUTE);
    assert_int_equal(c.sent, T0);
    assert_int_equal(c.level, 0);
    assert_int_equal(c.allocate_by, T0 + 21 * MINUTE);
    assert_int_equal(c.answer_by, T0 + 31 * MINUTE);
    case_clock_stop(&c, T0 + 17 * MINUTE);
    assert_int_equal(c.next, 0);
}

/* Everybody was asked: it is kept open within bounds, and a day from the last. */
static void the_last_of_the_ladder(void **state)
{
    struct case_clock c = sent(CASE_EMERGENCY);

    (void)state;
    case_clock_escalate(&c, T0 + 5 * MINUTE);
    case_clock_last(&c, T0 + 5 * MINUTE);
    assert_int_equal(c.next, T0 + 5 * MINUTE + 24 * HOUR);
    c = sent(CASE_URGENT);
    case_clock_last(&c, T0 + HOUR);
    assert_int_equal(c.next, T0 + 80 * HOUR);
    c = sent(CASE_ROUTINE);
    case_clock_last(&c, T0 + HOUR);
    assert_int_equal(c.next, T0 + 14 * 24 * HOUR);
    case_clock_last(&c, T0 + 20 * 24 * HOUR); /* the machine was off */
    assert_int_equal(c.next, T0 + 21 * 24 * HOUR);
}

/* It does not run out in the hands of who takes it late. */
static void taken_late(void **state)
{
    struct case_clock c = sent(CASE_EMERGENCY);

    (void)state;
    case_clock_escalate(&c, T0 + 5 * MINUTE);
    case_clock_allocate(&c, T0 + 7 * MINUTE);
    assert_int_equal(c.next, T0 + 17 * MINUTE);
    assert_int_equal(c.answer_by, T0 + 15 * MINUTE);
    case_clock_pause(&c, T0 + 60 * MINUTE);
    case_clock_resume(&c, T0 + 61 * MINUTE);
    assert_int_equal(c.answer_by, T0 + 16 * MINUTE);
    assert_int_equal(c.next, T0 + 71 * MINUTE);
    case_clock_send(&c, &(struct case_times){300, 300}, T0);
    case_clock_allocate(&c, T0 + 6 * MINUTE);
    assert_int_equal(c.next, T0 + 11 * MINUTE);
}

/* The machine's clock was set back between two steps. */
static void a_clock_set_back_takes_nothing_away(void **state)
{
    struct case_clock c = sent(CASE_ROUTINE);

    (void)state;
    case_clock_pause(&c, T0 + HOUR);
    case_clock_resume(&c, T0 - HOUR);
    assert_int_equal(c.paused_seconds, 0);
    assert_int_equal(c.answer_by, T0 + 24 * HOUR);
}

static void step(struct case_clock *c, uint64_t which, utc_ms now)
{
    static void (*const steps[])(struct case_clock *, utc_ms) = {case_clock_allocate,
        case_clock_pause, case_clock_resume, case_clock_answer, case_clock_reroute,
        case_clock_escalate, case_clock_stop};

    steps[which % (sizeof(steps) / sizeof(steps[0]))](c, now);
}

/* Through the Task and back: the same, after any row of steps at any times. */
static void what_is_written_is_read(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    for (int row = 0; row < 500; row++) {
        struct case_clock c = sent((enum case_urgency)(unit_random() % CASE_URGENCIES));
        struct case_clock back = {0};
        const struct json *task = NULL;
        struct json_out o;
        struct buf b;

        for (uint64_t i = unit_random() % 6; i > 0; i--)
            step(&c, unit_random(), T0 + (utc_ms)(unit_random() % (48 * HOUR)));
        assert_true(c.paused_seconds >= 0 && c.allocate_by <= c.answer_by);
        buf_init(&b, 65536);
        o = json_out(&b);
        json_open(&o, '{');
        json_name(&o, "extension");
        json_open(&o, '[');
        case_clock_write(&o, &c);
        json_close(&o, ']');
        json_close(&o, '}');
        assert_int_equal(
            json_read(a, (struct str){b.data, b.len}, 65536, &task, NULL), 0);
        assert_true(case_clock_read(task, &back));
        assert_memory_equal(&c, &back, sizeof(c));
        buf_done(&b);
        arena_reset(a);
    }
    arena_free(a);
}

static void what_is_no_clock_is_not_read(void **state)
{
#define WITH(parts)                                                                    \
    "{\"extension\":[{\"url\":\"" CASE_CLOCK_URL "\",\"extension\":[" parts "]}]}"
#define AT(name, at) "{\"url\":\"" name "\",\"valueInstant\":\"" at "\"}"
#define GOOD                                                                           \
    AT("sent", "2026-01-01T00:00:00Z")                                                 \
    "," AT("allocate-by", "2026-01-01T00:05:00Z") "," AT(                              \
        "answer-by", "2026-01-01T00:15:00Z")
    static const struct {
        const char *task;
        bool is;
    } rows[] = {{WITH(GOOD), true}, {"{}", false}, {WITH(""), false},
        {WITH(AT("sent", "2026-01-01T00:00:00Z")), false},
        {WITH(GOOD "," AT("next", "tomorrow")), false},
        {WITH(GOOD ",{\"url\":\"level\",\"valueInteger\":-1}"), false},
        {WITH(GOOD ",{\"url\":\"level\",\"valueInteger\":3}"), true},
        {WITH(GOOD ",{\"url\":\"something-new\",\"valueInteger\":3}"), true}};
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct case_clock c = {0};
        const struct json *task = NULL;

        assert_int_equal(json_read(a, str_of(rows[i].task), 65536, &task, NULL), 0);
        assert_int_equal(case_clock_read(task, &c), rows[i].is);
    }
    arena_free(a);
}

/* ---- what a pairing agreed on ---- */

#define U(code) "{'url':'urgency','valueCode':'" code "'}"
#define TAKE(n) "{'url':'allocate-minutes','valuePositiveInt':" n "}"
#define ANSWER(n) "{'url':'answer-minutes','valuePositiveInt':" n "}"
#define TIMES(parts)                                                                   \
    "{'url':'https://belay.health/StructureDefinition/case-times','extension':[" parts \
    "]}"

/* ${text} with quotes of one stroke. */
static const struct json *read_pair(struct arena *a, const char *text)
{
    char *quoted = arena_printf(a, "{\"extension\":[%s]}", text);
    const struct json *json = NULL;

    for (char *at = quoted; *at; at++) {
        if (*at == '\'')
            *at = '"';
    }
    assert_int_equal(json_read(a, str_of(quoted), 65536, &json, NULL), 0);
    return json;
}

static void what_a_pairing_agreed_on(void **state)
{
    struct arena *a = arena_new();
    struct case_agreed agreed;

    (void)state;
    assert_int_equal(case_agreed_read(read_pair(a, ""), &agreed, NULL), 0);
    assert_false(agreed.is_said[CASE_URGENT]);
    assert_int_equal(
        case_agreed_read(
            read_pair(a, TIMES(U("urgent") "," TAKE("20") "," ANSWER("90")) "," TIMES(U(
                             "stat") "," TAKE("3") "," ANSWER("3")) ",{'url':'else',"
                                                                    "'valueCode':'x'}"),
            &agreed, NULL),
        0);
    assert_true(agreed.is_said[CASE_URGENT] && agreed.is_said[CASE_EMERGENCY]);
    assert_false(agreed.is_said[CASE_ROUTINE]);
    assert_int_equal(agreed.rules.by[CASE_URGENT].allocate_seconds, 20 * 60);
    assert_int_equal(agreed.rules.by[CASE_URGENT].answer_seconds, 90 * 60);
    assert_int_equal(agreed.rules.by[CASE_EMERGENCY].answer_seconds, 3 * 60);
    assert_int_equal(agreed.rules.by[CASE_ROUTINE].answer_seconds, 24 * 60 * 60);
    arena_free(a);
}

static void what_no_pairing_can_agree_on(void **state)
{
    static const char *const rows[] = {TIMES(U("urgent")),
        TIMES(U("urgent") "," TAKE("20")), TIMES(TAKE("20") "," ANSWER("90")),
        TIMES(U("soon") "," TAKE("20") "," ANSWER("90")),
        TIMES(U("asap") "," TAKE("20") "," ANSWER("90")),
        TIMES(U("urgent") "," TAKE("90") "," ANSWER("20")),
        TIMES(U("urgent") "," TAKE("0") "," ANSWER("20")),
        TIMES(U("urgent") "," TAKE("-5") "," ANSWER("20")),
        TIMES(U("urgent") "," TAKE("1.5") "," ANSWER("20")),
        TIMES(U("urgent") "," TAKE("20") "," ANSWER("43201")),
        TIMES(U("urgent") "," TAKE("20") "," TAKE("20") "," ANSWER("90")),
        TIMES(U("urgent") "," U("stat") "," TAKE("20") "," ANSWER("90")),
        TIMES(U("urgent") "," TAKE("20") "," ANSWER(
            "90") ",{'url':'more','valueCode':'x'}"),
        TIMES(U("urgent") "," TAKE("20") ",{'url':'answer-minutes','valueInteger':90}"),
        TIMES(U("urgent") "," TAKE("20") "," ANSWER("90")) "," TIMES(
            U("urgent") "," TAKE("20") "," ANSWER("90"))};
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct case_agreed agreed = {.rules = case_rules_usual};
        struct err err = {0};

        if (case_agreed_read(read_pair(a, rows[i]), &agreed, &err) != E_INVALID)
            fail_msg("%s was taken", rows[i]);
        assert_string_equal(err.path, "OrganizationAffiliation.extension");
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_times_that_are_promised),
        cmocka_unit_test(a_pause_moves_the_answer),
        cmocka_unit_test(escalation_and_another_way),
        cmocka_unit_test(the_last_of_the_ladder),
        cmocka_unit_test(taken_late),
        cmocka_unit_test(a_clock_set_back_takes_nothing_away),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(what_is_no_clock_is_not_read),
        cmocka_unit_test(what_a_pairing_agreed_on),
        cmocka_unit_test(what_no_pairing_can_agree_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
