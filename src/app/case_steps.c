/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The steps of a case, as data.
 *
 *   draft ─$send─► sent ─$accept─► allocated ─$answer─► answered ─$act─► acted-on
 *                   │ ▲               │ ▲                  │                │
 *                   │ └ $reroute,     │ │ $inform          └──── $outcome ──┤
 *                   │   escalate      ▼ │                                   ▼
 *                   └─$ask-back─► information-asked               outcome-known
 *                                                                           │ $close
 *   $decline ► declined   $withdraw ► withdrawn   expire ► expired          ▼
 *                                                                        closed
 *
 * $answer is given from sent and information-asked too. $close without an outcome says
 * lost-to-follow-up.
 *
 * A transfer has these beside (docs/adr/0032-transfers.md):
 *
 *   sent, allocated, information-asked ─$accept-transfer─► bed-accepted ─$depart─►
 *   on-the-way ─$arrive─► arrived ─$return─► back-home ─$outcome─► outcome-known
 */
#include <string.h>

#include "app/case_internal.h"

#define OPEN                                                                           \
    (CASE_IN(CASE_SENT) | CASE_IN(CASE_ALLOCATED) | CASE_IN(CASE_INFORMATION_ASKED) |  \
        CASE_IN(CASE_ANSWERED) | CASE_IN(CASE_ACTED_ON) |                              \
        CASE_IN(CASE_OUTCOME_KNOWN) | CASE_IN(CASE_BED_ACCEPTED) |                     \
        CASE_IN(CASE_ON_THE_WAY) | CASE_IN(CASE_ARRIVED) | CASE_IN(CASE_BACK_HOME))
#define UNANSWERED                                                                     \
    (CASE_IN(CASE_SENT) | CASE_IN(CASE_ALLOCATED) | CASE_IN(CASE_INFORMATION_ASKED))
#define UNDER_WAY (CASE_IN(CASE_SENT) | CASE_IN(CASE_ALLOCATED))

#define ID                                                                             \
    {                                                                                  \
        .name = "id", .value = CASE_VALUE_ID                                           \
    }
#define ATTACHMENT                                                                     \
    {                                                                                  \
        .name = "attachment", .value = CASE_VALUE_ATTACHMENT                           \
    }
#define WORDS(name_, what_, required_)                                                 \
    {                                                                                  \
        .name = (name_), .value = CASE_VALUE_TEXT, .required = (required_),            \
        .what = (what_)                                                                \
    }
#define CODE(name_, what_, codes_)                                                     \
    {                                                                                  \
        .name = (name_), .value = CASE_VALUE_CODE, .required = true, .what = (what_),  \
        .codes = (codes_)                                                              \
    }
#define CODE_PART(name_, what_, codes_)                                                \
    {                                                                                  \
        .name = (name_), .value = CASE_VALUE_CODE, .required = true, .what = (what_),  \
        .codes = (codes_), .part = true                                                \
    }
#define WORDS_PART(name_, what_, required_)                                            \
    {                                                                                  \
        .name = (name_), .value = CASE_VALUE_TEXT, .required = (required_),            \
        .what = (what_), .part = true                                                  \
    }
#define TIME_PART(name_)                                                               \
    {                                                                                  \
        .name = (name_), .value = CASE_VALUE_TIME, .part = true                        \
    }
#define TRUTH(name_, what_)                                                            \
    {                                                                                  \
        .name = (name_), .value = CASE_VALUE_BOOLEAN, .required = true,                \
        .what = (what_)                                                                \
    }

