/* SPDX-License-Identifier: Apache-2.0 */
/* What an expert of the decade has that somebody must go on with, as handover_find.c and
 * handover_pack.c find it in records. Experts own no cases, gaps, devices or money here. */
#include "app/decade_handover_internal.h"

static utc_ms moment_of(const struct clinic_operation *o)
{
    return ((utc_ms)o->day * 1440 + o->minute) * 60000;
}

static uint32_t person_of(const struct decade_handings *g, uint32_t posting)
{
    return g->d->postings[posting].person;
}

/* ---- is it open? ---- */

static bool is_written(const struct clinic_operation *o)
{
    return o->flags & (CLINIC_KNOWN | CLINIC_KNOWN_WRONG);
}

static bool asks_after(const struct clinic_operation *o)
{
    enum procedure_result results[LOOKS];

    for (int i = 0; i < LOOKS; i++)
        results[i] = (enum procedure_result)o->results[i];
    return procedure_missing(results) != LOOKS;
}

static bool learns(const struct decade *d, uint32_t person)
{
    return person != DECADE_NONE && d->people[person].apprenticed;
}

bool handing_owes(const struct decade *d, const struct clinic_operation *o,
    uint32_t person, enum procedure_function rated)
{
    unsigned given = rated == FUNCTION_OPERATOR ? CLINIC_RATED : CLINIC_ASSISTANT_RATED;

    return clinic_teacher(o) == person && o->people[rated] != person &&
           learns(d, o->people[rated]) && !(o->flags & given);
}

/* Does a word of ${person} on somebody who learns stand out? Nobody else can give it. */
static bool waits_for_word(
    const struct decade *d, const struct clinic_operation *o, uint32_t person)
{
    return handing_owes(d, o, person, FUNCTION_OPERATOR) ||
           handing_owes(d, o, person, FUNCTION_ASSISTANT);
}

/* It is completed on its last day. */
static bool is_under_way(const struct decade *d, const struct clinic_apprenticeship *a)
{
    return d->day < a->until;
}

static bool is_open(const struct decade_handings *g, const struct handing_line *line)
{
    const struct clinic *c = g->clinic;

    if (line->kind == HANDOVER_FOLLOW_UP)
        return asks_after(&c->operations[line->of]);
    if (line->kind == HANDOVER_APPRENTICE)
        return is_under_way(g->d, &c->apprenticeships[line->of]);
    return line->kind == HANDOVER_CONTACT &&
           g->d->departments[line->of].twin != DECADE_NONE;
}

/* ---- what was said ---- */

static bool is_same(const struct handing_line *one, const struct handing_line *other)
{
    return one->kind == other->kind && one->of == other->of;
}

static const struct handing_line *said_of(
    const struct handing *h, const struct handing_line *line)
{
    for (uint32_t i = 0; i < h->count; i++) {
        if (is_same(&h->lines[i], line))
            return &h->lines[i];
    }
    return NULL;
}

static int add(struct decade_handings *g, uint32_t posting, enum handover_kind kind,
    uint32_t of, struct err *err)
{
    struct handing_line line = {
        .kind = kind, .of = of, .successor = DECADE_NONE, .namer = DECADE_NONE};
    const struct handing_line *said = said_of(&g->list[posting], &line);
    int r = 0;

    for (uint32_t i = 0; i < g->found_count; i++) {
        if (is_same(&g->found[i], &line))
            return 0;
    }
    r = decade_room(g->d, (void **)&g->found, g->found_count, &g->found_room,
        sizeof(*g->found), err);
    if (r == 0)
        g->found[g->found_count++] = said ? *said : line;
    return r;
}

/* ---- all that somebody has ---- */

