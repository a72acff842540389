/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Funding/$commit: recipient (Organization/ID), title, amount (a decimal), currency, funder
 * (Organization/ID) or funder-name, on (a day; today), id; and rate with currency, value,
 * on and source: what one unit was worth in another currency on that day, and who says so.
 *
 * Funding/ID/$pay: amount (in the currency of the commitment), use (a code of
 * CodeSystem/funding-use), on, bought (Device/ID, or Course/ID), word, id (of the payment, so that a second try
 * pays once).
 *
 * Heads of department and directors of the hospital that receives it, and coordinators. The
 * bytes of an amount are kept as they came.
 */
#include "app/funding.h"

#include "base/id.h"
#include "base/money.h"

#include "fhir/put.h"

static const char *const uses[] = {
    "equipment", "building", "training", "people", "running", "other"};

static int check_leads(const struct equipment *e, struct err *err)
{
    if (e->keeper == KEEPER_LEADS)
        return 0;
    return err_set(err, E_FORBIDDEN, NULL,
        "Money is written down by heads of department and directors of the hospital "
        "that "
        "receives it, and by the coordinators of its pairings.");
}

/* ---- $commit ---- */

struct committing {
    struct equipment *e;
    struct str id, title, funder, funder_name;
    struct equipment_when on, rate_on;
    struct str amount, currency;
    struct str rate; /* p NULL: none */
    struct str rate_currency, rate_source;
};

static bool is_currency(struct str code)
{
    for (size_t i = 0; i < code.len; i++) {
        if (code.p[i] < 'A' || code.p[i] > 'Z')
            return false;
    }
    return code.len == 3;
}

/* A decimal as it was written: a number, or its characters as a text, since pages cannot write
 * 1.10 as a number. */
static struct str decimal_of(const struct json *parameter)
{
    struct str text = json_text(json_get(parameter, "valueDecimal"));

    return text.p ? text : json_get_text(parameter, "valueString");
}

static int take_amount(struct committing *g, struct err *err)
{
    money value = 0;

    g->amount = decimal_of(body_parameter(g->e->body, "amount"));
    g->currency = json_get_text(body_parameter(g->e->body, "currency"), "valueCode");
    if (money_read(g->amount, &value) && value > 0 && is_currency(g->currency))
        return 0;
    return err_set(err, E_INVALID, "amount",
        "Say how much: amount, a decimal above zero with at most four digits behind "
        "the "
        "point, and currency, a valueCode such as CNY.");
}

static int take_rate(struct committing *g, struct err *err)
{
    const struct json *rate = body_parameter(g->e->body, "rate");
    int64_t value = 0;
    int r = 0;

    if (!rate)
        return 0;
    g->rate = decimal_of(body_part(rate, "value"));
    g->rate_currency = json_get_text(body_part(rate, "currency"), "valueCode");
    g->rate_source = text_trim(json_get_text(body_part(rate, "source"), "valueString"));
    r = equipment_take_when(g->e, body_part(rate, "on"), "rate", &g->rate_on, err);
    if (r == 0 && (!money_rate_read(g->rate, &value) ||
                      !is_currency(g->rate_currency) || g->rate_on.text.len != 10))
        r = err_set(err, E_INVALID, "rate",
            "A rate has value (a decimal), currency (a valueCode such as USD) and on "
            "(the day of the rate): without its day it says nothing.");
    if (r == 0 && (g->rate_source.len == 0 || g->rate_source.len > LIMIT_WORD_BYTES))
        r = err_set(err, E_INVALID, "rate",
            "Say where the rate is from: source, a valueString of at most %d bytes, "
            "such as the name of a bank.",
            LIMIT_WORD_BYTES);
    return r;
}

static int take_sides(struct committing *g, struct err *err)
{
    struct equipment *e = g->e;
    int r = equipment_take_reference(e, body_parameter(e->body, "recipient"),
        "Organization", "recipient", &e->unit, err);

    if (r == 0 && !e->unit.p)
        r = err_set(err, E_INVALID, "recipient",
            "Say who receives it: a reference to an Organization.");
    if (r == 0)
        r = keeper_of(e->call->access_, e->unit, &e->keeper, err);
    if (r == 0)
        r = check_leads(e, err);
    if (r == 0)
        r = equipment_take_reference(e, body_parameter(e->body, "funder"),
            "Organization", "funder", &g->funder, err);
    if (r == 0)
        r = procedure_word(e->body, "funder-name", &g->funder_name, err);
    return r;
}

