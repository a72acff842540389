/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who writes the directory: posts, units, places and people, from which rights follow. So
 * nobody grows their own by it:
 *
 *   all            the administration of the unit that the record says it belongs to, before
 *                  and after: administrators and directors of a hospital, heads of a unit
 *   a bed          nurses, heads and coordinators of its hospital: whether it is free
 *   a post         never one's own; the rest by rank, where it is held (app/reach.h)
 *   a person       the administration of a place where the person holds a post; but not what
 *                  they are signed off in: three signatures write that (app/sign_off.c)
 *   teams          their hosts and bodies, and coordinators (access_team.c)
 *   a pairing      both sides: one writes it inactive, the other makes it active
 *   country, and what a unit is part of: consent hangs on them, so the programme
 *
 * The programme is an administrator whose post names no hospital, or the operator.
 */
#include <string.h>

#include "app/access_internal.h"
#include "app/app_internal.h"
#include "app/catalogue.h"
#include "app/person.h"
#include "app/reach.h"

/* ---- units ---- */

static struct reach_view view_of(struct access *a)
{
    return (struct reach_view){&a->call->caller, a->snapshot, a->arena};
}

bool access_administers(struct access *a, struct str unit)
{
    const struct reach_view view = view_of(a);

    return reach_over(&view, unit) != REACH_NONE;
}

static bool is_of_programme(struct access *a)
{
    return reach_programme(&a->call->caller);
}

static int administers_person(
    struct access *a, struct str practitioner, bool *ret, struct err *err)
{
    struct str units[LIMIT_POSTS];
    size_t count = 0;
    int r = reader_units_of(a->reader, practitioner, units, LIMIT_POSTS, &count, err);

    *ret = count == 0 || is_of_programme(a);
    for (size_t i = 0; i < count && i < LIMIT_POSTS && !*ret; i++)
        *ret = access_administers(a, units[i]);
    return r;
}

static struct str reference_of(const struct json *resource, const char *member)
{
    return json_get_text(json_get(resource, member), "reference");
}

/* The unit that a record of the directory belongs to, as it says itself. */
static struct str unit_of(const struct json *resource)
{
    static const char *const members[] = {
        "partOf", "organization", "providedBy", "managingOrganization"};
    bool location = str_is(json_get_text(resource, "resourceType"), "Location");

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        struct str unit = reference_of(resource, members[i]);

        if (unit.p && !(location && i == 0))
            return unit;
    }
    return (struct str){NULL, 0};
}

static int not_theirs(const struct access_write *write, struct err *err)
{
    return err_set(err, E_FORBIDDEN, NULL,
        "This %s is written by the administration of the hospital it belongs to.",
        write->type->name);
}

static int for_the_programme(const char *what, struct err *err)
{
    return err_set(err, E_FORBIDDEN, NULL,
        "%s is for an administrator of the whole programme to say.", what);
}

/* ---- an Organization, a Location ---- */

static bool same_countries(const struct json *one, const struct json *other)
{
    size_t count = json_count(one);

    if (count != json_count(other))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!access_same(json_at(one, i), json_at(other, i), STR("country")))
            return false;
    }
    return true;
}

static int check_organization(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err)
{
    const struct json *after = write->resource;

    if (is_of_programme(a))
        return 0;
    /* else it would come back with another country */
    if (!before && write->id.p)
        return for_the_programme("Whether a unit that was deleted comes back", err);
    if (!after)
        return reference_of(before, "partOf").p
                   ? 0
                   : for_the_programme("Whether a hospital is deleted", err);
    if (before && !reference_of(before, "partOf").p != !reference_of(after, "partOf").p)
        return for_the_programme("Whether a unit is a hospital of its own", err);
    if (before &&
        !same_countries(json_get(before, "address"), json_get(after, "address")))
        return for_the_programme("The country of a hospital", err);
    return 0;
}

