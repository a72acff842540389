/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hospitals and their departments. All are known to the walk from the first day; each is written
 * on the day on which the programme gets to know it: the assisted hospitals at the beginning, a
 * sending one when it sends for the first time, counties in 2021, and a sending hospital's
 * department when somebody comes from it.
 */
#include <stdio.h>
#include <string.h>

#include "app/decade_internal.h"

#define ORGANIZATION_KIND "http://terminology.hl7.org/CodeSystem/organization-type"
#define PLACE_KIND "http://terminology.hl7.org/CodeSystem/location-physical-type"

/* Hospitals of a sending town, in the order in which they begin to send. Chosen. */
static const char *const sender_names[] = {"General Hospital",
    "First People's Hospital", "University Hospital", "Second People's Hospital",
    "Central Hospital", "Third People's Hospital", "Second University Hospital",
    "Fourth People's Hospital", "Union Hospital", "Fifth People's Hospital",
    "East Hospital", "West Hospital", "Sixth People's Hospital", "North Hospital",
    "South Hospital", "Third University Hospital", "Seventh People's Hospital",
    "Friendship Hospital", "Eighth People's Hospital", "Workers' Hospital",
    "Ninth People's Hospital", "Railway Hospital", "Tenth People's Hospital",
    "Harbour Hospital"};
#define SENDER_NAMES (sizeof(sender_names) / sizeof(sender_names[0]))

/* ---- records ---- */

static void put_address(
    struct decade *d, struct json_out *o, const struct decade_hospital *h)
{
    (void)d;
    json_open(o, '{');
    put_text(o, "city", h->place->name);
    if (h->province != DECADE_NONE)
        put_text(o, "state", decade_provinces[h->province].name);
    put_text(o, "country", h->place->country);
    json_close(o, '}');
}

/* "d-area-nagqu": those of one prefecture; its region lies above. */
static const char *area_of(const struct decade_place *place, char out[DECADE_ID_MAX])
{
    const struct decade_place *above = decade_place_named(place->parent);
    bool county = strcmp(place->tier, "county") == 0;

    out[0] = '\0';
    if (strcmp(place->tier, "county") == 0 || strcmp(place->tier, "prefecture") == 0 ||
        strcmp(place->tier, "region") == 0)
        snprintf(
            out, DECADE_ID_MAX, "d-area-%s", county && above ? above->id : place->id);
    return out;
}

static void put_position(struct json_out *o, const struct decade_place *place)
{
    char number[32];

    json_name(o, "position");
    json_open(o, '{');
    json_name(o, "longitude");
    snprintf(number, sizeof(number), "%d.%02d", place->longitude / 100,
        place->longitude % 100);
    json_put_raw(o, str_of(number));
    json_name(o, "latitude");
    snprintf(number, sizeof(number), "%d.%02d", place->latitude / 100,
        place->latitude % 100);
    json_put_raw(o, str_of(number));
    put_int(o, "altitude", place->altitude);
    json_close(o, '}');
}

/* Minutes before UTC. */
static int clock_of(const struct decade_place *place)
{
    if (strcmp(place->country, "CN") == 0)
        return 480;
    return strcmp(place->country, "KG") == 0 ? 360 : 300;
}

static void location_write(struct decade *d, const struct decade_hospital *h)
{
    struct json_out *o = decade_open(d, "Location", h->id);
    char area[DECADE_ID_MAX];

    json_name(o, "extension");
    json_open(o, '[');
    open_extension(o, "utc-offset");
    put_int(o, "valueInteger", clock_of(h->place));
    json_close(o, '}');
    json_close(o, ']');
    put_text(o, "status", "active");
    put_text(o, "name", h->place->name);
    json_name(o, "alias");
    json_open(o, '[');
    json_put_str(o, h->place->chinese);
    json_close(o, ']');
    put_text(o, "mode", "instance");
    put_concept(o, "physicalType", PLACE_KIND, "area", "Town");
    json_name(o, "address");
    put_address(d, o, h);
    put_position(o, h->place);
    put_reference(o, "managingOrganization", "Organization", h->id);
    if (area_of(h->place, area)[0])
        put_reference(o, "partOf", "Location", area);
    decade_close(d);
}