static int add_operations(struct decade_handings *g, uint32_t posting, struct err *err)
{
    const struct clinic *c = g->clinic;
    const utc_ms now = decade_evening(g->d->day);
    uint32_t person = person_of(g, posting);
    day_number first = g->d->people[person].from;
    int r = 0;

    for (uint32_t i = c->operation_count; r == 0 && i-- > 0;) {
        const struct clinic_operation *o = &c->operations[i];
        utc_ms when = moment_of(o);

        if (o->day < first ||
            when < now - LIMIT_HANDOVER_OPERATION_DAYS * HANDOVER_DAY_MS)
            break;
        if (!is_written(o))
            continue;
        if (o->people[FUNCTION_OPERATOR] == person && asks_after(o))
            r = add(g, posting, HANDOVER_FOLLOW_UP, i, err);
        if (r == 0 && when >= now - LIMIT_RATE_DAYS * HANDOVER_DAY_MS &&
            waits_for_word(g->d, o, person))
            r = add(g, posting, HANDOVER_RATING, i, err);
    }
    return r;
}

static int add_apprentices(struct decade_handings *g, uint32_t posting, struct err *err)
{
    const struct clinic *c = g->clinic;
    int r = 0;

    for (uint32_t i = c->apprenticeship_count; r == 0 && i-- > 0;) {
        const struct clinic_apprenticeship *a = &c->apprenticeships[i];

        if (a->from < g->d->people[person_of(g, posting)].from)
            break;
        if (person_of(g, a->posting) == person_of(g, posting) && is_under_way(g->d, a))
            r = add(g, posting, HANDOVER_APPRENTICE, i, err);
    }
    return r;
}

/* What was taken over at the end of another posting of the department. */
static int add_taken(struct decade_handings *g, uint32_t posting, struct err *err)
{
    const struct decade_list *others = &g->at[g->d->postings[posting].department];
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < others->count; i++) {
        const struct handing *h = &g->list[others->at[i]];

        for (uint32_t k = 0; r == 0 && k < h->count; k++) {
            const struct handing_line *line = &h->lines[k];

            if (line->successor == person_of(g, posting) &&
                (line->acknowledged || line->fell) && is_open(g, line))
                r = add(g, posting, line->kind, line->of, err);
        }
    }
    return r;
}

int handing_find(struct decade_handings *g, uint32_t posting, struct err *err)
{
    uint32_t department = g->d->postings[posting].department;
    int r = 0;

    g->found_count = 0;
    r = add_apprentices(g, posting, err);
    if (r == 0)
        r = add_operations(g, posting, err);
    if (r == 0)
        r = add_taken(g, posting, err);
    if (r == 0 && g->d->departments[department].twin != DECADE_NONE)
        r = add(g, posting, HANDOVER_CONTACT, department, err);
    return r;
}

/* ---- who holds it ---- */

/* Has ${person} a post at the department of ${posting} today? */
static bool in_post(const struct decade_handings *g, uint32_t posting, uint32_t person)
{
    const struct decade *d = g->d;
    const struct decade_list *all = &g->at[d->postings[posting].department];

    if (d->people[person].role != ROLE_EXPERT)
        return d->day <= d->people[person].until;
    for (uint32_t i = 0; i < all->count; i++) {
        const struct decade_posting *p = &d->postings[all->at[i]];

        if (p->person == person && p->from <= d->day && d->day <= p->until)
            return true;
    }
    return false;
}

/* Whom ${person}, who is not there any more, gave ${line} on to; DECADE_NONE. */
static uint32_t given_on(const struct decade_handings *g, const struct decade_list *all,
    uint32_t person, const struct handing_line *line)
{
    for (uint32_t i = 0; i < all->count; i++) {
        const struct handing_line *said = NULL;

        if (person_of(g, all->at[i]) != person)
            continue;
        said = said_of(&g->list[all->at[i]], line);
        if (said && said->successor != DECADE_NONE && said->successor != person &&
            (said->acknowledged || said->fell))
            return said->successor;
    }
    return DECADE_NONE;
}

bool handing_held(
    const struct decade_handings *g, uint32_t posting, const struct handing_line *line)
{
    const struct decade_list *all = &g->at[g->d->postings[posting].department];
    uint32_t person = line->successor;

    for (int step = 0; person != DECADE_NONE && step < LIMIT_HANDOVER_STEPS; step++) {
        if (in_post(g, posting, person))
            return true;
        person = given_on(g, all, person, line);
    }
    return false;
}
