/* SPDX-License-Identifier: Apache-2.0 */
/* Handovers of the decade as records: the pack is filled from what was gathered, and the node's own
 * functions count it and write it. */
#include "app/decade_handover_internal.h"

#define REFERENCE_MAX (2 * DECADE_ID_MAX + 40)

/* ---- words that are owed ---- */

/* How far who operated is from mastery, in percent; of who learns it no more: half of the way. */
static uint32_t distance_of(const struct clinic *c, const struct clinic_operation *o)
{
    const struct clinic_line *line = &c->lines[o->line];

    for (uint32_t i = 0; i < line->learner_count; i++) {
        const struct clinic_learner *l = &c->learners[line->learners[i]];

        if (l->person == o->people[FUNCTION_OPERATOR])
            return clinic_distance(l);
    }
    return 50;
}

static void give_word(struct decade_handings *g, uint32_t operation,
    enum procedure_function rated, uint32_t distance)
{
    clinic_rating_write(g->clinic, &(struct clinic_rating){.operation = operation,
                                       .rated = rated,
                                       .value = 1 + (100 - distance) / 25,
                                       .distance = distance,
                                       .difficulty = 1 + chance_below(&g->chance, 3)});
}

void handing_words(struct decade_handings *g, uint32_t posting, uint32_t permille)
{
    uint32_t person = g->d->postings[posting].person;

    for (uint32_t i = 0; i < g->found_count; i++) {
        uint32_t operation = g->found[i].of;
        const struct clinic_operation *o = &g->clinic->operations[operation];

        if (g->found[i].kind != HANDOVER_RATING ||
            !chance_permille(&g->chance, permille))
            continue;
        if (handing_owes(g->d, o, person, FUNCTION_OPERATOR))
            give_word(g, operation, FUNCTION_OPERATOR, distance_of(g->clinic, o));
        if (handing_owes(g->d, o, person, FUNCTION_ASSISTANT))
            give_word(
                g, operation, FUNCTION_ASSISTANT, 40 + chance_below(&g->chance, 50));
    }
}

/* ---- the pack ---- */

static struct str reference(
    struct decade_handings *g, const struct handing_line *line, struct err *err)
{
    const struct decade *d = g->d;
    char text[REFERENCE_MAX];
    char id[2 * DECADE_ID_MAX];
    const char *kept = NULL;

    if (line->kind == HANDOVER_CONTACT)
        snprintf(text, sizeof(text), "OrganizationAffiliation/%s",
            pairing_id(d->departments[line->of].id,
                d->departments[d->departments[line->of].twin].id, id));
    else if (line->kind == HANDOVER_APPRENTICE)
        snprintf(text, sizeof(text), "Apprenticeship/d-la%u",
            g->clinic->apprenticeships[line->of].serial);
    else
        snprintf(text, sizeof(text), "Procedure/%s", operation_id(line->of, id));
    kept = arena_printf(d->scratch, "%s", text);
    if (!kept)
        (void)err_nomem(err);
    return kept ? str_of(kept) : (struct str){NULL, 0};
}

/* "Practitioner/ID"; p NULL of nobody, or where there is no memory. */
static struct str who(struct decade *d, uint32_t person)
{
    char id[PERSON_ID_MAX];
    const char *text =
        person == DECADE_NONE
            ? NULL
            : arena_printf(d->scratch, "Practitioner/%s", person_id(d, person, id));

    return text ? str_of(text) : (struct str){NULL, 0};
}

static int add_item(struct decade_handings *g, uint32_t posting,
    const struct handing_line *line, struct handover_pack *pack, struct err *err)
{
    struct handover_item item = {.kind = line->kind,
        .weight = handover_rules[line->kind].weight,
        .reference = reference(g, line, err),
        .successor = who(g->d, line->successor),
        .named_by = who(g->d, line->namer),
        .named_on = line->named,
        .acknowledged_on = line->acknowledged,
        .declined_on = line->declined,
        .fell_on = line->fell,
        .holds = handing_held(g, posting, line)};

    item.settled = item.holds && item.acknowledged_on;
    if (!item.reference.p || (!item.successor.p && line->successor != DECADE_NONE) ||
        (!item.named_by.p && line->namer != DECADE_NONE))
        return err_nomem(err);
    pack->items.list[pack->items.count++] = item;
    return 0;
}

