/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who learns what. How far somebody is from mastery falls with each case as operator by a part
 * that hangs on the person and on how hard it is: what is left after n cases is (1 - 1/s)^n, with
 * s from 5 to 16 (chosen: half of the way after four to eleven cases).
 */
#include "app/decade_clinic_internal.h"

#define WHOLE 1000000u
#define LONGEST_DAYS 800 /* no posting is longer */
#define APPRENTICES 3    /* of one expert at a time */

/* ---- learners ---- */

bool clinic_is_there(const struct clinic *c, uint32_t person, uint32_t department)
{
    const struct decade_list *staff = &c->d->departments[department].staff;

    for (uint32_t i = 0; i < staff->count; i++) {
        if (staff->at[i] == person)
            return true;
    }
    return false;
}

/* Those who left are replaced. */
static void forget_leavers(struct clinic *c, struct clinic_line *line)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < line->learner_count; i++) {
        uint32_t one = line->learners[i];

        if (clinic_is_there(c, c->learners[one].person, line->department))
            line->learners[kept++] = one;
    }
    line->learner_count = kept;
}

static int learner_add(struct clinic *c, uint32_t at, uint32_t person, struct err *err)
{
    struct clinic_line *line = &c->lines[at];
    uint32_t hard = decade_techniques[line->technique].hard;
    int r = decade_room(c->d, (void **)&c->learners, c->learner_count, &c->learner_room,
        sizeof(*c->learners), err);

    if (r < 0)
        return r;
    c->learners[c->learner_count] = (struct clinic_learner){.person = person,
        .line = at,
        .distance = WHOLE,
        .slow = (uint16_t)(3 + 2 * hard + chance_below(&c->way, 8))};
    line->learners[line->learner_count++] = c->learner_count++;
    return 0;
}

int clinic_learners(struct clinic *c, uint32_t at, struct err *err)
{
    struct clinic_line *line = &c->lines[at];
    uint32_t wanted = line->volume >= 30000 ? 3 : line->volume >= 14000 ? 2 : 1;
    int r = 0;

    forget_leavers(c, line);
    for (int tries = 0; r == 0 && line->learner_count < wanted && tries < 6; tries++) {
        uint32_t person = decade_doctor_at(c->d, &c->way, line->department);
        bool there = person == DECADE_NONE;

        for (uint32_t i = 0; i < line->learner_count; i++)
            there = there || c->learners[line->learners[i]].person == person;
        if (!there)
            r = learner_add(c, at, person, err);
    }
    return r;
}

void clinic_learnt(struct clinic_learner *l)
{
    l->distance -= l->distance / l->slow;
}

/* Whole percents of the way that are left. */
uint32_t clinic_distance(const struct clinic_learner *l)
{
    return l->distance / (WHOLE / 100);
}

/* ---- apprenticeships ---- */

static void put_agreement(
    struct decade *d, struct json_out *o, const char *role, uint32_t person)
{
    json_open(o, '{');
    put_person(d, o, "party", person);
    put_text(o, "role", role);
    put_date(o, "agreedOn", d->day);
    json_close(o, '}');
}

static void write_apprenticeship(
    struct clinic *c, const struct clinic_apprenticeship *a, const char *status)
{
    struct decade *d = c->d;
    const struct decade_posting *posting = &d->postings[a->posting];
    const struct decade_department *at = &d->departments[posting->department];
    char id[DECADE_ID_MAX];
    struct json_out *o = NULL;

    decade_gap_person(d, a->apprentice);
    snprintf(id, sizeof(id), "d-la%u", a->serial);
    o = decade_open(d, "Apprenticeship", id);
    put_text(o, "status", status);
    put_person(d, o, "apprentice", a->apprentice);
    put_person(d, o, "master", posting->person);
    put_reference(o, "learningDepartment", "Organization", at->id);
    put_period(o, "period", a->from, a->until);
    json_name(o, "goal");
    json_open(o, '[');
    for (uint32_t i = 0; i < a->goal_count; i++) {
        json_open(o, '{');
        put_concept(
            o, "procedure", "procedure", decade_techniques[a->goals[i]].code, NULL);
        put_int(o, "targetLevel", 5);
        json_close(o, '}');
    }
    json_close(o, ']');
    json_name(o, "agreement");
    json_open(o, '[');
    put_agreement(d, o, "apprentice", a->apprentice);
    put_agreement(d, o, "master", posting->person);
    if (at->head != DECADE_NONE && at->head != a->apprentice)
        put_agreement(d, o, "learning-department", at->head);
    json_close(o, ']');
    decade_close(d);
}

/* It is over: the master goes. */
static int apprenticeship_over(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct clinic *c = clinic_of(d);

    (void)err;
    write_apprenticeship(c, &c->apprenticeships[of[0]], "completed");
    return 0;
}

/* What else ${person} learns at the department, up to as many as an apprenticeship names. */
static void choose_goals(
    struct clinic *c, struct clinic_apprenticeship *a, const struct clinic_line *line)
{
    const uint32_t most = sizeof(a->goals) / sizeof(a->goals[0]);

    a->goals[a->goal_count++] = line->technique;
    for (uint32_t i = 0; i < c->learner_count && a->goal_count < most; i++) {
        const struct clinic_line *other = &c->lines[c->learners[i].line];

        if (c->learners[i].person == a->apprentice && other != line &&
            other->department == line->department && other->since <= c->d->day)
            a->goals[a->goal_count++] = other->technique;
    }
}

bool clinic_aims_at(const struct clinic_apprenticeship *a, uint16_t technique)
{
    for (uint32_t i = 0; i < a->goal_count; i++) {
        if (a->goals[i] == technique)
            return true;
    }
    return false;
}

int clinic_apprenticed(struct clinic *c, const struct clinic_learner *l,
    uint32_t posting, uint32_t *ret, struct err *err)
{
    struct clinic_line *line = &c->lines[l->line];
    struct clinic_apprenticeship *a = NULL;
    struct decade *d = c->d;
    uint32_t taught = 0;
    int r = 0;

    *ret = 0;
    for (uint32_t i = c->apprenticeship_count; i > 0; i--) {
        a = &c->apprenticeships[i - 1];
        if (a->from + LONGEST_DAYS < d->day)
            break;
        if (a->posting != posting || a->until < d->day)
            continue;
        taught++;
        if (a->apprentice != l->person)
            continue;
        if (!clinic_aims_at(a, line->technique)) {
            if (a->goal_count == sizeof(a->goals) / sizeof(a->goals[0]))
                continue;
            a->goals[a->goal_count++] = line->technique;
            write_apprenticeship(c, a, "active");
        }
        *ret = a->serial;
        return 0;
    }
    if (taught >= APPRENTICES || d->postings[posting].until - d->day < 30)
        return 0;
    r = decade_room(d, (void **)&c->apprenticeships, c->apprenticeship_count,
        &c->apprenticeship_room, sizeof(*c->apprenticeships), err);
    if (r < 0)
        return r;
    a = &c->apprenticeships[c->apprenticeship_count];
    *a = (struct clinic_apprenticeship){.apprentice = l->person,
        .posting = posting,
        .serial = c->apprenticeship_count + 1,
        .from = d->day,
        .until = d->postings[posting].until};
    d->people[l->person].apprenticed = true;
    choose_goals(c, a, line);
    write_apprenticeship(c, a, "active");
    *ret = a->serial;
    return decade_do_later(d, a->until, apprenticeship_over,
        (const uint32_t[4]){c->apprenticeship_count++}, err);
}
