/* SPDX-License-Identifier: Apache-2.0 */
/* The learning curve: LC-CUSUM with an exact limit. */
#include "engine/competence/curve.h"

#include <math.h>

#include "base/arena.h"

#include "engine/competence/walk_internal.h"

static int check(const struct curve_rule *rule, struct err *err)
{
    if (!(rule->adequate > 0 && rule->adequate < rule->inadequate &&
            rule->inadequate < 1))
        return err_set(err, E_INVALID, "rate",
            "The adequate failure rate must be above 0 and below the inadequate one, "
            "and that below 1.");
    if (rule->horizon < 1 || rule->horizon > CURVE_HORIZON_MAX)
        return err_set(err, E_INVALID, "horizon",
            "A learning curve's horizon may be 1 to %d cases.", CURVE_HORIZON_MAX);
    if (!(rule->alpha > 0 && rule->alpha < 1))
        return err_set(err, E_INVALID, "alpha", "Alpha must be between 0 and 1.");
    return 0;
}

static struct walk walk_of(const struct curve_rule *rule, double failure_rate)
{
    return (struct walk){rule->success, rule->failure, 1 - failure_rate};
}

int curve_prepare(struct curve_rule *rule, struct err *err)
{
    struct walk walk;
    int r = check(rule, err);

    if (r < 0)
        return r;
    rule->success = log((1 - rule->adequate) / (1 - rule->inadequate));
    rule->failure = log(rule->adequate / rule->inadequate);
    walk = walk_of(rule, rule->inadequate);
    return walk_limit(&walk, rule->horizon, rule->alpha, &rule->limit, err);
}

static double score_after(const struct curve_rule *rule, double score, bool failed)
{
    score += failed ? rule->failure : rule->success;
    return score > 0 ? score : 0;
}

void curve_scores(
    const struct curve_rule *rule, const bool *failed, size_t count, double *ret)
{
    double score = 0;

    for (size_t i = 0; i < count; i++)
        ret[i] = score = score_after(rule, score, failed[i]);
}

/* The first case by which an adequate one has arrived with CURVE_POWER; -1: none. */
static int find_needed(
    const struct curve_rule *rule, double score, int *ret, struct err *err)
{
    /* a walk costs the square of its cases, and a few dozen mostly suffice */
    static const int horizons[] = {CURVE_HORIZON_MAX / 8, CURVE_HORIZON_MAX};
    struct walk walk = walk_of(rule, rule->adequate);
    double *crossed = base_malloc(CURVE_HORIZON_MAX * sizeof(*crossed));
    int r = crossed ? 0 : err_nomem(err);

    *ret = -1;
    for (int h = 0; r == 0 && *ret < 0 && h < 2; h++) {
        r = walk_crossing(&walk, score, rule->limit, horizons[h], crossed, err);
        for (int i = 0; r == 0 && i < horizons[h] && *ret < 0; i++)
            if (crossed[i] >= CURVE_POWER)
                *ret = i + 1;
    }
    base_free(crossed);
    return r;
}

int curve_state(const struct curve_rule *rule, const bool *failed, size_t count,
    int expected, struct curve_state *ret, struct err *err)
{
    struct curve_state state = {.verdict = CURVE_ARRIVED};
    int r = 0;

    for (size_t i = 0; i < count; i++) {
        state.score = score_after(rule, state.score, failed[i]);
        state.cases += 1;
        state.failures += failed[i];
        if (state.arrived_at == 0 && state.cases <= rule->horizon &&
            state.score > rule->limit + WALK_SAME)
            state.arrived_at = state.cases;
    }
    if (state.arrived_at == 0) {
        /* a score that rose above the limit after the horizon counts as just below it */
        double from = fmin(state.score, rule->limit);

        state.straight =
            (int)floor((rule->limit - from + WALK_SAME) / rule->success) + 1;
        r = find_needed(rule, from, &state.needed, err);
        state.verdict = state.needed > 0 && state.needed <= expected
                            ? CURVE_ON_THE_WAY
                            : CURVE_UNDECIDABLE;
    }
    if (r == 0)
        *ret = state;
    return r;
}

int curve_power(
    const struct curve_rule *rule, double rate, int cases, double *ret, struct err *err)
{
    struct walk walk = walk_of(rule, rate);
    double *crossed = base_malloc((size_t)cases * sizeof(*crossed));
    int r = crossed ? walk_crossing(&walk, 0, rule->limit, cases, crossed, err)
                    : err_nomem(err);

    if (r == 0)
        *ret = crossed[cases - 1];
    base_free(crossed);
    return r;
}
