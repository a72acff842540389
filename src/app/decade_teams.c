/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batches: each August the hospitals of each province send teams, about a year each. A team is
 * of one sending hospital at one host. Some stay for a second year, some leave early and are
 * replaced or not, many go home on leave in the middle.
 */
#include <stdio.h>
#include <string.h>

#include "app/decade_internal.h"

/* Chosen. */
#define STAYS_PERMILLE 60     /* for a second year */
#define EARLY_PERMILLE 35     /* ends early: illness at altitude, family, called back */
#define REPLACED_PERMILLE 700 /* of those */
#define SHORT_PERMILLE 120    /* comes for three to six months only */
#define LEAVE_PERMILLE 550    /* goes home once, most around the new year of the moon */
#define CONDITIONS_PERMILLE 70 /* fit for the altitude under conditions */
#define FIRST_YEARS 5 /* a province's hospitals begin one after the other within them */

struct decade_sending {
    struct chance chance;
    struct decade_list staying; /* postings whose person stays for a second year */
};

/* ---- records ---- */

static void team_write(struct decade *d, uint32_t team)
{
    const struct decade_team *t = &d->teams[team];
    const struct decade_hospital *sender = &d->hospitals[t->sender];
    const struct decade_hospital *host = &d->hospitals[t->host];
    char name[2 * DECADE_NAME_MAX + 32];
    char id[PERSON_ID_MAX];
    char term[PERSON_ID_MAX + 8];
    struct json_out *o = decade_open(d, "Organization", team_id(d, team, id));

    json_name(o, "extension");
    json_open(o, '[');
    open_extension(o, "team-batch");
    put_int(o, "valuePositiveInt", t->batch);
    json_close(o, '}');
    open_extension(o, "team-leader");
    put_person(d, o, "valueReference", t->leader);
    json_close(o, '}');
    json_close(o, ']');
    put_bool(o, "active", true);
    json_name(o, "type");
    json_open(o, '[');
    put_concept_value(o, "organization-kind", "team", "Team");
    json_close(o, ']');
    snprintf(
        name, sizeof(name), "%s at %s, batch %u", sender->name, host->name, t->batch);
    put_text(o, "name", name);
    put_reference(o, "partOf", "Organization", sender->id);
    decade_close(d);

    snprintf(term, sizeof(term), "%s-term", id);
    o = decade_open(d, "OrganizationAffiliation", term);
    put_bool(o, "active", true);
    put_period(o, "period", t->from, t->until);
    put_reference(o, "organization", "Organization", host->id);
    put_reference(o, "participatingOrganization", "Organization", id);
    json_name(o, "code");
    json_open(o, '[');
    put_concept_value(o, "affiliation", "team-at-host", "Team at its host");
    json_close(o, ']');
    decade_close(d);
}

static void put_check(struct decade *d, struct json_out *o, const char *kind,
    const char *outcome, const struct decade_posting *p)
{
    open_extension(o, "arrival-check");
    json_name(o, "extension");
    json_open(o, '[');
    open_part(o, "kind");
    put_text(o, "valueCode", kind);
    json_close(o, '}');
    open_part(o, "outcome");
    put_text(o, "valueCode", outcome);
    json_close(o, '}');
    open_part(o, "by");
    put_person(d, o, "valueReference", p->checker);
    json_close(o, '}');
    open_part(o, "on");
    put_date(o, "valueDate", p->from + 1);
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
}

static void put_posting_extensions(
    struct decade *d, struct json_out *o, const struct decade_posting *p)
{
    char id[PERSON_ID_MAX];

    json_name(o, "extension");
    json_open(o, '[');
    open_extension(o, "posting-team");
    put_reference(o, "valueReference", "Organization", team_id(d, p->team, id));
    json_close(o, '}');
    if (p->replaces != DECADE_NONE) {
        open_extension(o, "replaces");
        put_reference(
            o, "valueReference", "PractitionerRole", posting_id(d, p->replaces, id));
        json_close(o, '}');
    }
    open_extension(o, "arrived");
    put_date(o, "valueDate", p->from);
    json_close(o, '}');
    if (p->checker != DECADE_NONE) {
        put_check(d, o, "licence", "passed", p);
        put_check(d, o, "privileges", "passed", p);
        put_check(d, o, "altitude-fitness", p->conditions ? "conditions" : "passed", p);
    }
    json_close(o, ']');
}