const struct case_step case_steps[] = {
    {.name = "send",
        .done = "sent",
        .from = CASE_IN(CASE_DRAFT),
        .to = CASE_SENT,
        .who = CASE_ASKING,
        .does = CASE_DOES_SEND},
    {.name = "accept",
        .done = "accepted",
        .from = CASE_IN(CASE_SENT),
        .to = CASE_ALLOCATED,
        .who = CASE_ASKED,
        .takes = true,
        .clock = case_clock_allocate},
    {.name = "ask-back",
        .done = "asked about",
        .from = UNDER_WAY,
        .to = CASE_INFORMATION_ASKED,
        .who = CASE_ASKED,
        .kind = "question",
        .takes = true,
        .clock = case_clock_pause,
        .parameters = {WORDS("text", "what you need to know", true), ATTACHMENT, ID}},
    {.name = "inform",
        .done = "informed on",
        .from = CASE_IN(CASE_INFORMATION_ASKED),
        .to = CASE_ALLOCATED,
        .who = CASE_ASKING,
        .kind = "information",
        .says = true,
        .clock = case_clock_resume,
        .parameters = {WORDS("text", "what was asked", false), ATTACHMENT, ID}},
    {.name = "message",
        .done = "written to",
        .from = OPEN,
        .to = CASE_UNKNOWN,
        .who = CASE_ASKING | CASE_ASKED,
        .kind = "message",
        .says = true,
        .parameters = {WORDS("text", "what you have to say", false), ATTACHMENT, ID}},
    {.name = "guide-step",
        .done = "guided",
        .from = OPEN,
        .to = CASE_UNKNOWN,
        .who = CASE_ASKING | CASE_ASKED,
        .kind = "guided-step",
        .says = true,
        .parameters = {WORDS("text", "what is done now, or what to do next", true),
            ATTACHMENT, ID}},
    {.name = "answer",
        .done = "answered",
        .from = UNANSWERED,
        .to = CASE_ANSWERED,
        .who = CASE_ASKED,
        .takes = true,
        .does = CASE_DOES_ANSWER,
        .clock = case_clock_answer,
        .parameters = {WORDS("assessment", "what you make of it", true),
            WORDS("advice", "what shall be done", true),
            CODE("urgency", "how urgent it is", "routine urgent asap stat"),
            CODE("can-be-done-here",
                "whether the hospital that asks can do what you advise",
                "yes with-help no"),
            ATTACHMENT, ID}},
    {.name = "act",
        .done = "acted on",
        .from = CASE_IN(CASE_ANSWERED),
        .to = CASE_ACTED_ON,
        .who = CASE_ASKING,
        .kind = "action",
        .parameters = {WORDS("text", "what was done", false), ATTACHMENT, ID}},
    {.name = "outcome",
        .done = "followed up",
        .from =
            CASE_IN(CASE_ANSWERED) | CASE_IN(CASE_ACTED_ON) | CASE_IN(CASE_BACK_HOME),
        .to = CASE_OUTCOME_KNOWN,
        .who = CASE_ASKING,
        .kind = "outcome",
        .does = CASE_DOES_OUTCOME,
        .parameters = {CODE("helpful", "whether the answer helped", "yes partly no"),
            TRUTH("plan-changed", "whether it changed what was done"),
            TRUTH("transfer-avoided", "whether a transfer was avoided"),
            CODE("patient", "how the patient is", "better same worse died unknown"),
            WORDS("text", "what became of the patient", false), ATTACHMENT, ID}},
    {.name = "close",
        .done = "closed",
        .from = CASE_IN(CASE_ANSWERED) | CASE_IN(CASE_ACTED_ON) |
                CASE_IN(CASE_BACK_HOME) | CASE_IN(CASE_OUTCOME_KNOWN),
        .to = CASE_CLOSED,
        .who = CASE_ASKING,
        .does = CASE_DOES_CLOSE,
        .clock = case_clock_stop,
        .parameters = {{.name = "lost-to-follow-up", .value = CASE_VALUE_BOOLEAN}}},
    {.name = "decline",
        .done = "declined",
        .from = UNDER_WAY | CASE_IN(CASE_BED_ACCEPTED),
        .to = CASE_DECLINED,
        .who = CASE_ASKED,
        .kind = "decline",
        .clock = case_clock_stop,
        .parameters = {WORDS("reason", "why you cannot answer it", true),
            WORDS("alternative", "what they can do instead", true), ID}},
    {.name = "reroute",
        .done = "sent elsewhere",
        .from = UNANSWERED,
        .to = CASE_SENT,
        .who = CASE_ASKING | CASE_ASKED,
        .kind = "reroute",
        .does = CASE_DOES_REROUTE,
        .clock = case_clock_reroute,
        .parameters = {{.name = "to",
                           .value = CASE_VALUE_ORGANIZATION,
                           .required = true,
                           .what = "who is asked instead"},
            WORDS("reason", "why it is better asked there", true), ID}},
    {.name = "withdraw",
        .done = "withdrawn",
        .from = CASE_IN(CASE_DRAFT) | UNANSWERED | CASE_IN(CASE_BED_ACCEPTED) |
                CASE_IN(CASE_ON_THE_WAY), /* they turned round */
        .to = CASE_WITHDRAWN,
        .who = CASE_ASKING,
        .kind = "withdrawal",
        .clock = case_clock_stop,
        .parameters = {WORDS("reason", "why no answer is needed any more", true), ID}},
    {.name = "accept-transfer",
        .done = "accepted with a bed",
        .from = UNANSWERED,
        .to = CASE_BED_ACCEPTED,
        .who = CASE_ASKED,
        .kind = "bed",
        .of_kind = "transfer",
        .takes = true,
        .does = CASE_DOES_PROMISE,
        .clock = case_clock_answer,
        .parameters = {{.name = "bed",
                           .value = CASE_VALUE_LOCATION,
                           .required = true,
                           .what = "which bed is kept for the patient",
                           .part = true},
            WORDS("text", "what to send along", false), ATTACHMENT, ID}},
    {.name = "depart",
        .done = "begun as a journey",
        .from = CASE_IN(CASE_BED_ACCEPTED),
        .to = CASE_ON_THE_WAY,
        .who = CASE_ASKING,
        .kind = "departure",
        .of_kind = "transfer",
        .does = CASE_DOES_DEPART,
        .parameters = {CODE_PART("means", "how the patient travels",
                           "ambulance car bus plane other"),
            CODE_PART("escort", "who goes along", "doctor nurse family nobody"),
            TIME_PART("left"), TIME_PART("expected"),
            WORDS("text", "what they shall know", false), ATTACHMENT, ID}},
    {.name = "arrive",
        .done = "ended as a journey",
        .from = CASE_IN(CASE_BED_ACCEPTED) | CASE_IN(CASE_ON_THE_WAY),
        .to = CASE_ARRIVED,
        .who = CASE_ASKED,
        .kind = "arrival",
        .of_kind = "transfer",
        .takes = true,
        .does = CASE_DOES_ARRIVE,
        .parameters = {{.name = "bed", .value = CASE_VALUE_LOCATION, .part = true},
            WORDS("text", "how the patient is", false), ATTACHMENT, ID}},
    {.name = "return",
        .done = "ended with a note back home",
        .from = CASE_IN(CASE_ARRIVED),
        .to = CASE_BACK_HOME,
        .who = CASE_ASKED,
        .kind = "return-note",
        .of_kind = "transfer",
        .does = CASE_DOES_RETURN,
        .parameters =
            {CODE_PART("patient", "how the patient is", "better same worse died"),
                WORDS_PART("done", "what was done", true),
                WORDS_PART("at-home", "what to do at home", false),
                WORDS_PART("medicines", "which medicines", false),
                WORDS_PART("seen-again", "when and where to be seen again", false),
                ATTACHMENT, ID}},
    {.name = "escalate",
        .done = "escalated",
        .from = UNDER_WAY,
        .to = CASE_SENT,
        .who = CASE_NODE,
        .does = CASE_DOES_ESCALATE,
        .clock = case_clock_escalate},
    {.name = "expire",
        .done = "ended for want of an answer",
        .from = UNDER_WAY,
        .to = CASE_EXPIRED,
        .who = CASE_NODE,
        .does = CASE_DOES_EXPIRE,
        .clock = case_clock_stop},
};

