/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Standing in. In a small hospital the head of the department is the person themselves, or
 * their only master, or there is no quality officer. Where nobody of the hospital can give
 * that signature, the head of the twin department, or the quality officer of the twin hospital
 * or of no hospital, may: never somebody who has to sign as something else.
 */
#include "app/person.h"
#include "app/review_internal.h"
#include "app/sign_off_internal.h"
#include "fhir/put.h"
#include "fhir/value.h"
#include "view/reader_pair.h"

#define MOST 200 /* holders of an office; pairings of a unit */

static const char *const offices[SIGN_ROLES] = {
    NULL, "head-of-department", "quality-officer"};

/* The other end of a live pairing. */
struct twin {
    struct str end, hospital;
    bool of_department; /* our end is the department itself */
};

struct standing {
    struct signing *g;
    const struct sign_off *s;
    struct sign_off_aims aims; /* of the person, also ended ones for a renewal */
    struct twin *twins;
    size_t twin_count, twin_cap;
    struct sign_off_stand *ret;
};

/* ---- who cannot ---- */

static bool is_free(const struct standing *t, struct str who)
{
    for (int i = 0; i < SIGN_ROLES; i++) {
        if (t->s->signers[i].p && str_eq(t->s->signers[i], who))
            return false;
    }
    return !str_eq(who, t->s->person);
}

/* Is ${who} the only one who can still sign as master? */
static bool is_last_master(const struct standing *t, struct str who)
{
    bool found = false;

    if (t->s->signers[SIGN_MASTER].p)
        return false;
    for (size_t i = 0; i < t->aims.count; i++) {
        const struct sign_off_aim *aim = &t->aims.list[i];

        if (!aim->master.p || !str_eq(aim->code, t->s->code) ||
            !is_free(t, aim->master))
            continue;
        if (!str_eq(aim->master, who))
            return false;
        found = true;
    }
    return found;
}

/* The same of the head, by the holders who are known. */
static bool is_last_head(const struct standing *t, struct str who)
{
    const struct sign_off_stand *heads = &t->ret[SIGN_HEAD];
    bool found = false;

    for (size_t i = 0; !t->s->signers[SIGN_HEAD].p && i < heads->holder_count; i++) {
        if (heads->holders[i].why)
            continue;
        if (!str_eq(heads->holders[i].who, who))
            return false;
        found = true;
    }
    return found;
}

/* Why ${who} cannot sign as ${role}; NULL: they can. */
static const char *held_by(
    const struct standing *t, enum sign_off_role role, struct str who)
{
    if (str_eq(who, t->s->person))
        return "is-the-person";
    if (t->s->status != SIGN_PROPOSED)
        return NULL;
    if (!is_free(t, who))
        return "has-signed";
    if (is_last_master(t, who))
        return "is-the-master";
    return role == SIGN_QUALITY && is_last_head(t, who) ? "is-the-head" : NULL;
}

/* ---- the own hospital ---- */

static bool holds(const struct app_post *post, enum sign_off_role role, struct str unit)
{
    struct str at = role == SIGN_QUALITY || !post->department.p ? post->organization
                                                                : post->department;

    return str_is(post->role, offices[role]) && at.p && str_eq(at, unit);
}

static bool is_listed(const struct sign_off_stand *stand, struct str who)
{
    for (size_t i = 0; i < stand->holder_count; i++) {
        if (str_eq(stand->holders[i].who, who))
            return true;
    }
    return false;
}

static int add_holder(
    struct standing *t, enum sign_off_role role, store_rid rid, struct err *err)
{
    struct sign_off_stand *stand = &t->ret[role];
    const struct seek *seek = &t->g->seek;
    struct person_posts posts = {0};
    const struct json *post = NULL;
    struct str who = {NULL, 0};
    bool there = false;
    int r = seek_rid(seek, rid, NULL, &post, err);

    if (r == 0)
        who = sign_off_named(seek,
            json_get_text(json_get(post, "practitioner"), "reference"), "Practitioner");
    if (r < 0 || !who.p || is_listed(stand, who))
        return r;
    r = person_posts_in(
        &(struct person_ask){seek->app->persons, seek->snapshot, seek->a, t->g->now},
        who, &posts, err);
    for (size_t i = 0; i < posts.count; i++)
        there = there || holds(&posts.list[i], role, stand->unit);
    if (r == 0 && there)
        stand->holders[stand->holder_count++] =
            (struct sign_off_holder){who, held_by(t, role, who)};
    return r;
}

