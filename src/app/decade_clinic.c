/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which department does what from when, and how much of it each month. The first hospital of a
 * technique is drawn; the others follow it. What every hospital did before the programme is
 * recorded from the programme's first autumn on.
 */
#include <string.h>

#include "app/catalogue.h"
#include "app/decade_clinic_internal.h"

#define CLINIC_PART_NAME "clinic"

/* Of a hundred hospitals that could lead with a technique, so many times each of the eight. */
static const uint16_t leads[DECADE_HOSTS] = {26, 18, 16, 10, 9, 9, 7, 5};

/* Permille of the year's mean, January to December: fewer in winter, when roads are closed and
 * many go home, and most after the harvest begins. Chosen. */
static const uint16_t seasons[12] = {
    780, 730, 930, 1010, 1060, 1100, 1130, 1140, 1110, 1080, 1030, 900};

/* Of the volume once it is settled, permille in the first, second, ... year of a technique. */
static const uint16_t growth[] = {
    450, 700, 900, 1000, 1050, 1100, 1150, 1200, 1240, 1280, 1300};

#define LAG_LEAST 60 /* days after the first hospital */
#define LAG_MOST 800
#define NEVER_PERMILLE 20 /* of those that follow: one never begins */
#define COUNTIES_FROM 2021

struct clinic *clinic_of(const struct decade *d)
{
    for (size_t i = 0; decade_parts[i]; i++) {
        if (decade_parts[i] == &decade_clinic)
            return d->parts[i];
    }
    return NULL;
}

/* ---- lines ---- */

static uint32_t specialty_named(const char *name)
{
    for (uint32_t i = 0; i < DECADE_SPECIALTIES; i++) {
        if (strcmp(decade_specialties[i].name, name) == 0)
            return i;
    }
    return DECADE_NONE;
}

static int line_add(struct clinic *c, const struct clinic_line *like, struct err *err)
{
    struct decade *d = c->d;
    int r = decade_room(
        d, (void **)&c->lines, c->line_count, &c->line_room, sizeof(*c->lines), err);

    if (r < 0)
        return r;
    c->lines[c->line_count] = *like;
    for (uint32_t i = 0; i < CLINIC_LEARNERS; i++)
        c->lines[c->line_count].learners[i] = DECADE_NONE;
    c->line_count++;
    return 0;
}

/* A hospital of middle size has so many people who treat and nurse. */
#define MIDDLE_STAFF 580

/* Of the volume beyond the first ten a part alone is recorded with who did what: chosen, so that
 * the logbooks hold what their people teach and learn by. */
static uint32_t volume_of(const struct decade_technique *t, uint32_t staff)
{
    uint32_t beyond = t->volume > 10 ? t->volume - 10u : 0;
    uint32_t much = 1000u * (t->volume - beyond) + 520u * beyond;
    uint32_t sized = much / 1000u * (600u + 400u * staff / MIDDLE_STAFF);

    return sized < 8000 && t->volume >= 8 ? 8000 : sized;
}

/* When the first hospital may begin with ${t}. */
static day_number first_day_of(struct clinic *c, const struct decade_technique *t)
{
    if (t->year <= 15)
        return decade_day_of(2015, 9, 1);
    return decade_day_of(2000 + t->year, 8, 20) + chance_between(&c->plan, 0, 300);
}

static int assisted_lines(
    struct clinic *c, uint16_t technique, uint32_t specialty, struct err *err)
{
    const struct decade_technique *t = &decade_techniques[technique];
    day_number first = first_day_of(c, t);
    uint32_t leader = chance_weighted(&c->plan, leads, DECADE_HOSTS);
    int r = 0;

    for (uint32_t h = 0; r == 0 && h < DECADE_HOSTS; h++) {
        uint32_t department = decade_department_of(c->d, h, specialty);
        struct clinic_line line = {.technique = technique, .department = department};
        bool never = chance_permille(&c->plan, NEVER_PERMILLE);
        int32_t lag = chance_between(&c->plan, LAG_LEAST, LAG_MOST);
        bool kept = c->d->options.share <= 1 ||
                    chance_below(&c->plan, c->d->options.share) == 0;

        line.since = t->year <= 15 ? first + chance_between(&c->plan, 0, 150)
                     : h == leader ? first
                                   : first + lag;
        if (department == DECADE_NONE || !kept || (never && h != leader))
            continue;
        if (line.since < c->d->departments[department].since + 45)
            line.since = c->d->departments[department].since + 45 + lag / 8;
        line.volume = volume_of(t, decade_hosts[h].staff);
        r = line_add(c, &line, err);
    }
    return r;
}

static int county_lines(
    struct clinic *c, uint16_t technique, uint32_t specialty, struct err *err)
{
    const struct decade_technique *t = &decade_techniques[technique];
    int r = 0;

