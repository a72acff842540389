/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is listed when. Each autumn, when a new team is there, the departments write down which
 * procedures they cannot do by themselves and mean to learn, and the hospital adds illnesses for
 * which its patients travel. What local people have demonstrated already is no gap.
 */
#include "app/decade_gap_internal.h"

/*
 * Illnesses that the eight assisted hospitals add in the autumn of each year, from 2015 on; in that of
 * 2020 none. Chosen so that about 1,500 gaps are filled by the end of 2020, which is published; how many
 * were listed is not. A list is a beginning of a longer one, and what becomes of one gap moves no
 * other: one more in 2019 is at most one more that is filled.
 */
static const uint16_t illnesses[] = {359, 360, 310, 230, 166, 0, 60, 60, 60, 60};
#define YEARS (sizeof(illnesses) / sizeof(illnesses[0]))

/* Chosen. */
#define LISTED_PERMILLE 920  /* of the procedures that a department means to learn */
#define AHEAD_DAYS 730       /* what lies further ahead is not thought of yet */
#define AT_ONCE_PERMILLE 450 /* have a day promised when they are written down */
#define LATER_PERMILLE 550   /* of the others: within three months */
#define PROMISED_LEAST 120   /* days ahead */
#define PROMISED_MOST 540
#define COUNTY_ILLNESSES 2 /* a year */
#define COUNTIES_FROM 2021
#define FIRST_MONTH 9
#define LAST_MONTH 11
#define ILLNESS_MONTH 10

/* ---- opening ---- */

static int planned_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_gaps *g = d->gaps;
    struct gap *gap = &g->list[of[0]];

    if (gap->facts.was_filled)
        return 0;
    gap->planned = (day_number)of[1];
    gap->dirty = true;
    return gap_write_planned(g, of[0], err);
}

/* What is drawn of one gap hangs on nothing else: how many others are listed does not move it. */
static struct chance chance_of(
    const struct decade_gaps *g, uint32_t hospital, uint32_t thing)
{
    char name[2 * DECADE_ID_MAX];

    snprintf(name, sizeof(name), "gap %s %.40s", g->d->hospitals[hospital].id,
        catalogue_thing(thing)->code);
    return chance_from(g->d->options.seed, name);
}

static int plan(struct decade_gaps *g, uint32_t at, struct chance *c, struct err *err)
{
    day_number day = g->d->day + chance_between(c, PROMISED_LEAST, PROMISED_MOST);
    day_number said = g->d->day + chance_between(c, 7, 90);

    if (chance_permille(c, AT_ONCE_PERMILLE))
        g->list[at].planned = day;
    else if (chance_permille(c, LATER_PERMILLE))
        return decade_do_later(
            g->d, said, planned_due, (const uint32_t[4]){at, (uint32_t)day}, err);
    return 0;
}

/* ${like} has its hospital, its thing and its lines; somebody answers for it. */
static int open_gap(struct decade_gaps *g, const struct gap *like, struct err *err)
{
    struct decade *d = g->d;
    struct chance chance = chance_of(g, like->hospital, like->thing);
    struct gap *gap = NULL;
    uint32_t head = d->departments[like->department].head;
    int r =
        decade_room(d, (void **)&g->list, g->count, &g->room, sizeof(*g->list), err);

    if (r < 0)
        return r;
    gap = &g->list[g->count];
    *gap = *like;
    gap->dirty = true;
    gap->owner = head != DECADE_NONE ? head : d->hospitals[like->hospital].director;
    if (gap->owner == DECADE_NONE)
        return 0;
    for (uint32_t i = 0; r == 0 && i < gap->line_count; i++) {
        g->lines[gap->lines[i]].dirty = true;
        r = decade_list_add(d, &g->lines[gap->lines[i]].gaps, g->count, err);
    }
    if (r == 0)
        r = plan(g, g->count, &chance, err);
    return r == 0 ? gap_write_opened(g, g->count++, err) : r;
}

/* ---- what can be listed ---- */

bool gap_of(
    const struct decade_gaps *g, uint32_t hospital, uint32_t thing, struct gap *ret)
{
    const struct catalogue_entry *one = catalogue_thing(thing);
    const struct clinic *c = clinic_of(g->d);
    bool procedure = catalogue_is_procedure(thing);
    uint32_t count = procedure ? 1 : one->need_count;
    day_number last = 0;

    *ret = (struct gap){.hospital = hospital, .thing = thing};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t line = g->hospitals[hospital].lines[procedure ? thing : one->needs[i]];

        if (line == DECADE_NONE)
            return false;
        ret->lines[ret->line_count++] = line;
        if (i == 0 || c->lines[line].since > last) {
            last = c->lines[line].since;
            ret->department = c->lines[line].department;
        }
    }
    return count > 0;
}

/* Does anybody think of it today: is its department there, and will all that it needs begin soon? */
static bool is_thought_of(const struct decade_gaps *g, const struct gap *gap)
{
    const struct clinic *c = clinic_of(g->d);

    for (uint32_t i = 0; i < gap->line_count; i++) {
        if (c->lines[gap->lines[i]].since > g->d->day + AHEAD_DAYS)
            return false;
    }
    return g->d->departments[gap->department].written;
}

