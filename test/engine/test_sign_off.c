/* SPDX-License-Identifier: Apache-2.0 */
/* The list of a sign-off: each condition met and missed by one. */
#include "engine/competence/sign_off.h"
#include "unit.h"

#define NOW ((int64_t)1767225600000)
#define DAY ((int64_t)24 * 3600 * 1000)
#define CASES 40

static struct curve_rule curve = {
    .inadequate = .20, .adequate = .10, .horizon = 50, .alpha = .10};

static struct sign_off_rule rule = {.volume = 30,
    .ratings = 10,
    .level = INDEPENDENCE_SUPERVISED,
    .assessors = 2,
    .rotations = 2,
    .outcome_share = 0.9,
    .curve = &curve,
    .highest_rate = 0.20,
    .confidence = 0.90,
    .recent_cases = 5,
    .recent_days = 365};

static struct sign_off_case cases[CASES];
static struct sign_off_list list;

/* Forty cases, a day each, all well: everything is met. */
static void make_good(void)
{
    for (int i = 0; i < CASES; i++)
        cases[i] = (struct sign_off_case){.when = NOW - (CASES - i) * DAY,
            .level = INDEPENDENCE_ALONE,
            .assessor = (uint32_t)(1 + i % 2),
            .rotation = (uint32_t)(1 + i % 2),
            .outcome = OUTCOME_GOOD};
}

static void look(size_t count)
{
    struct sign_off_question question = {
        cases, count, SIGN_OFF_MET, .expected = 20, .now = NOW};
    struct err err = {0};

    assert_int_equal(sign_off_list(&rule, &question, &list, &err), 0);
}

static void line_is(enum sign_off_condition condition, bool met, int value, int needed)
{
    assert_int_equal(
        list.lines[condition].answer, met ? SIGN_OFF_MET : SIGN_OFF_NOT_MET);
    assert_int_equal(list.lines[condition].value, value);
    assert_int_equal(list.lines[condition].needed, needed);
}

static int prepare(void **state)
{
    struct err err = {0};

    (void)state;
    return curve_prepare(&curve, &err);
}

static void all_met(void **state)
{
    (void)state;
    make_good();
    look(CASES);
    assert_true(list.all_met);
    assert_int_equal(list.more_cases, 0);
    line_is(SIGN_OFF_VOLUME, true, 40, 30);
    line_is(SIGN_OFF_RATINGS, true, 10, 10);
    line_is(SIGN_OFF_ASSESSORS, true, 2, 2);
    line_is(SIGN_OFF_ROTATIONS, true, 2, 2);
    line_is(SIGN_OFF_OUTCOMES, true, 100, 90);
    line_is(SIGN_OFF_NO_EVENT, true, 0, 0);
    line_is(SIGN_OFF_RECENCY, true, 40, 5);
    assert_int_equal(list.curve.arrived_at, 22);
}

static void volume(void **state)
{
    (void)state;
    make_good();
    look(29);
    line_is(SIGN_OFF_VOLUME, false, 29, 30);
    assert_false(list.all_met);
    assert_int_equal(list.more_cases, 1);
    look(30);
    assert_true(list.all_met);
    look(0);
    assert_false(list.all_met);
    assert_int_equal(list.more_cases, 30);
}

static void ratings(void **state)
{
    (void)state;
    make_good();
    cases[CASES - 4].level = INDEPENDENCE_PASSIVE_HELP;
    look(CASES);
    line_is(SIGN_OFF_RATINGS, false, 9, 10);
    assert_int_equal(list.more_cases, 7); /* three behind it are good already */
    cases[CASES - 4].level = INDEPENDENCE_NOT_RATED; /* the tenth is one further back */
    look(CASES);
    line_is(SIGN_OFF_RATINGS, true, 10, 10);
    cases[CASES - 11].level = INDEPENDENCE_HELPED; /* is now among the last ten */
    look(CASES);
    line_is(SIGN_OFF_RATINGS, false, 9, 10);
    cases[CASES - 11].level = INDEPENDENCE_ALONE;
    cases[CASES - 12].level = INDEPENDENCE_HELPED; /* is not */
    look(CASES);
    line_is(SIGN_OFF_RATINGS, true, 10, 10);
}

static void assessors_and_rotations(void **state)
{
    (void)state;
    make_good();
    for (int i = CASES - 10; i < CASES; i++)
        cases[i].assessor = 7;
    look(CASES);
    line_is(SIGN_OFF_ASSESSORS, false, 1, 2);
    line_is(SIGN_OFF_ROTATIONS, true, 2, 2);
    for (int i = CASES - 10; i < CASES; i++) {
        cases[i].assessor = (uint32_t)i;
        cases[i].rotation = i % 2 ? 3 : 0; /* not known counts for none */
    }
    look(CASES);
    line_is(SIGN_OFF_ASSESSORS, true, 10, 2);
    line_is(SIGN_OFF_ROTATIONS, false, 1, 2);
}

