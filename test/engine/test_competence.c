/* SPDX-License-Identifier: Apache-2.0 */
/* Learning curves, the watch, few cases and the time to independence, each against figures
 * that were printed elsewhere, to their last digit, and against plain simulation. */
#include <math.h>
#include <stdlib.h>

#include "engine/competence/bayes.h"
#include "engine/competence/curve.h"
#include "engine/competence/survival.h"
#include "engine/competence/watch.h"
#include "unit.h"

/* Is ${value}, rounded to ${digits}, ${printed}? */
static bool prints(double value, double printed, int digits)
{
    double unit = pow(10, digits);

    return lround(value * unit) == lround(printed * unit);
}

static const struct printed {
    double inadequate, adequate, success, failure;
    double limits[2][2]; /* horizon 50, 100; alpha 0.10, 0.05 */
    double power[2];     /* by case 50, 100, at alpha 0.10 */
    int straight;        /* horizon 50, alpha 0.10 */
} rows[] = {
    {.40, .20, .2877, -.6931, {{3.33, 3.84}, {4.05, 4.66}}, {.89, .99}, 12},
    {.30, .15, .1942, -.6931, {{2.91, 3.41}, {3.69, 4.25}}, {.79, .95}, 16},
    {.20, .10, .1178, -.6931, {{2.47, 2.84}, {3.19, 3.69}}, {.64, .84}, 22},
    {.15, .05, .1112, -1.0986, {{2.78, 3.13}, {3.49, 4.03}}, {.74, .92}, 26},
    {.10, .05, .0541, -.6931, {{1.78, 1.96}, {2.42, 2.78}}, {.42, .59}, 34},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static struct curve_rule rule_of(const struct printed *row, int horizon, double alpha)
{
    struct curve_rule rule = {.inadequate = row->inadequate,
        .adequate = row->adequate,
        .horizon = horizon,
        .alpha = alpha};
    struct err err = {0};

    assert_int_equal(curve_prepare(&rule, &err), 0);
    return rule;
}

static void the_printed_limits(void **state)
{
    static const double alphas[] = {0.10, 0.05};

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        for (int h = 0; h < 2; h++) {
            for (int a = 0; a < 2; a++) {
                struct curve_rule rule = rule_of(&rows[i], h ? 100 : 50, alphas[a]);

                assert_true(prints(rule.success, rows[i].success, 4));
                assert_true(prints(rule.failure, rows[i].failure, 4));
                assert_true(prints(rule.limit, rows[i].limits[h][a], 2));
            }
        }
    }
}

static void the_printed_power(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        for (int h = 0; h < 2; h++) {
            struct curve_rule rule = rule_of(&rows[i], h ? 100 : 50, 0.10);
            struct err err = {0};
            double power = 0, wrong = 0;

            assert_int_equal(
                curve_power(&rule, rule.adequate, rule.horizon, &power, &err), 0);
            assert_true(prints(power, rows[i].power[h], 2));
            assert_int_equal(
                curve_power(&rule, rule.inadequate, rule.horizon, &wrong, &err), 0);
            assert_true(wrong <= 0.10);
        }
    }
}

static void straight_successes(void **state)
{
    bool none_failed[64] = {false};

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct curve_rule rule = rule_of(&rows[i], 50, 0.10);
        struct curve_state at_first, at_last;
        struct err err = {0};

        assert_int_equal(curve_state(&rule, NULL, 0, 50, &at_first, &err), 0);
        assert_int_equal(at_first.straight, rows[i].straight);
        assert_int_equal(at_first.arrived_at, 0);
        assert_int_equal(curve_state(&rule, none_failed, 64, 0, &at_last, &err), 0);
        assert_int_equal(at_last.arrived_at, rows[i].straight);
        assert_int_equal(at_last.verdict, CURVE_ARRIVED);
        assert_int_equal(at_last.needed + at_last.straight, 0);
    }
}

static void find_wrong(const struct curve_rule *rule, double limit, double *ret)
{
    struct curve_rule with = *rule;
    struct err err = {0};

    with.limit = limit;
    assert_int_equal(curve_power(&with, with.inadequate, with.horizon, ret, &err), 0);
}

/* Every limit of the table holds its alpha, and none below it does. The printed limit,
 * taken as it is printed (arrived at S >= h), does not always: it is rounded to two digits,
 * and where it is rounded down a score that can be reached lies between the two. */