/* Everybody who holds that office now, and why they cannot sign as such. */
static int find_holders(struct standing *t, enum sign_off_role role, struct err *err)
{
    struct sign_off_stand *stand = &t->ret[role];
    const char *token =
        arena_printf(t->g->seek.a, PERSON_ROLE_SYSTEM "|%s", offices[role]);
    const struct search_pair pairs[] = {{STR("role"), str_of(token)},
        {STR("organization:below"), stand->unit}, {STR("_count"), STR("200")},
        {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r =
        token ? seek_all(&t->g->seek,
                    &(struct seek_for){"PractitionerRole", pairs, 4, MOST}, &found, err)
              : err_nomem(err);

    if (r == 0)
        stand->holders =
            arena_array(t->g->seek.a, found.count + 1, sizeof(*stand->holders));
    if (r == 0 && !stand->holders)
        r = err_nomem(err);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = add_holder(t, role, found.rids[i], err);
    return r;
}

/* Can nobody of the hospital give this signature? */
static bool is_open(const struct standing *t, enum sign_off_role role)
{
    const struct sign_off_stand *stand = &t->ret[role];

    if (t->s->status == SIGN_PROPOSED && t->s->signers[role].p)
        return false;
    for (size_t i = 0; i < stand->holder_count; i++) {
        if (!stand->holders[i].why)
            return false;
    }
    return true;
}

/* ---- twins ---- */

bool sign_off_is_live(const struct json *affiliation, utc_ms now)
{
    utc_ms from = 0;
    utc_ms until = 0;

    return affiliation && json_kind(json_get(affiliation, "active")) != JSON_FALSE &&
           reader_is_pairing(affiliation) &&
           fhir_period_range(json_get(affiliation, "period"), &from, &until) &&
           now >= from && now < until;
}

static int add_twin(struct standing *t, struct twin twin, struct err *err)
{
    int r = review_hospital(&t->g->seek, twin.end, &twin.hospital, err);

    if (r < 0 || str_eq(twin.hospital, t->s->hospital))
        return r;
    if (t->twin_count == t->twin_cap) {
        size_t more = t->twin_cap ? t->twin_cap * 2 : 8;
        struct twin *grown = arena_grow(t->g->seek.a, t->twins,
            t->twin_cap * sizeof(*grown), more * sizeof(*grown));

        if (!grown)
            return err_nomem(err);
        t->twins = grown;
        t->twin_cap = more;
    }
    t->twins[t->twin_count++] = twin;
    return 0;
}

/* What ${unit} is paired with, from either end. */
static int find_twins(struct standing *t, struct str unit, struct err *err)
{
    static const char *const ends[] = {
        "primary-organization", "participating-organization"};
    static const char *const others[] = {"participatingOrganization", "organization"};
    int r = 0;

    for (int k = 0; r == 0 && k < 2; k++) {
        const struct search_pair pairs[] = {{str_of(ends[k]), unit},
            {STR("_count"), STR("200")}, {STR("_total"), STR("none")}};
        struct seek_list found = {NULL, 0};

        r = seek_all(&t->g->seek,
            &(struct seek_for){"OrganizationAffiliation", pairs, 3, MOST}, &found, err);
        for (size_t i = 0; r == 0 && i < found.count; i++) {
            const struct json *one = NULL;
            struct twin twin = {.of_department = str_eq(unit, t->s->department)};

            r = seek_rid(&t->g->seek, found.rids[i], NULL, &one, err);
            if (r < 0 || !sign_off_is_live(one, t->g->now))
                continue;
            twin.end = sign_off_named(&t->g->seek,
                json_get_text(json_get(one, others[k]), "reference"), "Organization");
            r = twin.end.p ? add_twin(t, twin, err) : 0;
        }
    }
    return r;
}

/* Is ${unit} where an apprenticeship of the person that aims at it is taught? */
static bool teaches(const struct standing *t, struct str unit)
{
    for (size_t i = 0; i < t->aims.count; i++) {
        const struct sign_off_aim *aim = &t->aims.list[i];

        if (aim->teaching.p && str_eq(aim->teaching, unit) &&
            str_eq(aim->code, t->s->code))
            return true;
    }
    return false;
}

/* Of departments the twin department; where a whole hospital is paired, the department of it
 * that teaches this. */
static bool is_twin_head(
    const struct standing *t, const struct twin *twin, const struct app_post *post)
{
    struct str unit = post->department.p ? post->department : post->organization;

    if (!unit.p || !post->organization.p || !str_eq(post->organization, twin->hospital))
        return false;
    if (!str_eq(twin->end, twin->hospital))
        return str_eq(unit, twin->end) && (twin->of_department || teaches(t, unit));
    return teaches(t, unit);
}

/* May the caller, by ${post}? */
static bool stands_by(
    const struct standing *t, enum sign_off_role role, const struct app_post *post)
{
    bool may = role == SIGN_QUALITY && !post->organization.p;

    if (!str_is(post->role, offices[role]))
        return false;
    for (size_t i = 0; !may && i < t->twin_count; i++)
        may = role == SIGN_HEAD ? is_twin_head(t, &t->twins[i], post)
                                : post->organization.p &&
                                      str_eq(post->organization, t->twins[i].hospital);
    return may;
}

/* ---- the way ---- */

static void look_at_caller(struct standing *t, enum sign_off_role role)
{
    const struct app_caller *caller = &t->g->call->caller;
    struct sign_off_stand *stand = &t->ret[role];

    if (!is_open(t, role) || held_by(t, role, caller->practitioner))
        return;
    for (size_t i = 0; !stand->may && i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];

        stand->may = stands_by(t, role, post);
        stand->from = role == SIGN_HEAD && post->department.p ? post->department
                                                              : post->organization;
    }
}

static int find(struct standing *t, struct err *err)
{
    const struct sign_off_who ask = {
        "apprentice", t->s->person, t->s->renews.p, t->g->now};
    int r = sign_off_aims(&t->g->seek, &ask, &t->aims, err);

    if (r == 0)
        r = find_holders(t, SIGN_HEAD, err);
    if (r == 0)
        r = find_holders(t, SIGN_QUALITY, err);
    if (r < 0 || !(is_open(t, SIGN_HEAD) || is_open(t, SIGN_QUALITY)))
        return r;
    r = find_twins(t, t->s->department, err);
    if (r == 0 && !str_eq(t->s->department, t->s->hospital))
        r = find_twins(t, t->s->hospital, err);
    return r;
}

int sign_off_stands(struct signing *g, const struct sign_off *s,
    struct sign_off_stand ret[SIGN_ROLES], struct err *err)
{
    const struct app_caller *caller = &g->call->caller;
    struct standing t = {.g = g, .s = s, .ret = ret};
    int r = 0;

    for (int i = 0; i < SIGN_ROLES; i++)
        ret[i] = (struct sign_off_stand){.may = false};
    if (!caller->practitioner.p || caller->client.p || !s->department.p ||
        !s->hospital.p ||
        !(person_holds(caller, offices[SIGN_HEAD]) ||
            person_holds(caller, offices[SIGN_QUALITY])))
        return 0;
    ret[SIGN_HEAD].unit = s->department;
    ret[SIGN_QUALITY].unit = s->hospital;
    r = find(&t, err);
    if (r == 0) {
        look_at_caller(&t, SIGN_HEAD);
        look_at_caller(&t, SIGN_QUALITY);
    }
    return r;
}

/* As what the caller may act on ${s}: by their own office, or standing in. */
int sign_off_may(struct signing *g, const struct sign_off *s, unsigned *ret,
    struct sign_off_stand stands[SIGN_ROLES], struct err *err)
{
    int r = sign_off_roles(g, s, ret, err);

    if (r == 0)
        r = sign_off_stands(g, s, stands, err);
    for (unsigned i = 0; r == 0 && i < SIGN_ROLES; i++) {
        stands[i].may = stands[i].may && !(*ret >> i & 1u);
        *ret |= stands[i].may ? 1u << i : 0;
    }
    return r;
}

/* ---- written ---- */

void sign_off_put_stand(struct json_out *o, const struct sign_off_stand *stand)
{
    if (!stand)
        return;
    json_name(o, "inPlaceOf");
    json_open(o, '{');
    fhir_put_reference(o, "organization", stand->unit);
    if (stand->from.p)
        fhir_put_reference(o, "from", stand->from);
    if (stand->holder_count > 0) {
        json_name(o, "holder");
        json_open(o, '[');
    }
    for (size_t i = 0; i < stand->holder_count; i++) {
        json_open(o, '{');
        fhir_put_reference(o, "who", stand->holders[i].who);
        json_member(o, "why", str_of(stand->holders[i].why));
        json_close(o, '}');
    }
    if (stand->holder_count > 0)
        json_close(o, ']');
    json_close(o, '}');
}
