/* SPDX-License-Identifier: Apache-2.0 */
/* The Lake Louise score of 2018 and the red flags. */
#include "engine/vitals/lake_louise.h"

#define SICKNESS 3
#define MODERATE 6
#define SEVERE 10

static enum lake_louise_verdict verdict_of(
    const struct lake_louise_score *score, const struct lake_louise_signs *signs)
{
    if (signs->days_since_ascent > LAKE_LOUISE_RECENT_DAYS)
        return LAKE_LOUISE_NOT_RECENT;
    if (!score->complete || signs->days_since_ascent < 0)
        return LAKE_LOUISE_INCOMPLETE;
    if (score->total < SICKNESS || signs->headache == 0)
        return LAKE_LOUISE_NO_SICKNESS;
    if (score->total < MODERATE)
        return LAKE_LOUISE_MILD;
    return score->total < SEVERE ? LAKE_LOUISE_MODERATE : LAKE_LOUISE_SEVERE;
}

struct lake_louise_score lake_louise_score(const struct lake_louise_signs *signs)
{
    const int points[] = {
        signs->headache, signs->stomach, signs->fatigue, signs->dizziness};
    struct lake_louise_score score = {.complete = true};

    for (int i = 0; i < 4; i++) {
        if (points[i] < 0)
            score.complete = false;
        else
            score.total += points[i];
    }
    score.verdict = verdict_of(&score, signs);
    score.without_headache = score.total >= SICKNESS && signs->headache == 0 &&
                             score.verdict == LAKE_LOUISE_NO_SICKNESS;
    score.brain = signs->unsteady || signs->mind_changed;
    score.lung =
        signs->breathless_at_rest || signs->cough_with_froth || signs->far_below_peers;
    return score;
}