static void the_limits_are_exact(void **state)
{
    static const double alphas[] = {0.10, 0.05};
    static const double as_printed[ROWS][2][2] = {
        {{.1014, .0505}, {.1002, .0490}},
        {{.1088, .0504}, {.0985, .0500}},
        {{.1070, .0523}, {.1027, .0502}},
        {{.1009, .0499}, {.0998, .0505}},
        {{.1007, .0466}, {.0984, .0489}},
    };
    static const int straight[ROWS] = {12, 15, 21, 25, 33}; /* at the first of them */
    int too_low = 0;

    (void)state;
    for (size_t i = 0; i < ROWS * 4; i++) {
        const struct printed *row = &rows[i / 4];
        size_t h = i % 4 / 2;
        size_t k = i % 2;
        struct curve_rule rule = rule_of(row, h ? 100 : 50, alphas[k]);
        double wrong = 1;

        find_wrong(&rule, rule.limit, &wrong);
        assert_true(wrong <= alphas[k]);
        find_wrong(&rule, rule.limit - 1e-6, &wrong);
        assert_true(wrong > alphas[k]);
        find_wrong(&rule, row->limits[h][k] - 1e-6, &wrong);
        assert_true(prints(wrong, as_printed[i / 4][h][k], 4));
        too_low += wrong > alphas[k];
        if (i % 4 == 0)
            assert_int_equal(ceil(row->limits[0][0] / rule.success), straight[i / 4]);
    }
    assert_int_equal(too_low, 12);
}

/* Every career of sixteen cases, one by one: nothing is carried from case to case. */
static void limits_against_every_career(void **state)
{
    enum { CASES = 16 };

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct curve_rule rule = rule_of(&rows[i], CASES, 0.30);
        double plain = 0, exact = 0;

        for (unsigned career = 0; career < 1U << CASES; career++) {
            double score = 0, highest = 0, probability = 1;

            for (int k = 0; k < CASES; k++) {
                bool failed = career >> k & 1;

                score = fmax(score + (failed ? rule.failure : rule.success), 0);
                highest = fmax(highest, score);
                probability *= failed ? rule.inadequate : 1 - rule.inadequate;
            }
            plain += highest > rule.limit + 1e-9 ? probability : 0;
        }
        find_wrong(&rule, rule.limit, &exact);
        assert_true(plain > 0 && fabs(plain - exact) < 1e-12);
    }
}

/* The exact false signal against 200,000 simulated careers: within four of their standard
 * deviations. */
static void limits_against_simulation(void **state)
{
    struct curve_rule rule = rule_of(&rows[1], 50, 0.05);
    struct err err = {0};
    unsigned seed = 5;
    int crossed = 0, rounds = 200000;
    double exact = 0;

    (void)state;
    assert_int_equal(curve_power(&rule, rule.inadequate, 50, &exact, &err), 0);
    for (int i = 0; i < rounds; i++) {
        double score = 0;

        for (int k = 0; k < 50; k++) {
            bool failed = rand_r(&seed) < rule.inadequate * RAND_MAX;

            score = fmax(score + (failed ? rule.failure : rule.success), 0);
            if (score > rule.limit + 1e-9) {
                crossed++;
                break;
            }
        }
    }
    assert_true(fabs((double)crossed / rounds - exact) <
                4 * sqrt(exact * (1 - exact) / rounds));
}

static void what_cannot_be_decided(void **state)
{
    struct curve_rule rule = rule_of(&rows[4], 50, 0.10); /* a rare failure */
    bool failed[60] = {[5] = true, [20] = true};
    struct curve_state now;
    struct err err = {0};

    (void)state;
    assert_int_equal(curve_state(&rule, failed, 30, 24, &now, &err), 0);
    assert_int_equal(now.verdict, CURVE_UNDECIDABLE);
    assert_true(now.needed > 24);
    assert_int_equal(curve_state(&rule, failed, 30, now.needed, &now, &err), 0);
    assert_int_equal(now.verdict, CURVE_ON_THE_WAY);
    assert_int_equal(curve_state(&rule, failed, 30, now.needed - 1, &now, &err), 0);
    assert_int_equal(now.verdict, CURVE_UNDECIDABLE);
    /* what the horizon was not calibrated for makes nobody arrive */
    assert_int_equal(curve_state(&rule, failed, 60, 500, &now, &err), 0);
    assert_int_equal(now.arrived_at, 0);
    assert_true(now.score > rule.limit);
    assert_int_equal(now.straight, 1);
}

/* Dozens of cases cannot tell 10 % from 5 %: so many more are needed before somebody adequate
 * has arrived with 80 %, and until then nothing is called arrived. */
