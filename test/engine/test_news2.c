/* SPDX-License-Identifier: Apache-2.0 */
/* NEWS2 against every cell of the published chart, its bands, who is refused, what is
 * missing, and the rules of the header over random patients. */
#include <stdlib.h>

#include "engine/vitals/news2.h"
#include "unit.h"

static const struct news2_patient adult = {.age_years = 40};

/* All seven known, no point. */
static struct news2_vitals well(void)
{
    return (struct news2_vitals){.respiration = 160,
        .saturation = 980,
        .systolic = 1200,
        .pulse = 700,
        .temperature = 370,
        .supply = NEWS2_AIR,
        .consciousness = NEWS2_ALERT};
}

static int32_t *number_of(struct news2_vitals *v, enum news2_sign sign)
{
    int32_t *const numbers[NEWS2_SIGNS] = {
        [NEWS2_RESPIRATION] = &v->respiration,
        [NEWS2_SATURATION] = &v->saturation,
        [NEWS2_SYSTOLIC] = &v->systolic,
        [NEWS2_PULSE] = &v->pulse,
        [NEWS2_TEMPERATURE] = &v->temperature,
    };

    return numbers[sign];
}

/* The chart: each cell with its lowest and its highest value, in tenths. An open end is
 * met at what a device could still show. */
static const struct cell {
    enum news2_sign sign;
    int32_t low, high;
    int points;
} cells[] = {
    {NEWS2_RESPIRATION, 0, 80, 3},
    {NEWS2_RESPIRATION, 90, 110, 1},
    {NEWS2_RESPIRATION, 120, 200, 0},
    {NEWS2_RESPIRATION, 210, 240, 2},
    {NEWS2_RESPIRATION, 250, 900, 3},
    {NEWS2_SATURATION, 0, 910, 3},
    {NEWS2_SATURATION, 920, 930, 2},
    {NEWS2_SATURATION, 940, 950, 1},
    {NEWS2_SATURATION, 960, 1000, 0},
    {NEWS2_SYSTOLIC, 0, 900, 3},
    {NEWS2_SYSTOLIC, 910, 1000, 2},
    {NEWS2_SYSTOLIC, 1010, 1100, 1},
    {NEWS2_SYSTOLIC, 1110, 2190, 0},
    {NEWS2_SYSTOLIC, 2200, 3000, 3},
    {NEWS2_PULSE, 0, 400, 3},
    {NEWS2_PULSE, 410, 500, 1},
    {NEWS2_PULSE, 510, 900, 0},
    {NEWS2_PULSE, 910, 1100, 1},
    {NEWS2_PULSE, 1110, 1300, 2},
    {NEWS2_PULSE, 1310, 3000, 3},
    {NEWS2_TEMPERATURE, 250, 350, 3},
    {NEWS2_TEMPERATURE, 351, 360, 1},
    {NEWS2_TEMPERATURE, 361, 380, 0},
    {NEWS2_TEMPERATURE, 381, 390, 1},
    {NEWS2_TEMPERATURE, 391, 450, 2},
};

static const struct {
    enum news2_supply supply;
    int32_t low, high;
    int points;
} scale_2[] = {
    {NEWS2_AIR, 0, 830, 3},
    {NEWS2_AIR, 840, 850, 2},
    {NEWS2_AIR, 860, 870, 1},
    {NEWS2_AIR, 880, 920, 0},
    {NEWS2_AIR, 930, 1000, 0},
    {NEWS2_OXYGEN, 0, 830, 3},
    {NEWS2_OXYGEN, 840, 850, 2},
    {NEWS2_OXYGEN, 860, 870, 1},
    {NEWS2_OXYGEN, 880, 920, 0},
    {NEWS2_OXYGEN, 930, 940, 1},
    {NEWS2_OXYGEN, 950, 960, 2},
    {NEWS2_OXYGEN, 970, 1000, 3},
};

static void every_cell(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        int32_t step = cells[i].sign == NEWS2_TEMPERATURE ? 1 : 10;

        for (int32_t value = cells[i].low; value <= cells[i].high; value += step) {
            struct news2_vitals v = well();
            struct news2_score s;

            *number_of(&v, cells[i].sign) = value;
            s = news2_score(&adult, &v);
            assert_int_equal(s.points[cells[i].sign], cells[i].points);
            assert_int_equal(s.total, cells[i].points);
        }
    }
}

