/* SPDX-License-Identifier: Apache-2.0 */
/* The watch over results after a sign-off: CUSUM with an exact limit. */
#include "engine/competence/watch.h"

#include <math.h>

#include "base/arena.h"

#include "engine/competence/walk_internal.h"

static int check(const struct watch_rule *rule, struct err *err)
{
    if (!(rule->accepted > 0 && rule->accepted < rule->alarming && rule->alarming < 1))
        return err_set(err, E_INVALID, "rate",
            "The accepted failure rate must be above 0 and below the alarming one, and "
            "that below 1.");
    if (rule->horizon < 1 || rule->horizon > WATCH_HORIZON_MAX)
        return err_set(err, E_INVALID, "horizon",
            "The horizon of a watch may be 1 to %d cases.", WATCH_HORIZON_MAX);
    if (!(rule->alpha > 0 && rule->alpha < 1))
        return err_set(err, E_INVALID, "alpha", "Alpha must be between 0 and 1.");
    return 0;
}

int watch_prepare(struct watch_rule *rule, struct err *err)
{
    struct walk walk;
    int r = check(rule, err);

    if (r < 0)
        return r;
    rule->failure = log(rule->alarming / rule->accepted);
    rule->success = log((1 - rule->alarming) / (1 - rule->accepted));
    walk = (struct walk){rule->failure, rule->success, rule->accepted};
    return walk_limit(&walk, rule->horizon, rule->alpha, &rule->limit, err);
}

bool watch_is_alarm(const struct watch_rule *rule, double score)
{
    return score > rule->limit + WALK_SAME;
}

size_t watch_scores(
    const struct watch_rule *rule, const bool *failed, size_t count, double *ret)
{
    double score = 0;
    size_t alarm = 0;

    for (size_t i = 0; i < count; i++) {
        if (watch_is_alarm(rule, score))
            score = 0;
        score = fmax(score + (failed[i] ? rule->failure : rule->success), 0);
        ret[i] = score;
        if (alarm == 0 && watch_is_alarm(rule, score))
            alarm = i + 1;
    }
    return alarm;
}

int watch_false_alarm(
    const struct watch_rule *rule, double limit, double *ret, struct err *err)
{
    struct walk walk = {rule->failure, rule->success, rule->accepted};
    double *crossed = base_malloc((size_t)rule->horizon * sizeof(*crossed));
    int r = crossed ? walk_crossing(&walk, 0, limit, rule->horizon, crossed, err)
                    : err_nomem(err);

    if (r == 0)
        *ret = crossed[rule->horizon - 1];
    base_free(crossed);
    return r;
}

double watch_odds(double rate, double ratio)
{
    return ratio * rate / (1 - rate + ratio * rate);
}

double watch_risk_weight(double expected, double ratio, bool failed)
{
    double weight = -log(1 - expected + ratio * expected);

    return failed ? weight + log(ratio) : weight;
}