static void a_month_of_cases(void **state)
{
    static const int needed[ROWS][2] = {
        {41, 50}, {51, 67}, {67, 92}, {58, 75}, {94, 141}};

    (void)state;
    for (size_t i = 0; i < ROWS * 2; i++) {
        struct curve_rule rule = rule_of(&rows[i / 2], i % 2 ? 100 : 50, 0.10);
        struct curve_state now;
        struct err err = {0};

        for (int dozens = 1; dozens <= 5; dozens++) {
            enum curve_verdict expected = 12 * dozens < needed[i / 2][i % 2]
                                              ? CURVE_UNDECIDABLE
                                              : CURVE_ON_THE_WAY;

            assert_int_equal(curve_state(&rule, NULL, 0, 12 * dozens, &now, &err), 0);
            assert_int_equal(now.needed, needed[i / 2][i % 2]);
            assert_int_equal(now.verdict, expected);
        }
    }
}

static void scores_for_a_chart(void **state)
{
    struct curve_rule rule = rule_of(&rows[0], 50, 0.10);
    bool failed[] = {true, false, false, true, false, false, false};
    double scores[7];

    (void)state;
    curve_scores(&rule, failed, 7, scores);
    assert_true(scores[0] <= 0);
    assert_true(prints(scores[2], 2 * 0.28768, 3));
    assert_true(scores[3] <= 0);
    assert_true(prints(scores[6], 3 * 0.28768, 3));
}

static void rules_that_make_no_sense(void **state)
{
    struct curve_rule bad[] = {
        {.inadequate = .1, .adequate = .2, .horizon = 50, .alpha = .1},
        {.inadequate = .1, .adequate = .1, .horizon = 50, .alpha = .1},
        {.inadequate = 1, .adequate = .1, .horizon = 50, .alpha = .1},
        {.inadequate = .2, .adequate = 0, .horizon = 50, .alpha = .1},
        {.inadequate = .2, .adequate = .1, .horizon = 0, .alpha = .1},
        {.inadequate = .2,
            .adequate = .1,
            .horizon = CURVE_HORIZON_MAX + 1,
            .alpha = .1},
        {.inadequate = .2, .adequate = .1, .horizon = 50, .alpha = 0},
        {.inadequate = (double)NAN, .adequate = .1, .horizon = 50, .alpha = .1},
    };
    struct watch_rule watch = {
        .accepted = .2, .alarming = .1, .horizon = 9, .alpha = .1};
    struct err err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(curve_prepare(&bad[i], &err), E_INVALID);
    assert_int_equal(watch_prepare(&watch, &err), E_INVALID);
}

/* 5 %, doubled odds, 100 cases: 2.696, as simulated elsewhere, gives 0.057 and not 0.05. */
static void the_watch(void **state)
{
    struct watch_rule rule = {.accepted = 0.05,
        .alarming = watch_odds(0.05, 2),
        .horizon = 100,
        .alpha = 0.05};
    bool failed[40] = {[3] = true, [5] = true, [6] = true, [8] = true, [9] = true};
    double scores[40], false_alarm = 0;
    struct err err = {0};
    size_t alarm;

    (void)state;
    assert_true(prints(watch_odds(0.05, 2), 0.0952, 4));
    assert_int_equal(watch_prepare(&rule, &err), 0);
    assert_true(prints(rule.limit, 2.793, 3)); /* printed as about 2.80 */
    assert_int_equal(watch_false_alarm(&rule, 2.696, &false_alarm, &err), 0);
    assert_true(prints(false_alarm, 0.057, 3));
    assert_int_equal(watch_false_alarm(&rule, 2.80, &false_alarm, &err), 0);
    assert_true(prints(false_alarm, 0.0489, 4));
    assert_int_equal(watch_false_alarm(&rule, 2.79, &false_alarm, &err), 0);
    assert_true(false_alarm > 0.05 && prints(false_alarm, 0.0500, 4));
    alarm = watch_scores(&rule, failed, 40, scores);
    assert_int_equal(alarm, 10);
    assert_true(scores[10] <= 0); /* begins anew */
}

/* What a case adds is the logarithm of how much likelier it is at the rate to be found, and
 * the learning curve's the other way round. Adjusted for risk: the formula as it is printed,
 * for odds of ${against} and 1, is the same likelihood at rates of such odds. */
