/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reasons as plain English. Pages have sentences of their own in the reader's language, by
 * the code and its values; these are for programs and logs.
 */
#include "app/route_internal.h"

#define HOUR 60
#define DAY (24 * HOUR)

/* "45 min", "2 h 10 min", "3 days". */
static void put_minutes(struct buf *b, int minutes)
{
    if (minutes < HOUR)
        buf_addf(b, "%d min", minutes);
    else if (minutes < 2 * DAY && minutes % HOUR)
        buf_addf(b, "%d h %d min", minutes / HOUR, minutes % HOUR);
    else if (minutes < 2 * DAY)
        buf_addf(b, "%d h", minutes / HOUR);
    else
        buf_addf(b, "%d days", minutes / DAY);
}

static void put_days(struct buf *b, int days)
{
    if (days >= 2 * 365)
        buf_addf(b, "%d years", days / 365);
    else
        buf_addf(b, "%d day%s", days, days == 1 ? "" : "s");
}

static void put_person(
    struct buf *b, const struct route *rt, uint32_t person, const char *nobody)
{
    const struct network_actor *actor = route_actor(rt, person);

    if (actor && actor->name.display.p)
        buf_add(b, actor->name.display.p, actor->name.display.len);
    else
        buf_adds(b, nobody);
}

static void put_between(
    struct buf *b, const char *before, int minutes, const char *behind)
{
    buf_adds(b, before);
    put_minutes(b, minutes);
    buf_adds(b, behind);
}

/* Reasons that make an option unsafe. */
static void put_against(
    struct buf *b, const struct route *rt, const struct routing_reason *reason)
{
    int value = reason->value;

    switch ((int)reason->code) {
    case ROUTING_TOO_LATE:
        put_between(b, "Somebody could act after ", value, ", and the limit is ");
        put_between(b, "", reason->limit, ".");
        break;
    case ROUTING_NO_BED:
        buf_adds(b, "No bed is free.");
        break;
    case ROUTING_NOBODY_ON_DUTY:
        put_person(b, rt, reason->person, "The colleague");
        if (value < 0)
            buf_adds(b, " is not on duty.");
        else
            put_between(b, " is on duty only in ", value, ".");
        break;
    case ROUTING_MAY_NOT_TRAVEL:
        buf_adds(b, "The patient may not travel.");
        break;
    case ROUTING_TOO_FAR:
        put_between(b, "The way takes ", value, ", and the patient can bear ");
        put_between(b, "", reason->limit, ".");
        break;
    case ROUTING_ROAD_CLOSED:
        buf_adds(b, "The road is closed in this season.");
        break;
    case ROUTING_WAY_UNKNOWN:
        buf_adds(b, "Nobody knows how long the way takes.");
        break;
    case ROUTING_UP_ILL:
        buf_addf(b, "The way goes up %d m, with an illness of altitude.", value);
        break;
    case ROUTING_UP_SHORT_OF_OXYGEN:
        buf_addf(b, "The way goes up %d m, and the patient needs oxygen.", value);
        break;
    case ROUTING_EQUIPMENT_OFF:
        buf_adds(b, "Equipment that is needed is out of service.");
        break;
    case ROUTING_LAPSED:
        buf_adds(b, "The sign-off lapsed ");
        put_days(b, value);
        buf_adds(b, " ago.");
        break;
    default: /* ROUTING_EXPERT_AWAY */
        put_person(b, rt, reason->person, "The expert");
        buf_adds(b, " is not there");
        if (value >= 0) {
            buf_adds(b, " yet: comes in ");
            put_days(b, value);
        }
        buf_adds(b, ".");
        break;
    }
}

static void put_about_person(
    struct buf *b, const struct route *rt, const struct routing_reason *reason)
{
    static const char *const texts[] = {[ROUTING_BY] = " would do it.",
        [ROUTING_ON_DUTY] = " is on duty.",
        [ROUTING_DUTY_LATER] = " is on duty in ",
        [ROUTING_DUTY_UNKNOWN] = ": nobody wrote down when on duty.",
        [ROUTING_LANGUAGE] = " speaks the patient's language.",
        [ROUTING_EXPERT_LEAVES] = " leaves in "};

