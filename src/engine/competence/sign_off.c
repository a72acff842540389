/* SPDX-License-Identifier: Apache-2.0 */
/* The conditions of a sign-off, each with its number. */
#include "engine/competence/sign_off.h"

#include <math.h>

#include "base/arena.h"

#include "engine/competence/bayes.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

enum independence independence_of_zwisch(int zwisch)
{
    static const enum independence levels[] = {INDEPENDENCE_NOT_RATED,
        INDEPENDENCE_HELPED, INDEPENDENCE_HELPED, INDEPENDENCE_PASSIVE_HELP,
        INDEPENDENCE_SUPERVISED};

    return zwisch >= 1 && zwisch <= 4 ? levels[zwisch] : INDEPENDENCE_NOT_RATED;
}

enum independence independence_of_o_score(int o_score)
{
    static const enum independence levels[] = {INDEPENDENCE_NOT_RATED,
        INDEPENDENCE_HELPED, INDEPENDENCE_HELPED, INDEPENDENCE_PASSIVE_HELP,
        INDEPENDENCE_SUPERVISED, INDEPENDENCE_ALONE};

    return o_score >= 1 && o_score <= 5 ? levels[o_score] : INDEPENDENCE_NOT_RATED;
}

static void set(struct sign_off_list *list, enum sign_off_condition condition, bool met,
    int value, int needed)
{
    list->lines[condition] =
        (struct sign_off_line){met ? SIGN_OFF_MET : SIGN_OFF_NOT_MET, value, needed};
}

/* The last ${most} rated cases, newest first, into ${ret}; how many. */
static size_t last_rated(
    const struct sign_off_question *q, size_t most, const struct sign_off_case **ret)
{
    size_t found = 0;

    for (size_t i = q->count; i > 0 && found < most; i--)
        if (q->cases[i - 1].level != INDEPENDENCE_NOT_RATED)
            ret[found++] = &q->cases[i - 1];
    return found;
}

/* How many different numbers but 0 among those of ${rated}, the assessors' or rotations'. */
static int count_different(
    const struct sign_off_case **rated, size_t count, bool assessors)
{
    int different = 0;

    for (size_t i = 0; i < count; i++) {
        uint32_t one = assessors ? rated[i]->assessor : rated[i]->rotation;
        bool seen = one == 0;

        for (size_t k = 0; k < i && !seen; k++)
            seen = one == (assessors ? rated[k]->assessor : rated[k]->rotation);
        different += !seen;
    }
    return different;
}

static int list_ratings(const struct sign_off_rule *rule,
    const struct sign_off_question *q, struct arena *a, struct sign_off_list *list)
{
    const struct sign_off_case **rated =
        arena_array(a, (size_t)rule->ratings, sizeof(const struct sign_off_case *));
    size_t count = rated ? last_rated(q, (size_t)rule->ratings, rated) : 0;
    int good = 0, in_a_row = 0, assessors, rotations;

    if (!rated)
        return E_NOMEM;
    for (size_t i = 0; i < count; i++) {
        if (rated[i]->level >= rule->level && in_a_row == (int)i)
            in_a_row += 1;
        good += rated[i]->level >= rule->level;
    }
    assessors = count_different(rated, count, true);
    rotations = count_different(rated, count, false);
    set(list, SIGN_OFF_RATINGS, good >= rule->ratings, good, rule->ratings);
    set(list, SIGN_OFF_ASSESSORS, assessors >= rule->assessors, assessors,
        rule->assessors);
    set(list, SIGN_OFF_ROTATIONS, rotations >= rule->rotations, rotations,
        rule->rotations);
    if (good < rule->ratings)
        list->more_cases = rule->ratings - in_a_row;
    return 0;
}

static int list_curve(const struct sign_off_rule *rule,
    const struct sign_off_question *q, struct arena *a, struct sign_off_list *list,
    struct err *err)
{
    bool *failed = arena_array(a, q->count, sizeof(*failed));
    size_t known = 0;
    double posterior;
    int r;

    if (!failed)
        return err_nomem(err);
    for (size_t i = 0; i < q->count; i++)
        if (q->cases[i].outcome != OUTCOME_NOT_KNOWN)
            failed[known++] = q->cases[i].outcome == OUTCOME_FAILURE;
    r = curve_state(rule->curve, failed, known, q->expected, &list->curve, err);
    if (r < 0)
        return r;
    posterior =
        bayes_below(list->curve.cases, list->curve.failures, rule->highest_rate);
    set(list, SIGN_OFF_CURVE,
        list->curve.arrived_at > 0 || posterior >= rule->confidence,
        (int)floor(posterior * 100), (int)lround(rule->confidence * 100));
    set(list, SIGN_OFF_OUTCOMES,
        q->count > 0 && (double)known >= rule->outcome_share * (double)q->count,
        q->count ? (int)(known * 100 / q->count) : 0,
        (int)lround(rule->outcome_share * 100));
    return 0;
}

static void list_counts(const struct sign_off_rule *rule,
    const struct sign_off_question *q, struct sign_off_list *list)
{
    int events = 0, recent = 0;

    for (size_t i = 0; i < q->count; i++) {
        events += q->cases[i].serious_event_open;
        recent += q->cases[i].when <= q->now &&
                  q->now - q->cases[i].when <= rule->recent_days * DAY_MS;
    }
    set(list, SIGN_OFF_VOLUME, (int)q->count >= rule->volume, (int)q->count,
        rule->volume);
    set(list, SIGN_OFF_NO_EVENT, events == 0, events, 0);
    set(list, SIGN_OFF_RECENCY, recent >= rule->recent_cases, recent,
        rule->recent_cases);
    list->lines[SIGN_OFF_PLACE] = (struct sign_off_line){.answer = q->place};
}

/* The curve is met sooner by its signal or by the posterior, each by successes alone. */
static int more_for_curve(
    const struct sign_off_rule *rule, const struct sign_off_list *list)
{
    int cases = bayes_cases(list->curve.failures, rule->highest_rate, rule->confidence);
    int by_posterior = cases < 0 ? list->curve.straight : cases - list->curve.cases;

    if (list->lines[SIGN_OFF_CURVE].answer == SIGN_OFF_MET)
        return 0;
    return by_posterior < list->curve.straight ? by_posterior : list->curve.straight;
}

static void sum_up(const struct sign_off_rule *rule, struct sign_off_list *list)
{
    const struct sign_off_line *volume = &list->lines[SIGN_OFF_VOLUME];
    int for_curve = more_for_curve(rule, list);

    if (volume->needed - volume->value > list->more_cases)
        list->more_cases = volume->needed - volume->value;
    if (for_curve > list->more_cases)
        list->more_cases = for_curve;
    list->all_met = true;
    for (int i = 0; i < SIGN_OFF_CONDITIONS; i++)
        if (list->lines[i].answer != SIGN_OFF_MET)
            list->all_met = false;
}

int sign_off_list(const struct sign_off_rule *rule,
    const struct sign_off_question *question, struct sign_off_list *ret,
    struct err *err)
{
    struct sign_off_list list = {.more_cases = 0};
    struct arena *a = arena_new();
    int r = a ? list_ratings(rule, question, a, &list) : E_NOMEM;

    if (r < 0)
        err_nomem(err);
    else
        r = list_curve(rule, question, a, &list, err);
    if (r == 0) {
        list_counts(rule, question, &list);
        sum_up(rule, &list);
        *ret = list;
    }
    arena_free(a);
    return r;
}