/* For how long who came after and stays on has been there. */
static int overlap_of(const struct decade_handings *g, uint32_t posting)
{
    const struct decade *d = g->d;
    const struct decade_posting *p = &d->postings[posting];
    const struct decade_list *all = &g->at[p->department];
    day_number most = -1;

    for (uint32_t i = 0; i < all->count; i++) {
        const struct decade_posting *one = &d->postings[all->at[i]];

        if (one->person != p->person && one->from > p->from && one->from <= d->day &&
            one->until >= d->day && d->day - one->from > most)
            most = d->day - one->from;
    }
    return most;
}

static int pack_fill(struct decade_handings *g, uint32_t posting,
    struct handover_pack *pack, struct err *err)
{
    struct decade *d = g->d;
    const struct decade_posting *p = &d->postings[posting];
    char id[PERSON_ID_MAX];
    const char *name = arena_printf(d->scratch, "%s", posting_id(d, posting, id));
    const char *unit =
        arena_printf(d->scratch, "Organization/%s", d->departments[p->department].id);
    int r = 0;

    *pack = (struct handover_pack){.overlap_days = overlap_of(g, posting)};
    pack->items.list =
        arena_array(d->scratch, g->found_count + 1u, sizeof(*pack->items.list));
    pack->post.person = who(d, p->person);
    if (!name || !unit || !pack->items.list || !pack->post.person.p)
        return err_nomem(err);
    pack->post.id = str_of(name);
    pack->post.unit = str_of(unit);
    pack->post.end = (utc_ms)(p->until + 1) * HANDOVER_DAY_MS;
    for (uint32_t i = 0; r == 0 && i < g->found_count; i++)
        r = add_item(g, posting, &g->found[i], pack, err);
    handover_tally(pack);
    return r;
}

/* What nobody holds falls to the head of the department, once it was counted. */
static void fall(
    struct decade_handings *g, uint32_t posting, struct handover_pack *pack)
{
    uint32_t head = g->d->departments[g->d->postings[posting].department].head;
    utc_ms now = decade_evening(g->d->day);

    for (uint32_t i = 0; head != DECADE_NONE && i < g->found_count; i++) {
        struct handing_line *line = &g->found[i];
        struct handover_item *item = &pack->items.list[i];

        if (item->holds || handover_rules[line->kind].own)
            continue;
        *line = (struct handing_line){.kind = line->kind,
            .of = line->of,
            .successor = head,
            .namer = DECADE_NONE,
            .fell = now};
        item->successor = who(g->d, head);
        item->named_by = (struct str){NULL, 0};
        item->named_on = item->acknowledged_on = item->declined_on = 0;
        item->fell_on = now;
    }
}

/* ---- the record ---- */

static int keep(struct decade_handings *g, struct handing *h, struct err *err)
{
    int r = 0;

    h->count = 0;
    for (uint32_t i = 0; r == 0 && i < g->found_count; i++) {
        if (g->found[i].successor == DECADE_NONE && !g->found[i].declined)
            continue;
        r = decade_room(
            g->d, (void **)&h->lines, h->count, &h->room, sizeof(*h->lines), err);
        if (r == 0)
            h->lines[h->count++] = g->found[i];
    }
    return r;
}

int handing_write(
    struct decade_handings *g, uint32_t posting, bool ended, struct err *err)
{
    struct decade *d = g->d;
    struct handover_pack pack;
    struct buf b;
    int r = pack_fill(g, posting, &pack, err);

    if (r == 0 && ended)
        fall(g, posting, &pack);
    if (r == 0)
        r = keep(g, &g->list[posting], err);
    buf_init(&b, LIMIT_RECORD_BYTES);
    if (r == 0) {
        handover_put(&b, &pack, ended, decade_evening(d->day));
        r = buf_error(&b, "A handover of the decade", err);
    }
    if (r == 0) {
        buf_add(&d->lines, b.data, b.len);
        buf_addc(&d->lines, '\n');
    }
    buf_done(&b);
    arena_reset(d->scratch);
    return r;
}
