/* SPDX-License-Identifier: Apache-2.0 */
/* Courses and enrolments as records, in the form in which their operations write them. */
#include <stdio.h>

#include "base/limits.h"

#include "app/decade_learning_internal.h"
#include "app/learn_after.h"

#define AGREED_DAYS 14 /* before it begins */

static const char *const kinds[] = {"bedside-teaching", "workshop", "online",
    "placement", "degree", "degree", "degree"};
static const char *const titles[] = {"Teaching at the bedside", "Workshop",
    "Lessons from afar", "Placement", "Studies for a degree",
    "Studies for a master's degree", "Studies for a doctorate"};

static const char *course_id(uint32_t course, char out[PERSON_ID_MAX])
{
    snprintf(out, PERSON_ID_MAX, "d-e%u", course + 1);
    return out;
}

static void put_aim(struct json_out *o, const struct decade_course *c)
{
    char text[DECADE_NAME_MAX];

    snprintf(text, sizeof(text), "Does what was taught in %s without help",
        decade_specialties[c->subject].name);
    json_name(o, "aim");
    json_open(o, '[');
    json_open(o, '{');
    put_int(o, "number", 1);
    put_text(o, "text", text);
    json_close(o, '}');
    json_close(o, ']');
}

/* Both sides have agreed before somebody goes. */
static void put_agreement(
    struct decade *d, struct json_out *o, const struct decade_enrolment *e)
{
    uint32_t department = d->people[e->person].department;
    uint32_t head =
        department == DECADE_NONE ? DECADE_NONE : d->departments[department].head;

    json_name(o, "accepted");
    json_open(o, '{');
    put_person(d, o, "by", head == DECADE_NONE ? e->person : head);
    put_date(o, "on", e->from - AGREED_DAYS);
    json_close(o, '}');
}

/* Whether it is used, as the person who was away said after 3, 6 and 12 months. */
static void put_answers(
    struct decade *d, struct json_out *o, const struct decade_enrolment *e)
{
    static const int months[DECADE_ANSWERS] = {3, 6, 12};

    json_name(o, "used");
    json_open(o, '[');
    for (int i = 0; i < DECADE_ANSWERS; i++) {
        if (e->answered[i] == 0)
            continue;
        json_open(o, '{');
        put_int(o, "aim", 1);
        put_int(o, "month", months[i]);
        put_bool(o, "used", e->used[i]);
        put_person(d, o, "by", e->person);
        put_text(o, "as", "person");
        put_date(o, "on", e->answered[i]);
        json_close(o, '}');
    }
    json_close(o, ']');
}

void decade_course_put(struct decade *d, uint32_t course, const char *status)
{
    const struct decade_course *c = &d->learning->courses[course];
    char title[DECADE_NAME_MAX];
    char id[PERSON_ID_MAX];
    struct json_out *o = decade_open(d, "Course", course_id(course, id));

    snprintf(title, sizeof(title), "%s: %s", titles[c->kind],
        decade_specialties[c->subject].name);
    put_text(o, "status", status);
    put_text(o, "kind", kinds[c->kind]);
    put_text(o, "title", title);
    json_name(o, "organiser");
    json_open(o, '[');
    put_reference_value(o, "Organization", d->departments[c->organiser].id);
    json_close(o, ']');
    put_period(o, "period", c->from, c->until);
    put_aim(o, c);
    if (c->teacher != DECADE_NONE) {
        char who[PERSON_ID_MAX];

        json_name(o, "teacher");
        json_open(o, '[');
        put_reference_value(o, "Practitioner", person_id(d, c->teacher, who));
        json_close(o, ']');
    }
    decade_close(d);
}

/* The enrolment from ${from} on of today's lines is left as the node's look of this evening leaves it. */
static int look_at(struct decade *d, size_t from, struct err *err)
{
    struct str text = {d->lines.data + from, d->lines.len - from};
    const struct json *enrolment = NULL;
    struct json_out o;
    struct buf b;
    int r = buf_error(&d->lines, "A day of the decade", err);

    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    if (r == 0)
        r = json_read_trusted(d->scratch, text, &enrolment, err);
    if (r == 0)
        r = learn_after_put(&o, d->app, enrolment, decade_evening(d->day), err);
    if (r == 0)
        r = buf_error(&b, "An enrolment of the decade", err);
    if (r == 0) {
        d->lines.len = from;
        buf_add(&d->lines, b.data, b.len);
        buf_addc(&d->lines, '\n');
    }
    buf_done(&b);
    arena_reset(d->scratch);
    return r;
}

int decade_enrolment_look(
    struct decade *d, const struct decade_enrolment *e, struct err *err)
{
    size_t from = d->lines.len;

    decade_enrolment_put(d, e);
    return look_at(d, from, err);
}

void decade_enrolment_put(struct decade *d, const struct decade_enrolment *e)
{
    const struct decade_course *c = &d->learning->courses[e->course];
    char course[PERSON_ID_MAX];
    char id[2 * PERSON_ID_MAX];
    struct json_out *o = NULL;

    course_id(e->course, course);
    snprintf(id, sizeof(id), "d-n%u-%u", e->course + 1, d->people[e->person].number);
    o = decade_open(d, "Enrolment", id);
    put_text(o, "status", e->status);
    put_reference(o, "course", "Course", course);
    put_person(d, o, "person", e->person);
    put_reference(o, "learningDepartment", "Organization",
        d->people[e->person].department != DECADE_NONE
            ? d->departments[d->people[e->person].department].id
            : d->hospitals[d->people[e->person].hospital].id);
    put_reference(
        o, "teachingDepartment", "Organization", d->departments[e->teaching].id);
    put_period(o, "period", e->from, e->until);
    if (c->kind == COURSE_PLACEMENT)
        put_agreement(d, o, e);
    put_aim(o, c);
    if (e->by != DECADE_NONE) {
        json_name(o, "result");
        json_open(o, '{');
        put_bool(o, "passed", e->passed);
        put_person(d, o, "by", e->by);
        put_date(o, "on", e->until);
        json_close(o, '}');
    }
    if (e->answers)
        put_answers(d, o, e);
    decade_close(d);
}

uint32_t decade_course_new(
    struct decade *d, const struct decade_course *like, struct err *err)
{
    struct decade_learning *l = d->learning;

    if (decade_room(d, (void **)&l->courses, l->course_count, &l->course_room,
            sizeof(*l->courses), err) < 0)
        return DECADE_NONE;
    l->courses[l->course_count] = *like;
    return l->course_count++;
}

uint32_t decade_enrolment_new(
    struct decade *d, const struct decade_enrolment *like, struct err *err)
{
    struct decade_learning *l = d->learning;

    if (decade_room(d, (void **)&l->enrolments, l->enrolment_count, &l->enrolment_room,
            sizeof(*l->enrolments), err) < 0)
        return DECADE_NONE;
    l->enrolments[l->enrolment_count] = *like;
    return l->enrolment_count++;
}
