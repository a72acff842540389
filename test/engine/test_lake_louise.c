/* SPDX-License-Identifier: Apache-2.0 */
/* The Lake Louise score over all 256 sets of signs, and the red flags. */
#include "engine/vitals/lake_louise.h"
#include "unit.h"

/* The definition of 2018 said once more, by the sum and the headache. */
static enum lake_louise_verdict verdict(int total, int headache)
{
    if (total < 3 || headache == 0)
        return LAKE_LOUISE_NO_SICKNESS;
    if (total <= 5)
        return LAKE_LOUISE_MILD;
    return total <= 9 ? LAKE_LOUISE_MODERATE : LAKE_LOUISE_SEVERE;
}

static void all_sets_of_signs(void **state)
{
    int of[LAKE_LOUISE_SEVERE + 1] = {0};

    (void)state;
    for (int set = 0; set < 256; set++) {
        struct lake_louise_signs signs = {.headache = set & 3,
            .stomach = set >> 2 & 3,
            .fatigue = set >> 4 & 3,
            .dizziness = set >> 6 & 3,
            .days_since_ascent = set % (LAKE_LOUISE_RECENT_DAYS + 1)};
        int total = signs.headache + signs.stomach + signs.fatigue + signs.dizziness;
        struct lake_louise_score score = lake_louise_score(&signs);

        assert_true(score.complete);
        assert_int_equal(score.total, total);
        assert_int_equal(score.verdict, verdict(total, signs.headache));
        assert_int_equal(score.without_headache, total >= 3 && signs.headache == 0);
        assert_false(score.brain || score.lung);
        of[score.verdict]++;
    }
    /* 4^4 sets: 1 + 4 + 10 have under 3 points, 54 of the others no headache */
    assert_int_equal(of[LAKE_LOUISE_NO_SICKNESS], 15 + 54);
    assert_int_equal(of[LAKE_LOUISE_SEVERE], 1 + 4 + 10);
    assert_int_equal(of[LAKE_LOUISE_MILD] + of[LAKE_LOUISE_MODERATE], 256 - 84);
}

static void when_it_does_not_apply(void **state)
{
    struct lake_louise_signs signs = {2, 2, 2, 2, .days_since_ascent = 6};

    (void)state;
    assert_int_equal(lake_louise_score(&signs).verdict, LAKE_LOUISE_NOT_RECENT);
    signs.days_since_ascent = -1;
    assert_int_equal(lake_louise_score(&signs).verdict, LAKE_LOUISE_INCOMPLETE);
    signs.days_since_ascent = 1;
    signs.dizziness = LAKE_LOUISE_NOT_KNOWN;
    assert_int_equal(lake_louise_score(&signs).verdict, LAKE_LOUISE_INCOMPLETE);
    assert_int_equal(lake_louise_score(&signs).total, 6);
}

static void red_flags_need_no_score(void **state)
{
    static const struct {
        struct lake_louise_signs signs;
        bool brain, lung;
    } rows[] = {
        {{.unsteady = true}, true, false},
        {{.mind_changed = true}, true, false},
        {{.breathless_at_rest = true}, false, true},
        {{.cough_with_froth = true}, false, true},
        {{.far_below_peers = true}, false, true},
        {{.unsteady = true, .breathless_at_rest = true, .days_since_ascent = 30}, true,
            true},
        {{.headache = -1, .mind_changed = true, .days_since_ascent = -1}, true, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct lake_louise_score score = lake_louise_score(&rows[i].signs);

        assert_int_equal(score.brain, rows[i].brain);
        assert_int_equal(score.lung, rows[i].lung);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_sets_of_signs),
        cmocka_unit_test(when_it_does_not_apply),
        cmocka_unit_test(red_flags_need_no_score),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
