/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the departments of the assisted hospitals say that they treat. Every other January each
 * goes through its list of moderate illnesses, and names most of those for which it has had the
 * procedures for some time. It is what somebody says: whether it was done is told by the
 * operations. A list is one record, since one for each illness would be 17,000.
 */
#include <stdio.h>

#include "app/decade_gap_internal.h"
#include "fhir/put.h"

/* Chosen. */
#define LISTED_PERMILLE 780 /* of what a department has done for half a year */
#define DONE_DAYS 180
#define LIST_MONTH 1
#define FIRST_YEAR 2017
#define EVERY_YEARS 2

static bool is_listed(
    const struct decade_gaps *g, uint32_t department, uint32_t illness)
{
    uint32_t hospital = g->d->departments[department].hospital;
    const struct catalogue_entry *one = catalogue_thing(illness);
    const struct clinic *c = clinic_of(g->d);
    char name[2 * DECADE_ID_MAX];
    struct chance own;
    struct gap like;

    if (one->level != CATALOGUE_MODERATE || !gap_of(g, hospital, illness, &like) ||
        like.department != department)
        return false;
    for (uint32_t i = 0; i < like.line_count; i++) {
        if (c->lines[like.lines[i]].since + DONE_DAYS > g->d->day)
            return false;
    }
    snprintf(
        name, sizeof(name), "lists %s %.40s", g->d->hospitals[hospital].id, one->code);
    own = chance_from(g->d->options.seed, name);
    return chance_permille(&own, LISTED_PERMILLE);
}

static void put_illness(struct json_out *o, uint32_t illness)
{
    json_open(o, '{');
    json_name(o, "coding");
    json_open(o, '[');
    fhir_put_coding(o, CATALOGUE_ILLNESS_SYSTEM, str_of(catalogue_thing(illness)->code),
        (struct str){NULL, 0});
    json_close(o, ']');
    json_close(o, '}');
}

/* Opens the record at the first that is listed; a department without any has none. */
static int list_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct json_out *o = NULL;
    char id[PERSON_ID_MAX];

    (void)err;
    for (uint32_t k = (uint32_t)catalogue_procedure_count; k < catalogue_things();
         k++) {
        if (!is_listed(d->gaps, of[0], k))
            continue;
        if (!o) {
            snprintf(id, sizeof(id), "d-l%u", of[0] + 1);
            o = decade_open(d, "HealthcareService", id);
            put_bool(o, "active", true);
            put_reference(o, "providedBy", "Organization", d->departments[of[0]].id);
            json_name(o, "type");
            json_open(o, '[');
        }
        put_illness(o, k);
    }
    if (o) {
        json_close(o, ']');
        decade_close(d);
    }
    return 0;
}

static int month(struct decade *d, void *keep, struct err *err)
{
    struct chance c = chance_from(d->options.seed, "lists");
    unsigned month = 0, day = 0;
    int year = 0;
    int r = 0;

    (void)keep;
    decade_date_of(d->day, &year, &month, &day);
    if (month != LIST_MONTH || year < FIRST_YEAR || (year - FIRST_YEAR) % EVERY_YEARS)
        return 0;
    for (uint32_t i = 0; r == 0 && i < d->department_count; i++) {
        day_number on = d->day + chance_between(&c, 5, 27);

        if (d->departments[i].written &&
            d->hospitals[d->departments[i].hospital].tier == TIER_ASSISTED)
            r = decade_do_later(d, on, list_due, (const uint32_t[4]){i}, err);
    }
    return r;
}

const struct decade_part decade_services = {.name = "services", .month = month};