/* Was it committed by the caller already? */
static int look_for_first(struct committing *g, struct err *err)
{
    struct equipment_again again = {.otherwise = "This was committed already."};
    struct store_record rec = {0};
    const struct json *there = NULL;
    int r = seek_record(&g->e->seek, "Funding", g->id, &rec, &there, err);

    if (r < 0 || !there)
        return r;
    again.record = &rec;
    again.same =
        equipment_by_caller(g->e, json_get(there, "by")) &&
        str_eq(json_text(json_get(json_get(there, "amount"), "value")), g->amount);
    return equipment_repeat(g->e, &again, err);
}

static int take(struct committing *g, struct err *err)
{
    struct equipment *e = g->e;
    int r = equipment_take_only(
        e, "id recipient title amount currency funder funder-name on rate", err);

    if (r == 0)
        r = take_sides(g, err);
    if (r == 0)
        r = procedure_word(e->body, "title", &g->title, err);
    if (r == 0 && !g->title.p)
        r = err_set(
            err, E_INVALID, "title", "Say what it is for: the parameter title.");
    if (r == 0)
        r = take_amount(g, err);
    if (r == 0)
        r = take_rate(g, err);
    if (r == 0)
        r = equipment_take_past(e, "on", true, &g->on, err);
    return r == 0 ? equipment_take_id(e, &g->id, err) : r;
}

static void put_rate(struct json_out *o, const struct committing *g)
{
    if (!g->rate.p)
        return;
    json_name(o, "rate");
    json_open(o, '{');
    json_member(o, "currency", g->rate_currency);
    json_name(o, "value");
    json_put_raw(o, g->rate);
    json_member(o, "on", g->rate_on.text);
    json_member(o, "source", g->rate_source);
    json_close(o, '}');
}

int funding_commit(struct equipment *e, struct err *err)
{
    struct committing g = {.e = e};
    struct json_out o;
    struct buf b;
    int r = take(&g, err);

    if (r == 0)
        r = look_for_first(&g, err);
    if (r < 0 || e->repeated)
        return r;
    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    json_member(&o, "resourceType", STR("Funding"));
    json_member(&o, "id", g.id);
    json_member(&o, "status", STR("committed"));
    json_member(&o, "title", g.title);
    fhir_put_reference(&o, "recipient", e->unit);
    if (g.funder.p)
        fhir_put_reference(&o, "funder", g.funder);
    json_member(&o, "funderName", g.funder_name);
    json_member(&o, "committedOn", g.on.text);
    json_name(&o, "amount");
    json_open(&o, '{');
    json_name(&o, "value");
    json_put_raw(&o, g.amount);
    json_member(&o, "currency", g.currency);
    json_close(&o, '}');
    put_rate(&o, &g);
    fhir_put_reference(&o, "by", e->call->caller.practitioner);
    json_close(&o, '}');
    r = change_put(
        &e->change, fhir_resource_named(STR("Funding")), g.id, NULL, &b, err);
    buf_done(&b);
    return r;
}

/* ---- $pay ---- */

struct paying {
    struct equipment *e;
    struct str amount, use, bought, word, id;
    struct equipment_when on;
};

int funding_load(struct equipment *e, struct err *err)
{
    bool allowed = false;
    int r = seek_record(
        &e->seek, "Funding", e->rest->id, &e->device_record, &e->device, err);

    if (r == 0 && e->device)
        r = access_allows(e->call->access_, e->device_record.rid, &allowed, err);
    if (r < 0)
        return r;
    if (!allowed) {
        access_missing(e->call->access_, e->rest->type->number, e->device != NULL);
        return access_no_such(e->rest->type, e->rest->id, false, err);
    }
    e->unit = json_get_text(json_get(e->device, "recipient"), "reference");
    r = keeper_of(e->call->access_, e->unit, &e->keeper, err);
    return r == 0 ? check_leads(e, err) : r;
}

static bool is_use(struct str use)
{
    for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
        if (str_is(use, uses[i]))
            return true;
    }
    return false;
}

