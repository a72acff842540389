/* SPDX-License-Identifier: Apache-2.0 */
/* What is done beside the steps of a case, as data. What was decided may be put down, and a
 * plan followed, when the case has ended: by those who still see it. */
#include "app/beside_internal.h"

#define OPEN                                                                           \
    (CASE_IN(CASE_SENT) | CASE_IN(CASE_ALLOCATED) | CASE_IN(CASE_INFORMATION_ASKED) |  \
        CASE_IN(CASE_ANSWERED) | CASE_IN(CASE_ACTED_ON) |                              \
        CASE_IN(CASE_OUTCOME_KNOWN) | CASE_IN(CASE_BED_ACCEPTED) |                     \
        CASE_IN(CASE_ON_THE_WAY) | CASE_IN(CASE_ARRIVED) | CASE_IN(CASE_BACK_HOME))
#define SENT                                                                           \
    (OPEN | CASE_IN(CASE_CLOSED) | CASE_IN(CASE_DECLINED) | CASE_IN(CASE_WITHDRAWN) |  \
        CASE_IN(CASE_EXPIRED))
#define BOTH (CASE_ASKING | CASE_ASKED)

#define TEXT(name_, required_, what_)                                                  \
    {                                                                                  \
        .name = (name_), .value = BESIDE_TEXT, .required = (required_),                \
        .what = (what_)                                                                \
    }
#define NEEDED(name_, value_, what_)                                                   \
    {                                                                                  \
        .name = (name_), .value = (value_), .required = true, .what = (what_)          \
    }
#define CODE(name_, what_, codes_)                                                     \
    {                                                                                  \
        .name = (name_), .value = BESIDE_CODE, .required = true, .what = (what_),      \
        .codes = (codes_)                                                              \
    }
#define COUNT(name_, highest_, what_)                                                  \
    {                                                                                  \
        .name = (name_), .value = BESIDE_NUMBER, .required = true, .what = (what_),    \
        .highest = (highest_)                                                          \
    }
#define MEETING NEEDED("meeting", BESIDE_ID, "which meeting")
#define ID NEEDED("id", BESIDE_ID, "under which id it shall be kept, such as a UUID")
#define END                                                                            \
    {                                                                                  \
        .name = NULL                                                                   \
    }

static const struct beside_parameter call_parameters[] = {ID,
    TEXT("subject", true, "what the meeting is about"),
    NEEDED("start", BESIDE_INSTANT, "when it begins"),
    NEEDED("end", BESIDE_INSTANT, "when it ends"),
    {.name = "department", .value = BESIDE_UNIT, .most = LIMIT_MDT_INVITED},
    {.name = "person", .value = BESIDE_PERSON, .most = LIMIT_MDT_INVITED}, END};

static const struct beside_parameter reply_parameters[] = {MEETING,
    CODE("answer", "whether you take part", "accepted declined"),
    TEXT("text", false, "what you have to say"), END};

static const struct beside_parameter minutes_parameters[] = {ID, MEETING,
    TEXT("text", true, "what was said"),
    {.name = "decision",
        .value = BESIDE_TEXT,
        .most = LIMIT_MDT_DECISIONS,
        .what = "what was decided"},
    {.name = "present", .value = BESIDE_PERSON, .most = LIMIT_MDT_PARTICIPANTS}, END};

static const struct beside_parameter agree_parameters[] = {MEETING,
    COUNT("decision", LIMIT_MDT_DECISIONS, "which decision, by its number"),
    NEEDED("agrees", BESIDE_BOOLEAN, "whether you agree"),
    TEXT("text", false, "what you have to say"), END};

static const struct beside_parameter cancel_parameters[] = {
    MEETING, TEXT("reason", true, "why it does not take place"), END};

static const struct beside_parameter goal_parts[] = {
    TEXT("text", true, "what shall be reached"),
    NEEDED("due", BESIDE_DATE, "until when"), END};

static const struct beside_parameter session_parts[] = {
    TEXT("text", true, "what is done in a session"), COUNT("times", 50, "how often"),
    CODE("per", "how often in what time", "day week"),
    COUNT("weeks", 104, "for how many weeks"), END};

static const struct beside_parameter plan_parameters[] = {ID,
    TEXT("text", true, "what the plan is"),
    {.name = "goal",
        .value = BESIDE_PARTS,
        .required = true,
        .most = LIMIT_PLAN_GOALS,
        .what = "what shall be reached",
        .parts = goal_parts},
    {.name = "session",
        .value = BESIDE_PARTS,
        .required = true,
        .most = LIMIT_PLAN_SESSIONS,
        .what = "what is done how often",
        .parts = session_parts},
    {.name = "attachment", .value = BESIDE_ATTACHMENT, .most = LIMIT_CASE_ATTACHMENTS},
    END};

