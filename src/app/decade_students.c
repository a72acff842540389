/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who comes from abroad to study: each September some for a year, and from 2021 on 17 for a joint
 * degree of five years. What they pass is told by their own schools, so no result stands here.
 */
#include <stdio.h>

#include "app/decade_abroad_internal.h"
#include "app/decade_learning_internal.h"

/* Published: over 100 a year; a five-year programme with 17 students. By year from 2016: chosen,
 * fewer in 2020 and 2021, who stayed at home. */
static const uint16_t for_a_year[] = {108, 112, 118, 121, 102, 91, 96, 104, 110};
#define FIRST_YEAR 2016
#define DEGREE_YEAR 2021
#define DEGREE_STUDENTS 17
#define LEAVES_PERMILLE 30 /* before the end. Chosen */

static int ends(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_enrolment *e = &d->learning->enrolments[of[0]];

    (void)err;
    e->status = of[1] ? "left" : "completed";
    e->until = d->day;
    decade_enrolment_put(d, e);
    return 0;
}

/* A hospital abroad that is linked. */
static uint32_t home_of(const struct decade *d, struct chance *c)
{
    const struct decade_abroad *a = d->abroad;
    uint32_t start = chance_below(c, a->count);

    for (uint32_t i = 0; i < a->count; i++) {
        uint32_t one = a->first + (start + i) % a->count;

        if (d->hospitals[one].written)
            return one;
    }
    return DECADE_NONE;
}

static int student(struct decade *d, uint32_t course, struct err *err)
{
    struct chance *c = &d->abroad->students;
    const struct decade_course *at = &d->learning->courses[course];
    uint32_t home = home_of(d, c);
    struct decade_person like = {.role = ROLE_STUDENT,
        .department = DECADE_NONE,
        .hospital = home,
        .from = d->day,
        .until = DECADE_NEVER,
        .people = chance_permille(c, 500) ? NAMES_TJ : NAMES_KZ};
    struct decade_enrolment e = {.course = course,
        .teaching = at->organiser,
        .from = at->from,
        .until = at->until,
        .status = "attending",
        .by = DECADE_NONE};
    bool leaves = chance_permille(c, LEAVES_PERMILLE);
    uint32_t number = DECADE_NONE;

    if (home == DECADE_NONE)
        return 0;
    e.person = decade_person_new(d, c, &like, err);
    number = e.person == DECADE_NONE ? DECADE_NONE : decade_enrolment_new(d, &e, err);
    if (number == DECADE_NONE)
        return E_NOMEM;
    decade_enrolment_put(d, &e);
    return decade_do_later(d, leaves ? e.from + chance_between(c, 30, 150) : e.until,
        ends, (const uint32_t[4]){number, leaves}, err);
}

/* of: how many, how many at most in one department, days. */
static int september(struct decade *d, const uint32_t of[4], struct err *err)
{
    const struct decade_hospital *hub = &d->hospitals[d->abroad->hub];
    struct chance *c = &d->abroad->students;
    uint32_t course = DECADE_NONE;
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < of[0]; i++) {
        if (i % of[1] == 0) {
            struct decade_course like = {.kind = COURSE_DEGREE,
                .organiser =
                    hub->first_department + chance_below(c, hub->department_count),
                .teacher = DECADE_NONE,
                .from = d->day,
                .until = d->day + (day_number)of[2]};

            like.subject = d->departments[like.organiser].specialty;
            course = decade_course_new(d, &like, err);
            if (course == DECADE_NONE)
                return E_NOMEM;
            decade_course_put(d, course, "under-way");
        }
        r = student(d, course, err);
    }
    return r;
}

int decade_students_begin(struct decade *d, struct err *err)
{
    int r = decade_do_later(d, decade_day_of(DEGREE_YEAR, 9, 6), september,
        (const uint32_t[4]){decade_share(d, DEGREE_STUDENTS), DEGREE_STUDENTS, 1750},
        err);

    for (size_t i = 0; r == 0 && i < sizeof(for_a_year) / sizeof(for_a_year[0]); i++)
        r = decade_do_later(d, decade_day_of(FIRST_YEAR + (int)i, 9, 5), september,
            (const uint32_t[4]){decade_share(d, for_a_year[i]), 12, 300}, err);
    return r;
}