/* With this payment no more may be paid than was committed. */
static int check_left(const struct paying *g, money amount, struct err *err)
{
    const struct json *committed = json_get(g->e->device, "amount");
    struct json_each it = json_each(json_get(g->e->device, "payment"));
    money all = 0, sum = amount;

    while (json_next(&it)) {
        money one = 0;

        if (!money_read(json_text(json_get(it.value, "amount")), &one) ||
            !money_add(sum, one, &sum))
            return err_set(
                err, E_TOO_LARGE, "amount", "The payments cannot be summed.");
    }
    if (money_read(json_text(json_get(committed, "value")), &all) && sum <= all)
        return 0;
    return err_set(
        err, E_CONFLICT, "amount", "That is more than is left of what was committed.");
}

/* Was it paid by the caller already? And may more be paid? */
static int look_for_payment(struct paying *g, struct err *err)
{
    struct equipment_again again = {&g->e->device_record, false,
        "There is another payment with this id: give each a random one."};
    struct json_each it = json_each(json_get(g->e->device, "payment"));

    while (json_next(&it)) {
        if (!str_eq(json_get_text(it.value, "id"), g->id))
            continue;
        again.same = str_eq(json_text(json_get(it.value, "amount")), g->amount) &&
                     equipment_by_caller(g->e, json_get(it.value, "by"));
        return equipment_repeat(g->e, &again, err);
    }
    if (str_is(json_get_text(g->e->device, "status"), "committed"))
        return 0;
    return err_set(err, E_CONFLICT, NULL,
        "This commitment was closed or cancelled: nothing more is paid from it.");
}

static int take_payment(struct paying *g, struct err *err)
{
    struct equipment *e = g->e;
    money amount = 0;
    int r = equipment_take_only(e, "amount use on bought word id", err);

    g->amount = decimal_of(body_parameter(e->body, "amount"));
    g->use = json_get_text(body_parameter(e->body, "use"), "valueCode");
    g->id = json_get_text(body_parameter(e->body, "id"), "valueId");
    if (r == 0 && (!money_read(g->amount, &amount) || amount == 0))
        r = err_set(err, E_INVALID, "amount",
            "Say how much: a decimal above zero, with at most four digits behind the "
            "point.");
    if (r == 0 && !is_use(g->use))
        r = err_set(err, E_INVALID, "use",
            "Say what for: a valueCode equipment, building, training, people, running "
            "or "
            "other.");
    if (r == 0 && !id_is_random(g->id))
        r = err_set(err, E_INVALID, "id",
            "Give the payment an id of its own: a random UUID, so that it is paid "
            "once.");
    if (r == 0)
        r = equipment_take_past(e, "on", true, &g->on, err);
    if (r == 0)
        r = equipment_take_reference(e, body_parameter(e->body, "bought"),
            "Device Course", "bought", &g->bought, err);
    if (r == 0)
        r = procedure_word(e->body, "word", &g->word, err);
    if (r == 0)
        r = look_for_payment(g, err);
    if (r < 0 || e->repeated)
        return r;
    if (json_count(json_get(e->device, "payment")) >= LIMIT_FUNDING_PAYMENTS)
        return err_set(err, E_TOO_LARGE, "payment",
            "At most %d payments are made out of one.", LIMIT_FUNDING_PAYMENTS);
    return check_left(g, amount, err);
}

static void put_payment(struct json_out *o, const struct paying *g)
{
    json_open(o, '{');
    json_member(o, "id", g->id);
    json_member(o, "on", g->on.text);
    json_name(o, "amount");
    json_put_raw(o, g->amount);
    json_member(o, "use", g->use);
    if (g->bought.p)
        fhir_put_reference(o, "bought", g->bought);
    fhir_put_reference(o, "by", g->e->call->caller.practitioner);
    json_member(o, "word", g->word);
    json_close(o, '}');
}

int funding_pay(struct equipment *e, struct err *err)
{
    static const char *const but[] = {"meta", "payment", NULL};
    struct paying g = {.e = e};
    struct json_each it = json_each(json_get(e->device, "payment"));
    struct json_out o;
    struct buf b;
    int r = take_payment(&g, err);

    if (r < 0 || e->repeated)
        return r;
    buf_init(&b, LIMIT_RECORD_BYTES);
    o = json_out(&b);
    json_open(&o, '{');
    fhir_put_but(&o, e->device, but);
    json_name(&o, "payment");
    json_open(&o, '[');
    while (json_next(&it))
        json_put_value(&o, it.value);
    put_payment(&o, &g);
    json_close(&o, ']');
    json_close(&o, '}');
    r = change_put(&e->change, fhir_resource_named(STR("Funding")), e->device_record.id,
        &e->device_record, &b, err);
    buf_done(&b);
    return r;
}