/* The country of a hospital without one in its address is that of its places. */
static int check_location(struct access *a, const struct json *before,
    const struct json *after, struct err *err)
{
    const struct json *country = json_get(json_get(after, "address"), "country");
    const struct reach_view view = view_of(a);
    struct json_each it;

    if (is_of_programme(a) || !country ||
        json_equal(country, json_get(json_get(before, "address"), "country")))
        return 0;
    it = json_each(json_get(reach_unit(&view, unit_of(after)), "address"));
    while (json_next(&it)) {
        if (json_equal(country, json_get(it.value, "country")))
            return 0;
    }
    return for_the_programme("The country of a place", err);
}

/* ---- a post ---- */

static bool may_give(struct access *a, struct str role, struct str unit)
{
    const struct reach_view view = view_of(a);

    return reach_need(role) <= reach_over(&view, unit);
}

static bool holds_role(const struct json *post, struct str role)
{
    struct json_each code = json_each(json_get(post, "code"));

    while (json_next(&code)) {
        struct json_each coding = json_each(json_get(code.value, "coding"));

        while (json_next(&coding)) {
            if (str_eq(json_get_text(coding.value, "code"), role))
                return true;
        }
    }
    return false;
}

bool access_is_named(struct str reference, struct str me)
{
    for (size_t i = 0; me.p && i + me.len <= reference.len; i++) {
        if (memcmp(reference.p + i, me.p, me.len) == 0 &&
            (i == 0 || reference.p[i - 1] == '/') &&
            (i + me.len == reference.len || reference.p[i + me.len] == '/'))
            return true;
    }
    return false;
}

static int check_post(struct access *a, const struct json *before,
    const struct json *after, struct err *err)
{
    const struct json *versions[] = {before, after};
    struct str me = a->call->caller.practitioner;
    struct json_each code = json_each(json_get(after, "code"));
    bool another = !before || !access_same(before, after, STR("practitioner"));

    for (size_t i = 0; i < 2; i++) {
        if (access_is_named(reference_of(versions[i], "practitioner"), me))
            return err_set(err, E_FORBIDDEN, NULL,
                "Nobody writes their own posts: another administrator must.");
    }
    while (json_next(&code)) {
        struct json_each coding = json_each(json_get(code.value, "coding"));

        while (json_next(&coding)) {
            struct str role = json_get_text(coding.value, "code");

            if ((another || !holds_role(before, role)) && person_role_known(role) &&
                !may_give(a, role, reference_of(after, "organization")))
                return err_set(err, E_FORBIDDEN, NULL,
                    "A post as %.*s is not yours to give.", (int)role.len, role.p);
        }
    }
    return 0;
}

/* ---- a pairing ---- */

static bool is_active(const struct json *affiliation)
{
    return affiliation && json_kind(json_get(affiliation, "active")) != JSON_FALSE;
}

/* Are all members but active (and meta, text) the same? */
static bool only_activates(const struct json *before, const struct json *after)
{
    static const char *const members[] = {
        "organization", "participatingOrganization", "period", "network", "code"};

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (!access_same(before, after, str_of(members[i])))
            return false;
    }
    return true;
}

/* One side proposes it inactive; what is active was agreed to by the other one, too. */
static int check_affiliation(struct access *a, const struct json *before,
    const struct json *after, struct str proposer, struct err *err)
{
    const struct json *versions[] = {before, after};
    bool both = true;

    for (size_t i = 0; i < 2; i++) {
        bool one = access_administers(a, reference_of(versions[i], "organization"));
        bool other = access_administers(
            a, reference_of(versions[i], "participatingOrganization"));

        if (versions[i] && !one && !other)
            return err_set(err, E_FORBIDDEN, NULL,
                "A pairing is written by the administrations of its two sides.");
        both = both && (!versions[i] || (one && other));
    }
    if (both || !is_active(after))
        return 0;
    if (before && only_activates(before, after) &&
        (is_active(before) || !str_eq(proposer, call_actor(a->call))))
        return 0;
    return err_set(err, E_FORBIDDEN, NULL,
        "A pairing needs both sides: write it with active false, and the other side "
        "makes it active without changing it.");
}

/* ---- all ---- */

