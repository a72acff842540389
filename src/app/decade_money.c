/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Money: each year each sending province commits an amount to the hospitals it stands by, and it is
 * paid out in parts, by use.
 */
#include <stdio.h>

#include "app/decade_internal.h"

#define USES 4
#define PARTS 7 /* payments of a commitment */

/*
 * Published: 920 million CNY by seven provinces on seven hospitals over five years: facilities,
 * equipment, research, education. Thousands of CNY; the split among provinces, years and uses is
 * chosen. The regional hospital is not among the seven.
 */
static const uint32_t five_years[DECADE_PROVINCES] = {
    160000, 150000, 95000, 190000, 130000, 105000, 90000};
static const uint16_t year_shares[5] = {140, 190, 210, 220, 240};
/* Chosen: of each province each year from 2020 on. */
#define LATER_THOUSANDS 11000
static const char *const uses[USES] = {"building", "equipment", "training", "other"};
static const char *const words[USES] = {
    "Facilities", "Equipment", "Education", "Research"};
static const uint16_t use_weights[USES] = {38, 36, 16, 10};

/* USD for one CNY, the mean of each year from 2015 on, rounded. */
static const char *const rates[] = {"0.1606", "0.1505", "0.1481", "0.1511", "0.1450",
    "0.1450", "0.1550", "0.1487", "0.1412", "0.1390", "0.1390"};

struct money_payment {
    day_number on;
    uint32_t thousands;
    uint8_t use;
};

struct money_commitment {
    uint32_t province;
    uint32_t host;
    uint32_t by; /* person */
    day_number on;
    uint32_t thousands;
    struct money_payment payments[PARTS];
    uint32_t paid; /* so many of them */
};

struct decade_money {
    struct chance chance;
    struct money_commitment *list;
    uint32_t count, room;
    bool written[DECADE_PROVINCES]; /* the province's office */
};

static void put_thousands(struct json_out *o, const char *name, uint32_t thousands)
{
    char number[32];

    snprintf(number, sizeof(number), "%u000.00", thousands);
    json_name(o, name);
    json_put_raw(o, str_of(number));
}

static const char *office_id(uint32_t province, char out[DECADE_ID_MAX])
{
    snprintf(out, DECADE_ID_MAX, "d-g-%s", decade_provinces[province].place);
    return out;
}

static void office_write(struct decade *d, uint32_t province)
{
    char id[DECADE_ID_MAX];
    char name[DECADE_NAME_MAX];
    struct json_out *o = decade_open(d, "Organization", office_id(province, id));

    put_bool(o, "active", true);
    json_name(o, "type");
    json_open(o, '[');
    put_concept_value(
        o, "http://terminology.hl7.org/CodeSystem/organization-type", "govt", NULL);
    json_close(o, ']');
    snprintf(
        name, sizeof(name), "Health office of %s", decade_provinces[province].name);
    put_text(o, "name", name);
    json_name(o, "address");
    json_open(o, '[');
    json_open(o, '{');
    put_text(o, "state", decade_provinces[province].name);
    put_text(o, "country", "CN");
    json_close(o, '}');
    json_close(o, ']');
    decade_close(d);
    d->money->written[province] = true;
}

static void put_rate(struct json_out *o, day_number on)
{
    unsigned month = 0;
    unsigned day = 0;
    int year = 0;

    decade_date_of(on, &year, &month, &day);
    json_name(o, "rate");
    json_open(o, '{');
    put_text(o, "currency", "USD");
    json_name(o, "value");
    json_put_raw(o, str_of(rates[year - 2015]));
    put_date(o, "on", on);
    put_text(o, "source", "Mean of the year, rounded");
    json_close(o, '}');
}

static void put_payments(
    struct decade *d, struct json_out *o, const struct money_commitment *m)
{
    if (m->paid == 0)
        return;
    json_name(o, "payment");
    json_open(o, '[');
    for (uint32_t i = 0; i < m->paid; i++) {
        const struct money_payment *p = &m->payments[i];

        json_open(o, '{');
        put_date(o, "on", p->on);
        put_thousands(o, "amount", p->thousands);
        put_text(o, "use", uses[p->use]);
        put_person(d, o, "by", m->by);
        put_text(o, "word", words[p->use]);
        json_close(o, '}');
    }
    json_close(o, ']');
}

