/* SPDX-License-Identifier: Apache-2.0 */
/* One way of treating the patient: what speaks against it, what is to be known about it,
 * and how long until somebody acts. */
#include <math.h>

#include "engine/routing/routing_internal.h"

static void add(
    struct routing_weighing *w, enum routing_reason_code code, int value, int limit)
{
    struct routing_option *o = w->option;

    if (code < ROUTING_UNSAFE)
        o->safe = false;
    if (o->reason_count < ROUTING_REASONS_MAX)
        o->reasons[o->reason_count++] = (struct routing_reason){
            .code = code, .value = value, .limit = limit, .person = ROUTING_NOBODY};
}

static void add_person(struct routing_weighing *w, enum routing_reason_code code,
    uint32_t person, int value)
{
    add(w, code, value, 0);
    w->option->reasons[w->option->reason_count - 1].person = person;
}

static int minutes_until(const struct routing_weighing *w, int64_t when)
{
    int64_t left = when - w->question->now;

    return left <= 0 ? 0 : (int)((left + ROUTING_MINUTE_MS - 1) / ROUTING_MINUTE_MS);
}

static int days_between(int64_t from, int64_t to)
{
    return (int)((to - from) / ROUTING_DAY_MS);
}

static bool is_guided(const struct routing_weighing *w)
{
    return w->option->kind == ROUTING_GUIDED_HERE;
}

static bool is_here(const struct routing_weighing *w)
{
    return w->option->kind <= ROUTING_GUIDED_HERE;
}

static bool is_away(const struct routing_weighing *w)
{
    return w->person &&
           (w->question->now < w->person->arrives ||
               (w->person->leaves && w->question->now >= w->person->leaves));
}

/* Minutes until the person is on duty. A duty that is over says nothing about the next. */
static int wait_for(const struct routing_weighing *w)
{
    const struct routing_person *p = w->person;

    if (!p)
        return 0;
    if (p->duty_until <= w->question->now)
        return ROUTING_NOT_KNOWN;
    return minutes_until(w, p->duty_from);
}

static bool duty_is_over(const struct routing_weighing *w)
{
    return w->person && w->person->duty_until != 0 &&
           w->person->duty_until <= w->question->now;
}

/* Until somebody acts: the slower of the way, the duty and the answer, which run at once. */
static int minutes_of(const struct routing_weighing *w)
{
    int minutes = w->way.minutes > 0 ? w->way.minutes : 0;

    if (w->wait > minutes)
        minutes = w->wait;
    return w->answer > minutes ? w->answer : minutes;
}

static void against_ability(struct routing_weighing *w)
{
    const struct routing_capability *row = w->row;
    int64_t now = w->question->now;

    if (row->equipment_off)
        add(w, ROUTING_EQUIPMENT_OFF, 0, 0);
    if (row->until && row->until <= now)
        add(w, ROUTING_LAPSED, days_between(row->until, now), 0);
    if (is_away(w))
        add_person(w, ROUTING_EXPERT_AWAY, row->person,
            w->person->arrives > now
                ? days_between(now, w->person->arrives + ROUTING_DAY_MS - 1)
                : ROUTING_NOT_KNOWN);
}

static void against_time(struct routing_weighing *w)
{
    if (w->limit == 0)
        return;
    if (duty_is_over(w))
        add_person(w, ROUTING_NOBODY_ON_DUTY, w->row->person, ROUTING_NOT_KNOWN);
    else if (w->wait > w->limit)
        add_person(w, ROUTING_NOBODY_ON_DUTY, w->row->person, w->wait);
    if (w->way.minutes > w->limit || w->answer > w->limit)
        add(w, ROUTING_TOO_LATE,
            w->way.minutes > w->answer ? w->way.minutes : w->answer, w->limit);
}

