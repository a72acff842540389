/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whoever goes hands over. Some days before the end of a posting the expert gives most of the words
 * that they owe those who learn, and names who goes on with what is open: a colleague of the
 * department who is there already and stays on, else its head. That person says yes or no. On the
 * evening after the end what nobody holds falls to the head. Of whom the term ends early nobody
 * has named anybody.
 */
#include "app/decade_handover_internal.h"

/*
 * Chosen, permille by the year of the end from 2015 on (docs/DEMONSTRATION.md): of the words owed
 * those that are given each time, experts who name somebody, things that they forget, those named who say yes.
 */
#define YEARS 11
static const uint16_t words_given[YEARS] = {
    520, 540, 540, 550, 560, 430, 530, 545, 560, 580, 600};
static const uint16_t names_somebody[YEARS] = {
    890, 900, 900, 905, 910, 850, 910, 925, 940, 950, 960};
static const uint16_t forgets[YEARS] = {
    110, 100, 100, 100, 95, 130, 90, 80, 70, 60, 50};
static const uint16_t says_yes[YEARS] = {
    890, 900, 900, 905, 910, 870, 915, 925, 940, 950, 960};

#define NAMES_DAYS 7 /* before the end at most */
#define REFUSES 400  /* of those who do not say yes; the others say nothing */
#define NAMED_HOUR 8 /* in UTC */
#define ANSWERED_HOUR 10
#define HOUR_MS ((utc_ms)60 * 60000)

static utc_ms hour(const struct decade *d, int at)
{
    return (utc_ms)d->day * HANDOVER_DAY_MS + at * HOUR_MS;
}

/* ---- who ---- */

/* Does who leaves with ${p} go on at the department? */
static bool stays(const struct decade_handings *g, const struct decade_posting *p)
{
    const struct decade_list *all = &g->at[p->department];

    for (uint32_t i = 0; i < all->count; i++) {
        const struct decade_posting *one = &g->d->postings[all->at[i]];

        if (one->person == p->person && one->from > p->until)
            return true;
    }
    return false;
}

static bool goes_on(const struct decade_handings *g, const struct decade_posting *p,
    const struct decade_posting *next)
{
    return next->person != p->person && next->from <= g->d->day &&
           next->until > p->until + 1;
}

/* Who goes on: of those who can, one by turns; else the head of the department, or DECADE_NONE. */
static uint32_t successor_of(
    const struct decade_handings *g, const struct decade_posting *p, uint32_t turn)
{
    const struct decade *d = g->d;
    const struct decade_list *experts = &d->departments[p->department].experts;
    uint32_t can = 0;

    for (uint32_t i = 0; i < experts->count; i++)
        can += goes_on(g, p, &d->postings[experts->at[i]]);
    for (uint32_t i = 0, n = 0; i < experts->count; i++) {
        const struct decade_posting *next = &d->postings[experts->at[i]];

        if (goes_on(g, p, next) && n++ == turn % can)
            return next->person;
    }
    return d->departments[p->department].head;
}

/* ---- what is said ---- */

/* Who goes on with what: an expert is not shown what was done before them, so the outcomes of
 * operations are the head's to ask after. */
static uint32_t taker_of(
    const struct decade_handings *g, uint32_t posting, const struct handing_line *line)
{
    const struct decade_posting *p = &g->d->postings[posting];

    return line->kind == HANDOVER_FOLLOW_UP
               ? g->d->departments[p->department].head
               : successor_of(g, p, posting + (uint32_t)g->d->day);
}

/* Name somebody for what nobody has. */
static int name(struct decade_handings *g, uint32_t posting, struct err *err)
{
    uint32_t year = decade_year(g->d);
    bool any = false;
    int r = handing_find(g, posting, err);

    for (uint32_t i = 0; r == 0 && i < g->found_count; i++) {
        struct handing_line *line = &g->found[i];
        uint32_t taker = taker_of(g, posting, line);

        if (line->successor != DECADE_NONE || taker == DECADE_NONE ||
            handover_rules[line->kind].own ||
            chance_permille(&g->chance, forgets[year]))
            continue;
        line->successor = taker;
        line->namer = g->d->postings[posting].person;
        line->named = hour(g->d, NAMED_HOUR);
        line->declined = 0;
        any = true;
    }
    return r == 0 && any ? handing_write(g, posting, false, err) : r;
}

