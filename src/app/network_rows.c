/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one hospital can do about what is asked, as rows for routing: one for each person who
 * would lead it, and one for the twin's word. The first procedure leads; the others must be
 * possible there too, and the weakest of them is the level of all.
 *
 * Rows that are not possible now are made where a coordinator would ask "why not there?":
 * equipment that is out of service, a sign-off that lapsed, a visitor who comes soon.
 */
#include <assert.h>

#include "app/network_internal.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)
#define LAPSED_DAYS 730 /* a sign-off that ended longer ago is history */
#define COMING_DAYS 90  /* an expert who comes later is no answer */

static_assert((int)ROUTING_BY_ADVICE == (int)CAPABILITY_BY_ADVICE &&
                  (int)ROUTING_WITH_EXPERT == (int)CAPABILITY_WITH_EXPERT &&
                  (int)ROUTING_SUPERVISED == (int)CAPABILITY_SUPERVISED &&
                  (int)ROUTING_INDEPENDENT == (int)CAPABILITY_INDEPENDENT &&
                  (int)ROUTING_TEACHES == (int)CAPABILITY_TEACHES,
    "levels of both engines are the same");

/* One procedure at the hospital. */
struct need {
    struct network_evidence of;
    const struct network_link *link; /* the twin who advises on it; NULL: none does */
    struct capability_answer answer;
    struct capability_interval duty; /* the soonest of who can do it */
    bool duty_known;
};

struct looking {
    struct network_asking *q;
    uint32_t hospital;
    struct need *needs;
    enum capability_level rest; /* the lowest of all but the first */
    size_t weakest;             /* whose that is */
    bool equipment_off;
    bool alone; /* a row stands for a team that does it without the twin */
};

static bool holds(const struct capability_interval *i, int64_t at)
{
    return i->from != 0 && i->from <= at && (i->until == 0 || at < i->until);
}

static const struct network_post *post_of(
    const struct network_asking *q, const struct network_carrier *c)
{
    return &q->network->posts[c->post];
}

/* ---- who and what is there ---- */

/* Is a device of ${kind} there at all (*${ret_there}), and does one serve? */
static bool device_serves(
    const struct looking *l, const struct need *need, uint32_t kind, bool *ret_there)
{
    const struct capability_evidence *e = &need->of.evidence;
    bool serves = false;

    for (size_t i = 0; i < e->device_count; i++) {
        if (e->devices[i].kind != kind)
            continue;
        *ret_there = true;
        serves = serves || holds(&e->devices[i].service, l->q->now);
    }
    return serves;
}

/* False: something that is needed was never there. */
static bool look_at_devices(struct looking *l, const struct need *need)
{
    const struct catalogue_entry *procedure = catalogue_thing(need->of.procedure);

    for (size_t i = 0; i < procedure->need_count; i++) {
        bool there = false;

        if (!device_serves(l, need, procedure->needs[i], &there))
            l->equipment_off = true;
        if (!there)
            return false;
    }
    return true;
}

/* The duty of whoever of ${need} is on duty soonest. */
static void find_duty(const struct looking *l, struct need *need)
{
    const struct network_asking *q = l->q;

    for (size_t i = 0; i < need->of.count; i++) {
        const struct network_carrier *c = need->of.carriers[i];
        const struct network_post *post = post_of(q, c);
        struct capability_interval duty = {0, 0};

        if (!holds(&post->term, q->now) || !holds(&c->sign_off, q->now) ||
            !network_duty(q->network, post, q->now, &duty))
            continue;
        if (!need->duty_known || duty.from < need->duty.from)
            need->duty = duty;
        need->duty_known = true;
    }
}

/* What the other procedures allow. False: one of them cannot be done here. */
static bool look_at_rest(struct looking *l)
{
    l->rest = CAPABILITY_TEACHES;
    for (size_t i = 1; i < l->q->need_count; i++) {
        struct need *need = &l->needs[i];
        struct capability_evidence evidence = need->of.evidence;

        evidence.device_kind_count = 0; /* what is off was told already */
        need->answer =
            capability_at(&evidence, &capability_rules_default, l->q->now, false);
        if (need->answer.level == CAPABILITY_NONE)
            return false;
        find_duty(l, need);
        if (need->answer.level < l->rest) {
            l->rest = need->answer.level;
            l->weakest = i;
        }
    }
    return true;
}

/* ---- rows ---- */

