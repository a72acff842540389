/* SPDX-License-Identifier: Apache-2.0 */
/* Hospitals of five countries and what ties them to the hospital that treats their patients. */
#include <stdio.h>
#include <string.h>

#include "app/decade_abroad_internal.h"

#define HUB_PLACE "urumqi"

const struct decade_country decade_countries[DECADE_COUNTRIES] = {
    {"TJ", "tg", NAMES_TJ, 26},
    {"KZ", "kk", NAMES_KZ, 34},
    {"KG", "ky", NAMES_KZ, 22},
    {"UZ", "uz", NAMES_TJ, 12},
    {"TM", "tk", NAMES_KZ, 6},
};

uint32_t decade_country_of(const struct decade_place *place)
{
    uint32_t at = 0;

    while (at + 1 < DECADE_COUNTRIES &&
           strcmp(decade_countries[at].code, place->country) != 0)
        at++;
    return at;
}

/* Published: 22 hospitals of other countries are linked. Their towns and the years are chosen. */
static const struct {
    const char *place;
    uint8_t hospitals;
} towns[] = {{"dushanbe", 3}, {"khorugh", 1}, {"almaty", 3}, {"astana", 2},
    {"bishkek", 3}, {"osh", 2}, {"tashkent", 3}, {"urgench", 1}, {"samarkand", 2},
    {"ashgabat", 2}};
#define TOWNS (sizeof(towns) / sizeof(towns[0]))
static const char *const names[] = {
    "City Hospital", "Clinical Hospital", "Children's Hospital"};
#define NAMES (sizeof(names) / sizeof(names[0]))
static const int first_year = 2015;
static const int last_year = 2023;

/* Published: four hospitals signed with one centre in January 2024. */
#define SIGNED_TOGETHER 4
/* Published: 185 experts to five countries, 2023 and 2024. */
static const uint16_t dispatched[2] = {88, 97};
static const char *const works[] = {
    "diagnosis", "health-education", "training", "research"};
static const uint16_t work_weights[] = {45, 20, 25, 10};

/* ---- hospitals and links ---- */

static int hospitals_add(struct decade *d, struct err *err)
{
    struct decade_abroad *a = d->abroad;
    struct decade_hospital h = {.place = decade_place_named(HUB_PLACE),
        .tier = TIER_HUB,
        .province = DECADE_NONE,
        .id = "d-hub",
        .name = "Urumqi University Hospital"};
    int r = h.place ? decade_hospital_new(d, &h, err)
                    : err_set(err, E_BUG, NULL, "There is no town " HUB_PLACE ".");

    a->hub = d->hospital_count - 1;
    a->first = d->hospital_count;
    for (size_t t = 0; t < TOWNS; t++) {
        for (uint32_t i = 0; r == 0 && i < towns[t].hospitals && i < NAMES; i++) {
            h = (struct decade_hospital){.place = decade_place_named(towns[t].place),
                .tier = TIER_ABROAD,
                .province = DECADE_NONE};
            if (!h.place)
                return err_set(
                    err, E_BUG, NULL, "There is no town %s.", towns[t].place);
            snprintf(h.id, sizeof(h.id), "d-f-%s-%u", h.place->id, i + 1);
            snprintf(h.name, sizeof(h.name), "%s %s", h.place->name, names[i]);
            r = decade_hospital_new(d, &h, err);
            a->count++;
        }
    }
    return r;
}

static void agreement_write(
    struct decade *d, const char *id, const char *kind, const struct decade_hospital *h)
{
    struct json_out *o = decade_open(d, "Contract", id);

    put_text(o, "status", "executed");
    put_date(o, "issued", d->day);
    put_period(o, "applies", d->day, DECADE_NEVER);
    json_name(o, "authority");
    json_open(o, '[');
    put_reference_value(o, "Organization", d->hospitals[d->abroad->hub].id);
    put_reference_value(o, "Organization", h->id);
    json_close(o, ']');
    json_name(o, "type");
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    json_open(o, '{');
    put_text(o, "code", kind);
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
    decade_close(d);
}

/* of: which hospital abroad. It is linked, after an agreement. */
static int linked(struct decade *d, const uint32_t of[4], struct err *err)
{
    const struct decade_hospital *h = &d->hospitals[d->abroad->first + of[0]];
    const struct decade_hospital *hub = &d->hospitals[d->abroad->hub];
    char id[2 * DECADE_ID_MAX];
    struct json_out *o = NULL;
    int r = decade_hospital_write(d, d->abroad->first + of[0], err);

    snprintf(id, sizeof(id), "d-k-%s", h->id + 2);
    agreement_write(d, id, "telemedicine", h);
    snprintf(id, sizeof(id), "%s-link", h->id);
    o = decade_open(d, "OrganizationAffiliation", id);
    put_bool(o, "active", true);
    put_period(o, "period", d->day, DECADE_NEVER);
    put_reference(o, "organization", "Organization", h->id);
    put_reference(o, "participatingOrganization", "Organization", hub->id);
    json_name(o, "code");
    json_open(o, '[');
    put_concept_value(o, "affiliation", "telemedicine-link", "Telemedicine link");
    json_close(o, ']');
    decade_close(d);
    return r;
}

