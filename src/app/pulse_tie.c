/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who somebody is to a pairing:
 *
 *   sees       who holds a post at either hospital; coordinators and directors of one of them;
 *              a coordinator of no hospital
 *   exact      who treats at the helped hospital, or in the helping unit, and so sees these
 *              patients or is asked about them; programs of the operator's
 *   sets       heads of either side, directors of either hospital, coordinators
 *   answers    for a side: its heads and directors; for the helping side also the leader of a
 *              team of its hospital that is at the helped one
 */
#include "app/person.h"
#include "app/pulse_facts.h"
#include "app/review_internal.h"
#include "app/roster_internal.h"

/* ---- posts ---- */

static bool treats(const struct app_post *post)
{
    static const char *const roles[] = {"clinician", "expert", "nurse", "technician",
        "therapist", "head-of-department", "apprentice"};

    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (str_is(post->role, roles[i]))
            return true;
    }
    return false;
}

/* Is ${post} in ${side} of ${pairing}, or over it? */
static bool covers(const struct app_post *post, const struct pulse_pairing *pairing,
    enum pulse_side side)
{
    return post->organization.p &&
           str_eq(post->organization, pairing->hospital[side]) &&
           (!post->department.p || str_eq(post->department, pairing->side[side]));
}

/* Of a pair of whole hospitals each head speaks; of departments the head of that one. */
static bool leads(const struct app_post *post, const struct pulse_pairing *pairing,
    enum pulse_side side)
{
    bool whole = str_eq(pairing->side[side], pairing->hospital[side]);

    if (!post->organization.p || !str_eq(post->organization, pairing->hospital[side]))
        return false;
    return str_is(post->role, "director") ||
           (str_is(post->role, "head-of-department") &&
               (whole || covers(post, pairing, side)));
}

static void add_post(const struct app_post *post, const struct pulse_pairing *pairing,
    struct pulse_tie *tie)
{
    bool coordinator = str_is(post->role, "coordinator");

    if (coordinator && !post->organization.p)
        tie->sees = tie->sets = tie->coordinates = true;
    for (int side = 0; side < PULSE_SIDES; side++) {
        bool here =
            post->organization.p && str_eq(post->organization, pairing->hospital[side]);
        bool lead = leads(post, pairing, (enum pulse_side)side);

        tie->sees |= here;
        tie->coordinates |= here && coordinator;
        tie->sets |= (here && coordinator) || lead;
        tie->answers[side] |= lead;
        tie->exact |=
            here && treats(post) &&
            (side == PULSE_HELPED || covers(post, pairing, (enum pulse_side)side));
    }
}

/* ---- leaders of teams ---- */

/* Does the caller lead the team of ${link}, a term at the helped hospital that holds now? */
static int leads_team(struct pulse *p, const struct pulse_pairing *pairing,
    const struct json *link, bool *ret, struct err *err)
{
    const struct json *team = NULL;
    struct str body = {NULL, 0};
    struct str hospital = {NULL, 0};
    utc_ms lo = 0;
    utc_ms hi = 0;
    int r = 0;

    *ret = false;
    if (!roster_has_code(
            json_get(link, "code"), PULSE_AFFILIATION_SYSTEM, "team-at-host") ||
        json_kind(json_get(link, "active")) == JSON_FALSE ||
        !fhir_period_range(json_get(link, "period"), &lo, &hi) || p->now < lo ||
        p->now >= hi)
        return 0;
    r = seek_reference(&p->seek,
        json_get_text(json_get(link, "participatingOrganization"), "reference"),
        "Organization", &team, err);
    if (r < 0 || !team ||
        !str_eq(json_get_text(
                    json_get(roster_extension(team, TEAM_LEADER), "valueReference"),
                    "reference"),
            p->call->caller.practitioner))
        return r;
    body = json_get_text(json_get(team, "partOf"), "reference");
    r = body.p ? review_hospital(&p->seek, body, &hospital, err) : 0;
    *ret = hospital.p && str_eq(hospital, pairing->hospital[PULSE_HELPING]);
    return r;
}

static int look_for_team(
    struct pulse *p, const struct pulse_pairing *pairing, bool *ret, struct err *err)
{
    const struct search_pair pairs[] = {
        {STR("primary-organization"), pairing->hospital[PULSE_HELPED]},
        {STR("_total"), STR("none")}};
    struct seek_list found = {NULL, 0};
    int r = seek_all(&p->seek,
        &(struct seek_for){"OrganizationAffiliation", pairs, 2, LIMIT_PULSE_UNITS},
        &found, err);

    *ret = false;
    for (size_t i = 0; r == 0 && !*ret && i < found.count; i++) {
        const struct json *link = NULL;

        r = seek_rid(&p->seek, found.rids[i], NULL, &link, err);
        if (r == 0 && link)
            r = leads_team(p, pairing, link, ret, err);
    }
    return r;
}

static int find_leader(struct pulse *p, struct pulse_pairing *pairing, struct err *err)
{
    bool leader = false;
    int r = 0;

    pulse_facts_recall(p, pairing);
    r = p->facts ? pulse_leads_among(p, pairing, &leader, err)
                 : look_for_team(p, pairing, &leader, err);
    if (r == 0 && leader)
        pairing->tie.sees = pairing->tie.answers[PULSE_HELPING] = true;
    return r;
}

int pulse_tie(struct pulse *p, struct pulse_pairing *pairing, struct err *err)
{
    const struct app_caller *caller = &p->call->caller;

    pairing->tie = (struct pulse_tie){.sees = false};
    if (!access_limited(caller)) {
        pairing->tie.sees = pairing->tie.exact = true;
        return 0;
    }
    for (size_t i = 0; i < caller->post_count; i++)
        add_post(&caller->posts[i], pairing, &pairing->tie);
    /* who leads a team there holds a post there */
    return pairing->tie.sees && caller->practitioner.p ? find_leader(p, pairing, err)
                                                       : 0;
}