static int row_new(struct network_asking *q, size_t *ret)
{
    if (q->count == q->cap) {
        size_t cap = q->cap ? q->cap * 2 : 64;

        q->rows = arena_grow(
            q->a, q->rows, q->cap * sizeof(*q->rows), cap * sizeof(*q->rows));
        q->persons = arena_grow(
            q->a, q->persons, q->cap * sizeof(*q->persons), cap * sizeof(*q->persons));
        q->actors = arena_grow(
            q->a, q->actors, q->cap * sizeof(*q->actors), cap * sizeof(*q->actors));
        q->units = arena_grow(
            q->a, q->units, q->cap * sizeof(*q->units), cap * sizeof(*q->units));
        if (!q->rows || !q->persons || !q->actors || !q->units)
            return E_NOMEM;
        q->cap = cap;
    }
    *ret = q->count++;
    q->rows[*ret] = (struct routing_capability){.person = ROUTING_NOBODY};
    q->persons[*ret] = (struct routing_person){0};
    q->actors[*ret] = (struct network_actor){.learns = 0};
    q->units[*ret] = (struct network_name){.display = {NULL, 0}};
    return 0;
}

/* The duty of ${post} together with that of all the others who are needed: all must be
 * there. One that is not known makes the whole not known. */
static void take_duty(const struct looking *l, const struct network_post *post,
    struct routing_person *ret)
{
    const struct network_asking *q = l->q;
    struct capability_interval duty = {0, 0};

    if (!network_duty(q->network, post, q->now, &duty))
        return;
    for (size_t i = 1; i < q->need_count; i++) {
        const struct need *need = &l->needs[i];

        if (need->answer.level == CAPABILITY_BY_ADVICE)
            continue;
        if (!need->duty_known)
            return;
        duty.from = need->duty.from > duty.from ? need->duty.from : duty.from;
        duty.until = need->duty.until < duty.until ? need->duty.until : duty.until;
    }
    ret->duty_from = duty.from;
    ret->duty_until = duty.until > duty.from ? duty.until : duty.from + 1;
}

static void take_actor(
    struct network_asking *q, size_t at, const struct network_carrier *c)
{
    const struct network_post *post = post_of(q, c);

    q->actors[at] =
        (struct network_actor){q->network->persons[post->person].name, c->learns};
    q->units[at] = post->unit;
}

/* Where one of the other procedures is the weakest, whoever does that one is named. */
static void weaken(struct looking *l, size_t at)
{
    struct network_asking *q = l->q;
    struct routing_capability *row = &q->rows[at];
    const struct need *need = &l->needs[l->weakest];

    if ((int)l->rest >= (int)row->level)
        return;
    row->level = (enum routing_level)l->rest;
    row->person = ROUTING_NOBODY;
    for (size_t i = 0; i < need->of.count; i++) {
        const struct network_carrier *c = need->of.carriers[i];

        if (post_of(q, c)->person != need->answer.by)
            continue;
        row->person = (uint32_t)at;
        take_actor(q, at, c);
        break;
    }
    if (l->rest == CAPABILITY_BY_ADVICE && need->link) {
        q->hospitals[l->hospital].twin = need->link->helper;
        q->twins[l->hospital] = need->link->unit;
    }
}

static int64_t later(int64_t one, int64_t other)
{
    return one > other ? one : other;
}

/* Is ${person} signed off here already? Who is learns it no more, and needs no case of it. */
static bool is_able(const struct looking *l, uint32_t person)
{
    const struct need *lead = &l->needs[0];

    for (size_t i = 0; i < lead->of.count; i++) {
        if (lead->of.people[i].person == person &&
            holds(&lead->of.people[i].sign_off, l->q->now))
            return true;
    }
    return false;
}

/* The row of ${c}, who leads it at ${level}. */
static int add_row(struct looking *l, const struct network_carrier *c,
    enum routing_level level, const struct capability_interval *able)
{
    struct network_asking *q = l->q;
    const struct network_post *post = post_of(q, c);
    struct routing_person *person = NULL;
    int64_t since = later(able->from, post->term.from);
    size_t at = 0;
    int r = row_new(q, &at);

    if (r < 0)
        return r;
    for (size_t i = 1; i < q->need_count; i++)
        since = later(since, l->needs[i].answer.since);
    q->rows[at] = (struct routing_capability){.hospital = l->hospital,
        .person = (uint32_t)at,
        .level = level,
        .since = since > 1 ? since : 0,
        .until = able->until,
        .equipment_off = l->equipment_off};
    person = &q->persons[at];
    person->languages = q->network->persons[post->person].languages;
    person->cases_needed = level == ROUTING_SUPERVISED && !is_able(l, post->person);
    if (post->visiting) {
        person->arrives = post->term.from;
        person->leaves = post->term.until;
    }
    if (holds(&post->term, q->now))
        take_duty(l, post, person);
    take_actor(q, at, c);
    weaken(l, at);
    l->alone = l->alone || (q->rows[at].level >= ROUTING_INDEPENDENT &&
                               holds(able, q->now) && !l->equipment_off);
    return 0;
}