const size_t case_step_count = sizeof(case_steps) / sizeof(case_steps[0]);

const struct case_step *case_step_named(struct str name, bool node)
{
    if (name.len == 0 || name.p[0] != '$')
        return NULL;
    name = (struct str){name.p + 1, name.len - 1};
    for (size_t i = 0; i < case_step_count; i++) {
        if (str_is(name, case_steps[i].name))
            return (case_steps[i].who & CASE_NODE) && !node ? NULL : &case_steps[i];
    }
    return NULL;
}

/* ---- states ---- */

/* What systems that know referrals by the guide "Bidirectional Services eReferral" are told. The codes are those
 * that its version 1.0.0 and the draft of 2.0.0 share: what lies between 3.0 and 7.0 differs
 * in them. To them an answer is what they asked for; what follows is the asking side's own. */
static const struct case_outside created = {"2.0", "Service Request Created"};
static const struct case_outside accepted = {"3.0", "Service Request Accepted"};
static const struct case_outside declined = {"4.0", "Service Request Declined"};
static const struct case_outside cancelled = {
    "6.0", "Service Request Fulfillment Cancelled"};
static const struct case_outside completed = {
    "7.0", "Service Request Fulfillment Completed"};

static const struct {
    const char *code;
    const char *display;
    const char *task;
    const char *request;
    const struct case_outside *outside;
} states[CASE_STATES] = {
    [CASE_UNKNOWN] = {"unknown", "Not known", "requested", "active", NULL},
    [CASE_DRAFT] = {"draft", "Draft", "draft", "draft", NULL},
    [CASE_SENT] = {"sent", "Sent", "requested", "active", &created},
    [CASE_ALLOCATED] = {"allocated", "Being looked at", "accepted", "active",
        &accepted},
    [CASE_INFORMATION_ASKED] = {"information-asked", "Information asked for", "on-hold",
        "active", &accepted},
    [CASE_ANSWERED] = {"answered", "Answered", "in-progress", "active", &completed},
    [CASE_ACTED_ON] = {"acted-on", "Acted on", "in-progress", "active", &completed},
    [CASE_OUTCOME_KNOWN] = {"outcome-known", "Outcome known", "in-progress", "active",
        &completed},
    [CASE_CLOSED] = {"closed", "Closed", "completed", "completed", &completed},
    [CASE_DECLINED] = {"declined", "Declined", "rejected", "revoked", &declined},
    [CASE_WITHDRAWN] = {"withdrawn", "Withdrawn", "cancelled", "revoked", &cancelled},
    [CASE_EXPIRED] = {"expired", "Expired", "failed", "revoked", &cancelled},
    [CASE_BED_ACCEPTED] = {"bed-accepted", "A bed is kept", "accepted", "active",
        &accepted},
    [CASE_ON_THE_WAY] = {"on-the-way", "On the way", "in-progress", "active",
        &accepted},
    [CASE_ARRIVED] = {"arrived", "Arrived", "in-progress", "active", &accepted},
    [CASE_BACK_HOME] = {"back-home", "Back home", "in-progress", "active", &completed},
};

const char *case_state_code(enum case_state state)
{
    return states[state].code;
}

const char *case_state_display(enum case_state state)
{
    return states[state].display;
}

const char *case_task_status(enum case_state state)
{
    return states[state].task;
}

const char *case_request_status(enum case_state state)
{
    return states[state].request;
}

const struct case_outside *case_state_outside(enum case_state state)
{
    return states[state].outside;
}

enum case_state case_state_of(const struct json *task)
{
    struct json_each it =
        json_each(json_get(json_get(task, "businessStatus"), "coding"));

    while (json_next(&it)) {
        if (!str_is(json_get_text(it.value, "system"), CASE_STATE_SYSTEM))
            continue;
        for (int i = CASE_SENT; i < CASE_STATES; i++) {
            if (str_is(json_get_text(it.value, "code"), states[i].code))
                return (enum case_state)i;
        }
    }
    return CASE_UNKNOWN;
}
