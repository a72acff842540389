/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is written of teams by who runs a hospital, its directors and administrators, and by its
 * coordinators, and no more of the directory than this:
 *
 *   a team      an Organization of the kind team that is part of a sending body of theirs; one
 *               that is there also where it has a term at a host of theirs, which somebody
 *               else wrote
 *   its term    the OrganizationAffiliation team-at-host of a host of theirs, or of a team whose
 *               body is theirs, made just now or there before. It opens nothing to anybody, so
 *               unlike a pairing it does not wait for the other side
 *   a posting   by coordinators: a PractitionerRole as expert and nothing else, of a team, at a
 *               host of theirs; never one's own. Others give posts by rank (access_directory.c)
 *
 * A coordinator of no hospital coordinates them all (docs/adr/0061-teams.md).
 */
#include <string.h>

#include "app/access_internal.h"
#include "app/app_internal.h"
#include "app/fitness.h"
#include "app/person.h"
#include "app/reach.h"
#include "app/seek.h"

#define KIND_SYSTEM "https://belay.health/CodeSystem/organization-kind"
#define AFFILIATION_SYSTEM "https://belay.health/CodeSystem/affiliation"
#define POSTING_TEAM "https://belay.health/StructureDefinition/posting-team"

/* ---- whose ---- */

static bool coordinates_itself(const struct app_caller *caller, struct str unit)
{
    for (size_t i = 0; i < caller->post_count; i++) {
        const struct app_post *post = &caller->posts[i];

        if (str_is(post->role, "coordinator") &&
            (!post->organization.p || (unit.p && str_eq(unit, post->organization))))
            return true;
    }
    return false;
}

/* Is ${unit}, or what it is part of, somebody's to coordinate? */
static bool coordinates(struct access *a, struct str unit)
{
    const struct reach_view view = {&a->call->caller, a->snapshot, a->arena};
    bool found = coordinates_itself(&a->call->caller, unit);

    for (int level = 0; unit.p && !found && level < LIMIT_READER_UNITS; level++) {
        unit = json_get_text(json_get(reach_unit(&view, unit), "partOf"), "reference");
        found = unit.p && coordinates_itself(&a->call->caller, unit);
    }
    return found;
}

/* Is it somebody's to run, or to coordinate? */
static bool answers_for(struct access *a, struct str unit)
{
    const struct reach_view view = {&a->call->caller, a->snapshot, a->arena};

    return coordinates(a, unit) ||
           (unit.p && reach_over(&view, unit) >= REACH_HOSPITAL);
}

/* ---- what a record is ---- */

/* Has ${concepts} codes of ${system}, all of them ${code}? */
static bool is_only(const struct json *concepts, const char *system, const char *code)
{
    struct json_each it = json_each(concepts);
    bool found = false;

    while (json_next(&it)) {
        struct json_each coding = json_each(json_get(it.value, "coding"));

        while (json_next(&coding)) {
            if (!str_is(json_get_text(coding.value, "system"), system) ||
                !str_is(json_get_text(coding.value, "code"), code))
                return false;
            found = true;
        }
    }
    return found;
}

static struct str reference_of(const struct json *record, const char *member)
{
    return json_get_text(json_get(record, member), "reference");
}

static bool is_team(const struct json *record)
{
    return is_only(json_get(record, "type"), KIND_SYSTEM, "team") &&
           reference_of(record, "partOf").p && !json_get(record, "address");
}

static bool names_team(struct access *a, const struct json *post)
{
    const struct reach_view view = {&a->call->caller, a->snapshot, a->arena};
    struct json_each it = json_each(json_get(post, "extension"));

    while (json_next(&it)) {
        if (str_is(json_get_text(it.value, "url"), POSTING_TEAM))
            return is_team(reach_unit(&view, reference_of(it.value, "valueReference")));
    }
    return false;
}

/* ---- may they? ---- */

/* Has the team ${id} a term at a host of the caller's? One that they wrote themselves would open
 * every team to them, so it does not count. */
