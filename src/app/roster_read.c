/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of the directory become a plan: units, teams with their terms, postings and heads.
 *
 *   of a hospital or department   its units, the teams it hosts and those it sends, everybody
 *                                 posted to it or by it
 *   of a team                     everybody posted in it
 *
 * and of everybody of these the other postings too, so that two at one time are found.
 */
#include "app/person.h"
#include "app/roster_internal.h"

#define MOST_NAMED LIMIT_QUERY_VALUES

static struct span span_of(const struct json *period)
{
    utc_ms lo = 0;
    utc_ms hi = 0;

    if (!fhir_period_range(period, &lo, &hi))
        return (struct span){0, 0};
    return (struct span){lo, hi == UTC_MS_MAX ? SPAN_OPEN : hi};
}

static bool is_off(const struct json *record)
{
    return json_kind(json_get(record, "active")) == JSON_FALSE;
}

/* ---- units ---- */

static uint32_t unit_at(const struct roster_answer *ro, struct str reference)
{
    for (size_t i = 0; reference.p && i < ro->unit_count; i++) {
        if (str_eq(ro->units[i].name.reference, reference))
            return (uint32_t)i;
    }
    return ROSTER_NONE;
}

static int add_unit(struct roster_answer *ro, struct roster_name name, bool of_host,
    uint32_t *ret, struct err *err)
{
    struct roster_unit *unit = NULL;
    uint32_t at = unit_at(ro, name.reference);

    if (at == ROSTER_NONE && name.reference.p) {
        unit = roster_more(ro->call->arena, (void **)&ro->units, &ro->unit_count,
            &ro->unit_cap, sizeof(*unit));
        if (!unit)
            return err_nomem(err);
        *unit = (struct roster_unit){name, of_host};
        at = (uint32_t)(ro->unit_count - 1);
    }
    if (ret)
        *ret = at;
    return 0;
}

/* ---- teams ---- */

static uint32_t team_at(const struct roster_answer *ro, struct str reference)
{
    for (size_t i = 0; reference.p && i < ro->team_count; i++) {
        if (str_eq(ro->teams[i].name.reference, reference))
            return (uint32_t)i;
    }
    return ROSTER_NONE;
}

static int take_link(
    struct roster_answer *ro, const struct json *record, struct str id, struct err *err)
{
    struct roster_team_row *team = &ro->teams[ro->team_count - 1];
    struct span term = span_of(json_get(record, "period"));
    int r = 0;

    if (is_off(record) || !roster_has_code(json_get(record, "code"),
                              TEAM_AFFILIATION_SYSTEM, "team-at-host"))
        return 0;
    /* a second term makes one longer one: a team that stays on */
    if (team->planned.has_term) {
        struct span *all = &team->planned.term;

        all->from = term.from < all->from ? term.from : all->from;
        all->until = term.until > all->until ? term.until : all->until;
        return 0;
    }
    team->planned = (struct roster_team){term, true};
    team->link = id;
    r = roster_name_of(
        ro, json_get(record, "organization"), "Organization", &team->host, err);
    return r;
}

/* The team ${reference} with its term; ${*ret} ROSTER_NONE: it is none. */
static int add_team(
    struct roster_answer *ro, struct str reference, uint32_t *ret, struct err *err)
{
    const struct roster_each links = {take_link, "OrganizationAffiliation"};
    const struct search_pair pairs[] = {{STR("participating-organization"), reference}};
    struct roster_team_row *team = NULL;
    const struct json *record = NULL;
    int r = 0;

    *ret = team_at(ro, reference);
    if (*ret != ROSTER_NONE)
        return 0;
    r = roster_load(ro, reference, &record, err);
    if (r < 0 || !record)
        return r;
    team = roster_more(ro->call->arena, (void **)&ro->teams, &ro->team_count,
        &ro->team_cap, sizeof(*team));
    if (!team)
        return err_nomem(err);
    *ret = (uint32_t)(ro->team_count - 1);
    team->name = (struct roster_name){reference, json_get_text(record, "name")};
    team->batch =
        json_text(json_get(roster_extension(record, TEAM_BATCH), "valuePositiveInt"));
    r = roster_name_of(
        ro, json_get(record, "partOf"), "Organization", &team->body, err);
    if (r == 0)
        r = roster_name_of(ro,
            json_get(roster_extension(record, TEAM_LEADER), "valueReference"),
            "Practitioner", &team->leader, err);
    return r == 0 ? roster_search(ro, &links, pairs, 1, err) : r;
}

/* A unit below the one that is asked about: a department, or a team that it sends. */
static int take_below(
    struct roster_answer *ro, const struct json *record, struct str id, struct err *err)
{
    const char *made =
        arena_printf(ro->call->arena, "Organization/%.*s", (int)id.len, id.p);
    uint32_t at = 0;

