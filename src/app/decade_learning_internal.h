/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Courses of the decade, and who takes part in them.
 *
 *   decade_courses.c       teaching on the spot: at the bedside, workshops, from afar
 *   decade_placements.c    placements at the twin hospital, degrees
 *   decade_learning_put.c  the records
 */
#ifndef APP_DECADE_LEARNING_INTERNAL_H
#define APP_DECADE_LEARNING_INTERNAL_H

#include "app/decade_internal.h"

enum decade_course_kind {
    COURSE_BEDSIDE,
    COURSE_WORKSHOP,
    COURSE_ONLINE,
    COURSE_PLACEMENT,
    COURSE_DEGREE, /* of students from abroad */
    COURSE_MASTER,
    COURSE_DOCTORATE
};

struct decade_course {
    enum decade_course_kind kind;
    uint32_t organiser; /* department */
    uint32_t subject;   /* specialty */
    uint32_t teacher;   /* person; DECADE_NONE */
    day_number from, until;
};

#define DECADE_ANSWERS 3

struct decade_enrolment {
    uint32_t course;
    uint32_t person;
    uint32_t teaching; /* department */
    day_number from, until;
    const char *status;
    bool newcomer; /* passes a first course, if this one is passed */
    bool passed;
    uint32_t by; /* who says what came of it; DECADE_NONE: nobody yet */
    /* Of a placement: is it used after 3, 6 and 12 months? Said on a day, or on none (0). */
    day_number answered[DECADE_ANSWERS];
    bool used[DECADE_ANSWERS];
    bool answers; /* there is one */
};

struct decade_learning {
    struct chance chance;
    struct chance placements;
    struct chance degrees;
    struct chance answers; /* of who was away: is it used? */
    struct decade_course *courses;
    uint32_t course_count, course_room;
    struct decade_enrolment *enrolments; /* those that change later */
    uint32_t enrolment_count, enrolment_room;
    uint32_t
        newcomers; /* who may still pass a first course until the end of this month */
    uint32_t sent; /* the same of first placements */
};

/* How many people pass their first course, and begin their first placement, in a year. */
extern const uint16_t decade_newcomers[DECADE_BATCHES];
extern const uint16_t decade_first_placements[DECADE_BATCHES];

/* ---- decade_learning_put.c ---- */

void decade_course_put(struct decade *d, uint32_t course, const char *status);
void decade_enrolment_put(struct decade *d, const struct decade_enrolment *e);
/* The same of one whose person is back, with what the node's look of this evening says of it (learn_after.h). */
int decade_enrolment_look(
    struct decade *d, const struct decade_enrolment *e, struct err *err);

/* One more course; DECADE_NONE: no memory. */
uint32_t decade_course_new(
    struct decade *d, const struct decade_course *like, struct err *err);
/* One more enrolment that will change. */
uint32_t decade_enrolment_new(
    struct decade *d, const struct decade_enrolment *like, struct err *err);

/* ---- decade_placements.c ---- */

int decade_placements_month(struct decade *d, struct err *err);

#endif