/* of: which hospital abroad; which kind. */
static int signs(struct decade *d, const uint32_t of[4], struct err *err)
{
    const struct decade_hospital *h = &d->hospitals[d->abroad->first + of[0]];
    char id[2 * DECADE_ID_MAX];

    (void)err;
    snprintf(id, sizeof(id), "d-k-%s-%u", h->id + 2, of[1] + 1);
    agreement_write(d, id, of[1] ? "academic" : "exchange", h);
    return 0;
}

static int hub_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    (void)of;
    return decade_hospital_write(d, d->abroad->hub, err);
}

static int links_plan(struct decade *d, struct err *err)
{
    struct decade_abroad *a = d->abroad;
    day_number first = decade_day_of(first_year, 5, 1);
    day_number days = decade_day_of(last_year, 11, 1) - first;
    int r = decade_do_later(d, d->day, hub_due, (const uint32_t[4]){0}, err);

    for (uint32_t i = 0; r == 0 && i < a->count; i++) {
        /* the first of each town earlier than its second: 7 has no common factor with 22 */
        day_number on =
            first + days * (day_number)(i * 7 % a->count) / (day_number)a->count;

        on += chance_between(&a->chance, 0, 60);
        r = decade_do_later(d, on, linked, (const uint32_t[4]){i}, err);
        if (r == 0 && chance_permille(&a->chance, 400))
            r = decade_do_later(d, on + chance_between(&a->chance, 100, 500), signs,
                (const uint32_t[4]){i, 1}, err);
    }
    for (uint32_t i = 0; r == 0 && i < SIGNED_TOGETHER; i++)
        r = decade_do_later(
            d, decade_day_of(2024, 1, 16), signs, (const uint32_t[4]){i * 3, 0}, err);
    return r;
}

/* ---- research ---- */

/* Chosen: studies of illnesses common in the area; the key laboratory came in December 2023. */
static const struct {
    int year;
    const char *title;
    const char *illness;
} studies[] = {
    {2017, "Cysts of the liver by echinococcus: what recurs", "Echinococcosis"},
    {2018, "High blood pressure at altitude", "Hypertension"},
    {2019, "Rheumatic valves in the young", "Rheumatic heart disease"},
    {2020, "Tuberculosis that resists medicines", "Tuberculosis"},
    {2021, "Stroke in young people", "Stroke"},
    {2022, "Polycythaemia of those who live high", "Chronic mountain sickness"},
    {2023, "Key laboratory: echinococcus in three organs", "Echinococcosis"},
    {2024, "Cancer of the oesophagus found early", "Cancer of the oesophagus"}};
#define STUDIES (sizeof(studies) / sizeof(studies[0]))

static int study_begins(struct decade *d, const uint32_t of[4], struct err *err)
{
    const struct decade_abroad *a = d->abroad;
    char id[PERSON_ID_MAX];
    struct json_out *o = NULL;

    (void)err;
    snprintf(id, sizeof(id), "d-y%u", of[0] + 1);
    o = decade_open(d, "ResearchStudy", id);
    put_text(o, "title", studies[of[0]].title);
    put_text(o, "status", "active");
    json_name(o, "condition");
    json_open(o, '[');
    json_open(o, '{');
    put_text(o, "text", studies[of[0]].illness);
    json_close(o, '}');
    json_close(o, ']');
    put_period(o, "period", d->day, d->day + 1095);
    put_reference(o, "sponsor", "Organization", d->hospitals[a->hub].id);
    json_name(o, "site");
    json_open(o, '[');
    put_reference_value(o, "Location", d->hospitals[a->hub].id);
    for (uint32_t i = 0; i < a->count; i++) {
        if (d->hospitals[a->first + i].written && i % 5 == of[0] % 5)
            put_reference_value(o, "Location", d->hospitals[a->first + i].id);
    }
    put_reference_value(o, "Location", d->hospitals[of[0] % DECADE_HOSTS].id);
    json_close(o, ']');
    decade_close(d);
    return 0;
}

/* ---- experts who go abroad ---- */

static void team_write(
    struct decade *d, const char *id, uint32_t sender, uint32_t leader)
{
    char name[2 * DECADE_NAME_MAX];
    struct json_out *o = decade_open(d, "Organization", id);