/* Who is signed off: leads it now, led it until the sign-off lapsed, or comes soon. */
static int add_able(struct looking *l, const struct network_carrier *c)
{
    int64_t now = l->q->now;
    const struct network_post *post = post_of(l->q, c);
    const struct capability_interval *able = &c->sign_off;
    bool lapsed = able->until != 0 && able->until <= now &&
                  able->until > now - LAPSED_DAYS * DAY_MS;
    bool coming = post->visiting && post->term.from > now &&
                  post->term.from <= now + COMING_DAYS * DAY_MS &&
                  holds(able, post->term.from);
    enum routing_level level = post->visiting             ? ROUTING_WITH_EXPERT
                               : holds(&c->teaching, now) ? ROUTING_TEACHES
                                                          : ROUTING_INDEPENDENT;

    if (able->from == 0 || (!holds(&post->term, now) && !coming) ||
        (!holds(able, now) && !lapsed && !coming))
        return 0;
    return add_row(l, c, level, able);
}

/* Does somebody here who is signed off stand beside ${c}, or the twin by wire? */
static bool stood_by(const struct looking *l, const struct network_carrier *c)
{
    const struct need *lead = &l->needs[0];
    int64_t now = l->q->now;

    for (size_t i = 0; i < lead->of.count; i++) {
        if (lead->of.people[i].person != post_of(l->q, c)->person &&
            holds(&lead->of.people[i].post, now) &&
            holds(&lead->of.people[i].sign_off, now))
            return true;
    }
    return lead->link != NULL;
}

static int add_learner(struct looking *l, const struct network_carrier *c)
{
    const struct network_post *post = post_of(l->q, c);

    if (post->visiting || !holds(&c->learning, l->q->now) ||
        !holds(&post->term, l->q->now) || !stood_by(l, c))
        return 0;
    return add_row(l, c, ROUTING_SUPERVISED, &c->learning);
}

static int add_advice(struct looking *l)
{
    struct network_asking *q = l->q;
    const struct need *lead = &l->needs[0];
    size_t at = 0;
    int r = 0;

    if (lead->link) {
        q->hospitals[l->hospital].twin = lead->link->helper;
        q->twins[l->hospital] = lead->link->unit;
    }
    if (!lead->link || l->alone || catalogue_thing(lead->of.procedure)->hands)
        return 0;
    r = row_new(q, &at);
    if (r == 0)
        q->rows[at] = (struct routing_capability){.hospital = l->hospital,
            .person = ROUTING_NOBODY,
            .level = ROUTING_BY_ADVICE,
            .since = lead->link->term.from > 1 ? lead->link->term.from : 0,
            .equipment_off = l->equipment_off};
    return r;
}

/* What was shown of all that is asked, as the map tells it: equipment that is off counts. */
static int prove(struct looking *l)
{
    struct network_asking *q = l->q;
    struct routing_hospital *there = &q->hospitals[l->hospital];
    struct capability_answer *answers =
        arena_array(q->a, q->need_count, sizeof(*answers));
    struct capability_answer all;

    if (!answers)
        return E_NOMEM;
    for (size_t i = 0; i < q->need_count; i++)
        answers[i] = capability_at(
            &l->needs[i].of.evidence, &capability_rules_default, q->now, false);
    all = network_all_of(answers, q->need_count, there->listed);
    there->proof = all.sustained      ? ROUTING_PROOF_SUSTAINED
                   : all.demonstrated ? ROUTING_PROOF_DEMONSTRATED
                                      : ROUTING_PROOF_MISSING;
    there->proof_cases = capability_rules_default.cases;
    return 0;
}

int network_rows(struct network_asking *q, uint32_t hospital)
{
    struct looking l = {.q = q, .hospital = hospital};
    struct network_look look = {.network = q->network,
        .a = q->a,
        .things = q->question->things,
        .thing_count = q->question->thing_count,
        .at = q->now};
    int r = 0;

    l.needs = arena_array(q->a, q->need_count, sizeof(*l.needs));
    if (!l.needs)
        return E_NOMEM;
    for (size_t i = 0; r == 0 && i < q->need_count; i++) {
        struct need *need = &l.needs[i];

        r = network_evidence_gather(&look, hospital, q->needs[i], &need->of);
        if (r < 0)
            return r;
        need->link = need->of.evidence.link_count > 0 ? need->of.links[0] : NULL;
        if ((need->of.count == 0 && !need->link) || !look_at_devices(&l, need))
            return 0;
    }
    if (!look_at_rest(&l))
        return 0;
    for (size_t i = 0; r == 0 && i < l.needs[0].of.count; i++) {
        const struct network_carrier *c = l.needs[0].of.carriers[i];

        r = c->learns ? add_learner(&l, c) : add_able(&l, c);
    }
    if (r == 0)
        r = add_advice(&l);
    return r == 0 ? prove(&l) : r;
}