int decade_hospital_write(struct decade *d, uint32_t hospital, struct err *err)
{
    struct decade_hospital *h = &d->hospitals[hospital];
    struct json_out *o = NULL;
    int r = 0;

    if (h->written)
        return 0;
    h->written = true;
    h->since = d->day;
    o = decade_open(d, "Organization", h->id);
    put_bool(o, "active", true);
    json_name(o, "type");
    json_open(o, '[');
    put_concept_value(o, ORGANIZATION_KIND, "prov", "Hospital");
    json_close(o, ']');
    put_text(o, "name", h->name);
    json_name(o, "address");
    json_open(o, '[');
    put_address(d, o, h);
    json_close(o, ']');
    decade_close(d);
    location_write(d, h);
    for (uint32_t i = 0; r == 0 && h->tier != TIER_SENDING && i < h->department_count;
         i++)
        r = decade_department_write(d, h->first_department + i, err);
    return r;
}

/* One that is not there yet is written on its day. */
static int department_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    return decade_department_write(d, of[0], err);
}

int decade_department_write(struct decade *d, uint32_t department, struct err *err)
{
    struct decade_department *one = &d->departments[department];
    const struct decade_hospital *h = &d->hospitals[one->hospital];
    struct json_out *o = NULL;
    int r = 0;

    if (one->written)
        return 0;
    if (one->since > d->day)
        return decade_do_later(
            d, one->since, department_due, (const uint32_t[4]){department}, err);
    if (!h->written)
        r = decade_hospital_write(d, one->hospital, err);
    if (r < 0 || one->written)
        return r;
    one->written = true;
    one->since = d->day;
    o = decade_open(d, "Organization", one->id);
    put_bool(o, "active", true);
    json_name(o, "type");
    json_open(o, '[');
    put_concept_value(o, ORGANIZATION_KIND, "dept", "Department");
    json_close(o, ']');
    put_text(o, "name", decade_specialties[one->specialty].name);
    put_reference(o, "partOf", "Organization", h->id);
    decade_close(d);
    return 0;
}

uint32_t decade_department_of(
    const struct decade *d, uint32_t hospital, uint32_t specialty)
{
    const struct decade_hospital *h = &d->hospitals[hospital];

    for (uint32_t i = 0; i < h->department_count; i++) {
        if (d->departments[h->first_department + i].specialty == specialty)
            return h->first_department + i;
    }
    return DECADE_NONE;
}

/* ---- what there is ---- */

/* Of a hospital abroad one department asks for all: the year, as of the others. */
static int asks_from_abroad(const struct decade_specialty *sp)
{
    return strcmp(sp->name, "Internal medicine") == 0 ? 15 : 0;
}

static int departments_add(struct decade *d, uint32_t hospital, struct err *err)
{
    struct decade_hospital *h = &d->hospitals[hospital];
    int r = 0;

    h->first_department = d->department_count;
    for (uint32_t s = 0; r == 0 && s < DECADE_SPECIALTIES; s++) {
        const struct decade_specialty *sp = &decade_specialties[s];
        int year = h->tier == TIER_ASSISTED ? sp->assisted
                   : h->tier == TIER_COUNTY ? sp->county
                   : h->tier == TIER_ABROAD ? asks_from_abroad(sp)
                                            : 15;
        struct decade_department *one = NULL;

        if (year == 0)
            continue;
        r = decade_room(d, (void **)&d->departments, d->department_count,
            &d->department_room, sizeof(*d->departments), err);
        if (r < 0)
            break;
        one = &d->departments[d->department_count++];
        *one = (struct decade_department){.hospital = hospital,
            .specialty = s,
            .since = decade_day_of(2000 + year, 1, 1),
            .twin = DECADE_NONE,
            .head = DECADE_NONE};
        snprintf(one->id, sizeof(one->id), "%s-%02u", h->id, s + 1);
        h->department_count++;
    }
    return r;
}

int decade_hospital_new(
    struct decade *d, const struct decade_hospital *like, struct err *err)
{
    int r = decade_room(d, (void **)&d->hospitals, d->hospital_count, &d->hospital_room,
        sizeof(*d->hospitals), err);

    if (r < 0)
        return r;
    d->hospitals[d->hospital_count] = *like;
    d->hospitals[d->hospital_count].since = DECADE_NEVER;
    d->hospitals[d->hospital_count].director = DECADE_NONE;
    d->hospitals[d->hospital_count].coordinator = DECADE_NONE;
    d->hospitals[d->hospital_count].quality = DECADE_NONE;
    d->hospital_count++;
    return departments_add(d, d->hospital_count - 1, err);
}