static void what_a_case_adds(void **state)
{
    static const double risks[] = {.01, .05, .1, .2, .5, .9};
    static const double odds[] = {1.5, 2, 3};

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        struct watch_rule watch = {.accepted = rows[i].adequate,
            .alarming = rows[i].inadequate,
            .horizon = 10,
            .alpha = .1};
        struct err err = {0};

        assert_int_equal(watch_prepare(&watch, &err), 0);
        assert_true(prints(watch.failure, -rows[i].failure, 4));
        assert_true(prints(watch.success, -rows[i].success, 4));
    }
    for (size_t i = 0; i < 18; i++) {
        double p = risks[i / 3];
        double against = odds[i % 3];
        double found = watch_odds(p, against);
        double failed = log((1 - p + p) * against / (1 - p + against * p));
        double well = log((1 - p + p) / (1 - p + against * p));

        assert_true(prints(watch_risk_weight(p, against, true), failed, 12));
        assert_true(prints(watch_risk_weight(p, against, false), well, 12));
        assert_true(prints(failed, log(found / p), 12));
        assert_true(prints(well, log((1 - found) / (1 - p)), 12));
    }
}

/* Simpson's rule from 0 to ${end} over sin^2f cos^2(n - f): with p = sin^2 this is what the
 * density of Beta(1/2 + f, 1/2 + n - f) becomes. */
static double area(int n, int f, double end)
{
    enum { PARTS = 2000 };
    double sum = 0;

    for (int i = 0; i <= PARTS; i++) {
        double angle = end * i / PARTS;
        int times = i == 0 || i == PARTS ? 1 : i % 2 ? 4 : 2;

        sum += times * pow(sin(angle), 2 * f) * pow(cos(angle), 2 * (n - f));
    }
    return sum * end / PARTS / 3;
}

static double posterior_by_area(int n, int f, double rate)
{
    return area(n, f, asin(sqrt(rate))) / area(n, f, asin(1));
}