static bool hosts(struct access *a, struct str id)
{
    const struct seek s = {a->call->app, a->snapshot, a->arena};
    struct str team = str_of(
        id.p ? arena_printf(a->arena, "Organization/%.*s", (int)id.len, id.p) : NULL);
    const struct search_pair pairs[] = {
        {STR("participating-organization"), team}, {STR("_total"), STR("none")}};
    const struct seek_for what = {
        "OrganizationAffiliation", pairs, 2, LIMIT_ROSTER_TERMS};
    struct seek_list found = {NULL, 0};
    bool here = false;

    if (!team.p || seek_all(&s, &what, &found, NULL) < 0)
        return false;
    for (size_t i = 0; !here && i < found.count; i++) {
        const struct json *term = NULL;
        struct store_record rec = {0};

        here = seek_rid(&s, found.rids[i], &rec, &term, NULL) == 0 && term &&
               json_kind(json_get(term, "active")) != JSON_FALSE &&
               is_only(json_get(term, "code"), AFFILIATION_SYSTEM, "team-at-host") &&
               !str_eq(rec.actor, call_actor(a->call)) &&
               answers_for(a, reference_of(term, "organization"));
    }
    return here;
}

/* Of its sending body; of its host, which leaves the body as it is. */
static bool may_team(struct access *a, const struct json *record)
{
    return is_team(record) && answers_for(a, reference_of(record, "partOf"));
}

static bool may_hosted(
    struct access *a, const struct json *record, const struct json *before)
{
    return before && is_team(record) && is_team(before) &&
           str_eq(reference_of(record, "partOf"), reference_of(before, "partOf")) &&
           hosts(a, json_get_text(before, "id"));
}

/* Whoever makes a team was asked whether it is theirs to make. */
static bool may_term(struct access *a, const struct json *record)
{
    const struct reach_view view = {&a->call->caller, a->snapshot, a->arena};
    struct str team = reference_of(record, "participatingOrganization");
    bool made = access_is_made(a, team);

    return is_only(json_get(record, "code"), AFFILIATION_SYSTEM, "team-at-host") &&
           (made || is_team(reach_unit(&view, team))) &&
           (made || answers_for(a, reference_of(record, "organization")) ||
               answers_for(a, team));
}

static bool may_posting(struct access *a, const struct json *record)
{
    return is_only(json_get(record, "code"), PERSON_ROLE_SYSTEM, "expert") &&
           names_team(a, record) &&
           coordinates(a, reference_of(record, "organization")) &&
           !access_is_named(
               reference_of(record, "practitioner"), a->call->caller.practitioner);
}

bool access_plans_team(
    struct access *a, const struct access_write *write, const struct json *before)
{
    static const struct {
        const char *type;
        bool (*may)(struct access *, const struct json *);
    } rules[] = {{"Organization", may_team}, {"OrganizationAffiliation", may_term},
        {"PractitionerRole", may_posting}};
    bool any = reach_any(&a->call->caller);

    for (size_t i = 0; i < a->call->caller.post_count; i++)
        any = any || str_is(a->call->caller.posts[i].role, "coordinator");
    if (!any || !write->resource)
        return false;
    if (strcmp(write->type->name, "Organization") == 0 &&
        may_hosted(a, write->resource, before))
        return true;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (strcmp(write->type->name, rules[i].type) == 0)
            return rules[i].may(a, write->resource) &&
                   (!before || rules[i].may(a, before));
    }
    return false;
}

/* ---- fit for the height ---- */

/* The next check of it in ${it}; NULL: there is none. */
static const struct json *next_fitness(struct json_each *it)
{
    while (json_next(it)) {
        if (fitness_is(it->value))
            return it->value;
    }
    return NULL;
}

int access_check_fitness(
    const struct json *before, const struct json *after, struct err *err)
{
    struct json_each was = json_each(json_get(before, "extension"));
    struct json_each is = json_each(json_get(after, "extension"));
    bool same_person = before && access_same(before, after, STR("practitioner"));
    const struct json *one = NULL;
    const struct json *other = NULL;

    if (!after)
        return 0;
    do {
        one = next_fitness(&was);
        other = next_fitness(&is);
        if (!one != !other || (one && (!same_person || !json_equal(one, other))))
            return err_set(err, E_FORBIDDEN, "extension",
                "Whether somebody is fit for the height is decided by a doctor, who "
                "says so by $fitness of the post; it is not entered, changed or taken "
                "away otherwise.");
    } while (one);
    return 0;
}