static void posting_write(struct decade *d, uint32_t posting)
{
    const struct decade_posting *p = &d->postings[posting];
    const struct decade_department *at = &d->departments[p->department];
    char id[PERSON_ID_MAX];
    struct json_out *o = decade_open(d, "PractitionerRole", posting_id(d, posting, id));

    decade_gap_posting(d, posting);
    put_posting_extensions(d, o, p);
    put_bool(o, "active", true);
    put_period(o, "period", p->from, p->until);
    put_person(d, o, "practitioner", p->person);
    put_reference(o, "organization", "Organization", at->id);
    json_name(o, "code");
    json_open(o, '[');
    put_concept_value(o, "role", "expert", decade_specialties[at->specialty].doctor);
    json_close(o, ']');
    json_name(o, "location");
    json_open(o, '[');
    put_reference_value(o, "Location", d->hospitals[at->hospital].id);
    json_close(o, ']');
    if (p->leave_from != 0) {
        json_name(o, "notAvailable");
        json_open(o, '[');
        json_open(o, '{');
        put_text(o, "description", "Home leave");
        put_period(o, "during", p->leave_from, p->leave_until);
        json_close(o, '}');
        json_close(o, ']');
    }
    decade_close(d);
}

/* ---- what becomes of a posting ---- */

static int arrives(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_posting *p = &d->postings[of[0]];
    struct decade_department *at = &d->departments[p->department];

    p->checker = d->hospitals[at->hospital].director;
    if (at->head != DECADE_NONE)
        p->checker = at->head;
    posting_write(d, of[0]);
    return decade_list_add(d, &at->experts, of[0], err);
}

static int goes(struct decade *d, const uint32_t of[4], struct err *err)
{
    const struct decade_posting *p = &d->postings[of[0]];

    (void)err;
    decade_list_remove(&d->departments[p->department].experts, of[0]);
    return 0;
}

/* Leave is entered some weeks before. */
static int plans_leave(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_posting *p = &d->postings[of[0]];

    (void)err;
    if ((day_number)of[2] > p->until)
        return 0;
    p->leave_from = (day_number)of[1];
    p->leave_until = (day_number)of[2];
    posting_write(d, of[0]);
    return 0;
}

static int posting_add(
    struct decade *d, const struct decade_posting *like, struct err *err);

static uint32_t expert_new(struct decade *d, struct decade_sending *s, uint32_t sender,
    uint32_t specialty, struct err *err)
{
    const struct decade_person like = {.role = ROLE_EXPERT,
        .department = DECADE_NONE,
        .hospital = sender,
        .specialty = specialty,
        .from = d->day,
        .until = DECADE_NEVER,
        .people = NAMES_CN};

    return decade_person_new(d, &s->chance, &like, err);
}

/* The term ends early, today; perhaps somebody comes in their place. */
static int ends_early(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_sending *s = d->sending;
    struct decade_posting old = d->postings[of[0]];
    struct decade_posting new = {0};
    day_number planned = old.until;
    int r = 0;

    d->postings[of[0]].until = d->day;
    posting_write(d, of[0]);
    r = goes(d, of, err);
    if (r < 0 || !chance_permille(&s->chance, REPLACED_PERMILLE))
        return r;
    new = old;
    new.from = d->day + chance_between(&s->chance, 7, 60);
    new.until = planned;
    new.leave_from = new.leave_until = 0;
    new.replaces = of[0];
    if (new.from + 30 > new.until || new.from > d->last)
        return 0;
    new.person = expert_new(
        d, s, d->teams[old.team].sender, d->departments[old.department].specialty, err);
    return new.person == DECADE_NONE ? E_NOMEM : posting_add(d, &new, err);
}

/* Plan what happens to it: leave, an early end, the end. */
static int posting_plan(struct decade *d, uint32_t posting, struct err *err)
{
    struct decade_sending *s = d->sending;
    const struct decade_posting p = d->postings[posting];
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    day_number leave = 0;
    int r = decade_do_later(d, p.from, arrives, (const uint32_t[4]){posting}, err);

    decade_date_of(p.from, &year, &month, &day);
    leave =
        decade_day_of(year + (month > 2), 1, 20) + chance_between(&s->chance, 0, 25);
    if (r == 0 && chance_permille(&s->chance, LEAVE_PERMILLE) && leave > p.from + 60) {
        day_number back = leave + chance_between(&s->chance, 15, 32);

        r = decade_do_later(d, leave - chance_between(&s->chance, 10, 40), plans_leave,
            (const uint32_t[4]){posting, (uint32_t)leave, (uint32_t)back}, err);
    }
    if (r == 0 && chance_permille(&s->chance, EARLY_PERMILLE))
        return decade_do_later(d, p.from + chance_between(&s->chance, 5, 240),
            ends_early, (const uint32_t[4]){posting}, err);
    return r == 0 ? decade_do_later(
                        d, p.until + 1, goes, (const uint32_t[4]){posting}, err)
                  : r;
}