static void few_cases(void **state)
{
    static const struct {
        double rate, confidence;
        int cases[4]; /* with 0, 1, 2, 3 failures */
    } printed[] = {
        {.05, .90, {27, 62, 91, 119}},
        {.10, .90, {13, 30, 45, 59}},
        {.15, .90, {9, 20, 30, 39}},
        {.20, .90, {6, 15, 22, 29}},
        {.10, .95, {18, 38, 54, 69}},
        {.20, .95, {9, 18, 26, 33}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(printed) / sizeof(printed[0]); i++) {
        for (int f = 0; f < 4; f++) {
            int n = bayes_cases(f, printed[i].rate, printed[i].confidence);

            assert_int_equal(n, printed[i].cases[f]);
            assert_true(bayes_below(n, f, printed[i].rate) >= printed[i].confidence);
            assert_true(bayes_below(n - 1, f, printed[i].rate) < printed[i].confidence);
            assert_true(prints(bayes_below(n, f, printed[i].rate),
                posterior_by_area(n, f, printed[i].rate), 9));
        }
    }
    assert_int_equal(bayes_cases(0, 1e-9, 0.9), -1);
}

/* Where the incomplete beta function has a closed form. */
static void incomplete_beta(void **state)
{
    (void)state;
    for (int i = 1; i < 20; i++) {
        double x = i / 20.0;

        /* a = b = 1/2: the arcsine distribution */
        assert_true(
            fabs(bayes_incomplete_beta(x, 0.5, 0.5) - asin(sqrt(x)) / asin(1)) < 1e-13);
        assert_true(fabs(bayes_incomplete_beta(x, 1, 1) - x) < 1e-14);
        assert_true(fabs(bayes_incomplete_beta(x, 3, 1) - x * x * x) < 1e-14);
        assert_true(
            fabs(bayes_incomplete_beta(x, 1, 200) - 1 + pow(1 - x, 200)) < 1e-13);
        assert_true(fabs(bayes_incomplete_beta(x, 40, 7) +
                         bayes_incomplete_beta(1 - x, 7, 40) - 1) < 1e-13);
    }
    assert_true(bayes_incomplete_beta(0, 2, 3) <= 0);
    assert_true(bayes_incomplete_beta(1, 2, 3) >= 1);
}

/* The remission times of 21 patients under 6-mercaptopurine (Freireich and others, 1963),
 * which every textbook prints the estimate of. */
static void the_textbook(void **state)
{
    static const double events[] = {6, 6, 6, 7, 10, 13, 16, 22, 23};
    static const double censored[] = {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35};
    static const double times[] = {6, 7, 10, 13, 16, 22, 23};
    static const double share[] = {.857, .807, .753, .690, .627, .538, .448};
    struct survival_subject subjects[21];
    struct survival_step steps[21];
    size_t n = 0, count;

    (void)state;
    for (size_t i = 0; i < 12; i++)
        subjects[n++] = (struct survival_subject){censored[i], SURVIVAL_CENSORED};
    for (size_t i = 0; i < 9; i++)
        subjects[n++] = (struct survival_subject){events[i], SURVIVAL_EVENT};
    count = survival_curve(subjects, n, steps);
    assert_int_equal(count, 7);
    for (size_t i = 0; i < count; i++) {
        assert_true(prints(steps[i].time, times[i], 0));
        assert_true(prints(steps[i].dependent, share[i], 3));
        assert_true(prints(steps[i].arrived + steps[i].dependent, 1, 9));
        assert_true(
            steps[i].low < steps[i].dependent && steps[i].dependent < steps[i].high);
    }
    assert_true(prints(steps[0].low, .620, 3) && prints(steps[0].high, .952, 3));
    assert_true(prints(survival_median(steps, count), 23, 0));
    /* as the table beside the curve has them */
    assert_int_equal(survival_at_risk(subjects, 21, 0), 21);
    assert_int_equal(survival_at_risk(subjects, 21, 10), 15);
    assert_int_equal(survival_at_risk(subjects, 21, 20), 8);
    assert_int_equal(survival_at_risk(subjects, 21, 36), 0);
}

/* Seen until 16, the textbook's curve is the same as far as it goes, and ends there. */
static void what_is_seen_for_less_long(void **state)
{
    static const double events[] = {6, 6, 6, 7, 10, 13, 16, 22, 23};
    static const double censored[] = {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35};
    struct survival_subject subjects[21];
    struct survival_step steps[21];
    size_t n = 0, count;

    (void)state;
    for (size_t i = 0; i < 12; i++)
        subjects[n++] = survival_seen_until(
            (struct survival_subject){censored[i], SURVIVAL_CENSORED}, 16);
    for (size_t i = 0; i < 9; i++)
        subjects[n++] = survival_seen_until(
            (struct survival_subject){events[i], SURVIVAL_EVENT}, 16);
    count = survival_curve(subjects, n, steps);
    assert_int_equal(count, 5); /* 6, 7, 10, 13, 16 */
    assert_int_equal(steps[4].at_risk, 11);
    assert_true(prints(steps[4].dependent, .627, 3));
    assert_int_equal(survival_at_risk(subjects, n, 16), 11);
    assert_int_equal(survival_at_risk(subjects, n, 17), 0);
}

/* Ten people by hand: three arrive, two leave, five go on. */
static void who_leaves_does_not_arrive_later(void **state)
{
    struct survival_subject subjects[] = {{5, SURVIVAL_EVENT}, {3, SURVIVAL_COMPETING},
        {9, SURVIVAL_CENSORED}, {9, SURVIVAL_CENSORED}, {2, SURVIVAL_EVENT},
        {5, SURVIVAL_COMPETING}, {9, SURVIVAL_CENSORED}, {9, SURVIVAL_CENSORED},
        {7, SURVIVAL_EVENT}, {4, SURVIVAL_CENSORED}};
    struct survival_step steps[10];
    size_t count = survival_curve(subjects, 10, steps);

    (void)state;
    assert_int_equal(count, 4); /* 2, 3, 5, 7 */
    assert_true(prints(steps[0].arrived, 0.1, 9));
    assert_true(prints(steps[1].left, 0.1, 9));
    assert_int_equal(steps[2].at_risk, 7); /* at 5: 0.8 free, 1 of 7 either way */
    assert_true(prints(steps[2].arrived, 0.1 + 0.8 / 7, 9));
    assert_true(prints(steps[2].left, 0.1 + 0.8 / 7, 9));
    assert_true(prints(steps[3].arrived, 0.1 + 0.8 / 7 + 0.8 * 5 / 7 / 5, 9));
    assert_true(steps[3].arrived < 1 - steps[3].dependent); /* which censors leavers */
    assert_true(isnan(survival_median(steps, count)));
    assert_int_equal(survival_curve(subjects, 0, steps), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_printed_limits),
        cmocka_unit_test(the_printed_power),
        cmocka_unit_test(straight_successes),
        cmocka_unit_test(the_limits_are_exact),
        cmocka_unit_test(limits_against_every_career),
        cmocka_unit_test(limits_against_simulation),
        cmocka_unit_test(what_cannot_be_decided),
        cmocka_unit_test(a_month_of_cases),
        cmocka_unit_test(scores_for_a_chart),
        cmocka_unit_test(rules_that_make_no_sense),
        cmocka_unit_test(the_watch),
        cmocka_unit_test(what_a_case_adds),
        cmocka_unit_test(few_cases),
        cmocka_unit_test(incomplete_beta),
        cmocka_unit_test(the_textbook),
        cmocka_unit_test(what_is_seen_for_less_long),
        cmocka_unit_test(who_leaves_does_not_arrive_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
