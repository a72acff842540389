/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a pairing did, from the facts of all of them: the same as pulse_events.c finds for one, where each rule is told.
 */
#include "app/pulse_facts.h"
#include "app/roster_internal.h"

#define EARLIER (2 * PULSE_DAY_MS) /* than the first month: meetings, as for one */

struct helper {
    uint32_t person;
    struct span when;
};

struct among {
    struct pulse *p;
    const struct pulse_facts *f;
    struct pulse_pairing *pairing;
    uint32_t hospital[PULSE_SIDES];
    bool *units[PULSE_SIDES]; /* of each: it is of the side */
    bool *cases;              /* of each: it is of the pairing */
    struct helper *helpers;
    size_t helper_count, helper_cap;
};

static struct arena *arena_of(const struct among *m)
{
    return m->p->seek.a;
}

/* ---- units ---- */

static int find_unit(
    const struct among *m, struct str text, uint32_t *ret, struct err *err)
{
    struct str id = seek_id(&m->p->seek, text, "Organization");
    const char *name =
        id.p ? arena_printf(arena_of(m), "Organization/%.*s", (int)id.len, id.p) : NULL;
    size_t at = 0;

    *ret = PULSE_NONE;
    if (id.p && !name)
        return err_nomem(err);
    if (name && text_map_get(&m->f->unit_of, str_of(name), &at))
        *ret = (uint32_t)at;
    return 0;
}

static bool is_below(const struct pulse_facts *f, uint32_t unit, uint32_t top)
{
    for (int up = 0; up <= LIMIT_REVIEW_DEPTH && unit != PULSE_NONE; up++) {
        if (unit == top)
            return true;
        unit = f->units[unit].above;
    }
    return false;
}

static int read_units(struct among *m, int side, struct err *err)
{
    uint32_t top = PULSE_NONE;
    int r = find_unit(m, m->pairing->side[side], &top, err);

    if (r == 0)
        r = find_unit(m, m->pairing->hospital[side], &m->hospital[side], err);
    m->units[side] = arena_array(arena_of(m), m->f->unit_count + 1, sizeof(bool));
    if (r == 0 && !m->units[side])
        r = err_nomem(err);
    for (uint32_t i = 0; r == 0 && top != PULSE_NONE && i < m->f->unit_count; i++)
        m->units[side][i] = is_below(m->f, i, top);
    return r;
}

/* ---- what was done ---- */

static int add_event(struct among *m, struct pulse_event event, struct err *err)
{
    return pulse_add_event(m->p, m->pairing, event, err);
}

static bool was_sent_to(const struct among *m, const struct pulse_sent *sent)
{
    for (size_t i = 0; i < sent->to_count; i++) {
        if (m->units[PULSE_HELPING][sent->to[i]])
            return true;
    }
    return false;
}

static int count_cases(struct among *m, struct err *err)
{
    utc_ms first = m->pairing->months[0].when.from;
    int r = 0;

    m->cases = arena_array(arena_of(m), m->f->sent_count + 1, sizeof(*m->cases));
    if (!m->cases)
        return err_nomem(err);
    for (size_t i = 0; r == 0 && i < m->f->sent_count; i++) {
        const struct pulse_sent *sent = &m->f->sent[i];

        if (sent->hospital != m->hospital[PULSE_HELPED] || sent->until <= first ||
            !was_sent_to(m, sent))
            continue;
        m->cases[i] = true;
        r = add_event(
            m, (struct pulse_event){sent->from, PULSE_CASE, PULSE_NOTHING}, err);
    }
    return r;
}

/* A meeting about several cases of a pairing is one contact. */
static bool was_about(const struct among *m, const struct pulse_met *met)
{
    for (size_t i = 0; i < met->about_count; i++) {
        if (m->cases[met->about[i]])
            return true;
    }
    return false;
}

static int count_meetings(struct among *m, struct err *err)
{
    utc_ms first = m->pairing->months[0].when.from - EARLIER;
    int r = 0;

    for (size_t i = 0; r == 0 && i < m->f->met_count; i++) {
        const struct pulse_met *met = &m->f->met[i];

        if (met->at >= first && was_about(m, met))
            r = add_event(
                m, (struct pulse_event){met->at, PULSE_MEETING, PULSE_NOTHING}, err);
    }
    return r;
}

