/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who stands by whom: a hospital is paired with each hospital that sends a team to it, and some of
 * its departments are twinned, more each year.
 */
#include <stdio.h>
#include <string.h>

#include "app/decade_internal.h"

#define GOALS_PERMILLE                                                                 \
    600 /* of pairs of departments that set themselves a goal. Chosen */

/*
 * How many departments are twinned at the end of a batch's first autumn. Published for Lhasa
 * People's Hospital: from 4 to 9 in three years, among them orthopaedics, neurology, respiratory
 * medicine, neurosurgery and general surgery. What follows, and the other hospitals, is chosen.
 */
static const uint8_t lhasa_pairs[DECADE_BATCHES] = {
    4, 5, 7, 9, 10, 10, 11, 12, 12, 13, 13};
static const uint8_t assisted_pairs[DECADE_BATCHES] = {
    3, 5, 6, 8, 9, 10, 11, 12, 13, 14, 14};
static const uint8_t county_pairs[DECADE_BATCHES] = {0, 0, 0, 0, 0, 0, 2, 3, 4, 4, 5};
static const char *const lhasa_order[] = {"Orthopaedics", "Neurology",
    "Respiratory medicine", "General surgery", "Neurosurgery", "Cardiology",
    "Obstetrics and gynaecology", "Paediatrics", "Urology"};
#define LHASA_ORDER (sizeof(lhasa_order) / sizeof(lhasa_order[0]))

struct decade_pairing {
    struct chance chance;
};

/* ---- records ---- */

static void put_goal(struct json_out *o, const char *kind, int target, day_number from)
{
    open_extension(o, "pairing-goal");
    json_name(o, "extension");
    json_open(o, '[');
    open_part(o, "kind");
    put_text(o, "valueCode", kind);
    json_close(o, '}');
    open_part(o, "per");
    put_text(o, "valueCode", "month");
    json_close(o, '}');
    open_part(o, "from");
    put_date(o, "valueDate", from);
    json_close(o, '}');
    open_part(o, "target");
    put_int(o, "valueInteger", target);
    json_close(o, '}');
    json_close(o, ']');
    json_close(o, '}');
}

const char *pairing_id(
    const char *helped, const char *helper, char out[2 * DECADE_ID_MAX])
{
    snprintf(out, (size_t)2 * DECADE_ID_MAX, "%s-by-%s", helped,
        helper + 2); /* without the second "d-" */
    return out;
}

/* ${goal}: so many contacts a month; 0: none was set. */
static void pair_write(struct decade *d, const char *kind, const char *text,
    const char *const ids[2], int goal)
{
    char id[2 * DECADE_ID_MAX];
    struct json_out *o = NULL;

    o = decade_open(d, "OrganizationAffiliation", pairing_id(ids[0], ids[1], id));
    if (goal > 0) {
        json_name(o, "extension");
        json_open(o, '[');
        put_goal(o, "contacts", goal, d->day);
        json_close(o, ']');
    }
    put_bool(o, "active", true);
    put_period(o, "period", d->day, DECADE_NEVER);
    put_reference(o, "organization", "Organization", ids[0]);
    put_reference(o, "participatingOrganization", "Organization", ids[1]);
    json_name(o, "code");
    json_open(o, '[');
    put_concept_value(o, "affiliation", kind, text);
    json_close(o, ']');
    decade_close(d);
}

/* ---- hospitals ---- */

static bool is_in(const struct decade_list *list, uint32_t one)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->at[i] == one)
            return true;
    }
    return false;
}

/* Each hospital that has sent a team of ${batch} is paired with its host. */
static int hospitals_pair(struct decade *d, uint32_t batch, struct err *err)
{
    int r = 0;

    for (uint32_t i = 0; r == 0 && i < d->team_count; i++) {
        const struct decade_team *t = &d->teams[i];
        struct decade_hospital *host = &d->hospitals[t->host];
        const char *const ids[2] = {host->id, d->hospitals[t->sender].id};

        if (t->batch != batch || is_in(&host->twins, t->sender))
            continue;
        r = decade_list_add(d, &host->twins, t->sender, err);
        pair_write(d, "hospital-pair", "Twin hospitals", ids, 0);
    }
    return r;
}

/* ---- departments ---- */

static bool pairs_well(const struct decade *d, uint32_t department)
{
    const struct decade_department *one = &d->departments[department];

    return one->written && one->twin == DECADE_NONE;
}