static void commitment_write(struct decade *d, uint32_t number)
{
    const struct money_commitment *m = &d->money->list[number];
    bool over = m->paid == PARTS;
    char office[DECADE_ID_MAX];
    char title[2 * DECADE_NAME_MAX];
    char id[PERSON_ID_MAX];
    struct json_out *o = NULL;

    snprintf(id, sizeof(id), "d-m%u", number + 1);
    snprintf(title, sizeof(title), "%s for %s", decade_provinces[m->province].name,
        d->hospitals[m->host].name);
    o = decade_open(d, "Funding", id);
    put_text(o, "status", over ? "closed" : "committed");
    put_text(o, "title", title);
    put_reference(o, "recipient", "Organization", d->hospitals[m->host].id);
    put_reference(o, "funder", "Organization", office_id(m->province, office));
    put_date(o, "committedOn", m->on);
    json_name(o, "amount");
    json_open(o, '{');
    put_thousands(o, "value", m->thousands);
    put_text(o, "currency", "CNY");
    json_close(o, '}');
    put_rate(o, m->on);
    put_person(d, o, "by", m->by);
    if (over) {
        json_name(o, "ended");
        json_open(o, '{');
        put_date(o, "on", d->day);
        put_person(d, o, "by", m->by);
        put_text(o, "reason", "All of it is paid");
        json_close(o, '}');
    }
    put_payments(d, o, m);
    decade_close(d);
}

/* of: which commitment. Its next payment. */
static int paid(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct money_commitment *m = &d->money->list[of[0]];

    (void)err;
    m->payments[m->paid].on = d->day;
    m->paid++;
    commitment_write(d, of[0]);
    return 0;
}

/* Shares of the amount, in whole thousands; the last one is what is left. */
static void payments_plan(struct chance *c, struct money_commitment *m)
{
    uint32_t left = m->thousands;

    for (uint32_t i = 0; i < PARTS; i++) {
        uint32_t part = left * (uint32_t)chance_between(c, 60, 140) / 100 / (PARTS - i);

        m->payments[i].use = (uint8_t)chance_weighted(c, use_weights, USES);
        m->payments[i].thousands = i + 1 == PARTS || part > left ? left : part;
        left -= m->payments[i].thousands;
    }
}

/* of: province, host, thousands. The money of a year. */
static int committed(struct decade *d, const uint32_t of[4], struct err *err)
{
    struct decade_money *money = d->money;
    struct money_commitment m = {.province = of[0],
        .host = of[1],
        .by = d->hospitals[of[1]].coordinator,
        .on = d->day,
        .thousands = of[2]};
    uint32_t number = money->count;
    int r = decade_room(d, (void **)&money->list, money->count, &money->room,
        sizeof(*money->list), err);

    if (r < 0)
        return r;
    payments_plan(&money->chance, &m);
    if (!money->written[of[0]])
        office_write(d, of[0]);
    money->list[money->count++] = m;
    commitment_write(d, number);
    for (uint32_t i = 0; r == 0 && i < PARTS; i++)
        r = decade_do_later(d, d->day + 30 + (day_number)i * 45, paid,
            (const uint32_t[4]){number}, err);
    return r;
}

/* The hospital that a province stands by: in Lhasa the city's own. */
static uint32_t host_of(const struct decade *d, uint32_t province)
{
    for (uint32_t i = HOST_LHASA; i < DECADE_HOSTS; i++) {
        if (strcmp(d->hospitals[i].place->id, decade_provinces[province].host) == 0)
            return i;
    }
    return HOST_LHASA;
}

static int year_plan(struct decade *d, uint32_t province, int year, struct err *err)
{
    uint32_t thousands = LATER_THOUSANDS;
    day_number on =
        decade_day_of(year, 8, 15) + chance_between(&d->money->chance, 0, 12);

    if (year < 2020)
        thousands = five_years[province] * year_shares[year - 2015] / 1000;
    if (thousands == 0)
        return 0;
    return decade_do_later(d, on, committed,
        (const uint32_t[4]){province, host_of(d, province), thousands}, err);
}

static int begin(struct decade *d, void **keep, struct err *err)
{
    int r = 0;

    d->money = arena_alloc(d->arena, sizeof(*d->money));
    if (!d->money)
        return err_nomem(err);
    d->money->chance = chance_from(d->options.seed, "money");
    *keep = d->money;
    for (uint32_t p = 0; p < DECADE_PROVINCES; p++) {
        int first = decade_batches[decade_provinces[p].joins - 1].year;

        for (int year = first; r == 0 && year < 2025; year++)
            r = year_plan(d, p, year, err);
    }
    return r;
}

const struct decade_part decade_money = {"money", begin, NULL, NULL, NULL};