static void against_way(struct routing_weighing *w)
{
    const struct routing_question *q = w->question;
    const struct routing_rules *rules = w->rules;
    int up = (int)lround(w->way.climb_m);

    if (is_here(w))
        return;
    if (w->hospital->free_beds == 0)
        add(w, ROUTING_NO_BED, 0, 0);
    if (q->may_not_travel)
        add(w, ROUTING_MAY_NOT_TRAVEL, 0, 0);
    if (w->way.minutes == TRAVEL_CLOSED)
        add(w, ROUTING_ROAD_CLOSED, 0, 0);
    if (w->way.minutes == TRAVEL_NOT_KNOWN && (w->limit > 0 || q->longest_minutes > 0))
        add(w, ROUTING_WAY_UNKNOWN, 0, 0);
    if (q->longest_minutes > 0 && w->way.minutes > q->longest_minutes)
        add(w, ROUTING_TOO_FAR, w->way.minutes, q->longest_minutes);
    if ((q->state & ROUTING_ALTITUDE_ILLNESS) && up >= rules->rise_m)
        add(w, ROUTING_UP_ILL, up, rules->rise_m);
    if ((q->state & ROUTING_NEEDS_OXYGEN) && up > rules->oxygen_rise_m)
        add(w, ROUTING_UP_SHORT_OF_OXYGEN, up, rules->oxygen_rise_m);
}

static void about_ability(struct routing_weighing *w)
{
    const struct routing_capability *row = w->row;
    int64_t now = w->question->now;

    if (row->since && row->since <= now)
        add(w, ROUTING_SINCE, days_between(row->since, now), 0);
    if (!w->person)
        return;
    add_person(w, ROUTING_BY, row->person, 0);
    if (w->wait == ROUTING_NOT_KNOWN && !(duty_is_over(w) && w->limit > 0))
        add_person(w, ROUTING_DUTY_UNKNOWN, row->person, 0);
    else if (w->wait == 0)
        add_person(w, ROUTING_ON_DUTY, row->person, 0);
    else if (w->wait > 0 && (w->limit == 0 || w->wait <= w->limit))
        add_person(w, ROUTING_DUTY_LATER, row->person, w->wait);
    if (w->person->leaves > now &&
        days_between(now, w->person->leaves) <= w->rules->leaves_days)
        add_person(w, ROUTING_EXPERT_LEAVES, row->person,
            days_between(now, w->person->leaves));
}

/* What is listed, what was shown and what will last are told apart. Of who is guided the twin's
 * skill is asked for, not what the hospital has shown. */
static void about_proof(struct routing_weighing *w)
{
    if (is_guided(w))
        return;
    switch (w->hospital->proof) {
    case ROUTING_PROOF_SUSTAINED:
        add(w, ROUTING_SUSTAINED, 0, 0);
        break;
    case ROUTING_PROOF_DEMONSTRATED:
        add(w, ROUTING_DEMONSTRATED, 0, 0);
        break;
    case ROUTING_PROOF_MISSING:
        add(w, ROUTING_NOT_DEMONSTRATED, 0, w->hospital->proof_cases);
        break;
    case ROUTING_PROOF_NOT_ASKED:
        break;
    }
    if (w->hospital->listed)
        add(w, ROUTING_LISTED, 0, 0);
}

static void about_way(struct routing_weighing *w)
{
    int up = (int)lround(w->way.climb_m);
    bool known = !isnan(w->way.rise_m);

    if (is_here(w))
        return;
    if (w->hospital->free_beds == ROUTING_NOT_KNOWN)
        add(w, ROUTING_BEDS_UNKNOWN, 0, 0);
    else if (w->hospital->free_beds > 0)
        add(w, ROUTING_BEDS, w->hospital->free_beds, 0);
    if (w->way.minutes >= 0)
        add(w, w->way.estimated ? ROUTING_TRAVEL_ESTIMATED : ROUTING_TRAVEL,
            w->way.minutes, 0);
    if (known && w->way.rise_m <= -w->rules->rise_m)
        add(w, ROUTING_DOWN, (int)lround(-w->way.rise_m), 0);
    if (up >= w->rules->rise_m)
        add(w, ROUTING_UP, up, 0);
    if (!known &&
        (w->question->state & (ROUTING_ALTITUDE_ILLNESS | ROUTING_NEEDS_OXYGEN)))
        add(w, ROUTING_ALTITUDE_UNKNOWN, 0, 0);
    if (w->question->state & ROUTING_UNSTABLE)
        add(w, ROUTING_COMPANY, 0, 0);
}