    if (!made)
        return err_nomem(err);
    if (roster_has_code(json_get(record, "type"), TEAM_KIND_SYSTEM, "team"))
        return add_team(ro, str_of(made), &at, err);
    if (is_off(record) || str_eq(str_of(made), ro->asked))
        return 0;
    return add_unit(ro,
        (struct roster_name){str_of(made), json_get_text(record, "name")}, true, NULL,
        err);
}

/* Which of the organisation's are hosted. */
static int take_hosted(
    struct roster_answer *ro, const struct json *record, struct str id, struct err *err)
{
    struct roster_name team = {.display = {NULL, 0}};
    uint32_t at = 0;
    int r = 0;

    (void)id;
    if (is_off(record) || !roster_has_code(json_get(record, "code"),
                              TEAM_AFFILIATION_SYSTEM, "team-at-host"))
        return 0;
    r = roster_name_of(
        ro, json_get(record, "participatingOrganization"), "Organization", &team, err);
    return r == 0 && team.reference.p ? add_team(ro, team.reference, &at, err) : r;
}

/* ---- postings and heads ---- */

static int take_away(
    struct roster_answer *ro, const struct json *record, struct roster_posting *ret)
{
    const struct json *all = json_get(record, "notAvailable");
    struct json_each it = json_each(all);
    struct span *away =
        arena_array(ro->call->arena, json_count(all) + 1, sizeof(*away));

    if (!away)
        return E_NOMEM;
    while (json_next(&it)) {
        const struct json *during = json_get(it.value, "during");
        struct span one = during ? span_of(during) : (struct span){0, 0};

        if (!span_is_empty(one))
            away[ret->away_count++] = one;
    }
    ret->away = away;
    return 0;
}

static int number_person(
    struct roster_answer *ro, struct str reference, uint32_t *ret, struct err *err)
{
    size_t at = 0;

    if (!text_map_get(&ro->persons, reference, &at)) {
        at = ro->person_count++;
        if (text_map_put(ro->call->arena, &ro->persons, reference, at, NULL) < 0)
            return err_nomem(err);
    }
    *ret = (uint32_t)at;
    return 0;
}

static int add_head(struct roster_answer *ro, const struct json *record,
    struct roster_name person, uint32_t unit, struct err *err)
{
    struct roster_head *head = NULL;
    struct roster_name *names = ro->head_names;
    size_t count = ro->head_count;
    size_t cap = ro->head_cap;
    struct roster_name *name =
        roster_more(ro->call->arena, (void **)&names, &count, &cap, sizeof(*name));

    head = roster_more(ro->call->arena, (void **)&ro->heads, &ro->head_count,
        &ro->head_cap, sizeof(*head));
    if (!head || !name)
        return err_nomem(err);
    ro->head_names = names;
    *name = person;
    *head = (struct roster_head){unit, span_of(json_get(record, "period"))};
    return 0;
}

/* A posting names its team; an expert without one is posted where the post has an end. */
static bool is_posting(const struct json *record)
{
    return roster_has_code(json_get(record, "code"), PERSON_ROLE_SYSTEM, "expert") &&
           (roster_extension(record, POSTING_TEAM) ||
               json_get_text(json_get(record, "period"), "end").p);
}

static int add_posting(struct roster_answer *ro, const struct json *record,
    struct str id, const struct roster_row *found, struct err *err)
{
    struct roster_row *row = NULL;
    struct roster_name team = {.display = {NULL, 0}};
    struct roster_posting planned = found->planned;
    int r = 0;

    planned.team = ROSTER_NONE;
    planned.term = span_of(json_get(record, "period"));
    if (take_away(ro, record, &planned) < 0)
        return err_nomem(err);
    r = number_person(ro, found->person.reference, &planned.person, err);
    if (r == 0)
        r = roster_name_of(ro,
            json_get(roster_extension(record, POSTING_TEAM), "valueReference"),
            "Organization", &team, err);
    if (r == 0 && team.reference.p)
        r = add_team(ro, team.reference, &planned.team, err);
    if (r < 0)
        return r;
    row = roster_more(ro->call->arena, (void **)&ro->rows, &ro->row_count, &ro->row_cap,
        sizeof(*row));
    if (!row)
        return err_nomem(err);
    *row = (struct roster_row){
        .person = found->person, .id = id, .record = record, .planned = planned};
    return 0;
}

static int take_post(
    struct roster_answer *ro, const struct json *record, struct str id, struct err *err)
{
    struct roster_row found = {.id = id};
    struct roster_name unit = {.display = {NULL, 0}};
    bool heads = roster_has_code(
        json_get(record, "code"), PERSON_ROLE_SYSTEM, "head-of-department");
    int r = 0;

