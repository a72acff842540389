/* SPDX-License-Identifier: Apache-2.0 */
#include "app/procedure_rule.h"

#include "base/thread.h"

static pthread_mutex_t preparing = PTHREAD_MUTEX_INITIALIZER; /* guards all curves */

static struct procedure_rule *find(struct str code)
{
    for (size_t i = 1; i < procedure_rule_count; i++) {
        if (str_is(code, procedure_rules[i].code))
            return &procedure_rules[i];
    }
    return &procedure_rules[0];
}

int procedure_rule_of(
    struct str code, const struct procedure_rule **ret, struct err *err)
{
    struct procedure_rule *rule = find(code);
    int r = 0;

    pthread_mutex_lock(&preparing);
    if (!rule->sign_off.curve) {
        r = curve_prepare(&rule->curve, err);
        if (r == 0)
            rule->sign_off.curve = &rule->curve;
    }
    pthread_mutex_unlock(&preparing);
    if (r == 0)
        *ret = rule;
    return r;
}

int procedure_watch_of(struct str code, const struct watch_rule **ret, struct err *err)
{
    struct procedure_rule *rule = find(code);
    int r = 0;

    pthread_mutex_lock(&preparing);
    if (rule->watch.limit <= 0) {
        struct watch_rule made = {.accepted = rule->curve.adequate,
            .alarming = rule->curve.inadequate,
            .horizon = rule->curve.horizon,
            .alpha = rule->curve.alpha};

        r = watch_prepare(&made, err);
        if (r == 0)
            rule->watch = made;
    }
    pthread_mutex_unlock(&preparing);
    if (r == 0)
        *ret = &rule->watch;
    return r;
}

enum sign_off_outcome procedure_outcome(
    const struct procedure_rule *rule, const enum procedure_result results[LOOKS])
{
    for (int i = 0; i < LOOKS; i++) {
        if (rule->failure >> results[i] & 1)
            return OUTCOME_FAILURE;
    }
    return results[LOOK_DAY_30] == RESULT_NOT_ASKED ||
                   results[LOOK_DAY_30] == RESULT_UNKNOWN
               ? OUTCOME_NOT_KNOWN
               : OUTCOME_GOOD;
}
