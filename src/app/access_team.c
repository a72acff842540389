/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What coordinators write of teams beside the administrations of their hospitals, and no
 * more of the directory than this:
 *
 *   a team      an Organization of the kind team that is part of its sending body
 *   its term    the OrganizationAffiliation team-at-host of a host they coordinate, or of a team
 *               whose body they coordinate
 *   a posting   a PractitionerRole as expert and nothing else, of a team, at a host they
 *               coordinate; never one's own
 *
 * A coordinator of no hospital coordinates them all (docs/adr/0061-teams.md).
 */
#include <string.h>

#include "app/access_internal.h"
#include "app/app_internal.h"
#include "app/person.h"
#include "app/reach.h"

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

static bool may_team(struct access *a, const struct json *record)
{
    (void)a;
    return is_team(record);
}

static bool may_term(struct access *a, const struct json *record)
{
    return is_only(json_get(record, "code"), AFFILIATION_SYSTEM, "team-at-host") &&
           (coordinates(a, reference_of(record, "organization")) ||
               coordinates(a, reference_of(record, "participatingOrganization")));
}

static bool may_posting(struct access *a, const struct json *record)
{
    return is_only(json_get(record, "code"), PERSON_ROLE_SYSTEM, "expert") &&
           names_team(a, record) &&
           coordinates(a, reference_of(record, "organization")) &&
           !access_is_named(
               reference_of(record, "practitioner"), a->call->caller.practitioner);
}

bool access_coordinates_team(
    struct access *a, const struct access_write *write, const struct json *before)
{
    static const struct {
        const char *type;
        bool (*may)(struct access *, const struct json *);
    } rules[] = {{"Organization", may_team}, {"OrganizationAffiliation", may_term},
        {"PractitionerRole", may_posting}};
    bool coordinator = false;

    for (size_t i = 0; i < a->call->caller.post_count; i++)
        coordinator =
            coordinator || str_is(a->call->caller.posts[i].role, "coordinator");
    if (!coordinator || !write->resource)
        return false;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (strcmp(write->type->name, rules[i].type) == 0)
            return rules[i].may(a, write->resource) &&
                   (!before || rules[i].may(a, before));
    }
    return false;
}
