/* SPDX-License-Identifier: Apache-2.0 */
/* How soon those who could be asked answer cases as urgent as this. */
#include "app/route_internal.h"

static enum case_urgency urgency_of(const struct route *rt)
{
    switch (rt->question.asked.urgency) {
    case ROUTING_EMERGENCY:
        return CASE_EMERGENCY;
    case ROUTING_URGENT:
        return CASE_URGENT;
    case ROUTING_ROUTINE:
    case ROUTING_URGENCIES:
        break;
    }
    return CASE_ROUTINE;
}

static int time_of(
    struct route *rt, struct str unit, struct answer_time *ret, struct err *err)
{
    const struct answer_question q = {.unit = unit,
        .urgency = urgency_of(rt),
        .reader = rt->snapshot,
        .arena = rt->call->arena};

    return answer_times_of(rt->call->app->answers, &q, ret, err);
}

int route_pace(void *arg, struct str unit, struct network_pace *ret, struct err *err)
{
    struct answer_time time = {0};
    int r = time_of(arg, unit, &time, err);

    if (r == 0)
        *ret = (struct network_pace){time.median, time.count};
    return r;
}

int route_times(struct route *rt, struct err *err)
{
    size_t count = rt->answer.count < rt->most ? rt->answer.count : rt->most;
    int r = 0;

    rt->times = arena_array(rt->call->arena, count + 1, sizeof(*rt->times));
    if (!rt->times)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < count; i++)
        r = time_of(rt, rt->answer.options[i].unit.reference, &rt->times[i], err);
    return r;
}