static void outcomes_and_curve(void **state)
{
    (void)state;
    make_good();
    for (int i = 0; i < 5; i++)
        cases[i].outcome = OUTCOME_NOT_KNOWN; /* 35 of 40 */
    look(CASES);
    line_is(SIGN_OFF_OUTCOMES, false, 87, 90);
    assert_int_equal(list.curve.cases, 35);
    cases[4].outcome = OUTCOME_GOOD; /* 36 of 40 is 90 % */
    look(CASES);
    line_is(SIGN_OFF_OUTCOMES, true, 90, 90);
    make_good();
    for (int i = 4; i < CASES; i += 5)
        cases[i].outcome = OUTCOME_FAILURE; /* every fifth */
    look(CASES);
    assert_int_equal(list.lines[SIGN_OFF_CURVE].answer, SIGN_OFF_NOT_MET);
    assert_int_equal(list.curve.failures, 8);
    assert_true(list.more_cases > 0);
    assert_false(list.all_met);
}

/* Few cases without a failure: the curve has not arrived, the posterior suffices. */
static void either_curve_or_posterior(void **state)
{
    struct sign_off_rule small = rule;
    struct sign_off_question question = {
        cases, 6, SIGN_OFF_MET, .expected = 20, .now = NOW};
    struct err err = {0};

    (void)state;
    make_good();
    small.volume = 5;
    assert_int_equal(sign_off_list(&small, &question, &list, &err), 0);
    assert_int_equal(list.curve.arrived_at, 0);
    assert_int_equal(list.lines[SIGN_OFF_CURVE].answer, SIGN_OFF_MET); /* 6 for 20 % */
    question.count = 5;
    assert_int_equal(sign_off_list(&small, &question, &list, &err), 0);
    assert_int_equal(list.lines[SIGN_OFF_CURVE].answer, SIGN_OFF_NOT_MET);
}

static void events_recency_place(void **state)
{
    struct sign_off_question question = {
        cases, CASES, SIGN_OFF_NOT_KNOWN, .expected = 20, .now = NOW};
    struct err err = {0};

    (void)state;
    make_good();
    cases[2].serious_event_open = true;
    look(CASES);
    line_is(SIGN_OFF_NO_EVENT, false, 1, 0);
    make_good();
    assert_int_equal(sign_off_list(&rule, &question, &list, &err), 0);
    assert_int_equal(list.lines[SIGN_OFF_PLACE].answer, SIGN_OFF_NOT_KNOWN);
    assert_false(list.all_met);
    question.place = SIGN_OFF_MET;
    question.now = NOW + 361 * DAY; /* four of them were within the year before */
    assert_int_equal(sign_off_list(&rule, &question, &list, &err), 0);
    line_is(SIGN_OFF_RECENCY, false, 4, 5);
    question.now = NOW + 360 * DAY;
    assert_int_equal(sign_off_list(&rule, &question, &list, &err), 0);
    line_is(SIGN_OFF_RECENCY, true, 5, 5);
}

static void scales(void **state)
{
    (void)state;
    assert_int_equal(independence_of_zwisch(0), INDEPENDENCE_NOT_RATED);
    assert_int_equal(independence_of_zwisch(1), INDEPENDENCE_HELPED);
    assert_int_equal(independence_of_zwisch(2), INDEPENDENCE_HELPED);
    assert_int_equal(independence_of_zwisch(3), INDEPENDENCE_PASSIVE_HELP);
    assert_int_equal(independence_of_zwisch(4), INDEPENDENCE_SUPERVISED);
    assert_int_equal(independence_of_zwisch(5), INDEPENDENCE_NOT_RATED);
    assert_int_equal(independence_of_o_score(3), INDEPENDENCE_PASSIVE_HELP);
    assert_int_equal(independence_of_o_score(4), INDEPENDENCE_SUPERVISED);
    assert_int_equal(independence_of_o_score(5), INDEPENDENCE_ALONE);
    assert_int_equal(independence_of_o_score(6), INDEPENDENCE_NOT_RATED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_met),
        cmocka_unit_test(volume),
        cmocka_unit_test(ratings),
        cmocka_unit_test(assessors_and_rotations),
        cmocka_unit_test(outcomes_and_curve),
        cmocka_unit_test(either_curve_or_posterior),
        cmocka_unit_test(events_recency_place),
        cmocka_unit_test(scales),
    };

    return cmocka_run_group_tests(tests, prepare, NULL);
}