static const struct beside_parameter done_parameters[] = {ID,
    COUNT("session", LIMIT_PLAN_SESSIONS, "which session, by its number"),
    NEEDED("done", BESIDE_BOOLEAN, "whether it took place"),
    TEXT("text", true, "how it went, or why it did not take place"),
    {.name = "at", .value = BESIDE_INSTANT}, {.name = "next", .value = BESIDE_DATE},
    END};

static const struct beside_parameter judge_parameters[] = {
    NEEDED("goal", BESIDE_ID, "which goal"),
    CODE("result", "what became of the goal", "achieved partly not"),
    TEXT("text", false, "what you have to say"), END};

static const struct beside_parameter watch_parameters[] = {ID,
    NEEDED("until", BESIDE_INSTANT, "until when"),
    COUNT("every", 1440, "how often to measure, in minutes"),
    {.name = "rise", .value = BESIDE_NUMBER, .highest = 10},
    {.name = "band", .value = BESIDE_CODE, .codes = "single-3 5 7"}, END};

static const struct beside_parameter end_parameters[] = {
    NEEDED("id", BESIDE_ID, "which watch"), END};

static const struct beside_parameter seen_parameters[] = {
    NEEDED("alert", BESIDE_ID, "which alert"), END};

static const struct beside_parameter slot_parameters[] = {ID,
    NEEDED("start", BESIDE_INSTANT, "when it begins"),
    NEEDED("end", BESIDE_INSTANT, "when it ends"),
    NEEDED("guide", BESIDE_PERSON, "who guides"),
    {.name = "operator",
        .value = BESIDE_PERSON,
        .required = true,
        .most = LIMIT_GUIDED_OPERATORS,
        .what = "who performs it"},
    TEXT("text", true, "what shall be done"), END};

static const struct beside_parameter record_parameters[] = {ID,
    TEXT("text", true, "what was done"), {.name = "code", .value = BESIDE_ID},
    NEEDED("start", BESIDE_INSTANT, "when it began"),
    NEEDED("end", BESIDE_INSTANT, "when it ended"),
    NEEDED("guide", BESIDE_PERSON, "who guided"),
    {.name = "operator",
        .value = BESIDE_PERSON,
        .required = true,
        .most = LIMIT_GUIDED_OPERATORS,
        .what = "who performed it"},
    CODE("result", "how it ended", "completed stopped"),
    TEXT("complication", false, "what went wrong"), END};

static const struct beside_step steps[] = {
    {{.name = "call-mdt", .from = OPEN, .who = BOTH}, call_parameters, mdt_call},
    {{.name = "mdt-reply", .from = OPEN, .who = BOTH}, reply_parameters, mdt_reply},
    {{.name = "mdt-minutes", .from = SENT, .who = BOTH}, minutes_parameters,
        mdt_minutes},
    {{.name = "mdt-agree", .from = SENT, .who = BOTH}, agree_parameters, mdt_agree},
    {{.name = "mdt-cancel", .from = SENT, .who = BOTH}, cancel_parameters, mdt_cancel},
    {{.name = "plan", .from = OPEN, .who = CASE_ASKED}, plan_parameters, plan_make},
    {{.name = "session", .from = SENT, .who = CASE_ASKING}, done_parameters,
        plan_session},
    {{.name = "goal", .from = SENT, .who = BOTH}, judge_parameters, plan_goal},
    {{.name = "watch", .from = OPEN, .who = BOTH}, watch_parameters, watch_begin},
    {{.name = "end-watch", .from = OPEN, .who = BOTH}, end_parameters, watch_end},
    {{.name = "acknowledge", .from = SENT, .who = BOTH}, seen_parameters, watch_seen},
    {{.name = "agree-slot", .from = OPEN, .who = BOTH}, slot_parameters, guided_slot},
    {{.name = "record-procedure", .from = OPEN, .who = BOTH}, record_parameters,
        guided_record},
};

const struct beside_step *beside_step_named(struct str name)
{
    if (name.len == 0 || name.p[0] != '$')
        return NULL;
    name = (struct str){name.p + 1, name.len - 1};
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (str_is(name, steps[i].step.name))
            return &steps[i];
    }
    return NULL;
}