static void every_cell_of_scale_2(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(scale_2) / sizeof(scale_2[0]); i++) {
        for (int32_t value = scale_2[i].low; value <= scale_2[i].high; value += 10) {
            struct news2_vitals v = well();

            v.scale = NEWS2_SCALE_2;
            v.supply = scale_2[i].supply;
            v.saturation = value;
            assert_int_equal(
                news2_score(&adult, &v).points[NEWS2_SATURATION], scale_2[i].points);
        }
    }
}

static void supply_and_mind(void **state)
{
    struct news2_vitals v = well();

    (void)state;
    assert_int_equal(news2_score(&adult, &v).points[NEWS2_SUPPLY], 0);
    v.supply = NEWS2_OXYGEN;
    assert_int_equal(news2_score(&adult, &v).points[NEWS2_SUPPLY], 2);
    for (int mind = NEWS2_ALERT; mind <= NEWS2_UNRESPONSIVE; mind++) {
        v.consciousness = (enum news2_consciousness)mind;
        assert_int_equal(news2_score(&adult, &v).points[NEWS2_CONSCIOUSNESS],
            mind == NEWS2_ALERT ? 0 : 3);
    }
}

static void between_two_numbers_of_the_chart(void **state)
{
    static const struct {
        int32_t tenths;
        int points;
    } rows[] = {{914, 3}, {915, 3}, {916, 2}, {955, 1}, {956, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct news2_vitals v = well();

        v.saturation = rows[i].tenths;
        assert_int_equal(
            news2_score(&adult, &v).points[NEWS2_SATURATION], rows[i].points);
    }
    {
        struct news2_vitals v = well();

        v.respiration = 205; /* 20 gives nothing, 21 gives 2 */
        assert_int_equal(news2_score(&adult, &v).points[NEWS2_RESPIRATION], 2);
    }
}

static void bands(void **state)
{
    struct news2_vitals v = well();
    struct news2_score s = news2_score(&adult, &v);

    (void)state;
    assert_int_equal(s.band, NEWS2_LOW);
    assert_int_equal(s.hours_between, 12);
    v.pulse = 1000; /* 1 */
    s = news2_score(&adult, &v);
    assert_int_equal(s.band, NEWS2_LOW);
    assert_int_equal(s.hours_between, 6);
    v.supply = NEWS2_OXYGEN; /* 3 in all, none alone */
    assert_int_equal(news2_score(&adult, &v).band, NEWS2_LOW);
    v = well();
    v.respiration = 80; /* 3 alone */
    s = news2_score(&adult, &v);
    assert_true(s.single);
    assert_int_equal(s.band, NEWS2_LOW_MEDIUM);
    assert_int_equal(s.hours_between, 1);
    v.supply = NEWS2_OXYGEN; /* 5 */
    assert_int_equal(news2_score(&adult, &v).band, NEWS2_MEDIUM);
    v.pulse = 1000; /* 6 */
    assert_int_equal(news2_score(&adult, &v).band, NEWS2_MEDIUM);
    v.temperature = 385; /* 7 */
    s = news2_score(&adult, &v);
    assert_int_equal(s.total, 7);
    assert_int_equal(s.band, NEWS2_HIGH);
    assert_int_equal(s.hours_between, 0);
}

static void who_is_refused(void **state)
{
    static const struct {
        struct news2_patient patient;
        enum news2_refusal refusal;
    } rows[] = {
        {{.age_years = 15}, NEWS2_CHILD},
        {{.age_years = 16}, NEWS2_SCORED},
        {{.age_years = 0}, NEWS2_CHILD},
        {{.age_years = 101}, NEWS2_SCORED},
        {{.age_years = -1}, NEWS2_AGE_UNKNOWN},
        {{.age_years = 30, .pregnant = true}, NEWS2_PREGNANT},
    };
    struct news2_vitals v = well();

    (void)state;
    v.respiration = 300;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct news2_score s = news2_score(&rows[i].patient, &v);

        assert_int_equal(s.refusal, rows[i].refusal);
        assert_int_equal(s.total, rows[i].refusal == NEWS2_SCORED ? 3 : 0);
        assert_false(news2_worse(&(struct news2_score){.refusal = NEWS2_CHILD}, &s));
    }
}

