/* SPDX-License-Identifier: Apache-2.0 */
/* GET Funding/$money: what was committed to hospitals on both sides of the caller's pairings, what
 * was paid out of it for what, and what is left; summed exactly, each in its own currency, and by the dated
 * rate in another. */
#include "base/money.h"

#include "app/funding.h"
#include "app/logbook_internal.h"
#include "app/network_internal.h"
#include "fhir/part.h"

struct listing {
    struct app_call *call;
    struct seek seek;
    const struct network *network;
    struct json_out o;
    struct str hospital;
};

static void put_who(struct listing *l, const char *name, struct str reference)
{
    if (!reference.p)
        return;
    fhir_part_put_reference(
        &l->o, name, reference, procedure_name(l->call, l->seek.snapshot, reference));
}

/* As a text: what reads a number of JSON makes 0.1 of 0.10. */
static void put_decimal(struct listing *l, const char *name, struct str text)
{
    fhir_part_put(&l->o, name, "valueString", text);
}

static void put_sum(struct listing *l, const char *name, money amount)
{
    char text[MONEY_CHARS];

    money_text(amount, text);
    put_decimal(l, name, str_of(text));
}

/* What a Device is called, or a Course. */
static struct str bought_name(struct listing *l, struct str reference, struct err *err)
{
    const struct json *device = NULL;
    const struct json *course = NULL;

    if (seek_reference(&l->seek, reference, "Device", &device, err) < 0 ||
        seek_reference(&l->seek, reference, "Course", &course, err) < 0)
        return (struct str){NULL, 0};
    return course ? json_get_text(course, "title")
                  : json_get_text(json_at(json_get(device, "deviceName"), 0), "name");
}

static void put_payment(struct listing *l, const struct json *payment, struct err *err)
{
    struct str bought = json_get_text(json_get(payment, "bought"), "reference");

    fhir_parts_open(&l->o, "payment");
    fhir_part_put(&l->o, "on", "valueDate", json_get_text(payment, "on"));
    put_decimal(l, "amount", json_text(json_get(payment, "amount")));
    fhir_part_put(&l->o, "use", "valueCode", json_get_text(payment, "use"));
    if (bought.p) {
        fhir_part_open(&l->o, "bought");
        fhir_put_reference_shown(
            &l->o, "valueReference", bought, bought_name(l, bought, err));
        json_close(&l->o, '}');
    }
    put_who(l, "by", json_get_text(json_get(payment, "by"), "reference"));
    fhir_part_put(&l->o, "word", "valueString", json_get_text(payment, "word"));
    fhir_parts_close(&l->o);
}

/* Committed, paid, left; and committed in the other currency. */
static void put_sums(struct listing *l, const struct json *funding)
{
    const struct json *amount = json_get(funding, "amount");
    const struct json *rate = json_get(funding, "rate");
    struct json_each it = json_each(json_get(funding, "payment"));
    money committed = 0, paid = 0, changed = 0;
    int64_t value = 0;

    put_decimal(l, "committed", json_text(json_get(amount, "value")));
    fhir_part_put(&l->o, "currency", "valueCode", json_get_text(amount, "currency"));
    if (!money_read(json_text(json_get(amount, "value")), &committed))
        return;
    while (json_next(&it)) {
        money one = 0;

        if (!money_read(json_text(json_get(it.value, "amount")), &one) ||
            !money_add(paid, one, &paid))
            return;
    }
    put_sum(l, "paid", paid);
    if (paid <= committed)
        put_sum(l, "left", committed - paid);
    if (!money_rate_read(json_text(json_get(rate, "value")), &value) ||
        !money_change(committed, value, &changed))
        return;
    put_sum(l, "in-other", changed);
    fhir_part_put(&l->o, "other", "valueCode", json_get_text(rate, "currency"));
    put_decimal(l, "rate", json_text(json_get(rate, "value")));
    fhir_part_put(&l->o, "rate-on", "valueDate", json_get_text(rate, "on"));
    fhir_part_put(&l->o, "rate-source", "valueString", json_get_text(rate, "source"));
}

/* What was paid for each use, in the order in which the uses came up. */
static void put_uses(struct listing *l, const struct json *payments)
{
    struct json_each it = json_each(payments);

    while (json_next(&it)) {
        struct str use = json_get_text(it.value, "use");
        struct json_each other = json_each(payments);
        bool first = true;
        money sum = 0;

        while (json_next(&other)) {
            money one = 0;

            if (!str_eq(json_get_text(other.value, "use"), use))
                continue;
            if (sum == 0 && other.value != it.value) {
                first = false; /* it was told with an earlier payment */
                break;
            }
            if (!money_read(json_text(json_get(other.value, "amount")), &one) ||
                !money_add(sum, one, &sum))
                return;
        }
        if (!first)
            continue;
        fhir_parts_open(&l->o, "used");
        fhir_part_put(&l->o, "use", "valueCode", use);
        put_sum(l, "amount", sum);
        fhir_parts_close(&l->o);
    }
}

