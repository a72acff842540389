/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Placements: staff are sent to the twin hospital to study for some months, and return. Some doctors
 * study for a degree under a mentor, from September to a summer two or three years later.
 */
#include <stdio.h>

#include "app/decade_learning_internal.h"
#include "app/learn_internal.h"

/* Chosen. */
#define AGAIN_PERMILLE 180     /* of placements: somebody who was sent before */
#define UNFINISHED_PERMILLE 30 /* comes back early */
#define FAILED_PERMILLE 25
#define DEGREE_FAILED_PERMILLE 80
#define DEGREE_MONTH 9
#define MASTER_YEARS 2
#define DOCTORATE_YEARS 3
#define ANSWERED 870   /* whoever is asked whether it is used says so */
#define USED_SOON 520  /* used in the first three months */
#define USED_LATER 240 /* first used in a later time */
#define USED_AGAIN 900 /* and in the next time too */

#define DAY_MS ((utc_ms)24 * 60 * 60000)

/*
 * Who begin in September of each year, from 2015 on; in 2025 the records end before. Published: the
 * first doctorate of somebody trained at home, without a year. Chosen: it comes in 2019, of one who
 * began alone in 2016.
 */
static const uint8_t masters[] = {3, 4, 6, 7, 9, 6, 9, 10, 11, 12};
static const uint8_t doctorates[] = {0, 1, 2, 2, 3, 2, 4, 5, 5, 6};
#define DEGREE_YEARS (sizeof(masters) / sizeof(masters[0]))

/* ---- one by one ---- */

static int begins(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_enrolment *e = &d->learning->enrolments[of[0]];

    (void)err;
    e->status = "attending";
    decade_enrolment_put(d, e);
    return 0;
}

/* A deed: the person of the enrolment of[0] says whether it was used up to the look of[1]. */
static int answers(struct decade *d, const uint32_t of[4], struct err *err)
{
    static const uint16_t first[DECADE_ANSWERS] = {USED_SOON, USED_LATER, USED_LATER};
    struct decade_enrolment *e = &d->learning->enrolments[of[0]];
    struct chance *c = &d->learning->answers;
    bool before = of[1] > 0 && e->used[of[1] - 1];
    bool says = chance_permille(c, ANSWERED);

    e->used[of[1]] = chance_permille(c, before ? USED_AGAIN : first[of[1]]);
    if (!says || d->people[e->person].until != DECADE_NEVER)
        return 0;
    e->answered[of[1]] = d->day;
    e->answers = true;
    return decade_enrolment_look(d, e, err);
}

/* A deed: a time after the return is over, whether or not anybody is asked. */
static int looked_at(struct decade *d, const uint32_t of[4], struct err *err)
{
    return decade_enrolment_look(d, &d->learning->enrolments[of[0]], err);
}

/* The day on which the look of so many months after today is over. */
static day_number months_later(const struct decade *d, int months)
{
    return (day_number)(learn_months_after((utc_ms)d->day * DAY_MS, months) / DAY_MS);
}

/* Each is asked when its time is over, and answers within some days. */
static int ask_later(struct decade *d, uint32_t enrolment, struct err *err)
{
    static const day_number days[DECADE_ANSWERS] = {92, 183, 366};
    static const int months[DECADE_ANSWERS] = {3, 6, 12};
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < DECADE_ANSWERS; i++) {
        r = decade_do_later(d, months_later(d, months[i]), looked_at,
            (const uint32_t[4]){enrolment}, err);
        if (r == 0)
            r = decade_do_later(d,
                d->day + days[i] + chance_between(&d->learning->answers, 1, 20),
                answers, (const uint32_t[4]){enrolment, i}, err);
    }
    return r;
}

static int ends(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_enrolment *e = &d->learning->enrolments[of[0]];

    e->status = of[1] ? "completed" : "left";
    e->passed = of[2];
    e->until = d->day;
    e->by = of[1] ? of[3] : DECADE_NONE;
    if (e->passed)
        d->people[e->person].trained++;
    decade_enrolment_put(d, e);
    return of[1] && d->learning->courses[e->course].kind == COURSE_PLACEMENT
               ? ask_later(d, of[0], err)
               : 0;
}

/* The department of a twin that teaches ${learner}'s: the paired one, or one of the same kind. */
static uint32_t teaching_for(struct decade *d, struct chance *c, uint32_t department)
{
    const struct decade_department *at = &d->departments[department];
    const struct decade_list *twins = &d->hospitals[at->hospital].twins;

    if (at->twin != DECADE_NONE)
        return at->twin;
    if (twins->count == 0)
        return DECADE_NONE;
    return decade_department_of(
        d, twins->at[chance_below(c, twins->count)], at->specialty);
}

/* A mentor at home: the leader of the last team that the twin sent. */
static uint32_t mentor_of(const struct decade *d, uint32_t teaching)
{
    uint32_t sender = d->departments[teaching].hospital;

    for (uint32_t i = d->team_count; i-- > 0;) {
        if (d->teams[i].sender == sender)
            return d->teams[i].leader;
    }
    return DECADE_NONE;
}