static void about_language(struct routing_weighing *w)
{
    uint64_t asked = w->question->languages;

    if (asked == 0)
        return;
    if (w->person && (w->person->languages & asked))
        add_person(w, ROUTING_LANGUAGE, w->row->person, 0);
    else if (w->hospital->interpreters & asked)
        add(w, ROUTING_INTERPRETER, 0, 0);
    else if (w->person)
        add(w, ROUTING_NO_LANGUAGE, 0, 0);
}

static void about_answer(struct routing_weighing *w)
{
    const struct routing_network *n = w->network;

    if (!is_guided(w))
        return;
    if (w->answer == ROUTING_NOT_KNOWN)
        add(w, ROUTING_ANSWER_UNKNOWN, 0, 0);
    else
        add(w, ROUTING_ANSWER, w->answer, (int)n->hospitals[w->hospital->twin].answers);
}

static bool is_same(
    const struct routing_capability *one, const struct routing_capability *other)
{
    return one->illness == other->illness && one->hospital == other->hospital;
}

/* The apprentice of ${row}'s hospital who needs the fewest more cases: one who is nearly
 * there gains most by one. The rows of a hospital lie side by side. */
static uint32_t find_apprentice(
    const struct routing_network *network, const struct routing_capability *row)
{
    const struct routing_capability *first = row, *end = network->capabilities +
                                                         network->capability_count;
    uint32_t found = ROUTING_NOBODY;

    while (first > network->capabilities && is_same(first - 1, row))
        first -= 1;
    for (; first < end && is_same(first, row); first++) {
        if (first->level != ROUTING_SUPERVISED || first->person == ROUTING_NOBODY ||
            network->persons[first->person].cases_needed <= 0)
            continue;
        if (found == ROUTING_NOBODY || network->persons[first->person].cases_needed <
                                           network->persons[found].cases_needed)
            found = first->person;
    }
    return found;
}

/* A case teaches where a master stands by: an expert on site, a team that teaches, or the
 * twin's word over the wire. */
static void about_teaching(struct routing_weighing *w)
{
    if (w->row->level == ROUTING_INDEPENDENT)
        return;
    w->apprentice = find_apprentice(w->network, w->row);
    if (w->apprentice != ROUTING_NOBODY)
        add_person(w, ROUTING_TEACHING, w->apprentice,
            w->network->persons[w->apprentice].cases_needed);
}

static void look_up(struct routing_weighing *w)
{
    const struct routing_question *q = w->question;

    w->hospital = &w->network->hospitals[w->row->hospital];
    w->person =
        w->row->person == ROUTING_NOBODY ? NULL : &w->network->persons[w->row->person];
    w->way = travel_between(&w->network->ways, &w->rules->travel,
        w->network->hospitals[q->hospital].place, w->hospital->place, q->season);
    w->limit =
        q->limit_minutes > 0 ? q->limit_minutes : w->rules->limit_minutes[q->urgency];
    w->wait = wait_for(w);
    w->answer =
        is_guided(w) ? w->network->hospitals[w->hospital->twin].answer_minutes : 0;
    w->apprentice = ROUTING_NOBODY;
}

void routing_weigh(struct routing_weighing *w, enum routing_kind kind)
{
    struct routing_option *o = w->option;

    *o = (struct routing_option){.kind = kind,
        .hospital = w->row->hospital,
        .person = w->row->person,
        .safe = true};
    look_up(w);
    against_ability(w);
    against_time(w);
    against_way(w);
    about_ability(w);
    about_proof(w);
    about_answer(w);
    about_way(w);
    about_language(w);
    about_teaching(w);
    o->minutes = minutes_of(w);
    o->counted = o->minutes;
    if (w->apprentice != ROUTING_NOBODY && w->question->urgency != ROUTING_EMERGENCY)
        o->counted -= w->rules->teaching_minutes;
}
