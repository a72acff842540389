/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Teaching on the spot. An expert teaches doctors at the bedside; a hospital holds workshops for
 * everybody, and from 2018 on lessons from afar. Seats go to those who were never taught while
 * the year has room for newcomers, and to others again and again: who is on duty comes.
 */
#include <stdio.h>

#include "app/decade_learning_internal.h"

/* Chosen. */
#define BEDSIDE_PERMILLE 260 /* of departments with experts, in a month */
#define WORKSHOPS_THOUSANDTHS 1000
#define ONLINE_PERMILLE 300
#define ONLINE_YEAR 2018
#define LEFT_PERMILLE 35 /* stays away before the end */
#define FAILED_PERMILLE 40
#define LATE_PERMILLE 40  /* the result is entered one to eight weeks later */
#define NEVER_PERMILLE 12 /* and never */
#define SEATS_MAX 40

/*
 * Published: 5,536 persons trained (August 2025), about 4,000 (2020). Persons who pass their
 * first course, by year: many in the years in which a hospital's staff is taught for the first
 * time, then those who are new.
 */
const uint16_t decade_newcomers[DECADE_BATCHES] = {
    320, 900, 950, 850, 700, 480, 330, 300, 270, 250, 186};
/* Published: 1,800 sent to study (2022). Few in 2020, when nobody travelled. */
const uint16_t decade_first_placements[DECADE_BATCHES] = {
    40, 230, 270, 290, 300, 90, 280, 300, 310, 320, 210};

/* ---- one enrolment ---- */

/* What came of it is entered today. */
static int entered(struct decade *d, const uint32_t of[4], struct err *err)
{
    (void)err;
    decade_enrolment_put(d, &d->learning->enrolments[of[0]]);
    return 0;
}

/* Put ${e} down for a course that is taught today, with what comes of it. */
static int takes_part(struct decade *d, struct decade_enrolment *e, struct err *err)
{
    struct decade_learning *l = d->learning;
    struct chance *c = &l->chance;
    uint32_t later = DECADE_NONE;
    uint32_t fate = chance_below(c, 1000);
    bool late = chance_permille(c, LATE_PERMILLE);
    day_number on = e->until + chance_between(c, 0, 3);

    e->status = fate < LEFT_PERMILLE ? "left" : "completed";
    e->passed = fate >= LEFT_PERMILLE + FAILED_PERMILLE;
    if (fate < LEFT_PERMILLE)
        e->by = DECADE_NONE;
    if (!e->newcomer && late)
        on += chance_between(c, 7, 56);
    if (!e->newcomer && chance_permille(c, NEVER_PERMILLE)) {
        e->status = "attending";
        e->by = DECADE_NONE;
        e->passed = false;
    }
    if (e->newcomer && e->passed) {
        l->newcomers--;
        on = e->until;
    }
    if (e->passed)
        d->people[e->person].trained++;
    later = decade_enrolment_new(d, e, err);
    return later == DECADE_NONE
               ? E_NOMEM
               : decade_do_later(d, on, entered, (const uint32_t[4]){later}, err);
}

/* ---- a course ---- */

/* A member of ${list} who is free for it; DECADE_NONE. */
static uint32_t seat(struct decade *d, const struct decade_list *list, bool doctors,
    const uint32_t *taken, uint32_t count)
{
    struct decade_learning *l = d->learning;
    uint32_t found = DECADE_NONE;

    for (int tries = 0; tries < 6 && list->count > 0; tries++) {
        uint32_t one = list->at[chance_below(&l->chance, list->count)];
        bool is_taken = doctors && d->people[one].role != ROLE_DOCTOR;

        for (uint32_t i = 0; i < count && !is_taken; i++)
            is_taken = taken[i] == one;
        if (is_taken || (d->people[one].trained == 0 && l->newcomers == 0))
            continue;
        found = one;
        if (d->people[one].trained == 0 || l->newcomers == 0)
            break;
    }
    return found;
}

/* Fill ${seats} of ${course} from its department, or from the whole hospital. */
static int seats_fill(
    struct decade *d, uint32_t course, uint32_t seats, bool whole, struct err *err)
{
    struct decade_learning *l = d->learning;
    const struct decade_course c = l->courses[course];
    const struct decade_hospital *h =
        &d->hospitals[d->departments[c.organiser].hospital];
    uint32_t taken[SEATS_MAX];
    uint32_t count = 0;
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < seats && i < SEATS_MAX; i++) {
        uint32_t at =
            whole ? h->first_department + chance_below(&l->chance, h->department_count)
                  : c.organiser;
        uint32_t one =
            seat(d, &d->departments[at].staff, c.kind == COURSE_BEDSIDE, taken, count);
        struct decade_enrolment e = {.course = course,
            .person = one,
            .teaching = c.organiser,
            .from = c.from,
            .until = c.until,
            .by = c.teacher == DECADE_NONE ? d->departments[c.organiser].head
                                           : c.teacher};

        if (one == DECADE_NONE || one == e.by)
            continue;
        taken[count++] = one;
        e.newcomer = d->people[one].trained == 0;
        r = takes_part(d, &e, err);
    }
    return r;
}