static int plan(struct decade *d, struct chance *c, uint32_t person,
    const struct decade_course *like, struct err *err)
{
    enum decade_course_kind kind = like->kind;
    struct decade_course course = *like;
    struct decade_enrolment e = {.person = person,
        .teaching = like->organiser,
        .from = like->from,
        .until = like->until,
        .status = "accepted",
        .by = DECADE_NONE};
    uint32_t mentor = mentor_of(d, like->organiser);
    bool done = !chance_permille(c, UNFINISHED_PERMILLE);
    bool degree = kind == COURSE_MASTER || kind == COURSE_DOCTORATE;
    bool passed =
        done && !chance_permille(c, degree ? DEGREE_FAILED_PERMILLE : FAILED_PERMILLE);
    uint32_t at = DECADE_NONE;
    int r = decade_department_write(d, like->organiser, err);

    course.teacher = mentor;
    e.course = r == 0 ? decade_course_new(d, &course, err) : DECADE_NONE;
    at = e.course == DECADE_NONE ? DECADE_NONE : decade_enrolment_new(d, &e, err);
    if (at == DECADE_NONE)
        return E_NOMEM;
    decade_course_put(d, e.course, "planned");
    decade_enrolment_put(d, &e);
    r = decade_do_later(d, e.from, begins, (const uint32_t[4]){at}, err);
    return r == 0 ? decade_do_later(d, done ? e.until : e.from + 40, ends,
                        (const uint32_t[4]){at, done, passed, mentor}, err)
                  : r;
}

/* ---- placements ---- */

/* Somebody to be sent, who was taught at home before; ${again}: who was sent before, too.
 * DECADE_NONE. */
static uint32_t sent_next(struct decade *d, struct chance *c, bool again)
{
    for (int tries = 0; tries < 400; tries++) {
        uint32_t one = chance_below(c, d->person_count);
        struct decade_person *p = &d->people[one];
        bool staff = p->role == ROLE_DOCTOR || p->role == ROLE_NURSE;

        if (!staff || p->until != DECADE_NEVER || p->department == DECADE_NONE ||
            p->away_until >= d->day || p->sent != again || p->trained == 0 ||
            d->hospitals[p->hospital].twins.count == 0)
            continue;
        /* three doctors to one nurse */
        if (p->role == ROLE_NURSE && chance_permille(c, 660))
            continue;
        return one;
    }
    return DECADE_NONE;
}

static int send(struct decade *d, bool again, struct err *err)
{
    struct chance *c = &d->learning->placements;
    day_number from = d->day + chance_between(c, 5, 22);
    uint32_t person = sent_next(d, c, again);
    uint32_t teaching = person == DECADE_NONE
                            ? DECADE_NONE
                            : teaching_for(d, c, d->people[person].department);
    struct decade_course course = {.kind = COURSE_PLACEMENT,
        .organiser = teaching,
        .teacher = DECADE_NONE,
        .from = from};

    if (teaching == DECADE_NONE)
        return 0;
    course.subject = d->departments[teaching].specialty;
    course.until = from + chance_between(c, 80, 185);
    d->people[person].away_until = course.until;
    if (!again) {
        d->people[person].sent = true;
        d->learning->sent--;
    }
    return plan(d, c, person, &course, err);
}

/* ---- degrees ---- */

/* A doctor of an assisted hospital who did not study for a degree before; DECADE_NONE. */
static uint32_t student_next(struct decade *d, struct chance *c)
{
    for (int tries = 0; tries < 400; tries++) {
        uint32_t one = sent_next(d, c, chance_permille(c, 500));
        const struct decade_person *p = &d->people[one == DECADE_NONE ? 0 : one];

        if (one != DECADE_NONE && p->role == ROLE_DOCTOR && !p->studied &&
            d->hospitals[p->hospital].tier == TIER_ASSISTED)
            return one;
    }
    return DECADE_NONE;
}

/* Studies from today to a summer. Who studies comes home when that is over. */
static int studies(struct decade *d, enum decade_course_kind kind, struct err *err)
{
    struct chance *c = &d->learning->degrees;
    uint32_t person = student_next(d, c);
    uint32_t teaching = person == DECADE_NONE
                            ? DECADE_NONE
                            : teaching_for(d, c, d->people[person].department);
    int years = kind == COURSE_MASTER ? MASTER_YEARS : DOCTORATE_YEARS;
    struct decade_course course = {.kind = kind,
        .organiser = teaching,
        .teacher = DECADE_NONE,
        .from = d->day + 12};
    unsigned month = 0, day = 0;
    int year = 0;

    if (teaching == DECADE_NONE)
        return 0;
    decade_date_of(d->day, &year, &month, &day);
    course.subject = d->departments[teaching].specialty;
    course.until = decade_day_of(year + years, 6, 5) + chance_between(c, 0, 20);
    d->people[person].away_until = course.until;
    d->people[person].studied = true;
    return plan(d, c, person, &course, err);
}

static int degrees_begin(struct decade *d, struct err *err)
{
    unsigned month = 0, day = 0;
    int year = 0;
    int r = 0;

    decade_date_of(d->day, &year, &month, &day);
    if (month != DEGREE_MONTH || (size_t)(year - 2015) >= DEGREE_YEARS)
        return 0;
    for (uint32_t i = decade_share(d, masters[year - 2015]); r == 0 && i > 0; i--)
        r = studies(d, COURSE_MASTER, err);
    for (uint32_t i = decade_share(d, doctorates[year - 2015]); r == 0 && i > 0; i--)
        r = studies(d, COURSE_DOCTORATE, err);
    return r;
}

/* ---- a month ---- */

/* On the fifth of a month, those who begin on one of its later days. */
static int month_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_learning *l = d->learning;
    struct chance *c = &l->placements;
    uint32_t tries = 2 * l->sent + 4;
    int r = 0;

    (void)of;
    while (r == 0 && l->sent > 0 && tries-- > 0) {
        r = send(d, false, err);
        if (r == 0 && chance_permille(c, AGAIN_PERMILLE))
            r = send(d, true, err);
    }
    return r == 0 ? degrees_begin(d, err) : r;
}

int decade_placements_month(struct decade *d, struct err *err)
{
    return decade_do_later(d, d->day + 4, month_due, (const uint32_t[4]){0}, err);
}