/* ---- people of the helping side ---- */

static int add_helper(struct among *m, const struct pulse_post *post, struct err *err)
{
    struct helper *one = roster_more(arena_of(m), (void **)&m->helpers,
        &m->helper_count, &m->helper_cap, sizeof(*one));

    if (!one)
        return err_nomem(err);
    *one = (struct helper){post->person, post->when};
    return 0;
}

static bool is_helper(const struct among *m, uint32_t person, utc_ms at, size_t among)
{
    for (size_t i = 0; i < among; i++) {
        if (m->helpers[i].person == person && span_holds(m->helpers[i].when, at))
            return true;
    }
    return false;
}

static int add_visit(struct among *m, const struct pulse_post *post, struct err *err)
{
    int r = pulse_add_visit(m->p, m->pairing, post->when, err);

    return r == 0 ? add_helper(m, post, err) : r;
}

static bool is_visit(const struct among *m, const struct pulse_post *post)
{
    return post->expert && m->units[PULSE_HELPED][post->unit];
}

static bool is_of_team(const struct among *m, const struct pulse_post *post)
{
    return post->team != PULSE_NONE && post->team == m->hospital[PULSE_HELPING];
}

static int find_helpers(struct among *m, struct err *err)
{
    const struct pulse_facts *f = m->f;
    size_t sure = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < f->post_count; i++) {
        if (m->units[PULSE_HELPING][f->posts[i].unit])
            r = add_helper(m, &f->posts[i], err);
    }
    for (size_t i = 0; r == 0 && i < f->post_count; i++) {
        if (is_visit(m, &f->posts[i]) && is_of_team(m, &f->posts[i]))
            r = add_visit(m, &f->posts[i], err);
    }
    sure = m->helper_count;
    for (size_t i = 0; r == 0 && i < f->post_count; i++) {
        const struct pulse_post *post = &f->posts[i];

        if (is_visit(m, post) && !is_of_team(m, post) &&
            is_helper(m, post->person, post->when.from, sure))
            r = add_visit(m, post, err);
    }
    return r;
}

/* ---- operations ---- */

static int count_operations(struct among *m, struct err *err)
{
    utc_ms first = m->pairing->months[0].when.from;
    store_rid last = 0;
    int r = 0;

    for (size_t i = 0; r == 0 && i < m->f->done_count; i++) {
        const struct pulse_done *done = &m->f->done[i];

        if (done->procedure == last || done->when < first ||
            !m->units[PULSE_HELPED][done->unit] ||
            !is_helper(m, done->person, done->when, m->helper_count))
            continue;
        last = done->procedure;
        r = add_event(m,
            (struct pulse_event){
                done->when, PULSE_OPERATION, pulse_procedure(m->pairing, done->code)},
            err);
    }
    return r;
}

int pulse_find_among(struct pulse *p, struct pulse_pairing *pairing, struct err *err)
{
    struct among m = {.p = p, .f = p->facts, .pairing = pairing};
    int r = read_units(&m, PULSE_HELPED, err);

    if (r == 0)
        r = read_units(&m, PULSE_HELPING, err);
    if (r == 0)
        r = count_cases(&m, err);
    if (r == 0)
        r = count_meetings(&m, err);
    if (r == 0)
        r = find_helpers(&m, err);
    if (r == 0)
        r = count_operations(&m, err);
    return r;
}

/* ---- leaders of teams ---- */

int pulse_leads_among(
    struct pulse *p, const struct pulse_pairing *pairing, bool *ret, struct err *err)
{
    struct among m = {.p = p, .f = p->facts};
    uint32_t host = PULSE_NONE, body = PULSE_NONE;
    size_t me = 0;
    int r = find_unit(&m, pairing->hospital[PULSE_HELPED], &host, err);

    *ret = false;
    if (r == 0)
        r = find_unit(&m, pairing->hospital[PULSE_HELPING], &body, err);
    if (r < 0 || !text_map_get(&m.f->person_of, p->call->caller.practitioner, &me))
        return r;
    for (size_t i = 0; i < m.f->led_count; i++) {
        const struct pulse_led *led = &m.f->led[i];

        *ret = *ret || (led->leader == me && led->host == host && led->body == body &&
                           span_holds(led->when, p->now));
    }
    return 0;
}
