/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each evening: what may stand elsewhere since yesterday is judged anew, because something of it was
 * written or because a term, a sign-off, a device or a year behind an operation ended by itself.
 */
#include "app/decade_gap_internal.h"

static uint32_t hospital_of(const struct decade_gaps *g, uint32_t line)
{
    const struct clinic *c = clinic_of(g->d);

    return g->d->departments[c->lines[line].department].hospital;
}

/* ---- what was written ---- */

void decade_gap_person(struct decade *d, uint32_t person)
{
    const struct clinic *c = d->gaps ? clinic_of(d) : NULL;
    uint32_t department = d->people[person].department;

    for (uint32_t i = 0; c && department != DECADE_NONE && i < d->gaps->line_count;
         i++) {
        if (c->lines[i].department == department)
            d->gaps->lines[i].dirty = true;
    }
}

void decade_gap_posting(struct decade *d, uint32_t posting)
{
    const struct decade_posting *p = &d->postings[posting];
    const struct clinic *c = d->gaps ? clinic_of(d) : NULL;
    uint32_t hospital = d->departments[p->department].hospital;

    for (uint32_t i = 0; c && i < d->gaps->line_count; i++) {
        if (hospital_of(d->gaps, i) == hospital &&
            clinic_brought(
                &d->people[p->person], &decade_techniques[c->lines[i].technique]))
            d->gaps->lines[i].dirty = true;
    }
}

/* Today it is what it was until midnight, where it stopped today. */
void decade_gap_device(struct decade *d, uint32_t hospital)
{
    if (d->gaps && hospital < d->gaps->hospital_count)
        d->gaps->hospitals[hospital].until = d->day + 1;
}

void clinic_gap_line(struct clinic *c, uint32_t line)
{
    if (c->d->gaps)
        c->d->gaps->lines[line].dirty = true;
}

int clinic_gap_operation(struct clinic *c, uint32_t operation, struct err *err)
{
    struct clinic_operation *o = &c->operations[operation];
    uint32_t at = clinic_line_written(c, o);
    unsigned known = at == o->line ? CLINIC_KNOWN : CLINIC_KNOWN_WRONG;
    struct gap_line *line = c->d->gaps ? &c->d->gaps->lines[at] : NULL;
    int r = 0;

    if (!line)
        return 0;
    line->dirty = true;
    if (o->flags & known)
        return 0;
    line->late = line->late || o->day < c->d->day;
    r = decade_list_add(c->d, &line->known, operation, err);
    if (known == CLINIC_KNOWN && (o->flags & CLINIC_KNOWN_WRONG)) {
        struct clinic_operation wrong = *o;

        wrong.flags |= CLINIC_WRONG;
        at = clinic_line_written(c, &wrong);
        c->d->gaps->lines[at].dirty = true;
        c->d->gaps->lines[at].mended = true;
    }
    o->flags |= (uint8_t)known;
    return r;
}

/* Who began to learn, was posted or was apprenticed since yesterday. */
static int take_new(struct decade_gaps *g, struct err *err)
{
    struct decade *d = g->d;
    const struct clinic *c = clinic_of(d);
    int r = 0;

    for (; r == 0 && g->learners_seen < c->learner_count; g->learners_seen++)
        r = decade_list_add(d, &g->lines[c->learners[g->learners_seen].line].learners,
            g->learners_seen, err);
    for (; r == 0 && g->apprenticeships_seen < c->apprenticeship_count;
         g->apprenticeships_seen++) {
        uint32_t posting = c->apprenticeships[g->apprenticeships_seen].posting;

        r = decade_list_add(
            d, &g->tied[d->postings[posting].department], g->apprenticeships_seen, err);
    }
    for (; r == 0 && g->postings_seen < d->posting_count; g->postings_seen++) {
        uint32_t hospital =
            d->departments[d->postings[g->postings_seen].department].hospital;

        if (hospital < g->hospital_count)
            r = decade_list_add(
                d, &g->hospitals[hospital].postings, g->postings_seen, err);
    }
    return r;
}

/* ---- the evening ---- */

/* Which kinds of device serve: where that changed, all of the hospital is looked at. */
static void look_at_devices(struct decade_gaps *g, uint32_t hospital, utc_ms now)
{
    struct gap_hospital *h = &g->hospitals[hospital];
    bool changed = false;

    for (uint32_t kind = 0; kind < catalogue_device_count; kind++) {
        bool serves = decade_serves(g->d, hospital, kind, now);

        changed = changed || serves != h->serves[kind];
        h->serves[kind] = serves;
    }
    for (uint32_t i = 0; changed && i < g->line_count; i++)
        g->lines[i].dirty = g->lines[i].dirty || hospital_of(g, i) == hospital;
    for (uint32_t i = 0; changed && i < g->count; i++)
        g->list[i].dirty = g->list[i].dirty || g->list[i].hospital == hospital;
}