static void what_is_missing_is_no_reassurance(void **state)
{
    struct news2_vitals v = well();
    struct news2_score s;

    (void)state;
    v.temperature = NEWS2_NOT_KNOWN;
    s = news2_score(&adult, &v);
    assert_false(s.complete);
    assert_int_equal(s.points[NEWS2_TEMPERATURE], -1);
    assert_int_equal(s.band, NEWS2_NONE);
    assert_int_equal(s.hours_between, -1);
    v.respiration = 300;
    assert_int_equal(news2_score(&adult, &v).band, NEWS2_LOW_MEDIUM);
    v.saturation = 850;
    v.consciousness = NEWS2_CONFUSED;
    s = news2_score(&adult, &v);
    assert_int_equal(s.total, 9);
    assert_int_equal(s.band, NEWS2_HIGH);
    v = (struct news2_vitals){NEWS2_NOT_KNOWN, NEWS2_NOT_KNOWN, NEWS2_NOT_KNOWN,
        NEWS2_NOT_KNOWN, NEWS2_NOT_KNOWN, 0, 0, NEWS2_SCALE_1};
    s = news2_score(&adult, &v);
    assert_int_equal(s.total, 0);
    assert_int_equal(s.band, NEWS2_NONE);
    for (int i = 0; i < NEWS2_SIGNS; i++)
        assert_int_equal(s.points[i], -1);
}

static void getting_worse(void **state)
{
    struct news2_vitals v = well(), unknown = well();
    struct news2_score before = news2_score(&adult, &v), now;

    (void)state;
    assert_false(news2_worse(&before, &before));
    v.pulse = 1000;
    now = news2_score(&adult, &v); /* one point more, still low */
    assert_false(news2_worse(&before, &now));
    v.temperature = 385;
    now = news2_score(&adult, &v); /* two points more */
    assert_true(news2_worse(&before, &now));
    assert_false(news2_worse(&now, &before));
    v = well();
    v.systolic = 900; /* three alone */
    now = news2_score(&adult, &v);
    assert_true(news2_worse(&before, &now));
    assert_false(news2_worse(&now, &now));
    unknown.temperature = NEWS2_NOT_KNOWN; /* a sign that becomes known is no change */
    now = news2_score(&adult, &unknown);
    assert_false(news2_worse(&now, &before));
    assert_false(news2_worse(&before, &now));
}

static int32_t any(unsigned *seed, int32_t low, int32_t high)
{
    if (rand_r(seed) % 8 == 0)
        return NEWS2_NOT_KNOWN;
    return low + rand_r(seed) % (high - low + 1);
}

/* The invariants of the header. */
static void rules_over_random_patients(void **state)
{
    unsigned seed = 20260101;

    (void)state;
    for (int round = 0; round < 100000; round++) {
        struct news2_vitals v = {any(&seed, 40, 400), any(&seed, 600, 1000),
            any(&seed, 500, 2500), any(&seed, 300, 1600), any(&seed, 330, 420),
            (enum news2_supply)(rand_r(&seed) % 3),
            (enum news2_consciousness)(rand_r(&seed) % 6),
            (enum news2_scale)(rand_r(&seed) % 2)};
        struct news2_score s = news2_score(&adult, &v), without;
        int sum = 0, known = 0;

        for (int i = 0; i < NEWS2_SIGNS; i++) {
            sum += s.points[i] > 0 ? s.points[i] : 0;
            known += s.points[i] >= 0;
        }
        assert_int_equal(s.total, sum);
        assert_int_equal(s.complete, known == NEWS2_SIGNS);
        assert_false(!s.complete && s.band == NEWS2_LOW);
        v.pulse = NEWS2_NOT_KNOWN;
        without = news2_score(&adult, &v);
        assert_true(without.total <= s.total);
        assert_true(without.band <= s.band);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell),
        cmocka_unit_test(every_cell_of_scale_2),
        cmocka_unit_test(supply_and_mind),
        cmocka_unit_test(between_two_numbers_of_the_chart),
        cmocka_unit_test(bands),
        cmocka_unit_test(who_is_refused),
        cmocka_unit_test(what_is_missing_is_no_reassurance),
        cmocka_unit_test(getting_worse),
        cmocka_unit_test(rules_over_random_patients),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