    if (is_off(record) || (!heads && !is_posting(record)) ||
        text_map_get(&ro->seen, id, &(size_t){0}))
        return 0;
    if (text_map_put(ro->call->arena, &ro->seen, id, 1, NULL) < 0)
        return err_nomem(err);
    r = roster_name_of(
        ro, json_get(record, "practitioner"), "Practitioner", &found.person, err);
    if (r == 0)
        r = roster_name_of(
            ro, json_get(record, "organization"), "Organization", &unit, err);
    if (r == 0 && found.person.reference.p)
        r = add_unit(ro, unit, false, &found.planned.department, err);
    if (r < 0 || !found.person.reference.p)
        return r;
    if (heads)
        r = add_head(ro, record, found.person, found.planned.department, err);
    return r == 0 && is_posting(record) ? add_posting(ro, record, id, &found, err) : r;
}

/* ---- in order ---- */

/* "A,B,C" of ${count} references, given one by one. */
struct naming {
    struct buf text;
    size_t count;
};

static void name_one(struct naming *n, struct str reference)
{
    if (n->count++ > 0)
        buf_addc(&n->text, ',');
    buf_add(&n->text, reference.p, reference.len);
}

/* Ask for PractitionerRoles by ${parameter} and, where given, by role. */
static int ask_posts(struct roster_answer *ro, struct naming *n, const char *parameter,
    const char *roles, struct err *err)
{
    const struct roster_each posts = {take_post, "PractitionerRole"};
    struct search_pair pairs[] = {
        {str_of(parameter), {n->text.data, n->text.len}}, {STR("role"), str_of(roles)}};
    int r = 0;

    if (n->count > MOST_NAMED)
        r = err_set(err, E_TOO_LARGE, NULL,
            "A roster is of %d units and people at most: ask about a department, or a "
            "team.",
            MOST_NAMED);
    else if (n->text.error)
        r = err_nomem(err);
    else if (n->count > 0)
        r = roster_search(ro, &posts, pairs, 2, err);
    return r;
}

/* Who is posted here, or by us. */
static int ask_here(struct roster_answer *ro, struct naming *n, struct err *err)
{
    if (!ro->team)
        name_one(n, ro->asked);
    for (size_t i = 0; i < ro->unit_count; i++)
        name_one(n, ro->units[i].name.reference);
    return ask_posts(ro, n, "organization", "expert,head-of-department", err);
}

static int ask_teams(struct roster_answer *ro, struct naming *n, struct err *err)
{
    for (size_t i = 0; i < ro->team_count; i++) {
        struct str body = ro->teams[i].body.reference;

        if (ro->team ||
            (body.p && (str_eq(body, ro->asked) || unit_at(ro, body) != ROSTER_NONE)))
            name_one(n, ro->teams[i].name.reference);
    }
    return ask_posts(ro, n, "team", "expert", err);
}

/* Where those are posted beside. */
static int ask_people(struct roster_answer *ro, struct naming *n, struct err *err)
{
    ro->shown = ro->row_count;
    for (size_t i = 0; i < ro->row_count; i++) {
        if (!span_is_empty(span_meet(ro->rows[i].planned.term, ro->window)))
            name_one(n, ro->rows[i].person.reference);
    }
    return ask_posts(ro, n, "practitioner", "expert", err);
}

static int read_posts(struct roster_answer *ro, struct err *err)
{
    int (*const steps[])(struct roster_answer *, struct naming *, struct err *) = {
        ask_here, ask_teams, ask_people};
    int r = 0;

    for (size_t i = 0; r == 0 && i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct naming naming = {.count = 0};

        buf_init(&naming.text, LIMIT_BODY_BYTES);
        r = steps[i](ro, &naming, err);
        buf_done(&naming.text);
    }
    return r;
}

static int read_units(struct roster_answer *ro, struct err *err)
{
    const struct roster_each below = {take_below, "Organization"};
    const struct roster_each hosted = {take_hosted, "OrganizationAffiliation"};
    const struct search_pair part[] = {{STR("partof:below"), ro->asked}};
    const struct search_pair host[] = {{STR("primary-organization"), ro->asked}};
    int r = roster_search(ro, &below, part, 1, err);

    return r == 0 ? roster_search(ro, &hosted, host, 1, err) : r;
}

int roster_read(struct roster_answer *ro, struct err *err)
{
    const struct json *record = NULL;
    struct roster_name own = {ro->asked, {NULL, 0}};
    uint32_t at = 0;
    int r = roster_load(ro, ro->asked, &record, err);

    if (r == 0 && !record)
        return E_NOT_FOUND;
    if (r < 0)
        return r;
    ro->team = roster_has_code(json_get(record, "type"), TEAM_KIND_SYSTEM, "team");
    own.display = json_get_text(record, "name");
    if (ro->team)
        r = add_team(ro, ro->asked, &at, err);
    else if (json_get(record, "partOf")) /* a department is one; a hospital has them */
        r = add_unit(ro, own, true, NULL, err);
    if (r == 0 && !ro->team)
        r = read_units(ro, err);
    return r == 0 ? read_posts(ro, err) : r;
}