static int look_at_line(struct decade_gaps *g, uint32_t at, utc_ms now, struct err *err)
{
    struct gap_line *line = &g->lines[at];
    int r = 0;

    if (line->gaps.count == 0 || !(line->dirty || line->next <= g->d->day))
        return 0;
    r = gap_line_judge(g, at, now, err);
    line->dirty = false;
    for (uint32_t i = 0; i < line->gaps.count; i++)
        g->list[line->gaps.at[i]].dirty = true;
    return r;
}

/* Chosen, permille: a gap that was filled is said to be done from then on, within so many days. */
#define SAID 860
#define SAID_DAYS 45

/* A deed: the head of the department says that it is done here. */
static int said(struct decade *d, const uint32_t of[4], struct err *err)
{
    (void)err;
    gap_write_said(d->gaps, of[0]);
    return 0;
}

static int look_at_gap(struct decade_gaps *g, uint32_t at, utc_ms now, struct err *err)
{
    struct gap *gap = &g->list[at];
    struct gap_look look;
    int r = 0;

    if (!gap->dirty)
        return 0;
    gap->dirty = false;
    look = gap_stands(g, gap);
    if (look.state == gap->state)
        return 0;
    if (look.state == GAP_FILLED && !gap->facts.was_filled &&
        chance_permille(&g->says, SAID))
        r = decade_do_later(g->d, g->d->day + chance_between(&g->says, 1, SAID_DAYS),
            said, (const uint32_t[4]){at}, err);
    gap->facts.was_filled = gap->facts.was_filled || look.state == GAP_FILLED;
    return r == 0 ? gap_write_state(g, at, &look, now, err) : r;
}

static int evening(struct decade *d, void *keep, struct err *err)
{
    struct decade_gaps *g = keep;
    utc_ms now = decade_evening(d->day);
    int r = take_new(g, err);

    for (uint32_t i = 0; i < g->hospital_count; i++) {
        if (g->hospitals[i].until >= d->day)
            look_at_devices(g, i, now);
    }
    for (uint32_t i = 0; r == 0 && i < g->line_count; i++)
        r = look_at_line(g, i, now, err);
    for (uint32_t i = 0; r == 0 && i < g->count; i++)
        r = look_at_gap(g, i, now, err);
    return r;
}

/* ---- the part ---- */

/* Postings that are over are forgotten. */
static void forget_postings(struct decade_gaps *g, struct decade_list *list)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < list->count; i++) {
        if (g->d->postings[list->at[i]].until + 1 >= g->d->day)
            list->at[kept++] = list->at[i];
    }
    list->count = kept;
}

static int month(struct decade *d, void *keep, struct err *err)
{
    struct decade_gaps *g = keep;

    (void)d;
    for (uint32_t i = 0; i < g->hospital_count; i++)
        forget_postings(g, &g->hospitals[i].postings);
    return gap_list_month(g, err);
}

static int hospitals_begin(struct decade_gaps *g, struct err *err)
{
    const struct clinic *c = clinic_of(g->d);

    while (g->hospital_count < g->d->hospital_count &&
           (g->d->hospitals[g->hospital_count].tier == TIER_ASSISTED ||
               g->d->hospitals[g->hospital_count].tier == TIER_COUNTY))
        g->hospital_count++;
    g->hospitals =
        arena_array(g->d->arena, g->hospital_count + 1u, sizeof(*g->hospitals));
    for (uint32_t i = 0; g->hospitals && i < g->hospital_count; i++) {
        struct gap_hospital *h = &g->hospitals[i];

        h->serves = arena_array(g->d->arena, catalogue_device_count + 1, sizeof(bool));
        h->lines =
            arena_array(g->d->arena, catalogue_procedure_count + 1, sizeof(uint32_t));
        if (!h->serves || !h->lines)
            return err_nomem(err);
        for (size_t k = 0; k < catalogue_procedure_count; k++)
            h->lines[k] = DECADE_NONE;
    }
    if (!g->hospitals)
        return err_nomem(err);
    for (uint32_t i = 0; i < c->line_count; i++) {
        catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM),
            str_of(decade_techniques[c->lines[i].technique].code), &g->lines[i].thing);
        g->lines[i].next = DECADE_NEVER;
        g->hospitals[hospital_of(g, i)].lines[g->lines[i].thing] = i;
    }
    return 0;
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    struct decade_gaps *g = arena_alloc(d->arena, sizeof(*g));
    const struct clinic *c = clinic_of(d);
    int r = 0;

    if (!g)
        return err_nomem(err);
    *g = (struct decade_gaps){.d = d,
        .scratch = d->scratch,
        .says = chance_from(d->options.seed, "gap-services")};
    g->line_count = c->line_count;
    g->lines = arena_array(d->arena, g->line_count + 1u, sizeof(*g->lines));
    g->tied = arena_array(d->arena, d->department_count + 1u, sizeof(*g->tied));
    *keep = g;
    r = g->lines && g->tied ? hospitals_begin(g, err) : err_nomem(err);
    if (r == 0)
        r = gap_list_begin(g, err);
    d->gaps = g;
    return r;
}

const struct decade_part decade_gaps = {"gaps", begin, month, NULL, evening};
