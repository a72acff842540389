/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The node writes whether what was learnt is used, and figures follow. tashi and nima are back on 2026-02-28; tashi operates
 * once on 03-01 and once on 06-01, where two were aimed at, nima never:
 *
 *   3 months, until 05-28    neither
 *   6 months, until 08-28    tashi
 *  12 months, until 02-28    tashi
 */
#include "app/learn_after.h"
#include "learn.h"

static void operate(const char *day)
{
    write_as(NULL, APP_POST, "Procedure",
        arena_printf(arena,
            "{\"resourceType\":\"Procedure\",\"status\":\"completed\",\"code\":{"
            "\"coding\":[{\"system\":\"" SYSTEM
            "procedure\",\"code\":\"appendectomy\"}]},\"subject\":{\"reference\":"
            "\"Patient/pema\"},\"performedDateTime\":\"%sT08:00:00Z\",\"performer\":[{"
            "\"function\":{\"coding\":[{\"system\":\"" SYSTEM
            "operation-function\",\"code\":\"operator\"}]},\"actor\":{"
            "\"reference\":\"Practitioner/tashi\"}}]}",
            day),
        201);
}

/* Of how many enrolments the node writes something now. */
static size_t look(void)
{
    size_t written = 99;
    struct err err;

    if (learn_after_run(node.app, NULL, time_now(), &written, &err) < 0)
        fail_msg("learn_after_run: %s", err.text);
    return written;
}

/* "1/2": numerator and denominator of ${id} in ${year}, as a program is told. */
static const char *share(const char *id, const char *year)
{
    struct said *s = said_status(
        get_as(NULL, arena_printf(arena,
                         "Measure/%s/$evaluate-measure?periodStart=%s&periodEnd=%s", id,
                         year, year)),
        200);
    struct json_each it =
        json_each(json_get(json_at(json_get(s->json, "group"), 0), "population"));
    const char *found = "";

    while (json_next(&it)) {
        struct str count = json_text(json_get(it.value, "count"));

        found = arena_printf(arena, "%.*s%s%s", count.p ? (int)count.len : 1,
            count.p ? count.p : "*", found[0] ? "/" : "", found);
    }
    said_free(s);
    return found;
}

static const char *both_return(void)
{
    const char *course = plan("chen", PLAN);
    static const char *const people[] = {"nima", "tashi"};
    const char *ids[2];

    for (size_t i = 0; i < 2; i++) {
        ids[i] = enrol("chen", course,
            arena_printf(arena, WHO("person", "Practitioner/%s"), people[i]));
        step(people[i], ids[i], "accept", "");
    }
    at(2026, 2, 28);
    for (size_t i = 0; i < 2; i++)
        step("chen", ids[i], "complete",
            TRUTH("passed", "true") "," DAY("end", "2026-02-28"));
    return ids[1];
}

static void test_times_that_are_over(void **state)
{
    (void)state;
    both_return();
    at(2026, 5, 27);
    assert_int_equal(look(), 0); /* no time is over, and nobody operated */
    operate("2026-03-01");
    assert_int_equal(look(), 1); /* the first */
    at(2026, 6, 1);
    assert_int_equal(look(), 2);
    assert_int_equal(look(), 0);
    assert_string_equal(share("skill-used-within-3-months", "2026"), "0/2");
    assert_string_equal(share("skill-used-after-return", "2026"), "0/0");
    operate("2026-06-01");
    at(2026, 8, 29);
    assert_int_equal(look(), 2);
    assert_string_equal(share("skill-used-after-return", "2026"), "1/2");
    assert_string_equal(share("skill-used-after-return", "2026-07"), "0/0");
    at(2027, 3, 1);
    assert_int_equal(look(), 2);
    assert_string_equal(share("skill-used-within-12-months", "2027"), "1/2");
    assert_string_equal(share("skill-used-within-3-months", "2026"), "0/2");
}

/* An operation that is told late, and an answer, mend what was written. */
static void test_what_comes_late(void **state)
{
    const char *id = both_return();

    (void)state;
    at(2026, 6, 1);
    assert_int_equal(look(), 2);
    operate("2026-05-27");
    assert_int_equal(look(), 1);
    assert_string_equal(share("skill-used-within-3-months", "2026"), "0/2");
    step("tashi", id, "used", ANSWER("2", "3", "true"));
    assert_int_equal(look(), 1);
    assert_string_equal(share("skill-used-within-3-months", "2026"), "1/2");
}

/* Who was put down by others and never agreed is not looked at. */
static void test_who_never_agreed(void **state)
{
    (void)state;
    returned(false);
    operate("2026-03-01");
    operate("2026-03-02");
    at(2027, 3, 1);
    assert_int_equal(look(), 0);
    assert_string_equal(share("skill-used-after-return", "2026"), "0/0");
}

/* Few of few: people are told neither. */
static void test_few_are_not_told(void **state)
{
    struct said *s = NULL;

    (void)state;
    both_return();
    at(2027, 3, 1);
    assert_int_equal(look(), 2);
    s = said_status(
        get_as("head-county", "Measure/skill-used-after-return/$evaluate-measure?"
                              "periodStart=2026&periodEnd=2026"),
        200);
    assert_string_equal(
        said_text(s, "group.0.population.0._count.extension.0.valueCode"), "masked");
    said_free(s);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, open_network, close_network)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(test_times_that_are_over),
        EACH(test_what_comes_late),
        EACH(test_who_never_agreed),
        EACH(test_few_are_not_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
