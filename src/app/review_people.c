/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may review a case: an expert or a head of department who is of none of its departments,
 * is not named in it, and holds no clinical post at the patient's hospital, where the case
 * could be opened by its number. What they are shown crosses no border without a consent.
 */
#include <stdlib.h>
#include <string.h>

#include "app/person.h"
#include "app/review_internal.h"
#include "view/reader.h"

#define UNITS_OF_ONE 16

/* ---- both sides ---- */

/* The units of all posts of ${who}, into ${ret}. */
static int units_of(const struct seek *s, struct reader *reader, struct str who,
    struct review_strings *ret, struct err *err)
{
    struct str units[UNITS_OF_ONE];
    size_t count = 0;
    int r = 0;

    if (!who.p || !str_starts(who, "Practitioner/"))
        return 0;
    r = reader_units_of(reader, who, units, UNITS_OF_ONE, &count, err);
    if (count > UNITS_OF_ONE)
        count = UNITS_OF_ONE;
    for (size_t i = 0; r == 0 && i < count; i++)
        r = review_strings_add(s->a, ret, units[i], err);
    return r;
}

/* The hospital that answered: of the department asked that who answered works in, else of
 * the one that was asked last. */
static int answering(const struct seek *s, struct reader *reader,
    const struct review_case *c, struct str *ret, struct err *err)
{
    struct str assessor = json_get_text(json_get(c->opinion, "assessor"), "reference");
    struct review_strings units = {NULL, 0, 0};
    struct str unit = {NULL, 0};
    int r = units_of(s, reader, assessor, &units, err);

    for (size_t i = 0; i < c->read.asked_count; i++) {
        if (!unit.p || review_strings_have(&units, c->read.asked[i]) ||
            !review_strings_have(&units, unit))
            unit = c->read.asked[i];
    }
    *ret = unit;
    return r == 0 && unit.p ? review_hospital(s, unit, ret, err) : r;
}

static int fill_sides(const struct seek *s, struct reader *reader,
    const struct review_case *c, struct review_sides *ret, struct err *err)
{
    struct review_strings units = {NULL, 0, 0};
    struct str asking = c->read.asking;
    int r = answering(s, reader, c, &ret->asked, err);

    if (!asking.p)
        asking =
            json_get_text(json_get(c->patient, "managingOrganization"), "reference");
    if (r == 0 && asking.p)
        r = review_hospital(s, asking, &ret->asking, err);
    for (size_t i = 0; r == 0 && i < c->read.asked_count; i++)
        r = review_strings_add(s->a, &ret->asked_units, c->read.asked[i], err);
    if (r == 0)
        r = units_of(s, reader, c->read.requester, &units, err);
    for (size_t i = 0; r == 0 && i < units.count; i++) {
        struct str hospital = {NULL, 0};

        r = review_hospital(s, units.list[i], &hospital, err);
        if (r == 0 && ret->asking.p && str_eq(hospital, ret->asking))
            r = review_strings_add(s->a, &ret->asking_units, units.list[i], err);
    }
    return r;
}

int review_sides(const struct seek *s, const struct review_case *c,
    struct review_sides *ret, struct err *err)
{
    struct reader_who nobody = {
        .bases = app_bases(s->a, s->app, s->app->base[APP_FHIR]), .now = time_now()};
    struct review_sides sides = {.asking = {NULL, 0}};
    struct reader *reader = NULL;
    int r = reader_new(s->snapshot, s->a, &nobody, &reader, err);

    if (r == 0)
        r = fill_sides(s, reader, c, &sides, err);
    reader_free(reader);
    if (r == 0)
        *ret = sides;
    return r;
}

/* ---- one person ---- */

static bool reviews(struct str role)
{
    return str_is(role, "expert") || str_is(role, "head-of-department");
}

static bool is_of(const struct review_strings *units, const struct app_post *post)
{
    return (post->department.p && review_strings_have(units, post->department)) ||
           (post->organization.p && review_strings_have(units, post->organization));
}

static bool is_at(const struct review_sides *sides, struct str hospital)
{
    return hospital.p && ((sides->asking.p && str_eq(hospital, sides->asking)) ||
                             str_eq(hospital, sides->asked));
}

