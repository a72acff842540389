/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Those who work in the assisted hospitals: doctors, nurses, technicians, heads of department,
 * directors and coordinators. Each month some leave and others are taken on, and the hospitals
 * grow. Who is there when the programme begins has been there for some years.
 */
#include <stdio.h>
#include <string.h>

#include "app/decade_internal.h"

/* Chosen. */
#define LEAVES_MILLIONTHS 3800 /* of staff in a month: 4.5 % a year */
#define GROWTH_PERMILLE 26     /* posts more a year, of those of 2015 */
#define COUNTY_STAFF 64        /* at a county hospital in 2021 */
#define DOCTORS_PERMILLE 450
#define NURSES_PERMILLE 450
#define TIBETAN_PERMILLE 850
#define WOMEN_PERMILLE 480

struct decade_staffing {
    struct chance chance;
};

/* ---- records ---- */

void decade_person_write(struct decade *d, uint32_t person)
{
    const struct decade_person *p = &d->people[person];
    char id[PERSON_ID_MAX];
    char name[DECADE_NAME_MAX];
    char also[DECADE_NAME_MAX];
    struct json_out *o = decade_open(d, "Practitioner", person_id(d, person, id));

    decade_name_write(p, name, also);
    put_bool(o, "active", true);
    put_names(o, name, also);
    put_text(o, "gender", p->female ? "female" : "male");
    decade_qualifications_put(d, o, person);
    decade_close(d);
}

static const char *role_code(enum decade_role role)
{
    switch (role) {
    case ROLE_DOCTOR:
        return "clinician";
    case ROLE_NURSE:
        return "nurse";
    case ROLE_TECHNICIAN:
        return "technician";
    case ROLE_EXPERT:
        return "expert";
    case ROLE_STUDENT:
        return "apprentice";
    case ROLE_DIRECTOR:
        return "director";
    case ROLE_COORDINATOR:
        return "coordinator";
    case ROLE_QUALITY:
        return "quality-officer";
    }
    return "clinician";
}

static bool heads(const struct decade *d, uint32_t person)
{
    const struct decade_person *p = &d->people[person];

    return p->department != DECADE_NONE && d->departments[p->department].head == person;
}

/* The post of ${person}, as it is now. */
static void post_write(struct decade *d, uint32_t person)
{
    const struct decade_person *p = &d->people[person];
    const char *title =
        p->role == ROLE_DOCTOR ? decade_specialties[p->specialty].doctor : NULL;
    char id[PERSON_ID_MAX];
    struct json_out *o = NULL;

    decade_gap_person(d, person);
    snprintf(id, sizeof(id), "d-r%u", p->number);
    o = decade_open(d, "PractitionerRole", id);
    put_bool(o, "active", true);
    put_period(o, "period", p->from, p->until);
    put_person(d, o, "practitioner", person);
    put_reference(o, "organization", "Organization",
        p->department == DECADE_NONE ? d->hospitals[p->hospital].id
                                     : d->departments[p->department].id);
    json_name(o, "code");
    json_open(o, '[');
    put_concept_value(o, "role", role_code(p->role), title);
    if (heads(d, person))
        put_concept_value(o, "role", "head-of-department", NULL);
    json_close(o, ']');
    json_name(o, "location");
    json_open(o, '[');
    put_reference_value(o, "Location", d->hospitals[p->hospital].id);
    json_close(o, ']');
    decade_close(d);
}

uint32_t decade_person_new(struct decade *d, struct chance *c,
    const struct decade_person *like, struct err *err)
{
    struct decade_person *p = NULL;

    if (decade_room(d, (void **)&d->people, d->person_count, &d->person_room,
            sizeof(*d->people), err) < 0)
        return DECADE_NONE;
    p = &d->people[d->person_count];
    *p = *like;
    p->number = d->person_count + 1;
    p->female = chance_permille(c, WOMEN_PERMILLE);
    decade_name_pick(c, p->people, p->name);
    decade_person_write(d, d->person_count);
    return d->person_count++;
}

/* ---- coming and going ---- */

static void head_choose(struct decade *d, uint32_t department)
{
    struct decade_department *one = &d->departments[department];

    one->head = DECADE_NONE;
    for (uint32_t i = 0; i < one->staff.count && one->head == DECADE_NONE; i++) {
        if (d->people[one->staff.at[i]].role == ROLE_DOCTOR)
            one->head = one->staff.at[i];
    }
}

static int hire(struct decade *d, struct chance *c, uint32_t department,
    day_number since, struct err *err)
{
    struct decade_department *one = &d->departments[department];
    bool first = one->staff.count == 0;
    uint32_t kind = chance_below(c, 1000);
    struct decade_person like = {.department = department,
        .hospital = one->hospital,
        .specialty = one->specialty,
        .from = since,
        .until = DECADE_NEVER,
        .people = chance_permille(c, TIBETAN_PERMILLE) ? NAMES_BO : NAMES_CN};
    uint32_t person = DECADE_NONE;
    int r = 0;

    like.role = first || kind < DOCTORS_PERMILLE            ? ROLE_DOCTOR
                : kind < DOCTORS_PERMILLE + NURSES_PERMILLE ? ROLE_NURSE
                                                            : ROLE_TECHNICIAN;
    person = decade_person_new(d, c, &like, err);
    if (person == DECADE_NONE)
        return E_NOMEM;
    r = decade_list_add(d, &one->staff, person, err);
    if (one->head == DECADE_NONE && like.role == ROLE_DOCTOR)
        one->head = person;
    post_write(d, person);
    return r;
}