    snprintf(name, sizeof(name), "%s abroad", d->hospitals[sender].name);
    json_name(o, "extension");
    json_open(o, '[');
    open_extension(o, "team-leader");
    put_person(d, o, "valueReference", leader);
    json_close(o, '}');
    json_close(o, ']');
    put_bool(o, "active", true);
    json_name(o, "type");
    json_open(o, '[');
    put_concept_value(o, "organization-kind", "team", "Team");
    json_close(o, ']');
    put_text(o, "name", name);
    put_reference(o, "partOf", "Organization", d->hospitals[sender].id);
    decade_close(d);
}

static void posted_write(struct decade *d, uint32_t person, const char *team,
    uint32_t host, const char *work, day_number until)
{
    char id[PERSON_ID_MAX];
    struct json_out *o = NULL;

    snprintf(id, sizeof(id), "d-w%u", d->people[person].number);
    o = decade_open(d, "PractitionerRole", id);
    json_name(o, "extension");
    json_open(o, '[');
    open_extension(o, "posting-team");
    put_reference(o, "valueReference", "Organization", team);
    json_close(o, '}');
    open_extension(o, "posting-work");
    put_text(o, "valueCode", work);
    json_close(o, '}');
    json_close(o, ']');
    put_bool(o, "active", true);
    put_period(o, "period", d->day, until);
    put_person(d, o, "practitioner", person);
    put_reference(o, "organization", "Organization", d->hospitals[host].id);
    json_name(o, "code");
    json_open(o, '[');
    put_concept_value(o, "role", "expert", NULL);
    json_close(o, ']');
    decade_close(d);
}

/* of: the last day on which one of this year is there. One goes, from a hospital that sends. */
static int goes_abroad(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_abroad *a = d->abroad;
    struct chance *c = &a->chance;
    uint32_t sender =
        d->first_sender[6] + chance_below(c, decade_provinces[6].hospitals);
    uint32_t host = a->first + chance_below(c, a->count);
    const struct decade_person like = {.role = ROLE_EXPERT,
        .department = DECADE_NONE,
        .hospital = sender,
        .from = d->day,
        .until = DECADE_NEVER,
        .people = NAMES_CN};
    day_number until = d->day + chance_between(c, 14, 120);
    uint32_t person = decade_person_new(d, c, &like, err);
    char team[2 * DECADE_ID_MAX];

    if (person == DECADE_NONE)
        return E_NOMEM;
    if (until > (day_number)of[0])
        until = (day_number)of[0];
    snprintf(team, sizeof(team), "%s-abroad", d->hospitals[sender].id);
    team_write(d, team, sender, person);
    posted_write(
        d, person, team, host, works[chance_weighted(c, work_weights, 4)], until);
    return 0;
}

static int dispatch_plan(struct decade *d, struct err *err)
{
    struct chance *c = &d->abroad->chance;
    int r = 0;

    for (int y = 0; y < 2; y++) {
        day_number last = decade_day_of(2023 + y, 12, 31);
        uint32_t count = decade_share(d, dispatched[y]);

        for (uint32_t i = 0; r == 0 && i < count; i++)
            r = decade_do_later(d,
                decade_day_of(2023 + y, 2, 1) + chance_between(c, 0, 310), goes_abroad,
                (const uint32_t[4]){(uint32_t)last}, err);
    }
    return r;
}

/* ---- the part ---- */

static int month(struct decade *d, void *keep, struct err *err)
{
    (void)keep;
    return decade_visitors_month(d, err);
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    int r = 0;

    d->abroad = arena_alloc(d->arena, sizeof(*d->abroad));
    if (!d->abroad)
        return err_nomem(err);
    d->abroad->chance = chance_from(d->options.seed, "abroad");
    d->abroad->visits = chance_from(d->options.seed, "visitors");
    d->abroad->papers = chance_from(d->options.seed, "visitor-papers");
    d->abroad->students = chance_from(d->options.seed, "students");
    *keep = d->abroad;
    r = hospitals_add(d, err);
    if (r == 0)
        r = links_plan(d, err);
    for (uint32_t i = 0; r == 0 && i < STUDIES; i++)
        r = decade_do_later(d, decade_day_of(studies[i].year, i == 6 ? 12 : 3 + i, 10),
            study_begins, (const uint32_t[4]){i}, err);
    if (r == 0)
        r = dispatch_plan(d, err);
    if (r == 0)
        r = decade_visitors_begin(d, err);
    return r == 0 ? decade_students_begin(d, err) : r;
}

const struct decade_part decade_abroad = {"abroad", begin, month, NULL, NULL};