    for (uint32_t h = DECADE_HOSTS; r == 0 && h < c->d->hospital_count; h++) {
        uint32_t department = DECADE_NONE;
        int32_t lag = chance_between(&c->plan, 0, 700);
        bool kept = chance_permille(&c->plan, 700) &&
                    (c->d->options.share <= 1 ||
                        chance_below(&c->plan, c->d->options.share) == 0);

        if (c->d->hospitals[h].tier != TIER_COUNTY || t->county == 0 || !kept)
            continue;
        department = decade_department_of(c->d, h, specialty);
        if (department ==
            DECADE_NONE) /* the physicians of a county do all of medicine */
            department =
                decade_department_of(c->d, h, specialty_named("Internal medicine"));
        if (department == DECADE_NONE)
            continue;
        r = line_add(c,
            &(struct clinic_line){.technique = technique,
                .department = department,
                .since = decade_day_of(COUNTIES_FROM, 9, 1) + lag,
                .volume = 1000u * t->county},
            err);
    }
    return r;
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    struct clinic *c = arena_alloc(d->arena, sizeof(*c));
    int r = 0;

    if (!c)
        return err_nomem(err);
    *c = (struct clinic){.d = d,
        .plan = chance_from(d->options.seed, "clinic plan"),
        .way = chance_from(d->options.seed, "clinic way"),
        .paper = chance_from(d->options.seed, "clinic paper"),
        .sign = chance_from(d->options.seed, "clinic sign"),
        .means = chance_from(d->options.seed, "clinic means")};
    *keep = c;
    for (uint16_t i = 0; r == 0 && i < DECADE_TECHNIQUES; i++) {
        uint32_t specialty = specialty_named(decade_techniques[i].specialty);
        uint32_t thing = 0;

        if (specialty == DECADE_NONE || !catalogue_find(STR(CATALOGUE_PROCEDURE_SYSTEM),
                                            str_of(decade_techniques[i].code), &thing))
            return err_set(err, E_BUG, NULL,
                "%s is no procedure of the catalogue, or its department is none.",
                decade_techniques[i].code);
        r = assisted_lines(c, i, specialty, err);
        if (r == 0)
            r = county_lines(c, i, specialty, err);
    }
    return r;
}

/* ---- a month ---- */

/* How many of ${line} there are in the month that begins today, in thousandths. */
static uint32_t this_month(const struct clinic *c, const struct clinic_line *line)
{
    const size_t most = sizeof(growth) / sizeof(growth[0]) - 1;
    size_t age = (size_t)((c->d->day - line->since) / 365);
    unsigned month = 0, day = 0;
    int year = 0;

    decade_date_of(c->d->day, &year, &month, &day);
    return (uint32_t)((uint64_t)line->volume * growth[age > most ? most : age] / 1000 *
                      seasons[month - 1] / 1000 / 12);
}

/* A day of the month, on a Sunday seldom. */
static day_number some_day(struct clinic *c, unsigned days)
{
    day_number day = c->d->day + (day_number)chance_below(&c->plan, days);

    /* 1970-01-01 was a Thursday */
    if ((day + 4) % 7 == 0 && chance_permille(&c->plan, 750))
        day += chance_permille(&c->plan, 500) ? 1 : -1;
    return day;
}

static int line_month(struct clinic *c, uint32_t at, unsigned days, struct err *err)
{
    const struct clinic_line *line = &c->lines[at];
    uint32_t count = 0;
    int r = 0;

    if (line->since > c->d->day)
        return 0;
    count = chance_about(&c->plan, this_month(c, line));
    /* as many as by chance, not as many as on average */
    count = count > 2 ? count - 1 + chance_below(&c->plan, 3) : count;
    for (uint32_t i = 0; r == 0 && i < count; i++)
        r = decade_do_later(
            c->d, some_day(c, days), clinic_operate, (const uint32_t[4]){at}, err);
    return r;
}

static int month(struct decade *d, void *keep, struct err *err)
{
    struct clinic *c = keep;
    unsigned month = 0, day = 0;
    unsigned days = 0;
    int year = 0;
    int r = 0;

    decade_date_of(d->day, &year, &month, &day);
    days = time_month_days(year, month);
    for (uint32_t i = 0; r == 0 && i < c->line_count; i++) {
        /* with one that begins this month the first one is done on that day */
        if (c->lines[i].since >= d->day &&
            c->lines[i].since < d->day + (day_number)days)
            r = decade_do_later(
                d, c->lines[i].since, clinic_operate, (const uint32_t[4]){i}, err);
        else
            r = line_month(c, i, days, err);
    }
    return r == 0 ? clinic_sign_month(c, err) : r;
}

const struct decade_part decade_clinic = {CLINIC_PART_NAME, begin, month, NULL, NULL};