/* The next department of ${host} to be twinned: in the published order, or by weight. */
static uint32_t next_department(struct decade *d, struct chance *c, uint32_t host)
{
    const struct decade_hospital *h = &d->hospitals[host];
    uint16_t weights[DECADE_SPECIALTIES] = {0};
    bool any = false;

    for (uint32_t k = 0; host == HOST_LHASA && k < LHASA_ORDER; k++) {
        for (uint32_t i = 0; i < h->department_count; i++) {
            uint32_t at = h->first_department + i;
            const char *name = decade_specialties[d->departments[at].specialty].name;

            if (strcmp(name, lhasa_order[k]) == 0 && pairs_well(d, at))
                return at;
        }
    }
    for (uint32_t i = 0; i < h->department_count; i++) {
        uint32_t at = h->first_department + i;

        if (pairs_well(d, at))
            weights[i] = decade_specialties[d->departments[at].specialty].weight;
        any = any || weights[i] > 0;
    }
    return any ? h->first_department + chance_weighted(c, weights, h->department_count)
               : DECADE_NONE;
}

static int department_pair(
    struct decade *d, struct chance *c, uint32_t department, struct err *err)
{
    struct decade_department *helped = &d->departments[department];
    const struct decade_list *twins = &d->hospitals[helped->hospital].twins;
    uint32_t sender = twins->at[chance_below(c, twins->count)];
    uint32_t helper = decade_department_of(d, sender, helped->specialty);
    int goal = chance_permille(c, GOALS_PERMILLE) ? chance_between(c, 1, 4) : 0;
    int r = 0;

    if (helper == DECADE_NONE)
        return 0;
    r = decade_department_write(d, helper, err);
    if (r < 0)
        return r;
    helped->twin = helper;
    pair_write(d, "department-pair", "Twin departments",
        (const char *const[2]){helped->id, d->departments[helper].id}, goal);
    return 0;
}

static uint32_t twinned(const struct decade *d, uint32_t host)
{
    const struct decade_hospital *h = &d->hospitals[host];
    uint32_t count = 0;

    for (uint32_t i = 0; i < h->department_count; i++)
        count += d->departments[h->first_department + i].twin != DECADE_NONE;
    return count;
}

/* How many departments of ${host} are twinned in the end of a batch's autumn. Some hospitals twin
 * fewer than others. */
static uint32_t wanted_pairs(const struct decade *d, uint32_t host, uint32_t batch)
{
    const struct decade_hospital *h = &d->hospitals[host];
    struct chance own = chance_from(d->options.seed, h->id);
    uint32_t fewer = chance_below(&own, 3);
    uint32_t usual =
        h->tier == TIER_COUNTY ? county_pairs[batch - 1] : assisted_pairs[batch - 1];

    if (host == HOST_LHASA)
        return lhasa_pairs[batch - 1];
    return usual > fewer + 1 ? usual - fewer : usual;
}

static int host_pair(
    struct decade *d, struct chance *c, uint32_t host, uint32_t batch, struct err *err)
{
    const struct decade_hospital *h = &d->hospitals[host];
    uint32_t wanted = wanted_pairs(d, host, batch);
    int r = 0;

    for (uint32_t have = twinned(d, host); r == 0 && have < wanted; have++) {
        uint32_t department = next_department(d, c, host);

        if (department == DECADE_NONE || h->twins.count == 0)
            break;
        r = department_pair(d, c, department, err);
    }
    return r;
}

static int autumn_due(struct decade *d, const uint32_t of[4], struct err *err)
{
    int r = hospitals_pair(d, of[0], err);

    for (uint32_t i = 0; r == 0 && i < d->hospital_count; i++) {
        if (d->hospitals[i].tier == TIER_ASSISTED ||
            d->hospitals[i].tier == TIER_COUNTY)
            r = host_pair(d, &d->pairing->chance, i, of[0], err);
    }
    return r;
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    int r = 0;

    d->pairing = arena_alloc(d->arena, sizeof(*d->pairing));
    if (!d->pairing)
        return err_nomem(err);
    d->pairing->chance = chance_from(d->options.seed, "pairings");
    *keep = d->pairing;
    for (uint32_t i = 0; r == 0 && i < DECADE_BATCHES; i++)
        r = decade_do_later(d, decade_day_of(decade_batches[i].year, 8, 20), autumn_due,
            (const uint32_t[4]){i + 1}, err);
    return r;
}

const struct decade_part decade_pairings = {"pairings", begin, NULL, NULL, NULL};