/* Is it demonstrated, as of yesterday evening? */
static int is_done(
    struct decade_gaps *g, const struct gap *gap, bool *ret, struct err *err)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < gap->line_count; i++)
        r = gap_line_judge(g, gap->lines[i], decade_evening(g->d->day - 1), err);
    *ret = r == 0 && gap_stands(g, gap).facts.demonstrated;
    return r;
}

/* ---- one of them, on its day ---- */

/* of: hospital, procedure */
static int technique_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_gaps *g = d->gaps;
    struct gap like;
    bool done = false;
    int r = 0;

    if (!gap_of(g, of[0], of[1], &like) || !is_thought_of(g, &like))
        return 0;
    for (uint32_t i = 0; i < g->lines[like.lines[0]].gaps.count; i++) {
        if (g->list[g->lines[like.lines[0]].gaps.at[i]].thing == of[1])
            return 0;
    }
    r = is_done(g, &like, &done, err);
    return r < 0 || done ? r : open_gap(g, &like, err);
}

/* of: hospital, illness */
static int illness_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct gap like;
    bool done = false;
    int r = 0;

    if (!gap_of(d->gaps, of[0], of[1], &like))
        return 0;
    r = is_done(d->gaps, &like, &done, err);
    return r < 0 || done ? r : open_gap(d->gaps, &like, err);
}

/* ---- an autumn ---- */

static day_number some_day(const struct decade_gaps *g, struct chance *c)
{
    return g->d->day + chance_between(c, 4, 27);
}

/* A part of the procedures each month, so that in the last all that is left comes. */
static int list_procedures(
    struct decade_gaps *g, uint32_t hospital, unsigned month, struct err *err)
{
    struct gap_hospital *h = &g->hospitals[hospital];
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < catalogue_procedure_count; i++) {
        bool now = chance_below(&h->chance, LAST_MONTH + 1 - month) == 0;

        if (h->lines[i] == DECADE_NONE || !now ||
            !chance_permille(&h->chance, LISTED_PERMILLE))
            continue;
        r = decade_do_later(g->d, some_day(g, &h->chance), technique_due,
            (const uint32_t[4]){hospital, i}, err);
    }
    return r;
}

/* The next illness of its list that somebody thinks of. */
static int list_illness(struct decade_gaps *g, uint32_t hospital, struct err *err)
{
    struct decade_list *list = &g->hospitals[hospital].illnesses;

    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t thing = list->at[i];
        struct chance own = chance_of(g, hospital, thing);
        struct gap like;

        if (!gap_of(g, hospital, thing, &like) || !is_thought_of(g, &like))
            continue;
        decade_list_remove(list, thing);
        return decade_do_later(g->d, some_day(g, &own), illness_due,
            (const uint32_t[4]){hospital, thing}, err);
    }
    return 0;
}

/* Of the assisted hospitals one after the other, and some at each county. */
static int list_illnesses(struct decade_gaps *g, int year, struct err *err)
{
    uint32_t count = decade_share(g->d, illnesses[year - 2015]);
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < count; i++)
        r = list_illness(g, i % DECADE_HOSTS, err);
    for (uint32_t i = DECADE_HOSTS; r == 0 && i < g->hospital_count; i++) {
        for (int k = 0; r == 0 && year >= COUNTIES_FROM && k < COUNTY_ILLNESSES; k++)
            r = list_illness(g, i, err);
    }
    return r;
}

int gap_list_month(struct decade_gaps *g, struct err *err)
{
    unsigned month = 0, day = 0;
    int year = 0;
    int r = 0;

    decade_date_of(g->d->day, &year, &month, &day);
    if (month < FIRST_MONTH || month > LAST_MONTH || (size_t)(year - 2015) >= YEARS)
        return 0;
    for (uint32_t i = 0; r == 0 && i < g->hospital_count; i++) {
        if (g->d->hospitals[i].tier != TIER_COUNTY || year >= COUNTIES_FROM)
            r = list_procedures(g, i, month, err);
    }
    return r == 0 && month == ILLNESS_MONTH ? list_illnesses(g, year, err) : r;
}

/* ---- the beginning ---- */

/* The illnesses for which nobody should travel further than this hospital, in any order. */
int gap_list_begin(struct decade_gaps *g, struct err *err)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < g->hospital_count; i++) {
        struct gap_hospital *h = &g->hospitals[i];
        enum catalogue_level level = g->d->hospitals[i].tier == TIER_COUNTY
                                         ? CATALOGUE_MINOR
                                         : CATALOGUE_SERIOUS;
        char name[DECADE_ID_MAX + 8];
        struct gap like;

        snprintf(name, sizeof(name), "gaps %s", g->d->hospitals[i].id);
        h->chance = chance_from(g->d->options.seed, name);
        for (uint32_t k = (uint32_t)catalogue_procedure_count;
             r == 0 && k < catalogue_things(); k++) {
            if (catalogue_thing(k)->level == level && gap_of(g, i, k, &like))
                r = decade_list_add(g->d, &h->illnesses, k, err);
        }
        for (uint32_t k = h->illnesses.count; k > 1; k--) {
            uint32_t other = chance_below(&h->chance, k);
            uint32_t one = h->illnesses.at[k - 1];

            h->illnesses.at[k - 1] = h->illnesses.at[other];
            h->illnesses.at[other] = one;
        }
    }
    return r;
}