static int assisted_add(struct decade *d, struct err *err)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < DECADE_HOSTS; i++) {
        struct decade_hospital h = {.place = decade_place_named(decade_hosts[i].place),
            .tier = TIER_ASSISTED,
            .province = DECADE_NONE};

        snprintf(h.id, sizeof(h.id), "d-h%u", i + 1);
        snprintf(h.name, sizeof(h.name), "%s", decade_hosts[i].name);
        r = h.place ? decade_hospital_new(d, &h, err)
                    : err_set(err, E_BUG, NULL, "There is no town %s.",
                          decade_hosts[i].place);
    }
    return r;
}

static int counties_add(struct decade *d, struct err *err)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < decade_place_count; i++) {
        struct decade_hospital h = {
            .place = &decade_places[i], .tier = TIER_COUNTY, .province = DECADE_NONE};

        if (strcmp(h.place->tier, "county") != 0)
            continue;
        snprintf(h.id, sizeof(h.id), "d-c-%s", h.place->id);
        snprintf(h.name, sizeof(h.name), "%s County People's Hospital", h.place->name);
        r = decade_hospital_new(d, &h, err);
    }
    return r;
}

static int senders_add(struct decade *d, struct err *err)
{
    int r = 0;

    for (uint32_t p = 0; p < DECADE_PROVINCES; p++) {
        const struct decade_province *province = &decade_provinces[p];

        d->first_sender[p] = d->hospital_count;
        for (uint32_t i = 0; r == 0 && i < province->hospitals; i++) {
            struct decade_hospital h = {.place = decade_place_named(province->place),
                .tier = TIER_SENDING,
                .province = p};

            if (!h.place || i >= SENDER_NAMES)
                return err_set(err, E_BUG, NULL, "%s has no town or too few names.",
                    province->name);
            snprintf(h.id, sizeof(h.id), "d-s-%s-%u", h.place->id, i + 1);
            snprintf(h.name, sizeof(h.name), "%s %s", h.place->name, sender_names[i]);
            r = decade_hospital_new(d, &h, err);
        }
    }
    return r;
}

/* The hospital that stands in ${place}, the first of several; NULL: none that is assisted. */
static const struct decade_hospital *hospital_in(
    const struct decade *d, const struct decade_place *place)
{
    for (uint32_t i = 0; i < d->hospital_count; i++) {
        if (d->hospitals[i].tier == TIER_ASSISTED && d->hospitals[i].place == place)
            return &d->hospitals[i];
    }
    return NULL;
}

/* ${own}: the hospital of all of it; NULL: none is named. */
static void area_write(struct decade *d, const char *id, const char *name,
    const char *above, const struct decade_hospital *own)
{
    struct json_out *o = decade_open(d, "Location", id);

    put_text(o, "status", "active");
    put_text(o, "name", name);
    put_text(o, "mode", "kind");
    put_concept(o, "physicalType", PLACE_KIND, "jdn", "Jurisdiction");
    if (own)
        put_reference(o, "managingOrganization", "Organization", own->id);
    if (above)
        put_reference(o, "partOf", "Location", above);
    decade_close(d);
}

/* The region and its prefectures. */
static int areas_write(struct decade *d, const uint32_t of[4], struct err *err)
{
    (void)of;
    (void)err;
    area_write(d, "d-region-lhasa", "Region of Lhasa", NULL, NULL);
    for (size_t i = 0; i < decade_place_count; i++) {
        const struct decade_place *place = &decade_places[i];
        char id[DECADE_ID_MAX];
        char name[DECADE_NAME_MAX];

        if (strcmp(place->id, "lhasa") != 0 &&
            (strcmp(place->tier, "prefecture") != 0 ||
                strcmp(place->parent, "lhasa") != 0))
            continue;
        snprintf(name, sizeof(name), "Around %s", place->name);
        area_write(
            d, area_of(place, id), name, "d-region-lhasa", hospital_in(d, place));
    }
    return 0;
}

static int tier_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < d->hospital_count; i++) {
        if ((uint32_t)d->hospitals[i].tier == of[0])
            r = decade_hospital_write(d, i, err);
    }
    return r;
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    int r = assisted_add(d, err);

    (void)keep;
    if (r == 0)
        r = counties_add(d, err);
    if (r == 0)
        r = senders_add(d, err);
    if (r == 0)
        r = decade_do_later(d, d->day, areas_write, (const uint32_t[4]){0}, err);
    if (r == 0)
        r = decade_do_later(
            d, d->day, tier_due, (const uint32_t[4]){TIER_ASSISTED}, err);
    if (r == 0)
        r = decade_do_later(d, decade_day_of(2021, 6, 1), tier_due,
            (const uint32_t[4]){TIER_COUNTY}, err);
    return r;
}

const struct decade_part decade_organisations = {
    "organisations", begin, NULL, NULL, NULL};