/* Words first, so that less is left. */
static int prepare(struct decade_handings *g, uint32_t posting, struct err *err)
{
    uint32_t year = decade_year(g->d);
    int r = handing_find(g, posting, err);

    if (r == 0)
        handing_words(g, posting, words_given[year]);
    return r == 0 && g->list[posting].prepares ? name(g, posting, err) : r;
}

enum says { SAYS_NOTHING, SAYS_YES, SAYS_NO };

static enum says drawn(struct decade_handings *g)
{
    if (chance_permille(&g->chance, says_yes[decade_year(g->d)]))
        return SAYS_YES;
    return chance_permille(&g->chance, REFUSES) ? SAYS_NO : SAYS_NOTHING;
}

/* Whoever was named says yes, no, or nothing: the head, and a colleague. */
static int answer(struct decade_handings *g, uint32_t posting, struct err *err)
{
    const enum says says[2] = {drawn(g), drawn(g)};
    bool any = false;
    int r = handing_find(g, posting, err);

    for (uint32_t i = 0; r == 0 && i < g->found_count; i++) {
        struct handing_line *line = &g->found[i];
        enum says word = SAYS_NOTHING;

        if (line->successor == DECADE_NONE || line->acknowledged)
            continue;
        word = says[g->d->people[line->successor].role == ROLE_EXPERT];
        any = any || word != SAYS_NOTHING;
        if (word == SAYS_YES) {
            line->acknowledged = hour(g->d, ANSWERED_HOUR);
        } else if (word == SAYS_NO) {
            line->successor = line->namer = DECADE_NONE;
            line->named = 0;
            line->declined = hour(g->d, ANSWERED_HOUR);
        }
    }
    return r == 0 && any ? handing_write(g, posting, false, err) : r;
}

/* It is over: kept as it stands, unless nothing is open. */
static int end(struct decade_handings *g, uint32_t posting, struct err *err)
{
    int r = handing_find(g, posting, err);

    return r == 0 && g->found_count > 0 ? handing_write(g, posting, true, err) : r;
}

/* Some days before, and again on the last one. */
static int say(struct decade_handings *g, uint32_t posting, struct err *err)
{
    const struct decade_posting *p = &g->d->postings[posting];
    struct handing *h = &g->list[posting];
    day_number left = p->until - g->d->day;
    int r = 0;

    if (left > NAMES_DAYS || stays(g, p))
        return 0;
    if (left == h->names) {
        h->leaves = true;
        h->prepares = chance_permille(&g->chance, names_somebody[decade_year(g->d)]);
    }
    if (h->leaves && (left == h->names || left == 0))
        r = prepare(g, posting, err);
    if (r == 0 && (left == h->answers || left == 0))
        r = answer(g, posting, err);
    return r == 0 && left < 0 ? end(g, posting, err) : r;
}

/* ---- the part ---- */

/* Postings that were made since yesterday. */
static int take_new(struct decade_handings *g, struct err *err)
{
    struct decade *d = g->d;
    int r = 0;

    while (r == 0 && g->count < d->posting_count) {
        struct handing *h = NULL;

        r = decade_room(
            d, (void **)&g->list, g->count, &g->room, sizeof(*g->list), err);
        if (r < 0)
            return r;
        h = &g->list[g->count];
        *h = (struct handing){
            .names = (uint8_t)chance_between(&g->chance, 1, NAMES_DAYS)};
        h->answers = (uint8_t)chance_below(&g->chance, h->names);
        r = decade_list_add(d, &g->under_way, g->count, err);
        if (r == 0)
            r = decade_list_add(
                d, &g->at[d->postings[g->count].department], g->count, err);
        g->count++;
    }
    return r;
}

static int evening(struct decade *d, void *keep, struct err *err)
{
    struct decade_handings *g = keep;
    uint32_t kept = 0;
    int r = take_new(g, err);

    for (uint32_t i = 0; r == 0 && i < g->under_way.count; i++) {
        uint32_t posting = g->under_way.at[i];

        r = say(g, posting, err);
        if (d->postings[posting].until >= d->day)
            g->under_way.at[kept++] = posting;
    }
    if (r == 0)
        g->under_way.count = kept;
    return r;
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    struct decade_handings *g = arena_alloc(d->arena, sizeof(*g));

    if (!g)
        return err_nomem(err);
    *g = (struct decade_handings){.d = d,
        .clinic = clinic_of(d),
        .chance = chance_from(d->options.seed, "handover"),
        .at = arena_array(d->arena, d->department_count + 1u, sizeof(*g->at))};
    *keep = g;
    return g->at ? 0 : err_nomem(err);
}

const struct decade_part decade_handover = {"handover", begin, NULL, NULL, evening};
