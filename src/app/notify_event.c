/* SPDX-License-Identifier: Apache-2.0 */
/* What a step of a case means for those who have to do with it. Pure. */
#include "app/notify_internal.h"

static bool moved(const struct case_task *before, const struct case_task *after)
{
    return !before || before->state != after->state;
}

static struct notify_event when_sent(
    const struct case_task *before, const struct case_task *after)
{
    struct notify_event e = {.kind = CHOICE_KINDS};

    if (before && after->clock.level > before->clock.level)
        e.kind = CHOICE_ESCALATED;
    else if (moved(before, after) || !str_eq(before->owner, after->owner))
        e.kind = CHOICE_SENT;
    /* the first to accept has it; after that it climbs the ladder like any other */
    e.broadcast = after->urgency == CASE_EMERGENCY && e.kind == CHOICE_SENT;
    return e;
}

struct notify_event notify_event_of(
    const struct case_task *before, const struct case_task *after)
{
    struct notify_event e = {.kind = CHOICE_KINDS};

    if (after->state == CASE_TASK_SENT)
        return when_sent(before, after);
    if (!moved(before, after))
        return e;
    if (after->state == CASE_TASK_INFORMATION_ASKED)
        e.kind = CHOICE_ASKED;
    else if (after->state == CASE_TASK_ANSWERED ||
             after->state == CASE_TASK_BED_ACCEPTED ||
             after->state == CASE_TASK_BACK_HOME)
        e.kind = CHOICE_ANSWERED;
    else if (after->state == CASE_TASK_OUTCOME_KNOWN)
        e.kind = CHOICE_OUTCOME;
    else if (after->state == CASE_TASK_ON_THE_WAY ||
             (after->state == CASE_TASK_ALLOCATED && before &&
                 before->state == CASE_TASK_INFORMATION_ASKED))
        e.kind = CHOICE_INFORMED;
    return e;
}