    put_person(b, rt, reason->person,
        reason->code == ROUTING_EXPERT_LEAVES ? "The expert" : "A colleague here");
    buf_adds(b, texts[reason->code]);
    if (reason->code == ROUTING_DUTY_LATER)
        put_between(b, "", reason->value, ".");
    if (reason->code == ROUTING_EXPERT_LEAVES) {
        put_days(b, reason->value);
        buf_adds(b, ".");
    }
}

static void put_about_way(struct buf *b, const struct routing_reason *reason)
{
    switch ((int)reason->code) {
    case ROUTING_TRAVEL:
        put_between(b, "The way takes ", reason->value, ".");
        break;
    case ROUTING_TRAVEL_ESTIMATED:
        put_between(
            b, "The way takes about ", reason->value, ", estimated from the distance.");
        break;
    case ROUTING_DOWN:
        buf_addf(b, "It lies %d m lower.", reason->value);
        break;
    case ROUTING_UP:
        buf_addf(b, "The way goes up %d m: watch the saturation, take oxygen along.",
            reason->value);
        break;
    case ROUTING_ALTITUDE_UNKNOWN:
        buf_adds(b, "How high the way goes is not known.");
        break;
    default: /* ROUTING_COMPANY */
        buf_adds(b, "The patient is unstable and needs company on the way.");
        break;
    }
}

static void put_about(
    struct buf *b, const struct route *rt, const struct routing_reason *reason)
{
    switch ((int)reason->code) {
    case ROUTING_SINCE:
        buf_adds(b, "Can be done here for ");
        put_days(b, reason->value);
        buf_adds(b, " now.");
        break;
    case ROUTING_BEDS:
        buf_addf(
            b, "%d bed%s free.", reason->value, reason->value == 1 ? " is" : "s are");
        break;
    case ROUTING_BEDS_UNKNOWN:
        buf_adds(b, "How many beds are free is not known.");
        break;
    case ROUTING_ANSWER:
        put_between(b, "The twin answers after ", reason->value, "");
        buf_addf(b, " (median of %d).", reason->limit);
        break;
    case ROUTING_ANSWER_UNKNOWN:
        buf_adds(b, "How soon the twin answers is not known yet.");
        break;
    case ROUTING_INTERPRETER:
        buf_adds(b, "An interpreter is there.");
        break;
    case ROUTING_NO_LANGUAGE:
        buf_adds(b, "Nobody is known to speak the patient's language.");
        break;
    case ROUTING_SUSTAINED:
        buf_adds(b, "Demonstrated here in the past year, by people who stay.");
        break;
    case ROUTING_DEMONSTRATED:
        buf_adds(b,
            "Demonstrated here in the past year, but not sustained: it hangs on "
            "help, or on people who leave soon.");
        break;
    case ROUTING_NOT_DEMONSTRATED:
        buf_addf(b,
            "Not demonstrated: fewer than %d good results by local people are known "
            "from the "
            "past year.",
            reason->limit);
        break;
    case ROUTING_LISTED:
        buf_adds(b, "The hospital lists it.");
        break;
    case ROUTING_TEACHING:
        put_person(b, rt, reason->person, "A colleague in training here");
        buf_adds(b, " learns this and needs such cases.");
        break;
    default:
        put_about_way(b, reason);
        break;
    }
}

void route_sentence(
    struct buf *b, const struct route *rt, const struct routing_reason *reason)
{
    switch ((int)reason->code) {
    case ROUTING_BY:
    case ROUTING_ON_DUTY:
    case ROUTING_DUTY_LATER:
    case ROUTING_DUTY_UNKNOWN:
    case ROUTING_LANGUAGE:
    case ROUTING_EXPERT_LEAVES:
        put_about_person(b, rt, reason);
        break;
    default:
        if (reason->code < ROUTING_UNSAFE)
            put_against(b, rt, reason);
        else
            put_about(b, rt, reason);
        break;
    }
}
