/* SPDX-License-Identifier: Apache-2.0 */
/* The names of routing's kinds and reasons, for pages, tests and operations. */
#include "engine/routing/routing.h"

const char *routing_kind_name(enum routing_kind kind)
{
    static const char *const names[] = {
        [ROUTING_TEAM_HERE] = "team-here",
        [ROUTING_EXPERT_HERE] = "expert-here",
        [ROUTING_GUIDED_HERE] = "guided-here",
        [ROUTING_IN_PREFECTURE] = "in-prefecture",
        [ROUTING_IN_REGION] = "in-region",
        [ROUTING_OUTSIDE] = "outside",
    };

    return names[kind];
}

const char *routing_reason_name(enum routing_reason_code code)
{
    static const char *const names[] = {
        [ROUTING_TOO_LATE] = "too-late",
        [ROUTING_NO_BED] = "no-bed",
        [ROUTING_NOBODY_ON_DUTY] = "nobody-on-duty",
        [ROUTING_MAY_NOT_TRAVEL] = "may-not-travel",
        [ROUTING_TOO_FAR] = "too-far",
        [ROUTING_ROAD_CLOSED] = "road-closed",
        [ROUTING_WAY_UNKNOWN] = "way-unknown",
        [ROUTING_UP_ILL] = "up-ill",
        [ROUTING_UP_SHORT_OF_OXYGEN] = "up-short-of-oxygen",
        [ROUTING_EQUIPMENT_OFF] = "equipment-off",
        [ROUTING_LAPSED] = "lapsed",
        [ROUTING_EXPERT_AWAY] = "expert-away",
        [ROUTING_SINCE] = "since",
        [ROUTING_BY] = "by",
        [ROUTING_ON_DUTY] = "on-duty",
        [ROUTING_DUTY_LATER] = "duty-later",
        [ROUTING_DUTY_UNKNOWN] = "duty-unknown",
        [ROUTING_BEDS] = "beds",
        [ROUTING_BEDS_UNKNOWN] = "beds-unknown",
        [ROUTING_TRAVEL] = "travel",
        [ROUTING_TRAVEL_ESTIMATED] = "travel-estimated",
        [ROUTING_DOWN] = "down",
        [ROUTING_UP] = "up",
        [ROUTING_ALTITUDE_UNKNOWN] = "altitude-unknown",
        [ROUTING_ANSWER] = "answer",
        [ROUTING_ANSWER_UNKNOWN] = "answer-unknown",
        [ROUTING_LANGUAGE] = "language",
        [ROUTING_INTERPRETER] = "interpreter",
        [ROUTING_NO_LANGUAGE] = "no-language",
        [ROUTING_TEACHING] = "teaching",
        [ROUTING_EXPERT_LEAVES] = "expert-leaves",
        [ROUTING_COMPANY] = "company",
        [ROUTING_SUSTAINED] = "sustained",
        [ROUTING_DEMONSTRATED] = "demonstrated",
        [ROUTING_NOT_DEMONSTRATED] = "not-demonstrated",
        [ROUTING_LISTED] = "listed",
    };

    return names[code];
}

const char *routing_decided_name(enum routing_decided_by decided)
{
    static const char *const names[] = {
        [ROUTING_FIRST] = "first",
        [ROUTING_BY_SAFETY] = "by-safety",
        [ROUTING_BY_NEARNESS] = "by-nearness",
        [ROUTING_BY_TIME] = "by-time",
        [ROUTING_BY_POSITION] = "by-position",
    };

    return names[decided];
}