static int posting_add(
    struct decade *d, const struct decade_posting *like, struct err *err)
{
    int r = decade_room(d, (void **)&d->postings, d->posting_count, &d->posting_room,
        sizeof(*d->postings), err);

    if (r < 0)
        return r;
    d->postings[d->posting_count] = *like;
    return posting_plan(d, d->posting_count++, err);
}

/* ---- a batch ---- */

/* The hosts of a province's hospital: two stand in one town, and its hospitals take turns. */
static bool sends_to(const struct decade *d, uint32_t sender, uint32_t host)
{
    const struct decade_hospital *s = &d->hospitals[sender];
    const struct decade_hospital *h = &d->hospitals[host];
    const struct decade_province *province = &decade_provinces[s->province];
    uint32_t order = sender - d->first_sender[s->province];

    if (h->tier == TIER_COUNTY)
        return strcmp(h->place->parent, province->host) == 0;
    if (strcmp(h->place->id, province->host) != 0)
        return false;
    if (strcmp(province->host, "lhasa") != 0)
        return true;
    return host == HOST_LHASA ? province->joins == 1 && order % 2 == 0
                              : province->joins > 1 || order % 2 == 1;
}

/* Does ${sender} send with ${batch}? One after the other begins. */
static bool takes_part(const struct decade *d, uint32_t sender, uint32_t batch)
{
    const struct decade_hospital *h = &d->hospitals[sender];
    const struct decade_province *province = &decade_provinces[h->province];
    uint32_t order = sender - d->first_sender[h->province];
    uint32_t years = province->joins == 1 ? FIRST_YEARS : 4;

    return batch >= province->joins + order * years / province->hospitals;
}

/* Who may send to ${host} with ${batch}, those first who never did. */
static int senders_of(struct decade *d, uint32_t host, uint32_t batch,
    struct decade_list *ret, struct err *err)
{
    int r = 0;

    ret->count = 0;
    for (int written = 0; written < 2; written++) {
        for (uint32_t i = 0; r == 0 && i < d->hospital_count; i++) {
            const struct decade_hospital *h = &d->hospitals[i];

            if (h->tier == TIER_SENDING && h->written == (bool)written &&
                takes_part(d, i, batch) && sends_to(d, i, host))
                r = decade_list_add(d, ret, i, err);
        }
    }
    return r;
}

/* The team of ${sender} at ${host}, made if there is none. */
static int team_of(
    struct decade *d, const struct decade_team *like, uint32_t *ret, struct err *err)
{
    int r = 0;

    for (uint32_t i = d->team_count; i-- > 0 && d->teams[i].batch == like->batch;) {
        if (d->teams[i].sender == like->sender && d->teams[i].host == like->host) {
            *ret = i;
            return 0;
        }
    }
    r = decade_room(
        d, (void **)&d->teams, d->team_count, &d->team_room, sizeof(*d->teams), err);
    if (r == 0)
        r = decade_hospital_write(d, like->sender, err);
    if (r < 0)
        return r;
    d->teams[d->team_count] = *like;
    *ret = d->team_count++;
    team_write(d, *ret);
    return 0;
}

/* A department of ${host} for one more post, by specialties' weights. */
static uint32_t department_for(struct decade *d, struct chance *c, uint32_t host)
{
    const struct decade_hospital *h = &d->hospitals[host];
    uint16_t weights[DECADE_SPECIALTIES] = {0};

    for (uint32_t i = 0; i < h->department_count; i++) {
        const struct decade_department *one = &d->departments[h->first_department + i];

        if (one->written)
            weights[i] = (uint16_t)(decade_specialties[one->specialty].weight /
                                    (one->experts.count + one->coming + 1));
    }
    return h->first_department + chance_weighted(c, weights, h->department_count);
}

/* Of those who stay at ${host} for ${sender}: the posting before; DECADE_NONE. */
static uint32_t staying_taken(struct decade *d, uint32_t sender, uint32_t host)
{
    struct decade_list *staying = &d->sending->staying;

    for (uint32_t i = 0; i < staying->count; i++) {
        uint32_t one = staying->at[i];
        const struct decade_team *t = &d->teams[d->postings[one].team];

        if (t->sender == sender && t->host == host) {
            decade_list_remove(staying, one);
            return one;
        }
    }
    return DECADE_NONE;
}