static void leave(struct decade *d, uint32_t person)
{
    struct decade_person *p = &d->people[person];
    struct decade_department *one = &d->departments[p->department];
    bool was_head = one->head == person;

    p->until = d->day;
    decade_list_remove(&one->staff, person);
    if (was_head)
        head_choose(d, p->department);
    post_write(d, person);
    if (was_head && one->head != DECADE_NONE)
        post_write(d, one->head);
}

/* Posts of a department today. */
static uint32_t posts_of(const struct decade *d, uint32_t department)
{
    const struct decade_department *one = &d->departments[department];
    const struct decade_hospital *h = &d->hospitals[one->hospital];
    bool county = h->tier == TIER_COUNTY;
    uint32_t staff = county ? COUNTY_STAFF : decade_hosts[one->hospital].staff;
    uint32_t share =
        county ? 1000 / h->department_count : decade_specialties[one->specialty].share;
    uint32_t years =
        (uint32_t)(d->day - decade_day_of(county ? 2021 : 2015, 1, 1)) / 365;

    return decade_share(d, staff * share * (1000 + GROWTH_PERMILLE * years) / 1000000);
}

/* Who is there when the department comes into the programme has been there for years. */
static day_number since_when(const struct decade *d, struct chance *c, bool beginning)
{
    return beginning ? d->day - chance_between(c, 30, 5400) : d->day;
}

static int department_month(
    struct decade *d, struct chance *c, uint32_t department, struct err *err)
{
    struct decade_department *one = &d->departments[department];
    bool beginning = one->staff.count == 0;
    uint32_t posts = posts_of(d, department);
    int r = 0;

    for (uint32_t i = one->staff.count; i-- > 0;) {
        if (chance_millionth(c, LEAVES_MILLIONTHS))
            leave(d, one->staff.at[i]);
    }
    while (r == 0 && one->staff.count < posts)
        r = hire(d, c, department, since_when(d, c, beginning), err);
    return r;
}

static int office(struct decade *d, struct chance *c, uint32_t hospital,
    enum decade_role role, struct err *err)
{
    struct decade_person like = {.department = DECADE_NONE,
        .hospital = hospital,
        .role = role,
        .from = since_when(d, c, true),
        .until = DECADE_NEVER,
        .people = chance_permille(c, TIBETAN_PERMILLE) ? NAMES_BO : NAMES_CN};
    uint32_t person = decade_person_new(d, c, &like, err);

    if (person == DECADE_NONE)
        return E_NOMEM;
    if (role == ROLE_DIRECTOR)
        d->hospitals[hospital].director = person;
    else if (role == ROLE_QUALITY)
        d->hospitals[hospital].quality = person;
    else
        d->hospitals[hospital].coordinator = person;
    post_write(d, person);
    return 0;
}

static int hospital_month(
    struct decade *d, struct chance *c, uint32_t hospital, struct err *err)
{
    const struct decade_hospital *h = &d->hospitals[hospital];
    int r = 0;

    if (h->director == DECADE_NONE)
        r = office(d, c, hospital, ROLE_DIRECTOR, err);
    if (r == 0 && h->coordinator == DECADE_NONE)
        r = office(d, c, hospital, ROLE_COORDINATOR, err);
    if (r == 0 && h->quality == DECADE_NONE)
        r = office(d, c, hospital, ROLE_QUALITY, err);
    for (uint32_t i = 0; r == 0 && i < h->department_count; i++) {
        if (d->departments[h->first_department + i].written)
            r = department_month(d, c, h->first_department + i, err);
    }
    return r;
}

/* On the second of a month, when what joined on the first is written. */
static int month_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_staffing *staffing = d->staffing;
    int r = 0;

    (void)of;
    for (uint32_t i = 0; r == 0 && i < d->hospital_count; i++) {
        const struct decade_hospital *h = &d->hospitals[i];

        if (h->written && (h->tier == TIER_ASSISTED || h->tier == TIER_COUNTY))
            r = hospital_month(d, &staffing->chance, i, err);
    }
    return r;
}

static int month(struct decade *d, void *keep, struct err *err)
{
    d->staffing = keep;
    return decade_do_later(d, d->day + 1, month_due, (const uint32_t[4]){0}, err);
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    struct decade_staffing *staffing = arena_alloc(d->arena, sizeof(*staffing));

    if (!staffing)
        return err_nomem(err);
    staffing->chance = chance_from(d->options.seed, "people");
    *keep = staffing;
    return 0;
}

/* ---- for other parts ---- */

uint32_t decade_doctor_at(struct decade *d, struct chance *c, uint32_t department)
{
    const struct decade_list *staff = &d->departments[department].staff;
    uint32_t start = staff->count ? chance_below(c, staff->count) : 0;

    for (uint32_t i = 0; i < staff->count; i++) {
        uint32_t one = staff->at[(start + i) % staff->count];

        if (d->people[one].role == ROLE_DOCTOR)
            return one;
    }
    return DECADE_NONE;
}

uint32_t decade_expert_at(struct decade *d, struct chance *c, uint32_t department)
{
    const struct decade_list *experts = &d->departments[department].experts;
    uint32_t start = experts->count ? chance_below(c, experts->count) : 0;

    for (uint32_t i = 0; i < experts->count; i++) {
        uint32_t one = experts->at[(start + i) % experts->count];
        const struct decade_posting *p = &d->postings[one];

        if (d->day < p->leave_from || d->day > p->leave_until)
            return one;
    }
    return DECADE_NONE;
}

const struct decade_part decade_people = {"people", begin, month, NULL, NULL};