static void put_end(struct listing *l, const struct json *funding)
{
    const struct json *ended = json_get(funding, "ended");

    fhir_part_put(&l->o, "status", "valueCode", json_get_text(funding, "status"));
    if (!ended)
        return;
    fhir_part_put(&l->o, "ended-on", "valueDate", json_get_text(ended, "on"));
    fhir_part_put(&l->o, "ended-why", "valueString", json_get_text(ended, "reason"));
    put_who(l, "ended-by", json_get_text(json_get(ended, "by"), "reference"));
}

static void put_funding(struct listing *l, const struct store_record *rec,
    const struct json *funding, enum keeper keeper, struct err *err)
{
    struct json_each it = json_each(json_get(funding, "payment"));

    fhir_parts_open(&l->o, "funding");
    fhir_part_put(&l->o, "id", "valueId", rec->id);
    fhir_part_put(&l->o, "title", "valueString", json_get_text(funding, "title"));
    put_who(l, "recipient", json_get_text(json_get(funding, "recipient"), "reference"));
    put_who(l, "funder", json_get_text(json_get(funding, "funder"), "reference"));
    fhir_part_put(
        &l->o, "funder-name", "valueString", json_get_text(funding, "funderName"));
    fhir_part_put(&l->o, "on", "valueDate", json_get_text(funding, "committedOn"));
    put_end(l, funding);
    put_sums(l, funding);
    put_uses(l, json_get(funding, "payment"));
    while (json_next(&it))
        put_payment(l, it.value, err);
    fhir_part_open(&l->o, "may-lead");
    json_name(&l->o, "valueBoolean");
    json_put_bool(&l->o, keeper == KEEPER_LEADS);
    json_close(&l->o, '}');
    fhir_parts_close(&l->o);
}

static bool is_asked(const struct listing *l, struct str unit)
{
    uint32_t wanted = 0, hospital = 0;

    return !l->hospital.p ||
           (unit.p && network_hospital(l->network, l->hospital, &wanted) &&
               network_hospital(l->network, unit, &hospital) && wanted == hospital);
}

static int list_one(struct listing *l, store_rid rid, struct err *err)
{
    struct store_record rec = {0};
    const struct json *funding = NULL;
    enum keeper keeper = KEEPER_LEADS;
    struct str unit = {NULL, 0};
    bool allowed = false;
    int r = access_allows_live(l->call->access_, rid, &allowed, err);

    if (r < 0 || !allowed)
        return r;
    r = seek_rid(&l->seek, rid, &rec, &funding, err);
    unit = json_get_text(json_get(funding, "recipient"), "reference");
    if (r < 0 || !funding || !is_asked(l, unit))
        return r;
    r = call_saw(l->call, &rec, err);
    if (r == 0 && l->call->access_)
        r = keeper_of(l->call->access_, unit, &keeper, err);
    if (r == 0)
        put_funding(l, &rec, funding, keeper, err);
    return r;
}

static int list_all(struct listing *l, const struct rest *rest, struct err *err)
{
    const struct search_pair pairs[] = {{STR("_count"), STR("200")},
        {STR("_total"), STR("none")}, {STR("_sort"), STR("-date")}};
    struct seek_list found = {NULL, 0};
    int r = 0;

    for (size_t i = 0; i < rest->pair_count; i++) {
        if (!str_is(rest->pairs[i].name, "hospital"))
            return err_set(err, E_INVALID, rest->pairs[i].name.p,
                "$money takes hospital, and nothing else.");
        l->hospital = rest->pairs[i].value;
    }
    if (l->call->access_)
        r = access_make(l->call->access_, err);
    if (r == 0)
        r = seek_all(&l->seek, &(struct seek_for){"Funding", pairs, 3, LIMIT_FUNDINGS},
            &found, err);
    for (size_t i = 0; r == 0 && i < found.count; i++)
        r = list_one(l, found.rids[i], err);
    return r;
}

int funding_list(struct app_call *call, const struct rest *rest, struct err *err)
{
    struct listing l = {.call = call, .o = json_out(&call->answer)};
    struct store_reader *snapshot = NULL;
    int r = networks_take(call->app->networks, &l.network, err);

    if (r < 0)
        return r;
    r = call_read_begin(call, &snapshot, err);
    l.seek = (struct seek){call->app, snapshot, call->arena};
    fhir_parameters_open(&l.o);
    if (r == 0)
        r = list_all(&l, rest, err);
    fhir_parameters_close(&l.o);
    call_read_end(call, snapshot);
    network_release(l.network);
    return r;
}