/* Who is there to the end of the batch before may stay. */
static int staying_choose(struct decade *d, struct err *err)
{
    struct decade_sending *s = d->sending;
    int r = 0;

    s->staying.count = 0;
    for (uint32_t i = 0; r == 0 && i < d->posting_count; i++) {
        if (d->postings[i].until + 2 >= d->day &&
            chance_permille(&s->chance, STAYS_PERMILLE))
            r = decade_list_add(d, &s->staying, i, err);
    }
    return r;
}

static int post_fill(
    struct decade *d, uint32_t sender, uint32_t host, uint32_t batch, struct err *err)
{
    struct decade_sending *s = d->sending;
    int year = decade_batches[batch - 1].year;
    struct decade_team team = {.sender = sender,
        .host = host,
        .batch = (uint16_t)batch,
        .from = decade_day_of(year, 8, 3),
        .until = decade_day_of(year + 1, 8, 14)};
    uint32_t stays = staying_taken(d, sender, host);
    struct decade_posting p = {.department = stays == DECADE_NONE
                                                 ? department_for(d, &s->chance, host)
                                                 : d->postings[stays].department,
        .replaces = DECADE_NONE,
        .checker = DECADE_NONE,
        .from = team.from + chance_between(&s->chance, 0, 14),
        .until = decade_day_of(year + 1, 7, 31)};
    int r = 0;

    if (chance_permille(&s->chance, SHORT_PERMILLE))
        p.until = p.from + chance_between(&s->chance, 90, 180);
    else
        p.until += chance_between(&s->chance, 0, 14);
    p.conditions = chance_permille(&s->chance, CONDITIONS_PERMILLE);
    p.person = stays == DECADE_NONE ? expert_new(d, s, sender,
                                          d->departments[p.department].specialty, err)
                                    : d->postings[stays].person;
    if (p.person == DECADE_NONE)
        return E_NOMEM;
    if (stays != DECADE_NONE)
        p.from = d->postings[stays].until + 1;
    team.leader = p.person;
    r = team_of(d, &team, &p.team, err);
    d->departments[p.department].coming++;
    return r == 0 ? posting_add(d, &p, err) : r;
}

static int host_fill(
    struct decade *d, uint32_t host, uint32_t batch, uint32_t posts, struct err *err)
{
    struct decade_list senders = {0};
    int r = senders_of(d, host, batch, &senders, err);

    for (uint32_t i = 0; r == 0 && i < posts && senders.count > 0; i++)
        r = post_fill(d, senders.at[i % senders.count], host, batch, err);
    for (uint32_t i = 0; i < d->hospitals[host].department_count; i++)
        d->departments[d->hospitals[host].first_department + i].coming = 0;
    return r;
}

/* Posts are shared out by weights: what is rounded off at one host comes to the next. */
static int batch_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    const struct decade_batch *batch = &decade_batches[of[0]];
    uint32_t posts = decade_share(d, batch->assisted);
    uint32_t county = decade_share(d, batch->county);
    uint32_t counties = 0;
    uint32_t sum = 0;
    uint32_t before = 0;
    int r = staying_choose(d, err);

    for (uint32_t i = 0; i < DECADE_HOSTS; i++)
        sum += decade_hosts[i].posts;
    for (uint32_t i = 0; r == 0 && i < DECADE_HOSTS; i++) {
        uint32_t until = before + decade_hosts[i].posts;

        r = host_fill(d, i, of[0] + 1, posts * until / sum - posts * before / sum, err);
        before = until;
    }
    for (uint32_t i = 0; i < d->hospital_count; i++)
        counties += d->hospitals[i].tier == TIER_COUNTY;
    before = 0;
    for (uint32_t i = 0; r == 0 && county > 0 && i < d->hospital_count; i++) {
        if (d->hospitals[i].tier != TIER_COUNTY)
            continue;
        r = host_fill(d, i, of[0] + 1,
            county * (before + 1) / counties - county * before / counties, err);
        before++;
    }
    return r;
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    struct decade_sending *s = arena_alloc(d->arena, sizeof(*s));
    int r = 0;

    if (!s)
        return err_nomem(err);
    s->chance = chance_from(d->options.seed, "teams");
    d->sending = s;
    *keep = s;
    for (uint32_t i = 0; r == 0 && i < DECADE_BATCHES; i++)
        r = decade_do_later(d, decade_day_of(decade_batches[i].year, 8, 1), batch_due,
            (const uint32_t[4]){i}, err);
    return r;
}

const struct decade_part decade_teams = {"teams", begin, NULL, NULL, NULL};