/* Do ${posts}, all that somebody holds now, let them review? */
static bool may_review(
    const struct person_posts *posts, const struct review_sides *sides)
{
    bool holds = false;

    for (size_t i = 0; i < posts->count; i++) {
        const struct app_post *post = &posts->list[i];

        if (is_of(&sides->asking_units, post) || is_of(&sides->asked_units, post))
            return false;
        if (str_is(post->role, "quality-officer") && is_at(sides, post->organization))
            return false; /* is told what comes of it, and of which week and hospital */
        if (person_clinical(post->role) && sides->asking.p && post->organization.p &&
            str_eq(post->organization, sides->asking))
            return false;
        holds |= reviews(post->role);
    }
    return holds;
}

/* May what is known of ${patient} go where ${post} is? */
static int may_go(const struct seek *s, struct reader *reader, struct str patient,
    const struct app_post *post, bool *ret, struct err *err)
{
    struct str unit = post->department.p ? post->department : post->organization;
    const struct fhir_type *type = fhir_resource_named(STR("ServiceRequest"));
    const struct json *request = NULL;
    const char *text = NULL;
    store_rid to = 0;
    int r = 0;

    *ret = false;
    if (!unit.p)
        return 0;
    text = arena_printf(s->a,
        "{\"resourceType\":\"ServiceRequest\",\"status\":\"active\",\"intent\":"
        "\"order\",\"subject\":{\"reference\":\"%.*s\"},\"performer\":[{"
        "\"reference\":\"%.*s\"}]}",
        (int)patient.len, patient.p, (int)unit.len, unit.p);
    r = text ? json_read_trusted(s->a, str_of(text), &request, err) : err_nomem(err);
    if (r == 0)
        r = reader_crosses(reader, type->number, request, &to, err);
    *ret = r == 0 && to == 0;
    return r;
}

struct choosing {
    const struct seek *s;
    struct reader *reader;
    struct str patient;
    const struct review_sides *sides;
    const struct review_strings *named;
    utc_ms now;
};

/* Add ${who}, if they may review. */
static int choose(const struct choosing *c, struct str who, struct review_strings *ret,
    struct err *err)
{
    struct person_posts posts = {0};
    bool may = false;
    int r = 0;

    if (!who.p || review_strings_have(c->named, who))
        return 0;
    r = person_posts_in(
        &(struct person_ask){c->s->app->persons, c->s->snapshot, c->s->a, c->now}, who,
        &posts, err);
    may = r == 0 && may_review(&posts, c->sides);
    for (size_t i = 0; r == 0 && may && i < posts.count; i++) {
        if (reviews(posts.list[i].role))
            r = may_go(c->s, c->reader, c->patient, &posts.list[i], &may, err);
    }
    return r == 0 && may ? review_strings_add(c->s->a, ret, who, err) : r;
}

static int by_reference(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static int choose_all(
    const struct choosing *c, struct review_strings *ret, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("role"), STR(PERSON_ROLE_SYSTEM "|expert," PERSON_ROLE_SYSTEM
                                             "|head-of-department")},
        {STR("active"), STR("true")},
        {STR("_count"), STR("500")},
        {STR("_total"), STR("none")},
    };
    struct seek_list posts = {NULL, 0};
    int r = seek_all(c->s,
        &(struct seek_for){"PractitionerRole", pairs, sizeof(pairs) / sizeof(pairs[0]),
            LIMIT_REVIEW_PEOPLE},
        &posts, err);

    for (size_t i = 0; r == 0 && i < posts.count; i++) {
        const struct json *post = NULL;

        r = seek_rid(c->s, posts.rids[i], NULL, &post, err);
        if (r == 0)
            r = choose(c, json_get_text(json_get(post, "practitioner"), "reference"),
                ret, err);
    }
    return r;
}

int review_people(const struct seek *s, const struct review_case *c,
    const struct review_sides *sides, utc_ms now, struct review_strings *ret,
    struct err *err)
{
    struct reader_who nobody = {
        .bases = app_bases(s->a, s->app, s->app->base[APP_FHIR]), .now = now};
    struct review_strings named = {NULL, 0, 0};
    struct review_strings people = {NULL, 0, 0};
    struct choosing choosing = {.s = s,
        .patient = json_get_text(json_get(c->request, "subject"), "reference"),
        .sides = sides,
        .named = &named,
        .now = now};
    int r = review_case_people(s, c, &named, err);

    if (r == 0)
        r = reader_new(s->snapshot, s->a, &nobody, &choosing.reader, err);
    if (r == 0)
        r = choose_all(&choosing, &people, err);
    reader_free(choosing.reader);
    if (r < 0)
        return r;
    if (people.count > 1)
        qsort(people.list, people.count, sizeof(*people.list), by_reference);
    *ret = people;
    return 0;
}