/* of: kind, department, seats. */
static int course_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct chance *chance = &d->learning->chance;
    const struct decade_department *at = &d->departments[of[1]];
    uint32_t posting = decade_expert_at(d, chance, of[1]);
    struct decade_course c = {.kind = (enum decade_course_kind)of[0],
        .organiser = of[1],
        .subject = at->specialty,
        .teacher = posting == DECADE_NONE ? decade_doctor_at(d, chance, of[1])
                                          : d->postings[posting].person,
        .from = d->day,
        .until = d->day + (of[0] == COURSE_BEDSIDE ? 0 : chance_between(chance, 0, 2))};
    uint32_t course = DECADE_NONE;

    if (c.teacher == DECADE_NONE)
        return 0;
    if (c.until > d->last)
        c.until = d->last;
    course = decade_course_new(d, &c, err);
    if (course == DECADE_NONE)
        return E_NOMEM;
    decade_course_put(d, course, "held");
    return seats_fill(d, course, of[2], of[0] != COURSE_BEDSIDE, err);
}

/* ---- a month ---- */

static int course_plan(struct decade *d, enum decade_course_kind kind,
    uint32_t department, uint32_t seats, struct err *err)
{
    return decade_do_later(d, d->day + chance_between(&d->learning->chance, 1, 26),
        course_due, (const uint32_t[4]){kind, department, decade_share(d, seats)}, err);
}

static int hospital_month(
    struct decade *d, uint32_t hospital, int year, struct err *err)
{
    struct chance *c = &d->learning->chance;
    const struct decade_hospital *h = &d->hospitals[hospital];
    bool big = h->tier == TIER_ASSISTED;
    uint32_t any = h->first_department + chance_below(c, h->department_count);
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < h->department_count; i++) {
        if (d->departments[h->first_department + i].experts.count > 0 &&
            chance_permille(c, BEDSIDE_PERMILLE))
            r = course_plan(d, COURSE_BEDSIDE, h->first_department + i,
                (uint32_t)chance_between(c, 5, 11), err);
    }
    for (uint32_t n = chance_about(c, big ? WORKSHOPS_THOUSANDTHS : 300);
         r == 0 && n > 0; n--)
        r = course_plan(
            d, COURSE_WORKSHOP, any, (uint32_t)chance_between(c, 12, 26), err);
    if (r == 0 && year >= ONLINE_YEAR && chance_permille(c, ONLINE_PERMILLE))
        r = course_plan(
            d, COURSE_ONLINE, any, (uint32_t)chance_between(c, 10, 30), err);
    return r;
}

/* Of ${of_year}, what belongs to this month: in 2015 from August on, in 2025 until then. */
static uint32_t share_of_month(
    const struct decade *d, uint32_t of_year, int year, unsigned month)
{
    uint32_t first = year == 2015 ? 8 : 1;
    uint32_t last = year == 2025 ? 8 : 12;
    uint32_t months = last - first + 1;
    uint32_t at = (uint32_t)month - first;

    if (month < first || month > last)
        return 0;
    of_year = decade_share(d, of_year);
    return of_year * (at + 1) / months - of_year * at / months;
}

static int month(struct decade *d, void *keep, struct err *err)
{
    struct decade_learning *l = keep;
    unsigned number = 0;
    unsigned day = 0;
    int year = 0;
    int r = 0;

    decade_date_of(d->day, &year, &number, &day);
    if (d->day < decade_day_of(2015, 8, 1))
        return 0;
    l->newcomers += share_of_month(d, decade_newcomers[year - 2015], year, number);
    l->sent += share_of_month(d, decade_first_placements[year - 2015], year, number);
    for (uint32_t i = 0; r == 0 && i < d->hospital_count; i++) {
        const struct decade_hospital *h = &d->hospitals[i];

        if (h->written && (h->tier == TIER_ASSISTED || h->tier == TIER_COUNTY))
            r = hospital_month(d, i, year, err);
    }
    return r == 0 ? decade_placements_month(d, err) : r;
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    d->learning = arena_alloc(d->arena, sizeof(*d->learning));
    if (!d->learning)
        return err_nomem(err);
    d->learning->chance = chance_from(d->options.seed, "courses");
    d->learning->placements = chance_from(d->options.seed, "placements");
    d->learning->degrees = chance_from(d->options.seed, "degrees");
    d->learning->answers = chance_from(d->options.seed, "placement-answers");
    *keep = d->learning;
    return 0;
}

const struct decade_part decade_courses = {"courses", begin, month, NULL, NULL};
