/* SPDX-License-Identifier: Apache-2.0 */
/* Records of the decade as lines of JSON, and the days that stand in them. */
#include <stdio.h>
#include <string.h>

#include "app/decade_internal.h"

#define DAY_MINUTES 1440

/* ---- days ---- */

day_number decade_day_of(int year, unsigned month, unsigned day)
{
    return (day_number)time_days(year, month, day);
}

void decade_date_of(
    day_number day, int *ret_year, unsigned *ret_month, unsigned *ret_day)
{
    int64_t year = 0;

    time_date(day, &year, ret_month, ret_day);
    *ret_year = (int)year;
}

uint32_t decade_year(const struct decade *d)
{
    unsigned month = 0, day = 0;
    int year = 0;

    decade_date_of(d->day, &year, &month, &day);
    return (uint32_t)(year - 2015);
}

const char *decade_date(day_number day, char out[DECADE_DATE_MAX])
{
    char iso[TIME_ISO_MAX];

    time_iso((utc_ms)day * DAY_MINUTES * 60000, iso);
    memcpy(out, iso, 10);
    out[10] = '\0';
    return out;
}

/* ---- records ---- */

struct json_out *decade_open(struct decade *d, const char *type, const char *id)
{
    d->out = json_out(&d->lines);
    json_open(&d->out, '{');
    put_text(&d->out, "resourceType", type);
    put_text(&d->out, "id", id);
    return &d->out;
}

void decade_close(struct decade *d)
{
    json_close(&d->out, '}');
    buf_addc(&d->lines, '\n');
}

void put_text(struct json_out *o, const char *name, const char *text)
{
    json_name(o, name);
    json_put_str(o, text);
}

void put_int(struct json_out *o, const char *name, int64_t value)
{
    json_name(o, name);
    json_put_int(o, value);
}

void put_bool(struct json_out *o, const char *name, bool value)
{
    json_name(o, name);
    json_put_bool(o, value);
}

void put_reference_value(struct json_out *o, const char *type, const char *id)
{
    char whole[DECADE_ID_MAX + 32];

    snprintf(whole, sizeof(whole), "%s/%s", type, id);
    json_open(o, '{');
    put_text(o, "reference", whole);
    json_close(o, '}');
}

void put_reference(
    struct json_out *o, const char *name, const char *type, const char *id)
{
    json_name(o, name);
    put_reference_value(o, type, id);
}

void put_concept_value(
    struct json_out *o, const char *system, const char *code, const char *text)
{
    char whole[128];

    snprintf(whole, sizeof(whole), "%s%s",
        strchr(system, ':') ? "" : BELAY "CodeSystem/", system);
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    json_open(o, '{');
    put_text(o, "system", whole);
    put_text(o, "code", code);
    json_close(o, '}');
    json_close(o, ']');
    if (text)
        put_text(o, "text", text);
    json_close(o, '}');
}

void put_concept(struct json_out *o, const char *name, const char *system,
    const char *code, const char *text)
{
    json_name(o, name);
    put_concept_value(o, system, code, text);
}

static void put_name(struct json_out *o, const char *name)
{
    json_open(o, '{');
    put_text(o, "text", name);
    json_close(o, '}');
}

void put_names(struct json_out *o, const char *name, const char *also)
{
    json_name(o, "name");
    json_open(o, '[');
    put_name(o, name);
    if (also && also[0])
        put_name(o, also);
    json_close(o, ']');
}

void put_date(struct json_out *o, const char *name, day_number day)
{
    char date[DECADE_DATE_MAX];

    put_text(o, name, decade_date(day, date));
}

void put_instant(struct json_out *o, const char *name, day_number day, int32_t minute)
{
    char instant[TIME_ISO_MAX];

    time_iso(((utc_ms)day * DAY_MINUTES + minute) * 60000, instant);
    put_text(o, name, instant);
}

void put_period(struct json_out *o, const char *name, day_number from, day_number until)
{
    json_name(o, name);
    json_open(o, '{');
    put_date(o, "start", from);
    if (until != DECADE_NEVER)
        put_date(o, "end", until);
    json_close(o, '}');
}

void open_part(struct json_out *o, const char *url)
{
    json_open(o, '{');
    put_text(o, "url", url);
}

void open_extension(struct json_out *o, const char *name)
{
    char url[128];

    snprintf(url, sizeof(url), "%s%s", BELAY "StructureDefinition/", name);
    open_part(o, url);
}

/* ---- ids ---- */

const char *person_id(const struct decade *d, uint32_t person, char out[PERSON_ID_MAX])
{
    snprintf(out, PERSON_ID_MAX, "d-p%u", d->people[person].number);
    return out;
}

const char *posting_id(
    const struct decade *d, uint32_t posting, char out[PERSON_ID_MAX])
{
    (void)d;
    snprintf(out, PERSON_ID_MAX, "d-x%u", posting + 1);
    return out;
}

const char *team_id(const struct decade *d, uint32_t team, char out[PERSON_ID_MAX])
{
    (void)d;
    snprintf(out, PERSON_ID_MAX, "d-t%u", team + 1);
    return out;
}

void put_person(
    const struct decade *d, struct json_out *o, const char *name, uint32_t person)
{
    char id[PERSON_ID_MAX];

    put_reference(o, name, "Practitioner", person_id(d, person, id));
}