bool access_is_directory(const char *type)
{
    static const char *const types[] = {"PractitionerRole", "Practitioner",
        "Organization", "OrganizationAffiliation", "HealthcareService", "Location",
        "Endpoint"};

    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(type, types[i]) == 0)
            return true;
    }
    return false;
}

/* Would ${qualification} make the router count somebody as signed off? */
static bool is_sign_off(const struct json *qualification)
{
    struct json_each it =
        json_each(json_get(json_get(qualification, "code"), "coding"));
    uint32_t thing = 0;

    while (json_next(&it)) {
        struct str system = json_get_text(it.value, "system");

        if (system.p && catalogue_find(system, json_get_text(it.value, "code"), &thing))
            return true;
    }
    return false;
}

/* The next sign-off in ${it}; NULL: there is none. */
static const struct json *next_sign_off(struct json_each *it)
{
    while (json_next(it)) {
        if (is_sign_off(it->value))
            return it->value;
    }
    return NULL;
}

/* What somebody is signed off in stays as it is, in whichever order all else comes. */
static int check_sign_offs(
    const struct json *before, const struct json *after, struct err *err)
{
    struct json_each was = json_each(json_get(before, "qualification"));
    struct json_each is = json_each(json_get(after, "qualification"));
    const struct json *one = NULL;
    const struct json *other = NULL;

    if (!after)
        return 0;
    do {
        one = next_sign_off(&was);
        other = next_sign_off(&is);
        if (!one != !other || (one && !json_equal(one, other)))
            return err_set(err, E_FORBIDDEN, "qualification",
                "What somebody is signed off in is written by the third signature of a "
                "SignOff and ended by its $withdraw, and is not written otherwise.");
    } while (one);
    return 0;
}

static int check_person(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err)
{
    const char *name = NULL;
    bool may = reach_any(&a->call->caller);
    int r = 0;

    if (may && write->id.p) {
        name = arena_printf(
            a->arena, "Practitioner/%.*s", (int)write->id.len, write->id.p);
        if (!name)
            return err_nomem(err);
        r = administers_person(a, str_of(name), &may, err);
    }
    if (r == 0 && !may)
        r = not_theirs(write, err);
    return r == 0 ? check_sign_offs(before, write->resource, err) : r;
}

static int check_units(struct access *a, const struct access_write *write,
    const struct json *before, struct err *err)
{
    const struct json *versions[] = {before, write->resource};

    for (size_t i = 0; i < 2; i++) {
        struct str unit = unit_of(versions[i]);
        const char *own = NULL;

        if (!versions[i])
            continue;
        if (!unit.p && strcmp(write->type->name, "Organization") == 0 && write->id.p) {
            own = arena_printf(
                a->arena, "Organization/%.*s", (int)write->id.len, write->id.p);
            unit = str_of(own);
        }
        if (!access_administers(a, unit))
            return not_theirs(write, err);
    }
    return 0;
}

int access_check_directory(struct access *a, const struct access_write *write,
    const struct access_before *before, struct err *err)
{
    const char *type = write->type->name;
    const struct json *after = write->resource;
    bool may = false;
    int r = 0;

    if (strcmp(type, "PractitionerRole") == 0)
        r = access_check_fitness(before->json, after, err);
    if (r < 0)
        return r;
    if (strcmp(type, "Location") == 0)
        r = access_check_bed(a, write, before->json, &may, err);
    else
        may =
            (before->json || !write->id.p) && access_plans_team(a, write, before->json);
    if (r < 0 || may)
        return r;
    if (strcmp(type, "OrganizationAffiliation") == 0)
        return check_affiliation(a, before->json, after, before->actor, err);
    if (strcmp(type, "Practitioner") == 0)
        return check_person(a, write, before->json, err);
    r = check_units(a, write, before->json, err);
    if (r == 0 && strcmp(type, "Organization") == 0)
        r = check_organization(a, write, before->json, err);
    if (r == 0 && strcmp(type, "Location") == 0)
        r = check_location(a, before->json, after, err);
    if (r == 0 && strcmp(type, "PractitionerRole") == 0)
        r = check_post(a, before->json, after, err);
    return r;
}
