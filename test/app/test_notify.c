/* SPDX-License-Identifier: Apache-2.0 */
/* What a step is news of, when quiet hours end, how long the pauses are, and that every
 * message has its words in every language. */
#include "app/notify_internal.h"
#include "unit.h"

#define MINUTE (60 * 1000LL)
#define MIDNIGHT 1767225600000LL /* 2026-01-01 in UTC */

static enum choice_kind news(enum case_task_state before, enum case_task_state after)
{
    struct case_task was = {.state = before, .owner = STR("Organization/a")};
    struct case_task is = {.state = after, .owner = STR("Organization/a")};

    return notify_event_of(before == CASE_TASK_NONE ? NULL : &was, &is).kind;
}

static void steps(void **state)
{
    (void)state;
    assert_int_equal(news(CASE_TASK_NONE, CASE_TASK_SENT), CHOICE_SENT);
    assert_int_equal(news(CASE_TASK_SENT, CASE_TASK_SENT), CHOICE_KINDS);
    assert_int_equal(news(CASE_TASK_ALLOCATED, CASE_TASK_SENT), CHOICE_SENT);
    assert_int_equal(news(CASE_TASK_SENT, CASE_TASK_ALLOCATED), CHOICE_KINDS);
    assert_int_equal(
        news(CASE_TASK_ALLOCATED, CASE_TASK_INFORMATION_ASKED), CHOICE_ASKED);
    assert_int_equal(
        news(CASE_TASK_INFORMATION_ASKED, CASE_TASK_INFORMATION_ASKED), CHOICE_KINDS);
    assert_int_equal(
        news(CASE_TASK_INFORMATION_ASKED, CASE_TASK_ALLOCATED), CHOICE_INFORMED);
    assert_int_equal(news(CASE_TASK_ALLOCATED, CASE_TASK_ANSWERED), CHOICE_ANSWERED);
    assert_int_equal(news(CASE_TASK_ANSWERED, CASE_TASK_ACTED_ON), CHOICE_KINDS);
    assert_int_equal(news(CASE_TASK_ACTED_ON, CASE_TASK_OUTCOME_KNOWN), CHOICE_OUTCOME);
    assert_int_equal(news(CASE_TASK_OUTCOME_KNOWN, CASE_TASK_CLOSED), CHOICE_KINDS);
    assert_int_equal(news(CASE_TASK_SENT, CASE_TASK_WITHDRAWN), CHOICE_KINDS);
}

static void escalation_and_rerouting(void **state)
{
    struct case_task was = {.state = CASE_TASK_SENT,
        .urgency = CASE_EMERGENCY,
        .owner = STR("Organization/a")};
    struct case_task is = was;

    (void)state;
    assert_true(notify_event_of(NULL, &is).broadcast);
    is.owner = STR("Organization/b");
    assert_int_equal(notify_event_of(&was, &is).kind, CHOICE_SENT);
    is.clock.level = 1;
    assert_int_equal(notify_event_of(&was, &is).kind, CHOICE_ESCALATED);
    assert_false(notify_event_of(&was, &is).broadcast);
    is.urgency = CASE_ROUTINE;
    assert_false(notify_event_of(NULL, &is).broadcast);
}

/* Quiet from 22:00 to 07:00, eight hours ahead of UTC. */
static void quiet(void **state)
{
    struct choice c = {.quiet = true,
        .quiet_from = 22 * 60,
        .quiet_until = 7 * 60,
        .quiet_offset = 8 * 60};
    const utc_ms end = MIDNIGHT + 23 * 60 * MINUTE; /* 07:00 there, the next day */

    (void)state;
    assert_int_equal(choice_quiet_until(&c, MIDNIGHT + 14 * 60 * MINUTE), end);
    assert_int_equal(choice_quiet_until(&c, MIDNIGHT + 14 * 60 * MINUTE - 1),
        MIDNIGHT + 14 * 60 * MINUTE - 1);
    assert_int_equal(choice_quiet_until(&c, end - 1), end);
    assert_int_equal(choice_quiet_until(&c, end), end);
    assert_int_equal(
        choice_quiet_until(&c, MIDNIGHT + 5 * MINUTE), MIDNIGHT + 5 * MINUTE);
    c.quiet_until = c.quiet_from; /* no time at all, not all day */
    assert_int_equal(choice_quiet_until(&c, MIDNIGHT + 14 * 60 * MINUTE),
        MIDNIGHT + 14 * 60 * MINUTE);
    c = (struct choice){.quiet = true,
        .quiet_from = 12 * 60,
        .quiet_until = 13 * 60,
        .quiet_offset = -5 * 60};
    assert_int_equal(choice_quiet_until(&c, MIDNIGHT + 17 * 60 * MINUTE + 30 * MINUTE),
        MIDNIGHT + 18 * 60 * MINUTE);
}

static void pauses(void **state)
{
    (void)state;
    assert_int_equal(notify_pause(CASE_ROUTINE, 0), MINUTE);
    assert_int_equal(notify_pause(CASE_URGENT, 3), 8 * MINUTE);
    assert_int_equal(notify_pause(CASE_ROUTINE, 6), 60 * MINUTE);
    assert_int_equal(notify_pause(CASE_ROUTINE, 1000), 60 * MINUTE);
    assert_int_equal(notify_pause(CASE_EMERGENCY, 0), 5000);
    assert_int_equal(notify_pause(CASE_EMERGENCY, 1), 10000);
}

static void sleeps(void **state)
{
    (void)state;
    assert_int_equal(notify_sleep(MIDNIGHT, MIDNIGHT + 7), 7);
    assert_int_equal(notify_sleep(MIDNIGHT, MIDNIGHT + 2 * MINUTE), MINUTE);
    assert_int_equal(notify_sleep(MIDNIGHT, UTC_MS_MAX), MINUTE);
    /* it came due between the look and the sleep: a slow machine waits no minute more */
    assert_int_equal(notify_sleep(MIDNIGHT, MIDNIGHT), 0);
    assert_int_equal(notify_sleep(MIDNIGHT + 3, MIDNIGHT), 0);
}

static void words(void **state)
{
    static const char *const languages[] = {"en", "zh", "bo", "ru", "xx"};

    (void)state;
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++) {
        for (enum choice_kind kind = CHOICE_SENT; kind < CHOICE_KINDS; kind++) {
            for (int urgency = 0; urgency < CASE_URGENCIES; urgency++) {
                struct notify_words w = notify_words(
                    str_of(languages[i]), kind, (enum case_urgency)urgency);

                assert_non_null(w.subject);
                assert_non_null(w.text);
                assert_true((kind == CHOICE_TRY || kind == CHOICE_SIGN_OFF) ==
                            (w.urgency[0] == '\0'));
                assert_true(utf8_valid(w.text, strlen(w.text)));
                assert_true(w.open[0] && w.foot[0]);
            }
        }
    }
    assert_string_equal(notify_words(STR("xx"), CHOICE_SENT, CASE_URGENT).text,
        "A case waits for you.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps),
        cmocka_unit_test(escalation_and_rerouting),
        cmocka_unit_test(quiet),
        cmocka_unit_test(pauses),
        cmocka_unit_test(sleeps),
        cmocka_unit_test(words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
